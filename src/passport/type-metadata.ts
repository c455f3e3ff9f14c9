/**
 * Type metadata of a passport (SD-JWT VC §5.2 and its part on claim metadata), written from its definition: what the
 * type is called, what its claims are called, which are always there and which may be hidden.
 *
 * Only writing is done here, and nothing is fetched. Rendering is left to others.
 */
import { digest } from '#crypto'
import type { HashName } from '../core/algorithms.js'
import { expectText, misuse } from '../core/arguments.js'
import { base64 } from '../core/bytes.js'
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import type { ClaimMetadata, TypeDisplay } from '../formats/sd-jwt/type-metadata.js'
import type { Labels, PassportProfile, ProfileField } from './profile.js'

/** A type metadata document (§5.2). Plain JSON. */
export interface TypeMetadata {
  readonly vct: string
  /** For developers. */
  readonly name?: string
  readonly description?: string
  /** The type that this one refines. */
  readonly extends?: string
  readonly 'extends#integrity'?: string
  readonly display?: readonly TypeDisplay[]
  /** Claims, and (`null` in the path) every member of a list. */
  readonly claims: readonly ClaimMetadata[]
}

export interface TypeMetadataOptions {
  /** Which of the definition's types is described. Default: the first, which is the one that is issued. */
  readonly vct?: string | undefined
  /** For developers. */
  readonly description?: string | undefined
  /** What the type is to people, by language; its name is the definition's. */
  readonly descriptions?: Labels | undefined
  /** The type that this one refines, with the integrity of its own metadata where that is known. */
  readonly extends?: { readonly vct: string; readonly integrity?: string | undefined } | undefined
}

/**
 * The type metadata of a passport. Every field that has a claim is listed, with its names in the order of their
 * languages; one that may be hidden member by member lists the members of its lists besides.
 * Throws `TypeError` for a passport without SD-JWT VC type, as the driving licence, and for options that are wrong.
 * @example
 * const bytes = new TextEncoder().encode(JSON.stringify(typeMetadata(citizenPassport)))
 * const integrity = await metadataIntegrity(bytes) // what `vct#integrity` holds for exactly these bytes
 */
export function typeMetadata(definition: PassportProfile, options: TypeMetadataOptions = {}): TypeMetadata {
  const { vct = definition.vct[0], description, descriptions = {}, extends: base } = options
  if (vct === undefined || !definition.vct.includes(vct)) throw misuse('vct', `a type of ${definition.name}`)
  if (base?.vct === vct) throw misuse('extends', 'another type')
  return deepFreeze(
    withoutAbsent({
      vct,
      name: definition.name,
      description,
      extends: base === undefined ? undefined : expectText(base.vct, 'extends.vct'),
      'extends#integrity': base?.integrity === undefined ? undefined : expectIntegrity(base.integrity),
      display: displayOf(definition.label ?? {}, descriptions),
      claims: Object.values<ProfileField>(definition.fields).flatMap(claimsOf),
    }),
  )
}

/**
 * The integrity of bytes as `vct#integrity`, `extends#integrity` and their like hold it: W3C Subresource Integrity
 * syntax, `sha256-` and standard base64 with padding. It is over exactly these bytes: hash what will be served.
 */
export async function metadataIntegrity(
  bytes: Uint8Array,
  { hash = 'sha-256' }: { readonly hash?: HashName | undefined } = {},
): Promise<string> {
  if (!(bytes instanceof Uint8Array)) throw misuse('bytes', 'a Uint8Array')
  if (hash !== 'sha-256' && hash !== 'sha-384' && hash !== 'sha-512')
    throw misuse('hash', "'sha-256', 'sha-384' or 'sha-512'")
  return `${hash.replace('-', '')}-${base64(await digest(hash, bytes))}`
}

function displayOf(names: Labels, descriptions: Labels): readonly TypeDisplay[] | undefined {
  for (const locale of Object.keys(descriptions))
    if (!Object.hasOwn(names, locale)) throw misuse('descriptions', 'in languages that the passport has a name in')
  const display = Object.entries(names).map(([locale, name]) =>
    withoutAbsent({ locale, name, description: descriptions[locale] }),
  )
  return display.length === 0 ? undefined : display
}

function claimsOf({ claim, kind, hide, optional, label }: ProfileField): readonly ClaimMetadata[] {
  if (claim === undefined) return []
  const labels = Object.entries(label ?? {}).map(([locale, label]) => ({ locale, label }))
  const whole = withoutAbsent({
    path: claim,
    display: labels.length === 0 ? undefined : labels,
    mandatory: optional !== true,
    sd: hide === false ? ('never' as const) : ('always' as const),
  })
  // Which members an object has, a profile does not know.
  if (hide !== 'each' || kind !== 'list') return [whole]
  return [whole, { path: [...claim, null], mandatory: false, sd: 'always' }]
}

function expectIntegrity(integrity: string): string {
  const form = /^sha(256|384|512)-[A-Za-z\d+/]+={0,2}( sha(256|384|512)-[A-Za-z\d+/]+={0,2})*$/
  if (typeof integrity !== 'string' || !form.test(integrity)) throw misuse('extends.integrity', 'of the form sha256-…')
  return integrity
}
