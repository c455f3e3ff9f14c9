/** The issuer's side of RFC 9901 §4: what is hidden, and what nobody may hand in. */
import { describe, expect, it } from 'vitest'
import type { HashName } from '../../../src/core/algorithms.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/core/json.js'
import { decodeDisclosure } from '../../../src/formats/sd-jwt/disclosure.js'
import { type PackOptions, packSdJwt } from '../../../src/formats/sd-jwt/pack.js'
import type { ClaimPath } from '../../../src/formats/sd-jwt/path.js'
import { unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import { digestOf, objectsIn, refusal, refusalCode } from './craft.js'

const person = {
  family_name: 'Möbius',
  address: { locality: 'Leipzig', country: 'DE' },
  nationalities: ['DE', 'FR'],
  degrees: [{ type: 'BSc', year: 1990 }, { type: 'PhD' }],
}

const counted = () => {
  let count = 0
  return () => `salt ${++count}`
}

describe('packing', () => {
  it('hides a member behind the digest of its disclosure (§4.2.4.1)', async () => {
    const { payload, disclosures } = await packSdJwt(person, { hide: [['family_name']] })
    expect(disclosures).toHaveLength(1)
    expect(decodeDisclosure(disclosures[0]!)).toMatchObject({ name: 'family_name', value: 'Möbius' })
    const { family_name: _, ...clear } = person
    expect(payload).toEqual({ ...clear, _sd: [await digestOf(disclosures[0]!)], _sd_alg: 'sha-256' })
  })

  it('hides an element behind a placeholder at its place (§4.2.4.2)', async () => {
    const { payload, disclosures } = await packSdJwt(person, { hide: [['nationalities', 1]] })
    expect(payload).toEqual({
      ...person,
      nationalities: ['DE', { '...': await digestOf(disclosures[0]!) }],
      _sd_alg: 'sha-256',
    })
    const disclosure = decodeDisclosure(disclosures[0]!)
    expect(disclosure.name).toBeUndefined()
    expect(disclosure.value).toBe('FR')
  })

  it('hides every element for `null`, and members of each', async () => {
    const { payload, disclosures } = await packSdJwt(person, {
      hide: [
        ['nationalities', null],
        ['degrees', null, 'type'],
      ],
    })
    expect(disclosures.map(text => decodeDisclosure(text).value).sort()).toEqual(['BSc', 'DE', 'FR', 'PhD'])
    expect((payload['degrees'] as JsonObject[]).map(degree => Object.keys(degree).sort())).toEqual([
      ['_sd', 'year'],
      ['_sd'],
    ])
  })

  it('hides within what is hidden when a path and the start of it are listed (§4.2.6)', async () => {
    const { payload, disclosures } = await packSdJwt(person, { hide: [['address'], ['address', 'locality']] })
    expect(payload).not.toHaveProperty('address')
    const decoded = disclosures.map(text => decodeDisclosure(text))
    const inner = decoded.find(one => one.name === 'locality')!
    expect(decoded.find(one => one.name === 'address')!.value).toEqual({
      country: 'DE',
      _sd: [await digestOf(inner.text)],
    })
  })

  it('joins a position and `null` over one array', async () => {
    const { disclosures } = await packSdJwt(person, {
      hide: [
        ['degrees', 0, 'year'],
        ['degrees', null, 'type'],
        ['degrees', 0],
      ],
    })
    expect(disclosures.map(text => decodeDisclosure(text).name).sort()).toEqual(['type', 'type', 'year', undefined])
  })

  it('takes a path twice for once', async () => {
    const { disclosures } = await packSdJwt(person, { hide: [['address'], ['address']] })
    expect(disclosures).toHaveLength(1)
  })

  it('writes `_sd_alg` when something is hidden, wherever, and only then', async () => {
    expect((await packSdJwt(person, { hide: [] })).payload).toEqual(person)
    expect((await packSdJwt(person, { hide: [['degrees', 0, 'year']] })).payload['_sd_alg']).toBe('sha-256')
  })

  it.each<HashName>(['sha-256', 'sha-384', 'sha-512'])('makes digests with %s', async hash => {
    const { payload, disclosures } = await packSdJwt(person, { hide: [['address']], hash })
    expect(payload['_sd_alg']).toBe(hash)
    expect(payload['_sd']).toEqual([await digestOf(disclosures[0]!, hash)])
  })

  it('sorts each `_sd`, so that its order says nothing of the claims', async () => {
    const claims = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`c${index}`, index]))
    const { payload, disclosures } = await packSdJwt(claims, {
      hide: Object.keys(claims).map(name => [name]),
      decoys: 3,
    })
    const digests = payload['_sd'] as string[]
    expect(digests).toEqual([...digests].sort())
    const inOrder = await Promise.all(disclosures.map(text => digestOf(text)))
    expect(digests.filter(digest => inOrder.includes(digest))).not.toEqual(inOrder)
  })

  it('adds decoys to every `_sd`, and they look like digests (§4.2.5)', async () => {
    const hide = [['family_name'], ['address', 'locality']]
    const { payload, disclosures } = await packSdJwt(person, { hide, decoys: 2, hash: 'sha-384' })
    expect(payload['_sd']).toHaveLength(3)
    expect((payload['address'] as JsonObject)['_sd']).toHaveLength(3)
    expect(disclosures).toHaveLength(2)
    expect((await unpackSdJwt(payload, disclosures)).claims).toEqual(person)
  })

  it('gives every disclosure its own salt of 128 random bits or more (§9.3)', async () => {
    const claims = { list: Array.from({ length: 200 }, () => 'same') }
    const { payload, disclosures } = await packSdJwt(claims, { hide: [['list', null]] })
    const salts = new Set(disclosures.map(text => decodeDisclosure(text).salt))
    expect(salts.size).toBe(200)
    for (const salt of salts) expect(salt).toMatch(/^[\w-]{24}$/)
    expect(new Set((payload['list'] as JsonObject[]).map(element => element['...'])).size).toBe(200)
    const again = await packSdJwt(claims, { hide: [['list', null]] })
    expect(again.disclosures.some(text => salts.has(decodeDisclosure(text).salt))).toBe(false)
  })

  it('takes its salts from the caller when there is a source', async () => {
    const pack = () => packSdJwt(person, { hide: [['address'], ['nationalities', null]], decoys: 1, salt: counted() })
    expect(await pack()).toEqual(await pack())
    expect((await pack()).disclosures.map(text => decodeDisclosure(text).salt)).toEqual(['salt 1', 'salt 2', 'salt 3'])
  })

  it('makes objects without prototype and leaves the claims as they were', async () => {
    const before = JSON.stringify(person)
    const { payload } = await packSdJwt(person, {
      hide: [
        ['nationalities', 0],
        ['address', 'country'],
        ['degrees', 1],
      ],
    })
    expect(JSON.stringify(person)).toBe(before)
    for (const object of objectsIn(payload)) expect(Object.getPrototypeOf(object)).toBeNull()
    expect(payload['degrees']).not.toBe(person.degrees)
  })

  it('hides each of no elements', async () => {
    const claims = { list: [], lists: [[]] }
    const hide: ClaimPath[] = [
      ['list', null],
      ['list', null, 'a', 'b'],
      ['lists', null, null],
    ]
    expect((await packSdJwt(claims, { hide })).payload).toEqual(claims)
  })
})

describe('what a path selects', () => {
  it.each<[string, ClaimPath]>([
    ['a name that is not there', ['familyname']],
    ['a name on text', ['family_name', 'a']],
    ['a name on an array', ['nationalities', 'DE']],
    ['the text of a position on an array', ['nationalities', '0']],
    ['a position on an object', ['address', 0]],
    ['`null` on an object', ['address', null]],
    ['a position beyond the end', ['nationalities', 2]],
    ['a position in an array that is shorter', ['degrees', null, 'grade']],
    ['`null` at the top', [null]],
    ['a name that every object inherits', ['toString']],
    ['a name beneath one that is not there', ['a', 'b']],
  ])('is nothing for %s, and that is refused', async (_, path) => {
    await expect(packSdJwt(person, { hide: [['address'], path] })).rejects.toThrow(
      new TypeError('`hide[1]` selects nothing in the claims'),
    )
  })

  it('may be something in some elements only', async () => {
    const { disclosures } = await packSdJwt(person, { hide: [['degrees', null, 'year']] })
    expect(disclosures).toHaveLength(1)
  })

  it('does not reach into an empty array by position', async () => {
    await expect(packSdJwt({ list: [] }, { hide: [['list', 0]] })).rejects.toThrow(TypeError)
  })

  it.each([
    ['no list', 'family_name', '`hide`'],
    ['nothing', undefined, '`hide`'],
    ['a list of names', ['family_name'], '`hide[0]` must be'],
    ['an empty path', [['address'], []], '`hide[1]` must be'],
    ['a path with a negative position', [['nationalities', -1]], '`hide[0]` must be'],
    ['a path with a fraction', [['nationalities', 0.5]], '`hide[0]` must be'],
    ['a path with a boolean', [[true]], '`hide[0]` must be'],
    ['a path with undefined', [[undefined]], '`hide[0]` must be'],
  ])('must be given as paths, not as %s', async (_, hide, message) => {
    const work = packSdJwt(person, { hide: hide as unknown as ClaimPath[] })
    await expect(work).rejects.toThrow(TypeError)
    await expect(work).rejects.toThrow(message)
  })
})

describe('claims that no issuer may hand in', () => {
  const pack = (claims: unknown) => packSdJwt(claims as JsonObject, { hide: [] })

  it.each(['_sd', '...', '_sd_alg', '__proto__'])('the reserved name %s, at any depth', async name => {
    const reserved = JSON.parse(`{"${name}":"x"}`) as JsonObject
    for (const claims of [reserved, { a: reserved }, { a: [[reserved]] }])
      expect(await refusal(() => pack(claims))).toMatchObject({ code: 'sd_jwt_reserved_name', at: name })
  })

  it('a reserved name within what is hidden', async () => {
    const hide = [['a']]
    expect(await refusalCode(() => packSdJwt({ a: { b: { _sd: [] } } }, { hide }))).toBe('sd_jwt_reserved_name')
  })

  it.each([
    ['undefined', undefined],
    ['not a number', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['an integer that readers cannot hold exactly', 2 ** 53],
    ['a bigint', 1n],
    ['a date', new Date(0)],
    ['a map', new Map([['a', 1]])],
    ['bytes', new Uint8Array(2)],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['an instance of a class', new (class Person {})()],
    ['an array with a hole', new Array(1)],
    ['a boxed text', new String('x')],
  ])('%s, which is not JSON', async (_, value) => {
    for (const claims of [{ a: value }, { a: [value] }, { a: { b: value } }])
      await expect(pack(claims)).rejects.toThrow(TypeError)
  })

  it('a name that is a symbol', async () => {
    await expect(pack({ a: { [Symbol('s')]: 1 } })).rejects.toThrow(
      new TypeError('`claims` hold a name that is not text'),
    )
  })

  it('half a character, in a value or in a name', async () => {
    expect(await refusalCode(() => pack({ a: ['\ud800'] }))).toBe('encoding_invalid')
    expect(await refusalCode(() => pack({ a: { '\udc00': 1 } }))).toBe('encoding_invalid')
  })

  it('a cycle, or what is deeper than verifiers read', async () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['self'] = cyclic
    expect(await refusal(() => pack(cyclic))).toMatchObject({ code: 'limit_exceeded', at: 'depth' })
    const ring: unknown[] = []
    ring.push(ring)
    expect(await refusal(() => pack({ ring }))).toMatchObject({ code: 'limit_exceeded', at: 'depth' })
  })

  it('one level more than verifiers read, in objects or arrays', async () => {
    const wrapped = (depth: number, wrap: (value: JsonValue) => JsonValue): JsonValue =>
      depth === 0 ? 'leaf' : wrap(wrapped(depth - 1, wrap))
    for (const wrap of [(a: JsonValue): JsonValue => ({ a }), (a: JsonValue): JsonValue => [a]]) {
      expect((await pack({ a: wrapped(15, wrap) })).disclosures).toEqual([])
      expect(await refusal(() => pack({ a: wrapped(16, wrap) }))).toMatchObject({ code: 'limit_exceeded', at: 'depth' })
    }
  })

  it('more values than verifiers read', async () => {
    const list = Array.from({ length: 65_535 }, () => 0)
    expect((await pack({ list })).payload).toEqual({ list })
    expect(await refusal(() => pack({ list, one: 1 }))).toMatchObject({ code: 'limit_exceeded', at: 'jsonValues' })
  })

  it('more hidden claims than verifiers read', async () => {
    const list = (length: number) => ({ list: Array.from({ length }, (_, index) => index) })
    const hide = [['list', null]]
    expect((await packSdJwt(list(512), { hide })).disclosures).toHaveLength(512)
    expect(await refusal(() => packSdJwt(list(513), { hide }))).toMatchObject({
      code: 'limit_exceeded',
      at: 'disclosures',
    })
  })

  it.each([undefined, null, 'text', [], new Date(0)])('anything but a plain object: %j', async claims => {
    await expect(pack(claims)).rejects.toThrow(new TypeError('`claims` must be a plain object'))
  })

  it('says nothing of the values', async () => {
    const error = await pack({ a: ['geheim', 2 ** 60] }).catch((error: unknown) => error as Error)
    expect((error as Error).message).not.toMatch(/geheim|1152921504606846976/)
  })
})

describe('claims of every kind come through', () => {
  it.each<[string, JsonValue]>([
    ['null', null],
    ['zero', 0],
    ['a negative fraction', -1.5e-7],
    ['the smallest fraction', 5e-324],
    ['the largest exact integer', Number.MAX_SAFE_INTEGER],
    ['empty text', ''],
    ['characters beyond the basic plane', '🛂'],
    ['the text of a digest', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['an object without prototype', Object.assign(Object.create(null) as object, { a: 1 })],
    ['an empty object', {}],
  ])('%s', async (_, value) => {
    const { payload, disclosures } = await packSdJwt({ value, list: [value] }, { hide: [['value'], ['list', 0]] })
    expect((await unpackSdJwt(payload, disclosures)).claims).toEqual({ value, list: [value] })
  })

  it('minus zero as zero, which is what readers make of it', async () => {
    const { payload } = await packSdJwt({ a: -0 }, { hide: [] })
    expect(Object.is(payload['a'], 0)).toBe(true)
  })

  it('what a getter gave once', async () => {
    let reads = 0
    const claims = {
      get a() {
        return ++reads
      },
    }
    const { disclosures } = await packSdJwt(claims, { hide: [['a']] })
    expect(decodeDisclosure(disclosures[0]!).value).toBe(1)
    expect(reads).toBe(1)
  })
})

describe('options', () => {
  it.each<[string, Partial<Record<keyof PackOptions, unknown>>, string]>([
    ['an unknown hash', { hash: 'md5' }, '`hash`'],
    ['a negative number of decoys', { decoys: -1 }, '`decoys`'],
    ['half a decoy', { decoys: 0.5 }, '`decoys`'],
    ['a salt that is no function', { salt: 'salt' }, '`salt`'],
    ['a salt that is not text', { salt: () => 1 }, '`salt` must return'],
    ['an empty salt', { salt: () => '' }, '`salt` must return'],
    ['a salt that repeats', { salt: () => 'same' }, '`salt` must not return'],
  ])('refuses %s', async (_, options, message) => {
    const work = packSdJwt(person, { hide: [['nationalities', null]], ...options } as PackOptions)
    await expect(work).rejects.toThrow(TypeError)
    await expect(work).rejects.toThrow(message)
  })
})

describe('the payload of an issuer', () => {
  it('has placeholders and `_sd` in the shape that verifiers demand', async () => {
    const { payload } = await packSdJwt(person, { hide: [['nationalities', null], ['address']], decoys: 1 })
    for (const element of payload['nationalities'] as JsonValue[])
      expect(isJsonObject(element) && Object.keys(element)).toEqual(['...'])
    expect(payload['_sd']).toHaveLength(2)
  })
})
