/**
 * How a presentation of an mdoc is verified: `examineMdoc` below, read from top to bottom beside that of `sd-jwt.ts`.
 *
 * Standards: ISO/IEC 18013-5:2021 (with the status of its second edition), RFC 9052 (COSE), RFC 5280 (certificates), Token
 * Status List. Everything hashed or signed is checked over the bytes that arrived.
 */
import { base64url, fromBase64url } from '../core/bytes.js'
import type { CborValue } from '../core/cbor/value.js'
import { coseHints } from '../core/cose/headers.js'
import { verifySign1 } from '../core/cose/sign1.js'
import { type Limits, within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type DeviceResponse, type MdocDocument, readDeviceResponse } from '../formats/mdoc/device-response.js'
import type { DeviceSigned } from '../formats/mdoc/device-signed.js'
import { type IssuerSigned, readIssuerSigned } from '../formats/mdoc/issuer-signed.js'
import type { ItemsByNamespace } from '../formats/mdoc/item.js'
import { type MobileSecurityObject, requireDigests } from '../formats/mdoc/mso.js'
import { readMdocStatusReference } from '../formats/status-list/reference.js'
import { fromElements } from '../passport/elements.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { Examination, type Plan } from './checks.js'
import { mdocChecks } from './clauses.js'
import { conclude, examineLogged, examineRevocation, requireFields, verifyingSigner } from './conclude.js'
import { examineDevice } from './device.js'
import { type Policy, readMdocPolicy, type VerificationOptions } from './policy.js'
import { readSession, type SessionOptions } from './session.js'
import type { TrustedKey } from './signers.js'
import { examineStatus, requireReference } from './status-check.js'
import type { Verdict } from './verdict.js'

export type MdocPresentationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> = VerificationOptions<Profile, Require> & SessionOptions

/**
 * Verifies an mdoc presentation, a device response with one document, and gives a verdict with every check and its reason.
 * It is bytes, or base64url text as OpenID4VP carries it. Several documents in a response: `verifyPresentationSet`.
 *
 * The first argument is hostile: whatever it is, the answer is a verdict. Missing or malformed options are a `TypeError`
 * or `RangeError`; an aborted `signal` rejects with its reason. It does not know whether the session was used before:
 * using its nonce up is the caller's part.
 *
 * @example
 * const verdict = await verifyMdocPresentation(response, {
 *   trust, status, expectedPassport: mdl, require: ['familyName'],
 *   expectedSessionTranscript: await openid4vpTranscript({ clientId, nonce, responseUri }),
 * })
 * if (verdict.ok) rentTo(verdict.claims.familyName)
 */
export async function verifyMdocPresentation<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(
  presentation: unknown,
  options: MdocPresentationOptions<Profile, Require>,
): Promise<Verdict<Profile, Require[number]>> {
  const policy = readMdocPolicy(options, await readSession(options))
  return (await examineMdoc(presentation, policy, mdocChecks)) as Verdict<Profile, Require[number]>
}

/** The examination, from what arrived to what may be believed. */
export async function examineMdoc(input: unknown, policy: Policy, plan: Plan): Promise<Verdict> {
  policy.signal?.throwIfAborted()
  const examination = new Examination(plan, policy.signal)
  let bytes: Uint8Array | undefined
  let signer: TrustedKey | undefined

  const found = await examination.hold(async () => {
    bytes = examination.gate('format', () => expectMdoc(input, policy))
    const document = examination.gate('structure', () => decode(bytes!, policy))
    const { issuerSigned, docType: type } = document
    const { issuerAuth, mso, items } = issuerSigned
    const profile = examination.gate('type', () => expectType(document, policy))
    const signers = await examination.gate('issuer_trusted', () => trustedSigners(issuerSigned, profile, policy))
    signer = await examination.gate('issuer_signature', () =>
      verifyingSigner(signers, key => verifySign1(issuerAuth, issuerAuth.payload!, key)),
    )
    await examineRevocation(examination, signer, policy.now)
    await examineLogged(examination, { issuerSigned, signer, type }, policy)
    await examination.gate('disclosures', () => requireDigests(mso, items))

    const validUntil = examination.test('validity', () => verifyValidity(mso, signer!, policy))
    const { holderKey, deviceClaims } = await examineDevice(examination, document, policy)
    const passport = examination.test('claims', () => fromElements(profile, elementsOf(items)))
    examineCountry(examination, items, signer)
    if (passport !== undefined)
      examination.test('required_claims', () => requireFields(passport.claims, policy.require))
    const reference = examination.gate('status_reference', () =>
      requireReference(readMdocStatusReference(mso.status), profile),
    )
    const status = await examineStatus(
      examination,
      { reference, form: policy.statusListCwt ?? null, signer, type },
      policy,
    )
    if (passport === undefined) return undefined
    const { claims, other: otherClaims } = passport
    return { profile, claims, otherClaims, deviceClaims, holderKey, status, validUntil }
  })

  const text = bytes && base64url(bytes)
  return conclude({ format: 'mso_mdoc', text, signer }, found, examination, policy)
}

/** Whether an input is meant as an mdoc: bytes, or text that begins as base64url of a CBOR map does. */
export const isMdocInput = (input: unknown): boolean =>
  ArrayBuffer.isView(input) || (typeof input === 'string' && /^[o-v][\w-]{7,}$/.test(input.slice(0, 256)))

/** A copy of the bytes, which the sender's hand can no longer change. */
function expectMdoc(input: unknown, { kind, session, limits }: Policy): Uint8Array {
  if (!isMdocInput(input)) throw new VidimusError(typeof input === 'string' ? 'format_not_expected' : 'format_unknown')
  if (kind === 'presentation' && session === undefined) throw new VidimusError('format_not_expected')
  return readMdocBytes(input, limits)
}

/**
 * The bytes of an mdoc, copied, or those that base64url text stands for. Throws `format_unknown`, `encoding_invalid`,
 * `limit_exceeded`.
 */
export function readMdocBytes(input: unknown, limits: Limits): Uint8Array {
  if (typeof input === 'string') {
    within(limits, 'presentationBytes', Math.floor(input.length * 0.75))
    return fromBase64url(input, 'presentation')
  }
  if (!(input instanceof Uint8Array)) throw new VidimusError('format_unknown')
  within(limits, 'presentationBytes', input.length)
  // A buffer that was handed over to another thread has no bytes left and cannot be copied.
  return input.length === 0 ? new Uint8Array() : new Uint8Array(input)
}

/** The types of the documents in a response, as each says, unverified. Throws as `readDeviceResponse`. */
export const claimedDocTypes = (input: unknown, limits: Limits): readonly string[] =>
  readDeviceResponse(readMdocBytes(input, limits), limits).documents.map(({ docType }) => docType)

/** A document that was presented, or a credential that was not. */
interface ReceivedMdoc {
  readonly docType: string
  readonly issuerSigned: IssuerSigned
  readonly deviceSigned?: DeviceSigned | undefined
}

function decode(bytes: Uint8Array, policy: Policy): ReceivedMdoc {
  if (policy.kind === 'presentation') return expectDocument(readDeviceResponse(bytes, policy.limits), policy)
  const issuerSigned = readIssuerSigned(bytes, policy.limits)
  return { docType: issuerSigned.mso.docType, issuerSigned }
}

/**
 * The document that was asked for, and no other. Throws `mdoc_document_missing` with the device's own reason,
 * `mdoc_document_unexpected`.
 */
function expectDocument({ documents, documentErrors }: DeviceResponse, policy: Policy): MdocDocument {
  const types = policy.expectedPassports.flatMap(({ docType }) => docType)
  const [document, ...others] = policy.isOneOfSeveral
    ? documents.filter(({ docType }) => types.includes(docType))
    : documents
  if (document === undefined) {
    const refused = types.find(type => documentErrors.has(type))
    throw new VidimusError('mdoc_document_missing', { at: 'documents', actual: documentErrors.get(refused ?? '') })
  }
  if (others.length > 0) throw new VidimusError('mdoc_document_unexpected', { at: 'documents' })
  return document
}

/** The expected passport that the document says it is, which must be what the issuer signed (9.3.1). */
function expectType({ docType, issuerSigned }: ReceivedMdoc, { expectedPassports }: Policy): PassportProfile {
  if (issuerSigned.mso.docType !== docType) throw new VidimusError('mdoc_doctype_mismatch', { at: 'docType' })
  const profile = expectedPassports.find(passport => passport.docType.includes(docType))
  if (profile !== undefined) return profile
  throw new VidimusError('type_not_expected', {
    at: 'docType',
    expected: expectedPassports.map(({ name }) => name).join(' '),
  })
}

function trustedSigners(
  { issuerAuth, mso }: IssuerSigned,
  profile: PassportProfile,
  policy: Policy,
): Promise<readonly TrustedKey[]> {
  const hints = coseHints(issuerAuth.headers, policy.algorithms, policy.limits)
  return policy.trust.credentialSigners(hints, { issuer: undefined, type: mso.docType, profile }, policy)
}

/**
 * Holds the three instants against the clock, and the first against the signer's certificate (9.3.1). Returns the last.
 * Throws `credential_issued_in_future`, `credential_not_yet_valid`, `credential_expired`, `mdoc_signed_outside_certificate`.
 */
function verifyValidity(
  { signed, validFrom, validUntil }: MobileSecurityObject,
  { certified }: TrustedKey,
  { now, clockTolerance }: Policy,
): Date {
  const earliest = now.getTime() - clockTolerance * 1000
  const latest = now.getTime() + clockTolerance * 1000
  if (signed.getTime() > latest) throw new VidimusError('credential_issued_in_future', { at: 'signed' })
  if (validFrom.getTime() > latest) throw new VidimusError('credential_not_yet_valid', { at: 'validFrom' })
  if (validUntil.getTime() < earliest) throw new VidimusError('credential_expired', { at: 'validUntil' })
  const certificate = certified?.path.leaf
  if (certificate !== undefined && (signed < certificate.notBefore || signed > certificate.notAfter))
    throw new VidimusError('mdoc_signed_outside_certificate', { at: 'signed' })
  return validUntil
}

function elementsOf(items: ItemsByNamespace): ReadonlyMap<string, ReadonlyMap<string, CborValue>> {
  const elements = new Map<string, ReadonlyMap<string, CborValue>>()
  for (const [namespace, list] of items)
    elements.set(namespace, new Map(list.map(({ identifier, value }) => [identifier, value])))
  return elements
}

/** Country and state in the document are those of the signer's certificate, each where both say it (9.3.1). */
function examineCountry(examination: Examination, items: ItemsByNamespace, { certified }: TrustedKey): void {
  const { country, stateOrProvince } = certified?.path.leaf.subject ?? {}
  const places = new Map([
    ['issuing_country', country],
    ['issuing_jurisdiction', stateOrProvince],
  ])
  const stated = [...items.values()].flatMap(list =>
    list.filter(({ identifier }) => places.get(identifier) !== undefined),
  )
  if (stated.length === 0) examination.skip('not_present', 'issuer_country')
  else
    examination.test('issuer_country', () => {
      for (const { identifier, value } of stated)
        if (value !== places.get(identifier)) throw new VidimusError('mdoc_country_mismatch', { at: identifier })
    })
}
