/** Whom a certificate names, as far as an issuer identifier can be held against it. */
import { httpsUrl } from '../address.js'
import type { Certificate } from './certificate.js'
import { subjectAltNamesOf } from './extension.js'
import { nameForms } from './general-name.js'

/**
 * Whether a certificate names an issuer: its subjectAltName has a URI equal to the identifier to the letter, or a host
 * name equal to the host of the identifier, an https URL without credentials and fragment (SD-JWT VC §2.5, RFC 5280
 * §4.2.1.6). A wildcard names nobody.
 * `undefined` when it has no name of either form. Throws `certificate_malformed`.
 */
export function namesIssuer(leaf: Certificate, issuer: string): boolean | undefined {
  const names = subjectAltNamesOf(leaf) ?? []
  const relevant = names.filter(({ form }) => form === nameForms.uri || form === nameForms.dns)
  if (relevant.length === 0) return undefined
  const host = httpsUrl(issuer)?.hostname
  return relevant.some(({ form, text }) => (form === nameForms.uri ? text === issuer : text.toLowerCase() === host))
}
