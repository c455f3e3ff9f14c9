import { describe, expect, it } from 'vitest'
import { randomBelow, randomListName, randomName } from '../../src/status/random.js'

/** A source that gives these 32-bit numbers, one after the other. */
function source(...numbers: readonly number[]) {
  const left = [...numbers]
  return () => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, left.shift()!)
    return bytes
  }
}

describe('a random number', () => {
  it('is taken from the whole span', () => {
    expect(randomBelow(24, source(0))).toBe(0)
    expect(randomBelow(24, source(47))).toBe(23)
    expect(randomBelow(2 ** 20, source(0xffff_ffff))).toBe(2 ** 20 - 1)
    expect(randomBelow(2 ** 32, source(0xffff_ffff))).toBe(0xffff_ffff)
  })

  it('is drawn again where the span leaves a rest, so that none is likelier', () => {
    const rest = 2 ** 32 % 24
    expect(rest).toBe(16)
    expect(randomBelow(24, source(2 ** 32 - 1, 2 ** 32 - rest, 5))).toBe(5)
    expect(randomBelow(24, source(2 ** 32 - rest - 1))).toBe(23)
  })
})

describe('a random name', () => {
  it('is 128 bits in lower-case letters and digits', () => {
    expect(randomName()).toMatch(/^[0-9a-f]{32}$/)
    expect(new Set(Array.from({ length: 100 }, randomName)).size).toBe(100)
  })

  it('names a list with eleven characters, each as likely as the other', () => {
    const names = Array.from({ length: 2000 }, randomListName)
    expect(new Set(names).size).toBe(2000)
    for (const name of names) expect(name).toMatch(/^[a-z2-7]{11}$/)
    const seen = [...names.join('')].reduce(
      (count, letter) => count.set(letter, (count.get(letter) ?? 0) + 1),
      new Map(),
    )
    expect(seen.size).toBe(32)
    for (const count of seen.values()) expect(Math.abs(count - 687.5)).toBeLessThan(6 * Math.sqrt(687.5))
  })
})
