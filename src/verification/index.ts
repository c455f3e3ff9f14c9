/** `vidimus/verification`: the verifier's side, from what is shown to a verdict. */
export type { AlgorithmName } from '../core/algorithms.js'
export type { Jwk, PublicJwk } from '../core/jwk.js'
export type { Limits } from '../core/limits.js'
export { type ErrorCode, VidimusError } from '../errors.js'
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
} from '../formats/mdoc/session-transcript.js'
export {
  type FrameCollector,
  type FrameCollectorOptions,
  type FrameLimits,
  type FrameProgress,
  frameCollector,
} from '../formats/qr/frames.js'
export { displayIn, type ParsedTypeMetadata, type TypeReference } from '../formats/sd-jwt/type-metadata.js'
export type { Check, CheckId } from './checks.js'
export {
  type DecodedMdoc,
  decodeMdoc,
  type UnverifiedCertificate,
  type UnverifiedDeviceProof,
  type UnverifiedDocument,
} from './decode-mdoc.js'
export type { AnchorDescription, Evidence, EvidencePolicy, EvidenceStatus } from './evidence.js'
export { type MdocPresentationOptions, verifyMdocPresentation } from './mdoc.js'
export {
  createMdocRequest,
  type MdocRequestOptions,
  type MdocRequestVerdict,
  type MdocWish,
  type ReadMdocRequestOptions,
  type RequestedDocument,
  verifyMdocRequest,
} from './mdoc-request.js'
export { newNonce } from './nonce.js'
export type { CredentialOptions, KeyBindingOptions, QrOptions, RequestChoice, VerificationOptions } from './policy.js'
export { type QrPresentationOptions, verifyQrPresentation } from './qr.js'
export { type ReverifyOptions, reverifyEvidence } from './reverify.js'
export { type SdJwtPresentationOptions, verifySdJwtPresentation } from './sd-jwt.js'
export type { SessionOptions } from './session.js'
export {
  type PresentationSetOptions,
  type RefusedSet,
  type SetExpectation,
  type SetExpectations,
  type VerifiedSet,
  verifyPresentationSet,
} from './set.js'
export {
  type StatusAnswer,
  type StatusChecker,
  type StatusNotChecked,
  type StatusQuestion,
  type StatusReference,
  statusNotChecked,
} from './status.js'
export {
  type Anchor,
  type Purpose,
  type Trust,
  type TrustOptions,
  trustAnchors,
} from './trust.js'
export {
  type TypeMetadataResolver,
  type TypeMetadataResolverOptions,
  typeMetadataResolver,
} from './type-metadata.js'
export { type VcJwtPresentationOptions, verifyVcJwtPresentation } from './vc-jwt.js'
export type { Format, Refused, Verdict, Verified, VerifiedClaims, VerifiedIssuer, VerifiedStatus } from './verdict.js'
export { type PresentationOptions, verifyCredential, verifyPresentation } from './verify.js'
