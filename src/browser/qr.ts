/** A QR code verified in a page. */
import { expectObject } from '../core/arguments.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { type QrOptions, type RequestChoice, readExpectedQr, readHolder, readPolicy } from '../verification/policy.js'
import { examineQr } from '../verification/qr.js'
import { qrChecks } from './plans.js'
import type { BrowserVerdict, BrowserVerificationOptions } from './verdict.js'

/**
 * Verifies the text of a scanned QR code as `verifyQrPresentation` of `vidimus` does, check by check; the verdict has no
 * `evidence`, its checks no `clause`. A `status` that is a checker is one of this entry, with `statusListCwt`.
 * @example
 * const verdict = await verifyQrPresentation(scanned, {
 *   trust, status: statusChecker({ statusListCwt }), expectedPassport: citizenProfile, expectedQr: { maxAge: 60 },
 * })
 */
export async function verifyQrPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  presentation: unknown,
  options: BrowserVerificationOptions<Profile, Require> & QrOptions & RequestChoice,
): Promise<BrowserVerdict<Profile, Require[number]>> {
  expectObject(options, 'options')
  const holder = readHolder(options, { qr: readExpectedQr(options.expectedQr) })
  const verdict = await examineQr(presentation, readPolicy('presentation', options, holder, {}), qrChecks)
  return verdict as BrowserVerdict<Profile, Require[number]>
}
