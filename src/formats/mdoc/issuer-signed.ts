/**
 * The issuer's part of an mdoc (ISO/IEC 18013-5:2021, 8.3.2.1.2.2): items by namespace, and the signature over their digests.
 * This is what an issuer hands out, and what a holder shows a part of.
 */
import { readCbor } from '../../core/cbor/read.js'
import { CborTag, type CborValue, isCborArray, tagEncoded } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { readSign1, type Sign1 } from '../../core/cose/sign1.js'
import { forOneInput, type Limits, within } from '../../core/limits.js'
import { type ItemsByNamespace, readItems } from './item.js'
import { filled, isText, isThere, malformed, mapOf, optional, readEnvelope } from './members.js'
import { type MobileSecurityObject, readMso } from './mso.js'

export interface IssuerSigned {
  readonly items: ItemsByNamespace
  /** The signature … */
  readonly issuerAuth: Sign1
  /** … as it came, to be sent on. */
  readonly issuerAuthValue: CborValue
  readonly mso: MobileSecurityObject
}

/** The bytes of a credential as an issuer hands it out. Throws as `parseIssuerSigned`, and `limit_exceeded`. */
export function readIssuerSigned(bytes: Uint8Array, limits: Limits): IssuerSigned {
  within(limits, 'presentationBytes', bytes.length)
  const shared = forOneInput(limits)
  return parseIssuerSigned(readCbor(bytes, { limits: shared }), shared)
}

/**
 * Reads an issuer-signed structure for its form; nothing in it is believed. The mobile security object is its own payload,
 * never detached; no `nameSpaces` at all is the same as none shown. Throws `mdoc_malformed`, and what `readItems`,
 * `readSign1` and `readMso` throw.
 */
export function parseIssuerSigned(value: CborValue | undefined, limits: Limits): IssuerSigned {
  const { nameSpaces = new Map(), issuerAuth: issuerAuthValue } = readEnvelope(value, 'issuerSigned', signedMembers)
  const issuerAuth = readSign1(issuerAuthValue, limits)
  if (issuerAuth.payload === null) throw malformed('issuerAuth')
  return {
    items: readItems(nameSpaces, limits),
    issuerAuth,
    issuerAuthValue,
    mso: readMso(issuerAuth.payload, limits),
  }
}

const signedMembers = {
  nameSpaces: /* @__PURE__ */ optional(mapOf(isText, filled(isCborArray))),
  issuerAuth: isThere,
}

/** The structure with these items; each as it was made or received. */
export const issuerSignedValue = (items: ItemsByNamespace, issuerAuth: CborValue): CborValue =>
  cborMap([
    ['nameSpaces', items.size === 0 ? undefined : itemsValue(items)],
    ['issuerAuth', issuerAuth],
  ])

export const writeIssuerSigned = (items: ItemsByNamespace, issuerAuth: CborValue): Uint8Array =>
  writeCbor(issuerSignedValue(items, issuerAuth))

const itemsValue = (items: ItemsByNamespace): CborValue =>
  new Map([...items].map(([namespace, list]) => [namespace, list.map(({ encoded }) => asReceived(encoded))]))

/** An item that is written as its bytes are. */
const asReceived = (encoded: Uint8Array): CborTag => new CborTag(tagEncoded, null, encoded)
