import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CborTag } from '../../src/core/cbor/value.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { citizenProfile } from '../../src/passport/citizen-profile.js'
import { claimKeyOf, fieldOfKey } from '../../src/passport/claim-key.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { euPid } from '../../src/passport/eu-pid.js'
import { innCard } from '../../src/passport/inn-card.js'
import { fromKeyedClaims, keyedClaimsToIssue } from '../../src/passport/keyed-claims.js'
import { mdl } from '../../src/passport/mdl.js'
import { photoId } from '../../src/passport/photo-id.js'
import type { PassportProfile, ProfileField } from '../../src/passport/profile.js'
import { snilsCard } from '../../src/passport/snils-card.js'
import { travelPassport } from '../../src/passport/travel.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { vehicleExtractPassport } from '../../src/passport/vehicle-extract.js'
import { codeOf } from '../formats/qr/support.js'

const keysOf = (profile: PassportProfile) =>
  Object.fromEntries(Object.entries<ProfileField>(profile.fields).map(([name, field]) => [name, claimKeyOf(field)]))

const text = { schema: z.string().optional() }
const types = { name: 'card', vct: 'https://card.example/1', docType: 'example.card.1' } as const

describe('the key of a field', () => {
  it('follows from its claim, and is for ever: credentials with it are out', () => {
    expect(keysOf(citizenProfile)).toEqual({
      familyName: 54346,
      givenName: 64342,
      patronymic: 60333,
      birthDate: 4001,
      birthPlace: 63615,
      sex: 52160,
      nationalities: 20294,
      series: 51623,
      number: 39398,
      issuingAuthority: 1902,
      departmentCode: 43008,
      issueDate: 64601,
      issuingCountry: 39599,
      address: 1337,
      registrationDate: 22415,
      registrationAuthority: 5752,
      deregistrationDate: 9260,
      deregistrationAuthority: 48643,
      militaryDuty: 535,
      marriages: 17092,
      children: 44667,
      bloodGroup: 55491,
      earlierPassports: 59771,
      portrait: 58022,
      snils: 38843,
      inn: 7225,
      enp: 65024,
      email: 55616,
      phoneNumber: 5632,
      documentNumber: 16646,
      ageOver14: 40423,
      ageOver18: 34611,
      nominalExpiry: 17649,
    })
  })

  it('is the same by the definition, by the profile and after JSON', () => {
    expect(keysOf(citizenPassport)).toEqual(keysOf(citizenProfile))
    expect(keysOf(JSON.parse(JSON.stringify(profileOf(citizenPassport))))).toEqual(keysOf(citizenProfile))
  })

  const shipped = [
    citizenPassport,
    travelPassport,
    vehiclePassport,
    vehicleExtractPassport,
    snilsCard,
    innCard,
    euPid,
    mdl,
    photoId,
  ]
  it.each(shipped.map(definition => [definition.name, definition as PassportProfile] as const))(
    'is one field’s alone in %s',
    (_, profile) => {
      const keys = Object.values(keysOf(profile))
      expect(new Set(keys).size).toBe(keys.length)
      for (const key of keys) expect(fieldOfKey(profile, key!)).toBeDefined()
    },
  )

  it('does not follow from its name in TypeScript, nor from its place', () => {
    const one = definePassport({ ...types, fields: { a: { ...text, claim: 'alpha' }, b: { ...text, claim: 'beta' } } })
    const other = definePassport({
      ...types,
      fields: { x: { ...text, claim: 'beta' }, y: { ...text, claim: 'alpha' } },
    })
    expect(keysOf(one)).toEqual({ a: keysOf(other)['y'], b: keysOf(other)['x'] })
  })

  it('follows from its element where it has no claim, and where it has neither there is none', () => {
    const card = definePassport({
      ...types,
      fields: { a: { ...text, element: ['example.1', 'alpha'] }, b: { ...text, claim: 'example.1.alpha' }, c: text },
    })
    expect(keysOf(card)['a']).toBe(keysOf(card)['b'])
    expect(keysOf(card)['c']).toBeUndefined()
    expect(() => card.claimPaths('qr', ['c'])).toThrow('`c` is not issued as qr')
    expect(keyedClaimsToIssue(card, { c: 'x' })).toEqual([])
  })

  it('is the one that the definition declares', () => {
    const card = definePassport({
      ...types,
      fields: { a: { ...text, claim: 'alpha', key: 0 }, b: { ...text, key: 65_535 } },
    })
    expect(keysOf(card)).toEqual({ a: 0, b: 65_535 })
    expect(card.claimPaths('qr', ['a', 'b'])).toEqual([['0'], ['65535']])
    expect(profileOf(card).fields.a.key).toBe(0)
  })

  it.each([-1, 65_536, 1.5, Number.NaN, '7', null])('cannot be %s', key => {
    const fields = { a: { ...text, key: key as number } }
    expect(() => definePassport({ ...types, fields })).toThrow('`fields.a.key` must be an integer from 0 to 65535')
  })

  it('cannot be declared twice', () => {
    const fields = { a: { ...text, key: 7 }, b: { ...text, key: 7 } }
    expect(() => definePassport({ ...types, fields })).toThrow('`fields.b.key` is that of `fields.a` too')
  })

  it('that two fields have is neither’s: it is not issued, and read as of no field', () => {
    const card = definePassport({
      ...types,
      fields: { a: { ...text, element: ['example.1', 'alpha'] }, b: { ...text, claim: 'example.1.alpha' } },
    })
    expect(() => keyedClaimsToIssue(card, { b: 'x' })).toThrow('a `key` for `b`')
    const key = claimKeyOf(card.fields.a as ProfileField)!
    expect(fromKeyedClaims(card, new Map([[key, 'x']]))).toEqual({ claims: {}, other: { [key]: 'x' } })
  })
})

describe('a date', () => {
  const card = definePassport({ ...types, fields: { day: { as: 'date', claim: 'day' } } })
  const key = claimKeyOf(card.fields.day as ProfileField)!

  it.each([
    ['1970-01-01', 0],
    ['1969-12-31', -1],
    ['2001-02-28', 11_381],
    ['0001-01-01', -719_162],
    ['9999-12-31', 2_932_896],
  ])('%s is %i days', (day, days) => {
    const [claim] = keyedClaimsToIssue(card, { day })
    expect(claim).toMatchObject({ name: 'day', key, value: new CborTag(100, days) })
    expect(fromKeyedClaims(card, new Map([[key, claim!.value]])).claims).toEqual({ day })
  })

  it('that does not exist is not issued', () => {
    expect(() => keyedClaimsToIssue(card, { day: '2001-02-29' })).toThrow(
      '`day` does not hold a value of its kind, date',
    )
    expect(codeOf(() => fromKeyedClaims(card, new Map([[key, new CborTag(100, 'x')]])))).toBe('claim_malformed (day)')
  })
})
