/** Signers: a private key behind an interface that a device, an HSM or a KMS can implement as well. */
import { type AlgorithmName, anyAlgorithmNamed, anyAlgorithmNames } from './algorithms.js'
import type { Awaitable } from './crypto/backend.js'
import type { PublicJwk } from './jwk.js'

/** Something that signs. `vidimus` makes signers from keys; yours may reach a secure element, an HSM or a KMS. */
export interface Signer {
  readonly alg: AlgorithmName
  /** Names the key in JOSE and COSE headers; the RFC 7638 thumbprint unless you say otherwise. */
  readonly kid: string
  readonly publicJwk: PublicJwk
  /** The certificate chain of the key, leaf first, without the trust anchor: PEM text or DER bytes each. */
  readonly x5c?: readonly (string | Uint8Array)[] | undefined
  /** The signature in the fixed-length form of JOSE and COSE (r‖s, or the 64 bytes of Ed25519), never DER. */
  sign(data: Uint8Array): Awaitable<Uint8Array>
  /**
   * ECDH with a public key on the same curve: the x-coordinate of the shared point in full length. Only the device MAC of
   * an mdoc asks for it. Throws `key_invalid` for a peer on another curve or off the curve.
   */
  agree?(peer: PublicJwk): Awaitable<Uint8Array>
}

/** Where a signer is taken, a function that returns one is too: keys rotate without reopening anything. */
export type SignerSource = Signer | (() => Awaitable<Signer>)

/** The signer behind a source, checked for shape. Throws `TypeError` naming the argument. */
export async function readSigner(source: SignerSource, argument = 'signer'): Promise<Signer> {
  const signer = typeof source === 'function' ? await source() : source
  if (typeof signer !== 'object' || signer === null || typeof signer.sign !== 'function')
    throw new TypeError(`\`${argument}\` must be a signer, or a function that returns one`)
  if (!anyAlgorithmNamed(signer.alg) || typeof signer.kid !== 'string')
    throw new TypeError(`\`${argument}\` must have an \`alg\` of ${anyAlgorithmNames.join(', ')} and a \`kid\``)
  return signer
}
