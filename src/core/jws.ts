/**
 * Strict compact JWS (RFC 7515 §7.1, RFC 8725): decoded once, verified over the characters that arrived.
 *
 * `decodeJws` trusts nothing; it says what was received and refuses what has more than one reading. No extension is
 * implemented, so any `crit` and any `b64` is refused.
 */
import { verifySignature } from '#crypto'
import { VidimusError } from '../errors.js'
import { type Algorithm, type AlgorithmName, algorithmNamed, requireAlgorithm } from './algorithms.js'
import { base64, base64url, fromBase64, fromBase64url, textFromBase64url, textToBase64url, utf8 } from './bytes.js'
import type { PublicKey } from './crypto/backend.js'
import { type JsonObject, type JsonValue, parseJsonObject } from './json.js'
import type { Signer } from './keys.js'
import { defaultLimits, type Limits, within } from './limits.js'
import type { SignerHints } from './signer-hints.js'
import { certificateDer } from './x509/certificate.js'

export interface DecodedJws {
  readonly header: JsonObject
  readonly payload: JsonObject
  /** What is signed: the first two parts with their separator, as received. */
  readonly signingInput: string
  readonly signature: Uint8Array
}

/**
 * The header, payload and signature of a compact JWS whose payload is a JSON object.
 * Throws `jws_malformed`, `encoding_invalid`, `json_invalid`, `json_duplicate_member`, `crit_unsupported`, `limit_exceeded`.
 */
export function decodeJws(compact: string, limits: Limits = defaultLimits): DecodedJws {
  const parts = compact.split('.', 4)
  const [encodedHeader = '', encodedPayload = '', signature = ''] = parts
  if (parts.length !== 3 || encodedHeader === '') throw new VidimusError('jws_malformed')
  within(limits, 'headerBytes', Math.floor((encodedHeader.length * 3) / 4))
  const header = parseJsonObject(textFromBase64url(encodedHeader, 'header'), limits)
  if (header['crit'] !== undefined || header['b64'] !== undefined)
    throw new VidimusError('crit_unsupported', { at: 'crit' })
  return {
    header,
    payload: parseJsonObject(textFromBase64url(encodedPayload, 'payload'), limits),
    signingInput: `${encodedHeader}.${encodedPayload}`,
    signature: fromBase64url(signature, 'signature'),
  }
}

/** Demands the `typ` of one kind of token, to the letter (RFC 8725 §3.11). Throws `jws_type_mismatch`. */
export function requireType({ header }: DecodedJws, typ: string): void {
  if (header['typ'] !== typ)
    throw new VidimusError('jws_type_mismatch', {
      at: 'typ',
      expected: typ,
    })
}

/** The algorithm a token names, if it is allowed. Throws `alg_not_allowed`. */
export const requireJwsAlgorithm = ({ header }: DecodedJws, allowed: readonly AlgorithmName[]): Algorithm =>
  requireAlgorithm(header['alg'], allowed)

/**
 * What the header says of the signer (RFC 7515 §4.1.4, §4.1.6). Throws `alg_not_allowed`, `jws_malformed`,
 * `certificate_malformed`, `encoding_invalid`, `limit_exceeded`.
 */
export function jwsHints(jws: DecodedJws, allowed: readonly AlgorithmName[], limits: Limits): SignerHints {
  const { kid } = jws.header
  if (kid !== undefined && typeof kid !== 'string') throw new VidimusError('jws_malformed', { at: 'kid' })
  return { algorithms: [requireJwsAlgorithm(jws, allowed)], keyId: kid, x5c: readChain(jws.header['x5c'], limits) }
}

/** Standard base64 of DER, leaf first (§4.1.6). */
function readChain(x5c: JsonValue | undefined, limits: Limits): readonly Uint8Array[] | undefined {
  if (x5c === undefined) return undefined
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.some(entry => typeof entry !== 'string'))
    throw new VidimusError('certificate_malformed', { at: 'x5c' })
  within(limits, 'certificates', x5c.length)
  return (x5c as string[]).map(entry => {
    const der = fromBase64(entry, 'x5c')
    within(limits, 'certificateBytes', der.length)
    return der
  })
}

/** Verifies the signature with a key that the caller believes. Throws `signature_invalid`, or the code given instead. */
export async function verifyJws(
  jws: DecodedJws,
  key: PublicKey,
  code: 'signature_invalid' | 'key_binding_signature_invalid' | 'status_signature_invalid' = 'signature_invalid',
): Promise<void> {
  if (jws.header['alg'] !== key.algorithm.name)
    throw new VidimusError('alg_not_allowed', {
      at: 'alg',
      expected: key.algorithm.name,
    })
  if (!(await verifySignature(key, jws.signingInput, jws.signature))) throw new VidimusError(code, { at: 'signature' })
}

/** The header of a token that an issuer signs: its type, and the signer's key by name and by certificate (RFC 7515 §4.1). */
export function issuerHeader(typ: string, { kid, x5c }: Signer): JsonObject {
  return x5c === undefined ? { typ, kid } : { typ, kid, x5c: x5c.map(entry => base64(certificateDer(entry))) }
}

/**
 * A compact JWS over a JSON payload. `alg` comes from the signer and cannot be set otherwise.
 * Throws `TypeError` when the signer answers with another form of signature than the algorithm's, DER for one.
 */
export async function signJws(header: JsonObject, payload: JsonObject | string, signer: Signer): Promise<string> {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload)
  const protectedHeader = textToBase64url(JSON.stringify({ ...header, alg: signer.alg }))
  const signingInput = `${protectedHeader}.${textToBase64url(text)}`
  const signature = await signer.sign(utf8(signingInput))
  if (signature.length !== algorithmNamed(signer.alg)?.signatureBytes)
    throw new TypeError('`signer.sign` must return the fixed-length signature of its `alg`, never DER')
  return `${signingInput}.${base64url(signature)}`
}
