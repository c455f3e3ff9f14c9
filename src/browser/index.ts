/** `vidimus/browser`: verifying in a page, in as few bytes as the page's own choice of formats and parts takes. */
export type { AlgorithmName } from '../core/algorithms.js'
export type { Jwk, PublicJwk } from '../core/jwk.js'
export type { Limits } from '../core/limits.js'
export { type RevocationLists, revocationLists } from '../core/x509/crl.js'
export { type NameConstraining, nameConstraints } from '../core/x509/name-constraint.js'
export { type CertificateProfiles, certificateProfiles } from '../core/x509/profile-rules.js'
export { rsaSignatures } from '../core/x509/rsa.js'
export type { RsaSignatures } from '../core/x509/signature.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export {
  type AnnexCSession,
  annexCTranscript,
  type DcApiSession,
  dcApiTranscript,
  type Openid4vpSession,
  openid4vpTranscript,
  type ProximitySession,
  proximityTranscript,
  type SessionTranscript,
} from '../formats/mdoc/session-transcript.js'
export { statusListCwt } from '../formats/status-list/cwt.js'
export type { StatusTokenForm } from '../formats/status-list/token.js'
export { type CitizenClaims, citizenProfile } from '../passport/citizen-profile.js'
export { type MdlClaims, mdlProfile } from '../passport/mdl-profile.js'
export type { PassportProfile } from '../passport/profile.js'
export { type StatusListFetching, statusListFetching } from '../status/fetching.js'
export type { CheckId } from '../verification/checks.js'
export { type IssuanceLogs, issuanceLogs } from '../verification/logged.js'
export { newNonce } from '../verification/nonce.js'
export type { KeyBindingOptions, QrOptions } from '../verification/policy.js'
export { type StatusNotChecked, statusNotChecked } from '../verification/status.js'
export type { Anchor, Purpose, Trust } from '../verification/trust.js'
export type { Format, VerifiedClaims, VerifiedIssuer, VerifiedStatus } from '../verification/verdict.js'
export type { Expectations } from '../verification/verify.js'
export { verifyQrPresentation } from './qr.js'
export { verifySdJwtPresentation } from './sd-jwt.js'
export {
  type BrowserStatusChecker,
  type BrowserStatusCheckerOptions,
  type FetchingStatusCheckerOptions,
  statusChecker,
} from './status.js'
export { type BrowserTrustOptions, trustAnchors } from './trust.js'
export type { BrowserCheck as Check, BrowserVerdict, BrowserVerificationOptions } from './verdict.js'
export { verifyPresentation } from './verify.js'
