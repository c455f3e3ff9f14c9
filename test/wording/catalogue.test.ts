import { describe, expect, it } from 'vitest'
import errorsSource from '../../src/errors.ts?raw'
import type { Catalogue } from '../../src/wording/catalogue.js'
import { english } from '../../src/wording/english.js'
import { russian } from '../../src/wording/russian.js'

/** The members of a union of string literals, read from the source: types are gone by the time tests run. */
function membersOf(union: string): string[] {
  const body = errorsSource.match(new RegExp(`export type ${union} =([^/]*?)\\n\\n`))?.[1] ?? ''
  return [...body.matchAll(/'(\w+)'/g)].map(match => match[1]!)
}

/** The names of the unions that another union joins. */
function partsOf(union: string): string[] {
  const body = errorsSource.match(new RegExp(`export type ${union} =([^/]*?)\\n\\n`))?.[1] ?? ''
  return [...body.matchAll(/\| (\w+)/g)].map(match => match[1]!)
}

const errorCodes = partsOf('ErrorCode').flatMap(membersOf)
const issueCodes = membersOf('IssueCode')
const checkIds = [
  'structure',
  'format',
  'type',
  'issuer_trusted',
  'issuer_signature',
  'certificate_validity',
  'certificate_revocation',
  'logged',
  'disclosures',
  'protected_claims',
  'type_metadata',
  'validity',
  'key_binding',
  'key_binding_signature',
  'key_binding_audience',
  'key_binding_nonce',
  'key_binding_time',
  'key_binding_hash',
  'holder_key',
  'status_reference',
  'status',
  'claims',
  'required_claims',
  'evidence',
  'presentation_set',
]

/** The pieces of a text that stay out when a fact is missing, and the text without them. */
const pieces = (text: string) => [...text.matchAll(/\[([^[\]]*)\]/g)].map(match => match[1]!)
const fixed = (text: string) => text.replace(/\[[^[\]]*\]/g, '')

const textsOf = ({ codes }: Catalogue) =>
  Object.entries(codes).flatMap(([code, { title, remedy }]) => [
    [`${code} title`, title] as const,
    ...(remedy === undefined ? [] : [[`${code} remedy`, remedy] as const]),
  ])

it('reads the unions of codes from their source', () => {
  expect(errorCodes).toContain('encoding_invalid')
  expect(errorCodes).toContain('certificate_revocation_not_checked')
  expect(errorCodes.length).toBeGreaterThan(95)
  expect(issueCodes).toContain('mixed_script')
})

describe.each([
  ['English', english],
  ['Russian', russian],
] as const)('the %s catalogue', (_, catalogue) => {
  it('words every error code and no other', () => {
    expect(Object.keys(catalogue.codes).sort()).toEqual([...errorCodes].sort())
  })

  it('words every issue code and no other', () => {
    expect(Object.keys(catalogue.issues).sort()).toEqual([...issueCodes].sort())
  })

  it('words every check', () => {
    expect(Object.keys(catalogue.checks)).toEqual(expect.arrayContaining(checkIds))
  })

  it('says what to do wherever something failed', () => {
    const skips = ['not_reached', 'not_requested', 'not_present']
    const silent = Object.entries(catalogue.codes).filter(([, { remedy }]) => remedy === undefined)
    expect(silent.map(([code]) => code).sort()).toEqual(skips.sort())
  })

  it('speaks in whole sentences, with and without facts', () => {
    for (const [name, text] of textsOf(catalogue))
      for (const sentence of [fixed(text), text.replaceAll(/[[\]]/g, '')]) {
        expect(sentence, name).toMatch(/^[A-ZА-ЯЁ].*\.$/u)
        expect(sentence, name).not.toMatch(/ {2}| [.,:;]|[,:;]\.|\(\)/)
      }
  })

  it('holds placeholders only inside brackets, and only known ones', () => {
    for (const [name, text] of textsOf(catalogue)) {
      expect(fixed(text), name).not.toMatch(/[[\]{}]/)
      for (const piece of pieces(text)) expect(piece, name).toMatch(/^[^{}]*\{(at|field|expected|actual)\}[^{}]*$/)
    }
  })

  it('words issues as clauses that follow the name of a field', () => {
    for (const text of Object.values(catalogue.issues)) expect(text).not.toMatch(/[.[\]{}]$/)
  })

  it('says different things about different codes', () => {
    const titles = Object.values(catalogue.codes).map(({ title }) => title)
    expect(new Set(titles).size).toBe(titles.length)
    expect(new Set(Object.values(catalogue.issues)).size).toBe(issueCodes.length)
    expect(new Set(Object.values(catalogue.checks)).size).toBe(Object.keys(catalogue.checks).length)
  })
})

it('writes Russian in Cyrillic, and no English sentence slips in', () => {
  for (const [name, text] of textsOf(russian))
    expect(text.match(/[а-яё]/gi)?.length ?? 0, name).toBeGreaterThan(fixed(text).match(/[a-z]/gi)?.length ?? 0)
})

it('uses the same facts in both languages', () => {
  for (const [code, { title }] of Object.entries(english.codes)) {
    const names = (text: string) => pieces(text).map(piece => piece.match(/\{(\w+)\}/)?.[1])
    expect(names(russian.codes[code as keyof typeof russian.codes].title), code).toEqual(names(title))
  }
})
