/**
 * Between the fields of a passport and the claims of a QR credential, whose names are integers of 16 bits.
 *
 * Values are those of an mdoc, but that dates are days. The sibling of `claims.ts` and `elements.ts`.
 */
import { misuse } from '../core/arguments.js'
import { CborTag, type CborValue, taggedValue } from '../core/cbor/value.js'
import { isCalendarDate } from '../core/clock.js'
import { bareObject } from '../core/json.js'
import { VidimusError } from '../errors.js'
import { tagDays } from '../formats/qr/disclosure.js'
import { claimKeyOf, fieldOfKey } from './claim-key.js'
import { type FoundClaims, fieldValues } from './claims.js'
import { fromElement, type PlainValue, plainOf, toElement } from './element-value.js'
import type { FieldValue } from './field-value.js'
import type { FieldKind, PassportProfile, ProfileField } from './profile.js'

/** A claim as an issuer signs it. */
export interface KeyedClaim {
  readonly name: string
  readonly field: ProfileField
  readonly key: number
  readonly value: CborValue
}

export interface SortedKeyedClaims<Claims> {
  /** By field name. */
  readonly claims: FoundClaims<Claims>
  /** Signed, but no field of the profile: by the key as text. */
  readonly other: { readonly [key: string]: PlainValue }
}

/**
 * The claims that say what the values say: those of a record, and those derived from it. Fields without a claim, an element
 * or a key are left out. Throws `TypeError` for a name that is not a field, a value that is not of its field's kind, and two
 * fields of one key.
 */
export function keyedClaimsToIssue(profile: PassportProfile, ...values: readonly object[]): readonly KeyedClaim[] {
  const claims: KeyedClaim[] = []
  for (const { name, field, value } of values.flatMap(some => fieldValues(profile, some))) {
    const key = claimKeyOf(field)
    if (key === undefined) continue
    if (fieldOfKey(profile, key) !== name)
      throw misuse(
        'definition',
        `one with a \`key\` for \`${name}\`: what follows from its claim is another field's too`,
      )
    claims.push({ name, field, key, value: toKeyed(field, value, name) })
  }
  return claims
}

/**
 * Sorts claims into typed values by field name and what is left. Both are frozen copies.
 * Throws `claim_malformed` for a value that is not of its field's kind, and for one of no field that cannot be told.
 */
export function fromKeyedClaims<Name extends string, Claims extends object>(
  profile: PassportProfile<Name, Claims>,
  values: ReadonlyMap<number, CborValue>,
): SortedKeyedClaims<Claims> {
  const claims = bareObject<FieldValue>()
  const other = bareObject<PlainValue>()
  for (const [key, element] of values) {
    const name = fieldOfKey(profile, key)
    if (name === undefined) other[key] = toldOrThrow(plainOfKeyed(element), String(key), undefined)
    else {
      const { kind } = (profile.fields as Readonly<Record<string, ProfileField>>)[name]!
      claims[name] = toldOrThrow(fromKeyed(kind, element), name, kind)
    }
  }
  return Object.freeze({ claims: Object.freeze(claims) as FoundClaims<Claims>, other: Object.freeze(other) })
}

function toldOrThrow<Value>(value: Value | undefined, at: string, expected: string | undefined): Value {
  if (value === undefined) throw new VidimusError('claim_malformed', { at, expected })
  return value
}

/** What a claim of no field says, frozen; `undefined` as `plainOf`. */
export const plainOfKeyed = (element: CborValue): PlainValue | undefined => dateOf(element) ?? plainOf(element)

function toKeyed(field: ProfileField, value: unknown, name: string): CborValue {
  const element = toElement(field, value, name)
  return field.kind === 'date' ? new CborTag(tagDays, Date.parse(String(value)) / day) : element
}

const fromKeyed = (kind: FieldKind, element: CborValue): FieldValue | undefined =>
  kind === 'date' ? dateOf(element) : fromElement({ kind }, element)

const day = 24 * 3600 * 1000

/** The date that a number of days stands for; `undefined` beyond the years 0001 to 9999. */
function dateOf(element: CborValue): string | undefined {
  const days = taggedValue(element, tagDays)
  if (typeof days !== 'number' || Math.abs(days) > 4e6) return undefined
  const date = new Date(days * day).toISOString().slice(0, 10)
  return isCalendarDate(date) ? date : undefined
}
