/**
 * A list of statuses, packed: 1, 2, 4 or 8 bits an entry, from the least significant bit of each byte upwards
 * (Token Status List §4.1). It stays packed: nothing here makes an array of entries.
 */

import { deflate } from '#crypto'
import { misuse } from '../../core/arguments.js'
import { inflateWithin } from '../../core/inflate.js'
import { defaultLimits, type Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

/** How many bits one entry takes. */
export type StatusBits = 1 | 2 | 4 | 8

export const isStatusBits = (value: unknown): value is StatusBits =>
  value === 1 || value === 2 || value === 4 || value === 8

/** How many entries packed bytes hold. */
export const sizeOfBits = (packed: Uint8Array, bits: StatusBits): number => (packed.length * 8) / bits

/**
 * A packed list of `size` entries, all 0 (valid). Throws `TypeError` or `RangeError` when `bits` is not 1, 2, 4 or 8, the
 * entries do not fill whole bytes, or the list is larger than any verifier here would inflate.
 */
export function createBits(bits: StatusBits, size: number): Uint8Array {
  if (!isStatusBits(bits)) throw misuse('bits', '1, 2, 4 or 8')
  if (!Number.isSafeInteger(size) || size <= 0 || (size * bits) % 8 !== 0)
    throw new RangeError('`size` must be a positive number of entries that fill whole bytes')
  if ((size * bits) / 8 > defaultLimits.statusListBytes)
    throw new RangeError(`\`size\` must be at most ${(defaultLimits.statusListBytes * 8) / bits} at ${bits} bits`)
  return new Uint8Array((size * bits) / 8)
}

/** The entry at `index`, from 0. Throws `status_index_out_of_range`. */
export function getBits(packed: Uint8Array, bits: StatusBits, index: number): number {
  requireIndex(packed, bits, index)
  const bit = index * bits
  return (packed[Math.floor(bit / 8)]! >>> (bit % 8)) & largest(bits)
}

/** Writes the entry at `index`, in place. Throws `status_index_out_of_range`, and `RangeError` for a value too wide. */
export function setBits(packed: Uint8Array, bits: StatusBits, index: number, value: number): void {
  requireIndex(packed, bits, index)
  if (!Number.isInteger(value) || value < 0 || value > largest(bits))
    throw new RangeError(`\`value\` must be an integer from 0 to ${largest(bits)} at ${bits} bits`)
  const bit = index * bits
  const at = Math.floor(bit / 8)
  const shift = bit % 8
  packed[at] = (packed[at]! & ~(largest(bits) << shift)) | (value << shift)
}

/**
 * The status at `index` of a status list token: 0 valid, 1 invalid, 2 suspended, others as registered (§7.1). In a W3C list a
 * bit says what the list's purpose is; `statusOf` knows that. Throws `status_index_out_of_range`.
 */
export const statusAt = (
  { packed, bits }: { readonly packed: Uint8Array; readonly bits: StatusBits },
  index: number,
): number => getBits(packed, bits, index)

/**
 * The packed list as a ZLIB stream (§4.1). It is asked for far more often than it is made, so that 9, the best level, is what is
 * used unless another is given.
 */
export const compressBits = async (packed: Uint8Array, level = 9): Promise<Uint8Array> => deflate(packed, { level })

/** The packed list of a ZLIB stream. Throws `inflate_invalid`, and `limit_exceeded` naming `statusListBytes`. */
export const inflateBits = (compressed: Uint8Array, limits: Limits): Promise<Uint8Array> =>
  inflateWithin(limits, 'statusListBytes', compressed)

const largest = (bits: StatusBits): number => (1 << bits) - 1

function requireIndex(packed: Uint8Array, bits: StatusBits, index: number): void {
  // §8.3: an index outside the list is a refusal.
  if (!Number.isSafeInteger(index) || index < 0 || index >= sizeOfBits(packed, bits))
    throw new VidimusError('status_index_out_of_range', {
      at: 'idx',
      expected: sizeOfBits(packed, bits),
    })
}
