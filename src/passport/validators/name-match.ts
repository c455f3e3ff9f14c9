/** Whether two spellings may be one name. A difference that is only of spelling is reported as such, never applied. */
import { spelled, transliterateIcao } from '../mrz/icao-letters.js'
import { mixesScripts, normalizeText } from '../text.js'

/** What two names differ in that may be one: Ё for Е, hyphens, spaces and apostrophes, Cyrillic and Latin letters. */
export type SoftDifference = 'yo' | 'separator' | 'transliteration'

export type NameMatch =
  | { readonly match: 'same' }
  | { readonly match: 'soft'; readonly differences: readonly SoftDifference[] }
  | { readonly match: 'different' }

/**
 * Compares two names, or parts of names, without regard to case and to how they were typed (NFC, white space, dashes).
 * A soft match is for a person to decide upon. Latin is held against ICAO's table and, for Ц, that of 2010 to 2014; a name
 * in which scripts are mixed matches itself alone. Names beyond 256 characters are different.
 * @example matchNames('Фёдоров', 'ФЕДОРОВ') // { match: 'soft', differences: ['yo'] }
 */
export function matchNames(one: string, other: string): NameMatch {
  if (typeof one !== 'string' || typeof other !== 'string') throw new TypeError('both names must be strings')
  if (one.length > longestName || other.length > longestName) return { match: 'different' }
  const [left, right] = [folded(one), folded(other)]
  if (left === right) return { match: 'same' }
  const differences = softDifferences(left, right)
  return differences === undefined ? { match: 'different' } : { match: 'soft', differences }
}

const longestName = 256

const folded = (name: string): string => normalizeText(name).toLowerCase()

function softDifferences(left: string, right: string): readonly SoftDifference[] | undefined {
  if (mixesScripts(left) || mixesScripts(right)) return undefined
  if (mixesScripts(left + right))
    return spellings(left).some(spelling => spellings(right).includes(spelling)) ? ['transliteration'] : undefined
  const [plainLeft, plainRight] = [withoutYo(left), withoutYo(right)]
  if (plainLeft === plainRight) return ['yo']
  if (joined(left) === joined(right)) return ['separator']
  return joined(plainLeft) === joined(plainRight) ? ['yo', 'separator'] : undefined
}

const withoutYo = (name: string): string => name.replace(/ё/g, 'е')

const joined = (name: string): string => name.replace(/[ .'’ʼ-]/g, '')

/** How a name may stand in Latin letters, without what divides its parts; none for letters that the table lacks. */
function spellings(name: string): readonly string[] {
  const text = joined(name)
  if (!transliterateIcao(text).ok) return []
  return ['TS', 'TC'].map(ts => text.split('ц').map(spelled).join(ts))
}
