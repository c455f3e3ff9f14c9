/** OGRN, the registration number of an organisation: thirteen digits, the last of them a control digit. */
import { remainder } from './remainder.js'
import { checkedNumber, type ValidatorResult } from './result.js'

/**
 * Accepts thirteen digits, with spaces between them or without. No register is asked.
 * Codes: `charset`, `length`, `range` (all zeros), `checksum`.
 * @example ogrn('5156883504620').ok // true
 */
export const ogrn = (input: unknown): ValidatorResult =>
  checkedNumber(input, 13, digits => `${remainder(digits.slice(0, -1), 11) % 10}`)
