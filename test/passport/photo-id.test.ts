/** The photo ID: what is issued by its newest names, what is read by older ones, and what is refused. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { CborTag, type CborValue } from '../../src/core/cbor/value.js'
import { profileOf } from '../../src/passport/definition.js'
import { elementsToIssue, fromElements } from '../../src/passport/elements.js'
import { photoId } from '../../src/passport/photo-id.js'
import { photoIdProfile } from '../../src/passport/photo-id-profile.js'
import photoIdProfileSource from '../../src/passport/photo-id-profile.ts?raw'
import type { FieldOf } from '../../src/passport/profile.js'
import type { travelPassport } from '../../src/passport/travel.js'
import { inBothForms } from './forms.js'
import { brief, jpeg, png } from './support.js'

const iso = 'org.iso.23220.1'
const [own, older] = ['org.iso.23220.photoid.1', 'org.iso.23220.photoID.1']

const least = {
  familyName: 'Образцова',
  givenName: 'Юлия',
  birthDate: '1985-05-11',
  portrait: jpeg(),
  issueDate: '2022-12-13',
  expiryDate: '2032-12-13',
  issuingAuthority: 'Utopia',
  issuingCountry: 'UT',
}

const most = {
  ...least,
  familyNameLatin: 'Obraztsova',
  givenNameLatin: 'Iuliia',
  documentNumber: 'UT 1',
  sex: 2,
  nationality: 'UT',
  birthPlace: 'Utopia',
  nameAtBirth: 'Примерова',
  portraitCaptureDate: '2022-12-01T10:00:00Z',
  residentAddress: 'First Street 1',
  residentCity: 'Utopia',
  residentPostalCode: '00001',
  residentCountry: 'UT',
  residentState: 'Utopia',
  residentStreet: 'First Street',
  residentHouseNumber: '1',
  personalNumber: '1',
  administrativeNumber: '2',
  birthCountry: 'UT',
  birthState: 'Utopia',
  birthCity: 'Utopia',
  travelDocumentNumber: '004689190',
}

const issuesOf = (changes: object, now?: () => Date) => {
  const result = photoId.safeParse({ ...most, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('a photo ID', () => {
  it('parses to what was entered, twice the same', () => {
    expect(photoId.parse(most)).toEqual(most)
    expect(photoId.parse(photoId.parse(least))).toEqual(least)
  })

  it('is issued by the newest names, and says what was entered', () => {
    const elements = elementsToIssue(photoIdProfile, photoId.parse(most))
    expect(elements.map(({ namespace, identifier }) => `${namespace} ${identifier}`)).toEqual(
      expect.arrayContaining([`${iso} family_name`, `${iso} issuing_authority`, `${own} person_id`]),
    )
    for (const { namespace, identifier } of elements) {
      expect([iso, own]).toContain(namespace)
      expect(identifier).not.toMatch(/_unicode$/)
    }
    const { values, fromMdoc } = inBothForms(photoId, most, '2026-11-22')
    expect(fromMdoc).toEqual({ claims: values, other: {} })
    expect(values).toMatchObject({ ageInYears: 41, ageBirthYear: 1985, ageOver18: true, ageOver21: true })
  })

  it('is read by the names of older drafts', () => {
    const date = (value: string) => new CborTag(1004, value)
    const elements = new Map([
      [
        iso,
        new Map<string, CborValue>([
          ['family_name_unicode', 'Образцова'],
          ['given_name_unicode', 'Юлия'],
          ['issuing_authority_unicode', 'Utopia'],
          ['resident_address_unicode', 'First Street 1'],
          ['resident_city_unicode', 'Utopia'],
          ['birth_date', new Map([['birth_date', date('1985-05-11')]])],
          ['portrait', new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0])],
          ['age_over_60', false],
        ]),
      ],
      [older, new Map<string, CborValue>([['person_id', '1']])],
      ['org.iso.23220.dtc.1', new Map<string, CborValue>([['dtc_dg1', new Uint8Array([1])]])],
    ])
    expect(fromElements(photoIdProfile, elements)).toEqual({
      claims: {
        familyName: 'Образцова',
        givenName: 'Юлия',
        issuingAuthority: 'Utopia',
        residentAddress: 'First Street 1',
        residentCity: 'Utopia',
        birthDate: '1985-05-11',
        portrait: new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0]),
        personalNumber: '1',
      },
      other: { [iso]: { age_over_60: false }, 'org.iso.23220.dtc.1': { dtc_dg1: new Uint8Array([1]) } },
    })
  })

  it('is valid to the end of the day on which it expires', () => {
    expect(photoId.validity(photoId.parse(least), new Date(0))).toEqual({
      until: new Date('2032-12-13T23:59:59Z'),
      latest: new Date('2032-12-13T23:59:59Z'),
    })
  })
})

describe('its profile', () => {
  it('is that of the definition, frozen, survives JSON, and names every field in Russian and English', () => {
    expect(profileOf(photoId)).toMatchObject(photoIdProfile)
    expect(JSON.parse(JSON.stringify(photoIdProfile))).toEqual(photoIdProfile)
    expect(Object.isFrozen(photoIdProfile.fields.familyName.aliases?.[0])).toBe(true)
    expect(photoIdProfile).toMatchObject({ vct: [], docType: [own, older], status: 'optional' })
    expect(Object.keys(photoId.label ?? {}).sort()).toEqual(['en', 'ru'])
    for (const { label, claim, element } of Object.values(photoId.fields)) {
      expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
      expect(claim).toBeUndefined()
      expect(element).toBeDefined()
    }
  })

  it('imports no schema and no definition, and shares fields with the travel passport', () => {
    const imports = [...photoIdProfileSource.matchAll(/^import (type )?.* from '(.*)'$/gm)]
    expect(imports.map(([, type, path]) => `${type ?? ''}${path}`)).toEqual(['../core/freeze.js', 'type ./profile.js'])
    expectTypeOf<'familyName' | 'familyNameLatin' | 'birthDate' | 'nationality' | 'expiryDate'>().toExtend<
      FieldOf<typeof photoId | typeof travelPassport>
    >()
  })
})

describe('a photo ID is refused for', () => {
  it.each(Object.keys(least))('the want of %s', field => {
    expect(issuesOf({ [field]: undefined })).toEqual([`${field} required`])
  })

  const texts = Object.entries(photoIdProfile.fields)
    .filter(([name, { kind }]) => kind === 'text' && !/Country$|^nationality$/.test(name))
    .map(([name]) => name)
  it.each(texts)('%s of 151 characters', name => {
    expect(issuesOf({ [name]: 'я'.repeat(151) })).toEqual([`${name} length`])
    expect(issuesOf({ [name]: 'я'.repeat(150) })).toEqual([])
  })

  it.each(['issuingCountry', 'nationality', 'residentCountry', 'birthCountry'])('%s in three letters', name => {
    expect(issuesOf({ [name]: 'UTO' })).toEqual([`${name} length`])
  })

  it.each<[string, object, string]>([
    ['a sex that is none', { sex: 3 }, 'sex range'],
    ['a day that does not exist', { birthDate: '30.02.1985' }, 'birthDate calendar'],
    ['an issue that is no date', { issueDate: 'today' }, 'issueDate format'],
    ['an expiry before the issue', { expiryDate: '2022-12-12' }, 'expiryDate order'],
    ['an issue before birth', { birthDate: '2023-01-01' }, 'issueDate order'],
    ['a portrait as PNG', { portrait: png() }, 'portrait format'],
    ['an instant with an offset', { portraitCaptureDate: '2022-12-01T10:00:00+03:00' }, 'portraitCaptureDate format'],
    ['chip files', { dtcDg1: new Uint8Array([1]) }, 'dtcDg1 unknown_field'],
  ])('%s', (_, change, issue) => {
    expect(issuesOf(change)).toEqual([issue])
  })
})
