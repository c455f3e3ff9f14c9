/**
 * The log in memory: the tree over its entries, its last entry and its checkpoint, always those of one committed batch.
 *
 * What the store holds is believed as far as a checkpoint with our signature covers it, and not a byte further. Once it
 * is found to differ, nothing is read or written through this log any more.
 */
import { equalBytes } from '../core/bytes.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { type Checkpoint, verifyCheckpoint } from '../formats/tlog/checkpoint.js'
import { MerkleTree } from '../formats/tlog/merkle.js'
import { isIndex } from './act.js'
import { type AuditEntry, beginning, endAfter, type LogEnd, parseEntry, storedHash } from './entry.js'
import type { LogSigner } from './log-signer.js'
import { Placing } from './placing.js'
import type { AuditStore, EntryRow, LogHead } from './store.js'

export interface Progress {
  readonly done: number
  readonly total: number
}

export interface LongWork {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

interface CatchUpOptions extends LongWork {
  /** To read in, when one is open. */
  readonly transaction?: Transaction | undefined
}

const pageSize = 1000

export class Mirror {
  readonly tree = new MerkleTree()
  /** How much of the tree a checkpoint covers; what lies beyond is being read and not believed yet. */
  size = 0
  /** The checkpoint at that size; none while it is 0. */
  checkpoint: string | undefined
  /** The end of the log at that size. */
  end: LogEnd = beginning()
  private isPlacing = false
  private fault: VidimusError | undefined
  private readonly store: AuditStore
  private readonly signer: LogSigner

  constructor(store: AuditStore, signer: LogSigner) {
    this.store = store
    this.signer = signer
  }

  /**
   * Takes in what the store has beyond the tree, if its checkpoint covers it: in the given transaction or, page by page, in
   * its own. Throws `log_corrupt`.
   */
  async catchUp(head: LogHead, { transaction, ...work }: CatchUpOptions = {}): Promise<void> {
    this.requireSound()
    this.retreat()
    if (head.size === this.size && head.size === this.tree.size && head.checkpoint === this.checkpoint) return
    const covered = await this.readHead(head)
    if (covered.size < this.tree.size) throw this.corrupt('size')
    let last: EntryRow | undefined
    for (let from = this.tree.size; from < covered.size; from = this.tree.size) {
      work.signal?.throwIfAborted()
      const rows = await this.page(from, Math.min(from + pageSize, covered.size), transaction)
      for (const row of rows) this.tree.append(this.leafOf(row))
      last = rows.at(-1)
      work.onProgress?.({ done: this.tree.size, total: covered.size })
    }
    if (!equalBytes(this.tree.root(), covered.root)) throw this.corrupt('root')
    // Only now that the root agrees is a stored text more than a text.
    if (last !== undefined) this.end = endAfter(parseEntry(last.text), this.tree.leaf(last.index))
    this.cover(head.checkpoint)
  }

  /** Nothing lies beyond the end that the store tells. Throws `log_corrupt`. */
  async requireEnd(): Promise<void> {
    const { rows, head } = await this.store.transaction(async transaction => ({
      rows: await this.store.findEntries(transaction, this.size, this.size + 1),
      // After them: what another has just written is below the end that is told now.
      head: await this.store.findLogHead(transaction),
    }))
    if (rows.length > 0 && head.size === this.size) throw this.corrupt('entries')
  }

  /** Whether there is more to take in than a transaction should wait for. */
  isFarBehind({ size }: LogHead): boolean {
    this.retreat()
    return size - this.tree.size > pageSize
  }

  /** Begins a batch at the end of the log. Its leaves lie beyond what is covered until it is committed. */
  place(): Placing {
    this.retreat()
    this.isPlacing = true
    return new Placing(this.end, this.tree)
  }

  /** Goes on with the batch, which has been committed. */
  advance({ end, checkpoint }: Placing): void {
    this.isPlacing = false
    if (checkpoint === undefined) return
    this.end = end
    this.cover(checkpoint)
  }

  /** Takes back a batch that came to nothing. */
  private retreat(): void {
    if (this.isPlacing) this.tree.truncate(this.size)
    this.isPlacing = false
  }

  /** The entry of a row, if it is what the tree has at its index. Throws `log_corrupt`. */
  entryOf(row: EntryRow | undefined): AuditEntry {
    if (row === undefined || !isIndex(row.index) || row.index >= this.size) throw this.corrupt('entries')
    if (!equalBytes(this.leafOf(row), this.tree.leaf(row.index))) throw this.corrupt(`entry ${row.index}`)
    return parseEntry(row.text)
  }

  /** Throws `log_corrupt` again, whatever is asked, once it has been thrown. */
  requireSound(): void {
    if (this.fault !== undefined) throw this.fault
  }

  /** From here on nothing is written: the error to throw. */
  corrupt(at: string): VidimusError {
    this.fault = new VidimusError('log_corrupt', { at })
    return this.fault
  }

  private cover(checkpoint: string | undefined): void {
    this.size = this.tree.size
    this.checkpoint = checkpoint
  }

  private async page(from: number, to: number, given: Transaction | undefined): Promise<readonly EntryRow[]> {
    const find = (transaction: Transaction) => this.store.findEntries(transaction, from, to)
    const rows = given === undefined ? await this.store.transaction(find) : await find(given)
    if (rows.length !== to - from || rows.some(({ index }, place) => index !== from + place))
      throw this.corrupt('entries')
    return rows
  }

  private leafOf({ index, text }: EntryRow): Uint8Array {
    try {
      return storedHash(text)
    } catch {
      throw this.corrupt(`entry ${index}`)
    }
  }

  /** What the checkpoint of a head says, if it is ours and of the size that the head has. */
  private async readHead({ size, checkpoint }: LogHead): Promise<Checkpoint> {
    if (checkpoint === undefined) throw this.corrupt('checkpoint')
    await this.signer.refresh()
    const covered = await verifyCheckpoint(checkpoint, this.signer.verifiers).catch((error: unknown) => {
      throw error instanceof VidimusError ? this.corrupt('checkpoint') : error
    })
    if (covered.size !== size) throw this.corrupt('size')
    return covered
  }
}
