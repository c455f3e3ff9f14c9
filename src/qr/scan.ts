/** A QR code in a picture or a camera's frame, as the text that it holds. */
import { decodeQR } from 'qr/decode.js'
import { expectNoMore, expectObject } from '../core/arguments.js'
import { within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type DrawablePicture, pixelsOf } from './pixels.js'

/** Pixels as a canvas has them: rows from the top, four bytes each (red, green, blue, alpha). `ImageData` is one. */
export interface PixelPicture {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array | Uint8ClampedArray
}

/** What a code is looked for in. */
export type QrPicture = PixelPicture | DrawablePicture

/** Bounds of what is searched. A caller may lower them, never raise them. */
export interface ScanLimits {
  /** Of width and height: 4,096. */
  readonly imageSide: number
  /** Width times height: 4,194,304, two frames of 1920 × 1080. */
  readonly imagePixels: number
}

const defaultScanLimits: ScanLimits = { imageSide: 4096, imagePixels: 2 ** 22 }

/** How much is searched. */
export interface ScanQrOptions {
  readonly limits?: Partial<ScanLimits> | undefined
}

/** Another try costs time only where something like a code was found; a camera's next frame is another try too. */
const effort = { effort: 16, timeLimit: 80 }

/**
 * The text of the QR code in a picture, `undefined` where none can be read: no code, one cut off, or too blurred. Of
 * several codes it is one. Takes pixels anywhere; in pages and workers also what a canvas can draw (`ImageBitmap`,
 * `VideoFrame`, a canvas, an image or video element), which is scaled down when it is larger than the limits.
 * The text is hostile until it is verified.
 *
 * Rejects with `limit_exceeded` for pixels beyond the limits, before they are looked at, and with `qr_image_unreadable` for a
 * picture that cannot be looked into: closed, without pixels, of another site, or not of the length that its size says.
 * @example const text = await scanQr(await createImageBitmap(photo))
 */
export async function scanQr(picture: QrPicture, options: ScanQrOptions = {}): Promise<string | undefined> {
  const limits = readScanLimits(options)
  const pixels = 'data' in Object(picture) ? (picture as PixelPicture) : pixelsOf(picture as DrawablePicture, limits)
  expectPixels(pixels, limits)
  try {
    return decodeQR(pixels, { format: 'RGBA', ...effort })
  } catch {
    // Whatever the decoder stumbles over in hostile pixels: they hold no code that can be read.
    return undefined
  }
}

function expectPixels({ width, height, data }: PixelPicture, limits: ScanLimits): void {
  if (!isSide(width) || !isSide(height)) throw unreadable('size')
  within(limits, 'imageSide', Math.max(width, height))
  within(limits, 'imagePixels', width * height)
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray) || data.length !== 4 * width * height)
    throw unreadable('data')
}

const isSide = (side: number): boolean => Number.isSafeInteger(side) && side > 0

function readScanLimits(options: ScanQrOptions): ScanLimits {
  expectObject(options, 'options')
  const { limits = {}, ...rest } = options
  expectNoMore(rest, 'options')
  expectObject(limits, 'limits')
  const { imageSide = defaultScanLimits.imageSide, imagePixels = defaultScanLimits.imagePixels, ...unknown } = limits
  expectNoMore(unknown, 'limits')
  expectLower(imageSide, 'imageSide')
  expectLower(imagePixels, 'imagePixels')
  return { imageSide, imagePixels }
}

function expectLower(value: number, name: keyof ScanLimits): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > defaultScanLimits[name])
    throw new RangeError(`\`limits.${name}\` must be an integer from 1 to ${defaultScanLimits[name]}`)
}

const unreadable = (at: string) => new VidimusError('qr_image_unreadable', { at })
