/** A store that forgets: for tests, examples and a first try. */
import type { AuditStore } from '../audit/store.js'
import type { WitnessStore } from '../audit/witness-store.js'
import type { OfficeStore } from '../office/store.js'
import type { StatusStore } from '../status/store.js'
import { memoryAuditStore } from './memory/audit.js'
import { memoryOfficeStore } from './memory/office.js'
import { memoryStatusStore } from './memory/status.js'
import { memoryTransactions } from './memory/transactions.js'
import { memoryWitnessStore } from './memory/witness.js'

export type MemoryStore = StatusStore & AuditStore & WitnessStore & OfficeStore

/**
 * Everything that a registry, a log, a witness and an office need, in memory and in common transactions. Nothing survives the process.
 * @example
 * const store = memoryStore()
 * const audit = await openAuditLog({ store, origin: 'passport.example/log', signer: logSigner })
 * const registry = await openStatusRegistry({ store, signer, baseUri: 'https://status.example', audit })
 */
export function memoryStore(): MemoryStore {
  const transactions = memoryTransactions()
  return {
    transaction: transactions.transaction,
    ...memoryStatusStore(transactions),
    ...memoryAuditStore(transactions),
    ...memoryWitnessStore(transactions),
    ...memoryOfficeStore(transactions),
  }
}
