/** The zone of the internal passport: the vectors, the rules of cutting, and harms place by place. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { citizenPassport } from '../../../src/passport/citizen.js'
import { formatInternalMrz, type InternalMrzPerson, parseInternalMrz } from '../../../src/passport/mrz/internal.js'
import { explain } from '../../../src/wording/explain.js'
import vectors from '../../vectors/domain-ru/mrz-internal-pn.json' with { type: 'json' }
import { atOnce } from '../support.js'
import { changed, found, now } from './support.js'

const { person, line1, line2 } = vectors.valid[1]!
const parse = (first: unknown, second: unknown) => parseInternalMrz(first, second, { now })
const shchukin: InternalMrzPerson = { ...person, sex: 'М', familyName: person.surname }

describe('parseInternalMrz', () => {
  it.each(vectors.valid)('reads $line1', ({ line1, line2, person, nameFit }) => {
    const { surname, givenName, patronymic, sex, ...others } = person
    const result = parse(line1, line2)
    expect(result).toMatchObject({ ok: true, fields: { ...others, sex: sex === 'М' ? 1 : 2 } })
    if (!result.ok || nameFit !== 'full') return
    const names = { familyName: surname, givenName, ...(patronymic === null ? {} : { patronymic }) }
    expect(result.fields).toMatchObject(names)
    expect(result.fields).not.toHaveProperty('patronymic', null)
    expect(result.warnings).toEqual([])
  })

  /** Which fields of the vectors' words are named here. */
  const fields: Readonly<Record<string, string>> = {
    'additional data check digit': 'additionalData checksum',
    'composite check digit': 'composite checksum',
    'document number digit': 'number checksum',
    'birth date digit': 'birthDate checksum',
    'department code digit': 'additionalData checksum',
    'last digit of the series': 'additionalData checksum',
    sex: 'sex range',
    'expiry must be fillers': 'expiryDate format',
    'Cyrillic letter in line 1': 'line1 charset',
  }

  it.each(vectors.invalid)('refuses $line2 for its $field', ({ line1, line2, field }) => {
    expect(found(parse(line1, line2))).toContain(fields[field])
  })

  it('tells names that fill the line', () => {
    const cut = vectors.valid.find(({ nameFit }) => nameFit !== 'full')!
    expect(parse(cut.line1, cut.line2)).toMatchObject({ ok: true, warnings: [{ path: ['line1'], code: 'length' }] })
  })

  it('tells a last name that may be no patronymic', () => {
    const lines = formatInternalMrz({ ...shchukin, givenName: 'Анна Мария', patronymic: null })
    expect(lines).toMatchObject({ ok: true })
    if (!lines.ok) return
    expect(parse(lines.line1, lines.line2)).toMatchObject({
      fields: { givenName: 'АННА', patronymic: 'МАРИЯ' },
      warnings: [{ path: ['patronymic'], code: 'name_order' }],
    })
  })

  it.each([
    [1, 'PA', 'documentCode format'],
    [1, 'P<', 'documentCode format'],
    [3, 'BLR', 'issuingCountry range'],
    [6, '<WUKIN', 'line1 format'],
    [6, 'WU5IN', 'familyName charset'],
    [13, '0RIQ', 'givenName charset'],
    [11, '<<<', 'line1 format'],
    [24, '<<', 'line1 format'],
    [6, '<'.repeat(39), 'familyName required'],
  ])('finds in line 1 from place %i on %s: %s', (place, characters, finding) => {
    expect(found(parse(changed(line1, place, characters), line2))).toEqual([finding])
  })

  it.each([
    [1, 'A', 'series charset'],
    [29, '<', 'series charset'],
    [4, 'A', 'number charset'],
    [4, '000000', 'number range'],
    [11, 'UTO', 'nationality range'],
    [14, 'A', 'birthDate charset'],
    [14, '931301', 'birthDate calendar'],
    [14, '930230', 'birthDate calendar'],
    [21, '<', 'sex required'],
    [21, 'X', 'sex range'],
    [22, '9', 'expiryDate format'],
    [28, '0', 'expiryDate format'],
    [30, 'A', 'issueDate charset'],
    [30, '130431', 'issueDate calendar'],
    [30, '010101', 'issueDate order'],
    [36, 'A', 'departmentCode charset'],
    [42, '0', 'additionalData format'],
    [10, '3', 'number checksum'],
    [10, '<', 'number checksum'],
    [20, '1', 'birthDate checksum'],
    [43, '1', 'additionalData checksum'],
    [44, '1', 'composite checksum'],
  ])('finds in line 2 from place %i on %s: %s', (place, characters, finding) => {
    expect(found(parse(line1, changed(line2, place, characters)))).toContain(finding)
  })

  it('finds every digit mistyped', () => {
    for (let place = 1; place <= 44; place++) {
      const digit = line2[place - 1]!
      if (!/\d/.test(digit)) continue
      expect(parse(line1, changed(line2, place, `${(Number(digit) + 1) % 10}`)).ok).toBe(false)
    }
  })

  it('tells everything at once, and of a line that cannot be read nothing more', () => {
    expect(found(parse(changed(line1, 3, 'BLR'), changed(changed(line2, 21, 'Q'), 14, '931301')))).toEqual([
      'issuingCountry range',
      'birthDate checksum',
      'composite checksum',
      'sex range',
      'birthDate calendar',
    ])
    expect(found(parse('', `${line2}<`))).toEqual(['line1 length', 'line2 length'])
    expect(found(parse(undefined, 7))).toEqual(['line1 required', 'line2 type'])
    expect(found(parse(line1.toLowerCase(), line2.replace('RUS', 'rus')))).toEqual(['line1 charset', 'line2 charset'])
    expect(found(parse(`${line1}\n`.slice(1), line2))).toEqual(['line1 charset'])
  })

  it('never repeats a value, and explains itself', () => {
    const result = parse(line1, changed(line2, 43, '1'))
    expect(JSON.stringify(result)).not.toContain('WUKIN')
    expect(explain(result)).toContain('additionalData: the check digit is wrong')
  })

  it('gives years their century by today and by the age of 14', () => {
    const dates = (birthDate: string, issueDate: string, today: string) => {
      const lines = formatInternalMrz({ ...shchukin, birthDate, issueDate })
      if (!lines.ok) return lines
      const result = parseInternalMrz(lines.line1, lines.line2, { now: () => new Date(`${today}T12:00:00Z`) })
      return result.ok ? [result.fields.birthDate, result.fields.issueDate] : found(result)
    }
    expect(dates('2008-02-05', '2022-03-06', '2026-11-22')).toEqual(['2008-02-05', '2022-03-06'])
    expect(dates('1959-02-14', '2012-05-15', '2026-11-22')).toEqual(['1959-02-14', '2012-05-15'])
    // Born 24.05.1924: in 2024 the passport of 2015 would have been issued before birth.
    expect(dates('1924-05-24', '2015-01-10', '2026-11-22')).toEqual(['1924-05-24', '2015-01-10'])
    expect(dates('1960-02-29', '2012-05-15', '2026-11-22')).toEqual(['1960-02-29', '2012-05-15'])
    expect(dates('1990-01-01', '2026-11-23', '2026-11-22')).toEqual(['1990-01-01', '2026-11-23']) // tomorrow somewhere
    expect(dates('1990-01-01', '2026-11-24', '2026-11-22')).toEqual(['issueDate order'])
    expect(dates('2100-03-01', '2114-03-01', '2115-01-01')).toEqual(['2100-03-01', '2114-03-01'])
  })

  it('refuses ten million characters at once', () => {
    const started = performance.now()
    expect(found(parse('<'.repeat(10_000_000), '7'.repeat(10_000_000)))).toEqual(['line1 length', 'line2 length'])
    expect(performance.now() - started).toBeLessThan(atOnce)
  })

  it('asks for a clock that tells the time', () => {
    expect(() => parseInternalMrz(line1, line2, { now: () => new Date(Number.NaN) })).toThrow(TypeError)
  })
})

describe('formatInternalMrz', () => {
  it.each(vectors.valid)('writes $line1', ({ person, line1, line2 }) => {
    expect(formatInternalMrz(person as InternalMrzPerson)).toEqual({ ok: true, line1, line2 })
  })

  it("takes a record of the citizen's passport as it is", () => {
    const passport = citizenPassport.parse({
      ...{ familyName: 'Щукин', givenName: 'Юрий', patronymic: 'Эдуардович', sex: 1, birthDate: '1993-01-25' },
      ...{
        birthPlace: 'г. Тест',
        series: '0013',
        number: '434433',
        issueDate: '2013-04-14',
        departmentCode: '000-037',
      },
      issuingAuthority: 'ОТДЕЛОМ ТЕСТА',
    })
    expect(formatInternalMrz(passport)).toEqual({ ok: true, line1, line2 })
  })

  const areaOf = (familyName: string | null, givenName: string | null, patronymic: string | null) => {
    const lines = formatInternalMrz({ ...shchukin, surname: null, familyName, givenName, patronymic })
    return lines.ok ? lines.line1.slice(5) : found(lines).join()
  }

  it.each([
    [
      'all of it, when it fits',
      'А'.repeat(20),
      'Б'.repeat(7),
      'В'.repeat(9),
      `${'A'.repeat(20)}<<${'B'.repeat(7)}<${'V'.repeat(9)}`,
    ],
    [
      'the patronymic to the end',
      'А'.repeat(20),
      'Б'.repeat(7),
      'В'.repeat(10),
      `${'A'.repeat(20)}<<${'B'.repeat(7)}<${'V'.repeat(9)}`,
    ],
    ['one letter of it', 'А'.repeat(20), 'Б'.repeat(15), 'ВГ', `${'A'.repeat(20)}<<${'B'.repeat(15)}<V`],
    ['the name to place 42', 'А'.repeat(20), 'Б'.repeat(16), 'ВГ', `${'A'.repeat(20)}<<${'B'.repeat(15)}<V`],
    ['one letter of the name', 'А'.repeat(34), 'БД', 'ВГ', `${'A'.repeat(34)}<<B<V`],
    ['34 letters of the surname', 'А'.repeat(35), 'БД', 'ВГ', `${'A'.repeat(34)}<<B<V`],
    ['35 letters, when they fit', 'А'.repeat(35), 'Б', null, `${'A'.repeat(35)}<<B<`],
    [
      'the name to the end, without patronymic',
      'А'.repeat(20),
      'Б'.repeat(20),
      null,
      `${'A'.repeat(20)}<<${'B'.repeat(17)}`,
    ],
    ['34 letters and one, without patronymic', 'А'.repeat(40), 'БД', null, `${'A'.repeat(34)}<<B<<`],
    ['39 letters of a surname alone', 'А'.repeat(40), null, null, 'A'.repeat(39)],
    ['a given name alone', null, 'Анна', 'ВГ', `<<ANNA<VG${'<'.repeat(30)}`],
    ['no filler before a division', `${'А'.repeat(33)} Г`, 'БД', 'ВГ', `${'A'.repeat(33)}<<B<V<`],
    [
      'no filler before an initial',
      'А'.repeat(20),
      `${'Б'.repeat(14)} Д`,
      'ВГ',
      `${'A'.repeat(20)}<<${'B'.repeat(14)}<V<`,
    ],
  ])('keeps %s', (_, familyName, givenName, patronymic, area) => {
    expect(areaOf(familyName, givenName, patronymic)).toBe(area)
  })

  it.each([
    [{ familyName: undefined, surname: undefined, givenName: null, patronymic: null }, ['familyName required']],
    [{ givenName: null }, ['givenName required']],
    [{ familyName: 'Щуkин' }, ['familyName mixed_script']],
    [{ familyName: 'ЇЖАК', givenName: 'Иван1' }, ['familyName charset', 'givenName charset']],
    [{ patronymic: '-' }, ['patronymic length']],
    [{ sex: 3 }, ['sex range']],
    [{ sex: 0 }, ['sex range']],
    [{ sex: undefined }, ['sex required']],
    [{ series: '001' }, ['series length']],
    [{ series: 13 }, ['series type']],
    [{ series: '00A3' }, ['series charset']],
    [{ number: '000000' }, ['number range']],
    [{ number: undefined }, ['number required']],
    [{ departmentCode: '0000-37' }, ['departmentCode grouping']],
    [{ birthDate: '25.01.1993' }, ['birthDate format']],
    [{ birthDate: '1993-02-30' }, ['birthDate calendar']],
    [{ birthDate: undefined, issueDate: 7 }, ['birthDate required', 'issueDate type']],
    [{ issueDate: '2007-01-24' }, ['issueDate order']],
    [{ birthDate: '9999-01-01', issueDate: '9999-12-31' }, ['issueDate order']],
  ] as const)('refuses %j: %j', (harm, findings) => {
    expect(found(formatInternalMrz({ ...shchukin, surname: undefined, ...harm } as InternalMrzPerson))).toEqual(
      findings,
    )
  })

  it('writes for the day on which the holder turns 14', () => {
    expect(formatInternalMrz({ ...shchukin, issueDate: '2007-01-25' })).toMatchObject({ ok: true })
  })

  it.each([null, undefined, 'ЩУКИН'])('is told by TypeError that %j is no person', nobody => {
    expect(() => formatInternalMrz(nobody as never)).toThrow(new TypeError('`person` must be an object'))
  })
})

it('what is written is read, for every person whose names fit', () => {
  const name = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ'), minLength: 1, maxLength })
  const day = (from: string, to: string) =>
    fc
      .date({ min: new Date(from), max: new Date(to), noInvalidDate: true })
      .map(date => date.toISOString().slice(0, 10))
  const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
  const anyone = fc.record({
    ...{
      familyName: name(14),
      givenName: name(10),
      patronymic: name(12),
      sex: fc.constantFrom(1 as const, 2 as const),
    },
    ...{ birthDate: day('1927-01-01', '2012-11-21'), series: digits(4), issueDate: day('2011-07-01', '2026-11-21') },
    ...{
      number: digits(6).filter(number => number !== '000000'),
      departmentCode: fc.tuple(digits(3), digits(3)).map(parts => parts.join('-')),
    },
  })
  const oldEnough = anyone.filter(
    ({ birthDate, issueDate }) => Number(issueDate.slice(0, 4)) - Number(birthDate.slice(0, 4)) > 14,
  )
  fc.assert(
    fc.property(oldEnough, someone => {
      const lines = formatInternalMrz(someone)
      expect(lines).toMatchObject({ ok: true })
      if (lines.ok) expect(parse(lines.line1, lines.line2)).toMatchObject({ ok: true, fields: someone })
    }),
    { seed: 20261122, numRuns: 200 },
  )
})
