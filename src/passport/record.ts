/**
 * A record from outside, copied before anyone judges it.
 *
 * Only own enumerable members are read, once each, within limits on depth, number and length; objects of the copy have
 * no prototype. So a schema sees plain data that can no longer change, whatever the caller handed in.
 */
import { bareObject } from '../core/json.js'
import type { Issue, IssueCode } from '../errors.js'
import { deepestValue } from './field-value.js'
import { largestImage } from './image.js'
import { fieldIssue, type IssuePath } from './issues.js'
import type { Labels } from './profile.js'

/** The bounds on a record; beyond them a field has the issue `length`. */
export const recordLimits = {
  /** UTF-16 units of one text. */
  text: 65_536,
  /** Values in the whole record. */
  values: 16_384,
  /** Bytes of one image. */
  image: largestImage,
  /** Nesting within one field. */
  depth: deepestValue,
  /** Issues that are reported; reading stops after them. */
  issues: 256,
} as const

export interface ReadRecord {
  /** The members that are fields and could be read, by name. */
  readonly members: ReadonlyMap<string, unknown>
  /** Unknown members, and what could not be read. */
  readonly issues: readonly Issue[]
}

/** The members of what may not be what it is said to be. */
export type Told<Record> = { readonly [Name in keyof Record]?: unknown }

/** Whether a value has named members. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is known of the fields of a record. */
export type RecordFields = ReadonlyMap<string, { readonly label?: Labels | undefined }>

/** The members of a record that are fields. Never throws: what cannot be read is an issue. */
export function readRecord(record: unknown, fields: RecordFields): ReadRecord {
  const reader = new Reader(fields)
  return { members: reader.members(record), issues: reader.issues }
}

class Reader {
  readonly issues: Issue[] = []
  private values = 0
  private readonly fields: RecordFields

  constructor(fields: RecordFields) {
    this.fields = fields
  }

  members(record: unknown): ReadonlyMap<string, unknown> {
    const members = new Map<string, unknown>()
    if (typeof record !== 'object' || record === null) {
      this.refuse([], 'type')
      return members
    }
    for (const name of this.names(record, [])) {
      if (!this.fields.has(name)) this.refuse([name], 'unknown_field')
      else members.set(name, this.member(record, name, []))
    }
    return members
  }

  private names(object: object, path: IssuePath): readonly string[] {
    try {
      // Of a revoked proxy not even this can be asked.
      if (!Array.isArray(object)) return Object.keys(object)
    } catch {
      // As a list.
    }
    this.refuse(path, 'type')
    return []
  }

  private member(object: object, name: string | number, path: IssuePath): unknown {
    if (this.issues.length >= recordLimits.issues) return undefined
    try {
      return this.copy(Reflect.get(object, name), [...path, name])
    } catch {
      this.refuse([...path, name], 'type')
      return undefined
    }
  }

  private copy(value: unknown, path: IssuePath): unknown {
    if (++this.values > recordLimits.values) return this.refuse(path, 'length')
    if (typeof value === 'string') return value.length > recordLimits.text ? this.refuse(path, 'length') : value
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Uint8Array)
      return value.length > recordLimits.image ? this.refuse(path, 'length') : new Uint8Array(value)
    if (path.length > recordLimits.depth) return this.refuse(path, 'length')
    if (Array.isArray(value)) return this.list(value, path)
    // Of a Date, a Map and their like the schema may make something; the copy is for plain objects.
    return Object.prototype.toString.call(value) === '[object Object]' ? this.object(value, path) : value
  }

  private list(list: readonly unknown[], path: IssuePath): unknown {
    if (list.length > recordLimits.values) return this.refuse(path, 'length')
    return Array.from({ length: list.length }, (_, index) => this.member(list, index, path))
  }

  private object(object: object, path: IssuePath): unknown {
    const copy = bareObject<unknown>()
    for (const name of this.names(object, path)) {
      if (name === '__proto__') this.refuse([...path, name], 'unknown_field')
      const value = this.member(object, name, path)
      if (value !== undefined) copy[name] = value
    }
    return copy
  }

  private refuse(path: IssuePath, code: IssueCode): undefined {
    if (this.issues.length < recordLimits.issues)
      this.issues.push(fieldIssue(path, code, this.fields.get(String(path[0]))?.label))
  }
}
