/** The nonce of a request. */
import { randomBytes } from '#crypto'
import { base64url } from '../core/bytes.js'

/**
 * A fresh nonce of 128 random bits, base64url. Keep it with the request, delete it before verifying: it serves once.
 * @example const nonce = newNonce()
 */
export const newNonce = (): string => base64url(randomBytes(16))
