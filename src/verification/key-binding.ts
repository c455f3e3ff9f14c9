/**
 * Key binding as a verifier sees it (RFC 9901 §7.3): the holder signed for this verifier, for this request, now, and over
 * exactly what arrived. Each condition is a check of its own.
 */
import { isJsonObject, type JsonObject } from '../core/json.js'
import { type PublicJwk, readPublicJwk } from '../core/jwk.js'
import { type DecodedJws, requireJwsAlgorithm, verifyJws } from '../core/jws.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import type { SdJwtParts } from '../formats/sd-jwt/compact.js'
import { decodeKeyBinding, type HolderProof, type KeyBinding, sdHash } from '../formats/sd-jwt/key-binding.js'
import type { UnpackedSdJwt } from '../formats/sd-jwt/unpack.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import { verifyTimes } from './times.js'

/** How the key binding of a credential is examined: `examineKeyBinding`, or `examineHeldBinding` where nobody presented it. */
export type ExamineKeyBinding = (
  examination: Examination,
  parts: SdJwtParts,
  credential: UnpackedSdJwt,
  policy: Policy,
) => Promise<PublicJwk | undefined>

/** Examines the key binding of a presentation. Returns the holder's key; nothing about it holds while a check failed. */
export async function examineKeyBinding(
  examination: Examination,
  parts: SdJwtParts,
  { claims, hash }: UnpackedSdJwt,
  policy: Policy,
  readKey: (claims: JsonObject) => PublicJwk | undefined = readHolderKey,
): Promise<PublicJwk | undefined> {
  const holderKey = examination.test('holder_key', () => readKey(claims))
  const binding = examination.test('key_binding', () => decode(parts.keyBinding, policy))
  if (binding === undefined) return holderKey
  await examineHolderProof(examination, binding, holderKey, policy)
  await examination.test('key_binding_hash', async () =>
    expectSame(binding, 'sd_hash', await sdHash(parts.presented, hash), 'key_binding_hash_mismatch'),
  )
  return holderKey
}

/** Examines what is asked of every proof by the holder's key: the signature, the audience, the nonce and the time. */
export async function examineHolderProof(
  examination: Examination,
  proof: HolderProof,
  holderKey: PublicJwk | undefined,
  policy: Policy,
): Promise<void> {
  const { trust, algorithms, expectedAudience, expectedNonce } = policy
  if (holderKey !== undefined)
    await examination.test('key_binding_signature', async () => {
      const key = await trust.holderKeys.import(holderKey, requireJwsAlgorithm(proof, algorithms))
      await verifyJws(proof, key, 'key_binding_signature_invalid')
    })
  if (expectedNonce === undefined) {
    examination.skip('not_requested', 'key_binding_audience', 'key_binding_nonce')
  } else {
    examination.test('key_binding_audience', () =>
      expectSame(proof, 'aud', expectedAudience, 'key_binding_audience_mismatch'),
    )
    examination.test('key_binding_nonce', () => expectSame(proof, 'nonce', expectedNonce, 'key_binding_nonce_mismatch'))
  }
  examination.test('key_binding_time', () => expectRecent(proof, policy))
}

/** The holder's key comes from the issuer's `cnf` and from nowhere else (RFC 7800 §3.2). */
export function readHolderKey({ cnf }: JsonObject): PublicJwk {
  if (cnf === undefined) throw new VidimusError('key_binding_key_missing', { at: 'cnf' })
  if (!isJsonObject(cnf)) throw new VidimusError('claim_malformed', { at: 'cnf' })
  if (cnf['jwk'] === undefined) throw new VidimusError('key_binding_key_unsupported', { at: 'cnf' })
  return readPublicJwk(cnf['jwk'])
}

function decode(text: string | undefined, { algorithms, limits }: Policy): KeyBinding {
  if (text === undefined) throw new VidimusError('key_binding_missing')
  const binding = decodeKeyBinding(text, limits)
  requireJwsAlgorithm(binding, algorithms)
  return binding
}

/** Only the audience is told: this verifier's own name. */
function expectSame({ payload }: DecodedJws, at: string, expected: string | undefined, code: ErrorCode): void {
  if (payload[at] !== expected) throw new VidimusError(code, { at, expected: at === 'aud' ? expected : undefined })
}

function expectRecent({ payload }: HolderProof, { now, clockTolerance, maxPresentationAge }: Policy): void {
  const { iat, exp, nbf } = payload
  const age = now.getTime() / 1000 - iat
  if (age < -clockTolerance) throw new VidimusError('key_binding_in_future', { at: 'iat' })
  if (age > maxPresentationAge + clockTolerance)
    throw new VidimusError('key_binding_too_old', {
      at: 'iat',
      expected: maxPresentationAge,
      actual: Math.floor(age),
    })
  // A key binding needs neither `exp` nor `nbf`, but one that has them means them.
  verifyTimes({ exp, nbf }, now, clockTolerance, { nbf: 'key_binding_in_future', exp: 'key_binding_too_old' })
}
