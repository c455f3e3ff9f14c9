/** KPP, the reason code of an organisation's tax registration: nine characters, shared by many organisations. */
import { accept, readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts four digits of the tax office, two digits or Latin capitals of the reason, three digits. It has no control digit.
 * Codes: `charset`, `length`.
 * @example kpp('6548AB212').ok // true
 */
export function kpp(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\dA-Z]/.test(text)) return reject('charset')
  if (text.length !== 9) return reject('length')
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(text) ? accept(text) : reject('charset')
}
