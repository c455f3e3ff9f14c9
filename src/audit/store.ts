/**
 * What the log needs of a store. Each method is one statement or a few in one transaction. Whoever numbers holds the end of
 * the log meanwhile, and numbering is guarded by its size and by constraints besides, so that processes may share a log.
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

/** An entry whose act never was without a number, and whom it is about. */
export interface FreshEntry extends EntryRow {
  readonly subject?: string | undefined
}

/** Acts that become the next entries, and the checkpoint that covers them: at least one of either kind. */
export interface Batch {
  /** The size of the log that the batch follows. */
  readonly follows: number
  /** Of acts that were without a number, from `follows` on. */
  readonly entries: readonly EntryRow[]
  /** The entries after those. */
  readonly fresh?: readonly FreshEntry[] | undefined
  readonly checkpoint: string
}

/**
 * An identifier that acts name, and the key that it gets unless it has one. Of whatever acts name (a subject, an actor, a
 * device, an address) the key is kept here; which entries name it is remembered of subjects alone.
 */
export interface SubjectKey {
  readonly subject: string
  readonly key: Uint8Array
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
   * The same, and from now on nobody else locks the log or numbers until this transaction ends: who asks meanwhile waits,
   * for at most `maxWait` seconds if that is given, and is refused with `store_busy` then (`SET LOCAL lock_timeout`).
   * It is let go when its holder dies or, where the store can tell, falls silent for half a minute (`SELECT … FOR UPDATE`).
   * Whoever has it knows what became of the transactions that had it before, also of one whose commit nobody saw.
   * Recording acts waits for nothing.
   */
  lockLog(transaction: Transaction, maxWait?: number): Promise<LogHead>
  /**
   * Turns acts into entries: deletes those that were without a number, inserts the entries, stores the checkpoint, and
   * remembers of each entry whom it is about. Answers `false`, having written nothing, when the log does not end at
   * `follows` or an act is gone: another process was faster (`SELECT … FOR UPDATE` on the head, `DELETE … RETURNING`).
   */
  numberActs(transaction: Transaction, batch: Batch): Promise<boolean>
  /** The entries with `from` ≤ index < `to`, in order. */
  findEntries(transaction: Transaction, from: number, to: number): Promise<readonly EntryRow[]>
  findEntryOfAct(transaction: Transaction, act: string): Promise<EntryRow | undefined>
  /**
   * The keys of identifiers, in their order, all of them different. One without a key gets the one that is named
   * (`INSERT … ON CONFLICT DO NOTHING`). Each is held against erasure until the transaction ends.
   */
  keepSubjectKeys(transaction: Transaction, subjects: readonly SubjectKey[]): Promise<readonly Uint8Array[]>
  /** The key of an identifier, whichever member of an act named it. */
  findSubjectKey(transaction: Transaction, subject: string): Promise<Uint8Array | undefined>
  /** The first entries about a subject, in order, at most `limit`. */
  findSubjectEntries(transaction: Transaction, subject: string, limit: number): Promise<readonly EntryRow[]>
  /**
   * Erases the key of an identifier and all that says which acts and entries are about it; the acts and entries themselves
   * stay. Says whether there was a key.
   */
  eraseSubject(transaction: Transaction, subject: string): Promise<boolean>
}
