/** What a witness needs of a store, so that it remembers after its process has ended, and beside others of its kind. */
import { misuse } from '../core/arguments.js'
import type { Transaction, Transactional } from '../core/transaction.js'
import type { WitnessMemory } from './witness.js'

/** The part of a store that keeps the last checkpoint of each log that a witness has cosigned. Primary key: `origin`. */
export interface WitnessStore extends Transactional {
  /** The checkpoint that is kept for a log; `undefined` when there is none. */
  findWitnessed(transaction: Transaction, origin: string): Promise<string | undefined>
  /**
   * Keeps `next` if what is kept is still `known`, nothing where that is `undefined`, and says whether it did: one statement
   * (`INSERT … ON CONFLICT DO NOTHING`, `UPDATE … WHERE checkpoint = known`), never read-then-write in code.
   */
  replaceWitnessed(transaction: Transaction, origin: string, known: string | undefined, next: string): Promise<boolean>
}

/**
 * The memory of a witness in a store: it outlasts the process, and several processes of one witness may share it, for they
 * never cosign two histories. Each step is a transaction of its own. A store has the memory of one witness.
 *
 * Throws `TypeError` for a store that keeps none; its methods throw what the store throws.
 * @example const { cosign } = await witness({ name, signer, logKey, memory: witnessMemoryIn(store) })
 */
export function witnessMemoryIn(store: WitnessStore): WitnessMemory {
  if (typeof store?.transaction !== 'function' || typeof store.replaceWitnessed !== 'function')
    throw misuse('store', 'a store that keeps the memory of a witness')
  return Object.freeze({
    find: (origin: string) => store.transaction(transaction => store.findWitnessed(transaction, origin)),
    replace: (origin: string, known: string | undefined, next: string) =>
      store.transaction(transaction => store.replaceWitnessed(transaction, origin, known, next)),
  })
}
