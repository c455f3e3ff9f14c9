/**
 * Signers over keys that live in memory: jose makes and imports them, signing itself is the platform's. It is loaded with the
 * first key: a program that only verifies never waits for it.
 */
import { importPrivateKey, readsPrivateKeys, sign } from '#crypto'
import { agreeWith } from './agreement.js'
import {
  type Algorithm,
  type AlgorithmName,
  algorithmNamed,
  algorithmNames,
  algorithmOfCurve,
  anyAlgorithmNamed,
} from './algorithms.js'
import { expectPublicJwk, type Jwk, thumbprint } from './jwk.js'
import type { Signer } from './signer.js'

export type { Signer, SignerSource } from './signer.js'

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
  const [{ generateKeyPair }, { exportJWK }] = await Promise.all([
    import('jose/key/generate/keypair'),
    import('jose/key/export'),
  ])
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
  const { importJWK } = await import('jose/key/import')
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
