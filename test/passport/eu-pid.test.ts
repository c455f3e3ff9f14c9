/** The European PID: one record in both forms, by the names that each has, and every way to fill it in wrongly. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { base64 } from '../../src/core/bytes.js'
import { readCbor } from '../../src/core/cbor/read.js'
import { CborTag, type CborValue } from '../../src/core/cbor/value.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { parseJsonObject } from '../../src/core/json.js'
import { fromClaims, hidePaths, toClaims } from '../../src/passport/claims.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { elementsToIssue, fromElements } from '../../src/passport/elements.js'
import { euPid } from '../../src/passport/eu-pid.js'
import { type EuPidClaims, euPidProfile, type PlaceOfBirth } from '../../src/passport/eu-pid-profile.js'
import euPidProfileSource from '../../src/passport/eu-pid-profile.ts?raw'
import type { mdl } from '../../src/passport/mdl.js'
import type { ClaimsOf, FieldOf } from '../../src/passport/profile.js'
import { brief, failure, jpeg, png } from './support.js'

const ns = 'eu.europa.ec.eudi.pid.1'

const least = {
  familyName: "'t Hart",
  givenName: 'Jan Wijnand',
  birthDate: '1978-02-12',
  placeOfBirth: { locality: 'Amsterdam' },
  nationalities: ['NL'],
  issuingAuthority: 'NL',
  issuingCountry: 'NL',
}

const most = {
  ...least,
  placeOfBirth: { country: 'NL', region: 'Noord-Holland', locality: 'Amsterdam' },
  nationalities: ['NL', 'QS'],
  portrait: jpeg(),
  residentAddress: 'Rietveld 1, 2312 JD, Leiden',
  residentCountry: 'NL',
  residentState: 'Zuid-Holland',
  residentCity: 'Leiden',
  residentPostalCode: '2312 JD',
  residentStreet: 'Rietveld',
  residentHouseNumber: '1',
  personalAdministrativeNumber: '123456782',
  birthFamilyName: 'Poepjes',
  birthGivenName: 'Björn',
  sex: 6,
  email: 'wijnandthart@example.com',
  phoneNumber: '+31123456789',
  expiryDate: '2035-12-19',
  issueDate: '2025-12-19',
  documentNumber: 'A01234567',
  issuingJurisdiction: 'NL-ZH',
  trustAnchor: 'https://example.com/trustanchors/pid/',
  attestationLegalCategory: 'PID',
}

const issuesOf = (changes: object, now?: () => Date) => {
  const result = euPid.safeParse({ ...most, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('a PID', () => {
  const pid = euPid.parse(most)

  it('parses to what was entered, twice the same', () => {
    expect(pid).toEqual(most)
    expect(euPid.parse(pid)).toEqual(most)
    expect(euPid.parse(least)).toEqual(least)
  })

  it('lacks nothing that the rulebook makes mandatory', () => {
    for (const name of Object.keys(least))
      expect(brief(failure(() => euPid.parse({ ...least, [name]: undefined })).issues)).toEqual([`${name} required`])
  })

  it('has the claims of §4.1.1', () => {
    expect(toClaims(euPidProfile, pid)).toEqual({
      family_name: "'t Hart",
      given_name: 'Jan Wijnand',
      birthdate: '1978-02-12',
      place_of_birth: { country: 'NL', region: 'Noord-Holland', locality: 'Amsterdam' },
      nationalities: ['NL', 'QS'],
      address: {
        formatted: 'Rietveld 1, 2312 JD, Leiden',
        country: 'NL',
        region: 'Zuid-Holland',
        locality: 'Leiden',
        postal_code: '2312 JD',
        street_address: 'Rietveld',
        house_number: '1',
      },
      birth_family_name: 'Poepjes',
      birth_given_name: 'Björn',
      email: 'wijnandthart@example.com',
      phone_number: '+31123456789',
      picture: `data:image/jpeg;base64,${base64(jpeg())}`,
      date_of_expiry: '2035-12-19',
      date_of_issuance: '2025-12-19',
      personal_administrative_number: '123456782',
      sex: 6,
      issuing_authority: 'NL',
      issuing_country: 'NL',
      document_number: 'A01234567',
      issuing_jurisdiction: 'NL-ZH',
      trust_anchor: 'https://example.com/trustanchors/pid/',
      attestation_legal_category: 'PID',
    })
  })

  it('has the elements of §3.1.1, in the namespace of its type', () => {
    const elements = elementsToIssue(euPidProfile, pid)
    for (const { namespace } of elements) expect(namespace).toBe(ns)
    expect(Object.fromEntries(elements.map(({ identifier, value }) => [identifier, value]))).toEqual({
      family_name: "'t Hart",
      given_name: 'Jan Wijnand',
      birth_date: new CborTag(1004, '1978-02-12'),
      place_of_birth: new Map([
        ['country', 'NL'],
        ['region', 'Noord-Holland'],
        ['locality', 'Amsterdam'],
      ]),
      nationality: ['NL', 'QS'],
      resident_address: 'Rietveld 1, 2312 JD, Leiden',
      resident_country: 'NL',
      resident_state: 'Zuid-Holland',
      resident_city: 'Leiden',
      resident_postal_code: '2312 JD',
      resident_street: 'Rietveld',
      resident_house_number: '1',
      personal_administrative_number: '123456782',
      portrait: jpeg(),
      family_name_birth: 'Poepjes',
      given_name_birth: 'Björn',
      sex: 6,
      email_address: 'wijnandthart@example.com',
      mobile_phone_number: '+31123456789',
      expiry_date: new CborTag(1004, '2035-12-19'),
      issuance_date: new CborTag(1004, '2025-12-19'),
      issuing_authority: 'NL',
      issuing_country: 'NL',
      document_number: 'A01234567',
      issuing_jurisdiction: 'NL-ZH',
      trust_anchor: 'https://example.com/trustanchors/pid/',
      attestation_legal_category: 'PID',
    })
  })

  it.each([
    ['the least', least],
    ['the most', most],
  ])('says the same in both forms, %s', (_, record) => {
    const passport = euPid.parse(record)
    const elements = elementsToIssue(euPidProfile, passport).map(
      ({ identifier, value }) => [identifier, readCbor(writeCbor(value))] as const,
    )
    const fromMdoc = fromElements(euPidProfile, new Map([[ns, new Map(elements)]]))
    const fromJson = fromClaims(euPidProfile, parseJsonObject(JSON.stringify(toClaims(euPidProfile, passport))))
    expect(fromMdoc).toEqual(fromJson)
    expect(fromMdoc).toEqual({ claims: record, other: {} })
  })

  it('shows each part of an address, a birth place or a list of nationalities alone', () => {
    const hidden = hidePaths(euPidProfile, pid).map(path => path.join('.'))
    expect(hidden).toEqual(
      expect.arrayContaining(['address.locality', 'place_of_birth', 'place_of_birth.country', 'nationalities.1']),
    )
    expect(hidden).not.toContain('address')
  })

  it('is valid to the end of the day on which it expires, where it does', () => {
    expect(euPid.validity(pid, new Date(0))).toEqual({
      until: new Date('2035-12-19T23:59:59Z'),
      latest: new Date('2035-12-19T23:59:59Z'),
    })
    expect(euPid.validity(euPid.parse(least), new Date(0))).toBeUndefined()
  })
})

describe('the profile of the PID', () => {
  it('is that of the definition, frozen, survives JSON, and names every field in Russian and English', () => {
    expect(profileOf(euPid)).toMatchObject(euPidProfile)
    expect(JSON.parse(JSON.stringify(euPidProfile))).toEqual(euPidProfile)
    expect(Object.isFrozen(euPidProfile.fields.residentCity.claim)).toBe(true)
    for (const { label, claim, element } of Object.values(euPid.fields)) {
      expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
      expect([claim, element]).not.toContain(undefined)
    }
  })

  it('has both types, and no certificate profile of its own', () => {
    expect(euPidProfile).toMatchObject({ vct: ['urn:eudi:pid:1'], docType: [ns], status: 'optional' })
    expect(euPid.certificateProfile).toBeUndefined()
  })

  it('makes optional what the rulebook makes optional', () => {
    const mandatory = Object.entries(euPidProfile.fields).filter(([, { optional }]) => optional !== true)
    expect(mandatory.map(([name]) => name)).toEqual(Object.keys(least))
  })

  it('takes an empty portrait for none, and dates that are instants', () => {
    const elements = new Map([
      [
        ns,
        new Map<string, CborValue>([
          ['portrait', new Uint8Array()],
          ['expiry_date', new CborTag(0, '2035-12-19T00:00:00Z')],
          ['issuance_date', new CborTag(0, '2025-12-19T23:59:59Z')],
          ['age_over_18', true],
        ]),
      ],
    ])
    expect(fromElements(euPidProfile, elements)).toEqual({
      claims: { expiryDate: '2035-12-19', issueDate: '2025-12-19' },
      other: { [ns]: { age_over_18: true } },
    })
  })

  it('has no JPEG 2000 (PID_03: JPEG)', () => {
    const elements = new Map([[ns, new Map([['portrait', new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0, 41])]])]])
    expect(failure(() => fromElements(euPidProfile, elements))).toMatchObject({
      code: 'claim_malformed',
      at: 'portrait',
    })
  })

  it('is extended by a domestic type', () => {
    const german = definePassport({
      name: 'pid-de',
      vct: ['urn:eudi:pid:de:1', 'urn:eudi:pid:1'],
      docType: ns,
      extends: euPid,
      fields: { doctoralDegree: { as: 'date', claim: 'academic_degree_since', optional: true } },
    })
    const passport = german.parse({ ...least, doctoralDegree: '2001-02-28' })
    expect(toClaims(german, passport)).toMatchObject({ birthdate: '1978-02-12', academic_degree_since: '2001-02-28' })
    expect(elementsToIssue(german, passport)).toHaveLength(Object.keys(least).length)
    expect(german.fields.portrait.also).toEqual(['empty'])
  })

  it('imports no schema and no definition', () => {
    const imports = [...euPidProfileSource.matchAll(/^import (type )?.* from '(.*)'$/gm)]
    expect(imports.map(([, type, path]) => `${type ?? ''}${path}`)).toEqual(['../core/freeze.js', 'type ./profile.js'])
  })

  it('types its claims', () => {
    type Claims = ClaimsOf<typeof euPid>
    expectTypeOf<ClaimsOf<typeof euPidProfile>>().toEqualTypeOf<Claims>()
    expectTypeOf<Claims['nationalities']>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<Claims['placeOfBirth']>().toEqualTypeOf<PlaceOfBirth>()
    expectTypeOf<Claims['sex']>().toEqualTypeOf<0 | 1 | 2 | 3 | 4 | 5 | 6 | 9>()
    expectTypeOf<Claims['portrait']>().toEqualTypeOf<Uint8Array>()
    expectTypeOf(euPid.parse).returns.toEqualTypeOf<EuPidClaims>()
    expectTypeOf<'familyName' | 'residentCity'>().toExtend<FieldOf<typeof euPidProfile>>()
    type Shared = FieldOf<typeof euPid | typeof mdl>
    expectTypeOf<'familyName' | 'givenName' | 'birthDate' | 'portrait'>().toExtend<Shared>()
    expectTypeOf<Extract<'nationalities' | 'drivingPrivileges', Shared>>().toBeNever()
    // @ts-expect-error no such field
    expect(() => euPid.claimPaths('dc+sd-jwt', ['ageOver18'])).toThrow(TypeError)
  })
})

describe('a PID is refused for', () => {
  const long = 'я'.repeat(151)
  const texts = [
    'familyName',
    'givenName',
    'issuingAuthority',
    'residentAddress',
    'residentState',
    'residentCity',
    'residentPostalCode',
    'residentStreet',
    'residentHouseNumber',
    'personalAdministrativeNumber',
    'birthFamilyName',
    'birthGivenName',
    'documentNumber',
    'trustAnchor',
    'attestationLegalCategory',
  ]
  it.each(texts)('%s of 151 characters', name => {
    expect(issuesOf({ [name]: long })).toEqual([`${name} length`])
    expect(issuesOf({ [name]: long.slice(1) })).toEqual([])
  })

  it.each<[string, object, string]>([
    ['a day that does not exist', { birthDate: '2001-02-29' }, 'birthDate calendar'],
    ['an issue date in another form', { issueDate: '19/12/2025' }, 'issueDate format'],
    ['an expiry that does not exist', { expiryDate: '2029-02-29' }, 'expiryDate calendar'],
    ['a birth place as text', { placeOfBirth: 'Amsterdam' }, 'placeOfBirth type'],
    ['a birth place that says nothing', { placeOfBirth: {} }, 'placeOfBirth required'],
    ['a birth place in a country by name', { placeOfBirth: { country: 'Holland' } }, 'placeOfBirth.country length'],
    ['a region that is too long', { placeOfBirth: { region: long } }, 'placeOfBirth.region length'],
    ['a locality that is too long', { placeOfBirth: { locality: long } }, 'placeOfBirth.locality length'],
    [
      'an unknown part of a birth place',
      { placeOfBirth: { country: 'NL', planet: 'Earth' } },
      'placeOfBirth.planet unknown_field',
    ],
    ['no nationality', { nationalities: [] }, 'nationalities length'],
    ['17 nationalities', { nationalities: Array.from({ length: 17 }, () => 'NL') }, 'nationalities length'],
    ['a nationality in small letters', { nationalities: ['NL', 'be'] }, 'nationalities.1 format'],
    ['one nationality as text', { nationalities: 'NL' }, 'nationalities type'],
    ['an issuing country of three letters', { issuingCountry: 'NLD' }, 'issuingCountry length'],
    ['a country of residence by its name', { residentCountry: 'Holland' }, 'residentCountry length'],
    ['a portrait that is a PNG', { portrait: png() }, 'portrait format'],
    ['an empty portrait: it is left out', { portrait: new Uint8Array() }, 'portrait format'],
    ['a sex of no number', { sex: 7 }, 'sex range'],
    ['a gender', { sex: 'female' }, 'sex type'],
    ['an address without @', { email: 'example.com' }, 'email format'],
    ['two addresses', { email: 'a@b.example, c@d.example' }, 'email format'],
    ['a phone number without +', { phoneNumber: '31123456789' }, 'phoneNumber format'],
    ['a phone number with spaces', { phoneNumber: '+31 123456' }, 'phoneNumber format'],
    ['a phone number of 16 digits', { phoneNumber: '+3112345678901234' }, 'phoneNumber length'],
    ['a jurisdiction without country', { issuingJurisdiction: 'ZH' }, 'issuingJurisdiction format'],
    ['a jurisdiction of another country', { issuingJurisdiction: 'BE-VLG' }, 'issuingJurisdiction range'],
    ['an age, which a PID has no more', { ageOver18: true }, 'ageOver18 unknown_field'],
    ['an issue before birth', { issueDate: '1978-02-11' }, 'issueDate order'],
    ['an expiry before issue', { expiryDate: '2025-12-18' }, 'expiryDate order'],
  ])('%s', (_, changes, issue) => {
    expect(issuesOf(changes)).toEqual([issue])
  })

  it('dates still to come, where a clock was given', () => {
    const now = () => new Date('2026-11-22T09:59:59Z')
    expect(issuesOf({ issueDate: '2026-11-22' }, now)).toEqual([])
    expect(issuesOf({ issueDate: '2026-11-23' }, now)).toEqual(['issueDate range'])
    expect(issuesOf({ birthDate: '2026-11-23', issueDate: undefined }, now)).toEqual(['birthDate range'])
  })
})
