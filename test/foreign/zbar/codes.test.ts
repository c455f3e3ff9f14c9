/** Codes of ours, read by ZBar (`zbarimg`), the scanner behind many desk readers and kiosks. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { splitFrames } from '../../../src/formats/qr/frames.js'
import { drawQr } from '../../../src/qr/draw.js'
import type { PixelPicture } from '../../../src/qr/scan.js'
import { newFolder } from '../../openssl.js'
import { base45, type Circumstances, photograph } from '../../qr/paper.js'

const hasZbar = spawnSync('zbarimg', ['--version']).status === 0

it('has ZBar, or may be left out', () => {
  expect(hasZbar || process.env['VIDIMUS_LEAVE_NOTHING_OUT'] !== '1').toBe(true)
})

describe.runIf(hasZbar)('a code of ours', () => {
  const folder = newFolder()
  const presentation = `VQP1:${base45(1050)}`

  function read({ width, height, data }: PixelPicture): string {
    const path = join(folder, 'code.pgm')
    const grey = Buffer.from(data.filter((_, index) => index % 4 === 0))
    writeFileSync(path, Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), grey]))
    const { stdout } = spawnSync('zbarimg', ['--raw', '--quiet', '-Sdisable', '-Sqrcode.enable', path])
    return stdout.toString().replace(/\n$/, '')
  }

  const circumstances: readonly (readonly [string, Circumstances])[] = [
    ['as it is', {}],
    ['turned by three degrees', { picture: 560, degrees: 3 }],
    ['blurred', { blur: 1 }],
    ['with noise', { noise: 30 }],
  ]

  it.each(circumstances)('of 700 bytes on 4 cm at 300 dpi is read %s', (_, how) => {
    for (const errorCorrection of ['low', 'medium', 'quartile'] as const)
      expect(read(photograph(drawQr(presentation, { errorCorrection }), how))).toBe(presentation)
  })

  it('is read frame by frame', async () => {
    for (const frame of await splitFrames(base45(2500))) expect(read(photograph(drawQr(frame)))).toBe(frame)
  })

  it('is read when it holds an address, in bytes', () => {
    const request =
      'openid4vp://?client_id=x509_san_dns%3Averifier.example&request_uri=https%3A%2F%2Fverifier.example%2Fr'
    expect(read(photograph(drawQr(request, { errorCorrection: 'high' })))).toBe(request)
  })
})
