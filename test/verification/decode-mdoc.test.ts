/** What people are shown of an mdoc, whoever made it, and what hostile bytes do: nothing but a coded error. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64, base64url } from '../../src/core/bytes.js'
import { CborTag, type CborValue, tagDateTime } from '../../src/core/cbor/value.js'
import { cborMap, embed, writeCbor } from '../../src/core/cbor/write.js'
import { headerAlg, headerX5chain } from '../../src/core/cose/headers.js'
import { writeCoseKey } from '../../src/core/cose/key.js'
import type { PublicJwk } from '../../src/core/jwk.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { VidimusError } from '../../src/errors.js'
import { openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { presentMdoc } from '../../src/presentation/mdoc.js'
import { name, signCertificate, signsDocuments } from '../../src/testing/certificate.js'
import { decodeMdoc } from '../../src/verification/decode-mdoc.js'
import { crew, harbour, harbourPass, makeHarbour, portrait } from '../harbour.js'
import { isDeepFrozen } from '../refusal.js'
import annexD from '../vectors/mdoc/annex-d.json' with { type: 'json' }
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { instant } from '../world.js'

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], byte => Number.parseInt(byte, 16))

const session = { clientId: 'https://bank.example', nonce: 'n', responseUri: 'https://bank.example/response' }
let world: Awaited<ReturnType<typeof makeHarbour>>
let response: Uint8Array

beforeAll(async () => {
  world = await makeHarbour()
  response = await presentMdoc(world.credential, {
    passport: harbourPass,
    disclose: ['familyName', 'rank'],
    sessionTranscript: await openid4vpTranscript(session),
    signer: world.holder,
  })
})

/** The code and place of what is thrown. */
function refusal(mdoc: unknown, options?: Parameters<typeof decodeMdoc>[1]): string {
  try {
    decodeMdoc(mdoc, options)
  } catch (error) {
    if (error instanceof VidimusError) return error.at === undefined ? error.code : `${error.code} at ${error.at}`
    throw error
  }
  return 'decoded'
}

describe('what is shown', () => {
  it('ISO/IEC 18013-5 Annex D: every element, the device, the signer', () => {
    const { kind, documents, documentErrors } = decodeMdoc(fromHex(annexD.ISO_18013_5_ANNEX_D_DEVICE_RESPONSE))
    expect([kind, documents.length, documentErrors]).toEqual(['response', 1, Object.create(null)])
    const { elements, certificates, ...document } = documents[0]!
    expect(document).toMatchObject({
      docType: 'org.iso.18013.5.1.mDL',
      signedDocType: 'org.iso.18013.5.1.mDL',
      signed: new Date('2020-10-01T13:30:02Z'),
      validFrom: new Date('2020-10-01T13:30:02Z'),
      validUntil: new Date('2021-10-01T13:30:02Z'),
      deviceKey: { kty: 'EC', crv: 'P-256' },
      keyAuthorizations: { nameSpaces: [], dataElements: {} },
      status: undefined,
      digestAlgorithm: 'sha-256',
      algorithm: 'ES256',
      device: { elements: {}, proof: 'mac', algorithm: 'HMAC 256/256' },
    })
    expect(elements['org.iso.18013.5.1']).toMatchObject({
      family_name: 'Doe',
      issue_date: '2019-10-20',
      expiry_date: '2024-10-20',
      document_number: '123456789',
      driving_privileges: [
        { vehicle_category_code: 'A', issue_date: '2018-08-09', expiry_date: '2024-10-20' },
        { vehicle_category_code: 'B', issue_date: '2017-02-23', expiry_date: '2024-10-20' },
      ],
    })
    expect(certificates).toEqual([
      {
        certificate: base64(fromHex(annexD.ISO_18013_5_ANNEX_D_DS_CERT)),
        subject: { country: 'US', commonName: 'utopia ds' },
        notBefore: new Date('2020-10-01T00:00:00Z'),
        notAfter: new Date('2021-10-01T00:00:00Z'),
      },
    ])
  })

  it('a credential: all of it, and no device', () => {
    const { kind, documents } = decodeMdoc(world.credential)
    expect([kind, documents.length, documents[0]!.device]).toEqual(['credential', 1, undefined])
    expect(documents[0]!.docType).toBe('example.harbour.pass.1')
    expect(documents[0]!.signed).toEqual(instant)
    expect(documents[0]!.elements).toEqual({
      [harbour]: {
        age_over_18: true,
        birth_date: '2001-02-28',
        family_name: 'Specimen',
        issuing_country: 'UT',
        landed_at: '2026-02-01T08:30:00Z',
        portrait,
      },
      [crew]: {
        berths: [
          { pier: 'North', taken: true },
          { pier: 'South', taken: false },
        ],
        draught: 2.5,
        rank: 7,
      },
    })
  })

  it('a presentation: what was disclosed, and the kind of proof', () => {
    const [document] = decodeMdoc(response).documents
    expect(document!.elements).toEqual({ [harbour]: { family_name: 'Specimen' }, [crew]: { rank: 7 } })
    expect(document!.device).toEqual({ elements: {}, proof: 'signature', algorithm: 'ES256' })
  })

  it('is the same from base64url text', () => {
    expect(decodeMdoc(base64url(response))).toEqual(decodeMdoc(response))
  })

  it('is frozen, and a copy of the bytes', () => {
    const mine = new Uint8Array(world.credential)
    const decoded = decodeMdoc(mine)
    expect(isDeepFrozen(decoded)).toBe(true)
    mine.fill(0)
    expect(decoded).toEqual(decodeMdoc(world.credential))
  })
})

/** An mdoc made of parts, none of them right: nothing is signed here. */
interface Parts {
  readonly docType?: string
  readonly elements?: readonly (readonly [identifier: string, value: CborValue])[]
  readonly keyAuthorizations?: CborValue
  readonly status?: CborValue
  readonly alg?: CborValue
  readonly deviceKey?: PublicJwk
  readonly x5chain?: CborValue
  readonly deviceElements?: CborValue
  readonly documentErrors?: CborValue
}

const key: PublicJwk = { kty: 'EC', crv: 'P-256', x: own.p256.jwk.x, y: own.p256.jwk.y }
const at = (text: string) => new CborTag(tagDateTime, text)

function issuerSigned({
  elements = [],
  keyAuthorizations,
  status,
  alg = -7,
  x5chain,
  deviceKey = key,
}: Parts): CborValue {
  const mso = cborMap([
    ['version', '1.0'],
    ['digestAlgorithm', 'SHA-512'],
    ['valueDigests', new Map()],
    [
      'deviceKeyInfo',
      cborMap([
        ['deviceKey', writeCoseKey(deviceKey)],
        ['keyAuthorizations', keyAuthorizations],
      ]),
    ],
    ['docType', 'signed.type'],
    [
      'validityInfo',
      cborMap([
        ['signed', at('2026-01-01T00:00:00Z')],
        ['validFrom', at('2026-01-02T00:00:00Z')],
        ['validUntil', at('2026-01-03T00:00:00Z')],
      ]),
    ],
    ['status', status],
  ])
  const items = elements.map(([identifier, value], index) =>
    embed(
      writeCbor(
        cborMap([
          ['digestID', index],
          ['random', new Uint8Array(16)],
          ['elementIdentifier', identifier],
          ['elementValue', value],
        ]),
      ),
    ),
  )
  const unprotected = x5chain === undefined ? new Map() : new Map([[headerX5chain, x5chain]])
  const payload = writeCbor(embed(writeCbor(mso)))
  return cborMap([
    ['nameSpaces', items.length === 0 ? undefined : new Map([['n', items]])],
    ['issuerAuth', [writeCbor(new Map([[headerAlg, alg]])), unprotected, payload, new Uint8Array(64)]],
  ])
}

const credentialOf = (parts: Parts) => writeCbor(issuerSigned(parts))

const responseOf = (parts: Parts) =>
  writeCbor(
    cborMap([
      ['version', '1.0'],
      [
        'documents',
        [
          cborMap([
            ['docType', parts.docType ?? 'signed.type'],
            ['issuerSigned', issuerSigned(parts)],
            [
              'deviceSigned',
              cborMap([
                ['nameSpaces', embed(writeCbor(parts.deviceElements ?? new Map()))],
                [
                  'deviceAuth',
                  cborMap([
                    ['deviceSignature', [writeCbor(new Map([[headerAlg, -7]])), new Map(), null, new Uint8Array(64)]],
                  ]),
                ],
              ]),
            ],
          ]),
        ],
      ],
      ['documentErrors', parts.documentErrors],
      ['status', 0],
    ]),
  )

const documentOf = (mdoc: Uint8Array) => decodeMdoc(mdoc).documents[0]!

/** For a key on a curve that shares -7 with P-256; nobody asks whether the point lies on it. */
const brainpoolCertificate = () =>
  signCertificate(
    {
      serial: Uint8Array.of(1),
      issuer: name('UT', 'authority'),
      subject: name('UT', 'signer'),
      notBefore: instant,
      notAfter: instant,
      publicJwk: { ...key, crv: 'brainpoolP256r1' },
      extensions: [signsDocuments()],
    },
    world.signer,
  )

describe('what a verifier would refuse is shown as it is', () => {
  it('two types of document in one', () => {
    expect(documentOf(responseOf({ docType: 'label.type' }))).toMatchObject({
      docType: 'label.type',
      signedDocType: 'signed.type',
    })
  })

  it('instants that are over, digests of another algorithm', () => {
    expect(documentOf(credentialOf({}))).toMatchObject({
      signed: new Date('2026-01-01T00:00:00Z'),
      validFrom: new Date('2026-01-02T00:00:00Z'),
      validUntil: new Date('2026-01-03T00:00:00Z'),
      digestAlgorithm: 'sha-512',
      deviceKey: key,
      elements: {},
      certificates: [],
    })
  })

  it('a proof by a key on that curve', () => {
    expect(documentOf(responseOf({ deviceKey: { ...key, crv: 'brainpoolP256r1' } })).device?.algorithm).toBe('ESB256')
    expect(documentOf(responseOf({})).device?.algorithm).toBe('ES256')
  })

  it('what the holder says, allowed or not', () => {
    const keyAuthorizations = cborMap([
      ['nameSpaces', ['a']],
      ['dataElements', new Map([['b', ['c']]])],
    ])
    const deviceElements = new Map([['z', new Map([['seat', 4]])]])
    expect(documentOf(responseOf({ keyAuthorizations, deviceElements }))).toMatchObject({
      keyAuthorizations: { nameSpaces: ['a'], dataElements: { b: ['c'] } },
      device: { elements: { z: { seat: 4 } }, proof: 'signature' },
    })
  })

  it.each<[string, CborValue, unknown]>([
    [
      'a place in a list',
      new Map([['status_list', new Map<string, CborValue>([['idx', 7]])]]),
      { status_list: { idx: 7 } },
    ],
    ['another mechanism', new Map([['identifier_list', 'x']]), { identifier_list: 'x' }],
    ['no map at all', 'none', 'none'],
  ])('a status that is %s', (_, status, shown) => {
    expect(documentOf(credentialOf({ status })).status).toEqual(shown)
  })

  it('documents that were not returned', () => {
    expect(decodeMdoc(responseOf({ documentErrors: [new Map([['other.type', 0]])] })).documentErrors).toEqual({
      'other.type': 0,
    })
  })

  it.each<[string, CborValue, string | undefined]>([
    ['-7, by the curve of the certificate', -7, 'ESB256'],
    ['-9, whatever the curve', -9, 'ES256'],
    ['none in the table', -257, undefined],
    ['text', 'ES256', undefined],
  ])('an algorithm: %s', async (_, alg, shown) => {
    const x5chain = await brainpoolCertificate()
    expect(documentOf(credentialOf({ alg, x5chain })).algorithm).toBe(shown)
  })

  it.each<[string, CborValue, readonly string[]]>([
    ['bytes that are no certificate', Uint8Array.of(1, 2), ['AQI=']],
    ['a list with something else in it', [Uint8Array.of(1), 'x', Uint8Array.of(2)], ['AQ==', 'Ag==']],
    ['no bytes at all', 'x', []],
  ])('a chain that is %s', (_, x5chain, certificates) => {
    expect(documentOf(credentialOf({ x5chain })).certificates).toEqual(
      certificates.map(certificate => ({ certificate })),
    )
  })

  it('an element named like a part of every object', () => {
    const { elements } = documentOf(credentialOf({ elements: [['__proto__', 'own']] }))
    expect(Object.getPrototypeOf(elements['n'])).toBe(null)
    expect(Object.entries(elements['n'] as object)).toEqual([['__proto__', 'own']])
  })
})

const twoKeys = new Map<string | number, CborValue>([
  [1, true],
  ['1', false],
])

function handedOver(bytes: Uint8Array): Uint8Array {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] })
  return bytes
}

describe('what cannot be read', () => {
  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'format_unknown'],
    ['null', null, 'format_unknown'],
    ['a number', 7, 'format_unknown'],
    ['an object', {}, 'format_unknown'],
    ['another view of bytes', new Uint16Array(4), 'format_unknown'],
    ['no bytes', new Uint8Array(), 'cbor_malformed at end'],
    ['bytes that were handed over to another thread', handedOver(Uint8Array.of(0xa0)), 'cbor_malformed at end'],
    ['text that is not base64url', 'o2d!', 'encoding_invalid at presentation'],
    ['text with padding', 'oA==', 'encoding_invalid at presentation'],
    ['an SD-JWT', 'eyJhbGciOiJFUzI1NiJ9.e30.AA~', 'encoding_invalid at presentation'],
    ['a list', writeCbor([]), 'mdoc_malformed at DeviceResponse'],
    ['an empty map', writeCbor(new Map()), 'mdoc_version_unsupported at DeviceResponse'],
    [
      'a member too many',
      writeCbor(
        new Map([
          ['issuerAuth', 1],
          ['x', 2],
        ]),
      ),
      'mdoc_malformed at issuerSigned',
    ],
    ['a byte too many', Uint8Array.of(0xa0, 0), 'cbor_malformed at surplus'],
    [
      'two keys of one text in an element',
      credentialOf({ elements: [['e', twoKeys]] }),
      'claim_malformed at nameSpaces',
    ],
    ['two keys of one text in a status', credentialOf({ status: twoKeys }), 'claim_malformed at status'],
    [
      'two keys of one text said by the device',
      responseOf({ deviceElements: new Map([['n', new Map([['e', twoKeys]])]]) }),
      'claim_malformed at DeviceNameSpaces',
    ],
  ])('%s', (_, mdoc, code) => {
    expect(refusal(mdoc)).toBe(code)
  })

  it('what is beyond a limit, the lowered ones too', () => {
    const certificate = certificateDer(own.p256.certificate)
    const chained = credentialOf({ x5chain: Array.from({ length: 6 }, () => certificate) })
    expect(refusal(chained)).toBe('limit_exceeded at certificates')
    expect(refusal(credentialOf({ x5chain: new Uint8Array(16 * 1024 + 1) }))).toBe('limit_exceeded at certificateBytes')
    expect(refusal(credentialOf({ x5chain: new Uint8Array(16 * 1024) }))).toBe('decoded')
    for (const mdoc of [response, base64url(response)]) {
      expect(refusal(mdoc, { limits: { presentationBytes: 100 } })).toBe('limit_exceeded at presentationBytes')
      expect(refusal(mdoc, { limits: { depth: 2 } })).toBe('limit_exceeded at depth')
      expect(refusal(mdoc, { limits: { cborItems: 10 } })).toBe('limit_exceeded at cborItems')
    }
  })

  it('more pieces than a limit allows together', () => {
    const elements = Array.from({ length: 20 }, (_, index) => [`e${index}`, index] as const)
    for (const mdoc of [credentialOf({ elements }), responseOf({ elements })])
      expect(refusal(mdoc, { limits: { cborItems: 100 } })).toBe('limit_exceeded at cborItems')
  })

  it('takes an option that is wrong for a mistake of the caller', () => {
    expect(() => decodeMdoc(response, { limits: { presentationBytes: 2 ** 40 } })).toThrow(RangeError)
  })

  it('throws nothing but coded errors for whatever bytes', () => {
    const hurt = fc.record({
      whole: fc.constantFrom(world.credential, response),
      at: fc.nat(),
      byte: fc.nat(255),
      length: fc.option(fc.nat()),
    })
    fc.assert(
      fc.property(hurt, ({ whole, at, byte, length }) => {
        const bytes = new Uint8Array(length === null ? whole : whole.subarray(0, length % whole.length))
        if (bytes.length > 0) bytes[at % bytes.length] = byte
        expect(refusal(bytes)).toMatch(/^\w/)
        expect(refusal(base64url(bytes))).toBe(refusal(bytes))
      }),
      { seed: 20261122, numRuns: 200 },
    )
    fc.assert(
      fc.property(fc.uint8Array(), bytes => refusal(bytes) !== 'decoded'),
      { seed: 20261122, numRuns: 200 },
    )
  })
})
