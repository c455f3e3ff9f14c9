/**
 * The machine-readable zone of the internal passport, on blanks since July 2011: two lines of 44 like ICAO's TD3, but of
 * kind `PN`, with the series divided, no expiry, and Cyrillic names in letters and digits of their own.
 */
import { expectObject } from '../../core/arguments.js'
import { readClock } from '../../core/clock.js'
import { firstIssueAge } from '../age-window.js'
import { ageOn, latestDate } from '../calendar.js'
import { departmentCode } from '../validators/department-code.js'
import { looksLikePatronymic } from '../validators/name-order.js'
import { datesOf, pastOf } from './century.js'
import { restoreInternal, transliterateInternal } from './internal-letters.js'
import {
  type CheckDigit,
  compositeDigit,
  isLine,
  letters,
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
import {
  findings,
  type MrzIssue,
  type MrzOptions,
  type ReadMrz,
  type RefusedMrz,
  type Report,
  type WrittenMrz,
} from './result.js'

/** What the zone of an internal passport says. Names are in Cyrillic capitals, with spaces where hyphens were. */
export interface InternalMrzFields {
  readonly familyName?: string
  readonly givenName?: string
  readonly patronymic?: string
  /** ISO/IEC 5218: 1 male, 2 female. */
  readonly sex: 1 | 2
  readonly birthDate: string
  readonly series: string
  readonly number: string
  readonly issueDate: string
  /** `NNN-NNN` */
  readonly departmentCode: string
}

type SecondLine = Omit<InternalMrzFields, 'familyName' | 'givenName' | 'patronymic'>

/** Whom a zone is written for: a record of the citizen's passport, or the same as people write it. */
export interface InternalMrzPerson {
  readonly familyName?: string | null | undefined
  /** Another word for `familyName`. */
  readonly surname?: string | null | undefined
  readonly givenName?: string | null | undefined
  readonly patronymic?: string | null | undefined
  readonly sex: 1 | 2 | 'М' | 'Ж' | 'M' | 'F'
  /** `YYYY-MM-DD` */
  readonly birthDate: string
  /** Four digits. */
  readonly series: string
  /** Six digits. */
  readonly number: string
  /** `YYYY-MM-DD` */
  readonly issueDate: string
  readonly departmentCode: string
}

const checkDigits: readonly CheckDigit[] = [
  ['number', [[1, 9]], 10],
  ['birthDate', [[14, 19]], 20],
  ['additionalData', [[29, 42]], 43],
  compositeDigit,
]

/**
 * The fields of a zone, or everything that is wrong with it, field by field. Lines are taken as they stand: 44 capitals,
 * digits and `<` each. Check digits prove that it was read right, not that it is genuine.
 *
 * Of several names after the surname the last is taken for the patronymic. Of the centuries that a date may lie in, the
 * latest is taken in which nothing lies in the future and the passport was issued from the age of 14 on.
 * Codes: `required`, `type`, `length`, `charset` (of a line or a field), `format`, `range`, `calendar`, `order`, `checksum`.
 */
export function parseInternalMrz(
  line1: unknown,
  line2: unknown,
  { now }: MrzOptions = {},
): ReadMrz<InternalMrzFields> | RefusedMrz {
  const today = latestDate(readClock(now))
  const { issues, report } = findings()
  const names = isLine(line1, 'line1', report) ? readFirstLine(line1, report) : undefined
  const others = isLine(line2, 'line2', report) ? readSecondLine(line2, today, report) : undefined
  if (names === undefined || others === undefined || issues.length > 0) return { ok: false, issues }
  return { ok: true, fields: { ...names.fields, ...others }, warnings: names.warnings }
}

function readFirstLine(line: string, report: Report) {
  if (places(line, 1, 2) !== 'PN') report('documentCode', 'format')
  if (places(line, 3, 5) !== 'RUS') report('issuingCountry', 'range')
  const names = readNames(line, /^[A-Z2-46-9<]*$/, report)
  const surname = restoreInternal(names?.surname ?? '')
  const given = restoreInternal(names?.given ?? '')
  if (names === undefined || surname === undefined || given === undefined) return undefined
  const [givenName, patronymic] = divided(given)
  const fields = {
    ...named('familyName', surname),
    ...named('givenName', givenName),
    ...named('patronymic', patronymic),
  }
  return { fields, warnings: warningsOf(patronymic, names.full) }
}

function divided(given: string): readonly [givenName: string, patronymic: string] {
  const last = given.lastIndexOf(' ')
  return last < 0 ? [given, ''] : [given.slice(0, last), given.slice(last + 1)]
}

function warningsOf(patronymic: string, full: boolean): readonly MrzIssue[] {
  const { issues, report } = findings()
  if (full) report('line1', 'length')
  else if (patronymic !== '' && !looksLikePatronymic(patronymic)) report('patronymic', 'name_order')
  return issues
}

function readSecondLine(line: string, today: string, report: Report): SecondLine | undefined {
  const series = places(line, 1, 3) + places(line, 29)
  const number = places(line, 4, 9)
  const department = places(line, 36, 41)
  if (/\D/.test(series)) report('series', 'charset')
  if (/\D/.test(number)) report('number', 'charset')
  else if (number === '000000') report('number', 'range')
  if (places(line, 11, 13) !== 'RUS') report('nationality', 'range')
  if (places(line, 22, 28) !== '<<<<<<<') report('expiryDate', 'format')
  if (/\D/.test(department)) report('departmentCode', 'charset')
  if (places(line, 42) !== '<') report('additionalData', 'format')
  verifyDigits(line, checkDigits, report)
  const sex = readSex(places(line, 21), report)
  if (places(line, 21) === '<') report('sex', 'required')
  const dates = readDates(places(line, 14, 19), places(line, 30, 35), today, report)
  if (sex === 0 || dates === undefined) return undefined
  return { sex, ...dates, series, number, departmentCode: `${department.slice(0, 3)}-${department.slice(3)}` }
}

function readDates(birth: string, issue: string, today: string, report: Report) {
  const births = pastOf(datesOf(birth, today, 'birthDate', report), today)
  const issues = pastOf(datesOf(issue, today, 'issueDate', report), today)
  for (const birthDate of births) {
    const issueDate = issues.find(date => ageOn(birthDate, date) >= firstIssueAge)
    if (issueDate !== undefined) return { birthDate, issueDate }
  }
  if (births.length > 0 && issues.length > 0) report('issueDate', 'order')
  return undefined
}

/**
 * The two lines for a person, or everything that keeps them from being written. Names that are too long are cut as the
 * blank's rules have it.
 * Codes: `required`, `type`, `length`, `charset`, `mixed_script`, `format`, `grouping`, `range`, `calendar`, `order`.
 * Throws `TypeError` when the person is no object.
 */
export function formatInternalMrz(person: InternalMrzPerson): WrittenMrz | RefusedMrz {
  expectObject(person, 'person')
  const { issues, report } = findings()
  const line1 = `PNRUS${padded(writeNames(person, report), nameLength)}`
  const line2 = writeSecondLine(person, report)
  return issues.length === 0 ? { ok: true, line1, line2 } : { ok: false, issues }
}

function writeNames(person: InternalMrzPerson, report: Report): string {
  const write = (name: unknown, field: string) => letters(name, transliterateInternal, field, report)
  const surname = write(person.familyName ?? person.surname, 'familyName')
  const given = write(person.givenName, 'givenName')
  const patronymic = write(person.patronymic, 'patronymic')
  if (surname === undefined && given === undefined) report('familyName', 'required')
  if (patronymic !== undefined && given === undefined) report('givenName', 'required')
  return fitted(surname ?? '', given ?? '', patronymic ?? '')
}

/** The places of the names, cut where the blank's rules cut them. */
function fitted(surname: string, given: string, patronymic: string): string {
  const start = given === '' ? surname : `${surname}<<${given}`
  const whole = patronymic === '' ? start : `${start}<${patronymic}`
  const initial = patronymic === '' ? '' : `<${patronymic[0]}`
  if (whole.length <= nameLength) return whole
  if (given !== '' && surname.length > 34) return `${cut(surname, 34)}<<${given.slice(0, 1)}${initial}`
  if (initial === '' || start.length <= 37) return cut(whole, nameLength)
  return cut(start, 37) + initial
}

/** The beginning of a text, never ending in a filler that would be read as a division. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/<+$/, '')

function writeSecondLine(person: InternalMrzPerson, report: Report): string {
  const series = digits(person.series, 4, 'series', report)
  const number = digits(person.number, 6, 'number', report)
  if (number === '000000') report('number', 'range')
  const code = departmentCode(person.departmentCode)
  if (!code.ok) report('departmentCode', code.code)
  const department = code.ok ? code.normalized.replace('-', '') : ''
  const birth = shortDate(person.birthDate, 'birthDate', report)
  const issue = shortDate(person.issueDate, 'issueDate', report)
  const sex = sexLetter(person.sex, 'MF', report)
  if (birth !== '' && issue !== '' && ageOn(person.birthDate, person.issueDate) < firstIssueAge)
    report('issueDate', 'order')
  const line = `${series.slice(0, 3)}${number}?RUS${birth}?${sex}<<<<<<<${series.slice(3)}${issue}${department}<??`
  return withDigits(line, checkDigits)
}

function digits(value: unknown, count: number, field: string, report: Report): string {
  if (typeof value !== 'string') report(field, value === undefined ? 'required' : 'type')
  else if (value.length !== count) report(field, 'length')
  else if (/\D/.test(value)) report(field, 'charset')
  else return value
  return ''
}
