/**
 * What the issuer signs for a QR code: a CWT in a COSE_Sign1 (RFC 8392, RFC 9052 §4.2), with digests in place of the claims
 * of the passport.
 *
 * Every claim is hidden, so that the holder shows one by one what is asked. The digests stand in bytewise order, which tells
 * nothing of what they are of.
 */
import { base64url, compareBytes, concatBytes } from '../../core/bytes.js'
import { readCbor } from '../../core/cbor/read.js'
import { type CborMap, CborTag, type CborValue, isBytes, isCborArray, isCborMap } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { readShortCoseKey, writeShortCoseKey } from '../../core/cose/compressed-key.js'
import { headerType } from '../../core/cose/headers.js'
import { createSign1, readSign1, type Sign1, tagSign1 } from '../../core/cose/sign1.js'
import type { PublicJwk } from '../../core/jwk.js'
import type { Signer } from '../../core/keys.js'
import { type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { digestBytes } from './disclosure.js'

/** Labels of claims (RFC 8392 §3.1, RFC 8747 §3.1, Token Status List §6.3) … */
const labels = { iss: 1, exp: 4, nbf: 5, iat: 6, cnf: 8, status: 65535 }

/** … and our own, of the range for private use: the type of the passport, how its claims are hashed, and the digests. */
const passportLabel = -92_850

/** The member of `cnf` that is a key (RFC 8747 §3.1). */
const coseKey = 1

/** The type in the protected header (RFC 9596 §2): a number of those that CoAP leaves to experiments, for it is short. */
const credentialType = 65_045

/** SHA-256 in COSE (RFC 9054 §3.1); the first 16 bytes of it are kept. */
const sha256 = -16

/** A credential as read: well formed, and nothing of it believed. */
export interface QrCredential {
  /** As received: what the holder signs over. */
  readonly bytes: Uint8Array
  readonly sign1: Sign1
  readonly payload: Uint8Array
  /** The issuer identifier. */
  readonly issuer: string
  /** The type identifier of the passport. */
  readonly type: string
  readonly holderKey: PublicJwk
  /** The digests of the claims, base64url. */
  readonly digests: ReadonlySet<string>
  /** `exp`, `nbf` and `iat`, in seconds, not held against a clock. */
  readonly times: { readonly exp: number; readonly nbf?: number | undefined; readonly iat: number }
  /** The `status` claim, as it stands. */
  readonly status: CborValue | undefined
}

/**
 * Reads a credential: a tagged COSE_Sign1 in deterministic CBOR. Claims that it does not know are left alone (RFC 8392 §3).
 * Throws `qr_malformed`, `sd_alg_unsupported`, `key_invalid`, `limit_exceeded`, and the codes of CBOR and COSE.
 */
export function readQrCredential(bytes: Uint8Array, limits: Limits): QrCredential {
  const { sign1, payload, content: claims } = readTyped(bytes, credentialType, limits)
  if (!isCborMap(claims)) throw malformed('claims')
  const [issuer, cnf] = [claims.get(labels.iss), claims.get(labels.cnf)]
  if (typeof issuer !== 'string' || issuer === '') throw malformed('iss')
  if (!isCborMap(cnf)) throw malformed('cnf')
  const passport = claims.get(passportLabel)
  if (!isCborArray(passport) || passport.length !== 3) throw malformed('passport')
  const [type, hash, digests] = passport
  if (typeof type !== 'string' || type === '') throw malformed('type')
  if (hash !== sha256) throw new VidimusError('sd_alg_unsupported', { at: 'passport' })
  const [exp, nbf, iat] = [claims.get(labels.exp), claims.get(labels.nbf), claims.get(labels.iat)]
  if (typeof exp !== 'number') throw malformed('exp')
  if (typeof iat !== 'number') throw malformed('iat')
  if (nbf !== undefined && typeof nbf !== 'number') throw malformed('nbf')
  return {
    bytes,
    sign1,
    payload,
    issuer,
    type,
    holderKey: readShortCoseKey(cnf.get(coseKey)),
    digests: readDigests(digests, limits),
    times: { exp, nbf, iat },
    status: claims.get(labels.status),
  }
}

/** A COSE_Sign1 with what it says. */
export interface Typed {
  readonly sign1: Sign1
  readonly payload: Uint8Array
  readonly content: CborValue
}

/** Reads a tagged COSE_Sign1 of a type. Throws `qr_malformed`, `limit_exceeded`, and the codes of CBOR and COSE. */
export function readTyped(bytes: Uint8Array, type: number, limits: Limits): Typed {
  const item = readCbor(bytes, { limits, tags: [tagSign1] })
  if (!(item instanceof CborTag) || item.tag !== tagSign1) throw malformed('tag')
  const sign1 = readSign1(item.value, limits)
  const { headers, payload } = sign1
  if (headers.protected.get(headerType) !== type) throw malformed('typ')
  // What nobody signed says nothing, and may not differ between two texts of one meaning.
  if (headers.unprotected.size > 0) throw malformed('unprotected')
  if (payload === null) throw malformed('payload')
  return { sign1, payload, content: readCbor(payload, { limits }) }
}

function readDigests(digests: CborValue | undefined, limits: Limits): ReadonlySet<string> {
  if (!isBytes(digests) || digests.length % digestBytes !== 0) throw malformed('digests')
  within(limits, 'disclosures', digests.length / digestBytes)
  const found = new Set<string>()
  let before: Uint8Array | undefined
  for (let start = 0; start < digests.length; start += digestBytes) {
    const digest = digests.subarray(start, start + digestBytes)
    if (before !== undefined && compareBytes(before, digest) >= 0) throw malformed('digests')
    before = digest
    found.add(base64url(digest))
  }
  return found
}

/** What goes into a new credential. Instants are seconds. */
export interface QrCredentialContent {
  readonly issuer: string
  readonly type: string
  readonly holderKey: PublicJwk
  readonly digests: readonly Uint8Array[]
  readonly iat: number
  readonly nbf?: number | undefined
  readonly exp: number
  readonly status?: CborValue | undefined
}

/** The payload to sign. */
export const writeQrClaims = (content: QrCredentialContent): Uint8Array =>
  writeCbor(
    cborMap([
      [labels.iss, content.issuer],
      [labels.exp, content.exp],
      [labels.nbf, content.nbf],
      [labels.iat, content.iat],
      [labels.cnf, cborMap([[coseKey, writeShortCoseKey(content.holderKey)]])],
      [labels.status, content.status],
      [passportLabel, [content.type, sha256, concatBytes(...[...content.digests].sort(compareBytes))]],
    ]),
  )

/** Signs a credential's payload. `headers` stand in the protected map beside algorithm and type. */
export const signQrCredential = (payload: Uint8Array, headers: CborMap, signer: Signer): Promise<Uint8Array> =>
  signTyped(payload, credentialType, headers, signer)

/** A tagged COSE_Sign1 of a type. */
export async function signTyped(
  payload: Uint8Array,
  type: number,
  headers: CborMap,
  signer: Signer,
): Promise<Uint8Array> {
  const content = { payload, protected: new Map([...headers, [headerType, type] as const]) }
  return writeCbor(new CborTag(tagSign1, await createSign1(content, signer)))
}

/** The refusal of what is not of this form; `at` names the part. */
export const malformed = (at: string) => new VidimusError('qr_malformed', { at })
