/** Statuses in memory: the port of `status/store.ts` over maps. */
import type { Transaction } from '../../core/transaction.js'
import type { ChangedEntry, StatusEntryRow, StatusListRow, StatusStore } from '../../status/store.js'
import type { MemoryTransactions } from './transactions.js'

/** A list with what the store keeps of it besides. */
interface List extends StatusListRow {
  readonly open: boolean
  readonly published?: Date
}

/** Writers take turns, so that whoever reads sees what is committed or its own. */
export function memoryStatusStore(transactions: MemoryTransactions): Omit<StatusStore, 'transaction'> {
  const lists = new Map<string, List>()
  const entriesOf = new Map<string, Map<number, StatusEntryRow>>()
  const placesOf = new Map<string, readonly Pick<StatusEntryRow, 'uri' | 'index'>[]>()

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

  const entries = (uri: string): Map<number, StatusEntryRow> => entriesOf.get(uri) ?? new Map()

  return {
    async insertStatusList(transaction, row) {
      if (lists.has(row.uri)) throw new Error('the status list is in this store already')
      write(transaction, lists, row.uri, { ...row, open: true })
      write(transaction, entriesOf, row.uri, new Map())
    },

    async findOpenStatusList(_, { registry, format, bits, size }) {
      return [...lists.values()].findLast(
        row => row.open && row.registry === registry && row.format === format && row.bits === bits && row.size === size,
      )
    },

    async closeStatusList(transaction, uri) {
      write(transaction, lists, uri, { ...list(uri), open: false })
    },

    async findStatusList(_, uri) {
      return lists.get(uri)
    },

    async findLivingStatusLists(_, registry, until) {
      const lives = ({ expires }: StatusEntryRow) => expires === undefined || expires >= until
      return [...lists.values()].filter(
        row => row.registry === registry && (row.open || [...entries(row.uri).values()].some(lives)),
      )
    },

    async insertStatusEntry(transaction, entry) {
      const { uri, index, id } = entry
      const taken = entries(list(uri).uri)
      if (taken.has(index)) return false
      write(transaction, taken, index, entry)
      write(transaction, placesOf, id, [...(placesOf.get(id) ?? []), { uri, index }])
      return true
    },

    async findStatusEntry(_, uri, index) {
      return entries(uri).get(index)
    },

    async findStatusEntries(_, registry, id) {
      const places = (placesOf.get(id) ?? []).filter(({ uri }) => list(uri).registry === registry)
      return places.map(({ uri, index }) => entries(uri).get(index)!)
    },

    async updateStatusEntry(transaction, { uri, index, value: before }, value) {
      const entry = entries(uri).get(index)
      if (entry?.value !== before) return false
      write(transaction, entries(uri), index, { ...entry, value })
      return true
    },

    async *changedStatusEntries(_, uri) {
      const changed: ChangedEntry[] = []
      for (const { index, value } of entries(uri).values()) if (value !== 0) changed.push({ index, value })
      yield changed
    },

    async publishStatusList(transaction, uri, at) {
      const row = list(uri)
      const published = row.published !== undefined && row.published > at ? row.published : at
      write(transaction, lists, uri, { ...row, published })
      return published
    },
  }
}
