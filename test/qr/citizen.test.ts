/** From the office to the verdict through a picture: four of a citizen's twelve claims in one code, at a counter without a network. */
import { describe, expect, it } from 'vitest'
import { fromBase45 } from '../../src/formats/qr/base45.js'
import { drawQr, qrPath } from '../../src/qr/draw.js'
import { scanQr } from '../../src/qr/scan.js'
import { age, citizenAtCounter, shownClaims, whole } from './citizen.js'
import { photograph } from './paper.js'

const { text, claims, show, kept, snapshot, registry, verify } = await citizenAtCounter()

const bytesOf = (code: string) => fromBase45(code.slice('VQP1:'.length)).length

describe('a code that shows four of a citizen’s twelve claims', () => {
  it('has at most 700 bytes before Base45, its status and the holder’s key among them', () => {
    expect(claims).toBe(12)
    expect(bytesOf(text)).toBeLessThanOrEqual(700)
    expect(text.length).toBeLessThanOrEqual('VQP1:'.length + 1050)
  })

  it('has no more where these are three names and a date', async () => {
    expect(bytesOf(await show(whole))).toBeLessThanOrEqual(700)
  })

  it.each(['low', 'medium', 'quartile'] as const)(
    'is scanned 4 cm wide at 300 dpi, with error correction %s, and verified',
    async errorCorrection => {
      const scanned = await scanQr(photograph(drawQr(text, { errorCorrection }), { pixels: 472 }))
      expect(scanned).toBe(text)
      const verdict = await verify(scanned, kept)
      expect(verdict).toMatchObject({ ok: true, format: 'qr', claims: shownClaims })
      expect(Object.keys(verdict.ok ? verdict.claims : {})).toHaveLength(4)
    },
  )

  it('is scanned turned, blurred and in poor light', async () => {
    const circumstances = { picture: 600, degrees: 5, blur: 1, noise: 10, light: [40, 190] } as const
    expect(await scanQr(photograph(drawQr(text), circumstances))).toBe(text)
    expect(40 / qrPath(text).modules).toBeGreaterThan(1 / 3)
  })
})

describe('a counter without a network', () => {
  it('says how old the status is, and where it has it from', async () => {
    expect(await verify(text, kept)).toMatchObject({
      ok: true,
      status: { checked: true, value: 'valid', source: 'snapshot', age },
    })
  })

  it('refuses lists that are older than it takes', async () => {
    expect(await verify(text, kept, age)).toMatchObject({ ok: true })
    expect(await verify(text, kept, age - 1)).toMatchObject({ ok: false, code: 'status_stale' })
  })

  it('refuses what was suspended when the lists were fetched', async () => {
    await registry.set('citizen', 'suspended')
    expect(await verify(text, await snapshot())).toMatchObject({ ok: false, code: 'status_suspended' })
    expect(await verify(text, kept)).toMatchObject({ ok: true })
  })

  it('refuses a picture without a code, for there is no text', async () => {
    const sheet = { width: 472, height: 472, data: new Uint8ClampedArray(4 * 472 * 472).fill(255) }
    expect(await verify(await scanQr(sheet), kept)).toMatchObject({ ok: false, code: 'input_not_text' })
  })
})
