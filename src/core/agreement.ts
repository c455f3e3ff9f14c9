/**
 * Key agreement: ECDH between a private key and the public key of a peer on the same curve (NIST SP 800-56A §5.7.1.2), the
 * secret behind an mdoc's device MAC (ISO/IEC 18013-5 §9.1.3.5).
 */
import { agree, importAgreementKey } from '#crypto'
import { VidimusError } from '../errors.js'
import { type Algorithm, algorithmOfCurve } from './algorithms.js'
import { misuse } from './arguments.js'
import { fromBase64url } from './bytes.js'
import type { Awaitable, PrivateKeyMembers } from './crypto/backend.js'
import { type Jwk, type PublicJwk, readPublicJwk } from './jwk.js'

/** A private key that agrees on secrets. */
export interface KeyAgreement {
  readonly publicJwk: PublicJwk
  /**
   * The raw shared secret: the x-coordinate of the shared point in the full length of the field, to be put through a key
   * derivation before it is used. Throws `key_invalid` for a peer on another curve or off the curve.
   */
  agree(peer: PublicJwk): Awaitable<Uint8Array>
}

/**
 * A verifier's own private JWK, read for agreement: on P-256, P-384 or P-521, in Node on a brainpool curve too.
 * Throws `TypeError` naming the argument when it is public, malformed, or by its `use`, `key_ops` or `alg` for something else.
 */
export async function readAgreementKey(jwk: Jwk, argument: string): Promise<KeyAgreement> {
  try {
    return await agreementOfJwk(jwk)
  } catch {
    throw misuse(argument, 'a private JWK for key agreement')
  }
}

async function agreementOfJwk(jwk: Jwk): Promise<KeyAgreement> {
  const { d = '', use = 'enc', key_ops: operations = ['deriveBits'], alg = 'ECDH-ES', ...members } = jwk
  const publicJwk = Object.freeze(readPublicJwk(members, 'cose'))
  const algorithm = algorithmOfCurve(publicJwk.crv)
  const isForAgreement = use === 'enc' && alg.startsWith('ECDH-ES') && operations.some(isDerivation)
  if (!isForAgreement || fromBase64url(d).length !== algorithm.coordinateBytes) throw invalid('d')
  return Object.freeze({ publicJwk, agree: await agreeWith({ ...publicJwk, d }, algorithm) })
}

const isDerivation = (operation: string) => operation === 'deriveBits' || operation === 'deriveKey'

/** Agreement with a private key whose members have been read. Throws `key_invalid` when `d` does not belong to the point. */
export async function agreeWith(jwk: PrivateKeyMembers, algorithm: Algorithm): Promise<KeyAgreement['agree']> {
  const key = await importAgreementKey(jwk, algorithm)
  return async peer => {
    if (peer.crv !== algorithm.crv) throw invalid('crv')
    return agree(key, peer)
  }
}

const invalid = (at: string) => new VidimusError('key_invalid', { at })
