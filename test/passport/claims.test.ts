/** Between fields and claims, in both directions. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { base64 } from '../../src/core/bytes.js'
import { type JsonObject, parseJsonObject } from '../../src/core/json.js'
import { ageOn } from '../../src/passport/calendar.js'
import { fieldOfPath, fromClaims, hidePaths, registeredClaims, toClaims } from '../../src/passport/claims.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { imageToDataUri } from '../../src/passport/image.js'
import { atOnce, failure, jpeg, png } from './support.js'

const card = definePassport({
  name: 'card',
  vct: 'card',
  docType: 'card',
  fields: {
    reader: { schema: z.string(), claim: 'reader' },
    birthDate: { as: 'date', claim: 'birthdate' },
    issued: { as: 'time', claim: 'issued', hide: false, optional: true },
    town: { schema: z.string(), claim: ['place_of_birth', 'locality'], optional: true },
    country: { schema: z.string(), claim: ['place_of_birth', 'country'], optional: true },
    rank: { schema: z.int(), claim: 'rank', optional: true },
    weight: { schema: z.number(), claim: 'weight', optional: true },
    tags: { schema: z.array(z.any()), claim: 'tags', hide: 'each', optional: true },
    address: { schema: z.record(z.string(), z.any()), claim: 'address', hide: 'each', optional: true },
    home: { schema: z.record(z.string(), z.any()), claim: 'home', optional: true },
    photo: { as: 'image', claim: 'picture', optional: true },
    inside: { schema: z.string(), optional: true },
    free: { schema: z.any(), claim: 'free', hide: 'each', optional: true },
  },
  derived: {
    ageOver18: { derive: (passport, on) => ageOn(passport.birthDate, on) >= 18, claim: ['age_equal_or_over', '18'] },
  },
})
const profile = profileOf(card)

const values = {
  reader: 'Ana',
  birthDate: '2001-02-28',
  issued: '2026-01-01T00:00:00Z',
  town: 'Utopia',
  tags: ['a', { b: ['c'] }],
  address: { locality: 'Utopia', street: { name: 'First', number: 1 } },
  home: { locality: 'Utopia' },
  photo: jpeg(),
  inside: 'not issued',
  rank: undefined,
  ageOver18: true,
}

const claims = {
  reader: 'Ana',
  birthdate: '2001-02-28',
  issued: '2026-01-01T00:00:00Z',
  place_of_birth: { locality: 'Utopia' },
  tags: ['a', { b: ['c'] }],
  address: { locality: 'Utopia', street: { name: 'First', number: 1 } },
  home: { locality: 'Utopia' },
  picture: `data:image/jpeg;base64,${base64(jpeg())}`,
  age_equal_or_over: { '18': true },
}

/** What one claim says, or the code and field of the refusal. */
const read = (claim: JsonObject) => {
  try {
    return { ...fromClaims(profile, claim).claims }
  } catch (error) {
    const { code, at } = error as { code?: string; at?: string }
    return `${code} ${at}`
  }
}

describe('toClaims', () => {
  it('places each value at its claim, dates as text, images as data URIs', () => {
    expect(toClaims(profile, values)).toEqual(claims)
    expect(toClaims(card, values)).toEqual(claims)
  })

  it('puts fields that share the start of their path side by side', () => {
    expect(toClaims(profile, { town: 'Utopia', country: 'UT' })).toEqual({
      place_of_birth: { locality: 'Utopia', country: 'UT' },
    })
  })

  it('tells JPEG from PNG by how they begin', () => {
    expect(toClaims(profile, { photo: png() })).toEqual({ picture: `data:image/png;base64,${base64(png())}` })
  })

  it('gives objects without prototypes, at every depth', () => {
    const made = toClaims(profile, { town: 'Utopia', address: { locality: 'Utopia' } })
    for (const object of [made, made['place_of_birth'], made['address']])
      expect(Object.getPrototypeOf(object)).toBeNull()
  })

  it.each<[string, object]>([
    ['an unknown name', { surname: 'Ana' }],
    ['a name of every object', { toString: 'Ana' }],
    ['a date that does not exist', { birthDate: '2001-02-29' }],
    ['a number for text', { reader: 7 }],
    ['text for a list', { tags: 'a' }],
    ['a list for an object', { address: [] }],
    ['null for an object', { address: null }],
    ['a fraction for an integer', { rank: 1.5 }],
    ['bytes that are no image', { photo: new Uint8Array(20) }],
    ['what is not JSON', { free: () => 1 }],
  ])('refuses %s as misuse', (_, wrong) => {
    expect(() => toClaims(profile, wrong)).toThrow(TypeError)
    expect(() => hidePaths(profile, wrong)).toThrow(TypeError)
  })
})

it('values of no field are refused by saying so', () => {
  expect(() => toClaims(profile, { surname: 'Ana' })).toThrow('`values` hold a name that card does not have')
})

describe('hidePaths', () => {
  it('names fields as wholes, members of each `each`, and nothing around the end of a path', () => {
    expect(hidePaths(profile, values)).toEqual([
      ['reader'],
      ['birthdate'],
      ['place_of_birth', 'locality'],
      ['tags'],
      ['tags', 0],
      ['tags', 1],
      ['tags', 1, 'b'],
      ['tags', 1, 'b', 0],
      ['address'],
      ['address', 'locality'],
      ['address', 'street'],
      ['address', 'street', 'name'],
      ['address', 'street', 'number'],
      ['home'],
      ['picture'],
      ['age_equal_or_over', '18'],
    ])
  })

  it('names only what is there', () => {
    expect(hidePaths(profile, { reader: 'Ana', free: null, tags: [] })).toEqual([['reader'], ['free'], ['tags']])
  })
})

describe('fromClaims', () => {
  const { inside: _inside, rank: _rank, ...issued } = values

  it('gives back what toClaims was given', () => {
    expect(fromClaims(profile, claims).claims).toEqual(issued)
    expect(fromClaims(profile, claims).other).toEqual({})
  })

  it('reads claims as they come out of JSON text', () => {
    expect(fromClaims(profile, parseJsonObject(JSON.stringify(claims))).claims).toEqual(issued)
  })

  it('leaves out what is hidden, a part of an `each` too', () => {
    const partly = { tags: [{ b: [] }], address: { street: {} }, age_equal_or_over: {}, place_of_birth: {} }
    expect(fromClaims(profile, partly)).toEqual({ claims: { tags: [{ b: [] }], address: { street: {} } }, other: {} })
    expect(fromClaims(profile, {})).toEqual({ claims: {}, other: {} })
  })

  it('keeps apart what is signed but no field, at the depth where it stands', () => {
    const more = {
      ...claims,
      nickname: 'A',
      place_of_birth: { locality: 'Utopia', region: 'North' },
      age_equal_or_over: { '18': true, '21': true },
      inside: 'x',
    }
    expect(fromClaims(profile, more).other).toEqual({
      nickname: 'A',
      place_of_birth: { region: 'North' },
      age_equal_or_over: { '21': true },
      inside: 'x',
    })
  })

  it("gives fields in the profile's order, and names the first that is malformed, however the claims are ordered", () => {
    const reversed = Object.fromEntries(Object.entries(claims).reverse())
    const { claims: found } = fromClaims(profile, reversed)
    expect(Object.keys(found)).toEqual(Object.keys(profile.fields).filter(name => Object.hasOwn(found, name)))
    expect(read({ rank: 'x', birthdate: 'x', reader: 7 })).toBe('claim_malformed reader')
    expect(read({ age_equal_or_over: 7, place_of_birth: 7 })).toBe('claim_malformed town')
  })

  it('counts claims of the token itself for neither', () => {
    const token = Object.fromEntries(registeredClaims.map(name => [name, { x: 1 }]))
    expect(fromClaims(profile, { ...token, reader: 'Ana' })).toEqual({ claims: { reader: 'Ana' }, other: {} })
    expect(registeredClaims).toHaveLength(11)
  })

  it('reads own members alone', () => {
    expect(read(Object.create({ reader: 'Ana' }))).toEqual({})
    expect(read({ place_of_birth: Object.create({ locality: 'x' }) as JsonObject })).toEqual({})
    expect(fromClaims(profile, JSON.parse('{ "__proto__": { "reader": 1 } }')).claims).toEqual({})
  })

  it('freezes what it gives, at every depth, and copies none of it', () => {
    const source = { tags: ['a'], home: { a: { b: [{}] } } }
    const read = fromClaims(profile, source)
    const { tags, home = {} } = read.claims
    const inner = home['a'] as { readonly b: readonly object[] }
    for (const part of [read, read.claims, read.other, tags, home, inner, inner.b, inner.b[0]])
      expect(Object.isFrozen(part)).toBe(true)
    expect(tags).toBe(source.tags)
  })

  const uri = (bytes: Uint8Array, type = 'image/jpeg') => `data:${type};base64,${base64(bytes)}`
  it.each<[string, JsonObject, string]>([
    ['a number for text', { reader: 7 }, 'reader'],
    ['null for text', { reader: null }, 'reader'],
    ['a day that does not exist', { birthdate: '2001-02-29' }, 'birthDate'],
    ['a date with a time', { birthdate: '2001-02-28T00:00:00Z' }, 'birthDate'],
    ['a date in another form', { birthdate: '28.02.2001' }, 'birthDate'],
    ['an instant that does not exist', { issued: '2026-02-30T00:00:00Z' }, 'issued'],
    ['a number for an instant', { issued: 7 }, 'issued'],
    ['an instant that does not end', { issued: '2026-01-01T00:00:00' }, 'issued'],
    ['an instant that ends otherwise', { issued: '2026-01-01T00:00:00z' }, 'issued'],
    ['an instant with an offset', { issued: '2026-01-01T00:00:00+03:00' }, 'issued'],
    ['an instant with ten decimals', { issued: '2026-01-01T00:00:00.0123456789Z' }, 'issued'],
    ['a fraction for an integer', { rank: 1.5 }, 'rank'],
    ['an integer that is not safe', { rank: 2 ** 53 }, 'rank'],
    ['text for a number', { weight: '7' }, 'weight'],
    ['text for truth', { age_equal_or_over: { '18': 'true' } }, 'ageOver18'],
    ['an object for a list', { tags: {} }, 'tags'],
    ['a list for an object', { address: [] }, 'address'],
    ['text on the way to a field', { place_of_birth: 'Utopia' }, 'town'],
    ['a list on the way to a field', { place_of_birth: ['Utopia'] }, 'town'],
    ['text for an image', { picture: 'x' }, 'photo'],
    ['an image of another type', { picture: uri(jpeg(), 'image/gif') }, 'photo'],
    ['a PNG that says it is a JPEG', { picture: uri(png()) }, 'photo'],
    ['a JPEG that says it is a PNG', { picture: uri(jpeg(), 'image/png') }, 'photo'],
    ['an image in base64url', { picture: uri(new Uint8Array([...jpeg(), 255, 255])).replace('/', '_') }, 'photo'],
    ['an image without padding', { picture: uri(png(), 'image/png').replace('=', '') }, 'photo'],
    ['an image with space before it', { picture: uri(jpeg()).replace(',', ', ') }, 'photo'],
    ['an image with parameters', { picture: uri(jpeg()).replace('jpeg;', 'jpeg;q=1;') }, 'photo'],
    ['an image by a link', { picture: 'https://example.org/ana.jpg' }, 'photo'],
  ])('refuses %s as claim_malformed, naming the field', (_, claim, field) => {
    expect(read(claim)).toBe(`claim_malformed ${field}`)
  })

  it('refuses without quoting', () => {
    expect(failure(() => fromClaims(profile, { birthdate: 'Ana' })).message).not.toContain('Ana')
  })

  it('reads fractions of a second, as others write them', () => {
    expect(read({ issued: '2026-01-01T00:00:00.123456789Z' })).toEqual({ issued: '2026-01-01T00:00:00.123456789Z' })
  })

  it('reads a large image at once, and refuses ten megabytes of anything else', () => {
    const large = new Uint8Array(1_500_000)
    large.set(jpeg())
    const picture = uri(large)
    const inTime = (claim: JsonObject) => {
      const started = performance.now()
      const found = read(claim)
      expect(performance.now() - started).toBeLessThan(atOnce)
      return found
    }
    expect(inTime({ picture })).toMatchObject({ photo: { length: large.length } })
    expect(inTime({ issued: '1'.repeat(10_000_000) })).toBe('claim_malformed issued')
    expect(inTime({ issued: '.1'.repeat(5_000_000) })).toBe('claim_malformed issued')
    expect(inTime({ birthdate: '2'.repeat(10_000_000) })).toBe('claim_malformed birthDate')
    expect(inTime({ picture: `data:image/jpeg;base64,${' '.repeat(10_000_000)}` })).toBe('claim_malformed photo')
  })
})

it('an image that is neither JPEG nor PNG has no data URI', () => {
  expect(() => imageToDataUri(new Uint8Array(20))).toThrow(new TypeError('the image must be JPEG or PNG'))
})

describe('fieldOfPath', () => {
  it.each<[readonly (string | number | null)[], string | undefined]>([
    [['reader'], 'reader'],
    [['place_of_birth', 'locality'], 'town'],
    [['place_of_birth', 'country'], 'country'],
    [['place_of_birth'], undefined],
    [['place_of_birth', null], undefined],
    [['tags', 1, 'b'], 'tags'],
    [['tags', null], 'tags'],
    [['age_equal_or_over', '18'], 'ageOver18'],
    [['inside'], undefined],
    [['toString'], undefined],
    [[], undefined],
  ])('of %j is %s', (path, field) => {
    expect(fieldOfPath(profile, path)).toBe(field)
  })
})
