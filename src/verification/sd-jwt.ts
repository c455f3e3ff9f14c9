/**
 * How a presentation of an SD-JWT VC is verified: `examine` below, read from top to bottom.
 *
 * Standards: RFC 9901 (SD-JWT), SD-JWT VC, RFC 7800 (key binding), Token Status List.
 */
import { abortable } from '../core/abort.js'
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import type { JsonObject } from '../core/json.js'
import { type DecodedJws, decodeJws, requireJwsAlgorithm, requireType, verifyJws } from '../core/jws.js'
import { type Limits, within } from '../core/limits.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { type SdJwtParts, splitSdJwt } from '../formats/sd-jwt/compact.js'
import { type UnpackedSdJwt, unpackSdJwt } from '../formats/sd-jwt/unpack.js'
import { refuseDisclosedProtectedClaims, sdJwtVcType } from '../formats/sd-jwt/vc.js'
import { readStatusReference } from '../formats/status-list/reference.js'
import { fromClaims } from '../passport/claims.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { Examination, sdJwtChecks } from './checks.js'
import { recordEvidence } from './evidence.js'
import { examineKeyBinding } from './key-binding.js'
import {
  type CredentialOptions,
  type KeyBindingOptions,
  type Policy,
  readCredentialPolicy,
  readPresentationPolicy,
  type VerificationOptions,
} from './policy.js'
import type { StatusAnswer, StatusReference } from './status.js'
import { verifyTimes } from './times.js'
import { credentialKeys, statusSigners, type TrustedAnchor, type TrustedKey } from './trust.js'
import type { Verdict, Verified, VerifiedStatus } from './verdict.js'

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
  return (await examine(presentation, readPresentationPolicy(options))) as Verdict<Profile, Require[number]>
}

/**
 * Verifies an SD-JWT VC that a wallet received: nobody has to prove that they hold its key, but a key binding that is
 * present must hold all the same. With `expectedHolderKey` it must be bound to that key.
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

/** The examination, from what arrived to what may be believed. */
export async function examine(input: unknown, policy: Policy): Promise<Verdict> {
  policy.signal?.throwIfAborted()
  const examination = new Examination(sdJwtChecks, policy.signal)
  let anchor: TrustedAnchor | undefined
  let answer: StatusAnswer | { readonly reason: string } | undefined

  const found = await examination.hold(async () => {
    const text = examination.gate('format', () => expectSdJwt(input, policy.limits))
    const { parts, jws } = examination.gate('structure', () => decode(text, policy))
    const { profile, type } = await examination.gate('type', () => expectType(jws.payload, parts, policy))
    const keys = await examination.gate('issuer_trusted', () => trustedKeys(jws, type, policy))
    anchor = await examination.gate('issuer_signature', () => verifyIssuer(jws, keys))
    // Pinned keys and certificates are revoked by unpinning them; nobody else is asked.
    examination.skip(
      anchor.certificate ? 'certificate_revocation_not_checked' : 'not_present',
      'certificate_revocation',
    )
    const credential = await examination.gate('disclosures', () =>
      unpackSdJwt(jws.payload, parts.disclosures, policy.limits),
    )
    examination.gate('protected_claims', () => refuseDisclosedProtectedClaims(credential))

    const validUntil = examination.test('validity', () =>
      verifyTimes(credential.claims, policy.now, policy.clockTolerance),
    )
    const holderKey = await examineKeyBinding(examination, parts, credential, policy)
    const passport = examination.test('claims', () => fromClaims(profile, credential.claims))
    if (passport !== undefined)
      examination.test('required_claims', () => requireFields(passport.claims, policy.require))
    const reference = examination.gate('status_reference', () => expectStatusReference(credential, profile))
    answer = await examineStatus(examination, reference, { issuer: anchor.issuer, type }, policy)
    return { profile, anchor, passport, holderKey, validUntil }
  })

  const code = examination.refusal
  if (code !== undefined || found?.passport === undefined)
    return refuse(input, policy, examination, code ?? 'check_failed', anchor)
  const evidence = await recordEvidence(input, policy, {
    outcome: 'accepted',
    format: 'dc+sd-jwt',
    anchor: found.anchor,
    status: answer,
  })
  const { issuer: id, name, certificate } = found.anchor.description
  const verdict: Verified<PassportProfile> = {
    ok: true,
    passport: found.profile.name,
    format: 'dc+sd-jwt',
    issuer: withoutAbsent({ id, name, certificate }),
    holderKey: found.holderKey,
    claims: found.passport.claims,
    otherClaims: found.passport.other,
    status: describeStatus(answer, policy.now),
    validUntil: found.validUntil,
    checks: examination.checks,
    evidence,
  }
  return deepFreeze(withoutAbsent(verdict))
}

/** Text of the compact form; anything else is another format, or none. */
function expectSdJwt(input: unknown, limits: Limits): string {
  if (typeof input !== 'string')
    throw new VidimusError(ArrayBuffer.isView(input) ? 'format_not_expected' : 'input_not_text')
  within(limits, 'presentationBytes', input.length)
  if (input.includes('~')) return input
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
    const type = readType(payload)
    return [type, ...readOtherTypes(payload, type)]
  } catch (refusal) {
    // A type that is hidden is told apart from one that is not there (SD-JWT VC §2.2.2.3).
    refuseDisclosedProtectedClaims(await unpackSdJwt(payload, parts.disclosures, limits))
    throw refusal
  }
}

function readType({ vct }: JsonObject): string {
  if (vct === undefined) throw new VidimusError('claim_missing', { at: 'vct' })
  if (!isText(vct)) throw new VidimusError('claim_malformed', { at: 'vct' })
  return vct
}

/** A non-empty list of text that does not repeat `vct` (SD-JWT VC §2.2.2.2). */
function readOtherTypes({ aka_vcts: others }: JsonObject, vct: string): readonly string[] {
  if (others === undefined) return []
  if (!Array.isArray(others) || others.length === 0 || others.some(type => !isText(type) || type === vct))
    throw new VidimusError('claim_malformed', { at: 'aka_vcts' })
  return others as readonly string[]
}

async function trustedKeys(jws: DecodedJws, type: string, policy: Policy): Promise<readonly TrustedKey[]> {
  const { iss: issuer } = jws.payload
  if (issuer !== undefined && !isText(issuer)) throw new VidimusError('claim_malformed', { at: 'iss' })
  const { trust, now, algorithms, limits, expectedIssuers } = policy
  const keys = await credentialKeys(trust, jws, { issuer, type, now, algorithms, limits })
  if (expectedIssuers === undefined) return keys
  const expected = keys.filter(({ anchor }) => anchor.issuer !== undefined && expectedIssuers.includes(anchor.issuer))
  if (expected.length === 0)
    throw new VidimusError('issuer_not_expected', {
      at: 'iss',
      expected: expectedIssuers.join(' '),
    })
  return expected
}

/** The anchor whose key the signature holds under; several keys of an issuer are tried in the order configured. */
async function verifyIssuer(jws: DecodedJws, keys: readonly TrustedKey[]): Promise<TrustedAnchor> {
  let refusal: unknown
  for (const { key, anchor } of keys) {
    try {
      await verifyJws(jws, key)
      return anchor
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

function requireFields(claims: object, fields: readonly string[]): void {
  const missing = fields.filter(field => (claims as Record<string, unknown>)[field] === undefined)
  if (missing.length > 0)
    throw new VidimusError('required_claim_missing', {
      at: missing[0],
      expected: fields.join(' '),
      actual: fields.filter(field => !missing.includes(field)).join(' '),
    })
}

/** A reference that the passport requires must be there; waiving the status does not waive it. */
function expectStatusReference({ claims }: UnpackedSdJwt, profile: PassportProfile): StatusReference | undefined {
  const reference = readStatusReference(claims['status'])
  if (reference === undefined && profile.status === 'required')
    throw new VidimusError('status_missing', {
      at: 'status',
    })
  return reference
}

/** Asked last, and only of a credential that holds in everything else (Token Status List §8.3). */
async function examineStatus(
  examination: Examination,
  reference: StatusReference | undefined,
  credential: { readonly issuer: string | undefined; readonly type: string },
  policy: Policy,
): Promise<StatusAnswer | { readonly reason: string } | undefined> {
  const { status, trust, now, clockTolerance, algorithms, limits, signal } = policy
  if ('reason' in status) {
    examination.skip('status_not_checked', 'status')
    return status
  }
  if (reference === undefined) {
    examination.skip('not_present', 'status')
    return { reason: 'not_present' }
  }
  if (examination.refusal !== undefined) return undefined
  return examination.test('status', async () => {
    const signers = statusSigners(trust, { ...credential, now, algorithms, limits })
    const question = { reference, now, clockTolerance, algorithms, limits, signers, signal }
    const answer = readAnswer(await abortable(status.check(question), signal))
    const refusal = refusalOfStatus(answer.value)
    if (refusal !== undefined) throw new VidimusError(refusal, { actual: answer.value })
    return answer
  })
}

/** A copy of what the checker says: it is the caller's code, and the date in it stays the caller's. */
function readAnswer({ value, token, tokenDigest, asOf, source }: StatusAnswer): StatusAnswer {
  if (!isText(token) || !isText(tokenDigest)) throw new TypeError('`status.check` must return the token it read')
  return { value, token, tokenDigest, asOf: new Date(asOf.getTime()), source }
}

/** Token Status List §7.1: 0 is valid, 1 invalid, 2 suspended; whatever else is not known to be valid. */
const refusalOfStatus = (value: number): ErrorCode | undefined =>
  value === 0 ? undefined : value === 1 ? 'status_revoked' : value === 2 ? 'status_suspended' : 'status_unknown'

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

async function refuse(
  input: unknown,
  policy: Policy,
  examination: Examination,
  code: ErrorCode,
  anchor: TrustedAnchor | undefined,
): Promise<Verdict> {
  const { checks } = examination
  const recognised = checks.some(({ id, outcome }) => id === 'structure' && outcome === 'passed')
  const format = recognised ? ('dc+sd-jwt' as const) : undefined
  const evidence = await recordEvidence(input, policy, { outcome: code, format, anchor })
  return deepFreeze(withoutAbsent({ ok: false as const, code, format, checks, evidence }))
}

function describeStatus(answer: StatusAnswer | { readonly reason: string } | undefined, now: Date): VerifiedStatus {
  if (answer === undefined || 'reason' in answer) return { checked: false, reason: answer?.reason ?? 'not_present' }
  const age = Math.max(0, Math.floor((now.getTime() - answer.asOf.getTime()) / 1000))
  return { checked: true, value: 'valid', asOf: answer.asOf, age, source: answer.source }
}
