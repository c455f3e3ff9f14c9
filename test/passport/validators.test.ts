/** One validator per datum: the vectors, and harms beside them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { birthCertificate } from '../../src/passport/validators/birth-certificate.js'
import { dateRu } from '../../src/passport/validators/date-ru.js'
import { departmentCode } from '../../src/passport/validators/department-code.js'
import { driverLicence } from '../../src/passport/validators/driver-licence.js'
import { email } from '../../src/passport/validators/email.js'
import { enp } from '../../src/passport/validators/enp.js'
import { eptsNumber } from '../../src/passport/validators/epts-number.js'
import { innOrg } from '../../src/passport/validators/inn-org.js'
import { innPerson } from '../../src/passport/validators/inn-person.js'
import { kpp } from '../../src/passport/validators/kpp.js'
import { ogrn } from '../../src/passport/validators/ogrn.js'
import { ogrnip } from '../../src/passport/validators/ogrnip.js'
import { passportSeriesNumber } from '../../src/passport/validators/passport-series-number.js'
import { personName } from '../../src/passport/validators/person-name.js'
import { phone } from '../../src/passport/validators/phone.js'
import { postalIndex } from '../../src/passport/validators/postal-index.js'
import type { ValidatorResult } from '../../src/passport/validators/result.js'
import { snils } from '../../src/passport/validators/snils.js'
import { vin } from '../../src/passport/validators/vin.js'
import births from '../vectors/domain-ru/birth-certificate.json' with { type: 'json' }
import dates from '../vectors/domain-ru/date-ru.json' with { type: 'json' }
import departments from '../vectors/domain-ru/department-code.json' with { type: 'json' }
import licences from '../vectors/domain-ru/driver-licence.json' with { type: 'json' }
import enps from '../vectors/domain-ru/enp.json' with { type: 'json' }
import eptsNumbers from '../vectors/domain-ru/epts-number.json' with { type: 'json' }
import index from '../vectors/domain-ru/index.json' with { type: 'json' }
import innOrgs from '../vectors/domain-ru/inn-org.json' with { type: 'json' }
import inns from '../vectors/domain-ru/inn-person.json' with { type: 'json' }
import kpps from '../vectors/domain-ru/kpp.json' with { type: 'json' }
import ogrns from '../vectors/domain-ru/ogrn.json' with { type: 'json' }
import ogrnips from '../vectors/domain-ru/ogrnip.json' with { type: 'json' }
import passports from '../vectors/domain-ru/passport-series-number.json' with { type: 'json' }
import phones from '../vectors/domain-ru/phone.json' with { type: 'json' }
import postalIndexes from '../vectors/domain-ru/postal-index.json' with { type: 'json' }
import snilses from '../vectors/domain-ru/snils.json' with { type: 'json' }
import isoVins from '../vectors/domain-ru/vin-iso3779.json' with { type: 'json' }
import americanVins from '../vectors/domain-ru/vin-na-check.json' with { type: 'json' }
import { atOnce } from './support.js'

const everyValidator: readonly [string, (input: unknown) => ValidatorResult][] = [
  ['snils', snils],
  ['innPerson', innPerson],
  ['passportSeriesNumber', passportSeriesNumber],
  ['departmentCode', departmentCode],
  ['dateRu', dateRu],
  ['innOrg', innOrg],
  ['ogrn', ogrn],
  ['ogrnip', ogrnip],
  ['enp', enp],
  ['kpp', kpp],
  ['vin', vin],
  ['eptsNumber', eptsNumber],
  ['birthCertificate', birthCertificate],
  ['driverLicence', driverLicence],
  ['phone', phone],
  ['postalIndex', postalIndex],
  ['email', email],
  ['personName', personName],
]

/** What one validator or another accepts. */
const everyAccepted = [
  ...['112-233-445 95', '671798520932', '0006 001595', '510-031', '29.02.2000', '5223712949', '5156883504620'],
  ...['322753298487861', '5092758322464760', '6548AB212', '1C6Y0GFJ9DTZ49408', '164303835638649', 'IV-АИ 664217'],
  ...['00 УМ 329252', '+79000000012', '190000', 'ivan@example.org', 'Иванов'],
]

const warnings: readonly string[] = []
const rejected = (code: string) => ({ ok: false, code })

describe('snils', () => {
  it.each(snilses.valid)('accepts $input ($case)', ({ input, normalized, formatted, checked }) => {
    expect(snils(input)).toEqual({ ok: true, normalized, formatted, checked, warnings })
  })

  it.each(snilses.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(snils(input)).toEqual(rejected(reason))
  })

  it('refuses every other control number', () => {
    const accepted = Array.from({ length: 100 }, (_, control) => `112233445${String(control).padStart(2, '0')}`)
    expect(accepted.filter(input => snils(input).ok)).toEqual(['11223344595'])
  })

  it('does not check a number below 001-001-999, whatever its control digits', () => {
    expect(snils('001-001-998 77')).toMatchObject({ ok: true, checked: false })
    expect(snils('000-000-001 00')).toMatchObject({ ok: true, checked: false })
  })

  it.each(['1122-33-445 95', '112--233-445 95', '-11223344595'])('reports how %s is grouped', input => {
    expect(snils(input)).toEqual(rejected('grouping'))
  })
})

describe('innPerson', () => {
  it.each(inns.valid)('accepts $input ($case)', ({ input, normalized }) => {
    expect(innPerson(input)).toEqual({ ok: true, normalized, checked: true, warnings })
  })

  it.each(inns.invalid)('refuses $input for its $reason ($case)', ({ input, reason }) => {
    expect(innPerson(input)).toEqual(rejected(reason))
  })

  it("refuses an organisation's ten digits and the padded form of twelve", () => {
    expect(innPerson('7707083893')).toEqual(rejected('length'))
    expect(innPerson('007707083893')).toEqual(rejected('checksum'))
  })

  it('refuses every single digit mistyped', () => {
    const right = '671798520932'
    const mistyped = [...right].flatMap((digit, place) =>
      [...'0123456789']
        .filter(other => other !== digit)
        .map(other => right.slice(0, place) + other + right.slice(place + 1)),
    )
    // Modulo 11 modulo 10, the digits 0 and 10 share a control digit: a few mistakes pass one control digit, none both.
    expect(mistyped.filter(input => innPerson(input).ok)).toEqual([])
  })
})

describe('passportSeriesNumber', () => {
  it.each(passports.valid)('accepts "$input"', ({ input, series, number }) => {
    const normalized = series + number
    expect(passportSeriesNumber(input)).toEqual({ ok: true, normalized, series, number, checked: false, warnings })
  })

  it.each(passports.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(passportSeriesNumber(input)).toEqual(rejected(reason))
  })

  it.each(['001 2 806064', '0012 806 064', '0-012806064', '00№12 806064', '0012 №№ 806064'])(
    'reports how %s is grouped',
    input => {
      expect(passportSeriesNumber(input)).toEqual(rejected('grouping'))
    },
  )
})

describe('departmentCode', () => {
  it.each(departments.valid)('accepts $input', ({ input, normalized }) => {
    expect(departmentCode(input)).toEqual({ ok: true, normalized, checked: false, warnings })
  })

  it.each(departments.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(departmentCode(input)).toEqual(rejected(reason))
  })
})

describe('dateRu', () => {
  it.each(dates.valid)('accepts $input', ({ input, iso }) => {
    expect(dateRu(input)).toEqual({ ok: true, normalized: iso, checked: false, warnings })
  })

  it.each(dates.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(dateRu(input)).toEqual(rejected(reason))
  })

  it('knows no year 0', () => {
    expect(dateRu('01.01.0000')).toEqual(rejected('calendar'))
  })
})

describe('innOrg', () => {
  it.each(innOrgs.valid)('accepts $input ($case), not padded to twelve', ({ input, normalized, certificateForm }) => {
    expect(innOrg(input)).toEqual({ ok: true, normalized, checked: true, warnings })
    expect(innOrg(certificateForm)).toEqual(rejected('length'))
  })

  it.each(innOrgs.invalid)('refuses $input for its $reason', ({ input, reason }) => {
    expect(innOrg(input)).toEqual(rejected(reason))
  })
})

describe.each([
  ['ogrn', ogrn, ogrns],
  ['ogrnip', ogrnip, ogrnips],
  ['enp', enp, enps],
] as const)('%s', (_, validator, { valid, invalid }) => {
  it.each(valid)('accepts $input', ({ input, normalized }) => {
    expect(validator(input)).toEqual({ ok: true, normalized, checked: true, warnings })
  })

  it.each(invalid)('refuses $input for its $reason', ({ input, reason }) => {
    expect(validator(input)).toEqual(rejected(reason))
  })
})

describe('control digits, against slow and obvious references', () => {
  const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
  const agree = (
    length: number,
    validator: (input: unknown) => ValidatorResult,
    control: (digits: string) => unknown,
  ) =>
    fc.assert(
      fc.property(digits(length), number => {
        fc.pre(Number(number) > 0)
        const accepted = [...'0123456789'].filter(last => validator(number + last).ok)
        expect(accepted).toEqual([`${control(number)}`])
      }),
      { seed: 20261122, numRuns: 200 },
    )

  it('ogrn: the number modulo 11, its last digit', () => {
    agree(12, ogrn, number => (BigInt(number) % 11n) % 10n)
  })

  it('ogrnip: the number modulo 13, its last digit', () => {
    agree(14, ogrnip, number => (BigInt(number) % 13n) % 10n)
  })

  it('enp: HL7 Mod10 as its standard words it', () => {
    agree(15, enp, hl7Mod10)
    for (const [number, control] of enps.algorithmExamples) expect(`${hl7Mod10(number!)}`).toBe(control)
  })

  /** Digits at odd places from the right make one number, which is doubled and written behind the others. */
  function hl7Mod10(number: string): number {
    const fromRight = [...number].reverse()
    const odd = fromRight
      .filter((_, place) => place % 2 === 0)
      .reverse()
      .join('')
    const even = fromRight
      .filter((_, place) => place % 2 === 1)
      .reverse()
      .join('')
    const sum = [...`${even}${BigInt(odd) * 2n}`].reduce((total, digit) => total + Number(digit), 0)
    return Math.ceil(sum / 10) * 10 - sum
  }
})

describe('kpp', () => {
  it.each(kpps.valid)('accepts $input', ({ input }) => {
    expect(kpp(input)).toEqual({ ok: true, normalized: input, checked: false, warnings })
  })

  it.each(kpps.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(kpp(input)).toEqual(rejected(reason))
  })

  it('has nine characters', () => {
    expect(kpp('77010100')).toEqual(rejected('length'))
    expect(kpp('7701010011')).toEqual(rejected('length'))
  })
})

describe('vin', () => {
  it.each(americanVins.valid)('accepts $input, its check digit checked', ({ input, normalized }) => {
    expect(vin(input)).toEqual({ ok: true, normalized, checked: true, warnings })
  })

  it.each(isoVins.valid)('accepts $input, which has no check digit', ({ input, normalized }) => {
    expect(vin(input)).toEqual({ ok: true, normalized, checked: false, warnings })
  })

  it.each([...americanVins.invalid, ...isoVins.invalid])('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(vin(input)).toEqual(rejected(/[А-Я]/.test(input) ? 'mixed_script' : reason))
  })

  it('refuses every other check digit in North America, and takes any elsewhere', () => {
    const places = [...'0123456789X']
    expect(places.filter(digit => vin(`1C6Y0GFJ${digit}DTZ49408`).ok)).toEqual(['9'])
    expect(places.filter(digit => vin(`XC6Y0GFJ${digit}DTZ49408`).ok)).toEqual(places)
  })

  it('ends in four digits', () => {
    expect(vin('XTAZZZ0000000012A')).toEqual(rejected('format'))
    expect(vin('XTAZZZ0000000A123')).toEqual(rejected('format'))
  })

  it('is not made of look-alikes that become Latin as capitals', () => {
    expect(vin('XTAZZZ0000ſ000123')).toEqual(rejected('charset'))
    expect(vin('XTAZZZ0000ı000123')).toEqual(rejected('charset'))
  })
})

describe('eptsNumber', () => {
  it.each(eptsNumbers.valid)('accepts $input', ({ input }) => {
    expect(eptsNumber(input)).toMatchObject({ ok: true, normalized: input, checked: false })
  })

  it.each(eptsNumbers.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(eptsNumber(input)).toEqual(rejected(reason))
  })

  it('warns of a kind or a state that is not known', () => {
    expect(eptsNumber('164303835638649')).toMatchObject({ warnings: [] })
    expect(eptsNumber('464303835638649')).toMatchObject({ ok: true, warnings: ['range'] })
    expect(eptsNumber('199903835638649')).toMatchObject({ ok: true, warnings: ['range'] })
  })

  it('is not zeros alone', () => {
    expect(eptsNumber('0'.repeat(15))).toEqual(rejected('range'))
  })
})

describe('birthCertificate', () => {
  /** What the vectors leave open: the codes of a numeral and of scripts. */
  const codes: Readonly<Record<string, string>> = { 'IIII-АБ': 'format', 'ІV-АБ': 'mixed_script' }

  it.each(births.valid)('accepts $series $number, in one text and in two', ({ series, number }) => {
    const accepted = { ok: true, normalized: `${series} ${number}`, series, number, checked: false, warnings }
    expect(birthCertificate({ series, number })).toEqual(accepted)
    for (const between of [' ', '', ' № ', '№']) expect(birthCertificate(series + between + number)).toEqual(accepted)
    expect(birthCertificate(`${series.toLowerCase()} ${number}`)).toEqual(accepted)
  })

  it.each(births.invalid)('refuses $series $number for its $reason', ({ series, number, reason }) => {
    expect(birthCertificate({ series, number })).toEqual(rejected(codes[series] ?? reason))
  })

  it.each([
    ['IV-АБ', 'length'],
    ['IV-АБ 1234567', 'length'],
    ['ИВ-АБ 123456', 'charset'],
    ['IV-АB 123456', 'mixed_script'],
    ['IV-АБ/123456', 'charset'],
    ['IV 123456', 'format'],
    ['VX-АБ 123456', 'format'],
    ['IV-А 123456', 'format'],
    ['IV-\u1c80Б 123456', 'charset'],
  ])('refuses %s: %s', (input, code) => {
    expect(birthCertificate(input)).toEqual(rejected(code))
  })

  it('takes numerals that are written in the one way', () => {
    const numerals = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XIX', 'XL', 'XLIX', 'L', 'LXXXIX']
    expect(numerals.filter(numeral => !birthCertificate(`${numeral}-АБ 123456`).ok)).toEqual([])
    const others = ['IIII', 'VV', 'IL', 'XXXX', 'LL', 'VIV', 'IXI', 'C', 'M']
    expect(others.filter(numeral => birthCertificate(`${numeral}-АБ 123456`).ok)).toEqual([])
  })

  it('takes two texts and no other object', () => {
    expect(birthCertificate({ series: 'IV-АБ' })).toEqual(rejected('type'))
    expect(birthCertificate({ series: 'IV-АБ', number: 123_456 })).toEqual(rejected('type'))
  })
})

it('birthCertificate answers for an object that throws', () => {
  const get = () => {
    throw new Error('not today')
  }
  expect(birthCertificate(new Proxy({}, { get }))).toEqual(rejected('type'))
})

it('departmentCode is not zeros alone', () => {
  for (const code of ['000-000', '000000']) expect(departmentCode(code)).toEqual(rejected('range'))
  expect(departmentCode('000-001').ok).toBe(true)
})

it('letters wholly of the other script are characters that do not belong; scripts are mixed where both are', () => {
  expect(driverLicence('77AB123456')).toEqual(rejected('charset'))
  expect(driverLicence('77АB123456')).toEqual(rejected('mixed_script'))
  expect(vin('ХТА21099012345678')).toEqual(rejected('charset'))
  expect(vin('ХTA21099012345678')).toEqual(rejected('mixed_script'))
})

describe('driverLicence', () => {
  it.each(licences.valid)('accepts $input', ({ input, normalized }) => {
    expect(driverLicence(input)).toEqual({ ok: true, normalized, checked: false, warnings })
    expect(driverLicence(normalized.toLowerCase())).toMatchObject({ normalized })
  })

  it.each(licences.invalid)('refuses $input for its $reason', ({ input, reason }) => {
    const mixed = /[A-Z]/.test(input) && /[А-Я]/.test(input)
    expect(driverLicence(input)).toEqual(rejected(mixed ? 'mixed_script' : reason))
  })

  it.each([
    ['0 081 798139', 'grouping'],
    ['00 817 98139', 'grouping'],
    ['00 81 798 139', 'grouping'],
    ['00817981399', 'length'],
    ['00 \u1c80М 329252', 'charset'],
  ])('refuses %s: %s', (input, code) => {
    expect(driverLicence(input)).toEqual(rejected(code))
  })
})

describe('phone', () => {
  it.each(phones.valid)('accepts $input', ({ input, e164 }) => {
    expect(phone(input)).toEqual({ ok: true, normalized: e164, checked: false, warnings })
  })

  it.each(phones.invalid)('refuses $input for its $reason', ({ input, reason }) => {
    expect(phone(input)).toEqual(rejected(reason))
  })

  it.each([
    ['+7 (900) 000-00-12', '+79000000012'],
    ['8(900)0000012', '+79000000012'],
    ['+6834000', '+6834000'],
    ['+123456789012345', '+123456789012345'],
  ])('accepts %s', (input, normalized) => {
    expect(phone(input)).toMatchObject({ ok: true, normalized })
  })

  it.each([
    ['8 ((900)) 000-00-12', 'grouping'],
    ['8 (900 000-00-12', 'grouping'],
    ['8 900) 000-00-12', 'grouping'],
    ['8 () 9000000012', 'grouping'],
    ['37529000000', 'format'],
    ['8 900 +7 000 00', 'format'],
    ['+123456', 'length'],
    ['+1234567890123456', 'length'],
    ['+7900000001', 'length'],
    ['900000001', 'length'],
    ['+', 'length'],
    ['0006001595', 'range'],
    ['8 200 000-00-12', 'range'],
    ['+7 100 000-00-12', 'range'],
  ])('refuses %s: %s', (input, code) => {
    expect(phone(input)).toEqual(rejected(code))
  })
})

describe('postalIndex', () => {
  it.each(postalIndexes.valid)('accepts $input', ({ input }) => {
    expect(postalIndex(` ${input}\u00a0`)).toEqual({ ok: true, normalized: input, checked: false, warnings })
  })

  it.each(postalIndexes.invalid)('refuses "$input" for its $reason', ({ input, reason }) => {
    expect(postalIndex(input)).toEqual(rejected(reason))
  })

  it('begins with no 7', () => {
    expect(postalIndex('712345')).toEqual(rejected('range'))
  })
})

describe('email', () => {
  it.each([
    ['Ivan.Petrov+bank@Example.ORG', 'Ivan.Petrov+bank@example.org'],
    [' почта@пример.рф ', 'почта@пример.рф'],
    ["o'brien@mail.example.co.uk", "o'brien@mail.example.co.uk"],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
  ])('accepts %s', (input, normalized) => {
    expect(email(input)).toEqual({ ok: true, normalized, checked: false, warnings })
  })

  it.each([
    ['', 'format'],
    ['ivan', 'format'],
    ['ivan@', 'format'],
    ['@example.org', 'format'],
    ['ivan@example', 'format'],
    ['ivan@@example.org', 'format'],
    ['ivan@example..org', 'format'],
    ['ivan@-example.org', 'format'],
    ['ivan@example-.org', 'format'],
    ['ivan@exam_ple.org', 'format'],
    ['ivan..petrov@example.org', 'format'],
    ['.ivan@example.org', 'format'],
    [`ivan@${'a'.repeat(64)}.org`, 'format'],
    [`${'a'.repeat(65)}@example.org`, 'length'],
    [`a@${`${'a'.repeat(60)}.`.repeat(4)}example.org`, 'length'],
    ['ivan petrov@example.org', 'charset'],
    ['"ivan"@example.org', 'charset'],
    ['ivan@example.org\u202e', 'charset'],
    ['iv\0an@example.org', 'charset'],
    ['iv\ud800an@example.org', 'charset'],
  ])('refuses %j: %s', (input, code) => {
    expect(email(input)).toEqual(rejected(code))
  })

  it('warns of a part in which scripts are mixed, not of parts in different ones', () => {
    expect(email('info@пример.рф')).toMatchObject({ ok: true, warnings: [] })
    expect(email('info@ехample.org')).toMatchObject({ ok: true, warnings: ['mixed_script'] })
    expect(email('ivаn@example.org')).toMatchObject({ ok: true, warnings: ['mixed_script'] })
  })
})

describe('personName', () => {
  it.each(['Салтыков-Щедрин', 'ФЁДОРОВ', 'анна мария', 'д’Артаньян', 'Қасым', 'Ли'])(
    'accepts %s as it stands',
    name => {
      expect(personName(name)).toEqual({ ok: true, normalized: name, checked: false, warnings })
    },
  )

  it('normalises what cannot be seen: composition, white space, dashes', () => {
    expect(personName(' И\u0306лья\u00a0 Петров\u2013Водкин ')).toMatchObject({ normalized: 'Йлья Петров-Водкин' })
  })

  it.each([
    ['', 'length'],
    [' ', 'length'],
    ['А'.repeat(151), 'length'],
    ['А\u0306'.repeat(400), 'length'],
    ['Ивaнов', 'mixed_script'],
    ['Ivanov', 'charset'],
    ['Иванов1', 'charset'],
    ['Иванов/Петров', 'charset'],
    ['Иван\u202eов', 'charset'],
    ['Иван\u200bов', 'charset'],
    ['Иван\0ов', 'charset'],
    ['Иван\ud800ов', 'charset'],
    ['Ив@нов', 'charset'],
    ['-Иванов', 'format'],
    ["'", 'format'],
  ])('refuses %j: %s', (input, code) => {
    expect(personName(input)).toEqual(rejected(code))
  })
})

it('the vectors are all there', () => {
  const files = import.meta.glob<{ valid?: unknown[]; invalid?: unknown[] }>('../vectors/domain-ru/*.json', {
    eager: true,
  })
  for (const { file, valid, invalid } of index.files) {
    const held = files[`../vectors/domain-ru/${file}`]
    expect([file, held?.valid?.length, held?.invalid?.length]).toEqual([file, valid, invalid])
  }
})

it('inputs may have 256 characters, spaces among them, and no more', () => {
  expect(innPerson('671798520932'.padStart(256))).toMatchObject({ ok: true })
  expect(innPerson('671798520932'.padStart(257))).toEqual(rejected('length'))
})

describe.each(everyValidator)('%s', (_, validator) => {
  it('accepts one of the samples', () => {
    expect(everyAccepted.some(input => validator(input).ok)).toBe(true)
  })

  it('refuses what is not text by its type', () => {
    for (const input of [null, 12_140_224_381, true, [], {}, new Date(0), Symbol('1'), () => '1'])
      expect(validator(input)).toEqual(rejected('type'))
    expect(validator(undefined)).toEqual(rejected('required'))
  })

  it.each(['1', ' ', '-', '\u00a0', 'А', '. ', '\u202e', '\0', '\ud800', 'a@', '(', '+'])(
    'refuses ten million times %j at once',
    unit => {
      const started = performance.now()
      expect(validator(unit.repeat(10_000_000))).toMatchObject({ ok: false })
      expect(performance.now() - started).toBeLessThan(atOnce)
    },
  )

  it.each(['\u202e', '\u200f', '\0', '\u0007', '\ud800', '\udfff', '\u200b'])(
    'takes no %j among its characters',
    hidden => {
      for (const input of everyAccepted)
        expect(validator(hidden + input).ok || validator(input.slice(0, 3) + hidden + input.slice(3)).ok).toBe(false)
    },
  )

  it('takes digits of no other script', () => {
    expect(validator('١٢٣-٤٥٦')).toMatchObject({ ok: false })
  })
})
