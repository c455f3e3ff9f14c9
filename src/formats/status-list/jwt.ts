/** The status list token as a JWT (Token Status List §5.1): for credentials of the JOSE kind. */
import { base64url, fromBase64url } from '../../core/bytes.js'
import { withoutAbsent } from '../../core/freeze.js'
import { isJsonObject, type JsonObject } from '../../core/json.js'
import { decodeJws, issuerHeader, jwsHints, requireType, signJws, verifyJws } from '../../core/jws.js'
import type { Limits } from '../../core/limits.js'
import { compressBits } from './bits.js'
import { compressedOf, type StatusListContent, writeClaims } from './content.js'
import { jwtMediaType, type ParsedStatusList, readStatusClaims, type StatusTokenForm } from './token.js'

/** The `typ` of the token: its media type without `application/`. */
const statusListType = 'statuslist+jwt'

/**
 * The JWT form. `parse` throws what `decodeJws` throws, `jws_type_mismatch`, `encoding_invalid`, `status_token_malformed`,
 * `status_list_malformed`; `hints` what `jwsHints` throws.
 */
export const statusListJwt: StatusTokenForm = { mediaType: jwtMediaType, parse: parseStatusListJwt }

function parseStatusListJwt(token: string, limits: Limits): ParsedStatusList {
  const jws = decodeJws(token, limits)
  requireType(jws, statusListType) // §5.1
  const { status_list: list, ...claims } = jws.payload
  return {
    ...readStatusClaims({ ...claims, list: isJsonObject(list) ? readList(list) : undefined }),
    hints: allowed => jwsHints(jws, allowed, limits),
    verify: key => verifyJws(jws, key, 'status_signature_invalid'),
  }
}

/** §4.2: the entries are text in base64url. */
const readList = ({ lst, ...members }: JsonObject) => ({
  ...members,
  lst: typeof lst === 'string' ? fromBase64url(lst, 'lst') : undefined,
})

/**
 * A signed status list token. Instants are written in whole seconds; the key is named in `kid`, and its certificates
 * stand in `x5c`. Throws `TypeError` or `RangeError` for content that a verifier would refuse.
 */
export async function createStatusListToken(content: StatusListContent): Promise<string> {
  const claims = writeClaims(content)
  const { bits, aggregationUri, signer } = content
  const list = { bits, lst: base64url(await compressedOf(content, compressBits)), aggregation_uri: aggregationUri }
  const payload = withoutAbsent({ ...claims, status_list: withoutAbsent(list) })
  return signJws(issuerHeader(statusListType, signer), JSON.stringify(payload), signer)
}
