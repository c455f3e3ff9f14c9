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
  derAny,
  derBitString,
  derInteger,
  derObjectIdentifier,
  derSequence,
  malformedCertificate,
  readBytes,
  readObjectIdentifier,
  readSequence,
  readUnsigned,
} from './der.js'
import { type CertificateKey, ed25519 } from './key.js'

/** What an authority signed, and its signature. */
export interface Signed {
  /** The bytes that were signed, as received. */
  readonly tbs: Uint8Array
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array
  readonly signature: Uint8Array
}

/** The outer form of certificates and revocation lists: what is signed, how, and the signature. Throws `certificate_malformed`. */
export function readSigned(der: Uint8Array): Signed {
  const [tbs, algorithm, signature] = readSequence(der, [derSequence, derSequence, derBitString])
  return { tbs: tbs.whole, algorithm: algorithm.whole, signature: readBytes(signature) }
}

/** The algorithm must stand inside what is signed too, to the letter (§4.1.1.2, §5.1.1.2). Throws `certificate_malformed`. */
export function requireSameAlgorithm({ algorithm }: Signed, { whole }: DerElement): void {
  if (!equalBytes(algorithm, whole)) throw malformedCertificate('signatureAlgorithm')
}

/** Signatures under RSA keys: `rsaSignatures` of `rsa.ts`. */
export interface RsaSignatures {
  /** Whether the owner of a key, SubjectPublicKeyInfo in DER, signed. Throws as `signatureHolds`. */
  hold(signed: Signed, spki: Uint8Array, at: string): Promise<boolean>
}

/** What signatures are verified with. */
export interface SignatureOptions {
  readonly keys?: KeyCache | undefined
  /** Absent: their algorithms are not supported. */
  readonly rsaSignatures: RsaSignatures | undefined
}

/** ECDSA, by the hash (RFC 5758 §3.2). */
const hashes: Readonly<Record<string, HashName>> = {
  '1.2.840.10045.4.3.2': 'sha-256',
  '1.2.840.10045.4.3.3': 'sha-384',
  '1.2.840.10045.4.3.4': 'sha-512',
}

/**
 * Whether the owner of a key signed. Throws `certificate_algorithm_unsupported` when the algorithm is not supported or
 * goes with another kind of key, `certificate_malformed` when the signature has another form than its algorithm's, and
 * `key_invalid`. `at` names the certificate or list.
 */
export async function signatureHolds(
  signed: Signed,
  { publicJwk: key, spki }: CertificateKey,
  at: string,
  { keys = keyCache(1), rsaSignatures }: SignatureOptions,
): Promise<boolean> {
  if (key === undefined) {
    if (rsaSignatures === undefined) throw unsupportedAlgorithm(at)
    return rsaSignatures.hold(signed, spki, at)
  }
  const [scheme, parameters] = readSequence(signed.algorithm, [derObjectIdentifier, [derAny]])
  const id = readObjectIdentifier(scheme)
  const hash = hashes[id]
  if (key.kty === 'EC' ? hash === undefined : id !== ed25519) throw unsupportedAlgorithm(at)
  if (parameters !== undefined) throw malformedCertificate('surplus') // RFC 5758 §3.2, RFC 8410 §3
  const algorithm = { ...algorithmOfCurve(key.crv), hash }
  const imported = await keys.import(key, algorithm)
  const signature = hash === undefined ? signed.signature : readEcdsa(signed.signature, algorithm.coordinateBytes)
  return signature?.length === algorithm.signatureBytes && verifySignature(imported, signed.tbs, signature)
}

/** Ecdsa-Sig-Value (RFC 3279 §2.2.3) as r‖s, which the platforms take; `undefined` when it is of a longer curve. */
function readEcdsa(der: Uint8Array, size: number): Uint8Array | undefined {
  const numbers = readSequence(der, [derInteger, derInteger]).map(readUnsigned)
  if (numbers.some(({ length }) => length > size)) return undefined
  const signature = new Uint8Array(2 * size)
  for (const [index, number] of numbers.entries()) signature.set(number, (index + 1) * size - number.length)
  return signature
}

export const unsupportedAlgorithm = (at: string) => new VidimusError('certificate_algorithm_unsupported', { at })
