/**
 * Type metadata: what the maker of a type of SD-JWT VC says about its claims, for people and for verifiers
 * (SD-JWT VC §5.2, §5.4, and its part on claim metadata).
 *
 * A document is nobody's word until the integrity of its octets or the host it came from says whose. Members that are not
 * known here are ignored, and so is `rendering`.
 */
import { deepFreeze, withoutAbsent } from '../../core/freeze.js'
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '../../core/json.js'
import { defaultLimits, type Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { type ClaimPath, isClaimPath } from './path.js'

export interface ParsedTypeMetadata {
  readonly vct: string
  /** For developers, not for holders. */
  readonly name?: string | undefined
  readonly description?: string | undefined
  readonly extends?: TypeReference | undefined
  readonly display?: readonly TypeDisplay[] | undefined
  /** Each path once. */
  readonly claims: readonly ClaimMetadata[]
}

/** A type by its identifier, and what its document must hash to. */
export interface TypeReference {
  readonly vct: string
  /** Subresource Integrity: `sha256-…`, one or several. */
  readonly integrity?: string | undefined
}

/** Plain text for people: escape it before it becomes HTML. */
export interface TypeDisplay {
  /** A language tag (RFC 5646). */
  readonly locale: string
  readonly name: string
  readonly description?: string | undefined
}

/** Plain text for people: escape it before it becomes HTML. */
export interface ClaimDisplay {
  readonly locale: string
  readonly label: string
  readonly description?: string | undefined
}

export interface ClaimMetadata {
  readonly path: ClaimPath
  readonly display?: readonly ClaimDisplay[] | undefined
  /** Whether the issuer must put the claim in, hidden or not. Absent: no. */
  readonly mandatory?: boolean | undefined
  /** Whether the claim has a disclosure of its own. Absent: `allowed`. */
  readonly sd?: Disclosability | undefined
  readonly svg_id?: string | undefined
}

export type Disclosability = 'always' | 'allowed' | 'never'

/**
 * Reads one document, without what it extends. Throws `type_metadata_invalid` naming the member, and what strict JSON throws
 * (`json_invalid`, `json_duplicate_member`, `encoding_invalid`, `limit_exceeded`).
 */
export function parseTypeMetadata(source: string | Uint8Array, limits: Limits = defaultLimits): ParsedTypeMetadata {
  const document = parseJsonObject(source, limits)
  const claims = readList(document, 'claims', '', readClaim) ?? []
  requireUnique(claims, 'path')
  requireUnique(claims, 'svg_id')
  return deepFreeze(
    withoutAbsent({
      vct: required(document, 'vct', '', isName),
      name: optional(document, 'name', '', isText),
      description: optional(document, 'description', '', isText),
      extends: readExtends(document),
      display: readList(document, 'display', '', readTypeDisplay),
      claims,
    }),
  )
}

/**
 * What holds for a type that extends another: of two that speak of one path the properties of the child win, each as a whole,
 * and `display` of the type is replaced. A child may be stricter than its parent, never laxer.
 * Throws `type_metadata_invalid` naming the member of the child (§5.4, extending claim metadata).
 */
export function extendTypeMetadata(child: ParsedTypeMetadata, parent: ParsedTypeMetadata): ParsedTypeMetadata {
  const claims = new Map(parent.claims.map(claim => [pathText(claim.path), claim]))
  for (const [index, claim] of child.claims.entries()) {
    const key = pathText(claim.path)
    const inherited = claims.get(key)
    claims.set(key, inherited === undefined ? claim : extendClaim(claim, inherited, `claims[${index}]`))
  }
  const display = child.display ?? parent.display
  return deepFreeze(withoutAbsent({ ...child, display, claims: [...claims.values()] }))
}

function extendClaim(child: ClaimMetadata, parent: ClaimMetadata, at: string): ClaimMetadata {
  const { mandatory = parent.mandatory, sd = parent.sd } = child
  if (parent.mandatory === true && mandatory === false) throw invalid(`${at}.mandatory`)
  const settled = parent.sd === 'always' || parent.sd === 'never'
  if (settled && sd !== parent.sd) throw invalid(`${at}.sd`)
  return { ...parent, ...child }
}

/** A path as text: the same for the same path. */
export const pathText = (path: ClaimPath): string => JSON.stringify(path)

/**
 * The entry for a reader of `locale`: in that very language and region, else in the language, else the first.
 * `undefined` when there is none.
 * @example displayIn(metadata.display, 'ru')?.name
 */
export function displayIn<Display extends { readonly locale: string }>(
  display: readonly Display[] = [],
  locale: string,
): Display | undefined {
  const wanted = locale.toLowerCase()
  const language = (tag: string) => tag.toLowerCase().split('-', 1)[0]
  return (
    display.find(entry => entry.locale.toLowerCase() === wanted) ??
    display.find(entry => language(entry.locale) === language(wanted)) ??
    display[0]
  )
}

function readExtends(document: JsonObject): TypeReference | undefined {
  const vct = optional(document, 'extends', '', isName)
  const integrity = optional(document, 'extends#integrity', '', isText)
  return vct === undefined ? undefined : withoutAbsent({ vct, integrity })
}

const readTypeDisplay: Reader<TypeDisplay> = (entry, at) => ({
  ...readDisplay(entry, at),
  name: required(entry, 'name', at, isText),
})

const readClaimDisplay: Reader<ClaimDisplay> = (entry, at) => ({
  ...readDisplay(entry, at),
  label: required(entry, 'label', at, isText),
})

const readDisplay = (entry: JsonObject, at: string): Pick<TypeDisplay, 'locale' | 'description'> =>
  withoutAbsent({
    locale: required(entry, 'locale', at, isLanguageTag),
    description: optional(entry, 'description', at, isText),
  })

const readClaim: Reader<ClaimMetadata> = (entry, at) =>
  withoutAbsent({
    path: required(entry, 'path', at, isClaimPath),
    display: readList(entry, 'display', at, readClaimDisplay),
    mandatory: optional(entry, 'mandatory', at, isBoolean),
    sd: optional(entry, 'sd', at, isDisclosability),
    svg_id: optional(entry, 'svg_id', at, isSvgId),
  })

/** Two entries about one path, or of one name in templates, would have two meanings. */
function requireUnique(claims: readonly ClaimMetadata[], name: 'path' | 'svg_id'): void {
  const met = new Set<string>()
  for (const [index, claim] of claims.entries()) {
    const key = claim[name] === undefined ? `${index}` : JSON.stringify(claim[name])
    if (met.has(key)) throw invalid(`claims[${index}].${name}`)
    met.add(key)
  }
}

type Reader<T> = (entry: JsonObject, at: string) => T
type Is<T extends JsonValue> = (value: JsonValue) => value is T

function readList<T>(source: JsonObject, name: string, at: string, read: Reader<T>): readonly T[] | undefined {
  const place = member(at, name)
  return optional(source, name, at, isList)?.map((entry, index) => {
    if (!isJsonObject(entry)) throw invalid(`${place}[${index}]`)
    return read(entry, `${place}[${index}]`)
  })
}

function required<T extends JsonValue>(source: JsonObject, name: string, at: string, is: Is<T>): T {
  const value = optional(source, name, at, is)
  if (value === undefined) throw invalid(member(at, name))
  return value
}

function optional<T extends JsonValue>(source: JsonObject, name: string, at: string, is: Is<T>): T | undefined {
  const value = source[name]
  if (value === undefined || is(value)) return value
  throw invalid(member(at, name))
}

const member = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)

const isText: Is<string> = value => typeof value === 'string'
const isName: Is<string> = (value): value is string => isText(value) && value !== ''
const isLanguageTag: Is<string> = (value): value is string => isText(value) && /^[a-z]+(?:-[a-z\d]+)*$/i.test(value)
const isSvgId: Is<string> = (value): value is string => isText(value) && /^[a-z_]\w*$/i.test(value)
const isBoolean: Is<boolean> = value => typeof value === 'boolean'
const isList: Is<readonly JsonValue[]> = value => Array.isArray(value)
const isDisclosability: Is<Disclosability> = value => value === 'always' || value === 'allowed' || value === 'never'

const invalid = (at: string) => new VidimusError('type_metadata_invalid', { at })
