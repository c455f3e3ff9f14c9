/**
 * What a reader asks, and its proof of who asks (ISO/IEC 18013-5:2021, 8.3.2.1.2.1 and 9.1.4).
 *
 * Reader authentication is over the items request exactly as received, and over the session.
 */
import { concatBytes } from '../../core/bytes.js'
import { readCbor } from '../../core/cbor/read.js'
import { CborTag, type CborValue, tagEncoded } from '../../core/cbor/value.js'
import { cborMap, embed, writeCbor } from '../../core/cbor/write.js'
import { createSign1, readSign1, type Sign1, verifySign1, x5chainHeader } from '../../core/cose/sign1.js'
import type { PublicKey } from '../../core/crypto/backend.js'
import type { Signer } from '../../core/keys.js'
import { forOneInput, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import {
  filled,
  isText,
  isThere,
  listOf,
  malformed,
  mapOf,
  optional,
  readEmbedded,
  readMembers,
  versionOf,
} from './members.js'

export interface DocumentRequest {
  readonly docType: string
  /** Whether the reader says that it keeps each element, by namespace and identifier. */
  readonly elements: ReadonlyMap<string, ReadonlyMap<string, boolean>>
  /** `ItemsRequestBytes` as received: what the reader signed. */
  readonly encoded: Uint8Array
  readonly readerAuth: Sign1 | undefined
}

/**
 * Reads a device request for its form; nothing in it is believed. Throws `mdoc_malformed`, `mdoc_version_unsupported`, and the codes
 * of CBOR and COSE.
 */
export function readDeviceRequest(bytes: Uint8Array, given: Limits): readonly DocumentRequest[] {
  within(given, 'presentationBytes', bytes.length)
  const limits = forOneInput(given)
  const { docRequests } = readMembers(readCbor(bytes, { limits }), 'DeviceRequest', {
    version: versionOf('DeviceRequest'),
    docRequests: filled(listOf(isThere)),
  })
  return docRequests.map(value => readDocumentRequest(value, limits))
}

function readDocumentRequest(value: CborValue, limits: Limits): DocumentRequest {
  const { itemsRequest, readerAuth } = readMembers(value, 'docRequests', {
    itemsRequest: optional(isThere),
    readerAuth: optional(isThere),
  })
  const { encoded, content } = readEmbedded(itemsRequest, 'ItemsRequest', limits)
  const { docType, nameSpaces } = readMembers(content, 'ItemsRequest', {
    docType: isText,
    nameSpaces: isWanted,
  })
  return {
    docType,
    elements: nameSpaces,
    encoded,
    readerAuth: readerAuth === undefined ? undefined : readSign1(readerAuth, limits),
  }
}

const isBoolean = (value: CborValue | undefined): value is boolean => typeof value === 'boolean'

const isWanted = filled(mapOf(isText, filled(mapOf(isText, isBoolean))))

/** `ReaderAuthenticationBytes` (9.1.4.5). */
const readerAuthenticationBytes = (transcript: Uint8Array, itemsRequest: Uint8Array): Uint8Array =>
  writeCbor(embed(concatBytes(arrayOf3, writeCbor('ReaderAuthentication'), transcript, itemsRequest)))

const arrayOf3 = /* @__PURE__ */ Uint8Array.of(0x83)

/**
 * Verifies that a reader signed its request for this session, with a key that the caller believes (9.1.4.4). Throws
 * `reader_authentication_missing`, `reader_authentication_invalid`, `alg_not_allowed`.
 */
export async function verifyReaderAuth(
  { readerAuth, encoded }: DocumentRequest,
  transcript: Uint8Array,
  key: PublicKey,
): Promise<void> {
  if (readerAuth === undefined) throw new VidimusError('reader_authentication_missing', { at: 'readerAuth' })
  if (readerAuth.payload !== null) throw malformed('payload')
  await verifySign1(readerAuth, readerAuthenticationBytes(transcript, encoded), key, 'reader_authentication_invalid')
}

/** What a reader asks of one document: element identifiers by namespace, each with whether it will be kept. */
export interface WantedDocument {
  readonly docType: string
  readonly elements: ReadonlyMap<string, ReadonlyMap<string, boolean>>
}

/** A device request; signed for a session when a signer is given, its certificates sent along. */
export async function createDeviceRequest(
  wanted: readonly WantedDocument[],
  session?: { readonly transcript: Uint8Array; readonly signer: Signer },
): Promise<Uint8Array> {
  const requests: CborValue[] = []
  for (const { docType, elements } of wanted) {
    const encoded = writeCbor(
      embed(
        writeCbor(
          cborMap([
            ['docType', docType],
            ['nameSpaces', elements],
          ]),
        ),
      ),
    )
    requests.push(
      cborMap([
        ['itemsRequest', new CborTag(tagEncoded, null, encoded)],
        ['readerAuth', session === undefined ? undefined : await signRequest(encoded, session)],
      ]),
    )
  }
  return writeCbor(
    cborMap([
      ['version', '1.0'],
      ['docRequests', requests],
    ]),
  )
}

const signRequest = (
  encoded: Uint8Array,
  { transcript, signer }: { readonly transcript: Uint8Array; readonly signer: Signer },
): Promise<CborValue> =>
  createSign1(
    { payload: readerAuthenticationBytes(transcript, encoded), detached: true, unprotected: x5chainHeader(signer) },
    signer,
  )
