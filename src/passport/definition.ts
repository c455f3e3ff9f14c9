/**
 * `definePassport`: one definition of a passport, from which everything else follows.
 *
 * It names each field once: its TypeScript name, its schema, its claim, its mdoc element, whether it may be hidden and
 * what is derived from it. The static types, the parser, the claims of every format and the rules of disclosure come
 * out of that. A definition is a profile (plain data, see `profile.ts`) plus the functions that need schemas.
 */
import { isCalendarDate, readClock, type Clock } from '../core/clock.js'
import { type Issue, type IssueCode, VidimusError } from '../errors.js'
import { type FieldValue, valueOfKind } from './field-value.js'
import { fieldIssue, type IssuePath } from './issues.js'
import type { FieldKind, Labels, PassportProfile, ProfileField } from './profile.js'
import { readProfile, typeList } from './profile-rules.js'
import { readRecord, recordLimits } from './record.js'
import { schemaIssues } from './schema-issues.js'
import { isOptionalSchema, kindOfSchema } from './schema-kind.js'
import type { SchemaOutput, StandardSchemaV1 } from './standard-schema.js'

/** Where a field stands on the wire and what it is called. */
export interface FieldPlace {
  /** The SD-JWT VC claim, a name or a path. Absent: not issued in JSON. */
  readonly claim?: string | readonly string[] | undefined
  /** The mdoc namespace and element identifier. Absent: not issued as mdoc. */
  readonly element?: readonly [namespace: string, element: string] | undefined
  /** Names for people by BCP 47 language tag. */
  readonly label?: Labels | undefined
  /** Whether the holder may hide it: `true` by default, `'each'` for its members too, one by one. */
  readonly hide?: boolean | 'each' | undefined
}

/** A field with a schema of any Standard Schema library. `as` overrides the kind that the schema tells. */
export interface SchemaField extends FieldPlace {
  readonly schema: StandardSchemaV1
  readonly as?: FieldKind | undefined
  readonly optional?: boolean | undefined
}

/** A field whose wire form says all: a calendar date `YYYY-MM-DD`, an instant in UTC, a JPEG or PNG. */
export interface WireField extends FieldPlace {
  readonly schema?: undefined
  readonly as: 'date' | 'time' | 'image'
  readonly optional?: boolean | undefined
}

export type FieldDefinition = SchemaField | WireField

/** A claim computed from the passport on the day it is issued. `as` is its kind, `boolean` unless given. */
export interface DerivedField<Passport, Value> extends FieldPlace {
  /** `on` is the day of issue, `YYYY-MM-DD`. `undefined`: the claim is left out. */
  readonly derive: (passport: Passport, on: string) => Value
  readonly as?: FieldKind | undefined
}

/** From when until when a credential of a passport may be valid. */
export interface ValidityRange {
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

/** What a rule over several fields finds: where, and what. */
export interface RuleIssue {
  readonly path: IssuePath
  readonly code: IssueCode
}

/** Rules beyond single fields. */
export interface PassportRules<Passport> {
  /** When credentials of this passport are valid; the issuer's own choice goes before it. */
  readonly validity?: ((passport: Passport, now: Date) => ValidityRange | undefined) | undefined
  /**
   * Rules over several fields. Fields that failed by themselves are absent, so that all issues are found at once; `now`
   * is there only when `parse` was given a clock.
   */
  readonly check?: ((passport: Partial<Passport>, now: Date | undefined) => Iterable<RuleIssue>) | undefined
}

export interface ParseOptions {
  /** Without it nothing is held against the present: a record may be checked years later. */
  readonly now?: Clock | undefined
}

export type ParseResult<Passport> =
  | { readonly ok: true; readonly passport: Passport }
  | { readonly ok: false; readonly issues: readonly Issue[] }

export type CredentialFormat = 'dc+sd-jwt' | 'mso_mdoc'

/** A passport as its issuer knows it. Wherever a profile is taken, a definition serves alike. */
export interface PassportDefinition<
  Name extends string = string,
  Claims extends object = object,
  Passport extends object = object,
> extends PassportProfile<Name, Claims> {
  /**
   * The record, normalised, checked and frozen. Members are read as own properties; one that is `undefined` is absent.
   * Image bytes are copied. Parsing what `parse` gave changes nothing.
   * Throws `passport_invalid` with every issue.
   */
  parse(record: unknown, options?: ParseOptions): Passport
  /** The same as an answer. */
  safeParse(record: unknown, options?: ParseOptions): ParseResult<Passport>
  /**
   * What a request asks for: the claim path or `[namespace, element]` of each field.
   * Throws `TypeError` for a name that is not a field, or one that the format does not carry.
   * @example citizenPassport.claimPaths('dc+sd-jwt', ['birthDate']) // [['birthdate']]
   */
  claimPaths(format: CredentialFormat, fields: readonly (keyof Claims & string)[]): string[][]
  /** The derived fields of a parsed passport on a day, `YYYY-MM-DD`. */
  derive(passport: Passport, on: string): Partial<Claims>
  /** When a credential of this passport is valid by the definition's rule; `undefined` where it has none. */
  validity(passport: Passport, now: Date): ValidityRange | undefined
}

/** What `parse` of a definition gives. */
export type PassportOf<Definition> =
  Definition extends PassportDefinition<string, infer _Claims, infer Passport> ? Passport : never

type Flat<T> = { [Key in keyof T]: T[Key] } & {}

type Inherit<Base, Own> = Flat<Omit<Base, keyof Own> & Own>

type ValueOf<Field> = Field extends { readonly as: 'image' }
  ? Uint8Array
  : Field extends { readonly as: 'date' | 'time' }
    ? string
    : Field extends { readonly schema: infer Schema }
      ? Exclude<SchemaOutput<Schema>, undefined>
      : never

type IsOptional<Field> = Field extends { readonly optional: infer Optional }
  ? true extends Optional
    ? true
    : false
  : Field extends { readonly schema: infer Schema }
    ? undefined extends SchemaOutput<Schema>
      ? true
      : false
    : false

/** The record that fields describe. */
export type PassportOfFields<Fields> = Flat<
  {
    readonly [Name in keyof Fields as IsOptional<Fields[Name]> extends true ? never : Name]: ValueOf<Fields[Name]>
  } & {
    readonly [Name in keyof Fields as IsOptional<Fields[Name]> extends true ? Name : never]?:
      | ValueOf<Fields[Name]>
      | undefined
  }
>

/** The claims that fields and derived values promise. */
export type ClaimsOfFields<Fields, Derived> = Flat<
  { readonly [Name in keyof Fields]: ValueOf<Fields[Name]> } & {
    readonly [Name in keyof Derived]: Exclude<Derived[Name], undefined>
  }
>

type OptionalKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T]

/** The record behind a profile's claims: all but the derived ones. */
export type PassportOfClaims<Claims, Derived> = Flat<
  { readonly [Name in Exclude<keyof Claims, OptionalKeys<Claims> | Derived>]: Claims[Name] } & {
    readonly [Name in Exclude<OptionalKeys<Claims>, Derived>]?: Exclude<Claims[Name], undefined> | undefined
  }
>

/** Keeps a type parameter from being inferred here (`NoInfer` of TypeScript 5.4 and later, for all versions). */
type Settled<T> = [T][T extends unknown ? 0 : never]

/** One literal that says all. `fields` stands before `derived`, so that types flow from the one to the other. */
export interface PassportLiteral<Name, Fields, Derived, BaseClaims extends object, BasePassport extends object>
  extends PassportRules<Inherit<BasePassport, PassportOfFields<Fields>>> {
  /** What verdicts call it. */
  readonly name: Name
  /** SD-JWT VC types: the first is issued, all are read. */
  readonly vct: string | readonly string[]
  /** mdoc document types: the first is issued, all are read. */
  readonly docType: string | readonly string[]
  /** Fields, derived values and rules are taken over from it; a field of the same name replaces its own. */
  readonly extends?: PassportDefinition<string, BaseClaims, BasePassport> | undefined
  /** Whether a credential must carry a status reference: `optional`, or what the extended definition says. */
  readonly status?: 'required' | 'optional' | undefined
  readonly fields: Fields
  readonly derived?: {
    readonly [Key in keyof Derived]: DerivedField<Inherit<BasePassport, PassportOfFields<Fields>>, Derived[Key]>
  }
}

/** What is added to a profile, besides schemas, to make it a definition. */
export interface ProfileRules<Claims, Derived extends keyof Claims>
  extends PassportRules<PassportOfClaims<Claims, Settled<Derived>>> {
  /** One function for each field that the profile marks as derived. */
  readonly derived?: {
    readonly [Name in Derived]: (
      passport: PassportOfClaims<Claims, Settled<Derived>>,
      on: string,
    ) => Claims[Name] | undefined
  }
}

/** Schemas by field name. Dates, times and images may go without; one schema is asked for every other field. */
export type SchemasFor<Claims> = {
  readonly [Name in keyof Claims]?: StandardSchemaV1<unknown, Claims[Name] | undefined>
}

/**
 * Defines a passport, in one literal or as a profile with its schemas added.
 *
 * Throws `TypeError` when the definition contradicts itself: a claim name that belongs to the token, two fields in one
 * place, a field inside another's claim, a kind that no claim can hold. Schemas must answer at once.
 * @example
 * definePassport({
 *   name: 'library-card', vct: 'https://library.example/card', docType: 'example.library.card.1',
 *   fields: { reader: { schema: z.string().min(1), claim: 'reader' }, birthDate: { as: 'date', claim: 'birthdate' } },
 *   derived: { ageOver14: { derive: (card, on) => ageOn(card.birthDate, on) >= 14, claim: ['age_equal_or_over', '14'] } },
 * })
 */
export function definePassport<
  const Name extends string,
  const Fields extends { readonly [name: string]: FieldDefinition },
  Derived extends object = object,
  BaseClaims extends object = object,
  BasePassport extends object = object,
>(
  literal: PassportLiteral<Name, Fields, Derived, BaseClaims, BasePassport>,
): PassportDefinition<
  Name,
  Inherit<BaseClaims, ClaimsOfFields<Fields, Derived>>,
  Inherit<BasePassport, PassportOfFields<Fields>>
>
/** The same in two files: a profile that verifiers take alone, and schemas that are built on the first `parse`. */
export function definePassport<const Name extends string, Claims extends object, Derived extends keyof Claims = never>(
  profile: PassportProfile<Name, Claims>,
  schemas: () => SchemasFor<Claims>,
  rules?: ProfileRules<Claims, Derived>,
): PassportDefinition<Name, Claims, PassportOfClaims<Claims, Derived>>
export function definePassport(source: object, schemas?: () => object, rules?: object): PassportDefinition {
  return schemas === undefined
    ? fromLiteral(source as AnyLiteral)
    : fromProfile(source as PassportProfile, schemas as () => Schemas, rules as AnyProfileRules | undefined)
}

/** The profile of a definition, as plain JSON for a verifier to keep. */
export function profileOf<Name extends string, Claims extends object>(
  definition: PassportProfile<Name, Claims>,
): PassportProfile<Name, Claims> {
  return readProfile(definition)
}

// Inside, types are the loose ones: what the signatures above promise is kept by the checks of the profile's rules.

type AnyPassport = Readonly<Record<string, unknown>>
type Schemas = Readonly<Record<string, StandardSchemaV1 | undefined>>
type Derivation = (passport: AnyPassport, on: string) => unknown
type AnyRules = PassportRules<AnyPassport>
type AnyProfileRules = AnyRules & { readonly derived?: Readonly<Record<string, Derivation>> | undefined }
interface AnyLiteral extends AnyRules {
  readonly name: string
  readonly vct: string | readonly string[]
  readonly docType: string | readonly string[]
  readonly extends?: PassportDefinition | undefined
  readonly status?: 'required' | 'optional' | undefined
  readonly fields: Readonly<Record<string, FieldDefinition>>
  readonly derived?: Readonly<Record<string, DerivedField<AnyPassport, unknown>>> | undefined
}

/** What a definition is made of; kept aside for those that extend it. */
interface Parts {
  readonly profile: PassportProfile
  readonly schemas: () => Schemas
  readonly derivations: Readonly<Record<string, Derivation>>
  readonly validity: AnyRules['validity']
  readonly checks: readonly NonNullable<AnyRules['check']>[]
}

const partsOf = /* @__PURE__ */ new WeakMap<object, Parts>()

function fromLiteral(literal: AnyLiteral): PassportDefinition {
  const base = literal.extends === undefined ? undefined : partsOf.get(literal.extends)
  if (literal.extends !== undefined && base === undefined)
    throw new TypeError('`extends` must be a definition that definePassport made')
  const fields = entriesOf(literal.fields, 'fields')
  const derived = entriesOf(literal.derived ?? {}, 'derived')
  for (const [name] of derived)
    if (Object.hasOwn(literal.fields, name)) throw new TypeError(`\`derived.${name}\` is the name of a field too`)
  return define({
    profile: readProfile({
      name: literal.name,
      vct: typeList(literal.vct, 'vct'),
      docType: typeList(literal.docType, 'docType'),
      status: literal.status ?? base?.profile.status ?? 'optional',
      fields: {
        ...base?.profile.fields,
        ...Object.fromEntries(fields.map(([name, field]) => [name, profileField(name, field)])),
        ...Object.fromEntries(derived.map(([name, field]) => [name, derivedField(name, field)])),
      },
    }),
    schemas: () => ({ ...base?.schemas(), ...Object.fromEntries(fields.map(([name, field]) => [name, field.schema])) }),
    derivations: { ...base?.derivations, ...Object.fromEntries(derived.map(([name, field]) => [name, field.derive])) },
    validity: literal.validity ?? base?.validity,
    checks: [...(base?.checks ?? []), ...(literal.check === undefined ? [] : [literal.check])],
  })
}

function fromProfile(source: PassportProfile, schemas: () => Schemas, rules: AnyProfileRules = {}): PassportDefinition {
  if (typeof schemas !== 'function') throw new TypeError('`schemas` must be a function that gives the schemas')
  const profile = readProfile(source)
  const derivations = rules.derived ?? {}
  const derived = recordEntries(profile).flatMap(([name, field]) => (field.derived === true ? [name] : []))
  if (derived.length !== Object.keys(derivations).length || !derived.every(name => Object.hasOwn(derivations, name)))
    throw new TypeError(`\`derived\` must have a function for each of: ${derived.join(', ')}; and for no other field`)
  return define({
    profile,
    schemas,
    derivations,
    validity: rules.validity,
    checks: rules.check === undefined ? [] : [rules.check],
  })
}

function profileField(name: string, field: FieldDefinition): ProfileField {
  if (field.schema === undefined && field.as !== 'date' && field.as !== 'time' && field.as !== 'image')
    throw new TypeError(`\`fields.${name}\` must have a schema, or \`as\` 'date', 'time' or 'image'`)
  if (field.schema !== undefined) requireSchema(field.schema, `fields.${name}.schema`)
  const optional = field.optional ?? (field.schema !== undefined && isOptionalSchema(field.schema))
  return { ...placeOf(field), kind: field.as ?? kindOfSchema(field.schema as StandardSchemaV1), optional }
}

function derivedField(name: string, field: DerivedField<AnyPassport, unknown>): ProfileField {
  if (typeof field.derive !== 'function') throw new TypeError(`\`derived.${name}.derive\` must be a function`)
  return { ...placeOf(field), kind: field.as ?? 'boolean', optional: false, derived: true }
}

const placeOf = ({ claim, element, hide, label }: FieldPlace) => ({
  claim: typeof claim === 'string' ? [claim] : claim,
  element,
  hide: hide ?? true,
  label,
})

function define(parts: Parts): PassportDefinition {
  const { profile, derivations, checks, validity } = parts
  let built: Schemas | undefined
  const schemas = () => {
    built ??= readSchemas(profile, parts.schemas())
    return built
  }
  const definition: PassportDefinition = Object.freeze({
    ...profile,
    parse(record: unknown, options: ParseOptions = {}) {
      const result = parseRecord(profile, schemas(), checks, record, options)
      if (result.ok) return result.passport
      throw new VidimusError('passport_invalid', `the record is not a valid ${profile.name}`, { issues: result.issues })
    },
    safeParse: (record: unknown, options: ParseOptions = {}) =>
      parseRecord(profile, schemas(), checks, record, options),
    claimPaths: (format: CredentialFormat, fields: readonly string[]) => claimPaths(profile, format, fields),
    derive: (passport: object, on: string) => deriveFields(profile, derivations, passport as AnyPassport, on),
    validity: (passport: object, now: Date) => validity?.(passport as AnyPassport, now),
  })
  partsOf.set(definition, parts)
  return definition
}

/** The schemas that a function gave, one for each field that needs one and for no others. */
function readSchemas(profile: PassportProfile, schemas: Schemas): Schemas {
  for (const [name, schema] of Object.entries(schemas)) {
    const field = recordEntries(profile).find(([field]) => field === name)?.[1]
    if (field === undefined || field.derived === true) throw new TypeError(`\`schemas.${name}\` is for no field`)
    if (schema !== undefined) requireSchema(schema, `schemas.${name}`)
  }
  for (const [name, { kind, derived }] of recordEntries(profile))
    if (schemas[name] === undefined && derived !== true && kind !== 'date' && kind !== 'time' && kind !== 'image')
      throw new TypeError(`\`schemas.${name}\` is missing`)
  return schemas
}

function parseRecord(
  profile: PassportProfile,
  schemas: Schemas,
  checks: Parts['checks'],
  record: unknown,
  { now }: ParseOptions,
): ParseResult<object> {
  const fields = new Map(recordEntries(profile).filter(([, field]) => field.derived !== true))
  const labelOf = (name: string) => fields.get(name)?.label
  const { members, issues: unreadable } = readRecord(record, labelOf)
  const issues: Issue[] = [...unreadable]
  const unread = new Set(unreadable.map(issue => issue.path[0]))
  const passport: Record<string, FieldValue> = Object.create(null)
  if (!unreadable.some(issue => issue.path.length === 0))
    for (const [name, field] of fields) {
      if (unread.has(name)) continue
      const value = parseField(name, field, schemas[name], members.get(name), issues)
      if (value !== undefined) passport[name] = value
    }
  for (const name of members.keys()) if (!fields.has(name)) issues.push(fieldIssue([name], 'unknown_field'))
  const time = now === undefined ? undefined : readClock(now)
  for (const check of checks)
    for (const { path, code } of check(Object.freeze({ ...passport }), time))
      issues.push(fieldIssue(path, code, labelOf(String(path[0]))))
  if (issues.length > 0) return { ok: false, issues: Object.freeze(issues.slice(0, recordLimits.issues)) }
  return { ok: true, passport: Object.freeze(passport) }
}

/** A field's value, or `undefined` with its issues added. */
function parseField(
  name: string,
  { kind, optional, label }: ProfileField,
  schema: StandardSchemaV1 | undefined,
  input: unknown,
  issues: Issue[],
): FieldValue | undefined {
  if (input === undefined && optional) return undefined
  const result = schema === undefined ? { value: input } : validate(schema, input, name)
  if (result.issues !== undefined) {
    issues.push(...schemaIssues(result.issues, name, input, label))
    return undefined
  }
  // A schema may say by itself that nothing is fine, or fill in what is absent.
  if (result.value === undefined && schema !== undefined) return undefined
  const value = valueOfKind(kind, result.value)
  if (value === undefined) issues.push(fieldIssue([name], codeOfKind(kind, result.value), label))
  return value
}

/** Why a value is not of its kind. */
function codeOfKind(kind: FieldKind, value: unknown): IssueCode {
  if (value === undefined) return 'required'
  if (kind === 'image' && value instanceof Uint8Array) return 'format'
  if (typeof value !== 'string' || (kind !== 'date' && kind !== 'time')) return 'type'
  return kind === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'calendar' : 'format'
}

function validate(schema: StandardSchemaV1, input: unknown, name: string) {
  const result = schema['~standard'].validate(input)
  if (!(result instanceof Promise)) return result
  // Nobody waits for it, so its failure would otherwise end the process.
  result.catch(() => undefined)
  throw new TypeError(`the schema of \`${name}\` must answer at once, not with a promise`)
}

function claimPaths(profile: PassportProfile, format: CredentialFormat, names: readonly string[]): string[][] {
  if (format !== 'dc+sd-jwt' && format !== 'mso_mdoc') throw new TypeError("`format` must be 'dc+sd-jwt' or 'mso_mdoc'")
  const fields = new Map(recordEntries(profile))
  return names.map(name => {
    const field = fields.get(name)
    if (field === undefined) throw new TypeError(`\`fields\` holds a name that ${profile.name} does not have`)
    const path = format === 'dc+sd-jwt' ? field.claim : field.element
    if (path === undefined) throw new TypeError(`\`${name}\` is not issued as ${format}`)
    return [...path]
  })
}

function deriveFields(
  profile: PassportProfile,
  derivations: Parts['derivations'],
  passport: AnyPassport,
  on: string,
): object {
  if (!isCalendarDate(on)) throw new TypeError('`on` must be a date that exists, written YYYY-MM-DD')
  const values: Record<string, FieldValue> = Object.create(null)
  for (const [name, field] of recordEntries(profile)) {
    const derived = field.derived === true ? derivations[name]?.(passport, on) : undefined
    if (derived === undefined) continue
    const value = valueOfKind(field.kind, derived)
    if (value === undefined)
      throw new TypeError(`\`derived.${name}\` gave a value that is not of its kind, ${field.kind}`)
    values[name] = value
  }
  return Object.freeze(values)
}

const recordEntries = (profile: PassportProfile): [string, ProfileField][] =>
  Object.entries<ProfileField>(profile.fields)

function entriesOf<Value>(of: Readonly<Record<string, Value>>, argument: string): [string, Value][] {
  if (typeof of !== 'object' || of === null) throw new TypeError(`\`${argument}\` must be an object`)
  return Object.entries(of)
}

function requireSchema(schema: unknown, argument: string): void {
  const standard = (typeof schema === 'object' && schema !== null) || typeof schema === 'function' ? schema : {}
  const door = Reflect.get(standard, '~standard') as Partial<StandardSchemaV1['~standard']> | undefined
  if (door?.version !== 1 || typeof door.validate !== 'function')
    throw new TypeError(`\`${argument}\` must be a Standard Schema (zod, zod/mini, valibot)`)
}
