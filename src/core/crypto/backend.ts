/**
 * What the platform does for us, as one small interface with two back ends: `node.ts` (synchronous) and `web.ts`
 * (WebCrypto). The package's conditions choose one; sources import it as `#crypto`.
 *
 * A method that returns `Awaitable` may answer at once: callers `await` it and never ask which back end is there.
 */
import type { Algorithm, HashName } from '../algorithms.js'

export type Awaitable<T> = T | Promise<T>

/** A public key ready to verify with, whoever imported it: `verifySignature` asks it. */
export interface PublicKey {
  readonly algorithm: Algorithm
  /** Which key it is: one that is imported twice is two objects and the same key. */
  readonly jwk: KeyMembers
  /** `signature` has the fixed-length form, and its length. */
  readonly verify: (data: Uint8Array, signature: Uint8Array) => Awaitable<boolean>
}

/** Curves that a platform lacks, handed in by those who need them: `brainpool` of `vidimus/brainpool`. */
export interface CurveSupport {
  /** `undefined` for a key on a curve that is not among them. Throws `key_invalid` for a point that is not on its curve. */
  importPublicKey(jwk: KeyMembers, algorithm: Algorithm): PublicKey | undefined
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

/** RSASSA-PKCS1-v1_5, or RSASSA-PSS with MGF1 over the same hash (RFC 8017 §8). */
export interface RsaScheme {
  readonly hash: HashName
  readonly pss?: { readonly saltLength: number } | undefined
}

/** A private key ready to agree on secrets with, as the back end holds it. */
export interface AgreementKey {
  readonly algorithm: Algorithm
  readonly handle: unknown
}

/** The same members of a private JWK. */
export interface PrivateKeyMembers extends KeyMembers {
  readonly d: string
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
  /**
   * Throws `key_invalid` when the members are not a point of the curve, or one of small order on Ed25519, and for a curve
   * that neither the platform nor `curves` has. Node has them all; Bun and Deno, which are Node otherwise, have not.
   */
  importPublicKey(jwk: KeyMembers, algorithm: Algorithm, curves?: CurveSupport): Awaitable<PublicKey>
  /** Whether a signature of the fixed-length form holds; one of another length does not. Text is ASCII. */
  verifySignature(key: PublicKey, data: string | Uint8Array, signature: Uint8Array): Awaitable<boolean>
  /**
   * An RSA signature under a key as a certificate holds it (SubjectPublicKeyInfo, `rsaEncryption`): for certificate
   * chains alone. False for a signature that does not hold, whatever its form.
   * Throws `key_invalid` when the key is not RSA of 2048 to 8192 bits with an odd exponent above 1.
   */
  verifyRsaSignature(spki: Uint8Array, scheme: RsaScheme, data: Uint8Array, signature: Uint8Array): Awaitable<boolean>
  /** Whether `importPrivateKey` reads the key, which then has to be extractable. */
  readonly readsPrivateKeys: boolean
  importPrivateKey(key: CryptoKey, algorithm: Algorithm): Awaitable<PrivateKey>
  sign(key: PrivateKey, data: Uint8Array): Awaitable<Uint8Array>
  /** Throws `key_invalid` when `d` is not the private key of the point, and for a curve without ECDH on this platform. */
  importAgreementKey(jwk: PrivateKeyMembers, algorithm: Algorithm): Awaitable<AgreementKey>
  /** The x-coordinate of the shared point in full length. Throws `key_invalid` when `peer` is not a point of the same curve. */
  agree(key: AgreementKey, peer: KeyMembers): Awaitable<Uint8Array>
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
  /**
   * GZIP (RFC 1952): every member of it, one after another. Bounded and refused as `inflate`, and apart from it, so that who
   * reads ZLIB alone carries nothing more.
   */
  gunzip(data: Uint8Array, limit: number): Awaitable<Uint8Array>
  deflate(data: Uint8Array, options?: DeflateOptions): Awaitable<Uint8Array>
}

export interface DeflateOptions {
  /** `zlib` by default. */
  readonly wrapper?: 'zlib' | 'gzip' | undefined
  /** From 1, the quickest, to 9, the smallest; 6 by default. Where the platform lets nobody choose, it is not looked at. */
  readonly level?: number | undefined
}
