/**
 * The electronic vehicle passport (ЭПТС), as its issuer knows it: `vehicleProfile` with schemas.
 *
 * What is checked is form, control digits where they exist, and that dates and masses agree. No register is asked.
 * Which statuses follow each other is a matter of its history: see `vehicle-history.ts`.
 */
import * as z from 'zod/mini'
import { isAfter, latestDate } from './calendar.js'
import { definePassport, type PassportDefinition } from './definition.js'
import type { RuleIssue } from './record-parser.js'
import {
  countryCode,
  dateAsTyped,
  freeText,
  listOf,
  oneOf,
  type Reading,
  reads,
  textOfForm,
  validated,
  wholeNumber,
} from './schemas.js'
import { eptsNumber } from './validators/epts-number.js'
import { innOrg } from './validators/inn-org.js'
import { innPerson } from './validators/inn-person.js'
import { reject } from './validators/result.js'
import { vin } from './validators/vin.js'
import { vehicleLabel, vehicleLabels } from './vehicle-labels.js'
import { type VehicleClaims, vehicleProfile } from './vehicle-profile.js'

/** A vehicle passport that was parsed. Nothing of it is derived. */
export type VehiclePassport = VehicleClaims

/**
 * The vehicle passport, ready to parse, issue and ask for. It has no end of its own: a credential of it is valid as
 * long as the issuer says, and is suspended or revoked when the status moves on.
 * @example vehiclePassport.parse(JSON.parse(text))
 */
export const vehiclePassport: PassportDefinition<'vehicle-passport', VehicleClaims, VehiclePassport> =
  /* @__PURE__ */ definePassport(vehicleProfile, vehicleSchemas, {
    label: vehicleLabel,
    labels: vehicleLabels,
    check: checkPassport,
  })

/** The schemas of all fields; those of an extract are the same. */
export function vehicleSchemas() {
  return {
    number: validated(eptsNumber),
    kind: oneOf('vehicle', 'chassis', 'machine'),
    status: oneOf('incomplete', 'active', 'redeemed', 'annulled', 'recycled'),
    statusDate: dateAsTyped(),
    vin: validated(vin),
    bodyNumber: partNumber(),
    chassisNumber: partNumber(),
    engineNumber: partNumber(),
    make: freeText(150),
    model: freeText(150),
    modification: freeText(150),
    category: freeText(60),
    year: wholeNumber(1886, 9999),
    colour: freeText(60),
    engineType: freeText(150),
    engineVolume: wholeNumber(1, 200_000),
    enginePower: reads(readPower),
    fuels: listOf(oneOf('petrol', 'diesel', 'lpg', 'cng', 'lng', 'hydrogen', 'electricity', 'other'), 1, 8),
    ecoClass: wholeNumber(0, 6),
    maxMass: wholeNumber(1, 1_000_000),
    kerbMass: wholeNumber(1, 1_000_000),
    manufacturer: freeText(300),
    manufacturerCountry: countryCode(),
    approval: z.strictObject({
      kind: oneOf('type_approval', 'chassis_approval', 'design_safety_certificate', 'conformity_certificate', 'other'),
      number: freeText(100),
      date: z.optional(dateAsTyped()),
      authority: z.optional(freeText(300)),
    }),
    customsDocument: freeText(300),
    customsRestrictions: freeText(500),
    recyclingFee: oneOf('paid', 'not_paid', 'not_required'),
    territory: freeText(300),
    basis: freeText(300),
    issueDate: dateAsTyped(),
    issuingAuthority: freeText(300),
    issuingCountry: z._default(oneOf('AM', 'BY', 'KG', 'KZ', 'RU'), 'RU'),
    restrictions: listOf(restrictionSchema(), 0, 60),
    registrations: listOf(registrationSchema(), 0, 200),
    designChanges: listOf(designChangeSchema(), 0, 60),
    owner: ownerSchema(),
  }
}

/** A number that a maker stamped: any characters but those that cannot be stamped. */
const partNumber = () => textOfForm(/^[\p{L}\d][\p{L}\d .*/-]*$/u, 40, 'charset')

const restrictionSchema = () =>
  z.strictObject({
    kind: oneOf('registration_ban', 'customs', 'pledge', 'arrest', 'wanted', 'other'),
    since: dateAsTyped(),
    authority: z.optional(freeText(300)),
    description: z.optional(freeText(500)),
  })

const registrationSchema = () =>
  z.strictObject({
    event: oneOf('registered', 'changed', 'deregistered'),
    date: dateAsTyped(),
    authority: z.optional(freeText(300)),
  })

const designChangeSchema = () =>
  z.strictObject({ date: dateAsTyped(), description: freeText(500), document: z.optional(freeText(150)) })

const ownerSchema = () =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('person'), ...ownerMembers(innPerson) }),
    z.strictObject({ kind: z.literal('organisation'), ...ownerMembers(innOrg) }),
  ])

const ownerMembers = (inn: typeof innPerson) => ({
  name: freeText(300),
  inn: z.optional(validated(inn)),
  since: z.optional(dateAsTyped()),
})

/** Kilowatts, to a hundredth. */
function readPower(input: unknown): Reading<number> {
  if (typeof input !== 'number') return reject(input === undefined ? 'required' : 'type')
  return input > 0 && input <= 100_000 ? { ok: true, value: Math.round(input * 100) / 100 } : reject('range')
}

function* checkPassport(
  passport: Partial<VehiclePassport>,
  now: Date | undefined,
  failed: ReadonlySet<string>,
): Generator<RuleIssue> {
  const numbers = ['vin', 'bodyNumber', 'chassisNumber'] as const
  if (numbers.every(field => passport[field] === undefined && !failed.has(field)))
    yield { path: ['vin'], code: 'required' }
  yield* checkVehicle(passport, now)
}

type PartOfVehicle = { readonly [Field in keyof VehiclePassport]?: VehiclePassport[Field] | undefined }

/** Dates and masses that agree, in a passport or in an extract. */
export function* checkVehicle(passport: PartOfVehicle, now: Date | undefined): Generator<RuleIssue> {
  const { issueDate, statusDate, year, maxMass, kerbMass, restrictions, registrations, designChanges } = passport
  const today = now === undefined ? undefined : latestDate(now)
  for (const field of ['issueDate', 'statusDate'] as const)
    if (isAfter(passport[field], today)) yield { path: [field], code: 'range' }
  if (isAfter(issueDate, statusDate)) yield { path: ['statusDate'], code: 'order' }
  if (year !== undefined && issueDate !== undefined && year > Number(issueDate.slice(0, 4)))
    yield { path: ['year'], code: 'order' }
  if (kerbMass !== undefined && maxMass !== undefined && kerbMass > maxMass)
    yield { path: ['kerbMass'], code: 'mismatch' }
  if (today === undefined) return
  for (const [field, list, name] of [
    ['restrictions', restrictions?.map(({ since }) => since), 'since'],
    ['registrations', registrations?.map(({ date }) => date), 'date'],
    ['designChanges', designChanges?.map(({ date }) => date), 'date'],
  ] as const)
    for (const [index, date] of list?.entries() ?? [])
      if (isAfter(date, today)) yield { path: [field, index, name], code: 'range' }
}
