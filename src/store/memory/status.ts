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
  /** Oldest first. */
  readonly changes: readonly VersionedChange[]
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

  return {
    async insertStatusList(transaction, row) {
      if (lists.has(row.uri)) throw new Error('the status list is in this store already')
      if (findOpen(row) !== undefined) return false
      write(transaction, lists, row.uri, { row: copyList(row), leased: 0, publications: [], changes: [] })
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
      const lives = ({ registry: of, expires }: StatusListRow) =>
        of === registry && (expires === undefined || expires >= until)
      return [...lists.values()].map(({ row }) => copyList(row)).filter(lives)
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
      change(transaction, uri, { changes: [...list(uri).changes, { index, before, after }] })
      return true
    },

    async lockPublication(_, uri) {
      const { published } = list(uri)
      return published && { ...copyDates(published), compressed: published.compressed.slice() }
    },

    async findPublished(_, uri) {
      const { published } = list(uri)
      return published && { ...copyDates(published), compressed: published.compressed.slice() }
    },

    async *takeChanges(transaction, uri, version) {
      const { changes } = list(uri)
      const taken = changes.map(made => (made.version === undefined ? { ...made, version } : made))
      change(transaction, uri, { changes: taken })
      yield changes.filter(made => made.version === undefined).map(plain)
    },

    async insertPublication(transaction, uri, { version, issued, expires, compressed }, written) {
      const { publications, published } = list(uri)
      if (version <= (published?.version ?? 0)) throw new Error('the publication is in this store already')
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
      const { publications, changes } = list(uri)
      const kept = publications.filter(({ expires }, place) => expires >= before || place === publications.length - 1)
      const oldest = kept[0]?.version ?? 0
      change(transaction, uri, {
        publications: kept,
        changes: changes.filter(({ version }) => version === undefined || version > oldest),
      })
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
