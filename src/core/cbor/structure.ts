/**
 * The few structures that COSE signs and mdocs authenticate: arrays of text, bytes and `null`, in deterministic CBOR
 * (RFC 8949 §4.2.1). Apart from `write.ts`, so that who only verifies carries no writer of everything else.
 */
import { concatBytes, utf8 } from '../bytes.js'

export type Structure = null | string | Uint8Array | readonly Structure[]

/** The bytes of a structure. Throws `encoding_invalid` for text with half characters. */
export const writeStructure = (structure: Structure): Uint8Array => concatBytes(...partsOf(structure))

/** Put together in one go at the end, for a payload is long. */
function partsOf(structure: Structure): Uint8Array[] {
  if (structure === null) return [Uint8Array.of(0xf6)]
  if (typeof structure === 'string') return behindHead(0x60, utf8(structure))
  if (structure instanceof Uint8Array) return behindHead(0x40, structure)
  return [head(0x80, structure.length), ...structure.flatMap(partsOf)]
}

/** Bytes that are CBOR, within an item of tag 24: `#6.24(bstr .cbor …)` of ISO/IEC 18013-5. */
export const wrapEncoded = (content: Uint8Array): Uint8Array => concatBytes(tag24, ...behindHead(0x40, content))

const tag24 = /* @__PURE__ */ Uint8Array.of(0xd8, 0x18)

const behindHead = (major: number, content: Uint8Array): Uint8Array[] => [head(major, content.length), content]

/** `major` in the highest three bits; a number below 2^32 in as few bytes as it takes. */
export function head(major: number, length: number): Uint8Array {
  if (length < 24) return Uint8Array.of(major | length)
  if (length < 0x100) return Uint8Array.of(major | 24, length)
  if (length < 0x1_0000) return Uint8Array.of(major | 25, length >> 8, length)
  return Uint8Array.of(major | 26, length >> 24, length >> 16, length >> 8, length)
}
