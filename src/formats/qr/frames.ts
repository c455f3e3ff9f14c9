/**
 * A text that is too long for one QR code, as numbered frames: codes that are shown one after another or printed side by
 * side, and scanned in any order. A layout of our own:
 *
 *     VQF1:<the whole, 32 hexadecimal digits>:<number>/<count>:<part>
 *
 * The first 16 bytes of the SHA-256 of the whole text stand in every frame, so that frames of two texts are never put
 * together and what is given out is the text that was divided. They prove no origin: the text is as hostile as that of one
 * code. Everything is of the characters of the alphanumeric mode (ISO/IEC 18004), two of which take eleven bits.
 */
import { digest } from '#crypto'
import { expectNoMore, expectObject, misuse } from '../../core/arguments.js'
import { within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

const prefix = 'VQF1:'

/** Bytes of the digest in a frame. */
const idBytes = 16

/** Frames of one text. */
const maxFrames = 99

/** Characters of one text, as many as a presentation for codes may have. */
const maxTextLength = 65_536

/** What stands in a frame before its part, at its longest: the prefix, the digest, `:99/99:`. */
const headLength = prefix.length + 2 * idBytes + ':99/99:'.length

/** Characters that one QR code holds at most in alphanumeric mode (version 40-L). */
const mostInCode = 4296

/** The same in numeric mode, where it holds most: nothing longer was scanned. */
const longestScan = 7089

/** Characters that a code of version 23 holds at the level `medium`: on 4 cm a module of it is 0.34 mm. */
const usualFrame = 1248

const alphanumeric = /^[0-9A-Z $%*+\-./:]+$/
const form = /^VQF1:([0-9A-F]{32}):([1-9][0-9]?)\/([1-9][0-9]?):([0-9A-Z $%*+\-./:]+)$/

/** How fine the codes may be. */
export interface SplitFramesOptions {
  /**
   * Characters of a frame at most, from 100 to 4,296. By default 1,248: as fine as a code of 4 cm should be, and room for a
   * presentation of a few claims, asked for or not, in one piece.
   */
  readonly frameLength?: number | undefined
}

/**
 * A text as it is drawn: itself when one code holds it, else frames that `frameCollector` puts together again, all of one
 * length but the last. Text in another alphabet is a `TypeError`: whatever is issued or presented for QR codes is Base45.
 * Throws `qr_too_long` beyond 99 frames or 65,536 characters.
 * @example for (const frame of await splitFrames(presentation)) codes.push(drawQr(frame))
 */
export async function splitFrames(text: string, options: SplitFramesOptions = {}): Promise<readonly string[]> {
  const frameLength = readFrameLength(options)
  if (typeof text !== 'string' || text === '') throw misuse('text', 'a non-empty string')
  const room = frameLength - headLength
  const most = Math.min(maxFrames * room, maxTextLength)
  if (text.length > most) throw new VidimusError('qr_too_long', { at: 'text', expected: most, actual: text.length })
  if (!alphanumeric.test(text)) throw misuse('text', 'of the characters 0-9 A-Z $%*+-./: and space')
  if (text.startsWith(prefix)) throw misuse('text', 'no frame itself')
  if (text.length <= frameLength) return [text]
  const count = Math.ceil(text.length / room)
  const partLength = Math.ceil(text.length / count)
  const id = await idOf(text)
  return Array.from({ length: count }, (_, index) => {
    const part = text.slice(index * partLength, (index + 1) * partLength)
    return `${prefix}${id}:${index + 1}/${count}:${part}`
  })
}

function readFrameLength(options: SplitFramesOptions): number {
  expectObject(options, 'options')
  const { frameLength = usualFrame, ...rest } = options
  expectNoMore(rest, 'options')
  if (!Number.isSafeInteger(frameLength) || frameLength < 100 || frameLength > mostInCode)
    throw new RangeError(`\`frameLength\` must be an integer from 100 to ${mostInCode}`)
  return frameLength
}

/** For text that is ASCII. */
const idOf = async (text: string): Promise<string> => hex((await digest('sha-256', text)).subarray(0, idBytes))

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, byte => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()

/** Bounds of what a collector keeps. A caller may lower them, never raise them. */
export interface FrameLimits {
  /** Frames of one text: 99. */
  readonly frames: number
  /** Characters of the whole text: 65,536. */
  readonly textLength: number
}

const defaultFrameLimits: FrameLimits = { frames: maxFrames, textLength: maxTextLength }

export interface FrameCollectorOptions {
  readonly limits?: Partial<FrameLimits> | undefined
}

/** What there is after a scan: the whole text, or the numbers of the frames that are missing, counted from 1. */
export type FrameProgress =
  | { readonly done: true; readonly text: string }
  | { readonly done: false; readonly count: number; readonly missing: readonly number[] }

/** Puts the frames of one text together, and is used up with it. */
export interface FrameCollector {
  /**
   * Takes the text of one scanned code. A text that is no frame is whole in itself. The same frame twice changes nothing, for
   * a camera sees each many times. Rejects, and keeps what it has, with
   *
   * - `qr_frame_malformed`: a frame that is cut short or not of this form
   * - `qr_frame_mixed`: a code that does not belong with those before; to take it, begin a new collector
   * - `qr_frame_conflict`: a frame with a number that was taken, and another part
   * - `qr_frames_complete`: the text was given out already, or is about to be; the next one takes a new collector
   * - `input_not_text`, `limit_exceeded`
   *
   * and rejects with `qr_frames_altered`, which forgets every frame, when the parts together are not what was divided.
   */
  add(scanned: string): Promise<FrameProgress>
}

/**
 * Puts the frames of one text together, in whatever order they are scanned. What it gives out is not verified: hand it to a
 * verify function, as the text of a single code.
 * @example
 * const collector = frameCollector()
 * for await (const scanned of camera) {
 *   const progress = await collector.add(scanned)
 *   if (progress.done) return verifyPresentation(progress.text, options)
 * }
 */
export function frameCollector(options: FrameCollectorOptions = {}): FrameCollector {
  const limits = readFrameLimits(options)
  let set: FrameSet | undefined
  let complete = false

  return {
    async add(scanned) {
      if (typeof scanned !== 'string') throw new VidimusError('input_not_text', { at: 'frame' })
      within({ scanLength: longestScan }, 'scanLength', scanned.length)
      if (complete) throw new VidimusError('qr_frames_complete')
      if (!scanned.startsWith(prefix)) return single(scanned)
      const frame = parseFrame(scanned)
      set = joined(frame)
      const { parts, count } = set
      if (parts.size < count) return { done: false, count, missing: missingOf(set) }
      return { done: true, text: await whole(set) }
    },
  }

  function single(text: string): FrameProgress {
    if (set !== undefined) throw new VidimusError('qr_frame_mixed', { at: 'prefix' })
    within(limits, 'textLength', text.length)
    complete = true
    return { done: true, text }
  }

  /** The set with the frame in it. Nothing is changed before everything is known to fit. */
  function joined({ id, number, count, part }: Frame): FrameSet {
    within(limits, 'frames', count)
    const known = set ?? { id, count, parts: new Map<number, string>(), length: 0 }
    if (known.id !== id) throw new VidimusError('qr_frame_mixed', { at: 'digest' })
    if (known.count !== count)
      throw new VidimusError('qr_frame_mixed', { at: 'count', expected: known.count, actual: count })
    const taken = known.parts.get(number)
    if (taken === part) return known
    if (taken !== undefined) throw new VidimusError('qr_frame_conflict', { at: String(number) })
    within(limits, 'textLength', known.length + part.length)
    known.parts.set(number, part)
    return { ...known, length: known.length + part.length }
  }

  /** Complete from before the digest is known: whatever is added meanwhile comes too late. */
  async function whole({ id, count, parts }: FrameSet): Promise<string> {
    complete = true
    set = undefined
    const text = Array.from({ length: count }, (_, index) => parts.get(index + 1)).join('')
    if ((await idOf(text)) === id) return text
    complete = false
    throw new VidimusError('qr_frames_altered', { at: 'digest' })
  }
}

interface Frame {
  readonly id: string
  /** From 1 to `count`. */
  readonly number: number
  readonly count: number
  readonly part: string
}

interface FrameSet extends Pick<Frame, 'id' | 'count'> {
  readonly parts: Map<number, string>
  /** Characters of all parts together. */
  readonly length: number
}

function parseFrame(scanned: string): Frame {
  const [, id, number, count, part] = form.exec(scanned) ?? []
  if (id === undefined || part === undefined) throw new VidimusError('qr_frame_malformed', { at: 'frame' })
  const frame = { id, number: Number(number), count: Number(count), part }
  // A text that one code holds is not divided.
  if (frame.count < 2 || frame.number > frame.count) throw new VidimusError('qr_frame_malformed', { at: 'number' })
  return frame
}

const missingOf = ({ count, parts }: FrameSet): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1).filter(number => !parts.has(number))

function readFrameLimits(options: FrameCollectorOptions): FrameLimits {
  expectObject(options, 'options')
  const { limits = {}, ...rest } = options
  expectNoMore(rest, 'options')
  expectObject(limits, 'limits')
  const { frames = defaultFrameLimits.frames, textLength = defaultFrameLimits.textLength, ...unknown } = limits
  expectNoMore(unknown, 'limits')
  expectLower(frames, 'frames')
  expectLower(textLength, 'textLength')
  return { frames, textLength }
}

function expectLower(value: number, name: keyof FrameLimits): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > defaultFrameLimits[name])
    throw new RangeError(`\`limits.${name}\` must be an integer from 0 to ${defaultFrameLimits[name]}`)
}
