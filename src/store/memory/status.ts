/** Statuses in memory: the port of `status/store.ts` over maps. */
import type { Transaction } from '../../core/transaction.js'
import type {
  PublicationRow,
  PublishedBits,
  StatusChange,
  StatusEntryRow,
  StatusFileRow,
  StatusListKind,
  StatusListRow,
  StatusStore,
} from '../../status/store.js'
import type { MemoryTransactions } from './transactions.js'

/** A list with what the store keeps of it besides. */
interface List {
  readonly row: StatusListRow
  readonly leased: number
  readonly published?: PublishedBits
  readonly publications: readonly PublicationRow[]
  /** Oldest first; it grows in place, for there may be many. */
  readonly changes: VersionedChange[]
  /** How many of them came with a version: those behind are in none yet. */
  readonly taken: number
}

/** A change, and the version it came with, once it did. */
interface VersionedChange extends StatusChange {
  readonly version?: number | undefined
}

/** Writers take turns, so that whoever reads sees what is committed or its own. */
export function memoryStatusStore(transactions: MemoryTransactions): Omit<StatusStore, 'transaction'> {
  const lists = new Map<string, List>()
  const entriesOf = new Map<string, Map<number, StatusEntryRow>>()
  const placesOf = new Map<string, readonly Pick<StatusEntryRow, 'uri' | 'index'>[]>()
  const files = new Map<string, StatusFileRow>()

  function write<Key, Value>(transaction: Transaction, map: Map<Key, Value>, key: Key, value: Value): void {
    const before = map.get(key)
    transactions.onRollback(transaction, () => (before === undefined ? map.delete(key) : map.set(key, before)))
    map.set(key, value)
  }

  function list(uri: string): List {
    const found = lists.get(uri)
    if (found === undefined) throw new Error('no such status list in this store')
    return found
  }

  const change = (transaction: Transaction, uri: string, changes: Partial<List>) =>
    write(transaction, lists, uri, { ...list(uri), ...changes })

  const entries = (uri: string): Map<number, StatusEntryRow> => entriesOf.get(uri) ?? new Map()

  const findOpen = (kind: StatusListKind) =>
    [...lists.values()].find(({ row, leased }) => leased < row.capacity && isOfKind(row, kind))

  async function findPublished(_: Transaction, uri: string): Promise<PublishedBits | undefined> {
    const { published } = list(uri)
    return published && { ...copyDates(published), compressed: published.compressed.slice() }
  }

  return {
    async insertStatusList(transaction, row) {
      if (lists.has(row.uri)) throw new Error('the status list is in this store already')
      if (findOpen(row) !== undefined) return false
      write(transaction, lists, row.uri, { row: copyList(row), leased: 0, publications: [], changes: [], taken: 0 })
      write(transaction, entriesOf, row.uri, new Map())
      return true
    },

    async findOpenStatusList(_, kind) {
      const found = findOpen(kind)
      return found && copyList(found.row)
    },

    async findStatusList(_, uri) {
      const found = lists.get(uri)
      return found && copyList(found.row)
    },

    async findLivingStatusLists(_, registry, until) {
      return [...lists.values()].filter(({ row }) => isLiving(row, registry, until)).map(({ row }) => copyList(row))
    },

    async findPublishedStatusLists(_, registry, until) {
      return [...lists.values()]
        .filter(({ row, published }) => published !== undefined && isLiving(row, registry, until))
        .map(({ row: { uri, format } }) => ({ uri, format }))
    },

    async abandonStatusLists(transaction, registry, gap) {
      for (const { row, published } of lists.values())
        if (row.registry === registry)
          change(transaction, row.uri, {
            leased: row.capacity,
            ...(published === undefined ? {} : { published: { ...published, version: published.version + gap } }),
          })
    },

    async leasePlaces(transaction, uri, count) {
      const { row, leased } = list(uri)
      if (leased >= row.capacity) return undefined
      const to = Math.min(leased + count, row.capacity)
      change(transaction, uri, { leased: to })
      return { from: leased, to }
    },

    async insertStatusEntry(transaction, { uri, index, id, value }) {
      const taken = entries(list(uri).row.uri)
      if (taken.has(index)) return false
      write(transaction, taken, index, { uri, index, id, value })
      write(transaction, placesOf, id, [...(placesOf.get(id) ?? []), { uri, index }])
      return true
    },

    async findStatusEntry(_, uri, index) {
      return entries(uri).get(index)
    },

    async findStatusEntries(_, registry, id) {
      const places = (placesOf.get(id) ?? []).filter(({ uri }) => list(uri).row.registry === registry)
      const order = [...lists.keys()]
      const sorted = places.toSorted((a, b) => order.indexOf(a.uri) - order.indexOf(b.uri) || a.index - b.index)
      return sorted.map(({ uri, index }) => entries(uri).get(index)!)
    },

    async updateStatusEntry(transaction, { uri, index, value: before }, after) {
      const entry = entries(uri).get(index)
      if (entry?.value !== before) return false
      write(transaction, entries(uri), index, { ...entry, value: after })
      const { changes } = list(uri)
      transactions.onRollback(transaction, () => changes.pop())
      changes.push({ index, before, after })
      return true
    },

    lockPublication: findPublished, // writers take turns already

    findPublished,

    async *takeChanges(transaction, uri, version) {
      const { changes, taken } = list(uri)
      const fresh = changes.slice(taken)
      transactions.onRollback(transaction, () => changes.splice(taken, fresh.length, ...fresh))
      for (const [place, made] of fresh.entries()) changes[taken + place] = { ...made, version }
      change(transaction, uri, { taken: changes.length })
      yield fresh.map(plain)
    },

    async insertPublication(transaction, uri, { version, issued, expires, compressed }, written) {
      const { publications, published } = list(uri)
      if (version <= (published?.version ?? 0)) throw new Error('the publication is in this store already')
      if (written.some(file => file.version <= (files.get(file.uri)?.version ?? 0)))
        throw new Error('a later version of the file is in this store already')
      change(transaction, uri, {
        published: { ...copyDates({ version, issued, expires }), compressed: compressed.slice() },
        publications: [...publications, copyDates({ version, issued, expires })],
      })
      for (const file of written) write(transaction, files, file.uri, copyFile(file))
    },

    async findStatusFile(_, uri) {
      const file = files.get(uri)
      return file && copyFile(file)
    },

    async findPublicationAt(_, uri, at) {
      const found = lists.get(uri)?.publications.findLast(({ issued }) => issued <= at)
      return found && copyDates(found)
    },

    async *findChangesBetween(_, uri, after, upTo) {
      yield list(uri)
        .changes.filter(made => made.version !== undefined && made.version > after && made.version <= upTo)
        .map(plain)
        .reverse()
    },

    async forgetPublications(transaction, uri, before) {
      const { publications, changes, taken } = list(uri)
      const first = publications.findIndex(({ expires }) => expires >= before)
      const kept = publications.slice(first) // where none is left to keep, -1: the latest
      const oldest = kept[0]?.version ?? 0
      const gone = changes.findIndex(({ version }) => version === undefined || version > oldest)
      const left = gone === -1 ? [] : changes.slice(gone)
      change(transaction, uri, { publications: kept, changes: left, taken: taken - (changes.length - left.length) })
    },
  }
}

const isOfKind = (row: StatusListRow, kind: StatusListKind): boolean =>
  kindMembers.every(member => row[member] === kind[member])

const kindMembers = [
  'registry',
  'format',
  'bits',
  'size',
  'cohort',
  'shard',
] as const satisfies (keyof StatusListKind)[]

const isLiving = ({ registry: of, expires }: StatusListRow, registry: string, until: Date): boolean =>
  of === registry && (expires === undefined || expires >= until)

const plain = ({ index, before, after }: VersionedChange): StatusChange => ({ index, before, after })

// Bytes and dates of one's own, which nobody outside can change.

const copyList = (row: StatusListRow): StatusListRow =>
  Object.freeze({
    ...row,
    key: row.key.slice(),
    created: new Date(row.created),
    expires: row.expires && new Date(row.expires),
  })

const copyDates = ({ version, issued, expires }: PublicationRow): PublicationRow => ({
  version,
  issued: new Date(issued),
  expires: new Date(expires),
})

const copyFile = (file: StatusFileRow): StatusFileRow => ({
  ...file,
  body: file.body.slice(),
  issued: new Date(file.issued),
})
