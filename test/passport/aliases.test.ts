/** What other issuers write after older drafts, and how much of it is read. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CborTag, type CborValue } from '../../src/core/cbor/value.js'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { elementsToIssue, fieldOfElement, fromElements } from '../../src/passport/elements.js'
import type { ProfileField } from '../../src/passport/profile.js'
import { failure } from './support.js'

const [ns, old] = ['example.card.2', 'example.card.1']

const profileWith = (fields: Readonly<Record<string, ProfileField>>) => ({
  name: 'card',
  vct: [],
  docType: [ns],
  status: 'optional' as const,
  fields,
})
const card = profileWith({
  reader: {
    kind: 'text',
    element: [ns, 'reader'],
    aliases: [
      [ns, 'reader_unicode'],
      [old, 'reader'],
    ],
  },
  born: { kind: 'date', element: [ns, 'born'], also: ['approximate'], optional: true },
})
const read = (elements: Readonly<Record<string, Readonly<Record<string, CborValue>>>>) =>
  fromElements(
    card,
    new Map(Object.entries(elements).map(([at, members]) => [at, new Map(Object.entries(members))] as const)),
  )

describe('a field with aliases', () => {
  it.each([
    ['its own name', { [ns]: { reader: 'Ana' } }],
    ['an older name', { [ns]: { reader_unicode: 'Ana' } }],
    ['an older namespace', { [old]: { reader: 'Ana' } }],
  ])('is read by %s', (_, elements) => {
    expect(read(elements)).toEqual({ claims: { reader: 'Ana' }, other: {} })
  })

  it('is read by its own name where there are several, and leaves the rest', () => {
    expect(read({ [old]: { reader: 'C' }, [ns]: { reader_unicode: 'B', reader: 'A' } })).toEqual({
      claims: { reader: 'A' },
      other: { [ns]: { reader_unicode: 'B' }, [old]: { reader: 'C' } },
    })
    expect(read({ [old]: { reader: 'C' }, [ns]: { reader_unicode: 'B' } }).claims).toEqual({ reader: 'B' })
  })

  it('is as strict by every name', () => {
    expect(failure(() => read({ [old]: { reader: 7 } }))).toMatchObject({ code: 'claim_malformed', at: 'reader' })
  })

  it('is told by every name, and issued by its own', () => {
    expect(fieldOfElement(card, old, 'reader')).toBe('reader')
    expect(fieldOfElement(card, old, 'born')).toBeUndefined()
    expect(elementsToIssue(card, { reader: 'Ana' })).toEqual([{ namespace: ns, identifier: 'reader', value: 'Ana' }])
  })

  it('may have no element of its own', () => {
    const { element: _, ...foreign } = card.fields['reader']!
    const elements = new Map([[old, new Map([['reader', 'Ana']])]])
    expect(fromElements(profileWith({ reader: foreign }), elements).claims).toEqual({ reader: 'Ana' })
    expect(elementsToIssue(profileWith({ reader: foreign }), { reader: 'Ana' })).toEqual([])
  })
})

describe('a date that may be approximate', () => {
  const date = new CborTag(1004, '2001-02-28')
  const born = (value: CborValue) => read({ [ns]: { born: value } })

  it.each<[string, CborValue]>([
    ['plain', date],
    ['in a map', new Map([['birth_date', date]])],
    [
      'in a map that knows all of it',
      new Map<string, CborValue>([
        ['birth_date', date],
        ['approximate_mask', '00000000'],
      ]),
    ],
  ])('is read when it is known to the day: %s', (_, value) => {
    expect(born(value)).toEqual({ claims: { born: '2001-02-28' }, other: {} })
  })

  it.each<[string, CborValue]>([
    ['the day', '00000001'],
    ['everything', '11111111'],
    ['what nobody can tell', 0],
    ['what is too short to tell', '0000000'],
  ])('is absent when a mask covers %s', (_, mask) => {
    const value = new Map<string, CborValue>([
      ['birth_date', date],
      ['approximate_mask', mask],
    ])
    expect(born(value)).toEqual({ claims: {}, other: {} })
  })

  it.each<[string, CborValue]>([
    ['a map without a date', new Map()],
    ['a map with text', new Map([['birth_date', '2001-02-28']])],
    ['a map in a map', new Map([['birth_date', new Map([['birth_date', date]])]])],
  ])('is malformed as %s', (_, value) => {
    expect(failure(() => born(value))).toMatchObject({ code: 'claim_malformed', at: 'born' })
  })

  it('is plain where the field does not say so', () => {
    const strict = profileWith({ born: { kind: 'date', element: [ns, 'born'] } })
    const elements = new Map([[ns, new Map([['born', new Map([['birth_date', date]])]])]])
    expect(failure(() => fromElements(strict, elements))).toMatchObject({ code: 'claim_malformed', at: 'born' })
  })
})

describe('a profile', () => {
  const made = (field: object) =>
    definePassport(
      profileWith({ reader: { kind: 'text', element: [ns, 'reader'], ...field } as ProfileField }),
      () => ({
        reader: z.string(),
      }),
    )

  it('keeps aliases, copied and frozen', () => {
    const aliases: [string, string][] = [[old, 'reader']]
    const kept = made({ aliases }).fields['reader']?.aliases
    aliases[0]![1] = 'x'
    expect(kept).toEqual([[old, 'reader']])
    expect(Object.isFrozen(kept)).toBe(true)
    expect(Object.isFrozen(kept?.[0])).toBe(true)
  })

  it.each<[string, object, string]>([
    ['aliases as text', { aliases: 'reader' }, '`fields.reader.aliases` must be a list'],
    ['an alias without namespace', { aliases: [['reader']] }, '`fields.reader.aliases` must be a namespace'],
    ['an empty alias', { aliases: [[old, '']] }, '`fields.reader.aliases` must be a non-empty text'],
    ['an alias that is the element', { aliases: [[ns, 'reader']] }, '`fields.reader.aliases` is that of'],
    [
      'an alias twice',
      {
        aliases: [
          [old, 'reader'],
          [old, 'reader'],
        ],
      },
      '`fields.reader.aliases` is that of',
    ],
    ['other forms of a text', { also: ['approximate'] }, '`fields.reader.also` cannot be'],
    ['forms of an image for a date', { kind: 'date', also: ['empty'] }, "`fields.reader.also` must be a list of 'appr"],
    [
      'forms of a date for an image',
      { kind: 'image', also: ['approximate'] },
      "`fields.reader.also` must be a list of 'j",
    ],
  ])('refuses %s', (_, field, message) => {
    expect(() => made(field)).toThrow(TypeError)
    expect(() => made(field)).toThrow(message)
  })

  it('has a name for people where it is given one', () => {
    const label = { en: 'Card', ru: 'Билет' }
    const named = definePassport({ ...profileWith(card.fields), label }, () => ({ reader: z.string() }))
    expect(named.label).toEqual(label)
    expect(Object.isFrozen(profileOf(named).label)).toBe(true)
    const renamed = definePassport({ ...profileWith(card.fields), label }, () => ({ reader: z.string() }), {
      label: { en: 'Ticket' },
    })
    expect(renamed.label).toEqual({ en: 'Ticket' })
    const written = definePassport({
      name: 'x',
      label,
      vct: 'x',
      docType: [],
      extends: named,
      fields: { town: { schema: z.string(), claim: 'town' } },
    })
    expect(written.label).toEqual(label)
    expect(made({})).not.toHaveProperty('label')
    expect(() => definePassport({ ...profileWith(card.fields), label: { en: '' } }, () => ({}))).toThrow('`label`')
  })
})
