import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyBytes, placeAt } from '../../src/status/permutation.js'

const seed = 20261122
const key = (first: number) => new Uint8Array(keyBytes).fill(7).fill(first, 0, 1)
const places = (of: Uint8Array, size: number) => Array.from({ length: size }, (_, step) => placeAt(of, size, step))

describe('the order of places', () => {
  it.each([1, 2, 3, 8, 24, 64, 1000, 4097])('gives each of %i places exactly once', size => {
    const given = places(key(1), size)
    expect(given.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, place) => place))
  })

  it('gives each place once under any key', () => {
    const keys = fc.uint8Array({ minLength: keyBytes, maxLength: keyBytes })
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 300 }), (of, size) => {
        expect(new Set(places(of, size)).size).toBe(size)
      }),
      { seed, numRuns: 50 },
    )
  })

  it('is another one under another key', () => {
    const [one, other] = [places(key(1), 1024), places(key(2), 1024)]
    const same = one.filter((place, step) => place === other[step]).length
    expect(same).toBeLessThan(12)
  })

  it('is the same one under the same key, wherever it is worked out', () => {
    expect(places(key(1), 8)).toEqual(places(key(1), 8))
    expect([0, 1, 2, 1_048_575].map(step => placeAt(key(1), 2 ** 20, step))).toMatchInlineSnapshot(`
      [
        587443,
        896503,
        661160,
        974506,
      ]
    `)
  })

  it('tells nothing from a place about the next: steps look drawn by lot', () => {
    const size = 4096
    const given = places(key(3), size)
    const leaps = given.slice(1).map((place, step) => (place - given[step]! + size) % size)
    const spread = new Set(leaps).size / size
    expect(spread).toBeGreaterThan(0.58) // of draws with repetition: 1 - 1/e
    expect(spread).toBeLessThan(0.68)
    const early = given.slice(0, size / 2).filter(place => place < size / 2).length
    expect(Math.abs(early - size / 4)).toBeLessThan(120)
  })

  it('holds for the largest lists', () => {
    const size = 2 ** 27
    const given = Array.from({ length: 1000 }, (_, step) => placeAt(key(4), size, step))
    expect(new Set(given).size).toBe(1000)
    expect(given.every(place => Number.isInteger(place) && place >= 0 && place < size)).toBe(true)
  })
})
