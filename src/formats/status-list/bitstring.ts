/**
 * The W3C Bitstring Status List v1.0 as a credential of its own, signed as a `vc+jwt` (VC-JOSE-COSE §3.1): one bit an entry, of
 * which each list says what it means. Read into the packed form of a Token Status List, and made of it.
 *
 * No JSON-LD is processed, and no other way of securing the credential is read.
 */
import { isUrl } from '../../core/address.js'
import { fromBase64url } from '../../core/bytes.js'
import { readDateTime } from '../../core/date-time.js'
import { gunzipWithin } from '../../core/inflate.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { type DecodedJws, decodeJws, jwsHints, requireType, verifyJws } from '../../core/jws.js'
import type { Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { statusAt } from './bits.js'
import {
  malformedList,
  malformedToken,
  type ParsedClaims,
  type ParsedStatusList,
  readStatusClaims,
  type StatusTokenForm,
  vcMediaType,
} from './token.js'

/** What an entry of a list can be about that a verdict understands, and the number a set bit is then (Token Status List §7.1). */
const statuses = { revocation: 1, suspension: 2 } as const

/** What a set bit says: that a credential is invalid, or that it is suspended. */
export type BitstringPurpose = keyof typeof statuses

export const bitstringPurposes = /* @__PURE__ */ Object.keys(statuses) as readonly BitstringPurpose[]

export const isBitstringPurpose = (value: unknown): value is BitstringPurpose =>
  typeof value === 'string' && Object.hasOwn(statuses, value)

/** The least entries of a list, so that holders can hide among them (§6.1). */
export const fewestEntries = 131_072

/** The `typ` and `cty` of the token, its first context and its types (VC-JOSE-COSE §3.1.1, Bitstring Status List §2.2). */
export const vcType = 'vc+jwt'
export const vcContent = 'vc'
export const vcContext = 'https://www.w3.org/ns/credentials/v2'
export const listTypes = ['VerifiableCredential', 'BitstringStatusListCredential']
export const subjectType = 'BitstringStatusList'

const formOf = (purpose: BitstringPurpose): StatusTokenForm => ({
  mediaType: vcMediaType,
  parse: parseBitstringList,
  unfold: unfoldBitstring,
  statusAt: (list, index) => {
    // §3.2: a list for another purpose says nothing of this one.
    if (!list.purposes?.includes(purpose))
      throw new VidimusError('status_subject_mismatch', { at: 'statusPurpose', expected: purpose })
    return statusAt(list, index) * statuses[purpose]
  },
})

/**
 * The form of a list that is asked for one purpose. `parse` throws what `decodeJws` throws, `jws_type_mismatch`,
 * `encoding_invalid`, `status_token_malformed`, `status_list_malformed`; `hints` what `jwsHints` throws; `statusOf`
 * `status_subject_mismatch` for a list that is not for the purpose.
 */
export const bitstringForms: Readonly<Record<BitstringPurpose, StatusTokenForm>> = {
  revocation: /* @__PURE__ */ formOf('revocation'),
  suspension: /* @__PURE__ */ formOf('suspension'),
}

function parseBitstringList(token: string, limits: Limits): ParsedStatusList {
  const jws = decodeJws(token, limits)
  requireType(jws, vcType)
  const { cty } = jws.header
  if (cty !== undefined && cty !== vcContent)
    throw new VidimusError('jws_type_mismatch', { at: 'cty', expected: vcContent })
  return {
    ...readCredential(jws),
    hints: allowed => jwsHints(jws, allowed, limits),
    verify: key => verifyJws(jws, key, 'status_signature_invalid'),
  }
}

/** §2.2, VCDM 2.0 §4. The credential's identifier is what a Token Status List has for a subject: the address of the list. */
function readCredential({ payload }: DecodedJws): ParsedClaims {
  const { id, credentialSubject: subject } = payload
  requireContext(payload)
  requireTypes(payload)
  if (typeof id !== 'string') throw malformedToken('id')
  // A status of the status would stay unasked.
  if (payload['credentialStatus'] !== undefined) throw malformedToken('credentialStatus')
  if (!isJsonObject(subject)) throw malformedList('credentialSubject')
  requireAgreement(payload, id, requireIssuer(payload), subject)
  const { iat, nbf, exp } = payload
  const lst = readEncodedList(subject)
  const claims = readStatusClaims({
    ...{ sub: id, iss: undefined, iat: iat ?? secondsOf(payload, 'validFrom'), nbf, exp },
    ttl: readTtl(subject),
    list: { bits: 1, lst, aggregation_uri: undefined },
  })
  const [validFrom, validUntil] = [readInstant(payload, 'validFrom'), readInstant(payload, 'validUntil')]
  if (validFrom !== undefined && validUntil !== undefined && validUntil < validFrom) throw malformedToken('validUntil')
  return {
    ...claims,
    purposes: readPurposes(subject),
    notBefore: extreme(Math.max, claims.notBefore, validFrom),
    expires: extreme(Math.min, claims.expires, validUntil),
  }
}

/** The base context first; the others are addresses, none of which gives a term another meaning here. */
function requireContext({ '@context': context }: JsonObject): void {
  const [base, ...others] = each(context)
  if (base !== vcContext || !others.every(isUrl)) throw malformedToken('@context')
}

function requireTypes({ type }: JsonObject): void {
  const types = each(type)
  if (!types.every(isText) || !listTypes.every(one => types.includes(one))) throw malformedToken('type')
}

function requireIssuer({ issuer }: JsonObject): string {
  const id = isJsonObject(issuer) ? issuer['id'] : issuer
  if (!isUrl(id)) throw malformedToken('issuer')
  return id
}

/** Claims of the token that name what members of the credential name say the same (VC-JOSE-COSE §3.1.3). */
function requireAgreement({ iss, jti, sub }: JsonObject, id: string, issuer: string, subject: JsonObject): void {
  const { id: subjectId } = subject
  if (subjectId !== undefined && !isUrl(subjectId)) throw malformedToken('credentialSubject.id')
  if (iss !== undefined && iss !== issuer) throw malformedToken('iss')
  if (jti !== undefined && jti !== id) throw malformedToken('jti')
  if (sub !== undefined && sub !== subjectId) throw malformedToken('sub')
}

/** The entries: multibase, of which `u` is base64url without padding, of GZIP (§2.2). One bit each is the only size. */
function readEncodedList({ type, encodedList, statusSize = 1 }: JsonObject): Uint8Array {
  if (type !== subjectType) throw malformedList('credentialSubject.type')
  if (statusSize !== 1) throw malformedList('statusSize')
  if (typeof encodedList !== 'string' || !encodedList.startsWith('u')) throw malformedList('encodedList')
  return fromBase64url(encodedList.slice(1), 'encodedList')
}

/** Milliseconds, as seconds (§2.2). */
function readTtl({ ttl }: JsonObject): number | undefined {
  if (ttl === undefined) return undefined
  if (!Number.isSafeInteger(ttl) || (ttl as number) <= 0) throw malformedList('ttl')
  return (ttl as number) / 1000
}

/** One or several. */
function readPurposes({ statusPurpose }: JsonObject): readonly string[] {
  const purposes = each(statusPurpose)
  if (purposes.length === 0 || !purposes.every(isText)) throw malformedList('statusPurpose')
  return purposes
}

function readInstant(payload: JsonObject, member: 'validFrom' | 'validUntil'): Date | undefined {
  const instant = readDateTime(payload[member])
  if (instant === undefined && payload[member] !== undefined) throw malformedToken(member)
  return instant
}

/** When a list without `iat` was issued; one with neither has no age that anybody could judge. */
function secondsOf(payload: JsonObject, member: 'validFrom'): number {
  const instant = readInstant(payload, member)
  if (instant === undefined) throw malformedToken(member)
  return instant.getTime() / 1000
}

const extreme = (choose: (...times: number[]) => number, one: Date | undefined, other: Date | undefined) =>
  one === undefined || other === undefined ? (one ?? other) : new Date(choose(one.getTime(), other.getTime()))

/** §3.2: at least as many entries as a list must have. Index 0 is the leftmost bit, there the highest and here the lowest. */
async function unfoldBitstring(lst: Uint8Array, limits: Limits): Promise<Uint8Array> {
  const bytes = await gunzipWithin(limits, 'statusListBytes', lst)
  if (bytes.length * 8 < fewestEntries)
    throw new VidimusError('status_list_malformed', {
      at: 'encodedList',
      expected: fewestEntries,
      actual: bytes.length * 8,
    })
  for (let at = 0; at < bytes.length; at++) bytes[at] = mirrored(bytes[at]!)
  return bytes
}

/** The bits of a byte in the other order. */
function mirrored(octet: number): number {
  const pairs = ((octet & 0x0f) << 4) | (octet >> 4)
  const singles = ((pairs & 0x33) << 2) | ((pairs >> 2) & 0x33)
  return ((singles & 0x55) << 1) | ((singles >> 1) & 0x55)
}

/** One value, or each of a list. */
const each = (value: JsonValue | undefined): readonly JsonValue[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as JsonValue]

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
