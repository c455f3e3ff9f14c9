/** What schemas of other libraries tell: the kind of a field, and what is wrong with a value. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { schemaIssues } from '../../src/passport/schema-issues.js'
import { isOptionalSchema, kindOfSchema } from '../../src/passport/schema-kind.js'
import type { StandardSchemaV1 } from '../../src/passport/standard-schema.js'
import { brief, schemaOf } from './support.js'

/** A valibot schema as far as it is read: its description stands on itself. */
const valibot = (description: object) =>
  Object.assign(
    schemaOf(value => ({ value })),
    { kind: 'schema', ...description },
  )

describe('the kind of a zod schema', () => {
  const kinds: readonly [string, StandardSchemaV1, string][] = [
    ['string', z.string().regex(/x/), 'text'],
    ['email', z.email(), 'text'],
    ['date as text', z.iso.date(), 'text'],
    ['template literal', z.templateLiteral(['x', z.number()]), 'text'],
    ['enum', z.enum(['a', 'b']), 'text'],
    ['enum of numbers', z.enum({ One: 1, Two: 2 }), 'integer'],
    ['literal', z.literal('a'), 'text'],
    ['literals', z.literal([1, 2]), 'integer'],
    ['literal truth', z.literal(true), 'boolean'],
    ['mixed literals', z.literal(['a', 1]), 'any'],
    ['number', z.number(), 'number'],
    ['integer', z.int(), 'integer'],
    ['number that is whole', z.number().min(1).int(), 'integer'],
    ['int32', z.int32(), 'integer'],
    ['float', z.float64(), 'number'],
    ['boolean', z.boolean(), 'boolean'],
    ['array', z.array(z.string()), 'list'],
    ['tuple', z.tuple([z.string()]), 'list'],
    ['object', z.object({}), 'object'],
    ['strict object', z.strictObject({}), 'object'],
    ['record', z.record(z.string(), z.string()), 'object'],
    ['union', z.union([z.string(), z.number()]), 'any'],
    ['nullable', z.string().nullable(), 'any'],
    ['unknown', z.unknown(), 'any'],
    ['transform', z.string().transform(text => text.length), 'any'],
    ['preprocess', z.preprocess(value => value, z.int()), 'integer'],
    ['pipe', z.string().transform(Number).pipe(z.int()), 'integer'],
    ['optional', z.int().optional(), 'integer'],
    ['default', z.string().default('x'), 'text'],
    ['readonly', z.array(z.string()).readonly(), 'list'],
    ['catch', z.boolean().catch(true), 'boolean'],
    ['brand', z.string().brand<'x'>(), 'text'],
    ['mini string', mini.string(), 'text'],
    ['mini integer', mini.optional(mini.int()), 'integer'],
    ['mini list', mini.array(mini.string()).check(mini.minLength(1)), 'list'],
  ]
  it.each(kinds)('%s', (_, schema, kind) => {
    expect(kindOfSchema(schema)).toBe(kind)
  })

  it.each([
    ['Date', z.date()],
    ['bigint', z.bigint()],
    ['Map', z.map(z.string(), z.string())],
    ['Set', z.set(z.string())],
    ['optional Date', z.date().optional()],
  ])('refuses a %s, which no claim can hold', (_, schema) => {
    expect(() => kindOfSchema(schema)).toThrow(TypeError)
  })
})

describe('the kind of a valibot schema', () => {
  const text = { type: 'string' }
  const kinds: readonly [string, object, string][] = [
    ['string', text, 'text'],
    ['trimmed string', { ...text, pipe: [text, { kind: 'transformation', type: 'trim' }] }, 'text'],
    ['transformed string', { ...text, pipe: [text, { kind: 'transformation', type: 'transform' }] }, 'any'],
    ['number', { type: 'number' }, 'number'],
    ['integer', { type: 'number', pipe: [{}, { kind: 'validation', type: 'integer' }] }, 'integer'],
    ['number that is not small', { type: 'number', pipe: [{}, { kind: 'validation', type: 'min_value' }] }, 'number'],
    ['safe integer', { type: 'number', pipe: [{}, { kind: 'validation', type: 'safe_integer' }] }, 'integer'],
    ['enum of nothing', { type: 'enum' }, 'any'],
    ['picklist', { type: 'picklist', options: ['a', 'b'] }, 'text'],
    ['literal', { type: 'literal', literal: 7 }, 'integer'],
    ['optional', { type: 'optional', wrapped: valibot(text) }, 'text'],
    ['array', { type: 'array' }, 'list'],
    ['strict object', { type: 'strict_object' }, 'object'],
    ['variant', { type: 'variant' }, 'any'],
  ]
  it.each(kinds)('%s', (_, description, kind) => {
    expect(kindOfSchema(valibot(description))).toBe(kind)
  })
})

it('the kind of a schema of another library is any', () => {
  expect(kindOfSchema(schemaOf(value => ({ value })))).toBe('any')
  expect(
    kindOfSchema(
      Object.assign(
        () => 1,
        schemaOf(value => ({ value })),
      ),
    ),
  ).toBe('any')
})

it.each<[boolean, StandardSchemaV1]>([
  [true, z.string().optional()],
  [true, mini.optional(mini.string())],
  [true, valibot({ type: 'nullish' })],
  [false, z.string()],
  [false, z.string().default('x')],
  [false, z.string().nullable()],
  [false, schemaOf(value => ({ value }))],
])('that a value may be absent (%s) is told by the schema itself', (optional, schema) => {
  expect(isOptionalSchema(schema)).toBe(optional)
})

const issuesOf = (schema: StandardSchemaV1, input: unknown) => {
  const result = schema['~standard'].validate(input)
  if (result instanceof Promise || result.issues === undefined) throw new Error('the schema had no issues')
  return brief(schemaIssues(result.issues, 'f', input))
}

describe('an issue of zod', () => {
  const custom = (code: string) =>
    z.any().superRefine((_, context) => context.addIssue({ code: 'custom', params: { code } }))
  const cases: readonly [string, StandardSchemaV1, unknown, readonly string[]][] = [
    ['a short text', z.string().min(3), 'x', ['f length']],
    ['a long text', z.string().max(1), 'xx', ['f length']],
    ['a text of another length', z.string().length(1), 'xx', ['f length']],
    ['a short list', z.array(z.string()).min(1), [], ['f length']],
    ['a long list', z.array(z.string()).max(0), ['x'], ['f length']],
    ['a small number', z.number().min(3), 1, ['f range']],
    ['a large number', z.number().max(3), 4, ['f range']],
    ['a number between steps', z.number().multipleOf(2), 3, ['f range']],
    ['a text of another form', z.string().regex(/a/), 'x', ['f format']],
    ['no email', z.email(), 'x', ['f format']],
    ['another type', z.string(), 7, ['f type']],
    ['null', z.string(), null, ['f type']],
    ['a fraction', z.int(), 1.5, ['f type']],
    ['none of the choices', z.enum(['a']), 'x', ['f range']],
    ['another literal', z.literal(1), 2, ['f range']],
    ['nothing', z.string(), undefined, ['f required']],
    ['none of a union', z.union([z.string(), z.number()]), true, ['f format']],
    ['a missing member', z.object({ a: z.object({ b: z.string() }) }), { a: {} }, ['f.a.b required']],
    ['wrong members', z.object({ a: z.array(z.string()) }), { a: ['x', 1, 2] }, ['f.a.1 type', 'f.a.2 type']],
    [
      'unknown members',
      z.object({ a: z.strictObject({}) }),
      { a: { x: 1, y: 2 } },
      ['f.a.x unknown_field', 'f.a.y unknown_field'],
    ],
    ['a failed refinement', z.string().refine(() => false), 'x', ['f format']],
    ['a refinement with a code', custom('checksum'), 'x', ['f checksum']],
    ['a refinement with a code of nobody', custom('toString'), 'x', ['f format']],
    ['a refinement of what is absent', custom('order'), undefined, ['f order']],
  ]
  it.each(cases)('about %s', (_, schema, input, issues) => {
    expect(issuesOf(schema, input)).toEqual(issues)
  })
})

describe('an issue of another library', () => {
  const refuses = (
    ...issues: readonly { readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] }[]
  ) => schemaOf(() => ({ issues: issues.map(issue => ({ message: 'Ana is wrong', ...issue })) }))

  it('is about form, wherever it stands', () => {
    const paths = refuses({}, { path: ['a'] }, { path: [{ key: 'list' }, { key: 0 }] })
    expect(issuesOf(paths, { a: 1, list: [1] })).toEqual(['f format', 'f.a format', 'f.list.0 format'])
  })

  it('is about what is missing where nothing stands', () => {
    expect(issuesOf(refuses({ path: ['a', 'b'] }), { a: {} })).toEqual(['f.a.b required'])
    expect(issuesOf(refuses({ path: ['toString'] }), {})).toEqual(['f.toString required'])
  })

  it('is not taken for one of zod because it has keys', () => {
    const keyed = schemaOf(() => ({ issues: [{ message: 'Ana is wrong', keys: ['a'] }] }))
    expect(issuesOf(keyed, 'x')).toEqual(['f format'])
  })

  it('may have no place at all: an empty list refuses too', () => {
    expect(issuesOf(refuses(), 'x')).toEqual(['f format'])
  })

  it('is not quoted', () => {
    const [issue] = schemaIssues([{ message: 'Ana is wrong' }], 'f', 'Ana')
    expect(issue?.message).not.toContain('Ana')
  })

  it('may have a symbol in its path', () => {
    expect(issuesOf(refuses({ path: [Symbol('x')] }), {})).toEqual(['f.Symbol(x) required'])
  })
})
