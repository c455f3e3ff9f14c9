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

/** The JSON text of a value. A long text that needs no escape, as an image is, costs a third of what `JSON.stringify` takes. */
export function stringifyJson(value: JsonValue): string {
  if (typeof value !== 'string' || value.length < longText || needsEscape(value)) return JSON.stringify(value)
  return `"${value}"`
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
    switch (this.text.charCodeAt(this.position)) {
      case 0x7b: // {
        within(this.limits, 'depth', depth)
        return this.object(depth)
      case 0x5b: // [
        within(this.limits, 'depth', depth)
        return this.array(depth)
      case 0x22: // "
        return this.string()
      case 0x74:
        return this.word('true', true)
      case 0x66:
        return this.word('false', false)
      case 0x6e:
        return this.word('null', null)
      default:
        return this.number()
    }
  }

  private object(depth: number): JsonObject {
    const object = bareObject()
    this.position++
    this.space()
    if (this.skip(0x7d)) return object
    do {
      this.space()
      if (this.text.charCodeAt(this.position) !== 0x22) throw this.wrong()
      const name = this.string()
      // No prototype, and JSON has no `undefined`: what is not there has not been read. (`in` would take a tenth of all reading.)
      if (object[name] !== undefined) throw new VidimusError('json_duplicate_member')
      this.space()
      if (!this.skip(0x3a)) throw this.wrong()
      this.space()
      object[name] = this.value(depth + 1)
      this.space()
    } while (this.skip(0x2c))
    if (!this.skip(0x7d)) throw this.wrong()
    return object
  }

  private array(depth: number): JsonValue[] {
    const array: JsonValue[] = []
    this.position++
    this.space()
    if (this.skip(0x5d)) return array
    do {
      this.space()
      array.push(this.value(depth + 1))
      this.space()
    } while (this.skip(0x2c))
    if (!this.skip(0x5d)) throw this.wrong()
    return array
  }

  private string(): string {
    const start = this.position + 1
    const end = this.closingQuote(start)
    this.position = end + 1
    const content = this.text.slice(start, end)
    return this.plain || !special.test(content) ? content : this.platformString(content)
  }

  /** The first quote from `start` that is not escaped: one after an even number of backslashes. */
  private closingQuote(start: number): number {
    for (let end = this.text.indexOf('"', start); end !== -1; end = this.text.indexOf('"', end + 1)) {
      let escape = end - 1
      while (escape >= start && this.text.charCodeAt(escape) === 0x5c) escape--
      if ((end - escape) % 2 === 1) return end
    }
    throw this.wrong()
  }

  /** Escapes through the platform: for a single string its grammar is the strict one. */
  private platformString(content: string): string {
    let value: string
    try {
      value = JSON.parse(`"${content}"`) as string
    } catch {
      throw this.wrong()
    }
    if (hasLoneSurrogate(value)) throw this.wrong()
    return value
  }

  private number(): number {
    const start = this.position
    this.skip(0x2d)
    if (!this.skip(0x30) && !this.digits()) throw this.wrong()
    let exact = true
    if (this.skip(0x2e)) {
      exact = false
      if (!this.digits()) throw this.wrong()
    }
    if (this.skip(0x65) || this.skip(0x45)) {
      exact = false
      if (!this.skip(0x2b)) this.skip(0x2d)
      if (!this.digits()) throw this.wrong()
    }
    const literal = this.text.slice(start, this.position)
    const value = Number(literal)
    if (exact && !Number.isSafeInteger(value)) throw this.wrong()
    if (!Number.isFinite(value)) throw this.wrong()
    if (value !== 0) return value
    if (/^[^eE]*[1-9]/.test(literal)) throw this.wrong()
    return 0
  }

  private digits(): boolean {
    const start = this.position
    for (;;) {
      const unit = this.text.charCodeAt(this.position)
      if (!(unit >= 0x30 && unit <= 0x39)) return this.position > start
      this.position++
    }
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.position)) throw this.wrong()
    this.position += word.length
    return value
  }

  private skip(unit: number): boolean {
    if (this.text.charCodeAt(this.position) !== unit) return false
    this.position++
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
