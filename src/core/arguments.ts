/** What callers hand in: a mistake of theirs is a `TypeError` that names the argument. */
import { hasLoneSurrogate } from './bytes.js'

/** The error for an argument that is not what it must be. */
export const misuse = (argument: string, must: string): TypeError => new TypeError(`\`${argument}\` must be ${must}`)

/** A non-empty text without half characters. */
export function expectText(text: unknown, argument: string): string {
  if (typeof text !== 'string' || text === '' || hasLoneSurrogate(text)) throw misuse(argument, 'a non-empty string')
  return text
}

/** A non-empty list. */
export function expectList<T>(list: readonly T[], argument: string): readonly T[] {
  if (!Array.isArray(list) || list.length === 0) throw misuse(argument, 'a non-empty list')
  return list
}

/** Nothing: what is left of a caller's object when every member that it may have is taken out. */
export function expectNoMore(rest: object, argument: string): void {
  for (const name of Object.keys(rest)) throw misuse(`${argument}.${name}`, 'left out')
}

export function expectObject(value: unknown, argument: string): void {
  if (typeof value !== 'object' || value === null) throw misuse(argument, 'an object')
}
