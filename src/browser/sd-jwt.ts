/** A presentation of an SD-JWT VC verified in a page. */
import { expectObject } from '../core/arguments.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { type KeyBindingOptions, readKeyBinding, readPolicy } from '../verification/policy.js'
import { examineSdJwt } from '../verification/sd-jwt.js'
import { sdJwtChecks } from './plans.js'
import type { BrowserVerdict, BrowserVerificationOptions } from './verdict.js'

/**
 * Verifies a presentation of an SD-JWT VC as `verifySdJwtPresentation` of `vidimus` does, check by check; the verdict has no
 * `evidence`, its checks no `clause`. A `status` that is a checker is one of this entry.
 * @example
 * const verdict = await verifySdJwtPresentation(presentation, {
 *   trust, status: statusNotChecked('counter demo'), expectedPassport: citizenProfile, expectedAudience, expectedNonce,
 * })
 */
export async function verifySdJwtPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  presentation: unknown,
  options: BrowserVerificationOptions<Profile, Require> & KeyBindingOptions,
): Promise<BrowserVerdict<Profile, Require[number]>> {
  expectObject(options, 'options')
  const policy = readPolicy('presentation', options, readKeyBinding(options), {})
  return (await examineSdJwt(presentation, policy, sdJwtChecks)) as BrowserVerdict<Profile, Require[number]>
}
