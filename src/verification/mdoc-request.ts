/**
 * The request of an mdoc reader (ISO/IEC 18013-5:2021, 8.3.2.1.2.1): made by a verifier, and read by a holder who wants to know who
 * asks. Reader authentication (9.1.4) ties the request to one session and to a reader that the holder's app trusts.
 */
import { type AlgorithmName, readAlgorithms } from '../core/algorithms.js'
import { expectList, expectObject, misuse } from '../core/arguments.js'
import { isBytes } from '../core/cbor/value.js'
import { type Clock, readClock } from '../core/clock.js'
import { coseHints } from '../core/cose/headers.js'
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import { type Limits, readLimits } from '../core/limits.js'
import { readSigner, type SignerSource } from '../core/signer.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import {
  createDeviceRequest,
  type DocumentRequest,
  readDeviceRequest,
  verifyReaderAuth,
  type WantedDocument,
} from '../formats/mdoc/device-request.js'
import { expectTranscript, type SessionTranscript } from '../formats/mdoc/session-transcript.js'
import type { FieldOf, PassportProfile, ProfileField } from '../passport/profile.js'
import { verifyingSigner } from './conclude.js'
import { describeIssuer, readerSigners } from './signers.js'
import { expectTrust, type Trust } from './trust.js'
import type { VerifiedIssuer } from './verdict.js'

/** What a verifier asks of one document. */
export interface MdocWish<Profile extends PassportProfile = PassportProfile> {
  readonly passport: Profile
  readonly fields: readonly FieldOf<Profile>[]
  /** Of these, those that the verifier will keep: it has to say so. Default: none. */
  readonly keep?: readonly FieldOf<Profile>[] | undefined
}

export interface MdocRequestOptions {
  /** The session that the request is signed for. */
  readonly sessionTranscript: SessionTranscript | Uint8Array
  /** The reader's key, with its certificate chain `x5c`. */
  readonly signer: SignerSource
}

/**
 * The bytes of a device request. With options it is signed, each document on its own; without, nobody can tell who asks.
 * Throws `TypeError` for a field that has no element, and for a signer without certificates.
 * @example await createMdocRequest([{ passport: mdl, fields: ['familyName', 'ageOver18'] }], { sessionTranscript, signer })
 */
export async function createMdocRequest<const Profile extends PassportProfile>(
  wishes: readonly MdocWish<Profile>[],
  options?: MdocRequestOptions,
): Promise<Uint8Array> {
  const wanted = expectList(wishes, 'wishes').map(wantedDocument)
  if (options === undefined) return createDeviceRequest(wanted)
  expectObject(options, 'options')
  const { bytes: transcript } = expectTranscript(options.sessionTranscript, 'sessionTranscript')
  const signer = await readSigner(options.signer)
  if (signer.x5c === undefined || signer.x5c.length === 0)
    throw misuse('signer', 'one with its certificate chain, `x5c`')
  return createDeviceRequest(wanted, { transcript, signer })
}

function wantedDocument({ passport, fields, keep = [] }: MdocWish, index: number): WantedDocument {
  const [docType] = passport.docType
  if (docType === undefined) throw misuse(`wishes[${index}].passport`, 'one with a `docType`')
  const elements = new Map<string, Map<string, boolean>>()
  for (const name of expectList<string>(fields, `wishes[${index}].fields`)) {
    const field = (passport.fields as Readonly<Record<string, ProfileField>>)[name]
    if (field?.element === undefined)
      throw misuse(`wishes[${index}].fields`, `fields that ${passport.name} has as elements`)
    const [namespace, identifier] = field.element
    const named = elements.get(namespace) ?? new Map<string, boolean>()
    elements.set(namespace, named.set(identifier, (keep as readonly string[]).includes(name)))
  }
  return { docType, elements }
}

export interface ReadMdocRequestOptions {
  /** The session in which the request came. */
  readonly sessionTranscript: SessionTranscript | Uint8Array
  /** Whom the holder's app believes: anchors with the purpose `reader`. */
  readonly trust: Trust
  readonly algorithms?: readonly AlgorithmName[] | undefined
  readonly limits?: Partial<Limits> | undefined
  readonly now?: Clock | undefined
}

/** What is asked of one document, and by whom. */
export interface RequestedDocument {
  readonly docType: string
  /** What to disclose, as `previewPresentation` takes it. */
  readonly disclose: readonly (readonly [namespace: string, element: string])[]
  /** Of these, those that the reader says it keeps. */
  readonly retained: readonly (readonly [namespace: string, element: string])[]
  /** Who asks; absent where the reader does not say who it is. */
  readonly reader?: VerifiedIssuer | undefined
}

export type MdocRequestVerdict =
  | { readonly ok: true; readonly documents: readonly RequestedDocument[] }
  | { readonly ok: false; readonly code: ErrorCode; readonly at?: string | undefined }

/**
 * Reads and verifies the request of a reader. One that says who it is must be right: signed for this session, by a reader
 * that `trust` leads to. One that does not say so is answered or not as the holder decides.
 *
 * The first argument is hostile: whatever it is, the answer is a verdict. Wrong options are a `TypeError` or `RangeError`.
 * @example
 * const asked = await verifyMdocRequest(bytes, { sessionTranscript, trust })
 * if (asked.ok) previewPresentation(licence, { disclose: asked.documents[0].disclose })
 */
export async function verifyMdocRequest(
  request: unknown,
  options: ReadMdocRequestOptions,
): Promise<MdocRequestVerdict> {
  expectObject(options, 'options')
  const { bytes: transcript } = expectTranscript(options.sessionTranscript, 'sessionTranscript')
  const believed: Believed = {
    transcript,
    trust: expectTrust(options.trust),
    algorithms: readAlgorithms(options.algorithms),
    limits: readLimits(options.limits),
    now: readClock(options.now),
  }
  try {
    if (!isBytes(request)) throw new VidimusError('format_unknown')
    const documents: RequestedDocument[] = []
    for (const document of readDeviceRequest(new Uint8Array(request), believed.limits))
      documents.push(await describe(document, believed))
    return deepFreeze({ ok: true, documents })
  } catch (error) {
    const { code, at } = error instanceof VidimusError ? error : new VidimusError('check_failed')
    return deepFreeze(withoutAbsent({ ok: false as const, code, at }))
  }
}

interface Believed {
  readonly transcript: Uint8Array
  readonly trust: Trust
  readonly algorithms: readonly AlgorithmName[]
  readonly limits: Limits
  readonly now: Date
}

async function describe(document: DocumentRequest, believed: Believed): Promise<RequestedDocument> {
  const wanted = [...document.elements].flatMap(([namespace, elements]) =>
    [...elements].map(([element, kept]) => ({ path: [namespace, element] as const, kept })),
  )
  return withoutAbsent({
    docType: document.docType,
    disclose: wanted.map(({ path }) => path),
    retained: wanted.filter(({ kept }) => kept).map(({ path }) => path),
    reader: await readerOf(document, believed),
  })
}

async function readerOf(document: DocumentRequest, believed: Believed): Promise<VerifiedIssuer | undefined> {
  const { readerAuth } = document
  if (readerAuth === undefined) return undefined
  const { transcript, trust, algorithms, limits, now } = believed
  const signers = await readerSigners(trust, coseHints(readerAuth.headers, algorithms, limits), { now, limits })
  const signer = await verifyingSigner(signers, key => verifyReaderAuth(document, transcript, key))
  await signer.certified?.requireNotRevoked?.(now)
  return withoutAbsent(describeIssuer(signer))
}
