/** Tables of hostile QR codes: one row, one rule; by every verify function, and within the time that one input may cost. */
import { expect, it } from 'vitest'
import { verifyQrPresentation } from '../../src/verification/qr.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { forgeQr, type QrChanges, type QrWorld, qrExpectations } from '../qr-forge.js'
import { expectRefusal } from '../refusal.js'
import { audience, nonce } from '../world.js'
import { judgement } from './mdoc-table.js'

/** A title, what is changed, and `code (place) at check`. */
export type QrRow = readonly [
  title: string,
  changes: QrChanges | ((world: QrWorld) => QrChanges | Promise<QrChanges>),
  refused: string,
]

export type QrDemands = ReturnType<typeof qrExpectations>

/** Milliseconds that a hostile input may cost. */
const mostTime = 250

/** One test for each row: of a presentation, and by a wallet that takes it for a credential. */
export function refuses(world: QrWorld, rows: readonly QrRow[], change: Partial<QrDemands> = {}): void {
  const demands = { ...qrExpectations(world), ...change }
  for (const [title, changes, refused] of rows)
    it(`refuses ${title}`, async () => {
      const text = await forgeQr(world, typeof changes === 'function' ? await changes(world) : changes)
      await expectText(text, demands, refused)
    })
}

/** By every verify function that takes it. */
export async function expectText(text: string, demands: QrDemands, refused: string): Promise<void> {
  const { expectedQr: _qr, ...wallet } = demands
  const session = { expectedAudience: audience, expectedNonce: nonce }
  const verdict = await verifyQrPresentation(text, demands)
  expect(judgement(verdict)).toBe(refused)
  expectRefusal(verdict, text)
  expect(judgement(await verifyPresentation(text, demands))).toBe(refused)
  if (!/key_binding_(audience|nonce|time)$/.test(refused)) {
    expect(judgement(await verifyCredential(text, wallet))).toBe(refused)
    const asked = judgement(await verifyPresentation(text, { ...demands, ...session }))
    expect([refused, 'key_binding_audience_mismatch (aud) at key_binding_audience']).toContain(asked)
  }
  await expectQuick(() => verifyQrPresentation(text, demands))
}

/** The time it took at best: other work on the machine is no fault of ours. */
async function expectQuick(verify: () => Promise<unknown>): Promise<void> {
  let taken = Number.POSITIVE_INFINITY
  for (let again = 0; again < 5 && taken > mostTime; again++) {
    const start = performance.now()
    await verify()
    taken = Math.min(taken, performance.now() - start)
  }
  expect(taken).toBeLessThan(mostTime)
}
