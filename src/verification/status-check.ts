/** The status of a credential within its examination: asked last, and only of what holds in everything else. */
import { abortable } from '../core/abort.js'
import { misuse } from '../core/arguments.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import type { StatusTokenForm } from '../formats/status-list/token.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import { statusSigners, type TrustedKey } from './signers.js'
import type { StatusAnswer } from './status.js'
import type { VerifiedStatus } from './verdict.js'

/** What was learnt of a status, with every token that says so by its digest; or why nothing was. */
export type StatusFinding =
  | (Pick<StatusAnswer, 'value' | 'asOf' | 'source' | 'stale'> & {
      readonly tokens: Readonly<Record<string, string>>
      readonly reason?: undefined
    })
  | { readonly reason: string; readonly tokens?: undefined }

/** A reference that the passport requires must be there; waiving the status does not waive it. Throws `status_missing`. */
export function requireReference(
  reference: StatusReference | undefined,
  { status }: PassportProfile,
): StatusReference | undefined {
  if (reference === undefined && status === 'required') throw new VidimusError('status_missing', { at: 'status' })
  return reference
}

/** Where a status is to be asked. */
export interface StatusPlace {
  readonly reference: StatusReference | undefined
  /** The form of the list that the credential's format demands, where that is not a JWT. */
  readonly form?: StatusTokenForm | undefined
}

/** Whose status is asked. */
export interface StatusSubject extends StatusPlace {
  readonly signer: TrustedKey
  readonly type: string
}

/** Token Status List §8.3. */
export async function examineStatus(
  examination: Examination,
  { reference, form, signer, type }: StatusSubject,
  policy: Policy,
): Promise<StatusFinding | undefined> {
  const { status, trust, now, clockTolerance, algorithms, limits, signal } = policy
  if ('reason' in status) {
    examination.skip('status_not_checked', 'status')
    return status
  }
  if (reference === undefined) {
    examination.skip('not_present', 'status')
    return { reason: 'not_present' }
  }
  if (examination.refusal !== undefined) return undefined
  return examination.test('status', async () => {
    const signers = statusSigners(trust, { signer, type, now, limits })
    const question = { reference, form, signers, now, clockTolerance, algorithms, limits, signal }
    const finding = readAnswer(await abortable(status.check(question), signal))
    const { value } = finding
    if (value !== 0) throw new VidimusError(refusalOfStatus(value), { actual: value })
    return finding
  })
}

/** A copy of what the checker says: it is the caller's code, and the date in it stays the caller's. */
function readAnswer({ token, tokenDigest, asOf, others, ...answer }: StatusAnswer) {
  if (!isText(token) || !isText(tokenDigest)) throw misuse('status.check', 'return its token')
  return { ...answer, asOf: new Date(asOf.getTime()), tokens: { [tokenDigest]: token, ...others } }
}

/** Token Status List §7.1: 0 is valid, 1 invalid, 2 suspended; whatever else is not known to be valid. */
const refusalOfStatus = (value: number): ErrorCode =>
  value === 1 ? 'status_revoked' : value === 2 ? 'status_suspended' : 'status_unknown'

/** The status as the verdict says it. */
export function describeStatus(finding: StatusFinding | undefined, now: Date): VerifiedStatus {
  if (finding?.tokens === undefined) return { checked: false, reason: finding?.reason ?? 'not_present' }
  const age = Math.max(0, Math.floor((now.getTime() - finding.asOf.getTime()) / 1000))
  return {
    checked: true,
    value: 'valid',
    asOf: finding.asOf,
    age,
    source: finding.source,
    ...(finding.stale && { stale: true }),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
