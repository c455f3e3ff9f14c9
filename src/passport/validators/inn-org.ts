/** INN of an organisation: ten digits, the last of them a control digit. */
import { checkedNumber, type ValidatorResult, weightedSum } from './result.js'

/**
 * Accepts ten digits, with spaces between them or without. A person's INN has twelve digits and is refused, and so is
 * the form of older certificates, padded to twelve with `00`.
 * Codes: `charset`, `length`, `range` (all zeros), `checksum`.
 * @example innOrg('5223712949').ok // true
 */
export const innOrg = (input: unknown): ValidatorResult => checkedNumber(input, 10, controlDigit)

const controlDigit = (digits: string): string => `${(weightedSum(digits, [2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11) % 10}`
