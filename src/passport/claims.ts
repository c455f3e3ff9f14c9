/**
 * Between the fields of a passport and the claims of a JSON credential; issuer, holder and verifier all pass here.
 *
 * Only the profile is needed and only kinds are checked: a verifier believes the issuer it trusts, and carries no
 * schemas. Dates and instants are text, images are data URIs (PID Rulebook, `picture`), the rest is the JSON it is.
 */
import { deepFreeze } from '../core/freeze.js'
import { bareObject, isJsonObject, type JsonObject, type JsonValue } from '../core/json.js'
import { oncePer } from '../core/once.js'
import { VidimusError } from '../errors.js'
import type { ClaimPath } from '../formats/sd-jwt/path.js'
import { protectedClaims } from '../formats/sd-jwt/vc.js'
import { type FieldValue, fromClaim, toClaim } from './field-value.js'
import type { FieldKind, PassportProfile, ProfileField } from './profile.js'

/** Claims of the token itself (RFC 7519 §4.1, SD-JWT VC §2.2.2); they belong to no field and are not `other`. */
export const registeredClaims: readonly string[] = [...protectedClaims, 'sub', 'iat', 'jti']

/** Claims of a credential as the profile types them: those that were disclosed. */
export type FoundClaims<Claims> = { readonly [Field in keyof Claims]?: Exclude<Claims[Field], undefined> | undefined }

export interface SortedClaims<Claims> {
  /** By field name. */
  readonly claims: FoundClaims<Claims>
  /** Signed, but no field of the profile and no claim of the token itself. */
  readonly other: JsonObject
}

/** What an issuer puts into a credential: the claims, and the paths of what the holder may hide. */
export interface ClaimsToIssue {
  readonly claims: JsonObject
  readonly hide: ClaimPath[]
}

/** `toClaims` and `hidePaths` of the same values in one go; those of a record and those derived from it. Throws as they do. */
export function claimsToIssue(profile: PassportProfile, ...values: readonly object[]): ClaimsToIssue {
  const claims = bareObject()
  const hide: ClaimPath[] = []
  for (const [path, value, field] of values.flatMap(some => placedClaims(profile, some))) {
    place(claims, path, value)
    if (field.hide === false) continue
    hide.push(path)
    if (field.hide === 'each') addMembers(hide, path, value)
  }
  return { claims, hide }
}

/**
 * The claims that say what the values say. Fields without a claim name are left out.
 * Throws `TypeError` for a name that is not a field, or a value that is not of its field's kind.
 */
export const toClaims = (profile: PassportProfile, values: object): JsonObject => claimsToIssue(profile, values).claims

/**
 * The paths of what the holder may hide. A field of `hide: true` is hidden as a whole; one of `'each'` as a whole and
 * with every member beneath it. Where a claim is a path, only its end is hidden, not what stands around it.
 * Throws as `toClaims`.
 */
export const hidePaths = (profile: PassportProfile, values: object): ClaimPath[] => claimsToIssue(profile, values).hide

/**
 * Sorts disclosed claims into typed values by field name and what is left. A member that is hidden is absent; of an
 * `'each'` field a part may be.
 * The claims are taken over as they were read and frozen, not copied: hand in what nobody else writes to.
 * Throws `claim_malformed`, naming the field, for a value that is not of the field's kind.
 */
export function fromClaims<Name extends string, Claims extends object>(
  profile: PassportProfile<Name, Claims>,
  claims: JsonObject,
): SortedClaims<Claims> {
  const found = bareObject<FieldValue>()
  const other = deepFreeze(takeFields(claims, placesOf(profile), found))
  return Object.freeze({ claims: Object.freeze(found) as FoundClaims<Claims>, other })
}

/** The field that a claim path shows or leads into; `undefined` when it belongs to none. */
export function fieldOfPath<Claims extends object>(
  profile: PassportProfile<string, Claims>,
  path: ClaimPath,
): (keyof Claims & string) | undefined {
  const field = fieldsOf(profile).find(([, { claim }]) => claim?.every((name, index) => path[index] === name))
  return field?.[0] as (keyof Claims & string) | undefined
}

type PlacedClaim = readonly [path: readonly string[], value: JsonValue, field: ProfileField]

function placedClaims(profile: PassportProfile, values: object): PlacedClaim[] {
  const placed: PlacedClaim[] = []
  for (const { name, field, value } of fieldValues(profile, values))
    if (field.claim !== undefined) placed.push([field.claim, toClaim(field.kind, value, name), field])
  return placed
}

/** A field with a caller's value for it, not looked at yet. */
export interface ValueOfField {
  readonly name: string
  readonly field: ProfileField
  readonly value: unknown
}

/** The values that are there, each with its field. Throws `TypeError` for a name that is not a field. */
export function fieldValues(profile: PassportProfile, values: object): ValueOfField[] {
  const fields = profile.fields as Readonly<Record<string, ProfileField>>
  const found: ValueOfField[] = []
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(fields, name)) throw new TypeError(`\`values\` hold a name that ${profile.name} does not have`)
    if (value !== undefined) found.push({ name, field: fields[name]!, value })
  }
  return found
}

function place(claims: Record<string, JsonValue>, path: readonly string[], value: JsonValue): void {
  let around = claims
  const last = path.length - 1
  for (let index = 0; index < last; index++)
    around = (around[path[index]!] ??= bareObject()) as Record<string, JsonValue>
  around[path[last]!] = value
}

function addMembers(paths: ClaimPath[], path: ClaimPath, value: JsonValue): void {
  if (typeof value !== 'object' || value === null) return
  const members: Iterable<[string | number, JsonValue]> = isJsonObject(value) ? Object.entries(value) : value.entries()
  for (const [key, member] of members) {
    paths.push([...path, key])
    addMembers(paths, [...path, key], member)
  }
}

/** What stands at each name: a claim of the token itself where it is `undefined`. */
type Places = Map<string, Place | undefined>

/** A field; or, with places beneath, an object that leads to fields, and the first of them. */
interface Place {
  readonly name: string
  readonly kind: FieldKind
  readonly beneath?: Places
}

/** Adds the fields to those found, in the profile's order. What is left is returned; an object that only led to fields goes too. */
function takeFields(claims: JsonObject, places: Places, found: Record<string, FieldValue>): JsonObject {
  const left = bareObject()
  for (const name of Object.keys(claims)) if (!places.has(name)) left[name] = claims[name]!
  for (const [name, place] of places) {
    if (place === undefined || !Object.hasOwn(claims, name)) continue
    const value = fromClaim(place.kind, claims[name]!)
    if (value === undefined) throw new VidimusError('claim_malformed', { at: place.name, expected: place.kind })
    if (place.beneath === undefined) found[place.name] = value
    else {
      const others = takeFields(value as JsonObject, place.beneath, found)
      if (Object.keys(others).length > 0) left[name] = others
    }
  }
  return left
}

/** Made once: a profile is plain data that does not change once it is in use. */
const placesOf = /* @__PURE__ */ oncePer((profile: PassportProfile): Places => {
  const top: Places = new Map(registeredClaims.map(name => [name, undefined]))
  for (const [name, { claim, kind }] of fieldsOf(profile)) {
    if (claim === undefined) continue
    let places = top
    for (const step of claim.slice(0, -1)) {
      const place = places.get(step) ?? { name, kind: 'object', beneath: new Map() }
      places.set(step, place)
      places = place.beneath ?? new Map() // no field stands inside another's claim
    }
    places.set(claim.at(-1)!, { name, kind })
  }
  return top
})

const fieldsOf = (profile: PassportProfile): [string, ProfileField][] => Object.entries<ProfileField>(profile.fields)
