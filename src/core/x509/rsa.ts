/**
 * RSA in certificate chains: PKCS #1 v1.5 and PSS with SHA-2 (RFC 4055 §3, §5). SHA-1 and older prove nothing and are not
 * supported. A part of its own, so that who has no such authorities carries none of it.
 */
import { verifyRsaSignature } from '#crypto'
import type { HashName } from '../algorithms.js'
import type { RsaScheme } from '../crypto/backend.js'
import {
  type DerElement,
  type DerMembers,
  derExplicit,
  derInteger,
  derNull,
  derSequence,
  malformedCertificate,
  nextObjectIdentifier,
  readCount,
  readDer,
  readMembers,
  readSequence,
} from './der.js'
import { type RsaSignatures, unsupportedAlgorithm } from './signature.js'

/**
 * Signatures under RSA keys in chains, PKCS #1 v1.5 and PSS from 2048 bits. Handed to `trustAnchors` of `vidimus/browser`;
 * without it such a chain is refused with `certificate_algorithm_unsupported`.
 * @example trustAnchors([{ certificate, purposes: ['credential'] }], { rsaSignatures })
 */
export const rsaSignatures: RsaSignatures = {
  async hold({ tbs, signature }, { spki }, at) {
    return verifyRsaSignature(spki, readScheme(signature.algorithm, at), tbs, signature.bytes)
  },
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
  return readSequence(algorithm, members => {
    const id = nextObjectIdentifier(members)
    if (id === rsaPss) return readPss(members.next(derSequence), at)
    const hash = schemes[id]
    if (hash === undefined) throw unsupportedAlgorithm(at)
    readNull(members) // RFC 4055 §5: NULL or nothing
    return { hash }
  })
}

/** RSASSA-PSS-params (RFC 4055 §3.1). Its defaults are SHA-1, so hash, mask and salt have to be stated. */
function readPss(parameters: DerElement, at: string): RsaScheme {
  return readMembers(parameters, members => {
    const hash = members.optional(derExplicit(0), ({ content }) => readSequence(content, readHash))
    const maskHash = members.optional(derExplicit(1), ({ content }) => readSequence(content, readMask))
    const saltLength = members.optional(derExplicit(2), ({ content }) =>
      readCount(readDer(content, derInteger), 'saltLength'),
    )
    if (hash === undefined || maskHash !== hash || saltLength === undefined) throw unsupportedAlgorithm(at)
    return { hash, pss: { saltLength } }
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
