/** Work that commits or vanishes as one, over whatever store the caller opened. */

declare const opened: unique symbol

/** An open transaction. Only the store that opened it knows what is inside; everyone else passes it on. */
export interface Transaction {
  readonly [opened]?: never
}

/** How a transaction is run. */
export interface TransactionOptions {
  /** Seconds to wait for others who are in the way, in place of what the store was told. */
  readonly maxWait?: number | undefined
}

/** A store that runs transactions. */
export interface Transactional {
  /**
   * Runs `work` and commits what it wrote, or undoes it all when `work` throws. Every read within sees what this
   * transaction wrote and what others committed, never what others have not.
   *
   * When the database gives way to another transaction (a deadlock), `work` is undone and runs again from its start, so
   * that what it does besides has to bear being done twice. A transaction opened inside another's `work` may wait for
   * that one's end for ever: pass the open one on instead.
   *
   * Throws what `work` throws, and `store_busy`, `store_full`, `store_unreachable`, `store_failed`, `store_not_migrated`,
   * `store_value_unsupported` with nothing written; `store_commit_unknown` when the connection broke at the commit.
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>
}
