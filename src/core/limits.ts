/**
 * Every bound that runs before work. Each default is safe; a caller may lower it, never raise it.
 *
 * Sizes are in bytes (for text: in UTF-16 units, which for base64url is the same), counts are inclusive maxima.
 */
import { VidimusError } from '../errors.js'
import { expectNoMore, expectObject } from './arguments.js'

export interface Limits {
  /** A credential or presentation as received. */
  readonly presentationBytes: number
  /** A JOSE header, decoded. Certificates travel in it, so it is not tiny. */
  readonly headerBytes: number
  /** Nesting of JSON and of CBOR, and of disclosures within disclosures. */
  readonly depth: number
  /** Values in one JSON text. */
  readonly jsonValues: number
  /** Items in one piece of CBOR. */
  readonly cborItems: number
  /** Members of one CBOR map that has integers for keys. */
  readonly cborIntegerKeys: number
  readonly disclosures: number
  readonly certificates: number
  readonly certificateBytes: number
  /** A status list token as received. */
  readonly statusTokenBytes: number
  /** A status list inflated; compressed it has 2.5 MiB at most, whatever the limit. */
  readonly statusListBytes: number
  /** Entries and hashes in an audit proof or history. */
  readonly proofEntries: number
}

export const defaultLimits: Limits = /* @__PURE__ */ Object.freeze({
  presentationBytes: 4 * 1024 * 1024,
  headerBytes: 128 * 1024,
  depth: 16,
  jsonValues: 65_536,
  cborItems: 65_536,
  cborIntegerKeys: 1024,
  disclosures: 512,
  certificates: 5,
  certificateBytes: 16 * 1024,
  statusTokenBytes: 8 * 1024 * 1024,
  statusListBytes: 16 * 1024 * 1024,
  proofEntries: 10_000,
})

/**
 * The defaults with the caller's lower values in their place.
 * Throws `RangeError` on a value that is not lower, `TypeError` on a name that is no limit.
 */
export function readLimits(lower: Partial<Limits> | undefined): Limits {
  if (lower === undefined) return defaultLimits
  expectObject(lower, 'limits')
  expectNoMore(lower, 'limits', defaultLimits)
  const limits = { ...defaultLimits }
  for (const [name, highest] of Object.entries(defaultLimits) as [keyof Limits, number][]) {
    const { [name]: limit = highest } = lower
    if (!Number.isInteger(limit) || limit < 0 || limit > highest)
      throw new RangeError(`\`limits.${name}\` must be an integer from 0 to ${highest}`)
    limits[name] = limit
  }
  return limits
}

/** Throws `limit_exceeded`, naming the limit, when `actual` is beyond it. */
export function within<Name extends string>(
  limits: { readonly [name in Name]: number },
  name: Name,
  actual: number,
): void {
  if (actual > limits[name])
    throw new VidimusError('limit_exceeded', {
      at: name,
      expected: limits[name],
      actual,
    })
}

/** What the pieces of CBOR within one input have used up together: each of them may be as long as a limit allows. */
export interface Spent {
  readonly spent?: { items: number } | undefined
}

/** The limits of one input whose pieces count together. */
export const forOneInput = (limits: Limits): Limits & Spent => ({ ...limits, spent: { items: 0 } })
