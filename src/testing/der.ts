/** A small writer of DER (X.690 §10): what a certificate is made of, one function for each kind of value. */
import { concatBytes, utf8 } from '../core/bytes.js'

/** An element with a tag, around the contents given. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...contents)
  return concatBytes(Uint8Array.from([tag, ...lengthOf(content.length)]), content)
}

export const sequence = (...members: readonly Uint8Array[]): Uint8Array => der(0x30, ...members)

export const set = (...members: readonly Uint8Array[]): Uint8Array => der(0x31, ...members)

/** An element around others, tagged `[number]`. */
export const tagged = (number: number, ...members: readonly Uint8Array[]): Uint8Array => der(0xa0 + number, ...members)

/** A text in place of a plain value, tagged `[number]`: a URI in a list of names. */
export const taggedText = (number: number, text: string): Uint8Array => der(0x80 + number, utf8(text))

/** TRUE, the one value of a flag that is ever written. */
export const yes = (): Uint8Array => der(0x01, Uint8Array.of(0xff))

/** An integer that is not negative, big-endian. */
export function integer(magnitude: Uint8Array): Uint8Array {
  const start = magnitude.findIndex(byte => byte !== 0)
  const shortest = start < 0 ? Uint8Array.of(0) : magnitude.subarray(start)
  return der(0x02, shortest[0]! < 0x80 ? shortest : concatBytes(Uint8Array.of(0), shortest))
}

/** `unused` says how many bits at the end mean nothing. */
export const bitString = (bits: Uint8Array, unused = 0): Uint8Array => der(0x03, Uint8Array.of(unused), bits)

export const octetString = (content: Uint8Array): Uint8Array => der(0x04, content)

export const utf8String = (text: string): Uint8Array => der(0x0c, utf8(text))

export const printableString = (text: string): Uint8Array => der(0x13, utf8(text))

/** An object identifier from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number)
  return der(0x06, Uint8Array.from([first * 40 + second, ...arcs].flatMap(base128)))
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5), in whole seconds. */
export function time(date: Date): Uint8Array {
  const digits = `${date.toISOString().slice(0, 19).replace(/\D/g, '')}Z`
  return date.getUTCFullYear() < 2050 ? der(0x17, utf8(digits.slice(2))) : der(0x18, utf8(digits))
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff)
  return [0x80 + bytes.length, ...bytes]
}

function base128(arc: number): number[] {
  const bytes = [arc & 0x7f]
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest & 0x7f))
  return bytes
}
