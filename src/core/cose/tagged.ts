/** A COSE_Sign1 that stands for itself: under its tag (RFC 9052 §2), with its payload attached, which is CBOR. */
import type { VidimusError } from '../../errors.js'
import { type ReadCborOptions, readCbor } from '../cbor/read.js'
import { type CborValue, taggedValue } from '../cbor/value.js'
import { readSign1, type Sign1, tagSign1 } from './sign1.js'

/** A signature with its payload, and what that says. */
export interface TaggedSign1 extends Sign1 {
  readonly payload: Uint8Array
  /** What the payload says. */
  readonly content: CborValue
}

/** Reads one, and nothing in it is believed. Throws the codes of CBOR and COSE, and what `malformed` makes of a part. */
export function readTaggedSign1(
  bytes: Uint8Array,
  options: ReadCborOptions,
  malformed: (at: string) => VidimusError,
): TaggedSign1 {
  const item = taggedValue(readCbor(bytes, { ...options, tags: [tagSign1] }), tagSign1)
  if (item === undefined) throw malformed('tag')
  const sign1 = readSign1(item, options.limits)
  const { payload } = sign1
  if (payload === null) throw malformed('payload')
  return { ...sign1, payload, content: readCbor(payload, options) }
}
