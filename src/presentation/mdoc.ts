/**
 * The holder's side of `mso_mdoc`: keep a credential, show the least that is asked (ISO/IEC 18013-5:2021, 8.3.2.1.2.2, 9.1.3).
 *
 * Items are sent byte for byte as the issuer made them.
 */
import { algorithmOfCurve } from '../core/algorithms.js'
import { expectList, expectObject, misuse } from '../core/arguments.js'
import { type CborValue, isBytes } from '../core/cbor/value.js'
import { deepFreeze } from '../core/freeze.js'
import { expectPublicJwk, type Jwk, sameKey } from '../core/jwk.js'
import { defaultLimits } from '../core/limits.js'
import { readSigner, type Signer, type SignerSource } from '../core/signer.js'
import { VidimusError } from '../errors.js'
import { documentValue, writeDeviceResponse } from '../formats/mdoc/device-response.js'
import { macDevice, signDevice } from '../formats/mdoc/device-signed.js'
import { type IssuerSigned, issuerSignedValue, readIssuerSigned } from '../formats/mdoc/issuer-signed.js'
import type { IssuerSignedItem, ItemsByNamespace } from '../formats/mdoc/item.js'
import { expectTranscript, type SessionTranscript } from '../formats/mdoc/session-transcript.js'
import type { ClaimPath } from '../formats/sd-jwt/path.js'
import type { PassportProfile } from '../passport/profile.js'
import { type Disclose, readDisclose, requireNoneMissing, type Wanted } from './disclose.js'
import { previewElements } from './preview-elements.js'
import type { Preview } from './preview-field.js'

/** A credential that was read once, to be presented many times. */
export interface PreparedMdoc {
  readonly docType: string
}

/** In which session, and with which key. */
export interface PresentMdocTo {
  /** The session, as `openid4vpTranscript(…)` and its like make it, or the bytes of the CBOR array without tag 24. */
  readonly sessionTranscript: SessionTranscript | Uint8Array
  /** Over the key that the credential is bound to. */
  readonly signer: SignerSource
  /**
   * How the device proves that it is there: with a signature, the default, or with a MAC that only the reader of this
   * session can check. `mac` is the reader's public key, on the curve of the device's own.
   */
  readonly deviceAuth?: 'signature' | { readonly mac: Jwk } | undefined
}

/** A credential as its holder works with it. */
interface Indexed {
  readonly issuerSigned: IssuerSigned
  /** By their path, as text. */
  readonly elements: ReadonlyMap<string, Element>
}

interface Element {
  readonly namespace: string
  readonly item: IssuerSignedItem
  /** Its place in the credential. */
  readonly place: number
}

/** What will be sent of one credential: chosen once, so that showing and sending cannot part ways. */
interface Plan {
  readonly credential: IssuerSigned
  readonly items: ItemsByNamespace
}

const indexes = /* @__PURE__ */ new WeakMap<PreparedMdoc, Indexed>()
const plans = /* @__PURE__ */ new WeakMap<Preview, Plan>()

/**
 * Reads the bytes of an `IssuerSigned` once, to present it many times. The issuer's signature is not checked, nor are the
 * digests: keep what `verifyCredential` accepted. Throws the codes of a malformed credential.
 * @example const prepared = prepareMdoc(credential)
 */
export function prepareMdoc(credential: Uint8Array): PreparedMdoc {
  if (!isBytes(credential)) throw misuse('credential', 'the bytes of an mdoc')
  const issuerSigned = readIssuerSigned(new Uint8Array(credential), defaultLimits)
  const prepared = Object.freeze({ docType: issuerSigned.mso.docType })
  indexes.set(prepared, { issuerSigned, elements: indexElements(issuerSigned.items) })
  return prepared
}

function indexElements(items: ItemsByNamespace): ReadonlyMap<string, Element> {
  const elements = new Map<string, Element>()
  for (const [namespace, list] of items)
    for (const item of list)
      elements.set(textOf([namespace, item.identifier]), { namespace, item, place: elements.size })
  return elements
}

/** Whether something is an mdoc as its holder keeps it. */
export const isMdoc = (credential: unknown): credential is Uint8Array | PreparedMdoc =>
  isBytes(credential) || indexes.has(credential as PreparedMdoc)

/** `previewPresentation` for holders who keep mdocs alone. */
export function previewMdoc<const Profile extends PassportProfile>(
  credential: Uint8Array | PreparedMdoc,
  options: Disclose<Profile>,
): Preview {
  const { plan, missing } = choose(credential, options)
  const fields = previewElements(plan.credential.mso, plan.items, options.passport)
  const preview: Preview = deepFreeze({ fields, missing: missing.map(path => [...path]) })
  plans.set(preview, plan)
  return preview
}

/**
 * Presents mdocs in one session: the bytes of a device response, with a document for each preview, which holds exactly what
 * the preview shows.
 *
 * Throws `presentation_claim_unknown` when something to disclose is not in the credential, `presentation_not_bound` when
 * the credential is bound to another key than the signer's, and `TypeError` for options that are wrong.
 * @example
 * await presentMdoc(preview, { sessionTranscript: await openid4vpTranscript({ clientId, nonce, responseUri }), signer })
 */
export function presentMdoc(previews: Preview | readonly Preview[], to: PresentMdocTo): Promise<Uint8Array>
/** The same of one credential in one step, for a holder who has already agreed. */
export function presentMdoc<const Profile extends PassportProfile>(
  credential: Uint8Array | PreparedMdoc,
  options: Disclose<Profile> & PresentMdocTo,
): Promise<Uint8Array>
export async function presentMdoc(
  shown: Preview | readonly Preview[] | Uint8Array | PreparedMdoc,
  options: PresentMdocTo | (Wanted & PresentMdocTo),
): Promise<Uint8Array> {
  expectObject(options, 'options')
  const chosen = isMdoc(shown) ? [planFor(shown, options as Wanted & PresentMdocTo)] : plansOf(shown)
  const { bytes: transcript } = expectTranscript(options.sessionTranscript, 'sessionTranscript')
  const signer = await readSigner(options.signer)
  for (const { credential } of chosen)
    if (!sameKey(credential.mso.deviceKey, signer.publicJwk))
      throw new VidimusError('presentation_not_bound', { at: 'deviceKey' })

  const prove = await deviceProof(options.deviceAuth, transcript, signer)
  const documents: CborValue[] = []
  for (const { credential, items } of chosen) {
    const { docType } = credential.mso
    const issuerSigned = issuerSignedValue(items, credential.issuerAuthValue)
    documents.push(documentValue(docType, issuerSigned, await prove(docType)))
  }
  return writeDeviceResponse(documents)
}

/** A reader would not know which of two documents of one type is meant, so a response has one of each. */
function plansOf(shown: Preview | readonly Preview[]): readonly Plan[] {
  const chosen = expectList(Array.isArray(shown) ? shown : [shown], 'previews').map(planOf)
  const types = new Set(chosen.map(({ credential }) => credential.mso.docType))
  if (types.size < chosen.length) throw misuse('previews', 'of documents of different types')
  return chosen
}

function planOf(preview: Preview): Plan {
  const plan = plans.get(preview)
  if (plan === undefined) throw misuse('preview', 'what previewPresentation() made of an mdoc')
  return plan
}

function planFor(credential: Uint8Array | PreparedMdoc, options: Wanted): Plan {
  const { plan, missing, paths } = choose(credential, options)
  requireNoneMissing(missing, paths)
  return plan
}

interface Choice {
  readonly plan: Plan
  readonly paths: readonly ClaimPath[]
  readonly missing: readonly ClaimPath[]
}

/** A path of another form than `[namespace, element]` leads to nothing in an mdoc. */
function choose(source: Uint8Array | PreparedMdoc, options: Wanted): Choice {
  expectObject(options, 'options')
  const paths = readDisclose(options, 'element')
  const { issuerSigned, elements } = indexOf(source)
  const chosen = new Set<Element>()
  const missing = paths.filter(path => {
    const element = elements.get(textOf(path))
    if (element !== undefined) chosen.add(element)
    return element === undefined
  })
  return { plan: { credential: issuerSigned, items: inOrder([...chosen]) }, paths, missing }
}

/** Elements as they stand in the credential, so that nothing tells in which order they were asked for. */
function inOrder(chosen: Element[]): ItemsByNamespace {
  const items = new Map<string, IssuerSignedItem[]>()
  for (const { namespace, item } of chosen.sort((a, b) => a.place - b.place)) {
    const members = items.get(namespace)
    if (members === undefined) items.set(namespace, [item])
    else members.push(item)
  }
  return items
}

const textOf = (path: ClaimPath): string => JSON.stringify(path)

function indexOf(source: Uint8Array | PreparedMdoc): Indexed {
  const indexed = indexes.get(isBytes(source) ? prepareMdoc(source) : source)
  if (indexed === undefined) throw misuse('credential', 'the bytes of an mdoc, or what prepareMdoc() made')
  return indexed
}

type Proof = (docType: string) => Promise<CborValue>

async function deviceProof(
  deviceAuth: PresentMdocTo['deviceAuth'] = 'signature',
  transcript: Uint8Array,
  signer: Signer,
): Promise<Proof> {
  if (deviceAuth === 'signature') return docType => signDevice(transcript, docType, signer)
  if (typeof deviceAuth !== 'object' || deviceAuth === null) throw misuse('deviceAuth', "'signature' or { mac }")
  const agreed = await agree(signer, deviceAuth.mac)
  return docType => macDevice(transcript, docType, agreed)
}

/** 9.1.3.5: what the device's key and the reader's agree on. */
async function agree(signer: Signer, mac: Jwk): Promise<Uint8Array> {
  if (signer.agree === undefined) throw misuse('signer', 'one with `agree`, for a MAC')
  expectObject(mac, 'deviceAuth.mac')
  // A key for agreement says so in `use`, `key_ops` or `alg`; here its point alone matters.
  const { kty, crv, x, y, d } = mac
  const reader = expectPublicJwk({ kty, crv, x, y, d }, 'deviceAuth.mac', 'cose')
  if (reader.crv !== signer.publicJwk.crv) throw misuse('deviceAuth.mac', 'on the curve of the device key')
  const agreed = await signer.agree(reader)
  if (!isBytes(agreed) || agreed.length !== algorithmOfCurve(reader.crv).coordinateBytes)
    throw misuse('signer.agree', 'a function that returns the x-coordinate in full length')
  return agreed
}
