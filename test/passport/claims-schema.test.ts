/** What programs without this library are told of the claims. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { citizenPassport } from '../../src/passport/citizen.js'
import { citizenProfile } from '../../src/passport/citizen-profile.js'
import { toClaims } from '../../src/passport/claims.js'
import { type ClaimsSchema, claimsSchema } from '../../src/passport/claims-schema.js'
import type { PassportDefinition } from '../../src/passport/definition.js'
import { mdlProfile } from '../../src/passport/mdl-profile.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { isDeepFrozen } from '../refusal.js'
import { anything, citizens, everyKind, today, vehicles } from './arbitraries.js'

const runs = { seed: 20261122, numRuns: 200 }

const draft = 'https://json-schema.org/draft/2020-12/schema'

/** Slow and obvious: the keywords that are used, by their meaning in JSON Schema. */
function keeps(schema: ClaimsSchema, value: unknown): boolean {
  const { type, format, pattern, properties = {}, required = [] } = schema
  if (type !== undefined && typeOf(value) !== type && !(type === 'number' && typeOf(value) === 'integer')) return false
  if (format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(String(value))) return false
  if (format === 'date-time' && Number.isNaN(Date.parse(String(value)))) return false
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(String(value))) return false
  if (typeOf(value) !== 'object') return true
  const members = new Map(Object.entries(value as object))
  return (
    required.every(name => members.has(name)) &&
    Object.entries(properties).every(([name, inner]) => !members.has(name) || keeps(inner, members.get(name)))
  )
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

describe('the schema of claims', () => {
  it('tells where each claim stands and of which kind it is', () => {
    expect(claimsSchema(everyKind)).toEqual({
      $schema: draft,
      title: 'every-kind',
      type: 'object',
      properties: {
        text: { type: 'string' },
        deep: {
          type: 'object',
          properties: {
            integer: { type: 'integer' },
            number: { type: 'number' },
            down: { type: 'object', properties: { object: { type: 'object' } }, required: [] },
          },
          required: [],
        },
        boolean: { type: 'boolean' },
        date: { type: 'string', format: 'date' },
        time: { type: 'string', format: 'date-time' },
        image: { type: 'string', pattern: '^data:image/(jpeg|png);base64,' },
        list: { type: 'array' },
        any: {},
        long: { type: 'boolean' },
      },
      required: ['long'],
    })
  })

  it('requires what every passport has, around a claim too', () => {
    const { title, required, properties = {} } = claimsSchema(citizenPassport)
    expect(title).toBe(citizenPassport.label?.['en'])
    expect(required).toContain('family_name')
    expect(required).toContain('place_of_birth')
    expect(required).not.toContain('patronymic')
    expect(properties['place_of_birth']?.required).toEqual(['locality'])
    expect(properties['age_equal_or_over']?.required).toEqual(['14', '18'])
  })

  it('or what is asked for', () => {
    const { required, properties = {} } = claimsSchema(citizenPassport, { require: ['ageOver18', 'snils'] })
    expect(required).toEqual(['snils', 'age_equal_or_over'])
    expect(properties['age_equal_or_over']?.required).toEqual(['18'])
    expect(claimsSchema(citizenPassport, { require: [] }).required).toEqual([])
  })

  it('has titles in the language that is asked for, and none from a profile without names', () => {
    const russian = claimsSchema(citizenPassport, { locale: 'ru' })
    expect(russian.properties?.['family_name']).toEqual({ title: 'Фамилия', type: 'string' })
    expect(russian.title).toBe(citizenPassport.label?.['ru'])
    expect(claimsSchema(citizenProfile).properties?.['family_name']).toEqual({ type: 'string' })
  })

  it('is the same text every time, and frozen', () => {
    const text = JSON.stringify(claimsSchema(vehiclePassport))
    expect(JSON.stringify(claimsSchema(vehiclePassport))).toBe(text)
    expect(isDeepFrozen(claimsSchema(vehiclePassport))).toBe(true)
  })

  it('of a passport without claims is empty', () => {
    expect(claimsSchema(mdlProfile)).toEqual({
      $schema: draft,
      title: 'mdl',
      type: 'object',
      properties: {},
      required: [],
    })
  })

  it.each(['stranger', 'constructor', '__proto__'])('is not to be had with the demand for %s', name => {
    expect(() => claimsSchema(citizenPassport, { require: [name] as never })).toThrow(TypeError)
  })

  it('is not to be had with the demand for a field that no claim holds', () => {
    expect(() => claimsSchema(mdlProfile, { require: ['familyName'] })).toThrow('require')
  })
})

describe('for every record the claims keep the schema, and none that misses a claim does', () => {
  const holds = <Passport extends object>(
    definition: PassportDefinition<string, object, Passport>,
    records: fc.Arbitrary<Passport>,
  ) =>
    it(definition.name, () => {
      const schema = claimsSchema(definition)
      const property = fc.property(records, fc.nat(), (record, number) => {
        const values = { ...record, ...definition.derive(definition.parse(record), today) }
        const claims = toClaims(definition, values)
        expect(keeps(schema, claims)).toBe(true)
        const missing = schema.required?.[number % schema.required.length]
        const { [missing ?? '']: _, ...rest } = claims
        expect(keeps(schema, rest)).toBe(false)
      })
      fc.assert(property, runs)
    })

  holds(citizenPassport, citizens)
  holds(vehiclePassport, vehicles)
  holds(everyKind, anything)
})
