/**
 * Key binding as a verifier sees it (RFC 9901 §7.3): the holder signed for this verifier, for this request, now, and over
 * exactly what arrived. Each condition is a check of its own.
 */
import { type Algorithm, requireAlgorithm } from '../core/algorithms.js'
import type { JsonObject } from '../core/json.js'
import { isJsonObject } from '../core/json.js'
import { type PublicJwk, readPublicJwk, sameKey } from '../core/jwk.js'
import { verifyJws } from '../core/jws.js'
import { VidimusError } from '../errors.js'
import type { SdJwtParts } from '../formats/sd-jwt/compact.js'
import { decodeKeyBinding, type KeyBinding, sdHash } from '../formats/sd-jwt/key-binding.js'
import type { UnpackedSdJwt } from '../formats/sd-jwt/unpack.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import { verifyTimes } from './times.js'

/** Examines the key binding of a presentation. Returns the holder's key; nothing about it holds while a check failed. */
export async function examineKeyBinding(
  examination: Examination,
  parts: SdJwtParts,
  { claims, hash }: UnpackedSdJwt,
  policy: Policy,
): Promise<PublicJwk | undefined> {
  const asked = policy.kind === 'presentation' || parts.keyBinding !== undefined
  const holderKey = examination.test('holder_key', () => readHolderKey(claims, asked, policy))
  if (!asked) {
    examination.skip('not_requested', 'key_binding', 'key_binding_signature', 'key_binding_audience')
    examination.skip('not_requested', 'key_binding_nonce', 'key_binding_time', 'key_binding_hash')
    return holderKey
  }
  const binding = examination.test('key_binding', () => decode(parts.keyBinding, policy))
  if (binding === undefined) return holderKey
  await examineHolderProof(examination, binding, holderKey, policy)
  await examination.test('key_binding_hash', async () => expectHash(binding, await sdHash(parts.presented, hash)))
  return holderKey
}

/** What a holder signed in any form of JWT: whom for, for which request and when. */
export type HolderProof = Omit<KeyBinding, 'sdHash'> & { readonly algorithm: Algorithm }

/** Examines what is asked of every proof by the holder's key: the signature, the audience, the nonce and the time. */
export async function examineHolderProof(
  examination: Examination,
  binding: HolderProof,
  holderKey: PublicJwk | undefined,
  policy: Policy,
): Promise<void> {
  if (holderKey !== undefined)
    await examination.test('key_binding_signature', async () => {
      const key = await policy.trust.holderKeys.import(holderKey, binding.algorithm)
      await verifyJws(binding.jws, key, 'key_binding_signature_invalid')
    })
  if (policy.expectedNonce === undefined) {
    examination.skip('not_requested', 'key_binding_audience', 'key_binding_nonce')
  } else {
    examination.test('key_binding_audience', () => expectAudience(binding, policy.expectedAudience))
    examination.test('key_binding_nonce', () => expectNonce(binding, policy.expectedNonce))
  }
  examination.test('key_binding_time', () => expectRecent(binding, policy))
}

/** The holder's key comes from the issuer's `cnf` and from nowhere else (RFC 7800 §3.2). */
export function readHolderKey(
  { cnf }: JsonObject,
  asked: boolean,
  { expectedHolderKey }: Policy,
): PublicJwk | undefined {
  if (cnf === undefined) {
    if (asked) throw new VidimusError('key_binding_key_missing', { at: 'cnf' })
    if (expectedHolderKey !== undefined) throw new VidimusError('holder_key_mismatch', { at: 'cnf' })
    return undefined
  }
  if (!isJsonObject(cnf)) throw new VidimusError('claim_malformed', { at: 'cnf' })
  if (cnf['jwk'] === undefined)
    throw new VidimusError('key_binding_key_unsupported', {
      at: 'cnf',
    })
  const holderKey = readPublicJwk(cnf['jwk'])
  if (expectedHolderKey !== undefined && !sameKey(holderKey, expectedHolderKey))
    throw new VidimusError('holder_key_mismatch', { at: 'cnf' })
  return holderKey
}

function decode(
  text: string | undefined,
  { algorithms, limits }: Policy,
): KeyBinding & { readonly algorithm: Algorithm } {
  if (text === undefined) throw new VidimusError('key_binding_missing')
  const binding = decodeKeyBinding(text, limits)
  return { ...binding, algorithm: requireAlgorithm(binding.jws.header['alg'], algorithms) }
}

function expectAudience({ audience }: HolderProof, expected: string | undefined): void {
  if (audience !== expected)
    throw new VidimusError('key_binding_audience_mismatch', {
      at: 'aud',
      expected,
    })
}

function expectNonce({ nonce }: HolderProof, expected: string | undefined): void {
  if (nonce !== expected) throw new VidimusError('key_binding_nonce_mismatch', { at: 'nonce' })
}

function expectRecent({ issuedAt, jws }: HolderProof, { now, clockTolerance, maxPresentationAge }: Policy): void {
  const age = now.getTime() / 1000 - issuedAt
  if (age < -clockTolerance)
    throw new VidimusError('key_binding_in_future', {
      at: 'iat',
    })
  if (age > maxPresentationAge + clockTolerance)
    throw new VidimusError('key_binding_too_old', {
      at: 'iat',
      expected: maxPresentationAge,
      actual: Math.floor(age),
    })
  // A key binding needs neither `exp` nor `nbf`, but one that has them means them.
  const { exp, nbf } = jws.payload
  verifyTimes({ exp, nbf }, now, clockTolerance, keyBindingTimes)
}

const keyBindingTimes = {
  notYet: 'key_binding_in_future',
  expired: 'key_binding_too_old',
  issuedInFuture: 'key_binding_in_future',
} as const

function expectHash(binding: KeyBinding, expected: string): void {
  if (binding.sdHash !== expected)
    throw new VidimusError('key_binding_hash_mismatch', {
      at: 'sd_hash',
    })
}
