/**
 * The driving licence of ISO/IEC 18013-5:2021, as its issuer knows it: `mdlProfile` with schemas.
 *
 * What is checked is form, the value lists of §7.2.1, and that the dates agree. No register is asked. Ages are those of
 * the day of issue (§7.2.5).
 */
import * as z from 'zod/mini'
import { ageOn, endOfDay } from './calendar.js'
import { definePassport, type PassportDefinition } from './definition.js'
import { checkDocument } from './document-rule.js'
import { mdlLabel, mdlLabels } from './mdl-labels.js'
import { type MdlClaims, mdlProfile } from './mdl-profile.js'
import {
  countryCode,
  dateAsTyped,
  freeText,
  jpegImage,
  listOf,
  oneOf,
  subdivisionCode,
  textOfForm,
  wholeNumber,
} from './schemas.js'

/** A driving licence that was parsed: what was entered, without what is derived when it is issued. */
export type DrivingLicence = Omit<MdlClaims, 'ageInYears' | 'ageBirthYear' | 'ageOver18' | 'ageOver21'>

/**
 * The driving licence, ready to parse, issue and ask for; as mdoc alone.
 *
 * A credential is valid until the end, in UTC, of the day on which the licence expires, and never beyond.
 */
export const mdl: PassportDefinition<'mdl', MdlClaims, DrivingLicence> = /* @__PURE__ */ definePassport(
  mdlProfile,
  mdlSchemas,
  {
    label: mdlLabel,
    labels: mdlLabels,
    derived: {
      ageInYears: ({ birthDate }, on) => ageOn(birthDate, on),
      ageBirthYear: ({ birthDate }) => Number(birthDate.slice(0, 4)),
      ageOver18: ({ birthDate }, on) => ageOn(birthDate, on) >= 18,
      ageOver21: ({ birthDate }, on) => ageOn(birthDate, on) >= 21,
    },
    validity: ({ expiryDate }) => ({ until: endOfDay(expiryDate), latest: endOfDay(expiryDate) }),
    check: checkDocument,
  },
)

function mdlSchemas() {
  return {
    familyName: latinText(),
    givenName: latinText(),
    birthDate: dateAsTyped(),
    issueDate: dateAsTyped(),
    expiryDate: dateAsTyped(),
    issuingCountry: countryCode(),
    issuingAuthority: latinText(),
    documentNumber: latinText(),
    portrait: jpegImage(),
    drivingPrivileges: listOf(privilegeSchema(), 0, 60),
    unDistinguishingSign: textOfForm(/^[A-Z]{1,3}$/, 3),
    administrativeNumber: latinText(),
    sex: oneOf(0, 1, 2, 9),
    height: wholeNumber(1, 999),
    weight: wholeNumber(1, 999),
    eyeColour: oneOf('black', 'blue', 'brown', 'dichromatic', 'grey', 'green', 'hazel', 'maroon', 'pink', 'unknown'),
    hairColour: oneOf('bald', 'black', 'blond', 'brown', 'grey', 'red', 'auburn', 'sandy', 'white', 'unknown'),
    birthPlace: latinText(),
    residentAddress: latinText(),
    issuingJurisdiction: subdivisionCode(),
    nationality: countryCode(),
    residentCity: latinText(),
    residentState: latinText(),
    residentPostalCode: latinText(),
    residentCountry: countryCode(),
    familyNameNationalCharacter: freeText(150),
    givenNameNationalCharacter: freeText(150),
    signatureUsualMark: jpegImage(),
  }
}

/** At most 150 characters of ISO/IEC 8859-1, as §7.2.1 wants all text but names in national characters. */
const latinText = () => textOfForm(/^[ -~\u00a0-\u00ff]+$/, 150, 'charset')

/** §7.2.4. */
const privilegeSchema = () =>
  z.strictObject({
    vehicle_category_code: textOfForm(/^[A-Za-z0-9]{1,10}$/, 10),
    issue_date: z.optional(dateAsTyped()),
    expiry_date: z.optional(dateAsTyped()),
    codes: z.optional(listOf(codeSchema(), 1, 60)),
  })

const codeSchema = () =>
  z.strictObject({ code: latinText(), sign: z.optional(latinText()), value: z.optional(latinText()) })
