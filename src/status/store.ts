/**
 * What a status registry needs of a store. Each method is one statement; uniqueness and the order of changes are the
 * database's constraints, never read-then-write in code.
 */
import type { Transaction, Transactional } from '../core/transaction.js'
import type { StatusBits } from '../formats/status-list/bits.js'

/** One status list. Primary key: `uri`. */
export interface StatusListRow {
  readonly uri: string
  /** The `baseUri` of the registry it belongs to. */
  readonly registry: string
  /** The credential format its token is for. */
  readonly format: string
  readonly bits: StatusBits
  /** The number of its entries. */
  readonly size: number
}

/** Which lists a registry allocates in. */
export type StatusListKind = Omit<StatusListRow, 'uri'>

/** One allocated entry of a list. Unique: `uri` with `index`. Indexed besides: `id`. */
export interface StatusEntryRow {
  readonly uri: string
  readonly index: number
  /** The passport it belongs to; several entries may share it. */
  readonly id: string
  readonly value: number
  /** When the credential runs out, if it does. */
  readonly expires?: Date | undefined
}

/** An entry that is not 0. */
export type ChangedEntry = Pick<StatusEntryRow, 'index' | 'value'>

/**
 * The part of a store that keeps statuses. Every read sees what this transaction wrote and what others committed, never
 * what others have not.
 */
export interface StatusStore extends Transactional {
  /** Adds a list that is open for allocation. */
  insertStatusList(transaction: Transaction, list: StatusListRow): Promise<void>
  /** The latest list of a kind that is still open. */
  findOpenStatusList(transaction: Transaction, kind: StatusListKind): Promise<StatusListRow | undefined>
  /** Ends allocation in a list. */
  closeStatusList(transaction: Transaction, uri: string): Promise<void>
  findStatusList(transaction: Transaction, uri: string): Promise<StatusListRow | undefined>
  /** The lists of a registry that are open, or hold an entry that does not expire before `until`; oldest first. */
  findLivingStatusLists(transaction: Transaction, registry: string, until: Date): Promise<readonly StatusListRow[]>
  /**
   * Adds an entry unless its index is taken; says whether it was added. A conflict leaves the transaction usable
   * (`ON CONFLICT DO NOTHING`).
   */
  insertStatusEntry(transaction: Transaction, entry: StatusEntryRow): Promise<boolean>
  findStatusEntry(transaction: Transaction, uri: string, index: number): Promise<StatusEntryRow | undefined>
  /** The entries of a passport in the lists of a registry, in the order they were allocated. */
  findStatusEntries(transaction: Transaction, registry: string, id: string): Promise<readonly StatusEntryRow[]>
  /** Changes an entry that still has the value of `entry`; says whether it had (`… SET value = ? WHERE value = ?`). */
  updateStatusEntry(transaction: Transaction, entry: StatusEntryRow, value: number): Promise<boolean>
  /** The entries of a list that are not 0, in pages of the store's choosing. */
  changedStatusEntries(transaction: Transaction, uri: string): AsyncIterable<readonly ChangedEntry[]>
  /**
   * Notes that a list is published as of `at`, and returns that instant or the one noted before, whichever is later.
   * Publications of one list wait for each other (`UPDATE … SET published = greatest(published, ?) … RETURNING`).
   */
  publishStatusList(transaction: Transaction, uri: string, at: Date): Promise<Date>
}
