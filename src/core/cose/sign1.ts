/** COSE_Sign1: one signature over protected headers and a payload (RFC 9052 §4.2). */
import { verifySignature } from '#crypto'
import type { ErrorCode } from '../../errors.js'
import { VidimusError } from '../../errors.js'
import { algorithmOfSigner, coseAlgorithms } from '../algorithms.js'
import { writeStructure } from '../cbor/structure.js'
import { type CborMap, type CborValue, isBytes, isCborArray } from '../cbor/value.js'
import { cborMap } from '../cbor/write.js'
import type { PublicKey } from '../crypto/backend.js'
import type { Signer } from '../keys.js'
import { defaultLimits, type Limits } from '../limits.js'
import { certificateDer } from '../x509/certificate.js'
import { type CoseHeaders, headerAlg, headerX5chain, malformed, readHeaders, writeProtected } from './headers.js'

/** The tag that may stand before a COSE_Sign1 (§2). */
export const tagSign1 = 18

export interface Sign1 {
  readonly headers: CoseHeaders
  /** `null` where the payload is detached. */
  readonly payload: Uint8Array | null
  readonly signature: Uint8Array
}

/** An untagged COSE_Sign1. Throws `cose_malformed` and what `readHeaders` throws. */
export function readSign1(value: CborValue | undefined, limits: Limits = defaultLimits): Sign1 {
  if (!isCborArray(value) || value.length !== 4) throw malformed('structure')
  const [protectedBytes, unprotected, payload, signature] = value
  if (payload !== null && !isBytes(payload)) throw malformed('payload')
  if (!isBytes(signature)) throw malformed('signature')
  return { headers: readHeaders(protectedBytes, unprotected, limits), payload, signature }
}

/**
 * Verifies the signature with a key that the caller believes. `payload` is the object's own, or the one that was detached.
 * Throws `alg_not_allowed` when the protected algorithm is not the key's, `signature_invalid` or the code given instead.
 */
export async function verifySign1(
  { headers, signature }: Sign1,
  payload: Uint8Array,
  key: PublicKey,
  code: ErrorCode = 'signature_invalid',
): Promise<void> {
  const { algorithm } = key
  coseAlgorithms(headers.protected.get(headerAlg), [algorithm.name])
  const signed = writeStructure(['Signature1', headers.protectedBytes, noBytes, payload])
  if (!(await verifySignature(key, signed, signature))) throw new VidimusError(code, { at: 'signature' })
}

export interface Sign1Content {
  readonly payload: Uint8Array
  /** Whether the payload is left out of the object. */
  readonly detached?: boolean | undefined
  /** Headers beside `alg`, which comes from the signer. */
  readonly protected?: CborMap | undefined
  readonly unprotected?: CborMap | undefined
}

/**
 * An untagged COSE_Sign1. Throws `TypeError` when the signer answers with another form of signature than the algorithm's,
 * DER for one.
 */
export async function createSign1(content: Sign1Content, signer: Signer): Promise<CborValue> {
  const algorithm = algorithmOfSigner(signer)
  const headers = new Map([...(content.protected ?? []), [headerAlg, algorithm.cose[0]!] as const])
  const protectedBytes = writeProtected(headers)
  const signature = await signer.sign(writeStructure(['Signature1', protectedBytes, noBytes, content.payload]))
  if (signature.length !== algorithm.signatureBytes)
    throw new TypeError('`signer.sign` must return the fixed-length signature of its `alg`, never DER')
  return [
    protectedBytes,
    content.unprotected ?? new Map(),
    content.detached === true ? null : content.payload,
    signature,
  ]
}

/** The `x5chain` header of a signer (RFC 9360 §2): one certificate as bytes, several as a list, none at all. */
export function x5chainHeader({ x5c }: Signer): CborMap {
  const chain = x5c?.map(certificateDer) ?? []
  return cborMap([[headerX5chain, chain.length > 1 ? chain : chain[0]]])
}

const noBytes = /* @__PURE__ */ new Uint8Array()
