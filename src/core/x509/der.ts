/**
 * A strict reader of DER (X.690 §10, §11): definite and shortest lengths, low tag numbers, one form of every value,
 * nothing left over. It throws `certificate_malformed`,
 * and `encoding_invalid` for a text that is none.
 *
 * It reads one element at a time, never into the depth, and keeps where each lay, so that what was signed can be hashed
 * as received.
 */
import { VidimusError } from '../../errors.js'
import { fromUtf8 } from '../bytes.js'

export interface DerElement {
  readonly tag: number
  /** The content, without tag and length. A view of the input. */
  readonly content: Uint8Array
  /** Tag, length and content as received. A view of the input. */
  readonly whole: Uint8Array
}

const derBoolean = 0x01
export const derInteger = 0x02
export const derBitString = 0x03
export const derOctetString = 0x04
export const derNull = 0x05
export const derObjectIdentifier = 0x06
export const derUtcTime = 0x17
export const derGeneralizedTime = 0x18
export const derSequence = 0x30
export const derSet = 0x31

/** The tags of context-specific members: `[n]` around other elements, and `[n]` in place of a plain tag. */
export const derExplicit = (number: number): number => 0xa0 + number
export const derImplicit = (number: number): number => 0x80 + number

/** The members of a constructed element, taken one after another. */
export interface DerMembers {
  /** Whether there is another one. */
  more(): boolean
  /** The next member, whatever it is. */
  any(): DerElement
  /** The next member, which must have the tag. */
  next(tag: number): DerElement
  /** What `read` makes of the next member, if it has the tag. */
  optional<T>(tag: number, read: (member: DerElement) => T): T | undefined
}

/** What `read` makes of the members that follow one another in an element. It must leave none. */
export function readMembers<T>({ content }: Pick<DerElement, 'content'>, read: (members: DerMembers) => T): T {
  let offset = 0
  const take = (tag: number | undefined): DerElement | undefined => {
    if (offset >= content.length) return undefined
    const element = readElement(content, offset)
    if (tag !== undefined && element.tag !== tag) return undefined
    offset += element.whole.length
    return element
  }
  const value = read({
    more: () => offset < content.length,
    any: () => take(undefined) ?? refuse('end'),
    next: tag => take(tag) ?? refuse('tag'),
    optional: (tag, readMember) => {
      const member = take(tag)
      return member && readMember(member)
    },
  })
  if (offset < content.length) throw malformedCertificate('surplus')
  return value
}

/** The one element that the bytes are. */
export const readDer = (content: Uint8Array, tag: number): DerElement =>
  readMembers({ content }, members => members.next(tag))

/** What `read` makes of the members of the one sequence that the bytes are. */
export const readSequence = <T>(bytes: Uint8Array, read: (members: DerMembers) => T): T =>
  readMembers(readDer(bytes, derSequence), read)

/** A list of one or more members, each read by `read`; `at` names it. */
export function readList<T>(element: DerElement, at: string, read: (member: DerElement) => T): readonly T[] {
  return readMembers(element, members => {
    const list: T[] = []
    do list.push(read(members.more() ? members.any() : refuse(at)))
    while (members.more())
    return list
  })
}

/** A list of one or more sequences, what `read` makes of the members of each; `at` names it. */
export const readSequences = <T>(element: DerElement, at: string, read: (members: DerMembers) => T): readonly T[] =>
  readList(element, at, ({ whole }) => readSequence(whole, read))

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

/** A BOOLEAN with the default FALSE: when it is written it is TRUE, and that is 0xFF (§11.1, §11.5). */
export const readFlag = (members: DerMembers, at: string): boolean =>
  members.optional(derBoolean, ({ content }) => content.join() === '255' || refuse(at)) ?? false

/** The content of an INTEGER in its shortest form (§8.3.2): two's complement, big-endian. */
export function readInteger({ content }: DerElement, at: string): Uint8Array {
  const [first, second] = content
  const surplus = second !== undefined && second < 0x80 ? 0 : 0xff
  if (first === undefined || (second !== undefined && first === surplus)) throw malformedCertificate(at)
  return content
}

/** The magnitude of an INTEGER that must not be negative, without leading zeros. */
export function readUnsigned(element: DerElement, at: string): Uint8Array {
  const content = readInteger(element, at)
  if (content[0]! >= 0x80) throw malformedCertificate(at)
  return content[0] === 0 ? content.subarray(1) : content
}

/** A small count. */
export function readCount(element: DerElement, at: string): number {
  const content = readUnsigned(element, at)
  if (content.length > 4) throw malformedCertificate(at)
  return content.reduce((value, byte) => value * 256 + byte, 0)
}

/** A BIT STRING; the bits that its last byte leaves unused are zero (§11.2.1). */
export function readBits({ content }: DerElement, at: string): Uint8Array {
  const [unused = 8] = content
  const bits = content.subarray(1)
  const last = bits.at(-1) ?? 0
  if (unused > (bits.length === 0 ? 0 : 7) || (last & ((1 << unused) - 1)) !== 0) throw malformedCertificate(at)
  return bits
}

/** A BIT STRING that holds bytes, so that it leaves no bit unused. */
export function readBitBytes(element: DerElement, at: string): Uint8Array {
  if (element.content[0] !== 0) throw malformedCertificate(at)
  return element.content.subarray(1)
}

/** The next member, an OBJECT IDENTIFIER, in dotted form. */
export const nextObjectIdentifier = (members: DerMembers): string =>
  readObjectIdentifier(members.next(derObjectIdentifier))

/** An OBJECT IDENTIFIER in dotted form. */
export function readObjectIdentifier({ content }: DerElement): string {
  const arcs: bigint[] = []
  let arc = 0n
  let open = true
  if (content.length > 64) throw malformedCertificate('oid')
  for (const byte of content) {
    if (byte === 0x80 && arc === 0n) throw malformedCertificate('oid') // §8.19.2: the fewest bytes
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    open = byte >= 0x80
    if (open) continue
    if (arcs.length === 0) arcs.push(arc < 80n ? arc / 40n : 2n) // §8.19.4: the first byte holds two arcs
    arcs.push(arcs.length === 1 ? arc - arcs[0]! * 40n : arc)
    arc = 0n
  }
  if (open) throw malformedCertificate('oid')
  return arcs.join('.')
}

/** A text that has no characters beyond ASCII. */
export function readAscii(content: Uint8Array, at: string): string {
  const text = fromUtf8(content, at)
  if (/[^\x00-\x7f]/.test(text)) throw malformedCertificate(at)
  return text
}

/** UTCTime and GeneralizedTime with seconds and `Z`, without fractions (RFC 5280 §4.1.2.5.1 and .2). */
export function readTime({ tag, content }: DerElement): Date {
  const text = String.fromCharCode(...content.subarray(0, 16))
  const century = tag === derGeneralizedTime ? '' : text < '5' ? '20' : '19'
  const form = /^(?!0000)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/
  const iso = (century + text).replace(form, '$1-$2-$3T$4:$5:$6.000Z')
  const time = new Date(iso)
  // The platform's parser takes days that do not exist for later ones, and writes what it took.
  if (time.toJSON() !== iso || (century !== '' && tag !== derUtcTime)) throw malformedCertificate('time')
  return time
}

export const malformedCertificate = (at: string) => new VidimusError('certificate_malformed', { at })

function refuse(at: string): never {
  throw malformedCertificate(at)
}
