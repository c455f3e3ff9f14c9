/** What the issuing office needs of a store besides statuses and the log: answers already given, and messages to send. */
import type { Transaction, Transactional } from '../core/transaction.js'

/** What was answered to a request. Primary key: `key`. */
export interface AnswerRow {
  readonly key: string
  /** SHA-256 of the request, base64url: a key stands for one request. */
  readonly request: string
  /** Absent while the request is being worked on; then only its own transaction sees it. */
  readonly answer?: string | undefined
  /** When the key may be forgotten. */
  readonly expires: Date
}

/** A message for others, written with what it tells. Primary key: `id`. Ordered by insertion. */
export interface OutboxMessage {
  readonly id: string
  /** A word for what it is about: `status_changed`. */
  readonly topic: string
  readonly body: string
}

/** Answers and messages, each method within a transaction. `testStore` says whether a store does all of this. */
export interface OfficeStore extends Transactional {
  /**
   * Claims a key; says `false`, leaving the transaction usable, when it is taken. While another transaction that claimed
   * it is open, this waits for its end (`INSERT … ON CONFLICT DO NOTHING`).
   */
  claimKey(transaction: Transaction, row: Omit<AnswerRow, 'answer'>): Promise<boolean>
  /** Keeps the answer of a key that was claimed, in the same transaction or before. */
  keepAnswer(transaction: Transaction, key: string, answer: string): Promise<void>
  /** A key that was claimed, with its answer once it has one; `undefined` for one that is free. */
  findAnswer(transaction: Transaction, key: string): Promise<AnswerRow | undefined>
  /** Erases the answers whose time ran out before `before`; says how many. */
  forgetAnswers(transaction: Transaction, before: Date): Promise<number>
  /** Adds a message, leased by nobody. Rejects a second one of the same `id`. */
  insertMessage(transaction: Transaction, message: OutboxMessage): Promise<void>
  /**
   * Messages that nobody has leased until after `now`, at most `limit`, leased until `until`: whoever asks meanwhile gets
   * others (`FOR UPDATE SKIP LOCKED`). Those that were leased least recently come before others, so that one which fails
   * again and again keeps none from its turn; they are given in the order of their insertion.
   */
  leaseMessages(transaction: Transaction, lease: MessageLease): Promise<readonly OutboxMessage[]>
  /** Erases messages that were delivered; an id that is not there is passed over. */
  deleteMessages(transaction: Transaction, ids: readonly string[]): Promise<void>
}

/** A lease of messages: from when, until when, and how many at most. */
export interface MessageLease {
  readonly now: Date
  readonly until: Date
  readonly limit: number
}
