/**
 * A strict reader of CBOR (RFC 8949) in a single pass over untrusted bytes.
 *
 * One item, all of the input, unique keys, valid UTF-8, a bounded depth, exact integers, and only the tags that
 * credentials use. Byte strings are views of the input, and a tagged item keeps the bytes it stood in: what was signed or
 * hashed is never written again to be checked.
 */
import { VidimusError } from '../../errors.js'
import { fromUtf8 } from '../bytes.js'
import { defaultLimits, type Limits, type Spent, within } from '../limits.js'
import { fromHalf } from './float.js'
import {
  CborFloat,
  type CborKey,
  CborTag,
  type CborValue,
  isBytes,
  tagDateTime,
  tagEncoded,
  tagFullDate,
  taggedValue,
} from './value.js'

/** How strictly to read and how much at most. */
export interface ReadCborOptions {
  /**
   * What is asked beyond what makes CBOR valid: `deterministic`. Absent: longer heads, indefinite lengths and any order of
   * keys are read as well, as foreign mdocs have them (ISO/IEC 18013-5). Neither takes a repeated key or a byte too many.
   */
  readonly form?: CborForm | undefined
  readonly limits?: (Limits & Spent) | undefined
  /** Tags to be read besides 0, 24 and 1004. */
  readonly tags?: readonly number[] | undefined
}

/** What a form of CBOR asks of each item; a part of its own, for who reads mdocs alone. Each throws for what is not of it. */
export interface CborForm {
  /** A number, length, count or tag, in so many bytes behind the first; `Infinity`: a length that is left open. */
  head(argument: number | bigint, bytes: number): void
  /** A float, and the bits in so many bytes that it was received as. */
  float(value: number, bits: number | bigint, bytes: number): void
  /** A key as it was received, which it returns, and the one before it in its map. */
  key(encoded: Uint8Array, before: Uint8Array | undefined): Uint8Array
}

/**
 * The one item that the bytes are. Throws `cbor_malformed`, `cbor_duplicate_key`, `cbor_tag_not_allowed`,
 * `encoding_invalid` for text that is not UTF-8, `limit_exceeded`, and what the form throws; never anything else.
 */
export function readCbor(bytes: Uint8Array, options: ReadCborOptions = {}): CborValue {
  return new Reader(bytes, options).whole()
}

/** A place in the input, and what may still be read. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #form: CborForm | undefined
  readonly #limits: Limits
  readonly #spent: { items: number }
  readonly #tags: readonly number[]
  #offset = 0

  constructor(bytes: Uint8Array, { form, limits = defaultLimits, tags = [] }: ReadCborOptions) {
    this.#bytes = bytes
    this.#form = form
    this.#limits = limits
    const { spent = { items: 0 } }: Spent = limits
    this.#spent = spent
    this.#tags = tags
  }

  whole(): CborValue {
    const whole = this.#item(0)
    if (this.#offset !== this.#bytes.length) throw malformed('surplus')
    return whole
  }

  #item(depth: number): CborValue {
    if (depth > this.#limits.depth || ++this.#spent.items > this.#limits.cborItems) {
      within(this.#limits, 'depth', depth)
      within(this.#limits, 'cborItems', this.#spent.items)
    }
    const start = this.#skip(1)
    const major = this.#bytes[start]! >> 5
    const info = this.#bytes[start]! & 0x1f
    // Strings, arrays and maps may be left open, up to a break (§3.2).
    const argument = info === 31 && major > 1 && major < 6 ? Infinity : this.#head(info)
    const size = this.#offset - start - 1
    if (major === 7) return size > 1 ? this.#float(argument, size) : simple(info)
    this.#form?.head(argument, size)
    const count = Number(argument)
    switch (major) {
      case 0:
        return argument
      case 1:
        return Number.isSafeInteger(-1 - count) ? -1 - count : -1n - BigInt(argument)
      case 2:
        return count === Infinity ? joined(this.#pieces(major, depth)) : this.#since(this.#skip(count))
      case 3:
        return count === Infinity ? this.#pieces<string>(major, depth).join('') : this.#text(count)
      case 4:
        return this.#array(count, depth + 1)
      case 5:
        return this.#map(count, depth + 1)
      default:
        return this.#tagged(count, start, depth + 1)
    }
  }

  /** Where so many bytes begin, which are then behind us. */
  #skip(length: number): number {
    if (length > this.#bytes.length - this.#offset) throw malformed('end')
    this.#offset += length
    return this.#offset - length
  }

  /** The number in a head (§3). */
  #head(info: number): number | bigint {
    if (info < 24) return info
    if (info > 27) throw malformed('head')
    const start = this.#skip(1 << (info - 24))
    let value = 0
    for (let index = start; index < this.#offset; index++) value = value * 0x100 + this.#bytes[index]!
    return Number.isSafeInteger(value) ? value : this.#behind(8).getBigUint64(0)
  }

  /** So many bytes just behind us, as a number is read. */
  #behind(size: number): DataView {
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#offset - size, size)
  }

  #float(bits: number | bigint, size: number): CborFloat {
    const value =
      size < 4 ? fromHalf(Number(bits)) : size < 8 ? this.#behind(4).getFloat32(0) : this.#behind(8).getFloat64(0)
    this.#form?.float(value, bits, size)
    return new CborFloat(value)
  }

  /** Whether another one comes in what has so many: by the count, or up to the break of what is open, then behind us. */
  #goesOn(done: number, count: number): boolean {
    if (count !== Infinity) return done < count
    if (this.#bytes[this.#offset] !== 0xff) return true
    this.#offset++
    return false
  }

  /** The pieces of an open string (§3.2.3): of definite length, of the same kind, and text whole in every piece. */
  #pieces<Piece>(major: number, depth: number): Piece[] {
    const found: CborValue[] = []
    while (this.#goesOn(0, Infinity)) {
      const first = this.#bytes[this.#offset]!
      if (first >> 5 !== major || (first & 0x1f) === 31) throw malformed('string')
      found.push(this.#item(depth))
    }
    return found as Piece[]
  }

  /** The bytes just behind us from `start`: a view, and a plain one whatever kind of array the input is. */
  #since(start: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, this.#offset - start)
  }

  /** A short text is mostly ASCII alone, which needs no decoder. */
  #text(length: number): string {
    const start = this.#skip(length)
    const encoded = this.#since(start)
    if (length > shortText) return fromUtf8(encoded, 'cbor')
    for (let index = start; index < this.#offset; index++)
      if (this.#bytes[index]! > 0x7f) return fromUtf8(encoded, 'cbor')
    return String.fromCharCode.apply(undefined, encoded as unknown as number[])
  }

  #array(count: number, depth: number): readonly CborValue[] {
    const values: CborValue[] = []
    while (this.#goesOn(values.length, count)) values.push(this.#item(depth))
    return values
  }

  /** A map without a key that stands twice (§5.6). */
  #map(count: number, depth: number): ReadonlyMap<CborKey, CborValue> {
    const members = new Map<CborKey, CborValue>()
    let before: Uint8Array | undefined
    while (this.#goesOn(members.size, count)) {
      const start = this.#offset
      const key = this.#knownName() ?? this.#item(depth)
      if (typeof key === 'string') remember(key, this.#offset - start)
      else {
        if (typeof key !== 'number' && typeof key !== 'bigint') throw malformed('key')
        // Engines place integers by a hash that anyone can compute, so that many of them can be made to collide.
        within(this.#limits, 'cborIntegerKeys', members.size + 1)
      }
      if (members.has(key)) throw new VidimusError('cbor_duplicate_key')
      before = this.#form?.key(this.#since(start), before)
      members.set(key, this.#item(depth))
    }
    return members
  }

  /** A name that was a key before, where it stands again: the same few stand in every map. */
  #knownName(): string | undefined {
    const length = this.#bytes[this.#offset]! - 0x60
    const name = names[placeOf(length, this.#bytes[this.#offset + 1]!, this.#bytes[this.#offset + length]!)]
    if (name?.length !== length) return undefined
    for (let index = 0; index < length; index++)
      if (name.charCodeAt(index) !== this.#bytes[this.#offset + 1 + index]) return undefined
    if (++this.#spent.items > this.#limits.cborItems) within(this.#limits, 'cborItems', this.#spent.items)
    this.#skip(1 + length)
    return name
  }

  #tagged(tag: number, start: number, depth: number): CborTag {
    const isText = tag === tagDateTime || tag === tagFullDate
    if (!isText && tag !== tagEncoded && !this.#tags.includes(tag))
      throw new VidimusError('cbor_tag_not_allowed', { actual: String(tag) })
    const value = this.#item(depth)
    if (tag === tagEncoded ? !isBytes(value) : isText && typeof value !== 'string') throw malformed('tag')
    return new CborTag(tag, value, this.#since(start))
  }
}

/** Names of keys, each in a place that its length and its ends decide. */
const names: (string | undefined)[] = /* @__PURE__ */ Array.from({ length: 256 })

const placeOf = (length: number, first: number, last: number): number => (length * 37 + first * 5 + last) & 0xff

/** Keeps a short name in ASCII, whose head is one byte. */
function remember(name: string, size: number): void {
  if (size === name.length + 1) names[placeOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1))] = name
}

/** Bytes of a text that is tried as ASCII. */
const shortText = 64

/** Of the simple values three have a meaning. */
function simple(info: number): boolean | null {
  const value = [false, true, null][info - 20]
  if (value === undefined) throw malformed('simple')
  return value
}

/** Without `concatBytes`, for there may be more pieces than an engine takes arguments. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const piece of pieces) length += piece.length
  const whole = new Uint8Array(length)
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}

/** The two byte ranges of an item of tag 24 that was read: the whole of it as received, and what it holds. */
export function embeddedBytes(
  value: CborValue | undefined,
  at: string,
): { readonly encoded: Uint8Array; readonly content: Uint8Array } {
  const content = taggedValue(value, tagEncoded)
  if (!isBytes(content)) throw malformed(at)
  return { encoded: (value as CborTag).encoded!, content }
}

const malformed = (at: string) => new VidimusError('cbor_malformed', { at })
