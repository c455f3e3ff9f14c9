/** SNILS, the insurance number of an individual account: nine digits and two control digits, `XXX-XXX-XXX YY`. */
import { readInput, reject, type ValidatorResult, weightedSum } from './result.js'

/** Numbers up to this one have no control digits. */
const lastUnchecked = 1_001_998

/**
 * Accepts SNILS with or without separators; normalised to 11 digits. Old numbers up to 001-001-998 have no control
 * digits and come back with `checked: false`.
 * Codes: `charset`, `length`, `grouping`, `range` (all zeros), `checksum`.
 * @example snils('112-233-445 95') // { ok: true, normalized: '11223344595', formatted: '112-233-445 95', … }
 */
export function snils(input: unknown): ValidatorResult<{ readonly formatted: string }> {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d -]/.test(text)) return reject('charset')
  const digits = text.replace(/[ -]/g, '')
  if (digits.length !== 11) return reject('length')
  if (!/^\d{3}[ -]?\d{3}[ -]?\d{3}[ -]?\d{2}$/.test(text)) return reject('grouping')
  const number = digits.slice(0, 9)
  if (Number(number) === 0) return reject('range')
  const checked = Number(number) > lastUnchecked
  if (checked && controlDigits(number) !== digits.slice(9)) return reject('checksum')
  return { ok: true, normalized: digits, formatted: format(digits), checked, warnings: [] }
}

/** The sum of the digits times 9 to 1, modulo 101; 100 is written 00. */
function controlDigits(number: string): string {
  const remainder = weightedSum(number, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101
  return String(remainder % 100).padStart(2, '0')
}

const format = (digits: string): string =>
  `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6, 9)} ${digits.slice(9)}`
