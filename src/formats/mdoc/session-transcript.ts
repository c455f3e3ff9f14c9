/**
 * Session transcripts: what a device's proof is bound to, one function for each way in which an mdoc is presented.
 *
 * Proximity: ISO/IEC 18013-5:2021, 9.1.5.1. OpenID4VP 1.0: appendix B.2.6. Digital Credentials API with `org-iso-mdoc`: ISO/IEC
 * TS 18013-7:2025, annex C. Drafts before OpenID4VP 1.0 (TS 18013-7, annex B) are still spoken by older wallets.
 *
 * A transcript also knows what it would have been under a neighbouring flow or input, so that a proof which does not hold
 * can be told what it was made for. These are for the report alone: nothing is accepted by them.
 */
import { digest } from '#crypto'
import { expectObject, expectText, misuse } from '../../core/arguments.js'
import { fromBase64url } from '../../core/bytes.js'
import { embeddedBytes, readCbor } from '../../core/cbor/read.js'
import { type Structure, wrapEncoded, writeStructure } from '../../core/cbor/structure.js'
import { CborTag, type CborValue, isBytes, isCborArray, isCborMap } from '../../core/cbor/value.js'
import { embed, writeCbor } from '../../core/cbor/write.js'
import type { KeyMembers } from '../../core/crypto/backend.js'
import { deepFreeze } from '../../core/freeze.js'
import { type Jwk, thumbprint } from '../../core/jwk.js'

/** The way in which an mdoc is presented. */
export type TranscriptFlow = 'openid4vp' | 'openid4vp_draft18' | 'dc_api' | 'annex_c' | 'proximity_qr' | 'proximity_nfc'

/** The session that a presentation is bound to. */
export interface SessionTranscript {
  /** Absent where the caller made the bytes. */
  readonly flow?: TranscriptFlow | undefined
  /** The CBOR array, not wrapped in tag 24. */
  readonly bytes: Uint8Array
  /** What it would have been otherwise, by a name for the difference. */
  readonly variants: readonly TranscriptVariant[]
}

export interface TranscriptVariant {
  /** What differs: `no_encryption_key`, `flow_dc_api` … Names no value. */
  readonly name: string
  readonly bytes: Uint8Array
}

export interface Openid4vpSession {
  /** The full `client_id`, its prefix included. */
  readonly clientId: string
  readonly nonce: string
  /** `response_uri`, or `redirect_uri` where the response mode uses that. */
  readonly responseUri: string
  /** The verifier's key that the response is encrypted to, if it is: a public JWK on any curve. */
  readonly encryptionKey?: Jwk | undefined
  /** The wallet's own nonce (`apu` of the JWE): drafts before 1.0 have one. It only helps to name what went wrong. */
  readonly mdocGeneratedNonce?: string | undefined
}

/**
 * OpenID4VP 1.0 by redirect or `direct_post` (B.2.6.1).
 * @example await openid4vpTranscript({ clientId: 'x509_san_dns:bank.example', nonce, responseUri: 'https://bank.example/response' })
 */
export async function openid4vpTranscript(session: Openid4vpSession): Promise<SessionTranscript> {
  expectObject(session, 'session')
  const { clientId, nonce, responseUri, encryptionKey, mdocGeneratedNonce } = session
  for (const name of ['clientId', 'nonce', 'responseUri'] as const) expectText(session[name], name)
  const key = await keyThumbprint(encryptionKey)
  const bare = clientId.slice(clientId.indexOf(':') + 1)
  const origin = originOf(responseUri)
  const variants: Variants = [
    ['no_encryption_key', () => openid4vp(clientId, nonce, null, responseUri), key !== null],
    ['client_id_without_prefix', () => openid4vp(bare, nonce, key, responseUri), bare !== clientId],
    ['response_uri_slash', () => openid4vp(clientId, nonce, key, toggleSlash(responseUri))],
    ['flow_dc_api', () => dcApi(origin!, nonce, key), origin !== undefined],
    ['flow_dc_api no_encryption_key', () => dcApi(origin!, nonce, null), origin !== undefined && key !== null],
    [
      'flow_openid4vp_draft18',
      () => draft18(clientId, nonce, responseUri, mdocGeneratedNonce!),
      mdocGeneratedNonce !== undefined,
    ],
    [
      'flow_openid4vp_draft18 client_id_without_prefix',
      () => draft18(bare, nonce, responseUri, mdocGeneratedNonce!),
      mdocGeneratedNonce !== undefined && bare !== clientId,
    ],
  ]
  return transcript('openid4vp', await openid4vp(clientId, nonce, key, responseUri), variants)
}

export interface Openid4vpDraft18Session {
  readonly clientId: string
  readonly nonce: string
  readonly responseUri: string
  /** The wallet's own nonce, `apu` of the JWE; empty where it sent none. */
  readonly mdocGeneratedNonce: string
}

/** Drafts of OpenID4VP before 1.0 (TS 18013-7, annex B): for wallets that were not renewed. */
export async function openid4vpDraft18Transcript(session: Openid4vpDraft18Session): Promise<SessionTranscript> {
  expectObject(session, 'session')
  const { clientId, nonce, responseUri, mdocGeneratedNonce } = session
  for (const name of ['clientId', 'nonce', 'responseUri'] as const) expectText(session[name], name)
  if (typeof mdocGeneratedNonce !== 'string') throw misuse('mdocGeneratedNonce', 'text')
  return transcript('openid4vp_draft18', await draft18(clientId, nonce, responseUri, mdocGeneratedNonce), [
    ['flow_openid4vp no_encryption_key', () => openid4vp(clientId, nonce, null, responseUri)],
  ])
}

export interface DcApiSession {
  /** The origin of the page that asked, without `origin:`. */
  readonly origin: string
  readonly nonce: string
  /** The verifier's key that the response is encrypted to, if it is: a public JWK on any curve. */
  readonly encryptionKey?: Jwk | undefined
}

/**
 * OpenID4VP 1.0 over the Digital Credentials API (B.2.6.2).
 * @example await dcApiTranscript({ origin: 'https://bank.example', nonce })
 */
export async function dcApiTranscript(session: DcApiSession): Promise<SessionTranscript> {
  expectObject(session, 'session')
  const { origin, nonce, encryptionKey } = session
  for (const name of ['origin', 'nonce'] as const) expectText(session[name], name)
  if (origin.startsWith('origin:')) throw misuse('origin', 'without the prefix `origin:`')
  const key = await keyThumbprint(encryptionKey)
  return transcript('dc_api', await dcApi(origin, nonce, key), [
    ['no_encryption_key', () => dcApi(origin, nonce, null), key !== null],
    ['origin_with_prefix', () => dcApi(`origin:${origin}`, nonce, key)],
    ['origin_slash', () => dcApi(toggleSlash(origin), nonce, key)],
    ['flow_openid4vp', () => openid4vp(`origin:${origin}`, nonce, key, origin)],
  ])
}

export interface AnnexCSession {
  /** `EncryptionInfo` as it was sent: base64url of its CBOR. */
  readonly encryptionInfo: string
  readonly origin: string
}

/**
 * `org-iso-mdoc` over the Digital Credentials API (TS 18013-7, annex C).
 * @example await annexCTranscript({ encryptionInfo, origin: 'https://bank.example' })
 */
export async function annexCTranscript(session: AnnexCSession): Promise<SessionTranscript> {
  expectObject(session, 'session')
  const { encryptionInfo, origin } = session
  for (const name of ['encryptionInfo', 'origin'] as const) expectText(session[name], name)
  if (!isBase64url(encryptionInfo.replace(/={1,2}$/, ''))) throw misuse('encryptionInfo', 'base64url')
  return transcript('annex_c', await annexC(encryptionInfo, origin), [
    ['origin_slash', () => annexC(encryptionInfo, toggleSlash(origin))],
    ['encryption_info_padded', () => annexC(padded(encryptionInfo), origin)],
  ])
}

export interface ProximitySession {
  /** The device engagement as it was received: its CBOR, or that wrapped in tag 24. */
  readonly deviceEngagement: Uint8Array
  /** The reader's ephemeral key as it was sent: the CBOR of a COSE_Key, or that wrapped in tag 24. */
  readonly readerKey: Uint8Array
  /** The messages of an NFC handover as they were exchanged; absent after a QR code. */
  readonly nfc?: { readonly select: Uint8Array; readonly request?: Uint8Array | undefined } | undefined
}

/**
 * Proximity, engaged by QR code or NFC (18013-5, 9.1.5.1).
 * @example await proximityTranscript({ deviceEngagement, readerKey })
 */
export async function proximityTranscript(session: ProximitySession): Promise<SessionTranscript> {
  expectObject(session, 'session')
  const { deviceEngagement, readerKey, nfc } = session
  const parts = [wrapped(deviceEngagement, 'deviceEngagement'), wrapped(readerKey, 'readerKey')]
  if (nfc !== undefined) expectNfc(nfc)
  const handover: CborValue = nfc === undefined ? null : [nfc.select, nfc.request ?? null]
  const proximity = async (handover: CborValue) => writeCbor([...parts, handover])
  return transcript(nfc === undefined ? 'proximity_qr' : 'proximity_nfc', await proximity(handover), [
    ['flow_proximity_qr', () => proximity(null), nfc !== undefined],
    ['nfc_without_request', () => proximity([nfc!.select, null]), nfc?.request !== undefined],
  ])
}

function expectNfc(nfc: NonNullable<ProximitySession['nfc']>): void {
  expectObject(nfc, 'nfc')
  const { select, request } = nfc
  if (!isBytes(select) || select.length === 0) throw misuse('nfc.select', 'a non-empty Uint8Array')
  if (request !== undefined && (!isBytes(request) || request.length === 0))
    throw misuse('nfc.request', 'a non-empty Uint8Array')
}

/**
 * The caller's own transcript: one of the functions above, or the bytes of the CBOR array. Throws `TypeError` naming the
 * argument.
 */
export function expectTranscript(given: unknown, argument: string): SessionTranscript {
  const {
    flow,
    bytes,
    variants = [],
  } = (isBytes(given) ? { bytes: given } : (given ?? {})) as Partial<SessionTranscript>
  const fits =
    isBytes(bytes) && isTranscript(bytes) && Array.isArray(variants) && variants.every(isVariant) && isFlow(flow)
  if (!fits) throw misuse(argument, 'a session transcript, or its bytes without tag 24')
  return { flow, bytes: new Uint8Array(bytes), variants: [...variants] }
}

const isFlow = (flow: unknown): boolean => flow === undefined || typeof flow === 'string'

const isVariant = (variant: Partial<TranscriptVariant> | null): boolean =>
  typeof variant?.name === 'string' && isBytes(variant.bytes)

function isTranscript(bytes: Uint8Array): boolean {
  try {
    const value = readCbor(bytes)
    return isCborArray(value) && value.length === 3
  } catch {
    return false
  }
}

type Variants = readonly (readonly [name: string, make: () => Promise<Uint8Array>, applies?: boolean])[]

async function transcript(flow: TranscriptFlow, bytes: Uint8Array, possible: Variants): Promise<SessionTranscript> {
  const variants: TranscriptVariant[] = []
  for (const [name, make, applies = true] of possible) if (applies) variants.push({ name, bytes: await make() })
  variants.push({ name: 'wrapped_in_tag_24', bytes: wrapEncoded(bytes) })
  return deepFreeze({ flow, bytes, variants })
}

const openid4vp = async (clientId: string, nonce: string, key: Uint8Array | null, responseUri: string) =>
  handover('OpenID4VPHandover', [clientId, nonce, key, responseUri])

const dcApi = async (origin: string, nonce: string, key: Uint8Array | null) =>
  handover('OpenID4VPDCAPIHandover', [origin, nonce, key])

const annexC = async (encryptionInfo: string, origin: string) => handover('dcapi', [encryptionInfo, origin])

/** `[null, null, [name, SHA-256(info)]]`: the hash is over the plain array. */
const handover = async (name: string, info: Structure): Promise<Uint8Array> =>
  writeStructure([null, null, [name, await digest('sha-256', writeStructure(info))]])

const draft18 = async (clientId: string, nonce: string, responseUri: string, mdocNonce: string) =>
  writeStructure([
    null,
    null,
    [
      await digest('sha-256', writeStructure([clientId, mdocNonce])),
      await digest('sha-256', writeStructure([responseUri, mdocNonce])),
      nonce,
    ],
  ])

/** The raw RFC 7638 thumbprint of the key, or `null`. */
async function keyThumbprint(jwk: Jwk | undefined): Promise<Uint8Array | null> {
  if (jwk === undefined) return null
  return fromBase64url(await thumbprint(expectEncryptionKey(jwk)))
}

/**
 * The members of a public key that its thumbprint is over (RFC 7638 §3.2, RFC 8037 §2). Nothing is encrypted here, so that
 * curves may be any that the wallet knows.
 */
function expectEncryptionKey(jwk: Jwk): KeyMembers {
  expectObject(jwk, 'encryptionKey')
  const { kty, crv, x, y, d } = jwk
  const [length, other] = [coordinateLength(x), coordinateLength(y)]
  const isPoint = kty === 'EC' ? other === length : kty === 'OKP' && y === undefined
  const isOnCurve = typeof crv === 'string' && /^[\w.-]+$/.test(crv) && (coordinateLengths[crv] ?? length) === length
  if (d !== undefined || kty === undefined || x === undefined || length === undefined || !isPoint || !isOnCurve)
    throw misuse('encryptionKey', 'a public EC or OKP JWK')
  return { kty, crv, x, ...(y === undefined ? {} : { y }) }
}

/** Bytes (RFC 7518 §6.2.1.2, RFC 8037 §2, RFC 8812 §3.1). */
const coordinateLengths: Readonly<Record<string, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
  secp256k1: 32,
  X25519: 32,
  Ed25519: 32,
  X448: 56,
  Ed448: 57,
}

/** Bytes of a coordinate; `undefined` for what is none. */
const coordinateLength = (coordinate: unknown): number | undefined =>
  isBase64url(coordinate) ? Math.floor((coordinate.length * 3) / 4) : undefined

function isBase64url(text: unknown): text is string {
  try {
    return typeof text === 'string' && fromBase64url(text).length > 0
  } catch {
    return false
  }
}

/** A map in CBOR, wrapped in tag 24 unless it is already. */
function wrapped(bytes: unknown, argument: string): CborTag {
  try {
    const value = readCbor(bytes as Uint8Array)
    const isWrapped = value instanceof CborTag
    if (isCborMap(isWrapped ? readCbor(embeddedBytes(value, argument).content) : value))
      return isWrapped ? value : embed(bytes as Uint8Array)
  } catch {
    // What is no CBOR is misuse all the same.
  }
  throw misuse(argument, 'the bytes of a map in CBOR, as it is or in tag 24')
}

const toggleSlash = (uri: string): string => (uri.endsWith('/') ? uri.slice(0, -1) : `${uri}/`)

const originOf = (uri: string): string | undefined => (URL.canParse(uri) ? new URL(uri).origin : undefined)

const padded = (text: string): string => text + '='.repeat((4 - (text.length % 4)) % 4)
