import fc from 'fast-check'
import { deterministic } from '../../../src/core/cbor/deterministic.js'
import { type ReadCborOptions, readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, type CborKey, CborTag, type CborValue, isBytes, isCborArray } from '../../../src/core/cbor/value.js'
import { VidimusError } from '../../../src/errors.js'
import { anyCharacter, fromHex, toHex } from '../support.js'

/** Reads what is in the one deterministic form. */
export const strict = { form: deterministic } as const

/** `accepted`, or the code and the place of the refusal. Anything but our own error is a failure of the test. */
export function reading(input: string | Uint8Array, options: ReadCborOptions = strict): string {
  try {
    readCbor(typeof input === 'string' ? fromHex(input) : input, options)
    return 'accepted'
  } catch (error) {
    if (error instanceof VidimusError) return error.at === undefined ? error.code : `${error.code} at ${error.at}`
    throw error
  }
}

/** The head of an item: major type and argument in its shortest form. */
export function head(major: number, argument: number): string {
  const hex = argument.toString(16)
  const size = argument < 24 ? 0 : [2, 4, 8, 16].find(digits => hex.length <= digits)!
  const first = (major << 5) | (size === 0 ? argument : 23 + Math.log2(size))
  return toHex(Uint8Array.of(first)) + (size === 0 ? '' : hex.padStart(size, '0'))
}

/** The same value without the bytes that its tagged items came in, so that they have to be written anew. */
export function unremembered(value: CborValue): CborValue {
  if (value instanceof CborTag) return new CborTag(value.tag, unremembered(value.value))
  if (isCborArray(value)) return value.map(unremembered)
  if (value instanceof Map) return new Map([...value].map(([key, it]) => [key, unremembered(it)]))
  return value
}

/**
 * A value as text in which a float is a number like any other, which is how most readers hand it over, and the order of
 * keys does not count.
 */
export function diagnosis(value: unknown): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `${value}`
  if (typeof value === 'bigint') return `${value}`
  if (value instanceof CborFloat) return diagnosis(value.value)
  if (value instanceof CborTag) return `${value.tag}(${diagnosis(value.value)})`
  if (isBytes(value)) return `h'${toHex(value)}'`
  if (Array.isArray(value)) return `[${value.map(diagnosis).join(',')}]`
  if (value instanceof Map)
    return `{${[...value]
      .map(([key, it]) => `${diagnosis(key)}:${diagnosis(it)}`)
      .sort()
      .join(',')}}`
  return JSON.stringify(value)
}

const text = fc.array(anyCharacter, { maxLength: 40 }).map(characters => characters.join(''))

const integer = fc.oneof(
  fc.integer({ min: -70_000, max: 70_000 }),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }).map(asCbor),
)

/** Integers are bigints beyond the safe ones alone. */
function asCbor(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

const bytes = fc.uint8Array({ maxLength: 40 })

const float = fc
  .oneof(fc.double(), fc.float(), fc.constantFrom(0, -0, 1.5, 65_504, 2 ** -24, 2 ** -14, Number.POSITIVE_INFINITY))
  .map(value => new CborFloat(value))

const tagged = fc.oneof(
  text.map(it => new CborTag(1004, it)),
  bytes.map(it => new CborTag(24, it)),
)

const key: fc.Arbitrary<CborKey> = fc.oneof(text, integer)

export const { value: anyValue } = fc.letrec<{ value: CborValue }>(tie => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'cbor' },
    fc.oneof(integer, text, bytes, float, tagged, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 5, depthIdentifier: 'cbor' }),
    fc
      .array(fc.tuple(key, tie('value')), { maxLength: 5, depthIdentifier: 'cbor' })
      .map(members => new Map<CborKey, CborValue>(members)),
  ),
}))

export const runs = { seed: 20261122, numRuns: 200 }
