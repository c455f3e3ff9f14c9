/**
 * Certificate profiles: what a path must be beyond RFC 5280 to be believed for one purpose, as data.
 *
 * `iaca` is ISO/IEC 18013-5 Annex B.1.2 and B.1.4 (root and document signer), `reader` Annex B.1.7, `status` what Token
 * Status List §10 adds, `plain` any other issuer's.
 */
import { misuse } from '../arguments.js'

export type CertificateProfileName = 'plain' | 'iaca' | 'reader' | 'status'

/** What the leaf of a path, its anchor and the path itself must be. Durations are in days. */
export interface CertificateProfile {
  /** Certificates between the leaf and the anchor, at most. */
  readonly intermediates: number
  /** The extended key usages that the leaf may state; one outside this list refuses it. */
  readonly extendedKeyUsages: readonly string[]
  readonly needsExtendedKeyUsage: boolean
  readonly needsCriticalExtendedKeyUsage: boolean
  readonly needsKeyUsage: boolean
  /** Whether the leaf may state other key usages beside digitalSignature. Those of an authority it may never. */
  readonly furtherKeyUsages: boolean
  readonly leafDays: number
  readonly anchorDays: number
  /** Whether the anchor must be a root as an IACA is: self-issued, for signing certificates by its key usage. */
  readonly needsRoot: boolean
  /** Whether that root must say that no authority may follow it. */
  readonly needsPathLengthZero: boolean
  /** Whether the anchor and the leaf must name a country, the same one, and no two different states or provinces. */
  readonly needsCountry: boolean
  /** Extensions that only help to find things: reported when they are absent, never refused. */
  readonly pointers: readonly CertificatePointer[]
}

export type CertificatePointer =
  | 'subjectKeyIdentifier'
  | 'authorityKeyIdentifier'
  | 'issuerAltName'
  | 'crlDistributionPoints'

const mdlDocumentSigner = '1.0.18013.5.1.2'
const mdlReaderAuthentication = '1.0.18013.5.1.6'

/** How a profile differs from `plain`. */
type Difference = Partial<CertificateProfile>

const plain: CertificateProfile = {
  intermediates: 3,
  extendedKeyUsages: [mdlDocumentSigner],
  needsExtendedKeyUsage: false,
  needsCriticalExtendedKeyUsage: false,
  needsKeyUsage: true,
  furtherKeyUsages: true,
  leafDays: Infinity,
  anchorDays: Infinity,
  needsRoot: false,
  needsPathLengthZero: false,
  needsCountry: false,
  pointers: ['subjectKeyIdentifier', 'authorityKeyIdentifier'],
}

const profiles: Readonly<Record<CertificateProfileName, Difference>> = {
  plain: {},
  iaca: {
    intermediates: 0,
    needsExtendedKeyUsage: true,
    needsCriticalExtendedKeyUsage: true,
    furtherKeyUsages: false,
    leafDays: 457,
    anchorDays: 7305,
    needsRoot: true,
    needsPathLengthZero: true,
    needsCountry: true,
    pointers: ['subjectKeyIdentifier', 'authorityKeyIdentifier', 'issuerAltName', 'crlDistributionPoints'],
  },
  reader: {
    extendedKeyUsages: [mdlReaderAuthentication],
    needsExtendedKeyUsage: true,
    needsCriticalExtendedKeyUsage: true,
    furtherKeyUsages: false,
  },
  status: {},
}

/** What an ecosystem does differently from a profile, and a verifier may decide to live with. None unless named. */
export type Relaxation =
  /** The extended key usage of the leaf may be marked not critical. */
  | 'extendedKeyUsageNotCritical'
  /** The leaf may have no extended key usage. */
  | 'extendedKeyUsageAbsent'
  /** The leaf may have no key usage. */
  | 'keyUsageAbsent'
  /** The leaf may state further key usages, nonRepudiation for one. */
  | 'furtherKeyUsages'
  /** The leaf and the anchor may be valid for longer. */
  | 'longValidity'
  /** Up to three certificates may stand between the leaf and the anchor; a root must then also allow them. */
  | 'intermediateCertificates'
  /** The root may allow authorities below it. */
  | 'rootPathLength'
  /** The anchor may be any authority, an intermediate one for example. */
  | 'anchorNotRoot'
  /** Countries and states are not compared. */
  | 'countryNotCompared'

const relaxations: Readonly<Record<Relaxation, Difference>> = {
  extendedKeyUsageNotCritical: { needsCriticalExtendedKeyUsage: false },
  extendedKeyUsageAbsent: { needsExtendedKeyUsage: false },
  keyUsageAbsent: { needsKeyUsage: false },
  furtherKeyUsages: { furtherKeyUsages: true },
  longValidity: { leafDays: plain.leafDays, anchorDays: plain.anchorDays },
  intermediateCertificates: { intermediates: 3 },
  rootPathLength: { needsPathLengthZero: false },
  anchorNotRoot: { needsRoot: false, needsPathLengthZero: false },
  countryNotCompared: { needsCountry: false },
}

/** A profile by its name, or with what a verifier decides to live with. */
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

/** The profile that a caller chose. Throws `TypeError` naming the argument. */
export function readCertificateProfile(choice: unknown, argument: string): CertificateProfile {
  const { profile, relax = [], extendedKeyUsages = [], ...unknown } = readChoice(choice)
  if (typeof profile !== 'string' || !Object.hasOwn(profiles, profile))
    throw misuse(argument, `a profile of ${Object.keys(profiles).join(', ')}, or { profile, relax }`)
  if (Object.keys(unknown).length > 0) throw misuse(`${argument}.${Object.keys(unknown)[0]}`, 'left out')
  if (!isListOf(relax, name => Object.hasOwn(relaxations, name)))
    throw misuse(`${argument}.relax`, `a list of ${Object.keys(relaxations).join(', ')}`)
  if (!isListOf(extendedKeyUsages, isOwnUsage))
    throw misuse(`${argument}.extendedKeyUsages`, 'a list of object identifiers in dotted form, not of TLS, not any')
  const base = { ...plain, ...profiles[profile as CertificateProfileName] }
  return Object.assign(base, ...relax.map(name => relaxations[name as Relaxation]), {
    extendedKeyUsages: [...base.extendedKeyUsages, ...extendedKeyUsages],
  })
}

const readChoice = (choice: unknown): Record<string, unknown> =>
  typeof choice === 'object' && choice !== null ? { ...choice } : { profile: choice }

const isListOf = (list: unknown, fits: (entry: string) => boolean): list is readonly string[] =>
  Array.isArray(list) && list.every(entry => typeof entry === 'string' && fits(entry))

/** serverAuth and clientAuth are 1 and 2 of their arc; anyExtendedKeyUsage stands in an arc of its own (RFC 5280 §4.2.1.12). */
const isOwnUsage = (usage: string): boolean =>
  /^[0-2](\.(0|[1-9]\d*))+$/.test(usage) && !/^(1\.3\.6\.1\.5\.5\.7\.3\.[12]|2\.5\.29\.37\.0)$/.test(usage)
