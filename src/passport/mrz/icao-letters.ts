/** Latin spelling of Russian names in travel passports since 2014: the table of ICAO Doc 9303 part 3 §6 B. */
import { mixesScripts } from '../text.js'
import { readInput, reject, type ValidatorResult } from '../validators/result.js'
import { toFillers } from './internal-letters.js'

const cyrillic = 'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ'
const latin = /* @__PURE__ */ 'A B V G D E E ZH Z I I K L M N O P R S T U F KH TS CH SH SHCH IE Y  E IU IA'.split(' ')

/**
 * The Latin spelling that the table proposes for a Russian name, in capitals, as printed and (`mrz`) as in a
 * machine-readable zone. Latin letters stay as they are. The document is the authority, not the table: holders may keep
 * an earlier spelling, and the soft sign is lost.
 * Codes: `charset`, `mixed_script`, `length`.
 * @example transliterateIcao('Салтыков-Щедрин') // { ok: true, normalized: 'SALTYKOV-SHCHEDRIN', mrz: 'SALTYKOV<SHCHEDRIN', … }
 */
export function transliterateIcao(name: unknown): ValidatorResult<{ readonly mrz: string }> {
  const text = readInput(name)
  if (typeof text !== 'string') return text
  if (mixesScripts(text)) return reject('mixed_script')
  if (/[^A-Za-zА-Яа-яЁё .'’ʼ-]/.test(text)) return reject('charset')
  const normalized = spelled(text)
  const mrz = toFillers(normalized)
  return mrz === '' ? reject('length') : { ok: true, normalized, mrz, checked: false, warnings: [] }
}

/** Letter by letter; what the table does not have stays. */
export const spelled = (name: string): string =>
  name.toUpperCase().replace(/[А-ЯЁ]/g, letter => latin[cyrillic.indexOf(letter)]!)
