/**
 * A credential that was logged before it was signed: its payload was committed to in an entry of a log, and the entry, its
 * inclusion proof and a checkpoint travel in a protected header beside that payload. Our own extension, under one name in
 * JOSE and COSE; it is not critical, so that whoever does not know it verifies the credential as any other.
 *
 * The commitment is SHA-256 over 32 random bytes and the payload as it is signed. The salt stays with the credential, so
 * that who reads the log alone can neither read nor guess what was issued.
 */
import { digestText } from '#crypto'
import { concatBytes, fromBase64url, utf8 } from '../../core/bytes.js'
import { canonicalJson } from '../../core/canonical-json.js'
import { isCalendarDate } from '../../core/clock.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { defaultLimits, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { hashBytes, leafHash } from './hash.js'
import { provesInclusion, type TreeHead } from './proof.js'

/** The name of the header parameter in JOSE, and its label in COSE. */
export const logProofHeader = 'urn:vidimus:log-proof:1'

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

/** What the header holds. */
export interface IssuanceProof extends LogProof {
  /** Base64url of 32 bytes. */
  readonly salt: string
}

/** A proof out of a header, its members well formed and nothing of it believed. */
export interface ParsedIssuanceProof {
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

const members: readonly string[] = ['entry', 'index', 'hashes', 'checkpoint', 'salt'] satisfies (keyof IssuanceProof)[]

/** The acts that a credential comes from. */
const issuing: readonly unknown[] = ['issue', 'reissue']

/** The commitment to a payload under its salt, base64url. */
export const commitToPayload = (payload: Uint8Array, salt: Uint8Array): Awaitable<string> =>
  digestText('sha-256', concatBytes(salt, payload))

/** The proof that a header holds. Throws `log_proof_missing`, `log_proof_malformed`, `limit_exceeded`. */
export function parseIssuanceProof(value: JsonValue | undefined, limits: Limits = defaultLimits): ParsedIssuanceProof {
  if (value === undefined) throw new VidimusError('log_proof_missing', { at: logProofHeader })
  if (!isJsonObject(value)) throw malformed('proof')
  for (const name of Object.keys(value)) if (!members.includes(name)) throw malformed('proof')
  const { entry, index, hashes, checkpoint, salt } = value
  if (!isJsonObject(entry) || entry['version'] !== 1) throw malformed('entry')
  if (!Number.isSafeInteger(index) || (index as number) < 0 || entry['index'] !== index) throw malformed('index')
  if (!Array.isArray(hashes)) throw malformed('hashes')
  within(limits, 'proofEntries', hashes.length)
  if (typeof checkpoint !== 'string') throw malformed('checkpoint')
  return {
    entry,
    index: index as number,
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
  const { entry, index, hashes, salt } = proof
  if (!provesInclusion(leafHash(utf8(canonicalJson(entry))), index, tree, hashes))
    throw new VidimusError('log_proof_invalid', { at: 'hashes' })
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
