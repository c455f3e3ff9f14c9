/** COSE_Mac0 with HMAC 256/256: one tag under a key that both sides know (RFC 9052 §6.2, RFC 9053 §3.1). */
import { hmacSha256 } from '#crypto'
import { type ErrorCode, VidimusError } from '../../errors.js'
import { equalBytes } from '../bytes.js'
import { writeStructure } from '../cbor/structure.js'
import { type CborValue, isBytes, isCborArray } from '../cbor/value.js'
import { defaultLimits, type Limits } from '../limits.js'
import { type CoseHeaders, headerAlg, malformed, readHeaders, writeProtected } from './headers.js'

/** HMAC with SHA-256, the tag not truncated. */
const hmac256 = 5

/** A COSE_Mac0 as read (RFC 9052 §6.2). */
export interface Mac0 {
  readonly headers: CoseHeaders
  /** `null` where the payload is detached. */
  readonly payload: Uint8Array | null
  readonly tag: Uint8Array
}

/** An untagged COSE_Mac0. Throws `cose_malformed` and what `readHeaders` throws. */
export function readMac0(value: CborValue | undefined, limits: Limits = defaultLimits): Mac0 {
  if (!isCborArray(value) || value.length !== 4) throw malformed('structure')
  const [protectedBytes, unprotected, payload, tag] = value
  if (payload !== null && !isBytes(payload)) throw malformed('payload')
  if (!isBytes(tag)) throw malformed('tag')
  return { headers: readHeaders(protectedBytes, unprotected, limits), payload, tag }
}

/**
 * Verifies the tag over the object's own payload, or the one that was detached. Throws `alg_not_allowed` for any algorithm
 * but HMAC 256/256, `signature_invalid` or the code given instead.
 */
export async function verifyMac0(
  { headers, tag }: Mac0,
  payload: Uint8Array,
  key: Uint8Array,
  code: ErrorCode = 'signature_invalid',
): Promise<void> {
  if (headers.protected.get(headerAlg) !== hmac256)
    throw new VidimusError('alg_not_allowed', { at: 'alg', expected: hmac256 })
  const expected = await hmacSha256(key, macStructure(headers.protectedBytes, payload))
  if (!equalBytes(expected, tag)) throw new VidimusError(code, { at: 'tag' })
}

/** An untagged COSE_Mac0 over a detached payload. */
export async function createDetachedMac0(payload: Uint8Array, key: Uint8Array): Promise<CborValue> {
  const protectedBytes = writeProtected(new Map([[headerAlg, hmac256]]))
  return [protectedBytes, new Map(), null, await hmacSha256(key, macStructure(protectedBytes, payload))]
}

/** §6.3, without external data. */
const macStructure = (protectedBytes: Uint8Array, payload: Uint8Array): Uint8Array =>
  writeStructure(['MAC0', protectedBytes, new Uint8Array(), payload])
