/** One valid code, changed by one bit: of what was signed, of the stream, of the text. */
import { describe, expect, it } from 'vitest'

import { deflate, inflate } from '#crypto'
import { base45, fromBase45 } from '../../src/formats/qr/base45.js'
import { verifyQrPresentation } from '../../src/verification/qr.js'
import { forgeQr, makeQrWorld, qrExpectations } from '../qr-forge.js'
import { expectRefusal } from '../refusal.js'

const flipped = (bytes: Uint8Array, position: number, bit: number): Uint8Array => {
  const copy = new Uint8Array(bytes)
  copy[position]! ^= 1 << bit
  return copy
}

describe('a valid QR code', () => {
  for (const alg of ['ES256', 'Ed25519'] as const)
    it(`is refused after one bit of any byte that was signed is flipped (${alg})`, { timeout: 60_000 }, async () => {
      const world = await makeQrWorld(alg)
      const demands = qrExpectations(world)
      const text = await forgeQr(world)
      const bytes = await inflate(fromBase45(text.slice(5)), 4096)
      const accepted: string[] = []
      for (let position = 0; position < bytes.length; position++)
        for (const bit of [position % 8, (position + 3) % 8]) {
          const harmed = `VQP1:${base45(await deflate(flipped(bytes, position, bit)))}`
          const verdict = await verifyQrPresentation(harmed, demands)
          if (verdict.ok) accepted.push(`${position}.${bit}`)
          else expectRefusal(verdict, harmed)
        }
      expect(accepted).toEqual([])
    })

  it('never shows anything else after one bit of its text is flipped', { timeout: 60_000 }, async () => {
    const world = await makeQrWorld()
    const demands = qrExpectations(world)
    const text = await forgeQr(world)
    const honest = await verifyQrPresentation(text, demands)
    const bytes = await inflate(fromBase45(text.slice(5)), 4096)
    for (let position = 0; position < text.length; position++)
      for (const bit of [position % 7, (position + 3) % 7]) {
        const harmed =
          text.slice(0, position) +
          String.fromCharCode(text.charCodeAt(position) ^ (1 << bit)) +
          text.slice(position + 1)
        const verdict = await verifyQrPresentation(harmed, demands)
        if (!verdict.ok) continue
        // A deflate stream has idle bits: another text may stand for the same bytes.
        expect(await inflate(fromBase45(harmed.slice(5)), 4096)).toEqual(bytes)
        expect({ ...verdict, evidence: undefined }).toEqual({ ...honest, evidence: undefined })
      }
  })
})
