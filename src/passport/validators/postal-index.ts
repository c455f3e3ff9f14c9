/** The postal index of an address in Russia: six digits. */
import { accept, readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts six digits, of which the first is 1 to 6. It is not looked up.
 * Codes: `charset`, `length`, `range`.
 * @example postalIndex('190000').ok // true
 */
export function postalIndex(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/\D/.test(text)) return reject('charset')
  if (text.length !== 6) return reject('length')
  return /^[1-6]/.test(text) ? accept(text) : reject('range')
}
