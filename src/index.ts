/**
 * The front door, by the alphabet of folders: what happened, keys, issuing, office, what a passport says, holding, status,
 * stores, verifying.
 *
 * Each stage has an entry of its own (`vidimus/verification`, …) for programs that need no other.
 */

// Audit: what happened, provably
export type { AuditAct } from './audit/act.js'
export {
  type AskWitnessesOptions,
  askWitnesses,
  type RemoteWitness,
  type WitnessAnswers,
} from './audit/ask-witnesses.js'
export { type VerifiedChain, verifyChain } from './audit/chain.js'
export { type DecodedCheckpoint, decodeCheckpoint, type LogKey } from './audit/checkpoint.js'
export { membersNaming, type Opening } from './audit/commitment.js'
export type { AuditEntry } from './audit/entry.js'
export { type ExportedFile, exportEntries, type VerifiedExport, verifyExport } from './audit/export.js'
export { type AuditHistory, type HistoryEntry, type VerifiedHistory, verifyHistory } from './audit/history.js'
export { type IssuanceAct, logIssuance } from './audit/issuance.js'
export { type ActKind, type ActKinds, actKinds } from './audit/kinds.js'
export { renderHistory } from './audit/letter.js'
export { type AuditLog, type AuditLogOptions, openAuditLog } from './audit/log.js'
export { type LogReader, logReader } from './audit/log-reader.js'
export {
  type MonitorFinding,
  type MonitorOptions,
  type MonitorReport,
  type MonitorState,
  monitorLog,
} from './audit/monitor.js'
export { type VerifiedCheckpoint, verifyCheckpoint, type WitnessPolicy } from './audit/policy.js'
export {
  type ConsistencyProof,
  type InclusionProof,
  type VerifiedConsistency,
  type VerifiedInclusion,
  verifyConsistency,
  verifyInclusion,
} from './audit/proof.js'
export type { AuditStore } from './audit/store.js'
export { proveConsistencyFromTiles, proveInclusionFromTiles, type TileProofOptions } from './audit/tile-proofs.js'
export type { PublishedLog, PublishedLogFile, PublishLogOptions } from './audit/tiles.js'
export type { AuditRefusal } from './audit/verdict.js'
export {
  type Cosigned,
  type Witness,
  type WitnessMemory,
  type WitnessOptions,
  withCosignatures,
  witness,
  witnessMemory,
} from './audit/witness.js'
export { type WitnessStore, witnessMemoryIn } from './audit/witness-store.js'
// Keys, errors, wording
export type { AlgorithmName } from './core/algorithms.js'
export type { Clock } from './core/clock.js'
export type { Jwk, PublicJwk } from './core/jwk.js'
export { generateSigner, importSigner, type Signer, type SignerOptions, type SignerSource } from './core/keys.js'
export type { Limits } from './core/limits.js'
export type { Transaction, Transactional } from './core/transaction.js'
// Credential: the issuer signs
export type { IssuanceCommitment, LogIssuance } from './credential/logging.js'
export { type IssueMdocOptions, issueMdocCredential } from './credential/mdoc.js'
export { type IssueQrOptions, issueQrCredential } from './credential/qr.js'
export { type IssueSdJwtOptions, issueSdJwtCredential } from './credential/sd-jwt.js'
export { type IssueVcJwtOptions, issueVcJwtCredential } from './credential/vc-jwt.js'
export { type ErrorCode, type Issue, type IssueCode, VidimusError } from './errors.js'
export {
  type AnnexCSession,
  annexCTranscript,
  type DcApiSession,
  dcApiTranscript,
  type Openid4vpDraft18Session,
  type Openid4vpSession,
  openid4vpDraft18Transcript,
  openid4vpTranscript,
  type ProximitySession,
  proximityTranscript,
  type SessionTranscript,
} from './formats/mdoc/session-transcript.js'
export {
  type FrameCollector,
  type FrameCollectorOptions,
  type FrameLimits,
  type FrameProgress,
  frameCollector,
  type SplitFramesOptions,
  splitFrames,
} from './formats/qr/frames.js'
export {
  type ClaimMetadata,
  displayIn,
  type ParsedTypeMetadata,
  type TypeDisplay,
  type TypeReference,
} from './formats/sd-jwt/type-metadata.js'
export type { LogProof } from './formats/tlog/logged.js'
// Office: requests answered once, messages sent after the commit
export {
  type Answered,
  type AnswerOnceOptions,
  answerOnce,
  type ForgetAnswersOptions,
  forgetAnswers,
} from './office/idempotency.js'
export { type DeliverOptions, type Delivery, deliverOutbox, enqueue } from './office/outbox.js'
export type { OfficeStore, OutboxMessage } from './office/store.js'
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
} from './passport/age-window.js'
// Passport: what it says
export {
  type AssuranceOptions,
  assuranceOf,
  type IdentityAssurance,
  type IdentityProof,
  isAssured,
  type ProofingMethod,
  type ProofingMethodFacts,
  proofingMethods,
} from './passport/assurance.js'
export { ageOn } from './passport/calendar.js'
export { type CitizenPassport, citizenPassport } from './passport/citizen.js'
export { type CitizenAddress, type CitizenClaims, citizenProfile } from './passport/citizen-profile.js'
export { type ClaimNames, claimMap, type OidcAddress, type OidcClaims, toOidcClaims } from './passport/claim-map.js'
export { type ClaimsSchema, type ClaimsSchemaOptions, claimsSchema } from './passport/claims-schema.js'
export { alpha2, alpha3 } from './passport/country.js'
export {
  type CredentialFormat,
  definePassport,
  type PassportDefinition,
  type PassportOf,
  profileOf,
  type ValidityRange,
} from './passport/definition.js'
export { type DocumentKind, type DocumentKindFacts, documentKinds } from './passport/document-kind.js'
export { type CheckedDraft, checkDraft } from './passport/draft.js'
export {
  type Applicant,
  type BasePassport,
  type Eligibility,
  type EligibilityOptions,
  eligibility,
  type RegisterAnswer,
} from './passport/eligibility.js'
export { euPid } from './passport/eu-pid.js'
export { type EuPidClaims, euPidProfile } from './passport/eu-pid-profile.js'
export {
  type Attachment,
  type AttachmentKind,
  type AttachmentOptions,
  attachmentKinds,
  attachmentManifest,
  describeAttachment,
} from './passport/files/attachment.js'
export {
  type AttachmentMove,
  type AttachmentProgress,
  type AttachmentRejection,
  type AttachmentState,
  type AttachmentStateFacts,
  attachmentStates,
  moveAttachment,
} from './passport/files/attachment-state.js'
export type { FileFinding, RejectionReason } from './passport/files/finding.js'
export { type AcceptedFile, inspectFile, type RejectedFile } from './passport/files/inspect.js'
export { type FileKind, fileKind } from './passport/files/kind.js'
export { type FileProfile, fileProfiles, type ImageRules } from './passport/files/profile.js'
export { type StrippedImage, stripImage } from './passport/files/strip.js'
export {
  type ConsentMethod,
  consentHolds,
  type Guardian,
  type GuardianConsent,
  type GuardianDocument,
  type GuardianPowers,
  parseGuardian,
} from './passport/guardian.js'
export { innCard } from './passport/inn-card.js'
export { type InnCardClaims, innCardProfile } from './passport/inn-card-profile.js'
export { type DrivingLicence, mdl } from './passport/mdl.js'
export { type DrivingPrivilege, type MdlClaims, mdlProfile } from './passport/mdl-profile.js'
export { mrzCheckDigit } from './passport/mrz/check-digit.js'
export { transliterateIcao } from './passport/mrz/icao-letters.js'
export {
  formatInternalMrz,
  type InternalMrzFields,
  type InternalMrzPerson,
  parseInternalMrz,
} from './passport/mrz/internal.js'
export { restoreInternal, transliterateInternal } from './passport/mrz/internal-letters.js'
export type { MrzSex } from './passport/mrz/lines.js'
export type { MrzIssue, MrzOptions, ReadMrz, RefusedMrz, WrittenMrz } from './passport/mrz/result.js'
export {
  type FormatTd3Options,
  formatTd3Mrz,
  parseTd3Mrz,
  type Td3MrzFields,
  type Td3MrzPerson,
} from './passport/mrz/td3.js'
export { type PhotoId, photoId } from './passport/photo-id.js'
export { type PhotoIdClaims, photoIdProfile } from './passport/photo-id-profile.js'
export {
  type CitizenPolicy,
  citizenPolicy,
  type DisclosureSet,
  disclosureSets,
} from './passport/policies.js'
export type { ClaimsOf, FieldKind, FieldOf, Labels, PassportProfile, ProfileField } from './passport/profile.js'
export {
  changedFields,
  type FieldSource,
  type Provenance,
  type SourcedOptions,
  type SourcedPassport,
  sourced,
} from './passport/provenance.js'
export type { ParseOptions, ParseResult } from './passport/record-parser.js'
export {
  type CheckedRow,
  type RecordSource,
  type RecordsOptions,
  readRecords,
} from './passport/records.js'
export {
  checkEvidence,
  type EvidenceCase,
  type EvidenceCheck,
  type EvidenceGroup,
  type EvidenceKind,
  evidenceKinds,
  requiredEvidence,
} from './passport/required-evidence.js'
export { snilsCard } from './passport/snils-card.js'
export { type SnilsCardClaims, snilsCardProfile } from './passport/snils-card-profile.js'
export type { StandardSchemaV1 } from './passport/standard-schema.js'
export { type TravelPassport, travelPassport } from './passport/travel.js'
export { type TravelClaims, travelProfile } from './passport/travel-profile.js'
export {
  metadataIntegrity,
  type TypeMetadata,
  type TypeMetadataOptions,
  typeMetadata,
} from './passport/type-metadata.js'
export { birthCertificate } from './passport/validators/birth-certificate.js'
export { dateRu } from './passport/validators/date-ru.js'
export { departmentCode } from './passport/validators/department-code.js'
export { driverLicence } from './passport/validators/driver-licence.js'
export { email } from './passport/validators/email.js'
export { enp } from './passport/validators/enp.js'
export { eptsNumber } from './passport/validators/epts-number.js'
export { innOrg } from './passport/validators/inn-org.js'
export { innPerson } from './passport/validators/inn-person.js'
export { kpp } from './passport/validators/kpp.js'
export { matchNames, type NameMatch, type SoftDifference } from './passport/validators/name-match.js'
export { type NameParts, nameOrder } from './passport/validators/name-order.js'
export { ogrn } from './passport/validators/ogrn.js'
export { ogrnip } from './passport/validators/ogrnip.js'
export { passportSeriesNumber } from './passport/validators/passport-series-number.js'
export { personName } from './passport/validators/person-name.js'
export { phone } from './passport/validators/phone.js'
export { postalIndex } from './passport/validators/postal-index.js'
export type { ValidatorResult } from './passport/validators/result.js'
export { snils } from './passport/validators/snils.js'
export { vin } from './passport/validators/vin.js'
export { type VehiclePassport, vehiclePassport } from './passport/vehicle.js'
export {
  changeVehicle,
  type VehicleChangeOptions,
  type VehicleChangeRule,
  vehicleChanges,
} from './passport/vehicle-change.js'
export {
  type VehicleExtract,
  type VehicleExtractOptions,
  vehicleExtract,
  vehicleExtractPassport,
} from './passport/vehicle-extract.js'
export {
  type VehicleExtractClaims,
  type VehicleExtractKind,
  vehicleExtractProfile,
} from './passport/vehicle-extract-profile.js'
export {
  moveVehicle,
  readVehicleHistory,
  type VehicleHistory,
  type VehicleMove,
  type VehicleMoveOptions,
} from './passport/vehicle-history.js'
export { type VehicleClaims, vehicleProfile } from './passport/vehicle-profile.js'
export {
  canMove,
  type VehicleActor,
  type VehicleMoveRule,
  type VehicleStatus,
  type VehicleStatusFacts,
  vehicleActors,
  vehicleMoves,
  vehicleStatuses,
} from './passport/vehicle-status.js'
// Presentation: the holder shows
export type { Disclose } from './presentation/disclose.js'
export { type PreparedMdoc, type PresentMdocTo, prepareMdoc, presentMdoc, previewMdoc } from './presentation/mdoc.js'
export { previewPresentation } from './presentation/preview.js'
export type { Preview, PreviewField } from './presentation/preview-field.js'
export { type PreparedQr, type PresentQrTo, prepareQr, presentQr, previewQr } from './presentation/qr.js'
export {
  type PreparedSdJwt,
  type PresentTo,
  prepareSdJwt,
  presentSdJwt,
  previewSdJwt,
} from './presentation/sd-jwt.js'
export { type PreparedVcJwt, prepareVcJwt, presentVcJwt, previewVcJwt } from './presentation/vc-jwt.js'
export { fetchStatusAggregation, type StatusAggregationOptions } from './status/aggregation.js'
export {
  type ExportSnapshotOptions,
  type PortableStatusChecker,
  type StatusCheckerOptions,
  type StatusHistoryOptions,
  statusChecker,
} from './status/checker.js'
// Status: revocation, both ends
export type { PublishedStatusList } from './status/publisher.js'
export type { ActRecorder } from './status/recorder.js'
export {
  type AllocatedStatus,
  openStatusRegistry,
  type StatusRegistry,
  type StatusRegistryOptions,
  type StatusValue,
} from './status/registry.js'
export type { SnapshotSummary } from './status/snapshot.js'
export type { StatusStore } from './status/store.js'
// Store
export { type MemoryStore, memoryStore } from './store/memory.js'
// Verification: the verdict
export type { Check, CheckId } from './verification/checks.js'
export {
  type DecodedMdoc,
  decodeMdoc,
  type UnverifiedCertificate,
  type UnverifiedDeviceProof,
  type UnverifiedDocument,
} from './verification/decode-mdoc.js'
export type { Evidence } from './verification/evidence.js'
export { type MdocPresentationOptions, verifyMdocPresentation } from './verification/mdoc.js'
export {
  createMdocRequest,
  type MdocRequestOptions,
  type MdocRequestVerdict,
  type MdocWish,
  type ReadMdocRequestOptions,
  type RequestedDocument,
  verifyMdocRequest,
} from './verification/mdoc-request.js'
export { newNonce } from './verification/nonce.js'
export type { CredentialOptions, KeyBindingOptions, QrOptions, VerificationOptions } from './verification/policy.js'
export { type QrPresentationOptions, verifyQrPresentation } from './verification/qr.js'
export { type ReverifyOptions, reverifyEvidence } from './verification/reverify.js'
export { type SdJwtPresentationOptions, verifySdJwtPresentation } from './verification/sd-jwt.js'
export type { SessionOptions } from './verification/session.js'
export {
  type PresentationSetOptions,
  type RefusedSet,
  type VerifiedSet,
  verifyPresentationSet,
} from './verification/set.js'
export {
  type StatusAnswer,
  type StatusChecker,
  type StatusNotChecked,
  type StatusQuestion,
  statusNotChecked,
} from './verification/status.js'
export { type Anchor, type Purpose, type Trust, type TrustOptions, trustAnchors } from './verification/trust.js'
export {
  type TypeMetadataResolver,
  type TypeMetadataResolverOptions,
  typeMetadataResolver,
} from './verification/type-metadata.js'
export { type VcJwtPresentationOptions, verifyVcJwtPresentation } from './verification/vc-jwt.js'
export type {
  Refused,
  Verdict,
  Verified,
  VerifiedClaims,
  VerifiedIssuer,
  VerifiedStatus,
} from './verification/verdict.js'
export { type PresentationOptions, verifyCredential, verifyPresentation } from './verification/verify.js'
export type { Catalogue, LogWording, Wording } from './wording/catalogue.js'
export { english } from './wording/english.js'
export { type Explainable, explain } from './wording/explain.js'
export { russian } from './wording/russian.js'
