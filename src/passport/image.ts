/** Images inside a passport: JPEG or PNG bytes for callers, a data URI (RFC 2397) in JSON. */
import { decodeBase64 } from '#crypto'
import { base64 } from '../core/bytes.js'

/** Bytes of the largest image that a record may hold: it travels base64-encoded twice over in a presentation. */
export const largestImage = 1_048_576

export type ImageType = 'image/jpeg' | 'image/png'

/** The media type of image bytes by how they begin; `undefined` for any other kind. Nothing further is looked at. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  if (beginsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (beginsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'image/png'
  return undefined
}

/** Whether image bytes begin as a JPEG 2000 does: a JP2 file (ISO/IEC 15444-1 annex I) or a bare codestream (annex A). */
export const isJpeg2000 = (bytes: Uint8Array): boolean =>
  beginsWith(bytes, [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a]) ||
  beginsWith(bytes, [0xff, 0x4f, 0xff, 0x51])

/** `data:image/jpeg;base64,…`. Throws `TypeError` when the bytes are neither JPEG nor PNG. */
export function imageToDataUri(bytes: Uint8Array): string {
  const type = imageType(bytes)
  if (type === undefined) throw new TypeError('the image must be JPEG or PNG')
  return `data:${type};base64,${base64(bytes)}`
}

/** The bytes of a data URI that `imageToDataUri` would have written; `undefined` for every other text. */
export function imageFromDataUri(text: string): Uint8Array | undefined {
  const [head, type] = /^data:(image\/\w+);base64,/.exec(text) ?? []
  const bytes = head && decodeBase64(text.slice(head.length), false)
  return bytes && imageType(bytes) === type ? bytes : undefined
}

const beginsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  bytes.length > magic.length && magic.every((byte, index) => bytes[index] === byte)
