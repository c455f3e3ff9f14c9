/** Instants of the data model: XSD `dateTimeStamp`, whose zone is never left out (VCDM 2.0 §4.9, XML Schema 1.1 §3.4.28). */
import { isCalendarDate } from './clock.js'
import type { JsonValue } from './json.js'

const form =
  /^(\d{4}-\d\d-\d\dT)((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?(Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)$/

/**
 * The instant that a text stands for, to the millisecond; `undefined` for anything else. Years are 0001 to 9999, and the
 * midnight that ends a day is written as the one that begins the next.
 */
export function readDateTime(value: JsonValue | undefined): Date | undefined {
  const parts = typeof value === 'string' && isCalendarDate(value.slice(0, 10)) ? form.exec(value) : null
  if (parts === null) return undefined
  const [, day, time, fraction = '', zone] = parts
  return new Date(`${day}${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`)
}

/** The same instant as text in UTC, to the second. */
export const writeDateTime = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`
