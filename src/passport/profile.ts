/**
 * A passport profile: what verifying a passport needs to know of it, as plain data.
 *
 * It survives `JSON.stringify`, is small and carries no schema library; the schemas that parse records
 * are added by `definePassport`. A definition is a profile too, so wherever a verifier takes one it takes the other.
 */

/** How a field's value is typed for callers and written on the wire. */
export type FieldKind =
  | 'text'
  | 'integer'
  | 'number'
  | 'boolean'
  /** A calendar date, `YYYY-MM-DD`. */
  | 'date'
  /** An instant, RFC 3339 in UTC. */
  | 'time'
  /** A JPEG or PNG, `Uint8Array` for callers. */
  | 'image'
  | 'list'
  | 'object'
  /** Whatever JSON was signed. */
  | 'any'

/** Forms that are read and never issued. */
export type AlsoRead = 'jpeg2000' | 'empty' | 'approximate'

/** Names of a field for people, by BCP 47 language tag. */
export type Labels = Readonly<Record<string, string>>

export interface ProfileField {
  readonly kind: FieldKind
  /** Where the field stands among the claims of a JSON credential; absent: not issued there. */
  readonly claim?: readonly string[] | undefined
  /** Its mdoc namespace and element identifier; absent: not issued there. */
  readonly element?: readonly [namespace: string, element: string] | undefined
  /**
   * The integer that names the field in a QR credential, from 0 to 65535, for ever. Absent: the one that follows from its
   * claim. Declared only where that is another field's too.
   */
  readonly key?: number | undefined
  /** Elements by which other issuers, after older drafts, write the same. They are read and never issued. */
  readonly aliases?: readonly (readonly [namespace: string, element: string])[] | undefined
  /** Members of a list or object, at any depth, that an mdoc writes as calendar dates and not as plain text. */
  readonly dates?: readonly string[] | undefined
  /**
   * What else a field may be in an mdoc by its own standard. It is read and never issued. Of an image: `jpeg2000`, or
   * `empty` for a holder who wanted none, which reads as a field that is absent. Of a date: `approximate`, a map that says
   * how much of the date is known (ISO/IEC 23220-2, `birth_date`); one that is not known to the day reads as absent.
   */
  readonly also?: readonly AlsoRead[] | undefined
  /** Whether the holder may hide it: as a whole (the default), not at all, or member by member besides. */
  readonly hide?: boolean | 'each' | undefined
  /** Whether a passport may lack it. Default: no. */
  readonly optional?: boolean | undefined
  /** Computed from other fields when the credential is issued. */
  readonly derived?: true | undefined
  readonly label?: Labels | undefined
}

declare const claimTypes: unique symbol

export interface PassportProfile<Name extends string = string, Claims extends object = object> {
  readonly name: Name
  /** What people call it. */
  readonly label?: Labels | undefined
  /** SD-JWT VC type identifiers: the first is issued, all are read. */
  readonly vct: readonly string[]
  /** mdoc document types: the first is issued, all are read. */
  readonly docType: readonly string[]
  /** Whether a credential of this passport must carry a status reference. One that is present is always checked. */
  readonly status: 'required' | 'optional'
  /**
   * What the certificate of a document signer of this passport must be where its trust anchor does not say: `iaca`, the
   * profile of driving licences (ISO/IEC 18013-5 annex B), or `plain`. Absent means `plain`.
   */
  readonly certificateProfile?: 'iaca' | 'plain' | undefined
  readonly fields: { readonly [Field in keyof Claims & string]-?: ProfileField }
  /** For the type checker alone: what the claims of each field are. */
  readonly [claimTypes]?: Claims
}

/** The typed claims that a profile or definition promises, each as it is when it is there. */
export type ClaimsOf<Profile> =
  Profile extends PassportProfile<string, infer Claims>
    ? { readonly [Field in keyof Claims]-?: Exclude<Claims[Field], undefined> }
    : never

/** The field names of a profile; of several, those that all of them have. */
export type FieldOf<Profile> = keyof ClaimsOf<Profile> & string
