/** Reads the log for others: checkpoints, proofs, histories and entries, over everything committed when asked. */

import { abortable } from '../core/abort.js'
import { base64url, equalBytes } from '../core/bytes.js'
import { defaultLimits, within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { isIndex } from './act.js'
import { unknownSubject } from './act-writer.js'
import type { Opening } from './commitment.js'
import { type AuditEntry, entryText } from './entry.js'
import type { AuditHistory, HistoryEntry } from './history.js'
import type { LogSigner } from './log-signer.js'
import type { LongWork, Mirror } from './mirror.js'
import { type ConsistencyProof, encodeHashes, type InclusionProof } from './proof.js'
import type { Sequencer } from './sequencer.js'
import type { AuditStore, EntryRow } from './store.js'

const pageSize = 500

export class Prover {
  private readonly origin: string
  private readonly store: AuditStore
  private readonly signer: LogSigner
  private readonly mirror: Mirror
  private readonly sequencer: Sequencer

  constructor(origin: string, store: AuditStore, signer: LogSigner, mirror: Mirror, sequencer: Sequencer) {
    this.origin = origin
    this.store = store
    this.signer = signer
    this.mirror = mirror
    this.sequencer = sequencer
  }

  /** The latest checkpoint, signed by the key that signs at present. */
  async checkpoint(signal?: AbortSignal): Promise<string> {
    await this.upToDate(signal)
    const { checkpoint, size, tree } = this.mirror
    if (checkpoint !== undefined && (await this.signer.isCurrent(checkpoint))) return checkpoint
    return this.signer.sign(size, tree.root(size))
  }

  async inclusion(index: number, given: string | undefined, signal?: AbortSignal): Promise<InclusionProof> {
    if (given !== undefined && typeof given !== 'string')
      throw new TypeError('`checkpoint` must be the text of a checkpoint')
    const checkpoint = given ?? (await this.checkpoint(signal))
    if (given !== undefined) await this.upToDate(signal)
    const size = this.sizeAt(checkpoint)
    if (!isIndex(index) || index >= size) throw new RangeError('`index` must be below the size of the checkpoint')
    const [row] = await this.rows(index, index + 1)
    return Object.freeze({ entry: this.mirror.entryOf(row), index, hashes: this.path(index, size), checkpoint })
  }

  async consistency(fromSize: number, toSize: number | undefined, signal?: AbortSignal): Promise<ConsistencyProof> {
    await this.upToDate(signal)
    const { size, tree } = this.mirror
    const to = toSize ?? size
    if (!isIndex(to) || to > size) throw new RangeError('`toSize` must be at most the size of the log')
    if (fromSize !== to && !(isIndex(fromSize) && fromSize >= 1 && fromSize < to))
      throw new RangeError('`fromSize` must be from 1 to `toSize`: an empty log promised nothing')
    const hashes = fromSize === to ? [] : tree.consistencyProof(fromSize, to)
    return Object.freeze({ fromSize, toSize: to, hashes: encodeHashes(hashes) })
  }

  async history(subject: string, work: LongWork): Promise<AuditHistory> {
    const checkpoint = await this.checkpoint(work.signal)
    const size = this.sizeAt(checkpoint)
    const { key, rows } = await this.store.transaction(async transaction => ({
      key: await this.store.findSubjectKey(transaction, subject),
      rows: await this.store.findSubjectEntries(transaction, subject, defaultLimits.proofEntries + 1),
    }))
    const covered = rows.filter(({ index }) => index < size)
    if (key === undefined || covered.length === 0) throw unknownSubject()
    within(defaultLimits, 'proofEntries', covered.length)
    const entries = covered.map((row, place): HistoryEntry => {
      work.signal?.throwIfAborted()
      work.onProgress?.({ done: place + 1, total: covered.length })
      return Object.freeze({ entry: this.mirror.entryOf(row), hashes: this.path(row.index, size) })
    })
    return Object.freeze({ subject, key: base64url(key), checkpoint, entries: Object.freeze(entries) })
  }

  async opening(identifier: string): Promise<Opening> {
    const key = await this.store.transaction(transaction => this.store.findSubjectKey(transaction, identifier))
    if (key === undefined) throw unknownSubject()
    return Object.freeze({ identifier, key: base64url(key) })
  }

  async *entries(from: number, to: number, signal?: AbortSignal): AsyncGenerator<AuditEntry> {
    await this.upToDate(signal)
    const end = Math.min(to, this.mirror.size)
    for (let start = from; start < end; start += pageSize) {
      const stop = Math.min(start + pageSize, end)
      const rows = await this.rows(start, stop)
      for (let index = start; index < stop; index++) {
        signal?.throwIfAborted()
        yield this.mirror.entryOf(rows[index - start])
      }
    }
  }

  /** The texts of the entries with `from` ≤ index < `to`, each held against the tree. Throws `log_corrupt`. */
  async texts(from: number, to: number): Promise<readonly string[]> {
    const rows = await this.rows(from, to)
    return Array.from({ length: to - from }, (_, at) => entryText(this.mirror.entryOf(rows[at])))
  }

  /** Numbers everything committed before the call. */
  async upToDate(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted()
    await abortable(this.sequencer.sequence(), signal)
  }

  /** The size at a checkpoint, if this log ever was at it. Its signature is for whoever receives the proof to verify. */
  sizeAt(checkpoint: string): number {
    const { origin, size, root } = decodeSignedCheckpoint(checkpoint)
    if (origin !== this.origin)
      throw new VidimusError('checkpoint_origin_mismatch', { at: 'checkpoint', expected: this.origin })
    if (size > this.mirror.size || !equalBytes(this.mirror.tree.root(size), root))
      throw new VidimusError('audit_consistency_invalid', { at: 'checkpoint' })
    return size
  }

  private path(index: number, size: number): readonly string[] {
    return encodeHashes(this.mirror.tree.inclusionProof(index, size))
  }

  private rows(from: number, to: number): Promise<readonly EntryRow[]> {
    return this.store.transaction(transaction => this.store.findEntries(transaction, from, to))
  }
}
