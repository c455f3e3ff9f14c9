/** `vidimus/presentation`: the holder's side, from a credential to what is shown. */
export { generateSigner, importSigner, type Signer, type SignerOptions, type SignerSource } from '../core/keys.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export type { Preview, PreviewField } from './preview.js'
export {
  type Disclose,
  type PreparedSdJwt,
  type PresentTo,
  prepareSdJwt,
  presentSdJwt,
  previewPresentation,
} from './sd-jwt.js'
