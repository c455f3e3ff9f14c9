/** OGRNIP, the registration number of a sole trader: fifteen digits, the last of them a control digit. */
import { remainder } from './remainder.js'
import { checkedNumber, type ValidatorResult } from './result.js'

/**
 * Accepts fifteen digits, with spaces between them or without. No register is asked.
 * Codes: `charset`, `length`, `range` (all zeros), `checksum`.
 * @example ogrnip('322753298487861').ok // true
 */
export const ogrnip = (input: unknown): ValidatorResult =>
  checkedNumber(input, 15, digits => `${remainder(digits.slice(0, -1), 13) % 10}`)
