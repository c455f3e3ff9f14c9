/** What callers hand in: a mistake of theirs is a `TypeError` that names the argument. */
import { hasLoneSurrogate } from './bytes.js'

/** The error for an argument that is not what it must be. */
export const misuse = (argument: string, must: string): TypeError => new TypeError(`\`${argument}\` must be ${must}`)

/** A non-empty text without half characters. */
export function expectText(text: unknown, argument: string): string {
  if (!isText(text)) throw misuse(argument, 'a non-empty string')
  return text
}

/** Whether a value is a non-empty text without half characters. */
export const isText = (text: unknown): text is string =>
  typeof text === 'string' && text !== '' && !hasLoneSurrogate(text)

/** A copy of a non-empty list, all of whose entries fit, a hole as `undefined`. `must` says what they are. */
export function expectList<T>(
  list: readonly T[],
  argument: string,
  must = 'a non-empty list',
  fits: (entry: T) => unknown = () => true,
): readonly T[] {
  const copy = Array.isArray(list) ? [...list] : []
  if (copy.length === 0 || !copy.every(entry => fits(entry))) throw misuse(argument, must)
  return copy
}

/** Nothing: what is left of a caller's object when every member that it may have is taken out, or is among those known. */
export function expectNoMore(rest: object, argument: string, known: object = {}): void {
  for (const name of Object.keys(rest)) if (!Object.hasOwn(known, name)) throw misuse(`${argument}.${name}`, 'left out')
}

/** What a member of a caller's object stands for. Throws `TypeError` or `RangeError` naming the argument. */
type Reader<Given, Read> = (given: Given, argument: string) => Read

/** A reader for each member; what a caller's object has no member for is read as `undefined`. */
export type Readers<Given, Read> = {
  readonly [Name in keyof Read]: Reader<Name extends keyof Given ? Given[Name] : undefined, Read[Name]>
}

/** The members of a caller's object, read one after another in the order of their readers; `prefix` stands before their names. */
export function readMembers<Given extends object, Read extends object>(
  given: Given,
  readers: Readers<Given, Read>,
  prefix = '',
): Read {
  const read: Record<string, unknown> = {}
  for (const [name, reader] of Object.entries<Reader<unknown, unknown>>(readers as never))
    read[name] = reader(given[name as keyof Given], prefix + name)
  return read as Read
}

/** The same reader, for what may be left out. */
export const optional =
  <Given, Read>(reader: Reader<Given, Read>): Reader<Given | undefined, Read | undefined> =>
  (given, argument) =>
    given === undefined ? undefined : reader(given, argument)

/** What a caller handed in to be read by a parser: a refusal is the caller's mistake. `must` says what it was to be. */
export function expectReadable<T>(read: () => T, argument: string, must: string): T {
  try {
    return read()
  } catch (error) {
    throw misuse(argument, `${must}: ${(error as Error).message}`)
  }
}

export function expectObject(value: unknown, argument: string): void {
  if (typeof value !== 'object' || value === null) throw misuse(argument, 'an object')
}
