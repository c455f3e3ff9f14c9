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
  // A character that is not there is none of the alphabet.
  const digit = (index: number) => alphabet.indexOf(text[index]!)
  const bytes: number[] = []
  for (let index = 0; index < text.length; index += 3) {
    const isPair = index + 2 === text.length
    const [low, middle, high] = [digit(index), digit(index + 1), isPair ? 0 : digit(index + 2)]
    const value = low + middle * base + high * base * base
    if (Math.min(low, middle, high) < 0 || value > (isPair ? 0xff : 0xffff))
      throw new VidimusError('encoding_invalid', { at })
    if (!isPair) bytes.push(value >> 8)
    bytes.push(value & 0xff)
  }
  return Uint8Array.from(bytes)
}
