/**
 * Certificate profiles: what a path must be beyond RFC 5280 to be believed for one purpose, as data.
 *
 * The strictest is `iaca`, the root and document signer of ISO/IEC 18013-5 Annex B.1.2 and B.1.4. Every other profile is
 * that one with some rules lifted and with its own extended key usages: `reader` (Annex B.1.7), `status` (signers of
 * status lists, Token Status List §10) and `plain` (any other issuer).
 */
import { expectNoMore, misuse } from '../arguments.js'

export type CertificateProfileName = 'plain' | 'iaca' | 'reader' | 'status'

/** What is lifted of `iaca` by a profile, or by a verifier who lives with what an ecosystem does. */
export type Relaxation =
  /** The leaf and the anchor may be valid for longer than 457 days and 20 years. */
  | 'longValidity'
  /** Further certificates may stand between the leaf and the anchor; a root must then also allow them. */
  | 'intermediateCertificates'
  /** The root may allow authorities below it. */
  | 'rootPathLength'
  /** The anchor may be any authority, an intermediate one for example. */
  | 'anchorNotRoot'
  /** Countries and states are not compared, and may be absent. */
  | 'countryNotCompared'
  /** The leaf may state further key usages beside digitalSignature, but none of an authority. */
  | 'furtherKeyUsages'
  /** The leaf may have no extended key usage. */
  | 'extendedKeyUsageAbsent'
  /** The extended key usage of the leaf may be marked not critical. */
  | 'extendedKeyUsageNotCritical'
  /** The leaf may have no key usage. */
  | 'keyUsageAbsent'

/** What a path is held against, besides RFC 5280. */
export interface CertificateProfile {
  /** The extended key usages that the leaf may state, in dotted form; one outside this list refuses it. */
  readonly extendedKeyUsages: readonly string[]
  /** The rules that are lifted. */
  readonly relaxed: readonly Relaxation[]
}

/** A profile by its name, or with what a verifier decides to live with. Nothing is relaxed unless it is named. */
export type CertificateProfileChoice =
  | CertificateProfileName
  | {
      readonly profile: CertificateProfileName
      readonly relax?: readonly Relaxation[] | undefined
      /**
       * Further extended key usages that the leaf may state, in dotted form: an ecosystem's own for its signers, or that
       * of status list signers. Never those of TLS, and never `anyExtendedKeyUsage`.
       */
      readonly extendedKeyUsages?: readonly string[] | undefined
    }

export const mdlDocumentSigner = '1.0.18013.5.1.2'
const mdlReaderAuthentication = '1.0.18013.5.1.6'

const ofPath: readonly Relaxation[] = [
  'longValidity',
  'intermediateCertificates',
  'rootPathLength',
  'anchorNotRoot',
  'countryNotCompared',
]
const ofUsage: readonly Relaxation[] = ['furtherKeyUsages', 'extendedKeyUsageAbsent', 'extendedKeyUsageNotCritical']

/** For each profile its extended key usage, and what it lifts. */
const profiles: Readonly<Record<CertificateProfileName, readonly [string, ...(readonly Relaxation[])[]]>> = {
  plain: [mdlDocumentSigner, ofPath, ofUsage],
  iaca: [mdlDocumentSigner],
  reader: [mdlReaderAuthentication, ofPath],
  status: [mdlDocumentSigner, ofPath, ofUsage],
}

/** The profile that a caller chose. Throws `TypeError` naming the argument. */
export function readCertificateProfile(choice: unknown, argument = 'profile'): CertificateProfile {
  const chosen: Record<string, unknown> =
    typeof choice === 'object' && choice !== null ? { ...choice } : { profile: choice }
  const { profile, relax = [], extendedKeyUsages = [], ...unknown } = chosen
  const relaxations = [...ofPath, ...ofUsage, 'keyUsageAbsent']
  if (typeof profile !== 'string' || !Object.hasOwn(profiles, profile))
    throw misuse(argument, `one of ${Object.keys(profiles).join(', ')}, or { profile, relax }`)
  expectNoMore(unknown, argument)
  if (!isListOf<Relaxation>(relax, name => relaxations.includes(name)))
    throw misuse(`${argument}.relax`, `a list of ${relaxations.join(', ')}`)
  if (!isListOf<string>(extendedKeyUsages, isOwnUsage))
    throw misuse(`${argument}.extendedKeyUsages`, 'a list of object identifiers, not of TLS, not any')
  const [usage, ...lifted] = profiles[profile as CertificateProfileName]
  return { extendedKeyUsages: [usage, ...extendedKeyUsages], relaxed: [...lifted.flat(), ...relax] }
}

const isListOf = <T extends string>(list: unknown, fits: (entry: string) => boolean): list is readonly T[] =>
  Array.isArray(list) && list.every(entry => typeof entry === 'string' && fits(entry))

/** serverAuth and clientAuth are 1 and 2 of their arc; anyExtendedKeyUsage stands in an arc of its own (RFC 5280 §4.2.1.12). */
const isOwnUsage = (usage: string): boolean =>
  /^[0-2](\.(0|[1-9]\d*))+$/.test(usage) && !/^(1\.3\.6\.1\.5\.5\.7\.3\.[12]|2\.5\.29\.37\.0)$/.test(usage)
