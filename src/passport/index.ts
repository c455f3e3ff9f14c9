/** What a passport says: definitions, the citizen's passport, validators. */
export {
  type AgeWindow,
  type AgeWindowOptions,
  ageWindow,
  type CurrentStatusOptions,
  currentPassportStatus,
  type PassportStatus,
  passportStatus,
} from './age-window.js'
export { ageOn } from './calendar.js'
export { type CitizenPassport, citizenPassport } from './citizen.js'
export {
  type BloodGroup,
  type ChildMark,
  type CitizenAddress,
  type CitizenClaims,
  citizenProfile,
  type EarlierPassportMark,
  type MarriageMark,
  type Sex,
} from './citizen-profile.js'
export {
  type FoundClaims,
  fieldOfPath,
  fromClaims,
  hidePaths,
  type SortedClaims,
  toClaims,
} from './claims.js'
export {
  type CredentialFormat,
  definePassport,
  type PassportDefinition,
  type PassportLiteral,
  type PassportOf,
  type PassportRules,
  type ProfileRules,
  profileOf,
  type SchemasFor,
  type ValidityRange,
} from './definition.js'
export type { PlainObject, PlainValue } from './element-value.js'
export {
  type ElementsByNamespace,
  elementsToIssue,
  fieldOfElement,
  fromElements,
  type IssuedElement,
  type OtherElements,
  type SortedElements,
} from './elements.js'
export { euPid } from './eu-pid.js'
export { type EuPidClaims, euPidProfile, type PlaceOfBirth } from './eu-pid-profile.js'
export type { DerivedField, FieldDefinition, FieldPlace, SchemaField, WireField } from './field-definition.js'
export { type DrivingLicence, mdl } from './mdl.js'
export {
  type DrivingCode,
  type DrivingPrivilege,
  type EyeColour,
  type HairColour,
  type MdlClaims,
  mdlProfile,
} from './mdl-profile.js'
export type { ClaimsOf, FieldKind, FieldOf, Labels, PassportProfile, ProfileField } from './profile.js'
export type { ParseOptions, ParseResult, RuleIssue } from './record-parser.js'
export type { StandardSchemaV1 } from './standard-schema.js'
export { dateRu } from './validators/date-ru.js'
export { departmentCode } from './validators/department-code.js'
export { innPerson } from './validators/inn-person.js'
export { passportSeriesNumber } from './validators/passport-series-number.js'
export type { Accepted, Rejected, ValidatorResult } from './validators/result.js'
export { snils } from './validators/snils.js'
