/** The short writers beside the one writer of CBOR: what they write is what it writes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCbor } from '../../../src/core/cbor/read.js'
import { rewriteCbor } from '../../../src/core/cbor/rewrite.js'
import { type Structure, wrapEncoded, writeStructure } from '../../../src/core/cbor/structure.js'
import { type CborValue, tagDateTime, tagEncoded, tagFullDate } from '../../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../../src/core/cbor/write.js'
import { fromHex, outcome, toHex } from '../support.js'
import { anyValue, runs, strict } from './support.js'

const structures = fc.letrec<{ structure: Structure }>(tie => ({
  structure: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie('structure'), { maxLength: 30 }),
  ),
})).structure

describe('a structure that is signed', () => {
  it('is written as every value is', () => {
    fc.assert(
      fc.property(structures, structure => {
        expect(toHex(writeStructure(structure))).toBe(toHex(writeCbor(structure as CborValue)))
      }),
      runs,
    )
  })

  it('has a head as short as its length allows', () => {
    for (const length of [0, 23, 24, 255, 256, 65_535, 65_536, 70_000]) {
      const bytes = new Uint8Array(length)
      expect(toHex(writeStructure(bytes))).toBe(toHex(writeCbor(bytes)))
      expect(toHex(wrapEncoded(bytes))).toBe(toHex(writeCbor(embed(bytes))))
    }
  })

  it('has no half characters', () => {
    expect(outcome(() => writeStructure(['\ud800']))).toBe('encoding_invalid')
  })
})

describe('a value that is written again', () => {
  it('is as the writer would write it', () => {
    fc.assert(
      fc.property(anyValue, value => {
        const bytes = writeCbor(value)
        const read = readCbor(bytes, { ...strict, tags: [tagDateTime, tagEncoded, tagFullDate] })
        expect(toHex(rewriteCbor(read))).toBe(toHex(bytes))
      }),
      runs,
    )
  })

  it.each([
    ['a map out of order', 'a2616202616101', 'a2616101616202'],
    ['a longer head', '1800', '00'],
    ['an array of indefinite length', '9f01ff', '8101'],
    ['a longer float', 'fb3ff0000000000000', 'f93c00'],
    ['another NaN', 'fb7ff8000000000001', 'f97e00'],
    ['the largest integer', '1bffffffffffffffff', '1bffffffffffffffff'],
    ['the smallest integer', '3bffffffffffffffff', '3bffffffffffffffff'],
  ])('%s takes its one deterministic form', (_, from, to) => {
    expect(toHex(rewriteCbor(readCbor(fromHex(from))))).toBe(to)
  })
})
