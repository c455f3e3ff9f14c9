/**
 * X.509 certificates (RFC 5280 §4.1), read strictly. Nothing in one is believed by being read: `validatePath` holds it
 * against an anchor and a profile.
 */
import { fromBase64 } from '../bytes.js'
import {
  derAny,
  derExplicit,
  derImplicit,
  derInteger,
  derSequence,
  isBits,
  malformedCertificate,
  readDer,
  readMembers,
  readSequence,
  readTime,
} from './der.js'
import { type Extensions, readExtensions } from './extension.js'
import { type CertificateKey, readKey } from './key.js'
import { type DistinguishedName, readName } from './name.js'
import { readSigned, requireSameAlgorithm, type Signed } from './signature.js'

export interface Certificate extends Signed, CertificateKey {
  readonly der: Uint8Array
  /** Two's complement, big-endian, as received. */
  readonly serial: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Inclusive, like `notAfter` (RFC 5280 §4.1.2.5). */
  readonly notBefore: Date
  readonly notAfter: Date
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
  const [version, serial, algorithm, issuer, validity, subject, key, issuerId, subjectId, extensions] = readSequence(
    signed.tbs,
    [
      [derExplicit(0)],
      derInteger,
      derSequence,
      derSequence,
      derSequence,
      derSequence,
      derSequence,
      [derImplicit(1)],
      [derImplicit(2)],
      [derExplicit(3)],
    ],
  )
  requireSameAlgorithm(signed, algorithm)
  const [notBefore, notAfter] = readMembers(validity.content, [derAny, derAny])
  // Version 1 is not written, 2 is a 1: extensions belong to version 3, unique identifiers to 2 and 3 (§4.1.2).
  const written = version && readDer(version.content, derInteger).join()
  const isOld = !extensions && (written === '1' || (!version && !issuerId && !subjectId))
  if (written !== '2' && !isOld) throw malformedCertificate('version')
  for (const id of [issuerId, subjectId]) if (id && !isBits(id.content)) throw malformedCertificate('value')
  return {
    ...signed,
    ...readKey(key.whole),
    der,
    serial: serial.content,
    issuer: readName(issuer.content),
    subject: readName(subject.content),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    extensions: readExtensions(extensions && readDer(extensions.content, derSequence)),
  }
}
