/** One valid presentation of a W3C credential, changed by one bit. */
import { expect } from 'vitest'
import { verifyPresentation } from '../../src/verification/verify.js'
import { forgeVc, type VcChanges } from '../forge-vc.js'
import { expectRefusal } from '../refusal.js'
import { expectations, type World } from '../world.js'

export const forms: readonly (readonly [string, VcChanges])[] = [
  ['vc+jwt', {}],
  ['vc+sd-jwt', { form: 'vc+sd-jwt' }],
  ['vc+sd-jwt in a vp+jwt', { form: 'vc+sd-jwt', enveloped: true }],
]

/** The text with one bit of one character changed. */
const flipped = (text: string, position: number, bit: number): string =>
  text.slice(0, position) + String.fromCharCode(text.charCodeAt(position) ^ (1 << bit)) + text.slice(position + 1)

/** The positions and bits that are accepted: none. */
export async function acceptedVcFlips(
  world: World,
  changes: VcChanges,
  bitsAt: (position: number) => readonly number[],
): Promise<string[]> {
  const presentation = await forgeVc(world, changes)
  const demands = expectations(world)
  expect((await verifyPresentation(presentation, demands)).ok).toBe(true)
  const accepted: string[] = []
  for (let position = 0; position < presentation.length; position++)
    for (const bit of bitsAt(position)) {
      const verdict = await verifyPresentation(flipped(presentation, position, bit), demands)
      if (verdict.ok) accepted.push(`${position}/${bit}`)
      else if (position % 16 === 0) expectRefusal(verdict, presentation)
    }
  return accepted
}
