/** One identifier's key, kept. */
import type { AuditStore } from '../../audit/store.js'
import type { Transaction } from '../../core/transaction.js'

export async function keepKey(
  store: Pick<AuditStore, 'keepSubjectKeys'>,
  transaction: Transaction,
  subject: string,
  key: Uint8Array,
): Promise<Uint8Array> {
  const [kept] = await store.keepSubjectKeys(transaction, [{ subject, key }])
  return kept as Uint8Array
}
