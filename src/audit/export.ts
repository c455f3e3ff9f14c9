/**
 * A range of the log as files for auditors and for safekeeping: entries, their sums, and proofs that they are the log's.
 *
 * `SHA512SUMS` is what `sha512sum --check` reads. The log signs it: its digest stands in the entry that records the
 * export, and `export.json` proves that entry. `proof.json` proves the last entry of the range under the same checkpoint;
 * its hash binds all before it, for every entry names the hash of the one before.
 */
import { digest, digestText } from '#crypto'
import { misuse } from '../core/arguments.js'
import { fromUtf8, utf8 } from '../core/bytes.js'
import { type JsonObject, parseJsonObject } from '../core/json.js'
import { type Limits, readLimits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { isIndex } from './act.js'
import { Chain } from './chain.js'
import { decodeCheckpoint, type LogKey, readLogKeys } from './checkpoint.js'
import { type AuditEntry, entryHash, entryText, linkTo, parseEntry } from './entry.js'
import type { AuditLog } from './log.js'
import type { LongWork } from './mirror.js'
import { type VerifiedInclusion, verifyInclusion } from './proof.js'
import { type AuditRefusal, verdictOf } from './verdict.js'

/** Which entries leave the log as files, where the files go, and what the log records of it. */
export interface ExportOptions extends LongWork {
  /** Default: 0. */
  readonly from?: number | undefined
  /** Exclusive. Default, and at most: the size of the log. */
  readonly to?: number | undefined
  /** Takes each file as soon as it is made, so that no more than one is in memory; `files` of the answer is empty then. */
  readonly write?: ((file: ExportedFile) => Promise<void>) | undefined
  /** A word for the role. Default: `operator`. */
  readonly actor?: string | undefined
  /** Who it was: only a commitment is logged. */
  readonly actorId?: string | undefined
  /** A word. Default: `log_export`. */
  readonly reason?: string | undefined
  /** What for, a word. */
  readonly purpose?: string | undefined
}

/** A file of an export. */
export interface ExportedFile {
  /** `entries-0.jsonl` and so on, `SHA512SUMS`, `export.json`, `proof.json`. */
  readonly path: string
  readonly mediaType: string
  readonly body: Uint8Array
}

/** The files of an export, and the entry by which the log remembers it. */
export interface LogExport {
  readonly files: readonly ExportedFile[]
  /** The entry that records the export. It is not in the range. */
  readonly entry: AuditEntry
}

/** Whose export is expected, and what may be spent on it. */
export interface VerifyExportOptions {
  /** The key of the log, as it publishes it (`verifierKey`). */
  readonly logKey: LogKey
  readonly limits?: Partial<Limits> | undefined
  readonly signal?: AbortSignal | undefined
}

/** The files hold the entries `from` ≤ index < `to` of the log of `origin`, all of them and unchanged. */
export interface VerifiedExport {
  readonly ok: true
  readonly origin: string
  /** The signed checkpoint that the proofs lead to: worth keeping. */
  readonly checkpoint: string
  readonly from: number
  readonly to: number
  /** The hash of the last entry, base64url; what an export of the next range begins with as `previous`. */
  readonly head: string
  /** What the first entry names as `previous`: the `head` of the export of the range before. */
  readonly previous: string
  /** The entry that records the export. */
  readonly entry: AuditEntry
}

/** Entries of one file: at some 500 bytes each, a file that any tool opens. */
export const entriesPerFile = 10_000

/** A file of entries beyond this is not one of ours. */
const maxFileBytes = 64 * 1024 * 1024
/** Of the other files: proofs are small, and the manifest has a line for every file of entries. */
const maxTextBytes = 4 * 1024 * 1024

/**
 * Hands out a range of entries as files, and records that it did. The files hold nothing that the log does not hold:
 * commitments and words. What keys open stays in the store.
 * Throws `RangeError` for an empty range or one beyond the log, and as `log.append`.
 * @example for (const { path, body } of (await exportEntries(log, { from: 0, to: 5000 })).files) await writeFile(path, body)
 */
export async function exportEntries(log: AuditLog, options: ExportOptions = {}): Promise<LogExport> {
  const { signal, write, onProgress, actor = 'operator', actorId, reason = 'log_export', purpose } = options
  const { from, to } = readRange(options, decodeCheckpoint(await log.checkpoint({ signal })).size)
  const files: ExportedFile[] = []
  const hand = async (path: string, mediaType: string, body: Uint8Array): Promise<void> => {
    const file = Object.freeze({ path, mediaType, body })
    if (write === undefined) files.push(file)
    else await write(file)
  }
  const sums: string[] = []
  for (let start = from; start < to; start += entriesPerFile) {
    const stop = Math.min(start + entriesPerFile, to)
    const [path, body] = [entriesPath(sums.length), await linesOf(log, start, stop, signal)]
    sums.push(`${hex(await digest('sha-512', body))}  ${path}\n`)
    await hand(path, 'application/x-ndjson', body)
    onProgress?.({ done: stop - from, total: to - from })
  }
  const manifest = utf8(sums.join(''))
  await hand(manifestPath, 'text/plain', manifest)
  const manifestDigest = await digestText('sha-256', manifest)
  const act = { kind: 'export', actor, actorId, reason, purpose, rangeFrom: from, rangeTo: to, manifestDigest }
  const { index, entry } = await log.append(act, { signal })
  const checkpoint = await log.checkpoint({ signal })
  await hand('export.json', 'application/json', json(await log.proveInclusion(index, { checkpoint, signal })))
  await hand('proof.json', 'application/json', json(await log.proveInclusion(to - 1, { checkpoint, signal })))
  return Object.freeze({ files: Object.freeze(files), entry })
}

/**
 * Whether the files of an export hold what they say: a range of the log that the key is of, whole and unchanged, as it was
 * handed out. `read` gives the file of a path, or nothing where there is none; what it gives may be anything, what it
 * throws is thrown. That the log was not rewritten since is for `verifyConsistency` and a checkpoint kept outside to say.
 * A refusal has one of the codes `audit_export_malformed`, `audit_export_mismatch`, `audit_entry_malformed`,
 * `audit_chain_broken`, `audit_inclusion_invalid`, `audit_proof_malformed`, `checkpoint_…`, `json_…`, `limit_exceeded`.
 * @example const verdict = await verifyExport(path => readFile(join(folder, path)), { logKey })
 */
export async function verifyExport(
  read: (path: string) => unknown,
  options: VerifyExportOptions,
): Promise<VerifiedExport | AuditRefusal> {
  if (typeof read !== 'function') throw misuse('read', 'a function that gives the file of a path')
  const { logKey, signal } = options
  const limits = readLimits(options.limits)
  await readLogKeys(logKey)
  return verdictOf(async () => {
    const proof = await readProof(read, 'export.json', limits)
    const { entry, index, origin } = accepted(await verifyInclusion(proof, { logKey, limits }))
    const { from, to, manifestDigest } = readExportEntry(entry)
    if (index < to) throw mismatch('export.json')
    const lastProof = await readProof(read, 'proof.json', limits)
    const last = accepted(await verifyInclusion(lastProof, { logKey, limits }))
    const checkpoint = proof['checkpoint'] as string
    if (last.index !== to - 1 || lastProof['checkpoint'] !== checkpoint) throw mismatch('proof.json')
    const manifest = await readBytes(read, manifestPath, maxTextBytes)
    if ((await digestText('sha-256', manifest)) !== manifestDigest) throw mismatch(manifestPath)
    const sums = readManifest(manifest)
    if (sums.size !== Math.ceil((to - from) / entriesPerFile)) throw mismatch(manifestPath)
    const chain = new Chain(from)
    let previous: string | undefined
    for (const path of Array.from(sums, (_, part) => entriesPath(part))) {
      signal?.throwIfAborted()
      for (const exported of await readEntries(read, path, sums)) {
        chain.add(exported)
        previous ??= exported.previous
      }
    }
    const head = linkTo(entryHash(last.entry))
    if (previous === undefined || chain.head !== head) throw mismatch('entries')
    return { ok: true, origin, checkpoint, from, to, head, previous, entry }
  })
}

const manifestPath = 'SHA512SUMS'

const entriesPath = (part: number): string => `entries-${part}.jsonl`

function readRange({ from = 0, to }: ExportOptions, size: number): { from: number; to: number } {
  const end = to ?? size
  if (!isIndex(end) || end > size) throw new RangeError('`to` must be at most the size of the log')
  if (!isIndex(from) || from >= end) throw new RangeError('`from` must be an index below `to`')
  return { from, to: end }
}

async function linesOf(log: AuditLog, from: number, to: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const lines: string[] = []
  for await (const entry of log.entries({ from, to, signal })) lines.push(`${entryText(entry)}\n`)
  return utf8(lines.join(''))
}

const json = (value: object): Uint8Array => utf8(`${JSON.stringify(value)}\n`)

const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

/** The verdict in favour, or the refusal as an error. */
function accepted(verdict: VerifiedInclusion | AuditRefusal): VerifiedInclusion {
  if (!verdict.ok) throw new VidimusError(verdict.code, verdict)
  return verdict
}

const readProof = async (read: (path: string) => unknown, path: string, limits: Limits): Promise<JsonObject> =>
  parseJsonObject(await readBytes(read, path, maxTextBytes), limits)

async function readBytes(read: (path: string) => unknown, path: string, limit: number): Promise<Uint8Array> {
  const body = await read(path)
  if (!(body instanceof Uint8Array)) throw malformed(path)
  if (body.length > limit) throw new VidimusError('limit_exceeded', { at: path, expected: limit, actual: body.length })
  return body
}

/** The members of an `export` entry, which the log has checked when it wrote them; a forger's log may not have. */
function readExportEntry(entry: AuditEntry) {
  const { kind, rangeFrom: from, rangeTo: to, manifestDigest } = entry
  if (kind !== 'export' || from === undefined || to === undefined || manifestDigest === undefined)
    throw malformed('export.json')
  return { from, to, manifestDigest }
}

/** The sums of files by path. */
function readManifest(manifest: Uint8Array): ReadonlyMap<string, string> {
  const lines = fromUtf8(manifest, manifestPath).split('\n')
  if (lines.pop() !== '') throw malformed(manifestPath)
  const sums = new Map<string, string>()
  for (const line of lines) {
    const [, sum, path] = /^([0-9a-f]{128}) {2}([\w.-]+)$/.exec(line) ?? []
    if (sum === undefined || path === undefined || sums.has(path)) throw malformed(manifestPath)
    sums.set(path, sum)
  }
  return sums
}

/** The entries of a file whose sum is that of the manifest. */
async function readEntries(
  read: (path: string) => unknown,
  path: string,
  sums: ReadonlyMap<string, string>,
): Promise<AuditEntry[]> {
  const body = await readBytes(read, path, maxFileBytes)
  if (hex(await digest('sha-512', body)) !== sums.get(path)) throw mismatch(path)
  const lines = fromUtf8(body, path).split('\n')
  if (lines.pop() !== '') throw malformed(path)
  return lines.map(parseEntry)
}

const malformed = (at: string) => new VidimusError('audit_export_malformed', { at })

const mismatch = (at: string) => new VidimusError('audit_export_mismatch', { at })
