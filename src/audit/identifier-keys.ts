/** The keys under which the log commits to identifiers: one each, kept by the store until they are erased. */
import type { Transaction } from '../core/transaction.js'
import { type ActIdentifiers, identifierNames } from './act.js'
import { newIdentifierKeys } from './commitment.js'
import type { AuditStore } from './store.js'

/**
 * The keys of all that acts name; what has none yet gets one. They are asked for in one order, so that two writers about the
 * same people do not wait for one another crosswise.
 */
export async function keysOf(
  acts: readonly ActIdentifiers[],
  store: AuditStore,
  transaction: Transaction,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const named = acts.flatMap(identifiers => identifierNames.flatMap(name => identifiers[name] ?? []))
  const different = [...new Set(named)].sort()
  if (different.length === 0) return new Map()
  const fresh = newIdentifierKeys(different.length)
  const kept = await store.keepSubjectKeys(
    transaction,
    different.map((subject, at) => ({ subject, key: fresh[at]! })),
  )
  return new Map(different.map((identifier, at) => [identifier, kept[at]!]))
}
