/** INN of a natural person or sole trader: twelve digits, the last two of them control digits. */
import { readInput, reject, type ValidatorResult, weightedSum } from './result.js'

/**
 * Accepts twelve digits, with spaces between them or without. An organisation's INN has ten digits and is refused.
 * Codes: `charset`, `length`, `range` (all zeros, which pass the arithmetic), `checksum`.
 * @example innPerson('671798520932').ok // true
 */
export function innPerson(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d ]/.test(text)) return reject('charset')
  const digits = text.replace(/ /g, '')
  if (digits.length !== 12) return reject('length')
  if (Number(digits) === 0) return reject('range')
  if (controlDigits(digits) !== digits.slice(10)) return reject('checksum')
  return { ok: true, normalized: digits, checked: true, warnings: [] }
}

function controlDigits(digits: string): string {
  const eleventh = (weightedSum(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  const twelfth = (weightedSum(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  return `${eleventh}${twelfth}`
}
