import { describe, expect, it } from 'vitest'
import { makeWorld } from '../world.js'
import { acceptedFlips } from './flips.js'

describe('a valid presentation', () => {
  for (const alg of ['ES256', 'EdDSA'] as const)
    it(`is refused after one bit of any character is flipped (${alg})`, async () => {
      expect(await acceptedFlips(await makeWorld(alg), position => [position % 7])).toEqual([])
    })
})
