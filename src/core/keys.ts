/**
 * Signers: a private key behind an interface that a device, an HSM or a KMS can implement as well.
 *
 * jose makes and imports the keys that live in memory; signing itself is the platform's.
 */

import { exportJWK, generateKeyPair, importJWK } from 'jose'
import { importPrivateKey, readsPrivateKeys, sign } from '#crypto'
import { agreeWith } from './agreement.js'
import {
  type Algorithm,
  type AlgorithmName,
  algorithmNamed,
  algorithmNames,
  algorithmOfCurve,
  anyAlgorithmNamed,
  anyAlgorithmNames,
} from './algorithms.js'
import type { Awaitable } from './crypto/backend.js'
import { expectPublicJwk, type Jwk, type PublicJwk, thumbprint } from './jwk.js'

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

/** WebCrypto's `CryptoKey` by its members: not every program has the type. */
export interface PlatformKey {
  readonly type: string
  readonly extractable: boolean
  readonly algorithm: object
  readonly usages: readonly string[]
}

export interface SignerOptions {
  /** Default: the RFC 7638 thumbprint of the public key. */
  readonly kid?: string | undefined
  /** The certificate chain of the key, leaf first: PEM text or DER bytes each. */
  readonly x5c?: readonly (string | Uint8Array)[] | undefined
}

/**
 * A signer with a fresh key, for development and tests; the private key cannot be exported.
 * @example const signer = await generateSigner('ES256')
 */
export async function generateSigner(alg: AlgorithmName, options: SignerOptions = {}): Promise<Signer> {
  const algorithm = expectAlgorithm(alg)
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  return signerOver(await exportJWK(privateKey), algorithm, options)
}

/**
 * A signer over a private key of yours: a private JWK, or an extractable WebCrypto private key.
 * `alg` is needed only where the curve leaves a choice (`EdDSA`, the default, or `Ed25519`).
 * Throws `TypeError` when the key is public, not for signing, on an unsupported curve, or does not go with `alg`.
 * @example const signer = await importSigner(JSON.parse(await readFile('issuer.jwk', 'utf8')))
 */
export async function importSigner(
  key: Jwk | PlatformKey,
  options: SignerOptions & { readonly alg?: AlgorithmName | undefined } = {},
): Promise<Signer> {
  if (typeof key !== 'object' || key === null) throw new TypeError('`key` must be a private JWK or CryptoKey')
  const jwk = isCryptoKey(key) ? await exportPrivate(key) : (key as Jwk)
  const { d, use, key_ops: operations, alg: ownAlg, kid, ...members } = jwk
  if (typeof d !== 'string') throw new TypeError('`key` must be a private key')
  if ((use ?? 'sig') !== 'sig' || !(operations ?? ['sign']).includes('sign'))
    throw new TypeError('`key` must be a key for signing, by its `use` and `key_ops`')
  const publicJwk = expectPublicJwk(members, 'key')
  const algorithm = expectAlgorithm(options.alg ?? ownAlg ?? algorithmOfCurve(publicJwk.crv).name)
  if (algorithm.crv !== publicJwk.crv)
    throw new TypeError(`\`alg\` ${algorithm.name} does not go with ${publicJwk.crv}`)
  return signerOver({ ...publicJwk, d }, algorithm, { kid: options.kid ?? kid, x5c: options.x5c })
}

async function signerOver({ d = '', ...jwk }: Jwk, algorithm: Algorithm, options: SignerOptions): Promise<Signer> {
  if (options.kid !== undefined && typeof options.kid !== 'string') throw new TypeError('`kid` must be text')
  const publicJwk = Object.freeze(expectPublicJwk(jwk, 'key'))
  const members = { ...publicJwk, d }
  const [handle, agree] = await Promise.all([
    importJWK(members, algorithm.name, { extractable: readsPrivateKeys }).then(key =>
      importPrivateKey(key as CryptoKey, algorithm),
    ),
    algorithm.kty === 'EC' ? agreeWith(members, algorithm) : undefined,
  ]).catch(() => {
    throw new TypeError('`key` is not a valid private key')
  })
  return Object.freeze({
    alg: algorithm.name,
    kid: options.kid ?? (await thumbprint(publicJwk)),
    publicJwk,
    ...(options.x5c === undefined ? {} : { x5c: options.x5c }),
    sign: (data: Uint8Array) => sign(handle, data),
    ...(agree === undefined ? {} : { agree }),
  })
}

/** The signer behind a source, checked for shape. Throws `TypeError` naming the argument. */
export async function readSigner(source: SignerSource, argument = 'signer'): Promise<Signer> {
  const signer = typeof source === 'function' ? await source() : source
  if (typeof signer !== 'object' || signer === null || typeof signer.sign !== 'function')
    throw new TypeError(`\`${argument}\` must be a signer, or a function that returns one`)
  if (!anyAlgorithmNamed(signer.alg) || typeof signer.kid !== 'string')
    throw new TypeError(`\`${argument}\` must have an \`alg\` of ${anyAlgorithmNames.join(', ')} and a \`kid\``)
  return signer
}

/** No platform makes keys on the brainpool curves for us, so the algorithms here are those of JOSE. */
function expectAlgorithm(alg: unknown): Algorithm {
  const algorithm = algorithmNamed(alg)
  if (algorithm !== undefined) return algorithm
  const own = anyAlgorithmNamed(alg) ? `; for ${alg}, implement Signer over the key` : ''
  throw new TypeError(`\`alg\` must be one of ${algorithmNames.join(', ')}${own}`)
}

const isCryptoKey = (key: object): key is PlatformKey & CryptoKey =>
  typeof CryptoKey !== 'undefined' && key instanceof CryptoKey

async function exportPrivate(key: CryptoKey): Promise<Jwk> {
  if (!key.extractable)
    throw new TypeError('`key` must be an extractable private key; for one that is not, implement Signer over it')
  return (await crypto.subtle.exportKey('jwk', key)) as Jwk
}
