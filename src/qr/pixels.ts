/** The pixels of what a canvas can draw. Types are by shape: a program without a DOM may import this entry as well. */
import { misuse } from '../core/arguments.js'
import { VidimusError } from '../errors.js'

/** A `VideoFrame`, a video or image element, an `ImageBitmap` or a canvas: whatever `drawImage` takes and has a size. */
export type DrawablePicture =
  | { readonly displayWidth: number; readonly displayHeight: number }
  | { readonly videoWidth: number; readonly videoHeight: number }
  | { readonly naturalWidth: number; readonly naturalHeight: number }
  | { readonly width: number; readonly height: number }

interface Size {
  readonly width: number
  readonly height: number
}

/** Beyond these a picture is not drawn, however small: 64 megapixels. */
const mostPixels = 2 ** 26

/**
 * The picture on white, no larger than the limits. Throws `limit_exceeded` for one of more than 64 megapixels,
 * `qr_image_unreadable` for one that has no size or cannot be drawn and read; `TypeError` where there is no canvas.
 */
export function pixelsOf(
  picture: DrawablePicture,
  limits: { readonly imageSide: number; readonly imagePixels: number },
): ImageData {
  const size = sizeOf(picture)
  if (size === undefined) throw new VidimusError('qr_image_unreadable', { at: 'size' })
  if (size.width * size.height > mostPixels)
    throw new VidimusError('limit_exceeded', {
      at: 'picturePixels',
      expected: mostPixels,
      actual: size.width * size.height,
    })
  if (typeof OffscreenCanvas === 'undefined')
    throw misuse('picture', '{ width, height, data } where there is no canvas')
  const scale = Math.min(
    1,
    limits.imageSide / Math.max(size.width, size.height),
    Math.sqrt(limits.imagePixels / (size.width * size.height)),
  )
  const width = Math.max(1, Math.floor(size.width * scale))
  const height = Math.max(1, Math.floor(size.height * scale))
  try {
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!
    context.fillStyle = '#fff'
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = 'high'
    context.drawImage(picture as CanvasImageSource, 0, 0, width, height)
    return context.getImageData(0, 0, width, height)
  } catch {
    // Closed meanwhile, broken, or of another site, whose pixels a page may not read.
    throw new VidimusError('qr_image_unreadable', { at: 'picture' })
  }
}

/** As it is shown: the `width` of an element is that of its box, and a `VideoFrame` has none. */
function sizeOf(picture: unknown): Size | undefined {
  const of = Object(picture) as Readonly<Record<string, unknown>>
  const width = of['displayWidth'] ?? of['videoWidth'] ?? of['naturalWidth'] ?? of['width']
  const height = of['displayHeight'] ?? of['videoHeight'] ?? of['naturalHeight'] ?? of['height']
  return isSide(width) && isSide(height) ? { width, height } : undefined
}

const isSide = (side: unknown): side is number => typeof side === 'number' && Number.isFinite(side) && side > 0
