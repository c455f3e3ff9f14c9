/** Who may change what in a vehicle passport, and who may not. */
import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../src/core/freeze.js'
import type { EvidenceKind } from '../../src/passport/required-evidence.js'
import { type VehiclePassport, vehiclePassport } from '../../src/passport/vehicle.js'
import { changeVehicle, type VehicleChangeOptions, vehicleChanges } from '../../src/passport/vehicle-change.js'
import { moveVehicle, type VehicleHistory } from '../../src/passport/vehicle-history.js'
import { type VehicleActor, vehicleActors } from '../../src/passport/vehicle-status.js'
import { brief, failure } from './support.js'
import { vehicle } from './vehicles.js'

const now = () => new Date('2026-03-01T12:00:00Z')
const passport = vehiclePassport.parse(vehicle)
const history: VehicleHistory = deepFreeze({ passport, moves: [] })
const withStatus = (status: VehiclePassport['status']) => ({ passport: { ...passport, status }, moves: [] })

const repaint = { changes: { colour: 'синий' }, actor: 'registration_body', evidence: ['registration_act'] } as const

const refusal = (changed: Partial<VehicleChangeOptions>, of: VehicleHistory = history) => {
  const { code, at, actual } = failure(() => changeVehicle(of, { ...repaint, ...changed }))
  return [code, at, actual]
}

describe('a change', () => {
  it('gives the passport as it is afterwards, and leaves the old one as it was', () => {
    const changed = changeVehicle(history, repaint)
    expect(changed).toEqual({ passport: { ...passport, colour: 'синий' }, moves: [] })
    expect(history.passport.colour).toBe('белый')
    expect(Object.isFrozen(changed)).toBe(true)
  })

  it('keeps the moves, and moves go on after it', () => {
    const options = { to: 'redeemed', actor: 'registration_body', reason: 'superseded', now } as const
    const changed = changeVehicle(history, repaint)
    expect(moveVehicle(changed, options).passport).toMatchObject({ status: 'redeemed', colour: 'синий' })
  })

  it('may take a field out', () => {
    const changed = changeVehicle(history, { ...repaint, changes: { colour: undefined } })
    expect(changed.passport).not.toHaveProperty('colour')
  })

  it('may be of several fields, each by its own rule', () => {
    const changes = { colour: 'синий', enginePower: 60 }
    expect(refusal({ changes })).toEqual(['vehicle_change_refused', 'evidence', 'active'])
    const evidence = ['design_certificate'] as const
    expect(changeVehicle(history, { ...repaint, changes, evidence }).passport).toMatchObject(changes)
  })

  it('of an incomplete passport is allowed', () => {
    expect(changeVehicle(withStatus('incomplete'), repaint).passport.colour).toBe('синий')
  })
})

describe('every rule of the table', () => {
  const rows = vehicleChanges.flatMap(rule => rule.fields.map(field => [field, rule] as const))

  it.each(rows)('%s: its actors change it, each with any evidence that serves, and nobody else does', (field, rule) => {
    const changes = { [field]: passport[field] }
    for (const actor of Object.keys(vehicleActors) as VehicleActor[]) {
      const grounds: readonly (readonly EvidenceKind[])[] =
        rule.evidence.length === 0 ? [[]] : rule.evidence.map(kind => [kind])
      for (const evidence of grounds) {
        const options = { changes, actor, evidence }
        if (rule.actors.includes(actor)) expect(changeVehicle(history, options).passport).toEqual(passport)
        else expect(refusal(options)).toEqual(['vehicle_change_refused', 'actor', 'active'])
      }
    }
  })

  it.each(rows.filter(([, { evidence }]) => evidence.length > 0))('%s: not without evidence', (field, { actors }) => {
    const options = { changes: { [field]: passport[field] }, actor: actors[0]! }
    for (const evidence of [undefined, [], ['photograph'] as const])
      expect(refusal({ ...options, evidence })).toEqual(['vehicle_change_refused', 'evidence', 'active'])
  })

  it('names each field once', () => {
    expect(new Set(rows.map(([field]) => field)).size).toBe(rows.length)
  })
})

describe('a change is refused', () => {
  it.each(['redeemed', 'annulled', 'recycled'] as const)('when the passport is %s', status => {
    expect(refusal({}, withStatus(status))).toEqual(['vehicle_change_refused', 'status', status])
  })

  it.each(['number', 'vin', 'status', 'statusDate', 'issueDate', 'make', 'year'] as const)(
    'of %s, which nobody may change',
    field => {
      expect(refusal({ changes: { [field]: passport[field] } })).toEqual(['vehicle_change_refused', field, 'active'])
    },
  )

  it('of what is no field, without repeating its name', () => {
    expect(refusal({ changes: { Секрет: 1 } as never })).toEqual(['vehicle_change_refused', 'changes', 'active'])
    expect(refusal({ changes: { toString: 1 } as never })).toEqual(['vehicle_change_refused', 'changes', 'active'])
  })

  it('with every issue of the passport that would come out', () => {
    const changes = { engineVolume: -1, kerbMass: 2000 }
    const error = failure(() => changeVehicle(history, { ...repaint, changes, evidence: ['design_certificate'] }))
    expect(error.code).toBe('passport_invalid')
    expect(brief(error.issues)).toEqual(['engineVolume range', 'kerbMass mismatch'])
  })

  it('when it is dated in the future and there is a clock', () => {
    const registrations = [{ event: 'registered', date: '2027-01-01' }] as const
    const options = { ...repaint, changes: { registrations } }
    expect(brief(failure(() => changeVehicle(history, { ...options, now })).issues)).toEqual([
      'registrations.0.date range',
    ])
    expect(changeVehicle(history, options).passport.registrations).toEqual(registrations)
  })

  it('by an old history that is broken', () => {
    const broken = { passport, moves: [{}] } as unknown as VehicleHistory
    expect(failure(() => changeVehicle(broken, repaint)).code).toBe('vehicle_history_malformed')
  })
})

it('a table of one’s own takes the place of ours', () => {
  const rules = [{ fields: ['vin'], actors: ['manufacturer'], evidence: [] }] as const
  const changes = { vin: 'XTA210990Y2700002' }
  expect(changeVehicle(history, { changes, actor: 'manufacturer', rules }).passport.vin).toBe(changes.vin)
  expect(refusal({ rules })).toEqual(['vehicle_change_refused', 'colour', 'active'])
})

it.each<[string, object]>([
  ['actor', { actor: 'owner' }],
  ['actor', { actor: 'toString' }],
  ['changes', { changes: undefined }],
  ['changes', { changes: 'all' }],
])('misuse of `%s` is a TypeError that names it', (argument, wrong) => {
  expect(() => changeVehicle(history, { ...repaint, ...wrong } as never)).toThrow(TypeError)
  expect(() => changeVehicle(history, { ...repaint, ...wrong } as never)).toThrow(argument)
})
