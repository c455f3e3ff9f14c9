/**
 * Verification in whatever format the sender chose: the options say which formats are taken.
 *
 * An audience and a nonce take `dc+sd-jwt`, `vc+sd-jwt` and `vc+jwt`, a session transcript takes `mso_mdoc`, a greatest age
 * takes `qr`. An input of another format is the verdict `format_not_expected`.
 */
import { expectObject } from '../core/arguments.js'
import { isQrText } from '../formats/qr/container.js'
import { isVcToken } from '../formats/vc-jwt/token.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { mdocChecks, qrChecks, sdJwtChecks, vcChecks } from './clauses.js'
import { examineMdoc, isMdocInput } from './mdoc.js'
import {
  type CredentialOptions,
  type KeyBindingOptions,
  type Policy,
  type QrOptions,
  readAnyPolicy,
  readCredentialPolicy,
  type VerificationOptions,
} from './policy.js'
import { examineQr } from './qr.js'
import { examineSdJwt } from './sd-jwt.js'
import { readSession, type Session, type SessionOptions } from './session.js'
import { examineVcJwt } from './vc-jwt.js'
import type { Verdict } from './verdict.js'

/** At least one of the three; with several, the sender chooses. */
export type Expectations =
  | (KeyBindingOptions & Partial<SessionOptions> & Partial<QrOptions>)
  | (((SessionOptions & Partial<QrOptions>) | (QrOptions & Partial<SessionOptions>)) & {
      readonly expectedAudience?: undefined
      readonly expectedNonce?: undefined
      readonly maxPresentationAge?: number | undefined
    })

export type PresentationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = VerificationOptions<Profile, Require> & Expectations

/**
 * Verifies a presentation of any format that the options take, and gives a verdict with every check and its reason.
 * For small bundles call the function of the one format you take: `verifySdJwtPresentation`, `verifyMdocPresentation`,
 * `verifyVcJwtPresentation`, `verifyQrPresentation`.
 *
 * @example
 * const verdict = await verifyPresentation(presentation, {
 *   trust, status, expectedPassport: citizenPassport, require: ['familyName'],
 *   expectedAudience: clientId, expectedNonce: nonce,
 *   expectedSessionTranscript: await openid4vpTranscript({ clientId, nonce, responseUri }),
 * })
 */
export async function verifyPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(presentation: unknown, options: PresentationOptions<Profile, Require>): Promise<Verdict<Profile, Require[number]>> {
  const policy = readAnyPolicy(options, await readAnySession(options))
  return (await examine(presentation, policy)) as Verdict<Profile, Require[number]>
}

/**
 * Verifies a credential that a wallet received, an SD-JWT VC, a W3C credential, an issuer-signed mdoc or a QR
 * credential: nobody has to prove
 * that they hold its key, but a key binding that is present must hold all the same. With `expectedHolderKey` it must be bound to that key.
 *
 * @example
 * const verdict = await verifyCredential(credential, { trust, status, expectedPassport: citizenPassport, expectedHolderKey: signer.publicJwk })
 */
export async function verifyCredential<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  credential: unknown,
  options: VerificationOptions<Profile, Require> & CredentialOptions,
): Promise<Verdict<Profile, Require[number]>> {
  return (await examine(credential, readCredentialPolicy(options))) as Verdict<Profile, Require[number]>
}

/** The examination of whatever the input is: a token is examined as the kind that its header says. */
export function examine(input: unknown, policy: Policy): Promise<Verdict> {
  if (isMdocInput(input)) return examineMdoc(input, policy, mdocChecks)
  if (isQrText(input)) return examineQr(input, policy, qrChecks)
  return isVcToken(input, policy.limits)
    ? examineVcJwt(input, policy, vcChecks)
    : examineSdJwt(input, policy, sdJwtChecks)
}

/** The session of the options, if they name one. */
export async function readAnySession(options: Partial<SessionOptions>): Promise<Session | undefined> {
  expectObject(options, 'options')
  const { expectedSessionTranscript, readerKey } = options
  return expectedSessionTranscript === undefined && readerKey === undefined
    ? undefined
    : readSession({ ...options, expectedSessionTranscript: expectedSessionTranscript as Uint8Array })
}
