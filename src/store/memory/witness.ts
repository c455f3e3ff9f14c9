/** The memory of a witness in memory. */
import type { WitnessStore } from '../../audit/witness-store.js'
import type { MemoryTransactions } from './transactions.js'

/** Implements the port of `audit/witness-store.ts` over a map; writers take turns, so that nothing changes between look and write. */
export function memoryWitnessStore(transactions: MemoryTransactions): Omit<WitnessStore, 'transaction'> {
  const kept = new Map<string, string>()
  return {
    async findWitnessed(_transaction, origin) {
      return kept.get(origin)
    },

    async replaceWitnessed(transaction, origin, known, next) {
      const former = kept.get(origin)
      transactions.onRollback(transaction, () => {
        if (former === undefined) kept.delete(origin)
        else kept.set(origin, former)
      })
      if (former !== known) return false
      kept.set(origin, next)
      return true
    },
  }
}
