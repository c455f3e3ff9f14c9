/** A date as it is typed in Russia, `DD.MM.YYYY`; stored and signed as ISO 8601. */
import { isCalendarDate } from '../../core/clock.js'
import { readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts `DD.MM.YYYY`, a day that exists; normalised to `YYYY-MM-DD`.
 * Codes: `format`, `calendar`.
 * @example dateRu('29.02.2000') // { ok: true, normalized: '2000-02-29', … }
 */
export function dateRu(input: unknown): ValidatorResult {
  const text = readInput(input, 'format')
  if (typeof text !== 'string') return text
  if (!/^\d{2}\.\d{2}\.\d{4}$/.test(text)) return reject('format')
  const date = `${text.slice(6)}-${text.slice(3, 5)}-${text.slice(0, 2)}`
  if (!isCalendarDate(date)) return reject('calendar')
  return { ok: true, normalized: date, checked: false, warnings: [] }
}
