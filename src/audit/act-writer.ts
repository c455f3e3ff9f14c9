/** Takes acts in: hands them to the sequencer, or writes them into the store in the transaction of what was done. */
import { randomBytes } from '#crypto'
import { abortable } from '../core/abort.js'
import { base64url } from '../core/bytes.js'
import { type Clock, readClock } from '../core/clock.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { isIdentifier, readAct } from './act.js'
import { commitTo, newSalts } from './commitment.js'
import { entryText, entryTime } from './entry.js'
import { keysOf } from './identifier-keys.js'
import { type ReadKinds, requireKind } from './kinds.js'
import type { Mirror } from './mirror.js'
import type { Appended, NewAct } from './placing.js'
import type { Sequencer } from './sequencer.js'
import type { AuditStore } from './store.js'

const writerIdBytes = 16

export class ActWriter {
  private readonly store: AuditStore
  private readonly mirror: Mirror
  private readonly sequencer: Sequencer
  private readonly now: Clock
  private readonly kinds: ReadKinds
  /** In front of the number of an act, so that acts of a process stand together where they are looked up. */
  private readonly id = base64url(randomBytes(writerIdBytes))
  private count = 0

  constructor(store: AuditStore, mirror: Mirror, sequencer: Sequencer, now: Clock, kinds: ReadKinds) {
    this.store = store
    this.mirror = mirror
    this.sequencer = sequencer
    this.now = now
    this.kinds = kinds
  }

  /** Writes an act down, without a number, and gives the id by which its entry will be found. Throws `audit_entry_malformed`. */
  async record(act: unknown, transaction: Transaction): Promise<string> {
    this.mirror.requireSound()
    const { id, members, time, identifiers } = this.read(act)
    const keys = await keysOf([identifiers], this.store, transaction)
    const commitments = await commitTo(identifiers, keys, newSalts(1)[0]!)
    const text = entryText({ version: 1, time, ...members, ...commitments })
    await this.store.insertPendingAct(transaction, { id, text }, identifiers.subject)
    return id
  }

  /** Makes an act an entry. Throws `audit_entry_malformed`. */
  async append(act: unknown, signal?: AbortSignal): Promise<Appended> {
    signal?.throwIfAborted()
    return this.sequencer.append(this.read(act), signal)
  }

  /**
   * Erases what makes a subject known, and records that something was erased. Not in a batch: an erasure may have to wait
   * for others who write about the subject. Throws `audit_subject_unknown`.
   */
  async forget(subject: string, act: unknown, signal?: AbortSignal): Promise<Appended> {
    signal?.throwIfAborted()
    const id = await this.store.transaction(async transaction => {
      if (!(await this.store.eraseSubject(transaction, subject))) throw unknownSubject()
      const recorded = await this.record(act, transaction)
      signal?.throwIfAborted()
      return recorded
    })
    await abortable(this.sequencer.sequence(), signal)
    const row = await this.store.transaction(transaction => this.store.findEntryOfAct(transaction, id))
    const entry = this.mirror.entryOf(row)
    return Object.freeze({ index: entry.index, entry })
  }

  /** The act, checked, at its time. */
  private read(act: unknown): NewAct {
    const { members, identifiers } = readAct(act)
    requireKind({ members, identifiers }, this.kinds)
    const id = `${this.id}.${(this.count++).toString(36)}`
    return { id, members, time: entryTime(readClock(this.now)), identifiers }
  }
}

/** The caller's own identifier of somebody or something. Throws `TypeError`. */
export function expectIdentifier(identifier: unknown, argument = 'subject'): void {
  if (!isIdentifier(identifier)) throw new TypeError(`\`${argument}\` must be an identifier of 1 to 1024 characters`)
}

export const unknownSubject = () => new VidimusError('audit_subject_unknown')
