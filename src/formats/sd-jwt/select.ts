/** The holder's choice: which disclosures show the claims at given paths, and no others. */
import { isJsonObject, type JsonValue } from '../../core/json.js'
import { oncePer } from '../../core/once.js'
import { type ClaimPath, readClaimPaths } from './path.js'
import { placesOf } from './places.js'
import type { UnpackedSdJwt } from './unpack.js'

export interface Selection {
  /** Indexes of the disclosures to present, ascending. */
  readonly indexes: readonly number[]
  /** Paths that select nothing among the claims. */
  readonly missing: readonly ClaimPath[]
}

/**
 * Selects what shows the claims at `paths`: the disclosures on the way there, which the digests require, and everything
 * beneath. `unpacked` holds all disclosures of the credential. A name on anything but an object, and a position or `null`
 * on anything but an array, selects nothing. Positions count in the issuer's array.
 * Throws `TypeError` for a path of another shape.
 * @example selectDisclosures(unpacked, [['family_name'], ['nationalities', null]])
 */
export function selectDisclosures(unpacked: UnpackedSdJwt, paths: readonly ClaimPath[]): Selection {
  const top = disclosureTree(unpacked)
  const chosen = new Set<number>()
  const missing = readClaimPaths(paths, 'paths').filter(path => !select(path, 0, unpacked.claims, top, []))
  return { indexes: [...chosen].sort((a, b) => a - b), missing }

  /** Whether the rest of `path` selects something in `claim`; if so, its disclosures and those on the way are chosen. */
  function select(
    path: ClaimPath,
    from: number,
    claim: JsonValue,
    place: Place | undefined,
    onTheWay: readonly number[],
  ): boolean {
    const way = place?.index === undefined ? onTheWay : [...onTheWay, place.index]
    if (from === path.length) {
      for (const index of way) chosen.add(index)
      chooseBeneath(place)
      return true
    }
    let found = false
    for (const [key, inner] of stepInto(claim, path[from]!, unpacked))
      if (select(path, from + 1, inner, place?.inner.get(key), way)) found = true
    return found
  }

  function chooseBeneath(place: Place | undefined): void {
    for (const inner of place?.inner.values() ?? []) {
      if (inner.index !== undefined) chosen.add(inner.index)
      chooseBeneath(inner)
    }
  }
}

/** The places of the disclosures, as a tree: no other part of the claims matters for the choice. */
export interface Place {
  index?: number
  readonly inner: Map<string | number, Place>
}

/** The places of the disclosures of a credential, from the top; made once, for a holder presents it many times. */
export const disclosureTree = /* @__PURE__ */ oncePer((unpacked: UnpackedSdJwt): Place => {
  const top: Place = { inner: new Map() }
  for (const [index, { path }] of placesOf(unpacked).disclosed.entries()) {
    let place = top
    for (const key of path) {
      let inner = place.inner.get(key)
      if (inner === undefined) place.inner.set(key, (inner = { inner: new Map() }))
      place = inner
    }
    place.index = index
  }
  return top
})

type Step = readonly [key: string | number, value: JsonValue]

/** What one element of a path selects in one claim. */
export function stepInto(claim: JsonValue, element: string | number | null, unpacked: UnpackedSdJwt): readonly Step[] {
  if (typeof claim !== 'object' || claim === null) return []
  if (isJsonObject(claim))
    return typeof element === 'string' && Object.hasOwn(claim, element) ? [[element, claim[element]!]] : []
  const gaps = placesOf(unpacked).positions.get(claim)
  const all = claim.map((value, index): Step => [gaps?.[index] ?? index, value])
  return element === null ? all : all.filter(([position]) => position === element)
}
