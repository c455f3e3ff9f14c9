/**
 * What a holder's device answers (ISO/IEC 18013-5:2021, 8.3.2.1.2.2): documents, each with the issuer's part and the
 * device's own, and the documents it would not return.
 *
 * Nothing signs the envelope, so whatever has no meaning in it is refused.
 */
import { readCbor } from '../../core/cbor/read.js'
import { type CborMap, type CborValue, isCborArray, isCborMap } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { forOneInput, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { type DeviceSigned, readDeviceSigned } from './device-signed.js'
import { type IssuerSigned, parseIssuerSigned } from './issuer-signed.js'

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
  const response = expectMembers(
    readCbor(bytes, { limits }),
    ['version', 'documents', 'documentErrors', 'status'],
    'DeviceResponse',
  )
  if (response.get('version') !== '1.0')
    throw new VidimusError('mdoc_version_unsupported', { at: 'DeviceResponse', expected: '1.0' })
  const status = response.get('status')
  if (typeof status !== 'number' || status < 0) throw malformed('status')
  if (status !== 0) throw new VidimusError('mdoc_response_status', { at: 'status', actual: status })
  return {
    documents: expectList(response, 'documents').map(document => readDocument(document, limits)),
    documentErrors: readDocumentErrors(response),
  }
}

function readDocument(value: CborValue, limits: Limits): MdocDocument {
  const document = expectMembers(value, ['docType', 'issuerSigned', 'deviceSigned', 'errors'], 'Document')
  const docType = document.get('docType')
  if (typeof docType !== 'string') throw malformed('docType')
  if (document.has('errors')) requireErrors(document.get('errors'))
  return {
    docType,
    issuerSigned: parseIssuerSigned(document.get('issuerSigned'), limits),
    deviceSigned: readDeviceSigned(document.get('deviceSigned'), limits),
  }
}

/** Elements that were not returned, by namespace: `{ namespace: { element: code } }`. They are read for their form alone. */
function requireErrors(errors: CborValue | undefined): void {
  if (!isCborMap(errors)) throw malformed('errors')
  for (const [namespace, elements] of errors)
    if (typeof namespace !== 'string' || !isCborMap(elements) || ![...elements].every(isError))
      throw malformed('errors')
}

const isError = ([name, code]: readonly [CborValue | undefined, CborValue | undefined]): boolean =>
  typeof name === 'string' && typeof code === 'number'

function readDocumentErrors(response: CborMap): ReadonlyMap<string, number> {
  const errors = new Map<string, number>()
  for (const entry of expectList(response, 'documentErrors')) {
    const [member, ...rest] = isCborMap(entry) ? entry : []
    const [docType, code] = member ?? []
    if (typeof docType !== 'string' || typeof code !== 'number' || rest.length > 0 || errors.has(docType))
      throw malformed('documentErrors')
    errors.set(docType, code)
  }
  return errors
}

/** A list that may be absent. None should be empty (8.3.2.1.2.2), but devices write empty ones, and they say nothing. */
function expectList(response: CborMap, name: string): readonly CborValue[] {
  const list = response.get(name)
  if (list === undefined) return []
  if (!isCborArray(list)) throw malformed(name)
  return list
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

function expectMembers(value: CborValue | undefined, names: readonly string[], at: string): CborMap {
  if (!isCborMap(value)) throw malformed(at)
  for (const name of value.keys()) if (typeof name !== 'string' || !names.includes(name)) throw malformed(at)
  return value
}

const malformed = (at: string) => new VidimusError('mdoc_malformed', { at })
