/** Extensions of certificates and revocation lists (RFC 5280 §4.2, §5.2), and the contents of those that decide something. */
import { oncePer } from '../once.js'
import {
  derBitString,
  derBoolean,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  malformedCertificate,
  readCount,
  readDer,
  readList,
  readMembers,
  readObjectIdentifier,
} from './der.js'
import { type GeneralName, readGeneralNames } from './general-name.js'

export interface Extension {
  readonly critical: boolean
  /** DER. */
  readonly value: Uint8Array
}

/** By object identifier, in dotted form. */
export type Extensions = ReadonlyMap<string, Extension>

// The extensions of certificates that are read in more than one place.
export const keyUsage = '2.5.29.15'
export const subjectAltName = '2.5.29.17'
export const basicConstraints = '2.5.29.19'
export const nameConstraintsId = '2.5.29.30'
export const crlDistributionPoints = '2.5.29.31'
export const extendedKeyUsage = '2.5.29.37'

/** What has extensions: a certificate, a revocation list, one of its entries. */
export interface Extended {
  readonly extensions: Extensions
}

/** One or more extensions, each at most once (§4.2); none where the list is absent. Throws `certificate_malformed`. */
export function readExtensions(list: Uint8Array | undefined): Extensions {
  const extensions = new Map<string, Extension>()
  for (const { content } of list ? readList(list, derSequence) : []) {
    const [identifier, critical, value] = readMembers(content, [derObjectIdentifier, [derBoolean], derOctetString])
    const id = readObjectIdentifier(identifier)
    if (extensions.has(id)) throw malformedCertificate('extensions')
    extensions.set(id, { critical: critical !== undefined, value: value.content })
  }
  return extensions
}

/** A critical extension that is not among those known: whoever meets one must refuse (§4.2, §5.2). */
export function unknownCritical({ extensions }: Extended, known: readonly string[]): string | undefined {
  for (const [id, { critical }] of extensions) if (critical && !known.includes(id)) return id
  return undefined
}

// The bits of keyUsage that are asked for here (§4.2.1.3).
export const digitalSignature = 0x8000
export const keyCertSign = 0x0400
export const crlSign = 0x0200

/** The bits of keyUsage, the first one the highest of 16; `undefined` when it is absent. Throws `certificate_malformed`. */
export function keyUsageOf(certificate: Extended): number | undefined {
  const usage = readExtension(certificate, keyUsage, derBitString)
  if (usage === undefined) return undefined
  const [first = 0, second = 0, ...more] = usage.subarray(1)
  const bits = first * 256 + second
  if (more.length > 0 || bits === 0) throw malformedCertificate('keyUsage')
  return bits
}

/** Whether a key is for a usage: when it says so, or says nothing of its usages. */
export const isFor = (certificate: Extended, usage: number): boolean =>
  ((keyUsageOf(certificate) ?? usage) & usage) !== 0

export interface BasicConstraints {
  readonly isAuthority: boolean
  /** How many authorities may follow it; absent: any number. */
  readonly pathLength?: number | undefined
}

/** §4.2.1.9. Throws `certificate_malformed`. */
export function basicConstraintsOf(certificate: Extended): BasicConstraints {
  const constraints = readExtension(certificate, basicConstraints)
  if (constraints === undefined) return { isAuthority: false }
  const [authority, length] = readMembers(constraints, [[derBoolean], [derInteger]])
  if (length && !authority) throw malformedCertificate('basicConstraints')
  return { isAuthority: authority !== undefined, pathLength: length && readCount(length) }
}

/** Object identifiers in dotted form; `undefined` when the extension is absent (§4.2.1.12). Throws `certificate_malformed`. */
export function extendedKeyUsagesOf(certificate: Extended): readonly string[] | undefined {
  const usages = readExtension(certificate, extendedKeyUsage)
  return usages && readList(usages, derObjectIdentifier).map(readObjectIdentifier)
}

/** §4.2.1.6. Throws `certificate_malformed`. */
export const subjectAltNamesOf = /* @__PURE__ */ oncePer(
  (certificate: Extended): readonly GeneralName[] | undefined => {
    const names = readExtension(certificate, subjectAltName)
    return names && readGeneralNames(names)
  },
)

/** The content of the one element that an extension holds, if it is there. */
export function readExtension({ extensions }: Extended, id: string, tag = derSequence): Uint8Array | undefined {
  const extension = extensions.get(id)
  return extension && readDer(extension.value, tag)
}
