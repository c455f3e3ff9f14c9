/** What the writer writes, and what it refuses to: a mistake of the caller is a `TypeError`. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHalf, shortestFloat, toHalf } from '../../../src/core/cbor/float.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { cborMap, embed, writeCbor, writeEmbedded } from '../../../src/core/cbor/write.js'
import { fromHex, outcome, toHex } from '../support.js'
import { anyValue, runs, strict } from './support.js'

const hexOf = (value: CborValue): string => toHex(writeCbor(value))

describe('heads', () => {
  it.each<[number | bigint, string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [65_535, '19ffff'],
    [65_536, '1a00010000'],
    [2 ** 32 - 1, '1affffffff'],
    [2 ** 32, '1b0000000100000000'],
    [2 ** 53 - 1, '1b001fffffffffffff'],
    [5n, '05'],
    [2n ** 64n - 1n, '1bffffffffffffffff'],
    [-1, '20'],
    [-24, '37'],
    [-25, '3818'],
    [-256, '38ff'],
    [-257, '390100'],
    [-(2 ** 32), '3affffffff'],
    [-(2 ** 53) + 1, '3b001ffffffffffffe'],
    [-1n, '20'],
    [-(2n ** 64n), '3bffffffffffffffff'],
    [-0, '00'],
  ])('%s', (value, hex) => expect(hexOf(value)).toBe(hex))

  it.each<[string, number, string]>([
    ['bytes', 23, '57'],
    ['bytes', 24, '5818'],
    ['bytes', 256, '590100'],
    ['bytes', 65_536, '5a00010000'],
  ])('of %s of %i', (_, length, hex) => {
    const bytes = writeCbor(new Uint8Array(length).fill(7))
    expect(toHex(bytes.subarray(0, hex.length / 2))).toBe(hex)
    expect(bytes).toHaveLength(length + hex.length / 2)
    expect(bytes.at(-1)).toBe(7)
  })
})

describe('floats', () => {
  it('are every binary16 to the bit', () => {
    for (let half = 0; half < 0x1_0000; half++) {
      const value = fromHalf(half)
      const expected = Number.isNaN(value) ? 0x7e00 : half
      if (toHalf(value) !== expected || shortestFloat(value) !== 2) expect.fail(`${half}`)
    }
  })

  it.each<[number, string]>([
    [0, 'f90000'],
    [-0, 'f98000'],
    [1, 'f93c00'],
    [65_504, 'f97bff'],
    [65_505, 'fa477fe100'],
    [65_520, 'fa477ff000'],
    [65_536, 'fa47800000'],
    [2 ** -24, 'f90001'],
    [2 ** -25, 'fa33000000'],
    [3 * 2 ** -25, 'fa33c00000'],
    [2 ** -14, 'f90400'],
    [2 ** -149, 'fa00000001'],
    [2 ** -150, 'fb3690000000000000'],
    [16_777_217, 'fb4170000010000000'],
    [1.1, 'fb3ff199999999999a'],
    [Number.MAX_VALUE, 'fb7fefffffffffffff'],
    [Number.POSITIVE_INFINITY, 'f97c00'],
    [Number.NEGATIVE_INFINITY, 'f9fc00'],
    [Number.NaN, 'f97e00'],
  ])('%s', (value, hex) => {
    expect(hexOf(new CborFloat(value))).toBe(hex)
    expect(readCbor(fromHex(hex), strict)).toEqual(new CborFloat(value))
  })

  it('have the shortest form that is the same number', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double(), fc.float()), value => {
        const view = new DataView(new ArrayBuffer(8))
        view.setFloat32(0, value)
        const isSingle = Object.is(view.getFloat32(0), value)
        expect(shortestFloat(value) < 8).toBe(isSingle)
        expect(toHalf(value) === undefined).toBe(shortestFloat(value) > 2)
      }),
      runs,
    )
  })
})

describe('maps', () => {
  it('have their keys in bytewise order, whatever the order they came in', () => {
    const keys = [10, 100, -1, 'z', 'aa', 2n ** 63n, '']
    const sorted = ['a70af6', '1864f6', '1b8000000000000000f6', '20f6', '60f6', '617af6', '626161f6'].join('')
    expect(hexOf(new Map(keys.map(key => [key, null])))).toBe(sorted)
    expect(hexOf(new Map(keys.reverse().map(key => [key, null])))).toBe(sorted)
  })

  it('order texts by the length and then the bytes of their UTF-8', () => {
    expect(
      hexOf(
        new Map([
          ['\u{10000}', 0],
          ['\uffff', 1],
          ['ab', 2],
        ]),
      ),
    ).toBe('a36261620263efbfbf0164f090808000')
  })

  it('within maps are in order too', () => {
    const inner = () =>
      new Map([
        [2, 0],
        [1, 0],
      ])
    expect(
      hexOf(
        new Map([
          ['b', inner()],
          ['a', inner()],
        ]),
      ),
    ).toBe('a26161a2010002006162a201000200')
  })

  it('are made of members that are there', () => {
    expect(
      cborMap([
        ['a', undefined],
        [1, null],
        ['b', false],
      ]),
    ).toEqual(
      new Map<string | number, unknown>([
        [1, null],
        ['b', false],
      ]),
    )
  })

  it('are written the same in any order', () => {
    const members = fc.uniqueArray(fc.tuple(fc.oneof(fc.string(), fc.maxSafeInteger()), anyValue), {
      selector: ([key]) => key,
      maxLength: 8,
    })
    fc.assert(
      fc.property(members, list => {
        expect(hexOf(new Map(list))).toBe(hexOf(new Map([...list].reverse())))
      }),
      runs,
    )
  })
})

describe('the rest', () => {
  it.each<[string, CborValue, string]>([
    ['false', false, 'f4'],
    ['true', true, 'f5'],
    ['null', null, 'f6'],
    ['no text', '', '60'],
    ['text', 'Ё', '62d081'],
    ['no bytes', new Uint8Array(), '40'],
    ['a list', [1, [], new Map()], '830180a0'],
    ['a tag', new CborTag(1004, '2020-01-01'), 'd903ec6a323032302d30312d3031'],
    ['an embedded item', embed(fromHex('00')), 'd8184100'],
    ['a tag as it was received', new CborTag(24, fromHex('00'), fromHex('d900184100')), 'd900184100'],
  ])('%s', (_, value, hex) => expect(hexOf(value)).toBe(hex))

  it('is a copy of its own', () => {
    const [bytes, again] = [writeCbor([1]), writeCbor([1])]
    expect(bytes.buffer.byteLength).toBe(2)
    expect(bytes.buffer).not.toBe(again.buffer)
  })

  it('grows as it must', () => {
    const value = Array.from({ length: 3000 }, (_, index) => [
      `item ${index}`,
      new Uint8Array(index % 50),
      new CborFloat(1.1),
    ])
    expect(readCbor(writeCbor(value), strict)).toEqual(value)
  })
})

describe('an embedded item', () => {
  it('written in one go is the one written in two', () => {
    const twice = (value: CborValue) => toHex(writeCbor(embed(writeCbor(value))))
    for (const length of [0, 22, 23, 24, 253, 254, 255, 256, 65_532, 65_533, 65_536])
      expect(toHex(writeEmbedded(new Uint8Array(length)))).toBe(twice(new Uint8Array(length)))
    fc.assert(
      fc.property(anyValue, value => {
        expect(toHex(writeEmbedded(value))).toBe(twice(value))
      }),
      runs,
    )
  })
})

describe('a caller is told', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['undefined within', [undefined]],
    ['a plain object', { a: 1 }],
    ['a date', new Date(0)],
    ['a symbol', Symbol('a')],
    ['a function', () => 1],
    ['a fraction', 1.5],
    ['a number beyond 2^53', 2 ** 53],
    ['NaN', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['2^64', 2n ** 64n],
    ['-2^64-1', -(2n ** 64n) - 1n],
    ['a fraction for a key', new Map([[0.5, 1]])],
    ['undefined for a value', new Map([['a', undefined]])],
  ])('not to write %s', (_, value) => {
    expect(() => writeCbor(value as CborValue)).toThrow(TypeError)
    expect(() => writeCbor(value as CborValue)).toThrow('`value` must be')
  })

  it('that half a character has no bytes', () => {
    expect(outcome(() => writeCbor('\ud800'))).toBe('encoding_invalid')
    expect(outcome(() => writeCbor(new Map([['\udc00', 1]])))).toBe('encoding_invalid')
  })
})
