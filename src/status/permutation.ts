/**
 * The order in which the places of a list are given out: a permutation under a secret key, so that every place comes once
 * and nobody without the key can tell from some of them which come next.
 *
 * A Feistel network over the smallest even number of bits that holds the list; what falls outside of it goes round again
 * until it is inside (Black and Rogaway, cycle walking).
 */
import { sha256 } from '#crypto'

/** What a key is made of. */
export const keyBytes = 32

/** More than the bounds for small domains ask for, since nobody waits for a place. */
const rounds = 10

/** The place at a step, both from 0 and below `size`, at most 2^30. */
export function placeAt(key: Uint8Array, size: number, step: number): number {
  const half = Math.ceil(Math.max(1, Math.ceil(Math.log2(size))) / 2)
  let place = step
  do place = shuffled(key, half, place)
  while (place >= size)
  return place
}

/** One pass through the network: a permutation of the numbers below 2^(2·half). */
function shuffled(key: Uint8Array, half: number, value: number): number {
  const mask = 2 ** half - 1
  const block = new Uint8Array(key.length + 5)
  block.set(key)
  const view = new DataView(block.buffer)
  let left = value >>> half
  let right = value & mask
  for (let round = 0; round < rounds; round++) {
    block[key.length] = round
    view.setUint32(key.length + 1, right)
    const hash = sha256(block)
    const mixed = new DataView(hash.buffer, hash.byteOffset).getUint32(0) & mask
    const next = left ^ mixed
    left = right
    right = next
  }
  return left * 2 ** half + right
}
