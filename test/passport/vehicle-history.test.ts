/** Statuses of vehicle passports: which follow which, by whose act, and what an extract tells of them. */
import { describe, expect, it } from 'vitest'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { vehicleExtract, vehicleExtractPassport } from '../../src/passport/vehicle-extract.js'
import { vehicleExtractProfile } from '../../src/passport/vehicle-extract-profile.js'
import { moveVehicle, readVehicleHistory, type VehicleHistory } from '../../src/passport/vehicle-history.js'
import {
  canMove,
  type VehicleActor,
  type VehicleStatus,
  vehicleActors,
  vehicleMoves,
  vehicleStatuses,
} from '../../src/passport/vehicle-status.js'
import { isDeepFrozen } from '../refusal.js'
import { inBothForms } from './forms.js'
import { brief, failure } from './support.js'
import { leastVehicle, vehicle } from './vehicles.js'

const statuses = Object.keys(vehicleStatuses) as VehicleStatus[]
const at = (time: string) => () => new Date(time)
const passport = vehiclePassport.parse({ ...vehicle, status: 'incomplete', statusDate: '2021-03-01' })
const begun: VehicleHistory = { passport, moves: [] }
const active = moveVehicle(begun, {
  to: 'active',
  actor: 'manufacturer',
  reason: 'completed',
  now: at('2021-03-01T22:30:00Z'),
})
const redeemed = moveVehicle(active, {
  to: 'redeemed',
  actor: 'registration_body',
  reason: 'design_changed',
  now: at('2022-05-05T09:00:00.750Z'),
})

describe('the table of statuses', () => {
  it('names every status and actor in Russian and English', () => {
    expect(statuses).toEqual(['incomplete', 'active', 'redeemed', 'annulled', 'recycled'])
    for (const { label } of Object.values(vehicleStatuses)) expect(Object.keys(label).sort()).toEqual(['en', 'ru'])
    for (const label of Object.values(vehicleActors)) expect(Object.keys(label).sort()).toEqual(['en', 'ru'])
    expect(vehicleActors).not.toHaveProperty('owner')
  })

  it('has these moves and no others', () => {
    const legal = statuses.flatMap(from => statuses.filter(to => canMove(from, to)).map(to => `${from} ${to}`))
    expect(legal).toEqual([
      'incomplete active',
      'incomplete annulled',
      'active redeemed',
      'active annulled',
      'active recycled',
      'redeemed active',
      'annulled active',
    ])
  })

  it('leaves what is final, and leads to every status but the first', () => {
    for (const from of statuses) expect(statuses.some(to => canMove(from, to))).toBe(!vehicleStatuses[from].final)
    for (const to of statuses.slice(1)) expect(statuses.some(from => canMove(from, to))).toBe(true)
  })

  it('lets the authorised body alone annul, and correct', () => {
    for (const { from, to, actors, reasons } of vehicleMoves) {
      expect(reasons.length).toBeGreaterThan(0)
      for (const reason of reasons) expect(reason).toMatch(/^[a-z]+(_[a-z]+)*$/)
      if (to === 'annulled' || from === 'redeemed' || from === 'annulled') expect(actors).toEqual(['authorised_body'])
    }
  })

  it('may be replaced', () => {
    const moves = [{ from: 'active', to: 'incomplete', actors: ['customs'], reasons: ['reopened'] }] as const
    expect(canMove('active', 'incomplete', moves)).toBe(true)
    expect(canMove('active', 'redeemed', moves)).toBe(false)
    const reopened = moveVehicle(active, { to: 'incomplete', actor: 'customs', reason: 'reopened', moves })
    expect(reopened.passport.status).toBe('incomplete')
  })
})

describe('a move', () => {
  it('gives a new history, and leaves the old one as it was', () => {
    expect(begun).toEqual({ passport, moves: [] })
    expect(active.passport).toEqual({ ...passport, status: 'active', statusDate: '2021-03-02' })
    expect(redeemed).toEqual({
      passport: { ...passport, status: 'redeemed', statusDate: '2022-05-05' },
      moves: [
        { from: 'incomplete', to: 'active', actor: 'manufacturer', reason: 'completed', time: '2021-03-01T22:30:00Z' },
        {
          from: 'active',
          to: 'redeemed',
          actor: 'registration_body',
          reason: 'design_changed',
          time: '2022-05-05T09:00:00Z',
        },
      ],
    })
    expect(isDeepFrozen(redeemed)).toBe(true)
    expect(vehiclePassport.parse(redeemed.passport)).toEqual(redeemed.passport)
  })

  it('has the date of the local day', () => {
    const options = {
      to: 'active',
      actor: 'customs',
      reason: 'customs_cleared',
      now: at('2021-03-01T22:30:00Z'),
    } as const
    expect(moveVehicle(begun, { ...options, utcOffset: 0 }).passport.statusDate).toBe('2021-03-01')
    expect(moveVehicle(begun, { ...options, utcOffset: 5 }).passport.statusDate).toBe('2021-03-02')
    expect(() => moveVehicle(begun, { ...options, utcOffset: 15 })).toThrow(RangeError)
  })

  it('survives JSON', () => {
    const kept = JSON.parse(JSON.stringify(redeemed)) as VehicleHistory
    expect(readVehicleHistory(kept)).toEqual(redeemed)
  })

  const move = {
    to: 'recycled',
    actor: 'registration_body',
    reason: 'scrapped',
    now: at('2023-01-01T00:00:00Z'),
  } as const
  it.each<[string, VehicleHistory, object, string]>([
    ['that the table does not know', begun, {}, 'to'],
    ['to where it is', active, { to: 'active' }, 'to'],
    ['to no status', active, { to: 'sold' }, 'to'],
    ['of a name from the prototype', active, { to: 'constructor' }, 'to'],
    ['by another body', active, { actor: 'customs' }, 'actor'],
    ['of annulment by the registration body', active, { to: 'annulled', reason: 'issued_in_error' }, 'actor'],
    ['for a reason of another move', active, { reason: 'design_changed' }, 'reason'],
    [
      'before the last one',
      redeemed,
      { to: 'active', actor: 'authorised_body', reason: 'correction', now: at('2022-05-05T08:59:59Z') },
      'now',
    ],
    [
      'before the status began',
      begun,
      { to: 'active', actor: 'customs', reason: 'completed', now: at('2021-02-27T00:00:00Z') },
      'now',
    ],
    [
      'after the final one',
      moveVehicle(active, move),
      { to: 'active', actor: 'authorised_body', reason: 'correction' },
      'to',
    ],
  ])('is refused %s', (_, history, change, place) => {
    expect(failure(() => moveVehicle(history, { ...move, ...change }))).toMatchObject({
      code: 'vehicle_move_refused',
      at: place,
      actual: history.passport.status,
    })
  })

  it.each<[string, object, string]>([
    ['no actor', { actor: undefined }, '`actor`'],
    ['the owner as the actor', { actor: 'owner' }, '`actor`'],
    ['an actor out of the prototype', { actor: 'constructor' }, '`actor`'],
    ['no reason', { reason: undefined }, '`reason`'],
    ['an empty reason', { reason: '' }, '`reason`'],
    ['a clock without time', { now: () => new Date(Number.NaN) }, '`now`'],
  ])('is misuse with %s', (_, change, argument) => {
    expect(() => moveVehicle(active, { ...move, ...change })).toThrow(TypeError)
    expect(() => moveVehicle(active, { ...move, ...change })).toThrow(argument)
  })
})

describe('a history is broken', () => {
  const [first, second] = redeemed.moves
  it.each<[string, object, string]>([
    ['without moves', { moves: undefined }, 'moves'],
    ['when a move is missing', { moves: [first] }, 'passport.status'],
    ['when moves are swapped', { moves: [second, first] }, 'moves.1'],
    [
      'when a move does not begin where the one before ended',
      { moves: [first, { ...second, from: 'annulled' }] },
      'moves.1',
    ],
    ['when time runs back', { moves: [first, { ...second, time: '2021-03-01T22:29:59Z' }] }, 'moves.1'],
    ['when the passport says otherwise', { passport: active.passport }, 'passport.status'],
    ['by a move that is none', { moves: [null, second] }, 'moves.0'],
    ['by a status that is none', { moves: [{ ...first, from: 'sold' }, second] }, 'moves.0'],
    ['by a status of another kind', { moves: [first, { ...second, to: 1 }] }, 'moves.1'],
    ['by an actor who is none', { moves: [{ ...first, actor: 'owner' }, second] }, 'moves.0'],
    ['by the want of a reason', { moves: [{ ...first, reason: '' }, second] }, 'moves.0'],
    ['by a reason of another kind', { moves: [{ ...first, reason: 7 }, second] }, 'moves.0'],
    ['by a time without zone', { moves: [{ ...first, time: '2021-03-01T22:30:00' }, second] }, 'moves.0'],
  ])('%s', (_, change, place) => {
    const history = { ...redeemed, ...change } as VehicleHistory
    const broken = { code: 'vehicle_history_malformed', at: place }
    expect(failure(() => readVehicleHistory(history))).toMatchObject(broken)
    expect(failure(() => vehicleExtract(history, { kind: 'status' }))).toMatchObject(broken)
    const move = { to: 'active', actor: 'authorised_body' as VehicleActor, reason: 'correction' } as const
    expect(failure(() => moveVehicle(history, move))).toMatchObject(broken)
  })
})

describe('a history that came from outside', () => {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const thrower = new Proxy(
    {},
    {
      get() {
        throw new Error('not today')
      },
      ownKeys: () => ['passport'],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
    },
  )
  const withPassport = (changes: object) => ({ ...redeemed, passport: { ...redeemed.passport, ...changes } })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'history'],
    ['null', null, 'history'],
    ['text', 'history', 'history'],
    ['a list', [passport], 'history'],
    ['a revoked proxy', revoked.proxy, 'history'],
    ['what throws', thrower, 'passport'],
    ['moves that are no list', { passport, moves: { length: 0 } }, 'moves'],
    ['moves that cannot be read', { passport, moves: [revoked.proxy] }, 'moves.0'],
    ['no passport', { moves: [] }, 'passport'],
    ['a passport that is null', { passport: null, moves: [] }, 'passport'],
    ['a passport of another kind', withPassport({ status: undefined }), 'passport.status'],
    ['a passport with a wrong number', withPassport({ number: '1' }), 'passport.number'],
    ['a status that is none', withPassport({ status: 'lost' }), 'passport.status'],
    ['another status than the last move', withPassport({ status: 'active' }), 'passport.status'],
    ['a date long after the last move', withPassport({ statusDate: '2022-05-07' }), 'passport.statusDate'],
    ['a date before the last move', withPassport({ statusDate: '2022-05-03' }), 'passport.statusDate'],
  ])('is not %s', (_, history, place) => {
    const { code, at } = failure(() => readVehicleHistory(history as VehicleHistory))
    expect([code, at]).toEqual(['vehicle_history_malformed', place])
  })

  it('may be dated by any local day, is frozen, and read twice the same', () => {
    const late = JSON.parse(
      JSON.stringify(
        moveVehicle(active, {
          to: 'redeemed',
          actor: 'registration_body',
          reason: 'design_changed',
          now: at('2022-05-05T23:30:00Z'),
          utcOffset: 14,
        }),
      ),
    )
    const read = readVehicleHistory(late)
    expect(read.passport.statusDate).toBe('2022-05-06')
    expect(read).toEqual(late)
    expect(isDeepFrozen(read)).toBe(true)
    expect(readVehicleHistory(read)).toEqual(read)
    expect(Object.isFrozen(late.moves)).toBe(false)
  })

  it('is misuse without options or a source', () => {
    expect(() => moveVehicle(begun, undefined as never)).toThrow('`options` must be')
    expect(() => vehicleExtract(null as never, { kind: 'short' })).toThrow('`source` must be')
  })
})

describe('an extract', () => {
  it('of the status tells the number, the status and the day', () => {
    expect(vehicleExtract(redeemed, { kind: 'status' })).toEqual({
      extractKind: 'status',
      extractDate: '2022-05-05',
      number: vehicle.number,
      status: 'redeemed',
      statusDate: '2022-05-05',
    })
  })

  it.each([
    ['2021-03-01', 'incomplete', '2021-03-01'],
    ['2021-03-02', 'active', '2021-03-02'],
    ['2022-05-04', 'active', '2021-03-02'],
    ['2022-05-05', 'redeemed', '2022-05-05'],
    ['2099-01-01', 'redeemed', '2022-05-05'],
  ])('on %s says %s', (on, status, statusDate) => {
    expect(vehicleExtract(redeemed, { kind: 'status', on })).toMatchObject({ extractDate: on, status, statusDate })
  })

  it('counts days where it is told to', () => {
    const options = { kind: 'status', on: '2021-03-01', utcOffset: 0 } as const
    expect(vehicleExtract(redeemed, options).status).toBe('active')
  })

  it('has the last of several statuses of one day', () => {
    const back = moveVehicle(redeemed, {
      to: 'active',
      actor: 'authorised_body',
      reason: 'correction',
      now: at('2022-05-05T09:00:00Z'),
    })
    expect(vehicleExtract(back, { kind: 'status', on: '2022-05-05' }).status).toBe('active')
  })

  it('in short tells the vehicle', () => {
    const extract = vehicleExtract(redeemed, { kind: 'short', on: '2022-01-01' })
    expect(Object.keys(extract).sort()).toEqual([
      'bodyNumber',
      'category',
      'chassisNumber',
      'colour',
      'extractDate',
      'extractKind',
      'issueDate',
      'kind',
      'make',
      'model',
      'number',
      'status',
      'statusDate',
      'vin',
      'year',
    ])
    const { passport } = { passport: vehiclePassport.parse(leastVehicle) }
    expect(vehicleExtract(passport, { kind: 'short' })).not.toHaveProperty('colour')
  })

  it('in full tells all but the owner, who consents or not', () => {
    const { owner, ...others } = redeemed.passport
    const day = { extractKind: 'full', extractDate: '2022-05-05' }
    expect(vehicleExtract(redeemed, { kind: 'full' })).toEqual({ ...others, ...day })
    expect(vehicleExtract(redeemed, { kind: 'full', owner: 'with_consent' })).toEqual({ ...others, owner, ...day })
    expect(vehicleExtract(redeemed, { kind: 'short', owner: 'with_consent' })).not.toHaveProperty('owner')
  })

  it.each(['full', 'short', 'status'] as const)('is a record that can be issued: %s', kind => {
    const extract = vehicleExtract(redeemed, { kind, on: '2022-01-01', owner: 'with_consent' })
    expect(isDeepFrozen(extract)).toBe(true)
    const { values, fromJson, fromMdoc } = inBothForms(vehicleExtractPassport, extract, '2026-11-22')
    expect(values).toEqual(extract)
    expect(fromJson).toEqual({ claims: extract, other: {} })
    expect(fromMdoc).toEqual({ claims: extract, other: {} })
  })

  it('is not to be had of days that nobody knows', () => {
    const unavailable = { code: 'vehicle_extract_unavailable', at: 'on' }
    const extractOf = (source: VehicleHistory | typeof passport, on: string) => () =>
      vehicleExtract(source, { kind: 'status', on })
    expect(failure(extractOf(redeemed, '2021-02-28'))).toMatchObject(unavailable)
    expect(failure(extractOf(redeemed.passport, '2022-05-04'))).toMatchObject(unavailable)
    expect(extractOf(redeemed.passport, '2022-05-05')()).toMatchObject({ status: 'redeemed' })
  })

  it('is misuse with a day that does not exist, or of no kind', () => {
    expect(() => vehicleExtract(redeemed, { kind: 'status', on: '2022-02-30' })).toThrow('`on`')
    expect(() => vehicleExtract(redeemed, { kind: 'long' as 'full' })).toThrow('`kind`')
  })
})

describe('the extract as a credential', () => {
  it('has a type of its own, always shows its day, and names every field in Russian and English', () => {
    const { vct, docType, fields } = vehicleExtractProfile
    for (const type of [...vct, ...docType]) expect(type).toContain('vehicle-extract')
    expect([fields.extractKind.hide, fields.extractDate.hide]).toEqual([false, false])
    const certain = Object.entries(fields).filter(([, { optional }]) => optional !== true)
    expect(certain.map(([name]) => name)).toEqual(['extractKind', 'extractDate', 'number', 'status', 'statusDate'])
    expect(Object.keys(vehicleExtractPassport.label ?? {}).sort()).toEqual(['en', 'ru'])
    for (const { label, claim, element } of Object.values(vehicleExtractPassport.fields)) {
      expect(Object.keys(label ?? {}).sort()).toEqual(['en', 'ru'])
      expect([claim, element]).not.toContain(undefined)
    }
  })

  it.each<[string, object, string]>([
    ['a kind that is none', { extractKind: 'long' }, 'extractKind range'],
    ['no day', { extractDate: undefined }, 'extractDate required'],
    ['a day before its status', { extractDate: '2022-05-04' }, 'statusDate order'],
    ['what a passport would be refused for', { kerbMass: 99_999 }, 'kerbMass mismatch'],
  ])('is refused for %s', (_, change, issue) => {
    const extract = vehicleExtract(redeemed, { kind: 'full' })
    const result = vehicleExtractPassport.safeParse({ ...extract, ...change })
    expect(result.ok ? [] : brief(result.issues)).toEqual([issue])
  })
})
