/** What the two-line zones of 44 characters have in common (ICAO Doc 9303 part 4 §4.2), in both directions. */
import { isCalendarDate } from '../../core/clock.js'
import type { Rejected } from '../validators/result.js'
import { mrzCheckDigit } from './check-digit.js'
import type { Report } from './result.js'

const lineLength = 44

/** Places 6 to 44 of the first line. */
export const nameLength = 39

/** Places of a line, counted from 1, both ends inclusive, as the standard prints them. */
export const places = (line: string, from: number, to = from): string => line.slice(from - 1, to)

export const padded = (text: string, length: number): string => text.padEnd(length, '<')

/** Whether something is a line: 44 characters of A to Z, 0 to 9 and `<`. */
export function isLine(line: unknown, name: string, report: Report): line is string {
  if (typeof line !== 'string') report(name, line === undefined ? 'required' : 'type')
  else if (line.length !== lineLength) report(name, 'length')
  else if (/[^A-Z\d<]/.test(line)) report(name, 'charset')
  else return true
  return false
}

/** A check digit of the second line: the field it stands for, the spans it covers, its own place. */
export type CheckDigit = readonly [field: string, covers: readonly (readonly [from: number, to: number])[], at: number]

export const compositeDigit: CheckDigit = [
  'composite',
  [
    [1, 10],
    [14, 20],
    [22, 43],
  ],
  44,
]

const digitOver = (line: string, covers: CheckDigit[1]): string =>
  mrzCheckDigit(covers.map(([from, to]) => places(line, from, to)).join(''))

export function verifyDigits(line: string, digits: readonly CheckDigit[], report: Report): void {
  for (const [field, covers, at] of digits) if (places(line, at) !== digitOver(line, covers)) report(field, 'checksum')
}

/** The line with each check digit put in its place. */
export const withDigits = (line: string, digits: readonly CheckDigit[]): string =>
  digits.reduce((whole, [, covers, at]) => whole.slice(0, at - 1) + digitOver(whole, covers) + whole.slice(at), line)

/** The parts of the names in the first line. */
export interface NameParts {
  readonly surname: string
  readonly given: string
  /** The names fill the line, so that some of them may be missing. */
  readonly full: boolean
}

/** Doc 9303 part 4 §4.2.2: parts are divided by one filler, the surname from the given names by two; either may be missing. */
export function readNames(line: string, alphabet: RegExp, report: Report): NameParts | undefined {
  const area = places(line, 6, lineLength)
  const text = area.replace(/<+$/, '')
  if (text === '') report('familyName', 'required')
  else if (!/^(\w+(<\w+)*)?(<<\w+(<\w+)*)?$/.test(text)) report('line1', 'format')
  else {
    const [surname = '', given = ''] = text.split('<<')
    if (!alphabet.test(surname)) report('familyName', 'charset')
    if (!alphabet.test(given)) report('givenName', 'charset')
    return { surname: surname.replace(/</g, ' '), given: given.replace(/</g, ' '), full: area === text }
  }
  return undefined
}

/** Names absent from the zone are absent from the fields. */
export const named = <Name extends string>(name: Name, text: string): { readonly [Key in Name]?: string } =>
  (text === '' ? {} : { [name]: text }) as { readonly [Key in Name]?: string }

/** ISO/IEC 5218: 0 not known, 1 male, 2 female. */
export type MrzSex = 0 | 1 | 2

export function readSex(letter: string, report: Report): MrzSex {
  if (letter === 'M') return 1
  if (letter === 'F') return 2
  if (letter !== '<') report('sex', 'range')
  return 0
}

/** A person's sex as people write it, as the zone does; `known` are the letters that it may be. */
export function sexLetter(sex: unknown, known: string, report: Report): string {
  const letters = new Map<unknown, string>([
    [0, '<'],
    [1, 'M'],
    [2, 'F'],
    ['М', 'M'],
    ['Ж', 'F'],
    ['M', 'M'],
    ['F', 'F'],
  ])
  const letter = letters.get(sex) ?? ''
  if (letter === '' || !known.includes(letter)) report('sex', sex === undefined ? 'required' : 'range')
  return letter
}

/** A name that is there, as the zone writes it. */
export type Spell = (name: unknown) => { readonly ok: true; readonly mrz: string } | Rejected

/** The letters of a name; `undefined` where there is none, empty where it cannot be written. */
export function letters(name: unknown, spell: Spell, field: string, report: Report): string | undefined {
  if (name === null || name === undefined) return undefined
  const spelled = spell(name)
  if (spelled.ok) return spelled.mrz
  report(field, spelled.code)
  return ''
}

/** `YYMMDD` of a calendar date. */
export function shortDate(date: unknown, field: string, report: Report): string {
  if (typeof date !== 'string') report(field, date === undefined ? 'required' : 'type')
  else if (!/^\d{4}-\d\d-\d\d$/.test(date)) report(field, 'format')
  else if (!isCalendarDate(date)) report(field, 'calendar')
  else return date.slice(2).replace(/-/g, '')
  return ''
}
