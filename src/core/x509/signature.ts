/**
 * Signatures of authorities over certificates and revocation lists (RFC 5280 §4.1.1): ECDSA with SHA-2 on any supported
 * curve (RFC 5758 §3.2) and Ed25519 (RFC 8410 §3). Those of RSA are a part of their own (`rsa.ts`), which a caller hands in.
 */
import { verifySignature } from '#crypto'
import { VidimusError } from '../../errors.js'
import { algorithmOfCurve, type HashName } from '../algorithms.js'
import { equalBytes } from '../bytes.js'
import { type KeyCache, keyCache } from '../jwk.js'
import {
  type DerElement,
  derBitString,
  derInteger,
  derSequence,
  malformedCertificate,
  nextObjectIdentifier,
  readBitBytes,
  readSequence,
  readUnsigned,
} from './der.js'
import type { CertificateKey, RsaKey } from './key.js'

export interface Signature {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array
  readonly bytes: Uint8Array
}

/** What an authority signed, and its signature. */
export interface Signed {
  /** The bytes that were signed, as received. */
  readonly tbs: Uint8Array
  readonly signature: Signature
}

/** The outer form of certificates and revocation lists: what is signed, how, and the signature. Throws `certificate_malformed`. */
export function readSigned(der: Uint8Array): Signed {
  return readSequence(der, members => ({
    tbs: members.next(derSequence).whole,
    signature: {
      algorithm: members.next(derSequence).whole,
      bytes: readBitBytes(members.next(derBitString), 'signature'),
    },
  }))
}

/** The algorithm must stand inside what is signed too, to the letter (§4.1.1.2, §5.1.1.2). Throws `certificate_malformed`. */
export function requireSameAlgorithm({ signature }: Signed, { whole }: DerElement): void {
  if (!equalBytes(signature.algorithm, whole)) throw malformedCertificate('signatureAlgorithm')
}

/** Signatures under RSA keys: `rsaSignatures` of `rsa.ts`. */
export interface RsaSignatures {
  /** Throws as `signatureHolds`. */
  hold(signed: Signed, key: RsaKey, at: string): Promise<boolean>
}

/** What signatures are verified with. */
export interface SignatureOptions {
  readonly keys?: KeyCache | undefined
  readonly rsaSignatures: RsaSignatures
}

/**
 * Whether the owner of a key signed. Throws `certificate_algorithm_unsupported` when the algorithm is not supported or
 * goes with another kind of key, `certificate_malformed` when the signature has another form than its algorithm's, and
 * `key_invalid`. `at` names the certificate or list.
 */
export async function signatureHolds(
  signed: Signed,
  key: CertificateKey,
  at: string,
  { keys = keyCache(1), rsaSignatures }: SignatureOptions,
): Promise<boolean> {
  if ('spki' in key) return rsaSignatures.hold(signed, key, at)
  const { tbs, signature } = signed
  const [kty, hash] = readScheme(signature.algorithm, at)
  if (kty !== key.kty) throw unsupportedAlgorithm(at)
  const algorithm = { ...algorithmOfCurve(key.crv), hash }
  const imported = await keys.import(key, algorithm)
  const bytes = kty === 'EC' ? readEcdsa(signature.bytes, algorithm.coordinateBytes) : signature.bytes
  return bytes?.length === algorithm.signatureBytes && verifySignature(imported, tbs, bytes)
}

/** The kind of key, and the hash unless the algorithm has its own. */
type Scheme = readonly [kty: 'EC' | 'OKP', hash?: HashName]

const schemes: Readonly<Record<string, Scheme>> = {
  '1.2.840.10045.4.3.2': ['EC', 'sha-256'],
  '1.2.840.10045.4.3.3': ['EC', 'sha-384'],
  '1.2.840.10045.4.3.4': ['EC', 'sha-512'],
  '1.3.101.112': ['OKP'],
}

/** There are no parameters (RFC 5758 §3.2, RFC 8410 §3). */
const readScheme = (algorithm: Uint8Array, at: string): Scheme =>
  readSequence(algorithm, members => {
    const scheme = schemes[nextObjectIdentifier(members)]
    if (scheme === undefined) throw unsupportedAlgorithm(at)
    return scheme
  })

/** Ecdsa-Sig-Value (RFC 3279 §2.2.3) as r‖s, which the platforms take; `undefined` when it is of a longer curve. */
function readEcdsa(der: Uint8Array, size: number): Uint8Array | undefined {
  const [r, s] = readSequence(der, members => [
    readUnsigned(members.next(derInteger), 'signature'),
    readUnsigned(members.next(derInteger), 'signature'),
  ])
  if (r.length > size || s.length > size) return undefined
  const signature = new Uint8Array(2 * size)
  signature.set(r, size - r.length)
  signature.set(s, 2 * size - s.length)
  return signature
}

export const unsupportedAlgorithm = (at: string) => new VidimusError('certificate_algorithm_unsupported', { at })
