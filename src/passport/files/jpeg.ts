/** JPEG (ITU-T T.81) read segment by segment: dimensions and metadata, nothing decoded. */

import { unreadable } from './finding.js'
import { beginsWithText, Metadata, type ScannedImage } from './image.js'

/** Scans of one image: a progressive one has about ten, and each costs whoever decodes it a pass. */
const mostScans = 64

const mostSegments = 4096

/**
 * The segments that show the image and what the others are. Baseline, extended and progressive images of 8 bits.
 * Throws `file_truncated`, `file_trailing_data`, `file_malformed` with the segment at fault.
 */
export function scanJpeg(bytes: Uint8Array): ScannedImage {
  const metadata = new Metadata()
  const kept = [bytes.subarray(0, 2)]
  let size: { readonly width: number; readonly height: number } | undefined
  let scans = 0
  for (let offset = 2, count = 1; ; count++) {
    if (count > mostSegments) throw unreadable('file_malformed', 'segments')
    const { code, start, end } = readSegment(bytes, offset)
    if (code === endOfImage) {
      if (end !== bytes.length) throw unreadable('file_trailing_data')
      if (size === undefined || scans === 0) throw unreadable('file_malformed', 'image')
      kept.push(bytes.subarray(start, end))
      return { ...size, kept, metadata: [...metadata.names], orientation: metadata.orientation }
    }
    const content = bytes.subarray(start + 4, end)
    offset = end
    if (isFrame(code)) {
      if (size !== undefined) throw unreadable('file_malformed', 'frame')
      size = readFrame(content)
    } else if (code === startOfScan) {
      if (size === undefined || ++scans > mostScans) throw unreadable('file_malformed', 'scan')
      offset = endOfScan(bytes, end)
    }
    if (isNeeded(code)) kept.push(bytes.subarray(start, offset))
    else kept.push(...readApplication(code, content, metadata))
  }
}

const startOfScan = 0xda
const endOfImage = 0xd9
const comment = 0xfe

/** SOF0 to SOF2: lossless, hierarchical and arithmetic frames are shown nowhere. */
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xc2

/** Frames, Huffman tables, scans, quantization tables, restart intervals. */
const isNeeded = (code: number): boolean => isFrame(code) || [0xc4, startOfScan, 0xdb, 0xdd].includes(code)

const isApplication = (code: number): boolean => code >= 0xe0 && code <= 0xef

/** B.1.1.2, B.1.1.4: a marker, before which any number of 0xFF may stand, and unless it is the last one a length. */
function readSegment(bytes: Uint8Array, offset: number) {
  let at = offset
  while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
  if (at + 1 >= bytes.length) throw unreadable('file_truncated')
  if (bytes[at] !== 0xff) throw unreadable('file_malformed', 'marker')
  const code = bytes[at + 1]!
  if (code === endOfImage) return { code, start: at, end: at + 2 }
  if (!isNeeded(code) && !isApplication(code) && code !== comment) throw unreadable('file_malformed', 'marker')
  if (at + 4 > bytes.length) throw unreadable('file_truncated')
  const length = uint16(bytes, at + 2)
  if (length < 2) throw unreadable('file_malformed', 'length')
  const end = at + 2 + length
  if (end > bytes.length) throw unreadable('file_truncated')
  return { code, start: at, end }
}

/** B.2.2: precision, lines, samples per line, components. */
function readFrame(content: Uint8Array) {
  const components = content[5] ?? 0
  if (content.length !== 6 + 3 * components || content[0] !== 8 || ![1, 3, 4].includes(components))
    throw unreadable('file_malformed', 'frame')
  const [height, width] = [uint16(content, 1), uint16(content, 3)]
  if (height === 0 || width === 0) throw unreadable('file_malformed', 'dimensions')
  return { width, height }
}

/** Where the entropy-coded data ends: at the first marker that is neither a stuffed byte, a fill byte nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1]
    const isInside = code === 0 || code === 0xff || (code !== undefined && code >= 0xd0 && code <= 0xd7)
    if (code !== undefined && !isInside) return at
  }
  throw unreadable('file_truncated')
}

/** What stays of an application segment: the JFIF header without its thumbnail, Adobe's word on colours. */
function readApplication(code: number, content: Uint8Array, metadata: Metadata): readonly Uint8Array[] {
  const begins = (text: string) => beginsWithText(content, text)
  if (code === 0xe0 && begins('JFIF\0') && content.length >= 14) {
    if (content.length > 14) metadata.add('thumbnail')
    return [Uint8Array.of(0xff, 0xe0, 0, 16, ...content.subarray(0, 12), 0, 0)]
  }
  if (code === 0xee && begins('Adobe') && content.length === 12) return [Uint8Array.of(0xff, 0xee, 0, 14, ...content)]
  if (code === 0xe1 && begins('Exif\0\0')) metadata.addExif(content.subarray(6))
  else if (code === 0xe1 && begins('http://ns.adobe.com/x')) metadata.add('XMP')
  else if (code === 0xe2 && begins('ICC_PROFILE\0')) metadata.add('ICC')
  else if (code === 0xed) metadata.add('IPTC')
  else metadata.add(code === comment ? 'comment' : `APP${code - 0xe0}`)
  return []
}

const uint16 = (bytes: Uint8Array, offset: number): number => (bytes[offset]! << 8) | bytes[offset + 1]!
