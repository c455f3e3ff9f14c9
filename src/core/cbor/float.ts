/** The short forms of floating-point numbers in CBOR: IEEE 754 binary16 and binary32 (RFC 8949 §3.3, §4.2.1). */

/** The one form in which NaN is written. */
export const halfNaN = 0x7e00

/** The number that a binary16 is (appendix D). */
export function fromHalf(half: number): number {
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  const sign = half & 0x8000 ? -1 : 1
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The bytes of the shortest float that is the same number (§4.2.1). */
export function shortestFloat(value: number): 2 | 4 | 8 {
  if (isHalf(value)) return 2
  return Math.fround(value) === value ? 4 : 8
}

/** Whether a binary16 is the same number: finite ones are whole multiples of the step between their neighbours. */
function isHalf(value: number): boolean {
  const magnitude = Math.abs(value)
  if (!(magnitude < 2 ** 16)) return !Number.isFinite(value)
  return Number.isInteger(magnitude / 2 ** (Math.max(Math.floor(Math.log2(magnitude)), -14) - 10))
}

/** The binary16 of a number that has one; `undefined` for all others. */
export function toHalf(value: number): number | undefined {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (Number.isNaN(value)) return halfNaN
  if (magnitude === Infinity) return sign | 0x7c00
  const exponent = magnitude < 2 ** -14 ? -14 : Math.floor(Math.log2(magnitude))
  const scaled = magnitude / 2 ** (exponent - 10)
  if (exponent > 15 || !Number.isInteger(scaled)) return undefined
  return sign | (scaled < 1024 ? scaled : ((exponent + 15) << 10) | (scaled - 1024))
}
