/** Core deterministic encoding (RFC 8949 §4.2.1): one way alone to write each value. */
import { VidimusError } from '../../errors.js'
import { compareBytes } from '../bytes.js'
import { halfNaN, shortestFloat } from './float.js'
import type { CborForm } from './read.js'

/** Shortest heads and floats, definite lengths, keys in bytewise order. Throws `cbor_not_deterministic`. */
export const deterministic: CborForm = {
  head(argument, bytes) {
    if (argument === Infinity) throw notDeterministic('length')
    if (argument < leastIn[bytes]!) throw notDeterministic('head')
  },
  float(value, bits, bytes) {
    // Of the many forms of NaN one is written (§4.2.2).
    if (bytes !== shortestFloat(value) || (Number.isNaN(value) && bits !== halfNaN)) throw notDeterministic('float')
  },
  key(encoded, before) {
    if (before !== undefined && compareBytes(before, encoded) > 0) throw notDeterministic('order')
    return encoded
  },
}

/** The least number that needs so many bytes behind the first. */
const leastIn: Readonly<Record<number, number>> = { 0: 0, 1: 24, 2: 0x100, 4: 0x1_0000, 8: 0x1_0000_0000 }

const notDeterministic = (at: string) => new VidimusError('cbor_not_deterministic', { at })
