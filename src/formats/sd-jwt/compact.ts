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
 * Cuts a compact SD-JWT at its separators. Their number is counted before anything is built.
 * Throws `input_not_text`, `limit_exceeded` (`presentationBytes`, `disclosures`) and `sd_jwt_malformed`.
 */
export function splitSdJwt(text: string, limits: Limits = defaultLimits): SdJwtParts {
  if (typeof text !== 'string') throw new VidimusError('input_not_text')
  within(limits, 'presentationBytes', text.length)
  refuseTooManySeparators(text, limits)
  const jwtEnd = text.indexOf('~')
  if (jwtEnd === -1) throw malformed('separator')
  if (jwtEnd === 0) throw malformed('token')
  const disclosures: string[] = []
  let start = jwtEnd + 1
  for (let end = text.indexOf('~', start); end !== -1; end = text.indexOf('~', start)) {
    if (end === start) throw malformed('empty part')
    disclosures.push(text.slice(start, end))
    start = end + 1
  }
  return {
    jwt: text.slice(0, jwtEnd),
    disclosures,
    keyBinding: start === text.length ? undefined : text.slice(start),
    presented: text.slice(0, start),
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

/** One separator ends the token, each further one a disclosure. */
function refuseTooManySeparators(text: string, limits: Limits): void {
  let disclosures = -1
  for (let at = text.indexOf('~'); at !== -1; at = text.indexOf('~', at + 1))
    within(limits, 'disclosures', ++disclosures)
}

const malformed = (at: string) => new VidimusError('sd_jwt_malformed', { at })
