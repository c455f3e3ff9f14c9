/**
 * Between the fields of a passport and the data elements of an mdoc; issuer, holder and verifier all pass here.
 *
 * The sibling of `claims.ts`: only the profile is needed, only kinds are checked, and the same record gives the same
 * typed claims from both formats. What may be hidden is no question here: each element is shown or not by itself.
 */
import type { CborValue } from '../core/cbor/value.js'
import { bareObject } from '../core/json.js'
import { oncePer } from '../core/once.js'
import { VidimusError } from '../errors.js'
import { type FoundClaims, fieldValues } from './claims.js'
import { fromElement, isLeftOut, type PlainObject, type PlainValue, plainOf, toElement } from './element-value.js'
import type { FieldValue } from './field-value.js'
import type { PassportProfile, ProfileField } from './profile.js'

/** A data element as an issuer signs it. */
export interface IssuedElement {
  readonly namespace: string
  readonly identifier: string
  readonly value: CborValue
}

/** Data elements as an mdoc shows them: by namespace, then by identifier. */
export type ElementsByNamespace = ReadonlyMap<string, ReadonlyMap<string, CborValue>>

/** What is signed but no field, by namespace and identifier. Dates are text, whole numbers beyond 2^53 `bigint`. */
export type OtherElements = { readonly [namespace: string]: { readonly [identifier: string]: PlainValue } }

export interface SortedElements<Claims> {
  /** By field name. */
  readonly claims: FoundClaims<Claims>
  readonly other: OtherElements
}

/**
 * The data elements that say what the values say: those of a record, and those derived from it. Fields without an element
 * are left out. Throws `TypeError` for a name that is not a field, or a value that is not of its field's kind.
 */
export function elementsToIssue(profile: PassportProfile, ...values: readonly object[]): readonly IssuedElement[] {
  const elements: IssuedElement[] = []
  for (const { name, field, value } of values.flatMap(some => fieldValues(profile, some))) {
    if (field.element === undefined) continue
    const [namespace, identifier] = field.element
    elements.push({ namespace, identifier, value: toElement(field, value, name) })
  }
  return elements
}

/**
 * Sorts data elements into typed values by field name and what is left. Both are frozen copies; bytes are copied. Of a
 * field that is there under several names its own goes before its aliases, which are then left.
 * Throws `claim_malformed` for a value that is not of its field's kind, naming the field, and for one of no field whose
 * map has two keys of one text, naming its namespace.
 */
export function fromElements<Name extends string, Claims extends object>(
  profile: PassportProfile<Name, Claims>,
  elements: ElementsByNamespace,
): SortedElements<Claims> {
  const claims = bareObject<FieldValue>()
  const left = new Map([...elements].map(([namespace, members]) => [namespace, new Map(members)]))
  for (const { name, field, places } of fieldsOf(profile))
    for (const place of places) {
      const members = left.get(place[0])
      const element = members?.get(place[1])
      if (element === undefined) continue
      members!.delete(place[1])
      if (!isLeftOut(field, element)) claims[name] = readField(element, name, field)
      break
    }
  return Object.freeze({ claims: Object.freeze(claims) as FoundClaims<Claims>, other: readOthers(left) })
}

/** The field that a data element is the value of; `undefined` when it belongs to none. */
export const fieldOfElement = <Claims extends object>(
  profile: PassportProfile<string, Claims>,
  namespace: string,
  identifier: string,
): (keyof Claims & string) | undefined =>
  fieldsOf(profile).find(({ places }) => places.some(([space, name]) => space === namespace && name === identifier))
    ?.name as (keyof Claims & string) | undefined

/** A profile's fields, each with where it may stand, its own element first. */
const fieldsOf = /* @__PURE__ */ oncePer((profile: PassportProfile) =>
  Object.entries<ProfileField>(profile.fields).map(([name, field]) => {
    const { element, aliases = [] } = field
    return { name, field, places: element === undefined ? aliases : [element, ...aliases] }
  }),
)

function readField(element: CborValue, name: string, field: ProfileField): FieldValue {
  const value = fromElement(field, element)
  if (value === undefined) throw new VidimusError('claim_malformed', { at: name, expected: field.kind })
  return value
}

/** What is no field, and aliases of a field that is there under a name that goes before. */
function readOthers(left: ElementsByNamespace): OtherElements {
  const other = bareObject<PlainObject>()
  for (const [namespace, members] of left) {
    if (members.size === 0) continue
    const plain = plainOf(members)
    if (plain === undefined) throw new VidimusError('claim_malformed', { at: namespace })
    other[namespace] = plain as PlainObject
  }
  return Object.freeze(other)
}
