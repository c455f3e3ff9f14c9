/**
 * The record of an examination: every check by name and how it came out.
 *
 * A gate stops the examination when it fails, for what lies behind it would be believed on its word. A test that fails is
 * recorded and the examination goes on, so that a refusal gives every reason at once.
 */
import type { Awaitable } from '../core/crypto/backend.js'
import { oncePer } from '../core/once.js'
import { type ErrorCode, type SkipCode, VidimusError } from '../errors.js'
import type { CheckId } from './clauses.js'

export type { CheckId }

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

/** How a check came out. */
type Outcome = Omit<Check, 'id' | 'clause'>

/** Checks in the order in which they are made and listed; a page's have no clauses. */
export type Plan = readonly { readonly id: CheckId; readonly clause?: string | undefined }[]

/** The checks of a plan as they begin, and each as it passes, by its name: the same each time, and so made once. */
const outcomesOf = /* @__PURE__ */ oncePer((plan: Plan) => {
  // Where there are no clauses, the type of the verdict says so.
  const all = (outcome: Outcome) => (plan as Check[]).map(planned => Object.freeze({ ...planned, ...outcome }))
  const passed = all({ outcome: 'passed' })
  return {
    notReached: all({ outcome: 'skipped', code: 'not_reached' }),
    passed: new Map(passed.map((check, place) => [check.id, { check, place }])),
  }
})

/** Thrown by a gate that failed, to end the examination; `Examination.hold` catches it. */
class Closed extends Error {}

export class Examination {
  readonly #passed: ReadonlyMap<CheckId, { readonly check: Check; readonly place: number }>
  readonly #checks: Check[]
  readonly #signal: AbortSignal | undefined

  /** Checks of the plan that are never reached are skipped, and said to be. */
  constructor(plan: Plan, signal?: AbortSignal) {
    const { notReached, passed } = outcomesOf(plan)
    this.#passed = passed
    this.#checks = [...notReached]
    this.#signal = signal
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
  gate<T>(id: CheckId, work: () => Awaitable<T>): Awaitable<T | undefined> {
    return this.#run(id, work, true)
  }

  /** A check on its own: its failure refuses the presentation, and the examination goes on. */
  test<T>(id: CheckId, work: () => Promise<T>): Promise<T | undefined>
  test<T>(id: CheckId, work: () => T): T | undefined
  test<T>(id: CheckId, work: () => Awaitable<T>): Awaitable<T | undefined> {
    return this.#run(id, work, false)
  }

  /** Checks left out on purpose; the verdict says so. */
  skip(code: SkipCode, ...ids: readonly CheckId[]): void {
    for (const id of ids) this.#record(id, { outcome: 'skipped', code })
  }

  /** The code of the first failed check in order; `undefined` while none has failed. */
  get refusal(): ErrorCode | undefined {
    return this.#checks.find(({ outcome }) => outcome === 'failed')?.code
  }

  get checks(): readonly Check[] {
    return [...this.#checks]
  }

  #run<T>(id: CheckId, work: () => Awaitable<T>, isGate: boolean): Awaitable<T | undefined> {
    try {
      const result = work()
      if (!(result instanceof Promise)) return this.#pass(id, result)
      return result.then(
        done => this.#pass(id, done),
        error => this.#fail(id, error, isGate),
      )
    } catch (error) {
      return this.#fail(id, error, isGate)
    }
  }

  #pass<T>(id: CheckId, result: T): T {
    this.#record(id)
    return result
  }

  #fail(id: CheckId, error: unknown, isGate: boolean): undefined {
    // The caller gave up: that is their reason to hear, not a refusal of the presentation.
    this.#signal?.throwIfAborted()
    const { code, expected, actual, at } = error instanceof VidimusError ? error : new VidimusError('check_failed')
    this.#record(id, { outcome: 'failed', code, expected, actual, at })
    if (isGate) throw new Closed()
  }

  /** Without an outcome: it passed. */
  #record(id: CheckId, outcome?: Outcome): void {
    const { check, place } = this.#passed.get(id)!
    this.#checks[place] = outcome === undefined ? check : { ...check, ...outcome }
  }
}
