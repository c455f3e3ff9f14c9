/**
 * The record of an examination: every check by name, with the clause it enforces and how it came out.
 *
 * A gate stops the examination when it fails, for what lies behind it would be believed on its word. A test that fails is
 * recorded and the examination goes on, so that a refusal gives every reason at once.
 */
import type { Awaitable } from '../core/crypto/backend.js'
import { oncePer } from '../core/once.js'
import { type ErrorCode, type SkipCode, VidimusError } from '../errors.js'

/** The checks of an SD-JWT VC in the order in which they are made and listed, each with the clause it enforces. */
export const sdJwtChecks = {
  format: 'RFC 9901 §4',
  structure: 'RFC 9901 §4, RFC 7515 §7.1, SD-JWT VC §2.2.1',
  type: 'SD-JWT VC §2.2.2.1 (vct)',
  issuer_trusted: 'SD-JWT VC §2.5',
  issuer_signature: 'RFC 7515 §5.2',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'RFC 9901 §7.1',
  protected_claims: 'SD-JWT VC §2.2.2.3',
  validity: 'RFC 7519 §4.1.4–4.1.6',
  holder_key: 'RFC 7800 §3.1',
  key_binding: 'RFC 9901 §7.3',
  key_binding_signature: 'RFC 9901 §7.3, RFC 7800 §3.2',
  key_binding_audience: 'RFC 9901 §7.3 (aud)',
  key_binding_nonce: 'RFC 9901 §7.3 (nonce)',
  key_binding_time: 'RFC 9901 §7.3 (iat)',
  key_binding_hash: 'RFC 9901 §4.3.1 (sd_hash)',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.2',
  type_metadata: 'SD-JWT VC §5',
  status: 'Token Status List §8.3',
} as const

/**
 * The checks of a W3C credential, in the same order. A `vc+jwt` has no disclosures, and is bound by the presentation it stands
 * in, whose signature covers it; a `vc+sd-jwt` is bound as every SD-JWT is.
 */
export const vcChecks = {
  format: 'VC-JOSE-COSE §3',
  structure: 'VC-JOSE-COSE §3.1, §3.2, VCDM 2.0 §4.13, RFC 7515 §7.1, RFC 9901 §4',
  type: 'VCDM 2.0 §4.5 (type)',
  issuer_trusted: 'VCDM 2.0 §4.7 (issuer)',
  issuer_signature: 'RFC 7515 §5.2',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'RFC 9901 §7.1',
  protected_claims: 'VC-JOSE-COSE §3.2.1',
  data_model: 'VCDM 2.0 §4, §5, VC-JOSE-COSE §3.1.3',
  validity: 'VCDM 2.0 §4.9, RFC 7519 §4.1.4–4.1.6',
  holder_key: 'RFC 7800 §3.1',
  key_binding: 'RFC 9901 §7.3, VC-JOSE-COSE §3.1.2',
  key_binding_signature: 'RFC 9901 §7.3, RFC 7800 §3.2',
  key_binding_audience: 'RFC 9901 §7.3 (aud)',
  key_binding_nonce: 'RFC 9901 §7.3 (nonce)',
  key_binding_time: 'RFC 9901 §7.3 (iat)',
  key_binding_hash: 'RFC 9901 §4.3.1 (sd_hash)',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.2, Bitstring Status List §2.1',
  status: 'Token Status List §8.3, Bitstring Status List §3.2',
} as const

/** The checks of an mdoc, in the same order; what a nonce and an audience are to an SD-JWT, the session transcript is here. */
export const mdocChecks = {
  format: 'ISO/IEC 18013-5 §8.3.2.1.2.2',
  structure: 'ISO/IEC 18013-5 §8.3.2.1.2.2, §9.1.2.4, RFC 9052 §4.2',
  type: 'ISO/IEC 18013-5 §9.3.1 (docType)',
  issuer_trusted: 'ISO/IEC 18013-5 §9.3.3, RFC 5280 §6.1',
  issuer_signature: 'ISO/IEC 18013-5 §9.3.1, RFC 9052 §4.4',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'ISO/IEC 18013-5 §9.3.1 (digests)',
  validity: 'ISO/IEC 18013-5 §9.3.1 (validityInfo)',
  holder_key: 'ISO/IEC 18013-5 §9.1.2.4 (deviceKey)',
  device_authentication: 'ISO/IEC 18013-5 §9.1.3',
  device_claims: 'ISO/IEC 18013-5 §9.1.2.4 (keyAuthorizations)',
  claims: 'passport profile',
  issuer_country: 'ISO/IEC 18013-5 §9.3.1 (issuing_country)',
  required_claims: 'verifier policy',
  status_reference: 'ISO/IEC 18013-5 §9.1.2.4 (status), Token Status List §6.3',
  status: 'Token Status List §8.3',
} as const

/** The checks of a QR code, in the same order. The holder's signature covers the credential itself. */
export const qrChecks = {
  format: 'docs/qr.md §3, RFC 9285 §4',
  structure: 'docs/qr.md §3, RFC 1950, RFC 8392 §7.2, RFC 9052 §4.2',
  type: 'docs/qr.md §3 (type)',
  issuer_trusted: 'RFC 8392 §3.1.1 (iss), RFC 5280 §6.1',
  issuer_signature: 'RFC 8392 §7.2, RFC 9052 §4.4',
  certificate_revocation: 'RFC 5280 §6.3',
  logged: 'RFC 9162 §2.1.3',
  disclosures: 'docs/qr.md §3 (digests)',
  validity: 'RFC 8392 §3.1.4–3.1.6',
  holder_key: 'RFC 8747 §3.1',
  key_binding: 'docs/qr.md §3 (presentation)',
  key_binding_signature: 'RFC 9052 §4.4, RFC 8747 §3.1',
  key_binding_audience: 'docs/qr.md §3 (audience)',
  key_binding_nonce: 'docs/qr.md §3 (nonce)',
  key_binding_time: 'docs/qr.md §3 (iat)',
  claims: 'passport profile',
  required_claims: 'verifier policy',
  status_reference: 'Token Status List §6.3',
  status: 'Token Status List §8.3',
} as const

/** The check that an archived record is what it was. */
export const evidenceChecks = { evidence: 'evidence record' } as const

/** The check that presentations belong together. */
export const setChecks = { presentation_set: 'verifier policy' } as const

export type CheckId =
  | keyof typeof sdJwtChecks
  | keyof typeof vcChecks
  | keyof typeof mdocChecks
  | keyof typeof qrChecks
  | keyof typeof evidenceChecks
  | keyof typeof setChecks

/** Checks in order, with their clauses. */
type Plan = Readonly<Partial<Record<CheckId, string>>>

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

/** How every check of a plan looks when it passed, in order: the same each time, and so made once. */
const passedOf = /* @__PURE__ */ oncePer((plan: Plan): ReadonlyMap<CheckId, Check> => {
  const ids = Object.keys(plan) as CheckId[]
  return new Map(ids.map(id => [id, Object.freeze({ id, outcome: 'passed', clause: plan[id]! })]))
})

/** Thrown by a gate that failed, to end the examination; `Examination.hold` catches it. */
class Closed extends Error {}

export class Examination {
  readonly #outcomes = new Map<CheckId, Check>()
  readonly #passed: ReadonlyMap<CheckId, Check>
  readonly #signal: AbortSignal | undefined

  /** Checks of the plan that are never reached are skipped, and said to be. */
  constructor(plan: Plan, signal?: AbortSignal) {
    this.#passed = passedOf(plan)
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
  gate<T>(id: CheckId, work: () => Awaitable<T>): Awaitable<T> {
    return this.#run(id, work, error => {
      this.#fail(id, error)
      throw new Closed()
    })
  }

  /** A check on its own: its failure refuses the presentation, and the examination goes on. */
  test<T>(id: CheckId, work: () => Promise<T>): Promise<T | undefined>
  test<T>(id: CheckId, work: () => T): T | undefined
  test<T>(id: CheckId, work: () => Awaitable<T>): Awaitable<T | undefined> {
    return this.#run(id, work, error => this.#fail(id, error))
  }

  /** Checks left out on purpose; the verdict says so. */
  skip(code: SkipCode, ...ids: readonly CheckId[]): void {
    for (const id of ids) this.#record(id, { outcome: 'skipped', code })
  }

  /** The code of the first failed check in order; `undefined` while none has failed. */
  get refusal(): ErrorCode | undefined {
    for (const id of this.#passed.keys()) {
      const check = this.#outcomes.get(id)
      if (check?.outcome === 'failed') return check.code
    }
    return undefined
  }

  get checks(): readonly Check[] {
    const ids = [...this.#passed.keys()]
    this.skip('not_reached', ...ids.filter(id => !this.#outcomes.has(id)))
    return Object.freeze(ids.map(id => this.#outcomes.get(id)!))
  }

  #run<T, U>(id: CheckId, work: () => Awaitable<T>, failed: (error: unknown) => U): Awaitable<T | U> {
    try {
      const result = work()
      return result instanceof Promise ? result.then(value => this.#pass(id, value), failed) : this.#pass(id, result)
    } catch (error) {
      return failed(error)
    }
  }

  #pass<T>(id: CheckId, result: T): T {
    this.#outcomes.set(id, this.#passed.get(id)!)
    return result
  }

  #fail(id: CheckId, error: unknown): undefined {
    // The caller gave up: that is their reason to hear, not a refusal of the presentation.
    if (this.#signal?.aborted === true) throw this.#signal.reason
    const { code, expected, actual, at } = error instanceof VidimusError ? error : new VidimusError('check_failed')
    this.#record(id, { outcome: 'failed', code, expected, actual, at })
  }

  #record(id: CheckId, outcome: Omit<Check, 'id' | 'clause'>): void {
    this.#outcomes.set(id, Object.freeze({ ...this.#passed.get(id)!, ...outcome }))
  }
}
