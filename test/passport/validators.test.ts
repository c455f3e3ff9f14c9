/** One validator per datum: the vectors, and harms beside them. */
import { describe, expect, it } from 'vitest'
import { dateRu } from '../../src/passport/validators/date-ru.js'
import { departmentCode } from '../../src/passport/validators/department-code.js'
import { innPerson } from '../../src/passport/validators/inn-person.js'
import { passportSeriesNumber } from '../../src/passport/validators/passport-series-number.js'
import type { ValidatorResult } from '../../src/passport/validators/result.js'
import { snils } from '../../src/passport/validators/snils.js'
import dates from '../vectors/domain-ru/date-ru.json' with { type: 'json' }
import departments from '../vectors/domain-ru/department-code.json' with { type: 'json' }
import inns from '../vectors/domain-ru/inn-person.json' with { type: 'json' }
import passports from '../vectors/domain-ru/passport-series-number.json' with { type: 'json' }
import snilses from '../vectors/domain-ru/snils.json' with { type: 'json' }
import { atOnce } from './support.js'

const everyValidator: readonly [string, (input: unknown) => ValidatorResult][] = [
  ['snils', snils],
  ['innPerson', innPerson],
  ['passportSeriesNumber', passportSeriesNumber],
  ['departmentCode', departmentCode],
  ['dateRu', dateRu],
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

it('inputs may have 256 characters, spaces among them, and no more', () => {
  expect(innPerson('671798520932'.padStart(256))).toMatchObject({ ok: true })
  expect(innPerson('671798520932'.padStart(257))).toEqual(rejected('length'))
})

describe.each(everyValidator)('%s', (_, validator) => {
  it('refuses what is not text by its type', () => {
    for (const input of [null, 12_140_224_381, true, [], {}, new Date(0)])
      expect(validator(input)).toEqual(rejected('type'))
    expect(validator(undefined)).toEqual(rejected('required'))
  })

  it.each(['1', ' ', '-', '\u00a0', 'А', '. '])('refuses ten million times %j at once', unit => {
    const started = performance.now()
    expect(validator(unit.repeat(10_000_000))).toMatchObject({ ok: false })
    expect(performance.now() - started).toBeLessThan(atOnce)
  })

  it('takes digits of no other script', () => {
    expect(validator('١٢٣-٤٥٦')).toMatchObject({ ok: false })
  })
})
