/**
 * Who speaks for a minor: a parent or guardian, by which document, and whether consent was given.
 *
 * It is the issuer's record beside the passport and never part of a credential. What is checked is form and that times
 * agree; whether the powers are genuine no check here can tell. A code sent to a telephone is no way to give consent.
 */
import * as z from 'zod/mini'
import { isCalendarDate } from '../core/clock.js'
import { endOfDay, isAfter, localDate, moscowOffset, requireDate } from './calendar.js'
import { type DocumentKind, documentKinds } from './document-kind.js'
import { valueOfKind } from './field-value.js'
import type { Labels, PassportProfile } from './profile.js'
import { isRecord, type Told } from './record.js'
import { type ParseOptions, type ParseResult, parseRecord, type RuleIssue } from './record-parser.js'
import { cyrillicName, dateAsTyped, freeText, oneOf, type Reading, reads, textOfForm } from './schemas.js'
import { reject } from './validators/result.js'

/** A document by which somebody is known or entitled. */
export interface GuardianDocument<Kind> {
  readonly kind: Kind
  readonly number: string
  readonly issueDate?: string | undefined
  readonly issuingAuthority?: string | undefined
}

/** What shows that somebody may speak for the minor. */
export type GuardianPowers = 'birth_certificate' | 'adoption_certificate' | 'guardianship_act' | 'court_decision'

export type ConsentMethod = (typeof consentMethods)[number]

const consentMethods = ['handwritten', 'in_person', 'qualified_signature', 'unqualified_signature'] as const

export interface GuardianConsent {
  /** A snake_case word for what is consented to. */
  readonly purpose: string
  readonly method: ConsentMethod
  /** Instants, RFC 3339 in UTC. */
  readonly givenAt: string
  readonly withdrawnAt?: string | undefined
  /** The last day, if it was given for a time. */
  readonly until?: string | undefined
  /** SHA-256 of the text that was agreed to, base64url. */
  readonly textDigest?: string | undefined
}

export interface Guardian {
  readonly relation: 'parent' | 'adoptive_parent' | 'guardian' | 'trustee' | 'institution'
  readonly familyName: string
  readonly givenName: string
  readonly patronymic?: string | undefined
  readonly birthDate?: string | undefined
  readonly document: GuardianDocument<DocumentKind>
  readonly powers: GuardianDocument<GuardianPowers>
  readonly consent?: GuardianConsent | undefined
}

/**
 * A guardian's record, normalised and frozen, or everything that is wrong with it. Dates may be typed as `DD.MM.YYYY`.
 * With a clock, nothing may lie in the future.
 */
export function parseGuardian(record: unknown, options: ParseOptions = {}): ParseResult<Guardian> {
  const rules = { profile: guardianProfile(), schemas: guardianSchemas(), checks: [checkGuardian] }
  return parseRecord(rules, record, options) as ParseResult<Guardian>
}

/**
 * Whether consent holds on a day, `YYYY-MM-DD`: given, not withdrawn by its end, and not run out. What it is for is not
 * looked at. One whose times do not exist, or that was given in a way that is none, never holds. Throws `TypeError` for what
 * is no day.
 */
export function consentHolds(consent: GuardianConsent, on: string, utcOffset: number = moscowOffset): boolean {
  const end = endOfDay(requireDate(on, 'on'), utcOffset)
  if (!isRecord(consent)) return false
  const { method, givenAt, withdrawnAt, until }: Told<GuardianConsent> = consent
  return (
    consentMethods.some(known => known === method) &&
    isBy(givenAt, end) &&
    (withdrawnAt === undefined || (isInstant(withdrawnAt) && !isBy(withdrawnAt, end))) &&
    (until === undefined || (isCalendarDate(until) && until >= on))
  )
}

/** Whether consent was withdrawn by the end of a day. */
export const consentWithdrawn = ({ withdrawnAt }: Told<GuardianConsent>, on: string, utcOffset: number): boolean =>
  isBy(withdrawnAt, endOfDay(on, utcOffset))

const isInstant = (time: unknown): time is string => valueOfKind('time', time) !== undefined

const isBy = (time: unknown, end: Date): boolean => isInstant(time) && new Date(time) <= end

/** A form to parse by. It is no passport: it has no type, and nothing of it is issued. */
function guardianProfile(): PassportProfile {
  const labels: Readonly<Record<keyof Guardian, Labels>> = {
    relation: { ru: 'Кем приходится', en: 'Relation' },
    familyName: { ru: 'Фамилия', en: 'Family name' },
    givenName: { ru: 'Имя', en: 'Given name' },
    patronymic: { ru: 'Отчество', en: 'Patronymic' },
    birthDate: { ru: 'Дата рождения', en: 'Date of birth' },
    document: { ru: 'Документ, удостоверяющий личность', en: 'Identity document' },
    powers: { ru: 'Документ о полномочиях', en: 'Proof of powers' },
    consent: { ru: 'Согласие', en: 'Consent' },
  }
  const optional = ['patronymic', 'birthDate', 'consent']
  const objects = ['document', 'powers', 'consent']
  const fields = Object.entries(labels).map(([name, label]) => [
    name,
    { kind: objects.includes(name) ? 'object' : 'text', optional: optional.includes(name), label },
  ])
  return { name: 'guardian', vct: [], docType: [], status: 'optional', fields: Object.fromEntries(fields) }
}

const guardianSchemas = () =>
  new Map(
    Object.entries({
      relation: oneOf('parent', 'adoptive_parent', 'guardian', 'trustee', 'institution'),
      familyName: cyrillicName(),
      givenName: cyrillicName(),
      patronymic: cyrillicName(),
      birthDate: dateAsTyped(),
      document: documentSchema(oneOf(...(Object.keys(documentKinds) as DocumentKind[]))),
      powers: documentSchema(oneOf('birth_certificate', 'adoption_certificate', 'guardianship_act', 'court_decision')),
      consent: z.strictObject({
        purpose: textOfForm(/^[a-z]+(_[a-z]+)*$/, 60),
        method: oneOf(...consentMethods),
        givenAt: reads(readInstant),
        withdrawnAt: z.optional(reads(readInstant)),
        until: z.optional(dateAsTyped()),
        textDigest: z.optional(textOfForm(/^[\w-]{43}$/, 43)),
      }),
    }),
  )

const documentSchema = <Kind extends z.ZodMiniType>(kind: Kind) =>
  z.strictObject({
    kind,
    number: freeText(60),
    issueDate: z.optional(dateAsTyped()),
    issuingAuthority: z.optional(freeText(300)),
  })

function readInstant(input: unknown): Reading<string> {
  if (typeof input !== 'string') return reject(input === undefined ? 'required' : 'type')
  return isInstant(input) ? { ok: true, value: input } : reject('format')
}

function* checkGuardian(
  { birthDate, document, powers, consent }: Partial<Guardian>,
  now: Date | undefined,
): Generator<RuleIssue> {
  if (consent !== undefined) yield* checkConsent(consent, now)
  const dates: readonly (readonly [path: readonly string[], date: string | undefined])[] = [
    [['birthDate'], birthDate],
    [['document', 'issueDate'], document?.issueDate],
    [['powers', 'issueDate'], powers?.issueDate],
  ]
  for (const [path, date] of dates) {
    if (now !== undefined && isAfter(date, localDate(now, 14))) yield { path, code: 'range' }
    if (isAfter(birthDate, date)) yield { path, code: 'order' }
  }
}

function* checkConsent({ givenAt, withdrawnAt, until }: GuardianConsent, now: Date | undefined): Generator<RuleIssue> {
  for (const [name, time] of Object.entries({ givenAt, withdrawnAt }))
    if (now !== undefined && time !== undefined && new Date(time) > now)
      yield { path: ['consent', name], code: 'range' }
  if (isAfter(givenAt, withdrawnAt)) yield { path: ['consent', 'withdrawnAt'], code: 'order' }
  if (isAfter(localDate(new Date(givenAt), moscowOffset), until)) yield { path: ['consent', 'until'], code: 'order' }
}
