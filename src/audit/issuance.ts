/** Logging a credential before it is signed: the log's side of what `credential` takes as `log`. */
import type { LogProof } from '../formats/tlog/logged.js'
import type { ActFormat, AuditAct } from './act.js'
import type { AbortOptions, AuditLog } from './log.js'

/** What the entry says beside the credential's digest and format, which come with each credential. */
export interface IssuanceAct extends Omit<AuditAct, 'kind' | 'credentialDigest' | 'format'> {
  /** Default: `issue`. */
  readonly kind?: 'issue' | 'reissue' | undefined
}

/** What is to be logged of a credential, as it is handed over before it is signed. */
export interface IssuanceToLog {
  readonly digest: string
  readonly format: ActFormat
  readonly passport: string
}

/**
 * What an issuing function takes as `log`: it appends an entry with the commitment to what is about to be signed, and
 * gives the proof that it is there. One such function logs one credential after the other, about the one subject; where
 * signing then fails, the entry stays and is of a credential that nobody has. `passport` is the definition's name unless the
 * act says another. It throws as `log.append`.
 *
 * @example
 * const act = { actor: 'operator', reason: 'first_issue', subject: application.id }
 * const credential = await issueSdJwtCredential(citizenPassport, record, { issuer, signer, holderKey, status, log: logIssuance(log, act) })
 */
export function logIssuance(
  log: Pick<AuditLog, 'append' | 'proveInclusion'>,
  act: IssuanceAct,
  options: AbortOptions = {},
): (issuance: IssuanceToLog) => Promise<LogProof> {
  if (typeof log?.append !== 'function' || typeof log.proveInclusion !== 'function')
    throw new TypeError('`log` must be a log, opened by openAuditLog()')
  if (typeof act !== 'object' || act === null) throw new TypeError('`act` must be an object')
  return async ({ digest, format, passport }) => {
    const { kind = 'issue', ...more } = act
    const entry: AuditAct = { passport, ...more, kind, format, credentialDigest: digest }
    const { index } = await log.append(entry, options)
    return log.proveInclusion(index, options)
  }
}
