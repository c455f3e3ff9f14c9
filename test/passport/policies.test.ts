/** Policies as data: they hold nothing that cannot be met, and each may be overridden. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { ageWindow, replacementOf } from '../../src/passport/age-window.js'
import type { citizenPassport } from '../../src/passport/citizen.js'
import { citizenProfile } from '../../src/passport/citizen-profile.js'
import { documentKinds } from '../../src/passport/document-kind.js'
import { citizenPolicy, type DisclosureSet, disclosureSets } from '../../src/passport/policies.js'
import type { FieldOf, ProfileField } from '../../src/passport/profile.js'
import { vehicleActors, vehicleMoves, vehicleStatuses } from '../../src/passport/vehicle-status.js'
import { isDeepFrozen } from '../refusal.js'

const fields: Readonly<Record<string, ProfileField>> = citizenProfile.fields

describe('a disclosure set', () => {
  it.each(Object.entries<DisclosureSet>(disclosureSets))(
    '%s requires what every citizen has, and shows it',
    (_, set) => {
      for (const name of set.require) {
        expect(fields[name]?.optional ?? false).toBe(false)
        expect(set.disclose).toContain(name)
      }
      for (const name of set.disclose) expect(fields).toHaveProperty(name)
      expect(new Set(set.disclose).size).toBe(set.disclose.length)
      expect(new Set(set.require).size).toBe(set.require.length)
    },
  )

  it('shows no more than its purpose needs', () => {
    expect(disclosureSets.ageCheck.disclose).toEqual(['ageOver18', 'portrait'])
    for (const { disclose } of Object.values<DisclosureSet>(disclosureSets))
      for (const private_ of ['snils', 'bloodGroup', 'marriages', 'children', 'militaryDuty'] as const)
        expect(disclose).not.toContain(private_)
    for (const set of ['officeVisit', 'parcel'] as const)
      for (const private_ of ['address', 'birthDate', 'birthPlace'] as const)
        expect<readonly string[]>(disclosureSets[set].disclose).not.toContain(private_)
  })

  it('is typed by the fields of the passport', () => {
    expectTypeOf(disclosureSets.parcel.require[0]).toExtend<FieldOf<typeof citizenPassport>>()
    expectTypeOf<(typeof disclosureSets.ageCheck.require)[number]>().toEqualTypeOf<'ageOver18'>()
    // @ts-expect-error no such field
    const wrong: DisclosureSet = { disclose: ['shoeSize'], require: [] }
    expect(wrong.require).toEqual([])
  })
})

it.each(Object.entries({ citizenPolicy, disclosureSets, documentKinds, vehicleStatuses, vehicleActors, vehicleMoves }))(
  '%s cannot be changed by accident',
  (_, table) => {
    expect(isDeepFrozen(table)).toBe(true)
  },
)

describe('the policy of age windows', () => {
  it('is what the windows do by themselves', () => {
    expect(ageWindow('2005-03-10', '2019-04-01', citizenPolicy)).toEqual(ageWindow('2005-03-10', '2019-04-01'))
    expect(ageWindow('1980-07-01', '2000-07-20', citizenPolicy)).toEqual(ageWindow('1980-07-01', '2000-07-20'))
  })

  it('may be another', () => {
    expect(ageWindow('2005-03-10', '2019-04-01', { replacementAges: [30], graceDays: 1 })).toEqual({
      nominalExpiry: '2035-03-10',
      graceEnd: '2035-03-11',
    })
    expect(ageWindow('2005-03-10', '2019-04-01', { replacementAges: [] })).toEqual({
      nominalExpiry: null,
      graceEnd: null,
    })
    expect(ageWindow('2005-03-10', '2017-04-01', { minimumAge: 12 }).nominalExpiry).toBe('2025-03-10')
    expect(() => ageWindow('2005-03-10', '2019-04-01', { minimumAge: 16 })).toThrow('passport_invalid')
  })

  it.each([{ minimumAge: -1 }, { minimumAge: 1.5 }, { replacementAges: [20, Number.NaN] }, { replacementAges: [151] }])(
    'is misuse with %j',
    options => {
      expect(() => ageWindow('2005-03-10', '2019-04-01', options)).toThrow(RangeError)
    },
  )
})

describe('a replacement', () => {
  const window = ageWindow('2005-03-10', '2019-04-01')
  const [from, until] = ['2025-03-10', '2025-06-08']

  it.each([
    ['2025-02-07', 'not_needed'],
    ['2025-02-08', 'upcoming'],
    ['2025-03-09', 'upcoming'],
    ['2025-03-10', 'due'],
    ['2025-06-08', 'due'],
    ['2025-06-09', 'overdue'],
  ])('on %s is %s', (on, state) => {
    expect(replacementOf(window, on)).toEqual({ state, from, until })
  })

  it('is announced as early as one likes', () => {
    expect(replacementOf(window, '2025-03-09', { leadDays: 0 }).state).toBe('not_needed')
    expect(replacementOf(window, '2024-03-10', { leadDays: 365 }).state).toBe('upcoming')
    for (const leadDays of [-1, 0.5, 3651])
      expect(() => replacementOf(window, from, { leadDays })).toThrow('`leadDays`')
  })

  it('is never needed by a passport without end', () => {
    expect(replacementOf(ageWindow('1960-01-15', '2005-02-01'), '2060-01-01')).toEqual({
      state: 'not_needed',
      from: null,
      until: null,
    })
  })

  it('is judged on days that exist', () => {
    expect(() => replacementOf(window, '2025-02-30')).toThrow('`on`')
  })
})
