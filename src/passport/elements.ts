/**
 * Between the fields of a passport and the data elements of an mdoc; issuer, holder and verifier all pass here.
 *
 * The sibling of `claims.ts`: only the profile is needed, only kinds are checked, and the same record gives the same
 * typed claims from both formats. What may be hidden is no question here: each element is shown or not by itself.
 */
import type { CborValue } from '../core/cbor/value.js'
import { bareObject } from '../core/json.js'
import { VidimusError } from '../errors.js'
import { type FoundClaims, fieldValues } from './claims.js'
import { fromElement, isLeftOut, type PlainValue, plainOf, toElement } from './element-value.js'
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
 * map has two keys of one text, naming the element.
 */
export function fromElements<Name extends string, Claims extends object>(
  profile: PassportProfile<Name, Claims>,
  elements: ElementsByNamespace,
): SortedElements<Claims> {
  const claims = bareObject<FieldValue>()
  const left = new Map([...elements].map(([namespace, byIdentifier]) => [namespace, new Map(byIdentifier)]))
  for (const [name, field] of fieldsOf(profile)) {
    const element = takeFirst(left, placesOf(field))
    if (element !== undefined && !isLeftOut(field, element)) claims[name] = readField(element, name, field)
  }
  return Object.freeze({ claims: Object.freeze(claims) as FoundClaims<Claims>, other: readOthers(left) })
}

/** The field that a data element is the value of; `undefined` when it belongs to none. */
export function fieldOfElement<Claims extends object>(
  profile: PassportProfile<string, Claims>,
  namespace: string,
  identifier: string,
): (keyof Claims & string) | undefined {
  return fieldAt(fieldsOf(profile), namespace, identifier)?.[0] as (keyof Claims & string) | undefined
}

type NamedField = [name: string, field: ProfileField]

const fieldsOf = (profile: PassportProfile): NamedField[] => Object.entries<ProfileField>(profile.fields)

const fieldAt = (fields: readonly NamedField[], namespace: string, identifier: string): NamedField | undefined =>
  fields.find(([, field]) => placesOf(field).some(place => place[0] === namespace && place[1] === identifier))

/** Where a field may stand, its own element first. */
const placesOf = ({ element, aliases = [] }: ProfileField) => (element === undefined ? aliases : [element, ...aliases])

/** Takes the element of the first place where there is one. */
function takeFirst(
  left: ReadonlyMap<string, Map<string, CborValue>>,
  places: NonNullable<ProfileField['aliases']>,
): CborValue | undefined {
  for (const [namespace, identifier] of places) {
    const element = left.get(namespace)?.get(identifier)
    if (element === undefined) continue
    left.get(namespace)?.delete(identifier)
    return element
  }
  return undefined
}

function readField(element: CborValue, name: string, field: ProfileField): FieldValue {
  const value = fromElement(field, element)
  if (value === undefined) throw new VidimusError('claim_malformed', { at: name, expected: field.kind })
  return value
}

function readOthers(left: ElementsByNamespace): OtherElements {
  const other = bareObject<Readonly<Record<string, PlainValue>>>()
  for (const [namespace, byIdentifier] of left) {
    const elements = bareObject<PlainValue>()
    for (const [identifier, element] of byIdentifier) elements[identifier] = readOther(element, namespace, identifier)
    if (byIdentifier.size > 0) other[namespace] = Object.freeze(elements)
  }
  return Object.freeze(other)
}

function readOther(element: CborValue, namespace: string, identifier: string): PlainValue {
  const value = plainOf(element)
  if (value === undefined) throw new VidimusError('claim_malformed', { at: `${namespace}/${identifier}` })
  return value
}
