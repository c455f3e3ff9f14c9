/**
 * Changes of what an electronic vehicle passport says: which body may change which fields, and on which evidence.
 *
 * The table is this library's reading of practice: hand in one of your own where yours differs. Statuses are not changed here
 * but moved (`vehicle-history.ts`). An owner changes nothing: owners ask, and a body that may decides. Whether the actor is
 * who it says, and whether the evidence is genuine, is the business of whoever calls.
 */
import { expectObject, misuse } from '../core/arguments.js'
import type { Clock } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { VidimusError } from '../errors.js'
import type { EvidenceKind } from './required-evidence.js'
import { type VehiclePassport, vehiclePassport } from './vehicle.js'
import { readVehicleHistory, type VehicleHistory } from './vehicle-history.js'
import { type VehicleActor, type VehicleStatus, vehicleActors } from './vehicle-status.js'

export interface VehicleChangeRule {
  readonly fields: readonly (keyof VehiclePassport)[]
  readonly actors: readonly VehicleActor[]
  /** One of these is enough; none is asked for where the body's own act is the ground. */
  readonly evidence: readonly EvidenceKind[]
}

/** Who may change what. Fields that no rule names (number, kind, make, VIN, issue) are set once and for all. */
export const vehicleChanges: readonly VehicleChangeRule[] = /* @__PURE__ */ deepFreeze([
  {
    fields: ['owner'],
    actors: ['registration_body', 'authorised_body'],
    evidence: ['sale_contract', 'registration_act', 'court_decision'],
  },
  { fields: ['registrations'], actors: ['registration_body'], evidence: ['registration_act'] },
  {
    fields: ['colour', 'engineNumber', 'bodyNumber', 'chassisNumber'],
    actors: ['registration_body'],
    evidence: ['registration_act', 'accident_report', 'design_certificate'],
  },
  {
    fields: [
      'designChanges',
      'modification',
      'category',
      'engineType',
      'engineVolume',
      'enginePower',
      'fuels',
      'ecoClass',
      'maxMass',
      'kerbMass',
    ],
    actors: ['registration_body', 'laboratory'],
    evidence: ['design_certificate'],
  },
  {
    fields: ['customsDocument', 'customsRestrictions', 'recyclingFee', 'territory'],
    actors: ['customs', 'authorised_body'],
    evidence: [],
  },
  { fields: ['restrictions'], actors: ['customs', 'registration_body', 'authorised_body'], evidence: [] },
])

export interface VehicleChangeOptions {
  /** The fields as they are to be; one that is `undefined` is taken out. */
  readonly changes: Partial<VehiclePassport>
  readonly actor: VehicleActor
  /** The kinds of evidence that the request came with. */
  readonly evidence?: readonly EvidenceKind[] | undefined
  /** With it nothing may lie in the future. */
  readonly now?: Clock | undefined
  /** Who may change what, in place of `vehicleChanges`. */
  readonly rules?: readonly VehicleChangeRule[] | undefined
}

/**
 * The history with the passport as it is after the change. Nothing that was handed in changes; extracts that were issued
 * before stay as they are: set their status.
 *
 * Throws `vehicle_change_refused` at `status` (neither incomplete nor active), at the field that nobody may change, at `actor`
 * (another's) or `evidence` (none that serves); `passport_invalid` with every issue of what would come out,
 * `vehicle_history_malformed` for a history that is broken, and `TypeError` for what is no actor or change.
 * @example changeVehicle(history, { changes: { colour: 'синий' }, actor: 'registration_body', evidence: ['registration_act'] })
 */
export function changeVehicle(history: VehicleHistory, options: VehicleChangeOptions): VehicleHistory {
  const { passport, moves } = readVehicleHistory(history)
  expectObject(options, 'options')
  const { changes, actor, evidence = [], now, rules = vehicleChanges } = options
  expectObject(changes, 'changes')
  if (!Object.hasOwn(vehicleActors, actor)) throw misuse('actor', 'a kind of body that may change vehicle passports')
  const { status } = passport
  if (status !== 'incomplete' && status !== 'active') throw refused('status', status)
  for (const field of Object.keys(changes)) {
    const about = rules.filter(({ fields }) => (fields as readonly string[]).includes(field))
    if (about.length === 0) throw refused(Object.hasOwn(vehiclePassport.fields, field) ? field : 'changes', status)
    const own = about.filter(({ actors }) => actors.includes(actor))
    if (own.length === 0) throw refused('actor', status)
    if (!own.some(rule => serves(rule, evidence))) throw refused('evidence', status)
  }
  return Object.freeze({ passport: vehiclePassport.parse({ ...passport, ...changes }, { now }), moves })
}

const serves = ({ evidence: demanded }: VehicleChangeRule, given: readonly EvidenceKind[]): boolean =>
  demanded.length === 0 || demanded.some(kind => given.includes(kind))

const refused = (at: string, actual: VehicleStatus): VidimusError =>
  new VidimusError('vehicle_change_refused', { at, actual })
