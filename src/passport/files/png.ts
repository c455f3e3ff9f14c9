/** PNG (ISO/IEC 15948) read chunk by chunk: dimensions and metadata, nothing inflated. */
import { crc32 } from './crc32.js'
import { unreadable } from './finding.js'
import { Metadata, type ScannedImage } from './image.js'

/**
 * The chunks that show the image and what the others are. Every checksum is looked at. Of an animation the still image
 * remains.
 * Throws `file_truncated`, `file_trailing_data`, `file_malformed` with the chunk at fault.
 */
export function scanPng(bytes: Uint8Array): ScannedImage {
  const metadata = new Metadata()
  const kept = [bytes.subarray(0, 8)]
  const order = new ChunkOrder()
  let header: ReturnType<typeof readHeader> | undefined
  for (let offset = 8, count = 1; ; count++) {
    if (count > mostChunks) throw unreadable('file_malformed', 'chunks')
    const { type, content, end } = readChunk(bytes, offset)
    order.expect(type)
    if (type === 'IHDR') header = readHeader(content)
    const longest = neededChunks.get(type)
    if (longest !== undefined && content.length <= longest) kept.push(bytes.subarray(offset, end))
    else leaveOut(type, content, metadata)
    offset = end
    if (type !== 'IEND' || header === undefined) continue
    if (end !== bytes.length) throw unreadable('file_trailing_data')
    const { width, height, needsPalette } = header
    if (needsPalette && !order.seen.has('PLTE')) throw unreadable('file_malformed', 'PLTE')
    return { width, height, kept, metadata: [...metadata.names], orientation: metadata.orientation }
  }
}

/** Image data in chunks of 320 bytes fill the largest file that any profile takes. */
const mostChunks = 65_536

/** The chunks that show an image, with the most bytes that each may have (§11.2, §11.3). */
const neededChunks: ReadonlyMap<string, number> = /* @__PURE__ */ new Map([
  ['IHDR', 13],
  ['PLTE', 768],
  ['IDAT', 0x7fffffff],
  ['IEND', 0],
  ['tRNS', 256],
  ['gAMA', 4],
  ['cHRM', 32],
  ['sRGB', 1],
  ['sBIT', 4],
  ['bKGD', 6],
  ['pHYs', 9],
])

/** A chunk that is not needed, or is longer than it may be; one whose name says that it is needed cannot be left out. */
function leaveOut(type: string, content: Uint8Array, metadata: Metadata): void {
  if (/^[A-Z]/.test(type)) throw unreadable('file_malformed', 'chunk')
  if (type === 'eXIf') metadata.addExif(content)
  else metadata.add(/^(tEXt|[iz]TXt|tIME|iCCP|acTL)$/.test(type) ? type : 'other')
}

/** §5.3: length, four letters, content, checksum. */
function readChunk(bytes: Uint8Array, offset: number) {
  if (offset + 12 > bytes.length) throw unreadable('file_truncated')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = offset + 12 + view.getUint32(offset)
  if (end > bytes.length) throw unreadable('file_truncated')
  const type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8))
  if (!/^[A-Za-z]{4}$/.test(type)) throw unreadable('file_malformed', 'chunk')
  if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4))
    throw unreadable('file_malformed', 'checksum')
  return { type, content: bytes.subarray(offset + 8, end - 4), end }
}

/** §5.6: the header first, one palette, image data in one row and some of it before the end. */
class ChunkOrder {
  readonly seen = new Set<string>()
  private last = ''

  expect(type: string): void {
    const mayRepeat = type === 'IDAT' ? this.last === 'IDAT' : !['IHDR', 'PLTE'].includes(type)
    const isInPlace =
      (type === 'IHDR' || this.seen.has('IHDR')) &&
      (mayRepeat || !this.seen.has(type)) &&
      (type !== 'PLTE' || !this.seen.has('IDAT')) &&
      (type !== 'IEND' || this.seen.has('IDAT'))
    if (!isInPlace) throw unreadable('file_malformed', 'order')
    this.seen.add(type)
    this.last = type
  }
}

/** §11.2.1 */
function readHeader(content: Uint8Array) {
  if (content.length !== 13) throw unreadable('file_malformed', 'IHDR')
  const view = new DataView(content.buffer, content.byteOffset, 13)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth = 0, colour = 0, compression, filter, interlace = 0] = content.subarray(8)
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff)
    throw unreadable('file_malformed', 'dimensions')
  const depths = [[1, 2, 4, 8, 16], [], [8, 16], [1, 2, 4, 8], [8, 16], [], [8, 16]][colour] ?? []
  if (!depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    throw unreadable('file_malformed', 'IHDR')
  return { width, height, needsPalette: colour === 3 }
}
