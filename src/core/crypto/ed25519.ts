/**
 * Ed25519 public keys under which a signature proves nothing (RFC 8032 §5.1.3, RFC 8725 §3.4).
 *
 * The platforms import any 32 bytes. But eight points of the curve have a small order, and under those one signature
 * holds for many messages; and a coordinate that is not reduced names its point a second way, so that one key would
 * have two thumbprints.
 */
import { VidimusError } from '../../errors.js'

/**
 * Refuses an encoded public key of small order, or one that is not the only encoding of its point. Whether there is
 * such a point at all is left to verifying, which never succeeds without one. Throws `key_invalid`.
 */
export function refuseWeakKey(encoded: Uint8Array | undefined): void {
  const p = 2n ** 255n - 19n
  const order8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n
  const y = encoded?.length === 32 ? yCoordinate(encoded) : p
  if (y >= p || [0n, 1n, p - 1n, order8, p - order8].includes(y)) throw new VidimusError('key_invalid', { at: 'x' })
}

/** Little-endian, without the top bit, which is the sign of x (§5.1.2). */
const yCoordinate = (encoded: Uint8Array): bigint =>
  BigInt.asUintN(
    255,
    encoded.reduceRight((number, octet) => number * 256n + BigInt(octet), 0n),
  )
