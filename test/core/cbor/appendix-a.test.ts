/** RFC 8949 Appendix A: every example is read, or refused for the reason that is listed. */
import { describe, expect, it } from 'vitest'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, type CborValue, isCborMap } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import vectors from '../../vectors/cbor/appendix_a.subset.json' with { type: 'json' }
import { fromHex, toHex } from '../support.js'
import { diagnosis, reading, strict, unremembered } from './support.js'

interface Vector {
  readonly hex: string
  readonly roundtrip: boolean
  readonly decoded?: unknown
  readonly diagnostic?: string
}

const any = {}

/** What no credential says, with the refusal: big numbers, `undefined` and unnamed simple values, tags that are not used. */
const refused: Readonly<Record<string, string>> = {
  c249010000000000000000: 'cbor_tag_not_allowed',
  c349010000000000000000: 'cbor_tag_not_allowed',
  c11a514b67b0: 'cbor_tag_not_allowed',
  d74401020304: 'cbor_tag_not_allowed',
  f7: 'cbor_malformed at simple',
  f0: 'cbor_malformed at simple',
  f818: 'cbor_malformed at simple',
}

const diagnosed: Readonly<Record<string, string>> = {
  '0("2013-03-21T20:04:00Z")': '0("2013-03-21T20:04:00Z")',
  "(_ h'0102', h'030405')": "h'0102030405'",
}

/** What the vector says the value is, in the words of `diagnosis`. */
const stated = ({ decoded, diagnostic }: Vector): string =>
  diagnostic === undefined ? diagnosis(fromJson(decoded)) : (diagnosed[diagnostic] ?? diagnostic)

const fromJson = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(fromJson)
    : typeof value === 'object' && value !== null
      ? new Map(Object.entries(value).map(([name, it]) => [name, fromJson(it)]))
      : value

/** JSON has no bigints. */
const inJson = (value: CborValue): unknown => (typeof value === 'bigint' ? Number(value) : value)

const all = vectors as readonly Vector[]
const read = all.filter(({ hex }) => refused[hex] === undefined)

describe('RFC 8949 Appendix A', () => {
  it('is stored, and nothing is refused that is not in it', () => {
    expect(all).toHaveLength(53)
    expect(read).toHaveLength(53 - Object.keys(refused).length)
  })

  it.each(read)('$hex is read as stated', vector => {
    expect(diagnosis(inJson(readCbor(fromHex(vector.hex), any)))).toBe(stated(vector))
  })

  it.each(read.filter(({ roundtrip }) => roundtrip))(
    '$hex is deterministic, and written again to the byte',
    ({ hex }) => {
      const value = readCbor(fromHex(hex), strict)
      expect(toHex(writeCbor(value))).toBe(hex)
      expect(toHex(writeCbor(unremembered(value)))).toBe(hex)
    },
  )

  it.each(read.filter(({ roundtrip }) => !roundtrip))(
    '$hex is not deterministic, and written as what is',
    ({ hex }) => {
      expect(reading(hex)).toMatch(/^cbor_not_deterministic at (length|float)$/)
      const value = readCbor(fromHex(hex), any)
      expect(diagnosis(readCbor(writeCbor(value), strict))).toBe(diagnosis(value))
    },
  )

  it.each(Object.entries(refused))('%s is refused', (hex, refusal) => {
    expect(reading(hex, any)).toBe(refusal)
    expect(reading(hex)).toBe(refusal)
  })

  it('keeps floats apart from integers, and integers exact', () => {
    expect(readCbor(fromHex('f90000'), strict)).toEqual(new CborFloat(0))
    expect(readCbor(fromHex('fa47c35000'), strict)).toEqual(new CborFloat(100_000))
    expect(readCbor(fromHex('00'), strict)).toBe(0)
    expect(readCbor(fromHex('3bffffffffffffffff'), strict)).toBe(-(2n ** 64n))
    expect(isCborMap(readCbor(fromHex('a26161016162820203'), strict))).toBe(true)
  })
})
