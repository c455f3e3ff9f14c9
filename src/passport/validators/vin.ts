/** VIN, the identification number of a vehicle (ISO 3779): seventeen characters. */

import { mixesScripts } from '../text.js'
import { readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts seventeen digits and Latin letters without I, O and Q, of which the last four are digits; normalised to
 * capitals. The check digit at place 9 is the rule of North America (first character 1 to 5) and is demanded there alone:
 * elsewhere that place means something else, and `checked` is false.
 * Codes: `charset`, `mixed_script`, `length`, `format` (the last four), `checksum`.
 * @example vin('1C6Y0GFJ9DTZ49408') // { ok: true, checked: true, … }
 */
export function vin(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (mixesScripts(text)) return reject('mixed_script')
  if (/[^\dA-HJ-NPR-Z]/i.test(text)) return reject('charset')
  if (text.length !== 17) return reject('length')
  if (!/\d{4}$/.test(text)) return reject('format')
  const normalized = text.toUpperCase()
  const checked = /^[1-5]/.test(normalized)
  if (checked && normalized[8] !== checkDigit(normalized)) return reject('checksum')
  return { ok: true, normalized, checked, warnings: [] }
}

/** 49 CFR §565.15: values of the characters times weights, modulo 11, of which 10 is written X. */
function checkDigit(vin: string): string {
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  const sum = weights.reduce((total, weight, place) => total + weight * characterValue(vin.charCodeAt(place)), 0)
  return '0123456789X'[sum % 11]!
}

/** Digits as they are, A to I as 1 to 9, J to R as 1 to 9, S to Z as 2 to 9. */
function characterValue(code: number): number {
  if (code < 65) return code - 48
  return code < 83 ? ((code - 65) % 9) + 1 : code - 81
}
