/**
 * From the signed payload and the disclosures to the claims (RFC 9901 §7.1, step 3).
 *
 * Digests are compared before a disclosure is decoded: what the issuer did not commit to is never parsed. The payload
 * itself stays as it is; the claims are new objects without prototype.
 */
import { digestText, digestTextNow } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import { all } from '../../core/awaitable.js'
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
  /** In the order of the disclosures. */
  readonly disclosed: readonly Disclosed[]
  /**
   * For each array in `claims` that lacks elements: the issuer's positions of those that are there. An object that lacks
   * members, or could, is here too, and members have no positions.
   */
  readonly positions: ReadonlyMap<readonly JsonValue[] | JsonObject, readonly number[]>
  /** The top-level claims inside which digests stand, whether disclosed or not. */
  readonly hiding: ReadonlySet<string>
}

export interface Disclosed {
  readonly disclosure: Disclosure
  /** Where its value stands. Array positions count in the issuer's array, undisclosed elements included. */
  readonly path: readonly (string | number)[]
  /** The index of the disclosure that it stands within. */
  readonly parent?: number | undefined
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
  const digests = await all(disclosures.map(text => digestText(hash, text)))
  return new Unpacking(disclosures, digests, hash, limits).whole(payload)
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
  return new Unpacking(disclosures, digests, hash, limits).whole(payload)
}

/** Of a digest that the walk has come across. */
const met = 'met'

/** One walk over the payload and, through its digests, over the disclosures. */
class Unpacking {
  readonly #disclosures: readonly string[]
  readonly #hash: HashName
  readonly #limits: Limits
  /** What each digest stands for: the index of a disclosure that is still to be placed, or nothing that could be again. */
  readonly #digests = new Map<string, number | typeof met>()
  readonly #disclosed: (Disclosed | undefined)[]
  readonly #positions = new Map<readonly JsonValue[] | JsonObject, readonly number[]>()
  readonly #hiding = new Set<string>()
  readonly #path: (string | number)[] = []
  #parent: number | undefined
  #values = 0

  constructor(disclosures: readonly string[], digests: readonly string[], hash: HashName, limits: Limits) {
    this.#disclosures = disclosures
    this.#hash = hash
    this.#limits = limits
    this.#disclosed = disclosures.map(() => undefined)
    for (let index = 0; index < digests.length; index++) this.#digests.set(digests[index]!, index)
    if (this.#digests.size !== digests.length) throw duplicateDigest('disclosures')
  }

  whole(payload: JsonObject): UnpackedSdJwt {
    const claims = this.#object(payload, 1)
    const disclosed = this.#disclosed.map((one, index) => one ?? this.#unused(index))
    return { claims, hash: this.#hash, disclosed, positions: this.#positions, hiding: this.#hiding }
  }

  #value(key: string | number, value: JsonValue, depth: number): JsonValue {
    // Each disclosure was within this limit as a text; together they are bounded as one.
    within(this.#limits, 'jsonValues', ++this.#values)
    if (typeof value !== 'object' || value === null) return value
    this.#path.push(key)
    const processed = isJsonObject(value) ? this.#object(value, depth) : this.#array(value, depth)
    this.#path.pop()
    return processed
  }

  #object(source: JsonObject, depth: number): JsonObject {
    within(this.#limits, 'depth', depth)
    const claims = bareObject()
    let digests: JsonValue | undefined
    for (const name of Object.keys(source)) {
      const value = source[name]!
      if (name === '_sd') digests = value
      // §4.1.1: at the top level `_sd_alg` names the hash; anywhere else it is a reserved name.
      else if (name !== '_sd_alg' || depth > 1) {
        if (name === '...') throw malformedPlaceholder()
        refuseReservedName(name)
        claims[name] = this.#value(name, value, depth + 1)
      }
    }
    if (digests !== undefined) this.#members(claims, digests, depth)
    return claims
  }

  /** §7.1 step 3.c: the members that `_sd` stands for join those in the clear. */
  #members(claims: Record<string, JsonValue>, digests: JsonValue, depth: number): void {
    if (!Array.isArray(digests)) throw new VidimusError('sd_jwt_digest_malformed', { at: '_sd' })
    for (const digest of digests) {
      const index = this.#meet(digest)
      if (index === undefined) {
        this.#positions.set(claims, [])
        continue
      }
      const disclosure = decodeDisclosure(this.#disclosures[index]!, this.#limits)
      const { name } = disclosure
      if (name === undefined) throw malformedDisclosure(index)
      if (claims[name] !== undefined) throw new VidimusError('sd_jwt_duplicate_name', { at: `disclosure ${index}` })
      claims[name] = this.#disclose(index, disclosure, name, depth + 1)
    }
  }

  /** §7.1 steps 3.c and 3.d: placeholders become what they stand for, or vanish. */
  #array(source: readonly JsonValue[], depth: number): JsonValue[] {
    within(this.#limits, 'depth', depth)
    const claims: JsonValue[] = []
    const positions: number[] = []
    for (const [position, element] of source.entries()) {
      if (isPlaceholder(element)) {
        const index = this.#meet(digestOf(element))
        if (index === undefined) continue
        claims.push(this.#element(index, position, depth + 1))
      } else claims.push(this.#value(position, element, depth + 1))
      positions.push(position)
    }
    if (claims.length !== source.length) this.#positions.set(claims, positions)
    return claims
  }

  #element(index: number, position: number, depth: number): JsonValue {
    const disclosure = decodeDisclosure(this.#disclosures[index]!, this.#limits)
    if (disclosure.name !== undefined) throw malformedDisclosure(index)
    return this.#disclose(index, disclosure, position, depth)
  }

  /** The disclosure a digest stands for, if it was presented. §7.1 step 4: no digest occurs twice, wherever. */
  #meet(digest: JsonValue | undefined): number | undefined {
    const text = readDigest(digest, this.#hash)
    const index = this.#digests.get(text)
    if (index === met) throw duplicateDigest('_sd')
    this.#digests.set(text, met)
    if (this.#path.length > 0) this.#hiding.add(this.#path[0] as string)
    return index
  }

  #disclose(index: number, disclosure: Disclosure, key: string | number, depth: number): JsonValue {
    const parent = this.#parent
    this.#disclosed[index] = { disclosure, path: [...this.#path, key], parent }
    this.#parent = index
    const value = this.#value(key, disclosure.value, depth)
    this.#parent = parent
    return value
  }

  /** §7.1 step 5. */
  #unused(index: number): never {
    throw new VidimusError('sd_jwt_unused_disclosure', {
      at: `disclosure ${index}`,
    })
  }
}

const isPlaceholder = (element: JsonValue): element is JsonObject =>
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
