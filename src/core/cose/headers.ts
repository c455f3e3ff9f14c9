/** The two header maps of a COSE object (RFC 9052 §3), and what they say of its signer. */
import { VidimusError } from '../../errors.js'
import { type AlgorithmName, coseAlgorithms } from '../algorithms.js'
import { fromUtf8 } from '../bytes.js'
import { readCbor } from '../cbor/read.js'
import { type CborMap, type CborValue, isBytes, isCborArray, isCborMap } from '../cbor/value.js'
import { writeCbor } from '../cbor/write.js'
import { type Limits, within } from '../limits.js'
import type { SignerHints } from '../signer-hints.js'

/** Header labels (RFC 9052 §3.1, RFC 9360 §2, RFC 9596 §2). */
export const headerAlg = 1
const headerCrit = 2
export const headerKeyId = 4
export const headerType = 16
export const headerX5chain = 33

/** Both header maps of a message (RFC 9052 §3). */
export interface CoseHeaders {
  readonly protected: CborMap
  /** As received: what is signed. */
  readonly protectedBytes: Uint8Array
  readonly unprotected: CborMap
}

/** Labels whose meaning is minded wherever they stand; any other that is marked critical must be refused. */
const understood: readonly CborValue[] = [headerAlg, headerKeyId, headerType, headerX5chain]

/**
 * Reads both maps. Throws `cose_malformed`, `cose_header_duplicate` for a label that stands in both (§3),
 * `crit_unsupported` (§3.1), and the codes of malformed CBOR.
 */
export function readHeaders(
  protectedBytes: CborValue | undefined,
  unprotected: CborValue | undefined,
  limits: Limits,
): CoseHeaders {
  if (!isBytes(protectedBytes)) throw malformed('protected')
  if (!isCborMap(unprotected)) throw malformed('unprotected')
  within(limits, 'headerBytes', protectedBytes.length)
  // An empty map may be written as no bytes at all.
  const inside = protectedBytes.length === 0 ? new Map() : readCbor(protectedBytes, { limits })
  if (!isCborMap(inside)) throw malformed('protected')
  for (const label of inside.keys())
    if (unprotected.has(label))
      throw new VidimusError('cose_header_duplicate', { at: typeof label === 'string' ? 'text' : String(label) })
  const headers = { protected: inside, protectedBytes, unprotected }
  refuseCritical(headers)
  return headers
}

/** A header that may stand in either map; `undefined` where it stands in neither. `null` is no absence. */
export function eitherHeader(headers: CoseHeaders, label: number): CborValue | undefined {
  const inside = headers.protected.get(label)
  return inside === undefined ? headers.unprotected.get(label) : inside
}

/** A critical label is one that is understood, and stands in the protected map, as `crit` itself does. */
function refuseCritical(headers: CoseHeaders): void {
  const critical = eitherHeader(headers, headerCrit)
  if (critical === undefined) return
  const fine =
    !headers.unprotected.has(headerCrit) &&
    isCborArray(critical) &&
    critical.length > 0 &&
    critical.every(label => understood.includes(label) && headers.protected.has(label as number))
  if (!fine) throw new VidimusError('crit_unsupported', { at: 'crit' })
}

/** The encoded protected map; an empty one is written as no bytes (§3). */
export const writeProtected = (headers: CborMap): Uint8Array =>
  headers.size === 0 ? new Uint8Array() : writeCbor(headers)

/**
 * What the headers say of the signer: the protected algorithm, the name of the key, the certificate chain, which mdocs
 * carry unprotected and others protected. Throws `alg_not_allowed`, `cose_malformed`, `certificate_malformed`, `limit_exceeded`.
 */
export function coseHints(headers: CoseHeaders, allowed: readonly AlgorithmName[], limits: Limits): SignerHints {
  const algorithms = coseAlgorithms(headers.protected.get(headerAlg), allowed)
  const keyId = eitherHeader(headers, headerKeyId)
  if (keyId !== undefined && !isBytes(keyId)) throw malformed('kid')
  return { algorithms, keyId: keyId === undefined ? undefined : textOf(keyId), x5c: readChain(headers, limits) }
}

/**
 * The chain of an `x5chain` header: one certificate as bytes, several as a list (RFC 9360 §2). A list of one is read as
 * well: it has one meaning, and issuers write it.
 */
function readChain(headers: CoseHeaders, limits: Limits): readonly Uint8Array[] | undefined {
  const x5chain = eitherHeader(headers, headerX5chain)
  if (x5chain === undefined) return undefined
  const chain = isBytes(x5chain) ? [x5chain] : x5chain
  if (!isCborArray(chain) || chain.length === 0 || !chain.every(isBytes))
    throw new VidimusError('certificate_malformed', { at: 'x5chain' })
  within(limits, 'certificates', chain.length)
  for (const certificate of chain) within(limits, 'certificateBytes', certificate.length)
  return chain
}

/** Names of keys are compared as text; bytes that are none are the name of no key we know. */
function textOf(keyId: Uint8Array): string {
  try {
    return fromUtf8(keyId)
  } catch {
    return '\ufffd'
  }
}

/** The refusal of a message whose structure is not COSE; `at` names the part. */
export const malformed = (at: string) => new VidimusError('cose_malformed', { at })
