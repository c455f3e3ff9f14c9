/**
 * The values of a passport's fields as data elements of an mdoc (ISO/IEC 18013-5:2021 §7.2.1), in both directions.
 *
 * Dates and instants are tagged, images are bytes, the rest is the JSON it is. Only kinds are looked at here. What is
 * read has passed the CBOR reader, which bounds its depth.
 */

import {
  CborFloat,
  CborTag,
  type CborValue,
  isBytes,
  isCborArray,
  isCborMap,
  tagDateTime,
  tagFullDate,
  taggedValue,
} from '../core/cbor/value.js'
import { isCalendarDate } from '../core/clock.js'
import { bareObject, isJsonObject, type JsonValue } from '../core/json.js'
import { type FieldValue, fromClaim, valueOfKind } from './field-value.js'
import { imageType, isJpeg2000 } from './image.js'
import type { ProfileField } from './profile.js'

/** What an element says as plain data: JSON, with integers beyond 2^53 as `bigint` and bytes as they are. */
export type PlainValue = null | boolean | number | bigint | string | Uint8Array | readonly PlainValue[] | PlainObject
export interface PlainObject {
  readonly [name: string]: PlainValue
}

/** A field's value as a data element. Throws `TypeError` when it is not one of the field's kind; `at` names the field. */
export function toElement({ kind, dates = [] }: ProfileField, value: unknown, at: string): CborValue {
  const held = valueOfKind(kind, value)
  if (held === undefined) throw new TypeError(`\`${at}\` does not hold a value of its kind, ${kind}`)
  const element = cborOf(held, dates)
  if (kind === 'date') return new CborTag(tagFullDate, element)
  return kind === 'time' ? new CborTag(tagDateTime, element) : element
}

/**
 * A data element as a field's value, frozen; `undefined` when it is not one of the kind. Text without its tag is no date
 * and no instant (ISO/IEC 18013-5 §7.2.1, PID Rulebook §3.1.1); inside lists and objects, which have no kinds, it passes.
 */
export function fromElement({ kind, also }: ProfileField, element: CborValue): FieldValue | undefined {
  if (kind === 'image') return isBytes(element) && isImage(element, also) ? new Uint8Array(element) : undefined
  if (kind === 'time') return timeOf(element)
  if (kind === 'date')
    return dateOf(also?.includes('approximate') && isCborMap(element) ? element.get('birth_date') : element)
  if (kind !== 'any' && element instanceof CborTag) return undefined
  if (kind === 'integer' && element instanceof CborFloat) return undefined
  const value = plainOf(element)
  return isJson(value) ? fromClaim(kind, value) : undefined
}

/**
 * Whether an element says that there is nothing to read, where the field's standard has a way to say so: an image without
 * bytes (PID Rulebook 1.7), or a date whose mask has more than zeros, and so is not known to the day (ISO/IEC 23220-2).
 */
export function isLeftOut({ also = [] }: ProfileField, element: CborValue): boolean {
  if (also.includes('empty')) return isBytes(element) && element.length === 0
  if (!also.includes('approximate') || !isCborMap(element)) return false
  const mask = element.get('approximate_mask')
  return mask !== undefined && mask !== '00000000'
}

/**
 * What an element of no field says, frozen: without tags, map keys as text. `undefined` for a map that would then have
 * two members of one name.
 */
export function plainOf(element: CborValue): PlainValue | undefined {
  if (element instanceof CborTag) return plainOf(element.value)
  if (element instanceof CborFloat) return element.value + 0 // −0 is 0
  if (isBytes(element)) return new Uint8Array(element)
  if (isCborArray(element)) return plainList(element)
  return isCborMap(element) ? plainObject(element) : element
}

function cborOf(value: FieldValue, dates: readonly string[]): CborValue {
  if (typeof value === 'number') return Number.isInteger(value) ? value : new CborFloat(value)
  if (typeof value !== 'object' || value === null || isBytes(value)) return value
  if (!isJsonObject(value)) return value.map(member => cborOf(member, dates))
  const map = new Map<string, CborValue>()
  for (const [name, member] of Object.entries(value)) {
    const isDate = dates.includes(name) && isCalendarDate(member)
    map.set(name, isDate ? new CborTag(tagFullDate, member) : cborOf(member, dates))
  }
  return map
}

const isImage = (bytes: Uint8Array, also: ProfileField['also'] = []): boolean =>
  imageType(bytes) !== undefined || (also.includes('jpeg2000') && isJpeg2000(bytes))

/** An instant of tag 0: in UTC, as mdocs have it, so that its date is the date as written. */
function timeOf(element: CborValue | undefined): FieldValue | undefined {
  const text = taggedValue(element, tagDateTime)
  return typeof text === 'string' ? fromClaim('time', text) : undefined
}

/** A `full-date`, or the date of a `tdate`: either may stand for the validity of a document (§7.2.1). */
function dateOf(element: CborValue | undefined): FieldValue | undefined {
  const time = timeOf(element)
  const date = typeof time === 'string' ? time.slice(0, 10) : taggedValue(element, tagFullDate)
  return isCalendarDate(date) ? date : undefined
}

function plainList(list: readonly CborValue[]): PlainValue | undefined {
  const members: PlainValue[] = []
  for (const element of list) {
    const member = plainOf(element)
    if (member === undefined) return undefined
    members.push(member)
  }
  return Object.freeze(members)
}

function plainObject(map: ReadonlyMap<string | number | bigint, CborValue>): PlainValue | undefined {
  const members = bareObject<PlainValue>()
  for (const [key, element] of map) {
    const name = String(key)
    const member = plainOf(element)
    if (member === undefined || Object.hasOwn(members, name)) return undefined
    members[name] = member
  }
  return Object.freeze(members)
}

function isJson(value: PlainValue | undefined): value is JsonValue {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value)
    case 'object':
      return value === null || (!isBytes(value) && Object.values(value).every(isJson))
    default:
      return typeof value === 'string' || typeof value === 'boolean'
  }
}
