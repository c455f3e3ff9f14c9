/** `vidimus/credential`: the issuer's side, from a passport to a signed credential. */
export type { AlgorithmName } from '../core/algorithms.js'
export type { Jwk, PublicJwk } from '../core/jwk.js'
export { generateSigner, importSigner, type Signer, type SignerOptions, type SignerSource } from '../core/keys.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export { type IssueMdocOptions, issueMdocCredential } from './mdoc.js'
export { type IssueSdJwtOptions, issueSdJwtCredential } from './sd-jwt.js'
export { type IssueVcJwtOptions, issueVcJwtCredential } from './vc-jwt.js'
