/** Between fields and data elements, in both directions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { readCbor } from '../../src/core/cbor/read.js'
import { CborFloat, type CborKey, CborTag, type CborValue } from '../../src/core/cbor/value.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { parseJsonObject } from '../../src/core/json.js'
import { VidimusError } from '../../src/errors.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { citizenProfile } from '../../src/passport/citizen-profile.js'
import { fromClaims, toClaims } from '../../src/passport/claims.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import {
  elementsToIssue,
  fieldOfElement,
  fromElements,
  type IssuedElement,
  type OtherElements,
} from '../../src/passport/elements.js'
import type { PassportProfile, ProfileField } from '../../src/passport/profile.js'
import { atOnce, jpeg, png } from './support.js'

const runs = { seed: 20261122, numRuns: 200 }

const ns = 'org.example.card.1'
const domestic = 'org.example.card.ut.1'

const card = definePassport({
  name: 'card',
  vct: 'card',
  docType: ns,
  fields: {
    text: { schema: z.string(), claim: 'text', element: [ns, 'text'], optional: true },
    integer: { schema: z.int(), claim: 'integer', element: [ns, 'integer'], optional: true },
    number: { schema: z.number(), claim: 'number', element: [ns, 'number'], optional: true },
    boolean: { schema: z.boolean(), claim: ['deep', 'boolean'], element: [ns, 'boolean'], optional: true },
    date: { as: 'date', claim: 'date', element: [ns, 'date'], optional: true },
    time: { as: 'time', claim: 'time', element: [ns, 'time'], optional: true },
    image: { as: 'image', claim: 'image', element: [ns, 'image'], optional: true },
    list: { schema: z.array(z.any()), claim: 'list', element: [ns, 'list'], optional: true },
    object: { schema: z.record(z.string(), z.any()), claim: 'object', element: [domestic, 'object'], optional: true },
    any: { schema: z.any(), claim: 'any', element: [domestic, 'text'], optional: true },
    json: { schema: z.string(), claim: 'json', optional: true },
  },
  derived: { adult: { derive: () => true, claim: 'adult', element: [ns, 'adult'] } },
})
const profile = profileOf(card)

/** The same fields, with what a profile alone can say. */
const withForms = (forms: Partial<Record<keyof typeof profile.fields, Partial<ProfileField>>>): typeof profile => ({
  ...profile,
  fields: Object.fromEntries(
    Object.entries<ProfileField>(profile.fields).map(([name, field]) => [
      name,
      { ...field, ...forms[name as keyof typeof forms] },
    ]),
  ) as typeof profile.fields,
})

const map = (members: Readonly<Record<string, CborValue>>) => new Map(Object.entries(members))
const fullDate = (text: CborValue) => new CborTag(1004, text)
const dateTime = (text: CborValue) => new CborTag(0, text)

/** What an issuer signs, as bytes and back, by namespace and identifier. */
function asShown(elements: readonly IssuedElement[]) {
  const shown = new Map<string, Map<string, CborValue>>()
  for (const { namespace, identifier, value } of elements) {
    const beside = shown.get(namespace) ?? new Map<string, CborValue>()
    shown.set(namespace, beside.set(identifier, readCbor(writeCbor(value))))
  }
  return shown
}

const showing = (members: Readonly<Record<string, CborValue>>, namespace = ns) => new Map([[namespace, map(members)]])

/** What one element says, or the code and place of the refusal. */
function read(members: Readonly<Record<string, CborValue>>, of: PassportProfile = profile): unknown {
  try {
    return { ...fromElements(of, showing(members)).claims }
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error
    return `${error.code} ${error.at} ${error.expected}`
  }
}

describe('elementsToIssue', () => {
  const issue = (values: object) =>
    Object.fromEntries(
      elementsToIssue(profile, values).map(({ namespace, identifier, value }) => [`${namespace} ${identifier}`, value]),
    )

  it('gives each value its CBOR form in its namespace', () => {
    const values = {
      text: 'Ana',
      integer: -7,
      number: 1.5,
      boolean: false,
      date: '2001-02-28',
      time: '2026-01-01T00:00:00Z',
      image: jpeg(),
      list: ['a', 1, 0.5, null, { b: true }],
      object: { a: { b: [2] } },
      any: 'free',
    }
    expect(issue(values)).toEqual({
      [`${ns} text`]: 'Ana',
      [`${ns} integer`]: -7,
      [`${ns} number`]: new CborFloat(1.5),
      [`${ns} boolean`]: false,
      [`${ns} date`]: fullDate('2001-02-28'),
      [`${ns} time`]: dateTime('2026-01-01T00:00:00Z'),
      [`${ns} image`]: jpeg(),
      [`${ns} list`]: ['a', 1, new CborFloat(0.5), null, map({ b: true })],
      [`${domestic} object`]: map({ a: map({ b: [2] }) }),
      [`${domestic} text`]: 'free',
    })
  })

  it('writes a whole number as an integer', () => {
    expect(issue({ number: 2 })).toEqual({ [`${ns} number`]: 2 })
  })

  it('leaves out what is absent and what has no element', () => {
    expect(elementsToIssue(card, { text: undefined, json: 'JSON alone' })).toEqual([])
  })

  it('takes the values of a record and those derived from it', () => {
    expect(elementsToIssue(card, { text: 'Ana' }, { adult: true })).toEqual([
      { namespace: ns, identifier: 'text', value: 'Ana' },
      { namespace: ns, identifier: 'adult', value: true },
    ])
  })

  it('tags the dates among members that the profile names, at any depth', () => {
    const dated = withForms({ list: { dates: ['from'] } })
    const list = [{ from: '2001-02-28', to: '2002-02-28', more: { from: '2003-02-28' } }, 'from']
    expect(elementsToIssue(dated, { list })[0]?.value).toEqual([
      map({ from: fullDate('2001-02-28'), to: '2002-02-28', more: map({ from: fullDate('2003-02-28') }) }),
      'from',
    ])
  })

  it('tags no text that is not a date', () => {
    const dated = withForms({ object: { dates: ['from'] } })
    expect(elementsToIssue(dated, { object: { from: '2001-02-29' } })[0]?.value).toEqual(map({ from: '2001-02-29' }))
    expect(elementsToIssue(dated, { object: { from: ['2001-02-28'] } })[0]?.value).toEqual(
      map({ from: ['2001-02-28'] }),
    )
  })

  it.each<[string, object, string]>([
    ['an unknown name', { surname: 'Ana' }, '`values` hold a name that card does not have'],
    ['a name of every object', { toString: 'Ana' }, '`values` hold a name that card does not have'],
    ['a date that does not exist', { date: '2001-02-29' }, '`date` does not hold a value of its kind, date'],
    ['an instant off UTC', { time: '2026-01-01T00:00:00+01:00' }, '`time` does not hold a value of its kind, time'],
    ['an instant with fractions', { time: '2026-01-01T00:00:00.5Z' }, '`time` does not hold a value of its kind, time'],
    ['a number for text', { text: 7 }, '`text` does not hold a value of its kind, text'],
    ['text for a list', { list: 'a' }, '`list` does not hold a value of its kind, list'],
    ['a list for an object', { object: [] }, '`object` does not hold a value of its kind, object'],
    ['a fraction for an integer', { integer: 1.5 }, '`integer` does not hold a value of its kind, integer'],
    ['a number beyond 2^53', { number: 2 ** 53 }, '`number` does not hold a value of its kind, number'],
    ['bytes that are no image', { image: new Uint8Array(20) }, '`image` does not hold a value of its kind, image'],
    ['what is not JSON', { any: () => 1 }, '`any` does not hold a value of its kind, any'],
  ])('refuses %s as misuse', (_, wrong, message) => {
    expect(() => elementsToIssue(profile, wrong)).toThrow(new TypeError(message))
  })

  it('issues no image of a kind that it only reads', () => {
    const lenient = withForms({ image: { also: ['jpeg2000', 'empty'] } })
    for (const image of [jp2(), codestream(), new Uint8Array()])
      expect(() => elementsToIssue(lenient, { image })).toThrow(TypeError)
  })
})

/** The first bytes of a JPEG 2000, as a file and as a bare codestream. */
const jp2 = () => new Uint8Array([0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a, 0, 0, 0, 20])
const codestream = () => new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0, 41])

describe('fromElements', () => {
  it('gives typed values by field name, whatever namespace they stand in', () => {
    const elements = new Map([
      [ns, map({ text: 'Ana', date: fullDate('2001-02-28'), adult: true })],
      [domestic, map({ text: ['any'], object: map({ a: 1 }) })],
    ])
    expect(fromElements(card, elements)).toEqual({
      claims: { text: 'Ana', date: '2001-02-28', adult: true, any: ['any'], object: { a: 1 } },
      other: {},
    })
  })

  it('gives nothing for nothing', () => {
    expect(fromElements(profile, new Map())).toEqual({ claims: {}, other: {} })
    expect(fromElements(profile, new Map([[ns, new Map()]]))).toEqual({ claims: {}, other: {} })
  })

  it.each<[string, Readonly<Record<string, CborValue>>, object]>([
    ['a float that is whole for a number', { number: new CborFloat(2) }, { number: 2 }],
    ['negative zero as zero', { number: new CborFloat(-0) }, { number: 0 }],
    ['a float beyond every integer', { number: new CborFloat(1e300) }, { number: 1e300 }],
    ['a full-date', { date: fullDate('2004-02-29') }, { date: '2004-02-29' }],
    ['the date of a tdate as it is written', { date: dateTime('2004-02-29T23:59:59Z') }, { date: '2004-02-29' }],
    ['the date of a tdate at the start of its day', { date: dateTime('2004-03-01T00:00:00Z') }, { date: '2004-03-01' }],
    ['fractions of a second', { time: dateTime('2026-01-01T00:00:00.125Z') }, { time: '2026-01-01T00:00:00.125Z' }],
    ['a PNG', { image: png() }, { image: png() }],
    [
      'dates in a list as text, tagged or not',
      { list: [fullDate('2001-02-28'), '2001-02-28', dateTime('x')] },
      { list: ['2001-02-28', '2001-02-28', 'x'] },
    ],
    [
      'keys that are numbers as text',
      {
        list: [
          new Map<CborKey, CborValue>([
            [1, 'a'],
            [-1n, 'b'],
          ]),
        ],
      },
      { list: [{ '1': 'a', '-1': 'b' }] },
    ],
  ])('reads %s', (_, members, claims) => {
    expect(read(members)).toEqual(claims)
    expect(Object.is(Object.values(read(members) as object)[0], -0)).toBe(false)
  })

  it('reads a name that every object has as a name like any other', () => {
    const elements = new Map([
      ['__proto__', map({ toString: 1, ['__proto__']: map({ ['__proto__']: 2 }) })],
      [ns, map({ constructor: 3 })],
    ])
    const { claims, other } = fromElements(profile, elements)
    expect(claims).toEqual({})
    expect(Object.keys(other)).toEqual(['__proto__', ns])
    expect(JSON.stringify(other)).toBe(
      '{"__proto__":{"toString":1,"__proto__":{"__proto__":2}},"org.example.card.1":{"constructor":3}}',
    )
  })

  const collision = new Map<CborKey, CborValue>([
    [1, 'a'],
    ['1', 'b'],
  ])
  it.each<[string, Readonly<Record<string, CborValue>>, string]>([
    ['a number for text', { text: 7 }, 'text text'],
    ['null for text', { text: null }, 'text text'],
    ['bytes for text', { text: new Uint8Array([65]) }, 'text text'],
    ['a tagged date for text', { text: fullDate('2001-02-28') }, 'text text'],
    ['text for an integer', { integer: '7' }, 'integer integer'],
    ['a float for an integer', { integer: new CborFloat(7) }, 'integer integer'],
    ['an integer beyond 2^53', { integer: 2n ** 60n }, 'integer integer'],
    ['a big integer for a number', { number: 2n ** 60n }, 'number number'],
    ['text for a number', { number: '1.5' }, 'number number'],
    ['no number', { number: new CborFloat(Number.NaN) }, 'number number'],
    ['an infinite number', { number: new CborFloat(-Infinity) }, 'number number'],
    ['a number for a boolean', { boolean: 1 }, 'boolean boolean'],
    ['a date without tag', { date: '2001-02-28' }, 'date date'],
    ['a date that does not exist', { date: fullDate('2001-02-29') }, 'date date'],
    ['a date with a time under the tag of dates', { date: fullDate('2001-02-28T00:00:00Z') }, 'date date'],
    ['a date under the tag of instants', { date: dateTime('2001-02-28') }, 'date date'],
    ['an instant off UTC for a date', { date: dateTime('2001-02-28T00:00:00+03:00') }, 'date date'],
    ['an instant of no day for a date', { date: dateTime('2001-02-29T00:00:00Z') }, 'date date'],
    ['a date under another tag', { date: new CborTag(100, '2001-02-28') }, 'date date'],
    ['a date that is no text', { date: fullDate(20010228) }, 'date date'],
    ['an instant without tag', { time: '2026-01-01T00:00:00Z' }, 'time time'],
    ['an instant under the tag of dates', { time: fullDate('2026-01-01T00:00:00Z') }, 'time time'],
    ['a date for an instant', { time: fullDate('2026-01-01') }, 'time time'],
    ['an instant off UTC', { time: dateTime('2026-01-01T00:00:00+00:00') }, 'time time'],
    ['an instant that is no text', { time: dateTime(0) }, 'time time'],
    ['bytes that are no image', { image: new Uint8Array(20) }, 'image image'],
    ['an image without bytes', { image: new Uint8Array() }, 'image image'],
    ['a JPEG 2000 file', { image: jp2() }, 'image image'],
    ['a JPEG 2000 codestream', { image: codestream() }, 'image image'],
    ['an image as a data URI', { image: 'data:image/jpeg;base64,/9j/4A==' }, 'image image'],
    ['a map for a list', { list: map({}) }, 'list list'],
    ['a tagged list', { list: new CborTag(1004, []) }, 'list list'],
    ['bytes in a list', { list: [[new Uint8Array(1)]] }, 'list list'],
    ['an embedded item in a list', { list: [new CborTag(24, new Uint8Array(1))] }, 'list list'],
    ['a big integer in a list', { list: [map({ a: 2n ** 60n })] }, 'list list'],
    ['an infinite number in a list', { list: [new CborFloat(Infinity)] }, 'list list'],
    ['two keys of one text in a list', { list: [collision] }, 'list list'],
  ])('refuses %s, naming the field and its kind', (_, members, place) => {
    expect(read(members)).toBe(`claim_malformed ${place}`)
  })

  it.each<[string, CborValue]>([
    ['bytes', new Uint8Array(1)],
    ['a big integer', -(2n ** 60n)],
    ['two keys of one text', collision],
    ['such a map in a map', map({ a: collision })],
  ])('refuses %s where any JSON will do', (_, value) => {
    expect(() => fromElements(profile, showing({ text: value }, domestic))).toThrow(
      expect.objectContaining({ code: 'claim_malformed', at: 'any', expected: 'any' }),
    )
  })

  it.each<[string, CborValue]>([
    ['a list', []],
    ['text', 'a'],
  ])('refuses %s for an object', (_, value) => {
    expect(() => fromElements(profile, showing({ object: value }, domestic))).toThrow(
      expect.objectContaining({ code: 'claim_malformed', at: 'object', expected: 'object' }),
    )
  })

  it('reads a JPEG 2000 where the profile says that there may be one', () => {
    const lenient = withForms({ image: { also: ['jpeg2000'] } })
    expect(read({ image: jp2() }, lenient)).toEqual({ image: jp2() })
    expect(read({ image: codestream() }, lenient)).toEqual({ image: codestream() })
    expect(read({ image: new Uint8Array() }, lenient)).toBe('claim_malformed image image')
    expect(read({ image: jp2().subarray(1) }, lenient)).toBe('claim_malformed image image')
  })

  it('reads an image without bytes as none, where the profile says that there may be none', () => {
    const lenient = withForms({ image: { also: ['empty'] } })
    expect(fromElements(lenient, showing({ image: new Uint8Array() }))).toEqual({ claims: {}, other: {} })
    expect(read({ image: [] }, lenient)).toBe('claim_malformed image image')
    expect(read({ image: jp2() }, lenient)).toBe('claim_malformed image image')
  })

  it('refuses without quoting', () => {
    expect(read({ date: fullDate('Ana') })).not.toContain('Ana')
  })

  it('reads large values at once', () => {
    const large = new Uint8Array(4_000_000)
    large.set(jpeg())
    const started = performance.now()
    expect(read({ image: large })).toMatchObject({ image: { length: large.length } })
    expect(read({ time: dateTime('.1'.repeat(2_000_000)) })).toBe('claim_malformed time time')
    expect(read({ date: fullDate('2'.repeat(4_000_000)) })).toBe('claim_malformed date date')
    expect(read({ list: Array.from({ length: 60_000 }, (_, index) => map({ [index]: index })) })).toHaveProperty('list')
    const many = map(Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`e${index}`, index])))
    expect(Object.keys(fromElements(profile, new Map([[ns, many]])).other[ns] ?? {})).toHaveLength(60_000)
    expect(performance.now() - started).toBeLessThan(atOnce)
  })
})

describe('what is no field', () => {
  const other = (value: CborValue) => fromElements(profile, showing({ stranger: value })).other[ns]?.['stranger']

  it('is kept by namespace and identifier, also beside fields', () => {
    const elements = new Map([
      [ns, map({ text: 'Ana', object: 1, json: 'JSON alone' })],
      [domestic, map({ date: fullDate('2001-02-28') })],
      ['org.example.empty', new Map<string, CborValue>()],
    ])
    const expected: OtherElements = { [ns]: { object: 1, json: 'JSON alone' }, [domestic]: { date: '2001-02-28' } }
    expect(fromElements(profile, elements)).toEqual({ claims: { text: 'Ana' }, other: expected })
  })

  it.each<[string, CborValue, unknown]>([
    ['text', 'a', 'a'],
    ['null', null, null],
    ['an integer', 7, 7],
    ['an integer beyond 2^53', 2n ** 60n, 2n ** 60n],
    ['a float', new CborFloat(0.5), 0.5],
    ['an infinite number', new CborFloat(Infinity), Infinity],
    ['a date as text', fullDate('2001-02-28'), '2001-02-28'],
    ['an instant as text', dateTime('2026-01-01T00:00:00+03:00'), '2026-01-01T00:00:00+03:00'],
    ['bytes', new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    ['an embedded item as its bytes', new CborTag(24, new Uint8Array([1])), new Uint8Array([1])],
    ['a list', [[1], map({ a: fullDate('2001-02-28') })], [[1], { a: '2001-02-28' }]],
    [
      'keys of every type',
      new Map<CborKey, CborValue>([
        [-1, 1],
        [2n ** 60n, 2],
        ['a', 3],
      ]),
      { '-1': 1, '1152921504606846976': 2, a: 3 },
    ],
  ])('gives %s plainly', (_, value, plain) => {
    expect(other(value)).toEqual(plain)
  })

  it.each<[string, CborValue]>([
    [
      'two keys of one text',
      new Map<CborKey, CborValue>([
        [1, 'a'],
        ['1', 'b'],
      ]),
    ],
    [
      'such a map in a list',
      [
        new Map<CborKey, CborValue>([
          ['-1', 'a'],
          [-1, 'b'],
        ]),
      ],
    ],
    [
      'such a map in a map',
      map({
        a: new Map<CborKey, CborValue>([
          [2n ** 60n, 'a'],
          ['1152921504606846976', 'b'],
        ]),
      }),
    ],
  ])('refuses %s, naming its namespace', (_, value) => {
    expect(() => other(value)).toThrow(expect.objectContaining({ code: 'claim_malformed', at: 'org.example.card.1' }))
  })
})

it('what is read is frozen, without prototypes, and shares no bytes', () => {
  const picture = jpeg()
  const bytes = new Uint8Array([1])
  const read = fromElements(profile, showing({ list: [map({ a: [] })], image: picture, stranger: [map({}), bytes] }))
  const members = read.claims.list as readonly { readonly a: readonly [] }[]
  const stranger = read.other[ns]?.['stranger'] as readonly unknown[]
  for (const part of [
    read,
    read.claims,
    read.other,
    read.other[ns],
    members,
    members[0],
    members[0]?.a,
    stranger,
    stranger[0],
  ])
    expect(Object.isFrozen(part)).toBe(true)
  for (const part of [read.claims, read.other, read.other[ns], members[0], stranger[0]])
    expect(Object.getPrototypeOf(part)).toBeNull()
  picture.fill(0)
  bytes.fill(0)
  expect(read.claims.image).toEqual(jpeg())
  expect(stranger[1]).toEqual(new Uint8Array([1]))
})

it.each<[string, string, string | undefined]>([
  [ns, 'text', 'text'],
  [domestic, 'text', 'any'],
  [ns, 'adult', 'adult'],
  [ns, 'object', undefined],
  [domestic, 'object', 'object'],
  ['', 'text', undefined],
  [ns, 'json', undefined],
])('the field of %s %s is %s', (namespace, identifier, field) => {
  expect(fieldOfElement(profile, namespace, identifier)).toBe(field)
})

const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(instant => instant.toISOString())
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(value => value + 0)
const name = fc.string({ unit: 'grapheme' }).filter(name => name !== '__proto__')
const json: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger(),
    number,
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('json'), { maxLength: 4 }),
  object: fc.dictionary(name, tie('json'), { maxKeys: 4 }).map(object => ({ ...object })),
})).json

const records = fc.record(
  {
    text: fc.string({ unit: 'grapheme' }),
    integer: fc.maxSafeInteger(),
    number: fc.oneof(number, fc.maxSafeInteger()),
    boolean: fc.boolean(),
    date: date.map(instant => instant.slice(0, 10)),
    time: date.map(instant => `${instant.slice(0, 19)}Z`),
    image: fc
      .tuple(fc.constantFrom(jpeg(), png()), fc.uint8Array({ maxLength: 40 }))
      .map(([begin, end]) => new Uint8Array([...begin, ...end])),
    list: fc.array(json, { maxLength: 4 }),
    object: fc.dictionary(name, json, { maxKeys: 4 }).map(object => ({ ...object })),
    any: json,
  },
  { requiredKeys: [] },
)

/** The typed claims of a record that went through each format, as bytes. */
function bothWays(of: PassportProfile, ...values: readonly object[]) {
  const text = JSON.stringify(Object.assign({}, ...values.map(some => toClaims(of, some))))
  return [fromClaims(of, parseJsonObject(text)), fromElements(of, asShown(elementsToIssue(of, ...values)))] as const
}

describe('the same record in both formats', () => {
  it('says the same, whatever is in a field of each kind', () => {
    fc.assert(
      fc.property(records, record => {
        const passport = card.parse(record)
        const [fromJson, fromMdoc] = bothWays(profile, passport)
        expect(fromMdoc).toEqual(fromJson)
        expect(fromMdoc).toEqual({ claims: record, other: {} })
      }),
      runs,
    )
  })

  it('says the same with dates inside, tagged or not', () => {
    const dated = withForms({ list: { dates: ['from', 'to'] } })
    const inside = fc.oneof(
      date.map(instant => instant.slice(0, 10)),
      fc.string(),
      fc.integer(),
    )
    fc.assert(
      fc.property(fc.array(fc.record({ from: inside, to: inside, at: inside }, { requiredKeys: [] })), list => {
        const [fromJson, fromMdoc] = bothWays(dated, { list })
        expect(fromMdoc).toEqual(fromJson)
      }),
      runs,
    )
  })

  const plain = citizenPassport.parse({ ...example, portrait: jpeg() })
  it('says the same for every citizen', () => {
    const citizens = fc.record(
      {
        birthDate: fc.constantFrom('1990-05-14', '1964-02-29', '2001-12-31'),
        sex: fc.constantFrom(1, 2),
        militaryDuty: fc.boolean(),
        address: fc.record({ locality: fc.constantFrom('Примерск', 'Образцово'), region: fc.constant('Область') }),
        children: fc.array(fc.constantFrom(...(plain.children ?? [])), { maxLength: 3 }),
        portrait: fc.constantFrom(jpeg(), png()),
        snils: fc.constant(plain.snils),
      },
      { requiredKeys: ['birthDate'] },
    )
    fc.assert(
      fc.property(citizens, changes => {
        const { portrait: _portrait, children: _children, snils: _snils, ...rest } = plain
        const passport = citizenPassport.parse({ ...rest, issueDate: '2020-06-02', children: [], ...changes })
        const derived = citizenPassport.derive(passport, '2026-11-22')
        const values = { ...passport, ...derived }
        const read = fromElements(citizenProfile, asShown(elementsToIssue(citizenProfile, passport, derived)))
        expect(read).toEqual(
          fromClaims(citizenProfile, parseJsonObject(JSON.stringify(toClaims(citizenProfile, values)))),
        )
        expect(read).toEqual({ claims: values, other: {} })
      }),
      runs,
    )
  })
})
