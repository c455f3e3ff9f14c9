/** HKDF with SHA-256: keys from a shared secret (RFC 5869). */
import { hmacSha256 } from '#crypto'
import { misuse } from './arguments.js'

const hashBytes = 32

export interface HkdfOptions {
  /** May be empty. */
  readonly salt: Uint8Array
  /** What the key is for. May be empty. */
  readonly info: Uint8Array
  /** Bytes, from 1 to 8160. */
  readonly length: number
}

/** `length` bytes that only who knows the secret can derive. Throws `TypeError` for a length that HKDF cannot give. */
export async function hkdfSha256(secret: Uint8Array, { salt, info, length }: HkdfOptions): Promise<Uint8Array> {
  if (!Number.isInteger(length) || length < 1 || length > 255 * hashBytes)
    throw misuse('length', `an integer from 1 to ${255 * hashBytes}`)
  // §2.2: no salt is a salt of zeros, and WebCrypto imports no empty key.
  const pseudoRandomKey = await hmacSha256(salt.length === 0 ? new Uint8Array(hashBytes) : salt, secret)
  const blocks = Math.ceil(length / hashBytes)
  const output = new Uint8Array(blocks * hashBytes)
  let block = new Uint8Array()
  // §2.3: each block is the HMAC of the one before, the purpose and its number.
  for (let number = 1; number <= blocks; number++) {
    block = new Uint8Array(await hmacSha256(pseudoRandomKey, Uint8Array.of(...block, ...info, number)))
    output.set(block, (number - 1) * hashBytes)
  }
  return output.subarray(0, length)
}
