/**
 * A JSON Schema (draft 2020-12) of the claims of a passport, for programs that read them without this library: what stands
 * where, of which kind, and what is always there.
 *
 * It tells kinds, as a verifier checks them, and not the rules of the issuer's own schemas. The same definition gives the same
 * text, so that it can be kept and compared.
 */
import { misuse } from '../core/arguments.js'
import { deepFreeze } from '../core/freeze.js'
import { bareObject } from '../core/json.js'
import type { FieldKind, PassportProfile, ProfileField } from './profile.js'

/** One schema; of the keywords only those that are used here. */
export interface ClaimsSchema {
  readonly $schema?: string
  readonly title?: string
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
  readonly format?: 'date' | 'date-time'
  readonly pattern?: string
  readonly properties?: { readonly [claim: string]: ClaimsSchema }
  readonly required?: readonly string[]
}

export interface ClaimsSchemaOptions<Claims> {
  /** The fields whose claims must be there. Default: those that every such passport has, as in a credential shown whole. */
  readonly require?: readonly (keyof Claims & string)[] | undefined
  /** The language of the titles, where fields have a name in it. Default `en`. */
  readonly locale?: string | undefined
}

/**
 * The schema of a JSON credential's claims about its subject; claims of the token, and others that were signed, may stand beside
 * them. Throws `TypeError` when `require` names no field, or one without claim.
 * @example JSON.stringify(claimsSchema(vehiclePassport), null, 2)
 */
export function claimsSchema<Name extends string, Claims extends object>(
  definition: PassportProfile<Name, Claims>,
  { require, locale = 'en' }: ClaimsSchemaOptions<Claims> = {},
): ClaimsSchema {
  const fields: Readonly<Record<string, ProfileField>> = definition.fields
  for (const name of require ?? [])
    if (!Object.hasOwn(fields, name) || fields[name]?.claim === undefined)
      throw misuse('require', 'fields with a claim')
  const root = emptyObject()
  for (const [name, { claim, kind, label, optional }] of Object.entries(fields)) {
    if (claim === undefined) continue
    const isRequired = require === undefined ? optional !== true : (require as readonly string[]).includes(name)
    place(root, claim, { ...titled(label?.[locale]), ...schemaOf(kind) }, isRequired)
  }
  const title = definition.label?.[locale] ?? definition.name
  return deepFreeze({ $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...root })
}

/** An object while it is filled in. */
interface OpenObject {
  readonly type: 'object'
  readonly properties: Record<string, ClaimsSchema>
  readonly required: string[]
}

const emptyObject = (): OpenObject => ({ type: 'object', properties: bareObject<ClaimsSchema>(), required: [] })

function place(root: OpenObject, path: readonly string[], schema: ClaimsSchema, isRequired: boolean): void {
  let object = root
  for (const [depth, name] of path.entries()) {
    if (isRequired && !object.required.includes(name)) object.required.push(name)
    if (depth === path.length - 1) object.properties[name] = schema
    // A definition has no field inside of another's claim: what stands here was made here.
    else object = (object.properties[name] ??= emptyObject()) as OpenObject
  }
}

const titled = (title: string | undefined): ClaimsSchema => (title === undefined ? {} : { title })

function schemaOf(kind: FieldKind): ClaimsSchema {
  switch (kind) {
    case 'text':
      return { type: 'string' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'time':
      return { type: 'string', format: 'date-time' }
    case 'image':
      return { type: 'string', pattern: '^data:image/(jpeg|png);base64,' }
    case 'list':
      return { type: 'array' }
    case 'any':
      return {}
    default:
      return { type: kind }
  }
}
