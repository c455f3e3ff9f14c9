/** Compressed bytes from outside (RFC 1950, RFC 1952): a whole stream, stopped at a named limit while it unfolds. */
import { gunzip, inflate } from '#crypto'
import { VidimusError } from '../errors.js'
import type { Awaitable } from './crypto/backend.js'
import type { Limits } from './limits.js'

/**
 * The bytes of one ZLIB stream. Throws `inflate_invalid` when the stream is malformed, ends early or is followed by
 * anything, and `limit_exceeded` naming the limit before more than that many bytes are held.
 */
export const inflateWithin = (limits: Limits, name: keyof Limits, compressed: Uint8Array): Promise<Uint8Array> =>
  unfoldWithin(inflate, limits, name, compressed)

/** The bytes of a GZIP stream, of all its members. Throws as `inflateWithin`. */
export const gunzipWithin = (limits: Limits, name: keyof Limits, compressed: Uint8Array): Promise<Uint8Array> =>
  unfoldWithin(gunzip, limits, name, compressed)

async function unfoldWithin(
  unfold: (data: Uint8Array, limit: number) => Awaitable<Uint8Array>,
  limits: Limits,
  name: keyof Limits,
  compressed: Uint8Array,
): Promise<Uint8Array> {
  try {
    return await unfold(compressed, limits[name])
  } catch (error) {
    if (error instanceof VidimusError && error.code === 'limit_exceeded')
      throw new VidimusError('limit_exceeded', { at: name, expected: limits[name] })
    throw error
  }
}
