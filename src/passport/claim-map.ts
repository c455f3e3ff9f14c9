/**
 * What others call the data of Russian passports: OpenID Connect, the European PID, ISO/IEC 23220-2, ICAO, and the
 * scopes of ESIA. Facts for mapping; a mapping makes nothing a PID or a photo ID.
 *
 * OpenID Connect Core 1.0 §5.1 and OpenID Connect for Identity Assurance (the names it adds are claims like any other),
 * PID Rulebook 1.7, ISO/IEC 23220-2 and ISO/IEC TS 23220-4 Annex C, ICAO Doc 9303-10.
 */
import { deepFreeze, withoutAbsent } from '../core/freeze.js'
import type { CitizenAddress, CitizenClaims } from './citizen-profile.js'
import type { Labels } from './profile.js'

/** One datum in other systems. What a system has no name for is absent. */
export interface ClaimNames {
  readonly label: Labels
  /** The OpenID Connect claim. */
  readonly oidc?: string | undefined
  /** The claim of an SD-JWT VC PID. */
  readonly pid?: string | undefined
  /** Elements of ISO/IEC 23220-2, the newest spelling first. */
  readonly iso23220?: readonly string[] | undefined
  /** Data groups of the chip that hold it. */
  readonly icao?: readonly string[] | undefined
  /** The scope that ESIA gives it under. */
  readonly esia?: string | undefined
}

/** Data by the field names of the shipped passports, and by names of the same kind for those that no passport holds. */
export const claimMap = /* @__PURE__ */ deepFreeze({
  familyName: {
    label: { ru: 'Фамилия', en: 'Family name' },
    oidc: 'family_name',
    pid: 'family_name',
    iso23220: ['family_name', 'family_name_unicode', 'family_name_latin1'],
    icao: ['DG1', 'DG11'],
    esia: 'fullname',
  },
  givenName: {
    label: { ru: 'Имя', en: 'Given name' },
    oidc: 'given_name',
    pid: 'given_name',
    iso23220: ['given_name', 'given_name_unicode', 'given_name_latin1'],
    icao: ['DG1', 'DG11'],
    esia: 'fullname',
  },
  patronymic: {
    label: { ru: 'Отчество', en: 'Patronymic' },
    oidc: 'middle_name',
    icao: ['DG11'],
    esia: 'fullname',
  },
  birthDate: {
    label: { ru: 'Дата рождения', en: 'Date of birth' },
    oidc: 'birthdate',
    pid: 'birthdate',
    iso23220: ['birth_date'],
    icao: ['DG1'],
    esia: 'birthdate',
  },
  birthPlace: {
    label: { ru: 'Место рождения', en: 'Place of birth' },
    oidc: 'place_of_birth',
    pid: 'place_of_birth',
    iso23220: ['birthplace'],
    icao: ['DG11'],
    esia: 'birthplace',
  },
  sex: {
    label: { ru: 'Пол', en: 'Sex' },
    oidc: 'gender',
    pid: 'sex',
    iso23220: ['sex'],
    icao: ['DG1'],
    esia: 'gender',
  },
  nationalities: {
    label: { ru: 'Гражданство', en: 'Citizenship' },
    oidc: 'nationalities',
    pid: 'nationalities',
    iso23220: ['nationality'],
    icao: ['DG1'],
    esia: 'id_doc',
  },
  documentNumber: {
    label: { ru: 'Серия и номер', en: 'Document number' },
    pid: 'document_number',
    iso23220: ['document_number'],
    icao: ['DG1'],
    esia: 'id_doc',
  },
  issueDate: {
    label: { ru: 'Дата выдачи', en: 'Date of issue' },
    oidc: 'date_of_issuance',
    pid: 'date_of_issuance',
    iso23220: ['issue_date'],
    icao: ['DG12'],
    esia: 'id_doc',
  },
  expiryDate: {
    label: { ru: 'Срок действия', en: 'Date of expiry' },
    oidc: 'date_of_expiry',
    pid: 'date_of_expiry',
    iso23220: ['expiry_date'],
    icao: ['DG1'],
    esia: 'foreign_passport_doc',
  },
  issuingAuthority: {
    label: { ru: 'Кем выдан', en: 'Issuing authority' },
    pid: 'issuing_authority',
    iso23220: ['issuing_authority', 'issuing_authority_unicode'],
    icao: ['DG12'],
    esia: 'id_doc',
  },
  departmentCode: { label: { ru: 'Код подразделения', en: 'Department code' }, esia: 'id_doc' },
  issuingCountry: {
    label: { ru: 'Страна выдачи', en: 'Issuing country' },
    pid: 'issuing_country',
    iso23220: ['issuing_country'],
    icao: ['DG1'],
  },
  issuingJurisdiction: {
    label: { ru: 'Регион выдачи', en: 'Issuing jurisdiction' },
    pid: 'issuing_jurisdiction',
    iso23220: ['issuing_subdivision'],
  },
  address: {
    label: { ru: 'Адрес регистрации', en: 'Registered address' },
    oidc: 'address',
    pid: 'address',
    iso23220: ['resident_address', 'resident_address_unicode'],
    icao: ['DG11'],
    esia: 'addresses',
  },
  portrait: {
    label: { ru: 'Фотография', en: 'Portrait' },
    oidc: 'picture',
    pid: 'picture',
    iso23220: ['portrait'],
    icao: ['DG2'],
  },
  snils: {
    label: { ru: 'СНИЛС', en: 'SNILS' },
    pid: 'personal_administrative_number',
    iso23220: ['person_id', 'administrative_number'],
    icao: ['DG11'],
    esia: 'snils',
  },
  inn: { label: { ru: 'ИНН', en: 'INN' }, esia: 'inn' },
  enp: { label: { ru: 'Полис ОМС', en: 'Health insurance policy' }, esia: 'medical_doc' },
  email: {
    label: { ru: 'Электронная почта', en: 'Email' },
    oidc: 'email',
    pid: 'email',
    esia: 'email',
  },
  phoneNumber: {
    label: { ru: 'Телефон', en: 'Telephone' },
    oidc: 'phone_number',
    pid: 'phone_number',
    icao: ['DG11'],
    esia: 'mobile',
  },
  birthName: {
    label: { ru: 'Прежняя фамилия', en: 'Name at birth' },
    oidc: 'birth_family_name',
    pid: 'birth_family_name',
    iso23220: ['name_at_birth'],
    icao: ['DG11'],
  },
  ageOver18: { label: { ru: 'Возраст от 18 лет', en: 'Aged 18 or over' }, iso23220: ['age_over_18'] },
} as const satisfies Readonly<Record<string, ClaimNames>>)

/** The claims of OpenID Connect that a passport can fill. Members are absent where the passport says nothing. */
export interface OidcClaims {
  readonly family_name?: string
  readonly given_name?: string
  readonly middle_name?: string
  readonly birthdate?: string
  readonly gender?: 'male' | 'female'
  readonly place_of_birth?: { readonly locality: string }
  readonly nationalities?: readonly string[]
  readonly address?: OidcAddress
  readonly email?: string
  readonly phone_number?: string
}

export interface OidcAddress {
  readonly formatted?: string
  readonly street_address?: string
  readonly locality?: string
  readonly region?: string
  readonly postal_code?: string
  /** ISO 3166-1 alpha-2. */
  readonly country?: string
}

type OidcSource = {
  readonly [Field in
    | 'familyName'
    | 'givenName'
    | 'patronymic'
    | 'birthDate'
    | 'birthPlace'
    | 'nationalities'
    | 'address'
    | 'email'
    | 'phoneNumber']?: CitizenClaims[Field] | undefined
} & { readonly sex?: number | undefined; readonly nationality?: string | undefined }

/**
 * Claims of a passport, as a verdict gives them, by the names that web forms know (OpenID Connect Core 1.0 §5.1). They
 * are for filling in forms: signed by nobody. A portrait is left out, for `picture` is an address on the web.
 * @example if (verdict.ok) fillIn(toOidcClaims(verdict.claims))
 */
export function toOidcClaims(claims: OidcSource): OidcClaims {
  const { sex, birthPlace, nationality, address } = claims
  const nationalities = claims.nationalities ?? (nationality === undefined ? undefined : [nationality])
  return withoutAbsent({
    family_name: claims.familyName,
    given_name: claims.givenName,
    middle_name: claims.patronymic,
    birthdate: claims.birthDate,
    gender: genderOf(sex),
    place_of_birth: birthPlace === undefined ? undefined : { locality: birthPlace },
    nationalities,
    address: address === undefined ? undefined : toOidcAddress(address),
    email: claims.email,
    phone_number: claims.phoneNumber,
  })
}

/** ISO/IEC 5218; OpenID Connect has words for two, and leaves out what is not known. */
function genderOf(sex: number | undefined): 'male' | 'female' | undefined {
  if (sex === 1) return 'male'
  return sex === 2 ? 'female' : undefined
}

function toOidcAddress(address: CitizenAddress): OidcAddress {
  const street = [address.street_address, address.house_number, address.building, address.apartment]
  const given = street.filter(part => part !== undefined)
  return withoutAbsent({
    formatted: address.formatted,
    street_address: given.length === 0 ? undefined : given.join(', '),
    locality: address.locality,
    region: address.region,
    postal_code: address.postal_code,
    country: address.country,
  })
}
