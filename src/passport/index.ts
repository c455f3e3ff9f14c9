/** What a passport says: definitions, the citizen's passport, validators. */
export {
  type AgeWindow,
  type AgeWindowOptions,
  ageWindow,
  type CurrentStatusOptions,
  currentPassportStatus,
  type PassportStatus,
  passportStatus,
  type Replacement,
  type ReplacementState,
  replacementOf,
} from './age-window.js'
export {
  type AssuranceOptions,
  assuranceOf,
  type IdentityAssurance,
  type IdentityProof,
  isAssured,
  type ProofingMethod,
  type ProofingMethodFacts,
  proofingMethods,
} from './assurance.js'
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
export { type ClaimNames, claimMap, type OidcAddress, type OidcClaims, toOidcClaims } from './claim-map.js'
export {
  type FoundClaims,
  fieldOfPath,
  fromClaims,
  hidePaths,
  type SortedClaims,
  toClaims,
} from './claims.js'
export { type ClaimsSchema, type ClaimsSchemaOptions, claimsSchema } from './claims-schema.js'
export { alpha2, alpha3 } from './country.js'
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
export { type DocumentKind, type DocumentKindFacts, documentKinds } from './document-kind.js'
export { type CheckedDraft, checkDraft } from './draft.js'
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
export {
  type Applicant,
  type BasePassport,
  type Eligibility,
  type EligibilityOptions,
  eligibility,
  type RegisterAnswer,
} from './eligibility.js'
export { euPid } from './eu-pid.js'
export { type EuPidClaims, euPidProfile, type PlaceOfBirth } from './eu-pid-profile.js'
export type { DerivedField, FieldDefinition, FieldPlace, SchemaField, WireField } from './field-definition.js'
export {
  type Attachment,
  type AttachmentKind,
  type AttachmentOptions,
  attachmentKinds,
  attachmentManifest,
  describeAttachment,
} from './files/attachment.js'
export {
  type AttachmentMove,
  type AttachmentProgress,
  type AttachmentRejection,
  type AttachmentState,
  type AttachmentStateFacts,
  attachmentStates,
  moveAttachment,
} from './files/attachment-state.js'
export type { FileFinding, RejectionReason } from './files/finding.js'
export { type AcceptedFile, inspectFile, type RejectedFile } from './files/inspect.js'
export { type FileKind, fileKind } from './files/kind.js'
export { type FileProfile, fileProfiles, type ImageRules } from './files/profile.js'
export { type StrippedImage, stripImage } from './files/strip.js'
export {
  type ConsentMethod,
  consentHolds,
  type Guardian,
  type GuardianConsent,
  type GuardianDocument,
  type GuardianPowers,
  parseGuardian,
} from './guardian.js'
export { innCard } from './inn-card.js'
export { type InnCardClaims, innCardProfile } from './inn-card-profile.js'
export { type DrivingLicence, mdl } from './mdl.js'
export {
  type DrivingCode,
  type DrivingPrivilege,
  type EyeColour,
  type HairColour,
  type MdlClaims,
  mdlProfile,
} from './mdl-profile.js'
export { mrzCheckDigit } from './mrz/check-digit.js'
export { transliterateIcao } from './mrz/icao-letters.js'
export {
  formatInternalMrz,
  type InternalMrzFields,
  type InternalMrzPerson,
  parseInternalMrz,
} from './mrz/internal.js'
export { restoreInternal, transliterateInternal } from './mrz/internal-letters.js'
export type { MrzSex } from './mrz/lines.js'
export type { MrzIssue, MrzOptions, ReadMrz, RefusedMrz, WrittenMrz } from './mrz/result.js'
export { type FormatTd3Options, formatTd3Mrz, parseTd3Mrz, type Td3MrzFields, type Td3MrzPerson } from './mrz/td3.js'
export { type PhotoId, photoId } from './photo-id.js'
export { type PhotoIdClaims, photoIdProfile } from './photo-id-profile.js'
export {
  type CitizenPolicy,
  citizenPolicy,
  type DisclosureSet,
  disclosureSets,
} from './policies.js'
export type { ClaimsOf, FieldKind, FieldOf, Labels, PassportProfile, ProfileField } from './profile.js'
export {
  changedFields,
  type FieldSource,
  type Provenance,
  type SourcedOptions,
  type SourcedPassport,
  sourced,
} from './provenance.js'
export type { ParseOptions, ParseResult, RuleIssue } from './record-parser.js'
export {
  type CheckedRow,
  type RecordSource,
  type RecordsOptions,
  readRecords,
} from './records.js'
export {
  checkEvidence,
  type EvidenceCase,
  type EvidenceCheck,
  type EvidenceGroup,
  type EvidenceKind,
  evidenceKinds,
  requiredEvidence,
} from './required-evidence.js'
export { snilsCard } from './snils-card.js'
export { type SnilsCardClaims, snilsCardProfile } from './snils-card-profile.js'
export type { StandardSchemaV1 } from './standard-schema.js'
export { type TravelPassport, travelPassport } from './travel.js'
export { type TravelClaims, travelProfile } from './travel-profile.js'
export {
  metadataIntegrity,
  type TypeMetadata,
  type TypeMetadataOptions,
  typeMetadata,
} from './type-metadata.js'
export { birthCertificate } from './validators/birth-certificate.js'
export { dateRu } from './validators/date-ru.js'
export { departmentCode } from './validators/department-code.js'
export { driverLicence } from './validators/driver-licence.js'
export { email } from './validators/email.js'
export { enp } from './validators/enp.js'
export { eptsNumber } from './validators/epts-number.js'
export { innOrg } from './validators/inn-org.js'
export { innPerson } from './validators/inn-person.js'
export { kpp } from './validators/kpp.js'
export { matchNames, type NameMatch, type SoftDifference } from './validators/name-match.js'
export { type NameParts, nameOrder } from './validators/name-order.js'
export { ogrn } from './validators/ogrn.js'
export { ogrnip } from './validators/ogrnip.js'
export { passportSeriesNumber } from './validators/passport-series-number.js'
export { personName } from './validators/person-name.js'
export { phone } from './validators/phone.js'
export { postalIndex } from './validators/postal-index.js'
export type { Accepted, Rejected, ValidatorResult } from './validators/result.js'
export { snils } from './validators/snils.js'
export { vin } from './validators/vin.js'
export { type VehiclePassport, vehiclePassport } from './vehicle.js'
export {
  changeVehicle,
  type VehicleChangeOptions,
  type VehicleChangeRule,
  vehicleChanges,
} from './vehicle-change.js'
export {
  type VehicleExtract,
  type VehicleExtractOptions,
  vehicleExtract,
  vehicleExtractPassport,
} from './vehicle-extract.js'
export {
  type VehicleExtractClaims,
  type VehicleExtractKind,
  vehicleExtractProfile,
} from './vehicle-extract-profile.js'
export {
  moveVehicle,
  readVehicleHistory,
  type VehicleHistory,
  type VehicleMove,
  type VehicleMoveOptions,
} from './vehicle-history.js'
export {
  type VehicleApproval,
  type VehicleClaims,
  type VehicleDesignChange,
  type VehicleFuel,
  type VehicleKind,
  type VehicleOwner,
  type VehicleRegistration,
  type VehicleRestriction,
  vehicleProfile,
} from './vehicle-profile.js'
export {
  canMove,
  type VehicleActor,
  type VehicleMoveRule,
  type VehicleStatus,
  type VehicleStatusFacts,
  vehicleActors,
  vehicleMoves,
  vehicleStatuses,
} from './vehicle-status.js'
