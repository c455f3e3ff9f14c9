/**
 * How a QR code is verified: `examineQr` below, read from top to bottom beside those of `sd-jwt.ts` and `mdoc.ts`.
 *
 * Standards: RFC 9285 (Base45), RFC 1950, RFC 8392 (CWT), RFC 9052 (COSE), RFC 8747 (`cnf`), Token Status List. What the code
 * holds is a form of our own, docs/qr.md. Everything hashed or signed is checked over the bytes that arrived.
 */
import { fromSeconds } from '../core/clock.js'
import { coseHints } from '../core/cose/headers.js'
import { verifySign1 } from '../core/cose/sign1.js'
import { type Limits, within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { credentialPrefix, isQrText, qrLimits, readDeflated } from '../formats/qr/container.js'
import type { QrCredential } from '../formats/qr/credential.js'
import { openDisclosures } from '../formats/qr/disclosure.js'
import { type QrPresentation, readQrPresentation } from '../formats/qr/presentation.js'
import { readMdocStatusReference } from '../formats/status-list/reference.js'
import { fromKeyedClaims } from '../passport/keyed-claims.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { Examination, type Plan } from './checks.js'
import { qrChecks } from './clauses.js'
import { conclude, examineLogged, examineRevocation, requireFields, verifyingSigner } from './conclude.js'
import { type Policy, type QrOptions, type RequestChoice, readQrPolicy, type VerificationOptions } from './policy.js'
import { type OpenedQr, openHeldQr } from './qr-held.js'
import { examineQrHolder } from './qr-holder.js'
import type { TrustedKey } from './signers.js'
import { examineStatus, requireReference } from './status-check.js'
import { verifyTimes } from './times.js'
import type { Verdict } from './verdict.js'

export type QrPresentationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = VerificationOptions<Profile, Require> & QrOptions & RequestChoice

/**
 * Verifies the text of a scanned QR code, and gives a verdict with every check and its reason.
 *
 * With `expectedAudience` and `expectedNonce` the code must answer that request. Without them it is judged by its age alone: a
 * copy of it that is shown again within `maxAge` passes as well, which the verdict says by skipping the check
 * `key_binding_nonce` with the code `replay_not_checked`; and a code that was made for somebody's request is refused.
 *
 * The first argument is hostile: whatever it is, the answer is a verdict. Missing or malformed options are a `TypeError`
 * or `RangeError`; an aborted `signal` rejects with its reason.
 *
 * @example
 * const verdict = await verifyQrPresentation(scanned, {
 *   trust, status, expectedPassport: citizenPassport, expectedQr: { maxAge: 60 }, require: ['familyName', 'ageOver18'],
 * })
 */
export async function verifyQrPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(presentation: unknown, options: QrPresentationOptions<Profile, Require>): Promise<Verdict<Profile, Require[number]>> {
  return (await examineQr(presentation, readQrPolicy(options), qrChecks)) as Verdict<Profile, Require[number]>
}

/** The examination, from what arrived to what may be believed. */
export async function examineQr(input: unknown, given: Policy, plan: Plan): Promise<Verdict> {
  given.signal?.throwIfAborted()
  const policy = given.qr === undefined ? given : { ...given, maxPresentationAge: given.qr.maxAge }
  const examination = new Examination(plan, policy.signal)
  const { now } = policy
  const limits = qrLimits(policy.limits)
  let signer: TrustedKey | undefined

  const found = await examination.hold(async () => {
    const text = examination.gate('format', () => expectQr(input, policy, limits))
    const received = await examination.gate('structure', () => decode(text, limits, policy.openHeldQr))
    const { credential, disclosures, proof } = received
    const { sign1, holderKey: boundKey, type } = credential
    const profile = examination.gate('type', () => expectType(credential, policy))
    const signers = await examination.gate('issuer_trusted', () => trustedSigners(credential, profile, policy))
    signer = await examination.gate('issuer_signature', () =>
      verifyingSigner(signers, key => verifySign1(sign1, sign1.payload, key)),
    )
    await examineRevocation(examination, signer, now)
    const issuedAt = fromSeconds(credential.times.iat)
    await examineLogged(examination, { sign1, issuedAt, signer, type }, policy)
    const values = await examination.gate('disclosures', () => openDisclosures(disclosures, credential.digests, limits))

    const validUntil = examination.test('validity', () => verifyTimes(credential.times, now, policy.clockTolerance))
    const holderKey = await examineQrHolder(examination, { proof, boundKey }, policy)
    const passport = examination.test('claims', () => fromKeyedClaims(profile, values))
    if (passport !== undefined)
      examination.test('required_claims', () => requireFields(passport.claims, policy.require))
    const reference = examination.gate('status_reference', () =>
      requireReference(readMdocStatusReference(credential.status), profile),
    )
    const status = await examineStatus(
      examination,
      { reference, form: policy.statusListCwt ?? null, signer, type },
      policy,
    )
    if (passport === undefined) return undefined
    return { profile, claims: passport.claims, otherClaims: passport.other, holderKey, status, validUntil }
  })

  const text = typeof input === 'string' && input.length <= limits.presentationBytes ? input : undefined
  return conclude({ format: 'qr', text, signer }, found, examination, policy)
}

/** Text with one of our prefixes; anything else is another format, or none. */
function expectQr(input: unknown, { kind, qr }: Policy, limits: Limits): string {
  if (typeof input !== 'string')
    throw new VidimusError(ArrayBuffer.isView(input) ? 'format_not_expected' : 'input_not_text')
  within(limits, 'presentationBytes', input.length)
  if (!isQrText(input)) throw new VidimusError(/^eyJ|^[o-v]/.test(input) ? 'format_not_expected' : 'format_unknown')
  if (kind === 'presentation' && qr === undefined) throw new VidimusError('format_not_expected')
  return input
}

/** A presentation, or what its holder keeps. */
type ReceivedQr = OpenedQr & Partial<QrPresentation>

async function decode(text: string, limits: Limits, openHeld: Policy['openHeldQr']): Promise<ReceivedQr> {
  if (!text.startsWith(credentialPrefix)) return readQrPresentation(await readDeflated(text, limits), limits)
  // Where presentations alone are taken.
  if (openHeld === undefined) throw new VidimusError('key_binding_missing')
  return openHeld(text, limits)
}

/** The types of the credential in a text of this format, as it says, unverified. Throws the codes of what is malformed. */
export async function claimedQrTypes(text: string, given: Limits): Promise<readonly string[]> {
  const limits = qrLimits(given)
  within(limits, 'presentationBytes', text.length)
  const { credential } = await decode(text, limits, openHeldQr)
  return [credential.type]
}

/** The expected passport that the credential says it is. */
function expectType({ type }: QrCredential, { expectedPassports }: Policy): PassportProfile {
  const profile = expectedPassports.find(({ vct, docType }) => vct.includes(type) || docType.includes(type))
  if (profile !== undefined) return profile
  throw new VidimusError('type_not_expected', {
    at: 'type',
    expected: expectedPassports.map(({ name }) => name).join(' '),
  })
}

function trustedSigners(
  { issuer, type, sign1 }: QrCredential,
  profile: PassportProfile,
  policy: Policy,
): Promise<readonly TrustedKey[]> {
  const hints = coseHints(sign1.headers, policy.algorithms, policy.limits)
  return policy.trust.credentialSigners(hints, { issuer, type, profile }, policy)
}
