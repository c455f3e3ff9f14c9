/**
 * What an mdoc says (ISO/IEC 18013-5:2021, 8.3.2.1.2.2 and 9.1.2.4), as plain data for people to look at. Nothing is verified:
 * neither signatures, nor digests, nor certificates, nor dates.
 */
import { coseAlgorithms } from '../core/algorithms.js'
import { base64 } from '../core/bytes.js'
import { readCbor } from '../core/cbor/read.js'
import { type CborMap, type CborValue, isBytes, isCborArray, isCborMap } from '../core/cbor/value.js'
import { type CoseHeaders, eitherHeader, headerAlg, headerX5chain } from '../core/cose/headers.js'
import { deepFreeze } from '../core/freeze.js'
import type { PublicJwk } from '../core/jwk.js'
import { type Limits, readLimits, within } from '../core/limits.js'
import { type Certificate, readCertificate } from '../core/x509/certificate.js'
import { commonNameOf } from '../core/x509/name.js'
import { VidimusError } from '../errors.js'
import { readDeviceResponse } from '../formats/mdoc/device-response.js'
import type { DeviceSigned } from '../formats/mdoc/device-signed.js'
import { type IssuerSigned, readIssuerSigned } from '../formats/mdoc/issuer-signed.js'
import type { ItemsByNamespace } from '../formats/mdoc/item.js'
import { type PlainObject, type PlainValue, plainOf } from '../passport/element-value.js'
import { readMdocBytes } from './mdoc.js'

/** An mdoc as it reads, unverified. */
export interface DecodedMdoc {
  /** A credential as its issuer hands it out, or what a device answers. */
  readonly kind: 'credential' | 'response'
  readonly documents: readonly UnverifiedDocument[]
  /** Codes of the documents that a device would not return, by type. */
  readonly documentErrors: PlainObject
}

/** What anyone may have written: shown to people, never acted on. */
export interface UnverifiedDocument {
  /** As the document is labelled. */
  readonly docType: string
  /** As the issuer's part says. */
  readonly signedDocType: string
  /** By namespace and identifier: dates are text, images bytes, integers beyond 2^53 `bigint`. */
  readonly elements: PlainObject
  readonly signed: Date
  readonly validFrom: Date
  readonly validUntil: Date
  readonly deviceKey: PublicJwk
  /** What the device key may say besides: whole namespaces, and identifiers by namespace. */
  readonly keyAuthorizations: { readonly nameSpaces: readonly string[]; readonly dataElements: PlainObject }
  /** The `status` as it stands, whichever mechanism it names. */
  readonly status?: PlainValue | undefined
  /** Of the digests: `sha-256` … */
  readonly digestAlgorithm: string
  /** Of the issuer's signature; absent for one that is not in the table. */
  readonly algorithm?: string | undefined
  /** The chain that was sent along, leaf first. */
  readonly certificates: readonly UnverifiedCertificate[]
  /** The device's part; a credential has none. */
  readonly device?: UnverifiedDeviceProof | undefined
}

export interface UnverifiedDeviceProof {
  /** What the holder says, by namespace and identifier. */
  readonly elements: PlainObject
  readonly proof: 'signature' | 'mac'
  readonly algorithm?: string | undefined
}

export interface UnverifiedCertificate {
  /** DER in base64. */
  readonly certificate: string
  /** What it says; absent where it cannot be read. */
  readonly subject?: { readonly country?: string | undefined; readonly commonName?: string | undefined } | undefined
  readonly notBefore?: Date | undefined
  readonly notAfter?: Date | undefined
}

/**
 * Shows a credential (`IssuerSigned`) or a device response without trusting it: bytes, or base64url text. Frozen. Claims to
 * act on come from `verifyPresentation` and its like.
 *
 * Throws `VidimusError` alone for whatever the first argument is: `format_unknown`, `mdoc_malformed`, and the codes of CBOR,
 * COSE and keys. What a verifier would only later refuse (an algorithm, a certificate, a status) is shown as it is.
 * @example for (const { docType, elements } of decodeMdoc(response).documents) console.log(docType, elements)
 */
export function decodeMdoc(
  mdoc: unknown,
  options: { readonly limits?: Partial<Limits> | undefined } = {},
): DecodedMdoc {
  const limits = readLimits(options.limits)
  const { kind, documents, documentErrors } = readEither(readMdocBytes(mdoc, limits), limits)
  return deepFreeze({
    kind,
    documents: documents.map(document => describeDocument(document, limits)),
    documentErrors: plainMap(documentErrors, 'documentErrors'),
  })
}

interface ReadDocument {
  readonly docType: string
  readonly issuerSigned: IssuerSigned
  readonly deviceSigned?: DeviceSigned | undefined
}

interface ReadMdoc extends Pick<DecodedMdoc, 'kind'> {
  readonly documents: readonly ReadDocument[]
  readonly documentErrors: ReadonlyMap<string, number>
}

function readEither(bytes: Uint8Array, limits: Limits): ReadMdoc {
  const value = readCbor(bytes, { limits })
  if (!isCborMap(value) || !value.has('issuerAuth')) return { kind: 'response', ...readDeviceResponse(bytes, limits) }
  const issuerSigned = readIssuerSigned(bytes, limits)
  const { docType } = issuerSigned.mso
  return { kind: 'credential', documents: [{ docType, issuerSigned }], documentErrors: new Map() }
}

function describeDocument({ docType, issuerSigned, deviceSigned }: ReadDocument, limits: Limits): UnverifiedDocument {
  const { items, issuerAuth, mso } = issuerSigned
  const { keyAuthorizations, status } = mso
  const certificates = chainOf(issuerAuth.headers, limits).map(readKnown)
  return {
    docType,
    signedDocType: mso.docType,
    elements: plainMap(elementsOf(items), 'nameSpaces'),
    signed: mso.signed,
    validFrom: mso.validFrom,
    validUntil: mso.validUntil,
    deviceKey: mso.deviceKey,
    keyAuthorizations: {
      nameSpaces: keyAuthorizations.nameSpaces,
      dataElements: plainMap(keyAuthorizations.dataElements, 'keyAuthorizations'),
    },
    status: status === undefined ? undefined : plain(status, 'status'),
    digestAlgorithm: mso.hash,
    algorithm: algorithmOf(issuerAuth.headers, certificates[0]?.known?.publicJwk?.crv),
    certificates: certificates.map(describeCertificate),
    device: deviceSigned === undefined ? undefined : describeDevice(deviceSigned, mso.deviceKey),
  }
}

function describeDevice({ elements, auth }: DeviceSigned, { crv }: PublicJwk): UnverifiedDeviceProof {
  return {
    elements: plainMap(elements, 'DeviceNameSpaces'),
    proof: auth.kind === 'deviceMac' ? 'mac' : 'signature',
    algorithm: algorithmOf(auth.proof.headers, crv),
  }
}

function elementsOf(items: ItemsByNamespace): CborMap {
  const namespaces = [...items].map(
    ([namespace, list]) => [namespace, new Map(list.map(({ identifier, value }) => [identifier, value]))] as const,
  )
  return new Map(namespaces)
}

/** Throws `claim_malformed` where a map has two keys of one text. */
function plain(value: CborValue, at: string): PlainValue {
  const shown = plainOf(value)
  if (shown === undefined) throw new VidimusError('claim_malformed', { at })
  return shown
}

const plainMap = (map: CborMap, at: string): PlainObject => plain(map, at) as PlainObject

/** HMAC 256/256, of the device's MAC alone (9.1.3.5). */
const hmac256 = 5

/** The name of the protected algorithm; where one identifier stands for several, the curve of the key tells which. */
function algorithmOf({ protected: headers }: CoseHeaders, curve: string | undefined): string | undefined {
  const id = headers.get(headerAlg)
  if (id === hmac256) return 'HMAC 256/256'
  try {
    const meant = coseAlgorithms(id)
    return (meant.find(({ crv }) => crv === curve) ?? meant[0])?.name
  } catch {
    return undefined
  }
}

/** Whatever bytes the header holds. */
function chainOf(headers: CoseHeaders, limits: Limits): readonly Uint8Array[] {
  const x5chain = eitherHeader(headers, headerX5chain)
  const chain = isCborArray(x5chain) ? x5chain.filter(isBytes) : isBytes(x5chain) ? [x5chain] : []
  within(limits, 'certificates', chain.length)
  for (const certificate of chain) within(limits, 'certificateBytes', certificate.length)
  return chain
}

interface Known {
  readonly der: Uint8Array
  readonly known: Certificate | undefined
}

function readKnown(der: Uint8Array): Known {
  try {
    return { der, known: readCertificate(der) }
  } catch {
    return { der, known: undefined }
  }
}

function describeCertificate({ der, known }: Known): UnverifiedCertificate {
  if (known === undefined) return { certificate: base64(der) }
  return {
    certificate: base64(der),
    subject: { country: known.subject.country, commonName: commonNameOf(known.subject) },
    notBefore: known.notBefore,
    notAfter: known.notAfter,
  }
}
