/** Time as the library uses it: an injected clock, seconds for durations, calendar dates without a zone. */

import { misuse } from './arguments.js'

/** Any function that tells the time; the system's clock unless a caller hands in another. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** Seconds since the epoch, whole: the NumericDate of RFC 7519 §2. */
export const toSeconds = (date: Date): number => Math.floor(date.getTime() / 1000)

export const fromSeconds = (seconds: number): Date => new Date(seconds * 1000)

/** Seconds, negative where the second comes first. */
export const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000

/** The caller's clock read once. Throws `TypeError` when it does not give a valid `Date`. */
export function readClock(now: Clock = systemClock): Date {
  const date = now()
  if (!(date instanceof Date) || Number.isNaN(date.getTime()))
    throw misuse('now', 'a function that returns a valid Date')
  return date
}

/** The calendar date of an instant in UTC, `YYYY-MM-DD`. */
export const calendarDate = (date: Date): string => date.toISOString().slice(0, 10)

/** Days in a month of the proleptic Gregorian calendar; `month` is 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Whether a text is a date that exists, written `YYYY-MM-DD`, years 0001 to 9999. */
export function isCalendarDate(text: unknown): text is string {
  if (typeof text !== 'string' || !/^(?!0000)\d{4}-(0[1-9]|1[0-2])-(?!00)\d\d$/.test(text)) return false
  // Every month has 28 days. Others that do not exist the platform's parser takes for the next month's; it writes what it took.
  return text.slice(8) < '29' || new Date(text).toJSON() === `${text}T00:00:00.000Z`
}

/** Whether a value is an instant of RFC 3339 in UTC with whole seconds, `YYYY-MM-DDTHH:MM:SSZ`. */
export const isUtcTime = (value: unknown): value is string =>
  typeof value === 'string' &&
  isCalendarDate(value.slice(0, 10)) &&
  /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(value.slice(10))
