/** Mdocs that are wrong in one place each: one row for every rule, with its code, its place and its check. */
import { describe, expect, it } from 'vitest'
import { type AlgorithmName, algorithmOfCurve } from '../../src/core/algorithms.js'
import { concatBytes } from '../../src/core/bytes.js'
import {
  CborFloat,
  type CborKey,
  CborTag,
  type CborValue,
  tagDateTime,
  tagFullDate,
} from '../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../src/core/cbor/write.js'
import { writeCoseKey } from '../../src/core/cose/key.js'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { readDeviceRequest } from '../../src/formats/mdoc/device-request.js'
import { readDeviceResponse } from '../../src/formats/mdoc/device-response.js'
import { readIssuerSigned } from '../../src/formats/mdoc/issuer-signed.js'
import {
  annexCTranscript,
  dcApiTranscript,
  openid4vpDraft18Transcript,
  openid4vpTranscript,
  proximityTranscript,
  type SessionTranscript,
} from '../../src/formats/mdoc/session-transcript.js'
import { statusListCwt } from '../../src/formats/status-list/cwt.js'
import { integer, sequence } from '../../src/testing/der.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import type { StatusQuestion } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { makeAuthority } from '../certificates.js'
import { digest } from '../forge.js'
import { crew, harbour, harbourPass } from '../harbour.js'
import {
  docType,
  encodeItem,
  type ForgedItem,
  forgeDocument,
  forgedItem,
  forgeMdoc,
  forgeResponse,
  type MdocChanges,
  type Members,
  makeMdocWorld,
  makeReaderKey,
  mdocExpectations,
  raw,
  rawMap,
  sessionOptions,
  tdate,
  validityInfo,
} from '../mdoc-forge.js'
import { instant } from '../world.js'
import { expectPresentation, judgement, type MdocRow, refuses, refusesPresentations } from './mdoc-table.js'

const world = await makeMdocWorld()
const stranger = await generateSigner('ES256')
const demands = mdocExpectations(world)

const day = 24 * 3600 * 1000

/** Members laid over the honest ones; `undefined` takes one away. */
const put =
  (changes: Readonly<Record<string, CborValue | undefined>>) =>
  (honest: Members): void => {
    for (const [name, value] of Object.entries(changes))
      if (value === undefined) honest.delete(name)
      else honest.set(name, value)
  }

const inMso = (changes: Readonly<Record<string, CborValue | undefined>>): MdocChanges => ({ mso: put(changes) })

/** The first item with other members. */
const inItem = (changes: Readonly<Record<string, CborValue | undefined>>): MdocChanges => ({
  items: ([first, ...others]) => {
    put(changes)(first!.members)
    return [first!, ...others]
  },
})

/** The first item in another encoding of the same members. */
const encodedItem = (encode: (item: ForgedItem) => Uint8Array): MdocChanges => ({
  items: ([first, ...others]) => [{ ...first!, encoded: encode(first!) }, ...others],
})

const also = (...more: readonly ForgedItem[]): MdocChanges => ({ items: honest => [...honest, ...more] })

/** Members of a map, with one of them twice. */
const twice = (map: Members, key: CborKey): CborTag => {
  const members = [...map]
  return rawMap(...members, [key, map.get(key)!])
}

/** A value inside so many lists. */
const nested = (depth: number): Uint8Array => new Uint8Array(depth + 1).fill(0x81, 0, depth)

/** A big number of a mebibyte: tag 2 around bytes. */
const bigNumber = concatBytes(Uint8Array.of(0xc2, 0x5a, 0, 0x10, 0, 0), new Uint8Array(1024 * 1024).fill(0xff))

const depth = 'limit_exceeded (depth) at structure'
const duplicate = 'cbor_duplicate_key at structure'

/** CBOR in tag 24. */
const wrap = (value: CborValue): Uint8Array => writeCbor(embed(writeCbor(value)))

const contentOf = ({ members }: ForgedItem): Uint8Array => writeCbor(members)

/** The same item, the length of its content in a head longer than it need be. */
function reencoded(item: ForgedItem): Uint8Array {
  const content = contentOf(item)
  return concatBytes(Uint8Array.of(0xd8, 0x18, 0x59, content.length >> 8, content.length & 0xff), content)
}

function flip(bytes: Uint8Array): void {
  bytes[0]! ^= 1
}

/** r and s as certificates have them. */
const derSignature = (signature: Uint8Array): Uint8Array =>
  sequence(integer(signature.slice(0, 32)), integer(signature.slice(32)))

/** The holder's key with another y. */
function offCurve(): Members {
  const key = new Map(writeCoseKey(world.holder.publicJwk))
  flip(key.get(-3) as Uint8Array)
  return key
}

/** Three items of so many zeros each. */
const many = (count: number): readonly ForgedItem[] =>
  Array.from({ length: 3 }, (_, id) => forgedItem(crew, id + 1, `list_${id}`, new Array<CborValue>(count).fill(0)))

describe('expensive bytes', () => {
  refuses(world, [
    ['a big number of a mebibyte', inItem({ elementValue: raw(bigNumber) }), 'cbor_tag_not_allowed at structure'],
    ['a thousand lists within each other', inItem({ elementValue: raw(nested(1000)) }), depth],
    ['a hundred thousand lists within each other', inItem({ elementValue: raw(nested(100_000)) }), depth],
    ['an item for every digest there could be', also(...many(70_000)), 'limit_exceeded (cborItems) at structure'],
    [
      'a megabyte that is announced and not there',
      inItem({ elementValue: raw(Uint8Array.of(0x5a, 0, 0x10, 0, 0)) }),
      'cbor_malformed (end) at structure',
    ],
    [
      'a list of as many members as there are numbers',
      inItem({ elementValue: raw(Uint8Array.of(0x9b, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)) }),
      'cbor_malformed (end) at structure',
    ],
  ])

  it('refuses a hundred thousand lists in place of a response', async () => {
    await expectPresentation(concatBytes(Uint8Array.of(0xa1, 0x61, 0x61), nested(100_000)), demands, depth)
  })

  it('refuses more than four mebibytes unread', async () => {
    await expectPresentation(
      new Uint8Array(4 * 1024 * 1024 + 1).fill(0xa1),
      demands,
      'limit_exceeded (presentationBytes) at format',
    )
  })

  it('refuses items that each stay within the limits, and together do not', async () => {
    const plain = concatBytes(Uint8Array.of(0x9a, 0, 0, 0xfa, 0), new Uint8Array(64_000).fill(0xa0))
    const items = Array.from({ length: 60 }, (_, id) => forgedItem(crew, id + 1, `maps_${id}`, raw(plain)))
    await expectPresentation(await forgeMdoc(world, also(...items)), demands, 'limit_exceeded (cborItems) at structure')
  })

  describe('in two pieces of one mdoc, of which neither is too much', () => {
    const lists = raw(concatBytes(Uint8Array.of(0x99, 0x9c, 0x40), new Uint8Array(40_000).fill(0x80)))
    const pieces: readonly MdocChanges[] = [
      also(forgedItem('example.other', 0, 'lists', lists)),
      inMso({ lists }),
      { issuerProtected: map => map.set(-70_000, lists) },
      { deviceProtected: map => map.set(-70_000, lists) },
      { deviceElements: new Map([[crew, new Map([['lists', lists]])]]) },
    ]
    const judged = async (changes: MdocChanges) =>
      judgement(await verifyMdocPresentation(await forgeMdoc(world, changes), demands))

    for (const [index, one] of pieces.entries())
      it(`refuses piece ${index} with any other, and for no number alone`, async () => {
        expect(await judged(one)).not.toContain('limit_exceeded')
        for (const other of pieces)
          if (other !== one) expect(await judged({ ...one, ...other })).toBe('limit_exceeded (cborItems) at structure')
      })
  })

  it('refuses the same of a request, and each reader holds its own input to the limit', () => {
    const plain = concatBytes(Uint8Array.of(0x9a, 0, 0, 0xfa, 0), new Uint8Array(64_000).fill(0xa0))
    const wish = new Map<CborKey, CborValue>([
      ['docType', docType],
      ['nameSpaces', new Map([[crew, new Map([['rank', false]])]])],
      ['requestInfo', raw(plain)],
    ])
    const docRequests = Array.from({ length: 3 }, () => new Map([['itemsRequest', raw(wrap(wish))]]))
    const request = writeCbor(
      new Map<CborKey, CborValue>([
        ['version', '1.0'],
        ['docRequests', docRequests],
      ]),
    )
    const exceeded = (at: string) => expect.objectContaining({ code: 'limit_exceeded', at })
    expect(() => readDeviceRequest(request, defaultLimits)).toThrow(exceeded('cborItems'))
    for (const read of [readDeviceRequest, readDeviceResponse, readIssuerSigned])
      expect(() => read(request, { ...defaultLimits, presentationBytes: request.length - 1 })).toThrow(
        exceeded('presentationBytes'),
      )
  })
})

describe('what is said twice', () => {
  const family = (id: number) => forgedItem(harbour, id, 'family_name', 'Specimen')

  refuses(world, [
    ['a namespace', { nameSpaces: map => twice(map, harbour) }, duplicate],
    ['a part of the issuer’s', { issuerSigned: map => twice(map, 'issuerAuth') }, duplicate],
    ['a header of the issuer’s', { issuerProtected: map => writeCbor(twice(map, 1)) }, duplicate],
    ['an unprotected header of the issuer’s', { issuerUnprotected: map => twice(map, 33) }, duplicate],
    [
      'a header, protected and not',
      { issuerUnprotected: map => map.set(1, -7) },
      'cose_header_duplicate (1) at structure',
    ],
    ['a member of an item', encodedItem(({ members }) => wrap(twice(members, 'elementValue'))), duplicate],
    ['a member of the security object', { mso: map => twice(map, 'docType') }, duplicate],
    ['a namespace of digests', { digests: map => twice(map, harbour) }, duplicate],
    [
      'a digest',
      { digests: map => void map.set(harbour, twice(map.get(harbour)!, 0) as unknown as Members) },
      duplicate,
    ],
    ['an instant', { mso: map => map.set('validityInfo', twice(validityInfo(), 'signed')) }, duplicate],
    ['a member within a value', inItem({ elementValue: twice(new Map([['a', 1]]), 'a') }), duplicate],
    [
      'a key within a value, once in a long form',
      inItem({ elementValue: raw(Uint8Array.of(0xa2, 0x01, 0, 0x18, 0x01, 0)) }),
      duplicate,
    ],
    ['an element', also(family(9)), 'mdoc_duplicate_element (nameSpaces) at structure'],
    [
      'a digest identifier',
      also(forgedItem(harbour, 0, 'remark', 'x')),
      'mdoc_duplicate_element (nameSpaces) at structure',
    ],
    [
      'an item as it is',
      { nameSpaces: map => void map.get(harbour)!.push(map.get(harbour)![0]!) },
      'mdoc_duplicate_element (nameSpaces) at structure',
    ],
  ])

  refusesPresentations(world, [
    ['a member of the response', { response: map => twice(map, 'status') }, duplicate],
    ['a member of the document', { document: map => twice(map, 'docType') }, duplicate],
    ['a part of the device’s', { deviceSigned: map => twice(map, 'deviceAuth') }, duplicate],
    ['the proof of the device', { deviceAuth: map => twice(map, 'deviceSignature') }, duplicate],
    [
      'what the device says',
      { deviceNameSpaces: wrap(rawMap([crew, new Map([['a', 1]])], [crew, new Map([['a', 1]])])) },
      duplicate,
    ],
  ])
})

describe('items', () => {
  const malformed = (at: string) => `mdoc_malformed (${at}) at structure`
  const mismatch = 'mdoc_digest_mismatch (family_name) at disclosures'
  const missing = (name: string) => `mdoc_digest_missing (${name}) at disclosures`
  const shown = (change: (items: CborValue[]) => readonly CborValue[]): MdocChanges => ({
    nameSpaces: map => void map.set(harbour, [...change(map.get(harbour)!)]),
  })
  const first = forgedItem(harbour, 0, 'family_name', 'Specimen')

  refuses(world, [
    ['a digestID that is missing', inItem({ digestID: undefined }), malformed('digestID')],
    ['a digestID that is negative', inItem({ digestID: -1 }), malformed('digestID')],
    ['a digestID of 2^32', inItem({ digestID: 2 ** 32 }), malformed('digestID')],
    ['a digestID that is a float', inItem({ digestID: new CborFloat(0) }), malformed('digestID')],
    ['a digestID that is text', inItem({ digestID: '0' }), malformed('digestID')],
    ['a salt of fifteen bytes', inItem({ random: new Uint8Array(15) }), malformed('random')],
    ['a salt that is missing', inItem({ random: undefined }), malformed('random')],
    ['a salt that is text', inItem({ random: 'x'.repeat(32) }), malformed('random')],
    ['an element without a name', inItem({ elementIdentifier: undefined }), malformed('elementIdentifier')],
    ['an element named by a number', inItem({ elementIdentifier: 7 }), malformed('elementIdentifier')],
    ['an element without a value', inItem({ elementValue: undefined }), malformed('elementValue')],
    ['an item that is a list', encodedItem(() => wrap([])), malformed('IssuerSignedItem')],
    [
      'an item that is no tag 24',
      encodedItem(() => writeCbor(new Map())),
      'cbor_malformed (IssuerSignedItemBytes) at structure',
    ],
    [
      'an item of another tag',
      encodedItem(() => writeCbor(new CborTag(tagDateTime, '2026-01-01T00:00:00Z'))),
      'cbor_malformed (IssuerSignedItemBytes) at structure',
    ],
    [
      'a byte behind an item',
      encodedItem(item => writeCbor(embed(concatBytes(contentOf(item), Uint8Array.of(0))))),
      'cbor_malformed (surplus) at structure',
    ],
    [
      'text that is not UTF-8',
      inItem({ elementValue: raw(Uint8Array.of(0x62, 0xc3, 0x28)) }),
      'encoding_invalid (cbor) at structure',
    ],
    ['undefined', inItem({ elementValue: raw(Uint8Array.of(0xf7)) }), 'cbor_malformed (simple) at structure'],
    ['a namespace without items', { nameSpaces: map => map.set('example.empty', []) }, malformed('nameSpaces')],
    ['a namespace that is a number', { nameSpaces: map => new Map([[7, map.get(harbour)!]]) }, malformed('nameSpaces')],
    ['namespaces that are a list', { nameSpaces: () => [] }, malformed('nameSpaces')],
    ['namespaces that are null', { issuerSigned: put({ nameSpaces: null }) }, malformed('nameSpaces')],
    [
      'items that are a map',
      { nameSpaces: map => new Map([...map].map(([name]) => [name, new Map()])) },
      malformed('nameSpaces'),
    ],
    ['an item encoded anew', shown(([, ...others]) => [raw(reencoded(first)), ...others]), mismatch],
    [
      'an item with another value',
      shown(([, ...others]) => [raw(encodeItem(forgedItem(harbour, 0, 'family_name', 'Other'))), ...others]),
      mismatch,
    ],
    [
      'an item with another name',
      shown(([, ...others]) => [raw(encodeItem(forgedItem(harbour, 0, 'name', 'Specimen'))), ...others]),
      'mdoc_digest_mismatch (name) at disclosures',
    ],
    [
      'an item with another salt',
      shown(([, ...others]) => [
        raw(encodeItem(forgedItem(harbour, 0, 'family_name', 'Specimen', new Uint8Array(16)))),
        ...others,
      ]),
      mismatch,
    ],
    [
      'an item that was added',
      shown(items => [...items, raw(encodeItem(forgedItem(harbour, 9, 'remark', 'x')))]),
      missing('remark'),
    ],
    [
      'an item that was added under a name that is none',
      shown(items => [...items, raw(encodeItem(forgedItem(harbour, 9, 'x'.repeat(100_000), 'x')))]),
      missing('element'),
    ],
    [
      'an item in another namespace',
      { nameSpaces: map => map.set(crew, [...map.get(crew)!, map.get(harbour)![3]!]) },
      missing('given_name'),
    ],
    [
      'an item in a namespace without digests',
      { nameSpaces: map => map.set('example.other', map.get(harbour)!) },
      missing('family_name'),
    ],
    [
      'two items whose names were exchanged',
      {
        nameSpaces: map =>
          new Map([
            [harbour, map.get(crew)!],
            [crew, map.get(harbour)!],
          ]),
      },
      'mdoc_digest_mismatch (rank) at disclosures',
    ],
    ['a digest that was taken away', { digests: map => void map.get(harbour)!.delete(0) }, missing('family_name')],
    ['a digest that was changed', { digests: map => void flip(map.get(harbour)!.get(0) as Uint8Array) }, mismatch],
    [
      'a digest under another namespace',
      { digests: map => void map.set('x', map.get(harbour)!).delete(harbour) },
      missing('family_name'),
    ],
    [
      'another hash than was said',
      { hash: 'sha-512', mso: put({ digestAlgorithm: 'SHA-256' }) },
      malformed('valueDigests'),
    ],
  ])
})

describe('digest identifiers', () => {
  it('are read up to 32 bits, as issuers in the field draw them', async () => {
    const input = await forgeMdoc(world, also(forgedItem(harbour, 2 ** 32 - 1, 'remark', 'x')))
    expect(judgement(await verifyMdocPresentation(input, demands))).toBe('accepted')
  })
})

describe('the security object', () => {
  const malformed = (at: string) => `mdoc_malformed (${at}) at structure`
  const key = (change: (key: Members) => void): MdocChanges => ({
    mso: map => {
      const deviceKey = new Map(writeCoseKey(world.holder.publicJwk))
      change(deviceKey)
      map.set('deviceKeyInfo', new Map([['deviceKey', deviceKey]]))
    },
  })
  const authorizations = (keyAuthorizations: CborValue): MdocChanges => ({
    mso: map => void (map.get('deviceKeyInfo') as Members).set('keyAuthorizations', keyAuthorizations),
  })

  refuses(world, [
    ['another version', inMso({ version: '1.1' }), 'mdoc_version_unsupported (MSO) at structure'],
    ['no version', inMso({ version: undefined }), 'mdoc_version_unsupported (MSO) at structure'],
    ['a version that is a number', inMso({ version: 1 }), 'mdoc_version_unsupported (MSO) at structure'],
    ...['MD5', 'SHA-1', 'sha-256', 'toString', '__proto__', undefined, null, -16].map(
      (digestAlgorithm): MdocRow => [
        `the digest algorithm ${digestAlgorithm}`,
        inMso({ digestAlgorithm }),
        'mdoc_digest_algorithm_unsupported (digestAlgorithm) at structure',
      ],
    ),
    [
      'the digest algorithm in a list',
      inMso({ digestAlgorithm: ['SHA-256'] }),
      'mdoc_digest_algorithm_unsupported (digestAlgorithm) at structure',
    ],
    ['no type', inMso({ docType: undefined }), malformed('docType')],
    ['a type that is a list', inMso({ docType: [docType] }), malformed('docType')],
    ['no digests', inMso({ valueDigests: undefined }), malformed('valueDigests')],
    ['digests that are a list', inMso({ valueDigests: [] }), malformed('valueDigests')],
    [
      'digests of a namespace that is a number',
      { digests: map => new Map<CborKey, CborValue>([...map, [7, new Map()]]) },
      malformed('valueDigests'),
    ],
    [
      'digests of a namespace that are a list',
      { digests: map => new Map<string, CborValue>([...map, ['x', []]]) },
      malformed('valueDigests'),
    ],
    [
      'a digest of a negative number',
      { digests: map => void map.get(harbour)!.set(-1, new Uint8Array(32)) },
      malformed('valueDigests'),
    ],
    [
      'a digest of a text',
      { digests: map => void map.get(harbour)!.set('9', new Uint8Array(32)) },
      malformed('valueDigests'),
    ],
    [
      'a digest of 2^32',
      { digests: map => void map.get(harbour)!.set(2 ** 32, new Uint8Array(32)) },
      malformed('valueDigests'),
    ],
    [
      'a digest of 31 bytes',
      { digests: map => void map.get(harbour)!.set(9, new Uint8Array(31)) },
      malformed('valueDigests'),
    ],
    [
      'a digest of 33 bytes',
      { digests: map => void map.get(harbour)!.set(9, new Uint8Array(33)) },
      malformed('valueDigests'),
    ],
    [
      'a digest that is text',
      { digests: map => void map.get(harbour)!.set(9, 'x'.repeat(32)) },
      malformed('valueDigests'),
    ],
    ['no device key', inMso({ deviceKeyInfo: new Map() }), 'key_invalid (COSE_Key) at structure'],
    ['no information on the device key', inMso({ deviceKeyInfo: undefined }), malformed('deviceKeyInfo')],
    ['a device key on a curve nobody has', key(map => map.set(-1, 8)), 'key_invalid (crv) at structure'],
    ['a device key on another curve than it says', key(map => map.set(-1, 2)), 'key_invalid (x) at structure'],
    ['a device key that is private', key(map => map.set(-4, new Uint8Array(32))), 'key_invalid (d) at structure'],
    ['a device key of a compressed point', key(map => map.set(-3, true)), 'key_invalid (y) at structure'],
    ['authorizations that are a list', authorizations([]), malformed('keyAuthorizations')],
    ['authorized namespaces that are text', authorizations(new Map([['nameSpaces', crew]])), malformed('nameSpaces')],
    ['authorized namespaces that are numbers', authorizations(new Map([['nameSpaces', [7]]])), malformed('nameSpaces')],
    ['authorized elements that are a list', authorizations(new Map([['dataElements', []]])), malformed('dataElements')],
    [
      'authorized elements of a number',
      authorizations(new Map([['dataElements', new Map([[7, ['x']]])]])),
      malformed('dataElements'),
    ],
    [
      'authorized elements that are text',
      authorizations(new Map([['dataElements', new Map([[crew, 'x']])]])),
      malformed('dataElements'),
    ],
    [
      'a payload that is no tag 24',
      { payload: () => writeCbor(new Map()) },
      'cbor_malformed (MobileSecurityObjectBytes) at structure',
    ],
    [
      'a payload with a byte behind it',
      { payload: bytes => concatBytes(bytes, Uint8Array.of(0)) },
      'cbor_malformed (surplus) at structure',
    ],
    [
      'a security object with a byte behind it',
      { msoBytes: bytes => concatBytes(bytes, Uint8Array.of(0)) },
      'cbor_malformed (surplus) at structure',
    ],
    ['a security object that is a list', { mso: () => [] }, malformed('MSO')],
  ])

  const other = 'example.harbour.pass.2'
  refusesPresentations(world, [
    ['another type than the document says', inMso({ docType: other }), 'mdoc_doctype_mismatch (docType) at type'],
    [
      'another type than the document was signed for',
      { document: put({ docType: other }) },
      'mdoc_doctype_mismatch (docType) at type',
    ],
    [
      'a type that nobody asked for',
      { ...inMso({ docType: other }), provenType: other, document: put({ docType: other }) },
      'type_not_expected (docType) at type',
    ],
  ])
})

describe('the time of a credential', () => {
  const malformed = (at: string) => `mdoc_malformed (${at}) at structure`
  const at = (changes: Readonly<Record<string, CborValue>>) => inMso({ validityInfo: validityInfo(changes) })
  const time = (text: string, tag = tagDateTime) => new CborTag(tag, text)
  const without = (name: string): MdocChanges => ({
    mso: map => void (map.get('validityInfo') as Members).delete(name),
  })

  refuses(world, [
    ...['signed', 'validFrom', 'validUntil'].map(
      (name): MdocRow => [`none for ${name}`, without(name), malformed(name)],
    ),
    ['none at all', inMso({ validityInfo: undefined }), malformed('validityInfo')],
    ...[
      '2026-06-01T00:00:00.5Z',
      '2026-06-01T00:00:00+00:00',
      '2026-06-01T00:00:00+03:00',
      '2026-06-01T00:00:00',
      '2026-06-01 00:00:00Z',
      '2026-06-01T00:00:00z',
      '2026-06-01t00:00:00Z',
      '2026-06-01T24:00:00Z',
      '2026-06-01T23:59:60Z',
      '2026-06-01T00:60:00Z',
      '2026-02-29T00:00:00Z',
      '2026-06-31T00:00:00Z',
      '2026-06-01',
      ' 2026-06-01T00:00:00Z',
      '2026-06-01T00:00:00Z\n',
      '',
    ].map(
      (text): MdocRow => [
        `the instant ${JSON.stringify(text)}`,
        at({ validUntil: time(text) }),
        malformed('validUntil'),
      ],
    ),
    ['an instant without its tag', at({ validUntil: '2026-06-01T00:00:00Z' }), malformed('validUntil')],
    ['an instant with the tag of a date', at({ validUntil: time('2026-06-01', tagFullDate) }), malformed('validUntil')],
    ['an instant that is a number', at({ validUntil: 1_780_000_000 }), malformed('validUntil')],
    ['an update that is no instant', at({ expectedUpdate: '2026-06-01T00:00:00Z' }), malformed('expectedUpdate')],
    [
      'an update on a day there is not',
      at({ expectedUpdate: time('2026-02-30T00:00:00Z') }),
      malformed('expectedUpdate'),
    ],
    ['validity before the signature', at({ validFrom: tdate(-day / 2 - 1000) }), malformed('validFrom')],
    ['validity that ends when it begins', at({ validUntil: tdate(-day / 2) }), malformed('validUntil')],
    [
      'validity that ends before it begins',
      at({ validFrom: tdate(day), validUntil: tdate(1000) }),
      malformed('validUntil'),
    ],
    [
      'a signature in the future',
      at({ signed: tdate(61_000), validFrom: tdate(61_000) }),
      'credential_issued_in_future (signed) at validity',
    ],
    ['validity in the future', at({ validFrom: tdate(61_000) }), 'credential_not_yet_valid (validFrom) at validity'],
    ['validity in the past', at({ validUntil: tdate(-61_000) }), 'credential_expired (validUntil) at validity'],
    [
      'a signature before the certificate',
      at({ signed: tdate(-day - 1000) }),
      'mdoc_signed_outside_certificate (signed) at validity',
    ],
  ])

  it('begins no later than its certificate ends', async () => {
    const authority = await makeAuthority()
    const signer = await authority.signer({ notAfter: new Date(instant.getTime() + 10_000) })
    const judged = async (signed: number) =>
      judgement(
        await verifyMdocPresentation(
          await forgeMdoc(world, { signer, ...at({ signed: tdate(signed), validFrom: tdate(signed) }) }),
          { ...demands, trust: trustAnchors([authority.anchor()]) },
        ),
      )
    expect(await judged(10_000)).toBe('accepted')
    expect(await judged(11_000)).toBe('mdoc_signed_outside_certificate (signed) at validity')
  })

  it('may be off by the tolerance and no more, and a certificate counts to its second', async () => {
    const judged = async (changes: MdocChanges, clockTolerance?: number) =>
      judgement(await verifyMdocPresentation(await forgeMdoc(world, changes), { ...demands, clockTolerance }))
    for (const changes of [
      at({ validUntil: tdate(-60_000) }),
      at({ validFrom: tdate(60_000) }),
      at({ signed: tdate(60_000), validFrom: tdate(60_000) }),
      at({ signed: tdate(-day) }),
      at({ expectedUpdate: tdate(day) }),
    ])
      expect(await judged(changes)).toBe('accepted')
    expect(await judged(at({ validUntil: tdate(-1000) }), 0)).toBe('credential_expired (validUntil) at validity')
  })
})

describe('the status of a credential', () => {
  const uri = 'https://lists.example/1'
  const malformed = (at: string) => `status_malformed (${at}) at status_reference`
  const list = (changes: Readonly<Record<string, CborValue>>) =>
    inMso({ status: new Map([['status_list', new Map(Object.entries({ idx: 1, uri, ...changes }))]]) })

  refuses(world, [
    ['one that is text', inMso({ status: uri }), malformed('status')],
    ['one that is null', inMso({ status: null }), malformed('status')],
    [
      'one of a kind nobody knows',
      inMso({ status: new Map([['identifier_list', new Map()]]) }),
      'status_unsupported (status) at status_reference',
    ],
    ['a list that is a list', inMso({ status: new Map([['status_list', []]]) }), malformed('status_list')],
    ['an index that is negative', list({ idx: -1 }), malformed('idx')],
    ['an index that is text', list({ idx: '1' }), malformed('idx')],
    ['an index that is a float', list({ idx: new CborFloat(1) }), malformed('idx')],
    ['an address that is a number', list({ uri: 7 }), malformed('uri')],
    ['an address without TLS', list({ uri: 'http://lists.example/1' }), malformed('uri')],
    ['a certificate that is text', list({ certificate: 'x' }), malformed('certificate')],
  ])

  const asked = async (value: number, questions: StatusQuestion[] = []) => {
    const check = async (question: StatusQuestion) => {
      questions.push(question)
      return { value, token: 'token', tokenDigest: await digest('token'), asOf: instant, source: 'fetched' as const }
    }
    const input = await forgeMdoc(world, list({}))
    return judgement(await verifyMdocPresentation(input, { ...demands, status: { check } }))
  }

  it('is refused when the list says anything but valid', async () => {
    expect(await asked(0)).toBe('accepted')
    expect(await asked(1)).toBe('status_revoked at status')
    expect(await asked(2)).toBe('status_suspended at status')
    expect(await asked(3)).toBe('status_unknown at status')
  })

  it('is asked of a list in CWT form, signed by the issuer’s own', async () => {
    const questions: StatusQuestion[] = []
    await asked(0, questions)
    expect(questions).toHaveLength(1)
    const [{ form, reference, signers, now }] = questions as [StatusQuestion]
    expect([form, reference, now]).toEqual([statusListCwt, { uri, index: 1 }, instant])
    const { x5c, publicJwk } = world.issuer.signer
    const hints = { algorithms: [algorithmOfCurve(publicJwk.crv)], keyId: undefined, x5c: x5c!.map(certificateDer) }
    expect(await signers(hints)).toHaveLength(1)
  })

  it('must be there where the passport requires it, and is asked of nothing that fails besides', async () => {
    const required = { ...demands, expectedPassport: { ...harbourPass, status: 'required' as const } }
    const missing = 'status_missing (status) at status_reference'
    expect(judgement(await verifyMdocPresentation(await forgeMdoc(world), required))).toBe(missing)
    expect(judgement(await verifyMdocPresentation(await forgeMdoc(world, list({})), required))).toBe('accepted')
    const check = () => Promise.reject(new Error('asked'))
    const input = await forgeMdoc(world, { ...list({}), holder: stranger })
    const verdict = await verifyMdocPresentation(input, { ...demands, status: { check } })
    expect(judgement(verdict)).toBe('device_signature_invalid (signature) at device_authentication')
    expect(verdict.checks.at(-1)).toMatchObject({ id: 'status', code: 'not_reached' })
  })
})

describe('the signature of the issuer', () => {
  const cose = (at: string) => `cose_malformed (${at}) at structure`
  const auth = (change: (parts: readonly CborValue[]) => CborValue): MdocChanges => ({ issuerAuth: change })
  const allowed = (refused: string) => `alg_not_allowed (alg) at ${refused}`

  refuses(world, [
    ['none', { issuerSigned: put({ issuerAuth: undefined }) }, 'mdoc_malformed (issuerAuth) at structure'],
    ['one in a tag', auth(parts => raw(Uint8Array.of(0xd2), writeCbor(parts))), 'cbor_tag_not_allowed at structure'],
    ['one of three parts', auth(parts => parts.slice(0, 3)), cose('structure')],
    ['one of five parts', auth(parts => [...parts, null]), cose('structure')],
    ['one that is a map', auth(() => new Map()), cose('structure')],
    [
      'a payload that is detached',
      auth(([p, u, , s]) => [p!, u!, null, s!]),
      'mdoc_malformed (issuerAuth) at structure',
    ],
    ['a payload that is text', auth(([p, u, , s]) => [p!, u!, 'x', s!]), cose('payload')],
    [
      'a payload that is empty',
      auth(([p, u, , s]) => [p!, u!, new Uint8Array(), s!]),
      'cbor_malformed (end) at structure',
    ],
    ['protected headers that are a map', auth(([, u, c, s]) => [new Map([[1, -7]]), u!, c!, s!]), cose('protected')],
    ['protected headers that hold a list', { issuerProtectedBytes: () => writeCbor([1, -7]) }, cose('protected')],
    [
      'protected headers with a byte behind them',
      { issuerProtectedBytes: bytes => concatBytes(bytes, Uint8Array.of(0)) },
      'cbor_malformed (surplus) at structure',
    ],
    ['unprotected headers that are bytes', { issuerUnprotected: map => writeCbor(map) }, cose('unprotected')],
    ['a signature that is text', auth(([p, u, c]) => [p!, u!, c!, 'x']), cose('signature')],
    [
      'a signature that is empty',
      auth(([p, u, c]) => [p!, u!, c!, new Uint8Array()]),
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature of zeros',
      auth(([p, u, c]) => [p!, u!, c!, new Uint8Array(64)]),
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature in DER',
      auth(([p, u, c, s]) => [p!, u!, c!, derSignature(s as Uint8Array)]),
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature with a byte behind it',
      auth(([p, u, c, s]) => [p!, u!, c!, concatBytes(s as Uint8Array, Uint8Array.of(0))]),
      'signature_invalid (signature) at issuer_signature',
    ],
    [
      'a signature of another key',
      { signer: { ...stranger, x5c: world.issuer.signer.x5c! } },
      'signature_invalid (signature) at issuer_signature',
    ],
    ['no algorithm', { issuerProtected: map => map.delete(1) }, allowed('issuer_trusted')],
    [
      'an algorithm that is not protected',
      { issuerProtected: map => map.delete(1), issuerUnprotected: map => map.set(1, -7) },
      allowed('issuer_trusted'),
    ],
    ['an algorithm nobody knows', { issuerProtected: map => map.set(1, -999) }, allowed('issuer_trusted')],
    ['HMAC as the algorithm', { issuerProtected: map => map.set(1, 5) }, allowed('issuer_trusted')],
    ['an algorithm that is text', { issuerProtected: map => map.set(1, 'ES256') }, allowed('issuer_trusted')],
    ['the algorithm of another curve', { issuerProtected: map => map.set(1, -35) }, allowed('issuer_trusted')],
    [
      'a critical header nobody knows',
      { issuerProtected: map => map.set(2, [-70_000]).set(-70_000, 1) },
      'crit_unsupported (crit) at structure',
    ],
    [
      'a critical header that is not there',
      { issuerProtected: map => map.set(2, [4]) },
      'crit_unsupported (crit) at structure',
    ],
    [
      'critical headers that are not protected',
      { issuerUnprotected: map => map.set(2, [1]) },
      'crit_unsupported (crit) at structure',
    ],
    [
      'critical headers that are none',
      { issuerProtected: map => map.set(2, []) },
      'crit_unsupported (crit) at structure',
    ],
    [
      'a key identifier that is text',
      { issuerUnprotected: map => map.set(4, 'x') },
      'cose_malformed (kid) at issuer_trusted',
    ],
    [
      'a member beside signature and items',
      { issuerSigned: put({ remark: 1 }) },
      'mdoc_malformed (issuerSigned) at structure',
    ],
    ['a part of the issuer’s that is a list', { issuerSigned: () => [] }, 'mdoc_malformed (issuerSigned) at structure'],
  ])

  refuses(world, [['an algorithm that this verifier does not take', {}, allowed('issuer_trusted')]], {
    algorithms: ['ES384'],
  } as object)
})

describe('the proof of the device', () => {
  const failed = (code: string, at = 'signature') => `${code} (${at}) at device_authentication`
  const invalid = failed('device_signature_invalid')
  const auth = (at: string) => `device_authentication_malformed (${at}) at structure`
  const cose = (at: string) => `cose_malformed (${at}) at structure`
  const proof = (change: (parts: readonly CborValue[]) => CborValue, mac = false): MdocChanges => ({
    deviceProof: change,
    mac,
  })

  refusesPresentations(world, [
    [
      'no part of the device’s',
      { document: put({ deviceSigned: undefined }) },
      'mdoc_malformed (deviceSigned) at structure',
    ],
    ['a part of the device’s that is a list', { deviceSigned: () => [] }, 'mdoc_malformed (deviceSigned) at structure'],
    ['a member beside', { deviceSigned: put({ remark: 1 }) }, 'mdoc_malformed (deviceSigned) at structure'],
    [
      'no namespaces',
      { deviceSigned: put({ nameSpaces: undefined }) },
      'cbor_malformed (DeviceNameSpacesBytes) at structure',
    ],
    [
      'namespaces that are no tag 24',
      { deviceSigned: put({ nameSpaces: new Map() }) },
      'cbor_malformed (DeviceNameSpacesBytes) at structure',
    ],
    ['namespaces that are a list', { deviceNameSpaces: wrap([]) }, 'mdoc_malformed (DeviceNameSpaces) at structure'],
    [
      'a namespace that is a number',
      { deviceNameSpaces: wrap(new Map([[7, new Map([['a', 1]])]])) },
      'mdoc_malformed (DeviceNameSpaces) at structure',
    ],
    [
      'a namespace without elements',
      { deviceNameSpaces: wrap(new Map([[crew, new Map()]])) },
      'mdoc_malformed (DeviceNameSpaces) at structure',
    ],
    [
      'a namespace that is a list',
      { deviceNameSpaces: wrap(new Map([[crew, [1]]])) },
      'mdoc_malformed (DeviceNameSpaces) at structure',
    ],
    [
      'an element that is a number',
      { deviceNameSpaces: wrap(new Map([[crew, new Map([[7, 1]])]])) },
      'mdoc_malformed (DeviceNameSpaces) at structure',
    ],
    ['no proof', { deviceSigned: put({ deviceAuth: undefined }) }, auth('deviceAuth')],
    ['an empty proof', { deviceAuth: map => map.clear() }, auth('deviceAuth')],
    ['a proof that is a list', { deviceAuth: () => [] }, auth('deviceAuth')],
    [
      'a proof of another kind',
      { deviceAuth: map => new Map([['deviceSeal', map.get('deviceSignature')!]]) },
      auth('deviceAuth'),
    ],
    [
      'a signature and a MAC',
      { deviceAuth: map => map.set('deviceMac', map.get('deviceSignature')!) },
      auth('deviceAuth'),
    ],
    [
      'a signature that is null beside a MAC',
      { mac: true, deviceAuth: map => map.set('deviceSignature', null) },
      auth('deviceAuth'),
    ],
    ['a signature with its payload', proof(([p, u, , s]) => [p!, u!, new Uint8Array(8), s!]), auth('payload')],
    ['a signature with an empty payload', proof(([p, u, , s]) => [p!, u!, new Uint8Array(), s!]), auth('payload')],
    ['a signature whose payload is false', proof(([p, u, , s]) => [p!, u!, false, s!]), cose('payload')],
    ['a signature of three parts', proof(([p, u, , s]) => [p!, u!, s!]), cose('structure')],
    ['a signature that is empty', proof(([p, u, c]) => [p!, u!, c!, new Uint8Array()]), invalid],
    ['a signature of zeros', proof(([p, u, c]) => [p!, u!, c!, new Uint8Array(64)]), invalid],
    ['a signature of another key', { holder: stranger }, invalid],
    ['a signature for another type', { provenType: 'example.harbour.pass.2' }, invalid],
    ['a signature over other elements', { provenNameSpaces: wrap(new Map([[crew, new Map([['a', 1]])]])) }, invalid],
    [
      'a signature in place of a MAC',
      { deviceAuth: map => new Map([['deviceMac', map.get('deviceSignature')!]]) },
      failed('alg_not_allowed', 'alg'),
    ],
    [
      'a MAC in place of a signature',
      { mac: true, deviceAuth: map => new Map([['deviceSignature', map.get('deviceMac')!]]) },
      failed('alg_not_allowed', 'alg'),
    ],
    ['no algorithm', { deviceProtected: map => map.delete(1) }, failed('alg_not_allowed', 'alg')],
    [
      'an algorithm that is not protected',
      { deviceProtected: map => map.delete(1), deviceUnprotected: map => map.set(1, -7) },
      failed('alg_not_allowed', 'alg'),
    ],
    ['the algorithm of another curve', { deviceProtected: map => map.set(1, -35) }, failed('alg_not_allowed', 'alg')],
    ['HMAC as its algorithm', { deviceProtected: map => map.set(1, 5) }, failed('alg_not_allowed', 'alg')],
    [
      'a critical header nobody knows',
      { deviceProtected: map => map.set(2, ['x']).set('x', 1) },
      'crit_unsupported (crit) at structure',
    ],
    ['a MAC with its payload', proof(([p, u, , t]) => [p!, u!, new Uint8Array(8), t!], true), auth('payload')],
    [
      'a MAC that is truncated',
      proof(([p, u, c, t]) => [p!, u!, c!, (t as Uint8Array).slice(0, 8)], true),
      failed('device_mac_invalid', 'tag'),
    ],
    [
      'a MAC that is empty',
      proof(([p, u, c]) => [p!, u!, c!, new Uint8Array()], true),
      failed('device_mac_invalid', 'tag'),
    ],
    [
      'a MAC with a byte behind it',
      proof(([p, u, c, t]) => [p!, u!, c!, concatBytes(t as Uint8Array, Uint8Array.of(0))], true),
      failed('device_mac_invalid', 'tag'),
    ],
    ['a MAC that is text', proof(([p, u, c]) => [p!, u!, c!, 'x'], true), cose('signature')],
    [
      'a truncated MAC, said to be one',
      proof(([, u, c, t]) => [writeCbor(new Map([[1, 4]])), u!, c!, (t as Uint8Array).slice(0, 8)], true),
      failed('alg_not_allowed', 'alg'),
    ],
    ['a MAC of another key', { mac: true, holder: stranger }, failed('device_mac_invalid', 'tag')],
    [
      'a MAC for another type',
      { mac: true, provenType: 'example.harbour.pass.2' },
      failed('device_mac_invalid', 'tag'),
    ],
  ])

  it('refuses a MAC without the reader’s key, with another, and with one on another curve', async () => {
    const input = await forgeMdoc(world, { mac: true })
    const judged = async (readerKey: typeof demands.readerKey | undefined) =>
      judgement(await verifyMdocPresentation(input, { ...demands, readerKey }))
    expect(await judged(demands.readerKey)).toBe('accepted')
    expect(await judged(undefined)).toBe(failed('device_mac_key_missing', 'readerKey'))
    expect(await judged(await makeReaderKey('P-256'))).toBe(failed('device_mac_invalid', 'tag'))
    expect(await judged(await makeReaderKey('P-384'))).toBe(failed('device_mac_invalid', 'readerKey'))
  })

  it('refuses an algorithm that this verifier does not take of the issuer or of the device, a MAC aside', async () => {
    const mixed = await makeMdocWorld('ES384', 'ES256')
    const own = { ...mdocExpectations(mixed), algorithms: ['ES384'] as const }
    const judged = async (changes: MdocChanges, algorithms: readonly AlgorithmName[] = own.algorithms) =>
      judgement(await verifyMdocPresentation(await forgeMdoc(mixed, changes), { ...own, algorithms }))
    expect(await judged({})).toBe(failed('alg_not_allowed', 'alg'))
    expect(await judged({}, ['ES384', 'ES256'])).toBe('accepted')
    expect(await judged({ mac: true })).toBe('accepted')
    expect(await judged({}, ['ES256'])).toBe('alg_not_allowed (alg) at issuer_trusted')
  })

  it('refuses a device key that is no point of its curve', async () => {
    const off = (map: Members) => map.set('deviceKeyInfo', new Map([['deviceKey', offCurve()]]))
    for (const mac of [false, true])
      expect(judgement(await verifyMdocPresentation(await forgeMdoc(world, { mac, mso: off }), demands))).toMatch(
        /^key_invalid( \([\w-]+\))? at device_authentication$/,
      )
  })
})

describe('another session', async () => {
  const { d: _d, key_ops: _o, ext: _e, ...encryptionKey } = world.readerKey as Record<string, string>
  const { d: _f, key_ops: _p, ext: _x, ...otherKey } = (await makeReaderKey('P-256')) as Record<string, string>
  const origin = 'https://bank.example'
  const [one, two, three] = [1, 2, 3].map(byte => Uint8Array.of(0xa1, 0, byte)) as [Uint8Array, Uint8Array, Uint8Array]
  const nfc = { select: one, request: two }

  /** Each function with its inputs, and for each input another. */
  const flows: readonly (readonly [
    name: string,
    make: (inputs: never) => Promise<SessionTranscript>,
    inputs: object,
    others: object,
  ])[] = [
    [
      'OpenID4VP',
      openid4vpTranscript,
      { ...sessionOptions, encryptionKey },
      {
        clientId: 'x509_san_dns:other.example',
        nonce: 'other',
        responseUri: 'https://bank.example/',
        encryptionKey: otherKey,
      },
    ],
    [
      'the drafts of OpenID4VP',
      openid4vpDraft18Transcript,
      { ...sessionOptions, mdocGeneratedNonce: 'wallet' },
      { clientId: 'other.example', nonce: 'other', responseUri: 'https://other.example', mdocGeneratedNonce: '' },
    ],
    [
      'the Digital Credentials API',
      dcApiTranscript,
      { origin, nonce: 'n', encryptionKey },
      { origin: 'https://bank.example:444', nonce: 'N', encryptionKey: undefined },
    ],
    [
      'Annex C',
      annexCTranscript,
      { encryptionInfo: 'gmVk', origin },
      { encryptionInfo: 'gmVj', origin: 'http://bank.example' },
    ],
    [
      'proximity',
      proximityTranscript,
      { deviceEngagement: one, readerKey: two, nfc },
      { deviceEngagement: three, readerKey: three, nfc: { select: three, request: two } },
    ],
    [
      'proximity, the request',
      proximityTranscript,
      { deviceEngagement: one, readerKey: two, nfc },
      { nfc: { select: one, request: three } },
    ],
  ]
  for (const [name, make, inputs, others] of flows)
    for (const [input, other] of Object.entries(others))
      for (const mac of [false, true])
        it(`refuses ${mac ? 'a MAC' : 'a signature'} for ${name} with another ${input}`, async () => {
          const expected = await make(inputs as never)
          const { bytes: transcript } = await make({ ...inputs, [input]: other } as never)
          const session = { ...demands, expectedSessionTranscript: expected }
          const honest = await forgeMdoc(world, { mac, transcript: expected.bytes })
          expect(judgement(await verifyMdocPresentation(honest, session))).toBe('accepted')
          const refused = mac ? 'device_mac_invalid (tag)' : 'device_signature_invalid (signature)'
          await expectPresentation(
            await forgeMdoc(world, { mac, transcript }),
            session,
            `${refused} at device_authentication`,
          )
        })
})

describe('what the device says', () => {
  const says: MdocChanges = {
    deviceElements: new Map([
      [
        crew,
        new Map<CborKey, CborValue>([
          ['watch', 'first'],
          ['rank', 9],
        ]),
      ],
    ]),
  }
  const authorize = (keyAuthorizations: CborValue | undefined): MdocChanges => ({
    ...says,
    mso: map => {
      if (keyAuthorizations !== undefined)
        (map.get('deviceKeyInfo') as Members).set('keyAuthorizations', keyAuthorizations)
    },
  })
  const unauthorized = (name: string) => `device_element_not_authorized (${name}) at device_claims`

  refusesPresentations(world, [
    ['without any leave', authorize(undefined), unauthorized('rank')],
    ['with leave for nothing', authorize(new Map()), unauthorized('rank')],
    ['with leave for another namespace', authorize(new Map([['nameSpaces', [harbour]]])), unauthorized('rank')],
    [
      'with leave for another element',
      authorize(new Map([['dataElements', new Map([[crew, ['watch']]])]])),
      unauthorized('rank'),
    ],
    [
      'with leave for an element of that name elsewhere',
      authorize(new Map([['dataElements', new Map([[harbour, ['watch', 'rank']]])]])),
      unauthorized('rank'),
    ],
    [
      'with two keys that would be one name',
      {
        deviceElements: new Map([
          [
            crew,
            new Map([
              [
                'watch',
                new Map<CborKey, CborValue>([
                  [1, 'a'],
                  ['1', 'b'],
                ]),
              ],
            ]),
          ],
        ]),
        mso: map =>
          void (map.get('deviceKeyInfo') as Members).set('keyAuthorizations', new Map([['nameSpaces', [crew]]])),
      },
      'claim_malformed (DeviceNameSpaces) at device_claims',
    ],
    [
      'under a name that is none',
      { deviceElements: new Map([[crew, new Map([['Anastasia S.', 1]])]]) },
      unauthorized('element'),
    ],
  ])
})

describe('the envelope', () => {
  const malformed = (at: string) => `mdoc_malformed (${at}) at structure`

  refusesPresentations(world, [
    ['a list', { response: () => [] }, malformed('DeviceResponse')],
    [
      'a byte behind it',
      { whole: bytes => concatBytes(bytes, Uint8Array.of(0)) },
      'cbor_malformed (surplus) at structure',
    ],
    ['a byte too few', { whole: bytes => bytes.slice(0, -1) }, 'cbor_malformed (end) at structure'],
    [
      'another version',
      { response: put({ version: '1.1' }) },
      'mdoc_version_unsupported (DeviceResponse) at structure',
    ],
    ['no version', { response: put({ version: undefined }) }, 'mdoc_version_unsupported (DeviceResponse) at structure'],
    ['an unknown member', { response: put({ remark: 1 }) }, malformed('DeviceResponse')],
    ['a member that is a number', { response: map => map.set(1, 1) }, malformed('DeviceResponse')],
    ['no status', { response: put({ status: undefined }) }, malformed('status')],
    ['a status that is negative', { response: put({ status: -1 }) }, malformed('status')],
    ['a status that is a float', { response: put({ status: new CborFloat(0) }) }, malformed('status')],
    ['a status that is text', { response: put({ status: '0' }) }, malformed('status')],
    ...[10, 11, 12, 99].map(
      (status): MdocRow => [
        `the status ${status}`,
        { response: put({ status }) },
        'mdoc_response_status (status) at structure',
      ],
    ),
    ['no documents', { response: put({ documents: undefined }) }, 'mdoc_document_missing (documents) at structure'],
    [
      'an empty list of documents',
      { response: put({ documents: [] }) },
      'mdoc_document_missing (documents) at structure',
    ],
    ['documents that are a map', { response: put({ documents: new Map() }) }, malformed('documents')],
    ['documents that are null', { response: put({ documents: null }) }, malformed('documents')],
    ['a document that is a list', { document: () => [] }, malformed('Document')],
    ['an unknown member of the document', { document: put({ remark: 1 }) }, malformed('Document')],
    ['a document without a type', { document: put({ docType: undefined }) }, malformed('docType')],
    ['a document without the issuer’s part', { document: put({ issuerSigned: undefined }) }, malformed('issuerSigned')],
    ['errors that are a list', { document: put({ errors: [] }) }, malformed('errors')],
    [
      'errors of a namespace that is a number',
      { document: put({ errors: new Map([[7, new Map([['x', 0]])]]) }) },
      malformed('errors'),
    ],
    [
      'errors of a namespace that are a list',
      { document: put({ errors: new Map([[crew, []]]) }) },
      malformed('errors'),
    ],
    [
      'errors of an element that is a number',
      { document: put({ errors: new Map([[crew, new Map([[7, 0]])]]) }) },
      malformed('errors'),
    ],
    [
      'errors that are text',
      { document: put({ errors: new Map([[crew, new Map([['x', '0']])]]) }) },
      malformed('errors'),
    ],
    [
      'errors of documents that are a map',
      { response: put({ documentErrors: new Map() }) },
      malformed('documentErrors'),
    ],
    ['an error of a document that is text', { response: put({ documentErrors: ['x'] }) }, malformed('documentErrors')],
    ['an error of no document', { response: put({ documentErrors: [new Map()] }) }, malformed('documentErrors')],
    [
      'an error of two documents at once',
      {
        response: put({
          documentErrors: [
            new Map([
              ['a', 0],
              ['b', 0],
            ]),
          ],
        }),
      },
      malformed('documentErrors'),
    ],
    [
      'errors of no document and of two',
      {
        response: put({
          documentErrors: [
            new Map(),
            new Map([
              ['a', 0],
              ['b', 0],
            ]),
          ],
        }),
      },
      malformed('documentErrors'),
    ],
    [
      'an error of a document by number',
      { response: put({ documentErrors: [new Map([[7, 0]])] }) },
      malformed('documentErrors'),
    ],
    [
      'an error that is text',
      { response: put({ documentErrors: [new Map([['a', '0']])] }) },
      malformed('documentErrors'),
    ],
    [
      'two errors of one document',
      { response: put({ documentErrors: [new Map([['a', 0]]), new Map([['a', 1]])] }) },
      malformed('documentErrors'),
    ],
  ])

  it('says why a document was not returned', async () => {
    const input = await forgeMdoc(world, {
      response: put({ documents: undefined, documentErrors: [new Map([[docType, 7]])] }),
    })
    const { checks } = await verifyMdocPresentation(input, demands)
    expect(checks[1]).toMatchObject({ code: 'mdoc_document_missing', actual: 7 })
  })

  it('says what status a device reported', async () => {
    const { checks } = await verifyMdocPresentation(await forgeMdoc(world, { response: put({ status: 11 }) }), demands)
    expect(checks[1]).toMatchObject({ code: 'mdoc_response_status', actual: 11 })
  })

  it('holds one document, the one that was asked for', async () => {
    const unexpected = 'mdoc_document_unexpected (documents) at structure'
    const document = await forgeDocument(world)
    await expectPresentation(forgeResponse([document, document]), demands, unexpected)
    const other = 'example.harbour.pass.2'
    const second = await forgeDocument(world, {
      ...inMso({ docType: other }),
      provenType: other,
      document: put({ docType: other }),
    })
    await expectPresentation(forgeResponse([document, second]), demands, unexpected)
  })

  it('may say which elements and documents were not returned, which nobody signs and the verdict does not repeat', async () => {
    const input = await forgeMdoc(world, {
      document: put({ errors: new Map([[crew, new Map([['berths', 0]])]]) }),
      response: put({ documentErrors: [new Map([['example.other', 0]])] }),
    })
    const facts = async (bytes: Uint8Array) => ({ ...(await verifyMdocPresentation(bytes, demands)), evidence: null })
    expect(await facts(input)).toEqual(await facts(await forgeMdoc(world)))
  })

  it('tells the reason for the type it has one for', async () => {
    const other = { ...harbourPass, name: 'other', docType: ['org.example.other.1'] }
    const input = forgeResponse([], { response: put({ documentErrors: [new Map([[docType, 10]])] }) })
    const { checks } = await verifyMdocPresentation(input, {
      ...demands,
      expectedPassport: [other, harbourPass] as never,
    })
    expect(checks.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      code: 'mdoc_document_missing',
      actual: 10,
    })
  })
})
