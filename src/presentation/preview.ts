/**
 * A preview of what a holder would show, in whatever format the credential has: bytes are an mdoc, text is what its prefix
 * or header says.
 */
import { isVcToken } from '../formats/vc-jwt/token.js'
import type { PassportProfile } from '../passport/profile.js'
import type { Disclose } from './disclose.js'
import { isMdoc, type PreparedMdoc, previewMdoc } from './mdoc.js'
import type { Preview } from './preview-field.js'
import { isQr, type PreparedQr, previewQr } from './qr.js'
import { type PreparedSdJwt, previewSdJwt } from './sd-jwt.js'
import { isPreparedVcJwt, type PreparedVcJwt, previewVcJwt } from './vc-jwt.js'

/**
 * Shows what a presentation would send, before anything is signed: every claim or data element that the verifier would
 * see, those it always sees included, and what was asked for but is not there. Throws the codes of a malformed credential,
 * and `TypeError` for a field that the passport does not have.
 *
 * For small bundles call the function of the one format you keep: `previewSdJwt`, `previewMdoc`,
 * `previewVcJwt`, `previewQr`.
 * @example
 * const preview = previewPresentation(credential, { passport: citizenPassport, disclose: ['familyName'] })
 */
export function previewPresentation<const Profile extends PassportProfile>(
  credential: string | PreparedSdJwt | PreparedVcJwt | Uint8Array | PreparedMdoc | PreparedQr,
  options: Disclose<Profile>,
): Preview {
  if (isMdoc(credential)) return previewMdoc(credential, options)
  if (isQr(credential)) return previewQr(credential, options)
  return isPreparedVcJwt(credential) || isVcToken(credential)
    ? previewVcJwt(credential, options)
    : previewSdJwt(credential, options)
}
