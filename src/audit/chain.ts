/** The chain of entries, walked from its first link: what an auditor with the whole log checks. */
import { equalBytes } from '../core/bytes.js'
import type { Clock } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { type Checkpoint, decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { Frontier } from '../formats/tlog/frontier.js'
import { hashBytes } from '../formats/tlog/hash.js'
import { isBase64urlOf, isIndex } from './act.js'
import type { LogKey } from './checkpoint.js'
import { type AuditEntry, entryHash, firstLink, linkTo, readEntry } from './entry.js'
import { type CheckpointPolicy, readCheckpointOptions, requireCheckpoint, type WitnessPolicy } from './policy.js'
import { type AuditRefusal, verdictOf } from './verdict.js'

export interface VerifyChainOptions {
  /**
   * Where the chain has to end: a checkpoint out of your own keeping, or the `head` of an earlier verdict. Without it
   * entries missing at the end cannot be noticed.
   */
  readonly head?: string | undefined
  /** With a checkpoint as `head`: the key of the log, to verify the checkpoint as well. */
  readonly logKey?: LogKey | undefined
  /** With `logKey`: the witnesses that have to have cosigned the checkpoint. */
  readonly witnesses?: WitnessPolicy | undefined
  readonly now?: Clock | undefined
  /** The index of the first entry; by default 0. A checkpoint covers the whole log, so it needs all of it. */
  readonly from?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** The entries from `from` up to `size` follow one another without a gap. */
export interface VerifiedChain {
  readonly ok: true
  readonly from: number
  /** The index that the next entry will have. */
  readonly size: number
  /** The hash of the last entry, base64url; what the next entry names as `previous`. */
  readonly head: string
}

/**
 * Whether entries are all there, in order and unchanged, up to `head`. Takes a list or an async iterable such as
 * `log.entries()`, in one pass and constant memory; they may be anything, and iterating may fail: a refusal has one of
 * the codes `audit_entry_malformed`, `audit_chain_broken`, `checkpoint_…`.
 * @example const verdict = await verifyChain(log.entries(), { head: keptCheckpoint, logKey })
 */
export async function verifyChain(
  entries: unknown,
  options: VerifyChainOptions = {},
): Promise<VerifiedChain | AuditRefusal> {
  const { from, signal } = expectOptions(options)
  const policy = await readPolicy(options)
  return verdictOf(async () => {
    const end = await readHead(options.head, policy)
    const chain = new Chain(from)
    for await (const entry of iterate(entries)) {
      signal?.throwIfAborted()
      chain.add(readEntry(entry))
    }
    requireEnd(chain, end)
    return { ok: true, from, size: chain.next, head: chain.head }
  })
}

/** Entries one after the other, each held against the one before. */
export class Chain {
  private last: AuditEntry | undefined
  private readonly tree = new Frontier()
  private readonly from: number
  /** The hash of the last entry, base64url. */
  head = firstLink()

  constructor(from: number) {
    this.from = from
  }

  /** The index that the next entry must have. */
  get next(): number {
    return this.last === undefined ? this.from : this.last.index + 1
  }

  get isEmptyPart(): boolean {
    return this.from > 0 && this.last === undefined
  }

  /** The root of a tree of these entries. */
  get root(): Uint8Array {
    return this.tree.root()
  }

  /** Throws `audit_chain_broken`. */
  add(entry: AuditEntry): void {
    if (entry.index !== this.next) throw broken('index', this.next, entry.index)
    // What the first entry of a part follows is not in the part.
    const linked = this.last !== undefined || this.from === 0
    if (linked && entry.previous !== this.head) throw broken(`entry ${entry.index}`)
    if (this.last !== undefined && entry.time < this.last.time) throw broken(`time of entry ${entry.index}`)
    const hash = entryHash(entry)
    this.tree.append(hash)
    this.head = linkTo(hash)
    this.last = entry
  }
}

type Head = { readonly checkpoint: Checkpoint } | { readonly hash: string } | undefined

async function readPolicy({ logKey, witnesses, now }: VerifyChainOptions): Promise<CheckpointPolicy | undefined> {
  if (logKey === undefined) return undefined
  return (await readCheckpointOptions({ logKey, witnesses, now })).policy
}

async function readHead(head: string | undefined, policy: CheckpointPolicy | undefined): Promise<Head> {
  if (head === undefined) return undefined
  if (isHeadHash(head)) return { hash: head }
  return {
    checkpoint: policy === undefined ? decodeSignedCheckpoint(head) : await requireCheckpoint(head, policy),
  }
}

function requireEnd(chain: Chain, end: Head): void {
  // Of a part without entries nobody can say where it ends.
  if (chain.isEmptyPart) throw broken('entries')
  if (end === undefined) return
  if ('hash' in end) {
    if (chain.head !== end.hash) throw broken('head')
    return
  }
  const { size, root } = end.checkpoint
  if (chain.next !== size) throw broken('size', size, chain.next)
  if (!equalBytes(chain.root, root)) throw broken('root')
}

const isHeadHash = (head: string): boolean => isBase64urlOf(head, hashBytes)

/** The elements of whatever can be iterated. What fails inside another's iterator breaks the chain, it is not our error. */
export async function* iterate(entries: unknown): AsyncIterable<unknown> {
  try {
    yield* entries as AsyncIterable<unknown>
  } catch (error) {
    if (error instanceof VidimusError) throw error
    throw broken('entries')
  }
}

function expectOptions({ head, logKey, witnesses, from = 0, signal }: VerifyChainOptions) {
  if (head !== undefined && typeof head !== 'string') throw new TypeError('`head` must be a checkpoint or a hash')
  if (logKey !== undefined && (head === undefined || isHeadHash(head)))
    throw new TypeError('`logKey` goes with a checkpoint as `head`')
  if (witnesses !== undefined && logKey === undefined) throw new TypeError('`witnesses` goes with `logKey`')
  if (!isIndex(from)) throw new RangeError('`from` must be an index')
  if (from > 0 && head !== undefined && !isHeadHash(head))
    throw new TypeError('`head` must be the hash of an entry when `from` is not 0')
  return { from, signal }
}

const broken = (at: string, expected?: number, actual?: number) =>
  new VidimusError('audit_chain_broken', { at, expected, actual })
