/** Codes as a page draws them, and whatever a page can look at: canvases, images, bitmaps, frames of a camera. */
import { afterEach, describe, expect, it } from 'vitest'
import { drawQr, qrPath } from '../../src/qr/draw.js'
import { type QrPicture, scanQr } from '../../src/qr/scan.js'
import { citizenAtCounter, shownClaims } from './citizen.js'
import { base45 } from './paper.js'

const presentation = `VQP1:${base45(1050)}`

/** 4 cm at 300 dpi. */
const side = 472

async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image()
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`
  await image.decode()
  return image
}

interface Scene {
  readonly width?: number
  readonly height?: number
  readonly degrees?: number
  readonly filter?: string
  readonly side?: number
}

/** The image in the middle of a white sheet, which the browser renders. */
function sheet(image: HTMLImageElement, scene: Scene = {}): HTMLCanvasElement {
  const { width = side, height = width, degrees = 0, filter = 'none', side: drawn = side } = scene
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width, height })
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, width, height)
  context.filter = filter
  context.translate(width / 2, height / 2)
  context.rotate((degrees * Math.PI) / 180)
  context.drawImage(image, -drawn / 2, -drawn / 2, drawn, drawn)
  context.resetTransform()
  context.filter = 'none'
  return canvas
}

const pixels = (canvas: HTMLCanvasElement): ImageData =>
  canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height)

const opened: (() => void)[] = []
afterEach(() => {
  for (const close of opened.splice(0)) close()
})

describe('a presentation of 700 bytes, rendered 4 cm wide at 300 dpi', () => {
  const scenes: readonly (readonly [string, Scene])[] = [
    ['as it is', {}],
    ['turned by four degrees', { width: 600, degrees: 4 }],
    ['slightly blurred', { filter: 'blur(1px)' }],
    ['grey on grey', { filter: 'contrast(40%)' }],
    ['turned and blurred in a frame of a camera', { width: 1280, height: 720, degrees: -5, filter: 'blur(0.7px)' }],
  ]

  it.each(scenes)('is read %s', async (_, scene) => {
    for (const errorCorrection of ['low', 'medium', 'quartile'] as const) {
      const image = await imageOf(drawQr(presentation, { errorCorrection, millimetres: 40 }))
      expect(await scanQr(pixels(sheet(image, scene)))).toBe(presentation)
    }
  })

  it('has a quiet zone, crisp modules and no other colour', async () => {
    const { data } = pixels(sheet(await imageOf(drawQr(presentation))))
    const shades = new Set(data.filter((_, index) => index % 4 !== 3))
    expect([...shades].sort()).toEqual([0, 255])
    expect(data.slice(0, 4 * side * 16).every(value => value === 255)).toBe(true)
  })

  it('is 40 millimetres wide where it says so', async () => {
    const { naturalWidth, naturalHeight } = await imageOf(drawQr(presentation, { millimetres: 40 }))
    expect([naturalWidth, naturalHeight]).toEqual([151, 151])
  })
})

describe('a code that shows four of a citizen’s twelve claims', () => {
  it('is rendered 4 cm wide at 300 dpi, scanned and verified', async () => {
    const { text, kept, verify } = await citizenAtCounter()
    for (const errorCorrection of ['low', 'medium', 'quartile'] as const) {
      const image = await imageOf(drawQr(text, { errorCorrection, millimetres: 40 }))
      const scanned = await scanQr(pixels(sheet(image)))
      expect(scanned).toBe(text)
      expect(await verify(scanned, kept)).toMatchObject({ ok: true, format: 'qr', claims: shownClaims })
    }
  })
})

describe('a drawn code', () => {
  it('is black on white under a policy that allows nothing', async () => {
    const frame = document.createElement('iframe')
    const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`
    frame.srcdoc = `${policy}${drawQr('A')}`
    const loaded = new Promise(resolve => frame.addEventListener('load', resolve))
    document.body.append(frame)
    opened.push(() => frame.remove())
    await loaded
    const paths = [...frame.contentDocument!.querySelectorAll('path')]
    expect(paths.map(path => getComputedStyle(path).fill)).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)'])
    expect(paths.map(path => path.getBBox().width)).toEqual([29, 21])
  })

  it('is drawn on a canvas from its path, with no markup', async () => {
    const { modules, path } = qrPath(presentation)
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = modules * 4
    const context = canvas.getContext('2d')!
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.fillStyle = '#000'
    context.scale(4, 4)
    context.fill(new Path2D(path))
    expect(await scanQr(canvas)).toBe(presentation)
  })
})

describe('a page looks for a code', () => {
  const image = imageOf(drawQr(presentation))
  const canvas = image.then(drawn => sheet(drawn))

  async function playing(source: HTMLCanvasElement): Promise<HTMLVideoElement> {
    const video = document.createElement('video')
    video.muted = true
    const stream = source.captureStream()
    video.srcObject = stream
    // A canvas that nobody draws on has no frames.
    const again = setInterval(() => source.getContext('2d')!.drawImage(source, 0, 0), 50)
    opened.push(() => {
      clearInterval(again)
      video.srcObject = null
      for (const track of stream.getTracks()) track.stop()
    })
    await video.play()
    return video
  }

  const pictures: readonly (readonly [string, () => Promise<QrPicture>])[] = [
    ['the pixels of a canvas', async () => pixels(await canvas)],
    ['a canvas', () => canvas],
    [
      'an image, whatever the size of its box',
      async () => Object.assign(await imageOf(drawQr('A')), { width: 1, height: 1 }),
    ],
    ['an ImageBitmap', async () => createImageBitmap(await canvas)],
    [
      'an OffscreenCanvas',
      async () => {
        const offscreen = new OffscreenCanvas(side, side)
        offscreen.getContext('2d')!.drawImage(await image, 0, 0, side, side)
        return offscreen
      },
    ],
    [
      'a VideoFrame',
      async () => {
        const frame = new VideoFrame(await canvas, { timestamp: 0 })
        opened.push(() => frame.close())
        return frame
      },
    ],
  ]

  it.each(pictures)('in %s', async (name, picture) => {
    expect(await scanQr(await picture())).toBe(name.startsWith('an image') ? 'A' : presentation)
  })

  it('in a video, frame after frame', async () => {
    const video = await playing(await canvas)
    await expect.poll(() => scanQr(video), { timeout: 10_000 }).toBe(presentation)
  })

  it('in a photograph larger than the limits, which is scaled down', async () => {
    const photograph = sheet(await image, { width: 4032, height: 3024, side: 1100, degrees: 3 })
    expect(await scanQr(photograph)).toBe(presentation)
    await expect(scanQr(pixels(photograph))).rejects.toMatchObject({ code: 'limit_exceeded', at: 'imagePixels' })
    expect(await scanQr(await canvas, { limits: { imageSide: 100 } })).toBeUndefined()
  })

  it('in a strip that is nothing once scaled down, and finds none', async () => {
    const strip = document.createElement('canvas')
    Object.assign(strip, { width: 20_000, height: 2 })
    expect(await scanQr(strip)).toBeUndefined()
  })

  it('in a drawing without a background', async () => {
    const svg = drawQr('A', { millimetres: 40 }).replace(/<path fill="#fff"[^>]*>/, '')
    expect(await scanQr(await imageOf(svg))).toBe('A')
  })

  it('and finds none in a photograph of something else', async () => {
    const landscape = document.createElement('canvas')
    Object.assign(landscape, { width: 800, height: 600 })
    const context = landscape.getContext('2d')!
    const sky = context.createLinearGradient(0, 0, 0, 600)
    sky.addColorStop(0, '#8bd')
    sky.addColorStop(1, '#352')
    context.fillStyle = sky
    context.fillRect(0, 0, 800, 600)
    for (let hill = 0; hill < 60; hill++) {
      context.fillStyle = `hsl(${hill * 40} 40% ${20 + hill}%)`
      context.fillRect((hill * 131) % 760, (hill * 71) % 560, 10 + hill, 40)
    }
    expect(await scanQr(landscape)).toBeUndefined()
  })
})

describe('a picture that a page cannot look into is refused', () => {
  const closed = async () => {
    const bitmap = await createImageBitmap(new ImageData(4, 4))
    bitmap.close()
    return bitmap
  }
  const closedFrame = async () => {
    const frame = new VideoFrame(sheet(await imageOf(drawQr('A'))), { timestamp: 0 })
    frame.close()
    return frame
  }

  const pictures: readonly (readonly [string, () => Promise<QrPicture>, string])[] = [
    ['a closed ImageBitmap', closed, 'size'],
    ['a closed VideoFrame', closedFrame, 'size'],
    ['an image that is not there', async () => new Image(), 'size'],
    ['a video that does not play yet', async () => document.createElement('video'), 'size'],
    ['what looks like one', async () => ({ width: 4, height: 4 }), 'picture'],
  ]

  it.each(pictures)('%s', async (_, picture, at) => {
    await expect(scanQr(await picture())).rejects.toMatchObject({ code: 'qr_image_unreadable', at })
  })
})
