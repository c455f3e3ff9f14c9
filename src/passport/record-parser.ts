/**
 * A record becomes a passport, or a list of everything that is wrong with it.
 *
 * The record is copied first (`record.ts`); then each field passes its schema and is held against its kind; then come
 * the rules over several fields. No issue carries a value.
 */
import { type Clock, readClock } from '../core/clock.js'
import { bareObject } from '../core/json.js'
import type { Issue, IssueCode } from '../errors.js'
import { type FieldValue, valueOfKind } from './field-value.js'
import { fieldIssue, type IssuePath } from './issues.js'
import type { FieldKind, PassportProfile, ProfileField } from './profile.js'
import { readRecord, recordLimits } from './record.js'
import { schemaIssues } from './schema-issues.js'
import { runSchema, type StandardSchemaV1 } from './standard-schema.js'

/** What a rule over several fields finds: where, and what. */
export interface RuleIssue {
  readonly path: IssuePath
  readonly code: IssueCode
}

export interface ParseOptions {
  /** Without it nothing is held against the present: a record may be checked years later. */
  readonly now?: Clock | undefined
}

export type ParseResult<Passport> =
  | { readonly ok: true; readonly passport: Passport }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** Schemas by field name; a date, time or image may have none. */
export type Schemas = ReadonlyMap<string, StandardSchemaV1 | undefined>

/** A rule over several fields; those that failed by themselves are absent, and named in `failed`. */
export type RecordRule = (
  passport: Readonly<Record<string, unknown>>,
  now: Date | undefined,
  failed: ReadonlySet<string>,
) => Iterable<RuleIssue>

/** What records of a passport are held against. */
export interface RecordRules {
  readonly profile: PassportProfile
  readonly schemas: Schemas
  readonly checks: readonly RecordRule[]
}

/** The passport that a record describes, frozen, or every issue, up to a limit. Never throws for any record. */
export function parseRecord(rules: RecordRules, record: unknown, { now }: ParseOptions): ParseResult<object> {
  const time = now === undefined ? undefined : readClock(now)
  const { passport, issues } = new RecordParser(rules).whole(record, time)
  return Object.freeze(
    issues.length === 0
      ? { ok: true, passport }
      : { ok: false, issues: Object.freeze(issues.slice(0, recordLimits.issues)) },
  )
}

class RecordParser {
  private readonly fields: ReadonlyMap<string, ProfileField>
  private readonly schemas: Schemas
  private readonly checks: readonly RecordRule[]
  private readonly issues: Issue[] = []

  constructor({ profile, schemas, checks }: RecordRules) {
    const fields = Object.entries<ProfileField>(profile.fields)
    this.fields = new Map(fields.filter(([, field]) => field.derived !== true))
    this.schemas = schemas
    this.checks = checks
  }

  whole(record: unknown, now: Date | undefined): { passport: object; issues: readonly Issue[] } {
    const { members, issues } = readRecord(record, this.fields)
    if (issues.some(issue => issue.path.length === 0)) return { passport: {}, issues }
    const passport = this.passport(members, new Set(issues.map(issue => issue.path[0])))
    this.issues.push(...issues)
    const failed = new Set(this.issues.map(({ path }) => String(path[0])))
    for (const check of this.checks) for (const { path, code } of check(passport, now, failed)) this.add(path, code)
    return { passport, issues: this.issues }
  }

  private passport(members: ReadonlyMap<string, unknown>, unreadable: ReadonlySet<unknown>) {
    const passport = bareObject<FieldValue>()
    for (const [name, field] of this.fields) {
      const value = unreadable.has(name) ? undefined : this.field(name, field, members.get(name))
      if (value !== undefined) passport[name] = value
    }
    return Object.freeze(passport)
  }

  /** A field's value; `undefined` when it is absent, or has issues. */
  private field(name: string, { kind, optional, label }: ProfileField, input: unknown): FieldValue | undefined {
    if (input === undefined && optional) return undefined
    const schema = this.schemas.get(name)
    if (schema === undefined) return this.ofKind(name, kind, input)
    const result = runSchema(schema, input, name)
    if (result.issues !== undefined) {
      this.issues.push(...schemaIssues(result.issues, name, input, label))
      return undefined
    }
    return this.ofKind(name, kind, result.value)
  }

  private ofKind(name: string, kind: FieldKind, held: unknown): FieldValue | undefined {
    const value = valueOfKind(kind, held)
    if (value === undefined) this.add([name], codeOfKind(kind, held))
    return value
  }

  private add(path: IssuePath, code: IssueCode): void {
    this.issues.push(fieldIssue(path, code, this.fields.get(String(path[0]))?.label))
  }
}

/** Why a value is not of its kind. */
function codeOfKind(kind: FieldKind, value: unknown): IssueCode {
  if (value === undefined) return 'required'
  if (kind === 'image' && value instanceof Uint8Array) return 'format'
  if (typeof value !== 'string' || (kind !== 'date' && kind !== 'time')) return 'type'
  return kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'calendar' : 'format'
}
