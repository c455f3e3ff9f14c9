/** GZIP as zlib unfolds it and as our own code does: the one takes and refuses what the other does. And what hostile streams cost. */
import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, equalBytes } from '../../src/core/bytes.js'
import { gunzip as ownGunzip } from '../../src/core/crypto/gunzip.js'
import { gunzip as zlibGunzip } from '../../src/core/crypto/node.js'
import { defaultLimits } from '../../src/core/limits.js'
import { outcomeOf } from './support.js'

const plain = (buffer: Buffer) => new Uint8Array(buffer)
const outcome = async (unfold: typeof ownGunzip, stream: Uint8Array): Promise<string | Uint8Array> => {
  let bytes: Uint8Array | undefined
  const code = await outcomeOf(() => {
    bytes = unfold(stream, 100_000)
  })
  return bytes ?? code
}

/** Bytes of the kinds that zlib writes differently. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.array(fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 1), { maxLength: 3000 }).map(values => Uint8Array.from(values)),
  fc
    .tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(100))
    .map(([piece, times]) => concatBytes(...Array(times).fill(piece))),
)
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FILTERED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FIXED,
  ),
})
const streams = fc
  .array(fc.tuple(contents, options), { minLength: 1, maxLength: 3 })
  .map(parts => concatBytes(...parts.map(([content, how]) => plain(gzipSync(content, how)))))

describe('GZIP unfolded by our own code', () => {
  it('says what zlib says, of streams of every make', async () => {
    await fc.assert(
      fc.asyncProperty(streams, async stream => {
        const bytes = zlibGunzip(stream, 100_000) as Uint8Array
        expect(equalBytes(ownGunzip(stream, bytes.length), bytes)).toBe(true)
      }),
      { seed: 20261122, numRuns: 300 },
    )
  })

  it('takes what was flushed every 64 bytes', async () => {
    const content = Uint8Array.from({ length: 2 ** 20 }, (_, at) => [0, 1, 4, 16][Math.imul(at, 2_654_435_761) >>> 30]!)
    const flush = { finishFlush: constants.Z_FULL_FLUSH, strategy: constants.Z_HUFFMAN_ONLY }
    const pieces = Array.from({ length: content.length / 64 }, (_, at) =>
      plain(deflateRawSync(content.subarray(at * 64, at * 64 + 64), flush)),
    )
    // Nearly every one of them brings its own codes.
    expect(pieces.filter(([first]) => (first! & 6) === 4).length).toBeGreaterThan(16_000)
    const whole = plain(gzipSync(content))
    const stream = concatBytes(whole.subarray(0, 10), ...pieces, Uint8Array.of(3, 0), whole.subarray(-8))
    expect(equalBytes(ownGunzip(stream, content.length), content)).toBe(true)
  })

  it('refuses what zlib refuses, of streams with bits flipped, cut, or with more behind them', async () => {
    const harms = fc.oneof(
      fc.record({ flip: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) }),
      fc.record({ flip: fc.double({ min: 0, max: 0.1, noNaN: true }) }),
      fc.record({ cut: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }) }),
      fc.record({ more: fc.uint8Array({ minLength: 1, maxLength: 30 }) }),
    )
    await fc.assert(
      fc.asyncProperty(streams, harms, async (stream, harm) => {
        const harmed = harmedBy(stream, harm)
        expect(await outcome(ownGunzip, harmed)).toEqual(await outcome(zlibGunzip as typeof ownGunzip, harmed))
      }),
      { seed: 20261122, numRuns: 3000 },
    )
  })
})

function harmedBy(stream: Uint8Array, harm: { flip?: number; cut?: number; more?: Uint8Array }): Uint8Array {
  if (harm.more !== undefined) return concatBytes(stream, harm.more)
  if (harm.cut !== undefined) return stream.slice(0, Math.floor(harm.cut * stream.length))
  const flipped = stream.slice()
  const bit = Math.floor((harm.flip ?? 0) * stream.length * 8)
  flipped[bit >> 3]! ^= 1 << (bit & 7)
  return flipped
}

/**
 * Eight blocks of nothing, each with codes of its own (RFC 1951 §3.2.7): 256 symbols that do not occur, one for the end of the
 * block, and no distance.
 */
const emptyBlocks = (() => {
  const number = (value: number, bits: number) => Array.from({ length: bits }, (_, at) => (value >> at) & 1)
  // Of the code lengths in their order, 18 takes one bit, 0 and 1 take two.
  const ofLengths = Array.from({ length: 18 }, (_, at) => number(at === 2 ? 1 : at === 3 || at === 17 ? 2 : 0, 3))
  const none = (times: number) => [0, ...number(times - 11, 7)]
  const symbols = [...none(138), ...none(118), 1, 1, 1, 0]
  const block = [0, ...number(2, 2), ...number(0, 10), ...number(14, 4), ...ofLengths.flat(), ...symbols, 0]
  const bits = Array.from({ length: 8 }, () => block).flat()
  return Uint8Array.from({ length: block.length }, (_, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((octet, bit, place) => octet | (bit << place), 0),
  )
})()

/** What the longest list that is looked at has, compressed. */
const most = 2_621_440
const times = (piece: Uint8Array, count: number) => plain(Buffer.alloc(piece.length * count, piece))

describe.each([
  ['zlib', zlibGunzip],
  ['our own code', ownGunzip],
] as const)('a hostile GZIP stream, unfolded by %s', (_, gunzip) => {
  const limit = defaultLimits.statusListBytes
  const mebibyte = 1024 * 1024

  /** Of a single run, in processor time: the work is done or refused at once. */
  async function expectCheap(stream: Uint8Array, expected: string): Promise<void> {
    let milliseconds = Number.POSITIVE_INFINITY
    let held = Number.POSITIVE_INFINITY
    for (let round = 0; round < 3 && (milliseconds > 250 || held > 64); round++) {
      const before = process.memoryUsage().external
      const start = process.cpuUsage()
      expect(await outcomeOf(() => gunzip(stream, limit))).toBe(expected)
      const { user, system } = process.cpuUsage(start)
      milliseconds = Math.min(milliseconds, (user + system) / 1000)
      held = Math.min(held, (process.memoryUsage().external - before) / mebibyte)
    }
    expect(milliseconds).toBeLessThanOrEqual(250)
    expect(held).toBeLessThanOrEqual(64)
  }

  const empty = plain(gzipSync(new Uint8Array(0)))

  it('of as many empty members as fit costs little', async () => {
    await expectCheap(times(empty, Math.floor(most / empty.length)), 'accepted')
  })

  it('of as many members of one byte as fit costs little', async () => {
    const one = plain(gzipSync(Uint8Array.of(7)))
    await expectCheap(times(one, Math.floor(most / one.length)), 'accepted')
  })

  it('that unfolds to 256 MiB is stopped', async () => {
    await expectCheap(plain(gzipSync(new Uint8Array(256 * mebibyte), { level: 9 })), 'limit_exceeded')
  })

  it('that unfolds to 256 MiB in a thousand members is stopped', async () => {
    await expectCheap(times(plain(gzipSync(new Uint8Array(256 * 1024))), 1024), 'limit_exceeded')
  })

  it('of blocks that say much of their codes and hold nothing costs little', async () => {
    const blocks = times(emptyBlocks, Math.floor(most / emptyBlocks.length))
    const stream = concatBytes(empty.subarray(0, 10), blocks, empty.subarray(10))
    await expectCheap(stream, gunzip === ownGunzip ? 'inflate_invalid' : 'accepted')
  })

  it('of as many such blocks as may be costs little', async () => {
    // Eight for each two kilobytes of zeros, and those that may be had for nothing.
    const piece = plain(deflateRawSync(new Uint8Array(2048), { finishFlush: constants.Z_FULL_FLUSH }))
    const free = times(emptyBlocks, 2048)
    const blocks = times(concatBytes(piece, emptyBlocks), limit / 2048)
    const end = plain(gzipSync(new Uint8Array(limit))).slice(-8)
    const stream = concatBytes(empty.subarray(0, 10), free, blocks, empty.subarray(10, -8), end)
    expect(stream.length).toBeLessThan(most)
    await expectCheap(stream, 'accepted')
    const more = concatBytes(empty.subarray(0, 10), free, emptyBlocks, blocks, empty.subarray(10, -8), end)
    expect(await outcomeOf(() => gunzip(more, limit))).toBe(gunzip === ownGunzip ? 'inflate_invalid' : 'accepted')
  })

  it('of noise as long as it may be costs little', async () => {
    const noise = Uint8Array.from({ length: most }, (_, index) => Math.imul(index, 2_654_435_761) >>> 24)
    await expectCheap(plain(gzipSync(noise, { level: 0 })), 'accepted')
    await expectCheap(concatBytes(empty.subarray(0, 10), noise), 'inflate_invalid')
  })
})
