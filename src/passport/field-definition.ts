/**
 * How a definition names its fields, and the types that follow from that: the record that `parse` gives, and the claims
 * that a verdict promises.
 */
import type { FieldKind, Labels } from './profile.js'
import type { SchemaOutput, StandardSchemaV1 } from './standard-schema.js'

/** Where a field stands on the wire and what it is called. */
export interface FieldPlace {
  /** The SD-JWT VC claim, a name or a path. Absent: not issued in JSON. */
  readonly claim?: string | readonly string[] | undefined
  /** The mdoc namespace and element identifier. Absent: not issued as mdoc. */
  readonly element?: readonly [namespace: string, element: string] | undefined
  /** The integer that names the field in a QR credential, 0 to 65535. Absent: the one that follows from its claim. */
  readonly key?: number | undefined
  /** Names for people by BCP 47 language tag. */
  readonly label?: Labels | undefined
  /** Whether the holder may hide it: `true` by default, `'each'` for its members too, one by one. */
  readonly hide?: boolean | 'each' | undefined
}

/**
 * A field with a schema of any Standard Schema library. `as` overrides the kind that the schema tells. A schema of zod or
 * valibot that is optional makes the field so; for those of other libraries say `optional: true`.
 */
export interface SchemaField extends FieldPlace {
  readonly schema: StandardSchemaV1
  readonly as?: FieldKind | undefined
  readonly optional?: boolean | undefined
}

/**
 * A field whose wire form says all: a calendar date `YYYY-MM-DD`, an instant in UTC, a JPEG or PNG. Of an image only the
 * first bytes are looked at: ask `inspectFile` whether it is whole, and sign what `stripImage` leaves of it.
 */
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

/** An intersection written out. */
export type Flat<T> = { [Key in keyof T]: T[Key] } & {}

/** The members of a base, those of one's own before them. */
export type Inherit<Base, Own> = Flat<Omit<Base, keyof Own> & Own>

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
export type Settled<T> = [T][T extends unknown ? 0 : never]
