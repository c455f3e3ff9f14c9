/** Which documents a case demands, and what is said when they are not there. */
import { describe, expect, it } from 'vitest'
import {
  checkEvidence,
  type EvidenceCase,
  type EvidenceGroup,
  type EvidenceKind,
  evidenceKinds,
  requiredEvidence,
} from '../../src/passport/required-evidence.js'
import { explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'
import { isDeepFrozen } from '../refusal.js'
import { brief } from './support.js'

const table: Readonly<Record<string, readonly EvidenceGroup[]>> = requiredEvidence
const missing = (cases: EvidenceCase | readonly EvidenceCase[], given: readonly EvidenceKind[]) => {
  const answer = checkEvidence(cases, given)
  return answer.ok ? [] : brief(answer.issues)
}

describe('the table of cases', () => {
  it('demands documents that have names in Russian and English, each group by a name of its own', () => {
    for (const label of Object.values(evidenceKinds)) expect(Object.keys(label).sort()).toEqual(['en', 'ru'])
    for (const groups of Object.values(table)) {
      expect(groups.length).toBeGreaterThan(0)
      expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length)
      for (const { name, anyOf } of groups) {
        expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/)
        expect(anyOf.length).toBeGreaterThan(0)
        for (const kind of anyOf) expect(evidenceKinds).toHaveProperty(kind)
      }
    }
    expect(isDeepFrozen(requiredEvidence)).toBe(true)
    expect(isDeepFrozen(evidenceKinds)).toBe(true)
  })

  it('has no kind of evidence that no case demands', () => {
    const demanded = new Set(Object.values(table).flatMap(groups => groups.flatMap(({ anyOf }) => anyOf)))
    const idle = Object.keys(evidenceKinds).filter(kind => !demanded.has(kind as EvidenceKind))
    expect(idle).toEqual([])
  })

  it.each<[EvidenceCase, readonly EvidenceKind[], string]>([
    ['registration', ['passport_photo_page', 'snils', 'processing_consent'], 'passport snils processing_consent'],
    [
      'first_issue',
      ['birth_certificate', 'photograph', 'processing_consent'],
      'birth citizenship photograph processing_consent',
    ],
    [
      'replacement_at_20',
      ['previous_passport', 'photograph', 'processing_consent'],
      'passport photograph processing_consent',
    ],
    [
      'replacement_at_45',
      ['previous_passport', 'photograph', 'processing_consent'],
      'passport photograph processing_consent',
    ],
    [
      'name_change',
      ['previous_passport', 'photograph', 'processing_consent', 'marriage_certificate'],
      'passport photograph processing_consent ground',
    ],
    [
      'loss',
      ['loss_statement', 'travel_passport', 'photograph', 'processing_consent'],
      'statement identity photograph processing_consent',
    ],
    ['address_change', ['mfc_certificate', 'processing_consent'], 'address processing_consent'],
    [
      'minor',
      ['guardian_identity', 'birth_certificate', 'guardian_consent'],
      'guardian_identity powers guardian_consent',
    ],
    ['vehicle_owner_change', ['passport_photo_page', 'sale_contract'], 'passport contract'],
    ['vehicle_data_change', ['accident_report'], 'ground'],
  ])('%s: this is enough, and nothing is not', (name, given, groups) => {
    expect(missing(name, given)).toEqual([])
    expect(missing(name, [])).toEqual(groups.split(' ').map(group => `evidence.${name}.${group} evidence_missing`))
  })

  it.each(Object.entries(table))('%s: every single document counts', (name, groups) => {
    const enough = groups.map(({ anyOf }) => anyOf[0]!)
    expect(missing(name as EvidenceCase, enough)).toEqual([])
    for (const group of groups) {
      const others = enough.filter(kind => !group.anyOf.includes(kind))
      expect(missing(name as EvidenceCase, others)).toContain(`evidence.${name}.${group.name} evidence_missing`)
    }
  })
})

it('several cases are asked at once, and what one document serves it serves in both', () => {
  const given = ['previous_passport', 'photograph', 'processing_consent', 'adoption_certificate'] as const
  expect(missing(['name_change', 'minor'], given)).toEqual([
    'evidence.minor.guardian_identity evidence_missing',
    'evidence.minor.guardian_consent evidence_missing',
  ])
  expect(missing([], [])).toEqual([])
})

it('a table of one’s own takes the place of ours', () => {
  const required = { pass: [{ name: 'face', anyOf: ['photograph'] }] } as const
  expect(checkEvidence('pass', ['photograph'], { required })).toEqual({ ok: true })
  const answer = checkEvidence('pass', [], { required })
  expect(answer.ok ? [] : brief(answer.issues)).toEqual(['evidence.pass.face evidence_missing'])
  expect(isDeepFrozen(answer)).toBe(true)
  expect(explain(answer, russian)).toContain('не хватает документа')
})

it.each(['wedding', 'constructor', '__proto__'])('is misuse for the case %s', name => {
  expect(() => checkEvidence(name as EvidenceCase, [])).toThrow(TypeError)
})
