/**
 * The status list token (Token Status List §5): what its two forms share, and the one pure function that verifies it.
 *
 * Whoever asks for a status, live or from an archive, comes through `verifyStatusListToken`. The form is handed in, so
 * that who reads JWTs carries no CBOR.
 */

import type { AlgorithmName } from '../../core/algorithms.js'
import { fromSeconds, secondsBetween } from '../../core/clock.js'
import type { Awaitable, PublicKey } from '../../core/crypto/backend.js'
import { type Limits, within } from '../../core/limits.js'
import type { SignerHints } from '../../core/signer-hints.js'
import { VidimusError } from '../../errors.js'
import { inflateBits, isStatusBits, type StatusBits, sizeOfBits, statusAt } from './bits.js'

/** One form of the token: `statusListJwt`, `statusListCwt`, or one of `bitstringForms`. */
export interface StatusTokenForm {
  /** What a list in this form is served as (§8.1, §8.2). */
  readonly mediaType: StatusMediaType
  /**
   * Decodes a token and checks its shape; nothing in the result is believed. The token is text in either form, so that
   * caches, snapshots and evidence hold text: a JWT as it is, a CWT in base64url without padding.
   */
  parse(token: string, limits: Limits): ParsedStatusList
  /**
   * The entries, packed as in a Token Status List, where the form has them otherwise. Throws `inflate_invalid`,
   * `status_list_malformed`, and `limit_exceeded` naming `statusListBytes`.
   */
  unfold?(lst: Uint8Array, limits: Limits): Promise<Uint8Array>
  /** What an entry says, where the form does not have it in the numbers of §7.1. Throws as `statusOf`. */
  statusAt?(list: VerifiedStatusList, index: number): number
}

export const jwtMediaType = 'application/statuslist+jwt'
export const cwtMediaType = 'application/statuslist+cwt'

export const vcMediaType = 'application/vc+jwt'

export type StatusMediaType = typeof jwtMediaType | typeof cwtMediaType | typeof vcMediaType

/** What a status list token says, before anyone believes it. */
export interface ParsedStatusList extends ParsedClaims {
  /** What the token says of its signer. Throws `alg_not_allowed`, and what is wrong with the rest of its header. */
  hints(allowed: readonly AlgorithmName[]): SignerHints
  /** Throws `status_signature_invalid`, and `alg_not_allowed` for a key of another algorithm. */
  verify(key: PublicKey): Promise<void>
}

export interface ParsedClaims {
  /** The subject: the address the list claims to be for. */
  readonly uri: string
  readonly bits: StatusBits
  /** The entries, compressed. */
  readonly lst: Uint8Array
  readonly issuedAt: Date
  readonly notBefore?: Date | undefined
  /** The first instant at which the list is no longer to be used. */
  readonly expires?: Date | undefined
  /** Seconds. */
  readonly ttl?: number | undefined
  /** What the entries of a Bitstring Status List say something of. */
  readonly purposes?: readonly string[] | undefined
}

/** What a verifier demands of a status list token, and whom it believes. */
export interface ExpectedStatusList {
  readonly form: StatusTokenForm
  /** The address in the credential, to the letter. */
  readonly uri: string
  /** The keys believed for this list, to be tried in order. */
  readonly signers: (hints: SignerHints) => Awaitable<readonly PublicKey[]>
  readonly now: Date
  /** Seconds. */
  readonly clockTolerance: number
  readonly algorithms: readonly AlgorithmName[]
  readonly limits: Limits
}

/** A status list that a believed key signed. */
export interface VerifiedStatusList extends Omit<ParsedStatusList, 'lst'> {
  /** Of the form it came in. */
  readonly mediaType: StatusMediaType
  /** Still packed, from the least significant bit of each byte; `statusOf` reads it. */
  readonly packed: Uint8Array
  /** The number of entries. */
  readonly size: number
  /** The key that verified the token … */
  readonly key: PublicKey
  /** … and what the token calls it. */
  readonly keyId?: string | undefined
}

/**
 * Compressed bytes that are looked at: as many as twenty million entries of noise. Blocks that unfold to nothing cost a core
 * 70 ns for each byte even in zlib, and a hostile list may cost it 250 ms.
 */
export const mostCompressed = 2_621_440

/**
 * Verifies a status list token: form, type, algorithm, subject, times, signature, and only then the list itself, inflated
 * up to a limit (Token Status List §8.3). How old a list may be, and which of two is newer, is the caller's question.
 *
 * Throws `input_not_text`, `limit_exceeded`, `encoding_invalid`, what `decodeJws` throws and `jws_type_mismatch`, or what
 * `readCbor` and `readSign1` throw; `alg_not_allowed`, `status_token_malformed`, `status_list_malformed`,
 * `status_subject_mismatch`, `status_issued_in_future`, `status_expired`, what `signers` throws,
 * `status_signer_untrusted`, `status_signature_invalid`, `inflate_invalid`.
 */
export async function verifyStatusListToken(token: string, expected: ExpectedStatusList): Promise<VerifiedStatusList> {
  const { form, limits, uri } = expected
  if (typeof token !== 'string') throw new VidimusError('input_not_text')
  within(limits, 'statusTokenBytes', token.length)
  const { lst, ...parsed } = form.parse(token, limits)
  const hints = parsed.hints(expected.algorithms)
  requireSubject(parsed, uri)
  requireCurrent(parsed, expected)
  within({ ...limits, statusListBytes: mostCompressed }, 'statusListBytes', lst.length)
  const key = await verifyingKey(parsed, await expected.signers(hints))
  const packed = await (form.unfold ?? inflateBits)(lst, limits)
  if (packed.length === 0) throw malformedList('lst')
  const { mediaType } = form
  return { ...parsed, mediaType, packed, size: sizeOfBits(packed, parsed.bits), key, keyId: hints.keyId }
}

/**
 * The status at an index of a list that was verified, in the numbers of §7.1. `form` is that of this question: the list may have
 * been opened for another. Throws `status_index_out_of_range`, `status_subject_mismatch` for a list that is not for the
 * form's purpose.
 */
export const statusOf = (form: StatusTokenForm, list: VerifiedStatusList, index: number): number =>
  (form.statusAt ?? statusAt)(list, index)

/**
 * The list must be for the address that was asked, to the letter (§8.3): otherwise any list of the issuer would do.
 * Throws `status_subject_mismatch`.
 */
export function requireSubject(list: Pick<ParsedStatusList, 'uri'>, uri: string): void {
  if (list.uri !== uri) throw new VidimusError('status_subject_mismatch', { at: 'sub' })
}

/**
 * Holds the times of a list against the clock, and its end against the latest time that the clock has shown. Throws
 * `status_issued_in_future`, `status_expired`.
 */
export function requireCurrent(
  list: Pick<ParsedStatusList, 'issuedAt' | 'notBefore' | 'expires'>,
  { now, clockTolerance }: Pick<ExpectedStatusList, 'now' | 'clockTolerance'>,
  latestNow = now,
): void {
  const { issuedAt, notBefore, expires } = list
  const requireBegun = (begins: Date, at: string) => {
    if (secondsBetween(now, begins) > clockTolerance) throw new VidimusError('status_issued_in_future', { at })
  }
  requireBegun(issuedAt, 'iat')
  if (notBefore !== undefined) requireBegun(notBefore, 'nbf')
  // RFC 7519 §4.1.4, RFC 8392 §3.1.4: the clock must stand before `exp`.
  if (expires !== undefined && secondsBetween(expires, latestNow) >= clockTolerance)
    throw new VidimusError('status_expired', { at: 'exp' })
}

/** The first key, in the order given, that the signature holds under. */
export async function verifyingKey(
  list: Pick<ParsedStatusList, 'verify'>,
  keys: readonly PublicKey[],
): Promise<PublicKey> {
  let refusal: unknown = new VidimusError('status_signer_untrusted')
  for (const key of keys) {
    try {
      await list.verify(key)
      return key
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

/** The claims of a token by their names in JWTs, of whatever type they came in; times and durations are numbers. */
export interface StatusClaims extends Members<'sub' | 'iss' | 'iat' | 'nbf' | 'exp' | 'ttl'> {
  /** `undefined` when the claim is no object. */
  readonly list: Members<'bits' | 'lst' | 'aggregation_uri'> | undefined
}

type Members<Name extends string> = { readonly [member in Name]?: unknown }

/** The claims that either form must hold (§5.1, §5.2). Throws `status_token_malformed`, `status_list_malformed` (§4.2, §4.3). */
export function readStatusClaims(claims: StatusClaims): ParsedClaims {
  const { sub, iss, ttl, list } = claims
  if (typeof sub !== 'string') throw malformedToken('sub')
  if (iss !== undefined && typeof iss !== 'string') throw malformedToken('iss')
  if (ttl !== undefined && !isDuration(ttl)) throw malformedToken('ttl')
  const issuedAt = readTime(claims, 'iat')
  if (issuedAt === undefined) throw malformedToken('iat')
  if (list === undefined) throw malformedList('status_list')
  const { bits, lst, aggregation_uri: aggregation } = list
  if (!isStatusBits(bits)) throw malformedList('bits')
  if (!(lst instanceof Uint8Array)) throw malformedList('lst')
  if (aggregation !== undefined && typeof aggregation !== 'string') throw malformedList('aggregation_uri')
  const [notBefore, expires] = [readTime(claims, 'nbf'), readTime(claims, 'exp')]
  return { uri: sub, bits, lst, issuedAt, notBefore, expires, ttl }
}

/** The last second of the year 9999, since the epoch: what lies beyond is no date. */
export const endOfTime = 253_402_300_799

/** A NumericDate (RFC 7519 §2, RFC 8392 §2). */
function readTime(claims: StatusClaims, name: 'iat' | 'nbf' | 'exp'): Date | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && value >= 0 && value <= endOfTime) return fromSeconds(value)
  throw malformedToken(name)
}

/** Seconds that a list may be kept (§5.1). */
export const isDuration = (value: unknown): value is number =>
  typeof value === 'number' && value > 0 && Number.isFinite(value)

export const malformedToken = (at: string) => new VidimusError('status_token_malformed', { at })

export const malformedList = (at: string) => new VidimusError('status_list_malformed', { at })
