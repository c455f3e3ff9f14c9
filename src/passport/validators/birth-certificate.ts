/** Series and number of a birth certificate: a Roman numeral in Latin letters, two Cyrillic letters, six digits. */
import { mixesScripts } from '../text.js'
import { readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts `IV-АИ 664217`, with № or nothing between series and number, or both apart as `{ series, number }`; normalised
 * to capitals and the form shown. A Cyrillic letter in the numeral and a Latin one in the series are not taken for their
 * look-alikes.
 * Codes: `charset`, `mixed_script` (inside the numeral or the letters), `format`, `length` (of the number).
 * @example birthCertificate('IV-АИ № 664217') // { ok: true, series: 'IV-АИ', number: '664217', … }
 */
export function birthCertificate(
  input: unknown,
): ValidatorResult<{ readonly series: string; readonly number: string }> {
  const text = readInput(joined(input))
  if (typeof text !== 'string') return text
  if (text.split(/[\d №-]+/).some(mixesScripts)) return reject('mixed_script')
  if (/[^\dA-Za-zА-Яа-яЁё №-]/.test(text)) return reject('charset')
  const [, numeral, letters, number] = /^([^ -]+) ?- ?([^\d №]+) ?№? ?(\d*)$/.exec(text.toUpperCase()) ?? []
  if (numeral === undefined || letters === undefined || number === undefined) return reject('format')
  if (/[A-Z]/.test(letters) || /[А-ЯЁ]/.test(numeral)) return reject('charset')
  if (letters.length !== 2 || !isRoman(numeral)) return reject('format')
  if (number.length !== 6) return reject('length')
  const series = `${numeral}-${letters}`
  return { ok: true, normalized: `${series} ${number}`, series, number, checked: false, warnings: [] }
}

function joined(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  try {
    const { series, number } = input as Readonly<Record<string, unknown>>
    return typeof series === 'string' && typeof number === 'string' ? `${series} ${number}` : input
  } catch {
    return input
  }
}

/** 1 to 89, written in the one way there is. */
const isRoman = (numeral: string): boolean => /^(XL|L?X{0,3})(I[XV]|V?I{0,3})$/.test(numeral)
