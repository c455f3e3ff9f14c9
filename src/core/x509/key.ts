/** Public keys as certificates hold them: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 5480 §2, RFC 8410 §4, RFC 3279 §2.3.1). */
import { VidimusError } from '../../errors.js'
import { algorithmOfCurve, type CurveName } from '../algorithms.js'
import { base64url } from '../bytes.js'
import type { PublicJwk } from '../jwk.js'
import {
  type DerElement,
  derBitString,
  derInteger,
  derNull,
  derObjectIdentifier,
  derSequence,
  malformedCertificate,
  nextObjectIdentifier,
  readBitBytes,
  readMembers,
  readObjectIdentifier,
  readSequence,
  readUnsigned,
} from './der.js'

/** An RSA key: it signs certificates and revocation lists, never credentials. */
export interface RsaKey {
  readonly kty: 'RSA'
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array
  readonly modulusBits: number
}

export type CertificateKey = PublicJwk | RsaKey

const ecPublicKey = '1.2.840.10045.2.1'
const ed25519 = '1.3.101.112'
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
export function readKey(keyInfo: DerElement): CertificateKey {
  return readMembers(keyInfo, members => {
    const [kind, parameters] = readMembers(members.next(derSequence), algorithm => [
      nextObjectIdentifier(algorithm),
      algorithm.more() ? algorithm.any() : undefined,
    ])
    const key = readBitBytes(members.next(derBitString), 'key')
    switch (kind) {
      case ed25519:
        if (parameters !== undefined || key.length !== 32) throw malformedCertificate('key')
        return { kty: 'OKP', crv: 'Ed25519', x: base64url(key) }
      case ecPublicKey:
        return readPoint(parameters, key)
      case rsaEncryption:
        if (parameters?.tag !== derNull || parameters.content.length > 0) throw malformedCertificate('key')
        return { kty: 'RSA', spki: keyInfo.whole, modulusBits: readModulusBits(key) }
      default:
        throw unsupported()
    }
  })
}

/** A named curve and an uncompressed point (RFC 5480 §2.1.1, §2.2). */
function readPoint(curve: DerElement | undefined, key: Uint8Array): PublicJwk {
  if (curve?.tag !== derObjectIdentifier) throw malformedCertificate('key')
  const crv = curves[readObjectIdentifier(curve)]
  if (crv === undefined) throw unsupported()
  const size = algorithmOfCurve(crv).coordinateBytes
  if (key[0] !== 4 || key.length !== 1 + 2 * size) throw malformedCertificate('key')
  return { kty: 'EC', crv, x: base64url(key.subarray(1, 1 + size)), y: base64url(key.subarray(1 + size)) }
}

function readModulusBits(key: Uint8Array): number {
  return readSequence(key, members => {
    const modulus = readUnsigned(members.next(derInteger), 'key')
    readUnsigned(members.next(derInteger), 'key')
    return modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  })
}

const unsupported = () => new VidimusError('key_invalid', { at: 'certificate' })
