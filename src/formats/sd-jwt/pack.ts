/**
 * From claims to the payload that an issuer signs and the disclosures beside it (RFC 9901 §4.1, §4.2).
 *
 * What is made here, `unpackSdJwt` reads under the default limits.
 */
import { digestText, randomBytes } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import { all } from '../../core/awaitable.js'
import { base64url } from '../../core/bytes.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import { bareObject, isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { defaultLimits, within } from '../../core/limits.js'
import { readClaims } from './claims.js'
import { isHashName } from './digest.js'
import { encodeDisclosure } from './disclosure.js'
import { type ClaimPath, readClaimPaths } from './path.js'

export interface PackOptions {
  /** What the holder may hide. Where a path and the start of it are both listed, the one is hidden within the other. */
  readonly hide: readonly ClaimPath[]
  /** Default: `sha-256`. */
  readonly hash?: HashName | undefined
  /** Digests of nothing, per object with hidden members, so that their number tells less. Default: 0. */
  readonly decoys?: number | undefined
  /** Never the same text twice, and unpredictable. Default: 144 random bits each. */
  readonly salt?: (() => string) | undefined
}

export interface PackedSdJwt {
  readonly payload: JsonObject
  readonly disclosures: readonly string[]
}

/**
 * Hides the claims at the paths of `hide` behind salted digests. Each `_sd` is sorted, so that its order tells nothing.
 *
 * A path must select something, for a mistyped one would leave a claim in the clear; `null` over an empty array is
 * enough. Throws `TypeError` naming the path, and for claims what `readClaims` throws.
 * @example await packSdJwt(claims, { hide: [['family_name'], ['nationalities', null]] })
 */
export async function packSdJwt(claims: JsonObject, options: PackOptions): Promise<PackedSdJwt> {
  const { hide, hash = 'sha-256', decoys = 0, salt } = options
  if (!isHashName(hash)) throw new TypeError('`hash` must be sha-256, sha-384 or sha-512')
  if (!Number.isSafeInteger(decoys) || decoys < 0) throw new TypeError('`decoys` must be a whole number from 0')
  if (salt !== undefined && typeof salt !== 'function') throw new TypeError('`salt` must be a function')
  const paths = readClaimPaths(hide, 'hide')
  const source = readClaims(claims)
  return new Packing(hash, decoys, salt === undefined ? randomSalt : unrepeated(salt)).whole(source, paths)
}

class Packing {
  private readonly hash: HashName
  private readonly decoys: number
  private readonly salt: () => string
  private readonly disclosures: string[] = []
  private readonly reached = new Set<number>()

  constructor(hash: HashName, decoys: number, salt: () => string) {
    this.hash = hash
    this.decoys = decoys
    this.salt = salt
  }

  async whole(claims: JsonObject, paths: readonly ClaimPath[]): Promise<PackedSdJwt> {
    const payload = await this.object(claims, [pathTree(paths)])
    const unreached = paths.findIndex((_, index) => !this.reached.has(index))
    if (unreached !== -1) throw new TypeError(`\`hide[${unreached}]\` selects nothing in the claims`)
    if (this.disclosures.length > 0) payload['_sd_alg'] = this.hash
    return { payload, disclosures: this.disclosures }
  }

  /** Whether something is to be hidden within. */
  private hidesWithin(value: JsonValue, here: readonly PathNode[]): value is JsonObject | readonly JsonValue[] {
    return typeof value === 'object' && value !== null && here.some(node => node.next.size > 0)
  }

  private inside(value: JsonObject | readonly JsonValue[], here: readonly PathNode[]): Promise<JsonValue> {
    return isJsonObject(value) ? this.object(value, here) : this.array(value, here)
  }

  /** §4.2.4.1: hidden members leave their digest in `_sd`. */
  private async object(source: JsonObject, here: readonly PathNode[]): Promise<Record<string, JsonValue>> {
    const target = bareObject()
    const digests: Awaitable<string>[] = []
    for (const name of Object.keys(source)) {
      const inner = follow(here, name)
      const member = source[name]!
      const value = this.hidesWithin(member, inner) ? await this.inside(member, inner) : member
      if (this.reach(inner)) digests.push(this.disclose(name, value))
      else target[name] = value
    }
    if (digests.length === 0) return target
    for (let decoy = 0; decoy < this.decoys; decoy++) digests.push(digestText(this.hash, this.salt()))
    target['_sd'] = [...(await all(digests))].sort()
    return target
  }

  /** §4.2.4.2: hidden elements leave a placeholder where they stood. */
  private async array(source: readonly JsonValue[], here: readonly PathNode[]): Promise<JsonValue[]> {
    const target: JsonValue[] = []
    // Every one of no elements: there is nothing that could stay in the clear.
    if (source.length === 0) this.reachAll(follow(here, null))
    for (const [position, element] of source.entries()) {
      const inner = [...follow(here, position), ...follow(here, null)]
      const value = this.hidesWithin(element, inner) ? await this.inside(element, inner) : element
      target.push(this.reach(inner) ? placeholder(await this.disclose(undefined, value)) : value)
    }
    return target
  }

  private disclose(name: string | undefined, value: JsonValue): Awaitable<string> {
    within(defaultLimits, 'disclosures', this.disclosures.length + 1)
    const text = encodeDisclosure(this.salt(), name, value)
    this.disclosures.push(text)
    return digestText(this.hash, text)
  }

  /** Whether a path ends here: then what stands here is hidden. */
  private reach(here: readonly PathNode[]): boolean {
    let ends = false
    for (const { paths } of here)
      for (const index of paths) {
        this.reached.add(index)
        ends = true
      }
    return ends
  }

  private reachAll(here: readonly PathNode[]): void {
    this.reach(here)
    for (const { next } of here) this.reachAll([...next.values()])
  }
}

/** The paths that begin alike, as a tree. */
interface PathNode {
  /** Indexes of the paths that end here. */
  readonly paths: number[]
  readonly next: Map<string | number | null, PathNode>
}

function pathTree(paths: readonly ClaimPath[]): PathNode {
  const top: PathNode = { paths: [], next: new Map() }
  for (const [index, path] of paths.entries()) {
    let node = top
    for (const element of path) {
      let next = node.next.get(element)
      if (next === undefined) node.next.set(element, (next = { paths: [], next: new Map() }))
      node = next
    }
    node.paths.push(index)
  }
  return top
}

function follow(here: readonly PathNode[], element: string | number | null): readonly PathNode[] {
  const next: PathNode[] = []
  for (const node of here) {
    const found = node.next.get(element)
    if (found !== undefined) next.push(found)
  }
  return next
}

function placeholder(digest: string): JsonObject {
  const object = bareObject()
  object['...'] = digest
  return object
}

/** Bytes per salt: above the 128 bits of §9.3, and whole characters of base64url, so that one text is cut into many. */
const saltBytes = 18
const saltCharacters = (saltBytes / 3) * 4
const saltsAtOnce = 64

/** What is left to cut, from `offset`. */
let pool = ''
let offset = 0

function randomSalt(): string {
  if (offset === pool.length) {
    pool = base64url(randomBytes(saltBytes * saltsAtOnce))
    offset = 0
  }
  return pool.slice(offset, (offset += saltCharacters))
}

/** §9.3: a salt that is used twice would make equal claims look equal. */
function unrepeated(salt: () => string): () => string {
  const used = new Set<string>()
  return () => {
    const text = salt()
    if (typeof text !== 'string' || text === '') throw new TypeError('`salt` must return a non-empty text')
    if (used.has(text)) throw new TypeError('`salt` must not return the same text twice')
    used.add(text)
    return text
  }
}
