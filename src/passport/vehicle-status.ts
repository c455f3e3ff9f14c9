/**
 * The statuses of an electronic vehicle passport and the moves between them, as data.
 *
 * Statuses: decision 122 of the Board of the Eurasian Economic Commission. Which moves are legal, whose they are and
 * for which reasons is this library's reading of practice: hand in a table of your own where yours differs.
 */
import { deepFreeze } from '../core/freeze.js'
import type { Labels } from './profile.js'

export type VehicleStatus = 'incomplete' | 'active' | 'redeemed' | 'annulled' | 'recycled'

/** Who may change a vehicle passport. An owner is not among them: owners ask, and see extracts. */
export type VehicleActor = 'manufacturer' | 'customs' | 'laboratory' | 'registration_body' | 'authorised_body'

export interface VehicleMoveRule {
  readonly from: VehicleStatus
  readonly to: VehicleStatus
  readonly actors: readonly VehicleActor[]
  /** snake_case words; one of them must be named. */
  readonly reasons: readonly string[]
}

export interface VehicleStatusFacts {
  readonly label: Labels
  /** Nothing follows it. */
  readonly final: boolean
}

export const vehicleStatuses: Readonly<Record<VehicleStatus, VehicleStatusFacts>> = /* @__PURE__ */ deepFreeze({
  incomplete: { label: { ru: 'незавершённый', en: 'incomplete' }, final: false },
  active: { label: { ru: 'действующий', en: 'active' }, final: false },
  redeemed: { label: { ru: 'погашенный', en: 'redeemed' }, final: false },
  annulled: { label: { ru: 'аннулированный', en: 'annulled' }, final: false },
  recycled: { label: { ru: 'утилизированный', en: 'recycled' }, final: true },
})

export const vehicleActors: Readonly<Record<VehicleActor, Labels>> = /* @__PURE__ */ deepFreeze({
  manufacturer: { ru: 'изготовитель', en: 'manufacturer' },
  customs: { ru: 'таможенный орган', en: 'customs body' },
  laboratory: { ru: 'испытательная лаборатория', en: 'test laboratory' },
  registration_body: { ru: 'регистрирующий орган', en: 'registration body' },
  authorised_body: { ru: 'уполномоченный орган', en: 'authorised body' },
})

/** Every legal move. Back to `active` lead corrections alone. */
export const vehicleMoves: readonly VehicleMoveRule[] = /* @__PURE__ */ deepFreeze([
  {
    from: 'incomplete',
    to: 'active',
    actors: ['manufacturer', 'customs', 'laboratory', 'authorised_body'],
    reasons: ['completed', 'recycling_fee_paid', 'customs_cleared'],
  },
  {
    from: 'incomplete',
    to: 'annulled',
    actors: ['authorised_body'],
    reasons: ['issued_in_error', 'customs_not_done', 'left_union'],
  },
  {
    from: 'active',
    to: 'redeemed',
    actors: ['registration_body', 'authorised_body'],
    reasons: ['kind_changed', 'design_changed', 'superseded'],
  },
  {
    from: 'active',
    to: 'annulled',
    actors: ['authorised_body'],
    reasons: ['issued_in_error', 'customs_not_done', 'left_union', 'court_decision'],
  },
  {
    from: 'active',
    to: 'recycled',
    actors: ['registration_body', 'authorised_body'],
    reasons: ['scrapped'],
  },
  { from: 'redeemed', to: 'active', actors: ['authorised_body'], reasons: ['correction', 'court_decision'] },
  { from: 'annulled', to: 'active', actors: ['authorised_body'], reasons: ['correction', 'court_decision'] },
])

/** Whether a passport may ever go from one status to another; `moves` takes the place of `vehicleMoves`. */
export const canMove = (
  from: VehicleStatus,
  to: VehicleStatus,
  moves: readonly VehicleMoveRule[] = vehicleMoves,
): boolean => moves.some(rule => rule.from === from && rule.to === to)
