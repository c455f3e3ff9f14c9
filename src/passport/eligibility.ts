/**
 * Whether somebody may have an electronic passport: age, citizenship, the document it rests on, and the consent of a
 * guardian for a minor. What is demanded is a policy, as data.
 *
 * The answer rests on what is handed in. No register is asked here; a register's answer is handed in with the rest, and
 * one that knows nothing is never taken for a good one.
 */
import { expectList, expectObject, expectText, misuse } from '../core/arguments.js'
import { isCalendarDate } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import type { Issue, IssueCode } from '../errors.js'
import { ageWindow, passportStatus } from './age-window.js'
import { type IdentityAssurance, isAssured } from './assurance.js'
import { ageOn, moscowOffset, requireDate } from './calendar.js'
import { consentHolds, consentWithdrawn, type Guardian, type GuardianConsent } from './guardian.js'
import { fieldIssue, type IssuePath } from './issues.js'
import { type CitizenPolicy, citizenPolicy } from './policies.js'
import type { Labels } from './profile.js'
import { isRecord, readRecord, type Told } from './record.js'

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
 * was), `assurance_too_low`, `calendar` for a date that does not exist, `required` and `type` for members that are not
 * there or not what they must be. What is no register's answer is `base_document_unconfirmed`, and a consent that is for
 * something else, or was given in a way that is none, is no consent.
 * Throws `TypeError` for what is no person, no day or no policy.
 * @example
 * const person = { birthDate: '2010-03-01', nationalities: ['RU'], basePassport: { issueDate: '2024-04-01' } }
 * eligibility(person, { on: '2026-11-22' }) // { ok: false, issues: [{ code: 'guardian_consent_missing', … }] }
 */
export function eligibility(person: Applicant, options: EligibilityOptions): Eligibility {
  expectObject(person, 'person')
  expectObject(options, 'options')
  const { on, policy, utcOffset = moscowOffset } = options
  requireDate(on, 'on')
  const rules = readPolicy(policy)
  const { told, unreadable } = readApplicant(person)
  const issues = [
    ...unreadable,
    ...judgeAge(told, on, rules),
    ...judgeConsent(told, on, rules, utcOffset),
    ...judgeCitizenship(told, rules),
    ...judgeBase(told, on, rules),
    ...judgeAssurance(told, rules),
  ]
  return Object.freeze(issues.length === 0 ? { ok: true } : { ok: false, issues: Object.freeze(issues) })
}

/** The policy with what differs. A demand that nobody could fail to meet is a mistake, and never made silently. */
function readPolicy(policy: Partial<CitizenPolicy> = {}): CitizenPolicy {
  expectObject(policy, 'policy')
  const given = Object.entries(policy).filter(([, value]) => value !== undefined)
  const rules: CitizenPolicy = { ...citizenPolicy, ...Object.fromEntries(given) }
  for (const age of ['minimumAge', 'guardianConsentBelow'] as const)
    if (!Number.isSafeInteger(rules[age]) || rules[age] < 0) throw misuse(`policy.${age}`, 'a whole number of years')
  expectText(rules.guardianConsentPurpose, 'policy.guardianConsentPurpose')
  expectList(rules.citizenships, 'policy.citizenships')
  if (!['required', 'optional'].includes(rules.basePassport))
    throw misuse('policy.basePassport', "'required' or 'optional'")
  if (rules.assurance !== undefined && !isAssured(rules.assurance, 'simplified'))
    throw misuse('policy.assurance', "'simplified', 'standard' or 'verified'")
  return rules
}

/** Plain copies of the members that count. What else a person's record holds is not looked at. */
function readApplicant(person: object): { told: Told<Applicant>; unreadable: readonly Issue[] } {
  const fields = new Map(Object.entries(names).map(([name, label]) => [name, { label }]))
  const { members, issues } = readRecord(person, fields)
  return { told: Object.fromEntries(members), unreadable: issues.filter(({ code }) => code !== 'unknown_field') }
}

function* judgeAge({ birthDate }: Told<Applicant>, on: string, { minimumAge }: CitizenPolicy): Generator<Issue> {
  if (!isCalendarDate(birthDate)) yield against(['birthDate'], codeOfDate(birthDate))
  else if (ageOn(birthDate, on) < minimumAge) yield against(['birthDate'], 'too_young')
}

function* judgeConsent(
  { birthDate, guardians = [] }: Told<Applicant>,
  on: string,
  { guardianConsentBelow, guardianConsentPurpose }: CitizenPolicy,
  utcOffset: number,
): Generator<Issue> {
  const consents: GuardianConsent[] = []
  for (const [index, guardian] of Array.isArray(guardians) ? guardians.entries() : []) {
    const consent = isRecord(guardian) ? guardian.consent : null
    if (isRecord(consent)) consents.push(consent as unknown as GuardianConsent)
    else if (consent !== undefined) yield against(['guardians', index], 'type')
  }
  if (!Array.isArray(guardians)) yield against(['guardians'], 'type')
  if (!isCalendarDate(birthDate) || ageOn(birthDate, on) >= guardianConsentBelow) return
  const toThis = consents.filter(({ purpose }) => purpose === guardianConsentPurpose)
  if (toThis.some(consent => consentHolds(consent, on, utcOffset))) return
  const withdrawn = toThis.some(consent => consentWithdrawn(consent, on, utcOffset))
  yield against(['guardians'], withdrawn ? 'guardian_consent_withdrawn' : 'guardian_consent_missing')
}

function* judgeCitizenship({ nationalities = [] }: Told<Applicant>, { citizenships }: CitizenPolicy): Generator<Issue> {
  if (!Array.isArray(nationalities)) yield against(['nationalities'], 'type')
  else if (!citizenships.some(country => nationalities.includes(country)))
    yield against(['nationalities'], 'citizenship_missing')
}

function* judgeBase({ birthDate, basePassport }: Told<Applicant>, on: string, policy: CitizenPolicy): Generator<Issue> {
  if (basePassport === undefined) {
    if (policy.basePassport === 'required') yield against(['basePassport'], 'base_document_missing')
    return
  }
  if (!isRecord(basePassport)) {
    yield against(['basePassport'], 'type')
    return
  }
  const { issueDate, register }: Told<BasePassport> = basePassport
  const byRegister = register === undefined ? policy.registerUnasked : issueOfAnswer(register)
  if (byRegister !== undefined) yield against(['basePassport'], byRegister)
  if (!isCalendarDate(issueDate)) yield against(['basePassport', 'issueDate'], codeOfDate(issueDate))
  else if (isCalendarDate(birthDate)) yield* judgeWindow(birthDate, issueDate, on, policy, byRegister)
}

/** What is no answer of a register confirms nothing. */
function issueOfAnswer(answer: unknown): IssueCode | undefined {
  switch (answer) {
    case 'valid':
      return undefined
    case 'invalid':
      return 'base_document_invalid'
    case 'expired':
      return 'base_document_expired'
    default:
      return 'base_document_unconfirmed'
  }
}

function* judgeWindow(
  birthDate: string,
  issueDate: string,
  on: string,
  policy: CitizenPolicy,
  known: IssueCode | undefined,
): Generator<Issue> {
  if (ageOn(birthDate, issueDate) < policy.minimumAge || issueDate > on)
    yield against(['basePassport', 'issueDate'], 'base_document_invalid')
  else if (
    known !== 'base_document_expired' &&
    passportStatus(ageWindow(birthDate, issueDate, policy), on) === 'expired'
  )
    yield against(['basePassport'], 'base_document_expired')
}

function* judgeAssurance({ assurance }: Told<Applicant>, { assurance: least }: CitizenPolicy): Generator<Issue> {
  if (least !== undefined && !isAssured(assurance, least)) yield against(['assurance'], 'assurance_too_low')
}

const codeOfDate = (date: unknown): IssueCode =>
  date === undefined ? 'required' : typeof date === 'string' ? 'calendar' : 'type'

/** A path in the person's own names, with what people call its first step. */
const against = (path: IssuePath, code: IssueCode): Issue => fieldIssue(path, code, names[String(path[0])])

const names: Readonly<Record<string, Labels>> = /* @__PURE__ */ deepFreeze({
  birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
  nationalities: { ru: 'Гражданство', en: 'Citizenship' },
  basePassport: { ru: 'Паспорт', en: 'Passport' },
  guardians: { ru: 'Законный представитель', en: 'Guardian' },
  assurance: { ru: 'Подтверждение личности', en: 'Proof of identity' },
})
