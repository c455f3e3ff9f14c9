/**
 * A monitor: it follows a log through its published files and says what is wrong with it.
 *
 * Each look goes on from the checkpoint of the last one. What was seen once is not given up: a log that shows something else
 * is reported at every look, until it shows again what it showed. What a monitor knows is plain data that its caller keeps.
 */
import { expectObject, misuse } from '../core/arguments.js'
import { equalBytes, fromUtf8 } from '../core/bytes.js'
import { isCalendarDate, readClock } from '../core/clock.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { type Checkpoint, decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { tileWidth } from '../formats/tlog/tile.js'
import { TileTree } from '../formats/tlog/tile-tree.js'
import { isIndex } from './act.js'
import { type AuditEntry, endAfter, firstLink, type LogEnd, linkTo } from './entry.js'
import type { LogReader } from './log-reader.js'
import { type CheckpointOptions, type CheckpointPolicy, readCheckpointOptions, requireCheckpoint } from './policy.js'
import { entryOfLeaf } from './tile-proofs.js'

/** What a monitor knows between two looks: plain JSON. Whoever can change it can make the monitor forget. */
export interface MonitorState {
  readonly version: 1
  /** The latest checkpoint that continued all before it. */
  readonly checkpoint: string
  /** How many entries were given out: the next one has this index. */
  readonly next: number
  /** The time of the last of them, if any was. */
  readonly time?: string | undefined
  /** When the log was first seen at the size of the checkpoint, RFC 3339 in UTC. */
  readonly grownAt: string
  /** When the log was last found to be in order, RFC 3339 in UTC. */
  readonly checkedAt: string
}

export interface MonitorOptions extends Omit<CheckpointOptions, 'limits'> {
  /** Reads the published files: `logReader(url, { fetch })`, or any function that has them. */
  readonly read: LogReader
  /** The state of the last look. Without it the log is read from its first entry. */
  readonly state?: MonitorState | undefined
  /** Without `state`: a checkpoint out of your own keeping to begin from; the entries that it covers are not read. */
  readonly from?: string | undefined
  /** Seconds after which a log that did not grow, or a monitor that could not check it, is reported. Without it neither is. */
  readonly maxStaleness?: number | undefined
  /** The most entries that one look gives out: 10,000 by default. More are left to the next. */
  readonly maxEntries?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Something that is wrong. `explain(finding, catalogue)` puts it into words. */
export interface MonitorFinding {
  readonly code: ErrorCode
  readonly at?: string | undefined
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
  /** Of a fork or a rollback: two checkpoints that the log has signed and cannot both mean. Keep them. */
  readonly evidence?: { readonly held: string; readonly shown: string } | undefined
}

export interface MonitorReport {
  /** Whether nothing was found. */
  readonly ok: boolean
  readonly findings: readonly MonitorFinding[]
  /** New entries in the order of the log, each held against the checkpoint and the entry before. */
  readonly entries: readonly AuditEntry[]
  /** How many entries of the checkpoint are left to the next look. */
  readonly remaining: number
  /** What to keep for the next look; `undefined` while nothing could be believed yet. */
  readonly state: MonitorState | undefined
}

/**
 * Looks at a log once: whether its checkpoint is signed and continues the last one, and which entries are new. What is
 * found is data, with the codes
 *
 * - `log_forked`: another history than before; `log_rolled_back`: an earlier state of the same one
 * - `audit_tile_missing`: files or entries that should be there are not; `audit_tile_invalid`: they are others
 * - `audit_chain_broken`, `audit_entry_malformed`: the log has committed to entries that it should not have
 * - `checkpoint_…`, `limit_exceeded`: the checkpoint is not the log's, or has too few witnesses
 * - `log_unreachable`, `log_response_invalid`, `log_uri_refused`: nothing could be seen
 * - `log_stale`: it did not grow for too long; `monitor_stale`: no look found it in order for too long
 *
 * Never rejects for what a log shows; rejects with the signal's reason, and throws `TypeError` or `RangeError` for options
 * that do not fit.
 * @example const { findings, entries, state } = await monitorLog({ read: logReader(url, { fetch }), logKey, state: kept })
 */
export async function monitorLog(options: MonitorOptions): Promise<MonitorReport> {
  const settings = await readSettings(options)
  const look = new Look(settings)
  await look.run()
  return look.report()
}

interface Settings {
  readonly read: LogReader
  readonly policy: CheckpointPolicy
  readonly known: Known | undefined
  readonly maxStaleness: number
  readonly maxEntries: number
  readonly now: Date
  readonly signal: AbortSignal | undefined
}

/** A state, read. */
interface Known extends MonitorState {
  readonly head: Checkpoint
}

class Look {
  private readonly settings: Settings
  private readonly findings: MonitorFinding[] = []
  private readonly entries: AuditEntry[] = []
  private known: Known | undefined

  constructor(settings: Settings) {
    this.settings = settings
    this.known = settings.known
  }

  async run(): Promise<void> {
    const tree = await this.attempt(() => this.follow())
    if (tree !== undefined) await this.attempt(() => this.take(tree))
    this.reportStaleness()
  }

  report(): MonitorReport {
    const { known } = this
    return Object.freeze({
      ok: this.findings.length === 0,
      findings: Object.freeze(this.findings.map(finding => Object.freeze(finding))),
      entries: Object.freeze(this.entries),
      remaining: known === undefined ? 0 : known.head.size - known.next,
      state: known && stateOf(known),
    })
  }

  /** What `work` comes to, or the finding that it ends with. */
  private async attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { signal } = this.settings
    try {
      signal?.throwIfAborted()
      return await work()
    } catch (error) {
      signal?.throwIfAborted()
      // What a reader throws of its own says that it could not read.
      this.found(error instanceof VidimusError ? error : new VidimusError('log_unreachable'))
      return undefined
    }
  }

  private found({ code, at, expected, actual }: VidimusError, evidence?: MonitorFinding['evidence']): void {
    const named = Object.entries({ at, expected, actual, evidence }).filter(([, value]) => value !== undefined)
    this.findings.push({ code, ...Object.fromEntries(named) })
  }

  /** Reads the checkpoint and holds it against the last one. The tree of the log, unless it is another history. */
  private async follow(): Promise<TileTree | undefined> {
    const { known } = this
    const shown = await this.fetchCheckpoint()
    const head = await requireCheckpoint(shown, this.settings.policy)
    const tree = this.treeOf(head)
    if (known === undefined) {
      await tree.root(head.size)
    } else {
      if (head.origin !== known.head.origin)
        throw new VidimusError('checkpoint_origin_mismatch', { at: 'origin', expected: known.head.origin })
      const fault = await this.compare(known, head, tree)
      if (fault !== undefined) {
        this.found(fault, { held: known.checkpoint, shown })
        return undefined
      }
    }
    this.advance(shown, head)
    return tree
  }

  private async fetchCheckpoint(): Promise<string> {
    const { read, signal } = this.settings
    const bytes = await read('checkpoint', { signal })
    if (bytes === undefined) throw new VidimusError('audit_tile_missing', { at: 'checkpoint' })
    return fromUtf8(bytes, 'checkpoint')
  }

  private treeOf(head: Checkpoint): TileTree {
    const { read, signal } = this.settings
    return new TileTree(head, path => {
      signal?.throwIfAborted()
      return read(path, { signal })
    })
  }

  /** How the log contradicts what is known, if it does. Throws what keeps that from being known. */
  private async compare(known: Known, head: Checkpoint, tree: TileTree): Promise<VidimusError | undefined> {
    const { size, root } = known.head
    if (head.size < size) {
      // The tiles of what is known tell an old copy of the same history from another one, if they are still there.
      const before = await this.treeOf(known.head)
        .root(head.size)
        .catch(() => head.root)
      this.settings.signal?.throwIfAborted()
      if (!equalBytes(before, head.root)) return new VidimusError('log_forked', { at: 'root' })
      return new VidimusError('log_rolled_back', { at: 'size', expected: size, actual: head.size })
    }
    // The checkpoint alone says it where the sizes are the same; else the tiles have to.
    const before = head.size === size ? head.root : await tree.root(size)
    return equalBytes(before, root) ? undefined : new VidimusError('log_forked', { at: 'root' })
  }

  private advance(checkpoint: string, head: Checkpoint): void {
    const { known } = this
    const now = this.settings.now.toISOString()
    const grownAt = known !== undefined && known.head.size === head.size ? known.grownAt : now
    const checkedAt = known !== undefined && known.checkedAt > now ? known.checkedAt : now
    const { next = 0, time } = known ?? {}
    this.known = { version: 1, checkpoint, head, next, time, grownAt, checkedAt }
  }

  /** Takes in new entries, as many as one look gives out, bundle by bundle. */
  private async take(tree: TileTree): Promise<void> {
    const { next, time = '', head } = this.known as Known
    const until = Math.min(head.size, next + this.settings.maxEntries)
    if (until === next) return
    let end: LogEnd = { next, time, link: next === 0 ? firstLink() : linkTo(await tree.leaf(next - 1)) }
    while (end.next < until) {
      const first = Math.floor(end.next / tileWidth) * tileWidth
      const bundle = await tree.entries(first / tileWidth)
      for (const leaf of bundle.slice(end.next - first, until - first)) {
        const entry = entryOfLeaf(leaf, end.next)
        requireLink(entry, end)
        end = endAfter(entry, await tree.leaf(entry.index))
        this.entries.push(entry)
        this.known = { ...(this.known as Known), next: end.next, time: end.time }
      }
    }
  }

  private reportStaleness(): void {
    const { known } = this
    const { maxStaleness, now } = this.settings
    if (known === undefined) return
    const age = (time: string) => Math.floor((now.getTime() - Date.parse(time)) / 1000)
    const stale = (code: ErrorCode, time: string) => {
      if (age(time) > maxStaleness) this.found(new VidimusError(code, { expected: maxStaleness, actual: age(time) }))
    }
    stale('log_stale', known.grownAt)
    stale('monitor_stale', known.checkedAt)
  }
}

function requireLink({ index, previous, time }: AuditEntry, end: LogEnd): void {
  if (previous !== end.link) throw new VidimusError('audit_chain_broken', { at: `entry ${index}` })
  if (time < end.time) throw new VidimusError('audit_chain_broken', { at: `time of entry ${index}` })
}

const stateOf = ({ version, checkpoint, next, time, grownAt, checkedAt }: Known): MonitorState =>
  Object.freeze({ version, checkpoint, next, ...(time === undefined ? {} : { time }), grownAt, checkedAt })

async function readSettings(options: MonitorOptions): Promise<Settings> {
  expectObject(options, 'options')
  const { read, state, from, maxStaleness = Number.POSITIVE_INFINITY, maxEntries = 10_000, signal } = options
  const { logKey, witnesses, now } = options
  if (typeof read !== 'function') throw misuse('read', 'a function')
  if (state !== undefined && from !== undefined) throw misuse('from', 'left out when there is a `state`')
  if (typeof maxStaleness !== 'number' || !(maxStaleness > 0)) throw new RangeError('`maxStaleness` must be positive')
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1)
    throw new RangeError('`maxEntries` must be a positive integer')
  const { policy } = await readCheckpointOptions({ logKey, witnesses, now })
  const today = readClock(now)
  const known = state === undefined ? from && beginFrom(from, today) : readState(state)
  return { read, policy, known: known || undefined, maxStaleness, maxEntries, now: today, signal }
}

/** The state of a monitor that has seen a checkpoint and none of its entries. */
function beginFrom(checkpoint: string, now: Date): Known {
  const head = readOwnCheckpoint(checkpoint, 'from')
  const at = now.toISOString()
  return { version: 1, checkpoint, head, next: head.size, grownAt: at, checkedAt: at }
}

function readState(state: MonitorState): Known {
  const { version, checkpoint, next, time, grownAt, checkedAt } = Object(state) as Partial<MonitorState>
  if (version !== 1) throw misuse('state', 'the state of a report')
  const head = readOwnCheckpoint(checkpoint, 'state.checkpoint')
  if (!isIndex(next) || next > head.size) throw misuse('state.next', 'at most the size of its checkpoint')
  if (time !== undefined && typeof time !== 'string') throw misuse('state.time', 'a time')
  if (!isInstant(grownAt)) throw misuse('state.grownAt', 'a time')
  if (!isInstant(checkedAt)) throw misuse('state.checkedAt', 'a time')
  return { version, checkpoint: checkpoint as string, head, next, time, grownAt, checkedAt }
}

/** A checkpoint that was believed before; its signatures were verified then. */
function readOwnCheckpoint(checkpoint: unknown, argument: string): Checkpoint {
  try {
    return decodeSignedCheckpoint(checkpoint as string)
  } catch {
    throw misuse(argument, 'the text of a checkpoint')
  }
}

/** As `Date.prototype.toISOString` writes it. */
const isInstant = (value: unknown): value is string =>
  typeof value === 'string' && isCalendarDate(value.slice(0, 10)) && new Date(value).toJSON() === value
