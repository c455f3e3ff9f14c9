/**
 * Who may have signed what arrived: the keys of configured anchors, and of signers whose certificates lead to one.
 *
 * What a token says of its own key (`kid`, `x5c`, `x5chain`) chooses among what is believed already. A certificate sent
 * along counts only at the end of a valid path from an anchor, or when it is the pinned one, byte for byte.
 */
import type { Algorithm } from '../core/algorithms.js'
import type { PublicKey } from '../core/crypto/backend.js'
import { defaultLimits, type Limits } from '../core/limits.js'
import type { SignerHints } from '../core/signer-hints.js'
import type { CertificateProfileName } from '../core/x509/profile.js'
import { VidimusError } from '../errors.js'
import type { PassportProfile } from '../passport/profile.js'
import type { CertifiedSigner } from './authority.js'
import type { Policy } from './policy.js'
import type { Purpose, Trust, TrustedAnchor } from './trust.js'
import type { VerifiedIssuer } from './verdict.js'

/** A key that may verify a signature, and why it is believed. */
export interface TrustedKey {
  readonly key: PublicKey
  readonly anchor: TrustedAnchor
  /** The issuer identifier that the anchor, or the certificate below it, vouches for. */
  readonly issuer?: string | undefined
  /** What the signer's certificate says, where there is one. */
  readonly certified?: CertifiedSigner | undefined
}

/** Whose signature is asked for, and over what. */
export interface SignerQuestion {
  /** The issuer identifier that the credential claims, if its format has one. */
  readonly issuer: string | undefined
  /** The type identifier that the credential is taken by. */
  readonly type: string
  readonly profile: PassportProfile
}

/**
 * The keys that may have signed a credential: anchors of its issuer, for its type, at this time, and signers below them; of
 * those the ones that speak for an issuer expected.
 * Throws `issuer_untrusted`, `issuer_key_unknown`, `issuer_not_expected`, `issuer_certificate_mismatch`,
 * `alg_not_allowed`, `key_invalid` and the codes of certificates.
 */
export async function credentialSigners(
  hints: SignerHints,
  { issuer, type, profile }: SignerQuestion,
  { trust, expectedIssuers, now, limits }: Pick<Policy, 'trust' | 'expectedIssuers' | 'now' | 'limits'>,
): Promise<readonly TrustedKey[]> {
  const believed = anchorsFor(trust, 'credential', now).filter(
    anchor => (anchor.issuer === undefined || issuer === undefined || anchor.issuer === issuer) && signs(anchor, type),
  )
  if (believed.length === 0) throw new VidimusError('issuer_untrusted', { at: 'iss' })
  const found = await search(believed, hints, profile.certificateProfile ?? 'plain', { issuer, now, limits })
  const expected = expectedIssuers ? found.filter(key => expectedIssuers.includes(identifierOf(key) ?? '')) : found
  if (expected.length > 0) return expected
  throw new VidimusError('issuer_not_expected', { at: 'iss', expected: expectedIssuers?.join(' ') })
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
 * of every other anchor without one, of its country where both have one. Throws `status_signer_untrusted` when there is none.
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
  (anchor.issuer === other.issuer &&
    (anchor.issuer !== undefined || (!anchor.purposes.includes('credential') && ofOneCountry(anchor, other))))

/** Authorities of two countries have nothing to say of each other. */
const ofOneCountry = ({ authority: one }: TrustedAnchor, { authority: other }: TrustedAnchor): boolean =>
  one?.country === undefined || other?.country === undefined || one.country === other.country

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

/**
 * The keys that may have signed a reader's request: anchors with the purpose `reader`, and readers below them. Throws
 * `issuer_untrusted`, `issuer_key_unknown`, `alg_not_allowed` and the codes of certificates.
 */
export async function readerSigners(
  trust: Trust,
  hints: SignerHints,
  { now, limits }: Omit<Search, 'issuer'>,
): Promise<readonly TrustedKey[]> {
  const believed = anchorsFor(trust, 'reader', now)
  if (believed.length === 0) throw new VidimusError('issuer_untrusted', { at: 'reader' })
  return search(believed, hints, 'reader', { issuer: undefined, now, limits })
}

async function searchForStatus(
  believed: readonly TrustedAnchor[],
  hints: SignerHints,
  question: Search,
): Promise<readonly PublicKey[]> {
  const found = await search(believed, hints, 'status', question).then(unrevoked(question.now), ifRefused([]))
  if (found.length === 0) throw new VidimusError('status_signer_untrusted', { at: 'kid' })
  return found.map(({ key }) => key)
}

/** Those of whom no revocation list of their anchor says otherwise. */
const unrevoked =
  (now: Date) =>
  async (signers: readonly TrustedKey[]): Promise<readonly TrustedKey[]> => {
    const fine: TrustedKey[] = []
    for (const signer of signers) {
      const isRevoked = await signer.certified?.requireNotRevoked?.(now).then(() => false, ifRefused(true))
      if (isRevoked !== true) fine.push(signer)
    }
    return fine
  }

/** However a signer failed to be one of ours, it is not one of ours. */
const ifRefused =
  <T>(answer: T) =>
  (error: unknown): T => {
    if (error instanceof VidimusError) return answer
    throw error
  }

/** The identifier that is vouched for; where nobody claimed one, the one that the signer's certificate names. */
const identifierOf = ({ issuer, certified }: TrustedKey): string | undefined =>
  issuer ?? (certified?.isPinned === false ? certified.issuerNamed() : undefined)

/** The issuer as the verdict names it. */
export const describeIssuer = (key: TrustedKey): VerifiedIssuer => ({
  id: identifierOf(key),
  name: key.anchor.name,
  country: key.certified?.path.leaf.subject.country,
  certificate: key.certified?.certificate,
  certificateLacks: key.certified?.path.absent.length ? key.certified.path.absent : undefined,
})

/** The anchors that are believed for a purpose at a time. */
export function anchorsFor(trust: Trust, purpose: Purpose, now: Date): readonly TrustedAnchor[] {
  const time = now.getTime()
  const believed: TrustedAnchor[] = []
  // A loop, for the engine filters a frozen array the long way round.
  for (const anchor of trust.anchors)
    if (anchor.purposes.includes(purpose) && anchor.from <= time && time <= anchor.until) believed.push(anchor)
  return believed
}

/** Whether an anchor speaks for credentials of a type. */
export const signs = ({ types }: TrustedAnchor, type: string): boolean => types === undefined || types.includes(type)

interface Search {
  readonly issuer: string | undefined
  readonly now: Date
  readonly limits: Limits
}

/** Every signer among the anchors and below them. When there is none, the most telling reason is thrown. */
async function search(
  believed: readonly TrustedAnchor[],
  hints: SignerHints,
  use: CertificateProfileName,
  question: Search,
): Promise<readonly TrustedKey[]> {
  const found: TrustedKey[] = []
  let refusal: VidimusError | undefined
  for (const anchor of believed) {
    try {
      const key = await signerOf(anchor, hints, use, question)
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
  use: CertificateProfileName,
  { issuer: claimed, now, limits }: Search,
): Promise<TrustedKey | undefined> {
  const { authority, issuer, jwk, keys } = anchor
  if (authority !== undefined) {
    if (hints.x5c === undefined) return undefined
    const certified = await authority.signer(hints.x5c, use, now, limits)
    const key = await keys.import(certified.jwk, algorithmFor(certified.jwk.crv, hints))
    return { anchor, issuer: vouchedIssuer(anchor, certified, claimed), certified, key }
  }
  if (jwk === undefined || (hints.keyId !== undefined && jwk.kid !== undefined && jwk.kid !== hints.keyId))
    return undefined
  return { anchor, issuer, key: await keys.import(jwk, algorithmFor(jwk.crv, hints)) }
}

/** The algorithm that the token names, for a key on this curve; another one where it names none, which no such key imports. */
export const algorithmFor = (crv: string, { algorithms }: Pick<SignerHints, 'algorithms'>): Algorithm =>
  algorithms.find(algorithm => algorithm.crv === crv) ?? algorithms[0]!

/**
 * The issuer identifier that is vouched for. A certificate that names issuers speaks for those alone, whatever its
 * authority was configured for; one that names none speaks for the anchor's issuer. A token may not claim another.
 * Throws `issuer_certificate_mismatch`.
 */
function vouchedIssuer(
  anchor: TrustedAnchor,
  { isPinned, namesIssuer }: CertifiedSigner,
  claimed: string | undefined,
): string | undefined {
  const expected = anchor.issuer ?? claimed
  if (expected === undefined || (isPinned && anchor.issuer !== undefined)) return expected
  if (namesIssuer(expected) ?? anchor.issuer !== undefined) return expected
  if (isPinned) return undefined
  throw new VidimusError('issuer_certificate_mismatch', { at: 'iss' })
}
