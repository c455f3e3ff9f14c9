/**
 * What is an address, and which of them may be asked at all. They come out of credentials and documents: who signed them is believed by then, but
 * is not to send a verifier's fetch into the verifier's own network.
 */
import { type ErrorCode, VidimusError } from '../errors.js'

/** An absolute URL: a scheme, and no character that has no place in one. */
export const isUrl = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z\d+.-]*:[^\s\p{Cc}"<>\\^`{|}]+$/u.test(value) && URL.canParse(value)

/** What RFC 3986 lets stand after `https://`: an authority without user information, a path, a query, no fragment. */
const httpsUri = /^https:\/\/[\w.~%!$&'()*+,;=:[\]-]+(?:[/?][\w.~%!$&'()*+,;=:@/?[\]-]*)?$/

/** Whether an address is https, without credentials and fragment, and can be read as a fetch reads it. */
export const isHttpsUri = (uri: string): boolean => httpsUri.test(uri) && URL.canParse(uri)

/** The URL of an address; `undefined` unless it `isHttpsUri`. */
export const httpsUrl = (uri: string): URL | undefined => (isHttpsUri(uri) ? new URL(uri) : undefined)

/** Names that never leave a network of one's own (RFC 6761 §6.3, RFC 6762 §3, RFC 8375, and the reserved `internal`). */
const localNames = ['localhost', 'local', 'internal', 'home.arpa']

/**
 * The URL of an address that may be asked: https, without credentials and fragment, on a host with a public name. Literal
 * addresses are refused in every notation; what a name resolves to cannot be seen from here. Throws `code`.
 */
export function publicAddress(uri: string, code: ErrorCode): URL {
  const url = httpsUrl(uri)
  if (url === undefined) throw new VidimusError(code, { at: 'uri' })
  // The URL parser has already turned decimal, octal and hexadecimal notations into dotted ones.
  const host = url.hostname.replace(/\.$/, '')
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) throw new VidimusError(code, { at: 'literal address' })
  if (!host.includes('.') || localNames.some(name => host === name || host.endsWith(`.${name}`)))
    throw new VidimusError(code, { at: 'local name' })
  return url
}
