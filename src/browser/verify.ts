/** A presentation verified in a page, in whatever format the sender chose. A further format is a line of `examine`. */
import { expectObject, misuse } from '../core/arguments.js'
import { expectTranscript } from '../formats/mdoc/session-transcript.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { examineMdoc, isMdocInput } from '../verification/mdoc.js'
import { type Policy, readHolder, readPolicy } from '../verification/policy.js'
import { examineSdJwt } from '../verification/sd-jwt.js'
import type { Verdict } from '../verification/verdict.js'
import type { Expectations } from '../verification/verify.js'
import { mdocChecks, sdJwtChecks } from './plans.js'
import type { BrowserVerdict, BrowserVerificationOptions } from './verdict.js'

/**
 * Verifies a presentation of an SD-JWT VC or an mdoc as `verifyPresentation` of `vidimus` does, check by check; the verdict
 * has no `evidence`, its checks no `clause`. A W3C credential is `format_not_expected`, or `jws_type_mismatch` where it is an
 * SD-JWT; codes are for `verifyQrPresentation`, and `expectedQr` is a `TypeError` here.
 * @example
 * const verdict = await verifyPresentation(response, {
 *   trust, status, expectedPassport: mdlProfile, expectedSessionTranscript: await openid4vpTranscript({ clientId, nonce, responseUri }),
 * })
 */
export async function verifyPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  presentation: unknown,
  options: BrowserVerificationOptions<Profile, Require> & Expectations,
): Promise<BrowserVerdict<Profile, Require[number]>> {
  const policy = readAnyPolicy(options)
  return (await examine(presentation, policy)) as BrowserVerdict<Profile, Require[number]>
}

const examine = (input: unknown, policy: Policy): Promise<Verdict> =>
  isMdocInput(input) ? examineMdoc(input, policy, mdocChecks) : examineSdJwt(input, policy, sdJwtChecks)

/** Each expectation that is given takes its format; audience and nonce only together. */
function readAnyPolicy(options: BrowserVerificationOptions & Expectations): Policy {
  expectObject(options, 'options')
  const { expectedSessionTranscript, expectedQr, readerKey } = options
  if (readerKey !== undefined) throw misuse('readerKey', 'left out: MACs are not verified here')
  if (expectedQr !== undefined) throw misuse('expectedQr', 'left out: verifyQrPresentation() takes codes')
  const session =
    expectedSessionTranscript === undefined
      ? undefined
      : { transcript: expectTranscript(expectedSessionTranscript, 'expectedSessionTranscript'), readerKey }
  return readPolicy('presentation', options, readHolder(options, { session }), {})
}
