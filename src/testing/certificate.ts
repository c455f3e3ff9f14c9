/** Certificates of a development issuer (RFC 5280 §4.1, ISO/IEC 18013-5 Annex B), written and signed. */
import { digest } from '#crypto'
import { algorithmOfSigner } from '../core/algorithms.js'
import { base64, concatBytes, fromBase64url } from '../core/bytes.js'
import type { PublicJwk } from '../core/jwk.js'
import type { Signer } from '../core/keys.js'
import {
  bitString,
  integer,
  objectIdentifier,
  octetString,
  printableString,
  sequence,
  set,
  tagged,
  taggedText,
  time,
  utf8String,
  yes,
} from './der.js'

/** What a certificate says. */
export interface CertificateContent {
  readonly serial: Uint8Array
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicJwk: PublicJwk
  readonly extensions: readonly Uint8Array[]
}

/** A certificate of version 3, DER. */
export async function signCertificate(content: CertificateContent, signer: Signer): Promise<Uint8Array> {
  const algorithm = signatureAlgorithm(signer)
  const tbs = sequence(
    tagged(0, integer(Uint8Array.of(2))),
    integer(content.serial),
    algorithm,
    content.issuer,
    sequence(time(content.notBefore), time(content.notAfter)),
    content.subject,
    publicKeyInfo(content.publicJwk),
    tagged(3, sequence(...content.extensions)),
  )
  return sequence(tbs, algorithm, bitString(signatureValue(await signer.sign(tbs), signer)))
}

export const pem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${base64(der).replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`

/** A name of a country and a common name, of which 64 characters are kept (RFC 5280 Appendix A.1). */
export const name = (country: string, commonName: string): Uint8Array =>
  sequence(
    set(sequence(objectIdentifier('2.5.4.6'), printableString(country))),
    set(sequence(objectIdentifier('2.5.4.3'), utf8String(commonName.slice(0, 64)))),
  )

const extension = (id: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(objectIdentifier(id), ...(critical ? [yes()] : []), octetString(value))

/** An authority below which there is none. */
export const authority = (): Uint8Array => extension('2.5.29.19', true, sequence(yes(), integer(Uint8Array.of(0))))

/** keyCertSign and cRLSign. */
export const signsCertificates = (): Uint8Array => extension('2.5.29.15', true, bitString(Uint8Array.of(0x06), 1))

export const signsDocuments = (): Uint8Array => extension('2.5.29.15', true, bitString(Uint8Array.of(0x80), 7))

export const extendedKeyUsage = (id: string): Uint8Array => extension('2.5.29.37', true, sequence(objectIdentifier(id)))

export const subjectKeyIdentifier = async (jwk: PublicJwk): Promise<Uint8Array> =>
  extension('2.5.29.14', false, octetString(await keyIdentifier(jwk)))

export const authorityKeyIdentifier = async (jwk: PublicJwk): Promise<Uint8Array> =>
  extension('2.5.29.35', false, sequence(concatBytes(Uint8Array.of(0x80, 20), await keyIdentifier(jwk))))

export const subjectAltName = (uri: string): Uint8Array => extension('2.5.29.17', false, sequence(taggedText(6, uri)))

export const issuerAltName = (uri: string): Uint8Array => extension('2.5.29.18', false, sequence(taggedText(6, uri)))

/** Where the revocation list of the issuer would be. */
export const crlDistributionPoint = (uri: string): Uint8Array =>
  extension('2.5.29.31', false, sequence(sequence(tagged(0, tagged(0, taggedText(6, uri))))))

/** The first 20 bytes of a SHA-256 over the key (RFC 7093 §2). */
const keyIdentifier = async (jwk: PublicJwk): Promise<Uint8Array> =>
  (await digest('sha-256', keyBytes(jwk))).subarray(0, 20)

/** An uncompressed point, or the 32 bytes of Ed25519. */
const keyBytes = ({ x, y }: PublicJwk): Uint8Array =>
  y === undefined ? fromBase64url(x) : concatBytes(Uint8Array.of(4), fromBase64url(x), fromBase64url(y))

const ecPublicKey = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'

const curves: Readonly<Record<string, string>> = {
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
  'P-521': '1.3.132.0.35',
  brainpoolP256r1: '1.3.36.3.3.2.8.1.1.7',
  brainpoolP320r1: '1.3.36.3.3.2.8.1.1.9',
  brainpoolP384r1: '1.3.36.3.3.2.8.1.1.11',
  brainpoolP512r1: '1.3.36.3.3.2.8.1.1.13',
}

/** SubjectPublicKeyInfo (RFC 5480 §2, RFC 8410 §4). */
function publicKeyInfo(jwk: PublicJwk): Uint8Array {
  const curve = curves[jwk.crv]
  const algorithm =
    curve === undefined ? [objectIdentifier(ed25519)] : [objectIdentifier(ecPublicKey), objectIdentifier(curve)]
  return sequence(sequence(...algorithm), bitString(keyBytes(jwk)))
}

/** ECDSA with the hash that goes with the signer's algorithm (RFC 5758 §3.2), or Ed25519 (RFC 8410 §3). */
function signatureAlgorithm(signer: Signer): Uint8Array {
  const { hash } = algorithmOfSigner(signer)
  const ecdsa = { 'sha-256': '1.2.840.10045.4.3.2', 'sha-384': '1.2.840.10045.4.3.3', 'sha-512': '1.2.840.10045.4.3.4' }
  return sequence(objectIdentifier(hash === undefined ? ed25519 : ecdsa[hash]))
}

/** r‖s as certificates have it (RFC 3279 §2.2.3). */
function signatureValue(signature: Uint8Array, signer: Signer): Uint8Array {
  if (algorithmOfSigner(signer).hash === undefined) return signature
  const half = signature.length / 2
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)))
}
