/** The number of an electronic vehicle passport (ЭПТС) in the system of the Eurasian Economic Union: fifteen digits. */
import { accept, readNumber, type ValidatorResult } from './result.js'

/**
 * Accepts fifteen digits, with spaces between them or without. No rule for a control digit is published. What is seen in
 * practice, a kind (1 vehicle, 2 chassis, 3 self-propelled machine) and then the numeric code of a member state, is not
 * demanded: another beginning gives the warning `range`.
 * Codes: `charset`, `length`, `range` (all zeros).
 * @example eptsNumber('164303835638649').ok // true
 */
export function eptsNumber(input: unknown): ValidatorResult {
  const digits = readNumber(input, 15)
  if (typeof digits !== 'string') return digits
  return accept(digits, /^[1-3](051|112|398|417|643)/.test(digits) ? [] : ['range'])
}
