/** A batch in the making: acts that are given their places after the end of the log, one after the other. */
import type { Frontier } from '../formats/tlog/frontier.js'
import { commitTo } from './commitment.js'
import { type AuditEntry, type LogEnd, type PlacedEntry, placeAct, placeEntry, type UnnumberedEntry } from './entry.js'
import type { Batch, PendingAct } from './store.js'

/** An entry that has its place. */
export interface Appended {
  readonly index: number
  readonly entry: AuditEntry
}

/** An act that was checked and never written down. */
export interface NewAct {
  /** Nobody else's. */
  readonly id: string
  readonly entry: UnnumberedEntry
  /** Whom it is about. */
  readonly subject: string | undefined
}

export type SubjectKeys = ReadonlyMap<string, Uint8Array>

export class Placing {
  /** None as long as there is nothing to write. */
  checkpoint: string | undefined
  /** How many acts came without a number. */
  pending = 0
  readonly placed: PlacedEntry[] = []
  private readonly acts: { readonly id: string; readonly subject?: string | undefined }[] = []
  private readonly follows: number
  private readonly edge: Frontier
  private end: LogEnd

  /** Begins at the end of a log, whose right edge is changed. */
  constructor(end: LogEnd, edge: Frontier) {
    this.end = end
    this.follows = edge.size
    this.edge = edge
  }

  get isEmpty(): boolean {
    return this.placed.length === 0
  }

  /** The size of the log with the batch. */
  get size(): number {
    return this.edge.size
  }

  root(): Uint8Array {
    return this.edge.root()
  }

  /** Adds an act out of the store; those come first. Throws as `placeEntry`. */
  addPending({ id, text }: PendingAct): void {
    this.push(placeEntry(text, this.end), { id })
    this.pending++
  }

  /** Adds an act with a commitment to its subject, whose key is among the keys. */
  async add({ id, entry, subject }: NewAct, keys: SubjectKeys): Promise<void> {
    const about = subject === undefined ? {} : await commitTo(subject, keys.get(subject) as Uint8Array)
    this.push(placeAct({ ...entry, ...about }, this.end), { id, subject })
  }

  /** What the store is to write, under the checkpoint for its size and root. */
  batch(checkpoint: string): Batch {
    this.checkpoint = checkpoint
    const rows = this.placed.map(({ index, text }, at) => ({ index, text, act: this.acts[at]!.id }))
    return {
      follows: this.follows,
      entries: rows.slice(0, this.pending),
      fresh: rows.slice(this.pending).map((row, at) => ({ ...row, subject: this.acts[this.pending + at]!.subject })),
      checkpoint,
    }
  }

  /** What became of the act that was added as the first, second, … after those out of the store. */
  appended(at: number): Appended {
    const { index, entry } = this.placed[this.pending + at] as PlacedEntry
    return Object.freeze({ index, entry })
  }

  private push(placed: PlacedEntry, act: { readonly id: string; readonly subject?: string | undefined }): void {
    this.placed.push(placed)
    this.acts.push(act)
    this.edge.append(placed.hash)
    this.end = placed.end
  }
}
