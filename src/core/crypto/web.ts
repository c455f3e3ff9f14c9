/** The back end over WebCrypto and the Streams API: browsers, workers and every runtime that is not Node. */
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js'
import { VidimusError } from '../../errors.js'
import type { Algorithm, HashName } from '../algorithms.js'
import type { CryptoBackend, KeyMembers, PrivateKey, PrivateKeyMembers } from './backend.js'
import { refuseWeakKey } from './ed25519.js'
import { refuseWeakRsaKey, saltFits } from './rsa.js'

/** WebCrypto takes views of plain buffers only, which is what everything here is made of. */
type Bytes = Uint8Array<ArrayBuffer>

const toBytes = (data: string | Uint8Array): Bytes =>
  (typeof data === 'string' ? new TextEncoder().encode(data) : data) as Bytes

export const randomBytes: CryptoBackend['randomBytes'] = length => {
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += mostRandom)
    crypto.getRandomValues(bytes.subarray(start, start + mostRandom))
  return bytes
}

/** Bytes that are given at once; who asks for more is refused (Web Cryptography §10.1.1). */
const mostRandom = 65_536

export const digest = async (hash: HashName, data: string | Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest(hash, toBytes(data)))

export const digestText = async (hash: HashName, data: string | Uint8Array): Promise<string> =>
  encodeBase64(await digest(hash, data), true)

export const digestTextNow: CryptoBackend['digestTextNow'] = (hash, data) => {
  const now = { 'sha-256': nobleSha256, 'sha-384': nobleSha384, 'sha-512': nobleSha512 }[hash]
  return encodeBase64(now(toBytes(data)), true)
}

export const sha256 = (data: Uint8Array): Uint8Array => nobleSha256(data)

export const hmacSha256 = async (key: Uint8Array, data: Uint8Array): Promise<Uint8Array> => {
  const imported = await crypto.subtle.importKey('raw', key as Bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, data as Bytes))
}

export const importPublicKey: CryptoBackend['importPublicKey'] = async (key, algorithm, curves) => {
  const own = curves?.importPublicKey(key, algorithm)
  if (own !== undefined) return own
  if (key.crv === 'Ed25519') refuseWeakKey(decodeBase64(key.x, true))
  try {
    const handle = await crypto.subtle.importKey('jwk', key, parameters(algorithm), true, ['verify'])
    return {
      algorithm,
      jwk: key,
      verify: (data, signature) =>
        crypto.subtle.verify(parameters(algorithm), handle, signature as Bytes, data as Bytes),
    }
  } catch {
    throw new VidimusError('key_invalid', { at: key.crv })
  }
}

export const verifySignature: CryptoBackend['verifySignature'] = ({ algorithm, verify }, data, signature) =>
  signature.length === algorithm.signatureBytes && verify(toBytes(data), signature)

export const verifyRsaSignature: CryptoBackend['verifyRsaSignature'] = async (spki, scheme, data, signature) => {
  const name = scheme.pss === undefined ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS'
  const key = await crypto.subtle
    .importKey('spki', spki as Bytes, { name, hash: scheme.hash }, true, ['verify'])
    .catch(() => {
      throw new VidimusError('key_invalid', { at: 'RSA' })
    })
  const { modulusLength, publicExponent } = key.algorithm as RsaKeyAlgorithm
  const exponent = publicExponent.reduce((value, octet) => value * 256n + BigInt(octet), 0n)
  refuseWeakRsaKey(modulusLength, exponent)
  if (!saltFits(scheme, modulusLength)) return false
  return crypto.subtle.verify({ name, ...scheme.pss }, key, signature as Bytes, data as Bytes)
}

export const readsPrivateKeys = false

export const importPrivateKey: CryptoBackend['importPrivateKey'] = (key, algorithm) => ({ algorithm, handle: key })

export const sign = async (key: PrivateKey, data: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign(parameters(key.algorithm), key.handle as CryptoKey, data as Bytes))

export const importAgreementKey: CryptoBackend['importAgreementKey'] = async (
  { kty, crv, x, y = '', d },
  algorithm,
) => ({
  algorithm,
  handle: await importForAgreement({ kty, crv, x, y, d }, false, ['deriveBits']),
})

export const agree: CryptoBackend['agree'] = async ({ algorithm, handle }, { kty, crv, x, y = '' }) => {
  const peer = await importForAgreement({ kty, crv, x, y }, true, [])
  const bits = 8 * algorithm.coordinateBytes
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, handle as CryptoKey, bits))
}

const importForAgreement = (
  jwk: KeyMembers | PrivateKeyMembers,
  extractable: boolean,
  usages: KeyUsage[],
): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: jwk.crv }, extractable, usages).catch(() => {
    throw new VidimusError('key_invalid', { at: jwk.crv })
  })

export const encodeBase64: CryptoBackend['encodeBase64'] = (bytes, url) => {
  const slice = 0x8000
  let binary = ''
  for (let from = 0; from < bytes.length; from += slice)
    // Not spread, for that walks the bytes one by one.
    binary += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(from, from + slice))
  const text = btoa(binary)
  return url ? text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') : text
}

export const encodeBase64Text: CryptoBackend['encodeBase64Text'] = text =>
  encodeBase64(new TextEncoder().encode(text), true)

export const decodeBase64: CryptoBackend['decodeBase64'] = (text, url) => {
  try {
    const binary = atob(url ? text.replaceAll('-', '+').replaceAll('_', '/') : text)
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index)
    // White space, missing padding and left-over bits are forgiven; writing it again forgives nothing.
    return encodeBase64(bytes, url) === text ? bytes : undefined
  } catch {
    return undefined
  }
}

/** The platforms have no shorter way. */
export const decodeBase64Text: CryptoBackend['decodeBase64Text'] = () => undefined

export const inflate: CryptoBackend['inflate'] = async (data, limit) => {
  const bytes = await inflateStream(data, limit)
  // A stream that is still whole without its last byte is followed by something.
  if ((await overlooksWhatFollows()) && (await endsWhole(data.subarray(0, -1), limit)))
    throw new VidimusError('inflate_invalid')
  return bytes
}

const endsWhole = (data: Uint8Array, limit: number): Promise<boolean> =>
  inflateStream(data, limit).then(
    () => true,
    () => false,
  )

let overlooking: Promise<boolean> | undefined

/** Whether this platform takes bytes after the stream in silence, which the Compression Streams standard forbids. */
const overlooksWhatFollows = (): Promise<boolean> =>
  (overlooking ??= endsWhole(Uint8Array.of(0x78, 0x9c, 0x03, 0, 0, 0, 0, 1, 0), 0))

async function inflateStream(data: Uint8Array, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = pipe(data, new DecompressionStream('deflate')).getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new VidimusError('inflate_invalid')
    })
    if (done) return joined(parts, length)
    length += value.length
    if (length > limit) {
      await reader.cancel().catch(() => undefined)
      throw new VidimusError('limit_exceeded', {
        at: 'inflate',
        expected: limit,
      })
    }
    parts.push(value)
  }
}

export { gunzip } from './gunzip.js'

export const deflate: CryptoBackend['deflate'] = async (data, { wrapper = 'zlib' } = {}) => {
  const format = wrapper === 'zlib' ? 'deflate' : wrapper
  return new Uint8Array(await new Response(pipe(data, new CompressionStream(format))).arrayBuffer())
}

/** Fed in slices, so that a stream which grows a thousandfold is stopped before much of it exists. */
function pipe(data: Uint8Array, transform: CompressionStream | DecompressionStream): ReadableStream<Uint8Array> {
  const slice = 16 * 1024
  let offset = 0
  const source = new ReadableStream<BufferSource>({
    pull(controller) {
      if (offset >= data.length) return controller.close()
      controller.enqueue(data.slice(offset, (offset += slice)) as Bytes)
    },
  })
  return source.pipeThrough(transform)
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** To import a key and to use it: each takes of these what it knows. Names are compared without their case (Web Cryptography §18.4.4). */
const parameters = ({ crv, hash }: Algorithm) => (hash === undefined ? crv : { name: 'ECDSA', namedCurve: crv, hash })
