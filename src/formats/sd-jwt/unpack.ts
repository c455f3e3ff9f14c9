/**
 * From the signed payload and the disclosures to the claims (RFC 9901 §7.1, step 3).
 *
 * Digests are compared before a disclosure is decoded: what the issuer did not commit to is never parsed. The payload
 * itself stays as it is; the claims are new objects without prototype.
 */
import { digestText, digestTextNow } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import { bareObject, isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { defaultLimits, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { readDigest, readHashName } from './digest.js'
import { type Disclosure, decodeDisclosure, malformedDisclosure, refuseReservedName } from './disclosure.js'

/** The claims behind an SD-JWT. They are as trustworthy as the signature over the payload, which is not checked here. */
export interface UnpackedSdJwt {
  /** The processed payload: no `_sd`, no `_sd_alg`, no placeholders. An object or array left empty stays. */
  readonly claims: JsonObject
  readonly hash: HashName
  /** As the issuer signed it. */
  readonly payload: JsonObject
  /** What each digest stands for: those of the disclosures first and in their order, then those without one. */
  readonly digests: ReadonlyMap<string, Disclosure | undefined>
  /** The top-level claims inside which digests stand, whether disclosed or not. */
  readonly hiding: ReadonlySet<string>
}

/**
 * Puts every disclosure where the issuer's digest of it stands. Each digest must occur once, each disclosure must be used,
 * and each must fit its place. Digests without a disclosure, hidden or decoy, are left out.
 *
 * Throws `sd_alg_unsupported`, `sd_jwt_digest_malformed`, `sd_jwt_placeholder_malformed`, `sd_jwt_duplicate_digest`,
 * `sd_jwt_duplicate_name`, `sd_jwt_reserved_name`, `sd_jwt_unused_disclosure`, `limit_exceeded`, and what
 * `decodeDisclosure` throws.
 */
export async function unpackSdJwt(
  payload: JsonObject,
  disclosures: readonly string[],
  limits: Limits = defaultLimits,
): Promise<UnpackedSdJwt> {
  within(limits, 'disclosures', disclosures.length)
  const hash = readHashName(payload)
  const digests = await Promise.all(disclosures.map(text => digestText(hash, text)))
  return unpack(payload, disclosures, digests, hash, limits)
}

/** The same at once, on every platform: for holders, whose previews do not wait. Throws as `unpackSdJwt`. */
export function unpackSdJwtNow(
  payload: JsonObject,
  disclosures: readonly string[],
  limits: Limits = defaultLimits,
): UnpackedSdJwt {
  within(limits, 'disclosures', disclosures.length)
  const hash = readHashName(payload)
  const digests = disclosures.map(text => digestTextNow(hash, text))
  return unpack(payload, disclosures, digests, hash, limits)
}

/** One walk over the payload and, through its digests, over the disclosures. */
function unpack(
  payload: JsonObject,
  disclosures: readonly string[],
  given: readonly string[],
  hash: HashName,
  limits: Limits,
): UnpackedSdJwt {
  /** A disclosure is its index until the walk comes across its digest. */
  const digests = new Map<string, number | Disclosure | undefined>(given.map((digest, index) => [digest, index]))
  if (digests.size !== given.length) throw duplicateDigest('disclosures')
  const hiding = new Set<string>()
  let values = 0
  let met = 0

  const claims = object(payload, 1)
  for (const index of digests.values())
    if (typeof index === 'number') throw new VidimusError('sd_jwt_unused_disclosure', { at: `disclosure ${index}` }) // §7.1 step 5
  return { claims, hash, payload, digests: digests as ReadonlyMap<string, Disclosure | undefined>, hiding }

  function value(source: JsonValue, depth: number): JsonValue {
    // Each disclosure was within this limit as a text; together they are bounded as one.
    within(limits, 'jsonValues', ++values)
    if (typeof source !== 'object' || source === null) return source
    return isJsonObject(source) ? object(source, depth) : array(source, depth)
  }

  function object(source: JsonObject, depth: number): JsonObject {
    within(limits, 'depth', depth)
    const claims = bareObject()
    let hidden: JsonValue = []
    for (const name of Object.keys(source)) {
      if (name === '_sd') hidden = source[name]!
      // §4.1.1: at the top level `_sd_alg` names the hash; anywhere else it is a reserved name.
      else if (name !== '_sd_alg' || depth > 1) {
        if (name === '...') throw malformedPlaceholder()
        refuseReservedName(name)
        member(claims, name, source[name]!, depth)
      }
    }
    if (!Array.isArray(hidden)) throw new VidimusError('sd_jwt_digest_malformed', { at: '_sd' })
    // §7.1 step 3.c: the members that `_sd` stands for join those in the clear.
    for (const digest of hidden) {
      const disclosure = open(digest, claims)
      if (disclosure !== undefined) member(claims, disclosure.name!, disclosure.value, depth)
    }
    return claims
  }

  function member(claims: Record<string, JsonValue>, name: string, source: JsonValue, depth: number): void {
    const before = met
    claims[name] = value(source, depth + 1)
    if (depth === 1 && met > before) hiding.add(name)
  }

  /** §7.1 steps 3.c and 3.d: placeholders become what they stand for, or vanish. */
  function array(source: readonly JsonValue[], depth: number): JsonValue[] {
    within(limits, 'depth', depth)
    const claims: JsonValue[] = []
    for (const element of source) {
      const disclosure = isPlaceholder(element) ? open(digestOf(element)) : { value: element }
      if (disclosure !== undefined) claims.push(value(disclosure.value, depth + 1))
    }
    return claims
  }

  /**
   * The disclosure that a digest stands for, if it was presented: of a member that joins `siblings`, or of an element.
   * §7.1 step 4: no digest occurs twice, wherever.
   */
  function open(digest: JsonValue | undefined, siblings?: JsonObject): Disclosure | undefined {
    const text = readDigest(digest, hash)
    const index = digests.get(text)
    let disclosure: Disclosure | undefined
    if (typeof index === 'number') {
      disclosure = decodeDisclosure(disclosures[index]!, limits)
      const { name } = disclosure
      if ((name === undefined) !== (siblings === undefined)) throw malformedDisclosure(index)
      if (siblings?.[name!] !== undefined)
        throw new VidimusError('sd_jwt_duplicate_name', { at: `disclosure ${index}` })
    } else if (digests.has(text)) throw duplicateDigest('_sd')
    met++
    digests.set(text, disclosure)
    return disclosure
  }
}

/** Whether an element stands for a disclosure, or for none. */
export const isPlaceholder = (element: JsonValue): element is JsonObject =>
  isJsonObject(element) && Object.hasOwn(element, '...')

/** §4.2.4.2: a placeholder is `{"...": "<digest>"}` and nothing else. */
function digestOf(placeholder: JsonObject): string {
  const digest = placeholder['...']
  if (Object.keys(placeholder).length !== 1) throw malformedPlaceholder()
  if (typeof digest !== 'string') throw malformedPlaceholder()
  return digest
}

const malformedPlaceholder = () => new VidimusError('sd_jwt_placeholder_malformed', { at: '...' })

const duplicateDigest = (at: string) => new VidimusError('sd_jwt_duplicate_digest', { at })
