/**
 * The key binding: the holder's signature over one presentation for one verifier (RFC 9901 §4.3).
 *
 * Made and read here. The signature, the key it must come from and the expected values are the verifier's to check.
 */
import { digestText } from '#crypto'
import type { HashName } from '../../core/algorithms.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import type { JsonObject } from '../../core/json.js'
import { type DecodedJws, decodeJws, requireType, signJws } from '../../core/jws.js'
import type { Signer } from '../../core/keys.js'
import { defaultLimits, type Limits, within } from '../../core/limits.js'
import { VidimusError } from '../../errors.js'

/** The `typ` of a key binding (§4.3). */
const keyBindingType = 'kb+jwt'

/** What a holder signs in any form of JWT: when, whom for and for which request. Nothing of it is verified. */
export interface HolderProof extends DecodedJws {
  readonly payload: JsonObject & {
    /** Seconds since the epoch. */
    readonly iat: number
    readonly aud: string
    readonly nonce: string
  }
}

/** A key binding: what is signed besides is the hash of what is presented. */
export interface KeyBinding extends HolderProof {
  readonly payload: HolderProof['payload'] & { readonly sd_hash: string }
}

export interface KeyBindingInput {
  /** The SD-JWT up to and including its last separator. */
  readonly presented: string
  /** The hash of the SD-JWT's digests (`UnpackedSdJwt.hash`). */
  readonly hash: HashName
  readonly audience: string
  readonly nonce: string
  /** Seconds since the epoch. */
  readonly issuedAt: number
  /** Of the key in the credential's `cnf`. */
  readonly signer: Signer
}

/** Signs what is presented, for one audience and one nonce. Throws `TypeError` naming the argument that does not fit. */
export async function createKeyBinding(input: KeyBindingInput): Promise<string> {
  const { presented, hash, audience, nonce, issuedAt, signer } = input
  if (typeof presented !== 'string' || !presented.endsWith('~'))
    throw new TypeError('`presented` must be an SD-JWT up to its last separator')
  if (typeof audience !== 'string' || audience === '') throw new TypeError('`audience` must be a non-empty text')
  if (typeof nonce !== 'string' || nonce === '') throw new TypeError('`nonce` must be a non-empty text')
  if (!Number.isSafeInteger(issuedAt)) throw new TypeError('`issuedAt` must be whole seconds since the epoch')
  const payload = { iat: issuedAt, aud: audience, nonce, sd_hash: await sdHash(presented, hash) }
  return signJws({ typ: keyBindingType }, payload, signer)
}

/**
 * Reads a key binding; `typ` is exact and all four claims are required.
 * Throws `jws_type_mismatch`, `key_binding_malformed`, `limit_exceeded`, and what `decodeJws` throws.
 */
export function decodeKeyBinding(text: string, limits: Limits = defaultLimits): KeyBinding {
  within(limits, 'presentationBytes', text.length)
  const jws = decodeJws(text, limits)
  requireType(jws, keyBindingType)
  requireProof(jws, 'sd_hash')
  return jws as KeyBinding
}

/** Demands the claims of a holder's proof, and further ones that are text. Throws `key_binding_malformed`. */
export function requireProof(jws: DecodedJws, ...further: readonly string[]): asserts jws is HolderProof {
  for (const name of ['iat', 'aud', 'nonce', ...further])
    if (typeof jws.payload[name] !== (name === 'iat' ? 'number' : 'string'))
      throw new VidimusError('key_binding_malformed', { at: name })
}

/** The base64url hash of the characters presented (§4.3.1). */
export function sdHash(presented: string, hash: HashName): Awaitable<string> {
  return digestText(hash, presented)
}
