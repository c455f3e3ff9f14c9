/**
 * X.509 certificates (RFC 5280 §4.1), read strictly. Nothing in one is believed by being read: `validatePath` holds it
 * against an anchor and a profile.
 */
import { fromBase64 } from '../bytes.js'
import type { PublicJwk } from '../jwk.js'
import {
  type DerMembers,
  derExplicit,
  derImplicit,
  derInteger,
  derSequence,
  malformedCertificate,
  readBits,
  readCount,
  readDer,
  readInteger,
  readMembers,
  readSequence,
  readTime,
} from './der.js'
import { type Extensions, readWrappedExtensions } from './extension.js'
import { type CertificateKey, readKey } from './key.js'
import { type DistinguishedName, readName } from './name.js'
import { readSigned, requireSameAlgorithm, type Signed } from './signature.js'

export interface Certificate extends Signed {
  readonly der: Uint8Array
  /** Two's complement, big-endian, as received. */
  readonly serial: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Inclusive, like `notAfter` (RFC 5280 §4.1.2.5). */
  readonly notBefore: Date
  readonly notAfter: Date
  /** SubjectPublicKeyInfo, DER: the one encoding that a key has here. */
  readonly spki: Uint8Array
  readonly key: CertificateKey
  /** The key where it is one that signs credentials: `undefined` for RSA. */
  readonly publicJwk: PublicJwk | undefined
  readonly extensions: Extensions
}

/** The DER bytes of a certificate given as PEM text or DER bytes. Throws `certificate_malformed`, `encoding_invalid`. */
export const certificateDer = (certificate: string | Uint8Array): Uint8Array => derOf(certificate, 'CERTIFICATE')

/** The DER bytes of one thing given as PEM text with that label (RFC 7468 §2), or as DER bytes. */
export function derOf(source: string | Uint8Array, label: string): Uint8Array {
  if (typeof source !== 'string') return new Uint8Array(source)
  const form = new RegExp(`^\\s*-----BEGIN ${label}-----([\\w+/=\\s]*)-----END ${label}-----\\s*$`)
  const base64 = form.exec(source)?.[1]
  if (base64 === undefined) throw malformedCertificate('PEM')
  return fromBase64(base64.replace(/\s+/g, ''), 'PEM')
}

/**
 * Reads a certificate. Its signature, names and dates are not checked.
 * Throws `certificate_malformed`, `encoding_invalid`, and `key_invalid` when the key is of a kind that is not supported.
 */
export function readCertificate(certificate: string | Uint8Array): Certificate {
  const der = certificateDer(certificate)
  const signed = readSigned(der)
  return { der, ...signed, ...readSequence(signed.tbs, members => readBody(members, signed)) }
}

function readBody(members: DerMembers, signed: Signed): Omit<Certificate, keyof Signed | 'der'> {
  const version = members.optional(derExplicit(0), ({ content }) => readVersion(content)) ?? 1
  const serial = readInteger(members.next(derInteger), 'serial')
  requireSameAlgorithm(signed, members.next(derSequence))
  const issuer = readName(members.next(derSequence))
  const [notBefore, notAfter] = readMembers(members.next(derSequence), validity => [
    readTime(validity.any()),
    readTime(validity.any()),
  ])
  const subject = readName(members.next(derSequence))
  const keyInfo = members.next(derSequence)
  const key = readKey(keyInfo)
  if (version > 1)
    for (const unique of [1, 2]) members.optional(derImplicit(unique), bits => readBits(bits, 'uniqueIdentifier'))
  const extensions = version > 2 ? members.optional(derExplicit(3), readWrappedExtensions) : undefined
  return {
    serial,
    issuer,
    subject,
    notBefore,
    notAfter,
    spki: keyInfo.whole,
    key,
    publicJwk: 'spki' in key ? undefined : key,
    extensions: extensions ?? new Map(),
  }
}

/** Version 1 is the default and not written; extensions belong to version 3, unique identifiers to 2 and 3 (§4.1.2). */
function readVersion(content: Uint8Array): number {
  const version = 1 + readCount(readDer(content, derInteger), 'version')
  if (version !== 2 && version !== 3) throw malformedCertificate('version')
  return version
}
