/**
 * The rules that a profile keeps, judged when it is made: misuse, so every refusal is a `TypeError`.
 *
 * What may be hidden and which names are reserved: RFC 9901 §4.2 and §5.1, SD-JWT VC §2.2.2.2.
 */
import { bareObject } from '../core/json.js'
import { registeredClaims } from './claims.js'
import type { AlsoRead, FieldKind, Labels, PassportProfile, ProfileField } from './profile.js'

/** What else may not be the name of a top-level claim. */
const tokenNames: readonly string[] = [...registeredClaims, 'aud', '_sd_alg']

/** Names that mean something else at every depth of a credential or of a JavaScript object. */
const reservedNames: readonly string[] = ['_sd', '...', '__proto__']

const fieldKinds: readonly FieldKind[] = [
  'text',
  'integer',
  'number',
  'boolean',
  'date',
  'time',
  'image',
  'list',
  'object',
  'any',
]

/** Members of a claim path: an mdoc or JSON credential is read to a bounded depth. */
const longestPath = 8

/** A deep-frozen copy of a profile, as plain JSON. Throws `TypeError` where it breaks a rule. */
export function readProfile<Name extends string, Claims extends object>(
  profile: PassportProfile<Name, Claims>,
): PassportProfile<Name, Claims> {
  requireText(profile.name, 'name')
  const { label } = profile
  const vct = typeList(profile.vct, 'vct')
  const docType = typeList(profile.docType, 'docType')
  if (vct.length === 0 && docType.length === 0) throw new TypeError('`vct` or `docType` must name a type')
  if (profile.status !== 'required' && profile.status !== 'optional')
    throw new TypeError("`status` must be 'required' or 'optional'")
  const { certificateProfile } = profile
  if (certificateProfile !== undefined && certificateProfile !== 'iaca' && certificateProfile !== 'plain')
    throw new TypeError("`certificateProfile` must be 'iaca' or 'plain'")
  const fields = bareObject<ProfileField>()
  for (const [name, field] of Object.entries<ProfileField>(profile.fields)) fields[name] = readField(name, field)
  if (Object.keys(fields).length === 0) throw new TypeError('`fields` must name a field')
  requireDistinctPlaces(fields)
  return Object.freeze({
    name: profile.name,
    ...(label !== undefined && { label: readLabels(label, 'label') }),
    vct,
    docType,
    status: profile.status,
    ...(certificateProfile !== undefined && { certificateProfile }),
    fields: Object.freeze(fields) as PassportProfile<Name, Claims>['fields'],
  })
}

/** One type identifier or several, as a frozen list. */
export function typeList(types: string | readonly string[], argument: string): readonly string[] {
  const list = typeof types === 'string' ? [types] : types
  if (!Array.isArray(list)) throw new TypeError(`\`${argument}\` must be a text or a list of texts`)
  for (const type of list) requireText(type, argument)
  if (new Set(list).size !== list.length) throw new TypeError(`\`${argument}\` names a type twice`)
  return Object.freeze([...list])
}

function readField(name: string, field: ProfileField): ProfileField {
  const at = `fields.${name}`
  if (name === '' || name === '__proto__') throw new TypeError('`fields` holds a name that cannot be a field')
  if (typeof field !== 'object' || field === null) throw new TypeError(`\`${at}\` must be an object`)
  if (!fieldKinds.includes(field.kind))
    throw new TypeError(`\`${at}\` must be of one of the kinds ${fieldKinds.join(', ')}`)
  const { kind, claim, element, key, aliases, dates, also, hide = true, optional = false, derived, label } = field
  if (typeof hide !== 'boolean' && hide !== 'each') throw new TypeError(`\`${at}.hide\` must be true, false or 'each'`)
  const hasMembers = kind === 'list' || kind === 'object' || kind === 'any'
  if (hide === 'each' && !hasMembers) throw new TypeError(`\`${at}.hide\` cannot be 'each': the field has no members`)
  if (dates !== undefined && !hasMembers) throw new TypeError(`\`${at}.dates\` cannot be: the field has no members`)
  if (also !== undefined && kind !== 'image' && kind !== 'date')
    throw new TypeError(`\`${at}.also\` cannot be: the field is no image and no date`)
  if (typeof optional !== 'boolean') throw new TypeError(`\`${at}.optional\` must be true or false`)
  return Object.freeze({
    kind,
    ...(claim !== undefined && { claim: readClaim(claim, `${at}.claim`) }),
    ...(element !== undefined && { element: readElement(element, `${at}.element`) }),
    ...(key !== undefined && { key: readKey(key, `${at}.key`) }),
    ...(aliases !== undefined && { aliases: readAliases(aliases, `${at}.aliases`) }),
    ...(dates !== undefined && { dates: readDates(dates, `${at}.dates`) }),
    ...(also !== undefined && { also: readAlso(also, kind, `${at}.also`) }),
    hide,
    optional,
    ...(derived !== undefined && { derived: true as const }),
    ...(label !== undefined && { label: readLabels(label, `${at}.label`) }),
  })
}

function readClaim(claim: readonly string[], at: string): readonly string[] {
  if (!Array.isArray(claim) || claim.length === 0 || claim.length > longestPath)
    throw new TypeError(`\`${at}\` must be a name or a path of 1 to ${longestPath} names`)
  for (const name of claim) {
    requireText(name, at)
    if (reservedNames.includes(name)) throw new TypeError(`\`${at}\` holds a reserved name`)
  }
  if (tokenNames.includes(claim[0] ?? '')) throw new TypeError(`\`${at}\` is a claim of the token itself`)
  return Object.freeze([...claim])
}

function readElement(element: readonly [string, string], at: string): readonly [string, string] {
  if (!Array.isArray(element) || element.length !== 2)
    throw new TypeError(`\`${at}\` must be a namespace and an element identifier`)
  const [namespace, identifier] = element
  requireText(namespace, at)
  requireText(identifier, at)
  return Object.freeze([namespace, identifier] as const)
}

function readKey(key: number, at: string): number {
  if (!Number.isInteger(key) || key < 0 || key > 0xffff)
    throw new TypeError(`\`${at}\` must be an integer from 0 to 65535`)
  return key
}

function readAliases(aliases: NonNullable<ProfileField['aliases']>, at: string): NonNullable<ProfileField['aliases']> {
  if (!Array.isArray(aliases)) throw new TypeError(`\`${at}\` must be a list of namespaces with element identifiers`)
  return Object.freeze(aliases.map(alias => readElement(alias, at)))
}

function readDates(names: readonly string[], at: string): readonly string[] {
  if (!Array.isArray(names)) throw new TypeError(`\`${at}\` must be a list of names`)
  for (const name of names) requireText(name, at)
  return Object.freeze([...names])
}

function readAlso(forms: readonly AlsoRead[], kind: FieldKind, at: string): readonly AlsoRead[] {
  const known: readonly AlsoRead[] = kind === 'date' ? ['approximate'] : ['jpeg2000', 'empty']
  if (!Array.isArray(forms) || forms.some(form => !known.includes(form)))
    throw new TypeError(`\`${at}\` must be a list of ${known.map(form => `'${form}'`).join(' and ')}`)
  return Object.freeze([...forms])
}

function readLabels(labels: Labels, at: string): Labels {
  if (typeof labels !== 'object' || labels === null) throw new TypeError(`\`${at}\` must give a text by language`)
  for (const text of Object.values(labels)) requireText(text, at)
  return Object.freeze({ ...labels })
}

/** No two fields in one place, and none inside another: each claim has one field, and each value one meaning. */
function requireDistinctPlaces(fields: Readonly<Record<string, ProfileField>>): void {
  const claims = new Map<string, string>()
  const elements = new Map<string, string>()
  const keys = new Map<string, string>()
  for (const [name, { claim, element, key, aliases = [] }] of Object.entries(fields)) {
    if (claim !== undefined) requireFree(claims, JSON.stringify(claim), name, 'claim')
    if (element !== undefined) requireFree(elements, JSON.stringify(element), name, 'element')
    if (key !== undefined) requireFree(keys, String(key), name, 'key')
    for (const alias of aliases) requireFree(elements, JSON.stringify(alias), name, 'aliases')
  }
  for (const [name, { claim }] of Object.entries(fields)) {
    for (let length = 1; length < (claim?.length ?? 0); length++) {
      const outer = claims.get(JSON.stringify(claim?.slice(0, length)))
      if (outer !== undefined) throw new TypeError(`\`fields.${name}.claim\` lies inside that of \`fields.${outer}\``)
    }
  }
}

function requireFree(taken: Map<string, string>, place: string, name: string, what: string): void {
  const other = taken.get(place)
  if (other !== undefined) throw new TypeError(`\`fields.${name}.${what}\` is that of \`fields.${other}\` too`)
  taken.set(place, name)
}

function requireText(text: unknown, argument: string): asserts text is string {
  if (typeof text !== 'string' || text === '') throw new TypeError(`\`${argument}\` must be a non-empty text`)
}
