/** The port through which the registry has its acts recorded; an audit log implements it. */
import type { Transaction } from '../core/transaction.js'

/** What a registry can say of a credential (Token Status List §7.1). `invalid` is final, `suspended` is not. */
export type StatusValue = 'valid' | 'invalid' | 'suspended'

/** Who changed a status, and from where: identifiers as the office has them, which a log commits to and never writes down. */
export interface StatusActor {
  /** Who acted, as the office tells its people apart: 1 to 1024 characters, as the next two. */
  readonly actorId?: string | undefined
  /** On which device. */
  readonly device?: string | undefined
  /** From which network address. */
  readonly address?: string | undefined
}

/** A change of status, as it is recorded. */
export interface StatusAct extends StatusActor {
  readonly kind: 'suspend' | 'reinstate' | 'revoke'
  /** Who did it: a snake_case word for the role. */
  readonly actor: string
  /** Why: a snake_case word. */
  readonly reason: string
  /** What it is now. */
  readonly statusValue: StatusValue
  /** The passport's id. */
  readonly subject: string
}

/** Keeps a record of what was done: `openAuditLog` gives one. */
export interface ActRecorder {
  /** The store that acts are recorded in, where the recorder says: the registry's own. */
  readonly store?: unknown
  /** Writes the act down in the transaction of the change, so that neither stands without the other. */
  record(act: StatusAct, transaction: Transaction): Promise<void>
  /** Called once the transaction has been committed: gives what was recorded its place in the log. */
  sequence(): Promise<void>
}
