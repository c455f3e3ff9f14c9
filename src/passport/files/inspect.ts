/** Files that applicants hand in, judged by their content against a profile, with every reason at once. */
import { expectObject, misuse } from '../../core/arguments.js'
import type { FileCode } from '../../errors.js'
import { VidimusError } from '../../errors.js'
import { scanDocx } from './docx.js'
import { type FileFinding, finding } from './finding.js'
import type { ScannedImage } from './image.js'
import { type FileKind, fileKind, mediaTypes } from './kind.js'
import { scanPdf } from './pdf.js'
import { findOther } from './polyglot.js'
import type { FileProfile, ImageRules } from './profile.js'
import { scanImage } from './strip.js'

export interface AcceptedFile {
  readonly ok: true
  readonly kind: FileKind
  readonly mediaType: string
  /** Bytes. */
  readonly size: number
  /** Pixels, of an image. */
  readonly width?: number
  readonly height?: number
  /** What deserves a look but does not refuse: `file_metadata`, `image_rotated`. */
  readonly warnings: readonly FileFinding[]
}

export interface RejectedFile {
  readonly ok: false
  readonly kind?: FileKind
  readonly rejections: readonly FileFinding[]
}

/**
 * Judges a file by what it is, not by its name. Images are read to their end but not decoded; PDF and DOCX are searched for
 * what runs, hides, fetches or carries other files, and none may be a PDF or an archive beside what it is. Whether they are legible, and what they show, is not looked at.
 *
 * A file beyond the profile's bytes is not read at all. Never throws for what is in a file; throws `TypeError` for what is
 * not bytes or no profile.
 * @example const verdict = await inspectFile(bytes, fileProfiles.identity)
 */
export async function inspectFile(bytes: Uint8Array, profile: FileProfile): Promise<AcceptedFile | RejectedFile> {
  if (!(bytes instanceof Uint8Array)) throw misuse('bytes', 'a Uint8Array')
  expectObject(profile, 'profile')
  if (!Array.isArray(profile.kinds)) throw misuse('profile.kinds', 'a list of kinds')
  if (!Number.isSafeInteger(profile.largest)) throw misuse('profile.largest', 'a whole number')
  const kind = fileKind(bytes)
  const findings = beforeReading(kind, bytes.length, profile)
  if (kind === undefined || findings.length > 0) return rejected(kind, findings)
  try {
    return await examine(kind, bytes, profile)
  } catch (error) {
    if (!(error instanceof VidimusError)) throw error
    return rejected(kind, [finding(error.code as FileCode, error)])
  }
}

function beforeReading(
  kind: FileKind | undefined,
  size: number,
  { kinds, largest }: FileProfile,
): readonly FileFinding[] {
  const findings: FileFinding[] = []
  if (kind === undefined) findings.push(finding('file_unrecognized'))
  else if (!kinds.includes(kind))
    findings.push(finding('file_type_not_allowed', { expected: kinds.join(', '), actual: kind }))
  if (size > largest) findings.push(finding('file_too_large', { expected: largest, actual: size }))
  return findings
}

async function examine(
  kind: FileKind,
  bytes: Uint8Array,
  { image }: FileProfile,
): Promise<AcceptedFile | RejectedFile> {
  const file = { kind, mediaType: mediaTypes[kind], size: bytes.length }
  const other = findOther(kind, bytes)
  if (kind === 'jpeg' || kind === 'png') {
    const { width, height, ...scanned } = scanImage(kind, bytes)
    const told = metadataOf(scanned)
    const findings = [...other, ...sidesOf({ width, height }, image), ...(image?.metadata === 'refuse' ? told : [])]
    return findings.length > 0 ? rejected(kind, findings) : { ok: true, ...file, width, height, warnings: told }
  }
  const { findings, metadata } = await (kind === 'pdf' ? scanPdf(bytes) : scanDocx(bytes))
  if (findings.length + other.length > 0) return rejected(kind, [...findings, ...other])
  return { ok: true, ...file, warnings: metadata ? [finding('file_metadata')] : [] }
}

const rejected = (kind: FileKind | undefined, rejections: readonly FileFinding[]): RejectedFile =>
  kind === undefined ? { ok: false, rejections } : { ok: false, kind, rejections }

function sidesOf({ width, height }: { width: number; height: number }, rules: ImageRules = {}): readonly FileFinding[] {
  const { leastWidth = 1, leastHeight = 1, mostPixels = 50_000_000, aspect } = rules
  const findings: FileFinding[] = []
  if (width < leastWidth)
    findings.push(finding('image_too_small', { at: 'width', expected: leastWidth, actual: width }))
  if (height < leastHeight)
    findings.push(finding('image_too_small', { at: 'height', expected: leastHeight, actual: height }))
  const pixels = width * height
  if (pixels > mostPixels) findings.push(finding('image_too_large', { expected: mostPixels, actual: pixels }))
  if (aspect !== undefined && !isNear(width / height, aspect.width / aspect.height, aspect.tolerance))
    findings.push(finding('image_aspect', { expected: `${aspect.width}:${aspect.height}` }))
  return findings
}

const isNear = (ratio: number, wanted: number, tolerance = 0.03): boolean =>
  Math.abs(ratio - wanted) <= wanted * tolerance

function metadataOf({ metadata, orientation }: Pick<ScannedImage, 'metadata' | 'orientation'>): readonly FileFinding[] {
  const findings: FileFinding[] = []
  if (metadata.length > 0) findings.push(finding('file_metadata', { at: metadata.join(', ') }))
  if (orientation !== 1) findings.push(finding('image_rotated'))
  return findings
}
