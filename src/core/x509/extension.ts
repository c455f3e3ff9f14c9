/** Extensions of certificates and revocation lists (RFC 5280 §4.2, §5.2), and the contents of those that decide something. */
import { oncePer } from '../once.js'
import {
  type DerElement,
  derBitString,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  malformedCertificate,
  nextObjectIdentifier,
  readBits,
  readCount,
  readDer,
  readFlag,
  readList,
  readMembers,
  readObjectIdentifier,
  readSequences,
} from './der.js'
import { type GeneralName, readGeneralNames } from './general-name.js'

export interface Extension {
  readonly critical: boolean
  /** DER. */
  readonly value: Uint8Array
}

/** By object identifier, in dotted form. */
export type Extensions = ReadonlyMap<string, Extension>

/** The extensions of certificates that are read in more than one place, or told of by name. */
export const extensionIds = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

/** What has extensions: a certificate, a revocation list, one of its entries. */
export interface Extended {
  readonly extensions: Extensions
}

/** One or more extensions, each at most once (§4.2). Throws `certificate_malformed`. */
export function readExtensions(element: DerElement): Extensions {
  const extensions = new Map<string, Extension>()
  readSequences(element, 'extensions', members => {
    const id = nextObjectIdentifier(members)
    if (extensions.has(id)) throw malformedCertificate('extensions')
    const critical = readFlag(members, 'extensions')
    extensions.set(id, { critical, value: members.next(derOctetString).content })
  })
  return extensions
}

/** The same within an explicit tag. */
export const readWrappedExtensions = ({ content }: DerElement): Extensions =>
  readExtensions(readDer(content, derSequence))

/** A critical extension that is not among those known: whoever meets one must refuse (§4.2, §5.2). */
export function unknownCritical({ extensions }: Extended, known: readonly string[]): string | undefined {
  for (const [id, { critical }] of extensions) if (critical && !known.includes(id)) return id
  return undefined
}

/** The bits of keyUsage that are asked for here (§4.2.1.3). */
export const keyUsages = { digitalSignature: 0x8000, keyCertSign: 0x0400, crlSign: 0x0200 } as const

/** The bits of keyUsage, the first one the highest of 16; `undefined` when it is absent. Throws `certificate_malformed`. */
export const keyUsageOf = (certificate: Extended): number | undefined =>
  readExtension(
    certificate,
    extensionIds.keyUsage,
    element => {
      const [first = 0, second = 0, ...more] = readBits(element, 'keyUsage')
      const bits = first * 256 + second
      if (more.length > 0 || bits === 0) throw malformedCertificate('keyUsage')
      return bits
    },
    derBitString,
  )

/** Whether a key is for a usage: when it says so, or says nothing of its usages. */
export const isFor = (certificate: Extended, usage: number): boolean =>
  ((keyUsageOf(certificate) ?? usage) & usage) !== 0

export interface BasicConstraints {
  readonly isAuthority: boolean
  /** How many authorities may follow it; absent: any number. */
  readonly pathLength?: number | undefined
}

/** §4.2.1.9. Throws `certificate_malformed`. */
export const basicConstraintsOf = (certificate: Extended): BasicConstraints =>
  readExtension(certificate, extensionIds.basicConstraints, element =>
    readMembers(element, members => {
      const isAuthority = readFlag(members, 'basicConstraints')
      const pathLength = members.optional(derInteger, length => readCount(length, 'basicConstraints'))
      if (pathLength !== undefined && !isAuthority) throw malformedCertificate('basicConstraints')
      return { isAuthority, pathLength }
    }),
  ) ?? { isAuthority: false }

/** Object identifiers in dotted form; `undefined` when the extension is absent (§4.2.1.12). Throws `certificate_malformed`. */
export const extendedKeyUsagesOf = (certificate: Extended): readonly string[] | undefined =>
  readExtension(certificate, extensionIds.extendedKeyUsage, element =>
    readList(element, 'extendedKeyUsage', usage => {
      if (usage.tag !== derObjectIdentifier) throw malformedCertificate('extendedKeyUsage')
      return readObjectIdentifier(usage)
    }),
  )

/** §4.2.1.6. Throws `certificate_malformed`. */
export const subjectAltNamesOf = /* @__PURE__ */ oncePer((certificate: Extended): readonly GeneralName[] | undefined =>
  readExtension(certificate, extensionIds.subjectAltName, element => readGeneralNames(element, 'subjectAltName')),
)

/** What `read` makes of the one element that an extension holds, if it is there. */
export function readExtension<T>(
  { extensions }: Extended,
  id: string,
  read: (element: DerElement) => T,
  tag = derSequence,
): T | undefined {
  const extension = extensions.get(id)
  return extension && read(readDer(extension.value, tag))
}
