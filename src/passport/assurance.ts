/**
 * How well a person's identity is confirmed, and by what: an object that rules can ask, in place of a promise.
 *
 * The levels are those of ESIA accounts; only the last proves identity. A code sent to a telephone proves that somebody
 * has the telephone, an uploaded scan that somebody has a scan: neither raises the level, however often they are shown.
 */
import { deepFreeze } from '../core/freeze.js'
import type { Labels } from './profile.js'

/** From the least to the most. */
export type IdentityAssurance = 'simplified' | 'standard' | 'verified'

export type ProofingMethod = keyof typeof proofingMethods

export interface ProofingMethodFacts {
  readonly level: IdentityAssurance
  readonly label: Labels
}

/** What each method of confirmation is worth. */
export const proofingMethods = /* @__PURE__ */ deepFreeze({
  self_declared: { level: 'simplified', label: { ru: 'со слов заявителя', en: 'self-declared' } },
  sms_code: { level: 'simplified', label: { ru: 'код из СМС', en: 'code by SMS' } },
  email_code: { level: 'simplified', label: { ru: 'код из письма', en: 'code by email' } },
  document_scan: { level: 'simplified', label: { ru: 'скан документа', en: 'scan of a document' } },
  selfie: { level: 'simplified', label: { ru: 'селфи', en: 'selfie' } },
  registry_match: { level: 'standard', label: { ru: 'сверка с реестрами', en: 'match with registers' } },
  service_centre: { level: 'verified', label: { ru: 'личная явка в МФЦ или центр', en: 'service centre in person' } },
  bank: { level: 'verified', label: { ru: 'банк из перечня', en: 'listed bank' } },
  qualified_signature: { level: 'verified', label: { ru: 'квалифицированная подпись', en: 'qualified signature' } },
  unified_biometrics: {
    level: 'verified',
    label: { ru: 'Единая биометрическая система', en: 'state biometric system' },
  },
} as const satisfies Readonly<Record<string, ProofingMethodFacts>>)

/** One confirmation of a person's identity. The evidence itself, and any biometric template, stay with who made it. */
export interface IdentityProof {
  readonly method: ProofingMethod
  readonly at: Date
  /** Who confirmed it. */
  readonly provider?: string | undefined
}

export interface AssuranceOptions {
  /** The moment that is asked about. */
  readonly on: Date
  /** Seconds after which a confirmation no longer counts. Default: without end. */
  readonly maxAge?: number | undefined
  /** What each method is worth, in place of `proofingMethods`. */
  readonly methods?: Readonly<Record<ProofingMethod, Pick<ProofingMethodFacts, 'level'>>> | undefined
}

const levels: readonly unknown[] = ['simplified', 'standard', 'verified'] satisfies readonly IdentityAssurance[]

/** Whether one level is at least another. What is no level is below all, and nothing reaches it. */
export const isAssured = (level: unknown, least: IdentityAssurance): boolean =>
  levels.includes(least) && levels.indexOf(level) >= levels.indexOf(least)

/**
 * The level that a person's confirmations give on a moment: that of the best of them which is neither too old nor still
 * to come; `undefined` without any. Several weak ones make no strong one. Throws `TypeError` for a method that is none.
 * @example assuranceOf([{ method: 'sms_code', at: new Date() }], { on: new Date() }) // 'simplified'
 */
export function assuranceOf(
  proofs: readonly IdentityProof[],
  { on, maxAge, methods = proofingMethods }: AssuranceOptions,
): IdentityAssurance | undefined {
  let best: IdentityAssurance | undefined
  for (const { method, at } of proofs) {
    if (!Object.hasOwn(methods, method)) throw new TypeError('`proofs` holds a method that is none')
    const age = (on.getTime() - at.getTime()) / 1000
    const counts = age >= 0 && (maxAge === undefined || age <= maxAge)
    const { level } = methods[method]
    if (counts && (best === undefined || isAssured(level, best))) best = level
  }
  return best
}
