/** Credentials held against the rules of their type. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { packSdJwt } from '../../../src/formats/sd-jwt/pack.js'
import type { ClaimPath } from '../../../src/formats/sd-jwt/path.js'
import { selectDisclosures } from '../../../src/formats/sd-jwt/select.js'
import { type ClaimMetadata, parseTypeMetadata } from '../../../src/formats/sd-jwt/type-metadata.js'
import { requireTypeRules } from '../../../src/formats/sd-jwt/type-rules.js'
import { type UnpackedSdJwt, unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import sectionA2 from '../../vectors/sd-jwt-vc/rendered/section-A.2.json' with { type: 'json' }
import { received, refusal } from './craft.js'

/** What a verifier sees of claims hidden at `hide` when what is at `show` is disclosed; everything by default. */
async function seen(claims: object, hide: readonly ClaimPath[], show?: readonly ClaimPath[]): Promise<UnpackedSdJwt> {
  const { payload, disclosures } = await packSdJwt(received(claims), { hide })
  const all = await unpackSdJwt(received(payload), disclosures)
  if (show === undefined) return all
  const { indexes } = selectDisclosures(all, show)
  return unpackSdJwt(
    received(payload),
    indexes.map(index => disclosures[index]!),
  )
}

const keeps = (credential: UnpackedSdJwt, ...claims: readonly ClaimMetadata[]) =>
  requireTypeRules({ claims }, credential)
const broken = async (credential: UnpackedSdJwt, ...claims: readonly ClaimMetadata[]) => {
  const { code, at, expected } = await refusal(() => keeps(credential, ...claims))
  return [code, at, expected]
}
const violated = (path: ClaimPath, rule: string) => ['type_metadata_violated', JSON.stringify(path), rule]

describe('the example of SD-JWT VC, section A.2', () => {
  const metadata = parseTypeMetadata(JSON.stringify(sectionA2.items[1]!.value))
  const claims = sectionA2.items[0]!.value
  const always: readonly ClaimPath[] = metadata.claims.filter(({ sd }) => sd === 'always').map(({ path }) => path)

  it('is kept by its credential, whatever is disclosed', async () => {
    requireTypeRules(metadata, await seen(claims, always))
    requireTypeRules(metadata, await seen(claims, always, []))
    for (const path of always) requireTypeRules(metadata, await seen(claims, always, [path]))
    requireTypeRules(metadata, await seen(claims, always, [['degrees', 1, 'date_awarded']]))
  })

  it.each(always)('is broken when a claim is not hidden: %j', async (...path) => {
    const credential = await seen(
      claims,
      always.filter(other => JSON.stringify(other) !== JSON.stringify(path)),
    )
    expect(await broken(credential, ...metadata.claims)).toEqual(violated(path, 'always'))
  })

  it.each([[['degrees']], [['degrees', null, 'field_of_study']]])(
    'is broken when a claim is hidden: %j',
    async path => {
      expect(await broken(await seen(claims, [...always, path]), ...metadata.claims)).toEqual(violated(path, 'never'))
    },
  )

  it('is broken when the name is in no credential of the type', async () => {
    const { name: _, ...nameless } = claims
    const credential = await seen({ ...nameless, address: 'hidden' }, [])
    expect(await broken(credential, metadata.claims[0]!)).toEqual(violated(['name'], 'mandatory'))
  })
})

describe('a mandatory claim', () => {
  const mandatory = (...path: ClaimPath): ClaimMetadata => ({ path, mandatory: true })

  it('may be in the clear, hidden and disclosed, or hidden', async () => {
    const claims = { name: 'Ana', rank: 7 }
    for (const credential of [
      await seen(claims, []),
      await seen(claims, [['name']]),
      await seen(claims, [['name']], []),
    ])
      keeps(credential, mandatory('name'))
  })

  it('may be null, false, empty or zero: it is there', async () => {
    const claims = { a: null, b: false, c: '', d: 0, e: {}, f: [] }
    const credential = await seen(claims, [])
    for (const name of Object.keys(claims)) keeps(credential, mandatory(name))
  })

  it('is missing when nothing undisclosed could be it', async () => {
    const claims = { address: { city: 'Utopia' }, degrees: [{ type: 'x' }], empty: [] }
    const credential = await seen(claims, [
      ['address', 'city'],
      ['degrees', null],
    ])
    for (const path of [['name'], ['address', 'street'], ['degrees', 1], ['degrees', null, 'year'], ['empty', null]])
      expect(await broken(credential, mandatory(...path))).toEqual(violated(path, 'mandatory'))
  })

  it('is missing with what it would stand in', async () => {
    expect(await broken(await seen({ a: 1 }, []), mandatory('b', 'c'))).toEqual(violated(['b', 'c'], 'mandatory'))
  })

  it('is not missing when it may be among what is undisclosed', async () => {
    const claims = { address: { city: 'Utopia' }, degrees: [{ type: 'x' }, { type: 'y', year: 1 }], hidden: { a: 1 } }
    const hide = [['hidden'], ['address', 'city'], ['degrees', null]]
    const credential = await seen(claims, hide, [['degrees', 0]])
    for (const path of [['name'], ['address', 'street'], ['degrees', 1], ['degrees', 5], ['degrees', null, 'year']])
      keeps(credential, mandatory(...path))
  })

  it('is looked for where the issuer put it, undisclosed elements counted', async () => {
    const claims = { list: [{ a: 1 }, { b: 1 }] }
    const credential = await seen(claims, [['list', 0]], [])
    keeps(credential, mandatory('list', 1, 'b'))
    keeps(credential, mandatory('list', 0, 'b'))
    expect(await broken(credential, mandatory('list', 1, 'a'))).toEqual(violated(['list', 1, 'a'], 'mandatory'))
  })

  it('is not to be confused with one of another object', async () => {
    // What is undisclosed at the top says nothing of the address, and the other way round.
    const credential = await seen({ secret: 1, address: { city: 'Utopia' }, name: 'Ana' }, [['secret']], [])
    expect(await broken(credential, mandatory('address', 'street'))).toEqual(
      violated(['address', 'street'], 'mandatory'),
    )
    const inner = await seen({ address: { city: 'Utopia' } }, [['address', 'city']], [])
    expect(await broken(inner, mandatory('name'))).toEqual(violated(['name'], 'mandatory'))
  })

  it('is only what is said to be', async () => {
    const credential = await seen({ a: 1 }, [])
    keeps(credential, { path: ['b'] }, { path: ['b', 'c'], mandatory: false })
  })

  it('may be a decoy for all that is known', async () => {
    const { payload } = await packSdJwt(received({ a: 1, b: 2 }), { hide: [['b']], decoys: 3 })
    keeps(await unpackSdJwt(received(payload), []), mandatory('c'))
  })
})

describe('a claim that is always or never to be disclosed on its own', () => {
  const claims = { name: 'Ana', address: { city: 'Utopia' }, list: ['a', 'b'] }

  it('keeps the rule', async () => {
    const credential = await seen(claims, [['name'], ['address'], ['list', 1]])
    keeps(
      credential,
      { path: ['name'], sd: 'always' },
      { path: ['address'], sd: 'always' },
      { path: ['address', 'city'], sd: 'never' }, // hidden with the address, not on its own
      { path: ['list'], sd: 'never' },
      { path: ['list', 0], sd: 'never' },
      { path: ['list', 1], sd: 'always' },
      { path: ['list', null], sd: 'allowed' },
    )
  })

  const rows: readonly [rule: 'always' | 'never', path: ClaimPath, hide: readonly ClaimPath[]][] = [
    ['always', ['name'], []],
    ['always', ['address', 'city'], [['address']]],
    ['always', ['address'], [['address', 'city']]],
    ['always', ['list', null], [['list', 0]]],
    ['always', ['list', 0], [['list', 1]]],
    ['never', ['name'], [['name']]],
    ['never', ['address', 'city'], [['address', 'city']]],
    ['never', ['address', 'city'], [['address'], ['address', 'city']]],
    ['never', ['list', null], [['list', 1]]],
    ['never', ['list', 1], [['list', 1]]],
    ['never', ['list'], [['list']]],
  ]

  it.each(rows)('breaks it: %s %j, hidden %j', async (sd, path, hide) => {
    expect(await broken(await seen(claims, hide), { path, sd })).toEqual(violated(path, sd))
  })

  it('breaks no rule that cannot be seen to be broken', async () => {
    keeps(await seen(claims, [['name']], []), { path: ['name'], sd: 'never' })
    keeps(await seen(claims, []), { path: ['unknown'], sd: 'always' })
  })
})

describe('a path', () => {
  const claims = { text: 'x', none: null, object: { a: 1 }, list: [{ a: 1 }, 'x'], deep: [[1], [2]] }

  it.each([
    [['text', 'a'], 'object'],
    [['none', 'a'], 'object'],
    [['list', 'a'], 'object'],
    [['list', null, 'a'], 'object'],
    [['list', 1, 'a'], 'object'],
    [['text', null], 'array'],
    [['text', 0], 'array'],
    [['none', null], 'array'],
    [['object', null], 'array'],
    [['object', 0], 'array'],
    [[null], 'array'],
    [[0], 'array'],
  ] as [ClaimPath, string][])('that does not fit the claims refuses them: %j', async (path, expected) => {
    expect(await broken(await seen(claims, []), { path })).toEqual(violated(path, expected))
  })

  it('may select nothing, and then nothing fails to fit', async () => {
    const credential = await seen(claims, [])
    for (const path of [
      ['missing'],
      ['missing', null, 'a'],
      ['object', 'b', 0],
      ['list', 2, 'a'],
      ['deep', null, 1, 'a'],
    ])
      keeps(credential, { path, sd: 'always' })
  })

  it('selects no more than what is an own member', async () => {
    const credential = await seen(claims, [])
    for (const name of ['constructor', '__proto__', 'toString', 'length']) {
      keeps(credential, { path: [name], sd: 'always' }, { path: ['object', name], sd: 'always' })
      expect(await broken(credential, { path: [name], mandatory: true })).toEqual(violated([name], 'mandatory'))
    }
  })

  it('selects through lists of lists', async () => {
    const credential = await seen(claims, [['deep', 1, 0]])
    keeps(credential, { path: ['deep', null, null] }, { path: ['deep', 1, 0], sd: 'always' })
    expect(await broken(credential, { path: ['deep', null, 0], sd: 'always' })).toEqual(
      violated(['deep', null, 0], 'always'),
    )
  })

  it('that is no name for people is not repeated in the refusal', async () => {
    const path = ['x'.repeat(300)]
    expect(await broken(await seen(claims, []), { path, mandatory: true })).toEqual([
      'type_metadata_violated',
      'claims',
      'mandatory',
    ])
  })

  it('costs no more than a credential may hold, however many there are', async () => {
    const list = Array.from({ length: 20_000 }, (_, index) => ({ index }))
    const credential = await seen({ list }, [])
    const many = (path: (index: number) => ClaimPath) =>
      Array.from({ length: 10_000 }, (_, index) => ({ path: path(index) }))
    for (const claims of [many(index => ['list', null, `x${index}`]), many(index => ['list', index])]) {
      const started = performance.now()
      expect(await refusal(() => requireTypeRules({ claims }, credential))).toMatchObject({
        code: 'limit_exceeded',
        at: 'jsonValues',
      })
      expect(performance.now() - started).toBeLessThan(500)
    }
    const lower = { ...defaultLimits, jsonValues: 3 }
    requireTypeRules({ claims: many(() => ['list']).slice(0, 3) }, credential, lower)
    expect(
      (await refusal(() => requireTypeRules({ claims: many(() => ['list']).slice(0, 4) }, credential, lower))).code,
    ).toBe('limit_exceeded')
  })

  it('of any length ends', async () => {
    const path = Array.from({ length: 100_000 }, () => 'x')
    keeps(await seen(claims, []), { path })
  })
})

describe('an honest credential', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd')
  const { object } = fc.letrec<{ value: JsonValue; object: JsonObject; array: JsonValue[] }>(tie => ({
    value: fc.oneof({ maxDepth: 4, depthSize: 'small' }, fc.constantFrom(1, 'x', null), tie('object'), tie('array')),
    object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    array: fc.array(tie('value'), { maxLength: 3 }),
  }))

  function pathsIn(value: JsonValue): readonly (readonly (string | number)[])[] {
    if (typeof value !== 'object' || value === null) return []
    const parts: readonly (readonly [string | number, JsonValue])[] = isJsonObject(value)
      ? Object.entries(value)
      : [...value.entries()]
    return parts.flatMap(([key, inner]) => [[key], ...pathsIn(inner).map(path => [key, ...path])])
  }

  const choice = object.chain(claims => {
    const paths = pathsIn(claims).slice(0, 40)
    return fc.record({
      claims: fc.constant(claims),
      paths: fc.constant(paths),
      hide: fc.subarray([...paths]),
      show: fc.subarray([...paths]),
    })
  })

  /** What its issuer would say of it: every claim is there, and hidden or not. */
  const rulesOf = (paths: readonly ClaimPath[], hide: readonly ClaimPath[]): ClaimMetadata[] =>
    paths.map(path => ({ path, mandatory: true, sd: hide.includes(path) ? 'always' : 'never' }))

  it('keeps the rules of its type, whatever its holder discloses', async () => {
    await fc.assert(
      fc.asyncProperty(choice, async ({ claims, paths, hide, show }) => {
        keeps(await seen(claims, hide, show), ...rulesOf(paths, hide))
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it('breaks any rule turned round, once all of it is seen', async () => {
    await fc.assert(
      fc.asyncProperty(choice, fc.nat(), async ({ claims, paths, hide }, number) => {
        fc.pre(paths.length > 0)
        const rules = rulesOf(paths, hide)
        const { path, sd } = rules[number % rules.length]!
        const turned = sd === 'always' ? 'never' : 'always'
        rules[number % rules.length] = { path, sd: turned }
        expect(await broken(await seen(claims, hide), ...rules)).toEqual(violated(path, turned))
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it('lacks whatever else is demanded, once all of it is seen', async () => {
    await fc.assert(
      fc.asyncProperty(choice, async ({ claims, hide }) => {
        const rule: ClaimMetadata = { path: ['e'], mandatory: true }
        expect(await broken(await seen(claims, hide), rule)).toEqual(violated(['e'], 'mandatory'))
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })
})
