/** Public keys as COSE_Keys (RFC 9052 §7, RFC 9053 §7), to and from the JWKs in which the library names keys. */
import { VidimusError } from '../../errors.js'
import { algorithmOfCoseCurve, algorithmOfCurve, coseAlgorithms } from '../algorithms.js'
import { base64url, fromBase64url } from '../bytes.js'
import { type CborMap, type CborValue, isBytes, isCborArray, isCborMap } from '../cbor/value.js'
import { cborMap } from '../cbor/write.js'
import type { PublicJwk } from '../jwk.js'

const keyType = 1
const keyAlg = 3
const keyOps = 4
const curve = -1
const x = -2
const y = -3
const d = -4

/** Operations for which a public key may be marked: verify, derive key, derive bits (RFC 9052 §7.1). */
const publicOperations: readonly CborValue[] = [2, 7, 8, 'verify', 'deriveKey', 'deriveBits']

/**
 * The public key that a COSE_Key stands for. Points are taken uncompressed alone. Throws `key_invalid` for a private key, a
 * curve outside the table, coordinates of another length, and an `alg` or `key_ops` that do not go with it;
 * `alg_not_allowed` for an `alg` outside the table.
 */
export function readCoseKey(value: CborValue | undefined): PublicJwk {
  if (!isCborMap(value)) throw invalid('COSE_Key')
  const algorithm = algorithmOfCoseCurve(value.get(curve))
  if (value.get(keyType) !== algorithm.coseKty) throw invalid('kty')
  if (value.has(d)) throw invalid('d')
  const operations = value.get(keyOps)
  if (operations !== undefined && !(isCborArray(operations) && operations.some(it => publicOperations.includes(it))))
    throw invalid('key_ops')
  requireAlgorithmOf(value, algorithm.crv)
  const { kty, crv, coordinateBytes } = algorithm
  const coordinate = (label: number, name: string): string => {
    const bytes = value.get(label)
    if (!isBytes(bytes) || bytes.length !== coordinateBytes) throw invalid(name)
    return base64url(bytes)
  }
  if (kty === 'EC') return { kty, crv, x: coordinate(x, 'x'), y: coordinate(y, 'y') }
  if (value.has(y)) throw invalid('y')
  return { kty, crv, x: coordinate(x, 'x') }
}

/** An `alg` that the key is restricted to must be one of its curve. */
function requireAlgorithmOf(key: CborMap, crv: string): void {
  const alg = key.get(keyAlg)
  if (alg === undefined) return
  const fitting = coseAlgorithms(alg).some(algorithm => algorithm.crv === crv)
  if (!fitting) throw invalid('alg')
}

/** The COSE_Key of a public JWK. */
export function writeCoseKey(jwk: PublicJwk): CborMap {
  const { coseKty, coseCurve } = algorithmOfCurve(jwk.crv)
  return cborMap([
    [keyType, coseKty],
    [curve, coseCurve],
    [x, fromBase64url(jwk.x)],
    [y, jwk.y === undefined ? undefined : fromBase64url(jwk.y)],
  ])
}

const invalid = (at: string) => new VidimusError('key_invalid', { at })
