/** The Node back end on platforms that have less of `node:crypto`: Deno makes no ECDH on P-521, Bun and Deno no brainpool key. */
import { describe, expect, it, vi } from 'vitest'
import { brainpool } from '../../src/brainpool/curves.js'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { utf8 } from '../../src/core/bytes.js'
import { agree, importAgreementKey, importPublicKey, verifySignature } from '../../src/core/crypto/node.js'
import { generateSigner } from '../../src/core/keys.js'
import vectors from '../vectors/brainpool-own/signatures.json' with { type: 'json' }
import { fromHex } from './support.js'

const platform = process.getBuiltinModule('node:crypto')
const refused = () => {
  throw new Error('invalid curve')
}
const createPublicKey: typeof platform.createPublicKey = key =>
  (key as { readonly format?: string }).format === 'der' ? refused() : platform.createPublicKey(key)
const poorer = { ...platform, createECDH: vi.fn(refused), createPublicKey }

// The back end asks for the module when it first needs it.
vi.spyOn(process, 'getBuiltinModule').mockReturnValue(poorer)

const invalid = { name: 'VidimusError', code: 'key_invalid' }

const privateJwk = async (crv: string) => {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: crv }, true, ['deriveBits'])
  const { x, y, d } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv, x: x!, y: y!, d: d! }
}

describe('a platform without ECDH on a curve', () => {
  it.each(['P-256', 'P-384', 'P-521'])('agrees between key objects on %s', async crv => {
    const [one, other] = [await privateJwk(crv), await privateJwk(crv)]
    const secretOf = async (own: typeof one, peer: typeof one) =>
      agree(await importAgreementKey(own, algorithmOfCurve(crv)), peer)
    const secret = await secretOf(one, other)
    expect(secret).toEqual(await secretOf(other, one))
    expect(secret.length).toBe(algorithmOfCurve(crv).coordinateBytes)
    await expect(secretOf(one, { ...other, y: other.x })).rejects.toMatchObject(invalid)
    expect(poorer.createECDH).toHaveBeenCalled()
  })

  it('makes signers', async () => {
    expect((await generateSigner('ES512')).alg).toBe('ES512')
  })

  it('has no agreement on curves that it has not at all', async () => {
    const ed25519 = { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43), d: 'A'.repeat(43) }
    for (const jwk of [ed25519, { ...(await privateJwk('P-256')), crv: 'brainpoolP256r1' }])
      await expect(async () => importAgreementKey(jwk, algorithmOfCurve(jwk.crv))).rejects.toMatchObject(invalid)
  })
})

describe.each(vectors)('a platform without $crv', ({ crv, x, y, signatures }) => {
  const jwk = { kty: 'EC', crv, x, y }
  const algorithm = algorithmOfCurve(crv)
  const signature = fromHex(signatures[algorithm.hash!])

  it('verifies with the curve handed in', async () => {
    const key = await importPublicKey(jwk, algorithm, brainpool)
    expect(await verifySignature(key, utf8('signed'), signature)).toBe(true)
    expect(await verifySignature(key, 'signed', signature)).toBe(true)
    expect(await verifySignature(key, 'Signed', signature)).toBe(false)
  })

  it('refuses the key without it, and a point off the curve with it', async () => {
    await expect(async () => importPublicKey(jwk, algorithm)).rejects.toMatchObject(invalid)
    await expect(async () => importPublicKey({ ...jwk, y: x }, algorithm, brainpool)).rejects.toMatchObject(invalid)
  })
})
