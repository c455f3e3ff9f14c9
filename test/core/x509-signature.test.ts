/** Signatures of authorities, RSA above all: signed by the platform, with each parameter wrong in turn. */
import { beforeAll, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.js'
import { readCertificate } from '../../src/core/x509/certificate.js'
import { readKey } from '../../src/core/x509/key.js'
import { rsaSignatures } from '../../src/core/x509/rsa.js'
import { signatureHolds } from '../../src/core/x509/signature.js'
import { bitString, der, integer, objectIdentifier, sequence, tagged } from '../../src/testing/der.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { fromHex, told } from './support.js'

const tbs = utf8('what an authority signs')
const sha256 = '2.16.840.1.101.3.4.2.1'
const sha384 = '2.16.840.1.101.3.4.2.2'
const sha512 = '2.16.840.1.101.3.4.2.3'
const sha1 = '1.3.14.3.2.26'
const nothing = der(5)

const hashOf = (id: string, ...parameters: readonly Uint8Array[]) => sequence(objectIdentifier(id), ...parameters)
const mask = (hash: Uint8Array, id = '1.2.840.113549.1.1.8') => sequence(objectIdentifier(id), hash)
const salt = (length: number) => integer(Uint8Array.of(length))
const pss = (...members: readonly Uint8Array[]) =>
  sequence(objectIdentifier('1.2.840.113549.1.1.10'), sequence(...members))
const honestPss = (id: string, saltLength: number) =>
  pss(tagged(0, hashOf(id, nothing)), tagged(1, mask(hashOf(id, nothing))), tagged(2, salt(saltLength)))

interface Made {
  readonly spki: Uint8Array
  readonly sign: (saltLength?: number) => Promise<Uint8Array>
}

async function make(name: 'RSASSA-PKCS1-v1_5' | 'RSA-PSS', hash: string, modulusLength = 2048): Promise<Made> {
  const publicExponent = Uint8Array.of(1, 0, 1)
  const pair = await crypto.subtle.generateKey({ name, modulusLength, publicExponent, hash }, true, ['sign', 'verify'])
  return {
    spki: new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey)),
    sign: async (saltLength = 32) =>
      new Uint8Array(await crypto.subtle.sign({ name, saltLength }, pair.privateKey, tbs as BufferSource)),
  }
}

const holds = (spki: Uint8Array, algorithm: Uint8Array, bytes: Uint8Array, signed = tbs) =>
  signatureHolds({ tbs: signed, algorithm, signature: bytes }, readKey(spki), 'leaf', { rsaSignatures }).catch(told)

/** For rows that only differ in what is said of the signature. */
let made: Made
beforeAll(async () => {
  made = await make('RSA-PSS', 'SHA-256')
})

describe('RSA', () => {
  for (const [hash, id] of [
    ['SHA-256', '1.2.840.113549.1.1.11'],
    ['SHA-384', '1.2.840.113549.1.1.12'],
    ['SHA-512', '1.2.840.113549.1.1.13'],
  ] as const)
    it(`PKCS #1 v1.5 with ${hash} is verified, with NULL and without`, async () => {
      const { spki, sign } = await make('RSASSA-PKCS1-v1_5', hash)
      const signature = await sign()
      for (const algorithm of [hashOf(id, nothing), hashOf(id)]) {
        expect(await holds(spki, algorithm, signature)).toBe(true)
        expect(await holds(spki, algorithm, signature, utf8('something else'))).toBe(false)
        expect(await holds(spki, algorithm, signature.subarray(1))).toBe(false)
      }
      expect(await holds(spki, hashOf(id, der(5, Uint8Array.of(0))), signature)).toBe(
        'certificate_malformed at signatureAlgorithm',
      )
      expect(await holds(spki, hashOf(id, nothing, nothing), signature)).toBe('certificate_malformed at surplus')
    })

  for (const [hash, id] of [
    ['SHA-256', sha256],
    ['SHA-384', sha384],
    ['SHA-512', sha512],
  ] as const)
    it(`PSS with ${hash} is verified`, async () => {
      const { spki, sign } = await make('RSA-PSS', hash)
      for (const length of [0, 32]) {
        const signature = await sign(length)
        expect(await holds(spki, honestPss(id, length), signature)).toBe(true)
        expect(await holds(spki, honestPss(id, length + 1), signature)).toBe(false)
        expect(await holds(spki, honestPss(id, length), signature, utf8('something else'))).toBe(false)
      }
    })

  const unsupported = 'certificate_algorithm_unsupported at leaf'
  const hash = tagged(0, hashOf(sha256, nothing))
  const masked = tagged(1, mask(hashOf(sha256, nothing)))
  const length = tagged(2, salt(32))
  const rows: readonly (readonly [string, Uint8Array, string | boolean])[] = [
    ['no parameters', sequence(objectIdentifier('1.2.840.113549.1.1.10')), 'certificate_malformed at tag'],
    ['the defaults, which are SHA-1', pss(), unsupported],
    ['SHA-1', pss(tagged(0, hashOf(sha1, nothing)), masked, length), unsupported],
    ['no mask', pss(hash, length), unsupported],
    ['another mask', pss(hash, tagged(1, mask(hashOf(sha256, nothing), '1.2.3')), length), unsupported],
    ['a mask over another hash', pss(hash, tagged(1, mask(hashOf(sha384, nothing))), length), unsupported],
    ['no length of salt', pss(hash, masked), unsupported],
    ['a negative length of salt', pss(hash, masked, tagged(2, fromHex('0201ff'))), 'certificate_malformed at value'],
    ['a salt longer than the key', pss(hash, masked, tagged(2, fromHex('02020fff'))), false],
    [
      'the trailer, which is the default',
      pss(hash, masked, length, tagged(3, salt(1))),
      'certificate_malformed at surplus',
    ],
    ['a hash without NULL', pss(tagged(0, hashOf(sha256)), tagged(1, mask(hashOf(sha256))), length), true],
    [
      'something behind',
      sequence(objectIdentifier('1.2.840.113549.1.1.10'), sequence(hash, masked, length), nothing),
      'certificate_malformed at surplus',
    ],
  ]
  for (const [title, algorithm, expected] of rows)
    it(`PSS with ${title} is ${expected === true ? 'verified' : 'refused'}`, async () => {
      expect(await holds(made.spki, algorithm, await made.sign())).toBe(expected)
    })

  it('with MD5 or SHA-1 is refused', async () => {
    const { spki, sign } = await make('RSASSA-PKCS1-v1_5', 'SHA-1')
    for (const id of ['1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5'])
      expect(await holds(spki, hashOf(id, nothing), await sign())).toBe(unsupported)
  })

  it('of 1024 bits is refused', async () => {
    const { spki, sign } = await make('RSASSA-PKCS1-v1_5', 'SHA-256', 1024)
    expect(await holds(spki, hashOf('1.2.840.113549.1.1.11', nothing), await sign())).toBe('key_invalid at modulus')
  })

  it('is no algorithm of another key, nor another algorithm one of RSA', async () => {
    expect(await holds(made.spki, hashOf('1.2.840.10045.4.3.2'), await made.sign())).toBe(unsupported)
    const certificate = readCertificate(own.p256.certificate)
    const algorithm = hashOf('1.2.840.113549.1.1.11', nothing)
    expect(
      await signatureHolds({ ...certificate, algorithm }, certificate, 'leaf', { rsaSignatures }).catch(told),
    ).toBe(unsupported)
  })
})

describe('ECDSA', () => {
  const ids = { 'SHA-256': '1.2.840.10045.4.3.2', 'SHA-384': '1.2.840.10045.4.3.3', 'SHA-512': '1.2.840.10045.4.3.4' }
  for (const namedCurve of ['P-256', 'P-384', 'P-521'])
    for (const [hash, id] of Object.entries(ids))
      it(`on ${namedCurve} with ${hash} is verified`, async () => {
        const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify'])
        const spki = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey))
        // Numbers of every length that comes, short ones among them.
        for (let times = 0; times < 16; times++) {
          const data = utf8(`${times}`)
          const raw = new Uint8Array(
            await crypto.subtle.sign({ name: 'ECDSA', hash }, pair.privateKey, data as BufferSource),
          )
          const half = raw.length / 2
          const signature = sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half)))
          expect(await holds(spki, hashOf(id), signature, data)).toBe(true)
          expect(await holds(spki, hashOf(id), signature)).toBe(false)
        }
      })
})

describe('a key', () => {
  const rsa = (key: Uint8Array, ...parameters: readonly Uint8Array[]) =>
    sequence(sequence(objectIdentifier('1.2.840.113549.1.1.1'), ...parameters), bitString(key))
  const modulus = integer(new Uint8Array(256).fill(0xff))
  const exponent = integer(Uint8Array.of(3))
  const ec = (curve: string, size: number) =>
    sequence(
      sequence(objectIdentifier('1.2.840.10045.2.1'), objectIdentifier(curve)),
      bitString(Uint8Array.of(4, ...new Array(size).fill(1))),
    )

  for (const [crv, curve, size] of [
    ['brainpoolP256r1', '1.3.36.3.3.2.8.1.1.7', 32],
    ['brainpoolP320r1', '1.3.36.3.3.2.8.1.1.9', 40],
    ['brainpoolP384r1', '1.3.36.3.3.2.8.1.1.11', 48],
    ['brainpoolP512r1', '1.3.36.3.3.2.8.1.1.13', 64],
  ] as const)
    it(`may be on ${crv}`, () => {
      expect(readKey(ec(curve, 2 * size)).publicJwk).toMatchObject({ kty: 'EC', crv })
      expect(() => readKey(ec(curve, 2 * size - 1))).toThrow('certificate_malformed (key)')
    })

  it('of RSA is left to its own part', async () => {
    const spki = rsa(sequence(modulus, exponent), nothing)
    expect(readKey(spki)).toEqual({ spki, publicJwk: undefined })
    expect(await holds(spki, hashOf('1.2.840.113549.1.1.11'), new Uint8Array(256))).toBe(false)
  })

  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['without parameters', rsa(sequence(modulus, exponent))],
    ['with other parameters', rsa(sequence(modulus, exponent), sequence())],
    ['with a NULL that is not empty', rsa(sequence(modulus, exponent), der(5, Uint8Array.of(0)))],
    ['with a negative modulus', rsa(sequence(fromHex('0201ff'), exponent), nothing)],
    ['with a negative exponent', rsa(sequence(modulus, fromHex('0201ff')), nothing)],
    ['with a padded modulus', rsa(sequence(fromHex('02020001'), exponent), nothing)],
    ['without an exponent', rsa(sequence(modulus), nothing)],
    ['with something behind its exponent', rsa(sequence(modulus, exponent, exponent), nothing)],
    ['that is no sequence', rsa(modulus, nothing)],
  ]
  for (const [title, bytes] of malformed)
    it(`of RSA ${title} is refused`, async () => {
      expect(await holds(bytes, hashOf('1.2.840.113549.1.1.11'), new Uint8Array(256))).toMatch(/^certificate_malformed/)
    })
})
