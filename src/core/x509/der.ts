/**
 * A strict reader of DER (X.690 §10, §11): definite and shortest lengths, low tag numbers, one form of every value,
 * nothing left over. It throws `certificate_malformed`,
 * and `encoding_invalid` for a text that is none.
 *
 * It reads one element at a time, never into the depth, and keeps where each lay, so that what was signed can be hashed
 * as received.
 */
import { VidimusError } from '../../errors.js'

export interface DerElement {
  readonly tag: number
  /** The content, without tag and length. A view of the input. */
  readonly content: Uint8Array
  /** Tag, length and content as received. A view of the input. */
  readonly whole: Uint8Array
}

export const derBoolean = 0x01
export const derInteger = 0x02
export const derBitString = 0x03
export const derOctetString = 0x04
export const derNull = 0x05
export const derObjectIdentifier = 0x06
export const derUtcTime = 0x17
export const derGeneralizedTime = 0x18
export const derSequence = 0x30
export const derSet = 0x31
/** In a form: whatever is there. */
export const derAny = 0

/** The tags of context-specific members: `[n]` around other elements, and `[n]` in place of a plain tag. */
export const derExplicit = (number: number): number => 0xa0 + number
export const derImplicit = (number: number): number => 0x80 + number

/** The tags of the members of an element, in their order; in brackets those that may be absent. */
export type DerForm = readonly (number | readonly [optional: number])[]

type Members<Form extends DerForm> = {
  readonly [Place in keyof Form]: Form[Place] extends number ? DerElement : DerElement | undefined
}

/** The members of an element that has this form, from its content. */
export function readMembers<const Form extends DerForm>(content: Uint8Array, form: Form): Members<Form> {
  const elements = readElements(content, form.length + 1)
  const members = form.map(place => {
    const isRequired = typeof place === 'number'
    const tag = isRequired ? place : place[0]
    if (elements[0] && (tag === derAny || tag === elements[0].tag)) return elements.shift()
    if (isRequired) throw malformedCertificate('tag')
    return undefined
  })
  if (elements.length > 0) throw malformedCertificate('surplus')
  return members as Members<Form>
}

/** The content of the one element that the bytes are. */
export const readDer = (bytes: Uint8Array, tag: number): Uint8Array => readMembers(bytes, [tag])[0].content

/** The members of the one sequence that the bytes are. */
export const readSequence = <const Form extends DerForm>(bytes: Uint8Array, form: Form): Members<Form> =>
  readMembers(readDer(bytes, derSequence), form)

/** One or more members of one tag, from the content of their list. */
export function readList(content: Uint8Array, tag: number): readonly DerElement[] {
  const list = readElements(content)
  if (list.length === 0 || (tag !== derAny && list.some(member => member.tag !== tag)))
    throw malformedCertificate('list')
  return list
}

/** The elements that the bytes are, and of very many the first few. */
function readElements(bytes: Uint8Array, most = bytes.length): DerElement[] {
  const elements: DerElement[] = []
  for (let offset = 0; offset < bytes.length && elements.length < most; ) {
    const tag = bytes[offset]!
    let start = offset + 2
    let length = bytes[offset + 1] ?? Infinity
    if ((tag & 0x1f) === 0x1f) throw malformedCertificate('tag')
    if (length >= 0x80) {
      const count = length & 0x7f
      length = readNumber(bytes.subarray(start, start + count))
      start += count
      // Indefinite, longer than need be (§10.1), or beyond any certificate and any revocation list.
      if (length < Math.max(0x80, 256 ** (count - 1)) || count > 3) throw malformedCertificate('length')
    }
    const end = start + length
    const content = bytes.subarray(start, end)
    if (end > bytes.length) throw malformedCertificate('end')
    if (isCanonical[tag]?.(content) === false) throw malformedCertificate('value')
    elements.push({ tag, content, whole: bytes.subarray(offset, end) })
    offset = end
  }
  return elements
}

const readNumber = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0)

/** Whether the content of a BIT STRING leaves at most 7 bits unused, which are zero, and none where there are none (§11.2.1). */
export const isBits = (content: Uint8Array): boolean =>
  content[0]! < 8 && (content.at(-1)! & ((1 << content[0]!) - 1)) === 0

/** The one form of values that could be written in several, by their tag. */
const isCanonical: Readonly<Record<number, (content: Uint8Array) => boolean>> = {
  /** With the default FALSE: when it is written it is TRUE, and that is 0xFF (§11.1, §11.5). */
  [derBoolean]: content => content.join() === '255',
  /** The shortest (§8.3.2): two's complement, big-endian. */
  [derInteger]: ([first, second]) =>
    first !== undefined && (second === undefined || first !== (second < 0x80 ? 0 : 0xff)),
  [derBitString]: isBits,
}

/** The magnitude of an INTEGER that must not be negative, without leading zeros. */
export function readUnsigned({ content }: DerElement): Uint8Array {
  if (content[0]! >= 0x80) throw malformedCertificate('value')
  return content[0] === 0 ? content.subarray(1) : content
}

/** A small count. */
export function readCount(element: DerElement): number {
  const content = readUnsigned(element)
  if (content.length > 4) throw malformedCertificate('value')
  return readNumber(content)
}

/** A BIT STRING that holds bytes, so that it leaves no bit unused. */
export function readBytes({ content }: DerElement): Uint8Array {
  if (content[0] !== 0) throw malformedCertificate('value')
  return content.subarray(1)
}

/** An OBJECT IDENTIFIER in dotted form. */
export function readObjectIdentifier({ content }: Pick<DerElement, 'content'>): string {
  if (content.length > 64 || !(content.at(-1)! < 0x80)) throw malformedCertificate('oid')
  const arcs: bigint[] = []
  let arc = 0n
  for (const byte of content) {
    if (byte === 0x80 && arc === 0n) throw malformedCertificate('oid') // §8.19.2: the fewest bytes
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    if (byte >= 0x80) continue
    arcs.push(arc)
    arc = 0n
  }
  const [first, ...others] = arcs as [bigint, ...bigint[]]
  const root = first < 80n ? first / 40n : 2n // §8.19.4: the first number holds two arcs
  return [root, first - root * 40n, ...others].join('.')
}

/** UTCTime and GeneralizedTime with seconds and `Z`, without fractions (RFC 5280 §4.1.2.5.1 and .2). */
export function readTime({ tag, content }: DerElement): Date {
  const text = String.fromCharCode(...content.subarray(0, 16))
  const century = { [derUtcTime]: text < '5' ? '20' : '19', [derGeneralizedTime]: '' }[tag]
  const iso = `${century}${text}`.replace(/(..)(..)(..)(..)(..)Z$/, '-$1-$2T$3:$4:$5.000Z')
  const time = new Date(iso)
  // The platform's parser takes days that do not exist for later ones, and other forms; it writes what it took.
  if (time.toJSON() !== iso || iso < '0001') throw malformedCertificate('time')
  return time
}

export const malformedCertificate = (at: string) => new VidimusError('certificate_malformed', { at })
