/**
 * The European person identification data, as its provider knows it: `euPidProfile` with schemas.
 *
 * What is checked is form (PID Rulebook 1.7 §2, §3.1) and that the dates agree; no register is asked. A domestic type, as
 * `urn:eudi:pid:de:1`, is a definition of its own that extends this one.
 */
import * as z from 'zod/mini'
import { endOfDay } from './calendar.js'
import { definePassport, type PassportDefinition } from './definition.js'
import { checkDocument } from './document-rule.js'
import { euPidLabel, euPidLabels } from './eu-pid-labels.js'
import { type EuPidClaims, euPidProfile } from './eu-pid-profile.js'
import { countryCode, dateAsTyped, freeText, jpegImage, listOf, oneOf, subdivisionCode, textOfForm } from './schemas.js'

/**
 * The PID, ready to parse, issue and ask for, as SD-JWT VC and as mdoc.
 *
 * A credential is valid until the end, in UTC, of the day on which the data expire, where they do, and never beyond; the
 * issuer's own, usually much earlier choice goes before it.
 */
export const euPid: PassportDefinition<'eu-pid', EuPidClaims, EuPidClaims> = /* @__PURE__ */ definePassport(
  euPidProfile,
  euPidSchemas,
  {
    label: euPidLabel,
    labels: euPidLabels,
    validity: ({ expiryDate }) =>
      expiryDate === undefined ? undefined : { until: endOfDay(expiryDate), latest: endOfDay(expiryDate) },
    check: checkDocument,
  },
)

function euPidSchemas() {
  return {
    familyName: text(),
    givenName: text(),
    birthDate: dateAsTyped(),
    placeOfBirth: placeSchema(),
    nationalities: listOf(countryCode(), 1, 16),
    issuingAuthority: text(),
    issuingCountry: countryCode(),
    portrait: jpegImage(),
    residentAddress: text(),
    residentCountry: countryCode(),
    residentState: text(),
    residentCity: text(),
    residentPostalCode: text(),
    residentStreet: text(),
    residentHouseNumber: text(),
    personalAdministrativeNumber: text(),
    birthFamilyName: text(),
    birthGivenName: text(),
    sex: oneOf(0, 1, 2, 3, 4, 5, 6, 9),
    email: textOfForm(/^[^\s@]+@[^\s@]+$/, 150),
    phoneNumber: textOfForm(/^\+[1-9]\d{3,14}$/, 16),
    expiryDate: dateAsTyped(),
    issueDate: dateAsTyped(),
    documentNumber: text(),
    issuingJurisdiction: subdivisionCode(),
    trustAnchor: text(),
    attestationLegalCategory: text(),
  }
}

/** §3.1.1: at most 150 characters, of any script. */
const text = () => freeText(150)

/** §3.1.5: one member at least. */
const placeSchema = () =>
  z
    .strictObject({ country: z.optional(countryCode()), region: z.optional(text()), locality: z.optional(text()) })
    .check(z.refine(place => Object.keys(place).length > 0, { params: { code: 'required' } }))
