import { describe, expect, it } from 'vitest'
import { makeWorld } from '../world.js'
import { acceptedVcFlips, forms } from './vc-flips.js'

describe('a valid presentation of a W3C credential', async () => {
  const world = await makeWorld()
  const everyBit = Array.from({ length: 8 }, (_, bit) => bit)
  it.each(forms.slice(0, 2))(
    'is refused after any bit of any character is flipped: %s',
    { timeout: 60_000 },
    async (_, changes) => {
      expect(await acceptedVcFlips(world, changes, () => everyBit)).toEqual([])
    },
  )
})
