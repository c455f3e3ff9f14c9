/**
 * The status list token as a CWT (Token Status List §5.2, RFC 8392): the only form for mdocs (ISO/IEC 18013-5, second
 * edition). A tagged COSE_Sign1 without the tag of a CWT; a MAC, which anyone who can check it could have made, is none.
 */
import { fromBase64url, utf8 } from '../../core/bytes.js'
import { readCbor } from '../../core/cbor/read.js'
import { CborFloat, CborTag, type CborValue, isCborMap } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { coseHints, headerKeyId, headerType } from '../../core/cose/headers.js'
import { createSign1, readSign1, type Sign1, tagSign1, verifySign1, x5chainHeader } from '../../core/cose/sign1.js'
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
  const sign1 = readTagged(fromBase64url(token, 'token'), limits)
  const { headers, payload } = sign1
  if (!types.includes(headers.protected.get(headerType))) throw malformedToken('typ') // §5.2: in the protected header
  if (payload === null) throw malformedToken('payload')
  return {
    ...readStatusClaims(readClaims(payload, limits)),
    hints: allowed => coseHints(headers, allowed, limits),
    verify: key => verifySign1(sign1, payload, key, 'status_signature_invalid'),
  }
}

/** §5.2: the tag of a COSE_Sign1 must be there, and no other. */
function readTagged(bytes: Uint8Array, limits: Limits): Sign1 {
  const item = readCbor(bytes, { form: 'any', limits, tags: [tagSign1] })
  if (!(item instanceof CborTag) || item.tag !== tagSign1) throw malformedToken('tag')
  return readSign1(item.value, limits)
}

function readClaims(payload: Uint8Array, limits: Limits): StatusClaims {
  const claims = readCbor(payload, { form: 'any', limits })
  if (!isCborMap(claims)) throw malformedToken('claims')
  const list = claims.get(labels.list)
  return {
    sub: claims.get(labels.sub),
    iss: claims.get(labels.iss),
    iat: numericDate(claims.get(labels.iat)),
    nbf: numericDate(claims.get(labels.nbf)),
    exp: numericDate(claims.get(labels.exp)),
    ttl: claims.get(labels.ttl), // §5.2: an integer, unlike the dates
    list: isCborMap(list)
      ? { bits: list.get('bits'), lst: list.get('lst'), aggregation_uri: list.get('aggregation_uri') }
      : undefined,
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
