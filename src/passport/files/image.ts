/** What an image says without being decoded, and the pieces of it that are needed to show it. */

export interface ScannedImage {
  readonly width: number
  readonly height: number
  /** What `stripImage` joins: the bytes to show the image with and nothing else. */
  readonly kept: readonly Uint8Array[]
  /** What is left out, by the names of the format; `GPS` where a place of capture is. */
  readonly metadata: readonly string[]
  /** How Exif has the image turned, 1 (not at all) to 8. */
  readonly orientation: number
}

/** Metadata as it is come across, each name once. */
export class Metadata {
  readonly names = new Set<string>()
  orientation = 1

  add(name: string): void {
    this.names.add(name)
  }

  /** Exif, as a TIFF structure: its orientation and whether it tells a place. What is malformed tells nothing. */
  addExif(tiff: Uint8Array): void {
    this.add('Exif')
    for (const [tag, value] of readFirstDirectory(tiff)) {
      if (tag === 0x0112 && value >= 1 && value <= 8) this.orientation = value
      if (tag === 0x8825) this.add('GPS')
    }
  }
}

/** TIFF 6.0 §2: tags of the first directory with their values as short numbers. */
function* readFirstDirectory(tiff: Uint8Array): Generator<readonly [tag: number, value: number]> {
  if (tiff.length < 8) return
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  const littleEndian = tiff[0] === 0x49
  const start = view.getUint32(4, littleEndian)
  if (start + 2 > tiff.length) return
  const end = Math.min(start + 2 + view.getUint16(start, littleEndian) * 12, tiff.length)
  for (let entry = start + 2; entry + 12 <= end; entry += 12)
    yield [view.getUint16(entry, littleEndian), view.getUint16(entry + 8, littleEndian)]
}

/** Whether bytes begin with ASCII text. */
export const beginsWithText = (bytes: Uint8Array, text: string): boolean =>
  bytes.length >= text.length && [...text].every((letter, index) => bytes[index] === letter.charCodeAt(0))
