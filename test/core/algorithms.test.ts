import { describe, expect, it } from 'vitest'
import {
  type AlgorithmName,
  algorithmNamed,
  algorithmNames,
  algorithmOfCurve,
  readAlgorithms,
  requireAlgorithm,
} from '../../src/core/algorithms.js'
import { thrownBy } from './support.js'

describe('the table', () => {
  it('says of each algorithm what the standards say', () => {
    const rows = algorithmNames.map(name => algorithmNamed(name)!)
    // RFC 7518 §3.4, RFC 8037 §3.1, RFC 9053 §2.1–2.2, RFC 9864 §2
    expect(
      rows.map(({ name, cose, kty, crv, hash, coordinateBytes, signatureBytes }) => [
        name,
        cose,
        kty,
        crv,
        hash,
        coordinateBytes,
        signatureBytes,
      ]),
    ).toEqual([
      ['ES256', [-7, -9], 'EC', 'P-256', 'sha-256', 32, 64],
      ['ES384', [-35, -51], 'EC', 'P-384', 'sha-384', 48, 96],
      ['ES512', [-36, -52], 'EC', 'P-521', 'sha-512', 66, 132],
      ['EdDSA', [-8], 'OKP', 'Ed25519', undefined, 32, 64],
      ['Ed25519', [-19], 'OKP', 'Ed25519', undefined, 32, 64],
    ])
  })

  it('gives no COSE number two meanings', () => {
    const numbers = algorithmNames.flatMap(name => algorithmNamed(name)!.cose)
    expect(new Set(numbers).size).toBe(numbers.length)
  })

  it.each([
    'none',
    'HS256',
    'RS256',
    'es256',
    '',
    'constructor',
    'toString',
    '__proto__',
    -7,
    null,
    undefined,
    ['ES256'],
  ])('has no %j', name => {
    expect(algorithmNamed(name)).toBe(undefined)
  })

  it('knows the algorithm that a curve is for when nobody says', () => {
    const curves = ['P-256', 'P-384', 'P-521', 'Ed25519']
    expect(curves.map(crv => algorithmOfCurve(crv).name)).toEqual(['ES256', 'ES384', 'ES512', 'EdDSA'])
    for (const crv of ['secp256k1', 'X25519', 'p-256', '', undefined, null, {}])
      expect(thrownBy(() => algorithmOfCurve(crv))).toMatchObject({ code: 'key_invalid', at: 'crv' })
  })
})

describe('what a verifier allows', () => {
  it('is every algorithm of the table when nothing is said', () => {
    expect(readAlgorithms(undefined)).toEqual(algorithmNames)
  })

  it('is a list of its own, which nobody changes afterwards', () => {
    const list: AlgorithmName[] = ['ES256']
    const read = readAlgorithms(list)
    list.push('ES384')
    expect(read).toEqual(['ES256'])
  })

  it.each([[[]], [['none']], [['ES256', 'HS256']], ['ES256'], [null], [{}], [['constructor']]])(
    'is misuse as %j',
    list => {
      expect(() => readAlgorithms(list as unknown as AlgorithmName[])).toThrow(/^`algorithms` /)
      expect(() => readAlgorithms(list as unknown as AlgorithmName[])).toThrow(TypeError)
    },
  )

  it('decides about a name that came from outside', () => {
    expect(requireAlgorithm('ES256', ['ES256', 'ES384']).name).toBe('ES256')
    expect(thrownBy(() => requireAlgorithm('ES512', ['ES256', 'ES384']))).toMatchObject({
      code: 'alg_not_allowed',
      at: 'alg',
      expected: 'ES256 ES384',
      actual: 'ES512',
    })
  })

  it('does not repeat a name from outside that it does not know', () => {
    expect(thrownBy(() => requireAlgorithm('Ivanov', ['ES256'])).actual).toBe(undefined)
  })
})
