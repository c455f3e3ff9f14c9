/**
 * An extract (выписка) from an electronic vehicle passport, as verifiers know it: plain data.
 *
 * It says what the passport said on one day, in whole or in part, under the same names. Its type is its own, so that an
 * old extract never passes for a passport.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile, ProfileField } from './profile.js'
import { type VehicleClaims, vehicleFields, vehicleNamespace } from './vehicle-profile.js'

/** How much of the passport an extract repeats: all but the owner, what tells the vehicle, or its status alone. */
export type VehicleExtractKind = 'full' | 'short' | 'status'

type Certain = 'number' | 'status' | 'statusDate'

type Uncertain = { readonly [Field in Exclude<keyof VehicleClaims, Certain>]?: VehicleClaims[Field] | undefined }

export interface VehicleExtractClaims extends Pick<VehicleClaims, Certain>, Uncertain {
  readonly extractKind: VehicleExtractKind
  /** The day that the extract speaks of. */
  readonly extractDate: string
}

export const vehicleExtractProfile: PassportProfile<'vehicle-extract', VehicleExtractClaims> =
  /* @__PURE__ */ makeProfile()

function makeProfile(): PassportProfile<'vehicle-extract', VehicleExtractClaims> {
  const own = (kind: 'text' | 'date', name: string): ProfileField => ({
    kind,
    claim: [name],
    element: [vehicleNamespace, name],
    // A part of a passport without its day would pass for what holds today.
    hide: false,
  })
  const { number, status, statusDate, ...others } = vehicleFields()
  return deepFreeze({
    name: 'vehicle-extract',
    vct: ['urn:vidimus:passport:vehicle-extract:1'],
    docType: ['org.vidimus.passport.vehicle-extract.1'],
    status: 'optional',
    fields: {
      extractKind: own('text', 'extract_kind'),
      extractDate: own('date', 'extract_date'),
      number,
      status,
      statusDate,
      ...optional(others),
    },
  })
}

function optional<Fields extends Readonly<Record<string, ProfileField>>>(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { ...field, optional: true }]),
  ) as Fields
}
