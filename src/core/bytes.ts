/**
 * Text and bytes. Every decoder here is canonical: what it accepts, its encoder would have written (RFC 4648 §3.5).
 */
import { decodeBase64, decodeBase64Text, encodeBase64, encodeBase64Text } from '#crypto'
import { VidimusError } from '../errors.js'

const encoder = /* @__PURE__ */ new TextEncoder()
const decoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Bytes in a buffer of their own. Compilers before 5.7 know no `Uint8Array<ArrayBuffer>`, later ones ask for it. */
export type OwnBytes = ReturnType<Uint8Array['slice']>

/** The UTF-8 bytes of a text. Throws `encoding_invalid` on a lone surrogate, which has none. */
export function utf8(text: string): Uint8Array {
  refuseLoneSurrogate(text)
  return encoder.encode(text)
}

function refuseLoneSurrogate(text: string): void {
  if (hasLoneSurrogate(text)) throw new VidimusError('encoding_invalid')
}

/** The text of UTF-8 bytes; a byte order mark stays in it. Throws `encoding_invalid`; `at` names what was being read. */
export function fromUtf8(bytes: Uint8Array, at?: string): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new VidimusError('encoding_invalid', { at })
  }
}

export const hasLoneSurrogate = (text: string): boolean => !text.isWellFormed()

/** The base64url text of bytes, without padding (RFC 4648 §5). */
export const base64url = (bytes: Uint8Array): string => encodeBase64(bytes, true)

/** The bytes of canonical unpadded base64url. Throws `encoding_invalid`; `at` names what was being read. */
export function fromBase64url(text: string, at?: string): Uint8Array {
  return decodeCanonical(text, true, at)
}

/** The base64url text of a text's UTF-8 bytes. Throws `encoding_invalid` on a lone surrogate, which has none. */
export function textToBase64url(text: string): string {
  refuseLoneSurrogate(text)
  return encodeBase64Text(text)
}

/** The text whose UTF-8 bytes canonical base64url stands for. Throws `encoding_invalid`; `at` names what was being read. */
export function textFromBase64url(text: string, at?: string): string {
  return decodeBase64Text(text) ?? fromUtf8(fromBase64url(text, at), at)
}

/** The base64 text of bytes, padded (RFC 4648 §4). */
export const base64 = (bytes: Uint8Array): string => encodeBase64(bytes, false)

/** The bytes of canonical padded base64. Throws `encoding_invalid`; `at` names what was being read. */
export function fromBase64(text: string, at?: string): Uint8Array {
  return decodeCanonical(text, false, at)
}

function decodeCanonical(text: string, url: boolean, at: string | undefined): Uint8Array {
  const bytes = decodeBase64(text, url)
  if (bytes === undefined) throw new VidimusError('encoding_invalid', { at })
  return bytes
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Whether two byte strings are the same, in time that depends on their lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let index = 0; index < a.length; index++) difference |= a[index]! ^ b[index]!
  return difference === 0
}

/** Below, at or above 0 as the first bytes come before, are, or come after the second in bytewise order. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let index = 0; index < shared; index++) if (a[index] !== b[index]) return a[index]! - b[index]!
  return a.length - b.length
}
