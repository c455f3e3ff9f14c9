/**
 * Arithmetic on calendar dates, `YYYY-MM-DD`, without a time zone.
 *
 * Someone born on 29 February has their birthday on the last day of February in common years.
 */
import { misuse } from '../core/arguments.js'
import { calendarDate, daysInMonth, isCalendarDate } from '../core/clock.js'

/**
 * The full years that someone born on `birthDate` has lived on the day `on`; negative before birth.
 * Throws `TypeError` unless both are dates that exist.
 * @example ageOn('2004-02-29', '2022-02-28') // 18
 */
export function ageOn(birthDate: string, on: string): number {
  const years = yearOf(requireDate(on, 'on')) - yearOf(requireDate(birthDate, 'birthDate'))
  return monthAndDay(on) < monthAndDay(birthdayIn(birthDate, yearOf(on))) ? years - 1 : years
}

/** The day on which someone born on `birthDate` turns `years`, which must be 0 or more and end before the year 10000. */
export function birthday(birthDate: string, years: number): string {
  return birthdayIn(requireDate(birthDate, 'birthDate'), yearOf(birthDate) + years)
}

/** The date `days` days after `date`. Throws `RangeError` when that is outside the years 0001 to 9999. */
export function addDays(date: string, days: number): string {
  const instant = new Date(`${requireDate(date, 'date')}T00:00:00Z`)
  instant.setUTCDate(instant.getUTCDate() + days)
  const sum = Number.isNaN(instant.getTime()) ? '' : instant.toISOString().slice(0, 10)
  if (!isCalendarDate(sum)) throw new RangeError('`days` leads out of the years 0001 to 9999')
  return sum
}

/** The last second of a calendar date in UTC, or where local time is `utcOffset` hours ahead of it, -12 to 14. */
export const endOfDay = (date: string, utcOffset = 0): Date =>
  new Date(Date.parse(`${requireDate(date, 'date')}T23:59:59Z`) - hours(utcOffset))

/** The date where the day begins first (UTC+14): a date is in the future when it is so everywhere. */
export const latestDate = (now: Date): string => calendarDate(new Date(now.getTime() + 14 * 3_600_000))

/** Hours that local time is ahead of UTC where nothing else is said: Moscow. */
export const moscowOffset = 3

/** The date of an instant where local time is `utcOffset` hours ahead of UTC. Throws `RangeError` beyond -12 to 14. */
export const localDate = (instant: Date, utcOffset: number): string =>
  calendarDate(new Date(instant.getTime() + hours(utcOffset)))

function hours(utcOffset: number): number {
  if (!(utcOffset >= -12 && utcOffset <= 14)) throw new RangeError('`utcOffset` must be from -12 to 14 hours')
  return utcOffset * 3_600_000
}

/** Whether a date lies after another; `false` where either is absent. */
export const isAfter = (date: string | undefined, limit: string | undefined): boolean =>
  date !== undefined && limit !== undefined && date > limit

function birthdayIn(birthDate: string, year: number): string {
  if (!Number.isInteger(year) || year > 9999) throw new RangeError('`years` leads out of the years 0001 to 9999')
  const day = Math.min(Number(birthDate.slice(8)), daysInMonth(year, Number(birthDate.slice(5, 7))))
  return `${String(year).padStart(4, '0')}-${birthDate.slice(5, 7)}-${String(day).padStart(2, '0')}`
}

const yearOf = (date: string): number => Number(date.slice(0, 4))

const monthAndDay = (date: string): string => date.slice(5)

/** A caller's date. Throws `TypeError` naming the argument unless it exists. */
export function requireDate(date: unknown, argument: string): string {
  if (!isCalendarDate(date)) throw misuse(argument, 'a date that exists, written YYYY-MM-DD')
  return date
}
