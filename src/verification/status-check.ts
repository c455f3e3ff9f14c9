/** The status of a credential within its examination: asked last, and only of what holds in everything else. */
import { VidimusError } from '../errors.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import type { StatusTokenForm } from '../formats/status-list/token.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Examination } from './checks.js'
import type { Policy } from './policy.js'
import type { TrustedKey } from './signers.js'
import type { StatusChecker } from './status.js'
import type { VerifiedStatus } from './verdict.js'

/** What was learnt of a status, as the verdict says it; with every token that says so, by its digest. */
export interface StatusFinding {
  readonly said: VerifiedStatus
  readonly tokens?: Readonly<Record<string, string>> | undefined
}

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
  /** The form of the list that the credential's format demands, where that is not a JWT; `null` where it cannot be read here. */
  readonly form?: StatusTokenForm | null | undefined
}

/** Whose status is asked. */
export interface StatusSubject extends StatusPlace {
  readonly signer: TrustedKey
  readonly type: string
}

/** How a verdict learns a status from a checker: `askStatus` of `ask-status.ts`. Throws what the checker does, and `status_…`. */
export type AskStatus = (
  checker: StatusChecker,
  subject: StatusSubject & { readonly reference: StatusReference },
  policy: Policy,
) => Promise<StatusFinding>

/** Token Status List §8.3. */
export async function examineStatus(
  examination: Examination,
  { reference, ...subject }: StatusSubject,
  policy: Policy,
): Promise<StatusFinding | undefined> {
  const { status, askStatus } = policy
  // A checker is asked, whatever else it has; only a waiver has no `check`.
  if (!('check' in status)) {
    examination.skip('status_not_checked', 'status')
    return { said: { checked: false, reason: status.reason } }
  }
  if (reference === undefined) {
    examination.skip('not_present', 'status')
    return { said: { checked: false, reason: 'not_present' } }
  }
  if (examination.refusal !== undefined) return undefined
  return examination.test('status', () => askStatus!(status, { ...subject, reference }, policy))
}
