/** Letters of the internal passport's machine-readable zone: one Latin letter or digit for each Cyrillic letter. */
import { misuse } from '../../core/arguments.js'
import { mixesScripts } from '../text.js'
import { readInput, reject, type ValidatorResult } from '../validators/result.js'

const cyrillic = 'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ'
const machine = 'ABVGDE2JZIQKLMNOPRSTUFHC34WXY9678'

/**
 * A Russian name in the letters of the internal passport's machine-readable zone; `restoreInternal` turns it back.
 * Hyphens and spaces become `<`, apostrophes and full stops are left out.
 * Codes: `charset`, `mixed_script`, `length`.
 * @example transliterateInternal('Фёкла') // { ok: true, mrz: 'F2KLA', … }
 */
export function transliterateInternal(name: unknown): ValidatorResult<{ readonly mrz: string }> {
  const text = readInput(name)
  if (typeof text !== 'string') return text
  if (mixesScripts(text)) return reject('mixed_script')
  if (/[^А-Яа-яЁё .'’ʼ-]/.test(text)) return reject('charset')
  const letters = text.toUpperCase().replace(/[А-ЯЁ]/g, letter => machine[cyrillic.indexOf(letter)]!)
  const mrz = toFillers(letters)
  return mrz === '' ? reject('length') : { ok: true, normalized: mrz, mrz, checked: false, warnings: [] }
}

/**
 * The Cyrillic letters, in capitals, that letters of the internal passport's zone stand for. Where a hyphen was, a space is.
 * `undefined` when a character among them stands for none. Throws `TypeError` for what is no text.
 */
export function restoreInternal(letters: string): string | undefined {
  if (typeof letters !== 'string') throw misuse('letters', 'a string')
  if (!/^[A-Z2-46-9< ]*$/.test(letters)) return undefined
  return letters.replace(/</g, ' ').replace(/[^ ]/g, letter => cyrillic[machine.indexOf(letter)]!)
}

/** Doc 9303 part 3 §4.6: hyphens and spaces become one filler, other punctuation is left out. */
export const toFillers = (text: string): string =>
  text
    .replace(/[.'’ʼ]/g, '')
    .replace(/[ -]+/g, '<')
    .replace(/^<|<$/g, '')
