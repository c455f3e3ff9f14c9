/** A verdict's question to a status checker, and what its answer means. Who asks for no status carries none of it. */
import { abortable } from '../core/abort.js'
import { expectText } from '../core/arguments.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { statusSigners } from './signers.js'
import type { StatusAnswer } from './status.js'
import type { AskStatus } from './status-check.js'
import type { VerifiedStatus } from './verdict.js'

/** Throws `status_revoked`, `status_suspended`, `status_unknown`, `status_unsupported`, and what the checker throws. */
export const askStatus: AskStatus = async (checker, { reference, form, signer, type }, policy) => {
  const { trust, now, clockTolerance, algorithms, limits, signal } = policy
  if (form === null) throw new VidimusError('status_unsupported', { at: 'form' })
  const signers = statusSigners(trust, { signer, type, now, limits })
  const question = { reference, form, signers, now, clockTolerance, algorithms, limits, signal }
  const answer = await abortable(checker.check(question), signal)
  const { value, others } = answer
  const digest = expectText(answer.tokenDigest, 'status.check().tokenDigest')
  const tokens = { [digest]: expectText(answer.token, 'status.check().token'), ...others }
  if (value !== 0) throw new VidimusError(refusalOfStatus(value), { actual: value })
  return { said: describe(answer, now), tokens }
}

/** A copy of what the checker says: it is the caller's code, and the date in it stays the caller's. */
function describe({ asOf, source, stale }: StatusAnswer, now: Date): VerifiedStatus {
  const age = Math.max(0, Math.floor((now.getTime() - asOf.getTime()) / 1000))
  return { checked: true, value: 'valid', asOf: new Date(asOf), age, source, ...(stale && { stale: true }) }
}

/** Token Status List §7.1: 0 is valid, 1 invalid, 2 suspended; whatever else is not known to be valid. */
const refusalOfStatus = (value: number): ErrorCode =>
  value === 1 ? 'status_revoked' : value === 2 ? 'status_suspended' : 'status_unknown'
