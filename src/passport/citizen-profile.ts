/**
 * The internal passport of a citizen of the Russian Federation, as verifiers know it: plain data.
 *
 * It has a type of its own and is not a PID. Claims that a PID has too bear the PID's names (PID Rulebook 1.7); the
 * others are domestic. Every field can be disclosed alone. The personal code, which the blank lost in 2021, is left out.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile } from './profile.js'

/** Sex by ISO/IEC 5218. */
export type Sex = 1 | 2

/** A registration address. Members have the names of the `address` claim; each can be disclosed alone. */
export interface CitizenAddress {
  /** The whole address as it stands in the stamp. */
  readonly formatted?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly region?: string | undefined
  readonly locality?: string | undefined
  readonly street_address?: string | undefined
  readonly house_number?: string | undefined
  readonly building?: string | undefined
  readonly apartment?: string | undefined
  /** Six digits. */
  readonly postal_code?: string | undefined
  /** The GUID of the address object in the state address register (GAR). Addresses are the same when it, house and flat are. */
  readonly gar_id?: string | undefined
  /** The code of the municipal territory, 8 or 11 digits. */
  readonly oktmo?: string | undefined
}

/** A marriage or divorce mark. */
export interface MarriageMark {
  readonly event: 'marriage' | 'divorce'
  readonly date: string
  /** The spouse's name as it stands in the mark. */
  readonly spouse?: string | undefined
  readonly authority?: string | undefined
  readonly record_number?: string | undefined
}

/** A child below 14. */
export interface ChildMark {
  readonly family_name: string
  readonly given_name: string
  readonly patronymic?: string | undefined
  readonly sex?: Sex | undefined
  readonly birthdate: string
}

export interface EarlierPassportMark {
  /** Series and number in one, ten digits for an internal passport. */
  readonly document_number: string
  readonly date_of_issuance?: string | undefined
  readonly issuing_authority?: string | undefined
}

/** ABO group and Rh factor. Health data: recording and showing it needs consent in writing (152-FZ, art. 10). */
export type BloodGroup = 'O+' | 'O-' | 'A+' | 'A-' | 'B+' | 'B-' | 'AB+' | 'AB-'

export interface CitizenClaims {
  readonly familyName: string
  readonly givenName: string
  /** Not everyone has one. */
  readonly patronymic?: string | undefined
  readonly birthDate: string
  /** As printed, in one line. Historical names stay. */
  readonly birthPlace: string
  readonly sex: Sex
  /** ISO 3166-1 alpha-2. */
  readonly nationalities: readonly string[]
  /** Four digits: region and year of the blank. */
  readonly series: string
  /** Six digits. */
  readonly number: string
  readonly issuingAuthority: string
  /** `NNN-NNN`. */
  readonly departmentCode: string
  readonly issueDate: string
  readonly issuingCountry: string
  /** Registration at the place of residence; having none is legal. */
  readonly address?: CitizenAddress | undefined
  readonly registrationDate?: string | undefined
  readonly registrationAuthority?: string | undefined
  /** When the holder was taken off the register; the stamp may be the last one. */
  readonly deregistrationDate?: string | undefined
  readonly deregistrationAuthority?: string | undefined
  readonly militaryDuty?: boolean | undefined
  readonly marriages?: readonly MarriageMark[] | undefined
  readonly children?: readonly ChildMark[] | undefined
  readonly bloodGroup?: BloodGroup | undefined
  readonly earlierPassports?: readonly EarlierPassportMark[] | undefined
  readonly portrait?: Uint8Array | undefined
  /** Eleven digits. */
  readonly snils?: string | undefined
  /** Twelve digits. */
  readonly inn?: string | undefined
  /** The number of the health insurance policy, sixteen digits. */
  readonly enp?: string | undefined
  /** Contacts stand in no passport: they are here for issuers who have confirmed them. */
  readonly email?: string | undefined
  /** E.164. */
  readonly phoneNumber?: string | undefined
  /** Series and number, ten digits. */
  readonly documentNumber: string
  readonly ageOver14: boolean
  readonly ageOver18: boolean
  /** The birthday on which the passport is to be replaced; absent when it was issued at 45 or later. */
  readonly nominalExpiry?: string | undefined
}

/** The mdoc document type, and its one namespace. */
const namespace = 'org.vidimus.passport.ru.citizen.1'

export const citizenProfile: PassportProfile<'citizen-passport', CitizenClaims> = /* @__PURE__ */ deepFreeze({
  name: 'citizen-passport',
  vct: ['urn:vidimus:passport:ru:citizen:1'],
  docType: [namespace],
  status: 'required',
  fields: {
    familyName: { kind: 'text', claim: ['family_name'], element: [namespace, 'family_name'] },
    givenName: { kind: 'text', claim: ['given_name'], element: [namespace, 'given_name'] },
    patronymic: { kind: 'text', claim: ['patronymic'], element: [namespace, 'patronymic'], optional: true },
    birthDate: { kind: 'date', claim: ['birthdate'], element: [namespace, 'birth_date'] },
    birthPlace: { kind: 'text', claim: ['place_of_birth', 'locality'], element: [namespace, 'birthplace'] },
    sex: { kind: 'integer', claim: ['sex'], element: [namespace, 'sex'] },
    nationalities: { kind: 'list', claim: ['nationalities'], element: [namespace, 'nationality'], hide: 'each' },
    series: { kind: 'text', claim: ['passport_series'], element: [namespace, 'passport_series'] },
    number: { kind: 'text', claim: ['passport_number'], element: [namespace, 'passport_number'] },
    issuingAuthority: { kind: 'text', claim: ['issuing_authority'], element: [namespace, 'issuing_authority'] },
    departmentCode: { kind: 'text', claim: ['department_code'], element: [namespace, 'department_code'] },
    issueDate: { kind: 'date', claim: ['date_of_issuance'], element: [namespace, 'issue_date'] },
    issuingCountry: { kind: 'text', claim: ['issuing_country'], element: [namespace, 'issuing_country'] },
    address: {
      kind: 'object',
      claim: ['address'],
      element: [namespace, 'resident_address'],
      hide: 'each',
      optional: true,
    },
    registrationDate: {
      kind: 'date',
      claim: ['registration_date'],
      element: [namespace, 'registration_date'],
      optional: true,
    },
    registrationAuthority: {
      kind: 'text',
      claim: ['registration_authority'],
      element: [namespace, 'registration_authority'],
      optional: true,
    },
    deregistrationDate: {
      kind: 'date',
      claim: ['deregistration_date'],
      element: [namespace, 'deregistration_date'],
      optional: true,
    },
    deregistrationAuthority: {
      kind: 'text',
      claim: ['deregistration_authority'],
      element: [namespace, 'deregistration_authority'],
      optional: true,
    },
    militaryDuty: { kind: 'boolean', claim: ['military_duty'], element: [namespace, 'military_duty'], optional: true },
    marriages: { kind: 'list', claim: ['marriages'], element: [namespace, 'marriages'], hide: 'each', optional: true },
    children: { kind: 'list', claim: ['children'], element: [namespace, 'children'], hide: 'each', optional: true },
    bloodGroup: { kind: 'text', claim: ['blood_group'], element: [namespace, 'blood_group'], optional: true },
    earlierPassports: {
      kind: 'list',
      claim: ['earlier_passports'],
      element: [namespace, 'earlier_passports'],
      hide: 'each',
      optional: true,
    },
    portrait: { kind: 'image', claim: ['picture'], element: [namespace, 'portrait'], optional: true },
    snils: { kind: 'text', claim: ['snils'], element: [namespace, 'snils'], optional: true },
    inn: { kind: 'text', claim: ['inn'], element: [namespace, 'inn'], optional: true },
    enp: { kind: 'text', claim: ['enp'], element: [namespace, 'enp'], optional: true },
    email: { kind: 'text', claim: ['email'], element: [namespace, 'email_address'], optional: true },
    phoneNumber: {
      kind: 'text',
      claim: ['phone_number'],
      element: [namespace, 'mobile_phone_number'],
      optional: true,
    },
    documentNumber: {
      kind: 'text',
      claim: ['document_number'],
      element: [namespace, 'document_number'],
      derived: true,
    },
    ageOver14: {
      kind: 'boolean',
      claim: ['age_equal_or_over', '14'],
      element: [namespace, 'age_over_14'],
      derived: true,
    },
    ageOver18: {
      kind: 'boolean',
      claim: ['age_equal_or_over', '18'],
      element: [namespace, 'age_over_18'],
      derived: true,
    },
    nominalExpiry: {
      kind: 'date',
      claim: ['date_of_expiry'],
      element: [namespace, 'expiry_date'],
      optional: true,
      derived: true,
    },
  },
})
