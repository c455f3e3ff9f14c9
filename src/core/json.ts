/**
 * A strict JSON reader (RFC 8259, RFC 7493): one text, one meaning.
 *
 * Beyond the grammar it refuses repeated member names at any depth, integers that a double cannot hold exactly, numbers
 * beyond its range, half characters, and texts that are deeper or hold more values than their limits. Objects have no
 * prototype, so `__proto__` is a name like any other.
 */
import { VidimusError } from '../errors.js'
import { fromUtf8, hasLoneSurrogate } from './bytes.js'
import { defaultLimits, type Limits, within } from './limits.js'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** What a string may hold only when escaped or in pairs. A text without it, white space included, has plain strings. */
const special = /[\\\x00-\x1f\ud800-\udfff]/

/** The value of a JSON text. Throws `json_invalid`, `json_duplicate_member` or `limit_exceeded`. */
export function parseJson(text: string, limits: Limits = defaultLimits): JsonValue {
  return readJson(text, limits)
}

/** The object that a JSON text or its UTF-8 bytes must be. Throws as `parseJson`, and `encoding_invalid`. */
export function parseJsonObject(source: string | Uint8Array, limits: Limits = defaultLimits): JsonObject {
  const value = parseJson(typeof source === 'string' ? source : fromUtf8(source), limits)
  if (!isJsonObject(value)) throw new VidimusError('json_invalid')
  return value
}

/**
 * The JSON text of a list. A long text at its end that needs no escape, as an image is, costs a third of what
 * `JSON.stringify` takes for it.
 */
export function stringifyList(list: readonly JsonValue[]): string {
  const last = list.at(-1)
  if (typeof last !== 'string' || last.length < longText || needsEscape(last)) return JSON.stringify(list)
  return `${JSON.stringify([...list.slice(0, -1), '']).slice(0, -2)}${last}"]`
}

/** Where looking first begins to pay. */
const longText = 256

const needsEscape = (text: string): boolean => text.includes('"') || text.includes('\\') || /[^ -~]/.test(text)

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * An empty object without prototype, to be filled with names that came from outside. Made this way the engine keeps it in
 * its fast form; `Object.create(null)` gives a dictionary, ten times slower to list and twice to fill.
 */
export const bareObject = <Value = JsonValue>(): Record<string, Value> =>
  Object.setPrototypeOf({}, null) as Record<string, Value>

function readJson(text: string, limits: Limits): JsonValue {
  const plain = !special.test(text)
  let position = 0
  let values = 0

  space()
  const whole = value(1)
  space()
  if (position !== text.length) throw wrong()
  return whole

  function value(depth: number): JsonValue {
    within(limits, 'jsonValues', ++values)
    switch (text[position]) {
      case '{':
        within(limits, 'depth', depth)
        return object(depth)
      case '[':
        within(limits, 'depth', depth)
        return array(depth)
      case '"':
        return string()
      case 't':
        return word('true', true)
      case 'f':
        return word('false', false)
      case 'n':
        return word('null', null)
      default:
        return number()
    }
  }

  function object(depth: number): JsonObject {
    const members = bareObject()
    position++
    if (skip('}')) return members
    do {
      const name = string()
      // No prototype, and JSON has no `undefined`: what is not there has not been read. (`in` would take a tenth of all reading.)
      if (members[name] !== undefined) throw new VidimusError('json_duplicate_member')
      if (!skip(':')) throw wrong()
      members[name] = value(depth + 1)
    } while (skip(','))
    if (!skip('}')) throw wrong()
    return members
  }

  function array(depth: number): JsonValue[] {
    const elements: JsonValue[] = []
    position++
    if (skip(']')) return elements
    do elements.push(value(depth + 1))
    while (skip(','))
    if (!skip(']')) throw wrong()
    return elements
  }

  function string(): string {
    if (text[position] !== '"') throw wrong()
    const start = position + 1
    const end = closingQuote(start)
    position = end + 1
    const content = text.slice(start, end)
    return plain || !special.test(content) ? content : platformString(content)
  }

  /** The first quote from `start` that is not escaped: one after an even number of backslashes. */
  function closingQuote(start: number): number {
    for (let end = text.indexOf('"', start); end !== -1; end = text.indexOf('"', end + 1)) {
      let before = end - 1
      while (before >= start && text[before] === '\\') before--
      if ((end - before) % 2 === 1) return end
    }
    throw wrong()
  }

  /** Escapes through the platform: for a single string its grammar is the strict one. */
  function platformString(content: string): string {
    let string: string | undefined
    try {
      string = JSON.parse(`"${content}"`) as string
    } catch {}
    if (string === undefined || hasLoneSurrogate(string)) throw wrong()
    return string
  }

  /** An integer is held exactly, no number overflows, and none is so small that it vanishes. */
  function number(): number {
    numberForm.lastIndex = position
    const literal = numberForm.exec(text)?.[0]
    if (literal === undefined) throw wrong()
    position += literal.length
    const number = Number(literal)
    if (/[.eE]/.test(literal) ? !Number.isFinite(number) : !Number.isSafeInteger(number)) throw wrong()
    if (number === 0 && /^[^eE]*[1-9]/.test(literal)) throw wrong()
    return number === 0 ? 0 : number // −0 is 0
  }

  function word<T extends JsonValue>(word: string, value: T): T {
    if (!text.startsWith(word, position)) throw wrong()
    position += word.length
    return value
  }

  /** Passes one character with the white space around it, if it is the next. */
  function skip(character: string): boolean {
    space()
    if (text[position] !== character) return false
    position++
    space()
    return true
  }

  function space(): void {
    while (whiteSpace.includes(text[position] ?? '.')) position++
  }

  function wrong(): VidimusError {
    return new VidimusError('json_invalid', { at: `offset ${position}` })
  }
}

const whiteSpace = ' \n\r\t'
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
