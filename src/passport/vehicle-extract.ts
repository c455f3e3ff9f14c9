/**
 * Extracts (выписки) from an electronic vehicle passport: full, short, or the status on a day.
 *
 * An extract is a record. Issued with `vehicleExtractPassport` it becomes a signed one, in any format.
 */
import { expectObject } from '../core/arguments.js'
import { isCalendarDate } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { isAfter, moscowOffset } from './calendar.js'
import { definePassport, type PassportDefinition } from './definition.js'
import type { RuleIssue } from './record-parser.js'
import { dateAsTyped, oneOf } from './schemas.js'
import { checkVehicle, type VehiclePassport, vehicleSchemas } from './vehicle.js'
import { type VehicleExtractClaims, type VehicleExtractKind, vehicleExtractProfile } from './vehicle-extract-profile.js'
import { readVehicleHistory, statusOn, type VehicleHistory } from './vehicle-history.js'
import { vehicleLabels } from './vehicle-labels.js'

export type VehicleExtract = VehicleExtractClaims

/**
 * The extract as a credential. It has no end of its own, and says nothing of the days after the one it is of: `require`
 * its `extractDate` and judge that.
 */
export const vehicleExtractPassport: PassportDefinition<'vehicle-extract', VehicleExtractClaims, VehicleExtract> =
  /* @__PURE__ */ makeDefinition()

function makeDefinition() {
  return definePassport(vehicleExtractProfile, extractSchemas, {
    label: {
      ru: 'Выписка из электронного паспорта транспортного средства',
      en: 'Extract from an electronic vehicle passport',
    },
    labels: {
      ...vehicleLabels,
      extractKind: { ru: 'Вид выписки', en: 'Kind of extract' },
      extractDate: { ru: 'Выписка на дату', en: 'As of' },
    },
    check: checkExtract,
  })
}

export interface VehicleExtractOptions {
  readonly kind: VehicleExtractKind
  /** The day, `YYYY-MM-DD`; the date of the newest status unless given. */
  readonly on?: string | undefined
  /** Whether a full extract repeats the owner, which takes the owner's consent. */
  readonly owner?: 'with_consent' | undefined
  /** Hours that local time is ahead of UTC. Default 3, Moscow. */
  readonly utcOffset?: number | undefined
}

const shortFields = [
  'vin',
  'bodyNumber',
  'chassisNumber',
  'kind',
  'make',
  'model',
  'category',
  'year',
  'colour',
  'issueDate',
] as const

/**
 * The extract from a passport, or from its history, which alone knows earlier statuses; all other fields are as they
 * are now.
 *
 * Throws `vehicle_extract_unavailable` at `on` for a day of which the status is not known, `vehicle_history_malformed`
 * for a history that is broken, `TypeError` for options that are wrong.
 * @example vehicleExtract(history, { kind: 'status', on: '2026-03-01' })
 */
export function vehicleExtract(
  source: VehiclePassport | VehicleHistory,
  { kind, on, owner, utcOffset = moscowOffset }: VehicleExtractOptions,
): VehicleExtract {
  expectObject(source, 'source')
  const history = 'moves' in source ? readVehicleHistory(source) : { passport: source, moves: [] }
  const { passport } = history
  const extractDate = on ?? passport.statusDate
  if (!isCalendarDate(extractDate)) throw new TypeError('`on` must be a date that exists, written YYYY-MM-DD')
  const state = statusOn(history, extractDate, utcOffset)
  if (state === undefined) throw new VidimusError('vehicle_extract_unavailable', { at: 'on' })
  const { number } = passport
  return Object.freeze({ ...partOf(passport, kind, owner), extractKind: kind, extractDate, number, ...state })
}

function partOf(passport: VehiclePassport, kind: VehicleExtractKind, owner: 'with_consent' | undefined): object {
  const { owner: whose, ...vehicle } = passport
  switch (kind) {
    case 'full':
      return owner === 'with_consent' ? passport : vehicle
    case 'short':
      return Object.fromEntries(
        shortFields.flatMap(field => (passport[field] === undefined ? [] : [[field, passport[field]]])),
      )
    case 'status':
      return {}
    default:
      throw new TypeError("`kind` must be 'full', 'short' or 'status'")
  }
}

function extractSchemas() {
  return { ...vehicleSchemas(), extractKind: oneOf('full', 'short', 'status'), extractDate: dateAsTyped() }
}

/** As in a passport; and no extract speaks of a day before its own status. */
function* checkExtract(extract: Partial<VehicleExtract>, now: Date | undefined): Generator<RuleIssue> {
  yield* checkVehicle(extract, now)
  const { extractDate, statusDate } = extract
  if (isAfter(statusDate, extractDate)) yield { path: ['statusDate'], code: 'order' }
}
