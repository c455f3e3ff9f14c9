/**
 * The one that numbers: it takes the acts that were committed, in batches, and makes them the next entries.
 *
 * A batch is hashed and its checkpoint signed outside any transaction, so that a slow signing device holds nobody up; one
 * short transaction then writes entries and checkpoint, if the log still ends where the batch begins. If another process
 * was faster, what was signed is thrown away unseen and the work starts again.
 */
import { type AuditEntry, entryText, numberEntry, textHash } from './entry.js'
import type { LogSigner } from './log-signer.js'
import type { LongWork, Mirror } from './mirror.js'
import type { AuditStore, EntryRow, PendingAct } from './store.js'

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
    const entries = this.follow(acts)
    const edge = tree.frontier(size)
    for (const { text } of entries) edge.append(textHash(text))
    const checkpoint = await this.signer.sign(edge.size, edge.root())
    const batch = { follows: size, entries, checkpoint }
    const done = await this.store.transaction(transaction => this.store.numberActs(transaction, batch))
    if (done) this.mirror.advance(entries, checkpoint)
    return done
  }

  private follow(acts: readonly PendingAct[]): readonly EntryRow[] {
    let last = this.mirror.last
    return acts.map(({ id, text }) => {
      last = this.numbered(text, last)
      return { index: last.index, act: id, text: entryText(last) }
    })
  }

  private numbered(text: string, last: AuditEntry | undefined): AuditEntry {
    try {
      return numberEntry(text, last)
    } catch {
      throw this.mirror.corrupt('acts') // what the log writes down can be numbered
    }
  }
}

const ignore = () => {}
