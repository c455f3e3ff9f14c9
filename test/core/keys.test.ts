import * as jose from 'jose'
import { describe, expect, it } from 'vitest'
import { type AlgorithmName, algorithmNames } from '../../src/core/algorithms.js'
import { utf8 } from '../../src/core/bytes.js'
import { keyCache, thumbprint } from '../../src/core/jwk.js'
import { decodeJws, requireJwsAlgorithm, signJws, verifyJws } from '../../src/core/jws.js'
import { generateSigner, importSigner, type Signer, type SignerSource } from '../../src/core/keys.js'
import { readSigner } from '../../src/core/signer.js'
import { outcomeOf } from './support.js'

/** What the signer signs, its own public key verifies. */
async function holds(signer: Signer): Promise<string> {
  return outcomeOf(async () => {
    const jws = decodeJws(await signJws({}, {}, signer))
    const key = await keyCache().import(signer.publicJwk, requireJwsAlgorithm(jws, algorithmNames))
    await verifyJws(jws, key)
  })
}

async function privateJwk(alg: AlgorithmName): Promise<jose.JWK> {
  return jose.exportJWK((await jose.generateKeyPair(alg, { extractable: true })).privateKey)
}

describe('a generated signer', () => {
  it.each(algorithmNames)('signs with %s under its own thumbprint', async alg => {
    const signer = await generateSigner(alg)
    expect(signer.alg).toBe(alg)
    expect(signer.kid).toBe(await thumbprint(signer.publicJwk))
    expect(await holds(signer)).toBe('accepted')
  })

  it('shows nothing private, and cannot be changed', async () => {
    const signer = await generateSigner('ES256')
    expect(Object.keys(signer).sort()).toEqual(['agree', 'alg', 'kid', 'publicJwk', 'sign'])
    expect(Object.keys(signer.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y'])
    expect(Object.isFrozen(signer) && Object.isFrozen(signer.publicJwk)).toBe(true)
  })

  it('is a fresh one each time', async () => {
    expect((await generateSigner('ES256')).kid).not.toBe((await generateSigner('ES256')).kid)
  })

  it('takes a name and a certificate chain', async () => {
    const x5c = ['-----BEGIN CERTIFICATE-----', Uint8Array.of(0x30)]
    expect(await generateSigner('ES256', { kid: 'issuer-1', x5c })).toMatchObject({ kid: 'issuer-1', x5c })
  })

  it.each(['none', 'HS256', 'RS256', 'constructor', '', undefined])('is misuse for %j', async alg => {
    await expect(generateSigner(alg as AlgorithmName)).rejects.toThrow(/^`alg` /)
    await expect(generateSigner(alg as AlgorithmName)).rejects.toThrow(TypeError)
  })
})

describe('a signer on a brainpool curve', () => {
  const brainpool = ['ESB256', 'ESB320', 'ESB384', 'ESB512'] as const

  it.each(brainpool)('is not made here for %s, and the error says how to have one', async alg => {
    const told = `\`alg\` must be one of ES256, ES384, ES512, EdDSA, Ed25519; for ${alg}, implement Signer over the key`
    await expect(generateSigner(alg)).rejects.toThrow(new TypeError(told))
    await expect(importSigner(await privateJwk('ES256'), { alg })).rejects.toThrow(new TypeError(told))
  })

  it('is not imported', async () => {
    const jwk = { ...(await privateJwk('ES256')), crv: 'brainpoolP256r1' }
    await expect(importSigner(jwk)).rejects.toThrow(/^`key` must be a public JWK on a supported curve/)
    await expect(importSigner(jwk)).rejects.toThrow(TypeError)
  })

  it.each(brainpool)('of the caller is a signer for %s', async alg => {
    const { publicJwk, sign } = await generateSigner('ES256')
    const device: Signer = { alg, kid: 'slot-9', publicJwk, sign }
    expect(await readSigner(device)).toBe(device)
  })

  it('signs no JWS', async () => {
    const { publicJwk, sign } = await generateSigner('ES256')
    await expect(signJws({}, {}, { alg: 'ESB256', kid: 'k', publicJwk, sign })).rejects.toThrow(TypeError)
  })
})

describe('an imported signer', () => {
  it.each(algorithmNames)('signs with a private JWK for %s', async alg => {
    const signer = await importSigner(await privateJwk(alg), { alg })
    expect(signer.alg).toBe(alg)
    expect(signer.publicJwk).not.toHaveProperty('d')
    expect(await holds(signer)).toBe('accepted')
  })

  it.each(algorithmNames)('signs with a CryptoKey for %s', async alg => {
    const { privateKey } = await jose.generateKeyPair(alg, { extractable: true })
    const signer = await importSigner(privateKey as CryptoKey, { alg })
    expect(signer.alg).toBe(alg)
    expect(await holds(signer)).toBe('accepted')
  })

  it('takes its algorithm from the options, else the key, else the curve', async () => {
    const jwk = await privateJwk('EdDSA')
    expect((await importSigner(jwk)).alg).toBe('EdDSA')
    expect((await importSigner({ ...jwk, alg: 'Ed25519' })).alg).toBe('Ed25519')
    expect((await importSigner({ ...jwk, alg: 'Ed25519' }, { alg: 'EdDSA' })).alg).toBe('EdDSA')
    expect((await importSigner(await privateJwk('ES384'))).alg).toBe('ES384')
  })

  it('takes its name from the options, else the key, else the thumbprint', async () => {
    const jwk = { ...(await privateJwk('ES256')), kid: 'mine' }
    expect((await importSigner(jwk)).kid).toBe('mine')
    expect((await importSigner(jwk, { kid: 'other' })).kid).toBe('other')
    expect((await importSigner(jwk, { kid: undefined })).kid).toBe('mine')
    const { kid: _, ...unnamed } = jwk
    const signer = await importSigner(unnamed)
    expect(signer.kid).toBe(await thumbprint(signer.publicJwk))
  })

  it('keeps its certificate chain', async () => {
    const jwk = await privateJwk('ES256')
    expect((await importSigner(jwk, { x5c: ['pem'] })).x5c).toEqual(['pem'])
    expect(await importSigner(jwk)).not.toHaveProperty('x5c')
  })

  it('takes a key that says it is for signing', async () => {
    const jwk = await privateJwk('ES256')
    expect(await holds(await importSigner({ ...jwk, use: 'sig', key_ops: ['sign'] }))).toBe('accepted')
  })

  it.each<[string, (jwk: jose.JWK, other: jose.JWK) => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['text', jwk => JSON.stringify(jwk)],
    ['an empty object', () => ({})],
    ['a public key', ({ d: _, ...jwk }) => jwk],
    ['a private member that is no text', jwk => ({ ...jwk, d: 5 })],
    ['a private member cut short', jwk => ({ ...jwk, d: jwk.d!.slice(0, 20) })],
    ['a private member that is no base64url', jwk => ({ ...jwk, d: `${jwk.d!.slice(0, -1)}*` })],
    ['the private member of another key', (jwk, other) => ({ ...jwk, d: other.d })],
    ['the public point of another key', (jwk, other) => ({ ...other, d: jwk.d })],
    ['a point off the curve', jwk => ({ ...jwk, y: jwk.x })],
    ['a key on secp256k1', jwk => ({ ...jwk, crv: 'secp256k1' })],
    ['an RSA key', () => ({ kty: 'RSA', n: 'AAAA', e: 'AQAB', d: 'AAAA' })],
    ['a symmetric key', () => ({ kty: 'oct', k: 'AAAA', d: 'AAAA' })],
    ['a key for another algorithm', jwk => ({ ...jwk, alg: 'ES384' })],
    ['a key for agreement', jwk => ({ ...jwk, alg: 'ECDH-ES' })],
    ['a key for encryption', jwk => ({ ...jwk, use: 'enc' })],
    ['a key for deriving', jwk => ({ ...jwk, key_ops: ['deriveBits'] })],
    ['a name that is a number', jwk => ({ ...jwk, kid: 7 })],
  ])('is misuse over %s', async (_, harm) => {
    const jwk = await privateJwk('ES256')
    const work = importSigner(harm(jwk, await privateJwk('ES256')) as Signer['publicJwk'])
    const error = await work.then(String, (thrown: Error) => thrown)
    expect(error).toBeInstanceOf(TypeError)
    expect((error as Error).message).toMatch(/`(key|alg|kid)`/)
    expect((error as Error).message).not.toContain(jwk.d!.slice(0, 8))
  })

  it('on Ed25519 is misuse over the private member of another key', async () => {
    const [jwk, other] = [await privateJwk('Ed25519'), await privateJwk('Ed25519')]
    await expect(importSigner({ ...jwk, d: other.d })).rejects.toThrow(TypeError)
  })

  it('is misuse over a CryptoKey that does not sign, or cannot be exported', async () => {
    const { publicKey } = await jose.generateKeyPair('ES256')
    const { privateKey } = await jose.generateKeyPair('ES256', { extractable: false })
    const agreement = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    for (const key of [publicKey, privateKey, agreement.privateKey])
      await expect(importSigner(key as CryptoKey)).rejects.toThrow(/^`key` /)
  })

  it('is misuse for an algorithm of another curve', async () => {
    await expect(importSigner(await privateJwk('ES256'), { alg: 'EdDSA' })).rejects.toThrow(
      '`alg` EdDSA does not go with P-256',
    )
    await expect(importSigner(await privateJwk('ES256'), { alg: 'none' as AlgorithmName })).rejects.toThrow(TypeError)
  })
})

describe('a source of signers', () => {
  it('is a signer, or a function that returns one, at once or later', async () => {
    const signer = await generateSigner('ES256')
    expect(await readSigner(signer)).toBe(signer)
    expect(await readSigner(() => signer)).toBe(signer)
    expect(await readSigner(async () => signer)).toBe(signer)
  })

  it('may be a device of the caller', async () => {
    const inside = await generateSigner('ES256')
    const device = { alg: 'ES256', kid: 'slot-9', publicJwk: inside.publicJwk, sign: inside.sign } as const
    expect(await holds(await readSigner(device))).toBe('accepted')
    expect((await device.sign(utf8('x'))).length).toBe(64)
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a JWK', { kty: 'EC' }],
    ['no sign', { alg: 'ES256', kid: 'k' }],
    ['no algorithm', { kid: 'k', sign: () => new Uint8Array() }],
    ['an algorithm of no table', { alg: 'HS256', kid: 'k', sign: () => new Uint8Array() }],
    ['no kid', { alg: 'ES256', sign: () => new Uint8Array() }],
    ['a function that returns none', () => undefined],
  ])('is misuse: %s', async (_, source) => {
    await expect(readSigner(source as SignerSource, 'logSigner')).rejects.toThrow(/^`logSigner` /)
    await expect(readSigner(source as SignerSource)).rejects.toThrow(/^`signer` /)
    await expect(readSigner(source as SignerSource)).rejects.toThrow(TypeError)
  })
})
