/**
 * The holder's part of a QR code as a verifier sees it: signed with the key that the issuer bound the credential to, a moment
 * ago, and for the request of this verifier where there was one. Each condition is a check of its own.
 */
import { coseHints } from '../core/cose/headers.js'
import { verifySign1 } from '../core/cose/sign1.js'
import { type PublicJwk, sameKey } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import type { HolderProof } from '../formats/qr/presentation.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import { algorithmFor } from './signers.js'

/** The key that a credential is bound to, and what was signed with it; a credential that was not presented has no proof. */
export interface QrHolder {
  readonly boundKey: PublicJwk
  readonly proof?: HolderProof | undefined
}

/** Examines the holder's part. Returns the holder's key; nothing about it holds while a check failed. */
export async function examineQrHolder(
  examination: Examination,
  { boundKey, proof }: QrHolder,
  policy: Policy,
): Promise<PublicJwk | undefined> {
  const holderKey = examination.test('holder_key', () => expectHolderKey(boundKey, policy))
  if (proof === undefined && policy.kind === 'credential') {
    examination.skip('not_requested', 'key_binding', 'key_binding_signature', 'key_binding_audience')
    examination.skip('not_requested', 'key_binding_nonce', 'key_binding_time')
    return holderKey
  }
  const held = examination.test('key_binding', () => expectProof(proof))
  if (held === undefined) return holderKey
  await examination.test('key_binding_signature', () => verifyProof(held, boundKey, policy))
  examineRequest(examination, held, policy)
  examination.test('key_binding_time', () => expectRecent(held, policy))
  return holderKey
}

function expectHolderKey(boundKey: PublicJwk, { expectedHolderKey }: Policy): PublicJwk {
  if (expectedHolderKey !== undefined && !sameKey(boundKey, expectedHolderKey))
    throw new VidimusError('holder_key_mismatch', { at: 'cnf' })
  return boundKey
}

/** What a holder keeps is no presentation: whoever copied it could show it. */
function expectProof(proof: HolderProof | undefined): HolderProof {
  if (proof === undefined) throw new VidimusError('key_binding_missing')
  return proof
}

/** Throws `alg_not_allowed`, `key_invalid`, `key_binding_signature_invalid`. */
async function verifyProof(
  { sign1 }: HolderProof,
  boundKey: PublicJwk,
  { trust, algorithms, limits }: Policy,
): Promise<void> {
  const algorithm = algorithmFor(boundKey.crv, coseHints(sign1.headers, algorithms, limits))
  const key = await trust.holderKeys.import(boundKey, algorithm)
  await verifySign1(sign1, sign1.payload, key, 'key_binding_signature_invalid')
}

/** For whom and for which request it was made. Where nobody asked, one that answers somebody's request is not for us. */
function examineRequest(
  examination: Examination,
  { audience, nonce }: HolderProof,
  { kind, expectedAudience, expectedNonce }: Policy,
): void {
  const isCredential = kind === 'credential'
  if (isCredential || (audience ?? expectedAudience) === undefined)
    examination.skip('not_requested', 'key_binding_audience')
  else
    examination.test('key_binding_audience', () => {
      if (audience !== expectedAudience)
        throw new VidimusError('key_binding_audience_mismatch', { at: 'aud', expected: expectedAudience })
    })
  if (expectedNonce === undefined)
    examination.skip(isCredential ? 'not_requested' : 'replay_not_checked', 'key_binding_nonce')
  else
    examination.test('key_binding_nonce', () => {
      if (nonce !== expectedNonce) throw new VidimusError('key_binding_nonce_mismatch', { at: 'nonce' })
    })
}

/** Throws `key_binding_in_future`, `key_binding_too_old`. */
function expectRecent({ issuedAt }: HolderProof, { now, clockTolerance, maxPresentationAge }: Policy): void {
  const age = now.getTime() / 1000 - issuedAt
  if (age < -clockTolerance) throw new VidimusError('key_binding_in_future', { at: 'iat' })
  if (age > maxPresentationAge + clockTolerance)
    throw new VidimusError('key_binding_too_old', {
      at: 'iat',
      expected: maxPresentationAge,
      actual: Math.floor(age),
    })
}
