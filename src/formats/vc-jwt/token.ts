/** The header of a token that carries a W3C credential or presentation (VC-JOSE-COSE §3.1, §3.2). */
import { textFromBase64url } from '../../core/bytes.js'
import { parseJsonObject } from '../../core/json.js'
import { type DecodedJws, requireType } from '../../core/jws.js'
import { defaultLimits, type Limits } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { vcContent, vcJwtType, vcSdJwtType, vpContent, vpJwtType } from './type.js'

/** Whether a text says of itself that it is such a token. Nothing of it is verified, and only its header is read. */
export function isVcToken(text: unknown, limits: Limits = defaultLimits): boolean {
  if (typeof text !== 'string') return false
  const header = text.slice(0, limits.headerBytes)
  try {
    const { typ } = parseJsonObject(textFromBase64url(header.slice(0, header.indexOf('.'))), limits)
    return typ === vcJwtType || typ === vcSdJwtType || typ === vpJwtType
  } catch {
    return false
  }
}

/** Demands the type of a token, and of its content where it says one. Throws `jws_type_mismatch`. */
export function requireVcType(jws: DecodedJws, typ: typeof vcJwtType | typeof vcSdJwtType | typeof vpJwtType): void {
  requireType(jws, typ)
  const { cty } = jws.header
  const content = typ === vpJwtType ? vpContent : vcContent
  if (cty !== undefined && cty !== content)
    throw new VidimusError('jws_type_mismatch', { at: 'cty', expected: content })
}
