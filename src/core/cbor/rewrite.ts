/**
 * A value that was read, in deterministic CBOR (RFC 8949 §4.2.1): what a sender would have written who does not keep what it
 * received. Short and slow, for whoever wonders why a signature does not hold; everything that is sent comes from `write.ts`.
 */
import { compareBytes, concatBytes } from '../bytes.js'
import { shortestFloat, toHalf } from './float.js'
import { head, writeStructure } from './structure.js'
import { CborFloat, type CborMap, CborTag, type CborValue, isBytes, isCborArray, isCborMap } from './value.js'

/** The bytes of a value as `readCbor` gives it. A tagged item keeps those it came in. */
export function rewriteCbor(value: CborValue): Uint8Array {
  if (value === null || typeof value === 'string' || isBytes(value)) return writeStructure(value)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4)
  if (value instanceof CborTag) return value.encoded!
  if (value instanceof CborFloat) return rewriteFloat(value.value)
  if (isCborArray(value)) return concatBytes(head(0x80, value.length), ...value.map(rewriteCbor))
  if (isCborMap(value)) return rewriteMap(value)
  return value >= 0 ? argument(0x00, value) : argument(0x20, -1n - BigInt(value))
}

function rewriteMap(map: CborMap): Uint8Array {
  const members = [...map].map(([key, value]) => [rewriteCbor(key), rewriteCbor(value)] as const)
  members.sort(([one], [other]) => compareBytes(one, other))
  return concatBytes(head(0xa0, map.size), ...members.flat())
}

function rewriteFloat(value: number): Uint8Array {
  const size = shortestFloat(value)
  const view = new DataView(new ArrayBuffer(1 + size))
  view.setUint8(0, size === 2 ? 0xf9 : size === 4 ? 0xfa : 0xfb)
  if (size === 2) view.setUint16(1, toHalf(value)!)
  else if (size === 4) view.setFloat32(1, value)
  else view.setFloat64(1, value)
  return new Uint8Array(view.buffer)
}

function argument(major: number, value: number | bigint): Uint8Array {
  if (value < 2 ** 32) return head(major, Number(value))
  const view = new DataView(new ArrayBuffer(9))
  view.setUint8(0, major | 27)
  view.setBigUint64(1, BigInt(value))
  return new Uint8Array(view.buffer)
}
