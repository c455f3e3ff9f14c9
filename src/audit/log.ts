/**
 * The log of the office's acts: appended to, checkpointed, and proven from.
 *
 * An act is first written down without a number, in the transaction of whatever was done; numbering follows on its own.
 * So nothing waits for the head of the log, and an act and its record stand or fall together.
 */

import { abortable } from '../core/abort.js'
import { type Clock, systemClock } from '../core/clock.js'
import type { SignerSource } from '../core/keys.js'
import { readMaxWait } from '../core/patience.js'
import { isKeyName } from '../formats/tlog/note.js'
import { type ActRecorder, type AuditAct, isIndex } from './act.js'
import { ActWriter, expectIdentifier } from './act-writer.js'
import { type LogKey, readLogKeys } from './checkpoint.js'
import type { Opening } from './commitment.js'
import type { AuditEntry } from './entry.js'
import type { AuditHistory } from './history.js'
import { type ActKinds, readKinds } from './kinds.js'
import { LogSigner } from './log-signer.js'
import { type LongWork, Mirror } from './mirror.js'
import type { Appended } from './placing.js'
import type { ConsistencyProof, InclusionProof } from './proof.js'
import { Prover } from './prover.js'
import { Sequencer } from './sequencer.js'
import type { AuditStore } from './store.js'
import { LogPublisher, type PublishedLog, type PublishedLogFile, type PublishLogOptions } from './tiles.js'

/** Seconds: longer than a store lets somebody hold the log in silence. */
const usualWait = 60

export interface AuditLogOptions extends LongWork {
  readonly store: AuditStore
  /** The name of the log in every checkpoint and in its key: a URL without scheme, such as `passport.example/log`. */
  readonly origin: string
  /** An Ed25519 signer, or a function that returns one. */
  readonly signer: SignerSource
  /** Verifier keys that the log signed with before its present one; its stored checkpoint may bear one of them. */
  readonly formerKeys?: LogKey | undefined
  /** Kinds of acts of your own, beside `actKinds`: `{ dispute: { required: ['subject'], allowed: ['recordDigest'] } }`. */
  readonly kinds?: ActKinds | undefined
  /**
   * Seconds to wait for another process that numbers the same log before `log_busy`: 60 by default, 0 for no waiting. On
   * SQLite also for any other that writes into the file.
   */
  readonly maxWait?: number | undefined
  readonly now?: Clock | undefined
}

export interface AbortOptions {
  /** Rejects with its reason. What was committed by then stays. */
  readonly signal?: AbortSignal | undefined
}

export interface InclusionOptions extends AbortOptions {
  /** The checkpoint to prove under, such as one that the other side holds; the latest by default. */
  readonly checkpoint?: string | undefined
}

export interface EntriesOptions extends AbortOptions {
  /** Default: 0. */
  readonly from?: number | undefined
  /** Exclusive. Default, and at most: the size of the log. */
  readonly to?: number | undefined
}

export interface ForgetOptions extends AbortOptions {
  /** A word for the role. Default: `system`. */
  readonly actor?: string | undefined
  /** A word. Default: `subject_erased`. */
  readonly reason?: string | undefined
}

/** A log with its store and its key: writes acts, proves and publishes what it wrote. */
export interface AuditLog extends ActRecorder {
  /** The key of the log as others need it to verify (C2SP vkey text): publish it where the log cannot change it. */
  readonly verifierKey: string
  /** Acts are recorded in transactions of this store. */
  readonly store: AuditStore
  /**
   * Records an act in a transaction of its own, and resolves once its entry is numbered, hashed and covered by a stored
   * checkpoint. When it throws nothing was written, but for one code: `store_commit_unknown` says that the connection broke
   * at the commit and the store could not be asked for `maxWait` seconds what became of it.
   * Throws `audit_entry_malformed`, `log_corrupt`, `log_busy`, and what signer and store throw.
   */
  append(act: AuditAct, options?: AbortOptions): Promise<Appended>
  /** The signed note over everything committed so far; for one size always the same text, unless the key changes. */
  checkpoint(options?: AbortOptions): Promise<string>
  /**
   * That the entry at an index below the checkpoint's size is in the log. Throws `RangeError` for an index beyond it,
   * and `checkpoint_…` or `audit_consistency_invalid` when the given checkpoint is not one of this log.
   */
  proveInclusion(index: number, options?: InclusionOptions): Promise<InclusionProof>
  /** That the log only grew between two sizes, 1 ≤ `fromSize` ≤ `toSize`; `toSize` is the latest checkpoint's by default. */
  proveConsistency(fromSize: number, toSize?: number, options?: AbortOptions): Promise<ConsistencyProof>
  /**
   * Every entry about a subject, with proofs and the key that shows they are. Personal data: it is for the subject.
   * Throws `audit_subject_unknown`.
   */
  history(subject: string, options?: LongWork): Promise<AuditHistory>
  /**
   * What opens the commitments to an identifier, for somebody who may know which entries name it: `membersNaming` tells.
   * Throws `audit_subject_unknown` when no act named it, or its key is erased.
   */
  opening(identifier: string): Promise<Opening>
  /**
   * Erases the key of a subject, or of an actor, a device or an address, and what the store knows of it, and logs a
   * `forget` act that does not say whose. The entries stay and name nobody any more; every proof still holds. An act that
   * names it afterwards begins anew. Throws `audit_subject_unknown`, also when it is called once more after
   * `store_commit_unknown` and the erasure had been done.
   */
  forget(subject: string, options?: ForgetOptions): Promise<Appended>
  /** The entries with `from` ≤ index < `to` of those committed so far, in order. Throws `log_corrupt` on a changed one. */
  entries(options?: EntriesOptions): AsyncIterable<AuditEntry>
  /**
   * Writes the log as files for a static host: the tiles and bundles that the place lacks, then the checkpoint. Publications
   * of this log wait for one another; two processes must not publish to one place at a time, or the older checkpoint may end
   * on top. Throws `audit_consistency_invalid` when `published` is no checkpoint of this log, such as after its database was
   * restored from an older copy.
   * @example await log.publish({ published: await read('checkpoint'), write: ({ path, body }) => put(path, body) })
   */
  publish(options: PublishLogOptions): Promise<PublishedLog>
  /** The file at a path as it is now, for those who serve the log themselves; `undefined` where the log has none. */
  file(path: string, options?: AbortOptions): Promise<PublishedLogFile | undefined>
}

/**
 * Opens the log that a store keeps, or begins one. All entries are read and held against the stored checkpoint first;
 * acts that a crash left without a number are numbered.
 * Throws `log_corrupt` when store and checkpoint do not agree, `log_busy` when there are acts to number and another process
 * does not let go of the log, `TypeError` or `RangeError` on misuse, and what signer and store throw.
 * @example const log = await openAuditLog({ store, origin: 'passport.example/log', signer })
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { store, origin, signer: source, formerKeys, now = systemClock, signal } = options
  if (typeof store?.transaction !== 'function' || typeof store.insertPendingAct !== 'function')
    throw new TypeError('`store` must be a store that keeps a log')
  if (!isKeyName(origin)) throw new TypeError('`origin` must name the log, without spaces and plus signs')
  const kinds = readKinds(options.kinds)
  const maxWait = readMaxWait(options.maxWait ?? usualWait)
  const former = formerKeys === undefined ? [] : await readLogKeys(formerKeys, 'formerKeys')
  const signer = await LogSigner.open(origin, source, former)
  const mirror = new Mirror(store, signer)
  const sequencer = new Sequencer(store, signer, mirror, maxWait)
  await abortable(sequencer.open(options), signal)
  const writer = new ActWriter(store, mirror, sequencer, now, kinds)
  const prover = new Prover(origin, store, signer, mirror, sequencer)
  const publisher = new LogPublisher(signer, mirror, prover)
  return Object.freeze({
    store,
    get verifierKey() {
      return signer.verifierKey
    },
    record: async (act, transaction) => void (await writer.record(act, transaction)),
    sequence: () => sequencer.sequence(),
    append: async (act, { signal } = {}) => writer.append(act, signal),
    forget: async (subject, { signal, ...words } = {}) => {
      expectIdentifier(subject)
      return writer.forget(subject, forgetting(words), signal)
    },
    checkpoint: async ({ signal } = {}) => prover.checkpoint(signal),
    proveInclusion: async (index, { checkpoint, signal } = {}) => prover.inclusion(index, checkpoint, signal),
    proveConsistency: async (fromSize, toSize, { signal } = {}) => prover.consistency(fromSize, toSize, signal),
    history: async (subject, work = {}) => {
      expectIdentifier(subject)
      return prover.history(subject, work)
    },
    opening: async identifier => {
      expectIdentifier(identifier, 'identifier')
      return prover.opening(identifier)
    },
    entries: ({ from = 0, to = Number.MAX_SAFE_INTEGER, signal } = {}) => {
      if (!isIndex(from)) throw new RangeError('`from` must be an index')
      if (!isIndex(to)) throw new RangeError('`to` must be an index')
      return prover.entries(from, to, signal)
    },
    publish: async options => publisher.publish(options),
    file: async (path, { signal } = {}) => publisher.file(path, signal),
  } satisfies AuditLog)
}

/** The act of erasing: it says that a subject was forgotten, and not which. */
const forgetting = ({ actor = 'system', reason = 'subject_erased' }: Omit<ForgetOptions, 'signal'>): AuditAct => ({
  kind: 'forget',
  actor,
  reason,
})
