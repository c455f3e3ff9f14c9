/** What the verify functions of the log answer when something does not hold. */
import { type ErrorCode, VidimusError } from '../errors.js'

/** A refusal: nothing of what was handed in may be relied on. `explain(refusal, catalogue)` puts it into words. */
export interface AuditRefusal {
  readonly ok: false
  readonly code: ErrorCode
  /** The member, limit or step that is at fault. */
  readonly at?: string | undefined
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
}

/** The answer of `work`, frozen, or the refusal that a `VidimusError` out of it stands for. */
export async function verdictOf<Verdict extends { readonly ok: true }>(
  work: () => Promise<Verdict>,
): Promise<Verdict | AuditRefusal> {
  try {
    return Object.freeze(await work())
  } catch (error) {
    if (error instanceof VidimusError) return refusal(error)
    throw error
  }
}

function refusal({ code, at, expected, actual }: VidimusError): AuditRefusal {
  return Object.freeze({
    ok: false,
    code,
    ...(at === undefined ? {} : { at }),
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  })
}
