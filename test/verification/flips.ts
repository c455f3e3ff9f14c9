/** One valid presentation, changed by one bit. */
import { expect } from 'vitest'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { forge } from '../forge.js'
import { expectRefusal } from '../refusal.js'
import { expectations, type World } from '../world.js'

/** The text with one bit of one character changed. */
const flipped = (text: string, position: number, bit: number): string =>
  text.slice(0, position) + String.fromCharCode(text.charCodeAt(position) ^ (1 << bit)) + text.slice(position + 1)

/** The positions and bits that are accepted: none. */
export async function acceptedFlips(world: World, bitsAt: (position: number) => readonly number[]): Promise<string[]> {
  const presentation = await forge(world)
  const demands = expectations(world)
  expect((await verifySdJwtPresentation(presentation, demands)).ok).toBe(true)
  const accepted: string[] = []
  for (let position = 0; position < presentation.length; position++)
    for (const bit of bitsAt(position)) {
      const verdict = await verifySdJwtPresentation(flipped(presentation, position, bit), demands)
      if (verdict.ok) accepted.push(`${position}/${bit}`)
      else if (position % 16 === 0) expectRefusal(verdict, presentation)
    }
  return accepted
}
