/**
 * The log as it is asked for over HTTP: its files (C2SP tlog-tiles), and for those who read no tiles its entries and proofs.
 *
 * Everything is made of the files, each held against the checkpoint, so that a log and a folder of what it published are
 * served alike, and a history, which is personal data, is not within reach.
 */

import type { LogReader } from '../audit/log-reader.js'
import { consistencyIn, entryOfLeaf, inclusionIn } from '../audit/tile-proofs.js'
import { checkpointPath, forEver, servedAs } from '../audit/tiles.js'
import { expectNoMore, expectObject, misuse } from '../core/arguments.js'
import { concatBytes, fromUtf8, utf8 } from '../core/bytes.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { VidimusError } from '../errors.js'
import { decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { parseTilePath, tileWidth } from '../formats/tlog/tile.js'
import { TileTree } from '../formats/tlog/tile-tree.js'
import {
  type Base,
  busy,
  costly,
  documentHandler,
  expectCounts,
  expectFunctions,
  type Found,
  failure,
  heeded,
  malformed,
  pathBelow,
  type Refusal,
  type RequestHandler,
  readBase,
  unknown,
} from './answer.js'
import type { Costly } from './costly.js'

/** Whoever has the files of a log: the log itself, or what reads a folder or another host, such as a `logReader`. */
export type AuditLogSource =
  | LogReader
  | {
      file(
        path: string,
        options?: { readonly signal?: AbortSignal | undefined },
      ): Awaitable<{ readonly body: string | Uint8Array } | undefined>
    }

/** Where a log is asked for, and how much an answer may be. */
export interface AuditLogHandlerOptions {
  /** Where the log stands for the world. The host of a request is not looked at. */
  readonly baseUri: string
  /** How many entries one answer may have besides bundles: 256 by default. */
  readonly maxEntries?: number | undefined
  /**
   * How many answers that cost work, which are proofs, ranges of entries and compressed bundles, are made at once (2 by default);
   * eight times as many may wait, the rest is told to come back or gets its bundle uncompressed.
   */
  readonly atOnce?: number | undefined
  /** How many proofs, and how many compressed answers, are kept in memory: 32 by default. */
  readonly kept?: number | undefined
  /** Told what the source threw. The answer says nothing of it. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/**
 * Answers GET and HEAD for a log, below the path of `baseUri`:
 *
 * - `checkpoint`, `tile/0/000`, `tile/entries/000.p/7`: its files (C2SP tlog-tiles)
 * - `entries/<from>/<to>`: the entries with `from` ≤ index < `to`, one JSON text to a line, as `verifyChain` reads them
 * - `proof/inclusion/<index>`: the `InclusionProof` of an entry under the checkpoint of now
 * - `proof/consistency/<from>/<to>`: the `ConsistencyProof` between two sizes
 *
 * There is one address for one thing: no query, no leading zero. What an address says for good may be kept for good; a checkpoint
 * and what is proven under it is asked for anew, by its entity tag. Any page may read the answers, bundles and entries are compressed
 * for those who ask. Never throws for a request: 304, 400 (`invalid_request`; `limit_exceeded` for too many entries), 404 (what the
 * log has not, or not yet), 405, 406, 500, 503 with `retry-after`. A refusal is `{ "error": … }`.
 *
 * No signature is verified: whoever asks does that. Throws `TypeError` or `RangeError` for options that do not fit.
 * @example const handler = auditLogHandler(log, { baseUri: 'https://log.example/passports' })
 */
export function auditLogHandler(source: AuditLogSource, options: AuditLogHandlerOptions): RequestHandler {
  const settings = readSettings(source, options)
  const log = new ServedLog(settings)
  return documentHandler(request => log.find(request), { ...settings, refusalFor })
}

interface Settings extends Base {
  readonly read: LogReader
  readonly maxEntries: number
  readonly atOnce: number
  readonly kept: number
  readonly onError: (error: unknown) => void
}

function readSettings(source: AuditLogSource, options: AuditLogHandlerOptions): Settings {
  expectObject(options, 'options')
  const { baseUri, maxEntries = tileWidth, atOnce = 2, kept = 32, onError = () => {}, ...rest } = options
  expectNoMore(rest, 'options')
  expectCounts({ maxEntries, atOnce, kept })
  expectFunctions({ onError })
  return { read: readerOf(source), ...readBase(baseUri), maxEntries, atOnce, kept, onError: heeded(onError) }
}

function readerOf(source: AuditLogSource): LogReader {
  if (typeof source === 'function') return source
  if (typeof source?.file !== 'function') throw misuse('source', 'a log, or a function that reads its files')
  return async (path, options) => {
    const body = (await source.file(path, options))?.body
    return typeof body === 'string' ? utf8(body) : body
  }
}

/** What is asked besides files. Numbers are safe integers. */
type Question =
  | { readonly of: 'entries'; readonly from: number; readonly to: number }
  | { readonly of: 'inclusion'; readonly index: number }
  | { readonly of: 'consistency'; readonly from: number; readonly to: number }

const tooMany: Refusal = { status: 400, error: 'limit_exceeded' }

class ServedLog {
  private readonly settings: Settings
  private readonly proofs: Costly<string>
  private readonly entries: Costly<Uint8Array | undefined>
  /** The tree of the checkpoint that was read last. */
  private last: { readonly checkpoint: string; readonly tree: TileTree } | undefined

  constructor(settings: Settings) {
    this.settings = settings
    this.proofs = costly(settings)
    this.entries = costly(settings)
  }

  async find({ url, signal }: Request): Promise<Found | Refusal> {
    const path = pathBelow(this.settings, new URL(url).pathname)
    if (path === undefined) return unknown
    if (url.includes('?')) return malformed
    if (path === checkpointPath || parseTilePath(path) !== undefined) return this.file(path, signal)
    const question = readQuestion(path)
    if (question === undefined) return unknown
    return this.refusal(question) ?? this.answer(path, question, signal)
  }

  private async file(path: string, signal: AbortSignal): Promise<Found | Refusal> {
    // A log has hashes and the checkpoint at hand, and reads the entries of a bundle one by one. Hashes do not compress.
    const isBundle = path.startsWith('tile/entries/')
    const read = async () => this.settings.read(path, isBundle ? {} : { signal })
    const made = isBundle ? this.made(path, read) : read()
    if (made === undefined) return busy
    const body = await made
    return body === undefined ? unknown : { body, ...servedAs(path), compressible: isBundle }
  }

  /** Entries, which are large and need not be kept here: whoever asked keeps them. */
  private made(path: string, work: () => Promise<Uint8Array | undefined>) {
    return this.entries.get(path, work, () => false)
  }

  /** What no log has, however large. */
  private refusal(question: Question): Refusal | undefined {
    if (question.of === 'entries') {
      if (question.from >= question.to) return malformed
      if (question.to - question.from > this.settings.maxEntries) return tooMany
    }
    return question.of === 'consistency' && (question.from < 1 || question.from > question.to) ? malformed : undefined
  }

  /** Those who ask at once share an answer, so no request's own signal ends it. */
  private async answer(path: string, question: Question, signal: AbortSignal): Promise<Found | Refusal> {
    const now = await this.now(signal)
    if (now === undefined) return unknown
    const { checkpoint, tree } = now
    const { of } = question
    if ((of === 'inclusion' ? question.index + 1 : question.to) > tree.head.size) return unknown
    if (of === 'entries') {
      const body = await this.made(path, () => entryLines(tree, question))
      return body === undefined ? busy : { body, mediaType: lines, cacheControl: forEver, compressible: true }
    }
    if (of === 'consistency') {
      const prove = async () => JSON.stringify(await consistencyIn(tree, question.from, question.to))
      const body = await this.proofs.get(path, prove)
      return body === undefined ? busy : { body, mediaType: json, cacheControl: forEver, compressible: false }
    }
    const prove = async () => JSON.stringify(await inclusionIn(tree, question.index, checkpoint))
    const body = await this.proofs.get(`${path}\n${checkpoint}`, prove)
    const { cacheControl } = servedAs(checkpointPath)
    return body === undefined ? busy : { body, mediaType: json, cacheControl, compressible: false }
  }

  /** The checkpoint as it stands, and its tree; `undefined` where nothing was published. */
  private async now(signal: AbortSignal) {
    const bytes = await this.settings.read(checkpointPath, { signal })
    if (bytes === undefined) return undefined
    const checkpoint = fromUtf8(bytes, checkpointPath)
    if (this.last?.checkpoint !== checkpoint) {
      const tree = new TileTree(decodeSignedCheckpoint(checkpoint), path => this.settings.read(path))
      this.last = { checkpoint, tree }
    }
    return this.last
  }
}

const lines = 'application/x-ndjson'
const json = 'application/json'

function readQuestion(path: string): Question | undefined {
  const [, of, first, second] =
    /^(entries|proof\/inclusion|proof\/consistency)\/(0|[1-9]\d{0,15})(?:\/(0|[1-9]\d{0,15}))?$/.exec(path) ?? []
  const [from, to] = [Number(first), Number(second)]
  if (!Number.isSafeInteger(from)) return undefined
  if (second === undefined) return of === 'proof/inclusion' ? { of: 'inclusion', index: from } : undefined
  if (!Number.isSafeInteger(to) || of === 'proof/inclusion') return undefined
  return { of: of === 'entries' ? of : 'consistency', from, to }
}

/** Entries as the leaves of the tree that they are, each behind it a newline. */
async function entryLines(tree: TileTree, { from, to }: { from: number; to: number }): Promise<Uint8Array> {
  const newline = utf8('\n')
  const parts: Uint8Array[] = []
  for (let first = from - (from % tileWidth); first < to; first += tileWidth) {
    const bundle = await tree.entries(first / tileWidth)
    const leaves = bundle.slice(Math.max(from - first, 0), to - first)
    for (const [at, leaf] of leaves.entries()) {
      entryOfLeaf(leaf, Math.max(from, first) + at)
      parts.push(leaf, newline)
    }
  }
  return concatBytes(...parts)
}

/** A host that is read in turn may be away for a while. */
const refusalFor = (error: unknown): Refusal =>
  error instanceof VidimusError && error.code === 'log_unreachable' ? busy : failure(error)
