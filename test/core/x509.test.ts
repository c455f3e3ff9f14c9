/** Certificates of our own, read; and DER that is not what it must be, refused. */
import { describe, expect, it } from 'vitest'
import { base64url, concatBytes } from '../../src/core/bytes.js'
import { certificateDer, readCertificate } from '../../src/core/x509/certificate.js'
import { derSequence, expectDer, readDer, readDerElements } from '../../src/core/x509/der.js'
import { VidimusError } from '../../src/errors.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { fromHex, outcome, toHex } from './support.js'

/** What an error says is at fault, beside its code. */
const faultOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof VidimusError) return `${error.code} at ${error.at}`
    throw error
  }
  return 'accepted'
}

const malformed = (at: string): string => `certificate_malformed at ${at}`
const unsupported = 'key_invalid at x5c'

describe('readCertificate', () => {
  for (const name of ['p256', 'p384', 'p521', 'ed'] as const)
    it(`reads key and validity of ${name}`, () => {
      const { d: _d, ...publicJwk } = own[name].jwk
      const certificate = readCertificate(own[name].certificate)
      expect(certificate.publicJwk).toEqual(publicJwk)
      expect(certificate.notBefore).toEqual(new Date('2026-01-01T00:00:00Z'))
      // From 2050 on a time has four digits of its year (RFC 5280 §4.1.2.5).
      expect(certificate.notAfter).toEqual(new Date(name === 'p521' ? '2060-01-01T00:00:00Z' : '2027-01-01T00:00:00Z'))
      expect(readCertificate(certificate.der)).toEqual(certificate)
    })

  it('refuses a key that signs no credentials', () => {
    expect(outcome(() => readCertificate(own.koblitz.certificate))).toBe('key_invalid')
    expect(outcome(() => readCertificate(own.rsa.certificate))).toBe('key_invalid')
  })

  it('keeps its own copy of the bytes', () => {
    const der = certificateDer(own.p256.certificate)
    const certificate = readCertificate(der)
    der.fill(0)
    expect(certificate.der).toEqual(certificateDer(own.p256.certificate))
  })

  it('refuses a certificate cut short anywhere, and one with a byte behind it', () => {
    const der = certificateDer(own.p256.certificate)
    for (let length = 0; length < der.length; length++)
      expect(outcome(() => readCertificate(der.slice(0, length)))).toBe('certificate_malformed')
    expect(outcome(() => readCertificate(concatBytes(der, Uint8Array.of(0))))).toBe('certificate_malformed')
  })
})

describe('PEM', () => {
  const pem = own.p256.certificate
  const body = pem.replace(/-----.*-----/g, '').trim()
  const begin = '-----BEGIN CERTIFICATE-----'
  const end = '-----END CERTIFICATE-----'

  it('may have other line breaks, or none', () => {
    const der = certificateDer(pem)
    for (const text of [pem.replaceAll('\n', '\r\n'), `\n  ${pem}\n\n`, begin + body.replaceAll('\n', '') + end])
      expect(certificateDer(text)).toEqual(der)
  })

  it('must hold exactly one certificate', () => {
    for (const text of [
      '',
      body,
      pem + pem,
      `x${pem}`,
      `${pem}x`,
      begin + body,
      body + end,
      pem.replaceAll('CERTIFICATE', 'PUBLIC KEY'),
      `${begin}${body.replace('M', '!')}${end}`,
    ])
      expect(outcome(() => certificateDer(text))).toBe('certificate_malformed')
  })

  it('must be canonical base64', () => {
    for (const text of [
      `${begin}${body}=${end}`,
      `${begin}${body.slice(0, -1)}${end}`,
      `${begin}QQ${end}`,
      `${begin}QR==${end}`,
    ])
      expect(outcome(() => certificateDer(text))).toBe('encoding_invalid')
  })
})

describe('DER', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['nothing', '', 'tag'],
    ['a tag alone', '30', 'end'],
    ['a content cut short', '3002 00', 'end'],
    ['a length cut short', '3082 01', 'end'],
    ['a long content cut short', '3082 0100 00', 'end'],
    ['an element behind', '3000 0500', 'surplus'],
    ['a byte behind', '3000 00', 'end'],
    ['an indefinite length', '3080 0000', 'length'],
    ['a length of four bytes', '3084 00000000', 'length'],
    ['the length of lengths that is reserved', '30ff 00', 'length'],
    ['a short length in the long form', '3081 00', 'length'],
    ['127 in the long form', `3081 7f ${'00'.repeat(127)}`, 'length'],
    ['255 in three bytes', `3082 00ff ${'00'.repeat(255)}`, 'length'],
    ['a tag of more bytes', '3f8101 00', 'tag'],
    ['another tag', '0400', 'tag'],
    ['a primitive in place of a sequence', '1000', 'tag'],
  ]
  for (const [title, hex, at] of rows)
    it(`refuses ${title}`, () => {
      expect(faultOf(() => readDer(fromHex(hex.replaceAll(' ', '')), derSequence))).toBe(malformed(at))
    })

  it('refuses a last tag without a length, whatever came before it', () => {
    for (let length = 0; length < 300; length++)
      expect(outcome(() => readDerElements(concatBytes(tlv(4, new Uint8Array(length)), Uint8Array.of(4))))).toBe(
        'certificate_malformed',
      )
  })

  it('reads lengths in each of their forms', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const content = new Uint8Array(length).fill(1)
      const bytes = tlv(4, content)
      const element = readDer(bytes, 4)
      expect(element.content).toEqual(content)
      expect(element.whole).toEqual(bytes)
    }
  })

  it('reads what follows one another, to the end', () => {
    expect(readDerElements(new Uint8Array())).toEqual([])
    const elements = readDerElements(fromHex('0201050500'))
    expect(elements.map(({ whole }) => toHex(whole))).toEqual(['020105', '0500'])
    expect(faultOf(() => readDerElements(fromHex('02010505')))).toBe(malformed('end'))
    expect(faultOf(() => expectDer(undefined, 2))).toBe(malformed('tag'))
  })
})

describe('a certificate made by hand', () => {
  it('is read, with and without a version', () => {
    expect(readCertificate(certificate({}))).toMatchObject({ publicJwk: { kty: 'EC', crv: 'P-256' } })
    expect(outcome(() => readCertificate(certificate({ version: new Uint8Array() })))).toBe('accepted')
  })

  const p256Point = concatBytes(Uint8Array.of(0, 4), new Uint8Array(64).fill(1))
  const rows: readonly (readonly [string, Parts, string])[] = [
    [malformed('surplus'), { after: tlv(5) }, malformed('surplus')],
    ['no signature', { signature: new Uint8Array() }, malformed('tag')],
    ['a signature that is no bit string', { signature: tlv(4) }, malformed('tag')],
    ['an algorithm that is no sequence', { algorithm: tlv(5) }, malformed('tag')],
    ['an inner algorithm that is no sequence', { innerAlgorithm: tlv(5) }, malformed('tag')],
    ['no serial number', { serial: tlv(4) }, malformed('tag')],
    ['an issuer that is no name', { issuer: tlv(4) }, malformed('tag')],
    ['a subject that is no name', { subject: tlv(4) }, malformed('tag')],
    ['no time', { validity: sequence() }, malformed('time')],
    ['one time', { validity: sequence(utc('260101000000Z')) }, malformed('time')],
    [
      'three times',
      { validity: sequence(utc('260101000000Z'), utc('270101000000Z'), utc('280101000000Z')) },
      malformed('surplus'),
    ],
    ...[
      '2601010000Z',
      '260101000000',
      '260101000000+0000',
      '26010100000AZ',
      '260101000000.5Z',
      ' 60101000000Z',
      '260101000000Z\0',
    ].map((text): [string, Parts, string] => [
      `the time ${JSON.stringify(text)}`,
      { validity: sequence(utc(text), utc('270101000000Z')) },
      malformed('time'),
    ]),
    ...['20260101000000.5Z', '260101000000Z', '202601010000Z', '20260101000000', '20260101000000+0300'].map(
      (text): [string, Parts, string] => [
        `the long time ${text}`,
        { validity: sequence(generalized(text), generalized('20270101000000Z')) },
        malformed('time'),
      ],
    ),
    [
      'a short time in place of a long one',
      { validity: sequence(utc('20260101000000Z'), utc('270101000000Z')) },
      malformed('time'),
    ],
    ...[
      '260001000000Z',
      '261301000000Z',
      '260100000000Z',
      '260230000000Z',
      '250229000000Z',
      '260101240000Z',
      '260101006000Z',
      '260101000060Z',
    ].map((text): [string, Parts, string] => [
      `the time ${text}`,
      { validity: sequence(utc(text), utc('270101000000Z')) },
      malformed('time'),
    ]),
    ['the year 0', { validity: sequence(generalized('00000101000000Z'), utc('270101000000Z')) }, malformed('time')],
    ['a key that is no bit string', { key: tlv(4, p256Point) }, malformed('tag')],
    ['a key of no bytes', { key: tlv(3) }, malformed('key')],
    ['a key of odd bits', { key: tlv(3, concatBytes(Uint8Array.of(1), p256Point.slice(1))) }, malformed('key')],
    ['a compressed point', { key: tlv(3, concatBytes(Uint8Array.of(0, 2), new Uint8Array(32))) }, malformed('key')],
    ['a hybrid point', { key: tlv(3, concatBytes(Uint8Array.of(0, 6), new Uint8Array(64))) }, malformed('key')],
    ['a point too short', { key: tlv(3, p256Point.slice(0, -1)) }, malformed('key')],
    ['a point too long', { key: tlv(3, concatBytes(p256Point, Uint8Array.of(1))) }, malformed('key')],
    [
      'a curve given by its parameters',
      { keyAlgorithm: sequence(oid('2a8648ce3d0201'), sequence()) },
      malformed('tag'),
    ],
    ['a curve left out', { keyAlgorithm: sequence(oid('2a8648ce3d0201')) }, malformed('tag')],
    ['an unsupported curve', { keyAlgorithm: sequence(oid('2a8648ce3d0201'), oid('2b8104000a')) }, unsupported],
    ['a curve named like another thing', { keyAlgorithm: sequence(oid('2a8648ce3d0201'), oid('')) }, unsupported],
    ['an unsupported key', { keyAlgorithm: sequence(oid('2b656e')) }, unsupported],
    [
      'a key with three members',
      { keyAlgorithm: sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107'), tlv(5)) },
      malformed('key'),
    ],
    ['something behind its key', { behindKey: tlv(5) }, malformed('key')],
    [
      'Ed25519 of 31 bytes',
      { keyAlgorithm: sequence(oid('2b6570')), key: tlv(3, new Uint8Array(32)) },
      malformed('key'),
    ],
    [
      'Ed25519 with parameters',
      { keyAlgorithm: sequence(oid('2b6570'), tlv(5)), key: tlv(3, new Uint8Array(33)) },
      malformed('key'),
    ],
  ]
  for (const [title, parts, fault] of rows)
    it(`is refused with ${title}`, () => {
      expect(faultOf(() => readCertificate(certificate(parts)))).toBe(fault)
    })

  it('has the century that its two digits mean', () => {
    const notBefore = (time: Uint8Array) =>
      readCertificate(certificate({ validity: sequence(time, utc('270101000000Z')) })).notBefore.toISOString()
    expect(notBefore(utc('500101000000Z'))).toBe('1950-01-01T00:00:00.000Z')
    expect(notBefore(utc('491231235959Z'))).toBe('2049-12-31T23:59:59.000Z')
    expect(notBefore(generalized('00500101000000Z'))).toBe('0050-01-01T00:00:00.000Z')
    expect(notBefore(generalized('99991231235959Z'))).toBe('9999-12-31T23:59:59.000Z')
    expect(notBefore(utc('240229000000Z'))).toBe('2024-02-29T00:00:00.000Z')
  })

  it('gives Ed25519 keys as they are', () => {
    const key = new Uint8Array(32).fill(9)
    const parts = { keyAlgorithm: sequence(oid('2b6570')), key: tlv(3, concatBytes(Uint8Array.of(0), key)) }
    expect(readCertificate(certificate(parts)).publicJwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: base64url(key) })
  })
})

interface Parts {
  readonly version?: Uint8Array
  readonly serial?: Uint8Array
  readonly algorithm?: Uint8Array
  readonly innerAlgorithm?: Uint8Array
  readonly issuer?: Uint8Array
  readonly validity?: Uint8Array
  readonly subject?: Uint8Array
  readonly keyAlgorithm?: Uint8Array
  readonly key?: Uint8Array
  readonly behindKey?: Uint8Array
  readonly signature?: Uint8Array
  readonly after?: Uint8Array
}

function certificate(parts: Parts): Uint8Array {
  const algorithm = parts.algorithm ?? sequence(oid('2a8648ce3d040302'))
  const tbs = sequence(
    parts.version ?? tlv(0xa0, tlv(2, Uint8Array.of(2))),
    parts.serial ?? tlv(2, Uint8Array.of(1)),
    parts.innerAlgorithm ?? sequence(oid('2a8648ce3d040302')),
    parts.issuer ?? sequence(),
    parts.validity ?? sequence(utc('260101000000Z'), utc('270101000000Z')),
    parts.subject ?? sequence(),
    sequence(
      parts.keyAlgorithm ?? sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')),
      parts.key ?? tlv(3, concatBytes(Uint8Array.of(0, 4), new Uint8Array(64).fill(1))),
      parts.behindKey ?? new Uint8Array(),
    ),
  )
  const signature = parts.signature ?? tlv(3, Uint8Array.of(0, 1))
  return sequence(tbs, algorithm, signature, parts.after ?? new Uint8Array())
}

function tlv(tag: number, content: Uint8Array = new Uint8Array()): Uint8Array {
  const { length } = content
  const bytes =
    length < 0x100
      ? [length]
      : length < 0x10000
        ? [length >> 8, length & 255]
        : [length >> 16, (length >> 8) & 255, length & 255]
  return concatBytes(Uint8Array.from([tag, ...(length < 0x80 ? [] : [0x80 | bytes.length]), ...bytes]), content)
}

function sequence(...members: readonly Uint8Array[]): Uint8Array {
  return tlv(0x30, concatBytes(...members))
}

function oid(hex: string): Uint8Array {
  return tlv(6, fromHex(hex))
}

function utc(text: string): Uint8Array {
  return tlv(0x17, new TextEncoder().encode(text))
}

function generalized(text: string): Uint8Array {
  return tlv(0x18, new TextEncoder().encode(text))
}
