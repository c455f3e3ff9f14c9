/**
 * What an issuer and its verifiers demand, as data: ages and terms, and which fields serve which purpose.
 *
 * Each value may be overridden by spreading. The defaults are those of the Regulation on the passport (Government
 * decree 2267 of 23.12.2023) and of the age of majority.
 */
import { deepFreeze } from '../core/freeze.js'
import type { IssueCode } from '../errors.js'
import { firstIssueAge } from './age-window.js'
import type { IdentityAssurance } from './assurance.js'
import type { citizenProfile } from './citizen-profile.js'
import type { FieldOf } from './profile.js'

/** Who may have an electronic passport. */
export interface CitizenPolicy {
  readonly minimumAge: number
  /** Who is younger needs the consent of a guardian. */
  readonly guardianConsentBelow: number
  /** What that consent must be for: a consent to anything else is none to this. */
  readonly guardianConsentPurpose: string
  /** One of these is enough. ISO 3166-1 alpha-2. */
  readonly citizenships: readonly string[]
  /** At which birthdays the paper passport is to be replaced. */
  readonly replacementAges: readonly number[]
  /** Days after such a birthday on which it still serves. */
  readonly graceDays: number
  readonly basePassport: 'required' | 'optional'
  /** What it means that no register was asked about it: nothing, or `base_document_unconfirmed`. */
  readonly registerUnasked: (IssueCode & 'base_document_unconfirmed') | undefined
  /** The least assurance; `undefined`: not judged here. */
  readonly assurance: IdentityAssurance | undefined
}

export const citizenPolicy: CitizenPolicy = /* @__PURE__ */ deepFreeze({
  minimumAge: firstIssueAge,
  guardianConsentBelow: 18,
  guardianConsentPurpose: 'electronic_passport',
  citizenships: ['RU'],
  replacementAges: [20, 45],
  graceDays: 90,
  basePassport: 'required',
  registerUnasked: undefined,
  assurance: undefined,
})

type CitizenField = FieldOf<typeof citizenProfile>

/** Which fields of the internal passport serve a purpose. */
export interface DisclosureSet {
  /** What the holder shows: nothing beyond it. */
  readonly disclose: readonly CitizenField[]
  /** What the verifier must have: those of them that every citizen has. */
  readonly require: readonly CitizenField[]
}

/**
 * Fields by purpose: `disclose` for a preview, which leaves out what the holder does not have, and `require` for a
 * verifier. A patronymic, an address or a portrait is shown where there is one: nobody is refused for having none.
 * @example presentSdJwt(previewPresentation(credential, { passport: citizenPassport, ...disclosureSets.parcel }), to)
 * @example verifyPresentation(presentation, { require: disclosureSets.parcel.require, expectedPassport: citizenPassport, … })
 */
export const disclosureSets = /* @__PURE__ */ deepFreeze({
  /** Identification of a client by a bank. */
  bankOnboarding: {
    disclose: [
      'familyName',
      'givenName',
      'patronymic',
      'birthDate',
      'birthPlace',
      'nationalities',
      'series',
      'number',
      'issueDate',
      'issuingAuthority',
      'departmentCode',
      'address',
      'inn',
    ],
    require: [
      'familyName',
      'givenName',
      'birthDate',
      'birthPlace',
      'nationalities',
      'series',
      'number',
      'issueDate',
      'issuingAuthority',
      'departmentCode',
    ],
  },
  /** Goods and shows for adults: that the holder is one, and a face to compare. */
  ageCheck: { disclose: ['ageOver18', 'portrait'], require: ['ageOver18'] },
  /** A pass into an office or another guarded building. */
  officeVisit: {
    disclose: ['familyName', 'givenName', 'patronymic', 'documentNumber', 'portrait'],
    require: ['familyName', 'givenName', 'documentNumber'],
  },
  /** Handing over a parcel to whom it is addressed to. */
  parcel: {
    disclose: ['familyName', 'givenName', 'patronymic', 'documentNumber'],
    require: ['familyName', 'givenName', 'documentNumber'],
  },
} as const satisfies Readonly<Record<string, DisclosureSet>>)
