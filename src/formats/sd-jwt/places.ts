/**
 * Where the disclosures of an SD-JWT stand: for holders, who choose among them, and for rules about what is disclosed how.
 * Verifying alone does not ask.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { oncePer } from '../../core/once.js'
import type { Disclosure } from './disclosure.js'
import { isPlaceholder, type UnpackedSdJwt } from './unpack.js'

export interface Places {
  /** In the order of the disclosures. */
  readonly disclosed: readonly Disclosed[]
  /**
   * For each array in the claims that lacks elements: the issuer's positions of those that are there. An object that lacks
   * members, or could, is here too, and members have no positions.
   */
  readonly positions: ReadonlyMap<readonly JsonValue[] | JsonObject, readonly number[]>
}

export interface Disclosed {
  readonly disclosure: Disclosure
  /** Where its value stands. Array positions count in the issuer's array, undisclosed elements included. */
  readonly path: readonly (string | number)[]
  /** The index of the disclosure that it stands within. */
  readonly parent?: number | undefined
}

type Path = readonly (string | number)[]

/** One walk over the payload beside its claims, both of which were checked when they were unpacked. */
export const placesOf = /* @__PURE__ */ oncePer(({ payload, claims, digests }: UnpackedSdJwt): Places => {
  const indexes = new Map([...digests.values()].map((disclosure, index) => [disclosure, index]))
  const disclosed: Disclosed[] = []
  const positions = new Map<readonly JsonValue[] | JsonObject, readonly number[]>()
  visit(payload, claims, [], undefined)
  return { disclosed, positions }

  /** What the issuer wrote, and what became of it. */
  function visit(source: JsonValue, claim: JsonValue, path: Path, parent: number | undefined): void {
    if (Array.isArray(source)) visitElements(source, claim as readonly JsonValue[], path, parent)
    else if (isJsonObject(source)) visitMembers(source, claim as JsonObject, path, parent)
  }

  function visitMembers(source: JsonObject, claims: JsonObject, path: Path, parent: number | undefined): void {
    for (const name of Object.keys(source))
      if (name !== '_sd' && name in claims) visit(source[name]!, claims[name]!, [...path, name], parent)
    if (!Object.hasOwn(source, '_sd')) return
    for (const digest of source['_sd'] as readonly string[]) {
      const disclosure = digests.get(digest)
      if (disclosure === undefined) positions.set(claims, [])
      else place(disclosure, claims[disclosure.name!]!, [...path, disclosure.name!], parent)
    }
  }

  function visitElements(
    source: readonly JsonValue[],
    claims: readonly JsonValue[],
    path: Path,
    parent: number | undefined,
  ): void {
    const there: number[] = []
    for (const [position, element] of source.entries()) {
      const claim = claims[there.length]!
      const disclosure = isPlaceholder(element) && digests.get(element['...'] as string)
      if (disclosure === undefined) continue
      there.push(position)
      if (disclosure === false) visit(element, claim, [...path, position], parent)
      else place(disclosure, claim, [...path, position], parent)
    }
    if (there.length !== source.length) positions.set(claims, there)
  }

  function place(disclosure: Disclosure, claim: JsonValue, path: Path, parent: number | undefined): void {
    const index = indexes.get(disclosure)!
    disclosed[index] = { disclosure, path, parent }
    visit(disclosure.value, claim, path, index)
  }
})
