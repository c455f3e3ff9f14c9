/**
 * How a presentation of an SD-JWT VC is verified: `examine` below, read from top to bottom.
 *
 * Standards: RFC 9901 (SD-JWT), SD-JWT VC, RFC 7800 (key binding), Token Status List.
 */
import type { JsonObject } from '../core/json.js'
import { type DecodedJws, decodeJws, jwsHints, requireJwsAlgorithm, requireType, verifyJws } from '../core/jws.js'
import { within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type SdJwtParts, splitSdJwt } from '../formats/sd-jwt/compact.js'
import { unpackSdJwt } from '../formats/sd-jwt/unpack.js'
import { refuseDisclosedProtectedClaims, sdJwtVcType } from '../formats/sd-jwt/vc.js'
import { readStatusReference } from '../formats/status-list/reference.js'
import { fromClaims } from '../passport/claims.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { Examination, type Plan } from './checks.js'
import { sdJwtChecks } from './clauses.js'
import { conclude, examineLogged, examineRevocation, requireFields, verifyingSigner } from './conclude.js'
import { examineKeyBinding } from './key-binding.js'
import { type KeyBindingOptions, type Policy, readPresentationPolicy, type VerificationOptions } from './policy.js'
import type { TrustedKey } from './signers.js'
import { examineStatus, requireReference } from './status-check.js'
import { verifyTimes } from './times.js'
import type { Verdict } from './verdict.js'

export type SdJwtPresentationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = VerificationOptions<Profile, Require> & KeyBindingOptions

/**
 * Verifies a presentation of an SD-JWT VC with its key binding, and gives a verdict with every check and its reason.
 *
 * The first argument is hostile: whatever it is, the answer is a verdict. Missing or malformed options are a `TypeError`
 * or `RangeError`; an aborted `signal` rejects with its reason. It does not know whether the nonce was used before:
 * keeping nonces and using them up is the caller's part.
 *
 * @example
 * const verdict = await verifySdJwtPresentation(presentation, {
 *   trust, status, expectedPassport: citizenPassport, require: ['familyName'], expectedAudience, expectedNonce,
 * })
 * if (verdict.ok) open(verdict.claims.familyName)
 */
export async function verifySdJwtPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  presentation: unknown,
  options: SdJwtPresentationOptions<Profile, Require>,
): Promise<Verdict<Profile, Require[number]>> {
  return (await examineSdJwt(presentation, readPresentationPolicy(options), sdJwtChecks)) as Verdict<
    Profile,
    Require[number]
  >
}

/** The examination, from what arrived to what may be believed. */
export async function examineSdJwt(input: unknown, policy: Policy, plan: Plan): Promise<Verdict> {
  policy.signal?.throwIfAborted()
  const examination = new Examination(plan, policy.signal)
  let signer: TrustedKey | undefined

  const found = await examination.hold(async () => {
    const text = examination.gate('format', () => expectSdJwt(input, policy))
    const { parts, jws } = examination.gate('structure', () => decode(text, policy))
    const { profile, type } = await examination.gate('type', () => expectType(jws.payload, parts, policy))
    const signers = await examination.gate('issuer_trusted', () => trustedSigners(jws, profile, type, policy))
    signer = await examination.gate('issuer_signature', () => verifyingSigner(signers, key => verifyJws(jws, key)))
    await examineRevocation(examination, signer, policy.now)
    await examineLogged(examination, { jws, signer, type }, policy)
    const credential = await examination.gate('disclosures', () =>
      unpackSdJwt(jws.payload, parts.disclosures, policy.limits),
    )
    examination.gate('protected_claims', () => refuseDisclosedProtectedClaims(credential))

    const validUntil = examination.test('validity', () =>
      verifyTimes(credential.claims, policy.now, policy.clockTolerance),
    )
    const examineHolder = policy.examineHeldBinding ?? examineKeyBinding
    const holderKey = await examineHolder(examination, parts, credential, policy)
    const passport = examination.test('claims', () => fromClaims(profile, credential.claims))
    if (passport !== undefined)
      examination.test('required_claims', () => requireFields(passport.claims, policy.require))
    const reference = examination.gate('status_reference', () =>
      requireReference(readStatusReference(credential.claims['status']), profile),
    )
    if (policy.typeMetadata === undefined) examination.skip('not_requested', 'type_metadata')
    else await policy.typeMetadata.examine(examination, credential, policy)
    const status = await examineStatus(examination, { reference, signer, type }, policy)
    if (passport === undefined) return undefined
    return { profile, claims: passport.claims, otherClaims: passport.other, holderKey, status, validUntil }
  })

  const text = typeof input === 'string' && input.length <= policy.limits.presentationBytes ? input : undefined
  return conclude({ format: 'dc+sd-jwt', text, signer }, found, examination, policy)
}

/** Text of the compact form; anything else is another format, or none. */
function expectSdJwt(input: unknown, policy: Policy): string {
  if (typeof input !== 'string')
    throw new VidimusError(ArrayBuffer.isView(input) ? 'format_not_expected' : 'input_not_text')
  within(policy.limits, 'presentationBytes', input.length)
  if (input.includes('~')) {
    if (policy.kind === 'presentation' && policy.expectedNonce === undefined)
      throw new VidimusError('format_not_expected')
    return input
  }
  const code = input.split('.', 4).length === 3 ? 'format_not_expected' : 'format_unknown' // a plain JWT is a format
  throw new VidimusError(code, { expected: sdJwtVcType })
}

function decode(
  text: string,
  { algorithms, limits }: Policy,
): { readonly parts: SdJwtParts; readonly jws: DecodedJws } {
  const parts = splitSdJwt(text, limits)
  const jws = decodeJws(parts.jwt, limits)
  requireJwsAlgorithm(jws, algorithms)
  requireType(jws, sdJwtVcType) // SD-JWT VC §2.2.1
  return { parts, jws }
}

/** A passport that is expected, and the type identifier by which the credential says that it is one. */
interface ExpectedType {
  readonly profile: PassportProfile
  readonly type: string
}

/** The expected passport that the credential says it is, by `vct` before any of `aka_vcts`. */
async function expectType(payload: JsonObject, parts: SdJwtParts, policy: Policy): Promise<ExpectedType> {
  for (const type of await readTypes(payload, parts, policy)) {
    const profile = policy.expectedPassports.find(({ vct }) => vct.includes(type))
    if (profile !== undefined) return { profile, type }
  }
  throw new VidimusError('type_not_expected', {
    at: 'vct',
    expected: policy.expectedPassports.map(({ name }) => name).join(' '),
  })
}

async function readTypes(payload: JsonObject, parts: SdJwtParts, { limits }: Policy): Promise<readonly string[]> {
  try {
    return listTypes(payload)
  } catch (refusal) {
    // A type that is hidden is told apart from one that is not there (SD-JWT VC §2.2.2.3).
    refuseDisclosedProtectedClaims(await unpackSdJwt(payload, parts.disclosures, limits))
    throw refusal
  }
}

/** The type, and others that it may be taken for: a non-empty list of text that does not repeat it (SD-JWT VC §2.2.2.2). */
function listTypes({ vct, aka_vcts: others }: JsonObject): readonly string[] {
  if (!isText(vct)) throw new VidimusError(vct === undefined ? 'claim_missing' : 'claim_malformed', { at: 'vct' })
  if (others === undefined) return [vct]
  if (!Array.isArray(others) || others.length === 0 || others.some(type => !isText(type) || type === vct))
    throw new VidimusError('claim_malformed', { at: 'aka_vcts' })
  return [vct, ...others]
}

function trustedSigners(
  jws: DecodedJws,
  profile: PassportProfile,
  type: string,
  policy: Policy,
): Promise<readonly TrustedKey[]> {
  const { iss: issuer } = jws.payload
  if (issuer !== undefined && !isText(issuer)) throw new VidimusError('claim_malformed', { at: 'iss' })
  const hints = jwsHints(jws, policy.algorithms, policy.limits)
  return policy.trust.credentialSigners(hints, { issuer, type, profile }, policy)
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
