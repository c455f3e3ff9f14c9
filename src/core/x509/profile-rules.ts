/**
 * What certificate profiles demand of a path (ISO/IEC 18013-5 Annex B.1.2, B.1.4), and which of them a caller chose. A part
 * of path validation, so that who takes `plain` signers alone carries none of it.
 */
import { type ErrorCode, VidimusError } from '../../errors.js'
import type { Certificate } from './certificate.js'
import {
  basicConstraintsOf,
  crlDistributionPoints,
  digitalSignature,
  extendedKeyUsage,
  keyUsageOf,
} from './extension.js'
import type { Link } from './path.js'
import {
  type CertificateProfile,
  type CertificateProfileChoice,
  type CertificateProfileName,
  type Relaxation,
  readCertificateProfile,
} from './profile.js'

/** Profiles by name, and with rules lifted: `certificateProfiles` is the one there is. */
export interface CertificateProfiles {
  /**
   * What the signers below an anchor must be like, for each use: by the caller's own choice, and without one by the name that
   * is asked for. Throws `TypeError` naming the argument; what is returned, `certificate_profile` for a name that it does not know.
   */
  read(
    choice: CertificateProfileChoice | undefined,
    argument: string,
  ): (use: CertificateProfileName) => CertificateProfile
  /**
   * Holds a path against a profile, the leaf first. Returns what only helps to find things and is not there. Throws
   * `certificate_path_too_long`, `certificate_key_usage`, `certificate_extended_key_usage`, `certificate_profile`,
   * `certificate_country_mismatch`.
   */
  hold(links: readonly Link[], profile: CertificateProfile): readonly string[]
}

/**
 * Certificate profiles other than `plain`, which passports and anchors ask for (ISO/IEC 18013-5 Annex B). Handed to
 * `trustAnchors` of `vidimus/browser`; without it an anchor's `certificateProfile` is a `TypeError`, and a signer of a passport
 * that asks for a profile, as `mdlProfile` does, is refused with `certificate_profile`.
 * @example trustAnchors([{ certificate, purposes: ['credential'] }], { certificateProfiles })
 */
export const certificateProfiles: CertificateProfiles = {
  /** The anchor's own choice goes before what passports ask for; for status lists and readers it only adds what it allows. */
  read(choice, argument) {
    const own = choice === undefined ? undefined : readCertificateProfile(choice, argument)
    return use =>
      own !== undefined && (use === 'plain' || use === 'iaca')
        ? own
        : readCertificateProfile(typeof choice === 'object' ? { ...choice, profile: use } : use)
  },
  hold(links, profile) {
    requireRules(links, profile)
    return absentFrom(links)
  },
}

/** The rules of ISO/IEC 18013-5 Annex B.1.2 and B.1.4, each after the word that lifts it. */
function requireRules(links: readonly Link[], { relaxed }: CertificateProfile): void {
  const [{ certificate: leaf }, { certificate: root, isSelfIssued }] = [links[0]!, links.at(-1)!]
  const [place, home] = [leaf.subject, root.subject]
  const [state, homeState] = [place.stateOrProvince, home.stateOrProvince]
  const usage = keyUsageOf(leaf)
  const extended = leaf.extensions.get(extendedKeyUsage)

  rule('intermediateCertificates', links.length === 2, 'chain', 'certificate_path_too_long')
  rule('furtherKeyUsages', !((usage ?? 0) & ~digitalSignature), 'leaf.further', 'certificate_key_usage')
  rule('extendedKeyUsageAbsent', extended !== undefined, 'leaf.absent', 'certificate_extended_key_usage')
  rule('extendedKeyUsageNotCritical', extended?.critical !== false, 'leaf.critical', 'certificate_extended_key_usage')
  rule('longValidity', daysOf(leaf) <= 457, 'leaf.validity')
  rule('longValidity', daysOf(root) <= 7305, 'anchor.validity')
  rule('rootPathLength', basicConstraintsOf(root).pathLength === 0, 'anchor.pathLength')
  rule('anchorNotRoot', isSelfIssued, 'anchor.issuer')
  rule('anchorNotRoot', keyUsageOf(root) !== undefined, 'anchor.keyUsage')
  rule('countryNotCompared', home.country !== undefined, 'anchor.country')
  rule('countryNotCompared', place.country !== undefined, 'leaf.country')
  rule('countryNotCompared', place.country === home.country, 'leaf.country', 'certificate_country_mismatch')
  // Where both name one.
  const isSameState = (state ?? homeState) === (homeState ?? state)
  rule('countryNotCompared', isSameState, 'leaf.stateOrProvince', 'certificate_country_mismatch')

  function rule(lifted: Relaxation, holds: boolean, at: string, code: ErrorCode = 'certificate_profile'): void {
    if (!holds && !relaxed.includes(lifted)) throw refused(code, at)
  }
}

/** What helps to find things, by its name in verdicts. */
const pointers = {
  subjectKeyIdentifier: '2.5.29.14',
  authorityKeyIdentifier: '2.5.29.35',
  issuerAltName: '2.5.29.18',
  crlDistributionPoints,
}

/** Which of them are not there. A root needs no identifier of the key that signed it: it is its own. */
const absentFrom = (links: readonly Link[]): readonly string[] =>
  links.flatMap(({ certificate, at, isSelfIssued }) =>
    Object.entries(pointers)
      .filter(([name, id]) => !certificate.extensions.has(id) && !(isSelfIssued && name === 'authorityKeyIdentifier'))
      .map(([name]) => `${at}.${name}`),
  )

const daysOf = ({ notBefore, notAfter }: Certificate): number => (notAfter.getTime() - notBefore.getTime()) / 86_400_000

const refused = (code: ErrorCode, at: string) => new VidimusError(code, { at })
