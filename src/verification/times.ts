/** The time claims of a token (RFC 7519 §4.1.4 to §4.1.6): strictly typed, held against one clock. */
import { fromSeconds } from '../core/clock.js'
import type { JsonObject } from '../core/json.js'
import { VidimusError } from '../errors.js'

/** The last second of the year 9999: what lies beyond is no date. */
const endOfTime = 253_402_300_799

/**
 * Holds `nbf`, `exp` and `iat` against the clock and returns the end of validity, if there is one.
 * Throws `claim_malformed`, `credential_not_yet_valid`, `credential_expired`, `credential_issued_in_future`.
 */
export function verifyTimes(claims: JsonObject, now: Date, clockTolerance: number): Date | undefined {
  const seconds = now.getTime() / 1000
  const [issuedAt, notBefore, expires] = [readTime(claims, 'iat'), readTime(claims, 'nbf'), readTime(claims, 'exp')]
  if (notBefore !== undefined && notBefore > seconds + clockTolerance)
    throw new VidimusError('credential_not_yet_valid', 'its time has not come yet', { at: 'nbf' })
  if (expires !== undefined && expires <= seconds - clockTolerance)
    throw new VidimusError('credential_expired', 'its time has run out', { at: 'exp' })
  if (issuedAt !== undefined && issuedAt > seconds + clockTolerance)
    throw new VidimusError('credential_issued_in_future', 'it says that it was issued in the future', { at: 'iat' })
  return expires === undefined ? undefined : fromSeconds(expires)
}

function readTime(claims: JsonObject, name: string): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || value < 0 || value > endOfTime)
    throw new VidimusError('claim_malformed', 'a time is not a number of seconds', { at: name })
  return value
}
