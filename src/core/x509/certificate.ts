/**
 * What the library reads of an X.509 certificate (RFC 5280 §4.1): its public key and the time it is valid for.
 *
 * A certificate is believed only when a verifier pinned exactly its bytes, so its names, extensions and signature are
 * not looked at: path validation is another matter, and nothing here pretends to do it.
 */
import { VidimusError } from '../../errors.js'
import { base64url, fromBase64 } from '../bytes.js'
import { isCalendarDate } from '../clock.js'
import type { PublicJwk } from '../jwk.js'
import { type DerElement, derTag, expectTag, readDer, readDerSequence, readObjectIdentifier } from './der.js'

export interface Certificate {
  readonly der: Uint8Array
  readonly publicJwk: PublicJwk
  /** Inclusive, like `notAfter` (RFC 5280 §4.1.2.5). */
  readonly notBefore: Date
  readonly notAfter: Date
}

/** The DER bytes of a certificate given as PEM text or DER bytes. Throws `certificate_malformed`. */
export function certificateDer(certificate: string | Uint8Array): Uint8Array {
  if (typeof certificate !== 'string') return new Uint8Array(certificate)
  const match = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----\s*$/.exec(certificate)
  if (match === null) throw malformed('the PEM text does not hold exactly one certificate')
  return fromBase64(match[1]!.replace(/\s+/g, ''), 'PEM')
}

/** Throws `certificate_malformed`, or `key_invalid` when the key is of a kind that signs no credentials. */
export function readCertificate(certificate: string | Uint8Array): Certificate {
  const der = certificateDer(certificate)
  const [tbs, signatureAlgorithm, signature, ...rest] = readDerSequence(readDer(der, derTag.sequence).content)
  expectTag(signatureAlgorithm, derTag.sequence)
  expectTag(signature, derTag.bitString)
  if (rest.length > 0) throw malformed('it has a member too many')
  const members = readDerSequence(expectTag(tbs, derTag.sequence).content)
  // The version is tagged [0] and stands first unless the certificate is of version 1.
  const [serial, innerAlgorithm, issuer, validity, subject, publicKey] =
    members[0]?.tag === 0xa0 ? members.slice(1) : members
  expectTag(serial, derTag.integer)
  expectTag(innerAlgorithm, derTag.sequence)
  expectTag(issuer, derTag.sequence)
  expectTag(subject, derTag.sequence)
  const [notBefore, notAfter, ...more] = readDerSequence(expectTag(validity, derTag.sequence).content)
  if (more.length > 0) throw malformed('its validity has a member too many')
  return {
    der,
    publicJwk: readPublicKey(expectTag(publicKey, derTag.sequence)),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
  }
}

const ecPublicKey = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

/** SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4). */
function readPublicKey(element: DerElement): PublicJwk {
  const [algorithm, bits, ...rest] = readDerSequence(element.content)
  const [identifier, parameters, ...more] = readDerSequence(expectTag(algorithm, derTag.sequence).content)
  if (rest.length > 0 || more.length > 0) throw malformed('its key has a member too many')
  const content = expectTag(bits, derTag.bitString).content
  if (content[0] !== 0) throw malformed('its key is not a whole number of bytes')
  const key = content.subarray(1)
  const kind = readObjectIdentifier(expectTag(identifier, derTag.objectIdentifier))
  if (kind === ed25519) {
    if (parameters !== undefined || key.length !== 32) throw malformed('its key is not one of Ed25519')
    return { kty: 'OKP', crv: 'Ed25519', x: base64url(key) }
  }
  if (kind !== ecPublicKey) throw unsupported()
  const { crv, size } = curveOf(readObjectIdentifier(expectTag(parameters, derTag.objectIdentifier)))
  if (key[0] !== 0x04 || key.length !== 1 + 2 * size)
    throw malformed('its key is not an uncompressed point of the curve')
  return { kty: 'EC', crv, x: base64url(key.subarray(1, 1 + size)), y: base64url(key.subarray(1 + size)) }
}

function curveOf(identifier: string): { readonly crv: 'P-256' | 'P-384' | 'P-521'; readonly size: number } {
  switch (identifier) {
    case '1.2.840.10045.3.1.7':
      return { crv: 'P-256', size: 32 }
    case '1.3.132.0.34':
      return { crv: 'P-384', size: 48 }
    case '1.3.132.0.35':
      return { crv: 'P-521', size: 66 }
    default:
      throw unsupported()
  }
}

/** UTCTime and GeneralizedTime with seconds and `Z` (RFC 5280 §4.1.2.5.1 and .2). */
function readTime(element: DerElement | undefined): Date {
  const text = String.fromCharCode(...(element?.content.subarray(0, 16) ?? []))
  const utc = element?.tag === derTag.utcTime && /^\d{12}Z$/.test(text)
  if (!utc && !(element?.tag === derTag.generalizedTime && /^\d{14}Z$/.test(text)))
    throw malformed('a time is not in its DER form')
  const [, year, month, day, hour, minute, second] = (utc ? `${centuryOf(text)}${text}` : text).match(
    /^(....)(..)(..)(..)(..)(..)Z$/,
  )!
  const date = `${year}-${month}-${day}`
  if (!isCalendarDate(date) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    throw malformed('a time does not exist')
  return new Date(`${date}T${hour}:${minute}:${second}Z`)
}

/** Two digits from 50 are of the twentieth century (§4.1.2.5.1). */
const centuryOf = (text: string): string => (Number(text.slice(0, 2)) < 50 ? '20' : '19')

const malformed = (message: string) =>
  new VidimusError('certificate_malformed', `the certificate is malformed: ${message}`)
const unsupported = () => new VidimusError('key_invalid', 'the certificate holds a key of an unsupported kind')
