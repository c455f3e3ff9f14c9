/** What holds for every record. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseJsonObject } from '../../src/core/json.js'
import { addDays, ageOn } from '../../src/passport/calendar.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { fromClaims, hidePaths, toClaims } from '../../src/passport/claims.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { jpeg, png } from './support.js'

const runs = { seed: 20261122, numRuns: 200 }

const everyKind = definePassport({
  name: 'every-kind',
  vct: 'every-kind',
  docType: 'every-kind',
  fields: {
    text: { schema: z.string(), claim: 'text', optional: true },
    integer: { schema: z.int(), claim: ['deep', 'integer'], optional: true },
    number: { schema: z.number(), claim: ['deep', 'number'], optional: true },
    boolean: { schema: z.boolean(), claim: 'boolean', optional: true },
    date: { as: 'date', claim: 'date', optional: true },
    time: { as: 'time', claim: 'time', optional: true },
    image: { as: 'image', claim: 'image', optional: true },
    list: { schema: z.array(z.any()), claim: 'list', hide: 'each', optional: true },
    object: { schema: z.record(z.string(), z.any()), claim: ['deep', 'down', 'object'], hide: 'each', optional: true },
    any: { schema: z.any(), claim: 'any', optional: true },
  },
})

const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(instant => instant.toISOString())
/** Numbers that JSON text holds exactly; −0 is written 0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(value => value + 0)
const name = fc.string().filter(name => name !== '__proto__')
const json: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.integer(),
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
    number,
    boolean: fc.boolean(),
    date: date.map(instant => instant.slice(0, 10)),
    time: date.map(instant => `${instant.slice(0, 19)}Z`),
    image: fc
      .tuple(fc.constantFrom(jpeg(), png()), fc.uint8Array({ maxLength: 40 }))
      .map(([begin, end]) => new Uint8Array([...begin, ...end])),
    list: fc.array(json, { maxLength: 4 }),
    object: fc.dictionary(name, json, { maxKeys: 4 }).map(object => ({ ...object })),
    any: json.filter(value => value !== undefined),
  },
  { requiredKeys: [] },
)

describe('for every record of every kind of field', () => {
  it('what is parsed, issued as JSON and read again is what was put in', () => {
    fc.assert(
      fc.property(records, record => {
        const passport = everyKind.parse(record)
        const text = JSON.stringify(toClaims(everyKind, passport))
        const { claims, other } = fromClaims(profileOf(everyKind), parseJsonObject(text))
        expect(claims).toEqual(passport)
        expect(claims).toEqual(record)
        expect(other).toEqual({})
      }),
      runs,
    )
  })

  it('parsing again changes nothing', () => {
    fc.assert(
      fc.property(records, record => {
        const passport = everyKind.parse(record)
        expect(everyKind.parse(passport)).toEqual(passport)
      }),
      runs,
    )
  })

  it('every path to hide leads to something', () => {
    fc.assert(
      fc.property(records, record => {
        const claims = toClaims(everyKind, record)
        for (const path of hidePaths(everyKind, record)) {
          let place: unknown = claims
          for (const step of path) place = (place as Record<string | number, unknown>)[step as string]
          expect(place).toBeDefined()
        }
      }),
      runs,
    )
  })
})

it('for anything at all, safeParse answers and quotes no text of it', () => {
  const secret = 'Ужасный-Секрет'
  const texts = fc.oneof(json, fc.constant(secret), fc.constant([secret]), fc.constant({ a: secret }))
  const fields = fc.constantFrom(...Object.keys(citizenPassport.fields), 'stranger')
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fields, texts), fc.anything()), record => {
      const result = citizenPassport.safeParse(record)
      expect(result.ok).toBe(false)
      expect(JSON.stringify(result)).not.toContain(secret)
    }),
    runs,
  )
})

describe('for every two dates', () => {
  const day = date.map(instant => instant.slice(0, 10))

  it('age counts the birthdays that have come, one by one', () => {
    const born = fc.tuple(
      day.filter(date => date < '9000'),
      fc.integer({ min: 0, max: 40_000 }),
    )
    fc.assert(
      fc.property(born, ([birthDate, days]) => {
        const on = addDays(birthDate, days)
        const age = ageOn(birthDate, on)
        expect(age).toBe(birthdaysUntil(birthDate, on))
        expect(ageOn(birthDate, addDays(on, 1)) - age).toBeLessThanOrEqual(1)
      }),
      runs,
    )
  })
})

/** Slow and obvious: every year has one birthday, on the last day of February for those born on the 29th in common years. */
function birthdaysUntil(birthDate: string, on: string): number {
  let count = 0
  for (let year = Number(birthDate.slice(0, 4)) + 1; ; year++) {
    const written = `${String(year).padStart(4, '0')}${birthDate.slice(4)}`
    const exists = !Number.isNaN(Date.parse(written)) && new Date(written).toISOString().startsWith(written)
    if ((exists ? written : written.replace('02-29', '02-28')) > on) return count
    count++
  }
}
