/** Series and number of a driving licence: two digits of the region, two digits or (older) Cyrillic letters, six digits. */
import { mixesScripts } from '../text.js'
import { accept, readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts `00 81 798139` and `00 УМ 329252`, with those spaces or without; normalised to ten characters, letters as
 * capitals. It has no control digit, and the region is not judged.
 * Codes: `charset`, `mixed_script`, `length`, `grouping`.
 * @example driverLicence('00 УМ 329252') // { ok: true, normalized: '00УМ329252', … }
 */
export function driverLicence(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (mixesScripts(text)) return reject('mixed_script')
  if (/[^\dА-Яа-яЁё ]/.test(text)) return reject('charset')
  const compact = text.replace(/ /g, '').toUpperCase()
  if (compact.length !== 10) return reject('length')
  if (!/^\d\d(\d\d|[А-ЯЁ]{2})\d{6}$/.test(compact)) return reject('charset')
  return /^\S\S ?\S\S ?\S{6}$/.test(text) ? accept(compact) : reject('grouping')
}
