/** Public keys as certificates hold them: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 5480 §2, RFC 8410 §4). */
import { VidimusError } from '../../errors.js'
import { algorithmOfCurve, type CurveName } from '../algorithms.js'
import { base64url } from '../bytes.js'
import type { PublicJwk } from '../jwk.js'
import {
  type DerElement,
  derAny,
  derBitString,
  derObjectIdentifier,
  derSequence,
  malformedCertificate,
  readBytes,
  readMembers,
  readObjectIdentifier,
  readSequence,
} from './der.js'

export interface CertificateKey {
  /** SubjectPublicKeyInfo, DER: the one encoding that a key has here. */
  readonly spki: Uint8Array
  /**
   * The key where it is one that signs credentials: `undefined` for RSA, which signs certificates and revocation lists
   * alone and is read by its own part (`rsa.ts`).
   */
  readonly publicJwk: PublicJwk | undefined
}

const ecPublicKey = '1.2.840.10045.2.1'
export const ed25519 = '1.3.101.112'
const rsaEncryption = '1.2.840.113549.1.1.1'

const curves: Readonly<Record<string, CurveName>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.9': 'brainpoolP320r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
}

/**
 * The key of a certificate. That a point lies on its curve is checked when the key is imported.
 * Throws `certificate_malformed`, and `key_invalid` for a key of a kind that is not supported.
 */
export function readKey(spki: Uint8Array): CertificateKey {
  const { kind, parameters, key } = readKeyInfo(spki)
  if (kind === rsaEncryption) return { spki, publicJwk: undefined }
  if (kind === ecPublicKey) return { spki, publicJwk: readPoint(parameters, key) }
  if (kind !== ed25519) throw unsupported()
  if (parameters !== undefined || key.length !== 32) throw malformedCertificate('key')
  return { spki, publicJwk: { kty: 'OKP', crv: 'Ed25519', x: base64url(key) } }
}

/** The kind of key, by its object identifier, and what that kind has. Throws `certificate_malformed`. */
export function readKeyInfo(spki: Uint8Array) {
  const [algorithm, key] = readSequence(spki, [derSequence, derBitString])
  const [kind, parameters] = readMembers(algorithm.content, [derObjectIdentifier, [derAny]])
  return { kind: readObjectIdentifier(kind), parameters, key: readBytes(key) }
}

/** A named curve and an uncompressed point (RFC 5480 §2.1.1, §2.2). */
function readPoint(curve: DerElement | undefined, key: Uint8Array): PublicJwk {
  if (curve?.tag !== derObjectIdentifier) throw malformedCertificate('key')
  const crv = curves[readObjectIdentifier(curve)]
  if (crv === undefined) throw unsupported()
  const middle = 1 + algorithmOfCurve(crv).coordinateBytes
  if (key[0] !== 4 || key.length !== 2 * middle - 1) throw malformedCertificate('key')
  return { kty: 'EC', crv, x: base64url(key.subarray(1, middle)), y: base64url(key.subarray(middle)) }
}

const unsupported = () => new VidimusError('key_invalid', { at: 'certificate' })
