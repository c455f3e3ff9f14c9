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
  readonly warnings: readonly string[]
} & Extra

export interface Rejected {
  readonly ok: false
  readonly code: IssueCode
}

export type ValidatorResult<Extra = unknown> = Accepted<Extra> | Rejected

/** Longer inputs are refused before they are looked at. */
const longestInput = 256

export const reject = (code: IssueCode): Rejected => ({ ok: false, code })

/** A typed datum, normalised, or why it is not worth a look: `tooLong` is the code for far too long a text. */
export function readInput(input: unknown, tooLong: IssueCode = 'length'): string | Rejected {
  if (typeof input !== 'string') return reject(input === undefined ? 'required' : 'type')
  return input.length > longestInput ? reject(tooLong) : normalizeText(input)
}

/** The sum of digits times weights. Digits beyond the last weight count for nothing. */
export function weightedSum(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0)
}
