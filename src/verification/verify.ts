/**
 * Verification of a presentation in whatever format the sender chose: the options say which formats are taken.
 *
 * An audience and a nonce take `dc+sd-jwt`. An input of another format is the verdict `format_not_expected`.
 */
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { type SdJwtPresentationOptions, verifySdJwtPresentation } from './sd-jwt.js'
import type { Verdict } from './verdict.js'

export type PresentationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = SdJwtPresentationOptions<Profile, Require>

/**
 * Verifies a presentation of any format that the options take, and gives a verdict with every check and its reason.
 * For small bundles call the function of the one format you take: `verifySdJwtPresentation`.
 *
 * @example
 * const verdict = await verifyPresentation(presentation, {
 *   trust, status, expectedPassport: citizenPassport, require: ['familyName'], expectedAudience, expectedNonce,
 * })
 */
export async function verifyPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(presentation: unknown, options: PresentationOptions<Profile, Require>): Promise<Verdict<Profile, Require[number]>> {
  return verifySdJwtPresentation(presentation, options)
}
