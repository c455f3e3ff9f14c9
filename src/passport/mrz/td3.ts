/**
 * The machine-readable zone of travel passports, TD3 (ICAO Doc 9303 part 4 §4.2): two lines of 44. A patronymic is not in
 * it, and the Latin spelling of a name is the document's own.
 */
import { expectObject, misuse } from '../../core/arguments.js'
import { readClock } from '../../core/clock.js'
import { latestDate } from '../calendar.js'
import { datesOf, nearestOf, pastOf } from './century.js'
import { transliterateIcao } from './icao-letters.js'
import {
  type CheckDigit,
  compositeDigit,
  isLine,
  letters,
  type MrzSex,
  named,
  nameLength,
  padded,
  places,
  readNames,
  readSex,
  sexLetter,
  shortDate,
  verifyDigits,
  withDigits,
} from './lines.js'
import { findings, type MrzOptions, type ReadMrz, type RefusedMrz, type Report, type WrittenMrz } from './result.js'

/** What the zone of a travel passport says. Names are in Latin capitals, with spaces where hyphens were. */
export interface Td3MrzFields {
  /** `P`, alone or with the second letter of newer documents. */
  readonly documentCode: string
  /** As in the zone, without fillers: `RUS`, `D`, `UTO`. No list of countries is asked, here and for the nationality. */
  readonly issuingCountry: string
  readonly familyName?: string
  readonly givenName?: string
  readonly documentNumber: string
  readonly nationality: string
  /** `YYYY-MM-DD`, `YYYY-MM` or `YYYY` as far as it is known; absent when nothing of it is. */
  readonly birthDate?: string
  /** ISO/IEC 5218: 0 not known, 1 male, 2 female. */
  readonly sex: MrzSex
  readonly expiryDate: string
  readonly personalNumber?: string
}

/** Whom a zone is written for. */
export interface Td3MrzPerson {
  /** In Latin letters as printed in the document, or in Russian, which is spelled by ICAO's table; names alike. */
  readonly familyName?: string | null | undefined
  /** Another word for `familyName`. */
  readonly surname?: string | null | undefined
  readonly givenName?: string | null | undefined
  readonly sex: MrzSex | 'М' | 'Ж' | 'M' | 'F'
  /** `YYYY-MM-DD` */
  readonly birthDate: string
  /** At most nine digits and capitals; a Russian one is the series and the number together. */
  readonly documentNumber: string
  /** `YYYY-MM-DD` */
  readonly expiryDate: string
  /** Three letters; `RUS` by default. */
  readonly nationality?: string | undefined
  /** Three letters; `RUS` by default. */
  readonly issuingCountry?: string | undefined
  /** `P` by default. */
  readonly documentCode?: string | undefined
  /** At most fourteen digits and capitals. */
  readonly personalNumber?: string | undefined
}

export interface FormatTd3Options {
  /** The check digit where there is no personal number, which the standard leaves to the issuer. Default `<`. */
  readonly unusedDigit?: '<' | '0' | undefined
}

const personalDigit: CheckDigit = ['personalNumber', [[29, 42]], 43]

const otherDigits: readonly CheckDigit[] = [
  ['documentNumber', [[1, 9]], 10],
  ['birthDate', [[14, 19]], 20],
  ['expiryDate', [[22, 27]], 28],
  compositeDigit,
]

/**
 * The fields of a zone, or everything that is wrong with it, field by field. Lines are taken as they stand: 44 capitals,
 * digits and `<` each. Check digits prove that it was read right, not that it is genuine.
 *
 * A birth date is taken to lie in the latest century in which it is not in the future, an expiry date in the one in
 * which it is nearest to today.
 * Codes: `required`, `type`, `length`, `charset` (of a line or a field), `format`, `range`, `calendar`, `order`, `checksum`.
 */
export function parseTd3Mrz(
  line1: unknown,
  line2: unknown,
  { now }: MrzOptions = {},
): ReadMrz<Td3MrzFields> | RefusedMrz {
  const today = latestDate(readClock(now))
  const { issues, report } = findings()
  const names = isLine(line1, 'line1', report) ? readFirstLine(line1, report) : undefined
  const others = isLine(line2, 'line2', report) ? readSecondLine(line2, today, report) : undefined
  if (names === undefined || others === undefined || issues.length > 0) return { ok: false, issues }
  return { ok: true, fields: { ...names.fields, ...others }, warnings: names.warnings }
}

function readFirstLine(line: string, report: Report) {
  const documentCode = places(line, 1, 2).replace('<', '')
  if (!/^P[A-Z<]$/.test(places(line, 1, 2))) report('documentCode', 'format')
  const issuingCountry = readCountry(places(line, 3, 5), 'issuingCountry', report)
  const names = readNames(line, /^[A-Z<]*$/, report)
  if (names === undefined) return undefined
  const { issues: warnings, report: warn } = findings()
  if (names.full) warn('line1', 'length')
  const fields = { ...named('familyName', names.surname), ...named('givenName', names.given) }
  return { fields: { documentCode, issuingCountry, ...fields }, warnings }
}

function readSecondLine(line: string, today: string, report: Report) {
  const documentNumber = withoutFillers(places(line, 1, 9))
  if (documentNumber === '') report('documentNumber', 'required')
  const nationality = readCountry(places(line, 11, 13), 'nationality', report)
  const sex = readSex(places(line, 21), report)
  const personalNumber = withoutFillers(places(line, 29, 42))
  const isUnused = personalNumber === '' && places(line, 43) === '<' // Doc 9303 part 4 §4.2.2.2
  verifyDigits(line, isUnused ? otherDigits : [...otherDigits, personalDigit], report)
  const birthDate = readBirthDate(places(line, 14, 19), today, report)
  const expiryDate = nearestOf(datesOf(places(line, 22, 27), today, 'expiryDate', report), today)
  if (expiryDate === undefined) return undefined
  if (birthDate !== '' && expiryDate < birthDate) report('expiryDate', 'order')
  const dates = { ...named('birthDate', birthDate), expiryDate }
  return { documentNumber, nationality, sex, ...dates, ...named('personalNumber', personalNumber) }
}

const withoutFillers = (text: string): string => text.replace(/<+$/, '')

function readCountry(code: string, field: string, report: Report): string {
  if (!/^[A-Z]+<*$/.test(code)) report(field, 'format')
  return withoutFillers(code)
}

/** Doc 9303 part 3 §4.8: what is not known of a date of birth is fillers. */
function readBirthDate(text: string, today: string, report: Report): string {
  const known = withoutFillers(text)
  if (known.length % 2 === 1) report('birthDate', 'format')
  const date = pastOf(datesOf(known.padEnd(4, '01').padEnd(6, '01'), today, 'birthDate', report), today)[0] ?? ''
  return known === '' ? '' : date.slice(0, [0, 0, 4, 0, 7, 0, 10][known.length])
}

/**
 * The two lines for a person, or everything that keeps them from being written. Names that are too long are cut, so that
 * at least a letter of each remains.
 * Codes: `required`, `type`, `length`, `charset`, `mixed_script`, `format`, `range`, `calendar`, `order`.
 * Throws `TypeError` when the person is no object and for another `unusedDigit`.
 */
export function formatTd3Mrz(
  person: Td3MrzPerson,
  { unusedDigit = '<' }: FormatTd3Options = {},
): WrittenMrz | RefusedMrz {
  expectObject(person, 'person')
  if (unusedDigit !== '<' && unusedDigit !== '0') throw misuse('unusedDigit', '< or 0')
  const { issues, report } = findings()
  const code = written(person.documentCode ?? 'P', /^P[A-Z]?$/, 2, 'documentCode', report)
  const country = written(person.issuingCountry ?? 'RUS', /^[A-Z]{1,3}$/, 3, 'issuingCountry', report)
  const line1 = `${code}${country}${padded(writeNames(person, report), nameLength)}`
  const line2 = writeSecondLine(person, unusedDigit, report)
  return issues.length === 0 ? { ok: true, line1, line2 } : { ok: false, issues }
}

function writeNames(person: Td3MrzPerson, report: Report): string {
  const surname = letters(person.familyName ?? person.surname, transliterateIcao, 'familyName', report)
  const given = letters(person.givenName, transliterateIcao, 'givenName', report)
  if (surname === undefined && given === undefined) report('familyName', 'required')
  return fitted(surname ?? '', given ?? '')
}

function fitted(surname: string, given: string): string {
  if (given === '') return surname.slice(0, nameLength)
  // Doc 9303 part 4 §4.2.3: a cut surname leaves room for the two fillers and one letter.
  const kept = surname.length + given.length + 2 > nameLength ? surname.slice(0, nameLength - 3) : surname
  return `${withoutFillers(kept)}<<${given}`.slice(0, nameLength)
}

function writeSecondLine(person: Td3MrzPerson, unusedDigit: string, report: Report): string {
  const number = written(person.documentNumber, /^[A-Z\d]{1,9}$/, 9, 'documentNumber', report)
  const nationality = written(person.nationality ?? 'RUS', /^[A-Z]{1,3}$/, 3, 'nationality', report)
  const birth = shortDate(person.birthDate, 'birthDate', report)
  const expiry = shortDate(person.expiryDate, 'expiryDate', report)
  if (birth !== '' && expiry !== '' && person.expiryDate < person.birthDate) report('expiryDate', 'order')
  const sex = sexLetter(person.sex, '<MF', report)
  const personal = written(person.personalNumber ?? '', /^[A-Z\d]{0,14}$/, 14, 'personalNumber', report)
  const isUnused = personal.startsWith('<')
  const line = `${number}?${nationality}${birth}?${sex}${expiry}?${personal}${isUnused ? unusedDigit : '?'}?`
  return withDigits(line, isUnused ? otherDigits : [personalDigit, ...otherDigits])
}

function written(value: unknown, form: RegExp, length: number, field: string, report: Report): string {
  if (typeof value !== 'string') report(field, value === undefined ? 'required' : 'type')
  else if (!form.test(value)) report(field, 'format')
  else return padded(value, length)
  return ''
}
