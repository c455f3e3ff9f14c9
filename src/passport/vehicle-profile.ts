/**
 * The electronic vehicle passport (ЭПТС) of the Eurasian Economic Union, as verifiers know it: plain data.
 *
 * Its data groups follow decision 122 of the Board of the Eurasian Economic Commission of 22.09.2015. It says what a
 * vehicle is and which status its passport had when the credential was issued; it gives nobody a right and signs
 * nothing. Plate and registration certificate are other documents. All names are domestic, the same in both formats.
 */
import { deepFreeze } from '../core/freeze.js'
import type { FieldKind, PassportProfile, ProfileField } from './profile.js'
import type { VehicleStatus } from './vehicle-status.js'

/** What the passport is of: a vehicle, its chassis, or a self-propelled machine. */
export type VehicleKind = 'vehicle' | 'chassis' | 'machine'

export type VehicleFuel = 'petrol' | 'diesel' | 'lpg' | 'cng' | 'lng' | 'hydrogen' | 'electricity' | 'other'

/** What the vehicle was let into circulation by. Members have the names of the claim. */
export interface VehicleApproval {
  readonly kind: 'type_approval' | 'chassis_approval' | 'design_safety_certificate' | 'conformity_certificate' | 'other'
  readonly number: string
  readonly date?: string | undefined
  readonly authority?: string | undefined
}

/** What may not be done with the vehicle. */
export interface VehicleRestriction {
  readonly kind: 'registration_ban' | 'customs' | 'pledge' | 'arrest' | 'wanted' | 'other'
  readonly since: string
  readonly authority?: string | undefined
  readonly description?: string | undefined
}

/** Recorded with the owner's consent, and disclosed member by member. */
export interface VehicleOwner {
  readonly kind: 'person' | 'organisation'
  readonly name: string
  /** Twelve digits of a person, ten of an organisation. */
  readonly inn?: string | undefined
  readonly since?: string | undefined
}

/** An act of the body that registers vehicles. */
export interface VehicleRegistration {
  readonly event: 'registered' | 'changed' | 'deregistered'
  readonly date: string
  readonly authority?: string | undefined
}

export interface VehicleDesignChange {
  readonly date: string
  readonly description: string
  /** The certificate of conformity of the changed vehicle. */
  readonly document?: string | undefined
}

export interface VehicleClaims {
  /** Fifteen digits, given by the system of electronic passports. */
  readonly number: string
  readonly kind: VehicleKind
  readonly status: VehicleStatus
  /** Since when it has the status. */
  readonly statusDate: string
  /** Seventeen characters. Not every vehicle has one; then it has a body or a chassis number. */
  readonly vin?: string | undefined
  readonly bodyNumber?: string | undefined
  readonly chassisNumber?: string | undefined
  readonly engineNumber?: string | undefined
  readonly make: string
  /** The commercial name. */
  readonly model: string
  readonly modification?: string | undefined
  /** Of the technical regulation, as `M1`; of a machine, its kind. */
  readonly category: string
  readonly year: number
  readonly colour?: string | undefined
  readonly engineType?: string | undefined
  /** Cubic centimetres. */
  readonly engineVolume?: number | undefined
  /** Kilowatts. A metric horsepower is 0.73549875 of one. */
  readonly enginePower?: number | undefined
  readonly fuels?: readonly VehicleFuel[] | undefined
  /** 0 to 6. */
  readonly ecoClass?: number | undefined
  /** The greatest permitted, kilograms. */
  readonly maxMass?: number | undefined
  /** Unladen, kilograms. */
  readonly kerbMass?: number | undefined
  readonly manufacturer?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly manufacturerCountry?: string | undefined
  readonly approval?: VehicleApproval | undefined
  readonly customsDocument?: string | undefined
  readonly customsRestrictions?: string | undefined
  readonly recyclingFee?: 'paid' | 'not_paid' | 'not_required' | undefined
  /** Where the vehicle may be used, if not in the whole Union. */
  readonly territory?: string | undefined
  /** What the passport was made out on the ground of. */
  readonly basis?: string | undefined
  readonly issueDate: string
  readonly issuingAuthority: string
  /** ISO 3166-1 alpha-2 of a member state. */
  readonly issuingCountry: string
  readonly restrictions?: readonly VehicleRestriction[] | undefined
  readonly registrations?: readonly VehicleRegistration[] | undefined
  readonly designChanges?: readonly VehicleDesignChange[] | undefined
  readonly owner?: VehicleOwner | undefined
}

/** The mdoc namespace, and the document type of a whole passport. */
export const vehicleNamespace = 'org.vidimus.passport.vehicle.1'

export const vehicleProfile: PassportProfile<'vehicle-passport', VehicleClaims> = /* @__PURE__ */ deepFreeze({
  name: 'vehicle-passport',
  vct: ['urn:vidimus:passport:vehicle:1'],
  docType: [vehicleNamespace],
  status: 'required',
  fields: /* @__PURE__ */ vehicleFields(),
})

/** The fields of a passport; an extract has the same. */
export function vehicleFields(): PassportProfile<string, VehicleClaims>['fields'] {
  const must = (kind: FieldKind, name: string): ProfileField => ({
    kind,
    claim: [name],
    element: [vehicleNamespace, name],
  })
  const may = (kind: FieldKind, name: string): ProfileField => ({ ...must(kind, name), optional: true })
  const members = (field: ProfileField, ...dates: readonly string[]): ProfileField => ({
    ...field,
    dates,
    hide: 'each',
  })
  return {
    number: must('text', 'epts_number'),
    kind: must('text', 'passport_kind'),
    status: must('text', 'passport_status'),
    statusDate: must('date', 'passport_status_date'),
    vin: may('text', 'vin'),
    bodyNumber: may('text', 'body_number'),
    chassisNumber: may('text', 'chassis_number'),
    engineNumber: may('text', 'engine_number'),
    make: must('text', 'make'),
    model: must('text', 'model'),
    modification: may('text', 'modification'),
    category: must('text', 'vehicle_category'),
    year: must('integer', 'production_year'),
    colour: may('text', 'colour'),
    engineType: may('text', 'engine_type'),
    engineVolume: may('integer', 'engine_volume'),
    enginePower: may('number', 'engine_power'),
    fuels: { ...may('list', 'fuels'), hide: 'each' },
    ecoClass: may('integer', 'eco_class'),
    maxMass: may('integer', 'max_mass'),
    kerbMass: may('integer', 'kerb_mass'),
    manufacturer: may('text', 'manufacturer'),
    manufacturerCountry: may('text', 'manufacturer_country'),
    approval: members(may('object', 'approval'), 'date'),
    customsDocument: may('text', 'customs_document'),
    customsRestrictions: may('text', 'customs_restrictions'),
    recyclingFee: may('text', 'recycling_fee'),
    territory: may('text', 'permitted_territory'),
    basis: may('text', 'basis'),
    issueDate: must('date', 'date_of_issuance'),
    issuingAuthority: must('text', 'issuing_authority'),
    issuingCountry: must('text', 'issuing_country'),
    restrictions: members(may('list', 'restrictions'), 'since'),
    registrations: members(may('list', 'registrations'), 'date'),
    designChanges: members(may('list', 'design_changes'), 'date'),
    owner: members(may('object', 'owner'), 'since'),
  }
}
