import { describe, expect, it } from 'vitest'
import { makeMdocWorld } from '../mdoc-forge.js'
import { acceptedMdocFlips } from './mdoc-flips.js'

const everyBit = Array.from({ length: 8 }, (_, bit) => bit)

describe('a valid mdoc', () => {
  for (const mac of [false, true])
    it(`is refused after any bit is flipped (${mac ? 'MAC' : 'signature'})`, { timeout: 60_000 }, async () => {
      expect(await acceptedMdocFlips(await makeMdocWorld(), mac, () => everyBit)).toEqual([])
    })
})
