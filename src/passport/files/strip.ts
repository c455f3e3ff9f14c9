/** Images without what is not needed to show them: Exif, XMP, places, comments, thumbnails, colour profiles, text. */
import type { ImageType } from '../image.js'
import { unreadable } from './finding.js'
import type { ScannedImage } from './image.js'
import { scanJpeg } from './jpeg.js'
import { fileKind, mediaTypes } from './kind.js'
import { scanPng } from './png.js'

export interface StrippedImage {
  readonly bytes: Uint8Array
  readonly mediaType: ImageType
  readonly width: number
  readonly height: number
  /** What was left out, by the names of the format: `Exif`, `GPS`, `XMP`, `ICC`, `comment`, `tEXt`, … */
  readonly removed: readonly string[]
  /** How Exif had the image turned, 1 (not at all) to 8: what is not 1 has to be turned by whoever can decode it. */
  readonly orientation: number
}

/**
 * The image of a JPEG or PNG, made of the segments that show it and of no others. Nothing is decoded, so that colours and
 * sharpness are the same; a colour profile goes too, and sRGB is what remains. A stripped image strips to itself.
 *
 * Throws `file_unrecognized`, `file_truncated`, `file_trailing_data` (another file behind the image), `file_malformed`, and
 * `TypeError` for what is not bytes.
 * @example const { bytes, removed } = stripImage(photo) // removed: ['Exif', 'GPS']
 */
export function stripImage(bytes: Uint8Array): StrippedImage {
  const kind = fileKind(bytes)
  if (kind !== 'jpeg' && kind !== 'png') throw unreadable('file_unrecognized')
  const { kept, metadata, ...image } = scanImage(kind, bytes)
  const mediaType = mediaTypes[kind]
  return { bytes: joined(kept), mediaType, removed: metadata, ...image }
}

export const scanImage = (kind: 'jpeg' | 'png', bytes: Uint8Array): ScannedImage =>
  kind === 'jpeg' ? scanJpeg(bytes) : scanPng(bytes)

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return whole
}
