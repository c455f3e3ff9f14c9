/** Writes acts into the store, each in the transaction of what was done, and waits for their numbers. */
import { randomBytes } from '#crypto'
import { abortable } from '../core/abort.js'
import { base64url } from '../core/bytes.js'
import { type Clock, readClock } from '../core/clock.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { isIdentifier, readAct } from './act.js'
import { commitTo, newIdentifierKey } from './commitment.js'
import { type AuditEntry, entryText, entryTime, type UnnumberedEntry } from './entry.js'
import { type ReadKinds, requireKind } from './kinds.js'
import type { Mirror } from './mirror.js'
import type { Sequencer } from './sequencer.js'
import type { AuditStore } from './store.js'

/** An entry that has its place. */
export interface Appended {
  readonly index: number
  readonly entry: AuditEntry
}

const actIdBytes = 16

export class ActWriter {
  private readonly store: AuditStore
  private readonly mirror: Mirror
  private readonly sequencer: Sequencer
  private readonly now: Clock
  private readonly kinds: ReadKinds

  constructor(store: AuditStore, mirror: Mirror, sequencer: Sequencer, now: Clock, kinds: ReadKinds) {
    this.store = store
    this.mirror = mirror
    this.sequencer = sequencer
    this.now = now
    this.kinds = kinds
  }

  /** Writes an act down and gives the id by which its entry will be found. Throws `audit_entry_malformed`. */
  async record(act: unknown, transaction: Transaction): Promise<string> {
    this.mirror.requireSound()
    const { members, identifiers } = readAct(act)
    requireKind({ ...members, ...identifiers }, this.kinds)
    const time = entryTime(readClock(this.now))
    const commitments = await commitTo(identifiers, identifier => this.keyOf(identifier, transaction))
    const entry: UnnumberedEntry = { version: 1, time, ...members, ...commitments }
    const id = base64url(randomBytes(actIdBytes))
    await this.store.insertPendingAct(transaction, { id, text: entryText(entry) }, identifiers.subject)
    return id
  }

  append(act: unknown, signal?: AbortSignal): Promise<Appended> {
    return this.numbered(transaction => this.record(act, transaction), signal)
  }

  /** Erases what makes a subject known, and records that something was erased. Throws `audit_subject_unknown`. */
  forget(subject: string, act: unknown, signal?: AbortSignal): Promise<Appended> {
    return this.numbered(async transaction => {
      if (!(await this.store.eraseSubject(transaction, subject))) throw unknownSubject()
      return this.record(act, transaction)
    }, signal)
  }

  /** Commits what `record` writes and waits for its number; before the commit the signal undoes it all. */
  private async numbered(
    record: (transaction: Transaction) => Promise<string>,
    signal: AbortSignal | undefined,
  ): Promise<Appended> {
    signal?.throwIfAborted()
    const id = await this.store.transaction(async transaction => {
      const act = await record(transaction)
      signal?.throwIfAborted()
      return act
    })
    await abortable(this.sequencer.sequence(), signal)
    const row = await this.store.transaction(transaction => this.store.findEntryOfAct(transaction, id))
    const entry = this.mirror.entryOf(row)
    return Object.freeze({ index: entry.index, entry })
  }

  private keyOf(identifier: string, transaction: Transaction): Promise<Uint8Array> {
    return this.store.keepSubjectKey(transaction, identifier, newIdentifierKey())
  }
}

/** The caller's own identifier of somebody or something. Throws `TypeError`. */
export function expectIdentifier(identifier: unknown, argument = 'subject'): void {
  if (!isIdentifier(identifier)) throw new TypeError(`\`${argument}\` must be an identifier of 1 to 1024 characters`)
}

export const unknownSubject = () => new VidimusError('audit_subject_unknown')
