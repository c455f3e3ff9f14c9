/**
 * The photo ID of ISO/IEC TS 23220-4 Annex C, as its issuer knows it: `photoIdProfile` with schemas.
 *
 * What is checked is form and that the dates agree; no register is asked. Ages are those of the day of issue.
 */
import { ageOn, endOfDay } from './calendar.js'
import { definePassport, type PassportDefinition } from './definition.js'
import { checkDocument } from './document-rule.js'
import { photoIdLabel, photoIdLabels } from './photo-id-labels.js'
import { type PhotoIdClaims, photoIdProfile } from './photo-id-profile.js'
import { countryCode, dateAsTyped, freeText, jpegImage, oneOf } from './schemas.js'

/** A photo ID that was parsed: what was entered, without what is derived when it is issued. */
export type PhotoId = Omit<PhotoIdClaims, 'ageInYears' | 'ageBirthYear' | 'ageOver18' | 'ageOver21'>

/**
 * The photo ID, ready to parse, issue and ask for; as mdoc alone.
 *
 * A credential is valid until the end, in UTC, of the day on which the photo ID expires, and never beyond.
 */
export const photoId: PassportDefinition<'photo-id', PhotoIdClaims, PhotoId> = /* @__PURE__ */ definePassport(
  photoIdProfile,
  photoIdSchemas,
  {
    label: photoIdLabel,
    labels: photoIdLabels,
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

function photoIdSchemas() {
  return {
    familyName: text(),
    givenName: text(),
    familyNameLatin: text(),
    givenNameLatin: text(),
    birthDate: dateAsTyped(),
    portrait: jpegImage(),
    issueDate: dateAsTyped(),
    expiryDate: dateAsTyped(),
    issuingAuthority: text(),
    issuingCountry: countryCode(),
    documentNumber: text(),
    sex: oneOf(0, 1, 2, 9),
    nationality: countryCode(),
    birthPlace: text(),
    nameAtBirth: text(),
    residentAddress: text(),
    residentCity: text(),
    residentPostalCode: text(),
    residentCountry: countryCode(),
    residentState: text(),
    residentStreet: text(),
    residentHouseNumber: text(),
    personalNumber: text(),
    administrativeNumber: text(),
    birthCountry: countryCode(),
    birthState: text(),
    birthCity: text(),
    travelDocumentNumber: text(),
  }
}

const text = () => freeText(150)
