/** Whom a certificate names, as far as an issuer identifier can be held against it. */
import type { Certificate } from './certificate.js'
import { subjectAltNamesOf } from './extension.js'
import { nameForms } from './general-name.js'

/**
 * Whether a certificate names an issuer: its subjectAltName has a URI equal to the identifier to the letter, or a host
 * name that is, to the letter, what stands between `https://` and the path of the identifier (SD-JWT VC §2.5, RFC 5280
 * §4.2.1.6). A wildcard names nobody. `undefined` when it has no name of either form. Throws `certificate_malformed`.
 */
export function namesIssuer(leaf: Certificate, issuer: string): boolean | undefined {
  const names = issuerNames(leaf)
  const host = /^https:\/\/([^/?#:@]+)(?::\d{1,5})?(?:[/?]|$)/.exec(issuer)?.[1]
  if (names.length === 0) return undefined
  return names.some(({ form, text }) => (form === nameForms.uri ? text === issuer : text.toLowerCase() === host))
}

/** The one issuer identifier that a certificate names by URI; `undefined` when it names none, or several. */
export function issuerNamed(leaf: Certificate): string | undefined {
  const [name, ...others] = issuerNames(leaf).filter(({ form }) => form === nameForms.uri)
  return others.length > 0 ? undefined : name?.text
}

const issuerNames = (leaf: Certificate) =>
  (subjectAltNamesOf(leaf) ?? []).filter(({ form }) => form === nameForms.uri || form === nameForms.dns)
