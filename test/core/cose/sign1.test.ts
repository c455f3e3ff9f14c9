/** COSE_Sign1: what verifies, what does not, and why (RFC 9052 §4.2, §4.4; RFC 9053 §2; RFC 9864 §2). */
import { beforeAll, describe, expect, it } from 'vitest'
import { type AlgorithmName, algorithmNamed } from '../../../src/core/algorithms.js'
import { concatBytes, utf8 } from '../../../src/core/bytes.js'
import { type CborMap, CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import {
  createSign1,
  readSign1,
  type Sign1Content,
  tagSign1,
  verifySign1,
  x5chainHeader,
} from '../../../src/core/cose/sign1.js'
import { keyCache } from '../../../src/core/jwk.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { fromHex, toHex } from '../support.js'
import { flips, readTaggedSign1, refusing, verifyWith } from './support.js'

const payload = utf8('What was seen')
const keys = keyCache()
const names: readonly AlgorithmName[] = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const signers = {} as Record<AlgorithmName, Signer>

beforeAll(async () => {
  for (const name of names) signers[name] = await generateSigner(name)
})

type Parts = readonly [CborValue, CborValue, CborValue, CborValue]

const sign = async (alg: AlgorithmName, content: Partial<Sign1Content> = {}): Promise<Parts> =>
  (await createSign1({ payload, ...content }, signers[alg])) as unknown as Parts

/** An object that says so of its algorithm, and holds the signature that the signer makes over it. */
async function signAs(alg: AlgorithmName, id: CborValue, unprotected: CborMap = new Map()): Promise<Parts> {
  const protectedBytes = id === undefined ? new Uint8Array() : writeCbor(new Map([[1, id]]))
  const signed = writeCbor(['Signature1', protectedBytes, new Uint8Array(), payload])
  return [protectedBytes, unprotected, payload, await signers[alg].sign(signed)]
}

const decide = (value: CborValue, alg: AlgorithmName, detached?: Uint8Array): Promise<string> =>
  refusing(() => verifyWith(signers[alg].publicJwk, value, detached))

describe('a COSE_Sign1', () => {
  it.each(names)('for %s verifies, written and read again', async alg => {
    const bytes = writeCbor(await sign(alg))
    expect(await decide(readTaggedSign1(bytes), alg)).toBe('accepted')
    const tagged = writeCbor(new CborTag(tagSign1, await sign(alg)))
    expect(await decide(readTaggedSign1(tagged), alg)).toBe('accepted')
  })

  it.each<[AlgorithmName, number]>([
    ['ES256', -7],
    ['ES256', -9],
    ['ES384', -35],
    ['ES384', -51],
    ['ES512', -36],
    ['ES512', -52],
    ['EdDSA', -8],
    ['Ed25519', -19],
    ['EdDSA', -19],
    ['Ed25519', -8],
  ])('with a key for %s verifies under the identifier %i', async (alg, id) => {
    expect(await decide(await signAs(alg, id), alg)).toBe('accepted')
  })

  it.each<[AlgorithmName, number]>([
    ['ES256', -7],
    ['ES384', -35],
    ['ES512', -36],
    ['EdDSA', -8],
    ['Ed25519', -19],
  ])('for %s is written under the identifier %i', async (alg, id) => {
    const [protectedBytes] = await sign(alg)
    expect(toHex(protectedBytes as Uint8Array)).toBe(toHex(writeCbor(new Map([[1, id]]))))
  })

  it.each<[string, AlgorithmName, number]>([
    ['ESP256 with a key on P-384', 'ES384', -9],
    ['ES256 with a key on P-384', 'ES384', -7],
    ['ESP384 with a key on P-256', 'ES256', -51],
    ['ESP512 with a key on P-384', 'ES384', -52],
    ['ESB256 with a key on P-256', 'ES256', -265],
    ['EdDSA with a key on P-256', 'ES256', -8],
    ['ES256 with a key on Ed25519', 'EdDSA', -7],
    ['ES256K', 'ES256', -47],
    ['a MAC', 'ES256', 5],
    ['an algorithm that nobody has', 'ES256', -999],
    ['a name', 'ES256', 'ES256' as never],
  ])('is refused for its algorithm: %s', async (_, alg, id) => {
    expect(await decide(await signAs(alg, id), alg)).toBe('alg_not_allowed at alg')
    const key = await keys.import(signers[alg].publicJwk, algorithmNamed(alg)!)
    const object = await signAs(alg, id)
    expect(await refusing(() => verifySign1(readSign1(object), payload, key))).toBe('alg_not_allowed at alg')
  })

  it('is refused when its algorithm stands unprotected', async () => {
    const object = await signAs('ES256', undefined as never, new Map([[1, -7]]))
    expect(await decide(object, 'ES256')).toBe('alg_not_allowed at alg')
    const key = await keys.import(signers.ES256.publicJwk, algorithmNamed('ES256')!)
    expect(await refusing(() => verifySign1(readSign1(object), payload, key))).toBe('alg_not_allowed at alg')
  })

  it('has the content it is made of, with the algorithm of the signer', async () => {
    const object = await sign('ES256', {
      protected: new Map<number, CborValue>([
        [16, 'typ'],
        [1, -35],
      ]),
      unprotected: new Map([[4, utf8('key-1')]]),
    })
    const { headers, payload: content } = readSign1(object)
    expect(headers.protected).toEqual(
      new Map<number, CborValue>([
        [1, -7],
        [16, 'typ'],
      ]),
    )
    expect(headers.unprotected).toEqual(new Map([[4, utf8('key-1')]]))
    expect(content).toEqual(payload)
    expect(await decide(object, 'ES256')).toBe('accepted')
  })

  it('may leave its payload out, and verifies over that payload alone', async () => {
    const object = await sign('ES256', { detached: true })
    expect(object[2]).toBeNull()
    expect(await decide(object, 'ES256', payload)).toBe('accepted')
    expect(await decide(object, 'ES256', utf8('Something else'))).toBe('signature_invalid at signature')
    expect(await decide(object, 'ES256', new Uint8Array())).toBe('signature_invalid at signature')
  })

  it('has a payload that is empty, which is not one that is left out', async () => {
    const object = await sign('ES256', { payload: new Uint8Array() })
    expect(readSign1(object).payload).toEqual(new Uint8Array())
    expect(await decide(object, 'ES256')).toBe('accepted')
  })

  it('is signed over the protected bytes as they came', async () => {
    const protectedBytes = fromHex('bf180126ff')
    const signed = writeCbor(['Signature1', protectedBytes, new Uint8Array(), payload])
    const object = [protectedBytes, new Map(), payload, await signers.ES256.sign(signed)]
    expect(await decide(object, 'ES256')).toBe('accepted')
    expect(await decide([fromHex('a10126'), ...object.slice(1)], 'ES256')).toBe('signature_invalid at signature')
  })

  it('is refused with the code that the caller has for it', async () => {
    const key = await keys.import(signers.ES256.publicJwk, algorithmNamed('ES256')!)
    const object = readSign1(await sign('ES256'))
    const other = utf8('Something else')
    expect(await refusing(() => verifySign1(object, other, key, 'status_signature_invalid'))).toBe(
      'status_signature_invalid at signature',
    )
  })
})

describe('no COSE_Sign1', () => {
  const empty = new Uint8Array()
  const good: Parts = [fromHex('a10126'), new Map(), payload, new Uint8Array(64)]

  it.each<[string, CborValue | undefined, string]>([
    ['nothing', undefined, 'cose_malformed at structure'],
    ['null', null, 'cose_malformed at structure'],
    ['a map', new Map([[0, 0]]), 'cose_malformed at structure'],
    ['bytes', empty, 'cose_malformed at structure'],
    ['an empty list', [], 'cose_malformed at structure'],
    ['three parts', good.slice(0, 3), 'cose_malformed at structure'],
    ['five parts', [...good, empty], 'cose_malformed at structure'],
    ['one in its tag', new CborTag(tagSign1, good), 'cose_malformed at structure'],
    ['no protected bytes', [null, ...good.slice(1)], 'cose_malformed at protected'],
    ['no unprotected map', [good[0], null, good[2], good[3]], 'cose_malformed at unprotected'],
    ['a payload of text', [good[0], good[1], 'text', good[3]], 'cose_malformed at payload'],
    ['a payload that is false', [good[0], good[1], false, good[3]], 'cose_malformed at payload'],
    ['a payload that is a list', [good[0], good[1], [], good[3]], 'cose_malformed at payload'],
    ['a payload in a tag', [good[0], good[1], new CborTag(24, empty), good[3]], 'cose_malformed at payload'],
    ['no signature', [good[0], good[1], good[2], null], 'cose_malformed at signature'],
    ['a signature of text', [good[0], good[1], good[2], 'text'], 'cose_malformed at signature'],
    ['a list of signatures, as COSE_Sign has', [good[0], good[1], good[2], [good]], 'cose_malformed at signature'],
    ['a critical label', [fromHex('a20126028118ff'), ...good.slice(1)], 'crit_unsupported at crit'],
    ['a label in both maps', [good[0], new Map([[1, -7]]), good[2], good[3]], 'cose_header_duplicate at 1'],
  ])('is %s', async (_, value, refusal) => {
    expect(await refusing(() => readSign1(value))).toBe(refusal)
  })

  it('is beyond the limits of the caller', async () => {
    const limits = { ...defaultLimits, headerBytes: 2 }
    expect(await refusing(() => readSign1(good, limits))).toBe('limit_exceeded at headerBytes')
  })
})

describe('no signature', () => {
  /** The same numbers in DER, as X.509 has them. */
  function inDer(signature: Uint8Array): Uint8Array {
    const half = signature.length / 2
    const integers = [signature.subarray(0, half), signature.subarray(half)].map(number => {
      const start = number.findIndex(octet => octet !== 0)
      const digits = number.subarray(start)
      const content = digits[0]! < 0x80 ? digits : concatBytes(Uint8Array.of(0), digits)
      return concatBytes(Uint8Array.of(2, content.length), content)
    })
    const content = concatBytes(...integers)
    return concatBytes(Uint8Array.of(0x30, ...(content.length < 0x80 ? [] : [0x81]), content.length), content)
  }

  it.each<[string, (signature: Uint8Array) => Uint8Array]>([
    ['in DER', inDer],
    ['of no bytes', () => new Uint8Array()],
    ['of zeros', signature => new Uint8Array(signature.length)],
    ['of a byte less', signature => signature.subarray(1)],
    ['of a byte more', signature => concatBytes(signature, Uint8Array.of(0))],
    ['with a zero before each half', signature => padded(signature)],
    ['twice', signature => concatBytes(signature, signature)],
  ])('is one %s', async (_, change) => {
    for (const alg of ['ES256', 'ES384', 'ES512'] as const) {
      const [head, unprotected, content, signature] = await sign(alg)
      const object = [head, unprotected, content, change(signature as Uint8Array)]
      expect(await decide(object, alg)).toBe('signature_invalid at signature')
    }
  })

  function padded(signature: Uint8Array): Uint8Array {
    const half = signature.length / 2
    const zero = Uint8Array.of(0)
    return concatBytes(zero, signature.subarray(0, half), zero, signature.subarray(half))
  }

  it('is one made for a MAC or for a COSE_Sign', async () => {
    for (const context of ['MAC0', 'Signature', 'signature1', 'CounterSignature']) {
      const signed = writeCbor([context, fromHex('a10126'), new Uint8Array(), payload])
      const object = [fromHex('a10126'), new Map(), payload, await signers.ES256.sign(signed)]
      expect(await decide(object, 'ES256')).toBe('signature_invalid at signature')
    }
  })

  it('is one over external data', async () => {
    const signed = writeCbor(['Signature1', fromHex('a10126'), fromHex('00'), payload])
    const object = [fromHex('a10126'), new Map(), payload, await signers.ES256.sign(signed)]
    expect(await decide(object, 'ES256')).toBe('signature_invalid at signature')
  })

  it('is one of another key', async () => {
    const other = await generateSigner('ES256')
    const object = await sign('ES256')
    expect(await refusing(() => verifyWith(other.publicJwk, object))).toBe('signature_invalid at signature')
  })
})

describe('a signer', () => {
  it.each<[string, Uint8Array]>([
    ['DER', new Uint8Array(71)],
    ['nothing', new Uint8Array()],
    ['too much', new Uint8Array(65)],
  ])('that answers with %s is a mistake', async (_, answer) => {
    const signer: Signer = { ...signers.ES256, sign: () => answer }
    await expect(createSign1({ payload }, signer)).rejects.toThrow(TypeError)
    await expect(createSign1({ payload }, signer)).rejects.toThrow('`signer.sign`')
  })

  it('of no algorithm is a mistake', async () => {
    const signer = { ...signers.ES256, alg: 'HS256' } as unknown as Signer
    await expect(createSign1({ payload }, signer)).rejects.toThrow('`signer.alg`')
  })

  const der = fromHex('3003020101')

  it.each<[string, Signer['x5c'], CborValue | undefined]>([
    ['no certificates', undefined, undefined],
    ['an empty chain', [], undefined],
    ['one certificate', [der], der],
    ['two certificates', [der, der], [der, der]],
  ])('with %s has the header for it', (_, x5c, expected) => {
    const header = x5chainHeader({ ...signers.ES256, x5c })
    expect([...header]).toEqual(expected === undefined ? [] : [[33, expected]])
  })

  it('with a certificate that is no PEM is refused', async () => {
    expect(await refusing(() => x5chainHeader({ ...signers.ES256, x5c: ['MIIB'] }))).toMatch(/^certificate_malformed/)
  })
})

describe('one bit that is another', () => {
  it.each<AlgorithmName>(['ES256', 'EdDSA'])('anywhere leaves nothing that verifies: %s', async alg => {
    const bytes = writeCbor(new CborTag(tagSign1, await sign(alg)))
    expect(await decide(readTaggedSign1(bytes), alg)).toBe('accepted')
    const outcomes = await Promise.all(flips(bytes).map(it => refusing(() => decideTagged(it, alg))))
    expect(outcomes).toHaveLength(bytes.length * 8)
    expect(outcomes).not.toContain('accepted')
  })

  const decideTagged = (bytes: Uint8Array, alg: AlgorithmName) =>
    verifyWith(signers[alg].publicJwk, readTaggedSign1(bytes), payload)
})
