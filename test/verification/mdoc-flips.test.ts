import { describe, expect, it } from 'vitest'
import { makeMdocWorld } from '../mdoc-forge.js'
import { acceptedMdocFlips } from './mdoc-flips.js'

describe('a valid mdoc', () => {
  for (const alg of ['ES256', 'Ed25519'] as const)
    it(`is refused after one bit of any byte is flipped (${alg})`, { timeout: 60_000 }, async () => {
      expect(await acceptedMdocFlips(await makeMdocWorld(alg), false, position => [position % 8])).toEqual([])
    })

  it('is refused after one bit of any byte is flipped (MAC)', { timeout: 60_000 }, async () => {
    expect(await acceptedMdocFlips(await makeMdocWorld(), true, position => [position % 7])).toEqual([])
  })
})
