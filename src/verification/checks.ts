/**
 * The record of an examination: every check by name, with the clause it enforces and how it came out.
 *
 * A gate stops the examination when it fails, for what lies behind it would be believed on its word. A test that fails is
 * recorded and the examination goes on, so that a refusal gives every reason at once.
 */
import type { Awaitable } from '../core/crypto/backend.js'
import { type ErrorCode, type SkipCode, VidimusError } from '../errors.js'

/** Each check and the clause it enforces. */
export const clauses = {
  format: 'RFC 9901 §4',
  structure: 'RFC 9901 §4, RFC 7515 §7.1, SD-JWT VC §2.2.1',
  type: 'SD-JWT VC §2.2.2.1 (vct)',
  issuer_trusted: 'SD-JWT VC §2.5',
  certificate_revocation: 'RFC 5280 §6.3',
  issuer_signature: 'RFC 7515 §5.2',
  disclosures: 'RFC 9901 §7.1',
  protected_claims: 'SD-JWT VC §2.2.2.3',
  validity: 'RFC 7519 §4.1.4–4.1.6',
  key_binding: 'RFC 9901 §7.3',
  key_binding_signature: 'RFC 9901 §7.3, RFC 7800 §3.2',
  key_binding_audience: 'RFC 9901 §7.3 (aud)',
  key_binding_nonce: 'RFC 9901 §7.3 (nonce)',
  key_binding_time: 'RFC 9901 §7.3 (iat)',
  key_binding_hash: 'RFC 9901 §4.3.1 (sd_hash)',
  holder_key: 'RFC 7800 §3.1',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.2',
  status: 'Token Status List §8.3',
  evidence: 'evidence record',
  presentation_set: 'verifier policy',
} as const

export type CheckId = keyof typeof clauses

export interface Check {
  readonly id: CheckId
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly clause: string
  /** Why it failed, or why it was skipped. */
  readonly code?: ErrorCode | undefined
  /** What was expected and found, in terms that name no person. */
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
  /** The member or limit at fault. */
  readonly at?: string | undefined
}

const passedChecks: Partial<Record<CheckId, Check>> = {}

/** A check that passed has nothing more to say, so one record of it serves every verdict. */
const passed = (id: CheckId): Check =>
  (passedChecks[id] ??= Object.freeze({ id, outcome: 'passed', clause: clauses[id] }))

/** Thrown by a gate that failed, to end the examination; `Examination.hold` catches it. */
class Closed extends Error {}

export class Examination {
  private readonly outcomes = new Map<CheckId, Check>()
  private readonly planned: readonly CheckId[]
  private readonly signal: AbortSignal | undefined

  /** `planned` is the order of the verdict's checks; those never reached are skipped, and said to be. */
  constructor(planned: readonly CheckId[], signal?: AbortSignal) {
    this.planned = planned
    this.signal = signal
  }

  /** Runs the checks. `undefined` when a gate closed. */
  async hold<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof Closed) return undefined
      throw error
    }
  }

  /** A check that everything behind it rests on. It answers at once when its work does. */
  gate<T>(id: CheckId, work: () => Promise<T>): Promise<T>
  gate<T>(id: CheckId, work: () => T): T
  gate<T>(id: CheckId, work: () => Awaitable<T>): Awaitable<T> {
    try {
      const result = work()
      if (!(result instanceof Promise)) return this.pass(id, result)
      return result.then(
        value => this.pass(id, value),
        error => this.close(id, error),
      )
    } catch (error) {
      return this.close(id, error)
    }
  }

  /** A check on its own: its failure refuses the presentation, and the examination goes on. */
  test<T>(id: CheckId, work: () => Promise<T>): Promise<T | undefined>
  test<T>(id: CheckId, work: () => T): T | undefined
  test<T>(id: CheckId, work: () => Awaitable<T>): Awaitable<T | undefined> {
    try {
      const result = work()
      if (!(result instanceof Promise)) return this.pass(id, result)
      return result.then(
        value => this.pass(id, value),
        error => this.fail(id, error),
      )
    } catch (error) {
      return this.fail(id, error)
    }
  }

  /** A check left out on purpose; the verdict says so. */
  skip(id: CheckId, code: SkipCode): void {
    this.outcomes.set(id, { id, outcome: 'skipped', clause: clauses[id], code })
  }

  /** The code of the first failed check in the planned order; `undefined` while none has failed. */
  get refusal(): ErrorCode | undefined {
    for (const id of this.planned) {
      const check = this.outcomes.get(id)
      if (check?.outcome === 'failed') return check.code
    }
    return undefined
  }

  get checks(): readonly Check[] {
    const reached = this.planned.map(
      id => this.outcomes.get(id) ?? ({ id, outcome: 'skipped', clause: clauses[id], code: 'not_reached' } as const),
    )
    return Object.freeze(reached.map(check => Object.freeze(check)))
  }

  private pass<T>(id: CheckId, result: T): T {
    this.outcomes.set(id, passed(id))
    return result
  }

  private close(id: CheckId, error: unknown): never {
    this.fail(id, error)
    throw new Closed()
  }

  private fail(id: CheckId, error: unknown): undefined {
    // The caller gave up: that is their reason to hear, not a refusal of the presentation.
    if (this.signal?.aborted === true) throw this.signal.reason
    const { code, expected, actual, at } = error instanceof VidimusError ? error : new VidimusError('check_failed')
    this.outcomes.set(id, { id, outcome: 'failed', clause: clauses[id], code, expected, actual, at })
  }
}
