/**
 * A writer of core deterministic CBOR (RFC 8949 §4.2.1): shortest heads and floats, definite lengths, keys in bytewise
 * order. An item of a tag that was read keeps the bytes it came in.
 */
import { misuse } from '../arguments.js'
import { utf8 } from '../bytes.js'
import { shortestFloat, toHalf } from './float.js'
import {
  CborFloat,
  type CborMap,
  CborTag,
  type CborValue,
  isBytes,
  isCborArray,
  isCborMap,
  tagEncoded,
} from './value.js'

/**
 * The bytes of a value. A number that is no integer belongs into a `CborFloat`. Throws `TypeError` for what CBOR cannot
 * say, and `encoding_invalid` for text with half characters.
 */
export const writeCbor = (value: CborValue): Uint8Array => freshWriter().whole(value)

/** The same wrapped in an item of tag 24, in one go: `writeCbor(embed(writeCbor(value)))`. */
export const writeEmbedded = (value: CborValue): Uint8Array => freshWriter().embedded(value)

/** One buffer for all, for most of what is written is short. Whoever fails in the middle leaves it to the next. */
function freshWriter(): Writer {
  writer ??= new Writer()
  writer.begin()
  return writer
}

let writer: Writer | undefined

/** CBOR that is wrapped in an item of tag 24, as mdocs sign and hash it (ISO/IEC 18013-5, `#6.24(bstr .cbor …)`). */
export const embed = (content: Uint8Array): CborTag => new CborTag(tagEncoded, content)

/** A map from members of which some may be absent. */
export function cborMap(members: readonly (readonly [string | number, CborValue | undefined])[]): CborMap {
  const map = new Map<string | number, CborValue>()
  for (const [key, value] of members) if (value !== undefined) map.set(key, value)
  return map
}

/** Where the key of a map was written … */
interface Key {
  readonly at: number
  readonly keyEnd: number
}

/** … and its value behind it. */
interface Member extends Key {
  readonly end: number
}

/** Texts up to here are written unit by unit; for others the platform's encoder is faster. */
const shortText = 64

/** Of tag 24 and of a byte string of up to 4 GiB. */
const roomForHeads = 7

/** What is kept between two writings. */
const keptBytes = 64 * 1024

class Writer {
  #buffer = new Uint8Array(4096)
  #view = new DataView(this.#buffer.buffer)
  #length = 0

  begin(): void {
    this.#length = 0
    if (this.#buffer.length <= keptBytes) return
    this.#buffer = new Uint8Array(keptBytes)
    this.#view = new DataView(this.#buffer.buffer)
  }

  whole(value: CborValue): Uint8Array {
    this.#value(value)
    return this.#buffer.slice(0, this.#length)
  }

  /** The content first, behind room for the heads; these are as long as it needs, and written up to it. */
  embedded(value: CborValue): Uint8Array {
    this.#length = roomForHeads
    this.#value(value)
    const end = this.#length
    const size = end - roomForHeads
    const start = roomForHeads - (size < 24 ? 3 : size < 0x100 ? 4 : size < 0x1_0000 ? 5 : 7)
    this.#length = start
    this.#head(6, tagEncoded)
    this.#head(2, size)
    return this.#buffer.slice(start, end)
  }

  #value(value: CborValue): void {
    if (typeof value === 'number' || typeof value === 'bigint') this.#integer(value)
    else if (typeof value === 'string') this.#text(value)
    else if (typeof value === 'boolean') this.#append(value ? 0xf5 : 0xf4)
    else if (value === null) this.#append(0xf6)
    else if (isBytes(value)) this.#string(2, value)
    else if (value instanceof CborTag) this.#tagged(value)
    else if (value instanceof CborFloat) this.#float(value.value)
    else if (isCborArray(value)) this.#array(value)
    else if (isCborMap(value)) this.#map(value)
    else throw misuse('value', 'what CBOR can say')
  }

  #integer(value: number | bigint): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw misuse('value', 'a safe integer, a bigint or a CborFloat')
    if (value >= 0) this.#head(0, value)
    else this.#head(1, typeof value === 'number' ? -1 - value : -1n - value)
  }

  #text(text: string): void {
    if (text.length > shortText || !this.#ascii(text)) this.#string(3, utf8(text))
  }

  /** Writes a short text of ASCII characters, as most names are, or nothing at all. */
  #ascii(text: string): boolean {
    const { length } = text
    this.#reserve(length + 2)
    const start = this.#length + (length < 24 ? 1 : 2)
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index)
      if (unit > 0x7f) return false
      this.#buffer[start + index] = unit
    }
    this.#head(3, length)
    this.#length = start + length
    return true
  }

  #string(major: number, bytes: Uint8Array): void {
    this.#head(major, bytes.length)
    this.#raw(bytes)
  }

  #tagged({ tag, value, encoded }: CborTag): void {
    if (encoded === undefined) {
      this.#head(6, tag)
      this.#value(value)
    } else this.#raw(encoded)
  }

  #array(values: readonly CborValue[]): void {
    this.#head(4, values.length)
    for (const value of values) this.#value(value)
  }

  #map(map: CborMap): void {
    this.#head(5, map.size)
    const start = this.#length
    const members: Member[] = []
    let inOrder = true
    for (const [key, value] of map) {
      const at = this.#length
      this.#value(key)
      const keyEnd = this.#length
      const before = members.at(-1)
      if (before !== undefined && inOrder) inOrder = this.#compare(before, { at, keyEnd }) < 0
      this.#value(value)
      members.push({ at, keyEnd, end: this.#length })
    }
    if (!inOrder) this.#sort(start, members)
  }

  /** Puts members that were written in the order of the map into the bytewise order of their keys (§4.2.1). */
  #sort(start: number, members: Member[]): void {
    members.sort((a, b) => this.#compare(a, b))
    const written = this.#buffer.slice(start, this.#length)
    this.#length = start
    for (const { at, end } of members) this.#raw(written.subarray(at - start, end - start))
  }

  /** Bytewise: below 0 when the first key comes first. */
  #compare(a: Key, b: Key): number {
    const buffer = this.#buffer
    const shorter = Math.min(a.keyEnd - a.at, b.keyEnd - b.at)
    for (let index = 0; index < shorter; index++) {
      const difference = buffer[a.at + index]! - buffer[b.at + index]!
      if (difference !== 0) return difference
    }
    return a.keyEnd - a.at - (b.keyEnd - b.at)
  }

  #float(value: number): void {
    const size = shortestFloat(value)
    this.#reserve(9)
    this.#append(size === 2 ? 0xf9 : size === 4 ? 0xfa : 0xfb)
    if (size === 2) this.#view.setUint16(this.#length, toHalf(value)!)
    else if (size === 4) this.#view.setFloat32(this.#length, value)
    else this.#view.setFloat64(this.#length, value)
    this.#length += size
  }

  #head(major: number, argument: number | bigint): void {
    this.#reserve(9)
    if (argument < 24) {
      this.#buffer[this.#length++] = (major << 5) | Number(argument)
      return
    }
    const size = argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8
    if (argument > 0xffff_ffff_ffff_ffffn) throw misuse('value', 'an integer of at most 64 bits')
    this.#append((major << 5) | (24 + Math.log2(size)))
    if (size === 1) this.#view.setUint8(this.#length, Number(argument))
    else if (size === 2) this.#view.setUint16(this.#length, Number(argument))
    else if (size === 4) this.#view.setUint32(this.#length, Number(argument))
    else this.#view.setBigUint64(this.#length, BigInt(argument))
    this.#length += size
  }

  #append(byte: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = byte
  }

  #raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(this.#length + more, this.#buffer.length * 2))
    larger.set(this.#buffer)
    this.#buffer = larger
    this.#view = new DataView(larger.buffer)
  }
}
