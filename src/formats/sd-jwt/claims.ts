/**
 * The claims that an issuer hands in, checked to be JSON that every reader reads alike (RFC 7493), and copied.
 *
 * What passes here, `parseJson` reads back unchanged under the default limits.
 */
import { hasLoneSurrogate } from '../../core/bytes.js'
import { bareObject, type JsonObject, type JsonValue } from '../../core/json.js'
import { defaultLimits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { refuseReservedName } from './disclosure.js'

/**
 * A copy of the claims, without prototypes. Reserved names are refused at every depth.
 * Throws `sd_jwt_reserved_name`, `encoding_invalid` for half a character, `limit_exceeded` (`depth`, which a cycle meets too,
 * and `jsonValues`), and `TypeError` for what is not JSON.
 */
export function readClaims(claims: JsonObject): JsonObject {
  if (!isPlainObject(claims)) throw new TypeError('`claims` must be a plain object')
  let values = 0
  return copyObject(claims, 1)

  function copy(value: unknown, depth: number): JsonValue {
    within(defaultLimits, 'jsonValues', ++values)
    switch (typeof value) {
      case 'string':
        return wholeText(value)
      case 'number':
        return exactNumber(value)
      case 'boolean':
        return value
      case 'object':
        if (value === null) return null
        if (Array.isArray(value)) return copyArray(value, depth)
        if (isPlainObject(value)) return copyObject(value, depth)
    }
    throw new TypeError('`claims` hold a value that is not JSON')
  }

  function copyArray(source: readonly unknown[], depth: number): JsonValue {
    within(defaultLimits, 'depth', depth)
    // `Array.from` makes `undefined` of holes, and that is refused.
    return Array.from(source, element => copy(element, depth + 1))
  }

  function copyObject(source: object, depth: number): JsonObject {
    within(defaultLimits, 'depth', depth)
    const target = bareObject()
    for (const name of Reflect.ownKeys(source)) {
      if (typeof name !== 'string') throw new TypeError('`claims` hold a name that is not text')
      refuseReservedName(wholeText(name))
      target[name] = copy((source as Record<string, unknown>)[name], depth + 1)
    }
    return target
  }
}

function wholeText(text: string): string {
  if (hasLoneSurrogate(text)) throw new VidimusError('encoding_invalid')
  return text
}

function exactNumber(value: number): number {
  if (!Number.isFinite(value)) throw new TypeError('`claims` hold a number that JSON cannot write')
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new TypeError('`claims` hold an integer that readers cannot hold exactly')
  return value === 0 ? 0 : value
}

/** Made by a literal, `JSON.parse` or `Object.create(null)`, in any realm; not a date, map or instance of a class. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
