/**
 * The driving licence of ISO/IEC 18013-5:2021, as verifiers know it: plain data.
 *
 * Elements and which of them a licence may lack: §7.2.1, table 5. It exists as mdoc alone. `age_over_NN` beyond 18 and 21,
 * biometric templates and domestic namespaces are no fields; a verdict gives them among the other claims.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile } from './profile.js'

/** A category of vehicles that the holder may drive (§7.2.4). Members have the names of the element. */
export interface DrivingPrivilege {
  /** ISO/IEC 18013-1 annex B. */
  readonly vehicle_category_code: string
  readonly issue_date?: string | undefined
  readonly expiry_date?: string | undefined
  readonly codes?: readonly DrivingCode[] | undefined
}

/** A condition or restriction: code, sign and value as ISO/IEC 18013-2 annex A has them. */
export interface DrivingCode {
  readonly code: string
  readonly sign?: string | undefined
  readonly value?: string | undefined
}

export type EyeColour =
  | 'black'
  | 'blue'
  | 'brown'
  | 'dichromatic'
  | 'grey'
  | 'green'
  | 'hazel'
  | 'maroon'
  | 'pink'
  | 'unknown'

export type HairColour =
  | 'bald'
  | 'black'
  | 'blond'
  | 'brown'
  | 'grey'
  | 'red'
  | 'auburn'
  | 'sandy'
  | 'white'
  | 'unknown'

export interface MdlClaims {
  readonly familyName: string
  readonly givenName: string
  readonly birthDate: string
  readonly issueDate: string
  readonly expiryDate: string
  /** ISO 3166-1 alpha-2. */
  readonly issuingCountry: string
  readonly issuingAuthority: string
  readonly documentNumber: string
  /** JPEG when issued here; others may show a JPEG 2000. */
  readonly portrait: Uint8Array
  readonly drivingPrivileges: readonly DrivingPrivilege[]
  /** The distinguishing sign of the issuing country in international traffic. */
  readonly unDistinguishingSign: string
  readonly administrativeNumber?: string | undefined
  /** ISO/IEC 5218. */
  readonly sex?: 0 | 1 | 2 | 9 | undefined
  /** Centimetres. */
  readonly height?: number | undefined
  /** Kilograms. */
  readonly weight?: number | undefined
  readonly eyeColour?: EyeColour | undefined
  readonly hairColour?: HairColour | undefined
  readonly birthPlace?: string | undefined
  readonly residentAddress?: string | undefined
  /** An instant. */
  readonly portraitCaptureDate?: string | undefined
  readonly ageInYears?: number | undefined
  readonly ageBirthYear?: number | undefined
  readonly ageOver18?: boolean | undefined
  readonly ageOver21?: boolean | undefined
  /** ISO 3166-2. */
  readonly issuingJurisdiction?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly nationality?: string | undefined
  readonly residentCity?: string | undefined
  readonly residentState?: string | undefined
  readonly residentPostalCode?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly residentCountry?: string | undefined
  /** The name in the holder's own script. */
  readonly familyNameNationalCharacter?: string | undefined
  readonly givenNameNationalCharacter?: string | undefined
  /** An image of the signature. */
  readonly signatureUsualMark?: Uint8Array | undefined
}

const ns = 'org.iso.18013.5.1'

/**
 * The driving licence of ISO/IEC 18013-5, as verifiers need it; `mdl` adds schemas and labels. Its signers are document signers
 * below an authority of the profile `iaca`.
 * @example verifyMdocPresentation(response, { expectedPassport: mdlProfile, require: ['drivingPrivileges'], … })
 */
export const mdlProfile: PassportProfile<'mdl', MdlClaims> = /* @__PURE__ */ deepFreeze({
  name: 'mdl',
  vct: [],
  docType: ['org.iso.18013.5.1.mDL'],
  status: 'optional',
  certificateProfile: 'iaca',
  fields: {
    familyName: { kind: 'text', element: [ns, 'family_name'] },
    givenName: { kind: 'text', element: [ns, 'given_name'] },
    birthDate: { kind: 'date', element: [ns, 'birth_date'] },
    issueDate: { kind: 'date', element: [ns, 'issue_date'] },
    expiryDate: { kind: 'date', element: [ns, 'expiry_date'] },
    issuingCountry: { kind: 'text', element: [ns, 'issuing_country'] },
    issuingAuthority: { kind: 'text', element: [ns, 'issuing_authority'] },
    documentNumber: { kind: 'text', element: [ns, 'document_number'] },
    portrait: { kind: 'image', element: [ns, 'portrait'], also: ['jpeg2000'] },
    drivingPrivileges: { kind: 'list', element: [ns, 'driving_privileges'], dates: ['issue_date', 'expiry_date'] },
    unDistinguishingSign: { kind: 'text', element: [ns, 'un_distinguishing_sign'] },
    administrativeNumber: { kind: 'text', element: [ns, 'administrative_number'], optional: true },
    sex: { kind: 'integer', element: [ns, 'sex'], optional: true },
    height: { kind: 'integer', element: [ns, 'height'], optional: true },
    weight: { kind: 'integer', element: [ns, 'weight'], optional: true },
    eyeColour: { kind: 'text', element: [ns, 'eye_colour'], optional: true },
    hairColour: { kind: 'text', element: [ns, 'hair_colour'], optional: true },
    birthPlace: { kind: 'text', element: [ns, 'birth_place'], optional: true },
    residentAddress: { kind: 'text', element: [ns, 'resident_address'], optional: true },
    portraitCaptureDate: { kind: 'time', element: [ns, 'portrait_capture_date'], optional: true },
    ageInYears: { kind: 'integer', element: [ns, 'age_in_years'], optional: true, derived: true },
    ageBirthYear: { kind: 'integer', element: [ns, 'age_birth_year'], optional: true, derived: true },
    ageOver18: { kind: 'boolean', element: [ns, 'age_over_18'], optional: true, derived: true },
    ageOver21: { kind: 'boolean', element: [ns, 'age_over_21'], optional: true, derived: true },
    issuingJurisdiction: { kind: 'text', element: [ns, 'issuing_jurisdiction'], optional: true },
    nationality: { kind: 'text', element: [ns, 'nationality'], optional: true },
    residentCity: { kind: 'text', element: [ns, 'resident_city'], optional: true },
    residentState: { kind: 'text', element: [ns, 'resident_state'], optional: true },
    residentPostalCode: { kind: 'text', element: [ns, 'resident_postal_code'], optional: true },
    residentCountry: { kind: 'text', element: [ns, 'resident_country'], optional: true },
    familyNameNationalCharacter: { kind: 'text', element: [ns, 'family_name_national_character'], optional: true },
    givenNameNationalCharacter: { kind: 'text', element: [ns, 'given_name_national_character'], optional: true },
    signatureUsualMark: {
      kind: 'image',
      element: [ns, 'signature_usual_mark'],
      also: ['jpeg2000'],
      optional: true,
    },
  },
})
