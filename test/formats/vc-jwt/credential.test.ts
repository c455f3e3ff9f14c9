/** The data model of a credential, rule by rule: each row breaks one. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.js'
import { VidimusError } from '../../../src/errors.js'
import { parseCredential, readIssuer, refuseHiddenMembers } from '../../../src/formats/vc-jwt/credential.js'

const base = 'https://www.w3.org/ns/credentials/v2'
const own = 'https://guild.example/contexts/card/v1'
const type = 'https://guild.example/Thing'

const honest: JsonObject = {
  '@context': [base, own],
  type: ['VerifiableCredential', 'GuildCard'],
  id: 'urn:uuid:b5d51bf0-32c9-4a9b-8a1d-5b9dcd1b6a60',
  issuer: 'https://passport.example',
  credentialSubject: { id: 'did:example:holder', family_name: 'Specimen' },
  validFrom: '2026-01-01T00:00:00Z',
  validUntil: '2027-01-01T00:00:00+14:00',
}

/** A copy with members laid over; `undefined` takes one away. */
const changed = (changes: Readonly<Record<string, unknown>>): JsonObject =>
  JSON.parse(JSON.stringify({ ...honest, ...changes })) as JsonObject

function refusalOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(VidimusError)
    return (error as VidimusError).message
  }
  return 'accepted'
}

const refusal = (changes: Readonly<Record<string, unknown>>) => refusalOf(() => parseCredential(changed(changes)))

type Row = readonly [title: string, changes: Readonly<Record<string, unknown>>]

const refuses = (at: string, rows: readonly Row[]) =>
  it.each(rows)('refuses %s', (_, changes) => expect(refusal(changes)).toBe(at))

const takes = (rows: readonly Row[]) =>
  it.each(rows)('takes %s', (_, changes) => expect(refusal(changes)).toBe('accepted'))

/** Values that are no URL, for members that must be one. */
const noUrls: readonly unknown[] = [null, 7, true, '', 'guild', '//guild.example', 'https ://guild.example', {}, []]
const oddUrls = [
  ' https://guild.example',
  'https://guild.example ',
  'https://guild.example/\n',
  'https://a b',
  'x:<y>',
  'https:',
  'https://',
  'http://[x',
]

const rowsOf = (member: string, values: readonly unknown[]): Row[] =>
  values.map(value => [`${member} ${JSON.stringify(value)}`, { [member]: value }])

describe('a credential that keeps every rule', () => {
  it('is read into its types, issuer, subjects and instants', () => {
    expect(parseCredential(honest)).toEqual({
      types: ['VerifiableCredential', 'GuildCard'],
      issuer: 'https://passport.example',
      subjects: [honest['credentialSubject']],
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validUntil: new Date('2026-12-31T10:00:00Z'),
    })
  })

  it('has no instants where it says none', () => {
    const { validFrom, validUntil } = parseCredential(changed({ validFrom: undefined, validUntil: undefined }))
    expect([validFrom, validUntil]).toEqual([undefined, undefined])
  })

  takes([
    ['members it does not know', { shoeSize: 44, 'x:y': [null] }],
    ['one type as text', { type: 'VerifiableCredential' }],
    ['one context as text', { '@context': base, type: 'VerifiableCredential' }],
    ['a validity of one instant', { validFrom: '2026-01-01T00:00:00Z', validUntil: '2026-01-01T03:00:00+03:00' }],
    ['an issuer with a name', { issuer: { id: 'did:example:1', name: { '@value': 'Guild', '@language': 'en-GB' } } }],
    ['a name from right to left', { name: [{ '@value': 'x', '@language': 'ar', '@direction': 'rtl' }, 'y'] }],
  ])
})

describe('versions before 2.0', () => {
  for (const member of ['vc', 'vp', 'issuanceDate', 'expirationDate'])
    refuses(`vc_version_unsupported (${member})`, [[member, { [member]: '2026-01-01T00:00:00Z' }]])
  refuses('vc_version_unsupported (@context)', [
    ['the context of 1.1', { '@context': ['https://www.w3.org/2018/credentials/v1', base] }],
  ])
})

describe('contexts', () => {
  refuses('vc_malformed (@context)', [
    ...rowsOf('@context', [undefined, null, '', [], {}, own, [own, base], [{}, base], [[base]], [`${base}/`], [null]]),
    ...noUrls
      .filter(value => JSON.stringify(value) !== '{}')
      .map((value): Row => [`a further context ${JSON.stringify(value)}`, { '@context': [base, own, value] }]),
  ])
  refuses('vc_malformed (@context terms)', [
    ['a term of the base context', { '@context': [base, { issuer: 'https://guild.example/issuer' }] }],
    ['a term twice', { '@context': [base, { Thing: type }, { Thing: `${type}2` }] }],
    ['a term that means no URL', { '@context': [base, { Thing: 'thing' }] }],
    ['a term whose definition means no URL', { '@context': [base, { Thing: { '@id': 'thing' } }] }],
  ])
  takes([
    ['terms', { '@context': [base, { GuildCard: type, Other: { '@id': `${type}2`, '@type': '@id' }, alias: '@id' }] }],
    [
      'a relative term where there is a vocabulary',
      { '@context': [base, { '@vocab': 'https://x.example#', Thing: 'thing' }] },
    ],
    ['protected terms', { '@context': [base, { '@protected': true, '@version': 1.1, GuildCard: type }] }],
  ])
})

describe('types', () => {
  refuses('vc_malformed (type)', [
    ...rowsOf('type', [
      undefined,
      null,
      7,
      '',
      [],
      {},
      [null],
      ['VerifiableCredential', 7],
      ['VerifiableCredential', ''],
    ]),
    ['others alone', { type: [type] }],
    ['a presentation', { type: ['VerifiablePresentation'] }],
    ['one that no context can define', { '@context': [base] }],
    ['one that is taken back', { '@context': [base, { '@vocab': null, GuildCard: null }] }],
  ])
  takes([
    ['a URL that no context defines', { '@context': [base], type: ['VerifiableCredential', type] }],
    ['a term of a vocabulary', { '@context': [base, { '@vocab': 'https://x.example#' }] }],
    ['a term of an imported context', { '@context': [base, { '@import': own }] }],
  ])
})

describe('identifiers and names', () => {
  refuses('vc_malformed (id)', rowsOf('id', [...noUrls, ...oddUrls]))
  refuses('vc_malformed (issuer)', [
    ...rowsOf('issuer', [undefined, ...noUrls, ...oddUrls, [honest['issuer']]]),
    ...noUrls.map((id): Row => [`issuer.id ${JSON.stringify(id)}`, { issuer: { id } }]),
  ])
  for (const member of ['name', 'description']) {
    const wrong = [
      null,
      7,
      {},
      { '@value': 7 },
      { '@value': 'x', url: 'y' },
      { '@value': 'x', '@language': 7 },
      ['x', 7],
    ]
    const wrongWays = [
      { '@value': 'x', '@direction': 'up' },
      { '@value': 'x', '@language': 'not a language' },
    ]
    refuses(`vc_malformed (${member})`, rowsOf(member, [...wrong, ...wrongWays]))
    refuses(`vc_malformed (issuer.${member})`, [
      [`an issuer’s ${member}`, { issuer: { id: 'did:example:1', [member]: 7 } }],
    ])
  }

  it('are told of the issuer alone', () => {
    expect(readIssuer({ issuer: { id: 'did:example:1' } })).toBe('did:example:1')
    expect(refusalOf(() => readIssuer({}))).toBe('vc_malformed (issuer)')
  })
})

describe('subjects', () => {
  refuses('vc_malformed (credentialSubject)', [
    ...rowsOf('credentialSubject', [undefined, null, 7, 'did:example:1', [], {}, [{}], [{ a: 1 }, {}], [['a']]]),
  ])
  refuses(
    'vc_malformed (credentialSubject.id)',
    noUrls.map((id): Row => [`an id ${JSON.stringify(id)}`, { credentialSubject: { id, family_name: 'x' } }]),
  )

  it('of whom everything is hidden are not empty', () => {
    expect(parseCredential(changed({ credentialSubject: {} }), { hidesClaims: true }).subjects).toEqual([{}])
    expect(refusalOf(() => parseCredential(changed({ credentialSubject: [] }), { hidesClaims: true }))).toBe(
      'vc_malformed (credentialSubject)',
    )
  })
})

describe('instants', () => {
  const wrong = [
    null,
    1_767_225_600,
    '',
    '2026-01-01',
    '2026-01-01T00:00:00',
    '2026-01-01 00:00:00Z',
    '2026-01-01t00:00:00z',
    '2026-01-01T00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '-2026-01-01T00:00:00Z',
    '12026-01-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00+0300',
    '2026-01-01T00:00:00+14:01',
    '2026-01-01T00:00:00+15:00',
    '2026-01-01T00:00:00+03:60',
    '2026-01-01T00:00:00Z ',
    '２026-01-01T00:00:00Z',
    ['2026-01-01T00:00:00Z'],
  ]
  refuses('vc_malformed (validFrom)', rowsOf('validFrom', wrong))
  refuses('vc_malformed (validUntil)', rowsOf('validUntil', wrong))
  refuses('vc_malformed (validity)', [
    ['an end before the beginning', { validFrom: '2026-01-01T00:00:00Z', validUntil: '2025-12-31T23:59:59.999Z' }],
  ])

  it.each([
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01T00:00:00.123456789012Z', '2026-01-01T00:00:00.123Z'],
    ['2026-01-01T00:00:00-14:00', '2026-01-01T14:00:00.000Z'],
    ['2026-01-01T00:00:00-00:00', '2026-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
  ])('are read to the millisecond: %s', (text, instant) => {
    expect(parseCredential(changed({ validFrom: text, validUntil: undefined })).validFrom?.toISOString()).toBe(instant)
  })
})

describe('objects of a type', () => {
  for (const member of ['credentialStatus', 'refreshService', 'termsOfUse', 'evidence', 'proof', 'credentialSchema']) {
    const id = 'https://guild.example/1'
    takes([
      [`one ${member}`, { [member]: { id, type } }],
      [
        `several of ${member}`,
        {
          [member]: [
            { id, type },
            { id, type: [type, 'Thing'] },
          ],
        },
      ],
    ])
    refuses(`vc_malformed (${member})`, rowsOf(member, [null, 7, 'https://guild.example/1', [], [{ id, type }, 7]]))
    refuses(`vc_malformed (${member}.type)`, [
      [`${member} without a type`, { [member]: { id } }],
      [`${member} of no type`, { [member]: { id, type: [] } }],
      [`${member} of an empty type`, { [member]: { id, type: '' } }],
      [
        `${member} of a type that is no text`,
        {
          [member]: [
            { id, type },
            { id, type: 2 },
          ],
        },
      ],
    ])
    refuses(
      `vc_malformed (${member}.id)`,
      noUrls.map((wrong): Row => [`${member}.id ${JSON.stringify(wrong)}`, { [member]: { id: wrong, type } }]),
    )
  }
  takes([['evidence without an id', { evidence: { type } }]])
  refuses('vc_malformed (credentialSchema.id)', [['a schema without an id', { credentialSchema: { type } }]])
})

describe('related resources', () => {
  const resource = { id: 'https://guild.example/1', digestSRI: 'sha384-x' }
  takes([
    ['several', { relatedResource: [resource, { id: 'https://guild.example/2', digestMultibase: 'u' }] }],
    ['one', { relatedResource: resource }],
  ])
  refuses('vc_malformed (relatedResource)', rowsOf('relatedResource', [null, 7, [7]]))
  refuses('vc_malformed (relatedResource.id)', [
    ['one without an id', { relatedResource: { digestSRI: 'x' } }],
    ['one twice', { relatedResource: [resource, resource] }],
  ])
  refuses('vc_malformed (relatedResource.digestSRI)', [
    ['one without a digest', { relatedResource: { id: resource.id } }],
    ['a digest that is no text', { relatedResource: { ...resource, digestSRI: 7 } }],
  ])
})

describe('claims beside the data model', () => {
  takes([
    ['that agree', { iss: honest['issuer'], jti: honest['id'], sub: 'did:example:holder' }],
    ['that agree with an issuer in an object', { issuer: { id: 'did:example:1' }, iss: 'did:example:1' }],
    [
      'of a credential and a subject without identifiers',
      { id: undefined, jti: 'x', sub: 'y', credentialSubject: { a: 1 } },
    ],
    ['of one subject among several', { credentialSubject: [{ id: 'did:a:1' }, { id: 'did:a:2' }], sub: 'did:a:2' }],
  ])
  refuses('vc_claim_conflict (iss)', rowsOf('iss', ['https://other.example', 'https://passport.example/', null, 7]))
  refuses('vc_claim_conflict (jti)', rowsOf('jti', ['urn:x:1', null]))
  refuses('vc_claim_conflict (sub)', rowsOf('sub', ['did:example:other', null]))
})

describe('what no holder may hide', () => {
  const names = ['@context', 'type', 'issuer', 'validFrom', 'validUntil', 'credentialStatus', 'credentialSchema']
  it.each([...names, 'iss', 'nbf', 'exp', 'cnf', 'status'])('%s', name => {
    expect(refusalOf(() => refuseHiddenMembers(['credentialSubject', name]))).toBe(`claim_not_disclosable (${name})`)
  })

  it('is nothing else', () => {
    expect(refusalOf(() => refuseHiddenMembers(['credentialSubject', 'evidence', 'id', 0, null, undefined]))).toBe(
      'accepted',
    )
  })
})

describe('whatever JSON it is', () => {
  it('is read or refused with a code', () => {
    const members = fc.constantFrom(...Object.keys(honest), 'name', 'evidence', 'relatedResource', 'iss')
    fc.assert(
      fc.property(fc.dictionary(members, fc.jsonValue()), changes => {
        refusalOf(() => parseCredential(changed(changes)))
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it('costs work in proportion to its size', () => {
    const terms = Object.fromEntries(
      Array.from({ length: 50_000 }, (_, index) => [`t${index}`, `https://x.example/${index}`]),
    )
    const resources = Array.from({ length: 10_000 }, (_, index) => ({
      id: `https://x.example/${index}`,
      digestSRI: 'x',
    }))
    const started = performance.now()
    const document = {
      '@context': [base, terms],
      type: ['VerifiableCredential', ...Object.keys(terms)],
      relatedResource: resources,
    }
    expect(refusal(document)).toBe('accepted')
    expect(refusal({ id: `https://${'a'.repeat(1_000_000)}<` })).toBe('vc_malformed (id)')
    expect(refusal({ validFrom: `2026-01-01T00:00:00.${'1'.repeat(1_000_000)}` })).toBe('vc_malformed (validFrom)')
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
