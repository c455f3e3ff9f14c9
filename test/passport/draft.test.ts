/** What a form is told while it is being filled in. */
import { describe, expect, it } from 'vitest'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { citizenPassport } from '../../src/passport/citizen.js'
import { checkDraft } from '../../src/passport/draft.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { brief } from './support.js'
import { vehicle } from './vehicles.js'

const draftOf = (draft: unknown, now?: () => Date) => {
  const { complete, issues, missing } = checkDraft(citizenPassport, draft, { now })
  return { complete, issues: brief(issues), missing: brief(missing) }
}

const always = [
  'familyName required',
  'givenName required',
  'birthDate required',
  'birthPlace required',
  'sex required',
  'series required',
  'number required',
  'issuingAuthority required',
  'departmentCode required',
  'issueDate required',
]

describe('a draft', () => {
  it('with nothing in it has nothing wrong', () => {
    expect(draftOf({})).toEqual({ complete: false, issues: [], missing: always })
  })

  it('is told what is wrong with what is there, apart from what is missing', () => {
    const { issues, missing } = draftOf({ familyName: 'Образцова', birthDate: '31.02.1990', snils: '112-233-445 96' })
    expect(issues).toEqual(['birthDate calendar', 'snils checksum'])
    expect(missing).toEqual(always.filter(line => !/familyName|birthDate/.test(line)))
  })

  it('is held against the rules over several fields as far as they are there', () => {
    expect(draftOf({ birthDate: '1990-05-14', issueDate: '2000-05-14' }).issues).toEqual(['issueDate order'])
    expect(draftOf({ birthDate: '2030-05-14' }, () => new Date('2026-03-01')).issues).toEqual(['birthDate range'])
  })

  it('says what is missing inside of what is there', () => {
    expect(draftOf({ ...example, marriages: [{ event: 'marriage' }] })).toEqual({
      complete: false,
      issues: [],
      missing: ['marriages.0.date required'],
    })
  })

  it('takes empty text for a value', () => {
    expect(draftOf({ ...example, familyName: '' }).issues).toEqual(['familyName length'])
  })

  it('is complete when the passport can be parsed, and only then', () => {
    expect(draftOf(example)).toEqual({ complete: true, issues: [], missing: [] })
    expect(draftOf({ ...example, stranger: 1 }).complete).toBe(false)
    expect(draftOf({ ...example, number: undefined }).complete).toBe(false)
  })

  it.each([[undefined], [null], [7], ['text'], [[]]])('that is no record at all (%s) is no record', draft => {
    expect(draftOf(draft)).toEqual({ complete: false, issues: [' type'], missing: [] })
  })

  it('is judged by the rules of its own passport', () => {
    const { vin, bodyNumber, chassisNumber, ...withoutNumbers } = vehicle
    expect(brief(checkDraft(vehiclePassport, withoutNumbers).missing)).toEqual(['vin required'])
  })

  it('is answered with frozen lists', () => {
    const checked = checkDraft(citizenPassport, {})
    for (const part of [checked, checked.issues, checked.missing]) expect(Object.isFrozen(part)).toBe(true)
  })
})
