/** Guardians of minors, and the consent they give. */
import { describe, expect, it } from 'vitest'
import { documentKinds } from '../../src/passport/document-kind.js'
import { type ConsentMethod, consentHolds, type GuardianConsent, parseGuardian } from '../../src/passport/guardian.js'
import { isDeepFrozen } from '../refusal.js'
import { brief } from './support.js'

const consent: GuardianConsent = {
  purpose: 'electronic_passport',
  method: 'in_person',
  givenAt: '2026-03-01T21:30:00Z',
  until: '2027-03-01',
  textDigest: 'A'.repeat(43),
}
const guardian = {
  relation: 'parent',
  familyName: 'Образцова',
  givenName: 'Мария',
  patronymic: 'Петровна',
  birthDate: '1990-05-14',
  document: { kind: 'internal_passport', number: '0010 473979', issueDate: '2010-06-02', issuingAuthority: 'МВД' },
  powers: { kind: 'birth_certificate', number: 'I-АА 000001', issueDate: '2012-01-01', issuingAuthority: 'ЗАГС' },
  consent,
} as const

const issuesOf = (changes: object, now?: () => Date) => {
  const result = parseGuardian({ ...guardian, ...changes }, { now })
  return result.ok ? [] : brief(result.issues)
}

describe('a guardian', () => {
  it('is taken as it stands, frozen, twice the same', () => {
    const result = parseGuardian(guardian)
    if (!result.ok) throw new Error('refused')
    expect(result.passport).toEqual(guardian)
    expect(isDeepFrozen(result.passport)).toBe(true)
    expect(parseGuardian(result.passport)).toEqual(result)
  })

  it('may lack what not everyone has, and write dates as printed', () => {
    for (const field of ['patronymic', 'birthDate', 'consent']) expect(issuesOf({ [field]: undefined })).toEqual([])
    const result = parseGuardian({ ...guardian, birthDate: '14.05.1990' })
    expect(result).toMatchObject({ ok: true, passport: { birthDate: '1990-05-14' } })
  })

  it('names the field in the language of the reader', () => {
    const result = parseGuardian({ ...guardian, powers: undefined })
    expect(result).toMatchObject({ ok: false, issues: [{ label: { ru: 'Документ о полномочиях' } }] })
  })

  it.each(['relation', 'familyName', 'givenName', 'document', 'powers'])('is refused for the want of %s', field => {
    expect(issuesOf({ [field]: undefined })).toEqual([`${field} required`])
  })

  it.each<[string, object, string]>([
    ['a relation that is none', { relation: 'neighbour' }, 'relation range'],
    ['a name in two scripts', { familyName: 'Oбразцова' }, 'familyName mixed_script'],
    ['a given name in Latin letters', { givenName: 'Maria' }, 'givenName charset'],
    ['a patronymic with a mark of direction', { patronymic: 'Петров\u202eна' }, 'patronymic charset'],
    ['a birth on no day', { birthDate: '1990-02-30' }, 'birthDate calendar'],
    ['a document of no kind', { document: { kind: 'library_card', number: '1' } }, 'document.kind range'],
    ['a document without number', { document: { kind: 'other' } }, 'document.number required'],
    ['a number without end', { document: { kind: 'other', number: '1'.repeat(61) } }, 'document.number length'],
    [
      'an authority without end',
      { powers: { kind: 'court_decision', number: '1', issuingAuthority: 'я'.repeat(301) } },
      'powers.issuingAuthority length',
    ],
    ['a purpose without end', { consent: { ...consent, purpose: 'x'.repeat(61) } }, 'consent.purpose length'],
    ['consent with more', { consent: { ...consent, ip: '127.0.0.1' } }, 'consent.ip unknown_field'],
    ['a document with more', { document: { kind: 'other', number: '1', scan: 'x' } }, 'document.scan unknown_field'],
    ['powers out of nothing', { powers: { kind: 'sms_code', number: '1' } }, 'powers.kind range'],
    ['powers without number', { powers: { kind: 'court_decision' } }, 'powers.number required'],
    ['powers from before birth', { powers: { ...guardian.powers, issueDate: '1990-05-13' } }, 'powers.issueDate order'],
    [
      'a document from before birth',
      { document: { ...guardian.document, issueDate: '1990-05-13' } },
      'document.issueDate order',
    ],
    ['a document on no day', { document: { ...guardian.document, issueDate: 'then' } }, 'document.issueDate format'],
    ['consent by a code to a telephone', { consent: { ...consent, method: 'sms_code' } }, 'consent.method range'],
    ['consent to nothing', { consent: { ...consent, purpose: '' } }, 'consent.purpose length'],
    ['consent to what is no word', { consent: { ...consent, purpose: 'Всё' } }, 'consent.purpose format'],
    ['consent on a day without time', { consent: { ...consent, givenAt: '2026-03-01' } }, 'consent.givenAt format'],
    ['consent at no time', { consent: { ...consent, givenAt: undefined } }, 'consent.givenAt required'],
    ['consent at a number', { consent: { ...consent, givenAt: 1 } }, 'consent.givenAt type'],
    [
      'withdrawal before consent',
      { consent: { ...consent, withdrawnAt: '2026-03-01T21:29:59Z' } },
      'consent.withdrawnAt order',
    ],
    ['withdrawal at no time', { consent: { ...consent, withdrawnAt: 'soon' } }, 'consent.withdrawnAt format'],
    ['an end before consent', { consent: { ...consent, until: '2026-03-01' } }, 'consent.until order'],
    ['an end that is no day', { consent: { ...consent, until: '2027-02-29' } }, 'consent.until calendar'],
    ['a digest of another length', { consent: { ...consent, textDigest: 'AA' } }, 'consent.textDigest format'],
    ['a digest in other letters', { consent: { ...consent, textDigest: '+'.repeat(43) } }, 'consent.textDigest format'],
    ['a child', { child: 'Образцов' }, 'child unknown_field'],
  ])('is refused for %s', (_, change, issue) => {
    expect(issuesOf(change)).toEqual([issue])
  })

  it('is refused for what is still to come, where a clock was given', () => {
    expect(issuesOf({}, () => new Date('2026-03-01T21:30:00Z'))).toEqual([])
    expect(issuesOf({}, () => new Date('2026-03-01T21:29:59Z'))).toEqual(['consent.givenAt range'])
    const withdrawn = { consent: { ...consent, withdrawnAt: '2026-03-03T00:00:00Z' } }
    expect(issuesOf(withdrawn, () => new Date('2026-03-02T00:00:00Z'))).toEqual(['consent.withdrawnAt range'])
    expect(issuesOf({ consent: undefined }, () => new Date('1980-01-01T00:00:00Z'))).toEqual([
      'birthDate range',
      'document.issueDate range',
      'powers.issueDate range',
    ])
  })

  it.each([undefined, null, 7, 'Образцова', [], new Map()])('is no %j', record => {
    expect(parseGuardian(record).ok).toBe(false)
  })
})

describe('consent', () => {
  const withdrawn = { ...consent, withdrawnAt: '2026-06-01T21:30:00Z' }

  it.each<[string, GuardianConsent, string, boolean]>([
    ['before it was given', consent, '2026-03-01', false],
    ['on the local day on which it was given', consent, '2026-03-02', true],
    ['on its last day', consent, '2027-03-01', true],
    ['after its last day', consent, '2027-03-02', false],
    ['without end', { ...consent, until: undefined }, '2099-01-01', true],
    ['before it was withdrawn', withdrawn, '2026-06-01', true],
    ['on the local day on which it was withdrawn', withdrawn, '2026-06-02', false],
  ])('%s', (_, given, on, holds) => {
    expect(consentHolds(given, on)).toBe(holds)
  })

  it.each<[string, object]>([
    ['that is nothing', { consent: undefined }],
    ['that is null', { consent: null }],
    ['given at no time', { consent: { ...consent, givenAt: undefined } }],
    ['given on a day without time', { consent: { ...consent, givenAt: '2026-03-01' } }],
    ['given on a day that does not exist', { consent: { ...consent, givenAt: '2026-02-31T10:00:00Z' } }],
    ['given when all time ends', { consent: { ...consent, until: undefined, givenAt: '9999-12-31T23:00:00Z' } }],
    ['that ends on no day', { consent: { ...consent, until: '2027-02-31' } }],
    ['withdrawn at no time', { consent: { ...consent, withdrawnAt: '2027-02-31T10:00:00Z' } }],
    ['by a code to a telephone', { consent: { ...consent, method: 'sms_code' } }],
    ['in no way', { consent: { ...consent, method: undefined } }],
  ])('%s never holds', (_, { consent: given }: { consent?: unknown }) => {
    expect(consentHolds(given as GuardianConsent, '2026-06-01')).toBe(false)
  })

  it('is asked about on a day', () => {
    for (const on of ['2026-02-31', '', undefined])
      expect(() => consentHolds(consent, on as string)).toThrow('`on` must be a date')
    expect(() => consentHolds(consent, '2026-06-01', 15)).toThrow('`utcOffset`')
  })

  it('counts days where it is told to', () => {
    expect(consentHolds(consent, '2026-03-01', 0)).toBe(true)
    expect(consentHolds(withdrawn, '2026-06-01', 0)).toBe(false)
  })

  it('is not given by a code to a telephone', () => {
    const methods: readonly ConsentMethod[] = [
      'handwritten',
      'in_person',
      'qualified_signature',
      'unqualified_signature',
    ]
    for (const method of methods) expect(issuesOf({ consent: { ...consent, method } })).toEqual([])
  })
})

it('kinds of documents have distinct codes of two digits, and names in Russian and English', () => {
  const codes = Object.values(documentKinds).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const { code, label } of Object.values(documentKinds)) {
    expect(code).toMatch(/^\d\d$/)
    expect(Object.keys(label).sort()).toEqual(['en', 'ru'])
  }
  expect(documentKinds.internal_passport.code).toBe('21')
})
