/**
 * The internal passport of a citizen of the Russian Federation, as verifiers know it: plain data.
 *
 * It has a type of its own and is not a PID. Claims that a PID has too bear the PID's names (PID Rulebook 1.7); the
 * others are domestic. Every field can be disclosed alone. The personal code, which the blank lost in 2021, is left out.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile, ProfileField } from './profile.js'

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

/** Where a field has another name among claims and elements than its own in snake case, and what else is said of it. */
interface Row extends Omit<ProfileField, 'claim' | 'element'> {
  readonly claim?: readonly string[]
  /** As the claim, where there is no other. */
  readonly element?: string
}

const profile = (): PassportProfile<'citizen-passport', CitizenClaims> => {
  const [text, date] = [{ kind: 'text' }, { kind: 'date' }] as const
  const list = { kind: 'list', hide: 'each' } as const
  const boolean = { kind: 'boolean' } as const
  const optional = (row: Row): Row => ({ ...row, optional: true })
  const derived = (row: Row): Row => ({ ...row, derived: true })
  const rows: { readonly [Field in keyof CitizenClaims]-?: Row } = {
    familyName: text,
    givenName: text,
    patronymic: optional(text),
    birthDate: { ...date, claim: ['birthdate'], element: 'birth_date' },
    birthPlace: { ...text, claim: ['place_of_birth', 'locality'], element: 'birthplace' },
    sex: { kind: 'integer' },
    nationalities: { ...list, element: 'nationality' },
    series: { ...text, claim: ['passport_series'] },
    number: { ...text, claim: ['passport_number'] },
    issuingAuthority: text,
    departmentCode: text,
    issueDate: { ...date, claim: ['date_of_issuance'], element: 'issue_date' },
    issuingCountry: text,
    address: optional({ ...list, kind: 'object', element: 'resident_address' }),
    registrationDate: optional(date),
    registrationAuthority: optional(text),
    deregistrationDate: optional(date),
    deregistrationAuthority: optional(text),
    militaryDuty: optional(boolean),
    marriages: optional(list),
    children: optional(list),
    bloodGroup: optional(text),
    earlierPassports: optional(list),
    portrait: optional({ kind: 'image', claim: ['picture'], element: 'portrait' }),
    snils: optional(text),
    inn: optional(text),
    enp: optional(text),
    email: optional({ ...text, element: 'email_address' }),
    phoneNumber: optional({ ...text, element: 'mobile_phone_number' }),
    documentNumber: derived(text),
    ageOver14: derived({ ...boolean, claim: ['age_equal_or_over', '14'], element: 'age_over_14' }),
    ageOver18: derived({ ...boolean, claim: ['age_equal_or_over', '18'], element: 'age_over_18' }),
    nominalExpiry: derived(optional({ ...date, claim: ['date_of_expiry'], element: 'expiry_date' })),
  }
  return {
    name: 'citizen-passport',
    vct: ['urn:vidimus:passport:ru:citizen:1'],
    docType: [namespace],
    status: 'required',
    fields: Object.fromEntries(
      Object.entries<Row>(rows).map(([name, row]) => {
        const { claim = [snakeCase(name)], element = claim[0], ...more } = row
        return [name, { ...more, claim, element: [namespace, element] }]
      }),
    ) as unknown as PassportProfile<string, CitizenClaims>['fields'],
  }
}

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)

/**
 * The internal passport of a citizen of the Russian Federation, as verifiers need it: names and kinds of its fields, without
 * schemas and labels, which `citizenPassport` adds.
 * @example verifySdJwtPresentation(presentation, { expectedPassport: citizenProfile, require: ['familyName'], … })
 */
export const citizenProfile = /* @__PURE__ */ deepFreeze(/* @__PURE__ */ profile())
