/** ZLIB from outside (RFC 1950): one whole stream, stopped at a named limit while it unfolds. */
import { inflate } from '#crypto'
import { VidimusError } from '../errors.js'
import type { Limits } from './limits.js'

/**
 * The bytes of one ZLIB stream. Throws `inflate_invalid` when the stream is malformed, ends early or is followed by
 * anything, and `limit_exceeded` naming the limit before more than that many bytes are held.
 */
export async function inflateWithin(limits: Limits, name: keyof Limits, compressed: Uint8Array): Promise<Uint8Array> {
  try {
    return await inflate(compressed, limits[name])
  } catch (error) {
    if (error instanceof VidimusError && error.code === 'limit_exceeded')
      throw new VidimusError('limit_exceeded', { at: name, expected: limits[name] })
    throw error
  }
}
