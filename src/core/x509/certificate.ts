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
import {
  type DerElement,
  derBitString,
  derGeneralizedTime,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derUtcTime,
  expectDer,
  malformedCertificate,
  readDer,
  readDerSequence,
} from './der.js'

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
  const match = /^\s*-----BEGIN CERTIFICATE-----([\w+/=\s]*)-----END CERTIFICATE-----\s*$/.exec(certificate)
  if (match === null) throw malformedCertificate('PEM')
  return fromBase64(match[1]!.replace(/\s+/g, ''), 'PEM')
}

/** Throws `certificate_malformed`, or `key_invalid` when the key is of a kind that signs no credentials. */
export function readCertificate(certificate: string | Uint8Array): Certificate {
  const der = certificateDer(certificate)
  const [tbs, signatureAlgorithm, signature, ...rest] = readDerSequence(readDer(der, derSequence))
  expectDer(signatureAlgorithm, derSequence)
  expectDer(signature, derBitString)
  const members = readDerSequence(tbs)
  // The version is tagged [0] and stands first unless the certificate is of version 1.
  const [serial, innerAlgorithm, issuer, validity, subject, publicKey] =
    members[0]?.tag === 0xa0 ? members.slice(1) : members
  expectDer(serial, derInteger)
  for (const sequence of [innerAlgorithm, issuer, subject]) expectDer(sequence, derSequence)
  const [notBefore, notAfter, ...more] = readDerSequence(validity)
  if (rest.length + more.length > 0) throw malformedCertificate('surplus')
  return { der, publicJwk: readPublicKey(publicKey), notBefore: readTime(notBefore), notAfter: readTime(notAfter) }
}

/** Object identifiers by their DER content, in hexadecimal. */
const ecPublicKey = '2a8648ce3d0201'
const ed25519 = '2b6570'
const curves: Readonly<Record<string, readonly [crv: 'P-256' | 'P-384' | 'P-521', coordinateBytes: number]>> = {
  '2a8648ce3d030107': ['P-256', 32],
  '2b81040022': ['P-384', 48],
  '2b81040023': ['P-521', 66],
}

/** SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4). */
function readPublicKey(element: DerElement | undefined): PublicJwk {
  const [algorithm, bits, ...rest] = readDerSequence(element)
  const [kind, parameters, ...more] = readDerSequence(algorithm)
  const [unusedBits, ...key] = expectDer(bits, derBitString).content
  if (unusedBits !== 0 || rest.length + more.length > 0) throw malformedCertificate('key')
  switch (readIdentifier(kind)) {
    case ed25519:
      if (parameters !== undefined || key.length !== 32) throw malformedCertificate('key')
      return { kty: 'OKP', crv: 'Ed25519', x: coordinate(key) }
    case ecPublicKey: {
      const curve = curves[readIdentifier(parameters)]
      if (curve === undefined) throw unsupported()
      const [crv, size] = curve
      if (key[0] !== 4 || key.length !== 1 + 2 * size) throw malformedCertificate('key') // an uncompressed point
      return { kty: 'EC', crv, x: coordinate(key.slice(1, 1 + size)), y: coordinate(key.slice(1 + size)) }
    }
    default:
      throw unsupported()
  }
}

const readIdentifier = (element: DerElement | undefined): string =>
  Array.from(expectDer(element, derObjectIdentifier).content, byte => byte.toString(16).padStart(2, '0')).join('')

const coordinate = (bytes: readonly number[]): string => base64url(Uint8Array.from(bytes))

/** UTCTime and GeneralizedTime with seconds and `Z` (RFC 5280 §4.1.2.5.1 and .2). */
function readTime(element: DerElement | undefined): Date {
  const text = String.fromCharCode(...(element?.content.subarray(0, 16) ?? []))
  const century = element?.tag === derGeneralizedTime ? '' : text < '5' ? '20' : '19'
  const form = /^(\d{4})(\d\d)(\d\d)([01]\d|2[0-3])([0-5]\d)([0-5]\d)Z$/.exec(century + text)
  if (form === null || (century !== '' && element?.tag !== derUtcTime)) throw malformedCertificate('time')
  const [, year, month, day, hour, minute, second] = form
  const date = `${year}-${month}-${day}`
  if (!isCalendarDate(date)) throw malformedCertificate('time')
  return new Date(`${date}T${hour}:${minute}:${second}Z`)
}

const unsupported = () => new VidimusError('key_invalid', { at: 'x5c' })
