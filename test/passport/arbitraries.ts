/**
 * Records of nobody: valid by construction and normalised, so that what a verifier reads is what was put in. Names in Cyrillic
 * and Latin letters, leap days, control digits, nested addresses, lists and images; every optional field is there or not.
 */
import fc from 'fast-check'
import { z } from 'zod'
import { addDays, birthday } from '../../src/passport/calendar.js'
import type { CitizenPassport } from '../../src/passport/citizen.js'
import { alpha3 } from '../../src/passport/country.js'
import { definePassport } from '../../src/passport/definition.js'
import type { EuPidClaims } from '../../src/passport/eu-pid-profile.js'
import type { InnCardClaims } from '../../src/passport/inn-card-profile.js'
import type { DrivingLicence } from '../../src/passport/mdl.js'
import { formatTd3Mrz } from '../../src/passport/mrz/td3.js'
import type { PhotoId } from '../../src/passport/photo-id.js'
import type { SnilsCardClaims } from '../../src/passport/snils-card-profile.js'
import type { TravelPassport } from '../../src/passport/travel.js'
import type { VehiclePassport } from '../../src/passport/vehicle.js'
import { type VehicleExtract, vehicleExtract } from '../../src/passport/vehicle-extract.js'
import { jpegWith, png } from './support.js'

/** The day on which the records are as they are. */
export const today = '2026-03-01'

/** A record whose fields besides `required` are there or not. */
function recordOf<Passport extends object>(
  fields: { readonly [Field in keyof Passport]-?: fc.Arbitrary<Exclude<Passport[Field], undefined>> },
  required: readonly (keyof Passport & string)[],
): fc.Arbitrary<Passport> {
  return fc.record(fields, { requiredKeys: [...required] }) as unknown as fc.Arbitrary<Passport>
}

/** The same for what stands inside a field. */
const some = <Model extends object>(model: { [Key in keyof Model]: fc.Arbitrary<Model[Key]> }, ...required: string[]) =>
  fc.record(model, { requiredKeys: required as (keyof Model)[] })

// Text

const word = (first: string, next: string, most: number) =>
  fc
    .tuple(fc.constantFrom(...first), fc.array(fc.constantFrom(...next), { maxLength: most - 1 }))
    .map(([letter, letters]) => letter + letters.join(''))

const nameOf = (capitals: string, particle: string) => {
  const part = word(capitals, capitals.toLowerCase(), 14)
  return fc.oneof(
    { weight: 6, arbitrary: part },
    { weight: 1, arbitrary: part.map(name => name.toUpperCase()) },
    { weight: 1, arbitrary: fc.tuple(part, part).map(parts => parts.join('-')) },
    { weight: 1, arbitrary: fc.tuple(part, part).map(parts => parts.join(' ')) },
    { weight: 1, arbitrary: part.map(name => `${particle}${name}`) },
  )
}

const russianName = nameOf('АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ', "д'")
const latinName = nameOf('ABCDEFGHIJKLMNOPQRSTUVWXYZ', "O'")

const text = (most: number) =>
  fc
    .array(
      fc.oneof(russianName, latinName, fc.constantFrom('№', '«ё»', '12/3,', 'г.', 'ул.', '(б)', '€', '漢字', '👪')),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map(words => words.join(' ').slice(0, most).trim())
    .filter(words => words.length > 0 && !/\p{Cs}/u.test(words))

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map(list => list.join(''))
const country = fc.constantFrom('RU', 'KZ', 'DE', 'FR', 'QS', 'QU')
const photo = fc.uint8Array({ maxLength: 64 }).map(jpegWith)
const image = fc.oneof(photo, fc.constant(png()))
const sex = fc.constantFrom(1 as const, 2 as const)

// Dates

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

function leapDays(from: string, to: string): readonly string[] {
  const years = Array.from({ length: Number(to.slice(0, 4)) - Number(from.slice(0, 4)) + 1 }, (_, index) =>
    String(Number(from.slice(0, 4)) + index),
  )
  return years
    .filter(year => new Date(`${year}-02-29`).toISOString().startsWith(`${year}-02-29`))
    .map(year => `${year}-02-29`)
    .filter(date => date >= from && date <= to)
}

/** Any day from one to another; every eighth a 29 February, if there is one between them. */
function day(from: string, to: string = today): fc.Arbitrary<string> {
  const anyDay = fc.integer({ min: 0, max: daysBetween(from, to) }).map(days => addDays(from, days))
  const leaps = leapDays(from, to)
  return leaps.length === 0
    ? anyDay
    : fc.oneof({ weight: 7, arbitrary: anyDay }, { weight: 1, arbitrary: fc.constantFrom(...leaps) })
}

// Numbers with control digits

const sum = (number: string, weights: readonly number[]) =>
  weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0)

const snilsNumber = fc.integer({ min: 1_001_999, max: 999_999_999 }).map(count => {
  const number = String(count).padStart(9, '0')
  return number + String((sum(number, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100).padStart(2, '0')
})

const control = (number: string, weights: readonly number[]) => number + String((sum(number, weights) % 11) % 10)
const innOfPerson = digits(10).map(number =>
  control(
    control(number === '0000000000' ? '7700000000' : number, [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]),
    [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8],
  ),
)
const innOfOrganisation = digits(9).map(number =>
  control(number === '000000000' ? '770000000' : number, [2, 4, 10, 3, 5, 9, 4, 6, 8]),
)

/** Luhn: every second digit doubled, beginning with the last. */
const policyNumber = digits(14).map(rest => {
  const number = `1${rest}`
  const total = [...number].reduce((sum, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1)
    return sum + Math.floor(doubled / 10) + (doubled % 10)
  }, 0)
  return `${number}${(10 - (total % 10)) % 10}`
})

// The citizen's passport, and the cards beside it

const oldest = '1926-03-01'
const address = some(
  {
    formatted: text(500),
    country,
    region: text(150),
    locality: text(150),
    street_address: text(300),
    house_number: text(30),
    building: text(30),
    apartment: text(30),
    postal_code: digits(6),
    gar_id: fc.uuid(),
    oktmo: fc.oneof(digits(8), digits(11)),
  },
  'country',
)

const marriages = fc.array(
  some(
    {
      event: fc.constantFrom('marriage' as const, 'divorce' as const),
      date: day(oldest),
      spouse: text(300),
      authority: text(300),
      record_number: text(60),
    },
    'event',
    'date',
  ),
  { maxLength: 3 },
)

const child = (bornAfter: string) =>
  some(
    { family_name: russianName, given_name: russianName, patronymic: russianName, sex, birthdate: day(bornAfter) },
    'family_name',
    'given_name',
    'birthdate',
  )

/** Passports that are valid today: issued since the last birthday on which one is replaced. */
export const citizens: fc.Arbitrary<CitizenPassport> = day(oldest, '2012-03-01').chain(birthDate => {
  const issuedSince = [14, 20, 45].map(age => birthday(birthDate, age)).findLast(date => date <= today) ?? today
  return day(birthDate).chain(registrationDate =>
    recordOf<CitizenPassport>(
      {
        familyName: russianName,
        givenName: russianName,
        patronymic: russianName,
        birthDate: fc.constant(birthDate),
        birthPlace: text(500),
        sex,
        nationalities: fc.uniqueArray(country, { minLength: 1, maxLength: 4 }),
        series: digits(4),
        number: fc.integer({ min: 1, max: 999_999 }).map(number => String(number).padStart(6, '0')),
        issuingAuthority: text(300),
        departmentCode: digits(6).map(code => `${code.slice(0, 3)}-${code.slice(3)}`),
        issueDate: day(issuedSince),
        issuingCountry: fc.constant('RU'),
        address,
        registrationDate: fc.constant(registrationDate),
        registrationAuthority: text(300),
        deregistrationDate: day(registrationDate),
        deregistrationAuthority: text(300),
        militaryDuty: fc.boolean(),
        marriages,
        children: fc.array(child(birthDate), { maxLength: 3 }),
        bloodGroup: fc.constantFrom('O+', 'O-', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-'),
        earlierPassports: fc.array(
          some(
            { document_number: digits(10), date_of_issuance: day(oldest), issuing_authority: text(300) },
            'document_number',
          ),
          { maxLength: 3 },
        ),
        portrait: image,
        snils: snilsNumber,
        inn: innOfPerson,
        enp: policyNumber,
        email: digits(6).map(number => `${number}@example.org`),
        phoneNumber: digits(7).map(number => `+7900${number}`),
      },
      [
        'familyName',
        'givenName',
        'birthDate',
        'birthPlace',
        'sex',
        'nationalities',
        'series',
        'number',
        'issuingAuthority',
        'departmentCode',
        'issueDate',
        'issuingCountry',
      ],
    ),
  )
})

const cardHolder = (birthDate: string) => ({
  familyName: russianName,
  givenName: russianName,
  patronymic: russianName,
  birthDate: fc.constant(birthDate),
  birthPlace: text(500),
  sex,
  registrationDate: day(birthDate),
})

export const snilsCards: fc.Arbitrary<SnilsCardClaims> = day(oldest).chain(birthDate =>
  recordOf<SnilsCardClaims>({ ...cardHolder(birthDate), snils: snilsNumber }, [
    'snils',
    'familyName',
    'givenName',
    'birthDate',
  ]),
)

export const innCards: fc.Arbitrary<InnCardClaims> = day(oldest).chain(birthDate =>
  recordOf<InnCardClaims>({ ...cardHolder(birthDate), inn: innOfPerson, registrationAuthority: text(300) }, [
    'inn',
    'familyName',
    'givenName',
    'birthDate',
  ]),
)

// The travel passport

const alphanumeric = (most: number) => word('ABCXYZ0189', 'ABCXYZ0189', most)

/** Valid today, and so young that two digits of a year tell the century. */
const travelDates = fc
  .tuple(day('1940-01-01', '2025-12-01'), day('2026-03-02', '2036-02-28'))
  .chain(([birth, expiry]) =>
    fc.record({
      birthDate: fc.constant(birth),
      issueDate: day(birth > '2017' ? birth : '2017-01-01'),
      expiryDate: fc.constant(expiry),
    }),
  )

const travelled = fc.constantFrom('RU', 'KZ').chain(issuingCountry => {
  const national = issuingCountry === 'RU' ? russianName : fc.oneof(russianName, latinName)
  return recordOf<Omit<TravelPassport, 'birthDate' | 'issueDate' | 'expiryDate' | 'mrz'>>(
    {
      documentType: fc.constantFrom('P', 'PN', 'PD'),
      documentNumber: issuingCountry === 'RU' ? digits(9) : alphanumeric(9),
      issuingCountry: fc.constant(issuingCountry),
      familyName: national,
      givenName: national,
      patronymic: national,
      familyNameLatin: latinName,
      givenNameLatin: latinName,
      nationality: country,
      birthPlace: text(150),
      sex: fc.constantFrom(0, 1, 2),
      personalNumber: alphanumeric(14),
      issuingAuthority: text(150),
      portrait: photo,
    },
    [
      'documentType',
      'documentNumber',
      'issuingCountry',
      'familyName',
      'familyNameLatin',
      'nationality',
      'sex',
      'issuingAuthority',
    ],
  )
})

/** Half of them with a machine readable zone; a given name stands in both scripts or in neither. */
export const travellers: fc.Arbitrary<TravelPassport> = fc
  .tuple(travelled, travelDates, fc.boolean())
  .map(([{ givenName, givenNameLatin, ...others }, dates, withZone]) => {
    const given = givenName === undefined || givenNameLatin === undefined ? {} : { givenName, givenNameLatin }
    const passport = { ...others, ...given, ...dates }
    return withZone ? { ...passport, mrz: zoneOf(passport) } : passport
  })

function zoneOf(passport: TravelPassport): readonly string[] {
  const { documentType: documentCode, familyNameLatin: familyName, givenNameLatin: givenName } = passport
  const [issuingCountry, nationality] = [passport.issuingCountry, passport.nationality].map(alpha3)
  const zone = formatTd3Mrz({ ...passport, documentCode, familyName, givenName, issuingCountry, nationality })
  if (!zone.ok) throw new Error(`no zone: ${zone.issues.map(({ path, code }) => `${path} ${code}`)}`)
  return [zone.line1, zone.line2]
}

// The documents of other standards

/** Valid today, and issued in a country of which there is an issuer. */
const documentDates = {
  issueDate: day('2017-01-01'),
  expiryDate: day('2026-03-02', '2036-02-28'),
}
const issuedIn = fc.constantFrom('RU', 'KZ')
const adult = day(oldest, '2008-03-01')
const moment = day('2016-01-01').map(date => `${date}T09:30:00Z`)

/** Beside the country, a part of it. */
const inItsRegion = <Document extends { readonly issuingCountry: string; readonly issuingJurisdiction?: unknown }>(
  document: Document,
): Document =>
  document.issuingJurisdiction === undefined
    ? document
    : { ...document, issuingJurisdiction: `${document.issuingCountry}-${document.issuingJurisdiction}` }

export const euPids: fc.Arbitrary<EuPidClaims> = recordOf<EuPidClaims>(
  {
    familyName: fc.oneof(russianName, latinName),
    givenName: fc.oneof(russianName, latinName),
    birthDate: day(oldest, '2016-12-31'),
    placeOfBirth: some({ country, region: text(150), locality: text(150) }, 'locality'),
    nationalities: fc.uniqueArray(country, { minLength: 1, maxLength: 4 }),
    issuingAuthority: text(150),
    issuingCountry: issuedIn,
    portrait: photo,
    residentAddress: text(150),
    residentCountry: country,
    residentState: text(150),
    residentCity: text(150),
    residentPostalCode: digits(6),
    residentStreet: text(150),
    residentHouseNumber: text(150),
    personalAdministrativeNumber: digits(11),
    birthFamilyName: russianName,
    birthGivenName: latinName,
    sex: fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 9),
    email: digits(6).map(number => `${number}@example.org`),
    phoneNumber: digits(7).map(number => `+7900${number}`),
    ...documentDates,
    documentNumber: alphanumeric(20),
    issuingJurisdiction: fc.constantFrom('MOW', '1'),
    trustAnchor: fc.constant('https://trust.example/list'),
    attestationLegalCategory: fc.constant('PID'),
  },
  ['familyName', 'givenName', 'birthDate', 'placeOfBirth', 'nationalities', 'issuingAuthority', 'issuingCountry'],
).map(inItsRegion)

const latinText = fc
  .array(fc.oneof(latinName, fc.constantFrom('Ø', 'ß', '12/3,', '(é)')), { minLength: 1, maxLength: 5 })
  .map(words => words.join(' ').slice(0, 150).trim())
const drivingPrivileges = fc.array(
  some(
    {
      vehicle_category_code: fc.constantFrom('A', 'B', 'BE', 'C1'),
      issue_date: day('2000-01-01'),
      expiry_date: day('2026-03-02', '2036-02-28'),
      codes: fc.array(some({ code: digits(2), sign: fc.constant('<='), value: digits(3) }, 'code'), {
        minLength: 1,
        maxLength: 3,
      }),
    },
    'vehicle_category_code',
  ),
  { maxLength: 4 },
)

export const drivingLicences: fc.Arbitrary<DrivingLicence> = recordOf<DrivingLicence>(
  {
    familyName: latinName,
    givenName: latinName,
    birthDate: adult,
    ...documentDates,
    issuingCountry: issuedIn,
    issuingAuthority: latinText,
    documentNumber: alphanumeric(20),
    portrait: photo,
    drivingPrivileges,
    unDistinguishingSign: fc.constantFrom('RUS', 'KZ', 'D'),
    administrativeNumber: alphanumeric(20),
    sex: fc.constantFrom(0, 1, 2, 9),
    height: fc.integer({ min: 1, max: 999 }),
    weight: fc.integer({ min: 1, max: 999 }),
    eyeColour: fc.constantFrom('black', 'dichromatic', 'unknown'),
    hairColour: fc.constantFrom('bald', 'auburn', 'unknown'),
    birthPlace: latinText,
    residentAddress: latinText,
    portraitCaptureDate: moment,
    issuingJurisdiction: fc.constantFrom('MOW', '1'),
    nationality: country,
    residentCity: latinText,
    residentState: latinText,
    residentPostalCode: digits(6),
    residentCountry: country,
    familyNameNationalCharacter: russianName,
    givenNameNationalCharacter: russianName,
    signatureUsualMark: photo,
  },
  [
    'familyName',
    'givenName',
    'birthDate',
    'issueDate',
    'expiryDate',
    'issuingCountry',
    'issuingAuthority',
    'documentNumber',
    'portrait',
    'drivingPrivileges',
    'unDistinguishingSign',
  ],
).map(inItsRegion)

export const photoIds: fc.Arbitrary<PhotoId> = recordOf<PhotoId>(
  {
    familyName: fc.oneof(russianName, latinName),
    givenName: fc.oneof(russianName, latinName),
    familyNameLatin: latinName,
    givenNameLatin: latinName,
    birthDate: adult,
    portrait: photo,
    ...documentDates,
    issuingAuthority: text(150),
    issuingCountry: issuedIn,
    documentNumber: alphanumeric(20),
    sex: fc.constantFrom(0, 1, 2, 9),
    nationality: country,
    birthPlace: text(150),
    nameAtBirth: russianName,
    portraitCaptureDate: moment,
    residentAddress: text(150),
    residentCity: text(150),
    residentPostalCode: digits(6),
    residentCountry: country,
    residentState: text(150),
    residentStreet: text(150),
    residentHouseNumber: text(150),
    personalNumber: digits(12),
    administrativeNumber: digits(12),
    birthCountry: country,
    birthState: text(150),
    birthCity: text(150),
    travelDocumentNumber: digits(9),
  },
  ['familyName', 'givenName', 'birthDate', 'portrait', 'issueDate', 'expiryDate', 'issuingAuthority', 'issuingCountry'],
)

// The vehicle passport

const partNumber = word('ABCXYZ0189Ш', 'ABCXYZ0189Ш/-.', 20)
const vin = fc
  .tuple(fc.constantFrom(...'ABCHJNPRZ6789'), word('ABHJNPRZ0159', 'ABHJNPRZ0159', 12), digits(4))
  .map(([first, middle, last]) => first + middle.padEnd(12, 'A') + last)

/** A body number at least, so that a vehicle without a VIN has one number. */
export const vehicles: fc.Arbitrary<VehiclePassport> = day('1995-06-01').chain(issueDate =>
  recordOf<VehiclePassport>(
    {
      number: digits(14).map(number => `1${number}`),
      kind: fc.constantFrom('vehicle', 'chassis', 'machine'),
      status: fc.constantFrom('incomplete', 'active', 'redeemed', 'annulled', 'recycled'),
      statusDate: day(issueDate),
      vin,
      bodyNumber: partNumber,
      chassisNumber: partNumber,
      engineNumber: partNumber,
      make: text(150),
      model: text(150),
      modification: text(150),
      category: fc.constantFrom('M1', 'N2', 'O4', 'трактор'),
      year: fc.integer({ min: 1886, max: Number(issueDate.slice(0, 4)) }),
      colour: text(60),
      engineType: text(150),
      engineVolume: fc.integer({ min: 1, max: 200_000 }),
      enginePower: fc.integer({ min: 1, max: 10_000_000 }).map(hundredths => hundredths / 100),
      fuels: fc.uniqueArray(fc.constantFrom('petrol', 'diesel', 'lpg', 'hydrogen', 'electricity'), { minLength: 1 }),
      ecoClass: fc.integer({ min: 0, max: 6 }),
      maxMass: fc.integer({ min: 5_000, max: 1_000_000 }),
      kerbMass: fc.integer({ min: 1, max: 5_000 }),
      manufacturer: text(300),
      manufacturerCountry: country,
      approval: some(
        { kind: fc.constantFrom('type_approval', 'other'), number: text(100), date: day(oldest), authority: text(300) },
        'kind',
        'number',
      ),
      customsDocument: text(300),
      customsRestrictions: text(500),
      recyclingFee: fc.constantFrom('paid', 'not_paid', 'not_required'),
      territory: text(300),
      basis: text(300),
      issueDate: fc.constant(issueDate),
      issuingAuthority: text(300),
      issuingCountry: fc.constantFrom('RU', 'KZ'),
      restrictions: fc.array(
        some(
          {
            kind: fc.constantFrom('pledge', 'arrest'),
            since: day(oldest),
            authority: text(300),
            description: text(500),
          },
          'kind',
          'since',
        ),
        { maxLength: 2 },
      ),
      registrations: fc.array(
        some(
          { event: fc.constantFrom('registered', 'changed', 'deregistered'), date: day(oldest), authority: text(300) },
          'event',
          'date',
        ),
        { maxLength: 3 },
      ),
      designChanges: fc.array(
        some({ date: day(oldest), description: text(500), document: text(150) }, 'date', 'description'),
        { maxLength: 2 },
      ),
      owner: fc.oneof(
        some({ kind: fc.constant('person'), name: text(300), inn: innOfPerson, since: day(oldest) }, 'kind', 'name'),
        some(
          { kind: fc.constant('organisation'), name: text(300), inn: innOfOrganisation, since: day(oldest) },
          'kind',
          'name',
        ),
      ),
    },
    [
      'number',
      'kind',
      'status',
      'statusDate',
      'bodyNumber',
      'make',
      'model',
      'category',
      'year',
      'issueDate',
      'issuingAuthority',
      'issuingCountry',
    ],
  ),
)

/** Of each kind; a full one with its owner or without. */
export const vehicleExtracts: fc.Arbitrary<VehicleExtract> = fc
  .tuple(vehicles, fc.constantFrom('full', 'short', 'status'), fc.constantFrom('with_consent', undefined))
  .map(([vehicle, kind, owner]) => vehicleExtract(vehicle, { kind, owner }))

// A definition with a field of every kind

const ns = 'org.example.every-kind.1'
const domestic = 'org.example.every-kind.ut.1'

export const everyKind = definePassport({
  name: 'every-kind',
  vct: 'urn:example:every-kind:1',
  docType: ns,
  fields: {
    text: { schema: z.string(), claim: 'text', element: [ns, 'text'], optional: true },
    integer: { schema: z.int(), claim: ['deep', 'integer'], element: [ns, 'integer'], optional: true },
    number: { schema: z.number(), claim: ['deep', 'number'], element: [ns, 'number'], optional: true },
    boolean: { schema: z.boolean(), claim: 'boolean', element: [ns, 'boolean'], optional: true },
    date: { as: 'date', claim: 'date', element: [ns, 'date'], optional: true },
    time: { as: 'time', claim: 'time', element: [ns, 'time'], optional: true },
    image: { as: 'image', claim: 'image', element: [ns, 'image'], optional: true },
    list: { schema: z.array(z.any()), claim: 'list', element: [ns, 'list'], hide: 'each', optional: true },
    object: {
      schema: z.record(z.string(), z.any()),
      claim: ['deep', 'down', 'object'],
      element: [domestic, 'object'],
      hide: 'each',
      optional: true,
    },
    any: { schema: z.any(), claim: 'any', element: [domestic, 'text'], optional: true },
  },
  derived: { long: { derive: ({ text }) => (text ?? '').length > 5, claim: 'long', element: [ns, 'long'] } },
})

const instant = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(date => date.toISOString())
/** Numbers that JSON text holds exactly; −0 is written 0. */
const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map(value => value + 0)
const member = fc.string({ unit: 'grapheme' }).filter(name => !['__proto__', '_sd', '...'].includes(name))
const json: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.maxSafeInteger(),
    number,
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('json'), { maxLength: 4 }),
  object: fc.dictionary(member, tie('json'), { maxKeys: 4 }).map(object => ({ ...object })),
})).json

export const anything = fc.record(
  {
    text: fc.string({ unit: 'grapheme' }),
    integer: fc.maxSafeInteger(),
    number: fc.oneof(number, fc.maxSafeInteger()),
    boolean: fc.boolean(),
    date: instant.map(time => time.slice(0, 10)),
    time: instant.map(time => `${time.slice(0, 19)}Z`),
    image: image,
    list: fc.array(json, { maxLength: 4 }),
    object: fc.dictionary(member, json, { maxKeys: 4 }).map(object => ({ ...object })),
    any: json,
  },
  { requiredKeys: [] },
)
