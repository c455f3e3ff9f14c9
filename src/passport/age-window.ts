/**
 * How long an internal passport serves its holder (Regulation approved by Government decree 2267 of 23.12.2023).
 *
 * It is issued from the age of 14, replaced at 20 and at 45, and stays usable for at most 90 days after that birthday.
 * One issued at 45 or later has no end. Birthdays of 29 February fall on the last day of February in common years.
 */
import { type Clock, isCalendarDate, readClock } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { addDays, ageOn, birthday, localDate, moscowOffset } from './calendar.js'
import { fieldIssue } from './issues.js'

export interface AgeWindow {
  /** The birthday on which it is to be replaced; `null`: never. */
  readonly nominalExpiry: string | null
  /** The last day on which it may still be used. */
  readonly graceEnd: string | null
}

export interface AgeWindowOptions {
  /** Days after the birthday, 0 to 3650. Default 90. */
  readonly graceDays?: number | undefined
  /** At which birthdays it is to be replaced, in ascending order. Default 20 and 45. */
  readonly replacementAges?: readonly number[] | undefined
  /** The age from which it is issued. Default 14. */
  readonly minimumAge?: number | undefined
}

/** The age from which an internal passport is issued. */
export const firstIssueAge = 14

/**
 * The window of a passport by its dates, `YYYY-MM-DD`.
 * Throws `passport_invalid` with the issue `order` when it was issued before the holder was of age for it, and
 * `TypeError` for what is not a date.
 * @example ageWindow('2005-03-10', '2019-04-01') // { nominalExpiry: '2025-03-10', graceEnd: '2025-06-08' }
 */
export function ageWindow(
  birthDate: string,
  issueDate: string,
  { graceDays = 90, replacementAges = [20, 45], minimumAge = firstIssueAge }: AgeWindowOptions = {},
): AgeWindow {
  expectWhole(graceDays, 3650, 'graceDays')
  expectWhole(minimumAge, 150, 'minimumAge')
  for (const limit of replacementAges) expectWhole(limit, 150, 'replacementAges')
  const age = ageOn(birthDate, issueDate)
  if (age < minimumAge) throw issuedTooEarly()
  const replacementAge = replacementAges.find(limit => age < limit)
  if (replacementAge === undefined) return Object.freeze({ nominalExpiry: null, graceEnd: null })
  const nominalExpiry = birthday(birthDate, replacementAge)
  return Object.freeze({ nominalExpiry, graceEnd: addDays(nominalExpiry, graceDays) })
}

export type PassportStatus = 'valid' | 'grace' | 'expired'

/** Where a passport stands in its window on a day, `YYYY-MM-DD`. Loss, annulment and death are not known here. */
export function passportStatus({ nominalExpiry, graceEnd }: AgeWindow, on: string): PassportStatus {
  if (!isCalendarDate(on)) throw new TypeError('`on` must be a date that exists, written YYYY-MM-DD')
  if (nominalExpiry === null || graceEnd === null || on < nominalExpiry) return 'valid'
  return on <= graceEnd ? 'grace' : 'expired'
}

/** What is to be done about a passport: nothing, nothing yet, apply now, or apply without a passport that serves. */
export type ReplacementState = 'not_needed' | 'upcoming' | 'due' | 'overdue'

export interface Replacement {
  readonly state: ReplacementState
  /** From when until when to apply; `null` for a passport without end. */
  readonly from: string | null
  readonly until: string | null
}

/**
 * Whether a passport is to be replaced on a day. `upcoming` begins `leadDays` before the birthday, 30 unless given: a
 * time for reminders and for a proposal, which the holder confirms. Nothing is ever issued by itself.
 */
export function replacementOf(
  { nominalExpiry, graceEnd }: AgeWindow,
  on: string,
  { leadDays = 30 }: { readonly leadDays?: number | undefined } = {},
): Replacement {
  expectWhole(leadDays, 3650, 'leadDays')
  const states = { valid: 'not_needed', grace: 'due', expired: 'overdue' } as const
  const state = states[passportStatus({ nominalExpiry, graceEnd }, on)]
  const isNear = state === 'not_needed' && nominalExpiry !== null && addDays(on, leadDays) >= nominalExpiry
  return Object.freeze({ state: isNear ? 'upcoming' : state, from: nominalExpiry, until: graceEnd })
}

export interface CurrentStatusOptions {
  readonly now?: Clock | undefined
  /** Hours that local time is ahead of UTC, -12 to 14. Default 3, Moscow. */
  readonly utcOffset?: number | undefined
}

/** The same today: on the day that the clock shows in Moscow, or elsewhere by `utcOffset`. */
export function currentPassportStatus(
  window: AgeWindow,
  { now, utcOffset = moscowOffset }: CurrentStatusOptions = {},
): PassportStatus {
  return passportStatus(window, localDate(readClock(now), utcOffset))
}

function expectWhole(value: number, most: number, argument: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > most)
    throw new RangeError(`\`${argument}\` must be whole and from 0 to ${most}`)
}

const issuedTooEarly = (): VidimusError =>
  new VidimusError('passport_invalid', {
    issues: [fieldIssue(['issueDate'], 'order')],
  })
