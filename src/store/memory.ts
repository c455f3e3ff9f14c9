/** A store that forgets: for tests, examples and a first try. */
import type { StatusStore } from '../status/store.js'
import { memoryStatusStore } from './memory/status.js'
import { memoryTransactions } from './memory/transactions.js'

export type MemoryStore = StatusStore

/**
 * Everything that a registry needs, in memory. Nothing survives the process.
 * @example const registry = await openStatusRegistry({ store: memoryStore(), signer, baseUri: 'https://status.example' })
 */
export function memoryStore(): MemoryStore {
  const transactions = memoryTransactions()
  return { transaction: transactions.transaction, ...memoryStatusStore(transactions) }
}
