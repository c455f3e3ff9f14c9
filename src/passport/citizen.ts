/**
 * The internal passport of a citizen of the Russian Federation, as its issuer knows it: `citizenProfile` with schemas.
 *
 * Takes data as people type it (`DD.MM.YYYY`, `М`/`Ж`, a department code without hyphen) and gives it normalised;
 * citizenship and issuing country are `RU` where nothing is said. What is checked is form, control digits and that the
 * dates agree, and that a portrait is one whole image without metadata; no register is asked, and nothing here proves
 * identity.
 */
import * as z from 'zod/mini'
import { ageWindow, firstIssueAge } from './age-window.js'
import { ageOn, endOfDay, isAfter, latestDate } from './calendar.js'
import { citizenLabel, citizenLabels } from './citizen-labels.js'
import { type CitizenClaims, citizenProfile } from './citizen-profile.js'
import { definePassport, type PassportDefinition } from './definition.js'
import type { RuleIssue } from './record-parser.js'
import {
  cleanImage,
  countryCode,
  cyrillicName,
  dateAsTyped,
  freeText,
  listOf,
  oneOf,
  type Reading,
  reads,
  sex,
  textOfForm,
  validated,
} from './schemas.js'
import { normalizeText } from './text.js'
import { departmentCode } from './validators/department-code.js'
import { email } from './validators/email.js'
import { enp } from './validators/enp.js'
import { innPerson } from './validators/inn-person.js'
import { phone } from './validators/phone.js'
import { readInput, reject } from './validators/result.js'
import { snils } from './validators/snils.js'

/** A citizen's passport that was parsed: what was entered, without what is derived when it is issued. */
export type CitizenPassport = Omit<CitizenClaims, 'documentNumber' | 'ageOver14' | 'ageOver18' | 'nominalExpiry'>

/**
 * The internal passport, ready to parse, issue and ask for.
 *
 * A credential is valid until the end, in UTC, of the last day on which the paper passport may be used, or as long as
 * the issuer says when the paper has no end.
 * @example citizenPassport.parse(JSON.parse(text))
 */
export const citizenPassport: PassportDefinition<'citizen-passport', CitizenClaims, CitizenPassport> =
  /* @__PURE__ */ definePassport(citizenProfile, citizenSchemas, {
    label: citizenLabel,
    labels: citizenLabels,
    derived: {
      documentNumber: passport => passport.series + passport.number,
      ageOver14: (passport, on) => ageOn(passport.birthDate, on) >= 14,
      ageOver18: (passport, on) => ageOn(passport.birthDate, on) >= 18,
      nominalExpiry: passport => ageWindow(passport.birthDate, passport.issueDate).nominalExpiry ?? undefined,
    },
    validity: ({ birthDate, issueDate }) => {
      const { graceEnd } = ageWindow(birthDate, issueDate)
      return graceEnd === null ? undefined : { until: endOfDay(graceEnd) }
    },
    check: checkDates,
  })

function citizenSchemas() {
  return {
    familyName: cyrillicName(),
    givenName: cyrillicName(),
    patronymic: cyrillicName(),
    birthDate: dateAsTyped(),
    birthPlace: freeText(500),
    sex: sex(),
    nationalities: z._default(listOf(countryCode(), 1, 8), ['RU']),
    series: reads(readSeries),
    number: reads(readNumber),
    issuingAuthority: freeText(300),
    departmentCode: validated(departmentCode),
    issueDate: dateAsTyped(),
    issuingCountry: z._default(oneOf('RU'), 'RU'),
    portrait: cleanImage('jpeg', 'png'),
    address: addressSchema(),
    registrationDate: dateAsTyped(),
    registrationAuthority: freeText(300),
    deregistrationDate: dateAsTyped(),
    deregistrationAuthority: freeText(300),
    militaryDuty: z.boolean(),
    marriages: listOf(marriageSchema(), 0, 20),
    children: listOf(childSchema(), 0, 30),
    bloodGroup: oneOf('O+', 'O-', 'A+', 'A-', 'B+', 'B-', 'AB+', 'AB-'),
    earlierPassports: listOf(earlierPassportSchema(), 0, 20),
    snils: validated(snils),
    inn: validated(innPerson),
    enp: validated(enp),
    email: validated(email),
    phoneNumber: validated(phone),
  }
}

const addressSchema = () =>
  z
    .strictObject({
      formatted: z.optional(freeText(500)),
      country: z.optional(countryCode()),
      region: z.optional(freeText(150)),
      locality: z.optional(freeText(150)),
      street_address: z.optional(freeText(300)),
      house_number: z.optional(freeText(30)),
      building: z.optional(freeText(30)),
      apartment: z.optional(freeText(30)),
      postal_code: z.optional(textOfForm(/^\d{6}$/, 6)),
      gar_id: z.optional(textOfForm(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 36)),
      oktmo: z.optional(textOfForm(/^\d{8}(\d{3})?$/, 11)),
    })
    .check(z.refine(address => Object.keys(address).length > 0, { params: { code: 'required' } }))

const marriageSchema = () =>
  z.strictObject({
    event: oneOf('marriage', 'divorce'),
    date: dateAsTyped(),
    spouse: z.optional(freeText(300)),
    authority: z.optional(freeText(300)),
    record_number: z.optional(freeText(60)),
  })

const childSchema = () =>
  z.strictObject({
    family_name: cyrillicName(),
    given_name: cyrillicName(),
    patronymic: z.optional(cyrillicName()),
    sex: z.optional(sex()),
    birthdate: dateAsTyped(),
  })

const earlierPassportSchema = () =>
  z.strictObject({
    document_number: freeText(40),
    date_of_issuance: z.optional(dateAsTyped()),
    issuing_authority: z.optional(freeText(300)),
  })

/** Four digits, with a space or hyphen only after the second. */
function readSeries(input: unknown): Reading<string> {
  return readDigits(input, 4, /^\d\d[ -]?\d\d$/)
}

/** Six digits, not all zero. */
function readNumber(input: unknown): Reading<string> {
  const number = readDigits(input, 6, /^\d{6}$/)
  return number.ok && number.value === '000000' ? reject('range') : number
}

function readDigits(input: unknown, length: number, grouping: RegExp): Reading<string> {
  const text = readInput(input)
  if (typeof text !== 'string') return text
  if (/[^\d -]/.test(text)) return reject('charset')
  const digits = normalizeText(text).replace(/[ -]/g, '')
  if (digits.length !== length) return reject('length')
  return grouping.test(text) ? { ok: true, value: digits } : reject('grouping')
}

/** Dates that agree with each other and, where a clock was given, are not still to come. */
function* checkDates(passport: Partial<CitizenDates>, now: Date | undefined): Generator<RuleIssue> {
  const { birthDate, issueDate, registrationDate, deregistrationDate, children = [] } = passport
  const today = now === undefined ? undefined : latestDate(now)
  for (const field of ['birthDate', 'issueDate', 'registrationDate', 'deregistrationDate'] as const)
    if (isAfter(passport[field], today)) yield { path: [field], code: 'range' }
  if (birthDate === undefined) return
  // Decree 2267 of 23.12.2023: from the 14th birthday on; that it is not before birth is implied.
  if (issueDate !== undefined && ageOn(birthDate, issueDate) < firstIssueAge)
    yield { path: ['issueDate'], code: 'order' }
  if (isAfter(birthDate, registrationDate)) yield { path: ['registrationDate'], code: 'order' }
  if (isAfter(registrationDate ?? birthDate, deregistrationDate)) yield { path: ['deregistrationDate'], code: 'order' }
  for (const [index, child] of children.entries())
    if (isAfter(birthDate, child.birthdate)) yield { path: ['children', index, 'birthdate'], code: 'order' }
}

type CitizenDates = Pick<
  CitizenClaims,
  'birthDate' | 'issueDate' | 'registrationDate' | 'deregistrationDate' | 'children'
>
