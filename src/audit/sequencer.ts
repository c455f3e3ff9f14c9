/**
 * The one that numbers: it takes the acts that were committed, in batches, and makes them the next entries.
 *
 * A batch is hashed and its checkpoint signed outside any transaction, so that a slow signing device holds nobody up; one
 * short transaction then writes entries and checkpoint, if the log still ends where the batch begins. If another process
 * was faster, what was signed is thrown away unseen and the work starts again.
 */
import { type PlacedEntry, placeEntry } from './entry.js'
import type { LogSigner } from './log-signer.js'
import type { LongWork, Mirror } from './mirror.js'
import type { AuditStore, PendingAct } from './store.js'

const batchSize = 1000

export class Sequencer {
  private readonly store: AuditStore
  private readonly signer: LogSigner
  private readonly mirror: Mirror
  private running: Promise<void> | undefined
  /** The run after the running one; everyone who asks meanwhile shares it. */
  private next: Promise<void> | undefined

  constructor(store: AuditStore, signer: LogSigner, mirror: Mirror) {
    this.store = store
    this.signer = signer
    this.mirror = mirror
  }

  /** Resolves once every act that was committed before the call is numbered and covered by a stored checkpoint. */
  sequence(): Promise<void> {
    if (this.next !== undefined) return this.next
    if (this.running === undefined) return this.start()
    // A run that is under way may have looked before the act was there.
    this.next = this.running.then(ignore, ignore).then(() => {
      this.next = undefined
      return this.start()
    })
    return this.next
  }

  /** The first run of a log, which reads all of it. */
  async open(work: LongWork): Promise<void> {
    await this.mirror.catchUp(work)
    await this.sequence()
  }

  private start(): Promise<void> {
    const run = this.run().finally(() => {
      this.running = undefined
    })
    this.running = run
    return run
  }

  private async run(): Promise<void> {
    for (;;) {
      const acts = await this.store.transaction(transaction => this.store.findPendingActs(transaction, batchSize))
      await this.mirror.catchUp()
      if (acts.length === 0) return
      const done = await this.number(acts)
      if (done && acts.length < batchSize) return
    }
  }

  /** Says whether the acts are entries now; they are not if someone else has numbered some of them. */
  private async number(acts: readonly PendingAct[]): Promise<boolean> {
    const { size, tree } = this.mirror
    const placed = this.place(acts)
    const edge = tree.frontier(size)
    for (const { hash } of placed) edge.append(hash)
    const checkpoint = await this.signer.sign(edge.size, edge.root())
    const entries = placed.map(({ index, text }, at) => ({ index, act: (acts[at] as PendingAct).id, text }))
    const batch = { follows: size, entries, checkpoint }
    const done = await this.store.transaction(transaction => this.store.numberActs(transaction, batch))
    if (done) this.mirror.advance(placed, checkpoint)
    return done
  }

  private place(acts: readonly PendingAct[]): readonly PlacedEntry[] {
    let { end } = this.mirror
    try {
      return acts.map(({ text }) => {
        const placed = placeEntry(text, end)
        end = placed.end
        return placed
      })
    } catch {
      throw this.mirror.corrupt('acts') // what the log wrote down can be placed
    }
  }
}

const ignore = () => {}
