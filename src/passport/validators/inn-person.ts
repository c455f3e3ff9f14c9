/** INN of a natural person or sole trader: twelve digits, the last two of them control digits. */
import { checkedNumber, type ValidatorResult, weightedSum } from './result.js'

/**
 * Accepts twelve digits, with spaces between them or without. An organisation's INN has ten digits and is refused.
 * Codes: `charset`, `length`, `range` (all zeros, which pass the arithmetic), `checksum`.
 * @example innPerson('671798520932').ok // true
 */
export const innPerson = (input: unknown): ValidatorResult => checkedNumber(input, 12, controlDigits)

function controlDigits(digits: string): string {
  const eleventh = (weightedSum(digits, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  const twelfth = (weightedSum(digits, [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10
  return `${eleventh}${twelfth}`
}
