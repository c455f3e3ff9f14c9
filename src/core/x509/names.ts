/** Whom a certificate names, as far as an issuer identifier can be held against it. */
import type { Certificate } from './certificate.js'
import { subjectAltNamesOf } from './extension.js'
import { dnsForm, uriForm } from './general-name.js'

/**
 * Whether a certificate names an issuer: its subjectAltName has a URI equal to the identifier to the letter, or a host
 * name that is, to the letter, what stands between `https://` and the path of the identifier (SD-JWT VC §2.5, RFC 5280
 * §4.2.1.6). A wildcard names nobody. `undefined` when it has no name of either form. Throws `certificate_malformed`.
 */
export function namesIssuer(leaf: Certificate, issuer: string): boolean | undefined {
  const [uris, hosts] = [namesOf(leaf, uriForm), namesOf(leaf, dnsForm)]
  const host = /^https:\/\/([^/?#:@]+)(?::\d{1,5})?(?:[/?]|$)/.exec(issuer)?.[1]
  if (uris.length + hosts.length === 0) return undefined
  return uris.includes(issuer) || hosts.some(name => name.toLowerCase() === host)
}

/** The one issuer identifier that a certificate names by URI; `undefined` when it names none, or several. */
export function issuerNamed(leaf: Certificate): string | undefined {
  const [name, ...others] = namesOf(leaf, uriForm)
  return others.length > 0 ? undefined : name
}

const namesOf = (leaf: Certificate, wanted: number): readonly string[] =>
  (subjectAltNamesOf(leaf) ?? []).flatMap(({ form, text }) => (form === wanted ? [text] : []))
