/** A telephone number, stored as E.164. */
import { accept, readInput, reject, type ValidatorResult } from './result.js'

/**
 * Accepts `+` and the country's code, or a number of the Russian plan: ten digits, or eleven that begin with 8 or 7.
 * Spaces, hyphens and one pair of parentheses may stand between digits. +7 is Kazakhstan's too and is not demanded.
 * Whether anybody answers is not known.
 * Codes: `charset`, `format`, `grouping` (parentheses), `length`, `range`.
 * @example phone('8 (900) 000-00-09') // { ok: true, normalized: '+79000000009', … }
 */
export function phone(input: unknown): ValidatorResult {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d ()+-]/.test(text)) return reject('charset')
  if (/.\+/.test(text)) return reject('format')
  if (/[()]/.test(text) && !/^[^()]*\(\d+\)[^()]*$/.test(text)) return reject('grouping')
  const digits = text.replace(/\D/g, '')
  return text.startsWith('+') ? international(digits) : domestic(digits)
}

/** E.164 §6: a country code, which never begins with 0, and at most fifteen digits in all. */
function international(digits: string): ValidatorResult {
  if (digits.startsWith('0')) return reject('format')
  if (digits.startsWith('7')) return digits.length === 11 ? russian(digits.slice(1)) : reject('length')
  return digits.length >= 7 && digits.length <= 15 ? accept(`+${digits}`) : reject('length')
}

function domestic(digits: string): ValidatorResult {
  if (digits.length === 10) return russian(digits)
  if (digits.length !== 11) return reject('length')
  return /^[78]/.test(digits) ? russian(digits.slice(1)) : reject('format')
}

/** Ten digits of the plan that Russia and Kazakhstan share; no area begins with 0, 1 or 2. */
const russian = (digits: string): ValidatorResult => (/^[0-2]/.test(digits) ? reject('range') : accept(`+7${digits}`))
