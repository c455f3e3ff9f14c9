/**
 * The status list token in its JWT form (Token Status List §5.1): made by an issuer, verified by one pure function.
 *
 * Whoever asks for a status, live or from an archive, comes through `verifyStatusListToken`.
 */

import type { AlgorithmName } from '../../core/algorithms.js'
import { expectText, misuse } from '../../core/arguments.js'
import { base64, base64url, fromBase64url } from '../../core/bytes.js'
import { fromSeconds, toSeconds } from '../../core/clock.js'
import type { Awaitable, PublicKey } from '../../core/crypto/backend.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { type DecodedJws, decodeJws, requireJwsAlgorithm, requireType, signJws, verifyJws } from '../../core/jws.js'
import type { Signer } from '../../core/keys.js'
import { type Limits, within } from '../../core/limits.js'
import { certificateDer } from '../../core/x509/certificate.js'
import { VidimusError } from '../../errors.js'
import { compressBits, inflateBits, isStatusBits, type StatusBits, sizeOfBits } from './bits.js'

/** The `typ` of the JWT form; with `application/` before it, its media type. */
const statusListType = 'statuslist+jwt'
export const statusListMediaType = 'application/statuslist+jwt'

export interface StatusListContent {
  /** Where the list is published; the token's subject. */
  readonly uri: string
  readonly bits: StatusBits
  readonly packed: Uint8Array
  readonly issuedAt: Date
  /** The first instant at which the list is no longer to be used. */
  readonly expires?: Date | undefined
  /** Seconds a verifier may keep the list before it asks again. */
  readonly ttl?: number | undefined
  readonly aggregationUri?: string | undefined
  /** The `iss` claim, for verifiers that look for one. */
  readonly issuer?: string | undefined
  /** Names its key in `kid`, and sends its certificate chain in `x5c` when it has one. */
  readonly signer: Signer
}

/**
 * A signed status list token. Instants are written in whole seconds. Throws `TypeError` or `RangeError` for content that a
 * verifier would refuse.
 */
export async function createStatusListToken(content: StatusListContent): Promise<string> {
  const { uri, bits, packed, issuedAt, expires, ttl, aggregationUri, issuer, signer } = content
  expectText(uri, 'uri')
  if (!isStatusBits(bits)) throw misuse('bits', '1, 2, 4 or 8')
  if (packed.length === 0) throw new RangeError('`packed` must hold at least one entry')
  if (expires !== undefined && toSeconds(expires) <= toSeconds(issuedAt))
    throw new RangeError('`expires` must be later than `issuedAt`')
  if (ttl !== undefined && !isDuration(ttl)) throw new RangeError('`ttl` must be a positive number of seconds')
  const chain = signer.x5c?.map(certificateText)
  return signJws(
    { typ: statusListType, kid: signer.kid, ...(chain === undefined ? {} : { x5c: chain }) },
    {
      ...(issuer === undefined ? {} : { iss: issuer }),
      sub: uri,
      iat: toSeconds(issuedAt),
      ...(expires === undefined ? {} : { exp: toSeconds(expires) }),
      ...(ttl === undefined ? {} : { ttl }),
      status_list: {
        bits,
        lst: base64url(await compressBits(packed)),
        ...(aggregationUri === undefined ? {} : { aggregation_uri: aggregationUri }),
      },
    },
    signer,
  )
}

/** An `x5c` entry: standard base64 of DER (RFC 7515 §4.1.6). */
function certificateText(certificate: string | Uint8Array): string {
  try {
    return base64(certificateDer(certificate))
  } catch {
    throw new TypeError('`signer.x5c` must hold certificates as PEM text or DER bytes')
  }
}

/** What a verifier demands of a status list token, and whom it believes. */
export interface ExpectedStatusList {
  /** The address in the credential, to the letter. */
  readonly uri: string
  /** The keys believed for this list, to be tried in order. */
  readonly signers: (token: DecodedJws) => Awaitable<readonly PublicKey[]>
  readonly now: Date
  /** Seconds. */
  readonly clockTolerance: number
  readonly algorithms: readonly AlgorithmName[]
  readonly limits: Limits
}

/** What a status list token says, before anyone believes it. */
export interface ParsedStatusList {
  readonly jws: DecodedJws
  /** The subject: the address the list claims to be for. */
  readonly uri: string
  readonly bits: StatusBits
  /** The compressed entries, base64url. */
  readonly lst: string
  readonly issuedAt: Date
  readonly notBefore?: Date | undefined
  /** The first instant at which the list is no longer to be used. */
  readonly expires?: Date | undefined
  /** Seconds. */
  readonly ttl?: number | undefined
}

/** A status list that a believed key signed. */
export interface VerifiedStatusList extends Omit<ParsedStatusList, 'lst'> {
  /** Still packed; `statusAt` reads it. */
  readonly packed: Uint8Array
  /** The number of entries. */
  readonly size: number
  /** The key that verified the token … */
  readonly key: PublicKey
  /** … and what the token calls it. */
  readonly keyId?: string | undefined
}

/**
 * Verifies a status list token: form, type, algorithm, subject, times, signature, and only then the list itself, inflated
 * up to a limit (Token Status List §8.3). How old a list may be, and which of two is newer, is the caller's question.
 *
 * Throws `input_not_text`, `limit_exceeded`, what `decodeJws` throws, `jws_type_mismatch`, `alg_not_allowed`,
 * `status_token_malformed`, `status_list_malformed`, `status_subject_mismatch`, `status_issued_in_future`,
 * `status_expired`, what `signers` throws, `status_signer_untrusted`, `status_signature_invalid`, `inflate_invalid`.
 */
export async function verifyStatusListToken(token: string, expected: ExpectedStatusList): Promise<VerifiedStatusList> {
  const { lst, ...parsed } = parseStatusListToken(token, expected.limits)
  requireJwsAlgorithm(parsed.jws, expected.algorithms)
  requireSubject(parsed, expected.uri)
  requireCurrent(parsed, expected)
  const key = await verifyingKey(parsed.jws, await expected.signers(parsed.jws))
  const packed = await inflateBits(fromBase64url(lst, 'lst'), expected.limits)
  if (packed.length === 0) throw malformedList('lst')
  const { kid } = parsed.jws.header
  return {
    ...parsed,
    packed,
    size: sizeOfBits(packed, parsed.bits),
    key,
    ...(typeof kid === 'string' ? { keyId: kid } : {}),
  }
}

/** Decodes a token and checks its shape. Nothing in the result is believed. Throws as `verifyStatusListToken` up to the shape. */
export function parseStatusListToken(token: string, limits: Limits): ParsedStatusList {
  if (typeof token !== 'string') throw new VidimusError('input_not_text')
  within(limits, 'statusTokenBytes', token.length)
  const jws = decodeJws(token, limits)
  requireType(jws, statusListType) // §5.1
  const { sub, iss, ttl, status_list: list } = jws.payload
  if (typeof sub !== 'string') throw malformedToken('sub')
  if (iss !== undefined && typeof iss !== 'string') throw malformedToken('iss')
  if (ttl !== undefined && !isDuration(ttl)) throw malformedToken('ttl')
  const issuedAt = readTime(jws.payload, 'iat')
  if (issuedAt === undefined) throw malformedToken('iat')
  return {
    jws,
    uri: sub,
    ...readList(list),
    issuedAt,
    notBefore: readTime(jws.payload, 'nbf'),
    expires: readTime(jws.payload, 'exp'),
    ttl,
  }
}

/** §4.2 */
function readList(list: JsonValue | undefined): { readonly bits: StatusBits; readonly lst: string } {
  if (!isJsonObject(list)) throw malformedList('status_list')
  const { bits, lst, aggregation_uri: aggregation } = list
  if (!isStatusBits(bits)) throw malformedList('bits')
  if (typeof lst !== 'string') throw malformedList('lst')
  if (aggregation !== undefined && typeof aggregation !== 'string') throw malformedList('aggregation_uri')
  return { bits, lst }
}

/**
 * The list must be for the address that was asked, to the letter (§8.3): otherwise any list of the issuer would do.
 * Throws `status_subject_mismatch`.
 */
export function requireSubject(list: Pick<ParsedStatusList, 'uri'>, uri: string): void {
  if (list.uri !== uri) throw new VidimusError('status_subject_mismatch', { at: 'sub' })
}

/** Holds the times of a list against the clock. Throws `status_issued_in_future`, `status_expired`. */
export function requireCurrent(
  list: Pick<ParsedStatusList, 'issuedAt' | 'notBefore' | 'expires'>,
  { now, clockTolerance }: Pick<ExpectedStatusList, 'now' | 'clockTolerance'>,
): void {
  const tolerance = clockTolerance * 1000
  const latest = now.getTime() + tolerance
  if (list.issuedAt.getTime() > latest) throw inFuture('iat')
  if (list.notBefore !== undefined && list.notBefore.getTime() > latest) throw inFuture('nbf')
  // RFC 7519 §4.1.4: the clock must stand before `exp`.
  if (list.expires !== undefined && list.expires.getTime() <= now.getTime() - tolerance)
    throw new VidimusError('status_expired', { at: 'exp' })
}

/** The first key, in the order given, that the signature holds under. */
export async function verifyingKey(jws: DecodedJws, keys: readonly PublicKey[]): Promise<PublicKey> {
  let refusal: unknown = new VidimusError('status_signer_untrusted')
  for (const key of keys) {
    try {
      await verifyJws(jws, key, 'status_signature_invalid')
      return key
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

/** The last second of the year 9999, since the epoch: what lies beyond is no date. */
export const endOfTime = 253_402_300_799

/** A NumericDate (RFC 7519 §2). */
function readTime(claims: JsonObject, name: string): Date | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || value < 0 || value > endOfTime) throw malformedToken(name)
  return fromSeconds(value)
}

const isDuration = (value: JsonValue): value is number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value)

const inFuture = (at: string) => new VidimusError('status_issued_in_future', { at })

const malformedToken = (at: string) => new VidimusError('status_token_malformed', { at })

const malformedList = (at: string) => new VidimusError('status_list_malformed', { at })
