/**
 * The text of a QR code: a prefix that says what it is, then Base45, of bytes that may be deflated (ZLIB, RFC 1950), as in
 * the European health certificates (HCERT, `HC1:`). The prefixes are ours.
 */
import { deflate } from '#crypto'
import { inflateWithin } from '../../core/inflate.js'
import { type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { base45, fromBase45 } from './base45.js'

/** Before a credential as its holder keeps it: not deflated, so that a wallet can show it at once. */
export const credentialPrefix = 'VQC1:'

/** Before a presentation, deflated. */
export const presentationPrefix = 'VQP1:'

/** Characters of a text, and bytes that it unfolds to, at most: some twenty of the largest codes. */
export const mostQrText = 64 * 1024

/** Whether an input is meant as one of the texts of this format. */
export const isQrText = (input: unknown): boolean =>
  typeof input === 'string' && (input.startsWith(credentialPrefix) || input.startsWith(presentationPrefix))

/** The text of bytes, deflated. */
export const writeDeflated = async (prefix: string, bytes: Uint8Array): Promise<string> =>
  prefix + base45(await deflate(bytes, { level: 9 }))

/**
 * The bytes of a text that `isQrText` and that `writeDeflated` made, whose length was looked at. Throws `limit_exceeded`,
 * `encoding_invalid`, `inflate_invalid` for a stream that ends early or has anything behind it.
 */
export const readDeflated = async (text: string, limits: Limits): Promise<Uint8Array> =>
  inflateWithin(limits, 'presentationBytes', fromBase45(text.slice(presentationPrefix.length)))

/** The text of bytes as they are. */
export const writePlain = (prefix: string, bytes: Uint8Array): string => prefix + base45(bytes)

/**
 * The bytes of a text that `writePlain` made. Its length is looked at before anything else of it. Throws `limit_exceeded`,
 * `qr_malformed` for another prefix, `encoding_invalid`.
 */
export function readPlain(prefix: string, text: string, limits: Limits): Uint8Array {
  within(qrLimits(limits), 'presentationBytes', text.length)
  if (!text.startsWith(prefix)) throw new VidimusError('qr_malformed', { at: 'prefix' })
  return fromBase45(text.slice(prefix.length))
}

/** What goes through codes is short, whatever else may be long. */
export const qrLimits = (limits: Limits): Limits => ({
  ...limits,
  presentationBytes: Math.min(limits.presentationBytes, mostQrText),
})
