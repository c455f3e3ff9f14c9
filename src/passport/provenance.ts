/**
 * Where each field of a passport comes from: which source said so, when, in which version.
 *
 * It is the issuer's record beside the passport, plain data that survives JSON. No part of it enters a credential, and
 * verifiers never see it; a definition that wants a source shown has a field for it. One datum, one source: fields that
 * nobody vouches for are left out, and `require` asks for those that must be vouched for.
 */
import { expectObject } from '../core/arguments.js'
import { type Clock, readClock } from '../core/clock.js'
import { bareObject } from '../core/json.js'
import { type Issue, VidimusError } from '../errors.js'
import type { PassportDefinition } from './definition.js'
import { type FieldValue, valueOfKind } from './field-value.js'
import { fieldIssue } from './issues.js'
import type { ProfileField } from './profile.js'

/** Who said what a field says. */
export interface FieldSource {
  /** A word for the register or document: `mvd`, `zags`, `applicant`, … */
  readonly source: string
  /** When it was said, RFC 3339 in UTC. */
  readonly at: string
  /** The record's own version or number there. */
  readonly version?: string | undefined
}

/** Sources by field name. */
export type Provenance<Passport> = { readonly [Field in keyof Passport & string]?: FieldSource | undefined }

/** A passport with the sources of its fields. */
export interface SourcedPassport<Passport> {
  readonly passport: Passport
  readonly provenance: Provenance<Passport>
}

export interface SourcedOptions<Passport> {
  /** Fields that must have a source if the passport has them: the identity, which no holder edits. */
  readonly require?: readonly (keyof Passport & string)[] | undefined
  /** With it nothing may lie in the future, in the record or among the sources. */
  readonly now?: Clock | undefined
}

/**
 * A record and the sources of its fields, both checked: the passport is what `parse` gives, and each source names a
 * field that the passport has.
 *
 * Throws `passport_invalid` with the issues of the record and of the sources at once; those at `['provenance', field,
 * …]` have the codes `unknown_field` (the passport does not have it), `required`, `type`, `length`, `format` and
 * `range`.
 * @example sourced(citizenPassport, record, { familyName: { source: 'mvd', at: '2026-03-01T12:00:00Z' } })
 */
export function sourced<Name extends string, Claims extends object, Passport extends object>(
  definition: PassportDefinition<Name, Claims, Passport>,
  record: unknown,
  provenance: Provenance<Passport>,
  { require = [], now }: SourcedOptions<Passport> = {},
): SourcedPassport<Passport> {
  expectObject(provenance, 'provenance')
  const time = now === undefined ? undefined : readClock(now)
  const result = definition.safeParse(record, { now: time && (() => time) })
  const fields: Readonly<Record<string, ProfileField>> = definition.fields
  const reader = new SourceReader(fields, result.ok ? result.passport : undefined, time)
  const sources = reader.sources(provenance)
  for (const field of require) reader.expectSource(field, sources)
  const issues = [...(result.ok ? [] : result.issues), ...reader.issues]
  if (!result.ok || issues.length > 0) throw new VidimusError('passport_invalid', { issues: Object.freeze(issues) })
  return Object.freeze({ passport: result.passport, provenance: sources as Provenance<Passport> })
}

/** The fields in which two passports differ; one that only either has is among them. */
export function changedFields<Passport extends object>(before: Passport, after: Passport): (keyof Passport & string)[] {
  const [old, fresh] = [before, after].map(
    passport => new Map(Object.entries(passport).filter(([, value]) => value !== undefined)),
  )
  const names = new Set([...old!.keys(), ...fresh!.keys()])
  return [...names].filter(name => !sameValue(old!.get(name), fresh!.get(name))) as (keyof Passport & string)[]
}

class SourceReader {
  readonly issues: Issue[] = []
  private readonly fields: Readonly<Record<string, ProfileField>>
  private readonly passport: object | undefined
  private readonly now: Date | undefined

  /** `passport` is absent when the record has issues: then nothing is known of which fields it has. */
  constructor(fields: Readonly<Record<string, ProfileField>>, passport: object | undefined, now: Date | undefined) {
    this.fields = fields
    this.passport = passport
    this.now = now
  }

  sources(provenance: object): Readonly<Record<string, FieldSource>> {
    const sources = bareObject<FieldSource>()
    for (const [field, source] of Object.entries(provenance)) {
      if (source === undefined) continue
      if (!this.has(field)) this.refuse([field], 'unknown_field')
      else sources[field] = this.source(field, source)
    }
    return Object.freeze(sources)
  }

  expectSource(field: string, sources: Readonly<Record<string, FieldSource>>): void {
    if (this.passport !== undefined && Object.hasOwn(this.passport, field) && !Object.hasOwn(sources, field))
      this.refuse([field], 'required')
  }

  private has(field: string): boolean {
    const isField = Object.hasOwn(this.fields, field) && this.fields[field]?.derived !== true
    return isField && (this.passport === undefined || Object.hasOwn(this.passport, field))
  }

  private source(field: string, input: unknown): FieldSource {
    if (typeof input !== 'object' || input === null) {
      this.refuse([field], 'type')
      return { source: '', at: '' }
    }
    const { source, at, version, ...others }: Record<string, unknown> = { ...input }
    for (const name of Object.keys(others)) this.refuse([field, name], 'unknown_field')
    return Object.freeze({
      source: this.text([field, 'source'], source),
      at: this.instant([field, 'at'], at),
      ...(version !== undefined && { version: this.text([field, 'version'], version) }),
    })
  }

  private text(path: readonly string[], input: unknown): string {
    if (typeof input !== 'string') this.refuse(path, input === undefined ? 'required' : 'type')
    else if (input.length === 0 || input.length > 100) this.refuse(path, 'length')
    else if (valueOfKind('text', input) === undefined || /\p{C}/u.test(input)) this.refuse(path, 'charset')
    else return input
    return ''
  }

  private instant(path: readonly string[], input: unknown): string {
    if (typeof input !== 'string') this.refuse(path, input === undefined ? 'required' : 'type')
    else if (valueOfKind('time', input) === undefined) this.refuse(path, 'format')
    else if (this.now !== undefined && new Date(input) > this.now) this.refuse(path, 'range')
    else return input
    return ''
  }

  private refuse(path: readonly string[], code: Issue['code']): void {
    this.issues.push(fieldIssue(['provenance', ...path], code, this.fields[path[0] ?? '']?.label))
  }
}

function sameValue(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))]
  return (
    left.length === right.size && left.every(([name, value]) => right.has(name) && sameValue(value, right.get(name)))
  )
}
