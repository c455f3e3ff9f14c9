/**
 * What a verifier believes before the call: keys and certificates, each for an issuer, a purpose and a time.
 *
 * `signers.ts` chooses from here, and from nowhere else, who may have signed what arrived.
 */
import {
  expectList,
  expectNoMore,
  expectObject,
  expectReadable,
  expectText,
  misuse,
  optional,
  type Readers,
  readMembers,
} from '../core/arguments.js'
import { isCalendarDate } from '../core/clock.js'
import type { CurveSupport } from '../core/crypto/backend.js'
import { deepFreeze } from '../core/freeze.js'
import { expectPublicJwk, type Jwk, type KeyCache, keyCache, type PublicJwk } from '../core/jwk.js'
import { type Certificate, readCertificate } from '../core/x509/certificate.js'
import { type RevocationLists, revocationLists } from '../core/x509/crl.js'
import { everyPathPart, type PathParts } from '../core/x509/path.js'
import type { CertificateProfileChoice } from '../core/x509/profile.js'
import type { NoteVerifier } from '../formats/tlog/note.js'
import type { PassportProfile } from '../passport/profile.js'
import { type Authority, authorityOver } from './authority.js'
import { type IssuanceLogs, issuanceLogs } from './logged.js'
import { credentialSigners } from './signers.js'

/** What an anchor is believed for. Of a log its `logKey` alone is believed. */
export type Purpose = 'credential' | 'status' | 'log' | 'reader'

/** One thing a verifier believes. Plain data: it survives `JSON.stringify`. */
export interface Anchor {
  /** For people; the verdict repeats it. */
  readonly name?: string | undefined
  /**
   * The issuer identifier (`iss`) it speaks for, compared to the letter. Absent: a key vouches for no identifier, an
   * authority for the one that the signer's certificate names.
   */
  readonly issuer?: string | undefined
  /** A public key, … */
  readonly jwk?: Jwk | undefined
  /** … the verifier key of a log (C2SP vkey text), for the purpose `log` and no other, or … */
  readonly logKey?: string | undefined
  /** … a certificate, PEM text or DER bytes: of an authority whose signers are believed, or of the signer itself. */
  readonly certificate?: string | Uint8Array | undefined
  /** What the certificates of an authority's signers must be like. Default: what the passport says, else `plain`. */
  readonly certificateProfile?: CertificateProfileChoice | undefined
  /** Certificate revocation lists, PEM or DER each. Absent: revocation is not checked, and the verdict says so. */
  readonly crls?: readonly (string | Uint8Array)[] | undefined
  readonly purposes: readonly Purpose[]
  /** The passports it may sign; absent: any that the verifier expects. */
  readonly passports?: readonly { readonly vct: readonly string[]; readonly docType: readonly string[] }[] | undefined
  /** The span it is believed in, both ends included: a `Date` or RFC 3339 text. */
  readonly from?: Date | string | undefined
  readonly until?: Date | string | undefined
}

/** The anchors of a verifier, read once; it holds their imported keys and those of recent holders. */
export interface Trust {
  readonly anchors: readonly TrustedAnchor[]
  /** Keys of holders, which issuers vouch for; imported here because it lives as long as the anchors. */
  readonly holderKeys: KeyCache
  /** Who may have signed a credential: reached from here, so that who names no anchors carries none of it. */
  readonly credentialSigners: typeof credentialSigners
  /** Asks whether a credential was logged. */
  readonly issuanceLogs: IssuanceLogs
}

export interface TrustOptions {
  /** Curves that the platform lacks: `brainpool` of `vidimus/brainpool`, in browsers. */
  readonly curves?: CurveSupport | undefined
}

/** What anchors may need besides keys and plain chains. */
export interface TrustParts extends PathParts {
  readonly revocationLists: RevocationLists
  readonly issuanceLogs: IssuanceLogs
}

export interface TrustedAnchor {
  readonly name?: string | undefined
  readonly issuer?: string | undefined
  readonly jwk?: PublicJwk | undefined
  /** DER. */
  readonly certificate?: Uint8Array | undefined
  /** The signers that a certificate stands for. */
  readonly authority?: Authority | undefined
  readonly logKey?: string | undefined
  /** The key under which a log signs. */
  readonly log?: NoteVerifier | undefined
  readonly purposes: readonly Purpose[]
  readonly types?: readonly string[] | undefined
  readonly from: number
  readonly until: number
  readonly keys: KeyCache
}

const allPurposes: readonly Purpose[] = ['credential', 'status', 'log', 'reader']
const made = /* @__PURE__ */ new WeakSet<object>()

/**
 * Reads what a verifier believes. Make it once: it keeps imported keys. An empty list is legal and trusts nobody.
 * Throws `TypeError` naming the anchor that is malformed: a private JWK, a missing purpose, an unknown member.
 * @example trustAnchors([{ issuer: 'https://passport.example', jwk, purposes: ['credential', 'status'] }])
 */
export function trustAnchors(anchors: readonly Anchor[], { curves }: TrustOptions = {}): Trust {
  return readTrust(anchors, { ...everyPathPart, revocationLists, issuanceLogs, curves })
}

/** The same with the parts given. Throws as `trustAnchors`, and what they do. */
export function readTrust(anchors: readonly Anchor[], { curves, ...parts }: TrustOptions & TrustParts): Trust {
  if (!Array.isArray(anchors)) throw misuse('anchors', 'a list')
  const trusted = anchors.map((anchor, index) => readAnchor(anchor, `anchors[${index}]`, keyCache(64, curves), parts))
  const trust = deepFreeze({
    anchors: trusted,
    holderKeys: keyCache(1000, curves),
    credentialSigners,
    issuanceLogs: parts.issuanceLogs,
  })
  made.add(trust)
  return trust
}

/** The caller's own trust. Throws `TypeError` for anything `trustAnchors` did not make. */
export function expectTrust(trust: unknown): Trust {
  if (!made.has(trust as object)) throw misuse('trust', 'made by trustAnchors()')
  return trust as Trust
}

function readAnchor(anchor: Anchor, at: string, keys: KeyCache, parts: TrustParts): TrustedAnchor {
  expectObject(anchor, at)
  const readers = {
    name: optional(expectText),
    issuer: optional(expectText),
    purposes: readPurposes,
    passports: optional(readTypes),
    from: readInstant(-Infinity),
    until: readInstant(Infinity),
    jwk: optional(expectPublicJwk),
    certificate: optional(expectCertificate),
    certificateProfile: parts.certificateProfiles.read,
    crls: optional(parts.revocationLists.read),
    logKey: optional((key: string, argument) =>
      parts.issuanceLogs.readKey(key, argument, { purposes: anchor.purposes, keys }),
    ),
  } satisfies Readers<Anchor, object>
  expectNoMore(anchor, at, readers)
  const {
    jwk,
    certificate,
    certificateProfile: profiles,
    crls: requireNotRevoked,
    logKey: log,
    passports: types,
    ...plain
  } = readMembers(anchor, readers, `${at}.`)
  if ([jwk, certificate, log].filter(Boolean).length !== 1) throw misuse(at, 'a `jwk`, a `certificate` or a `logKey`')
  if (certificate === undefined && (anchor.certificateProfile ?? anchor.crls) !== undefined)
    throw misuse(at, 'a `certificate`, for its profile or `crls`')
  return {
    ...plain,
    jwk: jwk ?? certificate?.publicJwk,
    certificate: certificate?.der,
    authority: certificate && authorityOver(certificate, { profiles, requireNotRevoked, keys, parts }),
    logKey: anchor.logKey,
    log,
    types,
    keys,
  }
}

const readPurposes = (purposes: readonly Purpose[], argument: string): readonly Purpose[] =>
  expectList(purposes, argument, `of ${allPurposes.join(', ')}`, purpose => allPurposes.includes(purpose))

function readTypes(passports: NonNullable<Anchor['passports']>, argument: string): readonly string[] {
  if (!Array.isArray(passports) || passports.some(it => !Array.isArray(it?.vct) || !Array.isArray(it.docType)))
    throw misuse(argument, 'a list of passport profiles')
  return (passports as PassportProfile[]).flatMap(passport => [...passport.vct, ...passport.docType])
}

/** Milliseconds; `open` where nothing is said. */
const readInstant =
  (open: number) =>
  (instant: Date | string | undefined, argument: string): number => {
    if (instant === undefined) return open
    const time = instant instanceof Date || isRfc3339(instant) ? new Date(instant).getTime() : Number.NaN
    if (Number.isNaN(time)) throw misuse(argument, 'a Date or RFC 3339 text')
    return time
  }

/** §5.6. The platform's parser alone would take a bare year, and the 30th of February. */
const isRfc3339 = (text: unknown): boolean =>
  typeof text === 'string' &&
  isCalendarDate(text.slice(0, 10)) &&
  /^T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text.slice(10))

const expectCertificate = (certificate: string | Uint8Array, argument: string): Certificate =>
  expectReadable(() => readCertificate(certificate), argument, 'PEM text or DER bytes')
