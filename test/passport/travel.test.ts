/** The travel passport: what it takes, what it makes of it, and every way to fill it in wrongly. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { citizenPassport } from '../../src/passport/citizen.js'
import { hidePaths, toClaims } from '../../src/passport/claims.js'
import { profileOf } from '../../src/passport/definition.js'
import { formatTd3Mrz } from '../../src/passport/mrz/td3.js'
import type { ClaimsOf, FieldOf } from '../../src/passport/profile.js'
import { type TravelPassport, travelPassport } from '../../src/passport/travel.js'
import { travelProfile } from '../../src/passport/travel-profile.js'
import travelProfileSource from '../../src/passport/travel-profile.ts?raw'
import zones from '../vectors/domain-ru/mrz-travel-td3.json' with { type: 'json' }
import { inBothForms } from './forms.js'
import { brief, jpeg, png } from './support.js'

const iso = 'org.iso.23220.1'
const own = 'org.vidimus.passport.travel.1'
const on = '2026-11-22'

const least = {
  documentNumber: '004689190',
  issuingCountry: 'RU',
  familyName: 'Образцова',
  familyNameLatin: 'OBRAZTSOVA',
  nationality: 'RU',
  birthDate: '1985-05-11',
  sex: 2,
  issueDate: '2022-12-13',
  expiryDate: '2032-12-13',
  issuingAuthority: 'МВД 00001',
}

const most = {
  ...least,
  documentType: 'P',
  givenName: 'Юлия',
  givenNameLatin: 'IULIIA',
  patronymic: 'Петровна',
  birthPlace: 'г. Примерск / USSR',
  personalNumber: '0046-89',
  portrait: jpeg(),
  mrz: ['P<RUSOBRAZTSOVA<<IULIIA<<<<<<<<<<<<<<<<<<<<<', '0046891903RUS8505110F3212138<<<<<<<<<<<<<<02'],
}

const parse = (changes: object = {}) => travelPassport.parse({ ...most, ...changes })
const issuesOf = (changes: object, now?: () => Date) => {
  const result = travelPassport.safeParse({ ...most, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('a travel passport', () => {
  it('parses to what was entered, twice the same', () => {
    expect(parse()).toEqual(most)
    expect(travelPassport.parse(parse())).toEqual(most)
    expect(travelPassport.parse(least)).toEqual({ ...least, documentType: 'P' })
  })

  it('has the names of a PID among its claims, and no fewer', () => {
    const passport = parse()
    expect(toClaims(travelProfile, { ...passport, ...travelPassport.derive(passport, on) })).toEqual({
      document_type: 'P',
      document_number: '004689190',
      issuing_country: 'RU',
      family_name: 'Образцова',
      given_name: 'Юлия',
      patronymic: 'Петровна',
      family_name_latin1: 'OBRAZTSOVA',
      given_name_latin1: 'IULIIA',
      nationality: 'RU',
      birthdate: '1985-05-11',
      place_of_birth: { locality: 'г. Примерск / USSR' },
      sex: 2,
      personal_administrative_number: '0046-89',
      date_of_issuance: '2022-12-13',
      date_of_expiry: '2032-12-13',
      issuing_authority: 'МВД 00001',
      picture: expect.stringMatching(/^data:image\/jpeg;base64,/),
      mrz: most.mrz,
      age_equal_or_over: { '14': true, '18': true },
    })
  })

  it.each([
    ['the least', least],
    ['the most', most],
  ])('says the same in both forms, %s', (_, record) => {
    const { values, fromJson, fromMdoc } = inBothForms(travelPassport, record, on)
    expect(fromJson).toEqual({ claims: values, other: {} })
    expect(fromMdoc).toEqual({ claims: values, other: {} })
  })

  it('is valid to the end of the day on which it expires, and not a second longer', () => {
    expect(travelPassport.validity(parse(), new Date(0))).toEqual({
      until: new Date('2032-12-13T23:59:59Z'),
      latest: new Date('2032-12-13T23:59:59Z'),
    })
  })

  it('can be shown field by field', () => {
    const hidden = hidePaths(travelProfile, parse()).map(path => path.join('.'))
    expect(hidden).toHaveLength(Object.keys(most).length)
    expect(hidden).toEqual(expect.arrayContaining(['mrz', 'family_name_latin1', 'place_of_birth.locality']))
  })

  it('knows the ages of its holder on a day', () => {
    const young = travelPassport.parse({ ...least, birthDate: '2010-11-23', issueDate: '2024-01-01' })
    expect(travelPassport.derive(young, on)).toEqual({ ageOver14: true, ageOver18: false })
    expect(travelPassport.derive(young, '2024-11-22')).toEqual({ ageOver14: false, ageOver18: false })
    expect(travelPassport.derive(young, '2028-11-23')).toEqual({ ageOver14: true, ageOver18: true })
  })
})

describe('its profile', () => {
  it('is that of the definition, frozen, survives JSON, and names every field in Russian and English', () => {
    expect(profileOf(travelPassport)).toMatchObject(travelProfile)
    expect(Object.keys(travelPassport.label ?? {}).sort()).toEqual(['en', 'ru'])
    expect(JSON.parse(JSON.stringify(travelProfile))).toEqual(travelProfile)
    expect(Object.isFrozen(travelProfile.fields.birthPlace.claim)).toBe(true)
    for (const { label, claim, element } of Object.values(travelPassport.fields)) {
      expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
      expect([claim, element]).not.toContain(undefined)
    }
  })

  it('has a type of its own: it is no photo ID and says so, but shares the common elements', () => {
    expect(travelProfile).toMatchObject({ vct: ['urn:vidimus:passport:travel:1'], docType: [own], status: 'required' })
    for (const { element } of Object.values(travelProfile.fields)) expect([iso, own]).toContain(element?.[0])
    const common = Object.values(travelProfile.fields).flatMap(({ element }) =>
      element?.[0] === iso ? [element[1]] : [],
    )
    expect(common.sort()).toEqual([
      'age_over_14',
      'age_over_18',
      'birth_date',
      'birthplace',
      'document_number',
      'expiry_date',
      'family_name',
      'family_name_latin1',
      'given_name',
      'given_name_latin1',
      'issue_date',
      'issuing_authority',
      'issuing_country',
      'nationality',
      'portrait',
      'sex',
    ])
  })

  it('imports no schema and no definition', () => {
    const imports = [...travelProfileSource.matchAll(/^import (type )?.* from '(.*)'$/gm)]
    expect(imports.map(([, type, path]) => `${type ?? ''}${path}`)).toEqual(['../core/freeze.js', 'type ./profile.js'])
  })

  it('types its claims, and shares fields with the internal passport', () => {
    expectTypeOf<ClaimsOf<typeof travelProfile>>().toEqualTypeOf<ClaimsOf<typeof travelPassport>>()
    expectTypeOf<ClaimsOf<typeof travelPassport>['sex']>().toEqualTypeOf<0 | 1 | 2>()
    expectTypeOf<TravelPassport>().not.toHaveProperty('ageOver18')
    expectTypeOf<'familyName' | 'givenName' | 'birthDate' | 'documentNumber' | 'ageOver18'>().toExtend<
      FieldOf<typeof travelPassport | typeof citizenPassport>
    >()
  })
})

describe('one may write', () => {
  it.each<[string, object, object]>([
    [
      'countries in three letters',
      { issuingCountry: 'RUS', nationality: 'RUS' },
      { issuingCountry: 'RU', nationality: 'RU' },
    ],
    [
      'countries as in a zone',
      { issuingCountry: 'D<<', nationality: 'XXA', mrz: undefined },
      { issuingCountry: 'DE', nationality: 'QS' },
    ],
    ['the number with space and sign', { documentNumber: '00 № 4689190' }, { documentNumber: '004689190' }],
    [
      'a foreign number in small letters',
      { issuingCountry: 'UT', documentNumber: 'ab 123', mrz: undefined },
      { documentNumber: 'AB123' },
    ],
    ['dates in either form', { issueDate: '13.12.2022' }, { issueDate: '2022-12-13' }],
    ['the sex as printed', { sex: 'Ж' }, { sex: 2 }],
    ['no sex', { sex: 'X', mrz: undefined }, { sex: 0 }],
    ['no sex, as in a zone', { sex: '<', mrz: undefined }, { sex: 0 }],
    ['no sex, as a number', { sex: 0, mrz: undefined }, { sex: 0 }],
    [
      'a name in Latin letters alone, where the state has no others',
      { issuingCountry: 'UT', familyName: "d'Été", patronymic: undefined, givenName: 'Ana', mrz: undefined },
      { familyName: "d'Été" },
    ],
    ['names in any case', { familyNameLatin: 'Obraztsova' }, { familyNameLatin: 'Obraztsova' }],
    ['the type with a second letter', { documentType: 'PP', mrz: undefined }, { documentType: 'PP' }],
  ])('%s', (_, typed, kept) => {
    expect(parse(typed)).toMatchObject(kept)
  })
})

describe('a travel passport is refused for', () => {
  const plain = { mrz: undefined }

  it.each(Object.keys(least))('the want of %s', field => {
    expect(issuesOf({ ...plain, [field]: undefined })).toEqual([`${field} required`])
  })

  it.each<[string, object, string]>([
    ['a kind that is no passport', { documentType: 'I' }, 'documentType format'],
    ['a kind of three letters', { documentType: 'PAB' }, 'documentType length'],
    ['a number with Cyrillic letters', { documentNumber: 'АВ1234567' }, 'documentNumber charset'],
    ['a number with a hyphen', { documentNumber: '00-4689190' }, 'documentNumber charset'],
    ['a number of ten', { documentNumber: '0046891901' }, 'documentNumber length'],
    ['a number of spaces and a sign', { documentNumber: '№ ' }, 'documentNumber length'],
    ['a Russian number of eight digits', { documentNumber: '00468919' }, 'documentNumber format'],
    ['a Russian number with letters', { documentNumber: 'AB4689190' }, 'documentNumber format'],
    ['a number that is a number', { documentNumber: 4689190 }, 'documentNumber type'],
    ['a country in small letters', { issuingCountry: 'ru' }, 'issuingCountry format'],
    ['a country by number', { nationality: '643' }, 'nationality format'],
    ['three letters of no country', { nationality: 'ABC' }, 'nationality range'],
    ['a nationality that has no two letters', { nationality: 'XXB' }, 'nationality range'],
    ['one letter of no country', { nationality: 'X' }, 'nationality range'],
    ['a name in two scripts', { familyName: 'Obrаztsova' }, 'familyName mixed_script'],
    ['a Latin name in two scripts', { familyNameLatin: 'ОBRAZTSOVA' }, 'familyNameLatin mixed_script'],
    ['a Cyrillic name for the Latin one', { familyNameLatin: 'ОБРАЗЦОВА' }, 'familyNameLatin charset'],
    ['a Latin name with accents', { givenNameLatin: 'JOSÉ' }, 'givenNameLatin charset'],
    ['a Latin name for the Russian one', { familyName: 'OBRAZTSOVA' }, 'familyName charset'],
    ['a Latin given name for the Russian one', { givenName: 'IULIIA' }, 'givenName charset'],
    ['a Latin patronymic', { patronymic: 'PETROVNA' }, 'patronymic charset'],
    ['a name with digits', { givenName: 'Юлия 2' }, 'givenName charset'],
    ['a name that starts with a hyphen', { givenName: '-Юлия' }, 'givenName format'],
    ['an empty name', { givenName: ' ' }, 'givenName length'],
    ['a name of 151 letters', { patronymic: 'я'.repeat(151) }, 'patronymic length'],
    ['a name with a mark of direction', { familyName: 'Образ\u202eцова' }, 'familyName charset'],
    ['a name with NUL', { familyName: 'Образ\0цова' }, 'familyName charset'],
    ['a name with half a character', { familyName: 'Образ\ud800цова' }, 'familyName charset'],
    ['a name of ten million letters', { familyName: 'я'.repeat(10_000_000) }, 'familyName length'],
    ['an ideograph that is no letter of a name', { familyName: '☺' }, 'familyName charset'],
    ['a day that does not exist', { birthDate: '1985-02-30' }, 'birthDate calendar'],
    ['a birth place that is too long', { birthPlace: 'я'.repeat(151) }, 'birthPlace length'],
    ['a sex of its own', { sex: 9 }, 'sex range'],
    ['a sex in words unknown', { sex: 'Х' }, 'sex format'],
    ['a personal number that is too long', { personalNumber: '1'.repeat(65) }, 'personalNumber length'],
    ['an authority that is too long', { issuingAuthority: 'я'.repeat(151) }, 'issuingAuthority length'],
    ['an expiry before the issue', { expiryDate: '2022-12-12' }, 'expiryDate order'],
    ['an issue before birth', { birthDate: '2023-01-01' }, 'issueDate order'],
    ['a portrait as PNG', { portrait: png() }, 'portrait format'],
    ['a given name without Latin letters', { givenNameLatin: undefined }, 'givenNameLatin required'],
    ['a given name in Latin letters alone', { givenName: undefined }, 'givenName required'],
    ['an iris', { iris: new Uint8Array() }, 'iris unknown_field'],
    ['fingerprints', { fingerprints: [] }, 'fingerprints unknown_field'],
  ])('%s', (_, change, issue) => {
    expect(issuesOf({ ...plain, ...change })).toEqual([issue])
  })

  it('what is still to come, where a clock was given', () => {
    const now = () => new Date('2022-11-22T00:00:00Z')
    expect(issuesOf(plain, now)).toEqual(['issueDate range'])
    expect(issuesOf({ ...plain, birthDate: '2022-11-30' }, now)).toEqual(['birthDate range', 'issueDate range'])
  })

  it('everything at once', () => {
    const wrong = {
      documentNumber: '12',
      familyName: 'SMITH',
      givenNameLatin: 'Юлия',
      nationality: 'ZZZ',
      birthDate: '31.02.1985',
      sex: 'none',
      issueDate: '2032-12-14',
      extra: 1,
    }
    expect(issuesOf(wrong).sort()).toEqual([
      'birthDate calendar',
      'documentNumber format',
      'documentNumber mismatch',
      'expiryDate order',
      'extra unknown_field',
      'familyName charset',
      'givenNameLatin charset',
      'nationality range',
      'sex format',
    ])
  })
})

describe('the machine readable zone', () => {
  it.each(zones.valid)('of $person.surname agrees with its fields', ({ person, line1, line2 }) => {
    const [familyNameLatin = '', givenNameLatin = ''] = line1
      .slice(5)
      .split('<<')
      .map(name => name.replace(/</g, ' '))
    const record = {
      ...least,
      familyName: person.surname,
      givenName: person.givenName,
      familyNameLatin,
      givenNameLatin,
      sex: person.sex,
      documentNumber: person.documentNumber,
      birthDate: person.birthDate,
      issueDate: '2024-01-01',
      expiryDate: person.expiryDate,
      mrz: [line1, line2],
    }
    expect(travelPassport.parse(record).mrz).toEqual([line1, line2])
  })

  it.each<[string, object, string]>([
    ['another number', { documentNumber: '004689191' }, 'documentNumber mismatch'],
    ['another birth date', { birthDate: '1985-05-12' }, 'birthDate mismatch'],
    ['another century', { birthDate: '1885-05-11' }, 'birthDate mismatch'],
    ['another expiry', { expiryDate: '2032-12-14' }, 'expiryDate mismatch'],
    ['another sex', { sex: 1 }, 'sex mismatch'],
    ['no sex', { sex: 0 }, 'sex mismatch'],
    ['another family name', { familyNameLatin: 'OBRASTSOVA' }, 'familyNameLatin mismatch'],
    ['a longer family name', { familyNameLatin: 'OBRAZTSOVAA' }, 'familyNameLatin mismatch'],
    ['another given name', { givenNameLatin: 'YULIYA' }, 'givenNameLatin mismatch'],
    ['another nationality', { nationality: 'KZ' }, 'nationality mismatch'],
    ['another state', { issuingCountry: 'BY' }, 'issuingCountry mismatch'],
    ['another type', { documentType: 'PD' }, 'documentType mismatch'],
  ])('contradicts %s', (_, change, issue) => {
    expect(issuesOf(change)).toEqual([issue])
  })

  it('contradicts another personal number, and none that it does not have', () => {
    const written = formatTd3Mrz({ ...parse(), issuingCountry: 'RUS', nationality: 'RUS', personalNumber: '12345' })
    const withNumber = written.ok ? [most.mrz[0], written.line2] : []
    expect(issuesOf({ mrz: withNumber, personalNumber: '12-345' })).toEqual([])
    expect(issuesOf({ mrz: withNumber, personalNumber: '12-346' })).toEqual(['personalNumber mismatch'])
    expect(issuesOf({ mrz: withNumber, personalNumber: undefined })).toEqual([])
  })

  it.each<[string, unknown, string[]]>([
    ['one line', [most.mrz[0]], ['mrz length']],
    ['three lines', [...most.mrz, most.mrz[1]], ['mrz length']],
    ['text', 'P<', ['mrz type']],
    ['a short line', [most.mrz[0]!.slice(1), most.mrz[1]], ['mrz.0 format']],
    ['small letters', [most.mrz[0], most.mrz[1]!.toLowerCase()], ['mrz.1 format']],
    ['a wrong check digit', [most.mrz[0], most.mrz[1]!.replace('3RUS', '4RUS')], ['mrz.1 checksum', 'mrz.1 checksum']],
    ['an identity card', [most.mrz[0]!.replace('P<', 'I<'), most.mrz[1]], ['mrz.0 format']],
    ['a digit in the name', [most.mrz[0]!.replace('OB', '0B'), most.mrz[1]], ['mrz.0 charset']],
  ])('is refused as %s', (_, mrz, issues) => {
    expect(issuesOf({ mrz })).toEqual(issues)
  })

  it('may cut names that fill it, and may give hyphens as fillers', () => {
    const [, line2] = most.mrz
    const long = 'NIKOLAEVA-ALEKSANDROVSKAIA-PETROPAVLOVSKAIA'
    const cut = `P<RUS${'NIKOLAEVA<ALEKSANDROVSKAIA<PETROPAVLOVSKAIA'.slice(0, 36)}<<I`
    expect(cut).toHaveLength(44)
    const names = { familyNameLatin: long, mrz: [cut, line2] }
    expect(issuesOf(names)).toEqual([])
    expect(issuesOf({ ...names, familyNameLatin: 'NIKOLAEVA' })).toEqual(['familyNameLatin mismatch'])
    expect(issuesOf({ ...names, givenNameLatin: 'ANNA' })).toEqual(['givenNameLatin mismatch'])
  })

  it('is not asked about countries that have no two letters', () => {
    const zone = ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10']
    const specimen = {
      ...least,
      documentNumber: 'L898902C3',
      issuingCountry: 'UT',
      nationality: 'UT',
      familyName: 'Eriksson',
      givenName: 'Anna Maria',
      familyNameLatin: 'ERIKSSON',
      givenNameLatin: 'ANNA MARIA',
      birthDate: '1974-08-12',
      issueDate: '2007-04-15',
      expiryDate: '2012-04-15',
      mrz: zone,
    }
    expect(travelPassport.safeParse(specimen).ok).toBe(true)
  })

  it('is not held against anything until there is a day of issue, whose century it needs', () => {
    expect(issuesOf({ issueDate: 'no day', sex: 1 })).toEqual(['issueDate format'])
  })
})
