/** The time claims of a token (RFC 7519 §4.1.4 to §4.1.6): strictly typed, held against one clock. */
import { fromSeconds } from '../core/clock.js'
import type { JsonValue } from '../core/json.js'
import { type ErrorCode, VidimusError } from '../errors.js'

/** The last second of the year 9999: what lies beyond is no date. */
const endOfTime = 253_402_300_799

/** Where the times stand in a token's claims. */
interface TimeClaims {
  readonly exp?: JsonValue | undefined
  readonly nbf?: JsonValue | undefined
  readonly iat?: JsonValue | undefined
}

/** What each refusal is called: the times of a credential unless said otherwise. `iat` is needed where it is among the claims. */
interface TimeCodes {
  readonly nbf: ErrorCode
  readonly exp: ErrorCode
  readonly iat?: ErrorCode
}

const credentialTimes = {
  nbf: 'credential_not_yet_valid',
  exp: 'credential_expired',
  iat: 'credential_issued_in_future',
} as const

/**
 * Holds `nbf`, `exp` and `iat` against the clock and returns the end of validity, if there is one.
 * Throws `claim_malformed`, `credential_not_yet_valid`, `credential_expired`, `credential_issued_in_future`, or the codes
 * given instead.
 */
export function verifyTimes(
  claims: TimeClaims,
  now: Date,
  clockTolerance: number,
  codes: TimeCodes = credentialTimes,
): Date | undefined {
  const seconds = now.getTime() / 1000
  const [iat, nbf, exp] = [readTime(claims, 'iat'), readTime(claims, 'nbf'), readTime(claims, 'exp')]
  if (nbf !== undefined && nbf > seconds + clockTolerance) throw new VidimusError(codes.nbf, { at: 'nbf' })
  if (exp !== undefined && exp <= seconds - clockTolerance) throw new VidimusError(codes.exp, { at: 'exp' })
  if (iat !== undefined && iat > seconds + clockTolerance) throw new VidimusError(codes.iat!, { at: 'iat' })
  return exp === undefined ? undefined : fromSeconds(exp)
}

function readTime(claims: TimeClaims, name: keyof TimeClaims): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || value < 0 || value > endOfTime)
    throw new VidimusError('claim_malformed', { at: name })
  return value
}
