/**
 * The port through which a verdict learns a credential's status. `status/list-checker.ts` implements it over status lists;
 * `statusNotChecked(reason)` is the word for going without.
 */
import type { AlgorithmName } from '../core/algorithms.js'
import { misuse } from '../core/arguments.js'
import { hasLoneSurrogate } from '../core/bytes.js'
import type { Awaitable, PublicKey } from '../core/crypto/backend.js'
import type { Limits } from '../core/limits.js'
import type { SignerHints } from '../core/signer-hints.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import type { StatusTokenForm } from '../formats/status-list/token.js'

/** What a verdict asks. Clock, tolerance and trust are the verdict's own: one clock per verdict. */
export interface StatusQuestion {
  readonly reference: StatusReference
  /**
   * The form that the credential's format demands of the list. Absent: the JWT form, which a checker brings itself, so that
   * verifying without one carries none.
   */
  readonly form?: StatusTokenForm | undefined
  readonly now: Date
  /** Seconds. */
  readonly clockTolerance: number
  readonly algorithms: readonly AlgorithmName[]
  readonly limits: Limits
  /** The keys believed for status lists of this credential's issuer. Throws `status_signer_untrusted` when there is none. */
  readonly signers: (hints: SignerHints) => Awaitable<readonly PublicKey[]>
  readonly signal?: AbortSignal | undefined
}

/** What a status list says, and how old it is. */
export interface StatusAnswer {
  /** The number in the list: 0 valid, 1 invalid, 2 suspended, others as registered (Token Status List §7). */
  readonly value: number
  /** The status list token that says so, as received, for the evidence: a JWT, or a CWT in base64url. */
  readonly token: string
  /** SHA-256 of the token, base64url; made once per token, for a list answers many questions. */
  readonly tokenDigest: string
  /** When the list was issued. */
  readonly asOf: Date
  readonly source: 'fetched' | 'cached' | 'snapshot'
  /** A newer list was due and could not be had: the checker's stated policy lets this one answer. */
  readonly stale?: boolean | undefined
  /** Tokens that had to be read besides, by their digests: of a credential that stands in several lists. */
  readonly others?: Readonly<Record<string, string>> | undefined
}

/** Answers for the status of one credential. Throws `VidimusError` with a `status_…` code: no answer is a refusal. */
export interface StatusChecker {
  check(question: StatusQuestion): Promise<StatusAnswer>
}

/** A checker that answers nothing, for a stated reason. */
export interface StatusNotChecked {
  readonly reason: string
}

/**
 * The explicit word for not asking for a status. It waives the value, never the reference that a passport requires;
 * the verdict says `{ checked: false, reason }`.
 * @example statusNotChecked('counter demo')
 */
export function statusNotChecked(reason: string): StatusNotChecked {
  if (typeof reason !== 'string' || reason.trim() === '' || hasLoneSurrogate(reason))
    throw misuse('reason', 'why the status is not checked')
  return Object.freeze({ reason })
}

export type { StatusReference }
