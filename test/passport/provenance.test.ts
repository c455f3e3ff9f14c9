/** Where fields come from: kept beside the passport, never in a credential. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { type CitizenPassport, citizenPassport } from '../../src/passport/citizen.js'
import { toClaims } from '../../src/passport/claims.js'
import { changedFields, type Provenance, sourced } from '../../src/passport/provenance.js'
import { isDeepFrozen } from '../refusal.js'
import { brief, failure, jpeg, png } from './support.js'

const mvd = { source: 'mvd', at: '2026-03-01T12:00:00Z', version: '7' }
const provenance: Provenance<CitizenPassport> = {
  familyName: mvd,
  birthDate: { source: 'zags', at: '2026-02-01T12:00:00Z' },
  address: { source: 'applicant', at: '2026-03-02T12:00:00Z' },
}
const issuesOf = (sources: object, record: object = example, options = {}) =>
  brief(failure(() => sourced(citizenPassport, record, sources, options)).issues)

describe('a passport with sources', () => {
  it('is the passport and its sources, frozen, and survives JSON', () => {
    const result = sourced(citizenPassport, example, provenance)
    expect(result).toEqual({ passport: citizenPassport.parse(example), provenance })
    expect(isDeepFrozen(result)).toBe(true)
    expect(JSON.parse(JSON.stringify(result.provenance))).toEqual(provenance)
    expectTypeOf(result.passport).toEqualTypeOf<CitizenPassport>()
  })

  it('can be read again', () => {
    const kept = JSON.parse(JSON.stringify(sourced(citizenPassport, example, provenance)))
    expect(sourced(citizenPassport, kept.passport, kept.provenance)).toEqual(kept)
  })

  it('may leave fields to nobody, and names that are undefined', () => {
    expect(sourced(citizenPassport, example, { familyName: undefined }).provenance).toEqual({})
  })

  it('puts no source into a credential', () => {
    const { passport } = sourced(citizenPassport, example, provenance)
    expect(JSON.stringify(toClaims(citizenPassport, passport))).not.toMatch(/mvd|zags|applicant/)
  })

  it('does not change when the caller changes what was handed in', () => {
    const source = { ...mvd }
    const kept = sourced(citizenPassport, example, { familyName: source })
    source.source = 'me'
    expect(kept.provenance.familyName).toEqual(mvd)
  })

  it('must have the sources that are required, of the fields that it has', () => {
    const options = { require: ['familyName', 'givenName', 'portrait'] } as const
    expect(issuesOf(provenance, example, options)).toEqual(['provenance.givenName required'])
    expect(sourced(citizenPassport, example, { ...provenance, givenName: mvd }, options).passport).toBeDefined()
  })
})

describe('sources are refused for', () => {
  it.each<[string, object, string[]]>([
    ['a field that nobody has', { shoeSize: mvd }, ['provenance.shoeSize unknown_field']],
    ['a field that this passport lacks', { portrait: mvd }, ['provenance.portrait unknown_field']],
    ['what is derived', { ageOver18: mvd }, ['provenance.ageOver18 unknown_field']],
    ['a name from the prototype', { constructor: mvd }, ['provenance.constructor unknown_field']],
    ['a source that is text', { familyName: 'mvd' }, ['provenance.familyName type']],
    ['no source', { familyName: null }, ['provenance.familyName type']],
    [
      'nothing said',
      { familyName: {} },
      ['provenance.familyName.source required', 'provenance.familyName.at required'],
    ],
    ['an empty name', { familyName: { ...mvd, source: '' } }, ['provenance.familyName.source length']],
    [
      'a name without end',
      { familyName: { ...mvd, source: 'x'.repeat(101) } },
      ['provenance.familyName.source length'],
    ],
    [
      'a name with a mark of direction',
      { familyName: { ...mvd, source: 'm\u202ed' } },
      ['provenance.familyName.source charset'],
    ],
    [
      'a name with half a character',
      { familyName: { ...mvd, source: 'm\ud800' } },
      ['provenance.familyName.source charset'],
    ],
    ['a name that is a number', { familyName: { ...mvd, source: 1 } }, ['provenance.familyName.source type']],
    ['a day without time', { familyName: { ...mvd, at: '2026-03-01' } }, ['provenance.familyName.at format']],
    ['a time that is a number', { familyName: { ...mvd, at: 1 } }, ['provenance.familyName.at type']],
    ['a version that is a number', { familyName: { ...mvd, version: 7 } }, ['provenance.familyName.version type']],
    ['more than is asked', { familyName: { ...mvd, operator: 'x' } }, ['provenance.familyName.operator unknown_field']],
  ])('%s', (_, sources, issues) => {
    expect(issuesOf(sources)).toEqual(issues)
  })

  it('what is still to come, where a clock was given', () => {
    const now = () => new Date('2026-03-01T12:00:00Z')
    expect(issuesOf(provenance, example, { now })).toEqual(['provenance.address.at range'])
    expect(sourced(citizenPassport, example, { familyName: mvd }, { now }).provenance).toEqual({ familyName: mvd })
  })

  it('the mistakes of the record, with their own, at once', () => {
    const record = { ...example, series: 'x', number: undefined }
    expect(issuesOf({ number: mvd, familyName: 1, shoeSize: mvd }, record)).toEqual([
      'series charset',
      'number required',
      'provenance.familyName type',
      'provenance.shoeSize unknown_field',
    ])
  })

  it('nothing that is a secret', () => {
    const { issues } = failure(() => sourced(citizenPassport, example, { familyName: { ...mvd, at: 'Секрет' } }))
    expect(JSON.stringify(issues)).not.toContain('Секрет')
  })

  it('being no object, which is misuse', () => {
    expect(() => sourced(citizenPassport, example, undefined as unknown as object)).toThrow('`provenance`')
  })
})

describe('fields change', () => {
  const before = citizenPassport.parse({ ...example, portrait: jpeg() })

  it.each<[string, object, string[]]>([
    ['not at all', {}, []],
    ['by a letter', { familyName: 'Образцов' }, ['familyName']],
    ['by being there', { bloodGroup: 'A+' }, ['bloodGroup']],
    ['by being gone', { portrait: undefined, address: undefined }, ['address', 'portrait']],
    ['inside a list', { nationalities: ['RU', 'KZ'] }, ['nationalities']],
    ['inside an object', { address: { ...example.address, apartment: '999' } }, ['address']],
    ['by a member that is gone', { address: { locality: example.address.locality } }, ['address']],
    ['by a byte', { portrait: png() }, ['portrait']],
    ['not by being copied', { portrait: jpeg(), address: { ...example.address } }, []],
  ])('%s', (_, change, fields) => {
    const after = citizenPassport.parse({ ...before, ...change })
    expect(changedFields(before, after).sort()).toEqual(fields)
    expect(changedFields(after, before).sort()).toEqual(fields)
  })
})
