/**
 * Signatures of authorities over certificates and revocation lists (RFC 5280 §4.1.1): ECDSA with SHA-2 on any supported
 * curve (RFC 5758 §3.2), Ed25519 (RFC 8410 §3), RSA PKCS #1 v1.5 and PSS with SHA-2 (RFC 4055 §3, §5). SHA-1 and older
 * prove nothing and are not supported.
 */
import { verifyRsaSignature, verifySignature } from '#crypto'
import { VidimusError } from '../../errors.js'
import { algorithmOfCurve, type HashName } from '../algorithms.js'
import { equalBytes } from '../bytes.js'
import { type KeyCache, keyCache } from '../jwk.js'
import {
  type DerElement,
  type DerMembers,
  derBitString,
  derExplicit,
  derInteger,
  derNull,
  derSequence,
  malformedCertificate,
  nextObjectIdentifier,
  readBitBytes,
  readCount,
  readDer,
  readMembers,
  readSequence,
  readUnsigned,
} from './der.js'
import type { CertificateKey } from './key.js'

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

/**
 * Whether the owner of a key signed. Throws `certificate_algorithm_unsupported` when the algorithm is not supported or
 * goes with another kind of key, `certificate_malformed` when the signature has another form than its algorithm's, and
 * `key_invalid`. `at` names the certificate or list.
 */
export async function signatureHolds(
  { tbs, signature }: Signed,
  key: CertificateKey,
  at: string,
  keys: KeyCache = keyCache(1),
): Promise<boolean> {
  const [kty, hash, pss] = readScheme(signature.algorithm, at)
  if (kty !== key.kty) throw unsupported(at)
  if ('spki' in key) return verifyRsaSignature(key.spki, { hash: hash!, pss }, tbs, signature.bytes)
  const algorithm = { ...algorithmOfCurve(key.crv), hash }
  const imported = await keys.import(key, algorithm)
  const bytes = kty === 'EC' ? readEcdsa(signature.bytes, algorithm.coordinateBytes) : signature.bytes
  return bytes?.length === algorithm.signatureBytes && verifySignature(imported, tbs, bytes)
}

/** The kind of key, the hash unless the algorithm has its own, and what PSS needs besides. */
type Scheme = readonly [kty: 'EC' | 'OKP' | 'RSA', hash?: HashName, pss?: { readonly saltLength: number }]

const schemes: Readonly<Record<string, Scheme>> = {
  '1.2.840.10045.4.3.2': ['EC', 'sha-256'],
  '1.2.840.10045.4.3.3': ['EC', 'sha-384'],
  '1.2.840.10045.4.3.4': ['EC', 'sha-512'],
  '1.3.101.112': ['OKP'],
  '1.2.840.113549.1.1.11': ['RSA', 'sha-256'],
  '1.2.840.113549.1.1.12': ['RSA', 'sha-384'],
  '1.2.840.113549.1.1.13': ['RSA', 'sha-512'],
}

const rsaPss = '1.2.840.113549.1.1.10'
const mgf1 = '1.2.840.113549.1.1.8'

const hashes: Readonly<Record<string, HashName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha-256',
  '2.16.840.1.101.3.4.2.2': 'sha-384',
  '2.16.840.1.101.3.4.2.3': 'sha-512',
}

function readScheme(algorithm: Uint8Array, at: string): Scheme {
  return readSequence(algorithm, members => {
    const id = nextObjectIdentifier(members)
    if (id === rsaPss) return readPss(members.next(derSequence), at)
    const scheme = schemes[id]
    if (scheme === undefined) throw unsupported(at)
    // RFC 4055 §5: NULL or nothing. RFC 5758 §3.2, RFC 8410 §3: nothing.
    if (scheme[0] === 'RSA') readNull(members)
    return scheme
  })
}

/** RSASSA-PSS-params (RFC 4055 §3.1). Its defaults are SHA-1, so hash, mask and salt have to be stated. */
function readPss(parameters: DerElement, at: string): Scheme {
  return readMembers(parameters, members => {
    const hash = members.optional(derExplicit(0), ({ content }) => readSequence(content, readHash))
    const maskHash = members.optional(derExplicit(1), ({ content }) => readSequence(content, readMask))
    const saltLength = members.optional(derExplicit(2), ({ content }) =>
      readCount(readDer(content, derInteger), 'saltLength'),
    )
    if (hash === undefined || maskHash !== hash || saltLength === undefined) throw unsupported(at)
    return ['RSA', hash, { saltLength }]
  })
}

function readHash(members: DerMembers): HashName | undefined {
  const hash = hashes[nextObjectIdentifier(members)]
  readNull(members)
  return hash
}

/** MGF1 over a hash, which is the only mask there is. */
const readMask = (members: DerMembers): HashName | undefined => {
  const id = nextObjectIdentifier(members)
  const hash = readMembers(members.next(derSequence), readHash)
  return id === mgf1 ? hash : undefined
}

function readNull(members: DerMembers): void {
  if (members.optional(derNull, ({ content }) => content.length)) throw malformedCertificate('signatureAlgorithm')
}

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

const unsupported = (at: string) => new VidimusError('certificate_algorithm_unsupported', { at })
