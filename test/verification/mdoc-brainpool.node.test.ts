/** Mdocs on the brainpool curves, which Node has of its own: an issuer, a device and a reader that use its crypto module. */
import { createECDH, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64url } from '../../src/core/bytes.js'
import type { Jwk } from '../../src/core/jwk.js'
import type { Signer } from '../../src/core/keys.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { makeAuthority } from '../certificates.js'
import { forgeMdoc, type MdocChanges, makeMdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { summary } from '../refusal.js'

/** A signer over Node's own keys, and its key as certificates have it. */
function makeOwnSigner(crv: string): { readonly signer: Signer; readonly spki: Uint8Array } {
  const { name, hash, coordinateBytes: bytes } = algorithmOfCurve(crv)
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: crv })
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
  const [x, y] = [spki.slice(-2 * bytes, -bytes), spki.slice(-bytes)].map(base64url) as [string, string]
  const signer: Signer = {
    alg: name,
    kid: 'slot-1',
    publicJwk: { kty: 'EC', crv, x, y },
    sign: data => new Uint8Array(sign(hash!.replace('-', ''), data, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  }
  return { signer, spki }
}

function makeOwnReaderKey(crv: string): Jwk {
  const { coordinateBytes: bytes } = algorithmOfCurve(crv)
  const key = createECDH(crv)
  key.generateKeys()
  const point = new Uint8Array(key.getPublicKey())
  const d = new Uint8Array(bytes)
  d.set(key.getPrivateKey(), bytes - key.getPrivateKey().length)
  const [x, y] = [point.slice(1, 1 + bytes), point.slice(1 + bytes)].map(base64url) as [string, string]
  return { kty: 'EC', crv, x, y, d: base64url(d) }
}

describe.each(['brainpoolP256r1', 'brainpoolP320r1', 'brainpoolP384r1', 'brainpoolP512r1'])(
  'an mdoc on %s',
  async crv => {
    const root = await makeAuthority()
    const { signer, spki } = makeOwnSigner(crv)
    const issuer = await root.signer({ signer, key: spki })
    const { signer: holder } = makeOwnSigner(crv)
    const world = { ...(await makeMdocWorld()), holder, readerKey: makeOwnReaderKey(crv) }
    const judged = async (changes: MdocChanges) => {
      const input = await forgeMdoc(world, { signer: issuer, ...changes })
      return summary(
        await verifyMdocPresentation(input, { ...mdocExpectations(world), trust: trustAnchors([root.anchor()]) }),
      )
    }

    it('is accepted by its signatures, under the hash’s identifier and under the curve’s', async () => {
      expect(await judged({})).toBe('accepted')
      const named = (map: Map<unknown, unknown>) => void map.set(1, algorithmOfCurve(crv).cose[1])
      expect(await judged({ issuerProtected: named, deviceProtected: named })).toBe('accepted')
    })

    it('is accepted by its MAC', async () => {
      expect(await judged({ mac: true })).toBe('accepted')
    })

    it('is refused when another signed it', async () => {
      const { signer: other } = makeOwnSigner(crv)
      expect(await judged({ holder: other })).toBe('device_signature_invalid at device_authentication')
      expect(await judged({ mac: true, holder: other })).toBe('device_mac_invalid at device_authentication')
      expect(await judged({ signer: { ...other, x5c: issuer.x5c! } })).toBe('signature_invalid at issuer_signature')
    })
  },
)
