/** Keys and signatures on the brainpool curves: Node's own, and elsewhere those of `vidimus/brainpool`. */
import { describe, expect, it } from 'vitest'
import { verifySignature } from '#crypto'
import { brainpool } from '../../src/brainpool/curves.js'
import { type Algorithm, algorithmNamed, algorithmOfCurve, type HashName } from '../../src/core/algorithms.js'
import { base64url, utf8 } from '../../src/core/bytes.js'
import type { KeyMembers } from '../../src/core/crypto/backend.js'
import { keyCache, readPublicJwk, thumbprint } from '../../src/core/jwk.js'
import vectors from '../vectors/brainpool-own/signatures.json' with { type: 'json' }
import { fromHex, outcomeOf } from './support.js'

const keys = keyCache(100, brainpool)
const importing = (jwk: KeyMembers, algorithm = algorithmOfCurve(jwk.crv)) => keys.import(jwk, algorithm)

async function verifies(jwk: KeyMembers, signature: Uint8Array, { data = utf8('signed'), hash = '' } = {}) {
  const row = algorithmOfCurve(jwk.crv)
  const algorithm: Algorithm = hash === '' ? row : { ...row, hash: hash as HashName }
  return verifySignature(await importing(jwk, algorithm), data, signature)
}

const hexOf = (value: bigint, bytes: number) => value.toString(16).padStart(2 * bytes, '0')

describe.each(vectors)('on $crv', ({ crv, x, y, order, message, signatures }) => {
  const jwk = { kty: 'EC', crv, x, y }
  const { hash, coordinateBytes: bytes } = algorithmOfCurve(crv)
  const signature = fromHex(signatures[hash!])
  const n = BigInt(`0x${order}`)

  it('a signature holds, over bytes or text, and over nothing else', async () => {
    expect(await verifies(jwk, signature)).toBe(true)
    expect(await verifySignature(await importing(jwk), message, signature)).toBe(true)
    expect(await verifies(jwk, signature, { data: utf8('Signed') })).toBe(false)
  })

  it('a signature holds with the hash that a certificate names, and no other', async () => {
    for (const [named, hex] of Object.entries(signatures))
      for (const other of Object.keys(signatures))
        expect(await verifies(jwk, fromHex(hex), { hash: other })).toBe(named === other)
  })

  it('a signature holds with a low s and with a high one', async () => {
    const r = signatures[hash!].slice(0, 2 * bytes)
    const s = BigInt(`0x${signatures[hash!].slice(2 * bytes)}`)
    for (const value of [s, n - s]) expect(await verifies(jwk, fromHex(r + hexOf(value, bytes)))).toBe(true)
  })

  it('a signature of another length is false, and no exception', async () => {
    for (const length of [0, 1, 2 * bytes - 1, 2 * bytes + 1, 500])
      expect(await verifies(jwk, new Uint8Array(length).fill(1))).toBe(false)
    expect(await verifies(jwk, Uint8Array.of(...signature, 0))).toBe(false)
    expect(await verifies(jwk, signature.subarray(0, -1))).toBe(false)
  })

  it('r and s stand between 1 and the order', async () => {
    const [r, s] = [signatures[hash!].slice(0, 2 * bytes), signatures[hash!].slice(2 * bytes)]
    for (const value of [0n, n, 2n ** BigInt(8 * bytes) - 1n]) {
      expect(await verifies(jwk, fromHex(r + hexOf(value, bytes)))).toBe(false)
      expect(await verifies(jwk, fromHex(hexOf(value, bytes) + s))).toBe(false)
    }
  })

  it('a signature with any byte changed does not hold', async () => {
    for (let index = 0; index < signature.length; index++) {
      const changed = signature.map((octet, at) => (at === index ? octet ^ 1 : octet))
      expect(await verifies(jwk, changed)).toBe(false)
    }
  })

  it.each<[string, object]>([
    ['off the curve', { y: x }],
    ['at infinity, as two zeros', { x: base64url(new Uint8Array(bytes)), y: base64url(new Uint8Array(bytes)) }],
    ['beyond the field', { x: base64url(new Uint8Array(bytes).fill(0xff)) }],
    ['too short', { x: base64url(new Uint8Array(bytes - 1)) }],
    ['too long', { y: base64url(new Uint8Array(bytes + 1)) }],
    ['without y', { y: undefined }],
  ])('a point is no key %s', async (_, harm) => {
    expect(await outcomeOf(() => importing({ ...jwk, ...harm }))).toBe('key_invalid')
  })

  it('a key is for COSE, and no JOSE credential binds to it', () => {
    expect(readPublicJwk(jwk, 'cose')).toEqual(jwk)
    expect(() => readPublicJwk(jwk)).toThrow('key_invalid (crv)')
    expect(() => readPublicJwk(jwk, 'jose')).toThrow('key_invalid (crv)')
    expect(readPublicJwk({ ...jwk, alg: algorithmOfCurve(crv).name }, 'cose')).toEqual(jwk)
    expect(() => readPublicJwk({ ...jwk, alg: 'ES256' }, 'cose')).toThrow('key_invalid (alg)')
  })

  it('a key goes with the algorithms of its own curve alone', async () => {
    for (const other of ['P-256', 'brainpoolP256r1', 'brainpoolP512r1'].filter(name => name !== crv))
      expect(await outcomeOf(() => importing(jwk, algorithmOfCurve(other)))).toBe('alg_not_allowed')
  })

  it('a key has a thumbprint of its own', async () => {
    expect(await thumbprint(jwk)).toMatch(/^[\w-]{43}$/)
    expect(await thumbprint(jwk)).not.toBe(await thumbprint({ ...jwk, crv: 'P-256' }))
  })

  it('a key is imported once for one hash', async () => {
    const algorithm = algorithmOfCurve(crv)
    const first = await importing(jwk)
    expect(await importing({ ...jwk })).toBe(first)
    const other = hash === 'sha-512' ? 'sha-256' : 'sha-512'
    expect((await importing(jwk, { ...algorithm, hash: other })).algorithm.hash).toBe(other)
    expect(await importing(jwk)).toBe(first)
  })
})

it('the curves handed in are these four with ECDSA, and leave all else to the platform', () => {
  const p256 = { kty: 'EC', crv: 'P-256', x: '', y: '' }
  expect(brainpool.importPublicKey(p256, algorithmNamed('ES256')!)).toBe(undefined)
  const [{ crv, x, y }] = vectors as [(typeof vectors)[number]]
  const unhashed = { ...algorithmOfCurve(crv), hash: undefined }
  expect(brainpool.importPublicKey({ kty: 'EC', crv, x, y }, unhashed)).toBe(undefined)
  const twisted = { ...p256, crv: 'brainpoolP256t1' }
  expect(brainpool.importPublicKey(twisted, algorithmNamed('ES256')!)).toBe(undefined)
})
