/** Certificates of our own, read; and DER that is not what it must be, refused. */
import { describe, expect, it } from 'vitest'
import { base64url, concatBytes } from '../../src/core/bytes.js'
import { certificateDer, readCertificate } from '../../src/core/x509/certificate.js'
import { derOctetString, readDer } from '../../src/core/x509/der.js'
import { commonNameOf } from '../../src/core/x509/name.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { fromHex, outcome } from './support.js'

const malformed = 'certificate_malformed'
const unsupported = 'key_invalid'

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
  })

  it('reads an RSA key, which signs chains and no credentials', () => {
    expect(readCertificate(own.rsa.certificate).publicJwk).toBeUndefined()
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
  const honest = certificate({ signature: tlv(3, new Uint8Array(200)) })
  const content = honest.subarray(4)
  const header = (...bytes: number[]) => concatBytes(Uint8Array.from(bytes), content)
  const [high, low] = [content.length >> 8, content.length & 255] as const

  it('is taken in its one form', () => {
    expect(header(0x30, 0x82, high, low)).toEqual(honest)
    expect(outcome(() => readCertificate(honest))).toBe('accepted')
  })

  const rows: readonly (readonly [string, Uint8Array])[] = [
    ['nothing', new Uint8Array()],
    ['a tag alone', Uint8Array.of(0x30)],
    ['a length that is not there', Uint8Array.of(0x30, 0x82)],
    ['a length cut short', Uint8Array.of(0x30, 0x82, 1)],
    ['another tag', header(0x31, 0x82, high, low)],
    ['a tag that is not constructed', header(0x10, 0x82, high, low)],
    ['a tag of more bytes', header(0x3f, 0x81, 0x01, 0x82, high, low)],
    ['an indefinite length', concatBytes(header(0x30, 0x80), Uint8Array.of(0, 0))],
    ['a length of three bytes that needs two', header(0x30, 0x83, 0, high, low)],
    ['a length of four bytes', header(0x30, 0x84, 0, 0, high, low)],
    ['the length of lengths that is reserved', header(0x30, 0xff, high, low)],
    ['a length that is one too much', header(0x30, 0x82, high, low + 1)],
    ['a length that is one too little', header(0x30, 0x82, high, low - 1)],
    ['a byte behind', concatBytes(honest, Uint8Array.of(0))],
    ['an element behind', concatBytes(honest, tlv(5))],
    ['two certificates', concatBytes(honest, honest)],
    [
      'a signature of a length of two bytes that needs one',
      certificate({ signature: Uint8Array.of(3, 0x81, 2, 0, 1) }),
    ],
    ['a signature cut short', certificate({ signature: Uint8Array.of(3, 3, 0, 1) })],
    ['a last tag without a length', certificate({ after: Uint8Array.of(5) })],
    [
      'an indefinite length that could be one of 128',
      certificate({ signature: Uint8Array.of(3, 0x80, ...new Uint8Array(128)) }),
    ],
    ['a tag of more bytes among its extensions', certificate({ extensions: Uint8Array.of(0xbf, 1, 0) })],
  ]
  for (const [title, bytes] of rows)
    it(`is refused with ${title}`, () => {
      expect(outcome(() => readCertificate(bytes))).toBe(malformed)
    })

  it('is refused with a last tag without a length, however long it is', () => {
    for (let length = 0; length < 300; length++)
      expect(outcome(() => readCertificate(concatBytes(tlv(0x30, new Uint8Array(length)), Uint8Array.of(4))))).toBe(
        malformed,
      )
  })

  it('has lengths in each of their forms', () => {
    for (const length of [1, 127, 128, 255, 256, 65_535, 65_536])
      expect(outcome(() => readCertificate(certificate({ signature: tlv(3, new Uint8Array(length)) })))).toBe(
        'accepted',
      )
  })

  it('has none of four bytes, though so many bytes follow', () => {
    const most = 2 ** 24
    const longest = new Uint8Array(5 + most - 1)
    longest.set([4, 0x83, 0xff, 0xff, 0xff])
    expect(outcome(() => readDer(longest, derOctetString))).toBe('accepted')
    const longer = new Uint8Array(6 + most)
    longer.set([4, 0x84, 1, 0, 0, 0])
    expect(outcome(() => readDer(longer, derOctetString))).toBe(malformed)
  })
})

describe('a certificate made by hand', () => {
  it('is read, with and without a version', () => {
    expect(readCertificate(certificate({}))).toMatchObject({ publicJwk: { kty: 'EC', crv: 'P-256' } })
    expect(outcome(() => readCertificate(certificate({ version: new Uint8Array() })))).toBe('accepted')
  })

  const p256Point = concatBytes(Uint8Array.of(0, 4), new Uint8Array(64).fill(1))
  const rows: readonly (readonly [string, Parts, string])[] = [
    [malformed, { after: tlv(5) }, malformed],
    ['no signature', { signature: new Uint8Array() }, malformed],
    ['a signature that is no bit string', { signature: tlv(4) }, malformed],
    ['an algorithm that is no sequence', { algorithm: tlv(5) }, malformed],
    ['an inner algorithm that is no sequence', { innerAlgorithm: tlv(5) }, malformed],
    ['an algorithm that is another inside', { innerAlgorithm: sequence(oid('2a8648ce3d040303')) }, malformed],
    ['a version 1 that is written', { version: tlv(0xa0, tlv(2, Uint8Array.of(0))) }, malformed],
    ['a version 4', { version: tlv(0xa0, tlv(2, Uint8Array.of(3))) }, malformed],
    ['two versions', { version: tlv(0xa0, concatBytes(tlv(2, Uint8Array.of(2)), tlv(5))) }, malformed],
    ['a version of 5 bytes', { version: tlv(0xa0, tlv(2, Uint8Array.of(1, 0, 0, 0, 2))) }, malformed],
    ['no serial number', { serial: tlv(4) }, malformed],
    ['a serial number of no bytes', { serial: tlv(2) }, malformed],
    ['a padded serial number', { serial: tlv(2, Uint8Array.of(0, 1)) }, malformed],
    ['a padded negative serial number', { serial: tlv(2, Uint8Array.of(0xff, 0x80)) }, malformed],
    ['a signature of odd bits', { signature: tlv(3, Uint8Array.of(1, 2)) }, malformed],
    ['a signature of no bytes', { signature: tlv(3) }, malformed],
    ['an empty list of extensions', { extensions: tlv(0xa3, sequence()) }, malformed],
    ['two lists of extensions', { extensions: tlv(0xa3, concatBytes(someExtensions(), someExtensions())) }, malformed],
    ['extensions in version 1', { version: new Uint8Array(), extensions: tlv(0xa3, someExtensions()) }, malformed],
    [
      'extensions in version 2',
      { version: tlv(0xa0, tlv(2, Uint8Array.of(1))), extensions: tlv(0xa3, someExtensions()) },
      malformed,
    ],
    [
      'a unique identifier in version 1',
      { version: new Uint8Array(), extensions: tlv(0x81, Uint8Array.of(0)) },
      malformed,
    ],
    [
      'a unique identifier of the subject in version 1',
      { version: new Uint8Array(), extensions: tlv(0x82, Uint8Array.of(0)) },
      malformed,
    ],
    ['a unique identifier with unused bits that are set', { extensions: tlv(0x81, Uint8Array.of(1, 1)) }, malformed],
    [
      'unique identifiers in another order',
      { extensions: concatBytes(tlv(0x82, Uint8Array.of(0)), tlv(0x81, Uint8Array.of(0))) },
      malformed,
    ],
    ['a member that is unknown', { extensions: tlv(0xa4, someExtensions()) }, malformed],
    ['an issuer that is no name', { issuer: tlv(4) }, malformed],
    ['a subject that is no name', { subject: tlv(4) }, malformed],
    ['no time', { validity: sequence() }, malformed],
    ['one time', { validity: sequence(utc('260101000000Z')) }, malformed],
    [
      'three times',
      { validity: sequence(utc('260101000000Z'), utc('270101000000Z'), utc('280101000000Z')) },
      malformed,
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
      malformed,
    ]),
    ...['20260101000000.5Z', '260101000000Z', '202601010000Z', '20260101000000', '20260101000000+0300'].map(
      (text): [string, Parts, string] => [
        `the long time ${text}`,
        { validity: sequence(generalized(text), generalized('20270101000000Z')) },
        malformed,
      ],
    ),
    [
      'a short time in place of a long one',
      { validity: sequence(utc('20260101000000Z'), utc('270101000000Z')) },
      malformed,
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
      malformed,
    ]),
    [
      'a time that is bytes',
      { validity: sequence(tlv(4, new TextEncoder().encode('260101000000Z')), utc('270101000000Z')) },
      malformed,
    ],
    ['the year 0', { validity: sequence(generalized('00000101000000Z'), utc('270101000000Z')) }, malformed],
    ['a key that is no bit string', { key: tlv(4, p256Point) }, malformed],
    ['a key of no bytes', { key: tlv(3) }, malformed],
    ['a key of odd bits', { key: tlv(3, concatBytes(Uint8Array.of(1), p256Point.slice(1))) }, malformed],
    ['a compressed point', { key: tlv(3, concatBytes(Uint8Array.of(0, 2), new Uint8Array(32))) }, malformed],
    ['a hybrid point', { key: tlv(3, concatBytes(Uint8Array.of(0, 6), new Uint8Array(64))) }, malformed],
    ['a point too short', { key: tlv(3, p256Point.slice(0, -1)) }, malformed],
    ['a point too long', { key: tlv(3, concatBytes(p256Point, Uint8Array.of(1))) }, malformed],
    ['a curve given by its parameters', { keyAlgorithm: sequence(oid('2a8648ce3d0201'), sequence()) }, malformed],
    ['a curve left out', { keyAlgorithm: sequence(oid('2a8648ce3d0201')) }, malformed],
    ['an unsupported curve', { keyAlgorithm: sequence(oid('2a8648ce3d0201'), oid('2b8104000a')) }, unsupported],
    ['a curve named like another thing', { keyAlgorithm: sequence(oid('2a8648ce3d0201'), oid('')) }, malformed],
    ['an unsupported key', { keyAlgorithm: sequence(oid('2b656e')) }, unsupported],
    [
      'a key with three members',
      { keyAlgorithm: sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107'), tlv(5)) },
      malformed,
    ],
    ['something behind its key', { behindKey: tlv(5) }, malformed],
    ['Ed25519 of 31 bytes', { keyAlgorithm: sequence(oid('2b6570')), key: tlv(3, new Uint8Array(32)) }, malformed],
    [
      'Ed25519 with parameters',
      { keyAlgorithm: sequence(oid('2b6570'), tlv(5)), key: tlv(3, new Uint8Array(33)) },
      malformed,
    ],
  ]
  for (const [title, parts, fault] of rows)
    it(`is refused with ${title}`, () => {
      expect(outcome(() => readCertificate(certificate(parts)))).toBe(fault)
    })

  it('is read in version 2 with unique identifiers', () => {
    const unique = concatBytes(tlv(0x81, Uint8Array.of(0, 1)), tlv(0x82, Uint8Array.of(0)))
    const parts = { version: tlv(0xa0, tlv(2, Uint8Array.of(1))), extensions: unique }
    expect(outcome(() => readCertificate(certificate(parts)))).toBe('accepted')
    expect(outcome(() => readCertificate(certificate({ extensions: tlv(0xa3, someExtensions()) })))).toBe('accepted')
  })

  it('keeps the bytes that were signed, and how', () => {
    const read = readCertificate(own.p256.certificate)
    expect(concatBytes(read.tbs, read.algorithm)).toEqual(
      read.der.subarray(4, 4 + read.tbs.length + read.algorithm.length),
    )
    expect(read.serial.length).toBeGreaterThan(0)
    expect(commonNameOf(read.issuer)).toBe('root')
    expect(commonNameOf(read.subject)).toBe('p256')
    expect(read.subject.country).toBe('UT')
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

/** Of an extension that nobody knows. */
function someExtensions(): Uint8Array {
  return sequence(sequence(oid('2a03'), tlv(4)))
}

interface Parts {
  readonly version?: Uint8Array
  readonly serial?: Uint8Array
  readonly innerAlgorithm?: Uint8Array
  readonly issuer?: Uint8Array
  readonly subject?: Uint8Array
  readonly algorithm?: Uint8Array
  readonly validity?: Uint8Array
  readonly keyAlgorithm?: Uint8Array
  readonly key?: Uint8Array
  readonly behindKey?: Uint8Array
  readonly extensions?: Uint8Array
  readonly signature?: Uint8Array
  readonly after?: Uint8Array
}

function certificate(parts: Parts): Uint8Array {
  const ecdsa = sequence(oid('2a8648ce3d040302'))
  const tbs = sequence(
    parts.version ?? tlv(0xa0, tlv(2, Uint8Array.of(2))),
    parts.serial ?? tlv(2, Uint8Array.of(1)),
    parts.innerAlgorithm ?? ecdsa,
    parts.issuer ?? sequence(),
    parts.validity ?? sequence(utc('260101000000Z'), utc('270101000000Z')),
    parts.subject ?? sequence(),
    sequence(
      parts.keyAlgorithm ?? sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')),
      parts.key ?? tlv(3, concatBytes(Uint8Array.of(0, 4), new Uint8Array(64).fill(1))),
      parts.behindKey ?? new Uint8Array(),
    ),
    parts.extensions ?? new Uint8Array(),
  )
  const signature = parts.signature ?? tlv(3, Uint8Array.of(0, 1))
  return sequence(tbs, parts.algorithm ?? ecdsa, signature, parts.after ?? new Uint8Array())
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
