/**
 * The interface by which schema libraries are interchangeable (Standard Schema, version 1: standardschema.dev).
 *
 * The types are written from the public specification. zod, zod/mini, valibot and arktype schemas have this shape.
 */

/** A schema of any library. Ours must answer at once: a promise is refused. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaProps<Input, Output>
}

export interface StandardSchemaProps<Input = unknown, Output = Input> {
  readonly version: 1
  readonly vendor: string
  readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
  /** For the type checker alone. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] }

export interface StandardIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What a schema gives for what it accepts. */
export type SchemaOutput<Schema> = Schema extends StandardSchemaV1<unknown, infer Output> ? Output : never

/** Throws `TypeError` naming the argument unless it is a schema. */
export function requireSchema(schema: unknown, argument: string): asserts schema is StandardSchemaV1 {
  const holder = (typeof schema === 'object' && schema !== null) || typeof schema === 'function' ? schema : {}
  const door: Partial<StandardSchemaProps> | undefined = Reflect.get(holder, '~standard')
  if (door?.version !== 1 || typeof door.validate !== 'function')
    throw new TypeError(`\`${argument}\` must be a Standard Schema (zod, zod/mini, valibot)`)
}

/**
 * What a schema says of a value. Throws `TypeError` when it answers with a promise, or with nothing, or fails by itself;
 * its own message is dropped, for it may quote the value. `field` names it.
 */
export function runSchema(schema: StandardSchemaV1, value: unknown, field: string): StandardResult<unknown> {
  const result = attempt(schema, value, field)
  if (typeof result !== 'object' || result === null)
    throw new TypeError(`the schema of \`${field}\` does not answer as a Standard Schema does`)
  if (!('then' in result)) return result
  // Nobody waits for it, so its failure would otherwise end the process.
  result.then(undefined, () => undefined)
  throw new TypeError(`the schema of \`${field}\` must answer at once, not with a promise`)
}

function attempt(schema: StandardSchemaV1, value: unknown, field: string) {
  try {
    return schema['~standard'].validate(value)
  } catch {
    throw new TypeError(`the schema of \`${field}\` threw instead of answering`)
  }
}
