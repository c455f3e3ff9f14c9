/** One part of a person's name in Russian: фамилия, имя or отчество. */
import { mixesScripts, normalizeText } from '../text.js'
import { accept, reject, type ValidatorResult } from './result.js'

const longestName = 150

/**
 * Accepts Cyrillic letters, hyphens, spaces, apostrophes and full stops, in any case, at most 150 characters. Letters stay
 * as they are: a Latin look-alike is named, never replaced, and Ё stays another letter than Е.
 * Codes: `length`, `mixed_script`, `charset`, `format` (no letter to begin with).
 * @example personName('Салтыков-Щедрин').ok // true
 */
export function personName(input: unknown): ValidatorResult {
  if (typeof input !== 'string') return reject(input === undefined ? 'required' : 'type')
  // Composing shortens a text; what is several times too long cannot become short enough.
  if (input.length > 4 * longestName) return reject('length')
  const text = normalizeText(input)
  if (text.length === 0 || text.length > longestName) return reject('length')
  if (/[\p{C}]/u.test(text)) return reject('charset')
  if (mixesScripts(text)) return reject('mixed_script')
  if (!/^[\p{Script=Cyrillic} .'’ʼ-]+$/u.test(text)) return reject('charset')
  return /^\p{Script=Cyrillic}/u.test(text) ? accept(text) : reject('format')
}
