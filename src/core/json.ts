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
  return new Reader(text, limits).whole()
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

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

class Reader {
  private position = 0
  private values = 0
  private readonly text: string
  private readonly plain: boolean
  private readonly limits: Limits

  constructor(text: string, limits: Limits) {
    this.text = text
    this.plain = !special.test(text)
    this.limits = limits
  }

  whole(): JsonValue {
    this.space()
    const value = this.value(1)
    this.space()
    if (this.position !== this.text.length) throw this.wrong()
    return value
  }

  private value(depth: number): JsonValue {
    within(this.limits, 'jsonValues', ++this.values)
    switch (this.text[this.position]) {
      case '{':
        within(this.limits, 'depth', depth)
        return this.object(depth)
      case '[':
        within(this.limits, 'depth', depth)
        return this.array(depth)
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private object(depth: number): JsonObject {
    const object = bareObject()
    this.position++
    if (this.skip('}')) return object
    do {
      const name = this.string()
      // No prototype, and JSON has no `undefined`: what is not there has not been read. (`in` would take a tenth of all reading.)
      if (object[name] !== undefined) throw new VidimusError('json_duplicate_member')
      if (!this.skip(':')) throw this.wrong()
      object[name] = this.value(depth + 1)
    } while (this.skip(','))
    if (!this.skip('}')) throw this.wrong()
    return object
  }

  private array(depth: number): JsonValue[] {
    const array: JsonValue[] = []
    this.position++
    if (this.skip(']')) return array
    do array.push(this.value(depth + 1))
    while (this.skip(','))
    if (!this.skip(']')) throw this.wrong()
    return array
  }

  private string(): string {
    if (this.text[this.position] !== '"') throw this.wrong()
    const start = this.position + 1
    const end = this.closingQuote(start)
    this.position = end + 1
    const content = this.text.slice(start, end)
    return this.plain || !special.test(content) ? content : this.platformString(content)
  }

  /** The first quote from `start` that is not escaped: one after an even number of backslashes. */
  private closingQuote(start: number): number {
    for (let end = this.text.indexOf('"', start); end !== -1; end = this.text.indexOf('"', end + 1)) {
      let before = end - 1
      while (before >= start && this.text[before] === '\\') before--
      if ((end - before) % 2 === 1) return end
    }
    throw this.wrong()
  }

  /** Escapes through the platform: for a single string its grammar is the strict one. */
  private platformString(content: string): string {
    let value: string | undefined
    try {
      value = JSON.parse(`"${content}"`) as string
    } catch {}
    if (value === undefined || hasLoneSurrogate(value)) throw this.wrong()
    return value
  }

  /** An integer is held exactly, no number overflows, and none is so small that it vanishes. */
  private number(): number {
    number.lastIndex = this.position
    const literal = number.exec(this.text)?.[0]
    if (literal === undefined) throw this.wrong()
    this.position += literal.length
    const value = Number(literal)
    if (/[.eE]/.test(literal) ? !Number.isFinite(value) : !Number.isSafeInteger(value)) throw this.wrong()
    if (value !== 0) return value
    if (/^[^eE]*[1-9]/.test(literal)) throw this.wrong()
    return 0
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) throw this.wrong()
    this.position += word.length
    return value
  }

  /** Passes one character with the white space around it, if it is the next. */
  private skip(character: string): boolean {
    this.space()
    if (this.text[this.position] !== character) return false
    this.position++
    this.space()
    return true
  }

  private space(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.position)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.position++
    }
  }

  private wrong(): VidimusError {
    return new VidimusError('json_invalid', { at: `offset ${this.position}` })
  }
}
