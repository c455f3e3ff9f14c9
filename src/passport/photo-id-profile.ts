/**
 * The photo ID of ISO/IEC TS 23220-4 Annex C, as verifiers know it: plain data.
 *
 * Drafts spell its type and its own namespace in two ways and once had `…_unicode` names: what is issued is the newest,
 * what is read is either. It exists as mdoc alone. Fields have the names that the travel passport has, so that both can
 * be expected at once. `age_over_NN` beyond 18 and 21 and the chip files of `org.iso.23220.dtc.1` are no fields; a
 * verdict gives them among the other claims, and whoever wants the files believed verifies them by ICAO's passive
 * authentication.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile, ProfileField } from './profile.js'

export interface PhotoIdClaims {
  readonly familyName: string
  readonly givenName: string
  readonly familyNameLatin?: string | undefined
  readonly givenNameLatin?: string | undefined
  /** Absent where it is not known to the day. */
  readonly birthDate: string
  /** JPEG when issued here; others may show a JPEG 2000. */
  readonly portrait: Uint8Array
  readonly issueDate: string
  readonly expiryDate: string
  readonly issuingAuthority: string
  /** ISO 3166-1 alpha-2. */
  readonly issuingCountry: string
  readonly documentNumber?: string | undefined
  /** ISO/IEC 5218. */
  readonly sex?: 0 | 1 | 2 | 9 | undefined
  /** ISO 3166-1 alpha-2. */
  readonly nationality?: string | undefined
  readonly birthPlace?: string | undefined
  readonly nameAtBirth?: string | undefined
  /** An instant. */
  readonly portraitCaptureDate?: string | undefined
  readonly residentAddress?: string | undefined
  readonly residentCity?: string | undefined
  readonly residentPostalCode?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly residentCountry?: string | undefined
  readonly residentState?: string | undefined
  readonly residentStreet?: string | undefined
  readonly residentHouseNumber?: string | undefined
  /** What the state calls the holder by. */
  readonly personalNumber?: string | undefined
  readonly administrativeNumber?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly birthCountry?: string | undefined
  readonly birthState?: string | undefined
  readonly birthCity?: string | undefined
  /** Of the travel document that the photo ID was made from. */
  readonly travelDocumentNumber?: string | undefined
  readonly ageInYears?: number | undefined
  readonly ageBirthYear?: number | undefined
  readonly ageOver18?: boolean | undefined
  readonly ageOver21?: boolean | undefined
}

const iso = 'org.iso.23220.1'
const own = 'org.iso.23220.photoid.1'
const older = 'org.iso.23220.photoID.1'

export const photoIdProfile: PassportProfile<'photo-id', PhotoIdClaims> = /* @__PURE__ */ makeProfile()

function makeProfile(): PassportProfile<'photo-id', PhotoIdClaims> {
  const must = (kind: ProfileField['kind'], name: string): ProfileField => ({ kind, element: [iso, name] })
  const may = (kind: ProfileField['kind'], name: string): ProfileField => ({ ...must(kind, name), optional: true })
  const unicode = (field: ProfileField): ProfileField => ({
    ...field,
    aliases: [[iso, `${field.element?.[1]}_unicode`]],
  })
  const ours = (name: string): ProfileField => ({
    kind: 'text',
    element: [own, name],
    aliases: [[older, name]],
    optional: true,
  })
  return deepFreeze({
    name: 'photo-id',
    vct: [],
    docType: [own, older],
    status: 'optional',
    fields: {
      familyName: unicode(must('text', 'family_name')),
      givenName: unicode(must('text', 'given_name')),
      familyNameLatin: may('text', 'family_name_latin1'),
      givenNameLatin: may('text', 'given_name_latin1'),
      birthDate: { ...must('date', 'birth_date'), also: ['approximate'] },
      portrait: { ...must('image', 'portrait'), also: ['jpeg2000'] },
      issueDate: must('date', 'issue_date'),
      expiryDate: must('date', 'expiry_date'),
      issuingAuthority: unicode(must('text', 'issuing_authority')),
      issuingCountry: must('text', 'issuing_country'),
      documentNumber: may('text', 'document_number'),
      sex: may('integer', 'sex'),
      nationality: may('text', 'nationality'),
      birthPlace: may('text', 'birthplace'),
      nameAtBirth: may('text', 'name_at_birth'),
      portraitCaptureDate: may('time', 'portrait_capture_date'),
      residentAddress: unicode(may('text', 'resident_address')),
      residentCity: unicode(may('text', 'resident_city')),
      residentPostalCode: may('text', 'resident_postal_code'),
      residentCountry: may('text', 'resident_country'),
      residentState: ours('resident_state'),
      residentStreet: ours('resident_street'),
      residentHouseNumber: ours('resident_house_number'),
      personalNumber: ours('person_id'),
      administrativeNumber: ours('administrative_number'),
      birthCountry: ours('birth_country'),
      birthState: ours('birth_state'),
      birthCity: ours('birth_city'),
      travelDocumentNumber: ours('travel_document_number'),
      ageInYears: { ...may('integer', 'age_in_years'), derived: true },
      ageBirthYear: { ...may('integer', 'age_birth_year'), derived: true },
      ageOver18: { ...may('boolean', 'age_over_18'), derived: true },
      ageOver21: { ...may('boolean', 'age_over_21'), derived: true },
    },
  })
}
