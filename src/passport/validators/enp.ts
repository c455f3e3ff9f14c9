/** ENP, the number of the compulsory medical insurance policy: sixteen digits, the last of them a control digit. */
import { checkedNumber, type ValidatorResult } from './result.js'

/**
 * Accepts sixteen digits, with spaces between them or without. Policies of older kinds have other numbers, and the birth
 * date and sex coded inside are not relied on.
 * Codes: `charset`, `length`, `range` (all zeros), `checksum`.
 * @example enp('5092 7583 2246 4760').ok // true
 */
export const enp = (input: unknown): ValidatorResult => checkedNumber(input, 16, controlDigit)

/** HL7 Mod10, which gives what Luhn's algorithm gives: every second digit doubled, beginning with the last. */
function controlDigit(digits: string): string {
  const sum = [...digits.slice(0, -1)].reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${(10 - (sum % 10)) % 10}`
}
