/**
 * The travel passport (ICAO Doc 9303), as its issuer knows it: `travelProfile` with schemas.
 *
 * Takes data as people type it, countries in two letters or in the three of a machine readable zone. What is checked is
 * form, that the dates agree, and that the machine readable zone, if it is given, says the same as the fields. No
 * register and no chip is asked, and nothing here proves that a passport is genuine.
 */
import * as z from 'zod/mini'
import { ageOn, endOfDay } from './calendar.js'
import { alpha2 } from './country.js'
import { definePassport, type PassportDefinition } from './definition.js'
import { checkDocument } from './document-rule.js'
import type { RuleIssue } from './record-parser.js'
import {
  dateAsTyped,
  freeText,
  jpegImage,
  listOf,
  type Reading,
  readSex,
  reads,
  readText,
  textOfForm,
} from './schemas.js'
import { mixesScripts } from './text.js'
import { travelLabel, travelLabels } from './travel-labels.js'
import { checkMrz } from './travel-mrz.js'
import { type TravelClaims, travelProfile } from './travel-profile.js'
import { reject } from './validators/result.js'

/** A travel passport that was parsed: what was entered, without what is derived when it is issued. */
export type TravelPassport = Omit<TravelClaims, 'ageOver14' | 'ageOver18'>

/**
 * The travel passport, ready to parse, issue and ask for.
 *
 * A credential is valid until the end, in UTC, of the day on which the passport expires, and never beyond.
 * @example travelPassport.parse(JSON.parse(text))
 */
export const travelPassport: PassportDefinition<'travel-passport', TravelClaims, TravelPassport> =
  /* @__PURE__ */ definePassport(travelProfile, travelSchemas, {
    label: travelLabel,
    labels: travelLabels,
    derived: {
      ageOver14: ({ birthDate }, on) => ageOn(birthDate, on) >= 14,
      ageOver18: ({ birthDate }, on) => ageOn(birthDate, on) >= 18,
    },
    validity: ({ expiryDate }) => ({ until: endOfDay(expiryDate), latest: endOfDay(expiryDate) }),
    check: checkTravel,
  })

function travelSchemas() {
  return {
    documentType: z._default(textOfForm(/^P[A-Z]?$/, 2), 'P'),
    documentNumber: reads(readNumber),
    issuingCountry: reads(readCountry),
    familyName: reads(readNationalName),
    givenName: reads(readNationalName),
    patronymic: reads(readNationalName),
    familyNameLatin: reads(readLatinName),
    givenNameLatin: reads(readLatinName),
    nationality: reads(readCountry),
    birthDate: dateAsTyped(),
    birthPlace: freeText(150),
    sex: reads(readAnySex),
    personalNumber: freeText(64),
    issueDate: dateAsTyped(),
    expiryDate: dateAsTyped(),
    issuingAuthority: freeText(150),
    portrait: jpegImage(),
    mrz: listOf(textOfForm(/^[A-Z\d<]{44}$/, 44), 2, 2),
  }
}

/** Doc 9303-4 §4.2.2: nine places. Spaces and the sign № between series and number go. */
function readNumber(input: unknown): Reading<string> {
  const text = readText(input, 40)
  if (!text.ok) return text
  const number = text.value.replace(/[ №]/g, '').toUpperCase()
  if (/[^A-Z\d]/.test(number)) return reject('charset')
  return number.length > 0 && number.length <= 9 ? { ok: true, value: number } : reject('length')
}

function readCountry(input: unknown): Reading<string> {
  const code = readText(input, 3)
  if (!code.ok) return code
  if (!/^[A-Z]+<{0,2}$/.test(code.value)) return reject('format')
  const country = code.value.length === 2 ? code.value : alpha2(code.value)
  return country === undefined ? reject('range') : { ok: true, value: country }
}

/** A name in letters of any one script. */
function readNationalName(input: unknown): Reading<string> {
  const name = readText(input, 150)
  if (!name.ok) return name
  if (mixesScripts(name.value)) return reject('mixed_script')
  if (!/^[\p{L}\p{M} .'’ʼ-]+$/u.test(name.value)) return reject('charset')
  return /^\p{L}/u.test(name.value) ? name : reject('format')
}

function readLatinName(input: unknown): Reading<string> {
  const name = readNationalName(input)
  return !name.ok || /^[A-Za-z .'’ʼ-]+$/.test(name.value) ? name : reject('charset')
}

/** As `readSex`, and what Doc 9303-3 §4.6 and Doc 9303-4 §4.1 have for neither. */
const readAnySex = (input: unknown): Reading<0 | 1 | 2> =>
  input === 0 || input === 'X' || input === '<' ? { ok: true, value: 0 } : readSex(input)

function* checkTravel(
  passport: Partial<TravelPassport>,
  now: Date | undefined,
  failed: ReadonlySet<string>,
): Generator<RuleIssue> {
  yield* checkDocument(passport, now)
  // A given name in one script has its counterpart in the other.
  const names = ['givenName', 'givenNameLatin'] as const
  const missing = names.filter(field => passport[field] === undefined)
  if (missing[0] !== undefined && missing.length === 1 && !failed.has(missing[0]))
    yield { path: [missing[0]], code: 'required' }
  if (passport.issuingCountry === 'RU') yield* checkRussian(passport)
  yield* checkMrz(passport)
}

/** Russian passports have names in Cyrillic beside the Latin ones, and a number of nine digits. */
function* checkRussian(passport: Partial<TravelPassport>): Generator<RuleIssue> {
  for (const field of ['familyName', 'givenName', 'patronymic'] as const)
    if (/\p{Script=Latin}/u.test(passport[field] ?? '')) yield { path: [field], code: 'charset' }
  if (passport.documentNumber !== undefined && !/^\d{9}$/.test(passport.documentNumber))
    yield { path: ['documentNumber'], code: 'format' }
}
