/**
 * A disclosure: one hidden member `[salt, name, value]` or one hidden array element `[salt, value]` (RFC 9901 §4.2).
 *
 * Its digest is over the text as received, so a disclosure is never written again after it was read.
 */
import { textFromBase64url, textToBase64url } from '../../core/bytes.js'
import { type JsonValue, parseJson, stringifyList } from '../../core/json.js'
import { defaultLimits, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

export interface Disclosure {
  /** The base64url text as received: what is hashed and passed on. */
  readonly text: string
  readonly salt: string
  /** Of an object member; an array element has none. */
  readonly name?: string | undefined
  /** As the issuer wrote it: it may hold digests of further disclosures. */
  readonly value: JsonValue
}

/**
 * Reads the text of a disclosure. Whether a digest of the issuer stands for it is `unpackSdJwt`'s to check.
 * Throws `encoding_invalid`, `json_invalid`, `json_duplicate_member`, `limit_exceeded`, `sd_jwt_disclosure_malformed` and
 * `sd_jwt_reserved_name`.
 */
export function decodeDisclosure(text: string, limits: Limits = defaultLimits): Disclosure {
  within(limits, 'presentationBytes', text.length)
  const parts = parseJson(textFromBase64url(text, 'disclosure'), limits)
  if (!Array.isArray(parts)) throw malformedDisclosure('array')
  if (parts.length !== 2 && parts.length !== 3) throw malformedDisclosure('length')
  const salt: JsonValue = parts[0]
  if (typeof salt !== 'string') throw malformedDisclosure('salt')
  if (parts.length === 2) return { text, salt, value: parts[1] }
  const name: JsonValue = parts[1]
  if (typeof name !== 'string') throw malformedDisclosure('name')
  refuseReservedName(name)
  return { text, salt, name, value: parts[2] }
}

/**
 * The text of a new disclosure: of an object member, or without a name of an array element.
 * Throws `sd_jwt_reserved_name`, and `TypeError` for an empty salt.
 */
export function encodeDisclosure(salt: string, name: string | undefined, value: JsonValue): string {
  if (typeof salt !== 'string' || salt === '') throw new TypeError('`salt` must be a non-empty text')
  if (name === undefined) return textToBase64url(stringifyList([salt, value]))
  refuseReservedName(name)
  return textToBase64url(stringifyList([salt, name, value]))
}

/**
 * Names that mean something to SD-JWT itself cannot be claims (RFC 9901 §4.1, §4.2.1), and neither can `__proto__`, which
 * means something to every JavaScript program that copies the claims. Throws `sd_jwt_reserved_name`.
 */
export function refuseReservedName(name: string): void {
  if (name === '_sd' || name === '...' || name === '_sd_alg' || name === '__proto__')
    throw new VidimusError('sd_jwt_reserved_name', { at: name })
}

/** `at`: the part, or the number, of what is malformed. */
export const malformedDisclosure = (at: string | number) =>
  new VidimusError('sd_jwt_disclosure_malformed', { at: `disclosure ${at}` })
