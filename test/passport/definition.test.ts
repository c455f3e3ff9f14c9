/** What a definition is, what it refuses to be, and what it gives. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { ageOn } from '../../src/passport/calendar.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import type { PassportProfile, ProfileField } from '../../src/passport/profile.js'
import { brief, failure, jpeg, schemaOf } from './support.js'

const ns = 'example.card.1'

const card = definePassport({
  name: 'card',
  vct: ['https://example.org/card/2', 'https://example.org/card/1'],
  docType: ns,
  fields: {
    reader: {
      schema: z.string().min(1),
      claim: 'reader',
      element: [ns, 'reader'],
      label: { en: 'Reader', ru: 'Читатель' },
    },
    birthDate: { as: 'date', claim: 'birthdate', element: [ns, 'birth_date'] },
    town: { schema: z.string(), claim: ['address', 'locality'], optional: true },
    shelves: { schema: z.array(z.string()), claim: 'shelves', hide: 'each', optional: true },
    photo: { as: 'image', claim: 'picture', element: [ns, 'portrait'], optional: true, hide: false },
  },
  derived: {
    ageOver14: { derive: (passport, on) => ageOn(passport.birthDate, on) >= 14, claim: ['age_equal_or_over', '14'] },
    town14: { derive: passport => passport.town?.toUpperCase(), as: 'text', claim: 'town' },
  },
})

const record = { reader: 'Ana', birthDate: '2001-02-28', town: 'Utopia', shelves: ['a', 'b'], photo: jpeg() }

/** A definition with one field, which is enough to be wrong in every way. */
const withField = (field: object, more: object = {}) =>
  definePassport({ name: 'card', vct: 'card', docType: 'card', ...more, fields: { reader: field as { as: 'date' } } })

const withFields = (fields: object, more: object = {}) =>
  definePassport({
    name: 'card',
    vct: 'card',
    docType: 'card',
    ...more,
    fields: fields as Record<string, { as: 'date' }>,
  })

describe('a definition', () => {
  it('is a profile, with everything filled in', () => {
    expect(profileOf(card)).toEqual({
      name: 'card',
      vct: ['https://example.org/card/2', 'https://example.org/card/1'],
      docType: [ns],
      status: 'optional',
      fields: {
        reader: {
          kind: 'text',
          claim: ['reader'],
          element: [ns, 'reader'],
          hide: true,
          optional: false,
          label: { en: 'Reader', ru: 'Читатель' },
        },
        birthDate: { kind: 'date', claim: ['birthdate'], element: [ns, 'birth_date'], hide: true, optional: false },
        town: { kind: 'text', claim: ['address', 'locality'], hide: true, optional: true },
        shelves: { kind: 'list', claim: ['shelves'], hide: 'each', optional: true },
        photo: { kind: 'image', claim: ['picture'], element: [ns, 'portrait'], hide: false, optional: true },
        ageOver14: {
          kind: 'boolean',
          claim: ['age_equal_or_over', '14'],
          hide: true,
          optional: false,
          derived: true,
        },
        town14: { kind: 'text', claim: ['town'], hide: true, optional: false, derived: true },
      },
    })
  })

  it('gives a profile that survives JSON', () => {
    expect(JSON.parse(JSON.stringify(profileOf(card)))).toEqual(profileOf(card))
    expect(JSON.parse(JSON.stringify(card))).toEqual(profileOf(card))
  })

  it('is frozen to its depth, and so is its profile', () => {
    for (const profile of [card, profileOf(card)]) {
      const { vct, fields } = profile
      for (const part of [
        profile,
        vct,
        fields,
        fields.reader,
        fields.reader.claim,
        fields.reader.element,
        fields.reader.label,
      ])
        expect(Object.isFrozen(part)).toBe(true)
    }
  })

  it('does not change when the caller changes what it was made of', () => {
    const claim = ['reader']
    const vct = ['card']
    const made = withField({ as: 'date', claim }, { vct })
    claim.push('x')
    vct.push('y')
    expect(made.fields.reader.claim).toEqual(['reader'])
    expect(made.vct).toEqual(['card'])
  })

  it('says which paths to ask for, in either format', () => {
    expect(card.claimPaths('dc+sd-jwt', ['birthDate', 'town', 'ageOver14'])).toEqual([
      ['birthdate'],
      ['address', 'locality'],
      ['age_equal_or_over', '14'],
    ])
    expect(card.claimPaths('mso_mdoc', ['photo'])).toEqual([[ns, 'portrait']])
    expect(() => card.claimPaths('mso_mdoc', ['town'])).toThrow(new TypeError('`town` is not issued as mso_mdoc'))
    expect(() => card.claimPaths('dc+sd-jwt', ['constructor' as 'reader'])).toThrow('`fields` holds a name that card')
    expect(() => card.claimPaths('jwt' as 'mso_mdoc', [])).toThrow(TypeError)
  })

  it('derives values for a day, and leaves out what is undefined', () => {
    const passport = card.parse(record)
    expect(card.derive(passport, '2015-02-27')).toEqual({ ageOver14: false, town14: 'UTOPIA' })
    expect(card.derive(passport, '2015-02-28')).toEqual({ ageOver14: true, town14: 'UTOPIA' })
    expect(card.derive(card.parse({ ...record, town: undefined }), '2015-02-28')).toEqual({ ageOver14: true })
    expect(Object.isFrozen(card.derive(passport, '2015-02-28'))).toBe(true)
    expect(() => card.derive(passport, '28.02.2015')).toThrow('`on` must be a date that exists')
  })

  it('refuses a derived value that is not of its kind, without saying what it is', () => {
    const wrong = definePassport({
      name: 'card',
      vct: 'card',
      docType: 'card',
      fields: { reader: { schema: z.string(), claim: 'reader' } },
      derived: { greeting: { derive: passport => `Dear ${passport.reader}`, claim: 'greeting' } },
    })
    const { name, message } = failure(() => wrong.derive(wrong.parse({ reader: 'Ana' }), '2026-01-01'))
    expect(name).toBe('TypeError')
    expect(message).toContain('derived.greeting')
    expect(message).not.toContain('Ana')
  })

  it('has a validity only where it has a rule', () => {
    const now = new Date(0)
    expect(card.validity(card.parse(record), now)).toBeUndefined()
    const ruled = withField(
      { as: 'date' },
      { validity: ({ reader }: { reader: string }, from: Date) => ({ from, until: new Date(reader) }) },
    )
    expect(ruled.validity(ruled.parse({ reader: '2030-01-01' }), now)).toEqual({
      from: now,
      until: new Date('2030-01-01'),
    })
  })
})

describe('a definition is refused, naming what is wrong,', () => {
  const type = (definition: object) => failure(() => definePassport(definition as never))
  const place = { as: 'date' }
  const cases: readonly [string, object, string][] = [
    ['without a name', { name: '', vct: 'a', docType: 'a', fields: { a: place } }, '`name`'],
    ['without a type', { name: 'a', vct: [], docType: [], fields: { a: place } }, '`vct` or `docType`'],
    ['with an empty type', { name: 'a', vct: '', docType: 'a', fields: { a: place } }, '`vct`'],
    ['with a type that is no text', { name: 'a', vct: 'a', docType: 7, fields: { a: place } }, '`docType`'],
    ['with a type named twice', { name: 'a', vct: ['a', 'a'], docType: 'a', fields: { a: place } }, '`vct`'],
    [
      'with a status of another word',
      { name: 'a', vct: 'a', docType: 'a', status: 'none', fields: { a: place } },
      '`status`',
    ],
    [
      'with a certificate profile of another word',
      { name: 'a', vct: 'a', docType: 'a', certificateProfile: 'reader', fields: { a: place } },
      '`certificateProfile`',
    ],
    ['without fields', { name: 'a', vct: 'a', docType: 'a', fields: {} }, '`fields`'],
    ['with fields that are none', { name: 'a', vct: 'a', docType: 'a', fields: null }, '`fields`'],
    [
      'extending what is no definition',
      { name: 'a', vct: 'a', docType: 'a', extends: profileOf(card), fields: { a: place } },
      '`extends`',
    ],
  ]
  it.each(cases)('%s', (_, definition, named) => {
    const error = type(definition)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain(named)
  })

  const fields: readonly [string, object, string][] = [
    ['without schema and kind', {}, '`fields.reader`'],
    ['of a kind that needs a schema', { as: 'text' }, '`fields.reader`'],
    ['of an unknown kind', { as: 'colour', schema: z.string() }, 'kinds'],
    ['with what is no schema', { schema: { parse: () => 1 } }, '`fields.reader.schema`'],
    [
      'with a schema of a later version',
      { schema: { '~standard': { version: 2, validate: () => 1 } } },
      '`fields.reader.schema`',
    ],
    ['with an empty claim', { as: 'date', claim: '' }, '`fields.reader.claim`'],
    ['with an empty claim path', { as: 'date', claim: [] }, '`fields.reader.claim`'],
    ['with a claim path that is too long', { as: 'date', claim: 'abcdefghi'.split('') }, '`fields.reader.claim`'],
    ['with a number in a claim path', { as: 'date', claim: ['a', 1] }, '`fields.reader.claim`'],
    ['with half an element', { as: 'date', element: [ns] }, 'must be a namespace and an element identifier'],
    ['with more than an element', { as: 'date', element: [ns, 'a', 'b'] }, '`fields.reader.element`'],
    ['with text for an element', { as: 'date', element: 'ab' }, '`fields.reader.element`'],
    ['with no label', { as: 'date', label: null }, 'must give a text by language'],
    ['with a label in no language', { as: 'date', label: 'Reader' }, 'must give a text by language'],
    ['with an empty element', { as: 'date', element: [ns, ''] }, '`fields.reader.element`'],
    ['with `hide` of another word', { as: 'date', hide: 'some' }, '`fields.reader.hide`'],
    ['hiding each member of a date', { as: 'date', hide: 'each' }, '`fields.reader.hide`'],
    ['optional by another word', { as: 'date', optional: 'yes' }, '`fields.reader.optional`'],
    ['with a label that is no text', { as: 'date', label: { en: 7 } }, '`fields.reader.label`'],
  ]
  it.each(fields)('for a field %s', (_, field, named) => {
    const error = failure(() => withField(field))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toContain(named)
  })

  it.each([
    'iss',
    'sub',
    'aud',
    'exp',
    'nbf',
    'iat',
    'jti',
    'cnf',
    'vct',
    'vct#integrity',
    'aka_vcts',
    'status',
    '_sd_alg',
  ])('for the claim %s, which belongs to the token', claim => {
    expect(() => withField({ as: 'date', claim })).toThrow(TypeError)
    expect(() => withField({ as: 'date', claim: [claim, 'x'] })).toThrow(TypeError)
    if (claim !== '_sd_alg') expect(withField({ as: 'date', claim: ['x', claim] }).name).toBe('card')
  })

  it.each(['_sd', '...', '__proto__'])('for the name %s at any depth (RFC 9901 §5.1)', name => {
    expect(() => withField({ as: 'date', claim: name })).toThrow(TypeError)
    expect(() => withField({ as: 'date', claim: ['x', name] })).toThrow(TypeError)
  })

  it('for two fields on one claim or one element', () => {
    const both = (field: object) => () => withFields({ a: field, b: field })
    expect(both({ as: 'date', claim: 'x' })).toThrow('`fields.b.claim` is that of `fields.a` too')
    expect(both({ as: 'date', claim: ['x', 'y'] })).toThrow(TypeError)
    expect(both({ as: 'date', element: [ns, 'x'] })).toThrow('`fields.b.element` is that of `fields.a` too')
  })

  it('for a field inside the claim of another, in either order', () => {
    const outer = { schema: z.object({}), claim: 'address' }
    const inner = { as: 'date', claim: ['address', 'since', 'day'] }
    expect(() => withFields({ outer, inner })).toThrow('`fields.inner.claim` lies inside that of `fields.outer`')
    expect(() => withFields({ inner, outer })).toThrow('`fields.inner.claim` lies inside that of `fields.outer`')
    expect(withFields({ inner, other: { as: 'date', claim: ['address', 'until'] } }).name).toBe('card')
  })

  it('for a derived value with the name of a field, or without a function', () => {
    const derived = (entries: object) => () => withField({ as: 'date' }, { derived: entries })
    expect(derived({ reader: { derive: () => true } })).toThrow('`derived.reader`')
    expect(derived({ adult: { claim: 'adult' } })).toThrow('`derived.adult.derive`')
    expect(derived({ adult: { derive: () => true, claim: 'iss' } })).toThrow(TypeError)
  })

  it('but not for a claim path as long as paths may be', () => {
    expect(withField({ as: 'date', claim: 'abcdefgh'.split('') }).claimPaths('dc+sd-jwt', ['reader'])).toEqual([
      'abcdefgh'.split(''),
    ])
  })

  it.each(['__proto__', ''])('for a field named %j', name => {
    const fields = JSON.parse(`{ ${JSON.stringify(name)}: { "as": "date" } }`) as object
    expect(() => withFields(fields)).toThrow(TypeError)
  })

  it('but not for names that are merely strange', () => {
    const strange = withFields({
      constructor: { as: 'date', claim: 'toString' },
      hasOwnProperty: { as: 'date', claim: 'constructor' },
    })
    expect(strange.parse({ constructor: '2026-01-01', hasOwnProperty: '2026-01-02' })).toEqual({
      constructor: '2026-01-01',
      hasOwnProperty: '2026-01-02',
    })
    expect(brief(failure(() => strange.parse({})).issues)).toEqual(['constructor required', 'hasOwnProperty required'])
  })
})

describe('parse', () => {
  it('gives the record, frozen to its depth, without prototypes', () => {
    const passport = card.parse(record)
    expect({ ...passport }).toEqual(record)
    expect(Object.getPrototypeOf(passport)).toBeNull()
    expect(Object.isFrozen(passport) && Object.isFrozen(passport.shelves)).toBe(true)
    expect(card.parse(passport)).toEqual(passport)
  })

  it('copies image bytes', () => {
    const photo = jpeg()
    const passport = card.parse({ ...record, photo })
    photo[0] = 0
    expect(passport.photo).toEqual(jpeg())
  })

  it('leaves absent what is optional or undefined', () => {
    expect(Object.keys(card.parse({ reader: 'Ana', birthDate: '2001-02-28', town: undefined }))).toEqual([
      'reader',
      'birthDate',
    ])
  })

  it('reports all issues at once, each with its path, code, sentence and label', () => {
    const error = failure(() =>
      card.parse({
        reader: '',
        birthDate: '2001-02-29',
        town: 7,
        shelves: ['a', 8],
        photo: new Uint8Array(9),
        extra: 1,
      }),
    )
    expect(error).toMatchObject({ name: 'VidimusError', code: 'passport_invalid' })
    expect(brief(error.issues)).toEqual([
      'reader length',
      'birthDate calendar',
      'town type',
      'shelves.1 type',
      'photo format',
      'extra unknown_field',
    ])
    expect(error.issues?.[0]).toEqual({
      path: ['reader'],
      code: 'length',
      message: 'Reader: the value has the wrong length.',
      label: { en: 'Reader', ru: 'Читатель' },
    })
    expect(card.safeParse({})).toEqual({
      ok: false,
      issues: [expect.objectContaining({ code: 'required' }), expect.objectContaining({ code: 'required' })],
    })
  })

  it('takes derived values for unknown fields: they are computed', () => {
    expect(brief(failure(() => card.parse({ ...record, ageOver14: true })).issues)).toEqual(['ageOver14 unknown_field'])
  })

  it('answers safeParse with the same', () => {
    expect(card.safeParse(record)).toEqual({ ok: true, passport: card.parse(record) })
    const refused = card.safeParse({ stranger: 1 })
    const issues = refused.ok ? [] : refused.issues
    for (const part of [card.safeParse(record), refused, issues, issues[0], issues[0]?.path, issues[0]?.label])
      expect(Object.isFrozen(part)).toBe(true)
  })

  const kinds: readonly [string, 'date' | 'time' | 'image', unknown, string][] = [
    ['a day that does not exist', 'date', '2026-02-30', 'calendar'],
    ['a date in another form', 'date', '30.01.2026', 'format'],
    ['a Date', 'date', new Date(0), 'type'],
    ['nothing', 'date', null, 'type'],
    ['an instant with a fraction', 'time', '2026-01-01T00:00:00.5Z', 'format'],
    ['an instant with an offset', 'time', '2026-01-01T00:00:00+03:00', 'format'],
    ['a leap second', 'time', '2026-12-31T23:59:60Z', 'format'],
    ['an hour that does not exist', 'time', '2026-12-31T24:00:00Z', 'format'],
    ['a day that does not exist, with a time', 'time', '2026-02-30T00:00:00Z', 'format'],
    ['a GIF', 'image', new TextEncoder().encode('GIF89a, a picture'), 'format'],
    ['a JPEG that ends where it begins', 'image', new Uint8Array([0xff, 0xd8, 0xff]), 'format'],
    ['a data URI', 'image', 'data:image/jpeg;base64,/9j/4A==', 'type'],
  ]
  it.each(kinds)('refuses %s where a %s belongs', (_, as, value, code) => {
    const definition = withField({ as })
    expect(brief(failure(() => definition.parse({ reader: value })).issues)).toEqual([`reader ${code}`])
  })

  it('takes an instant in UTC', () => {
    expect(withField({ as: 'time' }).parse({ reader: '2026-01-01T23:59:59Z' })).toEqual({
      reader: '2026-01-01T23:59:59Z',
    })
  })

  it('asks a schema for more than the kind demands, and the kind for more than the schema', () => {
    const modern = withField({
      as: 'date',
      schema: z
        .string()
        .min(10)
        .refine(date => date > '2000'),
    })
    expect(brief(failure(() => modern.parse({ reader: '1999-01-01' })).issues)).toEqual(['reader format'])
    expect(brief(failure(() => modern.parse({ reader: '2001-02-29' })).issues)).toEqual(['reader calendar'])
  })

  it('keeps what a schema makes of its input', () => {
    const trimmed = withFields({
      a: { schema: z.string().trim().toUpperCase() },
      b: { schema: z.string().default('RU') },
    })
    expect(trimmed.parse({ a: ' x ' })).toEqual({ a: 'X', b: 'RU' })
  })

  it.each([
    ['a Date', new Date(0)],
    ['a function', () => 1],
    ['a bigint', 1n],
    ['NaN', Number.NaN],
    ['an unsafe integer', 2 ** 53],
    ['a Map', new Map()],
    ['half a character', '\ud800'],
    ['half a character in a name', { '\ud800': 1 }],
    ['a nested function', { a: [() => 1] }],
    ['bytes', new Uint8Array(3)],
  ])('refuses %s, which no claim can hold, even where the schema takes it', (_, value) => {
    const lax = withField({ schema: schemaOf(input => ({ value: input })) })
    expect(brief(failure(() => lax.parse({ reader: value })).issues)).toEqual(['reader type'])
  })

  it('lets a schema say that its field may be absent, and the definition that it may not', () => {
    const optional = mini.optional(mini.string())
    const lax = withFields({ a: { schema: optional }, b: { schema: optional, optional: false } })
    expect(lax.fields['a']).toMatchObject({ optional: true, kind: 'text' })
    expect(lax.fields['b']).toMatchObject({ optional: false, kind: 'text' })
    expect(lax.parse({ b: 'x' })).toEqual({ b: 'x' })
    expect(brief(failure(() => lax.parse({ a: 'x' })).issues)).toEqual(['b required'])
  })

  it('takes nothing for absence that a field did not allow, whatever its schema gives', () => {
    const silent = withField({ schema: schemaOf(() => ({ value: undefined })) })
    expect(brief(failure(() => silent.parse({})).issues)).toEqual(['reader required'])
    expect(brief(failure(() => silent.parse({ reader: 'Ana' })).issues)).toEqual(['reader required'])
  })
})

describe('a schema', () => {
  it('that answers with a promise is misuse, even one that fails', async () => {
    const later = withField({ schema: schemaOf(value => Promise.resolve({ value })) })
    const never = withField({ schema: schemaOf(() => Promise.reject(new Error('Ana'))) })
    expect(() => later.parse({ reader: 'Ana' })).toThrow(
      new TypeError('the schema of `reader` must answer at once, not with a promise'),
    )
    expect(() => never.parse({ reader: 'Ana' })).toThrow(TypeError)
    await new Promise(resolve => setTimeout(resolve, 5))
  })

  it('that throws is misuse, and its words are not passed on', () => {
    const throws = withField({
      schema: schemaOf(value => {
        throw new Error(`bad ${value}`)
      }),
    })
    const error = failure(() => throws.parse({ reader: 'Ana' }))
    expect(error).toEqual(new TypeError('the schema of `reader` threw instead of answering'))
    expect(error.cause).toBeUndefined()
  })

  it('that answers nothing is misuse', () => {
    const silent = withField({ schema: schemaOf(() => undefined as never) })
    expect(() => silent.parse({ reader: 'Ana' })).toThrow('does not answer as a Standard Schema does')
  })

  it('of zod that throws or waits is misuse too', async () => {
    const waits = withField({ schema: z.string().refine(async () => true) })
    expect(() => waits.parse({ reader: 'Ana' })).toThrow(TypeError)
    await new Promise(resolve => setTimeout(resolve, 5))
  })
})

describe('rules over several fields', () => {
  const ruled = withFields(
    { from: { as: 'date' }, until: { as: 'date' } },
    {
      check: function* ({ from, until }: Record<string, string | undefined>, now: Date | undefined) {
        if (from !== undefined && until !== undefined && from > until) yield { path: ['until'], code: 'order' as const }
        if (now !== undefined && from !== undefined && from > now.toISOString())
          yield { path: ['from'], code: 'range' as const }
        if (from === undefined) yield { path: [], code: 'required' as const }
      },
    },
  )

  it('find what no field shows alone', () => {
    expect(brief(failure(() => ruled.parse({ from: '2026-01-02', until: '2026-01-01' })).issues)).toEqual([
      'until order',
    ])
  })

  it('see the fields that are in order beside those that are not', () => {
    expect(brief(failure(() => ruled.parse({ from: 'x', until: '2026-01-01' })).issues)).toEqual([
      'from format',
      ' required',
    ])
  })

  it('know the time only when a clock is given', () => {
    const future = { from: '2999-01-01', until: '2999-01-01' }
    expect(ruled.parse(future)).toEqual(future)
    const now = () => new Date('2026-01-01')
    expect(brief(failure(() => ruled.parse(future, { now })).issues)).toEqual(['from range'])
    expect(() => ruled.parse(future, { now: () => new Date('x') })).toThrow(TypeError)
  })
})

describe('a definition that extends another', () => {
  const base = definePassport({
    name: 'base',
    vct: 'base',
    docType: 'base',
    status: 'required',
    certificateProfile: 'iaca',
    fields: { reader: { schema: z.string(), claim: 'reader' }, since: { as: 'date', claim: 'since' } },
    derived: { old: { derive: (passport, on) => passport.since < on, claim: 'old' } },
    validity: passport => ({ until: new Date(passport.since) }),
    check: ({ since }) => (since === '2000-01-01' ? [{ path: ['since'], code: 'range' }] : []),
  })
  const own = definePassport({
    name: 'own',
    vct: 'own',
    docType: 'own',
    extends: base,
    fields: { desk: { schema: z.int(), claim: 'desk' }, reader: { schema: z.array(z.string()), claim: 'readers' } },
    derived: { many: { derive: passport => passport.reader.length > passport.desk, claim: 'many' } },
    check: ({ desk }) => (desk === 13 ? [{ path: ['desk'], code: 'range' }] : []),
  })

  it('takes over fields, derived values, status and rules, and replaces by name', () => {
    const passport = own.parse({ reader: ['Ana', 'Bo'], since: '2001-01-01', desk: 1 })
    expect(own.derive(passport, '2026-01-01')).toEqual({ old: true, many: true })
    expect(own.validity(passport, new Date(0))).toEqual({ until: new Date('2001-01-01') })
    expect(own.status).toBe('required')
    expect(own.certificateProfile).toBe('iaca')
    expect(own.claimPaths('dc+sd-jwt', ['reader', 'since', 'old'])).toEqual([['readers'], ['since'], ['old']])
    expect(own.fields.desk.kind).toBe('integer')
  })

  it('holds records against the rules of both', () => {
    const issues = failure(() => own.parse({ reader: [], since: '2000-01-01', desk: 13 })).issues
    expect(brief(issues)).toEqual(['since range', 'desk range'])
  })

  it('leaves the other as it was', () => {
    expect(base.parse({ reader: 'Ana', since: '2001-01-01' })).toEqual({ reader: 'Ana', since: '2001-01-01' })
    expect(Object.keys(base.fields)).toEqual(['reader', 'since', 'old'])
  })

  it('may not take a claim that the other has', () => {
    const clash = { name: 'own', vct: 'own', docType: 'own', extends: base }
    expect(() => definePassport({ ...clash, fields: { day: { as: 'date', claim: 'since' } } })).toThrow(TypeError)
  })

  it('may derive what the other recorded, and record what the other derived', () => {
    const turned = definePassport({
      name: 'own',
      vct: 'own',
      docType: 'own',
      extends: base,
      fields: { old: { schema: z.boolean(), claim: 'old' } },
      derived: { since: { derive: () => '2001-01-01', as: 'date', claim: 'since' } },
    })
    const passport = turned.parse({ reader: 'Ana', old: false })
    expect({ ...passport, ...turned.derive(passport, '2026-01-01') }).toEqual({
      reader: 'Ana',
      old: false,
      since: '2001-01-01',
    })
  })
})

describe('what a profile alone can say of a field', () => {
  const listed = (field: object): PassportProfile => ({
    name: 'listed',
    vct: [],
    docType: ['listed'],
    status: 'optional',
    fields: { reader: { kind: 'list', ...field } } as PassportProfile['fields'],
  })
  const forms = (field: object) => readForms(profileOf(listed(field)))
  const readForms = ({ fields }: PassportProfile) => {
    const { dates, also } = (fields as Readonly<Record<string, ProfileField>>)['reader'] ?? {}
    for (const list of [dates, also]) expect(list === undefined || Object.isFrozen(list)).toBe(true)
    return { dates, also }
  }

  it('is kept, frozen and apart from what it was made of', () => {
    const dates = ['from', 'to']
    const also = ['jpeg2000', 'empty']
    const kept = [forms({ dates }), forms({ kind: 'image', also })]
    dates.push('x')
    also.push('x')
    expect(kept).toEqual([
      { dates: ['from', 'to'], also: undefined },
      { dates: undefined, also: ['jpeg2000', 'empty'] },
    ])
    expect(forms({ kind: 'object', dates })).toMatchObject({ dates })
    expect(forms({ kind: 'any', dates })).toMatchObject({ dates })
  })

  it('is kept by a definition that extends another', () => {
    const base = definePassport(listed({ kind: 'image', also: ['empty'] }), () => ({}))
    const fields = { since: { as: 'date' } } as const
    const own = definePassport({ name: 'own', vct: 'own', docType: 'own', extends: base, fields })
    expect(readForms(own)).toEqual({ also: ['empty'], dates: undefined })
    expect(own.certificateProfile).toBeUndefined()
    const iaca = definePassport({ name: 'own', vct: 'own', docType: 'own', certificateProfile: 'iaca', fields })
    expect(profileOf(iaca).certificateProfile).toBe('iaca')
    const plain = { name: 'own', vct: 'own', docType: 'own', certificateProfile: 'plain', extends: iaca } as const
    expect(definePassport({ ...plain, fields: { until: { as: 'date' } } }).certificateProfile).toBe('plain')
  })

  it.each<[string, object, string]>([
    ['dates within a text', { kind: 'text', dates: ['from'] }, '`fields.reader.dates` cannot be'],
    ['dates within an image', { kind: 'image', dates: [] }, '`fields.reader.dates` cannot be'],
    ['dates that are no list', { dates: 'from' }, '`fields.reader.dates` must be a list'],
    ['a date of no name', { dates: ['from', ''] }, '`fields.reader.dates` must be a non-empty text'],
    ['other images in a list', { also: ['empty'] }, '`fields.reader.also` cannot be'],
    ['other images that are no list', { kind: 'image', also: 'empty' }, '`fields.reader.also` must be a list'],
    ['images of another kind', { kind: 'image', also: ['empty', 'gif'] }, '`fields.reader.also` must be a list'],
  ])('is refused for %s', (_, field, message) => {
    expect(() => forms(field)).toThrow(TypeError)
    expect(() => forms(field)).toThrow(message)
  })
})

describe('a profile with schemas', () => {
  interface ReaderClaims {
    readonly reader: string
    readonly since?: string | undefined
    readonly adult: boolean
  }
  const profile: PassportProfile<'reader', ReaderClaims> = {
    name: 'reader',
    vct: ['reader'],
    docType: [],
    status: 'required',
    fields: {
      reader: { kind: 'text', claim: ['reader'], hide: true, optional: false },
      since: { kind: 'date', claim: ['since'], hide: true, optional: true },
      adult: { kind: 'boolean', claim: ['adult'], hide: true, optional: false, derived: true },
    },
  }
  const adult = () => true

  it('is a definition whose schemas are built on the first parse, once', () => {
    let built = 0
    const schemas = () => {
      built++
      return { reader: mini.string() }
    }
    const reader = definePassport(profile, schemas, { derived: { adult: passport => passport.reader !== '' } })
    reader.claimPaths('dc+sd-jwt', ['reader'])
    expect(built).toBe(0)
    expect(reader.parse({ reader: 'Ana' })).toEqual({ reader: 'Ana' })
    expect(reader.parse({ reader: 'Bo', since: '2026-01-01' })).toEqual({ reader: 'Bo', since: '2026-01-01' })
    expect(reader.derive({ reader: '' }, '2026-01-01')).toEqual({ adult: false })
    expect(built).toBe(1)
    expect(profileOf(reader)).toEqual(profile)
  })

  it('has a schema for every field that needs one, and for no other', () => {
    const parse = (schemas: object) => () =>
      definePassport(profile, () => schemas, { derived: { adult } }).parse({ reader: 'Ana' })
    expect(parse({})).toThrow('`schemas.reader` is missing')
    expect(parse({ reader: mini.string(), other: mini.string() })).toThrow('`schemas.other` is for no field')
    expect(parse({ reader: mini.string(), adult: mini.boolean() })).toThrow('`schemas.adult` is for no field')
    expect(parse({ reader: 'text' })).toThrow('`schemas.reader` must be a Standard Schema')
  })

  it('has a function for every derived field, and for no other', () => {
    expect(() => definePassport(profile, () => ({}))).toThrow('`derived` must have a function for each of: adult')
    expect(() => definePassport(profile, () => ({}), { derived: { adult, reader: () => 'Ana' } })).toThrow(TypeError)
    expect(() => definePassport(profile, { reader: mini.string() } as never)).toThrow('`schemas` must be a function')
  })

  it('may be given the names of its fields, in place of its own', () => {
    const own = {
      ...profile,
      fields: { ...profile.fields, since: { ...profile.fields.since, label: { en: 'Since' } } },
    }
    const labels = { reader: { en: 'Reader' }, adult: undefined }
    const { fields } = definePassport(own, () => ({ reader: mini.string() }), { labels, derived: { adult } })
    expect(Object.values(fields).map(({ label }) => label?.en)).toEqual(['Reader', 'Since', undefined])
    expect(() =>
      definePassport(profile, () => ({}), { labels: { other: { en: 'Other' } } as never, derived: { adult } }),
    ).toThrow('`labels.other` is for no field')
  })

  it('may have a field named as every object has one', () => {
    const fields = { constructor: { kind: 'date' as const, hide: true, optional: false } }
    const strange = definePassport(
      { ...profile, fields } as unknown as PassportProfile<'x', { constructor: string }>,
      () => ({}) as never,
      { labels: {} },
    )
    expect(strange.parse({ constructor: '2026-01-01' })).toEqual({ constructor: '2026-01-01' })
  })

  it('describes every field', () => {
    const fields = { ...profile.fields, since: null as never }
    expect(() => definePassport({ ...profile, fields }, () => ({}), { derived: { adult } })).toThrow(
      '`fields.since` must be an object',
    )
  })

  it('keeps the rules of a definition', () => {
    const fields = { ...profile.fields, reader: { ...profile.fields.reader, claim: ['iss'] } }
    expect(() => definePassport({ ...profile, fields }, () => ({}), { derived: { adult } })).toThrow(TypeError)
  })
})

it('is misuse to define a passport by nothing', () => {
  for (const nothing of [null, undefined, 'passport']) {
    expect(() => definePassport(nothing as never)).toThrow(new TypeError('`definition` must be an object'))
    expect(() => definePassport(nothing as never, () => ({}))).toThrow(new TypeError('`profile` must be an object'))
  }
})
