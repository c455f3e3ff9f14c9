/**
 * The one text of a JSON value (RFC 8785, JCS): members sorted by UTF-16 code units, numbers as ECMAScript writes them,
 * no white space. Two parties that agree on a value agree on its bytes, and so on its hash.
 */
import { VidimusError } from '../errors.js'
import { hasLoneSurrogate } from './bytes.js'
import { isJsonObject, type JsonObject, type JsonValue } from './json.js'
import { defaultLimits, type Limits, within } from './limits.js'

/**
 * The canonical text of a JSON value; its UTF-8 bytes are what gets hashed. Nothing is normalised: `é` in two encodings
 * stays two texts (§3.2.3). Own enumerable members are written, whatever the prototype.
 * Throws `json_invalid` on what JSON does not have (NaN, infinities, `undefined`), `encoding_invalid` on half of a
 * character, `limit_exceeded` on nesting beyond `limits.depth`.
 * @example canonicalJson({ b: 1.0, a: 'é' }) // {"a":"é","b":1}
 */
export function canonicalJson(value: JsonValue, limits: Limits = defaultLimits): string {
  return write(value, 1, limits)
}

function write(value: JsonValue, depth: number, limits: Limits): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number') return number(value)
  if (typeof value !== 'object') throw new VidimusError('json_invalid')
  within(limits, 'depth', depth)
  return isJsonObject(value) ? object(value, depth, limits) : array(value, depth, limits)
}

function object(value: JsonObject, depth: number, limits: Limits): string {
  let members = ''
  for (const name of sortedNames(value)) {
    if (members !== '') members += ','
    members += `${text(name)}:${write(value[name] as JsonValue, depth + 1, limits)}`
  }
  return `{${members}}`
}

/** §3.2.3: by UTF-16 code units, as JavaScript compares. Names that are in order need no sorting. */
function sortedNames(value: JsonObject): readonly string[] {
  const names = Object.keys(value)
  for (let index = 1; index < names.length; index++) if (names[index - 1]! > names[index]!) return names.sort()
  return names
}

function array(value: readonly JsonValue[], depth: number, limits: Limits): string {
  let elements = ''
  // By index, so that a hole is met as the `undefined` it is.
  for (let index = 0; index < value.length; index++) {
    if (index > 0) elements += ','
    elements += write(value[index] as JsonValue, depth + 1, limits)
  }
  return `[${elements}]`
}

/** Printable ASCII that needs no escape: most names and values of a record. */
const plainText = /^[ !#-[\]-~]*$/

// §3.2.2.2
function text(value: string): string {
  if (plainText.test(value)) return `"${value}"`
  if (hasLoneSurrogate(value)) throw new VidimusError('encoding_invalid')
  return JSON.stringify(value)
}

// §3.2.2.3
function number(value: number): string {
  if (!Number.isFinite(value)) throw new VidimusError('json_invalid')
  return String(value)
}
