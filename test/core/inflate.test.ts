/** Compressed streams in both wrappers, on either back end: every make of block, every member, and nothing that is harmed. */
import { describe, expect, it } from 'vitest'
import { deflate, gunzip, inflate } from '#crypto'
import { concatBytes, equalBytes, fromBase64url, utf8 } from '../../src/core/bytes.js'
import { gunzip as ownGunzip } from '../../src/core/crypto/gunzip.js'
import { gunzipWithin, inflateWithin } from '../../src/core/inflate.js'
import { defaultLimits } from '../../src/core/limits.js'
import own from '../vectors/zlib-own/streams.json' with { type: 'json' }
import { fromHex, outcomeOf } from './support.js'

const content = fromBase64url(own.content)
const streams = Object.entries(own.streams).map(([name, { zlib, gzip }]) => ({
  name,
  zlib: fromBase64url(zlib),
  gzip: fromBase64url(gzip),
}))
const sharedLimit = 100_000

describe.each(streams)('a stream that zlib made: $name', ({ zlib, gzip }) => {
  it('unfolds to its content in either wrapper', async () => {
    expect(equalBytes(await inflate(zlib, content.length), content)).toBe(true)
    expect(equalBytes(await gunzip(gzip, content.length), content)).toBe(true)
    expect(equalBytes(ownGunzip(gzip, content.length), content)).toBe(true)
  })

  it('stops at the limit, a byte short of its content', async () => {
    expect(await outcomeOf(() => inflate(zlib, content.length - 1))).toBe('limit_exceeded')
    expect(await outcomeOf(() => gunzip(gzip, content.length - 1))).toBe('limit_exceeded')
  })

  it('is refused cut anywhere, or followed by a byte', async () => {
    for (let length = 0; length < gzip.length; length += length < 30 || length > gzip.length - 30 ? 1 : 97) {
      expect(await outcomeOf(() => gunzip(gzip.subarray(0, length), sharedLimit))).toBe('inflate_invalid')
      expect(await outcomeOf(() => inflate(zlib.subarray(0, Math.min(length, zlib.length - 1)), sharedLimit))).toBe(
        'inflate_invalid',
      )
    }
    for (const octet of [0, 0x1f, 255]) {
      expect(await outcomeOf(() => gunzip(concatBytes(gzip, Uint8Array.of(octet)), sharedLimit))).toBe(
        'inflate_invalid',
      )
      expect(await outcomeOf(() => inflate(concatBytes(zlib, Uint8Array.of(octet)), sharedLimit))).toBe(
        'inflate_invalid',
      )
    }
  })

  it('is no stream in the other wrapper', async () => {
    expect(await outcomeOf(() => inflate(gzip, sharedLimit))).toBe('inflate_invalid')
    expect(await outcomeOf(() => gunzip(zlib, sharedLimit))).toBe('inflate_invalid')
  })
})

/** `hello hello hello`, deflated. */
const body = fromHex('cb48cdc9c957c8409000')
const text = utf8('hello hello hello')
/** Its checksum and its length. */
const trailer = fromHex('8088f9e511000000')
const stored = fromHex('011100eeff68656c6c6f2068656c6c6f2068656c6c6f')

/** CRC-32 bit by bit, as slow as it is plain. */
function crc32(bytes: Uint8Array): number {
  let sum = 0xffff_ffff
  for (const octet of bytes) {
    sum ^= octet
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb8_8320 : sum >>> 1
  }
  return ~sum >>> 0
}

interface Member {
  readonly flags?: number
  /** What stands between the first ten bytes and the blocks. */
  readonly fields?: Uint8Array
  readonly blocks?: Uint8Array
  readonly checksum?: boolean
  readonly end?: Uint8Array
}

function member({ flags = 0, fields = Uint8Array.of(), blocks = body, checksum, end = trailer }: Member = {}) {
  const header = concatBytes(Uint8Array.of(0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 0, 255), fields)
  const sum = checksum === undefined ? [] : [crc32(header) & 255, (crc32(header) >> 8) & 255]
  if (checksum === false) sum[0]! ^= 1
  return concatBytes(header, Uint8Array.from(sum), blocks, end)
}

const extra = Uint8Array.of(5, 0, 1, 2, 0, 3, 4)
const name = utf8('list.bin\0')
const comment = utf8('statuses\0')
/** A match of three bytes at the distance 1, as if the `o` of the member before could be reached. */
const match = member({ blocks: fromHex('030200'), end: fromHex('ae5ea28303000000') })
const noContent = member({ blocks: fromHex('0300'), end: new Uint8Array(8) })

const taken: readonly [string, Uint8Array, number][] = [
  ['without fields', member(), 1],
  ['with extra fields', member({ flags: 4, fields: extra }), 1],
  ['with no extra fields in the place for them', member({ flags: 4, fields: Uint8Array.of(0, 0) }), 1],
  ['with a name', member({ flags: 8, fields: name }), 1],
  ['with an empty name', member({ flags: 8, fields: Uint8Array.of(0) }), 1],
  ['with a comment', member({ flags: 16, fields: comment }), 1],
  ['that is said to be text', member({ flags: 1 }), 1],
  ['with a checksum of its header', member({ flags: 2, checksum: true }), 1],
  ['with every field', member({ flags: 31, fields: concatBytes(extra, name, comment), checksum: true }), 1],
  ['of a stored block', member({ blocks: stored }), 1],
  ['of a stored block without bytes before another', member({ blocks: concatBytes(fromHex('000000ffff'), body) }), 1],
  ['of several members', concatBytes(member(), member({ flags: 8, fields: name }), member({ blocks: stored })), 3],
  ['of members, some of them empty', concatBytes(noContent, member(), noContent, noContent, member(), noContent), 2],
  ['of nothing but an empty member', noContent, 0],
]

describe('a GZIP stream', () => {
  it.each(taken)('%s unfolds', async (_, stream, times) => {
    const expected = concatBytes(...Array.from({ length: times }, () => text))
    expect(equalBytes(await gunzip(stream, sharedLimit), expected)).toBe(true)
    expect(equalBytes(ownGunzip(stream, expected.length), expected)).toBe(true)
  })

  const refused: readonly [string, Uint8Array][] = [
    ['of no bytes', Uint8Array.of()],
    ['of another method', concatBytes(fromHex('1f8b07'), member().subarray(3))],
    ['with other first bytes', concatBytes(fromHex('1f8c'), member().subarray(2))],
    ['with a reserved flag', member({ flags: 32 })],
    ['with the highest reserved flag', member({ flags: 128 })],
    ['with a wrong checksum of its header', member({ flags: 2, checksum: false })],
    ['with extra fields beyond its end', member({ flags: 4, fields: Uint8Array.of(255, 255) })],
    [
      'with a name that does not end',
      member({ flags: 8, fields: utf8('n'), blocks: Uint8Array.of(1), end: Uint8Array.of(1) }),
    ],
    ['with a wrong checksum', member({ end: fromHex('8188f9e511000000') })],
    ['with a wrong length', member({ end: fromHex('8088f9e512000000') })],
    ['without its length', member().subarray(0, -4)],
    ['with a block of no kind', member({ blocks: Uint8Array.of(7) })],
    ['with a stored block whose lengths disagree', member({ blocks: concatBytes(fromHex('011100efff'), text) })],
    ['with a match before its first byte', match],
    ['with a match into the member before', concatBytes(member(), match)],
    ['with zeros behind it', concatBytes(member(), new Uint8Array(512))],
    ['with a member that is cut', concatBytes(member(), member().subarray(0, -1))],
    ['with the beginning of a member', concatBytes(member(), Uint8Array.of(0x1f))],
    ['with another’s noise behind it', concatBytes(member(), utf8('BZh9'))],
  ]

  it.each(refused)('%s is refused', async (_, stream) => {
    expect(await outcomeOf(() => gunzip(stream, sharedLimit))).toBe('inflate_invalid')
    expect(await outcomeOf(() => ownGunzip(stream, sharedLimit))).toBe('inflate_invalid')
  })

  it('holds all its members together to the limit', async () => {
    const two = concatBytes(member(), noContent, member())
    for (const limit of [0, 1, 17, 33]) {
      expect(await outcomeOf(() => gunzip(two, limit))).toBe('limit_exceeded')
      expect(await outcomeOf(() => ownGunzip(two, limit))).toBe('limit_exceeded')
    }
    expect((await gunzip(two, 34)).length).toBe(34)
    expect((await gunzip(noContent, 0)).length).toBe(0)
  })

  it('with any bit flipped is refused, or says the same', async () => {
    const stream = member({ flags: 31, fields: concatBytes(extra, name, comment), checksum: true })
    for (let bit = 0; bit < stream.length * 8; bit++) {
      const flipped = stream.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const code = await outcomeOf(async () => expect(await gunzip(flipped, 1000)).toEqual(text))
      expect(code).toMatch(/^(accepted|inflate_invalid)$/)
      expect(await outcomeOf(() => ownGunzip(flipped, 1000))).toBe(code)
    }
  })

  it('is read from anywhere in a buffer, into bytes of its own', async () => {
    const inside = concatBytes(Uint8Array.of(1, 2), member(), Uint8Array.of(3)).subarray(2, -1)
    const bytes = await gunzip(inside, 1000)
    expect(bytes).toEqual(text)
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
  })
})

/** Bits as DEFLATE has them: numbers from their lowest bit on, `[value, count]`, and codes from their highest, as text. */
function bits(...parts: readonly (readonly [value: number, count: number] | string)[]): Uint8Array {
  const all = parts
    .map(part => (typeof part === 'string' ? part : [...part[0].toString(2).padStart(part[1], '0')].reverse().join('')))
    .join('')
  return Uint8Array.from(all.match(/.{1,8}/g) ?? [], octet => Number.parseInt([...octet].reverse().join(''), 2))
}

/** The last block, with codes of its own. Code lengths are written as `length` (1, or 2 where `long`), `zeros` and `again`. */
function dynamic(literals: number, distances: number, sequence: readonly string[], long = false): Uint8Array {
  const ofLengths = Array.from({ length: 18 }, (_, at) => (at === 0 || at === 2 ? 2 : at === (long ? 15 : 17) ? 1 : 0))
  const head = [1, 2, literals - 257, distances - 1, 14].map((value, at) => [value, [1, 2, 5, 5, 4][at]!] as const)
  return bits(...head, ...ofLengths.map(length => [length, 3] as const), ...sequence, long ? '00' : '0')
}
const length = '0'
const zeros = (count: number) => `11${bitsOf(count - 11, 7)}`
const again = (count: number) => `10${bitsOf(count - 3, 2)}`
const bitsOf = (value: number, count: number) => [...value.toString(2).padStart(count, '0')].reverse().join('')

describe('a block', () => {
  const nothing = new Uint8Array(8)
  const none = [zeros(138), zeros(118)]
  const far = new Uint8Array(33_003)

  it('with codes of its own, of which one is all there is, unfolds', async () => {
    for (const blocks of [
      dynamic(257, 1, [...none, length, length]),
      dynamic(286, 1, [...none, length, zeros(29), length]),
    ]) {
      expect((await gunzip(member({ blocks, end: nothing }), 10)).length).toBe(0)
      expect(ownGunzip(member({ blocks, end: nothing }), 10).length).toBe(0)
    }
  })

  it.each<[string, Uint8Array, Uint8Array?]>([
    ['of no kind', Uint8Array.of(7)],
    ['that repeats a length before there is one', dynamic(257, 1, [again(3), zeros(138), zeros(115), length, length])],
    ['that repeats a length beyond its codes', dynamic(257, 1, [...none, length, again(3)])],
    ['with more literals than there are', dynamic(287, 1, [...none, length, zeros(30), length])],
    ['with more distances than there are', dynamic(257, 31, [...none, length, length, zeros(30)])],
    ['with codes that leave some over', dynamic(257, 1, [...none, length, length], true)],
    ['with codes that run into each other', dynamic(259, 1, [...none, length, length, length, length])],
    ['that cannot end', dynamic(257, 1, [zeros(138), zeros(117), length, zeros(11)])],
    ['with a length that there is not', bits('110', '01100001', '11000110', [0, 6], '00000', '0000000')],
    [
      'with a distance that there is not',
      concatBytes(
        Uint8Array.of(0, 0xe8, 0x80, 0x17, 0x7f),
        new Uint8Array(33_000),
        bits('110', '0000001', '11110', [0, 14], '0000000'),
      ),
      bits([crc32(far) & 0xffff, 16], [crc32(far) >>> 16, 16], [far.length, 16], [0, 16]),
    ],
  ])('%s is refused', async (_, blocks, end = nothing) => {
    expect(await outcomeOf(() => gunzip(member({ blocks, end }), sharedLimit))).toBe('inflate_invalid')
    expect(await outcomeOf(() => ownGunzip(member({ blocks, end }), sharedLimit))).toBe('inflate_invalid')
  })
})

describe('a platform’s own streams', () => {
  it.each(['zlib', 'gzip'] as const)('in the wrapper %s unfold to what they were made of', async wrapper => {
    const unfold = wrapper === 'gzip' ? gunzip : inflate
    for (const bytes of [new Uint8Array(0), content, new Uint8Array(300_000)])
      for (const level of [undefined, 1, 6, 9])
        expect(equalBytes(await unfold(await deflate(bytes, { wrapper, level }), bytes.length), bytes)).toBe(true)
  })

  it('are ZLIB unless GZIP is asked for', async () => {
    expect((await deflate(text))[0]).toBe(0x78)
    expect((await deflate(text, { wrapper: 'gzip' })).slice(0, 3)).toEqual(Uint8Array.of(0x1f, 0x8b, 8))
  })
})

describe('a bomb', () => {
  const limits = { ...defaultLimits, statusListBytes: 1024 * 1024 }
  const stopped = { code: 'limit_exceeded', at: 'statusListBytes', expected: limits.statusListBytes }

  it('is stopped at the limit, which the refusal names', async () => {
    const much = new Uint8Array(40 * 1024 * 1024)
    await expect(inflateWithin(limits, 'statusListBytes', await deflate(much))).rejects.toMatchObject(stopped)
    const gzip = await deflate(much, { wrapper: 'gzip' })
    await expect(gunzipWithin(limits, 'statusListBytes', gzip)).rejects.toMatchObject(stopped)
  })

  it('spread over many members is stopped as well', async () => {
    const part = await deflate(new Uint8Array(64 * 1024), { wrapper: 'gzip' })
    const whole = concatBytes(...Array.from({ length: 640 }, () => part))
    await expect(gunzipWithin(limits, 'statusListBytes', whole)).rejects.toMatchObject(stopped)
    expect((await gunzipWithin(limits, 'statusListBytes', concatBytes(...Array(16).fill(part)))).length).toBe(
      1024 * 1024,
    )
  })
})
