/** What holds for any claims and any choice of what to hide and show. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '../../../src/core/json.js'
import { joinSdJwt, splitSdJwt } from '../../../src/formats/sd-jwt/compact.js'
import { packSdJwt } from '../../../src/formats/sd-jwt/pack.js'
import { placesOf } from '../../../src/formats/sd-jwt/places.js'
import { selectDisclosures } from '../../../src/formats/sd-jwt/select.js'
import { unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import { refusalCode } from './craft.js'

const runs = { seed: 20261122, numRuns: 200 }

type Path = readonly (string | number)[]

const reserved = new Set(['_sd', '...', '_sd_alg', '__proto__'])
const name = fc.string({ unit: 'grapheme', maxLength: 6 }).filter(text => !reserved.has(text))
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, min: -1000, max: 1000 }).map(value => (value === 0 ? 0 : value)),
  fc.string({ unit: 'grapheme' }),
)
const { object: claimsOf } = fc.letrec<{ value: JsonValue; object: JsonObject; array: JsonValue[] }>(tie => ({
  value: fc.oneof({ maxDepth: 5, depthSize: 'small' }, scalar, tie('object'), tie('array')),
  object: fc.dictionary(name, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  array: fc.array(tie('value'), { maxLength: 5 }),
}))

/** The path of every member and element, outermost first. */
function pathsIn(value: JsonValue): readonly Path[] {
  if (typeof value !== 'object' || value === null) return []
  const parts: readonly (readonly [string | number, JsonValue])[] = isJsonObject(value)
    ? Object.entries(value)
    : [...value.entries()]
  return parts.flatMap(([key, inner]) => [[key], ...pathsIn(inner).map(path => [key, ...path])])
}

const textOf = (path: Path): string => JSON.stringify(path)

/** The claims without what is at the withheld paths: the slow and obvious way. */
function without(value: JsonValue, withheld: ReadonlySet<string>, at: Path = []): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  const stays = (key: string | number) => !withheld.has(textOf([...at, key]))
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.keys(value)
        .filter(stays)
        .map(key => [key, without(value[key]!, withheld, [...at, key])]),
    )
  return [...value.entries()]
    .filter(([key]) => stays(key))
    .map(([key, inner]) => without(inner, withheld, [...at, key]))
}

/** Claims, and paths of them that were picked at random. */
const claimsAndPaths = claimsOf.chain(claims =>
  fc.record({ claims: fc.constant(claims), hide: fc.subarray(pathsIn(claims).slice(0, 60)) }),
)

/** The same, with a choice of what to show. */
const claimsAndChoice = claimsAndPaths.chain(({ claims, hide }) =>
  fc.record({ claims: fc.constant(claims), hide: fc.constant(hide), show: fc.subarray([...hide]) }),
)

/** What the verifier gets of an issuer's token: read again from text. */
const overTheWire = (payload: JsonObject): JsonObject => parseJsonObject(JSON.stringify(payload))

describe('for any claims and any paths', () => {
  it('all disclosures together give the claims back', async () => {
    await fc.assert(
      fc.asyncProperty(claimsAndPaths, fc.nat(3), async ({ claims, hide }, decoys) => {
        const { payload, disclosures } = await packSdJwt(claims, { hide, decoys })
        expect(disclosures).toHaveLength(hide.length)
        const text = joinSdJwt('a.b.c', disclosures)
        const unpacked = await unpackSdJwt(overTheWire(payload), splitSdJwt(text).disclosures)
        expect(unpacked.claims).toEqual(claims)
        expect(new Set(placesOf(unpacked).disclosed.map(one => textOf(one.path)))).toEqual(new Set(hide.map(textOf)))
      }),
      runs,
    )
  })

  it('any disclosures with those they stand within give the claims without the rest', async () => {
    await fc.assert(
      fc.asyncProperty(claimsAndChoice, async ({ claims, hide, show }) => {
        const { payload, disclosures } = await packSdJwt(claims, { hide, decoys: 1 })
        const { disclosed } = placesOf(await unpackSdJwt(payload, disclosures))
        const asked = new Set(show.map(textOf))
        const shown = new Set(disclosed.flatMap((one, index) => (asked.has(textOf(one.path)) ? [index] : [])))
        // A set is walked over what is added meanwhile: parents of parents come too.
        for (const index of shown) if (disclosed[index]!.parent !== undefined) shown.add(disclosed[index]!.parent)
        const withheld = new Set(disclosed.filter((_, index) => !shown.has(index)).map(one => textOf(one.path)))
        const presented = [...shown].map(index => disclosures[index]!)
        expect((await unpackSdJwt(overTheWire(payload), presented)).claims).toEqual(without(claims, withheld))
      }),
      runs,
    )
  })

  it('a disclosure without the one it stands within is refused', async () => {
    await fc.assert(
      fc.asyncProperty(claimsAndPaths, async ({ claims, hide }) => {
        const { payload, disclosures } = await packSdJwt(claims, { hide })
        const { disclosed } = placesOf(await unpackSdJwt(payload, disclosures))
        const nested = disclosed.find(one => one.parent !== undefined)
        fc.pre(nested !== undefined)
        const orphaned = disclosures.filter((_, index) => index !== nested!.parent)
        expect(await refusalCode(() => unpackSdJwt(payload, orphaned))).toBe('sd_jwt_unused_disclosure')
      }),
      runs,
    )
  })

  it('selecting a path shows all of it, and nothing that is not on its way or beneath it', async () => {
    await fc.assert(
      fc.asyncProperty(claimsAndPaths, fc.nat(), async ({ claims, hide }, number) => {
        const all = pathsIn(claims)
        fc.pre(all.length > 0)
        const path = all[number % all.length]!
        const { payload, disclosures } = await packSdJwt(claims, { hide })
        const held = await unpackSdJwt(payload, disclosures)
        const { indexes, missing } = selectDisclosures(held, [path])
        expect(missing).toEqual([])
        const related = ({ path: other }: { path: Path }) =>
          other.slice(0, path.length).every((key, index) => key === path[index])
        expect(indexes).toEqual(placesOf(held).disclosed.flatMap((one, index) => (related(one) ? [index] : [])))
        const shown = await unpackSdJwt(
          payload,
          indexes.map(index => disclosures[index]!),
        )
        expect(selectDisclosures(shown, [path]).missing).toEqual([])
      }),
      runs,
    )
  })

  it('the payload holds every name and value in the clear and no hidden one', async () => {
    await fc.assert(
      fc.asyncProperty(claimsAndPaths, fc.nat(2), async ({ claims, hide }, decoys) => {
        const labelled = labels(claims, hide)
        const { payload } = await packSdJwt(labelled.claims, { hide: labelled.hide, decoys })
        const text = JSON.stringify(payload)
        for (const label of labelled.clear) expect(text).toContain(label)
        for (const label of labelled.hidden) expect(text).not.toContain(label)
      }),
      runs,
    )
  })
})

/** The same shape with a label of its own for each name and each scalar, so that they can be searched for. */
function labels(claims: JsonObject, hide: readonly Path[]) {
  const hiddenPaths = new Set(hide.map(textOf))
  const clear: string[] = []
  const hidden: string[] = []
  const renamed: Path[] = []
  let count = 0

  function label(secret: boolean): string {
    const text = `<label ${++count}>`
    ;(secret ? hidden : clear).push(text)
    return text
  }

  function copy(value: JsonValue, from: Path, to: Path, secret: boolean): JsonValue {
    if (typeof value !== 'object' || value === null) return label(secret)
    const inner = (key: string | number, name: string | number, part: JsonValue, secretPart: boolean) => {
      if (hiddenPaths.has(textOf([...from, key]))) renamed.push([...to, name])
      return copy(part, [...from, key], [...to, name], secretPart)
    }
    const isSecret = (key: string | number) => secret || hiddenPaths.has(textOf([...from, key]))
    if (!isJsonObject(value)) return value.map((part, index) => inner(index, index, part, isSecret(index)))
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => {
        const name = label(isSecret(key))
        return [name, inner(key, name, part, isSecret(key))]
      }),
    )
  }

  return { claims: copy(claims, [], [], false) as JsonObject, hide: renamed, clear, hidden }
}
