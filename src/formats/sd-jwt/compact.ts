/**
 * The compact form of an SD-JWT: `<JWT>~<Disclosure>~…~<KB-JWT or nothing>` (RFC 9901 §4).
 *
 * Cut and joined only. What the pieces hold is read by `core/jws`, `disclosure` and `key-binding`.
 */
import { type DecodedJws, decodeJws } from '../../core/jws.js'
import { defaultLimits, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

/** The pieces of a compact SD-JWT, as received: nothing is decoded and nothing is trusted. */
export interface SdJwtParts {
  /** The part that the issuer signed. */
  readonly jwt: string
  readonly disclosures: readonly string[]
  readonly keyBinding?: string | undefined
  /** Everything up to and including the last separator: what `sd_hash` covers (RFC 9901 §4.3.1). */
  readonly presented: string
}

/**
 * Cuts a compact SD-JWT at its separators, of which no more are looked at than the limit allows.
 * Throws `input_not_text`, `limit_exceeded` (`presentationBytes`, `disclosures`) and `sd_jwt_malformed`.
 */
export function splitSdJwt(text: string, limits: Limits = defaultLimits): SdJwtParts {
  if (typeof text !== 'string') throw new VidimusError('input_not_text')
  within(limits, 'presentationBytes', text.length)
  const [jwt, ...disclosures] = text.split('~', limits.disclosures + 3) as [string, ...string[]]
  const keyBinding = disclosures.pop()
  if (keyBinding === undefined) throw malformed('separator')
  within(limits, 'disclosures', disclosures.length)
  if (jwt === '') throw malformed('token')
  if (disclosures.includes('')) throw malformed('empty part')
  return {
    jwt,
    disclosures,
    keyBinding: keyBinding || undefined,
    presented: text.slice(0, text.length - keyBinding.length),
  }
}

/** The compact form of the pieces, which are written as they are. */
export function joinSdJwt(jwt: string, disclosures: readonly string[], keyBinding = ''): string {
  return disclosures.length === 0 ? `${jwt}~${keyBinding}` : `${jwt}~${disclosures.join('~')}~${keyBinding}`
}

/** The pieces of an SD-JWT with its signed part decoded. No signature is checked. Throws as `splitSdJwt` and `decodeJws`. */
export function decodeSdJwt(
  text: string,
  limits: Limits = defaultLimits,
): { readonly parts: SdJwtParts; readonly jws: DecodedJws } {
  const parts = splitSdJwt(text, limits)
  return { parts, jws: decodeJws(parts.jwt, limits) }
}

const malformed = (at: string) => new VidimusError('sd_jwt_malformed', { at })
