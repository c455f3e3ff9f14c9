/**
 * How a W3C credential is verified, secured with JOSE or with SD-JWT: `examineVcJwt` below, read from top to bottom beside
 * those of `sd-jwt.ts` and `mdoc.ts`.
 *
 * Standards: VCDM 2.0, VC-JOSE-COSE (`vc+jwt`, `vc+sd-jwt`, `vp+jwt`), RFC 9901, RFC 7800, Token Status List,
 * Bitstring Status List. No JSON-LD is
 * processed: contexts are compared, never fetched, and a claim means what the passport's profile says of its name.
 */
import { bareObject, type JsonObject } from '../core/json.js'
import type { PublicJwk } from '../core/jwk.js'
import { type DecodedJws, jwsHints, requireJwsAlgorithm, verifyJws } from '../core/jws.js'
import { within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type HolderProof, requireProof } from '../formats/sd-jwt/key-binding.js'
import { type UnpackedSdJwt, unpackSdJwt } from '../formats/sd-jwt/unpack.js'
import { type ParsedVc, parseCredential, readIssuer, refuseHiddenMembers } from '../formats/vc-jwt/credential.js'
import { each } from '../formats/vc-jwt/document.js'
import { type VcForm, vcJwtType } from '../formats/vc-jwt/type.js'
import { fromClaims } from '../passport/claims.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { asSubject, subjectClaim } from '../passport/subject.js'
import { Examination, type Plan } from './checks.js'
import { vcChecks } from './clauses.js'
import { conclude, examineLogged, examineRevocation, requireFields, verifyingSigner } from './conclude.js'
import { readExpectedKey } from './held-binding.js'
import { examineHolderProof, examineKeyBinding } from './key-binding.js'
import { type KeyBindingOptions, type Policy, readPresentationPolicy, type VerificationOptions } from './policy.js'
import type { TrustedKey } from './signers.js'
import { verifyTimes } from './times.js'
import { decodeVcInput, type ReceivedVc } from './vc-input.js'
import { examineStatuses, readStatusPlaces } from './vc-status.js'
import type { Verdict } from './verdict.js'

export type VcJwtPresentationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = VerificationOptions<Profile, Require> & KeyBindingOptions

/**
 * Verifies a presentation of a W3C credential, and gives a verdict with every check and its reason: a `vc+sd-jwt` with its key
 * binding, or a `vp+jwt` with one credential in its envelope, whose `nonce`, `aud` and `iat` are held like a key binding's.
 *
 * The first argument is hostile: whatever it is, the answer is a verdict. Missing or malformed options are a `TypeError`
 * or `RangeError`; an aborted `signal` rejects with its reason. It processes no JSON-LD, verifies no embedded `proof`, and
 * does not know whether the nonce was used before. What stands in the credential and is no field of the passport is found in
 * `otherClaims` where it stood: claims about the subject beneath `credentialSubject`.
 *
 * @example
 * const verdict = await verifyVcJwtPresentation(presentation, {
 *   trust, status, expectedPassport: citizenPassport, require: ['familyName'], expectedAudience, expectedNonce,
 * })
 */
export async function verifyVcJwtPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  presentation: unknown,
  options: VcJwtPresentationOptions<Profile, Require>,
): Promise<Verdict<Profile, Require[number]>> {
  return (await examineVcJwt(presentation, readPresentationPolicy(options), vcChecks)) as Verdict<
    Profile,
    Require[number]
  >
}

/** The examination, from what arrived to what may be believed. */
export async function examineVcJwt(input: unknown, policy: Policy, plan: Plan): Promise<Verdict> {
  policy.signal?.throwIfAborted()
  const examination = new Examination(plan, policy.signal)
  let format: VcForm = vcJwtType
  let signer: TrustedKey | undefined

  const found = await examination.hold(async () => {
    const text = examination.gate('format', () => expectVc(input, policy))
    const received = examination.gate('structure', () => decode(text, policy))
    const { jws } = received
    format = received.form
    const { profile, type } = await examination.gate('type', () => expectType(received, policy))
    const signers = await examination.gate('issuer_trusted', () => trustedSigners(jws, profile, type, policy))
    signer = await examination.gate('issuer_signature', () => verifyingSigner(signers, key => verifyJws(jws, key)))
    await examineRevocation(examination, signer, policy.now)
    await examineLogged(examination, { jws, signer, type }, policy)
    const unpacked = await examination.gate('disclosures', () => unpack(received, policy))
    const { claims } = unpacked
    examination.gate('protected_claims', () => refuseHidden(unpacked))
    const credential = examination.gate('data_model', () => parse(unpacked))

    const validUntil = examination.test('validity', () => verifyValidity(credential, claims, policy))
    const holderKey = await examineHolder(examination, received, unpacked, policy)
    const passport = examination.test('claims', () => fromClaims(asSubject(profile), contentOf(claims, credential)))
    if (passport !== undefined)
      examination.test('required_claims', () => requireFields(passport.claims, policy.require))
    const places = examination.gate('status_reference', () => readStatusPlaces(claims, profile))
    const status = await examineStatuses(examination, places, { signer, type }, policy)
    if (passport === undefined) return undefined
    return { profile, claims: passport.claims, otherClaims: passport.other, holderKey, status, validUntil }
  })

  const text = typeof input === 'string' && input.length <= policy.limits.presentationBytes ? input : undefined
  return conclude({ format, text, signer }, found, examination, policy)
}

/** Text that could be a token; anything else is another format, or none. */
function expectVc(input: unknown, { kind, expectedNonce, limits }: Policy): string {
  if (typeof input !== 'string')
    throw new VidimusError(ArrayBuffer.isView(input) ? 'format_not_expected' : 'input_not_text')
  within(limits, 'presentationBytes', input.length)
  if (!input.includes('~') && input.split('.', 4).length !== 3) throw new VidimusError('format_unknown')
  if (kind === 'presentation' && expectedNonce === undefined) throw new VidimusError('format_not_expected')
  return input
}

function decode(text: string, { algorithms, limits }: Policy): ReceivedVc {
  const received = decodeVcInput(text, limits)
  requireJwsAlgorithm(received.jws, algorithms)
  return received
}

/** A passport that is expected, and the type by which the credential says that it is one. */
interface ExpectedType {
  readonly profile: PassportProfile
  readonly type: string
}

/** The expected passport that the credential says it is: by the first of its types that is the `vct` of one. */
async function expectType(received: ReceivedVc, policy: Policy): Promise<ExpectedType> {
  for (const type of await readTypes(received, policy)) {
    const profile = policy.expectedPassports.find(({ vct }) => vct.includes(type))
    if (profile !== undefined) return { profile, type }
  }
  throw new VidimusError('type_not_expected', {
    at: 'type',
    expected: policy.expectedPassports.map(({ name }) => name).join(' '),
  })
}

/** Where type or issuer cannot be read, the whole is: what is hidden or of another version is told apart from what is not there. */
async function readTypes(received: ReceivedVc, policy: Policy): Promise<readonly string[]> {
  const { type, issuer } = received.jws.payload
  const types = each(type)
  if (issuer !== undefined && types.length > 0 && types.every(isText)) return types
  const unpacked = await unpack(received, policy)
  refuseHidden(unpacked)
  return parse(unpacked).types
}

function trustedSigners(
  jws: DecodedJws,
  profile: PassportProfile,
  type: string,
  policy: Policy,
): Promise<readonly TrustedKey[]> {
  const issuer = readIssuer(jws.payload)
  const hints = jwsHints(jws, policy.algorithms, policy.limits)
  return policy.trust.credentialSigners(hints, { issuer, type, profile }, policy)
}

/** The claims; of a `vc+jwt` too, in which nothing is disclosed and the same names are reserved. */
const unpack = ({ jws, parts }: ReceivedVc, { limits }: Policy): Promise<UnpackedSdJwt> =>
  unpackSdJwt(jws.payload, parts.disclosures, limits)

const refuseHidden = ({ payload, claims, hiding }: UnpackedSdJwt): void =>
  refuseHiddenMembers([...Object.keys(claims).filter(name => !(name in payload)), ...hiding])

const parse = ({ claims, hiding }: UnpackedSdJwt): ParsedVc =>
  parseCredential(claims, { hidesClaims: hiding.has(subjectClaim) })

/** The validity of what is said, and of the signature under it (VC-JOSE-COSE §3.1.3). Returns the end that comes first. */
function verifyValidity(
  { validFrom, validUntil }: ParsedVc,
  claims: JsonObject,
  { now, clockTolerance }: Policy,
): Date | undefined {
  const signedUntil = verifyTimes(claims, now, clockTolerance)
  const tolerance = clockTolerance * 1000
  if (validFrom !== undefined && validFrom.getTime() > now.getTime() + tolerance)
    throw new VidimusError('credential_not_yet_valid', { at: 'validFrom' })
  if (validUntil !== undefined && validUntil.getTime() <= now.getTime() - tolerance)
    throw new VidimusError('credential_expired', { at: 'validUntil' })
  return signedUntil === undefined || (validUntil !== undefined && validUntil < signedUntil) ? validUntil : signedUntil
}

/** The holder signed the presentation around the credential, or a key binding behind it. Returns the holder's key. */
async function examineHolder(
  examination: Examination,
  { parts, presentation }: ReceivedVc,
  unpacked: UnpackedSdJwt,
  policy: Policy,
): Promise<PublicJwk | undefined> {
  if (presentation === undefined)
    return (policy.examineHeldBinding ?? examineKeyBinding)(examination, parts, unpacked, policy)
  const holderKey = examination.test('holder_key', () => readExpectedKey(unpacked.claims, true, policy))
  const proof = examination.test('key_binding', () => readProof(presentation, policy))
  if (proof !== undefined) await examineHolderProof(examination, proof, holderKey, policy)
  examination.skip('not_present', 'key_binding_hash') // the signature covers the credential itself
  return holderKey
}

/** What a presentation says of itself: the same claims as a key binding, and as strictly. Throws `key_binding_malformed`. */
function readProof(jws: DecodedJws, { algorithms }: Policy): HolderProof {
  requireProof(jws)
  requireJwsAlgorithm(jws, algorithms)
  return jws
}

/** What the data model itself says of a credential, and was read; everything else is told. */
const readMembers: readonly string[] = ['@context', 'type', 'validFrom', 'validUntil', 'credentialStatus']

/** The credential as the passport's profile reads it: of one subject, and without the members that were read before. */
function contentOf(claims: JsonObject, { issuer, subjects: [subject, ...others] }: ParsedVc): JsonObject {
  if (subject === undefined || others.length > 0) throw new VidimusError('claim_malformed', { at: subjectClaim })
  const content = bareObject()
  for (const name of Object.keys(claims))
    if (!readMembers.includes(name) && !(name === 'issuer' && claims[name] === issuer)) content[name] = claims[name]!
  content[subjectClaim] = subject
  return content
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
