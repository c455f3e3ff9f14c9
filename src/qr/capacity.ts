/** How much one QR code holds (ISO/IEC 18004, version 40), asked before anything is drawn. */
import { expectText } from '../core/arguments.js'
import { utf8 } from '../core/bytes.js'
import { VidimusError } from '../errors.js'

/** How much of a code may be lost and it is still read: about 7, 15, 25 and 30 per cent. */
export type ErrorCorrection = 'low' | 'medium' | 'quartile' | 'high'

/** Characters (in mode `byte` bytes) of a code of version 40. */
const most: Readonly<Record<ErrorCorrection, Readonly<Record<Mode, number>>>> = {
  low: { numeric: 7089, alphanumeric: 4296, byte: 2953 },
  medium: { numeric: 5596, alphanumeric: 3391, byte: 2331 },
  quartile: { numeric: 3993, alphanumeric: 2420, byte: 1663 },
  high: { numeric: 3057, alphanumeric: 1852, byte: 1273 },
}

export const errorCorrections = /* @__PURE__ */ Object.keys(most) as readonly ErrorCorrection[]

/** How the characters of a text stand in a code: the densest mode that has them all. */
type Mode = 'numeric' | 'alphanumeric' | 'byte'

/** Throws `qr_too_long` for a text that no code of the level holds, `TypeError` for what is no text. */
export function expectRoom(text: string, errorCorrection: ErrorCorrection): void {
  const room = most[errorCorrection]
  // Nothing is read of a text that is too long in every mode.
  if (typeof text === 'string' && text.length > room.numeric) throw tooLong(room.numeric, text.length)
  expectText(text, 'text')
  const mode = modeOf(text)
  const length = mode === 'byte' ? utf8(text).length : text.length
  if (length > room[mode]) throw tooLong(room[mode], length)
}

function modeOf(text: string): Mode {
  if (/^[0-9]+$/.test(text)) return 'numeric'
  return /^[0-9A-Z $%*+\-./:]+$/.test(text) ? 'alphanumeric' : 'byte'
}

const tooLong = (expected: number, actual: number) => new VidimusError('qr_too_long', { at: 'text', expected, actual })
