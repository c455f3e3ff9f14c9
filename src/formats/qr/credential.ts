/**
 * What the issuer signs for a QR code: a CWT in a COSE_Sign1 (RFC 8392, RFC 9052 §4.2), with digests in place of the claims
 * of the passport.
 *
 * Every claim is hidden, so that the holder shows one by one what is asked. The digests stand in bytewise order, which tells
 * nothing of what they are of.
 */
import { compareBytes, concatBytes } from '../../core/bytes.js'
import { deterministic } from '../../core/cbor/deterministic.js'
import { type CborMap, CborTag, type CborValue, isBytes, isCborArray, isCborMap } from '../../core/cbor/value.js'
import { cborMap, writeCbor } from '../../core/cbor/write.js'
import { readShortCoseKey, writeShortCoseKey } from '../../core/cose/compressed-key.js'
import { headerType } from '../../core/cose/headers.js'
import { createSign1, tagSign1 } from '../../core/cose/sign1.js'
import { readTaggedSign1, type TaggedSign1 } from '../../core/cose/tagged.js'
import type { PublicJwk } from '../../core/jwk.js'
import type { Signer } from '../../core/keys.js'
import { type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'
import { digestBytes, nameOfDigest } from './disclosure.js'

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
  readonly sign1: TaggedSign1
  /** The issuer identifier. */
  readonly issuer: string
  /** The type identifier of the passport. */
  readonly type: string
  readonly holderKey: PublicJwk
  /** The digests of the claims, as `nameOfDigest` has them. */
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
  const sign1 = readTyped(bytes, credentialType, limits)
  const claims = expectPart(sign1.content, isCborMap, 'claims')
  const [type, hash, digests] = expectPart(claims.get(passportLabel), isListOf(3), 'passport')
  if (hash !== sha256) throw new VidimusError('sd_alg_unsupported', { at: 'passport' })
  return {
    bytes,
    sign1,
    issuer: expectPart(claims.get(labels.iss), isText, 'iss'),
    type: expectPart(type, isText, 'type'),
    holderKey: readShortCoseKey(expectPart(claims.get(labels.cnf), isCborMap, 'cnf').get(coseKey)),
    digests: readDigests(digests, limits),
    times: {
      exp: expectPart(claims.get(labels.exp), isNumber, 'exp'),
      nbf: claims.has(labels.nbf) ? expectPart(claims.get(labels.nbf), isNumber, 'nbf') : undefined,
      iat: expectPart(claims.get(labels.iat), isNumber, 'iat'),
    },
    status: claims.get(labels.status),
  }
}

/** What is of a kind. Throws `qr_malformed`; `at` names the part. */
export function expectPart<Part extends CborValue>(
  value: CborValue | undefined,
  isOne: (value: CborValue | undefined) => value is Part,
  at: string,
): Part {
  if (!isOne(value)) throw malformed(at)
  return value
}

/** Text that says something. */
export const isText = (value: CborValue | undefined): value is string => typeof value === 'string' && value !== ''

export const isNumber = (value: CborValue | undefined): value is number => typeof value === 'number'

export const isListOf =
  (length: number) =>
  (value: CborValue | undefined): value is readonly CborValue[] =>
    isCborArray(value) && value.length === length

/** Reads a tagged COSE_Sign1 of a type. Throws `qr_malformed`, `limit_exceeded`, and the codes of CBOR and COSE. */
export function readTyped(bytes: Uint8Array, type: number, limits: Limits): TaggedSign1 {
  const sign1 = readTaggedSign1(bytes, { form: deterministic, limits }, malformed)
  const { headers } = sign1
  if (headers.protected.get(headerType) !== type) throw malformed('typ')
  // What nobody signed says nothing, and may not differ between two texts of one meaning.
  if (headers.unprotected.size > 0) throw malformed('unprotected')
  return sign1
}

/** The digests by their names, each once and in order. */
function readDigests(value: CborValue | undefined, limits: Limits): ReadonlySet<string> {
  const digests = expectPart(value, isBytes, 'digests')
  within(limits, 'disclosures', digests.length / digestBytes)
  const found = new Set<string>()
  let before = ''
  for (let start = 0; start < digests.length; start += digestBytes) {
    const digest = nameOfDigest(digests.subarray(start, start + digestBytes))
    if (digest.length !== digestBytes || digest <= before) throw malformed('digests')
    found.add(digest)
    before = digest
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
