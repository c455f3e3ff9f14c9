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

export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The one element that the bytes are. Throws `certificate_malformed`. */
export function readDer(bytes: Uint8Array, tag: number): DerElement {
  const element = readElement(bytes, 0)
  if (element.whole.length !== bytes.length) throw malformed('bytes follow the element')
  return expectTag(element, tag)
}

/** The elements that follow one another in a content. Throws `certificate_malformed`. */
export function readDerSequence(content: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = []
  for (let offset = 0; offset < content.length; ) {
    const element = readElement(content, offset)
    elements.push(element)
    offset += element.whole.length
  }
  return elements
}

/** The element itself, if it has the tag. Throws `certificate_malformed`. */
export function expectTag(element: DerElement | undefined, tag: number): DerElement {
  if (element?.tag !== tag) throw malformed('an element of another kind was expected')
  return element
}

/** An object identifier in dotted form. */
export function readObjectIdentifier({ content }: DerElement): string {
  const arcs: number[] = []
  let arc = 0
  let started = false
  for (const byte of content) {
    if (!started && byte === 0x80) throw malformed('an object identifier is not in its shortest form')
    arc = arc * 128 + (byte & 0x7f)
    if (!Number.isSafeInteger(arc)) throw malformed('an object identifier is too large')
    started = byte >= 0x80
    if (started) continue
    if (arcs.length === 0) arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)))
    else arcs.push(arc)
    arc = 0
  }
  if (arcs.length === 0 || started) throw malformed('an object identifier is cut short')
  return arcs.join('.')
}

function readElement(bytes: Uint8Array, offset: number): DerElement {
  const tag = bytes[offset]
  const first = bytes[offset + 1]
  if (tag === undefined || first === undefined) throw malformed('an element is cut short')
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag is too large')
  let start = offset + 2
  let length = first
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 3) throw malformed('a length is indefinite or too large')
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start++] ?? 0)
    if (length < (count === 1 ? 0x80 : 256 ** (count - 1))) throw malformed('a length is not in its shortest form')
  }
  const end = start + length
  if (end > bytes.length) throw malformed('an element is cut short')
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(offset, end) }
}

const malformed = (message: string) =>
  new VidimusError('certificate_malformed', `the certificate is malformed: ${message}`)
