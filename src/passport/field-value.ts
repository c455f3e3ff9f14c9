/**
 * The values that a field of each kind may have, for callers and among the claims of a JSON credential.
 *
 * Only kinds are looked at here; what a schema demands beyond them is the business of `parse`.
 */
import { hasLoneSurrogate } from '../core/bytes.js'
import { isCalendarDate, isUtcTime } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { bareObject, isJsonObject, type JsonValue } from '../core/json.js'
import { imageFromDataUri, imageToDataUri, imageType } from './image.js'
import type { FieldKind } from './profile.js'

/** JSON, or the bytes of an image: what a field of a passport holds. */
export type FieldValue = JsonValue | Uint8Array

/** Nesting of lists and objects within one field. */
export const deepestValue = 8

/** A frozen copy of a caller's value if it is one of the kind, else `undefined`. Image bytes are copied, not frozen. */
export function valueOfKind(kind: FieldKind, value: unknown): FieldValue | undefined {
  if (kind !== 'image') return jsonOfKind(kind, value)
  return value instanceof Uint8Array && imageType(value) !== undefined ? new Uint8Array(value) : undefined
}

/** A field's value as a claim. Throws `TypeError` when it is not one of the kind; `at` names the field. */
export function toClaim(kind: FieldKind, value: unknown, at: string): JsonValue {
  const claim = kind === 'image' ? imageClaim(value) : jsonOfKind(kind, value)
  if (claim === undefined) throw new TypeError(`\`${at}\` does not hold a value of its kind, ${kind}`)
  return claim
}

const imageClaim = (value: unknown): string | undefined =>
  value instanceof Uint8Array && imageType(value) !== undefined ? imageToDataUri(value) : undefined

/** A claim as a field's value, frozen; `undefined` when it is not one of the kind. */
export function fromClaim(kind: FieldKind, claim: JsonValue): FieldValue | undefined {
  if (kind === 'image') return typeof claim === 'string' ? imageFromDataUri(claim) : undefined
  // Others may write fractions of a second; our own records do not, for mdoc has none (ISO/IEC 18013-5, 7.2.1).
  const whole = kind === 'time' && typeof claim === 'string' ? claim.replace(/\.\d{1,9}Z$/, 'Z') : claim
  return isOfKind(kind, whole) ? deepFreeze(claim) : undefined
}

function jsonOfKind(kind: Exclude<FieldKind, 'image'>, value: unknown): JsonValue | undefined {
  const copy = json(value)
  return copy !== undefined && isOfKind(kind, copy) ? copy : undefined
}

function isOfKind(kind: Exclude<FieldKind, 'image'>, value: JsonValue): boolean {
  switch (kind) {
    case 'integer':
      return Number.isSafeInteger(value)
    case 'date':
      return isCalendarDate(value)
    case 'time':
      return isUtcTime(value)
    case 'list':
      return Array.isArray(value)
    case 'object':
      return isJsonObject(value)
    case 'any':
      return true
    default:
      return typeof value === (kind === 'text' ? 'string' : kind)
  }
}

/** A frozen copy of JSON without prototypes; `undefined` for anything that JSON text could not give back unchanged. */
function json(value: unknown, depth = 0): JsonValue | undefined {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'string':
      return hasLoneSurrogate(value) ? undefined : value
    case 'number':
      return jsonNumber(value)
    case 'object':
      if (value === null) return null
      if (depth >= deepestValue) return undefined
      return Array.isArray(value) ? jsonList(value, depth) : jsonObject(value, depth)
    default:
      return undefined
  }
}

function jsonNumber(value: number): number | undefined {
  if (Number.isInteger(value) ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return undefined
  return value === 0 ? 0 : value // −0 is written 0
}

function jsonList(list: readonly unknown[], depth: number): readonly JsonValue[] | undefined {
  const copy: JsonValue[] = []
  for (const member of list) {
    const held = json(member, depth + 1)
    if (held === undefined) return undefined
    copy.push(held)
  }
  return Object.freeze(copy)
}

function jsonObject(object: object, depth: number): JsonValue | undefined {
  if (Object.prototype.toString.call(object) !== '[object Object]') return undefined
  const copy = bareObject()
  for (const [name, member] of Object.entries(object)) {
    if (member === undefined) continue
    const held = json(member, depth + 1)
    if (held === undefined || name === '__proto__' || hasLoneSurrogate(name)) return undefined
    copy[name] = held
  }
  return Object.freeze(copy)
}
