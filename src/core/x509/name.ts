/**
 * Distinguished names (RFC 5280 §4.1.2.4), compared as §7.1 asks: without regard to case, to white space beyond what
 * parts words, and to which of the two text types an authority chose.
 *
 * Characters are folded one by one and not normalized further. Texts of other types are compared byte for byte.
 */
import { fromUtf8 } from '../bytes.js'
import {
  type DerElement,
  type DerMembers,
  derSet,
  malformedCertificate,
  nextObjectIdentifier,
  readAscii,
  readList,
  readSequence,
} from './der.js'

export interface DistinguishedName {
  /** Each relative name in the one form it is compared in, from the root on. Empty for the empty name. */
  readonly parts: readonly string[]
  readonly country: string | undefined
  readonly stateOrProvince: string | undefined
  readonly commonName: string | undefined
  /** E-mail addresses among the attributes, where certificates had them before they had subjectAltName. */
  readonly emails: readonly string[]
}

interface Attribute {
  readonly type: string
  /** Absent for types that are no text of today: TeletexString, BMPString, UniversalString. */
  readonly text: string | undefined
  /** The form it is compared in. */
  readonly compared: string
}

/** Throws `certificate_malformed`. */
export function readName(name: DerElement): DistinguishedName {
  const sets = name.content.length === 0 ? [] : readList(name, 'name', readRelativeName)
  const attributes = sets.flat()
  const texts = (type: string) =>
    attributes.flatMap(attribute => (attribute.type === type ? [attribute.text ?? ''] : []))
  // Two of these in one name would let two readers see two places.
  const only = (type: string) => {
    const [text, ...more] = texts(type)
    if (more.length > 0) throw malformedCertificate('name')
    return text
  }
  return {
    parts: sets.map(set => JSON.stringify(set.map(({ compared }) => compared).sort())),
    country: only('2.5.4.6'),
    stateOrProvince: only('2.5.4.8'),
    commonName: texts('2.5.4.3').at(-1),
    emails: texts('1.2.840.113549.1.9.1'),
  }
}

/** Whether two names are the same; an empty one is the same as none (RFC 5280 §4.1.2.4, §4.1.2.6). */
export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.parts.length > 0 && a.parts.length === b.parts.length && nameWithin(a, b)

/** Whether a name lies in the subtree of another, that is, begins with it (RFC 5280 §4.2.1.10). */
export const nameWithin = (name: DistinguishedName, base: DistinguishedName): boolean =>
  base.parts.every((part, index) => part === name.parts[index])

/** A SET OF attributes, in the one order that DER has for it (X.690 §11.6). */
function readRelativeName(set: DerElement): readonly Attribute[] {
  if (set.tag !== derSet) throw malformedCertificate('name')
  let before: Uint8Array = new Uint8Array()
  return readList(set, 'name', ({ whole }) => {
    if (!ascends(before, whole)) throw malformedCertificate('name')
    before = whole
    return readSequence(whole, readAttribute)
  })
}

/** Neither of two elements is ever the beginning of the other. */
function ascends(a: Uint8Array, b: Uint8Array): boolean {
  const index = b.findIndex((byte, at) => byte !== a[at])
  return index >= 0 && b[index]! > (a[index] ?? -1)
}

function readAttribute(members: DerMembers): Attribute {
  const type = nextObjectIdentifier(members)
  const value = members.any()
  const text = readText(value)
  const compared =
    text === undefined ? `${type}#${value.whole.join()}` : `${type}=${text.toLowerCase().replace(/\s+/g, ' ').trim()}`
  return { type, text, compared }
}

const utf8String = 0x0c
const asciiStrings = [0x12, 0x13, 0x16] // numeric, printable, IA5

function readText({ tag, content }: DerElement): string | undefined {
  if (tag === utf8String) return fromUtf8(content, 'name')
  return asciiStrings.includes(tag) ? readAscii(content, 'name') : undefined
}
