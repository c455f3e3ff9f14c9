import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frameCollector, splitFrames } from '../../src/formats/qr/frames.js'
import { drawQr, qrPath } from '../../src/qr/draw.js'
import { type PixelPicture, scanQr } from '../../src/qr/scan.js'
import qrencode from '../vectors/qrencode/codes.json' with { type: 'json' }
import { base45, type Circumstances, lcg, modulesOf, photograph } from './paper.js'

/** 700 bytes in Base45, with a prefix. */
const presentation = `VQP1:${base45(1050)}`

const plain = (width: number, height: number, grey = 255): PixelPicture => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).fill(grey),
})

describe('codes drawn by qrencode', () => {
  it.each(qrencode.codes)('are read: $title', async ({ text, side, rows }) => {
    const isDark = (x: number, y: number) => (Number.parseInt(rows[y]?.[x >> 2] ?? '0', 16) >> (3 - (x & 3))) & 1
    const pixels = 4
    const picture = plain(side * pixels, side * pixels)
    for (let index = 0; index < picture.data.length; index += 4) {
      const [x, y] = [(index / 4) % picture.width, Math.floor(index / 4 / picture.width)]
      if (isDark(Math.floor(x / pixels), Math.floor(y / pixels))) picture.data.fill(0, index, index + 3)
    }
    expect(await scanQr(picture)).toBe(text)
  })
})

describe('a presentation of 700 bytes, 4 cm wide at 300 dpi', () => {
  const circumstances: readonly (readonly [string, Circumstances])[] = [
    ['as it is', {}],
    ['turned by three degrees', { picture: 600, degrees: 3 }],
    ['turned by seven degrees the other way', { picture: 600, degrees: -7 }],
    ['upside down', { degrees: 180 }],
    ['slightly blurred', { blur: 1 }],
    ['more blurred', { blur: 2 }],
    ['with noise', { noise: 60 }],
    ['in poor light', { light: [40, 130], noise: 10 }],
    ['small in a larger picture', { picture: 800, degrees: 2 }],
    ['turned, blurred and with noise', { picture: 560, degrees: 4, blur: 1, noise: 10, light: [30, 200] }],
  ]

  it.each(circumstances)('is read %s', async (_, how) => {
    for (const errorCorrection of ['low', 'medium', 'quartile'] as const)
      expect(await scanQr(photograph(drawQr(presentation, { errorCorrection }), how))).toBe(presentation)
  })

  it('has modules of a third of a millimetre', () => {
    expect(presentation).toHaveLength(1055)
    expect(40 / qrPath(presentation).modules).toBeGreaterThan(1 / 3)
  })
})

it('reads whatever was drawn', async () => {
  const texts = fc.oneof(
    fc.string({ minLength: 1, maxLength: 200, unit: 'binary' }),
    fc.string({ minLength: 1, maxLength: 300, unit: fc.constantFrom(...'0123456789') }),
    fc.integer({ min: 1, max: 600 }).map(base45),
  )
  const levels = fc.constantFrom('low', 'medium', 'quartile', 'high')
  await fc.assert(
    fc.asyncProperty(texts, levels, async (text, errorCorrection) => {
      const svg = drawQr(text, { errorCorrection })
      expect(await scanQr(photograph(svg, { pixels: 3 * modulesOf(svg).length }))).toBe(text)
    }),
    { seed: 20261122, numRuns: 100 },
  )
})

describe('several codes of one text', () => {
  it('are drawn, read in any order, and put together', async () => {
    const text = base45(3000)
    const frames = await splitFrames(text)
    expect(new Set(frames.map(frame => qrPath(frame).modules)).size).toBe(1)
    const collector = frameCollector()
    for (const frame of [...frames].reverse()) {
      const progress = await collector.add((await scanQr(photograph(drawQr(frame)))) ?? '')
      if (frame === frames[0]) expect(progress).toEqual({ done: true, text })
    }
  })
})

describe('a picture without a code that can be read', () => {
  const code = photograph(drawQr(presentation))
  const withoutHalf = { ...code, data: code.data.slice().fill(255, code.data.length / 2) }
  const random = lcg(7)
  const scrambled = { ...code, data: code.data.slice() }
  for (let index = 0; index < scrambled.data.length; index += 4)
    if (index % 3 === 0 && (index / 4) % 472 > 100) scrambled.data.fill(random() < 0.5 ? 0 : 255, index, index + 3)

  it.each([
    ['nothing but white', plain(640, 480)],
    ['nothing but black', plain(640, 480, 0)],
    ['one pixel', plain(1, 1)],
    ['one line', plain(4000, 1)],
    ['half a code', withoutHalf],
    ['a code with too much lost', scrambled],
    ['a code too small to tell its modules', photograph(drawQr(presentation), { pixels: 130 })],
    ['transparent', { width: 64, height: 64, data: new Uint8Array(4 * 64 * 64) }],
  ])('has no text: %s', async (_, picture) => {
    expect(await scanQr(picture)).toBeUndefined()
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('has no text: noise %i', async seed => {
    const noise = lcg(seed)
    const picture = plain(400, 300)
    for (let index = 0; index < picture.data.length; index++) picture.data[index] = 256 * noise()
    expect(await scanQr(picture)).toBeUndefined()
  })
})

describe('a picture that cannot be searched', () => {
  it.each([
    [{ width: 2, height: 2, data: new Uint8Array(15) }, 'data'],
    [{ width: 2, height: 2, data: new Uint8Array(17) }, 'data'],
    [{ width: 2, height: 2, data: new Uint8Array(12) }, 'data'],
    [{ width: 2, height: 2, data: [255] }, 'data'],
    [{ width: 2, height: 2, data: new Float32Array(16) }, 'data'],
    [{ width: 2, height: 2, data: undefined }, 'data'],
    [{ width: 0, height: 2, data: new Uint8Array(0) }, 'size'],
    [{ width: 2, height: -2, data: new Uint8Array(0) }, 'size'],
    [{ width: 1.5, height: 2, data: new Uint8Array(12) }, 'size'],
    [{ width: Number.NaN, height: 2, data: new Uint8Array(0) }, 'size'],
    [{ width: '2', height: 2, data: new Uint8Array(16) }, 'size'],
    [{ data: new Uint8Array(16) }, 'size'],
    [{}, 'size'],
    [{ width: 0, height: 0 }, 'size'],
    [{ displayWidth: 0, displayHeight: 0, width: 640, height: 480 }, 'size'],
    [{ videoWidth: 0, videoHeight: 0, width: 640, height: 480 }, 'size'],
    [{ naturalWidth: Number.POSITIVE_INFINITY, naturalHeight: 1 }, 'size'],
    [undefined, 'size'],
    [null, 'size'],
    ['image.png', 'size'],
  ])('is refused: %j', async (picture, at) => {
    await expect(scanQr(picture as PixelPicture)).rejects.toMatchObject({ code: 'qr_image_unreadable', at })
  })

  it('is one that only a canvas could draw, where there is none', async () => {
    const refused = expect(scanQr({ width: 640, height: 480 })).rejects
    if (typeof OffscreenCanvas === 'undefined') await refused.toThrow('`picture` must be { width, height, data }')
    else await refused.toMatchObject({ code: 'qr_image_unreadable', at: 'picture' })
  })

  const data = new Uint8Array(0)
  it.each([
    [{ width: 4097, height: 1, data }, 'imageSide', 4096],
    [{ width: 1, height: 2 ** 40, data }, 'imageSide', 4096],
    [{ width: 4096, height: 4096, data }, 'imagePixels', 4_194_304],
    [{ width: 2049, height: 2048, data }, 'imagePixels', 4_194_304],
    [{ width: 2 ** 15, height: 2 ** 12 }, 'picturePixels', 2 ** 26],
  ])('is refused for its size before its pixels are looked at: %j', async (picture, at, expected) => {
    await expect(scanQr(picture)).rejects.toMatchObject({ code: 'limit_exceeded', at, expected })
  })

  it('takes no longer than a hostile input may', async () => {
    const noise = lcg(1)
    const picture = plain(2048, 2048)
    for (let index = 0; index < picture.data.length; index++) picture.data[index] = 256 * noise()
    const started = performance.now()
    expect(await scanQr(picture)).toBeUndefined()
    expect(performance.now() - started).toBeLessThan(1500)
  })
})

describe('limits of scanning', () => {
  it('are lowered, and hold', async () => {
    const code = photograph(drawQr('A'), { pixels: 100 })
    expect(await scanQr(code, { limits: { imageSide: 100, imagePixels: 10_000 } })).toBe('A')
    await expect(scanQr(code, { limits: { imageSide: 99 } })).rejects.toMatchObject({ at: 'imageSide', expected: 99 })
    await expect(scanQr(code, { limits: { imagePixels: 9999 } })).rejects.toMatchObject({
      at: 'imagePixels',
      actual: 10_000,
    })
  })

  it.each([
    [{ limits: { imageSide: 4097 } }, '`limits.imageSide`'],
    [{ limits: { imageSide: 0 } }, '`limits.imageSide`'],
    [{ limits: { imagePixels: 4_194_305 } }, '`limits.imagePixels`'],
    [{ limits: { imagePixels: 0.5 } }, '`limits.imagePixels`'],
    [{ limits: { pixels: 1 } }, '`limits.pixels`'],
    [{ limits: null }, '`limits`'],
    [{ limit: {} }, '`options.limit`'],
    [null, '`options`'],
  ])('are nothing else: %j', async (options, message) => {
    await expect(scanQr(plain(1, 1), options as object)).rejects.toThrow(message)
  })
})
