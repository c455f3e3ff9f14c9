/**
 * The European person identification data, as verifiers know it in both forms: plain data.
 *
 * Names and which of them may be absent: PID Rulebook 1.7 §2 to §4. Claims and elements of one datum have different
 * names; members of the claim `address` are elements of their own, and so are fields of their own. Ages are no longer
 * part of a PID.
 */
import { deepFreeze } from '../core/freeze.js'
import type { PassportProfile } from './profile.js'

/** At least one member is there. */
export interface PlaceOfBirth {
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly region?: string | undefined
  readonly locality?: string | undefined
}

export interface EuPidClaims {
  readonly familyName: string
  readonly givenName: string
  readonly birthDate: string
  readonly placeOfBirth: PlaceOfBirth
  /** ISO 3166-1 alpha-2; `QU` unknown, `QS` stateless. */
  readonly nationalities: readonly string[]
  readonly issuingAuthority: string
  /** ISO 3166-1 alpha-2. */
  readonly issuingCountry: string
  /** JPEG. Holders may do without. */
  readonly portrait?: Uint8Array | undefined
  /** The whole address in one text. */
  readonly residentAddress?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly residentCountry?: string | undefined
  readonly residentState?: string | undefined
  readonly residentCity?: string | undefined
  readonly residentPostalCode?: string | undefined
  readonly residentStreet?: string | undefined
  readonly residentHouseNumber?: string | undefined
  readonly personalAdministrativeNumber?: string | undefined
  readonly birthFamilyName?: string | undefined
  readonly birthGivenName?: string | undefined
  /** ISO/IEC 5218, and 3 other, 4 inter, 5 diverse, 6 open. */
  readonly sex?: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 9 | undefined
  readonly email?: string | undefined
  /** `+` and digits. */
  readonly phoneNumber?: string | undefined
  /** When the data run out; the credential itself usually does so earlier. */
  readonly expiryDate?: string | undefined
  readonly issueDate?: string | undefined
  readonly documentNumber?: string | undefined
  /** ISO 3166-2. */
  readonly issuingJurisdiction?: string | undefined
  /** Where the provider's trust anchor is published. Never fetched and never believed here. */
  readonly trustAnchor?: string | undefined
  readonly attestationLegalCategory?: string | undefined
}

/** The mdoc document type, and its one namespace. */
const ns = 'eu.europa.ec.eudi.pid.1'

/** The European PID in both its forms, as verifiers need it; `euPid` adds schemas and labels. */
export const euPidProfile: PassportProfile<'eu-pid', EuPidClaims> = /* @__PURE__ */ deepFreeze({
  name: 'eu-pid',
  vct: ['urn:eudi:pid:1'],
  docType: [ns],
  status: 'optional',
  fields: {
    familyName: { kind: 'text', claim: ['family_name'], element: [ns, 'family_name'] },
    givenName: { kind: 'text', claim: ['given_name'], element: [ns, 'given_name'] },
    birthDate: { kind: 'date', claim: ['birthdate'], element: [ns, 'birth_date'] },
    placeOfBirth: { kind: 'object', claim: ['place_of_birth'], element: [ns, 'place_of_birth'], hide: 'each' },
    nationalities: { kind: 'list', claim: ['nationalities'], element: [ns, 'nationality'], hide: 'each' },
    issuingAuthority: { kind: 'text', claim: ['issuing_authority'], element: [ns, 'issuing_authority'] },
    issuingCountry: { kind: 'text', claim: ['issuing_country'], element: [ns, 'issuing_country'] },
    portrait: { kind: 'image', claim: ['picture'], element: [ns, 'portrait'], also: ['empty'], optional: true },
    residentAddress: {
      kind: 'text',
      claim: ['address', 'formatted'],
      element: [ns, 'resident_address'],
      optional: true,
    },
    residentCountry: {
      kind: 'text',
      claim: ['address', 'country'],
      element: [ns, 'resident_country'],
      optional: true,
    },
    residentState: { kind: 'text', claim: ['address', 'region'], element: [ns, 'resident_state'], optional: true },
    residentCity: { kind: 'text', claim: ['address', 'locality'], element: [ns, 'resident_city'], optional: true },
    residentPostalCode: {
      kind: 'text',
      claim: ['address', 'postal_code'],
      element: [ns, 'resident_postal_code'],
      optional: true,
    },
    residentStreet: {
      kind: 'text',
      claim: ['address', 'street_address'],
      element: [ns, 'resident_street'],
      optional: true,
    },
    residentHouseNumber: {
      kind: 'text',
      claim: ['address', 'house_number'],
      element: [ns, 'resident_house_number'],
      optional: true,
    },
    personalAdministrativeNumber: {
      kind: 'text',
      claim: ['personal_administrative_number'],
      element: [ns, 'personal_administrative_number'],
      optional: true,
    },
    birthFamilyName: {
      kind: 'text',
      claim: ['birth_family_name'],
      element: [ns, 'family_name_birth'],
      optional: true,
    },
    birthGivenName: { kind: 'text', claim: ['birth_given_name'], element: [ns, 'given_name_birth'], optional: true },
    sex: { kind: 'integer', claim: ['sex'], element: [ns, 'sex'], optional: true },
    email: { kind: 'text', claim: ['email'], element: [ns, 'email_address'], optional: true },
    phoneNumber: { kind: 'text', claim: ['phone_number'], element: [ns, 'mobile_phone_number'], optional: true },
    expiryDate: { kind: 'date', claim: ['date_of_expiry'], element: [ns, 'expiry_date'], optional: true },
    issueDate: { kind: 'date', claim: ['date_of_issuance'], element: [ns, 'issuance_date'], optional: true },
    documentNumber: { kind: 'text', claim: ['document_number'], element: [ns, 'document_number'], optional: true },
    issuingJurisdiction: {
      kind: 'text',
      claim: ['issuing_jurisdiction'],
      element: [ns, 'issuing_jurisdiction'],
      optional: true,
    },
    trustAnchor: { kind: 'text', claim: ['trust_anchor'], element: [ns, 'trust_anchor'], optional: true },
    attestationLegalCategory: {
      kind: 'text',
      claim: ['attestation_legal_category'],
      element: [ns, 'attestation_legal_category'],
      optional: true,
    },
  },
})
