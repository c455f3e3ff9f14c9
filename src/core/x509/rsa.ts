/**
 * RSA in certificate chains: PKCS #1 v1.5 and PSS with SHA-2 (RFC 4055 §3, §5). SHA-1 and older prove nothing and are not
 * supported. A part of its own, so that who has no such authorities carries none of it.
 */
import { verifyRsaSignature } from '#crypto'
import type { HashName } from '../algorithms.js'
import type { RsaScheme } from '../crypto/backend.js'
import {
  type DerElement,
  derAny,
  derExplicit,
  derInteger,
  derNull,
  derObjectIdentifier,
  derSequence,
  malformedCertificate,
  readCount,
  readDer,
  readMembers,
  readObjectIdentifier,
  readSequence,
  readUnsigned,
} from './der.js'
import { readKeyInfo } from './key.js'
import { type RsaSignatures, unsupportedAlgorithm } from './signature.js'

/**
 * Signatures under RSA keys in chains, PKCS #1 v1.5 and PSS from 2048 bits. Handed to `trustAnchors` of `vidimus/browser`;
 * without it such a chain is refused with `certificate_algorithm_unsupported`.
 * @example trustAnchors([{ certificate, purposes: ['credential'] }], { rsaSignatures })
 */
export const rsaSignatures: RsaSignatures = {
  async hold({ tbs, algorithm, signature }, spki, at) {
    requireKey(spki)
    return verifyRsaSignature(spki, readScheme(algorithm, at), tbs, signature)
  },
}

/** The form of the key (RFC 3279 §2.3.1), which the platforms take more lightly. How long it is they tell. */
function requireKey(spki: Uint8Array): void {
  const { parameters, key } = readKeyInfo(spki)
  if (parameters?.tag !== derNull || parameters.content.length > 0) throw malformedCertificate('key')
  for (const number of readSequence(key, [derInteger, derInteger])) readUnsigned(number)
}

/** PKCS #1 v1.5, by the hash. */
const schemes: Readonly<Record<string, HashName>> = {
  '1.2.840.113549.1.1.11': 'sha-256',
  '1.2.840.113549.1.1.12': 'sha-384',
  '1.2.840.113549.1.1.13': 'sha-512',
}

const rsaPss = '1.2.840.113549.1.1.10'
const mgf1 = '1.2.840.113549.1.1.8'

const hashes: Readonly<Record<string, HashName>> = {
  '2.16.840.1.101.3.4.2.1': 'sha-256',
  '2.16.840.1.101.3.4.2.2': 'sha-384',
  '2.16.840.1.101.3.4.2.3': 'sha-512',
}

function readScheme(algorithm: Uint8Array, at: string): RsaScheme {
  const [scheme, parameters] = readSequence(algorithm, [derObjectIdentifier, [derAny]])
  const id = readObjectIdentifier(scheme)
  if (id === rsaPss) return readPss(parameters, at)
  const hash = schemes[id]
  if (hash === undefined) throw unsupportedAlgorithm(at)
  requireNull(parameters) // RFC 4055 §5: NULL or nothing
  return { hash }
}

/** RSASSA-PSS-params (RFC 4055 §3.1). Its defaults are SHA-1, so hash, mask and salt have to be stated. */
function readPss(parameters: DerElement | undefined, at: string): RsaScheme {
  if (parameters?.tag !== derSequence) throw malformedCertificate('tag')
  const [digest, mask, salt] = readMembers(parameters.content, [[derExplicit(0)], [derExplicit(1)], [derExplicit(2)]])
  const hash = digest && readHash(readDer(digest.content, derSequence))
  const maskHash = mask && readMask(mask.content)
  const saltLength = salt && readCount(readMembers(salt.content, [derInteger])[0])
  if (hash === undefined || maskHash !== hash || saltLength === undefined) throw unsupportedAlgorithm(at)
  return { hash, pss: { saltLength } }
}

function readHash(content: Uint8Array): HashName | undefined {
  const [hash, parameters] = readMembers(content, [derObjectIdentifier, [derAny]])
  requireNull(parameters)
  return hashes[readObjectIdentifier(hash)]
}

/** MGF1 over a hash, which is the only mask there is. */
function readMask(content: Uint8Array): HashName | undefined {
  const [mask, hash] = readSequence(content, [derObjectIdentifier, derSequence])
  return readObjectIdentifier(mask) === mgf1 ? readHash(hash.content) : undefined
}

function requireNull(parameters: DerElement | undefined): void {
  if (parameters !== undefined && (parameters.tag !== derNull || parameters.content.length > 0))
    throw malformedCertificate('signatureAlgorithm')
}
