/** The code of the department that issued an internal passport, `NNN-NNN`. */
import { readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts `NNN-NNN` or six digits, into which the hyphen is put. It is not looked up in any register.
 * Codes: `charset`, `length`, `grouping`, `range` (zeros alone).
 * @example departmentCode('510031') // { ok: true, normalized: '510-031', … }
 */
export function departmentCode(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d -]/.test(text)) return reject('charset')
  const digits = text.replace(/[ -]/g, '')
  if (digits.length !== 6) return reject('length')
  if (!/^\d{3} ?-? ?\d{3}$/.test(text)) return reject('grouping')
  if (digits === '000000') return reject('range')
  return { ok: true, normalized: `${digits.slice(0, 3)}-${digits.slice(3)}`, checked: false, warnings: [] }
}
