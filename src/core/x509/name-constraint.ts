/**
 * Name constraints (RFC 5280 §4.2.1.10): whom an authority may certify.
 *
 * Forms that are compared: e-mail addresses, host names, URIs, IP addresses, directory names. A certificate that has a
 * name of another form on which an authority above it is constrained is refused.
 */
import { VidimusError } from '../../errors.js'
import { oncePer } from '../once.js'
import {
  type DerElement,
  derAny,
  derExplicit,
  derSequence,
  malformedCertificate,
  readDer,
  readList,
  readMembers,
} from './der.js'
import { type Extended, nameConstraintsId, readExtension, subjectAltNamesOf } from './extension.js'
import {
  directoryForm,
  dnsForm,
  emailForm,
  type GeneralName,
  ipForm,
  isHostName,
  readGeneralName,
  uriForm,
} from './general-name.js'
import { type DistinguishedName, readName, textsOf } from './name.js'
import type { Link } from './path.js'

/** Holds the names of a path against what authorities above them constrain: `nameConstraints` is the one there is. */
export interface NameConstraining {
  /** §6.1.3 (b), (c), §6.1.4 (g). Links from the leaf on. Throws `certificate_name_constraint`, `certificate_malformed`, `limit_exceeded`. */
  require(links: readonly Link[]): void
}

/**
 * Whom an authority may certify (RFC 5280 §4.2.1.10). Handed to `trustAnchors` of `vidimus/browser`, so that who has no such
 * authorities carries none of it; without it a path with constraints is refused with `certificate_extension_unsupported`.
 * @example trustAnchors([{ certificate, purposes: ['credential'] }], { nameConstraints })
 */
export const nameConstraints: NameConstraining = { require: requireNames }

/** Constraints are an authority's to have (§4.2.1.10). */
function requireNames(links: readonly Link[]): void {
  const above: NameConstraints[] = []
  for (const { certificate, at, isSelfIssued } of links.toReversed()) {
    if (at === 'leaf' || !isSelfIssued)
      for (const constraints of above) requireNamesPermitted(certificate, constraints, at)
    const constraints = nameConstraintsOf(certificate)
    if (constraints === undefined) continue
    if (at === 'leaf') throw new VidimusError('certificate_name_constraint', { at: 'leaf.nameConstraints' })
    above.push(constraints)
  }
}

interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

/** The constraints that an authority is under, if it is. Throws `certificate_malformed`. */
function nameConstraintsOf(certificate: Extended): NameConstraints | undefined {
  const constraints = readExtension(certificate, nameConstraintsId)
  if (constraints === undefined) return undefined
  const [permitted, excluded] = readMembers(constraints, [[derExplicit(0)], [derExplicit(1)]])
  if (!permitted && !excluded) throw malformed()
  return { permitted: readSubtrees(permitted), excluded: readSubtrees(excluded) }
}

/** Beyond this many comparisons nobody is meant by a list of names. */
const mostComparisons = 100_000

/**
 * Holds the names of a certificate against the constraints of one authority above it.
 * Throws `certificate_name_constraint`, `certificate_malformed`, `limit_exceeded`; `at` names the certificate.
 */
function requireNamesPermitted(
  certificate: Extended & { readonly subject: DistinguishedName },
  { permitted, excluded }: NameConstraints,
  at: string,
): void {
  const names = namesOf(certificate)
  const comparisons = names.length * (permitted.length + excluded.length)
  if (comparisons > mostComparisons)
    throw new VidimusError('limit_exceeded', { at: 'nameConstraints', expected: mostComparisons, actual: comparisons })
  for (const name of names) {
    const bases = permitted.filter(({ form }) => form === name.form)
    const isPermitted = bases.length === 0 || bases.some(base => isWithin(name, base) === true)
    // What cannot be told is as good as excluded.
    if (!isPermitted || excluded.some(base => base.form === name.form && isWithin(name, base) !== false))
      throw new VidimusError('certificate_name_constraint', { at })
  }
}

/** GeneralSubtrees: bases alone, for `minimum` is 0 and `maximum` absent. */
const readSubtrees = (subtrees: DerElement | undefined): readonly GeneralName[] =>
  subtrees === undefined
    ? []
    : readList(subtrees.content, derSequence).map(({ content }) => {
        const base = readGeneralName(readMembers(content, [derAny])[0])
        if (!isBase(base)) throw malformed()
        return base
      })

/** Whether a base has the syntax that its form has in a constraint. */
function isBase({ form, text, content }: GeneralName): boolean {
  switch (form) {
    case dnsForm:
      return text === '' || isHostName(text)
    case emailForm:
      return isHostName(text.replace(/^(\.|[^@\s]+@)/, ''))
    case uriForm:
      return isHostName(text.replace(/^\./, ''))
    case ipForm:
      return (content.length === 8 || content.length === 32) && isPrefixMask(content.subarray(content.length / 2))
    default:
      return true
  }
}

/** Ones, then zeros: as CIDR writes it (RFC 4632 §3.1). */
const isPrefixMask = (mask: Uint8Array): boolean =>
  /^1*0*$/.test(Array.from(mask, byte => byte.toString(2).padStart(8, '0')).join(''))

interface Name extends Pick<GeneralName, 'form' | 'text' | 'content'> {
  /** Of a subject, which is read already. */
  readonly subject?: DistinguishedName
}

/** E-mail addresses among the attributes, where certificates had them before they had subjectAltName. */
const emailAddress = '1.2.840.113549.1.9.1'

/** The subject, its other names, and without these the e-mail addresses within the subject. */
function namesOf(certificate: Extended & { readonly subject: DistinguishedName }): readonly Name[] {
  const { subject } = certificate
  const content = new Uint8Array()
  const directory = subject.compared === '' ? [] : [{ form: directoryForm, text: '', content, subject }]
  const others =
    subjectAltNamesOf(certificate) ?? textsOf(subject, emailAddress).map(text => ({ form: emailForm, text, content }))
  return [...directory, ...others]
}

/** Whether all that a name stands for lies in the subtree of a base of the same form; `undefined` where that cannot be told. */
function isWithin(name: Name, base: GeneralName): boolean | undefined {
  switch (name.form) {
    case dnsForm:
      return isHostWithin(name.text, base.text) || (isWildcardOver(name.text, base.text) ? undefined : false)
    case emailForm:
      return isMailboxWithin(name.text, base.text)
    case uriForm:
      return isHostMeant(hostOf(name.text), base.text)
    case ipForm:
      return isAddressWithin(name.content, base.content)
    case directoryForm:
      return (name.subject ?? directoryName(name)).compared.startsWith(directoryName(base).compared)
    default:
      return undefined
  }
}

/** Read once, however many it is held against. */
const directoryName = /* @__PURE__ */ oncePer(
  ({ content }: Name): DistinguishedName => readName(readDer(content, derSequence)),
)

/** A host is within itself and every domain above it; the empty domain is above all. */
const isHostWithin = (host: string, domain: string): boolean =>
  domain === '' || `.${host}`.toLowerCase().endsWith(`.${domain}`.toLowerCase())

/** Whether some of the hosts that a wildcard stands for may be within a domain. */
const isWildcardOver = (wildcard: string, domain: string): boolean =>
  wildcard.startsWith('*.') && isHostWithin(domain, wildcard.slice(2))

/** A domain with a dot before it means every host below it, one without means the host of that name. */
function isHostMeant(host: string | undefined, base: string): boolean | undefined {
  const [name, meant] = [host?.toLowerCase(), base.toLowerCase()]
  if (name === undefined) return undefined
  return meant.startsWith('.') ? name.endsWith(meant) : name === meant
}

/** A mailbox means itself, its local part to the letter; a host means every mailbox there. */
function isMailboxWithin(mailbox: string, base: string): boolean | undefined {
  const [local, host] = mailbox.split('@')
  const [baseHost, baseLocal = local] = base.split('@').toReversed() as [string, string?]
  return local === baseLocal ? isHostMeant(host, baseHost) : false
}

/** The host of a URI, if it has one that is a name. */
function hostOf(uri: string): string | undefined {
  const host = /^[^:]+:\/\/(?:[^/?#@]*@)?([^/?#:@]+)(?::\d*)?(?:[/?#]|$)/.exec(uri)?.[1]
  return host !== undefined && isHostName(host) && !/^[\d.]+$/.test(host) ? host : undefined
}

function isAddressWithin(address: Uint8Array, range: Uint8Array): boolean {
  const { length } = address
  return range.length === 2 * length && address.every((byte, at) => ((byte ^ range[at]!) & range[length + at]!) === 0)
}

const malformed = () => malformedCertificate('nameConstraints')
