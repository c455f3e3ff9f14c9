/**
 * The kind of a field, asked of its schema where the definition does not say.
 *
 * Schema libraries have no common way to tell; zod 4 keeps a description under `_zod.def`, valibot on the schema
 * itself, and both call the basic types alike. A schema of another library is of the kind `any`.
 */
import type { FieldKind } from './profile.js'
import type { StandardSchemaV1 } from './standard-schema.js'

/** The kind of what a schema gives. Throws `TypeError` for what no claim can hold, as a `Date` or a `Map`. */
export function kindOfSchema(schema: StandardSchemaV1): FieldKind {
  const { type, description } = describe(schema)
  if (typeof type !== 'string') return 'any'
  if (changesItsValue(description)) return 'any'
  if (wrappers.includes(type)) return kindOfInner(description)
  if (type === 'pipe') return kindOfSchema(member(description, 'out') as StandardSchemaV1)
  if (type === 'number') return isWhole(description) ? 'integer' : 'number'
  if (choices.includes(type)) return kindOfChoices(description)
  if (notJson.includes(type)) throw new TypeError(`a schema of the type ${type} gives what no claim can hold`)
  return kinds.get(type) ?? 'any'
}

/** Whether a schema says of itself that the value may be absent. */
export function isOptionalSchema(schema: StandardSchemaV1): boolean {
  const { type } = describe(schema)
  return type === 'optional' || type === 'exact_optional' || type === 'nullish' || type === 'undefinedable'
}

const kinds: ReadonlyMap<string, FieldKind> = /* @__PURE__ */ new Map<string, FieldKind>([
  ['string', 'text'],
  ['template_literal', 'text'],
  ['int', 'integer'],
  ['boolean', 'boolean'],
  ['array', 'list'],
  ['tuple', 'list'],
  ['loose_tuple', 'list'],
  ['strict_tuple', 'list'],
  ['tuple_with_rest', 'list'],
  ['object', 'object'],
  ['loose_object', 'object'],
  ['strict_object', 'object'],
  ['object_with_rest', 'object'],
  ['record', 'object'],
])
const wrappers = [
  'optional',
  'exact_optional',
  'undefinedable',
  'nonoptional',
  'default',
  'prefault',
  'readonly',
  'catch',
]
const choices = ['enum', 'literal', 'picklist']
const notJson = [
  'date',
  'bigint',
  'map',
  'set',
  'symbol',
  'function',
  'file',
  'blob',
  'promise',
  'never',
  'void',
  'nan',
]

function describe(schema: unknown): { readonly type: unknown; readonly description: unknown } {
  const description = member(member(schema, '_zod'), 'def') ?? member(schema, 'def') ?? schema
  return { type: member(description, 'type'), description }
}

const kindOfInner = (description: unknown): FieldKind =>
  kindOfSchema((member(description, 'innerType') ?? member(description, 'wrapped')) as StandardSchemaV1)

/** valibot lists what happens to a value in `pipe`; a transformation may give another type. */
function changesItsValue(description: unknown): boolean {
  const steps = listOf(member(description, 'pipe')).slice(1)
  return steps.some(
    step => member(step, 'kind') === 'transformation' && !keepText.includes(String(member(step, 'type'))),
  )
}
const keepText = ['trim', 'trim_start', 'trim_end', 'normalize', 'to_lower_case', 'to_upper_case', 'readonly', 'brand']

function isWhole(description: unknown): boolean {
  const checks = listOf(member(description, 'checks')).map(check => member(member(check, '_zod'), 'def'))
  const zodFormats = [description, ...checks].map(check => member(check, 'format'))
  const valibotSteps = listOf(member(description, 'pipe')).map(step => member(step, 'type'))
  return (
    zodFormats.some(format => format === 'safeint' || format === 'int32' || format === 'uint32') ||
    valibotSteps.some(step => step === 'integer' || step === 'safe_integer')
  )
}

function kindOfChoices(description: unknown): FieldKind {
  const values = [
    ...listOf(member(description, 'values')),
    ...listOf(member(description, 'options')),
    ...Object.values(member(description, 'entries') ?? {}),
    ...[member(description, 'literal')].filter(literal => literal !== undefined),
  ]
  if (values.length === 0) return 'any'
  if (values.every(value => typeof value === 'string')) return 'text'
  if (values.every(value => Number.isSafeInteger(value))) return 'integer'
  if (values.every(value => typeof value === 'boolean')) return 'boolean'
  return 'any'
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

function member(of: unknown, name: string): unknown {
  return (typeof of === 'object' && of !== null) || typeof of === 'function' ? Reflect.get(of, name) : undefined
}
