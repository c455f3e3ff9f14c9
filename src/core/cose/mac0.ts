/** COSE_Mac0 with HMAC 256/256: one tag under a key that both sides know (RFC 9052 §6.2, RFC 9053 §3.1). */
import { hmacSha256 } from '#crypto'
import { type ErrorCode, VidimusError } from '../../errors.js'
import { equalBytes } from '../bytes.js'
import { writeStructure } from '../cbor/structure.js'
import type { CborValue } from '../cbor/value.js'
import type { Limits } from '../limits.js'
import { headerAlg, writeProtected } from './headers.js'
import { readSign1, type Sign1 } from './sign1.js'

/** HMAC with SHA-256, the tag not truncated. */
const hmac256 = 5

/** A COSE_Mac0 as read: of the form of a COSE_Sign1, its tag in place of the signature (RFC 9052 §6.2). */
export type Mac0 = Sign1

/** An untagged COSE_Mac0. Throws as `readSign1`. */
export const readMac0: (value: CborValue | undefined, limits?: Limits) => Mac0 = readSign1

/**
 * Verifies the tag over the object's own payload, or the one that was detached. Throws `alg_not_allowed` for any algorithm
 * but HMAC 256/256, `signature_invalid` or the code given instead.
 */
export async function verifyMac0(
  { headers, signature }: Mac0,
  payload: Uint8Array,
  key: Uint8Array,
  code: ErrorCode = 'signature_invalid',
): Promise<void> {
  if (headers.protected.get(headerAlg) !== hmac256)
    throw new VidimusError('alg_not_allowed', { at: 'alg', expected: hmac256 })
  const expected = await hmacSha256(key, macStructure(headers.protectedBytes, payload))
  if (!equalBytes(expected, signature)) throw new VidimusError(code, { at: 'tag' })
}

/** An untagged COSE_Mac0 over a detached payload. */
export async function createDetachedMac0(payload: Uint8Array, key: Uint8Array): Promise<CborValue> {
  const protectedBytes = writeProtected(new Map([[headerAlg, hmac256]]))
  return [protectedBytes, new Map(), null, await hmacSha256(key, macStructure(protectedBytes, payload))]
}

/** §6.3, without external data. */
const macStructure = (protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array =>
  writeStructure(['MAC0', protectedBytes, new Uint8Array(), payload])
