/**
 * What CBOR says (RFC 8949), as plain values that keep apart what CBOR keeps apart.
 *
 * Integers are numbers, beyond 2^53 bigints; floats have a class of their own, so that 1.0 never passes for 1. Maps are
 * `Map`s, whose keys keep their type. `undefined` and the other simple values have no meaning in anything read here.
 */

/** What one CBOR item is here (RFC 8949 §3): integers beyond 2^53 are `bigint`, floats are wrapped in `CborFloat`. */
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | CborFloat
  | CborTag
  | readonly CborValue[]
  | CborMap

/** A key of a map: text or an integer. */
export type CborKey = string | number | bigint

/** A map in the order of its items. */
export type CborMap = ReadonlyMap<CborKey, CborValue>

/** A floating-point number. */
export class CborFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

/** A tagged item (§3.4). */
export class CborTag {
  readonly tag: number
  readonly value: CborValue
  /** The whole item as received, tag and head included: what is hashed or signed, and written again as it was. */
  readonly encoded: Uint8Array | undefined

  constructor(tag: number, value: CborValue, encoded?: Uint8Array) {
    this.tag = tag
    this.value = value
    this.encoded = encoded
  }
}

/** Text that is an instant, RFC 3339 (§3.4.1). */
export const tagDateTime = 0
/** Bytes that are CBOR themselves (§3.4.5.1). */
export const tagEncoded = 24
/** Text that is a calendar date (RFC 8943). */
export const tagFullDate = 1004

/** Whether an item is a map. */
export const isCborMap = (value: CborValue | undefined): value is CborMap => value instanceof Map

/** Whether an item is an array. */
export const isCborArray = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value)

/** Whether an item is a byte string. */
export const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array

/** The content of an item with the given tag; `undefined` for anything else. */
export const taggedValue = (value: CborValue | undefined, tag: number): CborValue | undefined =>
  value instanceof CborTag && value.tag === tag ? value.value : undefined
