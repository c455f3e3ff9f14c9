import { describe, expect, it } from 'vitest'
import { makeWorld } from '../world.js'
import { acceptedFlips } from './flips.js'

describe('a valid presentation', () => {
  it('is refused after any bit of any character is flipped', { timeout: 60_000 }, async () => {
    const everyBit = Array.from({ length: 8 }, (_, bit) => bit)
    expect(await acceptedFlips(await makeWorld(), () => everyBit)).toEqual([])
  })
})
