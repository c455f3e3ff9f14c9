/** A batch in the making: acts that are given their places after the end of the log, one after the other. */
import type { MerkleTree } from '../formats/tlog/merkle.js'
import type { ActIdentifiers, ActMembers } from './act.js'
import { type AuditEntry, type Commitments, type LogEnd, type PlacedEntry, placeAct, placeEntry } from './entry.js'
import type { Batch, EntryRow, FreshEntry, PendingAct } from './store.js'

/** An entry that has its place. */
export interface Appended {
  readonly index: number
  readonly entry: AuditEntry
}

/** An act that was checked and never written down. */
export interface NewAct {
  /** Nobody else's. */
  readonly id: string
  readonly members: ActMembers
  readonly time: string
  readonly identifiers: ActIdentifiers
}

export class Placing {
  /** None as long as there is nothing to write. */
  checkpoint: string | undefined
  /** Where the log ends with the batch. */
  end: LogEnd
  private readonly follows: number
  private readonly tree: MerkleTree
  private readonly pending: EntryRow[] = []
  private readonly fresh: FreshEntry[] = []
  private readonly appended: Appended[] = []

  /** Begins at the end of a log. The leaves are added to its tree. */
  constructor(end: LogEnd, tree: MerkleTree) {
    this.end = end
    this.follows = tree.size
    this.tree = tree
  }

  /** The number of acts that came without a number. */
  get countOfPending(): number {
    return this.pending.length
  }

  /** What became of the acts that were added, in their order. */
  get answers(): readonly Appended[] {
    return this.appended
  }

  /** The size of the log with the batch. */
  get size(): number {
    return this.tree.size
  }

  /** The last entry of a batch that is not empty. */
  get last(): EntryRow {
    return (this.fresh.at(-1) ?? this.pending.at(-1)) as EntryRow
  }

  get isEmpty(): boolean {
    return this.size === this.follows
  }

  root(): Uint8Array {
    return this.tree.root()
  }

  /** Adds an act out of the store; those come first. Throws as `placeEntry`. */
  addPending({ id, text }: PendingAct): void {
    const placed = placeEntry(text, this.end)
    this.pending.push(rowOf(placed, id))
    this.grow(placed)
  }

  /** Adds an act, with what stands for whom it names. */
  add({ id, members, time, identifiers }: NewAct, commitments: Commitments): void {
    const placed = placeAct(members, time, commitments, this.end)
    this.fresh.push({ index: placed.index, act: id, text: placed.text, subject: identifiers.subject })
    this.appended.push(Object.freeze({ index: placed.index, entry: placed.entry }))
    this.grow(placed)
  }

  /** What the store is to write, under the checkpoint for its size and root. */
  batch(checkpoint: string): Batch {
    this.checkpoint = checkpoint
    return { follows: this.follows, entries: this.pending, fresh: this.fresh, checkpoint }
  }

  private grow({ hash, end }: PlacedEntry): void {
    this.tree.append(hash)
    this.end = end
  }
}

const rowOf = ({ index, text }: PlacedEntry, act: string): EntryRow => ({ index, act, text })
