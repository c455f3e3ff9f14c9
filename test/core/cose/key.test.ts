/** COSE_Keys: read strictly, member by member, and written as they are read (RFC 9052 §7, RFC 9053 §7). */
import { describe, expect, it } from 'vitest'
import { type AlgorithmName, anyAlgorithmNamed, anyAlgorithmNames } from '../../../src/core/algorithms.js'
import { base64url } from '../../../src/core/bytes.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, type CborKey, type CborMap, type CborValue } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import { readCoseKey, writeCoseKey } from '../../../src/core/cose/key.js'
import type { PublicJwk } from '../../../src/core/jwk.js'
import { generateSigner } from '../../../src/core/keys.js'
import { fromHex, toHex } from '../support.js'
import { refusing } from './support.js'

type Members = readonly (readonly [CborKey, CborValue])[]

const coordinate = (length: number, octet = 7) => new Uint8Array(length).fill(octet)
const ec: Members = [
  [1, 2],
  [-1, 1],
  [-2, coordinate(32)],
  [-3, coordinate(32, 9)],
]
const okp: Members = [
  [1, 1],
  [-1, 6],
  [-2, coordinate(32)],
]

const withMembers = (members: Members, ...changed: Members): CborMap => new Map([...members, ...changed])
const without = (members: Members, label: CborKey): CborMap => new Map(members.filter(([name]) => name !== label))

describe('a COSE_Key', () => {
  it.each<[string, number, number, number]>([
    ['P-256', 2, 1, 32],
    ['P-384', 2, 2, 48],
    ['P-521', 2, 3, 66],
    ['brainpoolP256r1', 2, 256, 32],
    ['brainpoolP320r1', 2, 257, 40],
    ['brainpoolP384r1', 2, 258, 48],
    ['brainpoolP512r1', 2, 259, 64],
  ])('on %s is read and written', (crv, kty, id, bytes) => {
    const key = new Map<number, CborValue>([
      [1, kty],
      [-1, id],
      [-2, coordinate(bytes)],
      [-3, coordinate(bytes, 9)],
    ])
    const jwk = readCoseKey(key)
    expect(jwk).toEqual({ kty: 'EC', crv, x: base64url(coordinate(bytes)), y: base64url(coordinate(bytes, 9)) })
    expect(toHex(writeCbor(writeCoseKey(jwk)))).toBe(toHex(writeCbor(key)))
  })

  it('on Ed25519 is read and written', () => {
    const jwk = readCoseKey(new Map(okp))
    expect(jwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: base64url(coordinate(32)) })
    expect(toHex(writeCbor(writeCoseKey(jwk)))).toBe(toHex(writeCbor(new Map(okp))))
  })

  it('is in bytes what the standard writes', () => {
    const key = `a401022001215820${'07'.repeat(32)}225820${'09'.repeat(32)}`
    expect(toHex(writeCbor(writeCoseKey(readCoseKey(readCbor(fromHex(key))))))).toBe(key)
  })

  it.each<AlgorithmName>(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'])(
    'of a signer for %s comes back',
    async alg => {
      const { publicJwk } = await generateSigner(alg)
      const { kty, crv, x, y } = publicJwk
      expect(readCoseKey(writeCoseKey(publicJwk))).toEqual(y === undefined ? { kty, crv, x } : { kty, crv, x, y })
    },
  )

  it.each<[string, Members, ...Members]>([
    ['kid', ec, [2, fromHex('01')]],
    ['a base IV', ec, [5, fromHex('01')]],
    ['members that nobody knows', ec, [-70_000, 'x'], ['text', null]],
    ['the operation verify', ec, [4, [2]]],
    ['the operation by its name', ec, [4, ['verify']]],
    ['operations of key agreement', ec, [4, [7, 8]]],
    ['operations of key agreement by name', ec, [4, ['deriveKey']]],
    ['derived bits by name', ec, [4, ['deriveBits']]],
    ['one operation among others', ec, [4, [1, 2]]],
    ['ES256', ec, [3, -7]],
    ['ESP256', ec, [3, -9]],
    ['EdDSA', okp, [3, -8]],
    ['Ed25519', okp, [3, -19]],
  ])('may have %s', (_, members, ...more) => {
    expect(readCoseKey(withMembers(members, ...more))).toEqual(readCoseKey(new Map(members)))
  })

  it.each(anyAlgorithmNames)('on the curve of %s may be for its identifiers', name => {
    const { kty, coseKty, coseCurve, coordinateBytes, cose } = anyAlgorithmNamed(name)!
    for (const id of cose) {
      const key = new Map<number, CborValue>([
        [1, coseKty],
        [3, id],
        [-1, coseCurve],
        [-2, coordinate(coordinateBytes)],
      ])
      if (kty === 'EC') key.set(-3, coordinate(coordinateBytes))
      expect(readCoseKey(key).crv).toBe(anyAlgorithmNamed(name)!.crv)
    }
  })

  it.each<[string, CborValue | undefined, string]>([
    ['nothing', undefined, 'key_invalid at COSE_Key'],
    ['null', null, 'key_invalid at COSE_Key'],
    ['its bytes', writeCbor(new Map(ec)), 'key_invalid at COSE_Key'],
    ['a list of keys', [new Map(ec)], 'key_invalid at COSE_Key'],
    ['no curve', without(ec, -1), 'key_invalid at crv'],
    ['the curve 0', withMembers(ec, [-1, 0]), 'key_invalid at crv'],
    ['X25519', withMembers(okp, [-1, 4]), 'key_invalid at crv'],
    ['Ed448', withMembers(okp, [-1, 7]), 'key_invalid at crv'],
    ['secp256k1', withMembers(ec, [-1, 8]), 'key_invalid at crv'],
    ['a curve by name', withMembers(ec, [-1, 'P-256']), 'key_invalid at crv'],
    ['a curve as a float', withMembers(ec, [-1, new CborFloat(1)]), 'key_invalid at crv'],
    [
      'a symmetric key',
      new Map<number, CborValue>([
        [1, 4],
        [-1, coordinate(32)],
      ]),
      'key_invalid at crv',
    ],
    [
      'an RSA key',
      new Map<number, CborValue>([
        [1, 3],
        [-1, coordinate(256)],
        [-2, fromHex('010001')],
      ]),
      'key_invalid at crv',
    ],
    ['no key type', without(ec, 1), 'key_invalid at kty'],
    ['a key type by name', withMembers(ec, [1, 'EC2']), 'key_invalid at kty'],
    ['the key type of Ed25519 for P-256', withMembers(ec, [1, 1]), 'key_invalid at kty'],
    ['the key type of P-256 for Ed25519', withMembers(okp, [1, 2]), 'key_invalid at kty'],
    ['a private key', withMembers(ec, [-4, coordinate(32)]), 'key_invalid at d'],
    ['a private key on Ed25519', withMembers(okp, [-4, coordinate(32)]), 'key_invalid at d'],
    ['a private member that is null', withMembers(ec, [-4, null]), 'key_invalid at d'],
    ['no x', without(ec, -2), 'key_invalid at x'],
    ['no x on Ed25519', without(okp, -2), 'key_invalid at x'],
    ['an x that is text', withMembers(ec, [-2, base64url(coordinate(32))]), 'key_invalid at x'],
    ['an x of 31 bytes', withMembers(ec, [-2, coordinate(31)]), 'key_invalid at x'],
    ['an x with a zero before it', withMembers(ec, [-2, coordinate(33)]), 'key_invalid at x'],
    ['an x without bytes', withMembers(okp, [-2, coordinate(0)]), 'key_invalid at x'],
    ['the coordinates of P-256 on P-384', withMembers(ec, [-1, 2]), 'key_invalid at x'],
    ['no y', without(ec, -3), 'key_invalid at y'],
    ['a compressed point', withMembers(ec, [-3, true]), 'key_invalid at y'],
    ['another compressed point', withMembers(ec, [-3, false]), 'key_invalid at y'],
    ['a y of 31 bytes', withMembers(ec, [-3, coordinate(31)]), 'key_invalid at y'],
    ['a y of 33 bytes', withMembers(ec, [-3, coordinate(33)]), 'key_invalid at y'],
    ['a y on Ed25519', withMembers(okp, [-3, coordinate(32)]), 'key_invalid at y'],
    ['the operation sign', withMembers(ec, [4, [1]]), 'key_invalid at key_ops'],
    ['the operations of a cipher', withMembers(ec, [4, [3, 4]]), 'key_invalid at key_ops'],
    ['no operation', withMembers(ec, [4, []]), 'key_invalid at key_ops'],
    ['an operation that is no list', withMembers(ec, [4, 2]), 'key_invalid at key_ops'],
    ['operations that are null', withMembers(ec, [4, null]), 'key_invalid at key_ops'],
    ['an operation as a float', withMembers(ec, [4, [new CborFloat(2)]]), 'key_invalid at key_ops'],
    ['the algorithm of another curve', withMembers(ec, [3, -35]), 'key_invalid at alg'],
    ['the brainpool algorithm on P-256', withMembers(ec, [3, -265]), 'key_invalid at alg'],
    ['ESP384 on P-256', withMembers(ec, [3, -51]), 'key_invalid at alg'],
    ['ES256 on Ed25519', withMembers(okp, [3, -7]), 'key_invalid at alg'],
    ['an algorithm that nobody has', withMembers(ec, [3, -999]), 'alg_not_allowed at alg'],
    ['an algorithm of key agreement', withMembers(ec, [3, -25]), 'alg_not_allowed at alg'],
    ['an algorithm by name', withMembers(ec, [3, 'ES256']), 'alg_not_allowed at alg'],
    ['an algorithm that is null', withMembers(ec, [3, null]), 'alg_not_allowed at alg'],
  ])('is refused: %s', async (_, key, refusal) => {
    expect(await refusing(() => readCoseKey(key))).toBe(refusal)
  })

  it('is not written on a curve outside the table', async () => {
    const jwk = { kty: 'EC', crv: 'secp256k1', x: base64url(coordinate(32)), y: base64url(coordinate(32)) } as PublicJwk
    expect(await refusing(() => writeCoseKey(jwk))).toBe('key_invalid at crv')
  })
})
