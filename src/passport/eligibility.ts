/**
 * Whether somebody may have an electronic passport: age, citizenship, the document it rests on, and the consent of a
 * guardian for a minor. What is demanded is a policy, as data.
 *
 * The answer rests on what is handed in. No register is asked here; a register's answer is handed in with the rest, and
 * one that knows nothing is never taken for a good one.
 */
import { expectObject } from '../core/arguments.js'
import { isCalendarDate } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import type { Issue, IssueCode } from '../errors.js'
import { ageWindow, passportStatus } from './age-window.js'
import { type IdentityAssurance, isAssured } from './assurance.js'
import { ageOn, moscowOffset } from './calendar.js'
import { consentHolds, consentWithdrawn, type Guardian } from './guardian.js'
import { fieldIssue, type IssuePath } from './issues.js'
import { type CitizenPolicy, citizenPolicy } from './policies.js'
import type { Labels } from './profile.js'

/** What a register says of a document. `no_information` is an answer of its own and never a good one. */
export type RegisterAnswer = 'valid' | 'invalid' | 'expired' | 'no_information'

/** The paper passport that an electronic one rests on. */
export interface BasePassport {
  readonly issueDate: string
  /** What the register answered, if it was asked. */
  readonly register?: RegisterAnswer | undefined
}

export interface Applicant {
  readonly birthDate: string
  /** ISO 3166-1 alpha-2. */
  readonly nationalities: readonly string[]
  readonly basePassport?: BasePassport | undefined
  readonly guardians?: readonly Guardian[] | undefined
  /** How well the person's identity is confirmed. */
  readonly assurance?: IdentityAssurance | undefined
}

export interface EligibilityOptions {
  /** The day that is asked about, `YYYY-MM-DD`. */
  readonly on: string
  /** What differs from `citizenPolicy`. */
  readonly policy?: Partial<CitizenPolicy> | undefined
  /** Hours that local time is ahead of UTC: when a consent begins and ends. Default 3, Moscow. */
  readonly utcOffset?: number | undefined
}

export type Eligibility = { readonly ok: true } | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Whether a person may have an electronic passport on a day, or everything that stands against it.
 *
 * Codes: `too_young`, `citizenship_missing`, `base_document_missing`, `base_document_expired` (by its age window or by
 * the register), `base_document_invalid` (by the register, or issued to somebody too young for it),
 * `base_document_unconfirmed`, `guardian_consent_missing`, `guardian_consent_withdrawn` (of every consent that there
 * was), `assurance_too_low`, and `calendar` for a date that does not exist.
 * Throws `TypeError` for what is no person or no day.
 * @example
 * const person = { birthDate: '2010-03-01', nationalities: ['RU'], basePassport: { issueDate: '2024-04-01' } }
 * eligibility(person, { on: '2026-11-22' }) // { ok: false, issues: [{ code: 'guardian_consent_missing', … }] }
 */
export function eligibility(
  person: Applicant,
  { on, policy = {}, utcOffset = moscowOffset }: EligibilityOptions,
): Eligibility {
  expectObject(person, 'person')
  if (!isCalendarDate(on)) throw new TypeError('`on` must be a date that exists, written YYYY-MM-DD')
  const rules = { ...citizenPolicy, ...policy }
  const issues = [
    ...judgeAge(person, on, rules, utcOffset),
    ...judgeCitizenship(person, rules),
    ...judgeBase(person, on, rules),
    ...judgeAssurance(person, rules),
  ]
  return Object.freeze(issues.length === 0 ? { ok: true } : { ok: false, issues: Object.freeze(issues) })
}

function* judgeAge(
  { birthDate, guardians = [] }: Applicant,
  on: string,
  { minimumAge, guardianConsentBelow }: CitizenPolicy,
  utcOffset: number,
): Generator<Issue> {
  if (!isCalendarDate(birthDate)) {
    yield against(['birthDate'], 'calendar')
    return
  }
  const age = ageOn(birthDate, on)
  if (age < minimumAge) yield against(['birthDate'], 'too_young')
  if (age >= guardianConsentBelow) return
  const consents = guardians.flatMap(({ consent }) => (consent === undefined ? [] : [consent]))
  if (consents.some(consent => consentHolds(consent, on, utcOffset))) return
  const withdrawn = consents.some(consent => consentWithdrawn(consent, on, utcOffset))
  yield against(['guardians'], withdrawn ? 'guardian_consent_withdrawn' : 'guardian_consent_missing')
}

function* judgeCitizenship({ nationalities }: Applicant, { citizenships }: CitizenPolicy): Generator<Issue> {
  if (!citizenships.some(country => nationalities.includes(country)))
    yield against(['nationalities'], 'citizenship_missing')
}

function* judgeBase({ birthDate, basePassport }: Applicant, on: string, policy: CitizenPolicy): Generator<Issue> {
  if (basePassport === undefined) {
    if (policy.basePassport === 'required') yield against(['basePassport'], 'base_document_missing')
    return
  }
  const { issueDate, register } = basePassport
  const byRegister = register === undefined ? policy.registerUnasked : registerIssues[register]
  if (byRegister !== undefined) yield against(['basePassport'], byRegister)
  if (!isCalendarDate(issueDate)) yield against(['basePassport', 'issueDate'], 'calendar')
  else if (isCalendarDate(birthDate)) yield* judgeWindow(birthDate, issueDate, on, policy, byRegister)
}

const registerIssues: Readonly<Record<RegisterAnswer, IssueCode | undefined>> = {
  valid: undefined,
  invalid: 'base_document_invalid',
  expired: 'base_document_expired',
  no_information: 'base_document_unconfirmed',
}

function* judgeWindow(
  birthDate: string,
  issueDate: string,
  on: string,
  policy: CitizenPolicy,
  known: IssueCode | undefined,
): Generator<Issue> {
  const issuedTooEarly = ageOn(birthDate, issueDate) < policy.minimumAge
  if (issuedTooEarly || issueDate > on) yield against(['basePassport', 'issueDate'], 'base_document_invalid')
  if (issuedTooEarly || known === 'base_document_expired') return
  if (passportStatus(ageWindow(birthDate, issueDate, policy), on) === 'expired')
    yield against(['basePassport'], 'base_document_expired')
}

function* judgeAssurance({ assurance }: Applicant, { assurance: demanded }: CitizenPolicy): Generator<Issue> {
  if (demanded !== undefined && !isAssured(assurance, demanded)) yield against(['assurance'], 'assurance_too_low')
}

/** A path in the person's own names, with what people call its first step. */
const against = (path: IssuePath, code: IssueCode): Issue => fieldIssue(path, code, names[String(path[0])])

const names: Readonly<Record<string, Labels>> = /* @__PURE__ */ deepFreeze({
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  nationalities: { ru: 'Гражданство', en: 'Citizenship' },
  basePassport: { ru: 'Паспорт', en: 'Passport' },
  guardians: { ru: 'Законный представитель', en: 'Guardian' },
  assurance: { ru: 'Подтверждение личности', en: 'Proof of identity' },
})
