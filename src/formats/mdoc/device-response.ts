/**
 * What a holder's device answers (ISO/IEC 18013-5:2021, 8.3.2.1.2.2): documents, each with the issuer's part and the
 * device's own, and the documents it would not return.
 *
 * Nothing signs the envelope, so whatever has no meaning in it is refused.
 */
import { readCbor } from '../../core/cbor/read.js'
import { type CborValue, isCborArray } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { forOneInput, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { type DeviceSigned, readDeviceSigned } from './device-signed.js'
import { type IssuerSigned, parseIssuerSigned } from './issuer-signed.js'
import { isInteger, isText, isThere, listOf, malformed, mapOf, optional, readEnvelope, versionOf } from './members.js'

export interface DeviceResponse {
  readonly documents: readonly MdocDocument[]
  /** Error codes by type of document (8.3.2.1.2.3); 0: not returned. */
  readonly documentErrors: ReadonlyMap<string, number>
}

export interface MdocDocument {
  readonly docType: string
  readonly issuerSigned: IssuerSigned
  readonly deviceSigned: DeviceSigned
}

/**
 * Reads a response for its form; nothing in it is believed. Throws `mdoc_malformed`, `mdoc_version_unsupported`,
 * `mdoc_response_status` for a device that reports failure (8.3.2.1.2.3), and the codes of CBOR, COSE and keys.
 */
export function readDeviceResponse(bytes: Uint8Array, given: Limits): DeviceResponse {
  within(given, 'presentationBytes', bytes.length)
  const limits = forOneInput(given)
  // Neither list should be empty (8.3.2.1.2.2), but devices write empty ones, and they say nothing.
  const response = readEnvelope(readCbor(bytes, { limits }), 'DeviceResponse', responseMembers)
  const { status, documents = [], documentErrors = [] } = response
  if (status !== 0) throw new VidimusError('mdoc_response_status', { at: 'status', actual: status })
  return {
    documents: documents.map(document => readDocument(document, limits)),
    documentErrors: readDocumentErrors(documentErrors),
  }
}

const isStatus = (value: CborValue | undefined): value is number => isInteger(value) && value >= 0

/** Codes of what was not returned, by name. */
const isErrors = /* @__PURE__ */ mapOf(isText, isInteger)

const responseMembers = {
  version: /* @__PURE__ */ versionOf('DeviceResponse'),
  status: isStatus,
  documents: /* @__PURE__ */ optional(isCborArray),
  documentErrors: /* @__PURE__ */ optional(listOf(isErrors)),
}

const documentMembers = {
  docType: isText,
  issuerSigned: isThere,
  deviceSigned: isThere,
  // Elements that were not returned, by namespace. They are read for their form alone.
  errors: /* @__PURE__ */ optional(mapOf(isText, isErrors)),
}

function readDocument(value: CborValue, limits: Limits): MdocDocument {
  const { docType, issuerSigned, deviceSigned } = readEnvelope(value, 'Document', documentMembers)
  return {
    docType,
    issuerSigned: parseIssuerSigned(issuerSigned, limits),
    deviceSigned: readDeviceSigned(deviceSigned, limits),
  }
}

/** Each entry of the list names one document, and none is named twice. */
function readDocumentErrors(entries: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const errors = new Map(entries.flatMap(entry => [...entry]))
  if (errors.size !== entries.length || !entries.every(({ size }) => size === 1)) throw malformed('documentErrors')
  return errors
}

/** A response with these documents, as `documentValue` makes them. */
export const writeDeviceResponse = (documents: readonly CborValue[]): Uint8Array =>
  writeCbor(
    cborMap([
      ['version', '1.0'],
      ['documents', documents],
      ['status', 0],
    ]),
  )

export const documentValue = (docType: string, issuerSigned: CborValue, deviceSigned: CborValue): CborValue =>
  cborMap([
    ['docType', docType],
    ['issuerSigned', issuerSigned],
    ['deviceSigned', deviceSigned],
  ])
