/**
 * Distinguished names (RFC 5280 §4.1.2.4), compared as §7.1 asks: without regard to case, to white space beyond what
 * parts words, and to which of the two text types an authority chose.
 *
 * Characters are folded one by one and not normalized further. Texts of other types are compared byte for byte.
 */
import { fromUtf8 } from '../bytes.js'
import {
  type DerElement,
  derAny,
  derObjectIdentifier,
  derSequence,
  derSet,
  malformedCertificate,
  readList,
  readMembers,
  readObjectIdentifier,
} from './der.js'

export interface DistinguishedName {
  /** Each relative name in the one form it is compared in, a JSON array, from the root on. Empty for the empty name. */
  readonly compared: string
  readonly attributes: readonly Attribute[]
  readonly country: string | undefined
  readonly stateOrProvince: string | undefined
}

interface Attribute {
  readonly type: string
  /** Absent for types that are no text of today: TeletexString, BMPString, UniversalString. */
  readonly text: string | undefined
  /** The form it is compared in. */
  readonly compared: string
}

/** Reads the content of a name. Throws `certificate_malformed`, `encoding_invalid`. */
export function readName(content: Uint8Array): DistinguishedName {
  const sets = content.length === 0 ? [] : readList(content, derSet).map(readRelativeName)
  const attributes = sets.flat()
  // Two of these in one name would let two readers see two places.
  const only = (type: string) => {
    const [text, ...more] = textsOf({ attributes }, type)
    if (more.length > 0) throw malformedCertificate('name')
    return text
  }
  return {
    compared: sets.map(set => JSON.stringify(set.map(({ compared }) => compared).sort())).join(''),
    attributes,
    country: only('2.5.4.6'),
    stateOrProvince: only('2.5.4.8'),
  }
}

/** The attributes of a type in a name, in their order; an empty text for one that is no text. */
export const textsOf = ({ attributes }: Pick<DistinguishedName, 'attributes'>, type: string): readonly string[] =>
  attributes.flatMap(attribute => (attribute.type === type ? [attribute.text ?? ''] : []))

/** The last of them, where there are several. */
export const commonNameOf = (name: DistinguishedName): string | undefined => textsOf(name, '2.5.4.3').at(-1)

/** Whether two names are the same; an empty one is the same as none (RFC 5280 §4.1.2.4, §4.1.2.6). */
export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.compared !== '' && a.compared === b.compared

/** A SET OF attributes, in the one order that DER has for it (X.690 §11.6). */
function readRelativeName({ content }: DerElement): readonly Attribute[] {
  let before: Uint8Array = new Uint8Array()
  return readList(content, derSequence).map(({ whole, content }) => {
    if (!ascends(before, whole)) throw malformedCertificate('name')
    before = whole
    return readAttribute(content)
  })
}

/** Neither of two elements is ever the beginning of the other. */
function ascends(a: Uint8Array, b: Uint8Array): boolean {
  const index = b.findIndex((byte, at) => byte !== a[at])
  return index >= 0 && b[index]! > (a[index] ?? -1)
}

const utf8String = 0x0c
const texts = [utf8String, 0x12, 0x13, 0x16] // numeric, printable, IA5: ASCII

function readAttribute(attribute: Uint8Array): Attribute {
  const [identifier, { tag, content, whole }] = readMembers(attribute, [derObjectIdentifier, derAny])
  const type = readObjectIdentifier(identifier)
  if (!texts.includes(tag)) return { type, text: undefined, compared: `${type}#${whole.join()}` }
  const text = fromUtf8(content, 'name')
  if (tag !== utf8String && /[^\x00-\x7f]/.test(text)) throw malformedCertificate('name')
  return { type, text, compared: `${type}=${text.toLowerCase().replace(/\s+/g, ' ').trim()}` }
}
