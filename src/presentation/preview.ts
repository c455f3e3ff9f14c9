/** A preview of what a holder would show, in whatever format the credential has: text is an SD-JWT, bytes are an mdoc. */
import type { PassportProfile } from '../passport/profile.js'
import type { Disclose } from './disclose.js'
import { isMdoc, type PreparedMdoc, previewMdoc } from './mdoc.js'
import type { Preview } from './preview-field.js'
import { type PreparedSdJwt, previewSdJwt } from './sd-jwt.js'

/**
 * Shows what a presentation would send, before anything is signed: every claim or data element that the verifier would
 * see, those it always sees included, and what was asked for but is not there. Throws the codes of a malformed credential,
 * and `TypeError` for a field that the passport does not have.
 *
 * For small bundles call the function of the one format you keep: `previewSdJwt`, `previewMdoc`.
 * @example
 * const preview = previewPresentation(credential, { passport: citizenPassport, disclose: ['familyName'] })
 */
export function previewPresentation<const Profile extends PassportProfile>(
  credential: string | PreparedSdJwt | Uint8Array | PreparedMdoc,
  options: Disclose<Profile>,
): Preview {
  return isMdoc(credential) ? previewMdoc(credential, options) : previewSdJwt(credential, options)
}
