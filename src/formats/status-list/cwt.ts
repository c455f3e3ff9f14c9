/**
 * The status list token as a CWT (Token Status List §5.2, RFC 8392): the only form for mdocs (ISO/IEC 18013-5, second
 * edition). A tagged COSE_Sign1 without the tag of a CWT; a MAC, which anyone who can check it could have made, is none.
 */
import { fromBase64url, utf8 } from '../../core/bytes.js'
import { CborFloat, type CborMap, CborTag, type CborValue, isCborMap } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { coseHints, headerKeyId, headerType } from '../../core/cose/headers.js'
import { createSign1, tagSign1, verifySign1, x5chainHeader } from '../../core/cose/sign1.js'
import { readTaggedSign1 } from '../../core/cose/tagged.js'
import type { Limits } from '../../core/limits.js'
import { compressBits } from './bits.js'
import { compressedOf, type StatusListContent, writeClaims } from './content.js'
import {
  cwtMediaType,
  malformedToken,
  type ParsedStatusList,
  readStatusClaims,
  type StatusClaims,
  type StatusTokenForm,
} from './token.js'

/** Labels of claims (RFC 8392 §3.1, Token Status List §5.2). */
const labels = { iss: 1, sub: 2, exp: 4, nbf: 5, iat: 6, list: 65533, ttl: 65534 }

/** The type is a media type, or the number that CoAP has for it (RFC 9596 §2). */
const types: readonly unknown[] = [cwtMediaType, 279]

/**
 * The CWT form, in which the statuses of mdocs and QR codes stand. Handed to `statusChecker` of `vidimus/browser`; without it
 * such a status is refused with `status_unsupported`. `parse` throws `encoding_invalid`, what `readCbor` and `readSign1` throw,
 * `status_token_malformed`, `status_list_malformed`; `hints` what `coseHints` throws.
 * @example statusChecker({ fetch, statusListCwt })
 */
export const statusListCwt: StatusTokenForm = { mediaType: cwtMediaType, parse: parseStatusListCwt }

function parseStatusListCwt(token: string, limits: Limits): ParsedStatusList {
  // §5.2: the tag of a COSE_Sign1 must be there, and no other; the type in the protected header.
  const sign1 = readTaggedSign1(fromBase64url(token, 'token'), { limits }, malformedToken)
  const { headers, payload, content } = sign1
  if (!types.includes(headers.protected.get(headerType))) throw malformedToken('typ')
  if (!isCborMap(content)) throw malformedToken('claims')
  return {
    ...readStatusClaims(claimsOf(content)),
    hints: allowed => coseHints(headers, allowed, limits),
    verify: key => verifySign1(sign1, payload, key, 'status_signature_invalid'),
  }
}

function claimsOf(map: CborMap): StatusClaims {
  const claims = Object.fromEntries(Object.entries(labels).map(([name, label]) => [name, map.get(label)]))
  const { list, iat, nbf, exp } = claims
  return {
    ...claims, // §5.2: `ttl` is an integer, unlike the dates
    iat: numericDate(iat),
    nbf: numericDate(nbf),
    exp: numericDate(exp),
    list: isCborMap(list) ? Object.fromEntries(list) : undefined,
  }
}

/** RFC 8392 §2: an integer or a float, without a tag. */
const numericDate = (value: CborValue | undefined) => (value instanceof CborFloat ? value.value : value)

/**
 * A signed status list token, its tag included. Instants are written in whole seconds. The type, the name of the key and
 * its certificates stand in the protected header, as ISO/IEC 18013-5 wants its `x5chain`. Throws `TypeError` or
 * `RangeError` for content that a verifier would refuse.
 */
export async function createStatusListCwt(content: StatusListContent): Promise<Uint8Array> {
  const { iss, sub, iat, exp, ttl } = writeClaims(content)
  const { bits, aggregationUri, signer } = content
  if (ttl !== undefined && !Number.isSafeInteger(ttl)) throw new RangeError('`ttl` must be a whole number of seconds')
  const list = cborMap([
    ['bits', bits],
    ['lst', await compressedOf(content, compressBits)],
    ['aggregation_uri', aggregationUri],
  ])
  const claims = cborMap([
    [labels.iss, iss],
    [labels.sub, sub],
    [labels.iat, iat],
    [labels.exp, exp],
    [labels.ttl, ttl],
    [labels.list, list],
  ])
  const headers = new Map([...x5chainHeader(signer)])
  headers.set(headerType, cwtMediaType).set(headerKeyId, utf8(signer.kid))
  const sign1 = await createSign1({ payload: writeCbor(claims), protected: headers }, signer)
  return writeCbor(new CborTag(tagSign1, sign1))
}
