/**
 * Logging before signing: what is about to be signed is committed to in a log, and the proof of that becomes part of what
 * is signed. A key that was stolen then signs nothing unseen, where verifiers demand the proof.
 */
import { randomBytes } from '#crypto'
import { misuse } from '../core/arguments.js'
import { base64url, utf8 } from '../core/bytes.js'
import { canonicalJson } from '../core/canonical-json.js'
import type { CborMap } from '../core/cbor/value.js'
import type { JsonObject } from '../core/json.js'
import { VidimusError } from '../errors.js'
import {
  commitToPayload,
  type IssuanceProof,
  type LogProof,
  logProofHeader,
  logProofLabel,
  logSaltBytes,
} from '../formats/tlog/logged.js'

/** What is to be logged of a credential: nothing that tells what stands in it. */
export interface IssuanceCommitment {
  /** SHA-256 over a secret salt and the payload, base64url: the entry's `credentialDigest`. */
  readonly digest: string
  readonly format: 'dc+sd-jwt' | 'vc+sd-jwt' | 'vc+jwt' | 'mso_mdoc' | 'qr'
  /** The name of the passport's definition. */
  readonly passport: string
}

/**
 * Records that a credential is issued, and resolves once the log can prove it: with the entry, whose `credentialDigest` is
 * the commitment's digest, and its proof. `logIssuance` of `vidimus/audit` makes one.
 */
export type LogIssuance = (commitment: IssuanceCommitment) => Promise<LogProof>

/** A credential that is complete but for its signature. */
interface Unsigned extends Omit<IssuanceCommitment, 'digest'> {
  /** The log; absent where none is asked for. */
  readonly log: LogIssuance | undefined
  /** When it will say that it was signed. */
  readonly now: Date
}

/** Seconds that the log's clock may be ahead of the issuer's: what verifiers tolerate by default. */
const tolerance = 60

/** What logging adds to the header of a JWT with this payload; nothing without a log. Throws as `logPayload`. */
export async function logJwt(payload: string, { log, ...unsigned }: Unsigned): Promise<JsonObject> {
  return log === undefined ? {} : { [logProofHeader]: await logPayload(utf8(payload), log, unsigned) }
}

/**
 * The same for the protected header of a COSE_Sign1, where it stands as the JSON text. Throws as `logPayload`.
 */
export async function logSign1(payload: Uint8Array, { log, ...unsigned }: Unsigned): Promise<CborMap | undefined> {
  if (log === undefined) return undefined
  return new Map([[logProofLabel, canonicalJson(await logPayload(payload, log, unsigned))]])
}

/**
 * The proof that a payload was logged. Whether it holds is the log's own business here; an entry of something else, or one
 * that is later than verifiers forgive, is not signed with. Throws what the log throws, `log_entry_mismatch`,
 * `log_entry_too_late`.
 */
async function logPayload(
  payload: Uint8Array,
  log: LogIssuance,
  { format, passport, now }: Omit<Unsigned, 'log'>,
): Promise<JsonObject> {
  const salt = randomBytes(logSaltBytes)
  const digest = await commitToPayload(payload, salt)
  const { entry, hashes, checkpoint } = await log(Object.freeze({ digest, format, passport }))
  const { credentialDigest, time } = entry as JsonObject
  if (credentialDigest !== digest) throw new VidimusError('log_entry_mismatch', { at: 'credentialDigest' })
  if (!(new Date(time as string).getTime() <= now.getTime() + tolerance * 1000))
    throw new VidimusError('log_entry_too_late', { at: 'time' })
  const text = canonicalJson(entry as JsonObject)
  return { entry: text, hashes, checkpoint, salt: base64url(salt) } satisfies IssuanceProof
}

/** The caller's own log. Throws `TypeError`. */
export function expectLog(log: unknown): void {
  if (log !== undefined && typeof log !== 'function') throw misuse('log', 'a function such as logIssuance() makes')
}
