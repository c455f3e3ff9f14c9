/**
 * The travel passport (ICAO Doc 9303), as verifiers know it: plain data.
 *
 * It has a type of its own: it says what a passport book says, but whoever issues it need not be an issuer of photo IDs
 * (ISO/IEC TS 23220-4 Annex C) and must not pass for one. What both have bears the names of ISO/IEC 23220-2, in their
 * common namespace, so that a reader asks both for the same elements; see `photo-id-profile.ts` for those of others.
 * Claims have the names of a PID where it has them. Fingerprints, iris and chip files are no fields.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile } from './profile.js'

export interface TravelClaims {
  /** `P` and a letter of the issuing state's choice (Doc 9303-4 §4.2.2). */
  readonly documentType: string
  /** Up to nine letters and digits; in a Russian passport series and number, nine digits in one. */
  readonly documentNumber: string
  /** ISO 3166-1 alpha-2. */
  readonly issuingCountry: string
  /** In national characters, where the passport has them: Cyrillic in a Russian one. */
  readonly familyName: string
  /** Absent for who has one name alone. */
  readonly givenName?: string | undefined
  /** In national characters alone: a machine readable zone has none. */
  readonly patronymic?: string | undefined
  /** In Latin letters, as the passport spells it. No table of letters is an authority over that. */
  readonly familyNameLatin: string
  readonly givenNameLatin?: string | undefined
  /** ISO 3166-1 alpha-2; `QU` unknown, `QS` stateless. */
  readonly nationality: string
  readonly birthDate: string
  readonly birthPlace?: string | undefined
  /** ISO/IEC 5218; 0 where the passport has `X` or `<`. */
  readonly sex: 0 | 1 | 2
  /** What the state calls the holder by, if the passport says so. */
  readonly personalNumber?: string | undefined
  readonly issueDate: string
  readonly expiryDate: string
  readonly issuingAuthority: string
  readonly portrait?: Uint8Array | undefined
  /** The two lines of the machine readable zone, 44 characters each. */
  readonly mrz?: readonly string[] | undefined
  readonly ageOver14: boolean
  readonly ageOver18: boolean
}

/** ISO/IEC 23220-2: what documents of many types have in common. */
const iso = 'org.iso.23220.1'
const own = 'org.vidimus.passport.travel.1'

export const travelProfile: PassportProfile<'travel-passport', TravelClaims> = /* @__PURE__ */ deepFreeze({
  name: 'travel-passport',
  vct: ['urn:vidimus:passport:travel:1'],
  docType: [own],
  status: 'required',
  fields: {
    documentType: { kind: 'text', claim: ['document_type'], element: [own, 'document_type'] },
    documentNumber: { kind: 'text', claim: ['document_number'], element: [iso, 'document_number'] },
    issuingCountry: { kind: 'text', claim: ['issuing_country'], element: [iso, 'issuing_country'] },
    familyName: { kind: 'text', claim: ['family_name'], element: [iso, 'family_name'] },
    givenName: { kind: 'text', claim: ['given_name'], element: [iso, 'given_name'], optional: true },
    patronymic: { kind: 'text', claim: ['patronymic'], element: [own, 'patronymic'], optional: true },
    familyNameLatin: { kind: 'text', claim: ['family_name_latin1'], element: [iso, 'family_name_latin1'] },
    givenNameLatin: {
      kind: 'text',
      claim: ['given_name_latin1'],
      element: [iso, 'given_name_latin1'],
      optional: true,
    },
    nationality: { kind: 'text', claim: ['nationality'], element: [iso, 'nationality'] },
    birthDate: { kind: 'date', claim: ['birthdate'], element: [iso, 'birth_date'] },
    birthPlace: { kind: 'text', claim: ['place_of_birth', 'locality'], element: [iso, 'birthplace'], optional: true },
    sex: { kind: 'integer', claim: ['sex'], element: [iso, 'sex'] },
    personalNumber: {
      kind: 'text',
      claim: ['personal_administrative_number'],
      element: [own, 'person_id'],
      optional: true,
    },
    issueDate: { kind: 'date', claim: ['date_of_issuance'], element: [iso, 'issue_date'] },
    expiryDate: { kind: 'date', claim: ['date_of_expiry'], element: [iso, 'expiry_date'] },
    issuingAuthority: { kind: 'text', claim: ['issuing_authority'], element: [iso, 'issuing_authority'] },
    portrait: { kind: 'image', claim: ['picture'], element: [iso, 'portrait'], optional: true },
    mrz: { kind: 'list', claim: ['mrz'], element: [own, 'mrz'], optional: true },
    ageOver14: {
      kind: 'boolean',
      claim: ['age_equal_or_over', '14'],
      element: [iso, 'age_over_14'],
      derived: true,
    },
    ageOver18: {
      kind: 'boolean',
      claim: ['age_equal_or_over', '18'],
      element: [iso, 'age_over_18'],
      derived: true,
    },
  },
})
