import { describe, expect, it } from 'vitest'
import { fromBase64url } from '../../../src/core/bytes.js'
import type { CborMap } from '../../../src/core/cbor/value.js'
import { readShortCoseKey, writeShortCoseKey } from '../../../src/core/cose/compressed-key.js'
import { writeCoseKey } from '../../../src/core/cose/key.js'
import type { PublicJwk } from '../../../src/core/jwk.js'
import { generateSigner } from '../../../src/core/keys.js'
import { codeOf } from '../../formats/qr/support.js'

/** The base point (SEC 2 §2.4.2), whose y is odd … */
const g: PublicJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
}

/** … and the y of the point that mirrors it. */
const below = 'sBy9HAHlgGVxGBS1g_Bh6dQxzKmUzqExNEm_l8hArgo'

const members = (key: CborMap) => [...key].map(([label, value]) => [label, value])

describe('a key on P-256', () => {
  it('is written with the sign of its y alone', () => {
    expect(members(writeShortCoseKey(g))).toEqual([
      [1, 2],
      [-1, 1],
      [-2, fromBase64url(g.x)],
      [-3, true],
    ])
  })

  it('is read as the point that it stands for, on either side', () => {
    expect(readShortCoseKey(writeShortCoseKey(g))).toEqual(g)
    const other = readShortCoseKey(new Map([...writeShortCoseKey(g), [-3, false]]))
    expect(other).toEqual({ ...g, y: below })
    expect(readShortCoseKey(writeShortCoseKey(other))).toEqual(other)
  })

  it('is read in full as well', () => {
    expect(readShortCoseKey(writeCoseKey(g))).toEqual(g)
  })

  it('comes back whatever it is', async () => {
    for (let count = 0; count < 20; count++) {
      const { publicJwk } = await generateSigner('ES256')
      expect(readShortCoseKey(writeShortCoseKey(publicJwk))).toEqual({ ...publicJwk })
    }
  })

  it.each([
    ['an x that no point has', 1],
    ['another', 10],
  ])('is refused with %s', (_, x) => {
    const key = new Map([...writeShortCoseKey(g), [-2, new Uint8Array(32).fill(x, 31)] as const])
    expect(codeOf(() => readShortCoseKey(key))).toBe('key_invalid (x)')
  })

  it.each([
    ['beyond the field', new Uint8Array(32).fill(0xff)],
    ['of the field itself', fromBase64url('_____wAAAAEAAAAAAAAAAAAAAAD_______________8')],
    ['that is empty', new Uint8Array()],
    ['too short', new Uint8Array(31).fill(5)],
    ['too long', new Uint8Array(33).fill(5)],
    ['that is none', 'x'],
  ])('is refused with an x %s', (_, x) => {
    const key = new Map([...writeShortCoseKey(g), [-2, x] as const])
    expect(codeOf(() => readShortCoseKey(key))).toBe('key_invalid (x)')
  })

  it('is refused with anything of a private key in it', () => {
    const key = new Map([...writeShortCoseKey(g), [-4, new Uint8Array(32)] as const])
    expect(codeOf(() => readShortCoseKey(key))).toBe('key_invalid (d)')
  })
})

describe('any other key', () => {
  it.each(['ES384', 'ES512', 'Ed25519'] as const)('is written in full (%s)', async alg => {
    const { publicJwk } = await generateSigner(alg)
    expect(writeShortCoseKey(publicJwk)).toEqual(writeCoseKey(publicJwk))
    expect(readShortCoseKey(writeShortCoseKey(publicJwk))).toEqual({ ...publicJwk })
  })

  it('is refused with the sign of a y alone', async () => {
    const { publicJwk } = await generateSigner('ES384')
    expect(codeOf(() => readShortCoseKey(new Map([...writeCoseKey(publicJwk), [-3, true]])))).toBe('key_invalid (y)')
    expect(codeOf(() => readShortCoseKey(null))).toBe('key_invalid (COSE_Key)')
  })
})
