/**
 * Which addresses of status lists may be asked at all. The address comes out of a credential: its issuer is believed by
 * then, but is not to send a verifier's fetch into the verifier's own network.
 */
import { VidimusError } from '../errors.js'
import { statusListUrl } from '../formats/status-list/reference.js'

/** Names that never leave a network of one's own (RFC 6761 §6.3, RFC 6762 §3, RFC 8375, and the reserved `internal`). */
const localNames = ['localhost', 'local', 'internal', 'home.arpa']

/**
 * The URL of a list that may be asked: https, without credentials and fragment, on a host with a public name. Literal
 * addresses are refused in every notation; what a name resolves to cannot be seen from here. Throws `status_uri_refused`.
 */
export function publicAddress(uri: string): URL {
  const url = statusListUrl(uri)
  if (url === undefined) throw refused('uri')
  // The URL parser has already turned decimal, octal and hexadecimal notations into dotted ones.
  const host = url.hostname.replace(/\.$/, '')
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) throw refused('literal address')
  if (!host.includes('.') || localNames.some(name => host === name || host.endsWith(`.${name}`)))
    throw refused('local name')
  return url
}

const refused = (at: string) => new VidimusError('status_uri_refused', { at })
