/** What is wrong with CBOR, row by row, with the code and the place of each refusal (RFC 8949 §3, §4.2, §5). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { embeddedBytes, type ReadCborOptions, readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, CborTag, type CborValue, taggedValue } from '../../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../../src/core/cbor/write.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { fromHex, thrownBy, toHex } from '../support.js'
import { anyValue, diagnosis, head, reading, runs, strict, unremembered } from './support.js'

const any = {}
const depth = (levels: number) => ({ limits: { ...defaultLimits, depth: levels } }) as const
const readHex = (hex: string, options: ReadCborOptions = any): CborValue => readCbor(fromHex(hex), options)

describe('neither form takes', () => {
  it.each<[string, string, string]>([
    ['no item at all', '', 'cbor_malformed at end'],
    ['a byte behind the item', '0000', 'cbor_malformed at surplus'],
    ['a second item', '6161a0', 'cbor_malformed at surplus'],
    ['a break behind the item', '00ff', 'cbor_malformed at surplus'],
    ['an integer that ends early', '1b00000000000000', 'cbor_malformed at end'],
    ['a length that ends early', '59ff', 'cbor_malformed at end'],
    ['a float that ends early', 'fb3ff19999999999', 'cbor_malformed at end'],
    ['a tag without content', 'd818', 'cbor_malformed at end'],
    ['bytes that end early', '4401', 'cbor_malformed at end'],
    ['text that ends early', '6261', 'cbor_malformed at end'],
    ['an array that ends early', '8200', 'cbor_malformed at end'],
    ['a map that ends after a key', 'a16161', 'cbor_malformed at end'],
    ['bytes of 2^32', '5b000000010000000000', 'cbor_malformed at end'],
    ['bytes of 2^53', '5b002000000000000000', 'cbor_malformed at end'],
    ['bytes of 2^64-1', '5bffffffffffffffff00', 'cbor_malformed at end'],
    ['text of 2^32-1', '7affffffff00', 'cbor_malformed at end'],
    ['text of 2^64-1', '7bffffffffffffffff00', 'cbor_malformed at end'],
    ['an array of 2^32', '9b000000010000000000', 'cbor_malformed at end'],
    ['an array of 2^64-1', '9bffffffffffffffff00', 'cbor_malformed at end'],
    ['a map of 2^32', 'bb00000001000000000000', 'cbor_malformed at end'],
    ['a map of 2^53', 'bb00200000000000000000', 'cbor_malformed at end'],
    ['a map of 2^64-1', 'bbffffffffffffffff0000', 'cbor_malformed at end'],
    ['a map with half a member', 'a2000001', 'cbor_malformed at end'],
    ['more items than there are bytes', '83f600', 'cbor_malformed at end'],
    ['more members than there are bytes for', 'a300000100', 'cbor_malformed at end'],
    ['an unsigned integer with a reserved head', '1c', 'cbor_malformed at head'],
    ['a negative integer with a reserved head', '3d', 'cbor_malformed at head'],
    ['bytes with a reserved head', '5e', 'cbor_malformed at head'],
    ['text with a reserved head', '7c', 'cbor_malformed at head'],
    ['an array with a reserved head', '9d', 'cbor_malformed at head'],
    ['a map with a reserved head', 'be', 'cbor_malformed at head'],
    ['a tag with a reserved head', 'dc', 'cbor_malformed at head'],
    ['a simple value with a reserved head', 'fc', 'cbor_malformed at head'],
    ['an unsigned integer of no length', '1f', 'cbor_malformed at head'],
    ['a negative integer of no length', '3f', 'cbor_malformed at head'],
    ['a tag of no length', 'df', 'cbor_malformed at head'],
    ['a break where an item belongs', 'ff', 'cbor_malformed at head'],
    ['a break in an array of one', '81ff', 'cbor_malformed at head'],
    ['a break for a key', 'a1ff00', 'cbor_malformed at head'],
    ['a break for a value', 'a100ff', 'cbor_malformed at head'],
    ['a break under a tag', 'd818ff', 'cbor_malformed at head'],
    ['undefined', 'f7', 'cbor_malformed at simple'],
    ['an unassigned simple value', 'e0', 'cbor_malformed at simple'],
    ['a simple value in two bytes', 'f8ff', 'cbor_malformed at simple'],
    ['false in two bytes', 'f814', 'cbor_malformed at simple'],
    ['bytes for a key', 'a1414100', 'cbor_malformed at key'],
    ['a float for a key', 'a1f9000000', 'cbor_malformed at key'],
    ['null for a key', 'a1f600', 'cbor_malformed at key'],
    ['true for a key', 'a1f500', 'cbor_malformed at key'],
    ['an array for a key', 'a18000', 'cbor_malformed at key'],
    ['a map for a key', 'a1a000', 'cbor_malformed at key'],
    ['a tag for a key', 'a1c0616100', 'cbor_malformed at key'],
    ['an integer key twice', 'a201000100', 'cbor_duplicate_key'],
    ['a negative key twice', 'a220002000', 'cbor_duplicate_key'],
    ['a text key twice', 'a2616100616100', 'cbor_duplicate_key'],
    ['a big key twice', 'a23bffffffffffffffff003bffffffffffffffff00', 'cbor_duplicate_key'],
    ['a key twice, apart', 'a3010002000100', 'cbor_duplicate_key'],
    ['a key twice within', '81a201000100', 'cbor_duplicate_key'],
    ['__proto__ twice', 'a2695f5f70726f746f5f5f00695f5f70726f746f5f5f00', 'cbor_duplicate_key'],
    ['a lone continuation byte', '6180', 'encoding_invalid at cbor'],
    ['an overlong character', '62c080', 'encoding_invalid at cbor'],
    ['half a surrogate pair', '63eda080', 'encoding_invalid at cbor'],
    ['a character cut off', '62e282', 'encoding_invalid at cbor'],
    ['a character beyond Unicode', '64f4908080', 'encoding_invalid at cbor'],
    ['text that is no UTF-8 for a key', 'a161ff00', 'encoding_invalid at cbor'],
    ['a big number', 'c24101', 'cbor_tag_not_allowed'],
    ['a negative big number', 'c34101', 'cbor_tag_not_allowed'],
    ['an epoch time', 'c100', 'cbor_tag_not_allowed'],
    ['a decimal fraction', 'c4820000', 'cbor_tag_not_allowed'],
    ['a tag of COSE that was not asked for', 'd28440a0f640', 'cbor_tag_not_allowed'],
    ['the tag of self-described CBOR', 'd9d9f700', 'cbor_tag_not_allowed'],
    ['the tag of a CWT', 'd83d00', 'cbor_tag_not_allowed'],
    ['an object of another language', 'd81b8100', 'cbor_tag_not_allowed'],
    ['a shared reference', 'd81d00', 'cbor_tag_not_allowed'],
    ['the tag 2^53', 'db002000000000000000', 'cbor_tag_not_allowed'],
    ['the tag 2^64-1', 'dbffffffffffffffff00', 'cbor_tag_not_allowed'],
    ['an instant that is no text', 'c000', 'cbor_malformed at tag'],
    ['an instant in bytes', 'c04100', 'cbor_malformed at tag'],
    ['a date that is no text', 'd903ec00', 'cbor_malformed at tag'],
    ['embedded CBOR that is no bytes', 'd81800', 'cbor_malformed at tag'],
    ['embedded CBOR in text', 'd8186161', 'cbor_malformed at tag'],
    ['a date under a tag', 'c0c06161', 'cbor_malformed at tag'],
  ])('%s', (_, hex, refusal) => {
    expect(reading(hex)).toBe(refusal)
    expect(reading(hex, any)).toBe(refusal)
  })
})

describe('what is legal and not deterministic', () => {
  it.each<[string, string, string, string]>([
    ['an integer in a byte too many', '1817', '17', 'head'],
    ['an integer in two bytes', '1900ff', '18ff', 'head'],
    ['an integer in four bytes', '1a0000ffff', '19ffff', 'head'],
    ['an integer in eight bytes', '1b00000000ffffffff', '1affffffff', 'head'],
    ['zero in eight bytes', '1b0000000000000000', '00', 'head'],
    ['a negative integer in a byte too many', '3800', '20', 'head'],
    ['a length of bytes', '580141', '4141', 'head'],
    ['a length of text', '7900016b', '616b', 'head'],
    ['a count of items', '980100', '8100', 'head'],
    ['a count of members', 'b9000101f6', 'a101f6', 'head'],
    ['a key in a byte too many', 'a1180100', 'a10100', 'head'],
    ['keys that are longer first', 'a262616100616200', 'a261620062616100', 'order'],
    ['keys in reverse', 'a202000100', 'a201000200', 'order'],
    ['a negative key before a positive one', 'a220000a00', 'a20a002000', 'order'],
    ['a text key before a number', 'a26161000000', 'a20000616100', 'order'],
    ['the length-first order of RFC 7049', 'a22000186400', 'a21864002000', 'order'],
    ['keys in reverse within', '81a202000100', '81a201000200', 'order'],
    ['bytes in pieces', '5f4101420203ff', '43010203', 'length'],
    ['bytes in no piece', '5fff', '40', 'length'],
    ['text in pieces', '7f6161606162ff', '626162', 'length'],
    ['text in no piece', '7fff', '60', 'length'],
    ['an open array', '9f0001ff', '820001', 'length'],
    ['an open array of nothing', '9fff', '80', 'length'],
    ['an open map', 'bf6161006162f6ff', 'a26161006162f6', 'length'],
    ['an open map of nothing', 'bfff', 'a0', 'length'],
    ['an open map in reverse', 'bf02000100ff', 'a201000200', 'length'],
    ['text in pieces for a key', 'a17f6161ff00', 'a1616100', 'length'],
    ['a float in four bytes', 'fa3fc00000', 'f93e00', 'float'],
    ['a float in eight bytes', 'fb3ff8000000000000', 'f93e00', 'float'],
    ['a float of four in eight bytes', 'fb40f86a0000000000', 'fa47c35000', 'float'],
    ['infinity in eight bytes', 'fb7ff0000000000000', 'f97c00', 'float'],
    ['minus zero in four bytes', 'fa80000000', 'f98000', 'float'],
    ['NaN in four bytes', 'fa7fc00000', 'f97e00', 'float'],
    ['NaN in eight bytes', 'fb7ff8000000000000', 'f97e00', 'float'],
    ['NaN with a payload', 'f97e01', 'f97e00', 'float'],
    ['NaN with a sign', 'f9fe00', 'f97e00', 'float'],
    ['NaN that signals', 'fb7ff0000000000001', 'f97e00', 'float'],
  ])('%s', (_, hex, preferred, at) => {
    expect(reading(hex)).toBe(`cbor_not_deterministic at ${at}`)
    const value = readHex(hex)
    expect(diagnosis(value)).toBe(diagnosis(readHex(preferred, strict)))
    expect(toHex(writeCbor(value))).toBe(preferred)
  })

  it.each([
    ['the tag', 'd900184101'],
    ['the length', 'd818580101'],
    ['both', 'db000000000000001859000101'],
    ['pieces', 'd8185f4101ff'],
  ])('of an embedded item keeps its bytes: %s', (_, hex) => {
    expect(reading(hex)).toMatch(/^cbor_not_deterministic at (head|length)$/)
    const value = readHex(hex)
    expect(toHex(embeddedBytes(value, 'item').encoded)).toBe(hex)
    expect(toHex(embeddedBytes(value, 'item').content)).toBe('01')
    expect(toHex(writeCbor([value]))).toBe(`81${hex}`)
    expect(toHex(writeCbor(unremembered(value)))).toBe('d8184101')
  })
})

describe('no form of length excuses', () => {
  it.each<[string, string, string]>([
    ['a key twice in another length', 'a201001801f6', 'cbor_duplicate_key'],
    ['a key twice in two other lengths', 'a2190001001a00000001f6', 'cbor_duplicate_key'],
    ['a text key twice in another length', 'a2616100780161f6', 'cbor_duplicate_key'],
    ['a text key twice, once in pieces', 'a2626162007f61616162ff00', 'cbor_duplicate_key'],
    ['a key twice in an open map', 'bf01000100ff', 'cbor_duplicate_key'],
    ['a character cut into two pieces', '7f61c361bcff', 'encoding_invalid at cbor'],
    ['a piece that is no UTF-8', '7f616161ffff', 'encoding_invalid at cbor'],
    ['a piece of bytes in text', '7f4161ff', 'cbor_malformed at string'],
    ['a piece of text in bytes', '5f6161ff', 'cbor_malformed at string'],
    ['a number among the pieces', '5f00ff', 'cbor_malformed at string'],
    ['pieces in pieces', '5f5f4100ffff', 'cbor_malformed at string'],
    ['pieces of text in pieces', '7f7f6161ffff', 'cbor_malformed at string'],
    ['a piece with a reserved head', '5f5cff', 'cbor_malformed at head'],
    ['a piece beyond the input', '5f4201', 'cbor_malformed at end'],
    ['a piece of 2^64-1', '5f5bffffffffffffffff00ff', 'cbor_malformed at end'],
    ['pieces without an end', '5f4101', 'cbor_malformed at string'],
    ['text in pieces without an end', '7f6161', 'cbor_malformed at string'],
    ['an open array without an end', '9f0001', 'cbor_malformed at end'],
    ['an open map without an end', 'bf0001', 'cbor_malformed at end'],
    ['an open map with a key alone', 'bf00ff', 'cbor_malformed at head'],
    ['a byte behind an open array', '9fff00', 'cbor_malformed at surplus'],
    ['bytes for a key in an open map', 'bf414100ff', 'cbor_malformed at key'],
    ['bytes in pieces for a key', 'a15f4141ff00', 'cbor_malformed at key'],
    ['a big number in pieces', 'c25f4101ff', 'cbor_tag_not_allowed'],
  ])('%s', (_, hex, refusal) => {
    expect(reading(hex, any)).toBe(refusal)
  })
})

describe('limits', () => {
  const nested = (levels: number, open: string, innermost: string, close = '') =>
    open.repeat(levels) + innermost + close.repeat(levels)

  it.each<[string, string, string, string?]>([
    ['arrays', '81', '00'],
    ['open arrays', '9f', '00', 'ff'],
    ['maps', 'a100', '00'],
    ['open maps', 'bf00', '00', 'ff'],
    ['tags', 'd2', '00'],
  ])('bound the depth of %s', (_, open, innermost, close) => {
    const options = { ...any, tags: [18] }
    const { depth: most } = defaultLimits
    expect(reading(nested(most, open, innermost, close), options)).toBe('accepted')
    expect(reading(nested(most + 1, open, innermost, close), options)).toBe('limit_exceeded at depth')
    expect(reading(nested(100_000, open, innermost, close), options)).toBe('limit_exceeded at depth')
  })

  it('bound the depth of keys too', () => {
    expect(reading('a10000', depth(1))).toBe('accepted')
    expect(reading('a10000', depth(0))).toBe('limit_exceeded at depth')
    expect(reading('a18181810000', depth(2))).toBe('limit_exceeded at depth')
  })

  it('say how deep it went', () => {
    expect(thrownBy(() => readHex('8180', depth(0)))).toMatchObject({ at: 'depth', expected: 0, actual: 1 })
  })

  it('do not go into embedded items, which are bytes', () => {
    let content = fromHex('00')
    for (let level = 0; level < 1000; level++) content = writeCbor(embed(content))
    expect(reading(content)).toBe('accepted')
  })

  const items = { ...any, limits: { ...defaultLimits, cborItems: 3 } } as const

  it.each<[string, string, string]>([
    ['items of an array', '820000', '83000000'],
    ['items of an open array', '9f0000ff', '9f000000ff'],
    ['members of a map', 'a10000', 'a200000100'],
    ['members of an open map', 'bf0000ff', 'bf00000100ff'],
    ['tagged items', '81d81840', '82d8184000'],
    ['pieces of bytes', '5f4040ff', '5f404040ff'],
    ['pieces of text', '7f6060ff', '7f606060ff'],
  ])('bound the number of %s', (_, most, beyond) => {
    expect(reading(most, items)).toBe('accepted')
    expect(reading(beyond, items)).toBe('limit_exceeded at cborItems')
  })

  it('counts a name that was a key before as any other item', () => {
    const twice = `82${'a1616b01'.repeat(2)}`
    const items = (cborItems: number) => ({ limits: { ...defaultLimits, cborItems } })
    expect(reading(twice, items(7))).toBe('accepted')
    expect(reading(twice, items(6))).toBe('limit_exceeded at cborItems')
    expect(reading(twice, items(5))).toBe('limit_exceeded at cborItems')
  })

  it('takes no byte for the character of a key before that has its number', () => {
    expect(reading('a162c3a901')).toBe('accepted')
    expect(reading('a161e901')).toBe('encoding_invalid at cbor')
  })

  it('take 65,536 items and not one more', () => {
    expect(reading(head(4, 65_535) + '00'.repeat(65_535))).toBe('accepted')
    expect(reading(head(4, 65_536) + '00'.repeat(65_536))).toBe('limit_exceeded at cborItems')
    expect(reading(`9f${'00'.repeat(65_536)}ff`, any)).toBe('limit_exceeded at cborItems')
  })

  it('bound the integer keys of a map, for they can be made to collide', () => {
    const members = (count: number) => Array.from({ length: count }, (_, key) => `${head(0, key)}f6`).join('')
    expect(reading(head(5, 1024) + members(1024))).toBe('accepted')
    expect(reading(head(5, 1025) + members(1025))).toBe('limit_exceeded at cborIntegerKeys')
    expect(reading(`bf${members(1025)}ff`, any)).toBe('limit_exceeded at cborIntegerKeys')
    const big = Array.from(
      { length: 1025 },
      (_, key) => `1b${(2n ** 60n + BigInt(key)).toString(16).padStart(16, '0')}f6`,
    )
    expect(reading(head(5, 1025) + big.join(''))).toBe('limit_exceeded at cborIntegerKeys')
  })

  it('do not bound text keys so', () => {
    const members = Array.from(
      { length: 5000 },
      (_, index) => `64${toHex(new TextEncoder().encode(`${1000 + index}`))}f6`,
    )
    expect(reading(head(5, 5000) + members.join(''))).toBe('accepted')
  })
})

describe('what is read', () => {
  it.each<[string, number | bigint]>([
    ['1b001fffffffffffff', 2 ** 53 - 1],
    ['1b0020000000000000', 2n ** 53n],
    ['1b0020000000000001', 2n ** 53n + 1n],
    ['1b00ffffffffffffff', 2n ** 56n - 1n],
    ['1bffffffffffffffff', 2n ** 64n - 1n],
    ['3b001ffffffffffffe', -(2 ** 53) + 1],
    ['3b001fffffffffffff', -(2n ** 53n)],
    ['3b0020000000000000', -(2n ** 53n) - 1n],
    ['3bffffffffffffffff', -(2n ** 64n)],
    ['1affffffff', 2 ** 32 - 1],
    ['20', -1],
  ])('%s is exactly %s', (hex, integer) => {
    expect(readHex(hex, strict)).toBe(integer)
    expect(toHex(writeCbor(integer))).toBe(hex)
  })

  it('keeps minus zero and NaN', () => {
    expect((readHex('f98000', strict) as CborFloat).value).toBe(-0)
    expect((readHex('f97e00', strict) as CborFloat).value).toBeNaN()
    expect((readHex('fb7ff8000000000001') as CborFloat).value).toBeNaN()
  })

  it('keeps a key that is a number apart from one that is text', () => {
    expect(readHex('a20100613100', strict)).toEqual(
      new Map<number | string, number>([
        [1, 0],
        ['1', 0],
      ]),
    )
  })

  it.each(['__proto__', 'constructor', 'toString'])('has %s as a key like any other', name => {
    const bytes = writeCbor(new Map([[name, 1]]))
    const map = readCbor(bytes, strict) as ReadonlyMap<string, number>
    expect([...map]).toEqual([[name, 1]])
    expect((map as unknown as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('keeps a byte order mark, and characters as they are composed', () => {
    expect(readHex('64efbbbf61', strict)).toBe('\ufeffa')
    expect(readHex('6365cc81', strict)).toBe('e\u0301')
  })

  it('shares the bytes of the input, but those of pieces', () => {
    const input = fromHex('82434142435f41414142ff')
    const [whole, joined] = readCbor(input, any) as readonly Uint8Array[]
    expect(whole!.buffer).toBe(input.buffer)
    expect(toHex(joined!)).toBe('4142')
  })

  it('is in plain arrays, whatever kind of array the input is', () => {
    class Special extends Uint8Array {}
    const [bytes, tagged] = readCbor(new Special(fromHex('824101d8184102')), strict) as readonly [Uint8Array, CborTag]
    for (const array of [bytes, tagged.value as Uint8Array, tagged.encoded!]) expect(array.constructor).toBe(Uint8Array)
  })

  it('is found wherever the input lies in its buffer', () => {
    const buffer = new Uint8Array(64).fill(0xff)
    const hex = '831bffffffffffffffff190100fb3ff199999999999a'
    buffer.set(fromHex(hex), 7)
    expect(readCbor(buffer.subarray(7, 7 + hex.length / 2), strict)).toEqual([2n ** 64n - 1n, 256, new CborFloat(1.1)])
    expect(reading(buffer.subarray(7, 6 + hex.length / 2))).toBe('cbor_malformed at end')
  })

  it('has tags that were asked for, with any content', () => {
    expect(reading('d200')).toBe('cbor_tag_not_allowed')
    expect(taggedValue(readHex('d200', { ...strict, tags: [18] }), 18)).toBe(0)
    expect(taggedValue(readHex('d200', { ...strict, tags: [18] }), 17)).toBeUndefined()
    expect(taggedValue(0, 0)).toBeUndefined()
    expect(reading('d100', { ...strict, tags: [18] })).toBe('cbor_tag_not_allowed')
    expect(thrownBy(() => readHex('d100'))).toMatchObject({ actual: '17' })
  })
})

describe('embedded CBOR', () => {
  const item = 'd81843a10100'

  it('is refused where something else stands', () => {
    const other = readHex('d24100', { ...strict, tags: [18] })
    const text = new CborTag(24, 'a', fromHex('d8186161'))
    for (const value of [undefined, null, 0, fromHex('00'), other, text])
      expect(thrownBy(() => embeddedBytes(value, 'item'))).toMatchObject({ code: 'cbor_malformed', at: 'item' })
  })

  it('keeps the bytes it came in, in the place they came in', () => {
    const input = fromHex(`82f6${item}`)
    const [, tagged] = readCbor(input, strict) as readonly CborValue[]
    const { encoded, content } = embeddedBytes(tagged, 'item')
    expect([encoded.byteOffset, encoded.length]).toEqual([2, 6])
    expect([content.byteOffset, content.length]).toEqual([5, 3])
    expect(encoded.buffer).toBe(input.buffer)
  })
})

describe('whatever comes in', () => {
  const anyBytes = fc.uint8Array({ maxLength: 60 })

  /** What is written, with one byte of it changed. */
  const almost = fc.tuple(anyValue, fc.nat(), fc.integer({ min: 1, max: 255 })).map(([value, place, change]) => {
    const bytes = writeCbor(value)
    bytes[place % bytes.length]! ^= change
    return bytes
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(anyValue, value => {
        const bytes = writeCbor(value)
        for (const options of [{}, any]) {
          expect(diagnosis(readCbor(bytes, options))).toBe(diagnosis(value))
          expect(toHex(writeCbor(unremembered(readCbor(bytes, options))))).toBe(toHex(bytes))
        }
      }),
      runs,
    )
  })

  it('is refused by an error of ours, or is the one deterministic form of what it says', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, almost), bytes => {
        if (reading(bytes) !== 'accepted') return
        expect(toHex(writeCbor(unremembered(readCbor(bytes, strict))))).toBe(toHex(bytes))
        expect(diagnosis(readCbor(bytes, any))).toBe(diagnosis(readCbor(bytes, strict)))
      }),
      { ...runs, numRuns: 2000 },
    )
  })

  it('says the same in its deterministic form', () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, almost), bytes => {
        if (reading(bytes, any) !== 'accepted') return
        const value = readCbor(bytes, any)
        expect(diagnosis(readCbor(writeCbor(unremembered(value)), strict))).toBe(diagnosis(value))
      }),
      { ...runs, numRuns: 2000 },
    )
  })

  it('is refused when it ends early, wherever', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(), (value, place) => {
        const bytes = writeCbor(value)
        const cut = bytes.subarray(0, place % bytes.length)
        for (const options of [{}, any]) expect(reading(cut, options)).toBe('cbor_malformed at end')
      }),
      runs,
    )
  })
})
