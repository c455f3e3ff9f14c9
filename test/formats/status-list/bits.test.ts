import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deflate } from '#crypto'
import { concatBytes } from '../../../src/core/bytes.js'
import { defaultLimits } from '../../../src/core/limits.js'
import {
  compressBits,
  createBits,
  getBits,
  inflateBits,
  type StatusBits,
  setBits,
  sizeOfBits,
  statusAt,
} from '../../../src/formats/status-list/bits.js'

const widths: readonly StatusBits[] = [1, 2, 4, 8]
const refused = (code: string) => expect.objectContaining({ name: 'VidimusError', code })

describe('a packed list', () => {
  it.each(widths)('of %i bits is as many bytes as its entries fill, all valid', bits => {
    const packed = createBits(bits, 64)
    expect(packed).toEqual(new Uint8Array(8 * bits))
    expect(sizeOfBits(packed, bits)).toBe(64)
  })

  it('counts from the least significant bit of each byte', () => {
    const packed = createBits(2, 8)
    setBits(packed, 2, 0, 1)
    setBits(packed, 2, 3, 2)
    setBits(packed, 2, 4, 3)
    expect([...packed]).toEqual([0b10_00_00_01, 0b00_00_00_11])
  })

  it.each(widths)('of %i bits reads back what was set, whatever stood there', bits => {
    const value = fc.integer({ min: 0, max: 2 ** bits - 1 })
    const writes = fc.array(fc.tuple(fc.integer({ min: 0, max: 63 }), value), { maxLength: 200 })
    fc.assert(
      fc.property(writes, writes => {
        const packed = createBits(bits, 64)
        const reference = new Map<number, number>()
        for (const [index, value] of writes) {
          setBits(packed, bits, index, value)
          reference.set(index, value)
        }
        for (let index = 0; index < 64; index++) expect(getBits(packed, bits, index)).toBe(reference.get(index) ?? 0)
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it.each([
    ['beyond the end', 16],
    ['far beyond the end', Number.MAX_SAFE_INTEGER],
    ['beyond the safe integers', 2 ** 53],
    ['beyond 32 bits, where it would wrap around', 2 ** 32],
    ['below 0', -1],
    ['between two entries', 0.5],
    ['not a number', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('refuses an index %s', (_, index) => {
    const packed = Uint8Array.of(0xb9, 0xa3)
    expect(() => getBits(packed, 1, index)).toThrow(refused('status_index_out_of_range'))
    expect(() => statusAt({ packed, bits: 1 }, index)).toThrow(refused('status_index_out_of_range'))
    expect(() => setBits(packed, 1, index, 0)).toThrow(refused('status_index_out_of_range'))
  })

  it('has its last entry inside', () => {
    expect(statusAt({ packed: Uint8Array.of(0xb9, 0xa3), bits: 1 }, 15)).toBe(1)
    expect(statusAt({ packed: Uint8Array.of(0xb9, 0xa3), bits: 8 }, 1)).toBe(0xa3)
  })

  it.each([
    [1, 2],
    [2, 4],
    [4, 16],
    [8, 256],
    [2, -1],
    [2, 0.5],
  ] as const)('of %i bits refuses the value %d', (bits, value) => {
    expect(() => setBits(createBits(bits, 64), bits, 0, value)).toThrow(RangeError)
  })

  it.each([0, 3, 5, 16, '1', undefined])('is not made with %s bits', bits => {
    expect(() => createBits(bits as StatusBits, 64)).toThrow(TypeError)
  })

  it.each([
    [1, 0],
    [1, 12],
    [2, 2],
    [8, -8],
    [8, 1.5],
    [1, 2 ** 27 + 8],
    [8, 2 ** 24 + 1],
    [2, Number.POSITIVE_INFINITY],
    [2, '64' as unknown as number],
  ] as const)('of %i bits is not made with %d entries', (bits, size) => {
    expect(() => createBits(bits, size)).toThrow(RangeError)
  })
})

describe('a compressed list', () => {
  const limits = { ...defaultLimits, statusListBytes: 1000 }
  const random = () => Uint8Array.from({ length: 1000 }, (_, index) => (index * 7919) % 251)

  it('unfolds to what it was', async () => {
    expect(await inflateBits(await compressBits(random()), limits)).toEqual(random())
  })

  it('is a ZLIB stream', async () => {
    const compressed = await compressBits(random())
    expect(compressed[0]! & 15).toBe(8)
    expect(((compressed[0]! << 8) | compressed[1]!) % 31).toBe(0)
  })

  it('may be exactly as large as the limit', async () => {
    expect((await inflateBits(await deflate(new Uint8Array(1000)), limits)).length).toBe(1000)
    await expect(inflateBits(await deflate(new Uint8Array(1001)), limits)).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusListBytes',
      expected: 1000,
    })
  })

  it('is refused when bytes follow its stream', async () => {
    const whole = await compressBits(random())
    await expect(inflateBits(concatBytes(whole, Uint8Array.of(0)), limits)).rejects.toThrow(refused('inflate_invalid'))
    await expect(inflateBits(concatBytes(whole, whole), limits)).rejects.toThrow(refused('inflate_invalid'))
  })

  it('is refused when its stream ends early, wherever', async () => {
    const whole = await compressBits(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))
    for (let length = 0; length < whole.length; length++)
      await expect(inflateBits(whole.slice(0, length), limits)).rejects.toThrow(refused('inflate_invalid'))
  })

  it('is refused when its checksum does not hold', async () => {
    const whole = await compressBits(random())
    whole[whole.length - 1]! ^= 1
    await expect(inflateBits(whole, limits)).rejects.toThrow(refused('inflate_invalid'))
  })

  it('is refused in another wrapper: raw deflate and gzip are not ZLIB', async () => {
    const whole = await compressBits(random())
    await expect(inflateBits(whole.slice(2, -4), limits)).rejects.toThrow(refused('inflate_invalid'))
    const gzip = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...whole.slice(2, -4), 0, 0, 0, 0, 0, 0, 0, 0)
    await expect(inflateBits(gzip, limits)).rejects.toThrow(refused('inflate_invalid'))
  })

  it('that would grow a thousandfold is stopped at the limit', async () => {
    const bomb = await deflate(new Uint8Array(40 * 1024 * 1024))
    const started = performance.now()
    await expect(inflateBits(bomb, defaultLimits)).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusListBytes',
    })
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('is read when it was stored without compression', async () => {
    // One stored block: 78 01, final, length 2 and its complement, the bytes, their Adler-32.
    const stored = Uint8Array.of(0x78, 0x01, 1, 2, 0, 0xfd, 0xff, 0xb9, 0xa3, 0x02, 0x17, 0x01, 0x5d)
    expect(await inflateBits(stored, limits)).toEqual(Uint8Array.of(0xb9, 0xa3))
  })
})
