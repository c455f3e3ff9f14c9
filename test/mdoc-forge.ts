/**
 * Mdocs made by hand, so that each can be wrong in one place: any item, digest, member of the mobile security object,
 * header, certificate, part of the device and of the envelope. Without changes it makes an honest presentation of the
 * harbour pass, rightly signed by issuer and device.
 */
import { digest } from '#crypto'
import { agreeWith } from '../src/core/agreement.js'
import { algorithmOfCurve, algorithmOfSigner } from '../src/core/algorithms.js'
import { concatBytes } from '../src/core/bytes.js'
import { type CborKey, CborTag, type CborValue, isBytes, tagDateTime, tagFullDate } from '../src/core/cbor/value.js'
import { embed, writeCbor } from '../src/core/cbor/write.js'
import { writeCoseKey } from '../src/core/cose/key.js'
import { createDetachedMac0 } from '../src/core/cose/mac0.js'
import { x5chainHeader } from '../src/core/cose/sign1.js'
import type { Jwk } from '../src/core/jwk.js'
import { generateSigner, type Signer } from '../src/core/keys.js'
import { deviceAuthenticationBytes, deviceMacKey } from '../src/formats/mdoc/device-signed.js'
import { openid4vpTranscript, type SessionTranscript } from '../src/formats/mdoc/session-transcript.js'
import { type DevelopmentIssuer, developmentIssuer } from '../src/testing/development-issuer.js'
import { statusNotChecked } from '../src/verification/status.js'
import { trustAnchors } from '../src/verification/trust.js'
import { crew, harbour, harbourPass } from './harbour.js'
import { instant, now } from './world.js'

/** A map that is still being made. */
export type Members = Map<CborKey, CborValue>

/** An item of the issuer's. */
export interface ForgedItem {
  readonly namespace: string
  readonly members: Members
  /** Its encoding in place of the deterministic one, tag and head included. */
  readonly encoded?: Uint8Array
}

export interface MdocChanges {
  /** Items before they are hashed. */
  readonly items?: (honest: ForgedItem[]) => readonly ForgedItem[]
  /** What becomes of digests, by namespace, before they are signed. */
  readonly digests?: (honest: Map<string, Members>) => unknown
  /** SHA-256 unless said otherwise; the name that the mobile security object says is changed with `mso`. */
  readonly hash?: 'sha-256' | 'sha-384' | 'sha-512'
  /** The mobile security object before it is signed; what is returned stands in its place. */
  readonly mso?: (honest: Members) => unknown
  /** The encoding of the mobile security object, and the payload around it. */
  readonly msoBytes?: (bytes: Uint8Array) => Uint8Array
  readonly payload?: (bytes: Uint8Array) => Uint8Array
  readonly issuerProtected?: (honest: Members) => unknown
  readonly issuerUnprotected?: (honest: Members) => unknown
  /** The encoding of the protected headers. */
  readonly issuerProtectedBytes?: (bytes: Uint8Array) => Uint8Array
  /** Who signs in the issuer's place, with the certificates of its own. */
  readonly signer?: Signer
  /** The signed structure, changed afterwards. */
  readonly issuerAuth?: (honest: readonly CborValue[]) => CborValue
  /** Items as they are presented, by namespace. */
  readonly nameSpaces?: (honest: Map<string, CborValue[]>) => unknown
  readonly issuerSigned?: (honest: Members) => unknown
  /** What the device says. */
  readonly deviceElements?: Members
  /** The encoding of it, tag and head included. */
  readonly deviceNameSpaces?: Uint8Array
  /** Whether the device answers with a MAC. */
  readonly mac?: boolean
  /** What the device proves: another session, another type of document. */
  readonly transcript?: Uint8Array
  readonly provenType?: string
  /** What the device signs in place of what it presents. */
  readonly provenNameSpaces?: Uint8Array
  /** Who signs in the holder's place. */
  readonly holder?: Signer
  readonly deviceProtected?: (honest: Members) => unknown
  readonly deviceUnprotected?: (honest: Members) => unknown
  /** The device's signature or MAC, changed afterwards. */
  readonly deviceProof?: (honest: readonly CborValue[]) => CborValue
  readonly deviceAuth?: (honest: Members) => unknown
  readonly deviceSigned?: (honest: Members) => unknown
  readonly document?: (honest: Members) => unknown
  readonly response?: (honest: Members) => unknown
  /** The whole, changed at last. */
  readonly whole?: (bytes: Uint8Array) => Uint8Array
}

export interface MdocWorld {
  readonly issuer: DevelopmentIssuer
  readonly holder: Signer
  /** The reader's private key of this session. */
  readonly readerKey: Jwk
  readonly session: SessionTranscript
}

export const sessionOptions = {
  clientId: 'x509_san_dns:bank.example',
  nonce: 'nonce-of-this-request',
  responseUri: 'https://bank.example/response',
}

type MdocAlgorithm = 'ES256' | 'ES384' | 'ES512' | 'Ed25519'

/** Keys and certificates are made once per test file. The reader's key is on the curve of the holder's, where it can be. */
export async function makeMdocWorld(alg: MdocAlgorithm = 'ES256', holderAlg: MdocAlgorithm = alg): Promise<MdocWorld> {
  const holder = await generateSigner(holderAlg)
  const { crv } = holder.publicJwk
  return {
    issuer: await developmentIssuer({ alg, now }),
    holder,
    readerKey: await makeReaderKey(crv === 'Ed25519' ? 'P-256' : crv),
    session: await openid4vpTranscript(sessionOptions),
  }
}

/** A private key for agreement. */
export async function makeReaderKey(crv: string): Promise<Jwk> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: crv }, true, ['deriveBits'])
  return (await crypto.subtle.exportKey('jwk', privateKey)) as Jwk
}

/** What the bank of this world expects. */
export const mdocExpectations = ({ issuer, readerKey, session }: Omit<MdocWorld, 'holder'>) => ({
  trust: trustAnchors([issuer.anchor]),
  expectedPassport: harbourPass,
  expectedSessionTranscript: session,
  readerKey,
  status: statusNotChecked('not a matter of this test'),
  now,
})

export const docType = harbourPass.docType[0]!

const day = 24 * 3600 * 1000

/** A `tdate`, so many milliseconds from the instant of the world. */
export const tdate = (offset: number): CborTag =>
  new CborTag(tagDateTime, `${new Date(instant.getTime() + offset).toISOString().slice(0, 19)}Z`)

/** Bytes that stand where a value is written, whatever they are. */
export const raw = (...bytes: readonly Uint8Array[]): CborTag => new CborTag(24, null, concatBytes(...bytes))

/** A map of members that need not be different from each other. */
export const rawMap = (...members: readonly (readonly [CborValue, CborValue])[]): CborTag =>
  raw(Uint8Array.of(0xa0 + members.length), ...members.flat().map(writeCbor))

/** A device response with these changes, everything else being honest and rightly signed. */
export async function forgeMdoc(world: MdocWorld, changes: MdocChanges = {}): Promise<Uint8Array> {
  return forgeResponse([await forgeDocument(world, changes)], changes)
}

/** A response of documents. */
export function forgeResponse(documents: readonly CborValue[], changes: MdocChanges = {}): Uint8Array {
  const response = change(
    membersOf([
      ['version', '1.0'],
      ['documents', documents],
      ['status', 0],
    ]),
    changes.response,
  )
  return (changes.whole ?? unchanged)(writeCbor(response))
}

export async function forgeDocument(world: MdocWorld, changes: MdocChanges = {}): Promise<CborValue> {
  const document = membersOf([
    ['docType', docType],
    ['issuerSigned', await forgeIssuerSigned(world, changes)],
    ['deviceSigned', await forgeDeviceSigned(world, changes)],
  ])
  return change(document, changes.document)
}

/** The issuer's part: what a wallet keeps. */
export async function forgeIssuerSigned(world: MdocWorld, changes: MdocChanges = {}): Promise<CborValue> {
  const items = (changes.items ?? unchanged)(honestItems())
  const presented = new Map<string, CborValue[]>()
  const digests = new Map<string, Members>()
  for (const item of items) {
    const encoded = encodeItem(item)
    presented.set(item.namespace, [...(presented.get(item.namespace) ?? []), raw(encoded)])
    const byId: Members = digests.get(item.namespace) ?? new Map()
    byId.set((item.members.get('digestID') ?? 0) as number, await digest(changes.hash ?? 'sha-256', encoded))
    digests.set(item.namespace, byId)
  }
  const mso = change(
    membersOf([
      ['version', '1.0'],
      ['digestAlgorithm', 'SHA-256'],
      ['valueDigests', changeWith(digests, changes.digests)],
      ['deviceKeyInfo', membersOf([['deviceKey', writeCoseKey(world.holder.publicJwk)]])],
      ['docType', docType],
      ['validityInfo', validityInfo()],
    ]),
    changes.mso,
  )
  const msoBytes = (changes.msoBytes ?? unchanged)(writeCbor(mso))
  const issuerSigned = membersOf([
    ['nameSpaces', changeWith(presented, changes.nameSpaces)],
    ['issuerAuth', await forgeIssuerAuth(world, (changes.payload ?? unchanged)(writeCbor(embed(msoBytes))), changes)],
  ])
  return change(issuerSigned, changes.issuerSigned)
}

/** Three instants, the first within the validity of the certificate. */
export const validityInfo = (changes: Readonly<Record<string, CborValue>> = {}): Members =>
  membersOf(
    Object.entries({
      signed: tdate(-day / 2),
      validFrom: tdate(-day / 2),
      validUntil: tdate(90 * day),
      ...changes,
    }),
  )

/** An item of the issuer's, before it is hashed. */
export const forgedItem = (
  namespace: string,
  digestID: CborValue,
  elementIdentifier: CborValue,
  elementValue: CborValue,
  random: CborValue = new Uint8Array(32).fill(typeof digestID === 'number' ? digestID : 99),
): ForgedItem => ({
  namespace,
  members: membersOf(Object.entries({ digestID, random, elementIdentifier, elementValue })),
})

const honestItems = (): ForgedItem[] => [
  forgedItem(harbour, 0, 'family_name', 'Specimen'),
  forgedItem(harbour, 1, 'birth_date', new CborTag(tagFullDate, '2001-02-28')),
  forgedItem(harbour, 2, 'issuing_country', 'UT'),
  forgedItem(harbour, 3, 'given_name', 'Anastasia'),
  forgedItem(crew, 0, 'rank', 7),
]

export const encodeItem = ({ members, encoded }: ForgedItem): Uint8Array =>
  encoded ?? writeCbor(embed(writeCbor(members)))

async function forgeIssuerAuth(world: MdocWorld, payload: Uint8Array, changes: MdocChanges): Promise<CborValue> {
  const { signer = world.issuer.signer } = changes
  const inside = protectedOf(signer, changes.issuerProtected, changes.issuerProtectedBytes)
  const unprotected = changeWith(new Map(x5chainHeader(signer)), changes.issuerUnprotected)
  const signature = await signer.sign(writeCbor(['Signature1', inside, new Uint8Array(), payload]))
  return (changes.issuerAuth ?? unchanged<readonly CborValue[], CborValue>)([inside, unprotected, payload, signature])
}

async function forgeDeviceSigned(world: MdocWorld, changes: MdocChanges): Promise<CborValue> {
  const nameSpaces = changes.deviceNameSpaces ?? writeCbor(embed(writeCbor(changes.deviceElements ?? new Map())))
  const proof = await forgeProof(world, changes, changes.provenNameSpaces ?? nameSpaces)
  const kind = changes.mac === true ? 'deviceMac' : 'deviceSignature'
  const deviceSigned = membersOf([
    ['nameSpaces', raw(nameSpaces)],
    ['deviceAuth', change(membersOf([[kind, proof]]), changes.deviceAuth)],
  ])
  return change(deviceSigned, changes.deviceSigned)
}

async function forgeProof(world: MdocWorld, changes: MdocChanges, nameSpaces: Uint8Array): Promise<CborValue> {
  const { holder = world.holder, transcript = world.session.bytes, provenType = docType } = changes
  const authentication = deviceAuthenticationBytes(transcript, provenType, nameSpaces)
  const honest =
    changes.mac === true
      ? ((await createDetachedMac0(authentication, await macKey(world, holder, transcript))) as readonly CborValue[])
      : await signProof(holder, authentication, changes)
  const [inside, , payload, tag] = honest as readonly [CborValue, CborValue, CborValue, CborValue]
  const unprotected = changeWith<Members>(new Map(), changes.deviceUnprotected)
  return (changes.deviceProof ?? unchanged<readonly CborValue[], CborValue>)([inside, unprotected, payload, tag])
}

async function signProof(holder: Signer, authentication: Uint8Array, changes: MdocChanges): Promise<CborValue[]> {
  const inside = protectedOf(holder, changes.deviceProtected)
  const signature = await holder.sign(writeCbor(['Signature1', inside, new Uint8Array(), authentication]))
  return [inside, new Map(), null, signature]
}

/** Of the device and the reader of the world, who need no more than each other's key. */
async function macKey({ readerKey }: MdocWorld, holder: Signer, transcript: Uint8Array): Promise<Uint8Array> {
  const { kty, crv, x, y, d } = readerKey as Required<Jwk>
  const agree = await agreeWith({ kty, crv, x, y, d } as Parameters<typeof agreeWith>[0], algorithmOfCurve(crv))
  return deviceMacKey(await agree(holder.publicJwk), transcript)
}

function protectedOf(
  signer: Signer,
  changes?: (honest: Members) => unknown,
  bytes: (bytes: Uint8Array) => Uint8Array = unchanged,
): Uint8Array {
  const headers = changeWith<Members>(new Map([[1, algorithmOfSigner(signer).cose[0]!]]), changes)
  return isBytes(headers) ? headers : bytes(writeCbor(headers))
}

const membersOf = (members: readonly (readonly [CborKey, CborValue])[]): Members => new Map(members)

/** The honest value after it was changed, or what the change returns in its place; what `delete` returns is no value. */
function changeWith<T extends CborValue>(honest: T, change: ((honest: T) => unknown) | undefined): CborValue {
  const returned = change?.(honest)
  return returned === undefined || typeof returned === 'boolean' ? honest : (returned as CborValue)
}

const change = (honest: Members, by: ((honest: Members) => unknown) | undefined): CborValue => changeWith(honest, by)

const unchanged = <T, U = T>(value: T): T & U => value as T & U
