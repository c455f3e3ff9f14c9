/**
 * A writer of core deterministic CBOR (RFC 8949 §4.2.1): shortest heads and floats, definite lengths, keys in bytewise
 * order. An item of a tag that was read keeps the bytes it came in.
 */
import { misuse } from '../arguments.js'
import { compareBytes, utf8 } from '../bytes.js'
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
export function writeCbor(value: CborValue): Uint8Array {
  const writer = new Writer()
  writer.value(value)
  return writer.bytes()
}

/** CBOR that is wrapped in an item of tag 24, as mdocs sign and hash it (ISO/IEC 18013-5, `#6.24(bstr .cbor …)`). */
export const embed = (content: Uint8Array): CborTag => new CborTag(tagEncoded, content)

/** A map from members of which some may be absent. */
export function cborMap(members: readonly (readonly [string | number, CborValue | undefined])[]): CborMap {
  const map = new Map<string | number, CborValue>()
  for (const [key, value] of members) if (value !== undefined) map.set(key, value)
  return map
}

/** Where a member of a map was written. */
interface Member {
  readonly at: number
  readonly keyEnd: number
  readonly end: number
}

class Writer {
  private buffer = new Uint8Array(512)
  private view = new DataView(this.buffer.buffer)
  private length = 0

  bytes(): Uint8Array {
    return this.buffer.slice(0, this.length)
  }

  value(value: CborValue): void {
    if (typeof value === 'number' || typeof value === 'bigint') this.integer(value)
    else if (typeof value === 'string') this.string(3, utf8(value))
    else if (typeof value === 'boolean') this.append(value ? 0xf5 : 0xf4)
    else if (value === null) this.append(0xf6)
    else if (isBytes(value)) this.string(2, value)
    else if (value instanceof CborTag) this.tagged(value)
    else if (value instanceof CborFloat) this.float(value.value)
    else if (isCborArray(value)) this.array(value)
    else if (isCborMap(value)) this.map(value)
    else throw misuse('value', 'what CBOR can say')
  }

  private integer(value: number | bigint): void {
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw misuse('value', 'a safe integer, a bigint or a CborFloat')
    if (value >= 0) this.head(0, value)
    else this.head(1, typeof value === 'number' ? -1 - value : -1n - value)
  }

  private string(major: number, bytes: Uint8Array): void {
    this.head(major, bytes.length)
    this.raw(bytes)
  }

  private tagged({ tag, value, encoded }: CborTag): void {
    if (encoded === undefined) {
      this.head(6, tag)
      this.value(value)
    } else this.raw(encoded)
  }

  private array(values: readonly CborValue[]): void {
    this.head(4, values.length)
    for (const value of values) this.value(value)
  }

  private map(map: CborMap): void {
    this.head(5, map.size)
    const start = this.length
    const members: Member[] = []
    for (const [key, value] of map) {
      const at = this.length
      this.value(key)
      const keyEnd = this.length
      this.value(value)
      members.push({ at, keyEnd, end: this.length })
    }
    this.sort(start, members)
  }

  /** Puts members that were written in the order of the map into the bytewise order of their keys (§4.2.1). */
  private sort(start: number, members: Member[]): void {
    const written = this.buffer.slice(start, this.length)
    const key = ({ at, keyEnd }: Member) => written.subarray(at - start, keyEnd - start)
    members.sort((a, b) => compareBytes(key(a), key(b)))
    this.length = start
    for (const { at, end } of members) this.raw(written.subarray(at - start, end - start))
  }

  private float(value: number): void {
    const size = shortestFloat(value)
    this.reserve(9)
    this.append(size === 2 ? 0xf9 : size === 4 ? 0xfa : 0xfb)
    if (size === 2) this.view.setUint16(this.length, toHalf(value)!)
    else if (size === 4) this.view.setFloat32(this.length, value)
    else this.view.setFloat64(this.length, value)
    this.length += size
  }

  private head(major: number, argument: number | bigint): void {
    this.reserve(9)
    const size = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : argument < 0x1_0000_0000 ? 4 : 8
    if (argument > 0xffff_ffff_ffff_ffffn) throw misuse('value', 'an integer of at most 64 bits')
    this.append((major << 5) | (size === 0 ? Number(argument) : 24 + Math.log2(size)))
    if (size === 1) this.view.setUint8(this.length, Number(argument))
    else if (size === 2) this.view.setUint16(this.length, Number(argument))
    else if (size === 4) this.view.setUint32(this.length, Number(argument))
    else if (size === 8) this.view.setBigUint64(this.length, BigInt(argument))
    this.length += size
  }

  private append(byte: number): void {
    this.reserve(1)
    this.buffer[this.length++] = byte
  }

  private raw(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(this.length + more, this.buffer.length * 2))
    larger.set(this.buffer)
    this.buffer = larger
    this.view = new DataView(larger.buffer)
  }
}
