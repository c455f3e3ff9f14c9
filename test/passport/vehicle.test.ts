/** The vehicle passport: what it takes, and every way to fill it in wrongly. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { hidePaths, toClaims } from '../../src/passport/claims.js'
import { profileOf } from '../../src/passport/definition.js'
import { elementsToIssue } from '../../src/passport/elements.js'
import type { ClaimsOf } from '../../src/passport/profile.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { type VehicleOwner, vehicleProfile } from '../../src/passport/vehicle-profile.js'
import vehicleProfileSource from '../../src/passport/vehicle-profile.ts?raw'
import type { VehicleStatus } from '../../src/passport/vehicle-status.js'
import { inBothForms } from './forms.js'
import { brief } from './support.js'
import { leastVehicle as least, vehicle as most } from './vehicles.js'

const issuesOf = (changes: object, now?: () => Date) => {
  const result = vehiclePassport.safeParse({ ...most, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('a vehicle passport', () => {
  it('parses to what was entered, twice the same', () => {
    expect(vehiclePassport.parse(most)).toEqual(most)
    expect(vehiclePassport.parse(vehiclePassport.parse(most))).toEqual(most)
    expect(vehiclePassport.parse(least)).toEqual({ ...least, issuingCountry: 'RU' })
  })

  it.each([
    ['the least', least],
    ['the most', most],
  ])('says the same in both forms, %s', (_, record) => {
    const { values, fromJson, fromMdoc } = inBothForms(vehiclePassport, record, '2026-11-22')
    expect(fromJson).toEqual({ claims: values, other: {} })
    expect(fromMdoc).toEqual({ claims: values, other: {} })
  })

  it('bears the same names in both forms, and none that belongs to a token', () => {
    const claims = toClaims(vehicleProfile, most)
    expect(Object.keys(claims).sort()).toEqual(
      elementsToIssue(vehicleProfile, most)
        .map(({ identifier }) => identifier)
        .sort(),
    )
    expect(claims).toMatchObject({
      epts_number: '164303835638649',
      passport_status: 'active',
      vin: 'XTA210990Y2700001',
      engine_power: 58.5,
      owner: { kind: 'person', name: 'Образцова Мария Петровна', inn: '671798520932', since: '2021-03-01' },
    })
  })

  it('hides the owner as a whole and member by member', () => {
    const hidden = hidePaths(vehicleProfile, most).map(path => path.join('.'))
    expect(hidden).toEqual(expect.arrayContaining(['owner', 'owner.name', 'owner.inn', 'restrictions.0.kind', 'vin']))
    expect(hidden).toEqual(
      expect.arrayContaining(Object.values(vehicleProfile.fields).map(({ claim }) => claim?.join())),
    )
  })

  it('has no end of its own', () => {
    expect(vehiclePassport.validity(vehiclePassport.parse(most), new Date(0))).toBeUndefined()
  })
})

describe('its profile', () => {
  it('is that of the definition, frozen, survives JSON, and names every field in Russian and English', () => {
    expect(profileOf(vehiclePassport)).toMatchObject(vehicleProfile)
    expect(vehicleProfile).toMatchObject({
      vct: ['urn:vidimus:passport:vehicle:1'],
      docType: ['org.vidimus.passport.vehicle.1'],
      status: 'required',
    })
    expect(JSON.parse(JSON.stringify(vehicleProfile))).toEqual(vehicleProfile)
    expect(Object.isFrozen(vehicleProfile.fields.owner.dates)).toBe(true)
    expect(Object.keys(vehiclePassport.label ?? {}).sort()).toEqual(['en', 'ru'])
    for (const { label, claim, element } of Object.values(vehiclePassport.fields)) {
      expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
      expect([claim, element]).not.toContain(undefined)
    }
  })

  it('imports no schema and no definition', () => {
    const imports = [...vehicleProfileSource.matchAll(/^import (type )?.* from '(.*)'$/gm)]
    expect(imports.filter(([, type]) => type === undefined).map(([, , path]) => path)).toEqual(['../core/freeze.js'])
  })

  it('types its claims', () => {
    type Claims = ClaimsOf<typeof vehiclePassport>
    expectTypeOf<Claims['status']>().toEqualTypeOf<VehicleStatus>()
    expectTypeOf<Claims['owner']>().toEqualTypeOf<VehicleOwner>()
    expectTypeOf<Claims['enginePower']>().toEqualTypeOf<number>()
  })
})

describe('one may write', () => {
  it.each<[string, object, object]>([
    ['the number in groups', { number: '1643 0383 5638 649' }, { number: '164303835638649' }],
    ['the VIN in small letters', { vin: 'xta210990y2700001' }, { vin: 'XTA210990Y2700001' }],
    ['dates as printed', { issueDate: '01.03.2021' }, { issueDate: '2021-03-01' }],
    ['power in full', { enginePower: 58.4999 }, { enginePower: 58.5 }],
    [
      'an organisation as the owner',
      { owner: { kind: 'organisation', name: 'ООО «Образец»', inn: '7707083893' } },
      { owner: { inn: '7707083893' } },
    ],
  ])('%s', (_, typed, kept) => {
    expect(vehiclePassport.parse({ ...most, ...typed })).toMatchObject(kept)
  })

  it('any of three numbers', () => {
    const { vin, bodyNumber, chassisNumber, ...others } = most
    for (const known of [{ vin }, { bodyNumber }, { chassisNumber }])
      expect(vehiclePassport.safeParse({ ...others, ...known }).ok).toBe(true)
    expect(issuesOf({ vin: undefined, bodyNumber: undefined, chassisNumber: undefined })).toEqual(['vin required'])
    expect(issuesOf({ vin: 'O', bodyNumber: undefined, chassisNumber: undefined })).toEqual(['vin charset'])
  })
})

describe('a vehicle passport is refused for', () => {
  it.each(Object.keys(least))('the want of %s', field => {
    const result = vehiclePassport.safeParse({ ...least, [field]: undefined })
    expect(result.ok ? [] : brief(result.issues)).toEqual([`${field} required`])
  })

  const long = (length: number) => 'я'.repeat(length)
  const many = (count: number, member: unknown) => Array.from({ length: count }, () => member)
  it.each<[string, number]>([
    ['make', 150],
    ['model', 150],
    ['modification', 150],
    ['category', 60],
    ['colour', 60],
    ['engineType', 150],
    ['manufacturer', 300],
    ['customsDocument', 300],
    ['customsRestrictions', 500],
    ['territory', 300],
    ['basis', 300],
    ['issuingAuthority', 300],
    ['bodyNumber', 40],
    ['chassisNumber', 40],
    ['engineNumber', 40],
  ])('%s beyond %i characters', (field, length) => {
    expect(issuesOf({ [field]: long(length) })).toEqual([])
    expect(issuesOf({ [field]: long(length + 1) })).toEqual([`${field} length`])
  })

  it.each<[string, object, string]>([
    ['a number of fourteen digits', { number: '16430383563864' }, 'number length'],
    ['a number with letters', { number: '77УК12345678901' }, 'number charset'],
    ['a kind that is none', { kind: 'ship' }, 'kind range'],
    ['a status in Russian', { status: 'действующий' }, 'status range'],
    ['a VIN with the letter O', { vin: 'XTA21O990Y2700001' }, 'vin charset'],
    ['a North American VIN with a wrong check digit', { vin: '1C6Y0GFJ8DTZ49408' }, 'vin checksum'],
    ['a body number with a sign that cannot be stamped', { bodyNumber: 'A;B' }, 'bodyNumber charset'],
    ['an engine number that starts with a hyphen', { engineNumber: '-1' }, 'engineNumber charset'],
    ['a year as text', { year: '2021' }, 'year type'],
    ['a year before there were cars', { year: 1885 }, 'year range'],
    ['a year after the issue', { year: 2022 }, 'year order'],
    ['half a year', { year: 2020.5 }, 'year type'],
    ['no volume at all', { engineVolume: 0 }, 'engineVolume range'],
    ['power below nothing', { enginePower: -1 }, 'enginePower range'],
    ['power without end', { enginePower: Number.POSITIVE_INFINITY }, 'enginePower range'],
    ['power that is no number', { enginePower: Number.NaN }, 'enginePower range'],
    ['power as text', { enginePower: '58' }, 'enginePower type'],
    ['a fuel that is none', { fuels: ['petrol', 'water'] }, 'fuels.1 range'],
    ['no fuel', { fuels: [] }, 'fuels length'],
    ['an environmental class of seven', { ecoClass: 7 }, 'ecoClass range'],
    ['a mass beyond the greatest', { kerbMass: 1476 }, 'kerbMass mismatch'],
    ['a mass of nothing', { maxMass: 0, kerbMass: undefined }, 'maxMass range'],
    ['an unladen mass of nothing', { kerbMass: 0 }, 'kerbMass range'],
    ['a maker in a country of three letters', { manufacturerCountry: 'RUS' }, 'manufacturerCountry length'],
    ['an approval without number', { approval: { kind: 'other' } }, 'approval.number required'],
    ['an approval of no kind', { approval: { kind: 'x', number: '1' } }, 'approval.kind range'],
    ['an approval with more', { approval: { kind: 'other', number: '1', x: 1 } }, 'approval.x unknown_field'],
    ['a fee that is none', { recyclingFee: 'later' }, 'recyclingFee range'],
    ['a state outside the Union', { issuingCountry: 'UT' }, 'issuingCountry range'],
    ['a restriction without a day', { restrictions: [{ kind: 'pledge' }] }, 'restrictions.0.since required'],
    ['a restriction of no kind', { restrictions: [{ kind: 'x', since: '2021-03-01' }] }, 'restrictions.0.kind range'],
    [
      '61 restrictions',
      { restrictions: Array.from({ length: 61 }, () => ({ kind: 'pledge', since: '2021-03-01' })) },
      'restrictions length',
    ],
    ['201 acts', { registrations: many(201, { event: 'changed', date: '2021-03-01' }) }, 'registrations length'],
    ['61 changes', { designChanges: many(61, { date: '2021-03-01', description: 'x' }) }, 'designChanges length'],
    ['nine fuels', { fuels: many(9, 'petrol') }, 'fuels length'],
    ['a volume without end', { engineVolume: 200_001 }, 'engineVolume range'],
    ['a mass without end', { maxMass: 1_000_001 }, 'maxMass range'],
    ['an unladen mass without end', { kerbMass: 1_000_001, maxMass: undefined }, 'kerbMass range'],
    ['power beyond all', { enginePower: 100_001 }, 'enginePower range'],
    ['a class below nothing', { ecoClass: -1 }, 'ecoClass range'],
    ['a year beyond all', { year: 10_000 }, 'year range'],
    [
      'an approval on no day',
      { approval: { kind: 'other', number: '1', date: '2020-02-30' } },
      'approval.date calendar',
    ],
    ['an approval number without end', { approval: { kind: 'other', number: long(101) } }, 'approval.number length'],
    [
      'an approval of an authority without end',
      { approval: { kind: 'other', number: '1', authority: long(301) } },
      'approval.authority length',
    ],
    [
      'a restriction by an authority without end',
      { restrictions: [{ kind: 'other', since: '2021-03-01', authority: long(301) }] },
      'restrictions.0.authority length',
    ],
    [
      'a restriction described without end',
      { restrictions: [{ kind: 'other', since: '2021-03-01', description: long(501) }] },
      'restrictions.0.description length',
    ],
    [
      'an act of an authority without end',
      { registrations: [{ event: 'changed', date: '2021-03-01', authority: long(301) }] },
      'registrations.0.authority length',
    ],
    [
      'a change described without end',
      { designChanges: [{ date: '2021-03-01', description: long(501) }] },
      'designChanges.0.description length',
    ],
    [
      'a change by a document without end',
      { designChanges: [{ date: '2021-03-01', description: 'x', document: long(151) }] },
      'designChanges.0.document length',
    ],
    ['an owner without end', { owner: { kind: 'person', name: long(301) } }, 'owner.name length'],
    ['an owner since no day', { owner: { kind: 'person', name: 'x', since: 'then' } }, 'owner.since format'],
    ['an act that is none', { registrations: [{ event: 'sold', date: '2021-03-01' }] }, 'registrations.0.event range'],
    [
      'a plate',
      { registrations: [{ event: 'changed', date: '2021-03-01', plate: 'А001АА' }] },
      'registrations.0.plate unknown_field',
    ],
    [
      'a change without description',
      { designChanges: [{ date: '2021-03-01' }] },
      'designChanges.0.description required',
    ],
    [
      'a change on no day',
      { designChanges: [{ date: '2021-02-30', description: 'x' }] },
      'designChanges.0.date calendar',
    ],
    ['an owner without a name', { owner: { kind: 'person' } }, 'owner.name required'],
    ['an owner of no kind', { owner: { kind: 'robot', name: 'x' } }, 'owner.kind format'],
    [
      "a person with an organisation's INN",
      { owner: { kind: 'person', name: 'x', inn: '7707083893' } },
      'owner.inn length',
    ],
    [
      "an organisation with a person's INN",
      { owner: { kind: 'organisation', name: 'x', inn: '671798520932' } },
      'owner.inn length',
    ],
    ['a status from before the issue', { statusDate: '2021-02-28' }, 'statusDate order'],
    ['a name with a mark of direction', { make: 'LA\u202eDA' }, 'make charset'],
    ['a key file', { pfx: new Uint8Array([1]) }, 'pfx unknown_field'],
  ])('%s', (_, change, issue) => {
    expect(issuesOf(change)).toEqual([issue])
  })

  it('what is still to come, where a clock was given', () => {
    const now = () => new Date('2021-02-01T00:00:00Z')
    expect(issuesOf({}, now)).toEqual([
      'issueDate range',
      'statusDate range',
      'restrictions.0.since range',
      'registrations.0.date range',
      'designChanges.0.date range',
    ])
    expect(issuesOf({}, () => new Date('2024-01-01T00:00:00Z'))).toEqual([])
  })

  it('everything at once', () => {
    expect(issuesOf({ number: '1', vin: 'I', year: 0, kerbMass: 9999, owner: {}, x: 1 }).sort()).toEqual([
      'kerbMass mismatch',
      'number length',
      'owner.kind required',
      'vin charset',
      'x unknown_field',
      'year range',
    ])
  })
})
