/** The data model of a presentation and its envelopes, rule by rule. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json.js'
import { VidimusError } from '../../../src/errors.js'
import { mediaTypeOf, parsePresentation, presentationOf } from '../../../src/formats/vc-jwt/presentation.js'

const base = 'https://www.w3.org/ns/credentials/v2'
const envelope = {
  '@context': base,
  type: 'EnvelopedVerifiableCredential',
  id: 'data:application/vc+jwt,e30.e30.AAAA',
}
const open = {
  '@context': [base],
  type: ['VerifiableCredential'],
  issuer: 'https://passport.example',
  credentialSubject: { id: 'did:example:1' },
}
const honest = { '@context': [base], type: ['VerifiablePresentation'], verifiableCredential: [envelope] }

const changed = (changes: Readonly<Record<string, unknown>>): JsonObject =>
  JSON.parse(JSON.stringify({ ...honest, ...changes })) as JsonObject

function outcome(changes: Readonly<Record<string, unknown>>): unknown {
  try {
    return parsePresentation(changed(changes))
  } catch (error) {
    expect(error).toBeInstanceOf(VidimusError)
    return (error as VidimusError).message
  }
}

const held = (changes: Readonly<Record<string, unknown>>) => ({ verifiableCredential: { ...envelope, ...changes } })

describe('a presentation', () => {
  it('gives the text and media type of what is in its envelopes', () => {
    const sd = { ...envelope, type: ['EnvelopedVerifiableCredential'], id: 'data:application/vc+sd-jwt,e30.e30.AAAA~' }
    expect(outcome({ verifiableCredential: [envelope, sd, open] })).toEqual([
      { mediaType: 'application/vc+jwt', text: 'e30.e30.AAAA' },
      { mediaType: 'application/vc+sd-jwt', text: 'e30.e30.AAAA~' },
      'embedded',
    ])
  })

  it('may hold one credential without a list, or none', () => {
    expect(outcome({ verifiableCredential: envelope })).toHaveLength(1)
    expect(outcome({ verifiableCredential: undefined })).toEqual([])
    expect(outcome({ verifiableCredential: [] })).toEqual([])
  })

  it('is read as it is made', () => {
    const text = 'e30.e30.AAAA'
    expect(parsePresentation(presentationOf('vc+jwt', text))).toEqual([{ mediaType: mediaTypeOf('vc+jwt'), text }])
  })

  it.each([
    ['no context', { '@context': undefined }, 'vp_malformed (@context)'],
    ['another context first', { '@context': ['https://x.example', base] }, 'vp_malformed (@context)'],
    ['no type', { type: undefined }, 'vp_malformed (type)'],
    ['the type of a credential', { type: ['VerifiableCredential'] }, 'vp_malformed (type)'],
    ['an envelope for a type', { type: 'EnvelopedVerifiablePresentation' }, 'vp_malformed (type)'],
    ['an id that is no URL', { id: 'x' }, 'vp_malformed (id)'],
    ['a holder that is no URL', { holder: 'x' }, 'vp_malformed (holder)'],
    ['a holder without an id', { holder: { name: 'x' } }, 'vp_malformed (holder)'],
    ['terms of no type', { termsOfUse: { id: 'did:example:1' } }, 'vp_malformed (termsOfUse.type)'],
    ['a bare token', { verifiableCredential: ['e30.e30.AAAA'] }, 'vp_malformed (verifiableCredential)'],
    ['a list in a list', { verifiableCredential: [[envelope]] }, 'vp_malformed (verifiableCredential)'],
    ['null for a credential', { verifiableCredential: null }, 'vp_malformed (verifiableCredential)'],
    [
      'an open credential that is malformed',
      { verifiableCredential: { ...open, issuer: 'x' } },
      'vc_malformed (issuer)',
    ],
    ['an envelope without a context', held({ '@context': undefined }), 'vp_malformed (verifiableCredential.@context)'],
    ['an envelope of another context', held({ '@context': ['x:y'] }), 'vp_malformed (verifiableCredential.@context)'],
    ['an envelope without a URL', held({ id: undefined }), 'vp_malformed (verifiableCredential.id)'],
    ['an envelope of another URL', held({ id: 'https://x.example/,y' }), 'vp_malformed (verifiableCredential.id)'],
    ['an envelope without a comma', held({ id: 'data:application/vc+jwt' }), 'vp_malformed (verifiableCredential.id)'],
  ])('is refused for %s', (_, changes, code) => {
    expect(outcome(changes)).toBe(code)
  })

  it('of whatever JSON is read or refused with a code', () => {
    const members = fc.constantFrom('@context', 'type', 'id', 'holder', 'termsOfUse', 'verifiableCredential')
    fc.assert(
      fc.property(fc.dictionary(members, fc.jsonValue()), changes => {
        outcome(changes)
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })
})
