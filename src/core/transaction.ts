/** Work that commits or vanishes as one, over whatever store the caller opened. */

declare const opened: unique symbol

/** An open transaction. Only the store that opened it knows what is inside; everyone else passes it on. */
export interface Transaction {
  readonly [opened]?: never
}

export interface Transactional {
  /** Runs `work` and commits what it wrote, or undoes it all when `work` throws. Transactions of one store never interleave their writes. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
}
