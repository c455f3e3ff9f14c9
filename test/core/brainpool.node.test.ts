/** Signatures that OpenSSL makes on the brainpool curves, under either back end. */
import { createECDH, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { brainpool } from '../../src/brainpool/curves.js'
import { readAgreementKey } from '../../src/core/agreement.js'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64url, utf8 } from '../../src/core/bytes.js'
import * as node from '../../src/core/crypto/node.js'
import * as web from '../../src/core/crypto/web.js'
import type { Jwk, PublicJwk } from '../../src/core/jwk.js'
import type { Signer } from '../../src/core/keys.js'
import { readSigner } from '../../src/core/signer.js'
import { outcomeOf, toHex } from './support.js'

const curves = ['brainpoolP256r1', 'brainpoolP320r1', 'brainpoolP384r1', 'brainpoolP512r1']

function publicJwkOf(crv: string, publicKey: KeyObject): PublicJwk {
  const { coordinateBytes: bytes } = algorithmOfCurve(crv)
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
  return { kty: 'EC', crv, x: base64url(spki.slice(-2 * bytes, -bytes)), y: base64url(spki.slice(-bytes)) }
}

describe.each(curves)('on %s', crv => {
  const algorithm = algorithmOfCurve(crv)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: crv })
  const jwk = publicJwkOf(crv, publicKey)
  const signed = (data: Uint8Array) =>
    new Uint8Array(sign(algorithm.hash!.replace('-', ''), data, { key: privateKey, dsaEncoding: 'ieee-p1363' }))

  it('64 fresh signatures all verify, by Node itself and over noble', async () => {
    const own = await node.importPublicKey(jwk, algorithm)
    const handedIn = await web.importPublicKey(jwk, algorithm, brainpool)
    for (let round = 0; round < 64; round++) {
      const data = utf8(`message ${round}`)
      const signature = signed(data)
      expect(await node.verifySignature(own, data, signature)).toBe(true)
      expect(await web.verifySignature(handedIn, data, signature)).toBe(true)
      expect(await web.verifySignature(handedIn, utf8('another'), signature)).toBe(false)
    }
  })

  it('a platform without the curve says so, unless it is handed in', async () => {
    expect(await outcomeOf(() => web.importPublicKey(jwk, algorithm))).toBe('key_invalid')
    expect(await outcomeOf(() => web.importPublicKey(jwk, algorithm, brainpool))).toBe('accepted')
    const never = { importPublicKey: () => expect.unreachable() }
    expect((await node.importPublicKey(jwk, algorithm, never)).jwk).toBe(jwk)
  })

  it("a device of the caller's own signs", async () => {
    const device: Signer = { alg: algorithm.name, kid: 'slot-9', publicJwk: jwk, sign: signed }
    const signer = await readSigner(device)
    const signature = await signer.sign(utf8('x'))
    expect(node.verifySignature(await node.importPublicKey(jwk, algorithm), 'x', signature)).toBe(true)
  })

  it('Node agrees on the secret that OpenSSL derives, and browsers on none', async () => {
    const [own, peer] = [createECDH(crv), createECDH(crv)]
    own.generateKeys()
    peer.generateKeys()
    const { coordinateBytes: bytes } = algorithm
    const half = (ecdh: typeof own, index: number) =>
      base64url(new Uint8Array(ecdh.getPublicKey()).slice(1 + index * bytes, 1 + (index + 1) * bytes))
    const members = { kty: 'EC' as const, crv, x: half(own, 0), y: half(own, 1) }
    const padded = new Uint8Array(bytes)
    const secret = own.getPrivateKey()
    padded.set(secret, bytes - secret.length)
    const key = await readAgreementKey({ ...members, d: base64url(padded) } as Jwk, 'readerKey')
    const peerJwk: PublicJwk = { kty: 'EC', crv, x: half(peer, 0), y: half(peer, 1) }
    expect(toHex(await key.agree(peerJwk))).toBe(own.computeSecret(peer.getPublicKey()).toString('hex'))
    expect(await outcomeOf(() => key.agree({ ...peerJwk, y: peerJwk.x }))).toBe('key_invalid')
    const inBrowser = web.importAgreementKey({ ...members, d: base64url(padded) }, algorithm)
    expect(await outcomeOf(() => inBrowser)).toBe('key_invalid')
  })
})
