import { describe, expect, it } from 'vitest'
import {
  type AlgorithmName,
  algorithmNamed,
  algorithmNames,
  algorithmOfCoseCurve,
  algorithmOfCurve,
  algorithmOfSigner,
  anyAlgorithmNamed,
  anyAlgorithmNames,
  coseAlgorithms,
  readAlgorithms,
  requireAlgorithm,
} from '../../src/core/algorithms.js'
import { thrownBy } from './support.js'

const brainpool = ['ESB256', 'ESB320', 'ESB384', 'ESB512'] as const

describe('the table', () => {
  it('says of each algorithm what the standards say', () => {
    const rows = anyAlgorithmNames.map(name => anyAlgorithmNamed(name)!)
    // RFC 7518 §3.4, RFC 8037 §3.1, RFC 9053 §2.1–2.2 and §7.1, RFC 9864 §2, the IANA registry of COSE curves
    expect(
      rows.map(({ name, cose, kty, coseKty, crv, coseCurve, hash, coordinateBytes, signatureBytes }) => [
        name,
        cose,
        kty,
        coseKty,
        crv,
        coseCurve,
        hash,
        coordinateBytes,
        signatureBytes,
      ]),
    ).toEqual([
      ['ES256', [-7, -9], 'EC', 2, 'P-256', 1, 'sha-256', 32, 64],
      ['ES384', [-35, -51], 'EC', 2, 'P-384', 2, 'sha-384', 48, 96],
      ['ES512', [-36, -52], 'EC', 2, 'P-521', 3, 'sha-512', 66, 132],
      ['EdDSA', [-8], 'OKP', 1, 'Ed25519', 6, undefined, 32, 64],
      ['Ed25519', [-19], 'OKP', 1, 'Ed25519', 6, undefined, 32, 64],
      ['ESB256', [-7, -265], 'EC', 2, 'brainpoolP256r1', 256, 'sha-256', 32, 64],
      ['ESB320', [-35, -266], 'EC', 2, 'brainpoolP320r1', 257, 'sha-384', 40, 80],
      ['ESB384', [-35, -267], 'EC', 2, 'brainpoolP384r1', 258, 'sha-384', 48, 96],
      ['ESB512', [-36, -268], 'EC', 2, 'brainpoolP512r1', 259, 'sha-512', 64, 128],
    ])
  })

  it('has names that JOSE does not have', () => {
    expect(algorithmNames).toEqual(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'])
    expect(anyAlgorithmNames).toEqual([...algorithmNames, ...brainpool])
    for (const name of algorithmNames) expect(anyAlgorithmNamed(name)).toBe(algorithmNamed(name))
    for (const name of brainpool) expect(algorithmNamed(name)).toBe(undefined)
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
    expect(anyAlgorithmNamed(name)).toBe(undefined)
    expect(() => algorithmOfSigner({ alg: name as AlgorithmName })).toThrow(/^`signer.alg` /)
  })

  it('has the row of a signer', () => {
    for (const alg of anyAlgorithmNames) expect(algorithmOfSigner({ alg }).name).toBe(alg)
  })

  it('knows the algorithm that a curve is for when nobody says', () => {
    const curves = ['P-256', 'P-384', 'P-521', 'Ed25519', ...[256, 320, 384, 512].map(bits => `brainpoolP${bits}r1`)]
    const names = ['ES256', 'ES384', 'ES512', 'EdDSA', ...brainpool]
    expect(curves.map(crv => algorithmOfCurve(crv).name)).toEqual(names)
    expect([1, 2, 3, 6, 256, 257, 258, 259].map(id => algorithmOfCoseCurve(id).name)).toEqual(names)
    for (const crv of ['secp256k1', 'X25519', 'p-256', 'brainpoolP256t1', '', undefined, null, {}])
      expect(thrownBy(() => algorithmOfCurve(crv))).toMatchObject({ code: 'key_invalid', at: 'crv' })
    for (const id of [0, 4, 5, 7, 8, 255, 260, '1', 1n, 'P-256', undefined, null])
      expect(thrownBy(() => algorithmOfCoseCurve(id))).toMatchObject({ code: 'key_invalid', at: 'crv' })
  })
})

describe('a COSE identifier', () => {
  it.each<[number, readonly AlgorithmName[]]>([
    [-7, ['ES256', 'ESB256']],
    [-35, ['ES384', 'ESB320', 'ESB384']],
    [-36, ['ES512', 'ESB512']],
    [-8, ['EdDSA']],
    [-9, ['ES256']],
    [-51, ['ES384']],
    [-52, ['ES512']],
    [-19, ['Ed25519']],
    [-265, ['ESB256']],
    [-266, ['ESB320']],
    [-267, ['ESB384']],
    [-268, ['ESB512']],
  ])('%i means %j, and no more than is allowed of them', (id, names) => {
    expect(coseAlgorithms(id).map(({ name }) => name)).toEqual(names)
    expect(coseAlgorithms(id, anyAlgorithmNames).map(({ name }) => name)).toEqual(names)
    for (const name of names) expect(coseAlgorithms(id, [name]).map(row => row.name)).toEqual([name])
    const others = anyAlgorithmNames.filter(name => !names.includes(name))
    expect(thrownBy(() => coseAlgorithms(id, others))).toMatchObject({
      code: 'alg_not_allowed',
      at: 'alg',
      expected: others.join(' '),
      actual: names[0],
    })
  })

  it('of one curve alone has one meaning', () => {
    const own = anyAlgorithmNames.flatMap(name => anyAlgorithmNamed(name)!.cose.slice(1))
    for (const id of own) expect(coseAlgorithms(id)).toHaveLength(1)
    expect(new Set(own).size).toBe(own.length)
  })

  it('of another kind, or no identifier at all, is not allowed and not repeated', () => {
    // 5 is HMAC, -257 and -37 are RSA, -47 is secp256k1, -53 Ed448
    for (const id of [5, -257, -37, -47, -53, 0, 7, -7n, '-7', 'ES256', [-7], {}, null, undefined, Number.NaN]) {
      const error = thrownBy(() => coseAlgorithms(id))
      expect(error).toMatchObject({ code: 'alg_not_allowed', at: 'alg' })
      expect(error.actual).toBe(undefined)
    }
  })
})

describe('what a verifier allows', () => {
  it('is every algorithm of the table when nothing is said', () => {
    expect(readAlgorithms(undefined)).toEqual(anyAlgorithmNames)
  })

  it('may be for COSE alone', () => {
    expect(readAlgorithms(['ESB256'])).toEqual(['ESB256'])
  })

  it('is a list of its own, which nobody changes afterwards', () => {
    const list: AlgorithmName[] = ['ES256']
    const read = readAlgorithms(list)
    list.push('ES384')
    expect(read).toEqual(['ES256'])
  })

  // biome-ignore lint/suspicious/noSparseArray: a hole is no algorithm
  it.each([[[]], [['ES256', ,]], [['none']], [['ES256', 'HS256']], ['ES256'], [null], [{}], [['constructor']]])(
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

  it.each(brainpool)('is never %s in a JOSE header', name => {
    expect(thrownBy(() => requireAlgorithm(name, ['ES256', name]))).toMatchObject({
      code: 'alg_not_allowed',
      at: 'alg',
      expected: 'ES256',
      actual: undefined,
    })
  })

  it('does not repeat a name from outside that it does not know', () => {
    expect(thrownBy(() => requireAlgorithm('Ivanov', ['ES256'])).actual).toBe(undefined)
  })
})
