/**
 * What a verifier believes before the call: keys and certificates, each for an issuer, a purpose and a time.
 *
 * Keys are chosen from here only. What a token says of its own key (`kid`, `x5c`) is a hint among these, never a source.
 */
import { type Algorithm, type AlgorithmName, requireAlgorithm } from '../core/algorithms.js'
import { expectList, expectObject, expectText, misuse } from '../core/arguments.js'
import { base64, equalBytes, fromBase64 } from '../core/bytes.js'
import { isCalendarDate } from '../core/clock.js'
import type { Awaitable, PublicKey } from '../core/crypto/backend.js'
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import type { JsonValue } from '../core/json.js'
import { expectPublicJwk, type Jwk, type KeyCache, keyCache, type PublicJwk } from '../core/jwk.js'
import type { DecodedJws } from '../core/jws.js'
import { defaultLimits, type Limits, within } from '../core/limits.js'
import { type Certificate, readCertificate } from '../core/x509/certificate.js'
import { VidimusError } from '../errors.js'
import type { PassportProfile } from '../passport/profile.js'

/** What an anchor is believed for. */
export type Purpose = 'credential' | 'status' | 'log' | 'reader'

/** One thing a verifier believes. Plain data: it survives `JSON.stringify`. */
export interface Anchor {
  /** For people; the verdict repeats it. */
  readonly name?: string | undefined
  /** The issuer identifier (`iss`) it speaks for, compared to the letter. Absent: a token's `iss` is not vouched for. */
  readonly issuer?: string | undefined
  /** A public key, or … */
  readonly jwk?: Jwk | undefined
  /** … the issuer's own certificate, pinned: PEM text or DER bytes. */
  readonly certificate?: string | Uint8Array | undefined
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
}

/** An anchor as verdicts and evidence name it. Plain JSON. */
export interface AnchorDescription {
  /** DER in base64. */
  readonly certificate?: string | undefined
  readonly issuer?: string | undefined
  readonly jwk: PublicJwk
  readonly name?: string | undefined
}

export interface TrustedAnchor {
  readonly description: AnchorDescription
  readonly issuer?: string | undefined
  readonly jwk: PublicJwk
  readonly certificate?: Certificate | undefined
  readonly purposes: readonly Purpose[]
  readonly types?: readonly string[] | undefined
  readonly from: number
  readonly until: number
  readonly keys: KeyCache
}

/** A key that may verify a token, and the anchor it comes from. */
export interface TrustedKey {
  readonly key: PublicKey
  readonly anchor: TrustedAnchor
}

const purposes: readonly Purpose[] = ['credential', 'status', 'log', 'reader']
const members = ['name', 'issuer', 'jwk', 'certificate', 'purposes', 'passports', 'from', 'until']
const made = /* @__PURE__ */ new WeakSet<object>()

/**
 * Reads what a verifier believes. Make it once: it keeps imported keys. An empty list is legal and trusts nobody.
 * Throws `TypeError` naming the anchor that is malformed: a private JWK, a missing purpose, an unknown member.
 * @example trustAnchors([{ issuer: 'https://passport.example', jwk, purposes: ['credential', 'status'] }])
 */
export function trustAnchors(anchors: readonly Anchor[]): Trust {
  if (!Array.isArray(anchors)) throw misuse('anchors', 'a list')
  const trust = Object.freeze({ anchors: Object.freeze(anchors.map(readAnchor)), holderKeys: keyCache() })
  made.add(trust)
  return trust
}

/** The caller's own trust. Throws `TypeError` for anything `trustAnchors` did not make. */
export function expectTrust(trust: unknown): Trust {
  if (!made.has(trust as object)) throw misuse('trust', 'made by trustAnchors()')
  return trust as Trust
}

function readAnchor(anchor: Anchor, index: number): TrustedAnchor {
  const at = `anchors[${index}]`
  expectObject(anchor, at)
  const unknown = Object.keys(anchor).find(member => !members.includes(member))
  if (unknown !== undefined) throw misuse(`${at}.${unknown}`, 'a member of an anchor')
  const { certificate: pinned, issuer, name } = anchor
  if (issuer !== undefined) expectText(issuer, `${at}.issuer`)
  if (name !== undefined) expectText(name, `${at}.name`)
  if (expectList(anchor.purposes, `${at}.purposes`).some(purpose => !purposes.includes(purpose)))
    throw misuse(`${at}.purposes`, `of ${purposes.join(', ')}`)
  if ((anchor.jwk === undefined) === (pinned === undefined)) throw misuse(at, 'a `jwk` or a `certificate`')
  const certificate = pinned === undefined ? undefined : expectCertificate(pinned, `${at}.certificate`)
  const jwk = deepFreeze(certificate?.publicJwk ?? expectPublicJwk(anchor.jwk, `${at}.jwk`))
  const { crv, kid, kty, x, y } = jwk
  return Object.freeze({
    description: deepFreeze(
      withoutAbsent({
        certificate: certificate === undefined ? undefined : base64(certificate.der),
        issuer,
        jwk: withoutAbsent({ crv, kid, kty, x, y }),
        name,
      }),
    ),
    issuer,
    jwk,
    certificate,
    purposes: Object.freeze([...anchor.purposes]),
    types: readTypes(anchor.passports, `${at}.passports`),
    from: readInstant(anchor.from, `${at}.from`) ?? -Infinity,
    until: readInstant(anchor.until, `${at}.until`) ?? Infinity,
    keys: keyCache(8),
  })
}

function expectCertificate(certificate: string | Uint8Array, argument: string): Certificate {
  try {
    return readCertificate(certificate)
  } catch (error) {
    throw misuse(argument, `PEM text or DER bytes of one certificate: ${(error as Error).message}`)
  }
}

function readTypes(passports: Anchor['passports'], argument: string): readonly string[] | undefined {
  if (passports === undefined) return undefined
  if (!Array.isArray(passports) || passports.some(it => !Array.isArray(it?.vct) || !Array.isArray(it.docType)))
    throw misuse(argument, 'a list of passport profiles')
  return Object.freeze((passports as PassportProfile[]).flatMap(passport => [...passport.vct, ...passport.docType]))
}

/** A `Date` or RFC 3339 text. The platform's parser alone would take a bare year, and the 30th of February. */
function readInstant(instant: Date | string | undefined, argument: string): number | undefined {
  if (instant === undefined) return undefined
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/ // §5.6
  const fit = instant instanceof Date || (form.test(instant) && isCalendarDate(instant.slice(0, 10)))
  const time = fit ? new Date(instant).getTime() : Number.NaN
  if (Number.isNaN(time)) throw misuse(argument, 'a Date or RFC 3339 text')
  return time
}

/** Whose signature is asked for, when, and over what. */
export interface TrustQuestion {
  readonly issuer: string | undefined
  /** The type identifier that the credential is taken by: its `vct` or one of `aka_vcts`. */
  readonly type: string
  readonly now: Date
  readonly algorithms: readonly AlgorithmName[]
  readonly limits: Limits
}

/**
 * The keys that may have signed a credential: anchors of its issuer, for its type, at this time, that fit the token's
 * `kid` and `x5c`. A certificate counts only when the token's leaf is the pinned one, byte for byte.
 * Throws `issuer_untrusted`, `issuer_key_unknown`, `certificate_untrusted`, `certificate_expired`, `certificate_not_yet_valid`.
 */
export async function credentialKeys(
  trust: Trust,
  token: DecodedJws,
  question: TrustQuestion,
): Promise<readonly TrustedKey[]> {
  const { issuer, type, now, limits } = question
  const algorithm = requireAlgorithm(token.header['alg'], question.algorithms)
  const leaf = readLeaf(token.header['x5c'], limits)
  const believed = anchorsFor(trust, 'credential', now).filter(
    anchor => (anchor.issuer === undefined || issuer === undefined || anchor.issuer === issuer) && signs(anchor, type),
  )
  if (believed.length === 0)
    throw new VidimusError('issuer_untrusted', {
      at: 'iss',
    })
  const kid = readKeyIdentifier(token)
  const fitting = believed.filter(anchor => fits(anchor, kid, leaf))
  if (fitting.length === 0)
    throw leaf !== undefined && believed.every(anchor => anchor.certificate !== undefined)
      ? new VidimusError('certificate_untrusted', {
          at: 'x5c',
        })
      : new VidimusError('issuer_key_unknown', { at: 'kid' })
  return importAll(requireValid(fitting, now), algorithm)
}

/**
 * The keys that may have signed a status list for credentials of an issuer: anchors of that issuer with the purpose
 * `status`, for its type where one is named. Throws `status_signer_untrusted` when there is none.
 */
export function statusSigners(
  trust: Trust,
  {
    issuer,
    type,
    now,
    algorithms,
    limits = defaultLimits,
  }: {
    readonly issuer?: string | undefined
    readonly type?: string | undefined
    readonly now: Date
    readonly algorithms: readonly AlgorithmName[]
    readonly limits?: Limits
  },
): (token: DecodedJws) => Awaitable<readonly PublicKey[]> {
  const believed = anchorsFor(trust, 'status', now).filter(
    anchor => anchor.issuer === issuer && (type === undefined || signs(anchor, type)),
  )
  return async token => {
    const algorithm = requireAlgorithm(token.header['alg'], algorithms)
    const leaf = readLeaf(token.header['x5c'], limits)
    const kid = readKeyIdentifier(token)
    const fitting = believed.filter(anchor => fits(anchor, kid, leaf) && isValid(anchor, now))
    const keys = fitting.length === 0 ? [] : await importAll(fitting, algorithm).catch(() => [])
    if (keys.length === 0)
      throw new VidimusError('status_signer_untrusted', {
        at: 'kid',
      })
    return keys.map(({ key }) => key)
  }
}

function anchorsFor(trust: Trust, purpose: Purpose, now: Date): readonly TrustedAnchor[] {
  const time = now.getTime()
  const believed: TrustedAnchor[] = []
  // A loop, for the engine filters a frozen array the long way round.
  for (const anchor of trust.anchors)
    if (anchor.purposes.includes(purpose) && anchor.from <= time && time <= anchor.until) believed.push(anchor)
  return believed
}

const signs = ({ types }: TrustedAnchor, type: string): boolean => types === undefined || types.includes(type)

/** RFC 7515 §4.1.4: text. It is compared with the names of anchors and used for nothing else. */
function readKeyIdentifier({ header }: DecodedJws): string | undefined {
  const { kid } = header
  if (kid !== undefined && typeof kid !== 'string') throw new VidimusError('jws_malformed', { at: 'kid' })
  return kid
}

/** A certificate anchor needs the token's leaf; a key anchor may be singled out by `kid` where both name one. */
function fits(anchor: TrustedAnchor, kid: string | undefined, leaf: Uint8Array | undefined): boolean {
  if (anchor.certificate !== undefined) return leaf !== undefined && equalBytes(anchor.certificate.der, leaf)
  return kid === undefined || anchor.jwk.kid === undefined || anchor.jwk.kid === kid
}

/** The leaf of an `x5c` header (RFC 7515 §4.1.6): standard base64 of DER, leaf first. Nothing else in it is believed. */
function readLeaf(x5c: JsonValue | undefined, limits: Limits): Uint8Array | undefined {
  if (x5c === undefined) return undefined
  if (!Array.isArray(x5c) || x5c.length === 0 || x5c.some(entry => typeof entry !== 'string'))
    throw new VidimusError('certificate_malformed', {
      at: 'x5c',
    })
  within(limits, 'certificates', x5c.length)
  const [leaf] = (x5c as string[]).map(entry => {
    within(limits, 'certificateBytes', Math.floor(entry.replace(/={1,2}$/, '').length * 0.75))
    return fromBase64(entry, 'x5c')
  })
  return leaf
}

const isValid = ({ certificate }: TrustedAnchor, now: Date): boolean =>
  certificate === undefined || (certificate.notBefore <= now && now <= certificate.notAfter)

function requireValid(anchors: readonly TrustedAnchor[], now: Date): readonly TrustedAnchor[] {
  const valid = anchors.filter(anchor => isValid(anchor, now))
  if (valid.length > 0) return valid
  throw anchors.some(({ certificate }) => certificate !== undefined && now > certificate.notAfter)
    ? new VidimusError('certificate_expired', { at: 'x5c' })
    : new VidimusError('certificate_not_yet_valid', { at: 'x5c' })
}

/** Only keys on the token's curve can have signed it; with none, the label does not go with any key we believe. */
async function importAll(anchors: readonly TrustedAnchor[], algorithm: Algorithm): Promise<readonly TrustedKey[]> {
  const fitting = anchors.filter(({ jwk }) => jwk.crv === algorithm.crv)
  if (fitting.length === 0)
    throw new VidimusError('alg_not_allowed', {
      at: 'alg',
      actual: algorithm.name,
    })
  const keys: TrustedKey[] = []
  for (const anchor of fitting) keys.push({ anchor, key: await anchor.keys.import(anchor.jwk, algorithm) })
  return keys
}
