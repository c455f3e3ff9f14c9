/**
 * What the log needs of a store. Each method is one statement or a few in one transaction; numbering is guarded by the
 * size of the log and by constraints, never by read-then-write in code, so that two processes may share a log.
 */
import type { Transaction, Transactional } from '../core/transaction.js'

/** An act without a number. Primary key: `id`. Ordered by insertion. */
export interface PendingAct {
  /** Random; whoever recorded the act finds its entry by it. */
  readonly id: string
  /** The entry as far as it stands, canonical JSON. */
  readonly text: string
}

/** An entry of the log. Primary key: `index`. Unique besides: `act`. Never updated, never deleted. */
export interface EntryRow {
  readonly index: number
  /** The `id` of the act that became the entry. */
  readonly act: string
  /** Canonical JSON: what is hashed. */
  readonly text: string
}

/** Where the log ends. */
export interface LogHead {
  /** The number of entries. */
  readonly size: number
  /** The checkpoint stored with the last of them; absent while there are none. */
  readonly checkpoint: string | undefined
}

/** Acts that become the next entries, and the checkpoint that covers them. */
export interface Batch {
  /** The size of the log that the batch follows. */
  readonly follows: number
  /** At least one, numbered from `follows` on. */
  readonly entries: readonly EntryRow[]
  readonly checkpoint: string
}

/**
 * The part of a store that keeps the log. Every read sees what this transaction wrote and what others committed, never
 * what others have not.
 */
export interface AuditStore extends Transactional {
  /** Adds an act, and remembers with it whom it is about. */
  insertPendingAct(transaction: Transaction, act: PendingAct, subject: string | undefined): Promise<void>
  /** The oldest acts without a number, at most `limit`. */
  findPendingActs(transaction: Transaction, limit: number): Promise<readonly PendingAct[]>
  /** Size and checkpoint as one: both of the same batch. */
  findLogHead(transaction: Transaction): Promise<LogHead>
  /**
   * Turns acts into entries: deletes the acts, inserts the entries, stores the checkpoint, and moves what each act
   * remembers of its subject over to its entry. Answers `false`, having written nothing, when the log does not end at
   * `follows` or an act is gone: another process was faster (`SELECT … FOR UPDATE` on the head, `DELETE … RETURNING`).
   */
  numberActs(transaction: Transaction, batch: Batch): Promise<boolean>
  /** The entries with `from` ≤ index < `to`, in order. */
  findEntries(transaction: Transaction, from: number, to: number): Promise<readonly EntryRow[]>
  findEntryOfAct(transaction: Transaction, act: string): Promise<EntryRow | undefined>
  /**
   * The key of a subject, which is `fresh` if there was none (`INSERT … ON CONFLICT DO NOTHING`), held against erasure
   * until the transaction ends.
   */
  keepSubjectKey(transaction: Transaction, subject: string, fresh: Uint8Array): Promise<Uint8Array>
  findSubjectKey(transaction: Transaction, subject: string): Promise<Uint8Array | undefined>
  /** The first entries about a subject, in order, at most `limit`. */
  findSubjectEntries(transaction: Transaction, subject: string, limit: number): Promise<readonly EntryRow[]>
  /**
   * Erases the key of a subject and all that says which acts and entries are about it; the acts and entries themselves
   * stay. Says whether there was a key.
   */
  eraseSubject(transaction: Transaction, subject: string): Promise<boolean>
}
