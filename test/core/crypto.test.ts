/** What is asked of either back end, with the answers that the standards print. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  deflate,
  digest,
  digestText,
  digestTextNow,
  hmacSha256,
  importPublicKey,
  inflate,
  randomBytes,
  sha256,
  verifySignature,
} from '#crypto'
import { algorithmNamed, algorithmNames, type HashName } from '../../src/core/algorithms.js'
import { base64url, equalBytes, utf8 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { fromHex, outcomeOf, refusalOf, toHex } from './support.js'

const runs = { seed: 20261122, numRuns: 50 }

describe('a digest', () => {
  // FIPS 180-4, the examples of the Cryptographic Standards and Guidelines page: "abc"
  it.each<[HashName, string]>([
    ['sha-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['sha-384', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'],
    [
      'sha-512',
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    ],
  ])('of %s is the published one, of text and bytes, as bytes and text', async (hash, hex) => {
    expect(toHex(await digest(hash, 'abc'))).toBe(hex)
    expect(toHex(await digest(hash, utf8('abc')))).toBe(hex)
    expect(await digestText(hash, 'abc')).toBe(base64url(fromHex(hex)))
    expect(await digestText(hash, utf8('abc'))).toBe(base64url(fromHex(hex)))
    expect(digestTextNow(hash, 'abc')).toBe(base64url(fromHex(hex)))
    expect(digestTextNow(hash, utf8('abc'))).toBe(base64url(fromHex(hex)))
  })

  it('is had at once where trees need it', async () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 1000]) {
      const data = new Uint8Array(length).fill(length)
      expect(toHex(sha256(data))).toBe(toHex(await digest('sha-256', data)))
    }
  })

  it('is plain bytes, over bytes anywhere in a buffer', async () => {
    const inside = utf8('xxabcxx').subarray(2, 5)
    expect(toHex(await digest('sha-256', inside))).toBe(toHex(await digest('sha-256', 'abc')))
    expect(toHex(sha256(inside))).toBe(toHex(sha256(utf8('abc'))))
    expect(Object.getPrototypeOf(await digest('sha-256', 'abc'))).toBe(Uint8Array.prototype)
    expect(Object.getPrototypeOf(sha256(inside))).toBe(Uint8Array.prototype)
  })
})

it('an HMAC is that of RFC 4231 §4.3, plain bytes', async () => {
  const mac = await hmacSha256(utf8('Jefe'), utf8('what do ya want for nothing?'))
  expect(toHex(mac)).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843')
  expect(Object.getPrototypeOf(mac)).toBe(Uint8Array.prototype)
})

describe('random bytes', () => {
  it('come in the length asked for, and differ', () => {
    for (const length of [0, 1, 16, 32]) expect(randomBytes(length).length).toBe(length)
    expect(toHex(randomBytes(16))).not.toBe(toHex(randomBytes(16)))
    expect(Object.getPrototypeOf(randomBytes(16))).toBe(Uint8Array.prototype)
  })

  it('leave no bit out', () => {
    const bits = new Uint8Array(32)
    for (let round = 0; round < 64; round++)
      for (const [index, octet] of randomBytes(32).entries()) bits[index]! |= octet
    expect(toHex(bits)).toBe('ff'.repeat(32))
  })
})

describe('a signature', () => {
  it.each(algorithmNames)('of %s is plain bytes in the length of the table, over bytes or text', async alg => {
    const signer = await generateSigner(alg)
    const algorithm = algorithmNamed(alg)!
    const signature = await signer.sign(utf8('signed'))
    expect(signature.length).toBe(algorithm.signatureBytes)
    expect(Object.getPrototypeOf(signature)).toBe(Uint8Array.prototype)
    const key = await importPublicKey(signer.publicJwk, algorithm)
    expect(key.algorithm).toBe(algorithm)
    expect(await verifySignature(key, 'signed', signature)).toBe(true)
    expect(await verifySignature(key, utf8('signed'), signature)).toBe(true)
    expect(await verifySignature(key, utf8('xxsignedxx').subarray(2, 8), signature)).toBe(true)
    expect(await verifySignature(key, 'Signed', signature)).toBe(false)
  })

  it.each(algorithmNames)('of %s in another length is false, and no exception', async alg => {
    const signer = await generateSigner(alg)
    const key = await importPublicKey(signer.publicJwk, algorithmNamed(alg)!)
    for (const length of [0, 1, 63, 65, 70, 95, 97, 131, 133, 500])
      expect(await verifySignature(key, 'signed', new Uint8Array(length).fill(1))).toBe(false)
  })
})

describe('compression', () => {
  it('comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async bytes => {
        const compressed = await deflate(bytes)
        expect(equalBytes(await inflate(compressed, bytes.length), bytes)).toBe(true)
        expect(Object.getPrototypeOf(compressed)).toBe(Uint8Array.prototype)
      }),
      runs,
    )
  })

  it('is ZLIB, as zlib itself writes it', async () => {
    const compressed = fromHex('789ccb48cdc9c957c84090003a2e067d')
    expect(await inflate(compressed, 17)).toEqual(utf8('hello hello hello'))
    expect(Object.getPrototypeOf(await inflate(compressed, 17))).toBe(Uint8Array.prototype)
  })

  it('holds its result to the limit, inclusive', async () => {
    const compressed = await deflate(new Uint8Array(100_000))
    expect((await inflate(compressed, 100_000)).length).toBe(100_000)
    for (const limit of [99_999, 1000, 1, 0])
      expect(await outcomeOf(() => inflate(compressed, limit))).toBe('limit_exceeded')
    expect((await inflate(await deflate(new Uint8Array(0)), 0)).length).toBe(0)
    const one = await deflate(new Uint8Array(1))
    expect(await outcomeOf(() => inflate(one, 0))).toBe('limit_exceeded')
    expect(await refusalOf(() => inflate(compressed, 1000))).toMatchObject({ at: 'inflate', expected: 1000 })
  })

  it('may come from anywhere in a buffer', async () => {
    const compressed = await deflate(utf8('text'))
    const inside = Uint8Array.from([1, 2, ...compressed, 3]).subarray(2, -1)
    expect(toHex(await inflate(inside, 10))).toBe(toHex(utf8('text')))
  })

  const text = utf8('the same words, the same words, and the same words again')
  const harmed: readonly [string, (stream: Uint8Array) => Uint8Array][] = [
    ['nothing', () => new Uint8Array(0)],
    ['its header alone', stream => stream.subarray(0, 2)],
    ['a stream cut in the middle', stream => stream.subarray(0, stream.length / 2)],
    ['a stream without its checksum', stream => stream.subarray(0, -4)],
    ['a stream without its last byte', stream => stream.subarray(0, -1)],
    ['a wrong checksum', stream => stream.map((octet, index) => (index === stream.length - 1 ? octet ^ 1 : octet))],
    ['a byte after the stream', stream => Uint8Array.of(...stream, 0)],
    ['much after the stream', stream => Uint8Array.of(...stream, ...new Uint8Array(70_000))],
    ['two streams in a row', stream => Uint8Array.of(...stream, ...stream)],
    ['the checksum twice', stream => Uint8Array.of(...stream, ...stream.subarray(-4))],
    ['bare DEFLATE', stream => stream.subarray(2, -4)],
    ['a preset dictionary', stream => Uint8Array.of(0x78, 0xbb, 0, 0, 0, 1, ...stream.subarray(2))],
    ['another method', stream => Uint8Array.of(0x79, 0x9b, ...stream.subarray(2))],
    ['a block of no kind', () => Uint8Array.of(0x78, 0x9c, 0x07, 0, 0, 0, 0, 1)],
    ['GZIP', () => fromHex('1f8b08000000000000034b040043beb7e801000000')],
    ['text', () => utf8('not compressed at all')],
  ]

  it.each(harmed)('is not %s', async (_, harm) => {
    expect(await outcomeOf(async () => inflate(harm(await deflate(text)), 1000))).toBe('inflate_invalid')
  })

  it('with any bit flipped is refused, or says the same', async () => {
    const stream = await deflate(text)
    for (let bit = 0; bit < stream.length * 8; bit++) {
      const flipped = stream.slice()
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const code = await outcomeOf(async () => expect(await inflate(flipped, 1000)).toEqual(text))
      expect(code).toMatch(/^(accepted|inflate_invalid)$/)
    }
  })
})
