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

/** What each refusal is called: the times of a credential unless said otherwise. */
interface TimeCodes {
  readonly notYet: ErrorCode
  readonly expired: ErrorCode
  readonly issuedInFuture: ErrorCode
}

const credentialTimes: TimeCodes = {
  notYet: 'credential_not_yet_valid',
  expired: 'credential_expired',
  issuedInFuture: 'credential_issued_in_future',
}

/**
 * Holds `nbf`, `exp` and `iat` against the clock and returns the end of validity, if there is one.
 * Throws `claim_malformed`, `credential_not_yet_valid`, `credential_expired`, `credential_issued_in_future`, or the codes
 * given instead.
 */
export function verifyTimes(
  claims: TimeClaims,
  now: Date,
  clockTolerance: number,
  codes = credentialTimes,
): Date | undefined {
  const seconds = now.getTime() / 1000
  const [issuedAt, notBefore, expires] = [readTime(claims, 'iat'), readTime(claims, 'nbf'), readTime(claims, 'exp')]
  if (notBefore !== undefined && notBefore > seconds + clockTolerance)
    throw new VidimusError(codes.notYet, { at: 'nbf' })
  if (expires !== undefined && expires <= seconds - clockTolerance) throw new VidimusError(codes.expired, { at: 'exp' })
  if (issuedAt !== undefined && issuedAt > seconds + clockTolerance)
    throw new VidimusError(codes.issuedInFuture, { at: 'iat' })
  return expires === undefined ? undefined : fromSeconds(expires)
}

function readTime(claims: TimeClaims, name: keyof TimeClaims): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || value < 0 || value > endOfTime)
    throw new VidimusError('claim_malformed', { at: name })
  return value
}
