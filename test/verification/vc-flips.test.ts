import { describe, expect, it } from 'vitest'
import { makeWorld } from '../world.js'
import { acceptedVcFlips, forms } from './vc-flips.js'

describe('a valid presentation of a W3C credential', async () => {
  const world = await makeWorld()
  it.each(forms)('is refused after one bit of any character is flipped: %s', async (_, changes) => {
    expect(await acceptedVcFlips(world, changes, position => [position % 7])).toEqual([])
  })
})
