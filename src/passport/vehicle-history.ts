/**
 * The history of a vehicle passport: which statuses it had, who changed them, why and when.
 *
 * It is the issuer's record beside the passport, plain data that survives JSON, and is never part of a credential.
 * Whether the actor is who it says is the business of whoever calls.
 */
import { expectObject, misuse } from '../core/arguments.js'
import { type Clock, readClock } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { VidimusError } from '../errors.js'
import { localDate, moscowOffset } from './calendar.js'
import { valueOfKind } from './field-value.js'
import { readRecord } from './record.js'
import { type VehiclePassport, vehiclePassport } from './vehicle.js'
import {
  type VehicleActor,
  type VehicleMoveRule,
  type VehicleStatus,
  vehicleActors,
  vehicleMoves,
  vehicleStatuses,
} from './vehicle-status.js'

/** One change of status. */
export interface VehicleMove {
  readonly from: VehicleStatus
  readonly to: VehicleStatus
  readonly actor: VehicleActor
  readonly reason: string
  /** An instant, RFC 3339 in UTC, whole seconds. */
  readonly time: string
}

export interface VehicleHistory {
  /** As it is now. */
  readonly passport: VehiclePassport
  /** From the oldest to the newest. */
  readonly moves: readonly VehicleMove[]
}

export interface VehicleMoveOptions {
  readonly to: VehicleStatus
  /** What kind of body makes the move. */
  readonly actor: VehicleActor
  /** One of the reasons that the table gives for the move. */
  readonly reason: string
  /** When; the clock's time unless given. */
  readonly now?: Clock | undefined
  /** Hours that local time is ahead of UTC, -12 to 14: the status has the date of the local day. Default 3, Moscow. */
  readonly utcOffset?: number | undefined
  /** The legal moves, in place of `vehicleMoves`. */
  readonly moves?: readonly VehicleMoveRule[] | undefined
}

/**
 * The history with one more move, and the passport in its new status. Nothing that was handed in changes.
 *
 * Throws `vehicle_move_refused` at `to` (no such move), `actor` (another's), `reason` (not one of its reasons) or `now`
 * (before the last move, or before the passport was issued), `vehicle_history_malformed` for a history that is broken,
 * `TypeError` for what is no actor, reason or clock.
 * @example moveVehicle({ passport, moves }, { to: 'redeemed', actor: 'registration_body', reason: 'design_changed' })
 */
export function moveVehicle(history: VehicleHistory, options: VehicleMoveOptions): VehicleHistory {
  const { passport, moves: earlier } = readVehicleHistory(history)
  expectObject(options, 'options')
  const { to, actor, reason, now, utcOffset = moscowOffset, moves = vehicleMoves } = options
  if (!Object.hasOwn(vehicleActors, actor)) throw misuse('actor', 'a kind of body that may change vehicle passports')
  if (typeof reason !== 'string' || reason === '') throw misuse('reason', 'a non-empty string')
  const from = passport.status
  const rule = moves.find(move => move.from === from && move.to === to)
  if (rule === undefined) throw refused('to', from)
  if (!rule.actors.includes(actor)) throw refused('actor', from)
  if (!rule.reasons.includes(reason)) throw refused('reason', from)
  const instant = readClock(now)
  const time = `${instant.toISOString().slice(0, 19)}Z`
  const statusDate = localDate(instant, utcOffset)
  if (time < (earlier.at(-1)?.time ?? '') || statusDate < passport.statusDate) throw refused('now', from)
  const move = Object.freeze({ from, to, actor, reason, time })
  return Object.freeze({
    passport: Object.freeze({ ...passport, status: to, statusDate }),
    moves: Object.freeze([...earlier, move]),
  })
}

/**
 * A history from outside, normalised and frozen. Throws `vehicle_history_malformed`, naming the place, unless the passport
 * is whole, and every move is, follows from the one before it, not earlier than that, and the last leads to the passport's
 * status and to its date, on whichever side of midnight. Whether the moves were legal is not asked: the table may have
 * changed since.
 */
export function readVehicleHistory(history: VehicleHistory): VehicleHistory {
  const { members, issues } = readRecord(
    history,
    new Map([
      ['passport', {}],
      ['moves', {}],
    ]),
  )
  const unreadable = issues.find(({ code }) => code !== 'unknown_field')
  if (unreadable !== undefined) throw malformed(unreadable.path.join('.') || 'history')
  const moves = readMoves(members.get('moves'))
  const answer = vehiclePassport.safeParse(members.get('passport'))
  if (!answer.ok) throw malformed(['passport', ...(answer.issues[0]?.path ?? [])].join('.'))
  const { passport } = answer
  const last = moves.at(-1)
  if (last !== undefined && last.to !== passport.status) throw malformed('passport.status')
  if (last !== undefined && !isSomewhereOn(last.time, passport.statusDate)) throw malformed('passport.statusDate')
  return Object.freeze({ passport, moves })
}

function readMoves(moves: unknown): readonly VehicleMove[] {
  if (!Array.isArray(moves)) throw malformed('moves')
  let before: VehicleMove | undefined
  for (const [index, move] of moves.entries()) {
    if (!isMove(move)) throw malformed(`moves.${index}`)
    if (before !== undefined && (move.from !== before.to || move.time < before.time)) throw malformed(`moves.${index}`)
    before = move
  }
  return deepFreeze(moves)
}

/** Whether an instant falls on a date anywhere: where the history was written is not known. */
const isSomewhereOn = (time: string, date: string): boolean =>
  localDate(new Date(time), -12) <= date && date <= localDate(new Date(time), 14)

/** The status at the end of a local day, and since when it has it; `undefined` for days before all that is known. */
export function statusOn(
  { passport, moves }: VehicleHistory,
  on: string,
  utcOffset: number,
): Pick<VehiclePassport, 'status' | 'statusDate'> | undefined {
  const [first] = moves
  const { issueDate, status, statusDate } = passport
  const start = first === undefined ? { status, statusDate } : { status: first.from, statusDate: issueDate }
  const states = [
    start,
    ...moves.map(({ to, time }) => ({ status: to, statusDate: localDate(new Date(time), utcOffset) })),
  ]
  return states.findLast(state => state.statusDate <= on)
}

function isMove(move: unknown): move is VehicleMove {
  if (typeof move !== 'object' || move === null) return false
  const { from, to, actor, reason, time }: Partial<Record<keyof VehicleMove, unknown>> = move
  return (
    isMemberOf(vehicleStatuses, from) &&
    isMemberOf(vehicleStatuses, to) &&
    isMemberOf(vehicleActors, actor) &&
    typeof reason === 'string' &&
    reason !== '' &&
    valueOfKind('time', time) !== undefined
  )
}

const isMemberOf = (table: object, name: unknown): boolean => typeof name === 'string' && Object.hasOwn(table, name)

const refused = (at: string, actual: VehicleStatus): VidimusError =>
  new VidimusError('vehicle_move_refused', { at, actual })

const malformed = (at: string): VidimusError => new VidimusError('vehicle_history_malformed', { at })
