/**
 * `definePassport`: one definition of a passport, from which everything else follows.
 *
 * It names each field once: its TypeScript name, its schema, its claim, its mdoc element, whether it may be hidden and
 * what is derived from it. The static types, the parser, the claims of every format and the rules of disclosure come
 * out of that. A definition is a profile (plain data, see `profile.ts`) plus the functions that need schemas.
 */
import { expectObject } from '../core/arguments.js'
import { isCalendarDate } from '../core/clock.js'
import { bareObject } from '../core/json.js'
import { VidimusError } from '../errors.js'
import { keyPath } from './claim-key.js'
import type {
  ClaimsOfFields,
  DerivedField,
  FieldDefinition,
  FieldPlace,
  Inherit,
  PassportOfClaims,
  PassportOfFields,
  Settled,
} from './field-definition.js'
import { type FieldValue, valueOfKind } from './field-value.js'
import type { Labels, PassportProfile, ProfileField } from './profile.js'
import { readProfile, typeList } from './profile-rules.js'
import {
  type ParseOptions,
  type ParseResult,
  parseRecord,
  type RecordRule,
  type RuleIssue,
  type Schemas,
} from './record-parser.js'
import { isOptionalSchema, kindOfSchema } from './schema-kind.js'
import { requireSchema, type StandardSchemaV1 } from './standard-schema.js'
import { subjectPath } from './subject.js'

/** From when until when a credential of a passport may be valid. */
export interface ValidityRange {
  readonly from?: Date | undefined
  readonly until?: Date | undefined
  /** Whatever the issuer chooses, no credential is valid beyond it: the document itself has ended. */
  readonly latest?: Date | undefined
}

/** Rules beyond single fields. */
export interface PassportRules<Passport> {
  /** When credentials of this passport are valid; the issuer's own choice goes before it. */
  readonly validity?: ((passport: Passport, now: Date) => ValidityRange | undefined) | undefined
  /**
   * Rules over several fields. Fields that failed by themselves are absent, so that all issues are found at once, and
   * `failed` names them; `now` is there only when `parse` was given a clock.
   */
  readonly check?:
    | ((passport: Partial<Passport>, now: Date | undefined, failed: ReadonlySet<string>) => Iterable<RuleIssue>)
    | undefined
}

export type CredentialFormat = 'dc+sd-jwt' | 'vc+sd-jwt' | 'vc+jwt' | 'mso_mdoc' | 'qr'

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
   * What a request asks for: the claim path or `[namespace, element]` of each field; of `qr`, its key as text.
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

/** One literal that says all. `fields` stands before `derived`, so that types flow from the one to the other. */
export interface PassportLiteral<Name, Fields, Derived, BaseClaims extends object, BasePassport extends object>
  extends PassportRules<Inherit<BasePassport, PassportOfFields<Fields>>> {
  /** What verdicts call it. */
  readonly name: Name
  /** What people call it, by BCP 47 language tag. */
  readonly label?: Labels | undefined
  /** SD-JWT VC types: the first is issued, all are read. */
  readonly vct: string | readonly string[]
  /** mdoc document types: the first is issued, all are read. */
  readonly docType: string | readonly string[]
  /** Fields, derived values and rules are taken over from it; a field of the same name replaces its own. */
  readonly extends?: PassportDefinition<string, BaseClaims, BasePassport> | undefined
  /** Whether a credential must carry a status reference: `optional`, or what the extended definition says. */
  readonly status?: 'required' | 'optional' | undefined
  /** The profile that a document signer's certificate must meet: `plain`, or what the extended definition says. */
  readonly certificateProfile?: PassportProfile['certificateProfile']
  readonly fields: Fields
  readonly derived?: {
    readonly [Key in keyof Derived]: DerivedField<Inherit<BasePassport, PassportOfFields<Fields>>, Derived[Key]>
  }
}

/** What is added to a profile, besides schemas, to make it a definition. */
export interface ProfileRules<Claims, Derived extends keyof Claims>
  extends PassportRules<PassportOfClaims<Claims, Settled<Derived>>> {
  /** What the passport is called, for a profile that leaves it to its definition. */
  readonly label?: Labels | undefined
  /** What fields are called, for profiles that leave the names to their definition. */
  readonly labels?: { readonly [Name in keyof Claims]?: Labels | undefined } | undefined
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
  expectObject(source, schemas === undefined ? 'definition' : 'profile')
  return schemas === undefined
    ? fromLiteral(source as AnyLiteral)
    : fromProfile(source as PassportProfile, schemas as () => AnySchemas, rules as AnyProfileRules | undefined)
}

/** The profile of a definition, as plain JSON for a verifier to keep. */
export function profileOf<Name extends string, Claims extends object>(
  definition: PassportProfile<Name, Claims>,
): PassportProfile<Name, Claims> {
  return readProfile(definition)
}

// Inside, types are the loose ones: what the signatures above promise is kept by the checks of the profile's rules.

type AnyPassport = Readonly<Record<string, unknown>>
type Derivation = (passport: AnyPassport, on: string) => unknown
type AnySchemas = Readonly<Record<string, StandardSchemaV1 | undefined>>
type AnyRules = PassportRules<AnyPassport>
interface AnyProfileRules extends AnyRules {
  readonly label?: Labels | undefined
  readonly labels?: Readonly<Record<string, Labels | undefined>> | undefined
  readonly derived?: Readonly<Record<string, Derivation>> | undefined
}
interface AnyLiteral extends AnyRules {
  readonly name: string
  readonly label?: Labels | undefined
  readonly vct: string | readonly string[]
  readonly docType: string | readonly string[]
  readonly extends?: PassportDefinition | undefined
  readonly status?: 'required' | 'optional' | undefined
  readonly certificateProfile?: PassportProfile['certificateProfile']
  readonly fields: Readonly<Record<string, FieldDefinition>>
  readonly derived?: Readonly<Record<string, DerivedField<AnyPassport, unknown>>> | undefined
}

/** What a definition is made of; kept aside for those that extend it. */
interface Parts {
  readonly profile: PassportProfile
  readonly schemas: () => Schemas
  readonly derivations: ReadonlyMap<string, Derivation>
  readonly validity: AnyRules['validity']
  readonly checks: readonly RecordRule[]
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
      label: literal.label,
      vct: typeList(literal.vct, 'vct'),
      docType: typeList(literal.docType, 'docType'),
      status: literal.status ?? base?.profile.status ?? 'optional',
      certificateProfile: literal.certificateProfile ?? base?.profile.certificateProfile,
      fields: {
        ...base?.profile.fields,
        ...Object.fromEntries(fields.map(([name, field]) => [name, profileField(name, field)])),
        ...Object.fromEntries(derived.map(([name, field]) => [name, derivedField(name, field)])),
      },
    }),
    schemas: () =>
      new Map([...(base?.schemas() ?? []), ...fields.map(([name, field]) => [name, field.schema] as const)]),
    derivations: new Map([
      ...(base?.derivations ?? []),
      ...derived.map(([name, field]) => [name, field.derive] as const),
    ]),
    validity: literal.validity ?? base?.validity,
    checks: [...(base?.checks ?? []), ...(literal.check === undefined ? [] : [literal.check])],
  })
}

function fromProfile(
  source: PassportProfile,
  schemas: () => AnySchemas,
  rules: AnyProfileRules = {},
): PassportDefinition {
  if (typeof schemas !== 'function') throw new TypeError('`schemas` must be a function that gives the schemas')
  const profile = readProfile(withLabels(source, rules))
  const derivations = new Map(Object.entries(rules.derived ?? {}))
  const derived = fieldEntries(profile).flatMap(([name, field]) => (field.derived === true ? [name] : []))
  if (derived.length !== derivations.size || !derived.every(name => derivations.has(name)))
    throw new TypeError(`\`derived\` must have a function for each of: ${derived.join(', ')}; and for no other field`)
  return define({
    profile,
    schemas: () => readSchemas(profile, schemas()),
    derivations,
    validity: rules.validity,
    checks: rules.check === undefined ? [] : [rules.check],
  })
}

function withLabels(source: PassportProfile, { label = source.label, labels = {} }: AnyProfileRules): PassportProfile {
  const fields = new Map(fieldEntries(source))
  for (const [name, label] of Object.entries(labels)) {
    const field = fields.get(name)
    if (field === undefined) throw new TypeError(`\`labels.${name}\` is for no field`)
    if (label !== undefined) fields.set(name, { ...field, label })
  }
  return { ...source, label, fields: Object.fromEntries(fields) }
}

/** The schemas that a function gave: one for each field that needs one, and for no others. */
function readSchemas(profile: PassportProfile, source: AnySchemas): Schemas {
  const fields = new Map(fieldEntries(profile).filter(([, field]) => field.derived !== true))
  const schemas = new Map(Object.entries(source))
  for (const [name, schema] of schemas) {
    if (!fields.has(name)) throw new TypeError(`\`schemas.${name}\` is for no field`)
    if (schema !== undefined) requireSchema(schema, `schemas.${name}`)
  }
  for (const [name, { kind }] of fields)
    if (schemas.get(name) === undefined && kind !== 'date' && kind !== 'time' && kind !== 'image')
      throw new TypeError(`\`schemas.${name}\` is missing`)
  return schemas
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

const placeOf = ({ claim, element, key, hide, label }: FieldPlace) => ({
  claim: typeof claim === 'string' ? [claim] : claim,
  element,
  key,
  hide: hide ?? true,
  label,
})

function define(parts: Parts): PassportDefinition {
  const { profile, derivations, checks, validity } = parts
  let schemas: Schemas | undefined
  const parse = (record: unknown, options: ParseOptions = {}) => {
    schemas ??= parts.schemas()
    return parseRecord({ profile, schemas, checks }, record, options)
  }
  const definition: PassportDefinition = Object.freeze({
    ...profile,
    parse(record: unknown, options?: ParseOptions) {
      const result = parse(record, options)
      if (result.ok) return result.passport
      throw new VidimusError('passport_invalid', { issues: result.issues })
    },
    safeParse: parse,
    claimPaths: (format: CredentialFormat, fields: readonly string[]) => claimPaths(profile, format, fields),
    derive: (passport: object, on: string) => deriveFields(profile, derivations, passport as AnyPassport, on),
    validity: (passport: object, now: Date) => validity?.(passport as AnyPassport, now),
  })
  partsOf.set(definition, parts)
  return definition
}

const underSubject = ({ claim }: ProfileField) => claim && subjectPath(claim)

/** Where each format has a field. */
const places: Readonly<Record<CredentialFormat, (field: ProfileField) => readonly string[] | undefined>> = {
  'dc+sd-jwt': ({ claim }) => claim,
  'vc+sd-jwt': underSubject,
  'vc+jwt': underSubject,
  mso_mdoc: ({ element }) => element,
  qr: keyPath,
}

function claimPaths(profile: PassportProfile, format: CredentialFormat, names: readonly string[]): string[][] {
  if (!Object.hasOwn(places, format)) throw new TypeError(`\`format\` must be of ${Object.keys(places).join(', ')}`)
  const fields = new Map(fieldEntries(profile))
  return names.map(name => {
    const field = fields.get(name)
    if (field === undefined) throw new TypeError(`\`fields\` holds a name that ${profile.name} does not have`)
    const path = places[format](field)
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
  const values = bareObject<FieldValue>()
  const fields = profile.fields as Readonly<Record<string, ProfileField>>
  for (const [name, derive] of derivations) {
    const field = fields[name]
    const derived = field?.derived === true ? derive(passport, on) : undefined
    if (field === undefined || derived === undefined) continue
    const value = valueOfKind(field.kind, derived)
    if (value === undefined)
      throw new TypeError(`\`derived.${name}\` gave a value that is not of its kind, ${field.kind}`)
    values[name] = value
  }
  return Object.freeze(values)
}

const fieldEntries = (profile: PassportProfile): [string, ProfileField][] =>
  Object.entries<ProfileField>(profile.fields)

function entriesOf<Value>(of: Readonly<Record<string, Value>>, argument: string): [string, Value][] {
  if (typeof of !== 'object' || of === null) throw new TypeError(`\`${argument}\` must be an object`)
  return Object.entries(of)
}
