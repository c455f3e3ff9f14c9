/** Transactions over memory: one writer at a time, and what a failed writer did is undone. */
import type { Transaction, Transactional } from '../../core/transaction.js'

export interface MemoryTransactions extends Transactional {
  /**
   * Remembers how to take back a write just made, in case the transaction fails; the latest write is taken back first.
   * Every write calls it, so that a transaction which is over, or another store's, throws `TypeError` at its first use.
   */
  onRollback(transaction: Transaction, undo: () => void): void
}

/**
 * Transactions that run one after the other, in the order they were asked for. One opened inside another's `work` waits
 * for its own end: pass the open one on instead.
 */
export function memoryTransactions(): MemoryTransactions {
  const undoing = new Map<Transaction, (() => void)[]>()
  let previous: Promise<unknown> = Promise.resolve()

  async function run<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    const transaction: Transaction = Object.freeze({})
    const undo: (() => void)[] = []
    undoing.set(transaction, undo)
    try {
      return await work(transaction)
    } catch (error) {
      for (const step of undo.reverse()) step()
      throw error
    } finally {
      undoing.delete(transaction)
    }
  }

  return {
    transaction(work) {
      const result = previous.then(() => run(work))
      previous = result.catch(() => undefined)
      return result
    },
    onRollback(transaction, undo) {
      const steps = undoing.get(transaction)
      if (steps === undefined) throw new TypeError('`transaction` must be open, and opened by this store')
      steps.push(undo)
    },
  }
}
