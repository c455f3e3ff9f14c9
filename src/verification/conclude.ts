/** The end of an examination: a verdict for or against, with its evidence. */
import type { Awaitable, PublicKey } from '../core/crypto/backend.js'
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import type { PublicJwk } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import type { PlainObject } from '../passport/element-value.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Examination } from './checks.js'
import type { LoggedQuestion } from './logged.js'
import type { Policy } from './policy.js'
import { describeIssuer, type TrustedKey } from './signers.js'
import type { StatusFinding } from './status-check.js'
import type { Format, Verdict } from './verdict.js'

/** What an examination that went to its end found. */
export interface Found {
  readonly profile: PassportProfile
  readonly claims: object
  readonly otherClaims: PlainObject
  readonly deviceClaims?: PlainObject | undefined
  readonly holderKey: PublicJwk | undefined
  readonly status: StatusFinding | undefined
  readonly validUntil: Date | undefined
}

/** What was examined, as far as it was recognised. */
export interface Examined {
  readonly format: Format
  /** The presentation as text, within its limits; absent when it was none. */
  readonly text: string | undefined
  readonly signer: TrustedKey | undefined
}

/** The verdict. Nothing that was found is told when any check failed. */
export async function conclude(
  { format, text, signer }: Examined,
  found: Found | undefined,
  examination: Examination,
  policy: Policy,
): Promise<Verdict> {
  const { checks, refusal } = examination
  const code = refusal ?? (found === undefined || signer === undefined ? 'check_failed' : undefined)
  const isRecognised = checks.some(({ id, outcome }) => id === 'structure' && outcome === 'passed')
  const recognised = isRecognised ? format : undefined
  const { profile, status, ...said }: Partial<Found> = code === undefined ? found! : {}
  const evidence = await policy.recordEvidence?.(text, policy, { code, format: recognised, signer, status })
  // Where no evidence is recorded, the type of the verdict says so.
  return deepFreeze(
    withoutAbsent({
      ok: code === undefined,
      code,
      passport: profile?.name,
      format: recognised,
      issuer: profile && withoutAbsent(describeIssuer(signer!)),
      ...said,
      status: status?.said,
      checks,
      evidence,
    }),
  ) as Verdict
}

/** The signer under whose key the signature holds; several keys of an issuer are tried in the order configured. */
export async function verifyingSigner(
  signers: readonly TrustedKey[],
  verify: (key: PublicKey) => Promise<void>,
): Promise<TrustedKey> {
  let refusal: unknown
  for (const signer of signers) {
    try {
      await verify(signer.key)
      return signer
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}

/** Whether the signer's certificate was revoked. A key and a pinned certificate are revoked by unpinning them. */
export function examineRevocation(examination: Examination, { certified }: TrustedKey, now: Date): Awaitable<void> {
  const requireNotRevoked = certified?.requireNotRevoked
  if (requireNotRevoked !== undefined) return examination.test('certificate_revocation', () => requireNotRevoked(now))
  examination.skip(
    certified === undefined ? 'not_present' : 'certificate_revocation_not_checked',
    'certificate_revocation',
  )
}

/**
 * Whether a credential was logged before it was signed. Where nobody asks, a proof is a header like any other that is not
 * known: it is not looked at, for it says nothing that the signature does not say.
 */
export function examineLogged(examination: Examination, question: LoggedQuestion, policy: Policy): Awaitable<void> {
  if (policy.requireLogged)
    return examination.test('logged', () => policy.trust.issuanceLogs.requireLogged(question, policy))
  examination.skip('not_requested', 'logged')
}

/** Throws `required_claim_missing`, naming the fields asked for and those that are there. */
export function requireFields(claims: object, fields: readonly string[]): void {
  const missing = fields.filter(field => (claims as Record<string, unknown>)[field] === undefined)
  if (missing.length > 0)
    throw new VidimusError('required_claim_missing', {
      at: missing[0],
      expected: fields.join(' '),
      actual: fields.filter(field => !missing.includes(field)).join(' '),
    })
}
