/**
 * A strict reader of DER (X.690 §10): definite and shortest lengths, low tag numbers, nothing left over.
 *
 * It reads one element at a time and keeps where each lay, so that what was signed can be hashed as received.
 */
import { VidimusError } from '../../errors.js'

export interface DerElement {
  readonly tag: number
  /** The content, without tag and length. A view of the input. */
  readonly content: Uint8Array
  /** Tag, length and content as received. A view of the input. */
  readonly whole: Uint8Array
}

export const derInteger = 0x02
export const derBitString = 0x03
export const derObjectIdentifier = 0x06
export const derUtcTime = 0x17
export const derGeneralizedTime = 0x18
export const derSequence = 0x30

/** The one element that the bytes are. Throws `certificate_malformed`. */
export function readDer(bytes: Uint8Array, tag: number): DerElement {
  const [element, ...rest] = readDerElements(bytes)
  if (rest.length > 0) throw malformedCertificate('surplus')
  return expectDer(element, tag)
}

/** The elements that follow one another in a content. Throws `certificate_malformed`. */
function readDerElements(content: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = []
  for (let offset = 0; offset < content.length; ) {
    const element = readElement(content, offset)
    elements.push(element)
    offset += element.whole.length
  }
  return elements
}

/** The element itself, if it has the tag. Throws `certificate_malformed`. */
export function expectDer(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw malformedCertificate('tag')
  return element
}

/** The elements of a sequence. Throws `certificate_malformed`. */
export const readDerSequence = (element: DerElement | undefined): readonly DerElement[] =>
  readDerElements(expectDer(element, derSequence).content)

function readElement(bytes: Uint8Array, offset: number): DerElement {
  const tag = bytes[offset]!
  const first = bytes[offset + 1]
  if ((tag & 0x1f) === 0x1f) throw malformedCertificate('tag')
  let start = offset + 2
  let length = first ?? bytes.length
  if (length >= 0x80) {
    const count = length & 0x7f
    if (count === 0 || count > 3) throw malformedCertificate('length') // indefinite, or beyond any certificate
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start++] ?? 0)
    if (length < (count === 1 ? 0x80 : 256 ** (count - 1))) throw malformedCertificate('length') // §10.1: the shortest
  }
  const end = start + length
  if (end > bytes.length) throw malformedCertificate('end')
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(offset, end) }
}

export const malformedCertificate = (at: string) => new VidimusError('certificate_malformed', { at })
