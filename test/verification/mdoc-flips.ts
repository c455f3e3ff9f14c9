/** One valid response, changed by one bit. */
import { expect } from 'vitest'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { forgeMdoc, type MdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { expectRefusal } from '../refusal.js'

/** The bytes with one bit of one of them changed. */
const flipped = (bytes: Uint8Array, position: number, bit: number): Uint8Array => {
  const copy = new Uint8Array(bytes)
  copy[position]! ^= 1 << bit
  return copy
}

/** The positions and bits that are accepted: none. A small response, so that all of it can be tried. */
export async function acceptedMdocFlips(
  world: MdocWorld,
  mac: boolean,
  bitsAt: (position: number) => readonly number[],
): Promise<string[]> {
  const response = await forgeMdoc(world, { mac, items: items => items.slice(0, 1) })
  const demands = mdocExpectations(world)
  expect((await verifyMdocPresentation(response, demands)).ok).toBe(true)
  const accepted: string[] = []
  for (let position = 0; position < response.length; position++)
    for (const bit of bitsAt(position)) {
      const harmed = flipped(response, position, bit)
      const verdict = await verifyMdocPresentation(harmed, demands)
      if (verdict.ok) accepted.push(`${position}/${bit}`)
      else if (position % 16 === 0) expectRefusal(verdict, harmed)
    }
  return accepted
}
