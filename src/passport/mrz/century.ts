/** Years of two digits: a zone has no centuries, so that choosing one is policy. */
import { isCalendarDate } from '../../core/clock.js'
import type { Report } from './result.js'

/** The dates that `YYMMDD` may mean in the century of `today` and beside it, latest first. Reports `charset`, `calendar`. */
export function datesOf(text: string, today: string, field: string, report: Report): readonly string[] {
  if (/\D/.test(text)) {
    report(field, 'charset')
    return []
  }
  const century = Number(today.slice(0, 2))
  const [year, month, day] = [text.slice(0, 2), text.slice(2, 4), text.slice(4)]
  const dates = [century + 1, century, century - 1]
    .map(hundreds => `${hundreds}${year}-${month}-${day}`)
    .filter(isCalendarDate)
  if (dates.length === 0) report(field, 'calendar')
  return dates
}

/** Those that are not still to come. */
export const pastOf = (dates: readonly string[], today: string): readonly string[] =>
  dates.filter(date => date <= today)

/** The one that is nearest to today, for what may lie on either side. */
export function nearestOf(dates: readonly string[], today: string): string | undefined {
  const distance = (date: string) => Math.abs(Date.parse(date) - Date.parse(today))
  return [...dates].sort((one, other) => distance(one) - distance(other))[0]
}
