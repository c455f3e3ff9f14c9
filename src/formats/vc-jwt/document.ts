/**
 * The rules that credentials and presentations share (VCDM 2.0 §4.3 to §4.6): contexts, types, identifiers, names.
 *
 * Contexts are not fetched and no JSON-LD is processed. What can be told from the document alone is: a type is an absolute
 * URL or a term that some context may define, and no context gives a term a second meaning.
 */
import { isUrl } from '../../core/address.js'
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.js'
import type { VidimusError } from '../../errors.js'
import { baseContext } from './type.js'

/** The error for a member that breaks a rule. */
export type Malformed = (at: string) => VidimusError

/** The terms that a document can use, as far as they are known without its contexts. */
export interface Terms {
  readonly known: ReadonlySet<string>
  /** Whether other terms may be defined by a context that only has an address, or by a vocabulary. */
  readonly isOpen: boolean
}

/** What the base context defines, and protects from being defined anew (VCDM 2.0 §5.2, appendix B.1). */
const baseTerms =
  'id type VerifiableCredential EnvelopedVerifiableCredential VerifiablePresentation EnvelopedVerifiablePresentation ' +
  'JsonSchema JsonSchemaCredential BitstringStatusListCredential BitstringStatusList BitstringStatusListEntry ' +
  'DataIntegrityProof issuer holder credentialSubject validFrom validUntil credentialStatus credentialSchema ' +
  'refreshService termsOfUse evidence proof verifiableCredential name description relatedResource renderMethod confidenceMethod'

/** One value, or each of a list. */
export const each = (value: JsonValue | undefined): readonly JsonValue[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as JsonValue]

/** The base context stands first; the others are addresses or maps of terms (VCDM 2.0 §4.3). */
export function readContexts(value: JsonValue | undefined, malformed: Malformed): Terms {
  const [base, ...others] = each(value)
  if (base !== baseContext) throw malformed('@context')
  const known = new Set(baseTerms.split(' '))
  let isOpen = false
  for (const context of others) {
    if (isJsonObject(context)) isOpen = defineTerms(known, context, malformed) || isOpen
    else if (isUrl(context)) isOpen = true
    else throw malformed('@context')
  }
  return { known, isOpen }
}

/** Adds the terms of an inline context. Whether it leaves others to a vocabulary or another context. */
function defineTerms(known: Set<string>, context: JsonObject, malformed: Malformed): boolean {
  const isOpen = typeof context['@vocab'] === 'string' || typeof context['@import'] === 'string'
  for (const term of Object.keys(context)) {
    if (term.startsWith('@')) continue
    const definition = context[term]
    const meaning = isJsonObject(definition) ? definition['@id'] : definition
    // One text, one meaning: even where JSON-LD would let an unprotected term be defined again.
    if (known.has(term)) throw malformed('@context terms')
    if (typeof meaning === 'string' && !isOpen && !meaning.startsWith('@') && !isUrl(meaning))
      throw malformed('@context terms')
    if (meaning !== null) known.add(term)
  }
  return isOpen
}

/** At least one type, each an absolute URL or a term (VCDM 2.0 §4.5). */
export function readTypes(
  value: JsonValue | undefined,
  { known, isOpen }: Terms,
  at: string,
  malformed: Malformed,
): readonly string[] {
  const types = each(value)
  const isType = (type: JsonValue) =>
    typeof type === 'string' && type !== '' && (isOpen || known.has(type) || isUrl(type))
  if (types.length === 0 || !types.every(isType)) throw malformed(at)
  return types as readonly string[]
}

/** An identifier is one absolute URL, where there is one (VCDM 2.0 §4.4). */
export function readId({ id }: JsonObject, at: string, malformed: Malformed): string | undefined {
  if (id !== undefined && !isUrl(id)) throw malformed(at)
  return id
}

/** An issuer or holder: a URL, or an object with one (VCDM 2.0 §4.7, §4.13). */
export function readParty(value: JsonValue | undefined, at: string, malformed: Malformed): string {
  const id = isJsonObject(value) ? value['id'] : value
  if (!isUrl(id)) throw malformed(at)
  if (isJsonObject(value)) readNames(value, `${at}.`, malformed)
  return id
}

/** A name and a description are texts, or texts that say their language and direction (VCDM 2.0 §4.6, §11.1). */
export function readNames(of: JsonObject, prefix: string, malformed: Malformed): void {
  for (const member of ['name', 'description'])
    if (!each(of[member]).every(isLanguageText)) throw malformed(prefix + member)
}

function isLanguageText(value: JsonValue): boolean {
  if (!isJsonObject(value)) return typeof value === 'string'
  const { '@value': text, '@language': language = 'und', '@direction': direction = 'ltr', ...others } = value
  const isLanguage = typeof language === 'string' && /^[a-z]{2,8}(-[a-z\d]{1,8})*$/i.test(language)
  const isDirection = direction === 'ltr' || direction === 'rtl'
  return typeof text === 'string' && isLanguage && isDirection && Object.keys(others).length === 0
}

/**
 * Objects that each say their type, and an identifier that is a URL if any (VCDM 2.0 §4.10 to §4.12, §5.4 to §5.6).
 * `id` may be demanded.
 */
export function readTyped(
  of: JsonObject,
  member: string,
  terms: Terms,
  malformed: Malformed,
  idIsRequired = false,
): void {
  const value = of[member]
  if (Array.isArray(value) && value.length === 0) throw malformed(member)
  for (const object of each(value)) {
    if (!isJsonObject(object)) throw malformed(member)
    readTypes(object['type'], terms, `${member}.type`, malformed)
    const id = readId(object, `${member}.id`, malformed)
    if (idIsRequired && id === undefined) throw malformed(`${member}.id`)
  }
}
