/** Who may have an electronic passport, and everything that stands against it. */
import { describe, expect, it } from 'vitest'
import { type Applicant, type EligibilityOptions, eligibility } from '../../src/passport/eligibility.js'
import type { Guardian } from '../../src/passport/guardian.js'
import { explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'
import { isDeepFrozen } from '../refusal.js'
import validity from '../vectors/domain-ru/passport-validity.json' with { type: 'json' }
import { brief } from './support.js'

const on = '2026-11-22'
const adult: Applicant = { birthDate: '1990-05-14', nationalities: ['RU'], basePassport: { issueDate: '2010-06-02' } }
const parent: Guardian = {
  relation: 'parent',
  familyName: 'Образцова',
  givenName: 'Мария',
  document: { kind: 'internal_passport', number: '0010 473979' },
  powers: { kind: 'birth_certificate', number: 'I-АА 000001' },
  consent: { purpose: 'electronic_passport', method: 'in_person', givenAt: '2026-11-21T20:59:59Z' },
}
const minor: Applicant = {
  birthDate: '2010-03-01',
  nationalities: ['RU', 'KZ'],
  basePassport: { issueDate: '2024-03-20' },
  guardians: [parent],
}

const consentMissing = ['guardians guardian_consent_missing']

const issuesOf = (person: Applicant, changes: object = {}, options: Partial<EligibilityOptions> = {}) => {
  const answer = eligibility({ ...person, ...changes }, { on, ...options })
  return answer.ok ? [] : brief(answer.issues)
}
const withConsent = (changes: object): Guardian[] => [{ ...parent, consent: { ...parent.consent!, ...changes } }]

describe('eligible is', () => {
  it('a citizen of age with a passport, and a minor with the consent of a guardian', () => {
    expect(eligibility(adult, { on })).toEqual({ ok: true })
    expect(eligibility(minor, { on })).toEqual({ ok: true })
  })

  it('who turns 14 today, and who turns 18 today without consent', () => {
    const base = { issueDate: on }
    expect(issuesOf(minor, { birthDate: '2012-11-22', basePassport: base })).toEqual([])
    expect(issuesOf(minor, { birthDate: '2012-11-23', basePassport: { issueDate: on } })).toEqual([
      'birthDate too_young',
      'basePassport.issueDate base_document_invalid',
    ])
    expect(issuesOf(minor, { birthDate: '2008-11-22', guardians: [] })).toEqual([])
    expect(issuesOf(minor, { birthDate: '2008-11-23', guardians: [] })).toEqual(['guardians guardian_consent_missing'])
  })

  it('who was born on 29 February, on the last of February', () => {
    const leap = { birthDate: '2008-02-29', basePassport: { issueDate: '2022-03-01' }, guardians: [] }
    expect(issuesOf(minor, leap, { on: '2026-02-28' })).toEqual([])
    expect(issuesOf(minor, leap, { on: '2026-02-27' })).toEqual(['guardians guardian_consent_missing'])
  })

  it('a minor with one consent that holds, whatever others say', () => {
    const guardians = [...withConsent({ withdrawnAt: '2026-11-21T20:59:59Z' }), parent]
    expect(issuesOf(minor, { guardians })).toEqual([])
  })
})

describe('not eligible is', () => {
  it.each<[string, Applicant, object, string[]]>([
    ['who is no citizen', adult, { nationalities: ['KZ'] }, ['nationalities citizenship_missing']],
    ['who has no citizenship', adult, { nationalities: [] }, ['nationalities citizenship_missing']],
    ['who has no passport', adult, { basePassport: undefined }, ['basePassport base_document_missing']],
    [
      'whose passport was to be replaced',
      adult,
      { basePassport: { issueDate: '2004-06-02' } },
      ['basePassport base_document_expired'],
    ],
    [
      'whose passport was issued too early',
      adult,
      { basePassport: { issueDate: '2004-05-13' } },
      ['basePassport.issueDate base_document_invalid'],
    ],
    [
      'whose passport is still to be issued',
      adult,
      { basePassport: { issueDate: '2026-11-23' } },
      ['basePassport.issueDate base_document_invalid'],
    ],
    [
      'whose passport was reported',
      adult,
      { basePassport: { issueDate: '2010-06-02', register: 'invalid' } },
      ['basePassport base_document_invalid'],
    ],
    [
      'whose passport the register calls expired, once',
      adult,
      { basePassport: { issueDate: '2004-06-02', register: 'expired' } },
      ['basePassport base_document_expired'],
    ],
    [
      'of whose passport the register knows nothing',
      adult,
      { basePassport: { issueDate: '2010-06-02', register: 'no_information' } },
      ['basePassport base_document_unconfirmed'],
    ],
    [
      'whose passport has no day',
      adult,
      { basePassport: { issueDate: '2010-06-31' } },
      ['basePassport.issueDate calendar'],
    ],
    ['who was born on no day', adult, { birthDate: '1990-02-30' }, ['birthDate calendar']],
    ['a minor without guardians', minor, { guardians: undefined }, ['guardians guardian_consent_missing']],
    [
      'a minor whose guardian said nothing',
      minor,
      { guardians: [{ ...parent, consent: undefined }] },
      ['guardians guardian_consent_missing'],
    ],
    [
      'a minor whose guardian consents from tomorrow on',
      minor,
      { guardians: withConsent({ givenAt: '2026-11-22T21:00:00Z' }) },
      ['guardians guardian_consent_missing'],
    ],
    [
      'a minor whose consent ran out',
      minor,
      { guardians: withConsent({ until: '2026-11-21' }) },
      ['guardians guardian_consent_missing'],
    ],
    [
      'a minor whose consent was withdrawn',
      minor,
      { guardians: withConsent({ withdrawnAt: '2026-11-22T20:59:59Z' }) },
      ['guardians guardian_consent_withdrawn'],
    ],
  ])('%s', (_, person, change, issues) => {
    expect(issuesOf(person, change)).toEqual(issues)
  })

  it.each<[string, Applicant, object, string[]]>([
    ...['VALID', 'valid?', 'VALID?', '', 'toString', '__proto__', null, true, 1, ['valid'], {}].map(
      (register): [string, Applicant, object, string[]] => [
        `whose passport the register answers ${JSON.stringify(register)} about`,
        adult,
        { basePassport: { issueDate: '2010-06-02', register } },
        ['basePassport base_document_unconfirmed'],
      ],
    ),
    ...['BRUNEI', 'RU', { 0: 'RU', length: 1 }, null, 7].map((nationalities): [string, Applicant, object, string[]] => [
      `whose citizenship is ${JSON.stringify(nationalities)}`,
      adult,
      { nationalities },
      ['nationalities type'],
    ]),
    ['whose citizenship is not said', adult, { nationalities: undefined }, ['nationalities citizenship_missing']],
    ['whose citizenship stands deeper', adult, { nationalities: [['RU']] }, ['nationalities citizenship_missing']],
    ...[null, 'none', 7, ['2010-06-02']].map((basePassport): [string, Applicant, object, string[]] => [
      `whose passport is ${JSON.stringify(basePassport)}`,
      adult,
      { basePassport },
      ['basePassport type'],
    ]),
    [
      'whose passport has no day at all',
      adult,
      { basePassport: { register: 'valid' } },
      ['basePassport.issueDate required'],
    ],
    ['whose passport has a number', adult, { basePassport: { issueDate: 2010 } }, ['basePassport.issueDate type']],
    [
      'whose passport is of the last of all years',
      adult,
      { birthDate: '9985-01-01', basePassport: { issueDate: '9999-06-01' } },
      ['birthDate too_young', 'guardians guardian_consent_missing', 'basePassport.issueDate base_document_invalid'],
    ],
    ['whose birth is not said', adult, { birthDate: undefined }, ['birthDate required']],
    ['whose birth is a number', adult, { birthDate: 1990 }, ['birthDate type']],
    ...[null, 'parent', 7, { 0: parent }].map((guardians): [string, Applicant, object, string[]] => [
      `a minor whose guardians are ${JSON.stringify(guardians).slice(0, 20)}`,
      minor,
      { guardians },
      ['guardians type', 'guardians guardian_consent_missing'],
    ]),
    ...[null, 'parent', [parent], { consent: null }, { consent: 'yes' }, { consent: [] }].map(
      (guardian): [string, Applicant, object, string[]] => [
        `a minor whose guardian is ${JSON.stringify(guardian).slice(0, 20)}`,
        minor,
        { guardians: [guardian] },
        ['guardians.0 type', 'guardians guardian_consent_missing'],
      ],
    ),
    ...[
      { purpose: 'other_purpose' },
      { purpose: undefined },
      { purpose: ['electronic_passport'] },
      { method: 'sms' },
      { method: 'toString' },
      { method: undefined },
      { givenAt: '2026-02-31T00:00:00Z' },
      { givenAt: '2026-02-28' },
      { givenAt: undefined },
      { givenAt: '9999-12-31T23:00:00Z' },
      { until: '2026-11-31' },
      { until: null },
      { withdrawnAt: 'soon' },
      { withdrawnAt: null },
    ].map((change): [string, Applicant, object, string[]] => [
      `a minor whose consent has ${JSON.stringify(change)}`,
      minor,
      { guardians: withConsent(change) },
      ['guardians guardian_consent_missing'],
    ]),
    [
      'a minor whose consent to something else was withdrawn',
      minor,
      { guardians: withConsent({ purpose: 'other_purpose', withdrawnAt: '2026-11-22T20:59:59Z' }) },
      ['guardians guardian_consent_missing'],
    ],
  ])('%s', (_, person, change, issues) => {
    expect(issuesOf(person, change)).toEqual(issues)
  })

  it('nobody, of whom nothing is said, or nothing can be read', () => {
    const nothing = ['birthDate required', 'nationalities citizenship_missing', 'basePassport base_document_missing']
    const unreadable = {
      get birthDate() {
        throw new Error('Образцова')
      },
    }
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    const judged = (person: object) => {
      const answer = eligibility(person as Applicant, { on })
      return answer.ok ? [] : brief(answer.issues)
    }
    expect(judged({})).toEqual(nothing)
    expect(judged(unreadable)).toEqual(['birthDate type', ...nothing])
    expect(judged(revoked.proxy)).toEqual([' type', ...nothing])
    expect(judged(Object.create(adult))).toEqual(nothing)
  })

  it('not whoever else a record tells something of', () => {
    expect(issuesOf(adult, { snils: '112-233-445 95' })).toEqual([])
  })

  it('who lacks everything, and is told all of it at once', () => {
    const nobody = {
      birthDate: '2020-01-01',
      nationalities: [],
      basePassport: { issueDate: '2024-01-01', register: 'invalid' },
    } as const
    const answer = eligibility(nobody, { on, policy: { assurance: 'verified' } })
    expect(answer.ok ? [] : brief(answer.issues)).toEqual([
      'birthDate too_young',
      'guardians guardian_consent_missing',
      'nationalities citizenship_missing',
      'basePassport base_document_invalid',
      'basePassport.issueDate base_document_invalid',
      'assurance assurance_too_low',
    ])
    expect(isDeepFrozen(answer)).toBe(true)
    expect(JSON.stringify(answer)).not.toContain('2020')
    expect(explain(answer, russian).split('\n')).toHaveLength(6)
    expect(explain(answer, russian)).toContain('Гражданство')
  })
})

describe('the age window of the base passport', () => {
  it.each(validity.valid)('born $birthDate, issued $issueDate, on $onDate: $expected.status', row => {
    const person = {
      ...adult,
      birthDate: row.birthDate,
      basePassport: { issueDate: row.issueDate },
      guardians: [parent],
    }
    const options = { on: row.onDate, policy: { guardianConsentBelow: 0 } }
    const refusals = new Map([
      ['expired', ['basePassport base_document_expired']],
      ['invalid-issue-date', ['basePassport.issueDate base_document_invalid']],
    ])
    const issues = refusals.get(row.expected.status) ?? []
    expect(issuesOf(person, {}, options)).toEqual(issues)
  })
})

describe('the policy may be another', () => {
  it.each<[string, Applicant, object, object, string[]]>([
    [
      'a later age',
      minor,
      {},
      { minimumAge: 17 },
      ['birthDate too_young', 'basePassport.issueDate base_document_invalid'],
    ],
    ['consent to something else', minor, {}, { guardianConsentPurpose: 'own_passport' }, consentMissing],
    [
      'consent to something else, given',
      minor,
      { guardians: withConsent({ purpose: 'own_passport' }) },
      { guardianConsentPurpose: 'own_passport' },
      [],
    ],
    [
      'nothing else, where nothing is said',
      minor,
      { guardians: [] },
      { guardianConsentBelow: undefined },
      consentMissing,
    ],
    ['no consent at all', minor, { guardians: [] }, { guardianConsentBelow: 0 }, []],
    ['another country', adult, { nationalities: ['KZ'] }, { citizenships: ['BY', 'KZ'] }, []],
    ['no base passport', adult, { basePassport: undefined }, { basePassport: 'optional' }, []],
    [
      'less grace',
      adult,
      { birthDate: '2006-09-01', basePassport: { issueDate: '2020-10-01' } },
      { graceDays: 30 },
      ['basePassport base_document_expired'],
    ],
    ['the usual grace', adult, { birthDate: '2006-09-01', basePassport: { issueDate: '2020-10-01' } }, {}, []],
    ['no replacement', adult, { basePassport: { issueDate: '2004-06-02' } }, { replacementAges: [] }, []],
    [
      'a register that must be asked',
      adult,
      {},
      { registerUnasked: 'base_document_unconfirmed' },
      ['basePassport base_document_unconfirmed'],
    ],
    [
      'a register that was asked',
      adult,
      { basePassport: { issueDate: '2010-06-02', register: 'valid' } },
      { registerUnasked: 'base_document_unconfirmed' },
      [],
    ],
    ['a proven identity', adult, { assurance: 'standard' }, { assurance: 'verified' }, ['assurance assurance_too_low']],
    ['a proven identity, proven', adult, { assurance: 'verified' }, { assurance: 'standard' }, []],
    ['any identity at all', adult, {}, { assurance: 'simplified' }, ['assurance assurance_too_low']],
  ])('%s', (_, person, change, policy, issues) => {
    expect(issuesOf(person, change, { policy })).toEqual(issues)
  })

  it('counts the days of a consent where it is told to', () => {
    const guardians = withConsent({ givenAt: '2026-11-22T21:30:00Z' })
    expect(issuesOf(minor, { guardians }, { utcOffset: 0 })).toEqual([])
  })
})

it('is misuse for nobody, on no day, or by no policy', () => {
  expect(() => eligibility(undefined as unknown as Applicant, { on })).toThrow('`person`')
  expect(() => eligibility(adult, undefined as unknown as EligibilityOptions)).toThrow('`options`')
  expect(() => eligibility(adult, { on: '2026-02-30' })).toThrow('`on`')
  for (const [name, value] of Object.entries({
    minimumAge: Number.NaN,
    guardianConsentBelow: -1,
    guardianConsentPurpose: '',
    citizenships: 'BRUNEI',
    basePassport: 'Required',
    assurance: 'high',
  }))
    expect(() => eligibility(adult, { on, policy: { [name]: value } })).toThrow(`\`policy.${name}\``)
  expect(() => eligibility(adult, { on, policy: null as unknown as object })).toThrow('`policy`')
})
