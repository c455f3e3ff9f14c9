import * as jose from 'jose'
import { describe, expect, it } from 'vitest'
import { agreeWith, readAgreementKey } from '../../src/core/agreement.js'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64url } from '../../src/core/bytes.js'
import type { Jwk, PublicJwk } from '../../src/core/jwk.js'
import { generateSigner, importSigner } from '../../src/core/keys.js'
import { outcomeOf, refusalOf, toHex } from './support.js'

const curves = [
  ['ES256', 'P-256', 32],
  ['ES384', 'P-384', 48],
  ['ES512', 'P-521', 66],
] as const

async function privateJwk(crv: string): Promise<jose.JWK> {
  const { privateKey } = await jose.generateKeyPair('ECDH-ES', { crv, extractable: true })
  return jose.exportJWK(privateKey)
}

const reader = (jwk: unknown) => readAgreementKey(jwk as Jwk, 'readerKey')

describe.each(curves)('agreement for %s', (alg, crv, bytes) => {
  it('gives both sides the same secret, in the length of the field', async () => {
    const [device, verifier] = [await generateSigner(alg), await reader(await privateJwk(crv))]
    const secret = await device.agree!(verifier.publicJwk)
    expect(secret.length).toBe(bytes)
    expect(Object.getPrototypeOf(secret)).toBe(Uint8Array.prototype)
    expect(toHex(await verifier.agree(device.publicJwk))).toBe(toHex(secret))
    expect(toHex(await device.agree!(device.publicJwk))).not.toBe(toHex(secret))
  })

  it('is what the platform derives, leading zeros and all', async () => {
    const own = await privateJwk(crv)
    const signer = await importSigner(own)
    for (let round = 0; round < 8; round++) {
      const theirs = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: crv }, true, ['deriveBits'])
      const jwk = (await crypto.subtle.exportKey('jwk', theirs.publicKey)) as PublicJwk
      const ours = await crypto.subtle.importKey('jwk', own, { name: 'ECDH', namedCurve: crv }, false, ['deriveBits'])
      const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs.publicKey }, ours, 8 * bytes)
      expect(toHex(await signer.agree!(jwk))).toBe(toHex(new Uint8Array(shared)))
    }
  })

  it.each<[string, (peer: PublicJwk) => object]>([
    ['off the curve', peer => ({ ...peer, y: peer.x })],
    ['at infinity, as two zeros', peer => ({ ...peer, x: zeros(bytes), y: zeros(bytes) })],
    ['beyond the field', peer => ({ ...peer, x: base64url(new Uint8Array(bytes).fill(0xff)) })],
    ['with a coordinate cut short', peer => ({ ...peer, x: base64url(new Uint8Array(bytes - 1)) })],
    ['with one coordinate', ({ kty, crv, x }) => ({ kty, crv, x })],
    ['that says it is on another curve', peer => ({ ...peer, crv: crv === 'P-256' ? 'P-384' : 'P-256' })],
    ['that says it is on a curve of Edwards', peer => ({ ...peer, crv: 'Ed25519' })],
    ['on a curve that nobody knows', peer => ({ ...peer, crv: 'secp256k1' })],
  ])('has no peer %s', async (_, harm) => {
    const { publicJwk } = await generateSigner(alg)
    const peer = harm(publicJwk) as PublicJwk
    expect(await outcomeOf(async () => (await generateSigner(alg)).agree!(peer))).toBe('key_invalid')
    expect(await outcomeOf(async () => (await reader(await privateJwk(crv))).agree(peer))).toBe('key_invalid')
  })

  it('has no peer on the other curves', async () => {
    const signer = await generateSigner(alg)
    for (const [other] of curves.filter(([name]) => name !== alg)) {
      const { publicJwk } = await generateSigner(other)
      expect(await refusalOf(() => signer.agree!(publicJwk))).toMatchObject({ code: 'key_invalid', at: 'crv' })
    }
  })
})

const zeros = (length: number) => base64url(new Uint8Array(length))

it('is not offered on Ed25519', async () => {
  for (const alg of ['EdDSA', 'Ed25519'] as const) expect(await generateSigner(alg)).not.toHaveProperty('agree')
})

it('is not made with the private key of another point', async () => {
  const [jwk, other] = [await generatedMembers(), await generatedMembers()]
  const algorithm = algorithmOfCurve('P-256')
  expect(await outcomeOf(() => agreeWith(jwk, algorithm))).toBe('accepted')
  expect(await outcomeOf(() => agreeWith({ ...jwk, d: other.d }, algorithm))).toBe('key_invalid')
})

async function generatedMembers() {
  const { crv = '', x = '', y = '', d = '' } = await privateJwk('P-256')
  return { kty: 'EC', crv, x, y, d }
}

describe("a reader's key", () => {
  it('shows its public half alone, and cannot be changed', async () => {
    const { d: _, ...publicJwk } = await privateJwk('P-256')
    const key = await reader({ ...publicJwk, d: _, kid: 'r' })
    expect(key.publicJwk).toEqual({ ...publicJwk, kid: 'r' })
    expect(Object.keys(key).sort()).toEqual(['agree', 'publicJwk'])
    expect(Object.isFrozen(key) && Object.isFrozen(key.publicJwk)).toBe(true)
  })

  it.each<[string, object]>([
    ['use', { use: 'enc' }],
    ['deriveBits', { key_ops: ['deriveBits'] }],
    ['deriveKey', { key_ops: ['deriveKey', 'deriveBits'] }],
    ['alg', { alg: 'ECDH-ES' }],
    ['alg with wrapping', { alg: 'ECDH-ES+A256KW' }],
  ])('may say what it is for: %s', async (_, members) => {
    expect((await reader({ ...(await privateJwk('P-256')), ...members })).publicJwk.crv).toBe('P-256')
  })

  it.each<[string, (jwk: jose.JWK, other: jose.JWK) => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['text', jwk => JSON.stringify(jwk)],
    ['an empty object', () => ({})],
    ['a public key', ({ d: _, ...jwk }) => jwk],
    ['a private member that is no text', jwk => ({ ...jwk, d: 5 })],
    ['an empty private member', jwk => ({ ...jwk, d: '' })],
    ['a private member cut short', jwk => ({ ...jwk, d: jwk.d!.slice(0, 20) })],
    ['a private member with zeros before it', jwk => ({ ...jwk, d: `AAAA${jwk.d}` })],
    ['a private member that is no base64url', jwk => ({ ...jwk, d: `${jwk.d!.slice(0, -1)}*` })],
    ['a private member with padding', jwk => ({ ...jwk, d: `${jwk.d}=` })],
    ['a private member of zero', jwk => ({ ...jwk, d: zeros(32) })],
    ['a private member beyond the order', jwk => ({ ...jwk, d: base64url(new Uint8Array(32).fill(0xff)) })],
    ['the private member of another key', (jwk, other) => ({ ...jwk, d: other.d })],
    ['a point off the curve', jwk => ({ ...jwk, y: jwk.x })],
    ['no x', ({ x: _, ...jwk }) => jwk],
    ['no y', ({ y: _, ...jwk }) => jwk],
    ['a key on secp256k1', jwk => ({ ...jwk, crv: 'secp256k1' })],
    ['a key on Ed25519', ({ x, d }) => ({ kty: 'OKP', crv: 'Ed25519', x, d })],
    ['a key on X25519', ({ x, d }) => ({ kty: 'OKP', crv: 'X25519', x, d })],
    ['a symmetric key', ({ d }) => ({ kty: 'oct', k: 'AAAA', d })],
    ['a key for signing by its use', jwk => ({ ...jwk, use: 'sig' })],
    ['a key for signing by its operations', jwk => ({ ...jwk, key_ops: ['sign'] })],
    ['a key for nothing', jwk => ({ ...jwk, key_ops: [] })],
    ['a key for signing by its algorithm', jwk => ({ ...jwk, alg: 'ES256' })],
    ['operations that are no list', jwk => ({ ...jwk, key_ops: 5 })],
    ['an algorithm that is no text', jwk => ({ ...jwk, alg: 5 })],
  ])('is misuse over %s', async (_, harm) => {
    const jwk = await privateJwk('P-256')
    const error = await reader(harm(jwk, await privateJwk('P-256'))).then(String, (thrown: Error) => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toMatch(/^`readerKey` /)
    expect((error as Error).message).not.toContain(jwk.d!.slice(0, 8))
  })
})
