/** What holds for every shipped passport: any valid record says the same in both forms, and nothing at all breaks a parser. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../../src/passport/calendar.js'
import { alpha3 } from '../../src/passport/country.js'
import type { PassportDefinition } from '../../src/passport/definition.js'
import { documentKinds } from '../../src/passport/document-kind.js'
import { parseGuardian } from '../../src/passport/guardian.js'
import { innCard } from '../../src/passport/inn-card.js'
import { formatTd3Mrz } from '../../src/passport/mrz/td3.js'
import { photoId } from '../../src/passport/photo-id.js'
import { snilsCard } from '../../src/passport/snils-card.js'
import { travelPassport } from '../../src/passport/travel.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { vehicleExtract, vehicleExtractPassport } from '../../src/passport/vehicle-extract.js'
import { moveVehicle, type VehicleHistory } from '../../src/passport/vehicle-history.js'
import { type VehicleActor, vehicleMoves } from '../../src/passport/vehicle-status.js'
import { inBothForms } from './forms.js'
import { jpegWith } from './support.js'

const runs = { seed: 20261122, numRuns: 200 }
const on = '2026-11-22'

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const day = (from: string, days: number) => fc.integer({ min: 0, max: days }).map(after => addDays(from, after))
const born = day('1940-01-01', 25_000)
const lettersOf = (alphabet: string, least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: least, maxLength: most })
const cyrillic = 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя'
const name = fc
  .tuple(lettersOf(cyrillic.toUpperCase(), 1, 1), lettersOf(cyrillic, 0, 20), optional(lettersOf(cyrillic, 1, 8)))
  .map(([first, rest, second]) => first + rest + (second === undefined ? '' : `-${second}`))
const latinName = fc
  .tuple(lettersOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1, 12), optional(lettersOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ', 1, 6)))
  .map(([first, second]) => (second === undefined ? first : `${first}-${second}`))
const digits = (count: number) => lettersOf('0123456789', count, count)
const text = lettersOf(`${cyrillic} 0123456789.,№«»"'`, 0, 40).map(text => `А${text}`.replace(/ +/g, ' ').trim())
const country = fc.constantFrom('RU', 'KZ', 'BY', 'AM', 'KG', 'DE', 'QS')
const image = fc.uint8Array({ maxLength: 40 }).map(jpegWith)

/** Slow and obvious: the sum of digits times weights. */
const sum = (number: string, ...weights: readonly number[]) =>
  weights.reduce((total, weight, place) => total + weight * Number(number[place]), 0)
const snils = fc.integer({ min: 1_001_999, max: 999_999_999 }).map(value => {
  const number = String(value).padStart(9, '0')
  return number + String((sum(number, 9, 8, 7, 6, 5, 4, 3, 2, 1) % 101) % 100).padStart(2, '0')
})
const inn = digits(10).map(number => {
  const eleven = number + ((sum(number, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11) % 10)
  return eleven + ((sum(eleven, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11) % 10)
})
const organisation = digits(9).map(number => number + ((sum(number, 2, 4, 10, 3, 5, 9, 4, 6, 8) % 11) % 10))

const person = {
  familyName: name,
  givenName: name,
  patronymic: optional(name),
  birthDate: born,
  birthPlace: optional(text),
  sex: optional(fc.constantFrom(1, 2)),
  registrationDate: optional(day('2009-01-01', 6000)),
}

const travels = fc
  .record({
    documentType: fc.constantFrom('P', 'PP', 'PD'),
    documentNumber: digits(9),
    issuingCountry: country,
    familyName: name,
    names: optional(fc.record({ givenName: name, givenNameLatin: latinName })),
    patronymic: optional(name),
    familyNameLatin: latinName,
    nationality: country,
    birthDate: born,
    birthPlace: optional(text),
    sex: fc.constantFrom(0 as const, 1 as const, 2 as const),
    personalNumber: optional(lettersOf('ABC123', 1, 14)),
    issueDate: day('2009-01-01', 6000),
    term: fc.integer({ min: 1, max: 3652 }),
    issuingAuthority: text,
    portrait: optional(image),
    withZone: fc.boolean(),
  })
  .map(({ names, term, withZone, ...fields }) => {
    const record = { ...fields, ...names, expiryDate: addDays(fields.issueDate, term) }
    return withZone ? { ...record, mrz: zoneOf(record) } : record
  })

function zoneOf(record: {
  documentType: string
  familyNameLatin: string
  givenNameLatin?: string
  issuingCountry: string
  nationality: string
  documentNumber: string
  birthDate: string
  expiryDate: string
  sex: 0 | 1 | 2
  personalNumber: string | undefined
}): readonly string[] {
  const { documentType, familyNameLatin, givenNameLatin, issuingCountry, nationality, ...others } = record
  const zone = formatTd3Mrz({
    ...others,
    documentCode: documentType,
    familyName: familyNameLatin,
    givenName: givenNameLatin,
    issuingCountry: alpha3(issuingCountry),
    nationality: alpha3(nationality),
  })
  if (!zone.ok) throw new Error(JSON.stringify(zone.issues))
  return [zone.line1, zone.line2]
}

const vehicles = fc
  .record({
    number: digits(15).filter(number => /[1-9]/.test(number)),
    kind: fc.constantFrom('vehicle', 'chassis', 'machine'),
    status: fc.constantFrom('incomplete', 'active', 'redeemed', 'annulled', 'recycled'),
    issueDate: day('2017-01-01', 3000),
    later: fc.nat(400),
    vin: optional(
      fc
        .tuple(lettersOf('6789XZ', 1, 1), lettersOf('ABCDEFGHJKLMNPRSTUVWXYZ0123456789', 12, 12), digits(4))
        .map(parts => parts.join('')),
    ),
    bodyNumber: lettersOf('ABC-123', 0, 12).map(rest => `A${rest}`),
    engineNumber: optional(lettersOf('АБВ/123', 0, 12).map(rest => `1${rest}`)),
    make: text,
    model: text,
    category: fc.constantFrom('M1', 'N2', 'L3'),
    year: fc.integer({ min: 1980, max: 2017 }),
    colour: optional(text),
    engineVolume: optional(fc.integer({ min: 1, max: 20_000 })),
    enginePower: optional(fc.integer({ min: 1, max: 200_000 }).map(value => value / 100)),
    fuels: optional(fc.uniqueArray(fc.constantFrom('petrol', 'diesel', 'electricity'), { minLength: 1 })),
    ecoClass: optional(fc.integer({ min: 0, max: 6 })),
    kerbMass: optional(fc.integer({ min: 1, max: 1000 })),
    maxMass: optional(fc.integer({ min: 1000, max: 50_000 })),
    approval: optional(fc.record({ kind: fc.constant('type_approval'), number: text, date: day('2000-01-01', 6000) })),
    recyclingFee: optional(fc.constantFrom('paid', 'not_paid', 'not_required')),
    issuingAuthority: text,
    issuingCountry: fc.constantFrom('RU', 'AM'),
    restrictions: optional(
      fc.array(fc.record({ kind: fc.constantFrom('pledge', 'arrest'), since: day('2017-01-01', 3000) }), {
        maxLength: 3,
      }),
    ),
    registrations: optional(
      fc.array(fc.record({ event: fc.constant('changed'), date: day('2017-01-01', 3000) }), { maxLength: 3 }),
    ),
    owner: optional(
      fc.oneof(
        fc.record({ kind: fc.constant('person'), name: text, inn }),
        fc.record({ kind: fc.constant('organisation'), name: text, inn: organisation }),
      ),
    ),
  })
  .map(({ later, ...fields }) => ({ ...fields, statusDate: addDays(fields.issueDate, later) }))

const photoIds = fc
  .record({
    familyName: name,
    givenName: name,
    familyNameLatin: optional(latinName),
    birthDate: born,
    portrait: image,
    issueDate: day('2009-01-01', 6000),
    term: fc.integer({ min: 0, max: 3652 }),
    issuingAuthority: text,
    issuingCountry: country,
    documentNumber: optional(digits(9)),
    sex: optional(fc.constantFrom(0, 1, 2, 9)),
    nationality: optional(country),
    residentAddress: optional(text),
    personalNumber: optional(digits(5)),
    portraitCaptureDate: optional(fc.constant('2020-02-29T23:59:59Z')),
  })
  .map(({ term, ...fields }) => ({ ...fields, expiryDate: addDays(fields.issueDate, term) }))

type AnyPassport = PassportDefinition<string, object, object>
const families: readonly (readonly [AnyPassport, fc.Arbitrary<object>])[] = [
  [travelPassport as AnyPassport, travels],
  [vehiclePassport as AnyPassport, vehicles],
  [snilsCard as AnyPassport, fc.record({ ...person, snils })],
  [innCard as AnyPassport, fc.record({ ...person, inn, registrationAuthority: optional(text) })],
]

describe.each(families.map(([definition, records]) => ({ name: definition.name, definition, records })))(
  'every $name',
  ({ definition, records }) => {
    it('is taken, twice the same, and says the same in both forms', () => {
      fc.assert(
        fc.property(records, record => {
          const passport = definition.parse(record)
          expect(definition.parse(passport)).toEqual(passport)
          const { values, fromJson, fromMdoc } = inBothForms(definition, record, on)
          expect(fromJson).toEqual({ claims: values, other: {} })
          expect(fromMdoc).toEqual({ claims: values, other: {} })
        }),
        runs,
      )
    })
  },
)

it('every photo-id is taken, and says in its one form what was entered', () => {
  fc.assert(
    fc.property(photoIds, record => {
      const { values, fromMdoc } = inBothForms(photoId, record, on)
      expect(fromMdoc).toEqual({ claims: values, other: {} })
      expect(values).toMatchObject(JSON.parse(JSON.stringify({ ...record, portrait: undefined })))
    }),
    runs,
  )
})

it('every history of legal moves gives extracts that can be issued, of every day since it began', () => {
  const steps = fc.array(fc.tuple(fc.nat(100), fc.nat(200)), { maxLength: 6 })
  const kinds = fc.constantFrom('full' as const, 'short' as const, 'status' as const)
  fc.assert(
    fc.property(vehicles, steps, kinds, fc.nat(2000), (record, moves, kind, days) => {
      const first = vehiclePassport.parse({ ...record, status: 'incomplete', statusDate: record.issueDate })
      let history: VehicleHistory = { passport: first, moves: [] }
      let date = record.issueDate
      for (const [choice, wait] of moves) {
        const legal = vehicleMoves.filter(({ from }) => from === history.passport.status)
        const move = legal[choice % Math.max(legal.length, 1)]
        if (move === undefined) break
        date = addDays(date, wait)
        const noon = new Date(`${date}T09:00:00Z`)
        const [actor, reason] = [move.actors[0] as VehicleActor, move.reasons[0]!]
        history = moveVehicle(history, { to: move.to, actor, reason, now: () => noon })
      }
      const extract = vehicleExtract(history, { kind, on: addDays(record.issueDate, days) })
      const known = [...history.moves].reverse().find(({ time }) => time.slice(0, 10) <= extract.extractDate)
      expect(extract.status).toBe(known?.to ?? 'incomplete')
      const { fromJson, fromMdoc } = inBothForms(vehicleExtractPassport, extract, on)
      expect(fromJson).toEqual({ claims: extract, other: {} })
      expect(fromMdoc).toEqual(fromJson)
    }),
    runs,
  )
})

describe('for anything at all', () => {
  const secret = 'Ужасный-Секрет'
  const odd = fc.oneof(fc.anything(), fc.constant(secret), fc.constant([secret]), fc.constant({ [secret]: secret }))

  it.each([
    ...families.map(([definition]) => definition),
    photoId as AnyPassport,
    vehicleExtractPassport as AnyPassport,
  ])('$name answers, and quotes no text of it', definition => {
    const fields = fc.constantFrom(...Object.keys(definition.fields), 'stranger')
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(fields, odd), fc.anything()), record => {
        const result = definition.safeParse(record)
        expect(result.ok).toBe(false)
        if (!result.ok) for (const { message } of result.issues) expect(typeof message).toBe('string')
        const paths = JSON.stringify(result.ok ? [] : result.issues.map(({ path, ...issue }) => issue))
        expect(paths).not.toContain(secret)
      }),
      runs,
    )
  })

  it('a guardian is no exception', () => {
    const fields = fc.constantFrom('relation', 'familyName', 'document', 'powers', 'consent', 'stranger')
    fc.assert(
      fc.property(fc.oneof(fc.dictionary(fields, odd), fc.anything()), record => {
        expect(parseGuardian(record).ok).toBe(false)
      }),
      runs,
    )
    expect(Object.keys(documentKinds)).toHaveLength(12)
  })
})
