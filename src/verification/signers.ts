/**
 * Who may have signed what arrived: the keys of configured anchors, and of signers whose certificates lead to one.
 *
 * What a token says of its own key (`kid`, `x5c`, `x5chain`) chooses among what is believed already. A certificate sent
 * along counts only at the end of a valid path from an anchor, or when it is the pinned one, byte for byte.
 */
import type { Algorithm } from '../core/algorithms.js'
import { base64, equalBytes } from '../core/bytes.js'
import type { PublicKey } from '../core/crypto/backend.js'
import { defaultLimits, type Limits } from '../core/limits.js'
import type { SignerHints } from '../core/signer-hints.js'
import type { Certificate } from '../core/x509/certificate.js'
import { requireNotRevoked } from '../core/x509/crl.js'
import { namesIssuer } from '../core/x509/names.js'
import { readChain, requireCurrentPath, type ValidPath, validatePath } from '../core/x509/path.js'
import type { CertificateProfile } from '../core/x509/profile.js'
import { VidimusError } from '../errors.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Purpose, Trust, TrustedAnchor } from './trust.js'
import type { VerifiedIssuer } from './verdict.js'

/** A key that may verify a signature, and why it is believed. */
export interface TrustedKey {
  readonly key: PublicKey
  readonly anchor: TrustedAnchor
  /** The issuer identifier that the anchor, or the certificate below it, vouches for. */
  readonly issuer?: string | undefined
  /** The signer's certificate, where there is one … */
  readonly certificate?: Certificate | undefined
  /** … and the way from it to the anchor, unless it is itself the anchor. */
  readonly path?: ValidPath | undefined
}

/** Whose signature is asked for, when, and over what. */
export interface SignerQuestion {
  /** The issuer identifier that the credential claims, if its format has one. */
  readonly issuer: string | undefined
  /** The type identifier that the credential is taken by. */
  readonly type: string
  readonly profile: PassportProfile
  readonly expectedIssuers: readonly string[] | undefined
  readonly now: Date
  readonly limits: Limits
}

/**
 * The keys that may have signed a credential: anchors of its issuer, for its type, at this time, and signers below them.
 * Throws `issuer_untrusted`, `issuer_key_unknown`, `issuer_not_expected`, `issuer_certificate_mismatch`,
 * `alg_not_allowed`, `key_invalid` and the codes of certificates.
 */
export async function credentialSigners(
  trust: Trust,
  hints: SignerHints,
  question: SignerQuestion,
): Promise<readonly TrustedKey[]> {
  const { issuer, type, profile, now } = question
  const believed = anchorsFor(trust, 'credential', now).filter(
    anchor => (anchor.issuer === undefined || issuer === undefined || anchor.issuer === issuer) && signs(anchor, type),
  )
  if (believed.length === 0) throw new VidimusError('issuer_untrusted', { at: 'iss' })
  const usual = profile.certificateProfile ?? 'plain'
  const found = await search(believed, hints, anchor => anchor.profiles[usual], question)
  return requireExpected(found, question.expectedIssuers)
}

/** The signers that speak for one of the issuers expected. */
function requireExpected(keys: readonly TrustedKey[], issuers: readonly string[] | undefined): readonly TrustedKey[] {
  if (issuers === undefined) return keys
  const expected = keys.filter(({ issuer }) => issuer !== undefined && issuers.includes(issuer))
  if (expected.length > 0) return expected
  throw new VidimusError('issuer_not_expected', { at: 'iss', expected: issuers.join(' ') })
}

/** Of which credential a status list is asked: of its type, signed by this signer. */
export interface StatusSignerQuestion {
  readonly signer: Pick<TrustedKey, 'anchor' | 'issuer'>
  readonly type: string
  readonly now: Date
  readonly limits?: Limits | undefined
}

/**
 * The keys that may have signed a status list for a credential: anchors with the purpose `status` for its type and of its
 * issuer. An anchor without an issuer speaks for the credentials below itself; one that signs no credentials, for those
 * of every other anchor without one. Throws `status_signer_untrusted` when there is none.
 */
export function statusSigners(
  trust: Trust,
  { signer, type, now, limits = defaultLimits }: StatusSignerQuestion,
): (hints: SignerHints) => Promise<readonly PublicKey[]> {
  const believed = anchorsFor(trust, 'status', now).filter(
    anchor => speaksFor(anchor, signer.anchor) && signs(anchor, type),
  )
  return hints => searchForStatus(believed, hints, { issuer: signer.issuer, now, limits })
}

const speaksFor = (anchor: TrustedAnchor, other: TrustedAnchor): boolean =>
  anchor === other ||
  (anchor.issuer === other.issuer && (anchor.issuer !== undefined || !anchor.purposes.includes('credential')))

/**
 * The keys that may have signed any status list: every anchor with the purpose `status`, whoever it speaks for.
 * Throws `status_signer_untrusted` when there is none.
 */
export function anyStatusSigners(
  trust: Trust,
  { now, limits = defaultLimits }: { readonly now: Date; readonly limits?: Limits | undefined },
): (hints: SignerHints) => Promise<readonly PublicKey[]> {
  const believed = anchorsFor(trust, 'status', now)
  return hints => searchForStatus(believed, hints, { issuer: undefined, now, limits })
}

async function searchForStatus(
  believed: readonly TrustedAnchor[],
  hints: SignerHints,
  question: Search,
): Promise<readonly PublicKey[]> {
  const found = await search(believed, hints, anchor => anchor.profiles.status, question).catch(refused)
  if (found.length === 0) throw new VidimusError('status_signer_untrusted', { at: 'kid' })
  return found.map(({ key }) => key)
}

/** However a signer failed to be one of ours, it is not one of ours. */
function refused(error: unknown): readonly TrustedKey[] {
  if (error instanceof VidimusError) return []
  throw error
}

/** Holds the path of a signer against the revocation lists of its anchor. Throws `certificate_revoked`, `certificate_revocation_unknown`. */
export const requireUnrevoked = ({ path, anchor: { crls } }: TrustedKey, now: Date): Promise<void> | undefined =>
  path === undefined || crls === undefined ? undefined : requireNotRevoked(path, crls, now)

/** The issuer as the verdict names it. */
export function describeIssuer({ anchor, issuer, certificate, path }: TrustedKey): VerifiedIssuer {
  return {
    id: issuer,
    name: anchor.description.name,
    country: certificate?.subject.country,
    certificate: certificate === undefined ? undefined : base64(certificate.der),
    certificateLacks: path === undefined || path.absent.length === 0 ? undefined : path.absent,
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

interface Search {
  readonly issuer: string | undefined
  readonly now: Date
  readonly limits: Limits
}

/** Every signer among the anchors and below them. When there is none, the most telling reason is thrown. */
async function search(
  believed: readonly TrustedAnchor[],
  hints: SignerHints,
  profileOf: (anchor: TrustedAnchor) => CertificateProfile,
  question: Search,
): Promise<readonly TrustedKey[]> {
  const found: TrustedKey[] = []
  let refusal: VidimusError | undefined
  for (const anchor of believed) {
    try {
      const key = await signerOf(anchor, hints, profileOf(anchor), question)
      if (key !== undefined) found.push(key)
    } catch (error) {
      if (!(error instanceof VidimusError)) throw error
      refusal = moreTelling(refusal, error)
    }
  }
  if (found.length > 0) return found
  throw refusal ?? new VidimusError('issuer_key_unknown', { at: 'kid' })
}

/** A path that failed on the way says more than one that never began. */
const moreTelling = (one: VidimusError | undefined, other: VidimusError): VidimusError =>
  one === undefined || one.code === 'certificate_untrusted' || one.code === 'alg_not_allowed' ? other : one

/** The signer that an anchor believes in, if it fits what the token says. */
async function signerOf(
  anchor: TrustedAnchor,
  hints: SignerHints,
  profile: CertificateProfile,
  question: Search,
): Promise<TrustedKey | undefined> {
  const { certificate: root, issuer, jwk, keys } = anchor
  if (root !== undefined)
    return hints.x5c === undefined ? undefined : certifiedSigner(anchor, root, hints.x5c, hints, profile, question)
  if (jwk === undefined || (hints.keyId !== undefined && jwk.kid !== undefined && jwk.kid !== hints.keyId))
    return undefined
  return { anchor, issuer, key: await keys.import(jwk, algorithmFor(jwk.crv, hints)) }
}

/** The signer whose certificate is the anchor itself, or leads to it. */
async function certifiedSigner(
  anchor: TrustedAnchor,
  root: Certificate,
  chain: readonly Uint8Array[],
  hints: SignerHints,
  profile: CertificateProfile,
  { issuer, now, limits }: Search,
): Promise<TrustedKey> {
  const pinned = equalBytes(chain[0]!, root.der)
  if (pinned) requireCurrentPath({ leaf: root, certificates: [root], absent: [] }, now)
  const path = pinned ? undefined : await validPath(anchor, root, chain, profile, now, limits)
  const certificate = path?.leaf ?? root
  const jwk = certificate.publicJwk
  if (jwk === undefined) throw new VidimusError('key_invalid', { at: 'x5c' })
  const key = await anchor.keys.import(jwk, algorithmFor(jwk.crv, hints))
  return { anchor, issuer: vouchedIssuer(anchor, certificate, pinned, issuer), certificate, path, key }
}

/** The algorithm that the token names, for a key on this curve. Throws `alg_not_allowed`. */
export function algorithmFor(crv: string, { algorithms }: Pick<SignerHints, 'algorithms'>): Algorithm {
  const algorithm = algorithms.find(algorithm => algorithm.crv === crv)
  if (algorithm === undefined) throw new VidimusError('alg_not_allowed', { at: 'alg', actual: algorithms[0]!.name })
  return algorithm
}

/**
 * The issuer identifier that is vouched for. A certificate that names issuers speaks for those alone, whatever its
 * authority was configured for; one that names none speaks for the anchor's issuer. A token may not claim another.
 * Throws `issuer_certificate_mismatch`.
 */
function vouchedIssuer(
  anchor: TrustedAnchor,
  leaf: Certificate,
  pinned: boolean,
  claimed: string | undefined,
): string | undefined {
  const expected = anchor.issuer ?? claimed
  if (expected === undefined || (pinned && anchor.issuer !== undefined)) return expected
  const named = namesIssuer(leaf, expected)
  if (named === true) return expected
  if (named === undefined && anchor.issuer !== undefined) return expected
  if (pinned) return undefined
  throw new VidimusError('issuer_certificate_mismatch', { at: 'iss' })
}

/** Paths kept per anchor: an authority has few signers at a time. */
const keptPaths = 32

/** The path from the anchor to the leaf; one that was validated before needs its dates alone. */
async function validPath(
  anchor: TrustedAnchor,
  root: Certificate,
  chain: readonly Uint8Array[],
  profile: CertificateProfile,
  now: Date,
  limits: Limits,
): Promise<ValidPath> {
  const known = anchor.paths.find(known => known.profile === profile && sameChain(known.chain, chain))
  if (known !== undefined) {
    requireCurrentPath(known.path, now)
    return known.path
  }
  const path = await validatePath(readChain(chain, limits), root, { profile, at: now, keys: anchor.keys })
  anchor.paths.unshift({ chain: chain.map(der => new Uint8Array(der)), profile, path })
  if (anchor.paths.length > keptPaths) anchor.paths.pop()
  return path
}

const sameChain = (known: readonly Uint8Array[], chain: readonly Uint8Array[]): boolean =>
  known.length === chain.length && known.every((der, index) => equalBytes(der, chain[index]!))
