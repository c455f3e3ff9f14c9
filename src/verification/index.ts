/** `vidimus/verification`: the verifier's side, from what is shown to a verdict. */
export type { AlgorithmName } from '../core/algorithms.js'
export type { Jwk, PublicJwk } from '../core/jwk.js'
export type { Limits } from '../core/limits.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export type { Check, CheckId } from './checks.js'
export type { Evidence, EvidencePolicy, EvidenceStatus } from './evidence.js'
export { newNonce } from './nonce.js'
export type { CredentialOptions, KeyBindingOptions, VerificationOptions } from './policy.js'
export { type ReverifyOptions, reverifyEvidence } from './reverify.js'
export { type SdJwtPresentationOptions, verifyCredential, verifySdJwtPresentation } from './sd-jwt.js'
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
export { type Anchor, type AnchorDescription, type Purpose, type Trust, trustAnchors } from './trust.js'
export type { Format, Refused, Verdict, Verified, VerifiedClaims, VerifiedIssuer, VerifiedStatus } from './verdict.js'
export { type PresentationOptions, verifyPresentation } from './verify.js'
