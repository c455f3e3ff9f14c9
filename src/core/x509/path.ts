/**
 * Certification paths (RFC 5280 §6.1), from an anchor that the caller configured to the certificate of a signer.
 *
 * The path is taken as it was sent; none is searched for. Certificate policies are not processed: a path on which an
 * authority demands that they be is refused. Revocation is the matter of `crl.ts`. What few paths need are parts that are
 * handed in, and a path that needs one which is not there is refused.
 */
import type { ErrorCode } from '../../errors.js'
import { VidimusError } from '../../errors.js'
import { equalBytes } from '../bytes.js'
import type { KeyCache } from '../jwk.js'
import { type Limits, within } from '../limits.js'
import { type Certificate, readCertificate } from './certificate.js'
import {
  basicConstraints,
  basicConstraintsOf,
  crlDistributionPoints,
  crlSign,
  digitalSignature,
  extendedKeyUsage,
  extendedKeyUsagesOf,
  isFor,
  keyCertSign,
  keyUsage,
  keyUsageOf,
  nameConstraintsId,
  subjectAltName,
  subjectAltNamesOf,
  unknownCritical,
} from './extension.js'
import { sameName } from './name.js'
import { type NameConstraining, nameConstraints } from './name-constraint.js'
import type { CertificateProfile } from './profile.js'
import { type CertificateProfiles, certificateProfiles } from './profile-rules.js'
import { rsaSignatures } from './rsa.js'
import { type RsaSignatures, type SignatureOptions, signatureHolds } from './signature.js'

/** A path that was valid at the instant it was validated for. */
export interface ValidPath {
  readonly leaf: Certificate
  /** The leaf first, the anchor last. */
  readonly links: readonly Link[]
  /** Extensions that help to find things and are not there: `leaf.authorityKeyIdentifier`. */
  readonly absent: readonly string[]
}

/** What a path is validated with besides. What needs one that is absent is refused. */
export interface PathParts {
  readonly rsaSignatures?: RsaSignatures | undefined
  readonly nameConstraints?: NameConstraining | undefined
  /** In its place may stand one that knows `plain` alone (`plain-path.ts`). */
  readonly certificateProfiles: CertificateProfiles
}

export interface PathOptions {
  readonly profile: CertificateProfile
  /** The instant at which every certificate must be valid. */
  readonly at: Date
  /** Remembers the keys of authorities. */
  readonly keys?: KeyCache | undefined
}

/** One certificate of a path. */
export interface Link {
  readonly certificate: Certificate
  /** What stands above it; the anchor stands above itself. */
  readonly issuer: Certificate
  /** What errors call it. */
  readonly at: 'leaf' | 'intermediate' | 'anchor'
  /** An authority's certificate for its own new key or rules (§3.2). */
  readonly isSelfIssued: boolean
}

/**
 * The certificates that a signer sent, leaf first, read within the limits: how many, and how large each.
 * Throws `limit_exceeded`, `certificate_malformed`, `encoding_invalid`, `key_invalid`.
 */
export function readChain(x5c: readonly Uint8Array[], limits: Limits): readonly Certificate[] {
  within(limits, 'certificates', x5c.length)
  for (const { length } of x5c) within(limits, 'certificateBytes', length)
  return x5c.map(readCertificate)
}

/**
 * Validates the path from an anchor to the first certificate of a chain, and holds it against a profile. The chain is in
 * order, the leaf first; the anchor itself at its end adds nothing. Names and revocation of the signer are not checked.
 *
 * Throws `certificate_untrusted` when the chain does not lead to the anchor, is empty, or its leaf is its own issuer;
 * `certificate_path_too_long`, `certificate_name_mismatch`, `certificate_algorithm_unsupported`, `key_invalid`,
 * `certificate_signature_invalid`, `certificate_expired`, `certificate_not_yet_valid`, `certificate_malformed`,
 * `certificate_extension_unsupported`, `certificate_not_a_ca`, `certificate_key_usage`, `certificate_name_constraint`,
 * `certificate_extended_key_usage`, `certificate_profile`, `certificate_country_mismatch`, `limit_exceeded`.
 */
export const validatePath = (
  chain: readonly Certificate[],
  anchor: Certificate,
  options: PathOptions,
): Promise<ValidPath> => validatePathWith(everyPathPart, chain, anchor, options)

export const everyPathPart: PathParts = { rsaSignatures, nameConstraints, certificateProfiles }

/** The same with the parts given. Throws as `validatePath`, and what they do. */
export async function validatePathWith(
  { rsaSignatures, nameConstraints, certificateProfiles }: PathParts,
  chain: readonly Certificate[],
  anchor: Certificate,
  { profile, at, keys }: PathOptions,
): Promise<ValidPath> {
  const links = linksOf(chain, anchor)
  await requireIssuers(links, { keys, rsaSignatures })
  requireCurrent({ links }, at)
  let authorities = Infinity
  for (const link of links.toReversed()) {
    requireSoundness(link, nameConstraints)
    if (link.at === 'leaf') requireSigner(link, profile)
    else authorities = requireAuthority(link, profile, authorities)
  }
  nameConstraints?.require(links)
  return { leaf: chain[0]!, links, absent: certificateProfiles.hold(links, profile) }
}

/**
 * The path of an anchor that is itself the signer: its usages are those of a leaf. One that signs itself and says nothing of
 * its usages, as tools make them when they are asked for nothing more, may call itself an authority, but not where the
 * profile wants a root. Throws `certificate_extended_key_usage`, `certificate_profile`, `certificate_key_usage`.
 */
export function pathOfAnchor(anchor: Certificate, profile: CertificateProfile): ValidPath {
  const links = linksOf([], anchor)
  requireSigner(links[0]!, profile)
  return { leaf: anchor, links, absent: [] }
}

/** The certificates of a path, leaf first, each with its issuer and its name for errors. */
function linksOf(chain: readonly Certificate[], anchor: Certificate): readonly Link[] {
  const end = [...chain, anchor].findIndex(({ der }) => equalBytes(der, anchor.der))
  const sent = chain.slice(0, end)
  return [...sent, anchor].map((certificate, index) => ({
    certificate,
    issuer: sent[index + 1] ?? anchor,
    at: certificate === anchor ? 'anchor' : index === 0 ? 'leaf' : 'intermediate',
    isSelfIssued: sameName(certificate.issuer, certificate.subject),
  }))
}

/**
 * From the anchor, whose own issuer nobody asks for, down to a leaf that is another's: who names whom as its issuer, and
 * signed it, so that no key is used before it is vouched for (§6.1.3 (a)(1), (4)).
 */
async function requireIssuers(links: readonly Link[], options: SignatureOptions): Promise<void> {
  const [leaf, ...above] = links as [Link, ...Link[]]
  // The anchor too: it is above itself.
  if (leaf.isSelfIssued || equalBytes(leaf.certificate.spki, leaf.issuer.spki))
    throw refused('certificate_untrusted', 'leaf.issuer')
  for (const { certificate, issuer, at } of [leaf, ...above.slice(0, -1)].toReversed()) {
    if (!sameName(certificate.issuer, issuer.subject))
      throw refused(issuer === above.at(-1)!.certificate ? 'certificate_untrusted' : 'certificate_name_mismatch', at)
    if (!(await signatureHolds(certificate, issuer, at, options))) throw refused('certificate_signature_invalid', at)
  }
}

/**
 * The dates of a path; both ends are included (§4.1.2.5, §6.1.3 (a)(2)). One that was validated before has to be current at
 * another instant too. Throws `certificate_expired`, `certificate_not_yet_valid`.
 */
export function requireCurrent({ links }: Pick<ValidPath, 'links'>, now: Date): void {
  for (const { certificate, at } of links) {
    if (now > certificate.notAfter) throw refused('certificate_expired', at)
    // So that an instant that is none is within nothing.
    if (!(now >= certificate.notBefore)) throw refused('certificate_not_yet_valid', at)
  }
}

/** Critical extensions that this library processes; of policies there is nothing to process until one is demanded. */
const processed = [
  keyUsage,
  subjectAltName,
  basicConstraints,
  nameConstraintsId,
  crlDistributionPoints,
  '2.5.29.32', // certificatePolicies
  extendedKeyUsage,
]

const policyConstraints = '2.5.29.36'

/** What every certificate must be: nothing in it demands what is not done here (§6.1.4 (o), §6.1.5 (e)). */
function requireSoundness({ certificate, at }: Link, nameConstraints: NameConstraining | undefined): void {
  const { issuer, subject, extensions } = certificate
  // Critical or not: a path without policies may not be valid (§4.2.1.11), and whoever constrained names meant it.
  const demanded = nameConstraints ? [policyConstraints] : [policyConstraints, nameConstraintsId]
  const actual = unknownCritical(certificate, processed) ?? demanded.find(id => extensions.has(id))
  if (actual !== undefined) throw new VidimusError('certificate_extension_unsupported', { at, actual })
  if (at !== 'anchor') requireSerial(certificate, at)
  subjectAltNamesOf(certificate)
  // One that names no subject has other names, and says that they matter (§4.1.2.4, §4.2.1.6).
  if (issuer.compared === '' || (subject.compared === '' && !extensions.get(subjectAltName)?.critical))
    throw refused('certificate_malformed', `${at}.name`)
}

/** At most 20 bytes, beside that of a sign, and not zero; a negative one is taken as it is (§4.1.2.2). */
function requireSerial({ serial }: Certificate, at: string): void {
  if (serial.length > (serial[0] === 0 ? 21 : 20) || serial.join() === '0')
    throw refused('certificate_malformed', `${at}.serial`)
}

/**
 * Who may sign certificates, for which usages, and with how many authorities below (§6.1.4 (k) to (n)): that number, out of
 * the number that those above leave. What has no extensions may not. An authority that was made for other usages than the
 * profile knows has no part in these; an anchor was chosen.
 */
function requireAuthority(
  { certificate, at, isSelfIssued }: Link,
  { extendedKeyUsages }: CertificateProfile,
  allowed: number,
): number {
  const isKnown = (usage: string) => usage === anyUsage || extendedKeyUsages.includes(usage)
  const { isAuthority, pathLength = allowed } = basicConstraintsOf(certificate)
  const left = isSelfIssued ? allowed : allowed - 1
  if (!isAuthority) throw refused('certificate_not_a_ca', at)
  if (left < 0) throw refused('certificate_path_too_long', at)
  if (at !== 'anchor' && extendedKeyUsagesOf(certificate)?.some(isKnown) === false)
    throw refused('certificate_extended_key_usage', at)
  if (!isFor(certificate, keyCertSign)) throw refused('certificate_key_usage', at)
  return Math.min(left, pathLength)
}

/**
 * The signer is no authority, and its usages are known to the profile: no certificate is for documents and for TLS
 * (§4.2.1.3, §4.2.1.12).
 */
function requireSigner(
  { certificate, at, isSelfIssued }: Link,
  { extendedKeyUsages, relaxed }: CertificateProfile,
): void {
  const isPinned = at === 'anchor'
  const usage = keyUsageOf(certificate)
  // Below an anchor no leaf is self-issued.
  const mayBeAuthority = isSelfIssued && usage === undefined && relaxed.includes('anchorNotRoot')
  if (extendedKeyUsagesOf(certificate)?.every(usage => extendedKeyUsages.includes(usage)) === false)
    throw refused('certificate_extended_key_usage', 'leaf')
  if (basicConstraintsOf(certificate).isAuthority && !mayBeAuthority)
    throw refused('certificate_profile', 'leaf.basicConstraints')
  if (usage === undefined && !isPinned && !relaxed.includes('keyUsageAbsent'))
    throw refused('certificate_key_usage', 'leaf.absent')
  if (((usage ?? digitalSignature) & (digitalSignature | keyCertSign | crlSign)) !== digitalSignature)
    throw refused('certificate_key_usage', 'leaf')
}

const anyUsage = '2.5.29.37.0'

const refused = (code: ErrorCode, at: string) => new VidimusError(code, { at })
