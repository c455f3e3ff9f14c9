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
  verifyRsaSignature,
  verifySignature,
} from '#crypto'
import { algorithmNamed, algorithmNames, type HashName } from '../../src/core/algorithms.js'
import { base64url, equalBytes, utf8 } from '../../src/core/bytes.js'
import { readPublicJwk } from '../../src/core/jwk.js'
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
    // More than a browser gives at once; none of it is left as it was.
    const many = randomBytes(3 * 65_536 + 32)
    for (let start = 0; start < many.length; start += 32) expect(many.slice(start, start + 32).some(Boolean)).toBe(true)
    expect(many.length).toBe(3 * 65_536 + 32)
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

describe('sixty-four fresh signatures', () => {
  it.each([
    ['ES256', { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }],
    ['ES384', { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }],
    ['ES512', { name: 'ECDSA', namedCurve: 'P-521', hash: 'SHA-512' }],
    ['EdDSA', { name: 'Ed25519' }],
  ])('of WebCrypto for %s all verify', async (alg, parameters) => {
    const pair = (await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])) as CryptoKeyPair
    const jwk = readPublicJwk({ ...(await crypto.subtle.exportKey('jwk', pair.publicKey)), alg })
    const key = await importPublicKey(jwk, algorithmNamed(alg)!)
    for (let round = 0; round < 64; round++) {
      const text = `message ${round}`
      const signature = await crypto.subtle.sign(parameters, pair.privateKey, new TextEncoder().encode(text))
      expect(await verifySignature(key, text, new Uint8Array(signature))).toBe(true)
      expect(await verifySignature(key, 'another', new Uint8Array(signature))).toBe(false)
    }
  })
})

it('a signature holds with another hash than that of its curve, as certificates have them', async () => {
  const parameters = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-512' }
  const pair = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
  const jwk = readPublicJwk(await crypto.subtle.exportKey('jwk', pair.publicKey))
  const signature = await crypto.subtle.sign(parameters, pair.privateKey, new TextEncoder().encode('signed'))
  const key = await importPublicKey(jwk, { ...algorithmNamed('ES256')!, hash: 'sha-512' })
  expect(await verifySignature(key, 'signed', new Uint8Array(signature))).toBe(true)
})

describe('an RSA signature of a certificate', () => {
  const hashes: readonly HashName[] = ['sha-256', 'sha-384', 'sha-512']
  const data = utf8('to be signed')

  /** Signed by WebCrypto, which every platform here has. */
  async function signed(name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS', hash: HashName, saltLength = 32) {
    const algorithm = { name, hash: hash.toUpperCase(), modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
    const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
    const signature = new Uint8Array(await crypto.subtle.sign({ name, saltLength }, privateKey, data as BufferSource))
    return { spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)), signature }
  }

  it.each(hashes)('holds as PKCS#1 v1.5 with %s, over its own data and hash alone', async hash => {
    const { spki, signature } = await signed('RSASSA-PKCS1-v1_5', hash)
    expect(await verifyRsaSignature(spki, { hash }, data, signature)).toBe(true)
    expect(await verifyRsaSignature(spki, { hash, pss: undefined }, data, signature)).toBe(true)
    expect(await verifyRsaSignature(spki, { hash }, utf8('to be Signed'), signature)).toBe(false)
    expect(await verifyRsaSignature(spki, { hash, pss: { saltLength: 32 } }, data, signature)).toBe(false)
    for (const other of hashes.filter(name => name !== hash))
      expect(await verifyRsaSignature(spki, { hash: other }, data, signature)).toBe(false)
    for (const length of [0, 1, 255, 257, 4096])
      expect(await verifyRsaSignature(spki, { hash }, data, new Uint8Array(length).fill(1))).toBe(false)
  })

  it.each(hashes)('holds as PSS with %s, with its own salt alone', async hash => {
    const { spki, signature } = await signed('RSA-PSS', hash, 20)
    const scheme = { hash, pss: { saltLength: 20 } }
    expect(await verifyRsaSignature(spki, scheme, data, signature)).toBe(true)
    expect(await verifyRsaSignature(spki, scheme, utf8('to be Signed'), signature)).toBe(false)
    expect(await verifyRsaSignature(spki, { hash }, data, signature)).toBe(false)
    // −1 and −2 mean "any salt" to OpenSSL; the key has room for 222 bytes at most.
    for (const saltLength of [0, 19, 21, 32, -1, -2, -3, 0.5, Number.NaN, 190, 191, 222, 223, 2 ** 31, 2 ** 53])
      expect(await verifyRsaSignature(spki, { hash, pss: { saltLength } }, data, signature), `${saltLength}`).toBe(
        false,
      )
    for (const length of [0, 1, 255, 257, 4096])
      expect(await verifyRsaSignature(spki, scheme, data, new Uint8Array(length).fill(1))).toBe(false)
  })

  const der = (tag: number, ...parts: readonly (readonly number[])[]): number[] => {
    const content = parts.flat()
    const size = content.length
    if (size < 0x80) return [tag, size, ...content]
    return size < 0x100 ? [tag, 0x81, size, ...content] : [tag, 0x82, size >> 8, size & 0xff, ...content]
  }
  const rsaEncryption = der(0x30, [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1], [5, 0])
  const modulusOf = (bits: number) => {
    const octets = new Array<number>(Math.ceil(bits / 8)).fill(0xab)
    octets[0] = bits % 8 === 0 ? 0xff : (1 << (bits % 8)) - 1
    return bits % 8 === 0 ? [0, ...octets] : octets
  }
  const rsaKey = (bits: number, exponent: readonly number[], algorithm = rsaEncryption) => {
    const key = der(0x30, der(2, modulusOf(bits)), der(2, exponent))
    return Uint8Array.from(der(0x30, algorithm, der(3, [0, ...key])))
  }
  const onP256 = fromHex(`3059301306072a8648ce3d020106082a8648ce3d030107034200${'04'.padEnd(130, '0')}`)
  const pssOnly = der(0x30, [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10])

  it.each<[string, Uint8Array]>([
    ['of 2047 bits', rsaKey(2047, [1, 0, 1])],
    ['of 1024 bits', rsaKey(1024, [1, 0, 1])],
    ['of 8193 bits', rsaKey(8193, [1, 0, 1])],
    ['with the exponent 1', rsaKey(2048, [1])],
    ['with an even exponent', rsaKey(2048, [1, 0, 0])],
    ['for PSS alone, which WebCrypto does not know', rsaKey(2048, [1, 0, 1], pssOnly)],
    ['on a curve', onP256],
    ['of nothing', new Uint8Array(0)],
    ['of text', utf8('-----BEGIN PUBLIC KEY-----')],
    ['cut short', rsaKey(2048, [1, 0, 1]).subarray(0, -1)],
  ])('is not asked of a key %s', async (_, spki) => {
    for (const pss of [undefined, { saltLength: 32 }]) {
      const asked = () => verifyRsaSignature(spki, { hash: 'sha-256', pss }, data, new Uint8Array(256))
      expect(await outcomeOf(asked)).toBe('key_invalid')
    }
  })

  it.each([2048, 2049, 4096, 8192])('is merely false under a key of %i bits that signed nothing', async bits => {
    for (const exponent of [[3], [1, 0, 1]])
      for (const pss of [undefined, { saltLength: 32 }])
        expect(
          await verifyRsaSignature(rsaKey(bits, exponent), { hash: 'sha-256', pss }, data, new Uint8Array(bits >> 3)),
        ).toBe(false)
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
