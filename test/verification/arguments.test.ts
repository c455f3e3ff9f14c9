/** Whatever the first argument is, the answer is a verdict. */
import { describe, expect, it } from 'vitest'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { expectRefusal, summary } from '../refusal.js'
import { expectations, makeWorld } from '../world.js'
import { notText } from './arguments.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const demands = expectations(world)

describe('a first argument that is no text', () => {
  for (const [name, input] of notText)
    it(`is refused: ${name}`, async () => {
      for (const verdict of await verdicts(input)) {
        expect(summary(verdict)).toBe('input_not_text at format')
        expectRefusal(verdict, input)
      }
    })

  for (const bytes of [
    new Uint8Array(8),
    new TextEncoder().encode(world.presentation),
    new DataView(new ArrayBuffer(8)),
  ])
    it(`is refused as another format: ${bytes.constructor.name} of ${bytes.byteLength} bytes`, async () => {
      for (const verdict of (await verdicts(bytes)).filter(({ evidence }) => evidence.kind === 'presentation'))
        expect(summary(verdict)).toBe('format_not_expected at format')
    })
})

describe('a first argument that is too long', () => {
  it('is refused before it is read', async () => {
    for (const input of ['~'.repeat(64 * 1024 * 1024), `${world.presentation}${'A'.repeat(4 * 1024 * 1024)}`])
      for (const verdict of await verdicts(input)) {
        expect(summary(verdict)).toBe('limit_exceeded at format')
        expect(verdict.evidence).not.toHaveProperty('presentation')
      }
  })

  it('is held to a lower limit where the verifier has one', async () => {
    const limits = { presentationBytes: world.presentation.length }
    const exact = await verifySdJwtPresentation(world.presentation, { ...demands, limits })
    expect([exact.ok, Object.values(exact.evidence.attachments)]).toEqual([true, [world.presentation]])
    const lower = { presentationBytes: world.presentation.length - 1 }
    expect(summary(await verifySdJwtPresentation(world.presentation, { ...demands, limits: lower }))).toBe(
      'limit_exceeded at format',
    )
  })
})

const verdicts = async (input: unknown) => [
  await verifySdJwtPresentation(input, demands),
  await verifyPresentation(input, demands),
  await verifyCredential(input, walletDemands(demands)),
]
