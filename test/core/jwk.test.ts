import * as jose from 'jose'
import { describe, expect, it } from 'vitest'
import { type AlgorithmName, algorithmNamed, algorithmNames, algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64url, fromBase64url } from '../../src/core/bytes.js'
import { bareObject } from '../../src/core/json.js'
import { expectPublicJwk, keyCache, type PublicJwk, readPublicJwk, sameKey, thumbprint } from '../../src/core/jwk.js'
import { generateSigner } from '../../src/core/keys.js'
import { fromHex, outcome, outcomeOf, thrownBy, toHex } from './support.js'

const keyFor = async (alg: AlgorithmName) => (await generateSigner(alg)).publicJwk
const p256 = await keyFor('ES256')
const p384 = await keyFor('ES384')
const ed25519 = await keyFor('EdDSA')

const importing = (jwk: object) => {
  const read = readPublicJwk(jwk)
  return keyCache().import(read, algorithmOfCurve(read.crv))
}

describe('a public key from outside', () => {
  it.each(algorithmNames)('for %s is read with the members that matter', async alg => {
    const jwk = await keyFor(alg)
    const others = { use: 'sig', key_ops: ['verify'], alg, x5c: ['AA=='], x5u: 'https://a.example', ext: true }
    expect(readPublicJwk({ ...jwk, ...others, kid: 'k' })).toEqual({ ...jwk, kid: 'k' })
    expect(await outcomeOf(() => importing(jwk))).toBe('accepted')
  })

  it('may be an object without prototype', () => {
    expect(readPublicJwk(Object.assign(bareObject(), p256))).toEqual(p256)
  })

  it('is read once, so that it cannot be on two curves', () => {
    const curves = ['P-256', 'P-384']
    const jwk = Object.defineProperty({ ...p256 }, 'crv', { get: () => curves.shift() })
    expect(readPublicJwk(jwk)).toEqual(p256)
    expect(curves).toEqual(['P-384'])
  })

  it.each<[string, unknown, string, string | undefined]>([
    ['nothing', undefined, 'key_invalid', undefined],
    ['null', null, 'key_invalid', undefined],
    ['text', JSON.stringify(p256), 'key_invalid', undefined],
    ['a list', [p256], 'key_invalid', 'crv'],
    ['an empty object', {}, 'key_invalid', 'crv'],
    ['a private key', { ...p256, d: p256.x }, 'key_invalid', 'd'],
    ['a private key on Ed25519', { ...ed25519, d: ed25519.x }, 'key_invalid', 'd'],
    ['a key with an empty private member', { ...p256, d: '' }, 'key_invalid', 'd'],
    ['a key with a private member that is null', { ...p256, d: null }, 'key_invalid', 'd'],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'key_invalid', 'crv'],
    ['an RSA key', { kty: 'RSA', n: 'AAAA', e: 'AQAB' }, 'key_invalid', 'crv'],
    ['a key on secp256k1', { ...p256, crv: 'secp256k1' }, 'key_invalid', 'crv'],
    ['a key for agreement', { ...ed25519, crv: 'X25519' }, 'key_invalid', 'crv'],
    ['a key on a curve that JOSE does not have', { ...p256, crv: 'brainpoolP256r1' }, 'key_invalid', 'crv'],
    ['a key for an algorithm of COSE on another curve', { ...p256, alg: 'ESB256' }, 'key_invalid', 'alg'],
    ['a curve in lower case', { ...p256, crv: 'p-256' }, 'key_invalid', 'crv'],
    ['a curve that is a list', { ...p256, crv: ['P-256'] }, 'key_invalid', 'crv'],
    ['a curve named like a member of every object', { ...p256, crv: 'constructor' }, 'key_invalid', 'crv'],
    ['no key type', { ...p256, kty: undefined }, 'key_invalid', 'kty'],
    ['the other key type', { ...p256, kty: 'OKP' }, 'key_invalid', 'kty'],
    ['the other key type on Ed25519', { ...ed25519, kty: 'EC' }, 'key_invalid', 'kty'],
    ['a key for encryption', { ...p256, use: 'enc' }, 'key_invalid', 'use'],
    ['a use in capitals', { ...p256, use: 'SIG' }, 'key_invalid', 'use'],
    ['a use that is null', { ...p256, use: null }, 'key_invalid', 'use'],
    ['a key for signing alone', { ...p256, key_ops: ['sign'] }, 'key_invalid', 'key_ops'],
    ['a key for nothing', { ...p256, key_ops: [] }, 'key_invalid', 'key_ops'],
    ['operations that are text', { ...p256, key_ops: 'verify' }, 'key_invalid', 'key_ops'],
    ['a key for another algorithm', { ...p256, alg: 'ES384' }, 'key_invalid', 'alg'],
    ['a key for an agreement', { ...p256, alg: 'ECDH-ES' }, 'key_invalid', 'alg'],
    ['a key for none', { ...p256, alg: 'none' }, 'key_invalid', 'alg'],
    ['an algorithm that is null', { ...p256, alg: null }, 'key_invalid', 'alg'],
    ['an identifier that is a number', { ...p256, kid: 7 }, 'key_invalid', 'kid'],
    ['no x', { ...p256, x: undefined }, 'key_invalid', 'x'],
    ['no y', { ...p256, y: undefined }, 'key_invalid', 'y'],
    ['x that is a number', { ...p256, x: 7 }, 'key_invalid', 'x'],
    ['y that is a boolean, as a compressed point', { ...p256, y: true }, 'key_invalid', 'y'],
    ['y on Ed25519', { ...ed25519, y: ed25519.x }, 'key_invalid', 'y'],
    ['empty x', { ...p256, x: '' }, 'key_invalid', 'x'],
    ['x that is too short', { ...p256, x: base64url(new Uint8Array(31)) }, 'key_invalid', 'x'],
    ['x that is too long', { ...p256, x: base64url(new Uint8Array(33)) }, 'key_invalid', 'x'],
    ['y of another curve', { ...p256, y: p384.y }, 'key_invalid', 'y'],
    ['x too short on Ed25519', { ...ed25519, x: base64url(new Uint8Array(31)) }, 'key_invalid', 'x'],
    ['x with padding', { ...p256, x: `${p256.x}=` }, 'encoding_invalid', 'x'],
    ['x with a space', { ...p256, x: ` ${p256.x}` }, 'encoding_invalid', 'x'],
    ['x with left-over bits', { ...p256, x: p256.x.slice(0, -1) + leftOver(p256.x) }, 'encoding_invalid', 'x'],
    ['y in base64', { ...p256, y: `+${p256.y?.slice(1)}` }, 'encoding_invalid', 'y'],
  ])('is not %s', (_, jwk, code, at) => {
    expect(thrownBy(() => readPublicJwk(jwk))).toMatchObject({ code, at })
  })

  it('is never quoted', () => {
    const secret = 'c2VjcmV0LXByaXZhdGUta2V5'
    for (const jwk of [
      { ...p256, d: secret },
      { ...p256, x: secret },
      { ...p256, crv: secret },
      { ...p256, alg: secret },
    ])
      expect(thrownBy(() => readPublicJwk(jwk)).message).not.toContain(secret)
  })
})

/** The last letter with one of its spare bits set. */
function leftOver(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return alphabet[alphabet.indexOf(text.at(-1)!) + 1]!
}

describe("the caller's own public key", () => {
  it('is read alike', () => {
    expect(expectPublicJwk({ ...p256, use: 'sig' }, 'holderKey')).toEqual(p256)
  })

  it('is on a curve of JOSE unless it is for COSE', () => {
    const jwk = { ...p256, crv: 'brainpoolP256r1' }
    expect(expectPublicJwk(jwk, 'holderKey', 'cose')).toEqual(jwk)
    expect(() => expectPublicJwk(jwk, 'holderKey')).toThrow(TypeError)
    expect(expectPublicJwk(p256, 'holderKey', 'cose')).toEqual(p256)
  })

  it.each([undefined, {}, { ...p256, d: p256.x }, { ...p256, x: 'A' }])('is misuse when it is none', jwk => {
    expect(() => expectPublicJwk(jwk, 'holderKey')).toThrow(TypeError)
    expect(() => expectPublicJwk(jwk, 'holderKey')).toThrow(/^`holderKey` /)
  })
})

describe('a point', () => {
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
  const rootOfB = 0x66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4n
  const coordinate = (value: bigint) => base64url(fromHex(value.toString(16).padStart(64, '0')))
  const onP256 = (x: bigint, y: bigint) => ({ kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) })

  it('with x = 0 is on the curve', async () => {
    expect(await outcomeOf(() => importing(onP256(0n, rootOfB)))).toBe('accepted')
    expect(await outcomeOf(() => importing(onP256(0n, p - rootOfB)))).toBe('accepted')
  })

  it.each<[string, object]>([
    ['at infinity, as two zeros', onP256(0n, 0n)],
    ['off the curve', onP256(1n, 1n)],
    ['with a coordinate beyond the field', onP256(p, rootOfB)],
    ['with the other coordinate beyond the field', onP256(0n, 2n ** 256n - 1n)],
    ['with its coordinates exchanged', { ...p256, x: p256.y, y: p256.x }],
    ['of another key in part', { ...p256, y: coordinate(rootOfB) }],
    ['off P-384', { kty: 'EC', crv: 'P-384', x: base64url(new Uint8Array(48)), y: base64url(new Uint8Array(48)) }],
    ['off P-521', { kty: 'EC', crv: 'P-521', x: base64url(new Uint8Array(66)), y: base64url(new Uint8Array(66)) }],
  ])('is no key %s', async (_, jwk) => {
    expect(await outcomeOf(() => importing(jwk))).toBe('key_invalid')
  })

  it.each([
    // The eight points of small order with both signs, then encodings beyond p of the same.
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '0100000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000080',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ])('of Ed25519 is no key of small order, and has one encoding: %s', async hex => {
    expect(await outcomeOf(() => importing({ kty: 'OKP', crv: 'Ed25519', x: base64url(fromHex(hex)) }))).toBe(
      'key_invalid',
    )
  })

  it('of Ed25519 next to those is a key', async () => {
    for (const hex of [
      'ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '27e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '0300000000000000000000000000000000000000000000000000000000000000',
    ])
      expect(await outcomeOf(() => importing({ kty: 'OKP', crv: 'Ed25519', x: base64url(fromHex(hex)) }))).toBe(
        'accepted',
      )
  })
})

describe('a thumbprint', () => {
  it('is that of RFC 8037 §A.3', async () => {
    const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
    expect(await thumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  it.each(algorithmNames)('is what jose makes for %s, whatever else the key says', async alg => {
    const jwk = await keyFor(alg)
    expect(await thumbprint({ ...jwk, kid: 'k' } as PublicJwk)).toBe(await jose.calculateJwkThumbprint(jwk))
  })
})

describe('two keys', () => {
  it('are the same by their point and curve alone', () => {
    expect(sameKey(p256, { ...p256, kid: 'other' } as PublicJwk)).toBe(true)
    expect(sameKey(ed25519, { ...ed25519 })).toBe(true)
    expect(sameKey(p256, { ...p256, x: p256.y! })).toBe(false)
    expect(sameKey(p256, { ...p256, y: p256.x })).toBe(false)
    expect(sameKey(p256, { ...p256, crv: 'P-384' })).toBe(false)
    expect(sameKey(p256, { ...p256, kty: 'OKP' })).toBe(false)
    const { y: _, ...withoutY } = p256
    expect(sameKey(p256, withoutY)).toBe(false)
  })
})

describe('a cache of keys', () => {
  const es256 = algorithmNamed('ES256')!

  it('imports a key once', async () => {
    const cache = keyCache()
    const first = await cache.import(p256, es256)
    expect(await cache.import({ ...p256 }, es256)).toBe(first)
    expect(await cache.import(await keyFor('ES256'), es256)).not.toBe(first)
  })

  it('keeps a key apart from the one with the opposite point', async () => {
    const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
    const y = BigInt(`0x${toHex(fromBase64url(p256.y!))}`)
    const opposite = { ...p256, y: base64url(fromHex((p - y).toString(16).padStart(64, '0'))) }
    const cache = keyCache()
    expect(await cache.import(opposite, es256)).not.toBe(await cache.import(p256, es256))
  })

  it('keeps algorithms on one curve apart', async () => {
    const cache = keyCache()
    const one = await cache.import(ed25519, algorithmNamed('EdDSA')!)
    const other = await cache.import(ed25519, algorithmNamed('Ed25519')!)
    expect([one.algorithm.name, other.algorithm.name]).toEqual(['EdDSA', 'Ed25519'])
  })

  it('keeps hashes on one curve apart, for certificates choose their own', async () => {
    const cache = keyCache()
    const first = await cache.import(p256, es256)
    expect((await cache.import(p256, { ...es256, hash: 'sha-384' })).algorithm.hash).toBe('sha-384')
    expect(await cache.import(p256, es256)).toBe(first)
  })

  it('forgets the oldest beyond its size', async () => {
    const cache = keyCache(2)
    const keys = [p256, await keyFor('ES256'), await keyFor('ES256')] as const
    const first = await cache.import(keys[0], es256)
    const second = await cache.import(keys[1], es256)
    expect(await cache.import(keys[0], es256)).toBe(first)
    await cache.import(keys[2], es256)
    expect(await cache.import(keys[1], es256)).toBe(second)
    expect(await cache.import(keys[0], es256)).not.toBe(first)
  })

  it('takes a key for no algorithm of another curve', () => {
    for (const alg of ['ES384', 'EdDSA'] as const)
      expect(thrownBy(() => keyCache().import(p256, algorithmNamed(alg)!))).toMatchObject({
        code: 'alg_not_allowed',
        at: 'alg',
        expected: 'ES256',
        actual: alg,
      })
    expect(outcome(() => keyCache().import({ ...p256, kty: 'OKP' }, es256))).toBe('alg_not_allowed')
  })
})
