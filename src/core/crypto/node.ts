/**
 * The back end over `node:crypto`: synchronous, with key objects that are made once. Bun and Deno have the module too, and
 * not all of it: what they lack is said where it matters.
 */
import type { ECDH, KeyObject } from 'node:crypto'
import { VidimusError } from '../../errors.js'
import type { Algorithm, CurveName, HashName } from '../algorithms.js'
import type { AgreementKey, Awaitable, CryptoBackend, KeyMembers, PrivateKey, PublicKey } from './backend.js'
import { refuseWeakKey } from './ed25519.js'
import { refuseWeakRsaKey, saltFits } from './rsa.js'

const hashNames = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' } as const

/** Loaded on first use: it is a good part of what a program waits for that only imports us. */
let loaded: typeof import('node:crypto') | undefined
const native = () => (loaded ??= process.getBuiltinModule('node:crypto'))

/** As late: most verifications never need it. */
const zlib = () => process.getBuiltinModule('node:zlib')

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)

const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)

export const randomBytes: CryptoBackend['randomBytes'] = length => native().randomFillSync(new Uint8Array(length))

export const digest = (hash: HashName, data: string | Uint8Array): Uint8Array =>
  plain(native().hash(hashNames[hash], data, 'buffer'))

export const digestText = (hash: HashName, data: string | Uint8Array): string =>
  native().hash(hashNames[hash], data, 'base64url')

export const digestTextNow = digestText

export const sha256 = (data: Uint8Array): Uint8Array => plain(native().hash('sha256', data, 'buffer'))

export const hmacSha256 = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  plain(native().createHmac('sha256', key).update(data).digest())

export const importPublicKey: CryptoBackend['importPublicKey'] = (key, algorithm, curves) => {
  if (key.crv === 'Ed25519') refuseWeakKey(decodeBase64(key.x, true))
  try {
    const handle = key.crv.startsWith('brainpool') ? brainpoolKey(key, algorithm) : jwkKey(key)
    const hash = digestOf(algorithm)
    const form = { key: handle, dsaEncoding: 'ieee-p1363' } as const
    return { algorithm, jwk: key, verify: (data, signature) => native().verify(hash, data, form, signature) }
  } catch {
    // Bun and Deno have no brainpool curves.
    const handedIn = curves?.importPublicKey(key, algorithm)
    if (handedIn !== undefined) return handedIn
    throw new VidimusError('key_invalid', { at: key.crv })
  }
}

const jwkKey = ({ kty, crv, x, y }: KeyMembers): KeyObject =>
  native().createPublicKey({ format: 'jwk', key: y === undefined ? { kty, crv, x } : { kty, crv, x, y } })

/** Node takes these curves in no JWK, so the key is written as a SubjectPublicKeyInfo (RFC 5480 §2, RFC 5639 §4.1). */
function brainpoolKey(key: KeyMembers, { coseCurve }: Algorithm): KeyObject {
  const curve = [0x2b, 0x24, 3, 3, 2, 8, 1, 1, 7 + 2 * (coseCurve - 256)]
  const ecPublicKey = [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]
  const point = der(3, [0, ...uncompressed(key)])
  const spki = der(0x30, [...der(0x30, [...der(6, ecPublicKey), ...der(6, curve)]), ...point])
  return native().createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
}

/** SEC 1 §2.3.3. */
const uncompressed = ({ x, y = '' }: KeyMembers): Buffer =>
  Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])

/** Nothing here is longer than 255 bytes. */
const der = (tag: number, content: readonly number[]): number[] =>
  content.length < 128 ? [tag, content.length, ...content] : [tag, 0x81, content.length, ...content]

export const verifySignature = (
  { algorithm, verify }: PublicKey,
  data: string | Uint8Array,
  signature: Uint8Array,
): Awaitable<boolean> =>
  signature.length === algorithm.signatureBytes &&
  verify(typeof data === 'string' ? Buffer.from(data, 'latin1') : data, signature)

export const verifyRsaSignature: CryptoBackend['verifyRsaSignature'] = (spki, scheme, data, signature) => {
  const key = importRsaKey(spki)
  const { modulusLength, publicExponent } = key.asymmetricKeyDetails ?? {}
  refuseWeakRsaKey(modulusLength, publicExponent)
  const { RSA_PKCS1_PADDING, RSA_PKCS1_PSS_PADDING } = native().constants
  const padding =
    scheme.pss === undefined ? { padding: RSA_PKCS1_PADDING } : { padding: RSA_PKCS1_PSS_PADDING, ...scheme.pss }
  return (
    saltFits(scheme, modulusLength) && native().verify(hashNames[scheme.hash], data, { key, ...padding }, signature)
  )
}

function importRsaKey(spki: Uint8Array): KeyObject {
  try {
    const key = native().createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // Refused below, like a key of another kind.
  }
  throw new VidimusError('key_invalid', { at: 'RSA' })
}

/** `KeyObject.from` a key that must not be read is deprecated (DEP0204). */
export const readsPrivateKeys = true

export const importPrivateKey: CryptoBackend['importPrivateKey'] = (key, algorithm) => ({
  algorithm,
  handle: native().KeyObject.from(key as CryptoKey),
})

export const sign = (key: PrivateKey, data: Uint8Array): Uint8Array =>
  plain(native().sign(digestOf(key.algorithm), data, { key: key.handle as KeyObject, dsaEncoding: 'ieee-p1363' }))

const ecdhCurves: Partial<Record<CurveName, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
}

export const importAgreementKey: CryptoBackend['importAgreementKey'] = (jwk, algorithm) => {
  try {
    const handle = ecdhOn(algorithm) ?? native().createPrivateKey({ format: 'jwk', key: { ...jwk } })
    if (handle instanceof native().KeyObject) return { algorithm, handle }
    handle.setPrivateKey(jwk.d, 'base64url')
    if (handle.getPublicKey().equals(uncompressed(jwk))) return { algorithm, handle }
  } catch {
    // Refused below, like the private key of another point.
  }
  throw new VidimusError('key_invalid', { at: jwk.crv })
}

/**
 * `undefined` in Deno (2.9) on P-521, where only key objects agree; it refuses a private key of another point when it reads it,
 * which Node 20 does not.
 */
function ecdhOn({ kty, crv }: Algorithm): ECDH | undefined {
  try {
    return native().createECDH(ecdhCurves[crv] ?? crv)
  } catch (error) {
    if (kty === 'EC') return undefined
    throw error
  }
}

export const agree = ({ handle }: AgreementKey, peer: KeyMembers): Uint8Array => {
  try {
    const secret =
      handle instanceof native().KeyObject
        ? native().diffieHellman({ privateKey: handle, publicKey: jwkKey(peer) })
        : (handle as ECDH).computeSecret(uncompressed(peer))
    return new Uint8Array(secret)
  } catch {
    throw new VidimusError('key_invalid', { at: peer.crv })
  }
}

export const encodeBase64: CryptoBackend['encodeBase64'] = (bytes, url) =>
  asBuffer(bytes).toString(url ? 'base64url' : 'base64')

export const encodeBase64Text: CryptoBackend['encodeBase64Text'] = text => Buffer.from(text).toString('base64url')

export const decodeBase64: CryptoBackend['decodeBase64'] = (text, url) => {
  const encoding = url ? 'base64url' : 'base64'
  const bytes = Buffer.from(text, encoding)
  // Node forgives stray characters, padding and left-over bits; writing it again forgives nothing.
  if (bytes.toString(encoding) !== text) return undefined
  // A copy where it is cut from one block of memory, as small buffers are.
  return bytes.buffer.byteLength === bytes.length ? plain(bytes) : new Uint8Array(bytes)
}

export const decodeBase64Text: CryptoBackend['decodeBase64Text'] = text => {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) return undefined
  const decoded = bytes.toString()
  // Node writes this character in place of what is not UTF-8.
  return decoded.includes('\ufffd') ? undefined : decoded
}

export const inflate: CryptoBackend['inflate'] = (data, limit) => {
  const { inflateSync } = zlib()
  return unfold(inflateSync, data, limit, foretell(inflateSync, data, limit))
}

/** The size that the last member gives is right for a stream of one, and for others no more than a guess. */
export const gunzip: CryptoBackend['gunzip'] = (data, limit) => {
  const size = data.length < 4 ? 0 : asBuffer(data).readUInt32LE(data.length - 4)
  return unfold(zlib().gunzipSync, data, limit, Math.min(size, data.length * steepest))
}

/** How many bytes one byte of a deflated stream can become (RFC 1951: a match of 258 for two bits), rounded up. */
const steepest = 1040

/** Output is made in pieces of at least so much: smaller ones would be cut from memory that others share. */
const smallestPiece = 16 * 1024

/** What is not longer is not worth a look ahead. */
const shortStream = 512

/** What is foretold may be too little by as much: tables stand at the beginning of a stream and unfold to nothing. */
const margin = 1.5

/** One part in so many is looked at to foretell the size of the whole. */
const sampled = 16

/**
 * About how many bytes a ZLIB stream unfolds to, judged by its beginning: nowhere in it does it say. Output that fits in
 * one piece needs no second copy.
 */
function foretell(inflateSync: Unfolder, data: Uint8Array, limit: number): number {
  if (data.length <= shortStream) return data.length * steepest
  const sample = data.subarray(0, Math.ceil(data.length / sampled))
  const options = { finishFlush: zlib().constants.Z_SYNC_FLUSH, chunkSize: 256 * 1024 }
  return (
    unfolding(limit, () => inflateSync(sample, { ...options, maxOutputLength: Math.max(limit, 1) })).length * sampled
  )
}

type Unfolder = typeof import('node:zlib').inflateSync

function unfold(unfolder: Unfolder, data: Uint8Array, limit: number, expected: number): Uint8Array {
  // A piece beyond the expected size costs nothing until it is written to; one that is exactly full would bring another.
  const chunkSize = Math.max(smallestPiece, Math.min(Math.ceil(expected * margin), limit) + 1)
  return unfolding(limit, () => {
    // `info` also tells how much was read: zlib alone says nothing about bytes after the stream.
    const options = { maxOutputLength: Math.max(limit, 1), chunkSize, info: true }
    const { buffer, engine } = unfolder(data, options) as unknown as {
      buffer: Buffer
      engine: { bytesWritten: number }
    }
    if (engine.bytesWritten !== data.length) throw new VidimusError('inflate_invalid')
    if (buffer.length > limit) throw overLimit(limit)
    // A copy where the piece is mostly empty, so that whoever keeps the result keeps no more than that.
    return buffer.length * 2 < buffer.buffer.byteLength ? new Uint8Array(buffer) : plain(buffer)
  })
}

/** Does the work; what zlib throws is told in our words. */
function unfolding<T>(limit: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof VidimusError) throw error
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw overLimit(limit)
    throw new VidimusError('inflate_invalid')
  }
}

export const deflate: CryptoBackend['deflate'] = (data, { wrapper = 'zlib', level = 6 } = {}) =>
  plain(wrapper === 'gzip' ? zlib().gzipSync(data, { level }) : zlib().deflateSync(data, { level }))

const overLimit = (limit: number) =>
  new VidimusError('limit_exceeded', {
    at: 'inflate',
    expected: limit,
  })

const digestOf = ({ hash }: Algorithm): string | undefined => (hash === undefined ? undefined : hashNames[hash])
