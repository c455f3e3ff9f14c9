/**
 * COSE_Keys on P-256 whose y-coordinate is only a sign (RFC 9053 §7.1.1), for places where 32 bytes count. Other keys are
 * written in full.
 */
import { VidimusError } from '../../errors.js'
import { type CborMap, type CborValue, isBytes, isCborMap } from '../cbor/value.js'
import type { PublicJwk } from '../jwk.js'
import { readCoseKey, writeCoseKey } from './key.js'

const curve = -1
const x = -2
const y = -3

/** What COSE calls P-256. */
const p256 = 1

/** The field and the constant of the curve y² = x³ − 3x + b (SEC 2 §2.4.2). */
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

/** The COSE_Key of a public JWK, as short as it can be. */
export function writeShortCoseKey(jwk: PublicJwk): CborMap {
  const key = new Map(writeCoseKey(jwk))
  const whole = key.get(y)
  if (key.get(curve) === p256 && isBytes(whole)) key.set(y, whole.at(-1)! % 2 === 1)
  return key
}

/** The public key that a COSE_Key stands for, in full or shortened. Throws as `readCoseKey`. */
export function readShortCoseKey(value: CborValue | undefined): PublicJwk {
  if (!isCborMap(value) || value.get(curve) !== p256 || typeof value.get(y) !== 'boolean') return readCoseKey(value)
  return readCoseKey(new Map([...value, [y, solve(value.get(x), value.get(y) === true)]]))
}

/** The y-coordinate beside an x. Throws `key_invalid` for an x that no point of the curve has. */
function solve(xBytes: CborValue | undefined, isOdd: boolean): Uint8Array {
  const number =
    isBytes(xBytes) && xBytes.length === 32 ? xBytes.reduce((value, octet) => value * 256n + BigInt(octet), 0n) : p
  const square = (number ** 3n - 3n * number + b) % p
  const root = power(square, (p + 1n) / 4n)
  if (number >= p || (root * root - square) % p !== 0n) throw new VidimusError('key_invalid', { at: 'x' })
  const found = (root % 2n === 1n) === isOdd ? root : p - root
  return Uint8Array.from({ length: 32 }, (_, index) => Number(BigInt.asUintN(8, found >> BigInt(8 * (31 - index)))))
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % p
    if (bit === '1') result = (result * base) % p
  }
  return result
}
