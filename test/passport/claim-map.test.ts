/** Names in other systems, as data, and forms filled in by them. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { citizenPassport } from '../../src/passport/citizen.js'
import { citizenProfile } from '../../src/passport/citizen-profile.js'
import { type ClaimNames, claimMap, toOidcClaims } from '../../src/passport/claim-map.js'
import { euPidProfile } from '../../src/passport/eu-pid-profile.js'
import { photoIdProfile } from '../../src/passport/photo-id-profile.js'
import type { ClaimsOf, PassportProfile, ProfileField } from '../../src/passport/profile.js'
import type { travelPassport } from '../../src/passport/travel.js'
import { travelProfile } from '../../src/passport/travel-profile.js'
import type { VerifiedClaims } from '../../src/verification/verdict.js'
import { isDeepFrozen } from '../refusal.js'
import facts from '../vectors/domain-ru/claim-map.json' with { type: 'json' }

const map: Readonly<Record<string, ClaimNames>> = claimMap

/** What the facts call our rows; those of no passport, of the token and of the document's state have none. */
const rows: Readonly<Record<string, keyof typeof claimMap>> = {
  surname: 'familyName',
  givenName: 'givenName',
  patronymic: 'patronymic',
  birthDate: 'birthDate',
  birthPlace: 'birthPlace',
  sex: 'sex',
  citizenship: 'nationalities',
  'series+number': 'documentNumber',
  issueDate: 'issueDate',
  nominalExpiry: 'expiryDate',
  issuer: 'issuingAuthority',
  departmentCode: 'departmentCode',
  issuingCountry: 'issuingCountry',
  region: 'issuingJurisdiction',
  registrationAddress: 'address',
  portrait: 'portrait',
  snils: 'snils',
  inn: 'inn',
  omsPolicy: 'enp',
  email: 'email',
  phone: 'phoneNumber',
  ageAttestation: 'ageOver18',
  birthName: 'birthName',
}
const noDatum = ['credentialStatus', 'holderKey']

describe('the claim map', () => {
  it('has a row for every datum, and no other; none can be changed', () => {
    expect(Object.keys(rows).sort()).toEqual(
      facts.map
        .map(({ field }) => field)
        .filter(field => !noDatum.includes(field))
        .sort(),
    )
    expect(Object.values(rows).sort()).toEqual(Object.keys(claimMap).sort())
    expect(isDeepFrozen(claimMap)).toBe(true)
    for (const { label } of Object.values(map)) expect(Object.keys(label).sort()).toEqual(['en', 'ru'])
  })

  it.each(facts.map.filter(({ field }) => field in rows))('says of $ru what is known of it', fact => {
    const names = map[rows[fact.field]!]!
    const has = (name: string | undefined, text: string) =>
      name === undefined ? /^\(none|^no |domestic|separate|^-$/.test(text) : text.includes(name)
    expect(has(names.oidc, fact.oidc), fact.oidc).toBe(true)
    expect(has(names.pid, fact.sdJwtPid), fact.sdJwtPid).toBe(true)
    expect(has(names.esia, fact.esiaScope), fact.esiaScope).toBe(true)
    const newest = names.iso23220?.[0]?.replace('age_over_18', 'age_over_NN')
    expect(has(newest, fact.iso23220), fact.iso23220).toBe(true)
    for (const group of names.icao ?? []) expect(fact.icaoLds).toContain(group)
    if (names.icao === undefined) expect(fact.icaoLds).toMatch(/^-$|telephone only/)
  })

  const claimOf = (profile: PassportProfile, name: string) =>
    (profile.fields as Readonly<Record<string, ProfileField>>)[name]?.claim?.[0]
  const elementOf = (profile: PassportProfile, name: string) =>
    (profile.fields as Readonly<Record<string, ProfileField>>)[name]?.element

  it('is what the internal passport goes by, but for its own number of a person', () => {
    for (const [name, { pid }] of Object.entries(map))
      if (pid !== undefined && name !== 'snils' && claimOf(citizenProfile, name) !== undefined)
        expect(claimOf(citizenProfile, name)).toBe(pid)
  })

  it('is what a PID is read by', () => {
    for (const name of [
      'familyName',
      'givenName',
      'birthDate',
      'sex',
      'nationalities',
      'documentNumber',
      'issueDate',
      'expiryDate',
      'issuingAuthority',
      'issuingCountry',
      'issuingJurisdiction',
      'portrait',
      'email',
    ] as const)
      expect(claimOf(euPidProfile, name)).toBe(map[name]?.pid)
  })

  it.each([travelProfile, photoIdProfile] as const)('is what $name is read by in the common namespace', profile => {
    let common = 0
    for (const [name, { iso23220 }] of Object.entries(map)) {
      const [namespace, element] = elementOf(profile, name) ?? []
      if (namespace !== 'org.iso.23220.1') continue
      expect(element).toBe(iso23220?.[0])
      common++
    }
    expect(common).toBeGreaterThan(9)
  })
})

describe('a form is filled in', () => {
  it('from the internal passport', () => {
    const passport = citizenPassport.parse({
      ...example,
      address: { ...example.address, building: 'корп. 2', apartment: 'кв. 3' },
    })
    const address = passport.address ?? {}
    expect(toOidcClaims(passport)).toEqual({
      family_name: 'Образцова',
      given_name: 'Мария',
      middle_name: 'Петровна',
      birthdate: '1990-05-14',
      gender: 'female',
      place_of_birth: { locality: 'гор. Примерск Образцовой области' },
      nationalities: ['RU'],
      address: {
        ...(address.formatted !== undefined && { formatted: address.formatted }),
        street_address: [address.street_address, address.house_number, 'корп. 2', 'кв. 3'].filter(Boolean).join(', '),
        ...(address.locality !== undefined && { locality: address.locality }),
        ...(address.region !== undefined && { region: address.region }),
        ...(address.postal_code !== undefined && { postal_code: address.postal_code }),
        ...(address.country !== undefined && { country: address.country }),
      },
    })
  })

  it('with contacts that the issuer confirmed', () => {
    expect(toOidcClaims({ email: 'm@example.org', phoneNumber: '+79000000009' })).toEqual({
      email: 'm@example.org',
      phone_number: '+79000000009',
    })
  })

  it('from the travel passport', () => {
    expect(toOidcClaims({ familyName: 'Образцова', nationality: 'RU', sex: 0 })).toEqual({
      family_name: 'Образцова',
      nationalities: ['RU'],
    })
  })

  it.each([
    [1, 'male'],
    [2, 'female'],
    [0, undefined],
    [9, undefined],
    [undefined, undefined],
  ] as const)('with the sex %s as %s', (sex, gender) => {
    expect(toOidcClaims({ sex }).gender).toBe(gender)
  })

  it('with what is there, and nothing in place of the rest', () => {
    expect(toOidcClaims({})).toEqual({})
    expect(toOidcClaims({ address: {} })).toEqual({ address: {} })
    expect(toOidcClaims({ address: { house_number: '1' } })).toEqual({ address: { street_address: '1' } })
    expect(Object.keys(toOidcClaims({ familyName: 'Образцова', patronymic: undefined }))).toEqual(['family_name'])
  })

  it('from verified claims, by their types', () => {
    expectTypeOf(toOidcClaims).toBeCallableWith({} as VerifiedClaims<ClaimsOf<typeof citizenPassport>, 'familyName'>)
    expectTypeOf(toOidcClaims).toBeCallableWith({} as VerifiedClaims<ClaimsOf<typeof travelPassport>, never>)
    expect(toOidcClaims({ familyName: 'Образцова' })).not.toHaveProperty('picture')
  })
})
