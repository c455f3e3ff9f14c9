/**
 * A credential that was logged before it was signed: its payload was committed to in an entry of a log, and the entry, its
 * inclusion proof and a checkpoint travel in a protected header beside that payload. Our own extension; it is not critical,
 * so that whoever does not know it verifies the credential as any other.
 *
 * The commitment is SHA-256 over 32 random bytes and the payload as it is signed. The salt stays with the credential, so
 * that who reads the log alone can neither read nor guess what was issued.
 */
import { digest, digestText } from '#crypto'
import { concatBytes, equalBytes, fromBase64url, utf8 } from '../../core/bytes.js'
import { isCalendarDate } from '../../core/clock.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '../../core/json.js'
import { type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { hashBytes, leafPrefix, nodePrefix } from './hash.js'
import { sidesOfWay } from './inclusion.js'
import type { TreeHead } from './proof.js'

/** The name of the header parameter in JOSE, whose value is an `IssuanceProof`. */
export const logProofHeader = 'urn:vidimus:log-proof:1'

/**
 * The label in COSE, whose value is the JSON text of an `IssuanceProof`: of the range for private use (RFC 9052 §11.1), for
 * there are readers of mdocs that take labels for integers.
 */
export const logProofLabel = -9_162_001

export const logSaltBytes = 32

/** That an entry is in a log: what `log.proveInclusion` gives. */
export interface LogProof {
  /** The entry as the log has it. */
  readonly entry: object
  /** Its place in the log, which the entry repeats. */
  readonly index: number
  /** The sibling hashes on the way to the root, lowest first, base64url (RFC 9162 §2.1.3). */
  readonly hashes: readonly string[]
  /** The signed note that says what the root is. */
  readonly checkpoint: string
}

/** What the header holds, and nothing besides. */
export interface IssuanceProof extends Pick<LogProof, 'hashes' | 'checkpoint'> {
  /** The canonical JSON of the entry, as it is hashed; its `index` is its place in the log. */
  readonly entry: string
  /** Base64url of 32 bytes. */
  readonly salt: string
}

/** A proof out of a header, its members well formed and nothing of it believed. */
export interface ParsedIssuanceProof {
  /** As it is hashed … */
  readonly text: string
  /** … and what it says. */
  readonly entry: JsonObject
  readonly index: number
  readonly hashes: readonly Uint8Array[]
  readonly checkpoint: string
  readonly salt: Uint8Array
  /** When the entry was recorded. */
  readonly time: Date
}

/** The credential as it stands before it is signed. */
export interface LoggedContent {
  readonly format: string
  /** The bytes that are signed: of a JWT the JSON text, of an mdoc the content of its COSE_Sign1. */
  readonly payload: Uint8Array
}

/** The acts that a credential comes from. */
const issuing: readonly unknown[] = ['issue', 'reissue']

/** The commitment to a payload under its salt, base64url. */
export const commitToPayload = (payload: Uint8Array, salt: Uint8Array): Awaitable<string> =>
  digestText('sha-256', concatBytes(salt, payload))

/** The proof that a header holds. Throws `log_proof_missing`, `log_proof_malformed`, `limit_exceeded`. */
export function parseIssuanceProof(value: JsonValue | undefined, limits: Limits): ParsedIssuanceProof {
  if (value === undefined) throw new VidimusError('log_proof_missing')
  if (!isJsonObject(value)) throw malformed('proof')
  const { entry: text, hashes, checkpoint, salt, ...others } = value
  if (Object.keys(others).length > 0) throw malformed('proof')
  const entry = readEntry(text, limits)
  const { index } = entry
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || index < 0) throw malformed('index')
  if (!Array.isArray(hashes)) throw malformed('hashes')
  within(limits, 'proofEntries', hashes.length)
  if (typeof checkpoint !== 'string') throw malformed('checkpoint')
  return {
    text: text as string,
    entry,
    index,
    hashes: hashes.map(hash => readBytes(hash, hashBytes, 'hashes')),
    checkpoint,
    salt: readBytes(salt, logSaltBytes, 'salt'),
    time: readTime(entry['time']),
  }
}

/**
 * Demands that the entry stands in the tree, and that it records the issue of this credential and no other.
 * Throws `log_proof_invalid`, `log_entry_mismatch`.
 */
export async function requireLogged(
  proof: ParsedIssuanceProof,
  tree: TreeHead,
  { format, payload }: LoggedContent,
): Promise<void> {
  const { entry, salt } = proof
  if (!(await standsIn(tree, proof))) throw new VidimusError('log_proof_invalid', { at: 'hashes' })
  if (!issuing.includes(entry['kind'])) throw mismatch('kind')
  if (entry['format'] !== format) throw mismatch('format')
  if (entry['credentialDigest'] !== (await commitToPayload(payload, salt))) throw mismatch('credentialDigest')
}

/**
 * Demands that the entry was recorded no later than the credential says that it was signed: a key that was stolen today
 * issues nothing under an older date. Throws `log_entry_too_late`.
 */
export function requireLoggedBefore({ time }: ParsedIssuanceProof, latest: Date): void {
  if (time > latest) throw new VidimusError('log_entry_too_late', { at: 'time' })
}

/** `provesInclusion` with the platform's own hash, so that a page which verifies credentials carries no other. */
async function standsIn({ size, root }: TreeHead, { text, index, hashes }: ParsedIssuanceProof): Promise<boolean> {
  if (index >= size) return false
  const sides = sidesOfWay(index, size)
  if (sides.length !== hashes.length) return false
  let hash = await hashOf(leafPrefix, utf8(text))
  for (const [step, sibling] of hashes.entries())
    hash = await (sides[step] === 'left' ? hashOf(nodePrefix, sibling, hash) : hashOf(nodePrefix, hash, sibling))
  return equalBytes(hash, root)
}

const hashOf = (prefix: number, ...parts: readonly Uint8Array[]): Awaitable<Uint8Array> =>
  digest('sha-256', concatBytes(Uint8Array.of(prefix), ...parts))

function readEntry(text: JsonValue | undefined, limits: Limits): JsonObject {
  try {
    const entry = parseJsonObject(text as string, limits)
    if (entry['version'] === 1) return entry
  } catch {}
  throw malformed('entry')
}

function readBytes(value: JsonValue | undefined, length: number, at: string): Uint8Array {
  try {
    const bytes = fromBase64url(value as string)
    if (bytes.length === length) return bytes
  } catch {}
  throw malformed(at)
}

/** RFC 3339 in UTC to the second, as the log writes it. */
function readTime(value: JsonValue | undefined): Date {
  const form = /^.{10}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/
  if (typeof value !== 'string' || !form.test(value) || !isCalendarDate(value.slice(0, 10))) throw malformed('time')
  return new Date(value)
}

const malformed = (at: string) => new VidimusError('log_proof_malformed', { at })

const mismatch = (at: string) => new VidimusError('log_entry_mismatch', { at })
