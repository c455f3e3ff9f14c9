/** Wycheproof for certificates, mdocs and what they share: brainpool, RSA-PSS, key agreement and key derivation. */

import { describe, expect, it } from 'vitest'
import { verifyRsaSignature, verifySignature } from '#crypto'
import { brainpool } from '../../src/brainpool/curves.js'
import { agreeWith, readAgreementKey } from '../../src/core/agreement.js'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64url } from '../../src/core/bytes.js'
import { hkdfSha256 } from '../../src/core/hkdf.js'
import { keyCache, type PublicJwk, readPublicJwk } from '../../src/core/jwk.js'
import ecdhP256 from '../vectors/wycheproof/ecdh_secp256r1.json' with { type: 'json' }
import ecdhP256Jwk from '../vectors/wycheproof/ecdh_secp256r1_webcrypto.json' with { type: 'json' }
import ecdhP384 from '../vectors/wycheproof/ecdh_secp384r1.json' with { type: 'json' }
import brainpool256 from '../vectors/wycheproof/ecdsa_brainpoolP256r1_sha256_p1363.json' with { type: 'json' }
import brainpool384 from '../vectors/wycheproof/ecdsa_brainpoolP384r1_sha384_p1363.json' with { type: 'json' }
import brainpool512 from '../vectors/wycheproof/ecdsa_brainpoolP512r1_sha512_p1363.json' with { type: 'json' }
import hkdf from '../vectors/wycheproof/hkdf_sha256.json' with { type: 'json' }
import rsaPss from '../vectors/wycheproof/rsa_pss_2048_sha256_mgf1_32.json' with { type: 'json' }
import { fromHex, outcomeOf, toHex } from './support.js'

/** A number of the vectors, with or without its zeros, in so many bytes. */
const sized = (hex: string, bytes: number) => fromHex(hex.replace(/^0+/, '').padStart(2 * bytes, '0'))

describe.each([
  ['brainpoolP256r1', brainpool256, 174],
  ['brainpoolP384r1', brainpool384, 195],
  ['brainpoolP512r1', brainpool512, 225],
] as const)('ECDSA over r‖s on %s', (crv, { testGroups }, count) => {
  const algorithm = algorithmOfCurve(crv)
  const coordinate = (hex: string) => base64url(sized(hex, algorithm.coordinateBytes))

  it('decides every vector as stated', async () => {
    const keys = keyCache(100, brainpool)
    let decided = 0
    for (const { publicKey, tests } of testGroups) {
      const jwk = { kty: 'EC', crv, x: coordinate(publicKey.wx), y: coordinate(publicKey.wy) }
      const key = await keys.import(readPublicJwk(jwk, 'cose'), algorithm)
      for (const { tcId, comment, msg, sig, result } of tests) {
        const signature = fromHex(sig)
        const fits = signature.length === algorithm.signatureBytes
        const holds = fits && (await verifySignature(key, fromHex(msg), signature))
        expect(holds, `${tcId} ${comment}`).toBe(result === 'valid')
        decided++
      }
    }
    expect(decided).toBe(count)
  })
})

it('RSASSA-PSS: decides every vector as stated', async () => {
  for (const { publicKeyDer, sLen, tests } of rsaPss.testGroups)
    for (const { tcId, comment, msg, sig, result } of tests) {
      const scheme = { hash: 'sha-256', pss: { saltLength: sLen } } as const
      const holds = await verifyRsaSignature(fromHex(publicKeyDer), scheme, fromHex(msg), fromHex(sig))
      expect(holds, `${tcId} ${comment}`).toBe(result === 'valid')
    }
})

describe('ECDH with JWKs', () => {
  it('decides every vector as stated', async () => {
    for (const { tests } of ecdhP256Jwk.testGroups)
      for (const { tcId, comment, result, shared, ...jwks } of tests) {
        const outcome = await outcomeOf(async () => {
          const key = await readAgreementKey(jwks.private, 'private')
          expect(toHex(await key.agree(readPublicJwk(jwks.public, 'cose')))).toBe(shared)
        })
        expect(outcome, `${tcId} ${comment}`).toBe(result === 'valid' ? 'accepted' : 'key_invalid')
      }
  })
})

/** The one form that the key of a named curve has as a SubjectPublicKeyInfo, up to its coordinates, and their length. */
const forms: readonly (readonly [crv: string, header: string, bytes: number])[] = [
  ['P-256', '3059301306072a8648ce3d020106082a8648ce3d03010703420004', 32],
  ['P-384', '3076301006072a8648ce3d020106052b8104002203620004', 48],
  ['P-521', '30819b301006072a8648ce3d020106052b810400230381860004', 66],
  ['brainpoolP256r1', '305a301406072a8648ce3d020106092b240303020801010703420004', 32],
  ['brainpoolP320r1', '306a301406072a8648ce3d020106092b240303020801010903520004', 40],
  ['brainpoolP384r1', '307a301406072a8648ce3d020106092b240303020801010b03620004', 48],
  ['brainpoolP512r1', '30819b301406072a8648ce3d020106092b240303020801010d0381820004', 64],
]

/** The key of a SubjectPublicKeyInfo in that form; none in any other. */
function jwkOfSpki(spki: string): PublicJwk | undefined {
  const form = forms.find(([, header, bytes]) => spki.startsWith(header) && spki.length === header.length + 4 * bytes)
  if (form === undefined) return undefined
  const [crv, header, bytes] = form
  const point = fromHex(spki.slice(header.length))
  return { kty: 'EC', crv, x: base64url(point.subarray(0, bytes)), y: base64url(point.subarray(bytes)) }
}

/** The members of a private key of which the vectors print the number alone; the platform finds the point. */
async function privateMembers(crv: string, namedCurve: string, bytes: number, hex: string) {
  const number = sized(hex, bytes)
  const octets = (tag: number, content: readonly number[]) => [tag, content.length, ...content]
  const ecPrivateKey = octets(0x30, [...octets(2, [1]), ...octets(4, [...number])])
  const curve = octets(0x30, [
    ...octets(6, [0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]),
    ...octets(6, [...fromHex(namedCurve)]),
  ])
  const pkcs8 = Uint8Array.from(octets(0x30, [...octets(2, [0]), ...curve, ...octets(4, ecPrivateKey)]))
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDH', namedCurve: crv }, true, ['deriveBits'])
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', key)
  return { kty: 'EC', crv, x, y, d: base64url(number) }
}

describe.each([
  ['P-256', '2a8648ce3d030107', ecdhP256, { invalid: 36, acceptable: 152, valid: 220 }],
  ['P-384', '2b81040022', ecdhP384, { invalid: 30, acceptable: 154, valid: 514 }],
] as const)('ECDH with certificate keys on %s', (crv, namedCurve, { testGroups }, counts) => {
  const algorithm = algorithmOfCurve(crv)

  /** The secret, or the code of the refusal; `another form` where the key is not even read. */
  async function outcomeWith(spki: string, privateHex: string, shared: string): Promise<string> {
    const peer = jwkOfSpki(spki)
    if (peer === undefined) return 'another form'
    return outcomeOf(async () => {
      const members = await privateMembers(crv, namedCurve, algorithm.coordinateBytes, privateHex)
      const agree = await agreeWith(members, algorithm)
      expect(toHex(await agree(peer))).toBe(shared)
    })
  }

  it('decides every vector as stated, and refuses what is merely acceptable', { timeout: 60_000 }, async () => {
    const decided = { invalid: 0, acceptable: 0, valid: 0 }
    for (const { tests } of testGroups)
      for (const { tcId, comment, result, shared, ...keys } of tests) {
        const outcome = await outcomeWith(keys.public, keys.private, shared)
        const expected = result === 'valid' ? /^accepted$/ : /^(key_invalid|another form)$/
        expect(outcome, `${tcId} ${comment}`).toMatch(expected)
        decided[result as keyof typeof decided]++
      }
    expect(decided).toEqual(counts)
  })
})

it('HKDF: derives every key as stated', async () => {
  for (const { tests } of hkdf.testGroups)
    for (const { tcId, comment, ikm, salt, info, size, okm, result } of tests) {
      const derived = hkdfSha256(fromHex(ikm), { salt: fromHex(salt), info: fromHex(info), length: size })
      if (result === 'valid') expect(toHex(await derived), `${tcId} ${comment}`).toBe(okm)
      // More than 255 blocks.
      else await expect(derived, `${tcId} ${comment}`).rejects.toThrow(/^`length` /)
    }
})
