/**
 * A strict reader of CBOR (RFC 8949) in a single pass over untrusted bytes.
 *
 * One item, all of the input, unique keys, valid UTF-8, a bounded depth, exact integers, and only the tags that
 * credentials use. Byte strings are views of the input, and a tagged item keeps the bytes it stood in: what was signed or
 * hashed is never written again to be checked.
 */
import { VidimusError } from '../../errors.js'
import { compareBytes, fromUtf8 } from '../bytes.js'
import { defaultLimits, type Limits, type Spent, within } from '../limits.js'
import { fromHalf, halfNaN, shortestFloat } from './float.js'
import {
  CborFloat,
  type CborKey,
  type CborMap,
  CborTag,
  type CborValue,
  isBytes,
  tagDateTime,
  tagEncoded,
  tagFullDate,
} from './value.js'

/** How strictly to read and how much at most. */
export interface ReadCborOptions {
  /**
   * `deterministic`: core deterministic encoding alone (§4.2.1). `any`: longer heads, indefinite lengths and any order of
   * keys are read as well, as foreign mdocs have them (ISO/IEC 18013-5). Neither takes a repeated key or a byte too many.
   */
  readonly form?: 'deterministic' | 'any' | undefined
  readonly limits?: (Limits & Spent) | undefined
  /** Tags to be read besides 0, 24 and 1004. */
  readonly tags?: readonly number[] | undefined
}

/**
 * The one item that the bytes are. Throws `cbor_malformed`, `cbor_not_deterministic`, `cbor_duplicate_key`,
 * `cbor_tag_not_allowed`, `encoding_invalid` for text that is not UTF-8, `limit_exceeded`; never anything else.
 */
export function readCbor(bytes: Uint8Array, options: ReadCborOptions = {}): CborValue {
  const reader = new Reader(bytes, options)
  const value = reader.item(0)
  if (reader.offset !== bytes.length) throw malformed('surplus')
  return value
}

/** The content of an item of tag 24: bytes that are CBOR themselves, read with the same rules. */
export function readEmbedded(value: CborValue | undefined, at: string, options?: ReadCborOptions): CborValue {
  return readCbor(embeddedBytes(value, at).content, options)
}

/** The two byte ranges of an item of tag 24: the whole of it as received, and what it holds. */
export function embeddedBytes(
  value: CborValue | undefined,
  at: string,
): { readonly encoded: Uint8Array; readonly content: Uint8Array } {
  if (!(value instanceof CborTag) || value.tag !== tagEncoded || value.encoded === undefined || !isBytes(value.value))
    throw malformed(at)
  return { encoded: value.encoded, content: value.value }
}

const standardTags: readonly number[] = [tagDateTime, tagEncoded, tagFullDate]

class Reader {
  offset = 0
  readonly #bytes: Uint8Array
  readonly #deterministic: boolean
  readonly #limits: Limits
  readonly #spent: { items: number }
  readonly #tags: readonly number[]

  constructor(bytes: Uint8Array, { form = 'deterministic', limits = defaultLimits, tags = [] }: ReadCborOptions) {
    this.#bytes = bytes
    this.#deterministic = form === 'deterministic'
    this.#limits = limits
    this.#spent = limits.spent ?? { items: 0 }
    this.#tags = tags
  }

  item(depth: number): CborValue {
    if (depth > this.#limits.depth) within(this.#limits, 'depth', depth)
    this.#spend()
    const start = this.offset
    const first = this.#byte()
    const info = first & 0x1f
    switch (first >> 5) {
      case 0:
        return this.#argument(info)
      case 1: {
        const argument = this.#argument(info)
        return typeof argument === 'number' && argument < Number.MAX_SAFE_INTEGER
          ? -1 - argument
          : -1n - BigInt(argument)
      }
      case 2:
        return info === 31 ? this.#joined(2) : this.#take(this.#length(info))
      case 3:
        return textOf(info === 31 ? this.#joined(3) : this.#take(this.#length(info)))
      case 4:
        return info === 31 ? this.#openArray(depth) : this.#array(this.#length(info), depth)
      case 5:
        return info === 31 ? this.#openMap(depth) : this.#map(this.#length(info), depth)
      case 6:
        return this.#tag(this.#argument(info), start, depth)
      default:
        return this.#simple(info)
    }
  }

  #byte(): number {
    if (this.offset >= this.#bytes.length) throw malformed('end')
    return this.#bytes[this.offset++]!
  }

  /** The number in a head (§3); the shortest form where only one is taken (§4.2.1). */
  #argument(info: number): number | bigint {
    if (info < 24) return info
    if (info > 27) throw malformed('head')
    const start = this.#skip(1 << (info - 24))
    let value = 0
    for (let index = start; index < this.offset; index++) value = value * 0x100 + this.#bytes[index]!
    if (this.#deterministic && value < shortestOf[info - 24]!) throw notDeterministic('head')
    return value <= Number.MAX_SAFE_INTEGER ? value : this.#view(start).getBigUint64(0)
  }

  /** A length or count: no more than there are bytes left, so that nothing is made room for in vain. */
  #length(info: number): number {
    const length = this.#argument(info)
    if (typeof length === 'bigint') throw malformed('end')
    return length
  }

  #take(length: number): Uint8Array {
    return this.#since(this.#skip(length))
  }

  /** The bytes just behind us from `start`: a view, and a plain one whatever kind of array the input is. */
  #since(start: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, this.offset - start)
  }

  /** Where so many bytes begin, which are then behind us. */
  #skip(length: number): number {
    const start = this.offset
    if (length > this.#bytes.length - start) throw malformed('end')
    this.offset += length
    return start
  }

  /** What lies just behind us from `start`, as a number is read. */
  #view(start: number): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, this.offset - start)
  }

  /** A string in pieces (§3.2.3): pieces of definite length, of the same kind, and text whole in every piece. */
  #joined(major: 2 | 3): Uint8Array {
    if (this.#deterministic) throw notDeterministic('length')
    const parts: Uint8Array[] = []
    let length = 0
    while (!this.#ends()) {
      this.#spend()
      const first = this.#byte()
      if (first >> 5 !== major || (first & 0x1f) === 31) throw malformed('string')
      const part = this.#take(this.#length(first & 0x1f))
      if (major === 3) textOf(part)
      parts.push(part)
      length += part.length
    }
    const whole = new Uint8Array(length)
    let offset = 0
    for (const part of parts) {
      whole.set(part, offset)
      offset += part.length
    }
    return whole
  }

  /** Whether a break stands here, which is then behind us. */
  #ends(): boolean {
    if (this.#bytes[this.offset] !== 0xff) return false
    this.offset++
    return true
  }

  #array(count: number, depth: number): readonly CborValue[] {
    if (count > this.#bytes.length - this.offset) throw malformed('end')
    const values: CborValue[] = []
    for (let index = 0; index < count; index++) values.push(this.item(depth + 1))
    return values
  }

  #openArray(depth: number): readonly CborValue[] {
    if (this.#deterministic) throw notDeterministic('length')
    const values: CborValue[] = []
    while (!this.#ends()) values.push(this.item(depth + 1))
    return values
  }

  #map(count: number, depth: number): Map<CborKey, CborValue> {
    if (count > (this.#bytes.length - this.offset) / 2) throw malformed('end')
    const map = new Map<CborKey, CborValue>()
    let before: Uint8Array | undefined
    for (let index = 0; index < count; index++) {
      const start = this.offset
      const key = this.#key(map, depth)
      if (this.#deterministic) {
        const encoded = this.#since(start)
        if (before !== undefined && compareBytes(before, encoded) > 0) throw notDeterministic('order')
        before = encoded
      }
      map.set(key, this.item(depth + 1))
    }
    return map
  }

  #openMap(depth: number): Map<CborKey, CborValue> {
    if (this.#deterministic) throw notDeterministic('length')
    const map = new Map<CborKey, CborValue>()
    while (!this.#ends()) map.set(this.#key(map, depth), this.item(depth + 1))
    return map
  }

  /** A key that the map does not have yet (§5.6). */
  #key(map: CborMap, depth: number): CborKey {
    const key = this.#knownName() ?? this.item(depth + 1)
    if (typeof key !== 'string') {
      if (typeof key !== 'number' && typeof key !== 'bigint') throw malformed('key')
      // Engines place integers by a hash that anyone can compute, so that many of them can be made to collide.
      if (map.size >= this.#limits.cborIntegerKeys) within(this.#limits, 'cborIntegerKeys', map.size + 1)
    }
    if (map.has(key)) throw new VidimusError('cbor_duplicate_key')
    return key
  }

  /** A short name that was read as a key before: the same few stand in every map. */
  #knownName(): string | undefined {
    const bytes = this.#bytes
    const { offset } = this
    const length = bytes[offset]! - 0x60
    if (!(length > 0 && length < 24) || length >= bytes.length - offset) return undefined
    const place = (length * 37 + bytes[offset + 1]! * 5 + bytes[offset + length]!) % names.length
    const name = names[place]
    if (name?.length === length && this.#spells(name, offset + 1)) {
      this.#spend()
      this.offset = offset + 1 + length
      return name
    }
    const view = new Uint8Array(bytes.buffer, bytes.byteOffset + offset + 1, length)
    if (isAscii(view)) names[place] = textOf(view)
    return undefined
  }

  #spells(name: string, from: number): boolean {
    for (let index = 0; index < name.length; index++)
      if (name.charCodeAt(index) !== this.#bytes[from + index]) return false
    return true
  }

  #spend(): void {
    if (++this.#spent.items > this.#limits.cborItems) within(this.#limits, 'cborItems', this.#spent.items)
  }

  #tag(tag: number | bigint, start: number, depth: number): CborTag {
    if (typeof tag === 'bigint' || !(standardTags.includes(tag) || this.#tags.includes(tag)))
      throw new VidimusError('cbor_tag_not_allowed', { actual: String(tag) })
    const value = this.item(depth + 1)
    if (tag === tagEncoded ? !isBytes(value) : standardTags.includes(tag) && typeof value !== 'string')
      throw malformed('tag')
    return new CborTag(tag, value, this.#since(start))
  }

  #simple(info: number): CborValue {
    switch (info) {
      case 20:
        return false
      case 21:
        return true
      case 22:
        return null
      case 25:
      case 26:
      case 27:
        return this.#float(info)
      case 31:
        throw malformed('break')
      default:
        throw malformed(info > 27 ? 'head' : 'simple')
    }
  }

  #float(info: number): CborFloat {
    const size = 1 << (info - 24)
    const view = this.#view(this.#skip(size))
    const value = size === 2 ? fromHalf(view.getUint16(0)) : size === 4 ? view.getFloat32(0) : view.getFloat64(0)
    // Of the many forms of NaN one is written (§4.2.2).
    const preferred = size === shortestFloat(value) && (!Number.isNaN(value) || view.getUint16(0) === halfNaN)
    if (this.#deterministic && !preferred) throw notDeterministic('float')
    return new CborFloat(value)
  }
}

/** Names of keys, each in a place that its length and its ends decide. */
const names: (string | undefined)[] = /* @__PURE__ */ Array.from({ length: 256 })

/** Texts up to here are often ASCII alone, which needs no decoder. */
const shortText = 64

function textOf(bytes: Uint8Array): string {
  return bytes.length <= shortText && isAscii(bytes)
    ? String.fromCharCode.apply(undefined, bytes as unknown as number[])
    : fromUtf8(bytes, 'cbor')
}

function isAscii(bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index++) if (bytes[index]! > 0x7f) return false
  return true
}

/** The least number that needs an argument of 1, 2, 4 and 8 bytes. */
const shortestOf = [24, 0x100, 0x1_0000, 0x1_0000_0000]

const malformed = (at: string) => new VidimusError('cbor_malformed', { at })
const notDeterministic = (at: string) => new VidimusError('cbor_not_deterministic', { at })
