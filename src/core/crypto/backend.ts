/**
 * What the platform does for us, as one small interface with two back ends: `node.ts` (synchronous) and `web.ts`
 * (WebCrypto). The package's conditions choose one; sources import it as `#crypto`.
 *
 * A method that returns `Awaitable` may answer at once: callers `await` it and never ask which back end is there.
 */
import type { Algorithm, HashName } from '../algorithms.js'

export type Awaitable<T> = T | Promise<T>

/** A public key ready to verify with, as the back end holds it. */
export interface PublicKey {
  readonly algorithm: Algorithm
  readonly handle: unknown
}

/** A private key ready to sign with, as the back end holds it. */
export interface PrivateKey {
  readonly algorithm: Algorithm
  readonly handle: unknown
}

/** The members of a public JWK that name a key on one of the table's curves, already checked for shape. */
export interface KeyMembers {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y?: string
}

export interface CryptoBackend {
  randomBytes(length: number): Uint8Array
  /** Text is hashed as its ASCII bytes. */
  digest(hash: HashName, data: string | Uint8Array): Awaitable<Uint8Array>
  /** The same as unpadded base64url text. */
  digestText(hash: HashName, data: string | Uint8Array): Awaitable<string>
  /** SHA-256 at once on every platform, for trees that hash millions of small nodes. */
  sha256(data: Uint8Array): Uint8Array
  /** A digest as unpadded base64url text, at once on every platform: for holders, whose previews do not wait. */
  digestTextNow(hash: HashName, data: string): string
  hmacSha256(key: Uint8Array, data: Uint8Array): Awaitable<Uint8Array>
  /** Throws `key_invalid` when the members are not a point of the curve, or one of small order on Ed25519. */
  importPublicKey(jwk: KeyMembers, algorithm: Algorithm): Awaitable<PublicKey>
  /** `signature` has the fixed-length form r‖s; its length is the caller's to check. Text is ASCII. */
  verifySignature(key: PublicKey, data: string | Uint8Array, signature: Uint8Array): Awaitable<boolean>
  importPrivateKey(key: CryptoKey, algorithm: Algorithm): Awaitable<PrivateKey>
  sign(key: PrivateKey, data: Uint8Array): Awaitable<Uint8Array>
  /** Unpadded when `url`. */
  encodeBase64(bytes: Uint8Array, url: boolean): string
  /** Unpadded base64url of the UTF-8 bytes of a text that has no lone surrogate. */
  encodeBase64Text(text: string): string
  /** `undefined` for every text but the one that `encodeBase64` writes for the bytes. */
  decodeBase64(text: string, url: boolean): Uint8Array | undefined
  /** The text that canonical base64url of UTF-8 stands for. `undefined` when it may be malformed: the long way knows. */
  decodeBase64Text(text: string): string | undefined
  /** ZLIB (RFC 1950), at most `limit` bytes of it. Throws `limit_exceeded` beyond `limit` bytes and `inflate_invalid` on anything but one whole stream. */
  inflate(data: Uint8Array, limit: number): Awaitable<Uint8Array>
  /** ZLIB at the platform's best level. */
  deflate(data: Uint8Array): Awaitable<Uint8Array>
}
