/** The zone of travel passports: the vectors, specimens of other states, and harms place by place. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatTd3Mrz, parseTd3Mrz, type Td3MrzPerson } from '../../../src/passport/mrz/td3.js'
import vectors from '../../vectors/domain-ru/mrz-travel-td3.json' with { type: 'json' }
import specimens from '../../vectors/mrz/cases.json' with { type: 'json' }
import { atOnce } from '../support.js'
import { changed, found, now } from './support.js'

const { line1, line2 } = vectors.valid[1]!
const parse = (first: unknown, second: unknown) => parseTd3Mrz(first, second, { now })
const shchukin: Td3MrzPerson = {
  ...{ familyName: 'Щукин', givenName: 'Юрий', sex: 1, birthDate: '1978-11-13' },
  ...{ documentNumber: '002309538', expiryDate: '2032-02-12' },
}

describe('parseTd3Mrz', () => {
  it.each(vectors.valid)('reads $line1', ({ line1, line2, person }) => {
    const { sex, birthDate, documentNumber, expiryDate } = person
    const [surname, given] = line1.slice(5).split('<<') as [string, string]
    expect(parse(line1, line2)).toEqual({
      ok: true,
      fields: {
        ...{ documentCode: 'P', issuingCountry: 'RUS', nationality: 'RUS', birthDate, documentNumber, expiryDate },
        ...{
          familyName: surname.replaceAll('<', ' '),
          givenName: given.replaceAll('<', ' '),
          sex: sex === 'М' ? 1 : 2,
        },
      },
      warnings: [],
    })
  })

  /** Which fields of the vectors' words are named here. */
  const fields: Readonly<Record<string, string>> = {
    'birth cd': 'birthDate checksum',
    'expiry cd': 'expiryDate checksum',
    'composite cd': 'composite checksum',
    'document number digit': 'documentNumber checksum',
    'expiry digit': 'expiryDate checksum',
    'personal number cd': 'personalNumber checksum',
  }

  it.each(vectors.invalid)('refuses $line2 for its $field', ({ line1, line2, field = '' }) => {
    expect(found(parse(line1, line2))).toContain(fields[field] ?? 'line2 charset')
  })

  const td3 = specimens.cases.filter(({ format }) => format === 'TD3')

  it.each(td3)('decides on the check digits of $name, whatever the state', ({ lines, source_errors }) => {
    const wrong = source_errors.filter(error => error.includes('check digit'))
    expect(found(parse(lines[0], lines[1]))).toHaveLength(wrong.length)
  })

  it('reads specimens of other states', () => {
    const [utopia, , nameless, chinese] = td3.map(({ lines }) => parse(lines[0], lines[1]))
    expect(utopia).toEqual({
      ok: true,
      fields: {
        ...{ documentCode: 'P', issuingCountry: 'UTO', familyName: 'ERIKSSON', givenName: 'ANNA MARIA', sex: 2 },
        ...{ documentNumber: 'L898902C3', nationality: 'UTO', birthDate: '1974-08-12', expiryDate: '2012-04-15' },
        personalNumber: 'ZE184226B',
      },
      warnings: [],
    })
    expect(nameless).toMatchObject({ fields: { givenName: 'FIRST NAME', nationality: 'D', issuingCountry: 'IND' } })
    expect(nameless).not.toHaveProperty('fields.familyName')
    expect(chinese).toMatchObject({ fields: { documentCode: 'PT', personalNumber: 'LCOCMKNENBPJB9' } })
  })

  it.each([
    [1, 'V<', 'documentCode format'],
    [1, 'P1', 'documentCode format'],
    [3, '<US', 'issuingCountry format'],
    [3, 'R<S', 'issuingCountry format'],
    [3, 'RU5', 'issuingCountry format'],
    [6, '4', 'familyName charset'],
    [18, '4', 'givenName charset'],
    [6, '<', 'line1 format'],
    [16, '<', 'line1 format'],
    [30, 'A', 'line1 format'],
    [6, '<'.repeat(39), 'familyName required'],
  ])('finds in line 1 from place %i on %s: %s', (place, characters, finding) => {
    expect(found(parse(changed(line1, place, characters), line2))).toContain(finding)
  })

  it.each([
    [1, '<<<<<<<<<', 'documentNumber required'],
    [10, '<', 'documentNumber checksum'],
    [11, '<<<', 'nationality format'],
    [11, 'R1S', 'nationality format'],
    [14, '7811A3', 'birthDate charset'],
    [14, '781131', 'birthDate calendar'],
    [14, '78<<13', 'birthDate charset'],
    [14, '7811<3', 'birthDate charset'],
    [14, '78111<', 'birthDate format'],
    [21, 'X', 'sex range'],
    [22, '3202<<', 'expiryDate charset'],
    [22, '321301', 'expiryDate calendar'],
    [22, '780101', 'expiryDate order'],
    [29, '1', 'personalNumber checksum'],
    [43, '1', 'personalNumber checksum'],
    [44, '1', 'composite checksum'],
  ])('finds in line 2 from place %i on %s: %s', (place, characters, finding) => {
    expect(found(parse(line1, changed(line2, place, characters)))).toContain(finding)
  })

  it('takes 0 and < for the check digit of no personal number, and < for that of none else', () => {
    expect(parse(line1, changed(line2, 43, '0'))).toMatchObject({ ok: true })
    const personal = formatTd3Mrz({ ...shchukin, personalNumber: '0' })
    expect(personal.ok && found(parse(line1, changed(personal.line2, 43, '<')))).toEqual(['personalNumber checksum'])
  })

  it.each([
    ['78<<<<', '1978'],
    ['7811<<', '1978-11'],
    ['<<<<<<', undefined],
  ])('reads a birth date of which no more is known than %s', (text, birthDate) => {
    const harmed = changed(line2, 14, text)
    // The check digits of the unknown parts, found by trying.
    const lines = [...'0123456789'].flatMap(first =>
      [...'0123456789'].map(last => changed(changed(harmed, 20, first), 44, last)),
    )
    const read = lines.map(line => parse(line1, line)).filter(result => result.ok)
    expect(read).toHaveLength(1)
    expect(read[0]?.fields.birthDate).toBe(birthDate)
  })

  it('tells a name that fills the line', () => {
    const long = formatTd3Mrz({ ...shchukin, givenName: 'Ю'.repeat(40) })
    expect(long.ok && parse(long.line1, long.line2)).toMatchObject({ warnings: [{ path: ['line1'], code: 'length' }] })
  })

  it('gives years their century by today', () => {
    const dates = (birthDate: string, expiryDate: string, today: string) => {
      const lines = formatTd3Mrz({ ...shchukin, birthDate, expiryDate })
      if (!lines.ok) return found(lines)
      const result = parseTd3Mrz(lines.line1, lines.line2, { now: () => new Date(`${today}T12:00:00Z`) })
      return result.ok ? [result.fields.birthDate, result.fields.expiryDate] : found(result)
    }
    expect(dates('2026-11-22', '2031-11-22', '2026-11-22')).toEqual(['2026-11-22', '2031-11-22'])
    expect(dates('1927-01-01', '2012-04-15', '2026-11-22')).toEqual(['1927-01-01', '2012-04-15'])
    expect(dates('1995-01-01', '1999-12-31', '2026-11-22')).toEqual(['1995-01-01', '1999-12-31'])
    expect(dates('2095-01-01', '2105-01-01', '2099-06-01')).toEqual(['2095-01-01', '2105-01-01'])
  })

  it('tells everything at once, and of a line that cannot be read nothing more', () => {
    expect(found(parse(changed(line1, 1, 'V'), changed(line2, 21, 'Q')))).toEqual(['documentCode format', 'sex range'])
    expect(found(parse(`${line1}<`, null))).toEqual(['line1 length', 'line2 type'])
    expect(found(parse(undefined, 'а'.repeat(44)))).toEqual(['line1 required', 'line2 charset'])
  })

  it('refuses ten million characters at once', () => {
    const started = performance.now()
    expect(found(parse('<'.repeat(10_000_000), '7'.repeat(10_000_000)))).toEqual(['line1 length', 'line2 length'])
    expect(performance.now() - started).toBeLessThan(atOnce)
  })
})

describe('formatTd3Mrz', () => {
  it.each(vectors.valid)('writes $line1', ({ person, line1, line2 }) => {
    const unusedDigit = line2[42] as '<' | '0'
    expect(formatTd3Mrz(person as Td3MrzPerson, { unusedDigit })).toEqual({ ok: true, line1, line2 })
  })

  it('writes the specimen of the standard', () => {
    const eriksson = {
      ...{ familyName: 'Eriksson', givenName: 'Anna Maria', sex: 'F' as const, birthDate: '1974-08-12' },
      ...{ documentNumber: 'L898902C3', expiryDate: '2012-04-15', nationality: 'UTO', issuingCountry: 'UTO' },
    }
    const { lines } = specimens.cases.find(({ format }) => format === 'TD3')!
    expect(formatTd3Mrz({ ...eriksson, personalNumber: 'ZE184226B' })).toEqual({
      ok: true,
      line1: lines[0],
      line2: lines[1],
    })
  })

  it('writes codes of one and two letters', () => {
    const lines = formatTd3Mrz({ ...shchukin, documentCode: 'PP', nationality: 'D', issuingCountry: 'D', sex: 0 })
    expect(lines.ok && [lines.line1.slice(0, 5), lines.line2.slice(10, 13), lines.line2[20]]).toEqual([
      'PPD<<',
      'D<<',
      '<',
    ])
  })

  it.each([
    ['the given name to the end', 'А'.repeat(20), 'Б'.repeat(20), `${'A'.repeat(20)}<<${'B'.repeat(17)}`],
    ['36 letters of the surname and one of the name', 'А'.repeat(40), 'БД', `${'A'.repeat(36)}<<B`],
    ['37 letters, when they fit', 'А'.repeat(36), 'Б', `${'A'.repeat(36)}<<B`],
    ['39 letters of a surname alone', 'А'.repeat(40), null, 'A'.repeat(39)],
    ['no filler before the division', `${'А'.repeat(35)} ДД`, 'Б', `${'A'.repeat(35)}<<B<`],
    ['a given name alone', null, 'Анна', `<<ANNA${'<'.repeat(33)}`],
  ])('keeps %s', (_, familyName, givenName, area) => {
    const lines = formatTd3Mrz({ ...shchukin, familyName, givenName })
    expect(lines.ok && lines.line1.slice(5)).toBe(area)
  })

  it.each([
    [{ familyName: null, givenName: undefined }, ['familyName required']],
    [{ familyName: 'Щуkин', givenName: '1' }, ['familyName mixed_script', 'givenName charset']],
    [{ sex: 9 }, ['sex range']],
    [{ sex: undefined }, ['sex required']],
    [{ documentNumber: '' }, ['documentNumber format']],
    [{ documentNumber: '1234567890' }, ['documentNumber format']],
    [{ documentNumber: 'аб1' }, ['documentNumber format']],
    [{ documentNumber: undefined }, ['documentNumber required']],
    [{ documentNumber: 2_309_538 }, ['documentNumber type']],
    [{ nationality: 'RU1' }, ['nationality format']],
    [{ issuingCountry: 'RUSS' }, ['issuingCountry format']],
    [{ documentCode: 'V' }, ['documentCode format']],
    [{ personalNumber: '1'.repeat(15) }, ['personalNumber format']],
    [{ birthDate: '1978-11-31', expiryDate: '12.02.2032' }, ['birthDate calendar', 'expiryDate format']],
    [{ expiryDate: '1978-11-12' }, ['expiryDate order']],
  ] as const)('refuses %j: %j', (harm, findings) => {
    expect(found(formatTd3Mrz({ ...shchukin, ...harm } as Td3MrzPerson))).toEqual(findings)
  })

  it('is told by TypeError that null is no person', () => {
    expect(() => formatTd3Mrz(null as never)).toThrow(new TypeError('`person` must be an object'))
  })

  it('is told by TypeError of another digit for no personal number', () => {
    expect(() => formatTd3Mrz(shchukin, { unusedDigit: '7' as never })).toThrow(TypeError)
  })
})

it('what is written is read, for every person whose names fit', () => {
  const letters = (alphabet: string, maxLength: number) =>
    fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength })
  const name = (maxLength: number) => letters('ABCDEFGHIJKLMNOPQRSTUVWXYZ', maxLength)
  const day = (from: string, to: string) =>
    fc
      .date({ min: new Date(from), max: new Date(to), noInvalidDate: true })
      .map(date => date.toISOString().slice(0, 10))
  const anyone = fc.record({
    ...{ familyName: name(18), givenName: name(18), sex: fc.constantFrom(0 as const, 1 as const, 2 as const) },
    ...{ birthDate: day('1927-01-01', '2010-01-01'), expiryDate: day('2010-01-02', '2060-01-01') },
    ...{ documentNumber: letters('0123456789ABCXYZ', 9), nationality: name(3), issuingCountry: name(3) },
    personalNumber: letters('0123456789ABCXYZ', 14),
  })
  fc.assert(
    fc.property(anyone, someone => {
      const lines = formatTd3Mrz(someone)
      expect(lines).toMatchObject({ ok: true })
      if (lines.ok) expect(parse(lines.line1, lines.line2)).toMatchObject({ ok: true, fields: someone })
    }),
    { seed: 20261122, numRuns: 200 },
  )
})
