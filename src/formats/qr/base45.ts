/**
 * Base45 (RFC 9285): bytes as text of the characters that a QR code packs closest, two bytes to three of them.
 *
 * Read canonically: what is accepted, the writer would have written.
 */
import { VidimusError } from '../../errors.js'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const base = alphabet.length

/** The text of bytes. */
export function base45(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 2) {
    const last = index + 1 === bytes.length
    let value = last ? bytes[index]! : bytes[index]! * 256 + bytes[index + 1]!
    for (let digits = last ? 2 : 3; digits > 0; digits--) {
      text += alphabet[value % base]
      value = Math.floor(value / base)
    }
  }
  return text
}

/**
 * The bytes that a text stands for. Throws `encoding_invalid` for a character outside the alphabet, lower case among
 * them, a character too many, and digits that mean more than their bytes can hold; `at` names what was being read.
 */
export function fromBase45(text: string, at = 'base45'): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 2) / 3))
  for (let index = 0, offset = 0; index < text.length; index += 3) {
    const value = digit(text, index, at) + digit(text, index + 1, at) * base
    if (index + 2 === text.length) {
      if (value > 0xff) throw invalid(at)
      bytes[offset] = value
    } else {
      const whole = value + digit(text, index + 2, at) * base * base
      if (whole > 0xffff) throw invalid(at)
      bytes[offset++] = whole >> 8
      bytes[offset++] = whole & 0xff
    }
  }
  return bytes
}

/** A character that is not there is none of the alphabet. */
function digit(text: string, index: number, at: string): number {
  const value = alphabet.indexOf(text[index]!)
  if (value < 0) throw invalid(at)
  return value
}

const invalid = (at: string) => new VidimusError('encoding_invalid', { at })
