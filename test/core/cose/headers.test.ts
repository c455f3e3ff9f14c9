/** The header maps: where each label may stand, what is critical, and what they say of the signer. */
import { describe, expect, it } from 'vitest'
import { type AlgorithmName, anyAlgorithmNames } from '../../../src/core/algorithms.js'
import { utf8 } from '../../../src/core/bytes.js'
import type { CborKey, CborValue } from '../../../src/core/cbor/value.js'
import { CborFloat } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import { coseHints, readHeaders, writeProtected } from '../../../src/core/cose/headers.js'
import { defaultLimits, type Limits } from '../../../src/core/limits.js'
import { fromHex, thrownBy, toHex } from '../support.js'
import { refusing } from './support.js'

type Member = readonly [CborKey, CborValue]

const alg: Member = [1, -7]

const read = (inside: readonly Member[], outside: readonly Member[] = [], limits: Limits = defaultLimits) =>
  readHeaders(writeCbor(new Map(inside)), new Map(outside), limits)

const hints = (inside: readonly Member[], outside: readonly Member[] = [], limits: Limits = defaultLimits) =>
  coseHints(read(inside, outside, limits), anyAlgorithmNames, limits)

describe('the two maps', () => {
  it('are read, the protected one with its bytes', () => {
    const bytes = fromHex('bf0126ff')
    const headers = readHeaders(bytes, new Map([[4, fromHex('01')]]), defaultLimits)
    expect(headers.protected).toEqual(new Map([[1, -7]]))
    expect(headers.protectedBytes).toBe(bytes)
    expect(headers.unprotected).toEqual(new Map([[4, fromHex('01')]]))
  })

  it.each(['', 'a0', 'bfff'])("may be empty: h'%s'", hex => {
    expect(readHeaders(fromHex(hex), new Map(), defaultLimits).protected.size).toBe(0)
  })

  it('are written, an empty protected one as no bytes', () => {
    expect(toHex(writeProtected(new Map()))).toBe('')
    expect(toHex(writeProtected(new Map([[1, -7]])))).toBe('a10126')
  })

  it.each<[string, CborValue | undefined, CborValue | undefined, string]>([
    ['no protected headers', undefined, new Map(), 'cose_malformed at protected'],
    ['null for them', null, new Map(), 'cose_malformed at protected'],
    ['a map for them, not its bytes', new Map([[1, -7]]), new Map(), 'cose_malformed at protected'],
    ['the bytes of a list', fromHex('80'), new Map(), 'cose_malformed at protected'],
    ['the bytes of bytes', fromHex('43a10126'), new Map(), 'cose_malformed at protected'],
    ['the bytes of nothing', fromHex('f6'), new Map(), 'cose_malformed at protected'],
    ['no unprotected headers', fromHex('a10126'), undefined, 'cose_malformed at unprotected'],
    ['null for these', fromHex('a10126'), null, 'cose_malformed at unprotected'],
    ['bytes for these', fromHex('a10126'), fromHex('a0'), 'cose_malformed at unprotected'],
    ['a list for these', fromHex('a10126'), [], 'cose_malformed at unprotected'],
    ['a byte behind the protected map', fromHex('a1012600'), new Map(), 'cbor_malformed at surplus'],
    ['a protected map that ends early', fromHex('a101'), new Map(), 'cbor_malformed at end'],
    ['a protected label twice', fromHex('a201260126'), new Map(), 'cbor_duplicate_key'],
    ['a protected label twice, written otherwise', fromHex('a20126180126'), new Map(), 'cbor_duplicate_key'],
    ['a label of bytes', fromHex('a1410126'), new Map(), 'cbor_malformed at key'],
    ['a tag among them', fromHex('a101c126'), new Map(), 'cbor_tag_not_allowed'],
  ])('are refused: %s', async (_, inside, outside, refusal) => {
    expect(await refusing(() => readHeaders(inside, outside, defaultLimits))).toBe(refusal)
  })

  it('are bounded before they are read', async () => {
    const limits = { ...defaultLimits, headerBytes: 3 }
    expect(await refusing(() => readHeaders(fromHex('a10126'), new Map(), limits))).toBe('accepted')
    expect(await refusing(() => readHeaders(fromHex('ffffffff'), new Map(), limits))).toBe(
      'limit_exceeded at headerBytes',
    )
    const shallow = { ...defaultLimits, depth: 1 }
    expect(await refusing(() => readHeaders(fromHex('a1018180'), new Map(), shallow))).toBe('limit_exceeded at depth')
  })

  it.each<[string, CborKey, string]>([
    ['alg', 1, '1'],
    ['crit', 2, '2'],
    ['kid', 4, '4'],
    ['x5chain', 33, '33'],
    ['a label that nobody knows', -70_000, '-70000'],
    ['a label beyond 2^53', 2n ** 60n, `${2n ** 60n}`],
    ['a label of text', 'secret', 'text'],
  ])('have no label in common: %s', (_, label, at) => {
    const error = thrownBy(() => read([[label, 0]], [[label, 0]]))
    expect(error).toMatchObject({ code: 'cose_header_duplicate', at })
    expect(error.message).not.toContain('secret')
  })

  it('keep a number apart from its text', async () => {
    expect(await refusing(() => read([[1, -7]], [['1', -7]]))).toBe('accepted')
  })
})

describe('what is critical', () => {
  const kid: Member = [4, fromHex('01')]

  it.each<[string, readonly Member[]]>([
    ['alg', [alg, [2, [1]]]],
    ['several that are understood', [alg, kid, [16, 'a'], [33, fromHex('00')], [2, [33, 16, 4, 1]]]],
  ])('is understood: %s', async (_, inside) => {
    expect(await refusing(() => read(inside))).toBe('accepted')
  })

  it.each<[string, readonly Member[], (readonly Member[])?]>([
    ['an empty list', [alg, [2, []]]],
    ['no list', [alg, [2, 1]]],
    ['null', [alg, [2, null]]],
    ['bytes', [alg, [2, fromHex('01')]]],
    ['a label that nobody understands', [alg, [99, 0], [2, [99]]]],
    ['one of two', [alg, [99, 0], [2, [1, 99]]]],
    ['a label of text', [alg, ['exp', 0], [2, ['exp']]]],
    ['the name of a number', [alg, ['1', 0], [2, ['1']]]],
    ['a float', [alg, [2, [new CborFloat(1)]]]],
    ['crit itself', [alg, [2, [2]]]],
    ['the content type, which is not minded', [alg, [3, 0], [2, [3]]]],
    ['a label that is not there', [alg, [2, [4]]]],
    ['a label that stands unprotected', [alg, [2, [4]]], [kid]],
    ['a crit that stands unprotected', [alg], [[2, [1]]]],
    ['a crit that stands unprotected and is empty', [alg], [[2, []]]],
  ])('is refused: %s', async (_, inside, outside) => {
    expect(await refusing(() => read(inside, outside))).toBe('crit_unsupported at crit')
  })
})

describe('what they say of the signer', () => {
  const der = fromHex('3000')

  it.each<[number, readonly AlgorithmName[]]>([
    [-7, ['ES256', 'ESB256']],
    [-9, ['ES256']],
    [-35, ['ES384', 'ESB320', 'ESB384']],
    [-51, ['ES384']],
    [-36, ['ES512', 'ESB512']],
    [-52, ['ES512']],
    [-8, ['EdDSA']],
    [-19, ['Ed25519']],
    [-265, ['ESB256']],
    [-266, ['ESB320']],
    [-267, ['ESB384']],
    [-268, ['ESB512']],
  ])('algorithm %i', (id, names) => {
    expect(hints([[1, id]]).algorithms.map(({ name }) => name)).toEqual(names)
  })

  it.each<[string, readonly Member[], (readonly Member[])?]>([
    ['none', []],
    ['unprotected alone', [], [alg]],
    ['a MAC', [[1, 5]]],
    ['RSA', [[1, -37]]],
    ['ES256K', [[1, -47]]],
    ['Ed448', [[1, -53]]],
    ['zero', [[1, 0]]],
    ['a name', [[1, 'ES256']]],
    ['a float', [[1, new CborFloat(-7)]]],
    ['a list', [[1, [-7]]]],
    ['null', [[1, null]]],
    ['a label of text', [['1', -7]]],
    ['a big integer', [[1, -(2n ** 63n)]]],
  ])('no algorithm: %s', (_, inside, outside) => {
    expect(thrownBy(() => hints(inside, outside))).toMatchObject({ code: 'alg_not_allowed', at: 'alg' })
  })

  it('has only algorithms that the caller allows', () => {
    expect(thrownBy(() => coseHints(read([alg]), ['ES384', 'EdDSA'], defaultLimits))).toMatchObject({
      code: 'alg_not_allowed',
      expected: 'ES384 EdDSA',
      actual: 'ES256',
    })
    expect(coseHints(read([alg]), ['ES256', 'ES384'], defaultLimits).algorithms).toHaveLength(1)
  })

  it('names the key by text, protected or not', () => {
    expect(hints([alg]).keyId).toBeUndefined()
    expect(hints([alg, [4, utf8('ключ')]]).keyId).toBe('ключ')
    expect(hints([alg], [[4, utf8('key-1')]]).keyId).toBe('key-1')
    expect(hints([alg], [[4, new Uint8Array()]]).keyId).toBe('')
  })

  it('names no key that we know by bytes that are no text', () => {
    expect(hints([alg, [4, fromHex('ff')]]).keyId).toBe('\ufffd')
  })

  it.each<[string, CborValue]>([
    ['text', 'key-1'],
    ['a number', 1],
    ['null', null],
    ['a list', [fromHex('01')]],
  ])('does not name the key by %s', (_, kid) => {
    expect(thrownBy(() => hints([alg, [4, kid]]))).toMatchObject({ code: 'cose_malformed', at: 'kid' })
    expect(thrownBy(() => hints([alg], [[4, kid]]))).toMatchObject({ code: 'cose_malformed', at: 'kid' })
  })

  it.each<[string, CborValue, number]>([
    ['one as bytes', der, 1],
    ['two as a list', [der, der], 2],
    ['one as a list, which issuers write', [der], 1],
    ['as many as are allowed', Array<Uint8Array>(5).fill(der), 5],
  ])('hands on certificates: %s', (_, x5chain, count) => {
    const expected = Array<Uint8Array>(count).fill(der)
    expect(hints([alg], [[33, x5chain]]).x5c).toEqual(expected)
    expect(hints([alg, [33, x5chain]]).x5c).toEqual(expected)
  })

  it('hands on no more than the caller allows', async () => {
    const one = { ...defaultLimits, certificates: 1, certificateBytes: 2 }
    expect(await refusing(() => hints([alg], [[33, der]], one))).toBe('accepted')
    expect(await refusing(() => hints([alg], [[33, [der, der]]], one))).toBe('limit_exceeded at certificates')
    expect(await refusing(() => hints([alg], [[33, fromHex('300000')]], one))).toBe(
      'limit_exceeded at certificateBytes',
    )
  })

  it('has no certificates where there are none', () => {
    expect(hints([alg]).x5c).toBeUndefined()
  })

  it.each<[string, CborValue, string]>([
    ['an empty list', [], 'certificate_malformed at x5chain'],
    ['text', 'MIIB', 'certificate_malformed at x5chain'],
    ['null', null, 'certificate_malformed at x5chain'],
    ['a list of texts', ['MIIB', 'MIIC'], 'certificate_malformed at x5chain'],
    ['a list with a null', [der, null], 'certificate_malformed at x5chain'],
    ['a list of lists', [[der]], 'certificate_malformed at x5chain'],
    ['a map', new Map([[0, der]]), 'certificate_malformed at x5chain'],
    ['six certificates', Array<Uint8Array>(6).fill(der), 'limit_exceeded at certificates'],
    ['500 certificates', Array<Uint8Array>(500).fill(der), 'limit_exceeded at certificates'],
    ['a certificate beyond its limit', new Uint8Array(16 * 1024 + 1), 'limit_exceeded at certificateBytes'],
    ['a second one beyond its limit', [der, new Uint8Array(16 * 1024 + 1)], 'limit_exceeded at certificateBytes'],
  ])('refuses certificates: %s', async (_, x5chain, refusal) => {
    expect(await refusing(() => hints([alg], [[33, x5chain]]))).toBe(refusal)
    expect(await refusing(() => hints([alg, [33, x5chain]]))).toBe(refusal)
  })
})
