/** The internal passport: what it takes, what it makes of it, and every way to fill it in wrongly. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import portraitUri from '../../examples/data/portrait.jpg?inline'
import { fromBase64 } from '../../src/core/bytes.js'
import { type CitizenPassport, citizenPassport } from '../../src/passport/citizen.js'
import { citizenProfile } from '../../src/passport/citizen-profile.js'
import citizenProfileSource from '../../src/passport/citizen-profile.ts?raw'
import { fromClaims, hidePaths, toClaims } from '../../src/passport/claims.js'
import { profileOf } from '../../src/passport/definition.js'
import type { ClaimsOf, FieldOf } from '../../src/passport/profile.js'
import claimMap from '../vectors/domain-ru/claim-map.json' with { type: 'json' }
import validity from '../vectors/domain-ru/passport-validity.json' with { type: 'json' }
import { atOnce, brief, failure } from './support.js'

const portrait = fromBase64(portraitUri.slice(portraitUri.indexOf(',') + 1))
const parse = (changes: object = {}) => citizenPassport.parse({ ...example, ...changes })
const issuesOf = (changes: object, now?: () => Date) => {
  const result = citizenPassport.safeParse({ ...example, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('the example', () => {
  it('is taken as it stands, and normalised', () => {
    expect(parse()).toEqual({
      ...example,
      birthDate: '1990-05-14',
      sex: 2,
      snils: '11223344595',
    })
  })

  it('may have a portrait', () => {
    expect(portrait.length).toBeGreaterThan(15_000)
    expect(portrait.length).toBeLessThan(25_000)
    expect(toClaims(citizenPassport, parse({ portrait }))['picture']).toBe(portraitUri)
  })

  it('parses the same when it is parsed again', () => {
    expect(citizenPassport.parse(parse({ portrait }))).toEqual(parse({ portrait }))
  })

  it('makes the claims that a PID has, by their names, and domestic ones', () => {
    const passport = parse({ portrait })
    const values = { ...passport, ...citizenPassport.derive(passport, '2026-11-22') }
    expect(toClaims(citizenProfile, values)).toEqual({
      family_name: 'Образцова',
      given_name: 'Мария',
      patronymic: 'Петровна',
      birthdate: '1990-05-14',
      place_of_birth: { locality: 'гор. Примерск Образцовой области' },
      sex: 2,
      nationalities: ['RU'],
      passport_series: '0010',
      passport_number: '473979',
      document_number: '0010473979',
      issuing_authority: example.issuingAuthority,
      department_code: '000-001',
      date_of_issuance: '2010-06-02',
      date_of_expiry: '2035-05-14',
      issuing_country: 'RU',
      address: example.address,
      registration_date: '2010-06-21',
      registration_authority: example.registrationAuthority,
      military_duty: false,
      marriages: example.marriages,
      children: example.children,
      earlier_passports: example.earlierPassports,
      snils: '11223344595',
      inn: '671798520932',
      picture: portraitUri,
      age_equal_or_over: { '14': true, '18': true },
    })
    expect(fromClaims(citizenProfile, toClaims(citizenProfile, values))).toEqual({ claims: values, other: {} })
  })

  it('can be shown field by field: nothing stands in the clear', () => {
    const passport = parse({ portrait })
    const values = { ...passport, ...citizenPassport.derive(passport, '2026-11-22') }
    const hidden = hidePaths(citizenProfile, values).map(path => path.join('.'))
    for (const field of Object.values(citizenProfile.fields)) expect(field.hide).not.toBe(false)
    expect(hidden).toEqual(
      expect.arrayContaining([
        'address',
        'address.locality',
        'nationalities.0',
        'children.0.birthdate',
        'age_equal_or_over.18',
      ]),
    )
  })
})

describe('the profile', () => {
  it('is that of the definition', () => {
    expect(profileOf(citizenPassport)).toMatchObject(citizenProfile)
    expect(Object.keys(citizenPassport.fields)).toEqual(Object.keys(citizenProfile.fields))
    expect(citizenProfile.status).toBe('required')
    expectTypeOf<FieldOf<typeof citizenProfile>>().toEqualTypeOf<FieldOf<typeof citizenPassport>>()
    expectTypeOf<ClaimsOf<typeof citizenPassport>['patronymic']>().toEqualTypeOf<string>()
    expectTypeOf<CitizenPassport['patronymic']>().toEqualTypeOf<string | undefined>()
    expectTypeOf<CitizenPassport>().not.toHaveProperty('ageOver18')
  })

  it('is frozen, survives JSON, and names every field in Russian and English', () => {
    expect(JSON.parse(JSON.stringify(citizenProfile))).toEqual(citizenProfile)
    expect(Object.isFrozen(citizenProfile.fields.address.claim)).toBe(true)
    for (const { label, claim, element } of Object.values(citizenPassport.fields)) {
      expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
      expect([claim, element]).not.toContain(undefined)
    }
  })

  it('imports no schema and no definition', () => {
    const imports = [...citizenProfileSource.matchAll(/^import (type )?.* from '(.*)'$/gm)].map(
      ([, type, path]) => `${type ?? ''}${path}`,
    )
    expect(imports).toEqual(['../core/freeze.js', 'type ./profile.js'])
  })

  it('claims to be no PID (its type is its own)', () => {
    for (const type of [...citizenProfile.vct, ...citizenProfile.docType]) expect(type).not.toMatch(/eudi|mDL|iso/)
  })

  const named: Readonly<Record<string, FieldOf<typeof citizenProfile>>> = {
    surname: 'familyName',
    givenName: 'givenName',
    patronymic: 'patronymic',
    birthDate: 'birthDate',
    birthPlace: 'birthPlace',
    sex: 'sex',
    citizenship: 'nationalities',
    'series+number': 'documentNumber',
    issueDate: 'issueDate',
    nominalExpiry: 'nominalExpiry',
    issuer: 'issuingAuthority',
    departmentCode: 'departmentCode',
    issuingCountry: 'issuingCountry',
    registrationAddress: 'address',
    portrait: 'portrait',
    snils: 'snils',
    inn: 'inn',
    ageAttestation: 'ageOver18',
  }
  it.each(claimMap.map.filter(({ field }) => field in named))(
    'calls $ru as the claim map does',
    ({ field, sdJwtPid }) => {
      const [claim = '', ...within] = citizenProfile.fields[named[field]!].claim ?? []
      expect(sdJwtPid).toMatch(new RegExp(`\\b${claim}\\b`))
      for (const name of within) expect(sdJwtPid).toContain(name)
    },
  )
})

describe('a citizen may write', () => {
  it.each([
    ['М', 1],
    ['ж', 2],
    ['МУЖ.', 1],
    ['ЖЕН.', 2],
    ['муж', 1],
    ['female', 2],
    ['M', 1],
    [1, 1],
    [2, 2],
  ])('the sex as %s', (sex, value) => {
    expect(parse({ sex }).sex).toBe(value)
  })

  it.each<[string, object, object]>([
    ['a department code without hyphen', { departmentCode: '000001' }, { departmentCode: '000-001' }],
    ['a series with a space', { series: '00 10' }, { series: '0010' }],
    [
      'SNILS and INN with spaces',
      { snils: '112 233 445 95', inn: '6717 985209 32' },
      { snils: '11223344595', inn: '671798520932' },
    ],
    ['a SNILS too old to be checked', { snils: '001-001-998 12' }, { snils: '00100199812' }],
    ['dates in either form', { issueDate: '02.06.2010' }, { issueDate: '2010-06-02' }],
    [
      'several lines',
      { birthPlace: ' гор.\u00a0Примерск\n\t Образцовой  области ' },
      { birthPlace: 'гор. Примерск Образцовой области' },
    ],
    [
      'any dash',
      { familyName: 'Иванова\u2013Петрова', givenName: 'Анна\u2011Мария' },
      { familyName: 'Иванова-Петрова', givenName: 'Анна-Мария' },
    ],
    ['decomposed letters', { familyName: 'Е\u0308жиков\u0438\u0306' }, { familyName: 'Ёжиковй' }],
    ['Ё, which stays Ё', { familyName: 'Шмелёва' }, { familyName: 'Шмелёва' }],
    [
      'small letters and an apostrophe',
      { familyName: "д'артаньян", givenName: 'жан поль' },
      { familyName: "д'артаньян", givenName: 'жан поль' },
    ],
    ['letters of another people', { familyName: 'Һәйҙәров' }, { familyName: 'Һәйҙәров' }],
    [
      'contacts and a policy',
      { email: 'M@Example.org', phoneNumber: '8 (900) 000-00-09', enp: '5092 7583 2246 4760' },
      { email: 'M@example.org', phoneNumber: '+79000000009', enp: '5092758322464760' },
    ],
    ['a blood group', { bloodGroup: 'AB-' }, { bloodGroup: 'AB-' }],
  ])('%s', (_, typed, kept) => {
    expect(parse(typed)).toMatchObject(kept)
  })

  it('nothing where nothing is said', () => {
    const {
      familyName,
      givenName,
      birthDate,
      birthPlace,
      sex,
      series,
      number,
      issuingAuthority,
      departmentCode,
      issueDate,
    } = example
    const least = {
      familyName,
      givenName,
      birthDate,
      birthPlace,
      sex,
      series,
      number,
      issuingAuthority,
      departmentCode,
      issueDate,
    }
    expect(citizenPassport.parse(least)).toEqual({
      ...least,
      birthDate: '1990-05-14',
      sex: 2,
      nationalities: ['RU'],
      issuingCountry: 'RU',
    })
    for (const name of Object.keys(least))
      expect(brief(failure(() => citizenPassport.parse({ ...least, [name]: undefined })).issues)).toEqual([
        `${name} required`,
      ])
  })

  it('that they are registered nowhere any more', () => {
    const { address: _address, registrationDate: _date, registrationAuthority: _authority, ...unregistered } = example
    const passport = citizenPassport.parse({
      ...unregistered,
      deregistrationDate: '01.02.2020',
      deregistrationAuthority: 'МВД',
    })
    expect(passport).toMatchObject({ deregistrationDate: '2020-02-01', deregistrationAuthority: 'МВД' })
  })
})

describe('a passport is refused for', () => {
  const address = (member: object) => ({ address: { ...example.address, ...member } })
  it.each<[string, object, string]>([
    ['an empty name', { familyName: ' ' }, 'familyName length'],
    ['a name that is too long', { familyName: 'я'.repeat(151) }, 'familyName length'],
    ['a number for a name', { familyName: 7 }, 'familyName type'],
    ['no patronymic, said by null', { patronymic: null }, 'patronymic type'],
    ['a Latin letter among Cyrillic ones', { familyName: 'Oбразцова' }, 'familyName mixed_script'],
    ['a Latin name', { givenName: 'Maria' }, 'givenName charset'],
    ['a digit in a name', { givenName: 'Мария2' }, 'givenName charset'],
    ['an invisible letter', { givenName: 'Мар\u200bия' }, 'givenName charset'],
    ['a name of hyphens', { givenName: '---' }, 'givenName format'],
    ['a control character', { birthPlace: 'гор. Примерск\u0007' }, 'birthPlace charset'],
    ['half a character', { birthPlace: 'гор. \ud800' }, 'birthPlace charset'],
    ['a day that does not exist', { birthDate: '31.04.1990' }, 'birthDate calendar'],
    ['an ISO day that does not exist', { birthDate: '1990-04-31' }, 'birthDate calendar'],
    ['a date in another form', { issueDate: '2 июня 2010' }, 'issueDate format'],
    ['an American date', { issueDate: '06/02/2010' }, 'issueDate format'],
    ['a Date', { issueDate: new Date(0) }, 'issueDate type'],
    ['a sex of no name', { sex: 'X' }, 'sex format'],
    ['a sex of no number', { sex: 3 }, 'sex range'],
    ['a sex of no kind', { sex: true }, 'sex type'],
    ['no citizenship', { nationalities: [] }, 'nationalities length'],
    ['a country by its name', { nationalities: ['Россия'] }, 'nationalities.0 length'],
    ['a country in small letters', { nationalities: ['RU', 'by'] }, 'nationalities.1 format'],
    ['citizenship as text', { nationalities: 'RU' }, 'nationalities type'],
    ['letters in the series', { series: 'OO10' }, 'series charset'],
    ['a short series', { series: '001' }, 'series length'],
    ['a series grouped elsewhere', { series: '0-010' }, 'series grouping'],
    ['a series as a number', { series: 10 }, 'series type'],
    ['a long number', { number: '4739790' }, 'number length'],
    ['a number grouped', { number: '473 979' }, 'number grouping'],
    ['the number 000000', { number: '000000' }, 'number range'],
    ['a department code grouped elsewhere', { departmentCode: '0000-01' }, 'departmentCode grouping'],
    ['a department code of letters', { departmentCode: 'abc-def' }, 'departmentCode charset'],
    ['another issuing country', { issuingCountry: 'BY' }, 'issuingCountry range'],
    ['an address as text', { address: 'г. Примерск' }, 'address type'],
    ['an empty address', { address: {} }, 'address required'],
    ['an unknown part of an address', address({ planet: 'Земля' }), 'address.planet unknown_field'],
    ['a postal code of five digits', address({ postal_code: '10100' }), 'address.postal_code format'],
    ['an object id that is none', address({ gar_id: 'x' }), 'address.gar_id format'],
    ['a territory code of nine digits', address({ oktmo: '123456789' }), 'address.oktmo format'],
    ['military duty as a word', { militaryDuty: 'да' }, 'militaryDuty type'],
    [
      'a marriage of another sort',
      { marriages: [{ event: 'engagement', date: '2015-08-29' }] },
      'marriages.0.event range',
    ],
    ['a marriage without a date', { marriages: [{ event: 'marriage' }] }, 'marriages.0.date required'],
    [
      'a child without a name',
      { children: [{ given_name: 'Анна', birthdate: '2018-03-04' }] },
      'children.0.family_name required',
    ],
    ['a blood group of no name', { bloodGroup: 'C+' }, 'bloodGroup range'],
    ['a blood group by number', { bloodGroup: 2 }, 'bloodGroup type'],
    ['an earlier passport without a number', { earlierPassports: [{}] }, 'earlierPassports.0.document_number required'],
    ['a SNILS mistyped', { snils: '112-233-445 96' }, 'snils checksum'],
    ['a SNILS of zeros', { snils: '000-000-000 00' }, 'snils range'],
    ['a SNILS as a number', { snils: 11_223_344_595 }, 'snils type'],
    ["an organisation's INN", { inn: '7707083893' }, 'inn length'],
    ['an INN with a slash', { inn: '7701/0000000' }, 'inn charset'],
    ['a policy mistyped', { enp: '5092758322464761' }, 'enp checksum'],
    ['an address of mail that is none', { email: 'm@' }, 'email format'],
    ['a telephone without country', { phoneNumber: '123' }, 'phoneNumber length'],
    ['an INN mistyped', { inn: '671798520931' }, 'inn checksum'],
    ['a portrait that is none', { portrait: new Uint8Array(100) }, 'portrait format'],
    ['a portrait as text', { portrait: portraitUri }, 'portrait type'],
    ['a personal code, which the blank lost', { personalCode: '123' }, 'personalCode unknown_field'],
  ])('%s', (_, changes, issue) => {
    expect(issuesOf(changes)).toEqual([issue])
  })

  it('everything at once', () => {
    const changes = {
      familyName: '',
      birthDate: '99.99.9999',
      sex: 9,
      series: '1',
      inn: '0',
      address: { locality: 7 },
      x: 1,
    }
    expect(issuesOf(changes)).toEqual([
      'familyName length',
      'birthDate calendar',
      'sex range',
      'series length',
      'address.locality type',
      'inn length',
      'x unknown_field',
    ])
  })

  it('every issue has the label of its field, in Russian too', () => {
    const { issues } = failure(() => parse({ address: { postal_code: 'x' } }))
    expect(issues?.[0]?.label).toEqual({ ru: 'Адрес регистрации', en: 'Registered address' })
  })
})

describe('the dates of a passport', () => {
  it.each<[string, object, readonly string[]]>([
    [
      'an issue on the 14th birthday',
      { birthDate: '22.11.2010', issueDate: '22.11.2024', registrationDate: undefined, children: [] },
      [],
    ],
    [
      'an issue the day before',
      { birthDate: '22.11.2010', issueDate: '21.11.2024', registrationDate: undefined, children: [] },
      ['issueDate order'],
    ],
    ['an issue before birth', { issueDate: '1980-01-01' }, ['issueDate order']],
    ['a registration before birth', { registrationDate: '1990-05-13' }, ['registrationDate order']],
    ['a registration at birth', { registrationDate: '1990-05-14' }, []],
    ['a deregistration before the registration', { deregistrationDate: '2010-06-20' }, ['deregistrationDate order']],
    ['a deregistration on the same day', { deregistrationDate: '2010-06-21' }, []],
    [
      'a deregistration before birth',
      { registrationDate: undefined, deregistrationDate: '1990-05-13' },
      ['deregistrationDate order'],
    ],
    [
      'a child older than its parent',
      { children: [example.children[0], { ...example.children[0], birthdate: '1990-05-13' }] },
      ['children.1.birthdate order'],
    ],
    [
      'several at once',
      { issueDate: '1980-01-01', registrationDate: '1980-01-01', sex: 0 },
      ['sex range', 'issueDate order', 'registrationDate order'],
    ],
  ])('%s', (_, changes, issues) => {
    expect(issuesOf(changes)).toEqual(issues)
  })

  it.each(validity.valid.filter(({ expected }) => expected.status === 'invalid-issue-date'))(
    'issued $issueDate to someone born $birthDate contradict each other',
    ({ birthDate, issueDate }) => {
      expect(issuesOf({ birthDate, issueDate, registrationDate: undefined, children: [] })).toEqual(['issueDate order'])
    },
  )

  it('are held against the present only by a clock that was given', () => {
    const future = { issueDate: '2026-11-24', registrationDate: '2027-01-01', deregistrationDate: '2028-01-01' }
    expect(issuesOf(future)).toEqual([])
    const now = () => new Date('2026-11-22T09:59:59Z')
    expect(issuesOf(future, now)).toEqual(['issueDate range', 'registrationDate range', 'deregistrationDate range'])
    expect(issuesOf({ birthDate: '2027-01-01' }, now)).toContain('birthDate range')
  })

  it('may be of a day that has begun somewhere', () => {
    const tomorrow = { issueDate: '2026-11-23' }
    expect(issuesOf(tomorrow, () => new Date('2026-11-22T09:59:59Z'))).toEqual(['issueDate range'])
    expect(issuesOf(tomorrow, () => new Date('2026-11-22T10:00:00Z'))).toEqual([])
  })
})

describe('from a passport follow', () => {
  const derive = (birthDate: string, issueDate: string, on: string) => {
    const passport = parse({ birthDate, issueDate, registrationDate: undefined, children: [] })
    return citizenPassport.derive(passport, on)
  }

  it('ages on the day of issue, to the day', () => {
    expect(derive('2008-11-23', '2022-12-01', '2026-11-22')).toMatchObject({ ageOver14: true, ageOver18: false })
    expect(derive('2008-11-22', '2022-12-01', '2026-11-22')).toMatchObject({ ageOver14: true, ageOver18: true })
    expect(derive('2008-02-29', '2022-12-01', '2026-02-28')).toMatchObject({ ageOver18: true })
    expect(derive('2008-02-29', '2022-12-01', '2022-02-27')).toMatchObject({ ageOver14: false })
    expect(derive('2008-02-29', '2022-12-01', '2022-02-28')).toMatchObject({ ageOver14: true })
  })

  it.each(validity.valid.filter(({ expected }) => expected.status !== 'invalid-issue-date'))(
    'its replacement on $expected.nominalExpiry and an end of its credential after the days of grace',
    ({ birthDate, issueDate, expected }) => {
      const passport = parse({ birthDate, issueDate, registrationDate: undefined, children: [] })
      const end = expected.graceEnd === null ? undefined : { until: new Date(`${expected.graceEnd}T23:59:59Z`) }
      expect(citizenPassport.derive(passport, issueDate).nominalExpiry ?? null).toBe(expected.nominalExpiry)
      expect(citizenPassport.validity(passport, new Date(0))).toEqual(end)
    },
  )
})

describe('a hostile record', () => {
  const texts = Object.entries(citizenProfile.fields)
    .filter(
      ([, { kind, derived }]) => derived === undefined && (kind === 'text' || kind === 'date' || kind === 'integer'),
    )
    .map(([name]) => name)

  it.each(texts)('is refused at once, whatever `%s` is', name => {
    for (const unit of ['я', ' ', '-', '1', 'я ', 'e\u0301', '\u1e9b\u0323', '\ud800', '.'])
      for (const length of [65_536, 10_000_000]) {
        const started = performance.now()
        expect(issuesOf({ [name]: unit.repeat(length / unit.length) })).toEqual([
          expect.stringMatching(`^${name} (length|format|range)$`),
        ])
        expect(performance.now() - started).toBeLessThan(atOnce)
      }
  })

  it('of deep and wide addresses, children and marks is refused', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`)
    expect(issuesOf({ address: deep })).toHaveLength(1)
    expect(issuesOf({ children: Array.from({ length: 100_000 }, () => ({})) })).toEqual(['children length'])
    expect(issuesOf({ children: Array.from({ length: 31 }, () => example.children[0]) })).toEqual(['children length'])
  })
})
