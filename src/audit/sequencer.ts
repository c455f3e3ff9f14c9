/**
 * The one that numbers: it makes acts the next entries, in batches.
 *
 * A batch is one transaction. It locks the end of the log, takes everything that waits by then, hashes it, has its
 * checkpoint signed and writes entries and checkpoint: so a hundred acts cost one commit and one signature, and of several
 * processes over a store one numbers at a time while the others wait, as long as they were told to. What another has
 * numbered is taken in first. No process keeps the log to itself: the store lets go of what a dead one held.
 */
import { abortable } from '../core/abort.js'
import type { Transaction } from '../core/transaction.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { commitTo, newSalts } from './commitment.js'
import type { Commitments } from './entry.js'
import { keysOf } from './identifier-keys.js'
import type { LogSigner } from './log-signer.js'
import type { LongWork, Mirror } from './mirror.js'
import type { Appended, NewAct, Placing } from './placing.js'
import { wasWritten } from './settle.js'
import type { AuditStore, LogHead, PendingAct } from './store.js'

/** So many acts of either kind at most: those recorded elsewhere, and those that were handed in here. */
const batchSize = 1000

/** Someone who waits for a batch. */
interface Waiting<Asked, Answer> {
  readonly asked: Asked
  readonly signal: AbortSignal | undefined
  resolve(answer: Answer): void
  reject(error: unknown): void
}

type WaitingAct = Waiting<NewAct, Appended>
type WaitingSweep = Waiting<undefined, void>

/** A batch on its way. */
interface Taken {
  /** Out of the queues. */
  readonly acts: WaitingAct[]
  readonly sweeps: WaitingSweep[]
  /** Whether the end of the log is ours. */
  isLocked: boolean
  /** What was written, and is not committed yet. */
  written: Placing | undefined
}

export class Sequencer {
  private readonly store: AuditStore
  private readonly signer: LogSigner
  private readonly mirror: Mirror
  /** Seconds to wait for another who numbers. */
  private readonly maxWait: number
  private readonly acts: WaitingAct[] = []
  /** Those who want acts numbered that were recorded in others' transactions. */
  private readonly sweeps: WaitingSweep[] = []
  private isRunning = false

  constructor(store: AuditStore, signer: LogSigner, mirror: Mirror, maxWait: number) {
    this.store = store
    this.signer = signer
    this.mirror = mirror
    this.maxWait = maxWait
  }

  /**
   * Resolves once the act is an entry under a stored checkpoint; when it rejects for another reason than the signal's, it is
   * none. Nobody knows that of `store_commit_unknown` alone.
   */
  append(act: NewAct, signal?: AbortSignal): Promise<Appended> {
    return abortable(this.wait(this.acts, act, signal), signal)
  }

  /** Resolves once every act that was committed before the call is numbered and covered by a stored checkpoint. */
  sequence(): Promise<void> {
    return this.wait(this.sweeps, undefined, undefined)
  }

  /** The first run of a log, which reads all of it. */
  async open(work: LongWork): Promise<void> {
    await this.mirror.catchUp(await this.head(), work)
    await this.mirror.requireEnd()
    await this.sequence()
  }

  private wait<Asked, Answer>(
    queue: Waiting<Asked, Answer>[],
    asked: Asked,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      queue.push({ asked, signal, resolve, reject })
      if (!this.isRunning) void this.run()
    })
  }

  /** Runs as long as somebody waits; whoever comes meanwhile is served by the next batch at the latest. */
  private async run(): Promise<void> {
    this.isRunning = true
    while (this.acts.length > 0 || this.sweeps.length > 0) await this.next()
    this.isRunning = false
  }

  private async next(): Promise<void> {
    const taken: Taken = { acts: [], sweeps: [], isLocked: false, written: undefined }
    try {
      if (this.acts.length === 0 && !(await this.findPending(taken))) return answer(taken.sweeps)
      const placed = await this.write(taken)
      if (placed === undefined) return await this.comeBack(taken)
      this.mirror.advance(placed)
      for (const [at, { resolve }] of taken.acts.entries()) resolve(placed.answers[at] as Appended)
      // Acts may be left that a whole batch had no room for.
      if (placed.countOfPending < batchSize) answer(taken.sweeps)
      else this.sweeps.unshift(...taken.sweeps)
    } catch (error) {
      // Before anything was taken, the failure is everybody's.
      if (taken.acts.length === 0 && taken.sweeps.length === 0) this.take(taken)
      for (const { reject } of [...taken.acts, ...taken.sweeps]) reject(error)
    }
  }

  /** Whether an act waits in the store. Those who ask are taken when there is none; it locks nothing, for it is asked by every reader. */
  private async findPending(taken: Taken): Promise<boolean> {
    taken.sweeps.push(...this.sweeps.splice(0))
    const { acts, head } = await this.look(async transaction => ({
      acts: await this.store.findPendingActs(transaction, 1),
      head: await this.store.findLogHead(transaction),
    }))
    await this.mirror.catchUp(head)
    return acts.length > 0
  }

  /** The next batch, committed. One whose commit nobody saw is looked for. */
  private async write(taken: Taken): Promise<Placing | undefined> {
    try {
      return await this.store.transaction(transaction => this.number(transaction, taken), { maxWait: this.maxWait })
    } catch (error) {
      if (isRefusal(error, 'store_busy') && !taken.isLocked) throw new VidimusError('log_busy')
      if (!isRefusal(error, 'store_commit_unknown')) throw error
      if (taken.written === undefined || (await wasWritten(taken.written.last, this.store, this.maxWait)))
        return taken.written
      throw new VidimusError('store_unreachable')
    }
  }

  /** Reads how the log stands. Where that takes a lock it is waited for as for the end of the log. */
  private async look<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      return await this.store.transaction(work, { maxWait: this.maxWait })
    } catch (error) {
      if (isRefusal(error, 'store_busy')) throw new VidimusError('log_busy')
      // There was nothing to commit.
      throw isRefusal(error, 'store_commit_unknown') ? new VidimusError('store_unreachable') : error
    }
  }

  /**
   * Writes the next batch; `undefined` when there is something to do first. It may be run again from its start: what is
   * taken stays taken.
   */
  private async number(transaction: Transaction, taken: Taken): Promise<Placing | undefined> {
    taken.isLocked = false
    taken.written = undefined
    const head = await this.store.lockLog(transaction, this.maxWait)
    taken.isLocked = true
    if (this.mirror.isFarBehind(head)) return undefined
    await this.mirror.catchUp(head, { transaction })
    this.take(taken)
    const pending = taken.sweeps.length === 0 ? [] : await this.store.findPendingActs(transaction, batchSize)
    const acts = taken.acts.map(({ asked }) => asked)
    const commitments = await this.commitmentsOf(acts, transaction)
    const placing = this.mirror.place()
    this.addPending(placing, pending)
    for (const [at, act] of acts.entries()) placing.add(act, commitments[at]!)
    if (placing.isEmpty) return placing
    const checkpoint = await this.signer.sign(placing.size, placing.root())
    if (await this.store.numberActs(transaction, placing.batch(checkpoint))) taken.written = placing
    return taken.written
  }

  /** Whoever gave up while waiting is not heard of any more. */
  private take({ acts, sweeps }: Taken): void {
    const next = this.acts.splice(0, batchSize - acts.length)
    acts.push(...next.filter(({ signal }) => !signal?.aborted))
    sweeps.push(...this.sweeps.splice(0))
  }

  private addPending(placing: Placing, pending: readonly PendingAct[]): void {
    try {
      for (const act of pending) placing.addPending(act)
    } catch {
      throw this.mirror.corrupt('acts') // what the log wrote down can be placed
    }
  }

  /** What stands for whom each act names. */
  private async commitmentsOf(acts: readonly NewAct[], transaction: Transaction): Promise<readonly Commitments[]> {
    const named = acts.map(({ identifiers }) => identifiers)
    const keys = await keysOf(named, this.store, transaction)
    if (keys.size === 0) return acts.map(() => ({}))
    const salts = newSalts(acts.length)
    return Promise.all(named.map((identifiers, at) => commitTo(identifiers, keys, salts[at]!)))
  }

  /** Puts what was taken back where it was, once the mirror has caught up. */
  private async comeBack({ acts, sweeps }: Taken): Promise<void> {
    await this.mirror.catchUp(await this.head())
    this.acts.unshift(...acts)
    this.sweeps.unshift(...sweeps)
  }

  private head(): Promise<LogHead> {
    return this.look(transaction => this.store.findLogHead(transaction))
  }
}

const isRefusal = (error: unknown, code: ErrorCode): boolean => error instanceof VidimusError && error.code === code

function answer(sweeps: readonly WaitingSweep[]): void {
  for (const { resolve } of sweeps) resolve()
}
