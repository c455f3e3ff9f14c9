/** The port through which the registry has its acts recorded; an audit log implements it. */
import type { Transaction } from '../core/transaction.js'

/** A change of status, as it is recorded. */
export interface StatusAct {
  readonly kind: 'suspend' | 'reinstate' | 'revoke'
  /** Who did it, in the office's own words. */
  readonly actor: string
  /** Why: a snake_case word. */
  readonly reason: string
  /** The passport's id. */
  readonly subject: string
}

export interface ActRecorder {
  /** The store that acts are recorded in, where the recorder says: the registry's own. */
  readonly store?: unknown
  /** Writes the act down in the transaction of the change, so that neither stands without the other. */
  record(act: StatusAct, transaction: Transaction): Promise<void>
  /** Called once the transaction has been committed: gives what was recorded its place in the log. */
  sequence(): Promise<void>
}
