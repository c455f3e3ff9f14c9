import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hkdfSha256 } from '../../src/core/hkdf.js'
import { fromHex, toHex } from './support.js'

const none = new Uint8Array()

/** The octets from `first` to `last`. */
const range = (first: number, last: number) =>
  Uint8Array.from({ length: last - first + 1 }, (_, index) => first + index)

describe('a derived key', () => {
  // RFC 5869, Appendix A
  it.each([
    [
      'A.1',
      fromHex('0b'.repeat(22)),
      { salt: range(0x00, 0x0c), info: range(0xf0, 0xf9), length: 42 },
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    ],
    [
      'A.2, of three blocks',
      range(0x00, 0x4f),
      { salt: range(0x60, 0xaf), info: range(0xb0, 0xff), length: 82 },
      'b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87',
    ],
    [
      'A.3, without salt and purpose',
      fromHex('0b'.repeat(22)),
      { salt: none, info: none, length: 42 },
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    ],
  ])('is that of %s', async (_, secret, options, expected) => {
    expect(toHex(await hkdfSha256(secret, options))).toBe(expected)
  })

  it('depends on the secret, the salt and the purpose, and is plain bytes', async () => {
    const options = { salt: range(0, 31), info: range(0, 6), length: 32 }
    const key = await hkdfSha256(range(0, 31), options)
    expect(Object.getPrototypeOf(key)).toBe(Uint8Array.prototype)
    for (const other of [
      hkdfSha256(range(1, 32), options),
      hkdfSha256(range(0, 31), { ...options, salt: range(0, 30) }),
      hkdfSha256(range(0, 31), { ...options, info: range(0, 5) }),
    ])
      expect(toHex(await other)).not.toBe(toHex(key))
  })

  it('is the one that the platform derives, whatever the lengths', async () => {
    const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 100 })
    const lengths = fc.integer({ min: 1, max: 300 })
    const same = fc.asyncProperty(bytes(1), bytes(0), bytes(0), lengths, async (secret, salt, info, length) => {
      const key = await crypto.subtle.importKey('raw', secret as BufferSource, 'HKDF', false, ['deriveBits'])
      const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: salt as BufferSource, info: info as BufferSource }
      const expected = new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, 8 * length))
      expect(toHex(await hkdfSha256(secret, { salt, info, length }))).toBe(toHex(expected))
    })
    await fc.assert(same, { seed: 20261122, numRuns: 200 })
  })

  it('that is shorter begins a longer one', async () => {
    const derive = async (length: number) => toHex(await hkdfSha256(range(0, 31), { salt: none, info: none, length }))
    const longest = await derive(8160)
    expect(longest).toHaveLength(2 * 8160)
    for (const length of [1, 31, 32, 33, 64]) expect(await derive(length)).toBe(longest.slice(0, 2 * length))
  })

  it.each([0, -1, 8161, 1.5, Number.NaN, undefined])('has no length of %s', async length => {
    const derive = hkdfSha256(range(0, 31), { salt: none, info: none, length: length as number })
    await expect(derive).rejects.toThrow(/^`length` /)
    await expect(derive).rejects.toThrow(TypeError)
  })
})
