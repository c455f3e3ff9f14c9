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
  const plain = !special.test(text)
  let position = 0
  let values = 0

  const whole = value(1)
  if (next() !== undefined) throw wrong()
  return whole

  function value(depth: number): JsonValue {
    within(limits, 'jsonValues', ++values)
    switch (next()) {
      case '"':
        return string()
      case '{': {
        const members = bareObject()
        list('}', depth, () => {
          if (next() !== '"') throw wrong()
          const name = string()
          // No prototype, and JSON has no `undefined`: what is not there has not been read. (`in` would take a tenth of all reading.)
          if (members[name] !== undefined) throw new VidimusError('json_duplicate_member')
          pass(':')
          members[name] = value(depth + 1)
        })
        return members
      }
      case '[': {
        const elements: JsonValue[] = []
        list(']', depth, () => elements.push(value(depth + 1)))
        return elements
      }
      default:
        untilDelimiter.lastIndex = position
        untilDelimiter.test(text)
        return scalar(untilDelimiter.lastIndex)
    }
  }

  /** What stands between two brackets, with commas between. */
  function list(end: string, depth: number, item: () => void): void {
    within(limits, 'depth', depth)
    position++
    if (next() !== end) {
      item()
      while (next() === ',') {
        position++
        item()
      }
    }
    pass(end)
  }

  /** The string to the first quote that is not escaped: one after an even number of backslashes. */
  function string(): string {
    let end = position
    let before: number
    do {
      end = before = text.indexOf('"', end + 1)
      if (end === -1) throw wrong()
      while (text[before - 1] === '\\') before--
    } while ((end - before) % 2 === 1)
    const content = text.slice(position + 1, end)
    if (!plain && special.test(content)) return scalar(end + 1) as string
    position = end + 1
    return content
  }

  /** A string, a number or a word through the platform: for one alone its grammar is the strict one. */
  function scalar(end: number): JsonValue {
    const source = text.slice(position, end)
    let read: JsonValue | undefined
    try {
      read = JSON.parse(source) as JsonValue
    } catch {}
    if (read === undefined || !isExact(read, source)) throw wrong()
    position = end
    return read === 0 ? 0 : read // −0 is 0
  }

  /** The next character that is no white space. */
  function next(): string | undefined {
    while (whiteSpace.includes(text[position] ?? '.')) position++
    return text[position]
  }

  function pass(character: string): void {
    if (next() !== character) throw wrong()
    position++
  }

  function wrong(): VidimusError {
    return new VidimusError('json_invalid', { at: `offset ${position}` })
  }
}

/** An integer is held exactly, no number overflows, none is so small that it vanishes, and no character is half one. */
function isExact(value: JsonValue, source: string): boolean {
  if (typeof value === 'string') return !hasLoneSurrogate(value)
  if (typeof value !== 'number') return true
  if (value === 0) return !/^[^eE]*[1-9]/.test(source)
  return Number.isSafeInteger(value) || (Number.isFinite(value) && /[.eE]/.test(source))
}

const whiteSpace = ' \n\r\t'
const untilDelimiter = /[^\s,\]}]*/y

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
