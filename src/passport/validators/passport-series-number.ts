/** Series and number of the internal passport: four digits and six, without control digits of their own. */
import { readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts ten digits with a space, a hyphen or the sign № only after the second and the fourth digit; normalised to ten
 * digits. The region in the series is that of the blank, not of the holder, and is not judged.
 * Codes: `charset`, `length`, `grouping`, `range` (the number 000000).
 * @example passportSeriesNumber('00 06 № 001595') // { ok: true, series: '0006', number: '001595', … }
 */
export function passportSeriesNumber(
  input: unknown,
): ValidatorResult<{ readonly series: string; readonly number: string }> {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d №-]/.test(text)) return reject('charset')
  const digits = text.replace(/[ №-]/g, '')
  if (digits.length !== 10) return reject('length')
  if (!/^\d\d[ -]?\d\d( ?[№-] ?| )?\d{6}$/.test(text)) return reject('grouping')
  const series = digits.slice(0, 4)
  const number = digits.slice(4)
  if (number === '000000') return reject('range')
  return { ok: true, normalized: digits, series, number, checked: false, warnings: [] }
}
