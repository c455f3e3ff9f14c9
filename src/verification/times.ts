/** The time claims of a token (RFC 7519 §4.1.4 to §4.1.6): strictly typed, held against one clock. */
import { fromSeconds } from '../core/clock.js'
import type { JsonObject } from '../core/json.js'
import { type ErrorCode, VidimusError } from '../errors.js'

/** The last second of the year 9999: what lies beyond is no date. */
const endOfTime = 253_402_300_799

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
  claims: JsonObject,
  now: Date,
  clockTolerance: number,
  codes = credentialTimes,
): Date | undefined {
  const seconds = now.getTime() / 1000
  const [issuedAt, notBefore, expires] = [readTime(claims, 'iat'), readTime(claims, 'nbf'), readTime(claims, 'exp')]
  if (notBefore !== undefined && notBefore > seconds + clockTolerance)
    throw new VidimusError(codes.notYet, 'its time has not come yet', { at: 'nbf' })
  if (expires !== undefined && expires <= seconds - clockTolerance)
    throw new VidimusError(codes.expired, 'its time has run out', { at: 'exp' })
  if (issuedAt !== undefined && issuedAt > seconds + clockTolerance)
    throw new VidimusError(codes.issuedInFuture, 'it says that it was issued in the future', { at: 'iat' })
  return expires === undefined ? undefined : fromSeconds(expires)
}

function readTime(claims: JsonObject, name: string): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || value < 0 || value > endOfTime)
    throw new VidimusError('claim_malformed', 'a time is not a number of seconds', { at: name })
  return value
}
