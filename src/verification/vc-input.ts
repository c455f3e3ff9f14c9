/**
 * What arrives where a W3C credential is meant: a credential by itself, or a presentation with one in its envelope. Cut
 * and decoded; nothing is verified.
 */
import { type DecodedJws, decodeJws } from '../core/jws.js'
import type { Limits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type SdJwtParts, splitSdJwt } from '../formats/sd-jwt/compact.js'
import { each } from '../formats/vc-jwt/document.js'
import { mediaTypeOf, type PresentedVc, parsePresentation } from '../formats/vc-jwt/presentation.js'
import { requireVcType } from '../formats/vc-jwt/token.js'
import { type VcForm, vcJwtType, vcSdJwtType, vpJwtType } from '../formats/vc-jwt/type.js'

export interface ReceivedVc {
  readonly form: VcForm
  /** The part that the issuer signed. */
  readonly jws: DecodedJws
  /** As of an SD-JWT; a `vc+jwt` is one part without disclosures. */
  readonly parts: SdJwtParts
  /** The presentation that it stood in. */
  readonly presentation?: DecodedJws | undefined
}

/**
 * Decodes a `vc+jwt`, a `vc+sd-jwt` with or without a key binding, or a `vp+jwt` with one of them. Throws
 * `vp_credential_missing`, `vp_credential_unexpected`, `vp_credential_unsupported`, and the codes of what is malformed.
 */
export function decodeVcInput(text: string, limits: Limits): ReceivedVc {
  if (text.includes('~')) return decodeSdCredential(text, limits)
  const jws = decodeJws(text, limits)
  if (jws.header['typ'] !== vpJwtType) return plainCredential(text, jws)
  requireVcType(jws, vpJwtType)
  return { ...decodeEnveloped(parsePresentation(jws.payload), limits), presentation: jws }
}

/** The types that a credential says it has, unverified. Throws as `decodeVcInput`. */
export const claimedVcTypes = (text: string, limits: Limits): readonly unknown[] =>
  each(decodeVcInput(text, limits).jws.payload['type'])

function decodeSdCredential(text: string, limits: Limits): ReceivedVc {
  const parts = splitSdJwt(text, limits)
  const jws = decodeJws(parts.jwt, limits)
  requireVcType(jws, vcSdJwtType)
  return { form: vcSdJwtType, jws, parts }
}

function plainCredential(text: string, jws: DecodedJws): ReceivedVc {
  requireVcType(jws, vcJwtType)
  return { form: vcJwtType, jws, parts: { jwt: text, disclosures: [], presented: text } }
}

/** The one credential of a presentation, in an envelope that says what is in it (VC-JOSE-COSE §3.1.2). */
function decodeEnveloped([credential, ...others]: readonly PresentedVc[], limits: Limits): ReceivedVc {
  if (credential === undefined) throw new VidimusError('vp_credential_missing', { at: 'verifiableCredential' })
  if (others.length > 0) throw new VidimusError('vp_credential_unexpected', { at: 'verifiableCredential' })
  if (credential === 'embedded') throw unsupported('embedded')
  const { mediaType, text } = credential
  if (mediaType === mediaTypeOf(vcJwtType)) return plainCredential(text, decodeJws(text, limits))
  if (mediaType !== mediaTypeOf(vcSdJwtType)) throw unsupported('media type')
  const received = decodeSdCredential(text, limits)
  // Its holder signs the presentation around it; a second proof would be for somebody else.
  if (received.parts.keyBinding !== undefined) throw unsupported('key binding')
  return received
}

const unsupported = (at: string) => new VidimusError('vp_credential_unsupported', { at })
