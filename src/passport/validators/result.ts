/** What a validator answers. It says whether a datum was written right, never whose it is or that it exists. */
import type { IssueCode } from '../../errors.js'
import { normalizeText } from '../text.js'

/** The datum in its one written form, with whatever else its validator tells of it. */
export type Accepted<Extra = unknown> = {
  readonly ok: true
  /** The form that is signed and compared. */
  readonly normalized: string
  /** Whether control digits were there and agree; `false` where the datum has none. */
  readonly checked: boolean
  /** What deserves a look but does not refuse. */
  readonly warnings: readonly IssueCode[]
} & Extra

export interface Rejected {
  readonly ok: false
  readonly code: IssueCode
}

export type ValidatorResult<Extra = unknown> = Accepted<Extra> | Rejected

/** Longer inputs are refused before they are looked at. */
const longestInput = 256

export const reject = (code: IssueCode): Rejected => ({ ok: false, code })

/** A datum of which nothing but its form can be judged. */
export const accept = (normalized: string, warnings: readonly IssueCode[] = []): Accepted => ({
  ok: true,
  normalized,
  checked: false,
  warnings,
})

/** A typed datum, normalised, or why it is not worth a look: `tooLong` is the code for far too long a text. */
export function readInput(input: unknown, tooLong: IssueCode = 'length'): string | Rejected {
  if (typeof input !== 'string') return reject(input === undefined ? 'required' : 'type')
  return input.length > longestInput ? reject(tooLong) : normalizeText(input)
}

/**
 * A number of `count` digits, with spaces between them or without.
 * Codes: `charset`, `length`, `range` (zeros alone, which pass every arithmetic).
 */
export function readNumber(input: unknown, count: number): string | Rejected {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d ]/.test(text)) return reject('charset')
  const digits = text.replace(/ /g, '')
  if (digits.length !== count) return reject('length')
  return /[1-9]/.test(digits) ? digits : reject('range')
}

/** A number whose last digits are control digits: `control` gives what they must be. Codes as `readNumber`, `checksum`. */
export function checkedNumber(input: unknown, count: number, control: (digits: string) => string): ValidatorResult {
  const digits = readNumber(input, count)
  if (typeof digits !== 'string') return digits
  return digits.endsWith(control(digits))
    ? { ok: true, normalized: digits, checked: true, warnings: [] }
    : reject('checksum')
}

/** The sum of digits times weights. Digits beyond the last weight count for nothing. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0)
}
