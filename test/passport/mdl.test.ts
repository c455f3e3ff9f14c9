/** The driving licence: the standard's own example, what issuing takes, and every way to fill it in wrongly. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { embeddedBytes, readCbor } from '../../src/core/cbor/read.js'
import { type CborMap, CborTag, type CborValue, isCborArray, isCborMap } from '../../src/core/cbor/value.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { profileOf } from '../../src/passport/definition.js'
import { elementsToIssue, fromElements } from '../../src/passport/elements.js'
import { type DrivingLicence, mdl } from '../../src/passport/mdl.js'
import { type DrivingPrivilege, mdlProfile } from '../../src/passport/mdl-profile.js'
import mdlProfileSource from '../../src/passport/mdl-profile.ts?raw'
import type { ClaimsOf, FieldOf } from '../../src/passport/profile.js'
import { fromHex } from '../core/support.js'
import annexD from '../vectors/mdoc/annex-d.json' with { type: 'json' }
import { brief, failure, jpeg, png } from './support.js'

const ns = 'org.iso.18013.5.1'

const least = {
  familyName: 'Doe',
  givenName: 'Jané',
  birthDate: '1990-05-14',
  issueDate: '2019-10-20',
  expiryDate: '2029-10-20',
  issuingCountry: 'UT',
  issuingAuthority: 'Utopia Transport',
  documentNumber: '123456789',
  portrait: jpeg(),
  drivingPrivileges: [],
  unDistinguishingSign: 'UTO',
}

const most = {
  ...least,
  drivingPrivileges: [
    { vehicle_category_code: 'A', issue_date: '2018-08-09', expiry_date: '2028-08-09' },
    { vehicle_category_code: 'Tm', codes: [{ code: '01' }, { code: 'S01', sign: '<=', value: '2500' }] },
  ],
  administrativeNumber: 'A 1',
  sex: 9,
  height: 182,
  weight: 80,
  eyeColour: 'hazel',
  hairColour: 'auburn',
  birthPlace: 'Utopia',
  residentAddress: 'First Street 1',
  portraitCaptureDate: '2019-10-01T09:30:00Z',
  issuingJurisdiction: 'UT-N1',
  nationality: 'UT',
  residentCity: 'Utopia',
  residentState: 'North',
  residentPostalCode: 'UT 100',
  residentCountry: 'UT',
  familyNameNationalCharacter: 'До',
  givenNameNationalCharacter: 'Джейн',
  signatureUsualMark: jpeg(),
}

const issuesOf = (changes: object, now?: () => Date) => {
  const result = mdl.safeParse({ ...most, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('the example of ISO/IEC 18013-5 annex D', () => {
  it('is read as it stands', () => {
    const { claims, other } = fromElements(mdlProfile, elementsOf(annexD.ISO_18013_5_ANNEX_D_DEVICE_RESPONSE))
    const { portrait, ...rest } = claims
    expect(rest).toEqual({
      familyName: 'Doe',
      issueDate: '2019-10-20',
      expiryDate: '2024-10-20',
      documentNumber: '123456789',
      drivingPrivileges: [
        { vehicle_category_code: 'A', issue_date: '2018-08-09', expiry_date: '2024-10-20' },
        { vehicle_category_code: 'B', issue_date: '2017-02-23', expiry_date: '2024-10-20' },
      ],
    })
    expect(portrait).toHaveLength(1042)
    expect(other).toEqual({})
  })

  it('is what we would have written', () => {
    const elements = elementsOf(annexD.ISO_18013_5_ANNEX_D_DEVICE_RESPONSE)
    const { claims } = fromElements(mdlProfile, elements)
    for (const { namespace, identifier, value } of elementsToIssue(mdlProfile, claims)) {
      const theirs = elements.get(namespace)?.get(identifier) ?? null
      expect([identifier, readCbor(writeCbor(value))]).toEqual([identifier, readCbor(writeCbor(theirs))])
    }
  })
})

/** The elements of the one document in a response, as the mdoc reader gives them. */
function elementsOf(response: string): Map<string, Map<string, CborValue>> {
  const read = (bytes: Uint8Array) => readCbor(bytes)
  const [document] = listAt(mapOf(read(fromHex(response))), 'documents')
  const namespaces = mapOf(mapOf(mapOf(document).get('issuerSigned')).get('nameSpaces'))
  return new Map(
    [...namespaces.keys()].map(namespace => {
      const items = listAt(namespaces, String(namespace)).map(item => mapOf(read(embeddedBytes(item, 'item').content)))
      return [
        String(namespace),
        new Map(items.map(item => [String(item.get('elementIdentifier')), item.get('elementValue') ?? null])),
      ]
    }),
  )
}

function mapOf(value: CborValue | undefined): CborMap {
  if (!isCborMap(value)) throw new Error('no map')
  return value
}

function listAt(map: CborMap, name: string): readonly CborValue[] {
  const list = map.get(name)
  if (!isCborArray(list)) throw new Error('no list')
  return list
}

describe('a licence', () => {
  const licence = mdl.parse(most)
  const derived = mdl.derive(licence, '2026-11-22')
  const issued = new Map(
    elementsToIssue(mdlProfile, licence, derived).map(({ identifier, value }) => [identifier, value]),
  )

  it('parses to what was entered, twice the same', () => {
    expect(licence).toEqual(most)
    expect(mdl.parse(licence)).toEqual(most)
    expect(mdl.parse(least)).toEqual(least)
  })

  it('lacks nothing that the standard makes mandatory', () => {
    for (const name of Object.keys(least))
      expect(brief(failure(() => mdl.parse({ ...least, [name]: undefined })).issues)).toEqual([`${name} required`])
  })

  it('has elements of one namespace, named and written as table 5 has them', () => {
    for (const { namespace } of elementsToIssue(mdlProfile, licence)) expect(namespace).toBe(ns)
    expect(Object.fromEntries(issued)).toEqual({
      family_name: 'Doe',
      given_name: 'Jané',
      birth_date: new CborTag(1004, '1990-05-14'),
      issue_date: new CborTag(1004, '2019-10-20'),
      expiry_date: new CborTag(1004, '2029-10-20'),
      issuing_country: 'UT',
      issuing_authority: 'Utopia Transport',
      document_number: '123456789',
      portrait: jpeg(),
      driving_privileges: [
        new Map<string, CborValue>([
          ['vehicle_category_code', 'A'],
          ['issue_date', new CborTag(1004, '2018-08-09')],
          ['expiry_date', new CborTag(1004, '2028-08-09')],
        ]),
        new Map<string, CborValue>([
          ['vehicle_category_code', 'Tm'],
          [
            'codes',
            [
              new Map([['code', '01']]),
              new Map([
                ['code', 'S01'],
                ['sign', '<='],
                ['value', '2500'],
              ]),
            ],
          ],
        ]),
      ],
      un_distinguishing_sign: 'UTO',
      administrative_number: 'A 1',
      sex: 9,
      height: 182,
      weight: 80,
      eye_colour: 'hazel',
      hair_colour: 'auburn',
      birth_place: 'Utopia',
      resident_address: 'First Street 1',
      portrait_capture_date: new CborTag(0, '2019-10-01T09:30:00Z'),
      age_in_years: 36,
      age_birth_year: 1990,
      age_over_18: true,
      age_over_21: true,
      issuing_jurisdiction: 'UT-N1',
      nationality: 'UT',
      resident_city: 'Utopia',
      resident_state: 'North',
      resident_postal_code: 'UT 100',
      resident_country: 'UT',
      family_name_national_character: 'До',
      given_name_national_character: 'Джейн',
      signature_usual_mark: jpeg(),
    })
  })

  it('reads back as it was, its ages too', () => {
    const elements = new Map([[ns, new Map([...issued].map(([name, value]) => [name, readCbor(writeCbor(value))]))]])
    expect(fromElements(mdlProfile, elements)).toEqual({ claims: { ...licence, ...derived }, other: {} })
  })

  it.each([
    ['2008-05-13', { ageInYears: 17, ageBirthYear: 1990, ageOver18: false, ageOver21: false }],
    ['2008-05-14', { ageInYears: 18, ageBirthYear: 1990, ageOver18: true, ageOver21: false }],
    ['2011-05-13', { ageInYears: 20, ageBirthYear: 1990, ageOver18: true, ageOver21: false }],
    ['2011-05-14', { ageInYears: 21, ageBirthYear: 1990, ageOver18: true, ageOver21: true }],
  ])('has on %s the ages of that day', (on, ages) => {
    expect(mdl.derive(licence, on)).toEqual(ages)
  })

  it('is valid to the end of the day on which it expires', () => {
    expect(mdl.validity(licence, new Date(0))).toEqual({
      until: new Date('2029-10-20T23:59:59Z'),
      latest: new Date('2029-10-20T23:59:59Z'),
    })
  })
})

describe('the profile of the licence', () => {
  it('is that of the definition, frozen, survives JSON, and names every field in Russian and English', () => {
    expect(profileOf(mdl)).toMatchObject(mdlProfile)
    expect(JSON.parse(JSON.stringify(mdlProfile))).toEqual(mdlProfile)
    expect(Object.isFrozen(mdlProfile.fields.portrait.also)).toBe(true)
    for (const { label } of Object.values(mdl.fields)) expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
  })

  it('is an mdoc alone, of an IACA by default', () => {
    expect(mdlProfile).toMatchObject({ vct: [], docType: ['org.iso.18013.5.1.mDL'], status: 'optional' })
    expect(mdlProfile.certificateProfile).toBe('iaca')
    expect(mdl.certificateProfile).toBe('iaca')
    for (const { claim, element } of Object.values(mdlProfile.fields))
      expect([claim, element?.[0]]).toEqual([undefined, ns])
    expect(mdl.claimPaths('mso_mdoc', ['ageOver18'])).toEqual([[ns, 'age_over_18']])
    expect(() => mdl.claimPaths('dc+sd-jwt', ['familyName'])).toThrow(TypeError)
  })

  it('makes optional what table 5 makes optional', () => {
    const mandatory = Object.entries(mdlProfile.fields).filter(([, { optional }]) => optional !== true)
    expect(mandatory.map(([name]) => name)).toEqual(Object.keys(least))
  })

  it('leaves other ages, templates and namespaces of countries to the other claims', () => {
    const elements = new Map<string, Map<string, CborValue>>([
      [
        ns,
        new Map<string, CborValue>([
          ['age_over_25', true],
          ['biometric_template_face', new Uint8Array([1])],
        ]),
      ],
      ['org.iso.18013.5.1.aamva', new Map([['DHS_compliance', 'F']])],
    ])
    expect(fromElements(mdlProfile, elements)).toEqual({
      claims: {},
      other: {
        [ns]: { age_over_25: true, biometric_template_face: new Uint8Array([1]) },
        'org.iso.18013.5.1.aamva': { DHS_compliance: 'F' },
      },
    })
  })

  it('reads dates that are instants, and portraits that are JPEG 2000', () => {
    const jpeg2000 = new Uint8Array([0xff, 0x4f, 0xff, 0x51, 0, 41])
    const elements = new Map([
      [
        ns,
        new Map<string, CborValue>([
          ['issue_date', new CborTag(0, '2019-10-20T22:30:00Z')],
          ['portrait', jpeg2000],
          ['signature_usual_mark', jpeg2000],
        ]),
      ],
    ])
    expect(fromElements(mdlProfile, elements).claims).toEqual({
      issueDate: '2019-10-20',
      portrait: jpeg2000,
      signatureUsualMark: jpeg2000,
    })
  })

  it('imports no schema and no definition', () => {
    const imports = [...mdlProfileSource.matchAll(/^import (type )?.* from '(.*)'$/gm)]
    expect(imports.map(([, type, path]) => `${type ?? ''}${path}`)).toEqual(['../core/freeze.js', 'type ./profile.js'])
  })

  it('types its claims', () => {
    type Claims = ClaimsOf<typeof mdl>
    expectTypeOf<ClaimsOf<typeof mdlProfile>>().toEqualTypeOf<Claims>()
    expectTypeOf<Claims['familyName']>().toEqualTypeOf<string>()
    expectTypeOf<Claims['drivingPrivileges']>().toEqualTypeOf<readonly DrivingPrivilege[]>()
    expectTypeOf<Claims['ageOver18']>().toEqualTypeOf<boolean>()
    expectTypeOf<Claims['sex']>().toEqualTypeOf<0 | 1 | 2 | 9>()
    expectTypeOf<Claims['portrait']>().toEqualTypeOf<Uint8Array>()
    expectTypeOf(mdl.parse).returns.toEqualTypeOf<DrivingLicence>()
    expectTypeOf<DrivingLicence>().not.toHaveProperty('ageOver18')
    expectTypeOf<'drivingPrivileges'>().toExtend<FieldOf<typeof mdlProfile>>()
    // @ts-expect-error no such field
    expect(() => mdl.claimPaths('mso_mdoc', ['ageOver25'])).toThrow(TypeError)
  })
})

describe('a licence is refused for', () => {
  const privilege = (member: object) => ({
    drivingPrivileges: [{ vehicle_category_code: 'B' }, { vehicle_category_code: 'A', ...member }],
  })
  it.each<[string, object, string]>([
    ['an empty name', { familyName: ' ' }, 'familyName length'],
    ['a name of 151 letters', { familyName: 'y'.repeat(151) }, 'familyName length'],
    ['a name outside Latin-1', { givenName: 'Джейн' }, 'givenName charset'],
    ['a Latin letter outside Latin-1', { givenName: 'Jāne' }, 'givenName charset'],
    ['a control character', { issuingAuthority: 'Utopia\u0085' }, 'issuingAuthority charset'],
    ['a number of a document outside Latin-1', { documentNumber: '№ 1' }, 'documentNumber charset'],
    ['an administrative number outside Latin-1', { administrativeNumber: '№ 1' }, 'administrativeNumber charset'],
    ['a birth place outside Latin-1', { birthPlace: 'Утопия' }, 'birthPlace charset'],
    ['an address outside Latin-1', { residentAddress: 'Утопия' }, 'residentAddress charset'],
    ['a city outside Latin-1', { residentCity: 'Утопия' }, 'residentCity charset'],
    ['a state outside Latin-1', { residentState: 'Утопия' }, 'residentState charset'],
    ['a postal code outside Latin-1', { residentPostalCode: 'Ы1' }, 'residentPostalCode charset'],
    [
      'a national name that is too long',
      { familyNameNationalCharacter: 'я'.repeat(151) },
      'familyNameNationalCharacter length',
    ],
    [
      'a given name that is too long',
      { givenNameNationalCharacter: 'я'.repeat(151) },
      'givenNameNationalCharacter length',
    ],
    ['a day that does not exist', { birthDate: '2001-02-29' }, 'birthDate calendar'],
    ['an issue date in another form', { issueDate: '20/10/2019' }, 'issueDate format'],
    ['an expiry that does not exist', { expiryDate: '2029-02-29' }, 'expiryDate calendar'],
    ['a country of three letters', { issuingCountry: 'UTO' }, 'issuingCountry length'],
    ['a nationality in small letters', { nationality: 'ut' }, 'nationality format'],
    ['a country of residence by its name', { residentCountry: 'Utopia' }, 'residentCountry length'],
    ['a sign of four letters', { unDistinguishingSign: 'UTOP' }, 'unDistinguishingSign length'],
    ['a sign in small letters', { unDistinguishingSign: 'uto' }, 'unDistinguishingSign format'],
    ['a portrait that is a PNG', { portrait: png() }, 'portrait format'],
    ['a portrait as text', { portrait: 'data:image/jpeg;base64,/9j/4A==' }, 'portrait type'],
    ['a signature that is a PNG', { signatureUsualMark: png() }, 'signatureUsualMark format'],
    ['a sex that the standard has not', { sex: 3 }, 'sex range'],
    ['a sex as text', { sex: '1' }, 'sex type'],
    ['no height', { height: 0 }, 'height range'],
    ['a height in millimetres', { height: 1820 }, 'height range'],
    ['half a centimetre', { height: 182.5 }, 'height type'],
    ['a weight as text', { weight: '80' }, 'weight type'],
    ['a weight in grams', { weight: 80_000 }, 'weight range'],
    ['an eye colour of no list', { eyeColour: 'auburn' }, 'eyeColour range'],
    ['a hair colour of no list', { hairColour: 'hazel' }, 'hairColour range'],
    ['a hair colour by number', { hairColour: 1 }, 'hairColour type'],
    ['a portrait taken on a day', { portraitCaptureDate: '2019-10-01' }, 'portraitCaptureDate format'],
    ['a jurisdiction without country', { issuingJurisdiction: 'N1' }, 'issuingJurisdiction format'],
    ['a jurisdiction of another country', { issuingJurisdiction: 'US-CA' }, 'issuingJurisdiction range'],
    ['privileges that are no list', { drivingPrivileges: {} }, 'drivingPrivileges type'],
    [
      '61 privileges',
      { drivingPrivileges: Array.from({ length: 61 }, () => ({ vehicle_category_code: 'B' })) },
      'drivingPrivileges length',
    ],
    [
      'a privilege without category',
      privilege({ vehicle_category_code: undefined }),
      'drivingPrivileges.1.vehicle_category_code required',
    ],
    [
      'a category in words',
      privilege({ vehicle_category_code: 'car & bus' }),
      'drivingPrivileges.1.vehicle_category_code format',
    ],
    ['a privilege from no day', privilege({ issue_date: '2018-02-29' }), 'drivingPrivileges.1.issue_date calendar'],
    ['a privilege until no day', privilege({ expiry_date: '2018-02-29' }), 'drivingPrivileges.1.expiry_date calendar'],
    ['an unknown member of a privilege', privilege({ colour: 'red' }), 'drivingPrivileges.1.colour unknown_field'],
    ['no codes in a list of codes', privilege({ codes: [] }), 'drivingPrivileges.1.codes length'],
    [
      '61 codes',
      privilege({ codes: Array.from({ length: 61 }, () => ({ code: '1' })) }),
      'drivingPrivileges.1.codes length',
    ],
    ['a restriction without code', privilege({ codes: [{ sign: '=' }] }), 'drivingPrivileges.1.codes.0.code required'],
    [
      'an unknown member of a code',
      privilege({ codes: [{ code: '1', x: 1 }] }),
      'drivingPrivileges.1.codes.0.x unknown_field',
    ],
    ['a sign that is no text', privilege({ codes: [{ code: '1', sign: 1 }] }), 'drivingPrivileges.1.codes.0.sign type'],
    [
      'a value that is no text',
      privilege({ codes: [{ code: '1', value: 1 }] }),
      'drivingPrivileges.1.codes.0.value type',
    ],
    ['an age, which is derived', { ageOver18: true }, 'ageOver18 unknown_field'],
    ['an issue before birth', { issueDate: '1990-05-13' }, 'issueDate order'],
    ['an expiry before issue', { expiryDate: '2019-10-19' }, 'expiryDate order'],
  ])('%s', (_, changes, issue) => {
    expect(issuesOf(changes)).toEqual([issue])
  })

  it('dates still to come, where a clock was given: when it is later nowhere on earth', () => {
    const now = () => new Date('2026-11-22T09:59:59Z')
    expect(issuesOf({ issueDate: '2026-11-22' }, now)).toEqual([])
    expect(issuesOf({ issueDate: '2026-11-23' }, now)).toEqual(['issueDate range'])
    expect(issuesOf({ issueDate: '2026-11-23' }, () => new Date('2026-11-22T10:00:00Z'))).toEqual([])
    expect(issuesOf({ birthDate: '2026-11-23', issueDate: '2026-11-24' }, now)).toEqual([
      'birthDate range',
      'issueDate range',
    ])
    expect(issuesOf({ issueDate: '2028-01-01' })).toEqual([])
  })

  it('is taken where dates meet', () => {
    expect(issuesOf({ birthDate: '2019-10-20', expiryDate: '2019-10-20' })).toEqual([])
  })
})
