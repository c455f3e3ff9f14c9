/** `vidimus/presentation`: the holder's side, from a credential to what is shown. */
export { generateSigner, importSigner, type Signer, type SignerOptions, type SignerSource } from '../core/keys.js'
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
export { type SplitFramesOptions, splitFrames } from '../formats/qr/frames.js'
export type { Disclose } from './disclose.js'
export { type PreparedMdoc, type PresentMdocTo, prepareMdoc, presentMdoc, previewMdoc } from './mdoc.js'
export { previewPresentation } from './preview.js'
export type { Preview, PreviewField } from './preview-field.js'
export { type PreparedQr, type PresentQrTo, prepareQr, presentQr, previewQr } from './qr.js'
export { type PreparedSdJwt, type PresentTo, prepareSdJwt, presentSdJwt, previewSdJwt } from './sd-jwt.js'
export { type PreparedVcJwt, prepareVcJwt, presentVcJwt, previewVcJwt } from './vc-jwt.js'
