/** W3C Bitstring Status Lists as `vc+jwt`: what is read, what is refused, and what an issuer here writes. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { deflate, gunzip } from '#crypto'
import { base64url, concatBytes, equalBytes, fromBase64url } from '../../../src/core/bytes.js'
import type { PublicKey } from '../../../src/core/crypto/backend.js'
import type { JsonObject } from '../../../src/core/json.js'
import { decodeJws, signJws } from '../../../src/core/jws.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { VidimusError } from '../../../src/errors.js'
import { createBits, getBits, setBits } from '../../../src/formats/status-list/bits.js'
import { type BitstringPurpose, bitstringForms } from '../../../src/formats/status-list/bitstring.js'
import {
  type BitstringListContent,
  compressBitstring,
  createBitstringStatusList,
} from '../../../src/formats/status-list/bitstring-writer.js'
import { createStatusListToken } from '../../../src/formats/status-list/jwt.js'
import { statusOf, verifyStatusListToken } from '../../../src/formats/status-list/token.js'
import vectors from '../../vectors/bitstring-status-list/spec-examples.json' with { type: 'json' }
import { craftToken, expecting, instant, keyOf, seconds, uri } from './craft.js'

const issuer = 'https://passport.example'
const context = 'https://www.w3.org/ns/credentials/v2'
const fewest = 131_072

let signer: Signer
let key: PublicKey
let stranger: PublicKey
/** The bits of the honest list: the entries 0, 9 and the last are set. */
let encodedList: string

const bitstring = new Uint8Array(fewest / 8)
bitstring[0] = 0x80
bitstring[1] = 0x40
bitstring[fewest / 8 - 1] = 1

const encoded = async (bytes: Uint8Array) => `u${base64url(await deflate(bytes, { wrapper: 'gzip', level: 9 }))}`

beforeAll(async () => {
  signer = await generateSigner('ES256', { kid: 'status-key-1' })
  key = await keyOf(signer)
  stranger = await keyOf(await generateSigner('ES256'))
  encodedList = await encoded(bitstring)
})

type Members = Readonly<Record<string, unknown>>

/** A list that holds, but for the members given; `undefined` leaves one out. */
async function craftList(payload: Members = {}, subject: Members = {}, header: Members = {}): Promise<string> {
  const credential = {
    '@context': [context],
    id: uri,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom: '2026-03-01T11:59:00Z',
    validUntil: '2026-03-01T13:00:00Z',
    credentialSubject: {
      id: `${uri}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList,
      ttl: 300_000,
      ...subject,
    },
    ...payload,
  }
  const headers = { typ: 'vc+jwt', cty: 'vc', kid: signer.kid, ...header }
  return signJws(headers as JsonObject, JSON.stringify(credential), signer)
}

const verify = async (
  token: string | Promise<string>,
  changes: Parameters<typeof expecting>[1] = {},
  purpose: BitstringPurpose = 'revocation',
) => verifyStatusListToken(await token, expecting(key, { form: bitstringForms[purpose], ...changes }))

describe('a bitstring list', () => {
  it('is verified with what it says, in the packed form of every list', async () => {
    const list = await verify(craftList())
    expect(list).toMatchObject({
      uri,
      bits: 1,
      size: fewest,
      mediaType: 'application/vc+jwt',
      issuedAt: new Date((seconds - 60) * 1000),
      notBefore: new Date((seconds - 60) * 1000),
      expires: new Date((seconds + 3600) * 1000),
      ttl: 300,
      purposes: ['revocation'],
      key,
      keyId: 'status-key-1',
    })
    const set = Array.from({ length: fewest }, (_, index) => index).filter(index => getBits(list.packed, 1, index))
    expect(set).toEqual([0, 9, fewest - 1])
  })

  it('answers for its purpose in the numbers of a Token Status List, and for no other', async () => {
    const { revocation, suspension } = bitstringForms
    const revoked = await verify(craftList())
    expect([0, 1, 9].map(index => statusOf(revocation, revoked, index))).toEqual([1, 0, 1])
    const suspended = await verify(craftList({}, { statusPurpose: 'suspension' }))
    expect([0, 1, 9].map(index => statusOf(suspension, suspended, index))).toEqual([2, 0, 2])
    const either = await verify(craftList({}, { statusPurpose: ['suspension', 'revocation'] }))
    expect([revocation, suspension].map(form => statusOf(form, either, 9))).toEqual([1, 2])
    for (const [form, list] of [
      [suspension, revoked],
      [revocation, suspended],
      [revocation, await verify(craftList({}, { statusPurpose: ['message', 'Revocation'] }))],
    ] as const)
      expect(() => statusOf(form, list, 1)).toThrow(
        expect.objectContaining({ code: 'status_subject_mismatch', at: 'statusPurpose' }),
      )
  })

  it('ends where its entries end', async () => {
    const list = await verify(craftList())
    for (const index of [fewest, -1, 0.5, Number.NaN])
      expect(() => statusOf(bitstringForms.revocation, list, index)).toThrow(
        expect.objectContaining({ code: 'status_index_out_of_range' }),
      )
  })

  it('needs no cty, kid, ttl or validUntil, and one date', async () => {
    const list = await verify(
      craftList({ validUntil: undefined }, { ttl: undefined, id: undefined }, { cty: undefined }),
    )
    expect([list.ttl, list.expires]).toEqual([undefined, undefined])
    const dated = await verify(craftList({ validFrom: undefined, iat: seconds - 30 }))
    expect(dated.issuedAt).toEqual(new Date((seconds - 30) * 1000))
  })

  it('is as old as its signature, where it says when that was made, and ends with whichever end is first', async () => {
    const list = await verify(craftList({ iat: seconds - 10, nbf: seconds - 50, exp: seconds + 7200 }))
    expect(list).toMatchObject({
      issuedAt: new Date((seconds - 10) * 1000),
      notBefore: new Date((seconds - 50) * 1000),
      expires: new Date((seconds + 3600) * 1000),
    })
    expect((await verify(craftList({ exp: seconds + 60 }))).expires).toEqual(new Date((seconds + 60) * 1000))
  })

  it('may say more than is asked', async () => {
    const more = { name: 'Statuses', iss: issuer, jti: uri, sub: `${uri}#list`, issuer: { id: issuer, name: 'Office' } }
    await verify(craftList({ ...more, '@context': [context, 'https://context.example'] }, { statusSize: 1, x: 1 }))
    const wanted = ['BitstringStatusListCredential', 'https://types.example/list', 'VerifiableCredential']
    await verify(craftList({ type: wanted, validFrom: '2026-03-01T14:59:00.000+03:00' }))
  })

  it('is read out of several members of GZIP', async () => {
    const half = bitstring.length / 2
    const halves = [bitstring.slice(0, half), bitstring.slice(half)].map(part => deflate(part, { wrapper: 'gzip' }))
    const list = await verify(
      craftList({}, { encodedList: `u${base64url(concatBytes(...(await Promise.all(halves))))}` }),
    )
    expect([0, 1, 9, fewest - 1].map(index => getBits(list.packed, 1, index))).toEqual([1, 0, 1, 1])
  })
})

type Row = [harm: string, token: () => Promise<string>, code: string, at?: string]

describe('a bitstring list is refused', () => {
  const rows: readonly Row[] = [
    ['without a type', () => craftList({}, {}, { typ: undefined }), 'jws_type_mismatch'],
    ['as a Token Status List', () => craftList({}, {}, { typ: 'statuslist+jwt' }), 'jws_type_mismatch'],
    ['that is one', () => craftToken(signer), 'jws_type_mismatch'],
    ['as a credential with disclosures', () => craftList({}, {}, { typ: 'vc+sd-jwt' }), 'jws_type_mismatch'],
    ['as a presentation', () => craftList({}, {}, { typ: 'vp+jwt' }), 'jws_type_mismatch'],
    ['of the obsolete type', () => craftList({}, {}, { typ: 'vc+ld+jwt' }), 'jws_type_mismatch'],
    ['with other content', () => craftList({}, {}, { cty: 'vp' }), 'jws_type_mismatch', 'cty'],
    ['with an extension it demands', () => craftList({}, {}, { crit: ['exp'] }), 'crit_unsupported'],
    ...wrong('@context', [
      undefined,
      [],
      [1],
      ['https://www.w3.org/2018/credentials/v1'],
      [context, { revocation: 'x' }],
    ]),
    [
      'with another context first',
      () => craftList({ '@context': ['https://a.example', context] }),
      ...token('@context'),
    ],
    ...wrong('type', [undefined, 'BitstringStatusListCredential', ['VerifiableCredential'], [1], {}]),
    ['of no list’s type', () => craftList({ type: ['BitstringStatusListCredential'] }), ...token('type')],
    ...wrong('id', [undefined, null, 1, {}]),
    ['for another address', () => craftList({ id: `${uri}2` }), 'status_subject_mismatch', 'sub'],
    [
      'for an address that only normalises to ours',
      () => craftList({ id: 'https://status.example:443/lists/1' }),
      'status_subject_mismatch',
      'sub',
    ],
    ...wrong('issuer', [undefined, 1, 'not an address', {}, { id: 'x' }, [issuer]]),
    ['with a status of its own', () => craftList({ credentialStatus: { type: 'x' } }), ...token('credentialStatus')],
    ['with an issuer who is another in a claim', () => craftList({ iss: 'https://other.example' }), ...token('iss')],
    ['with another identifier in a claim', () => craftList({ jti: `${uri}2` }), ...token('jti')],
    ['with another subject in a claim', () => craftList({ sub: uri }), ...token('sub')],
    ['without a date', () => craftList({ validFrom: undefined }), ...token('validFrom')],
    ...wrong('validFrom', ['2026-03-01T11:59:00', '2026-03-01', seconds, '2026-02-30T00:00:00Z', null]),
    ...wrong('validUntil', ['2026-03-01T13:00:00', seconds + 60, 'tomorrow']),
    ['that ends before it begins', () => craftList({ validUntil: '2026-03-01T11:58:59Z' }), ...token('validUntil')],
    ...wrong('iat', ['0', -1, seconds * 1000]),
    ...wrong('exp', ['0', 1e15]),
    ...wrong('nbf', [true]),
    ['issued in the future', () => craftList({ iat: seconds + 61 }), 'status_issued_in_future', 'iat'],
    [
      'not yet valid',
      () => craftList({ validFrom: '2026-03-01T12:01:01Z', iat: seconds }),
      'status_issued_in_future',
      'nbf',
    ],
    [
      'that has run out',
      () => craftList({ validFrom: '2026-03-01T10:00:00Z', validUntil: '2026-03-01T11:59:00Z' }),
      'status_expired',
    ],
    ['whose signature has run out', () => craftList({ exp: seconds - 60 }), 'status_expired'],
    ['without a subject', () => craftList({ credentialSubject: undefined }), ...list('credentialSubject')],
    ['with two subjects', () => craftList({ credentialSubject: [{}, {}] }), ...list('credentialSubject')],
    ['with a subject that has no address', () => craftList({}, { id: 'list' }), ...token('credentialSubject.id')],
    ...wrongIn(
      'type',
      [undefined, 'StatusList2021', 'BitstringStatusListEntry', ['BitstringStatusList']],
      'credentialSubject.type',
    ),
    ...wrongIn('statusPurpose', [undefined, '', [], 1, ['revocation', 1]]),
    ...wrongIn('statusSize', [2, 0, '1', null, 1.5]),
    ...wrongIn('ttl', [0, -1, '300000', 0.5, null]),
    ...wrongIn('encodedList', [undefined, '', 'H4sIAAAAAAAAAA', 'zH4sI', 1, ['u']]),
    [
      'in another multibase',
      async () => craftList({}, { encodedList: `m${encodedList.slice(1)}` }),
      ...list('encodedList'),
    ],
    [
      'in padded base64url',
      async () => craftList({}, { encodedList: `${encodedList}=` }),
      'encoding_invalid',
      'encodedList',
    ],
    ['in base64', () => craftList({}, { encodedList: 'u+/+/' }), 'encoding_invalid', 'encodedList'],
    [
      'in ZLIB',
      async () => craftList({}, { encodedList: `u${base64url(await deflate(bitstring))}` }),
      'inflate_invalid',
    ],
    ['that was not compressed', () => craftList({}, { encodedList: `u${base64url(bitstring)}` }), 'inflate_invalid'],
    ['that ends early', () => harmedList(bytes => bytes.slice(0, -1)), 'inflate_invalid'],
    [
      'with bytes after its entries',
      () => harmedList(bytes => concatBytes(bytes, Uint8Array.of(0))),
      'inflate_invalid',
    ],
    ['with a wrong checksum', () => harmedList(bytes => bytes.with(-8, bytes.at(-8)! ^ 1)), 'inflate_invalid'],
    [
      'with too few entries',
      async () => craftList({}, { encodedList: await encoded(bitstring.slice(1)) }),
      ...list('encodedList'),
    ],
    [
      'with no entries',
      async () => craftList({}, { encodedList: await encoded(new Uint8Array()) }),
      ...list('encodedList'),
    ],
  ]

  it.each(rows)('%s', async (_, token, code, at) => {
    const refusal = await verify(token()).then(
      () => 'accepted',
      error => error,
    )
    expect(refusal).toBeInstanceOf(VidimusError)
    expect(refusal).toMatchObject(at === undefined ? { code } : { code, at })
  })

  it('when another key signed it, or nobody is believed', async () => {
    const refused = (signers: () => readonly PublicKey[]) => verify(craftList(), { signers })
    await expect(refused(() => [stranger])).rejects.toMatchObject({ code: 'status_signature_invalid' })
    await expect(refused(() => [])).rejects.toMatchObject({ code: 'status_signer_untrusted' })
  })

  it('when its algorithm is not allowed', async () => {
    await expect(verify(craftList(), { algorithms: ['ES384'] })).rejects.toMatchObject({ code: 'alg_not_allowed' })
  })

  it('when it grows too large, and only after its signature holds', async () => {
    const limits = { ...defaultLimits, statusListBytes: fewest / 8 }
    await verify(craftList(), { limits })
    const larger = craftList({}, { encodedList: await encoded(new Uint8Array(fewest / 8 + 1)) })
    await expect(verify(larger, { limits })).rejects.toMatchObject({ code: 'limit_exceeded', at: 'statusListBytes' })
    await expect(verify(larger, { limits, signers: () => [stranger] })).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
  })

  it('wherever one bit of it is flipped', async () => {
    const token = await craftList()
    const accepted: string[] = []
    for (let position = 0; position < token.length; position++)
      for (let bit = 0; bit < 8; bit++) {
        const unit = String.fromCharCode(token.charCodeAt(position) ^ (1 << bit))
        const refusal = await verify(token.slice(0, position) + unit + token.slice(position + 1)).then(
          () => undefined,
          error => error,
        )
        if (!(refusal instanceof VidimusError)) accepted.push(`${position}.${bit}`)
      }
    expect(accepted).toEqual([])
  })

  function token(at: string) {
    return ['status_token_malformed', at] as const
  }
  function list(at: string) {
    return ['status_list_malformed', at] as const
  }
  function wrong(member: string, values: readonly unknown[]): Row[] {
    return values.map(
      (value): Row => [
        `with ${member} ${JSON.stringify(value)}`,
        () => craftList({ [member]: value }),
        ...token(member),
      ],
    )
  }
  function wrongIn(member: string, values: readonly unknown[], at = member): Row[] {
    return values.map(
      (value): Row => [`of ${member} ${JSON.stringify(value)}`, () => craftList({}, { [member]: value }), ...list(at)],
    )
  }
  async function harmedList(harm: (bytes: Uint8Array) => Uint8Array) {
    return craftList({}, { encodedList: `u${base64url(harm(fromBase64url(encodedList.slice(1))))}` })
  }
})

describe('the lists that are printed', () => {
  const { recommendation_encodedList: recommended, library_100k_all_zero: short } = vectors

  it('in the Recommendation is 131,072 entries, all valid', async () => {
    const list = await verify(craftList({}, { encodedList: recommended }))
    expect(list.size).toBe(fewest)
    expect(equalBytes(list.packed, new Uint8Array(fewest / 8))).toBe(true)
  })

  it('by a library for 100,000 entries is shorter than a list may be', async () => {
    await expect(verify(craftList({}, { encodedList: short }))).rejects.toMatchObject({
      code: 'status_list_malformed',
      at: 'encodedList',
      expected: fewest,
      actual: 100_000,
    })
  })
})

const content = (changes: object = {}): BitstringListContent => {
  const packed = createBits(2, fewest)
  for (const [index, value] of [
    [0, 1],
    [1, 2],
    [9, 2],
    [fewest - 1, 1],
  ] as const)
    setBits(packed, 2, index, value)
  return { uri, bits: 2, packed, issuedAt: instant, issuer, signer, purpose: 'revocation', ...changes }
}

describe('an issuer of bitstring lists', () => {
  it('writes every member a verifier reads, in whole seconds', async () => {
    const token = await createBitstringStatusList(
      content({
        issuedAt: new Date(instant.getTime() + 999),
        expires: new Date(instant.getTime() + 86_400_999),
        ttl: 300,
      }),
    )
    const { header, payload } = decodeJws(token)
    expect({ ...header }).toEqual({ typ: 'vc+jwt', cty: 'vc', kid: 'status-key-1', alg: 'ES256' })
    const { credentialSubject, ...credential } = JSON.parse(JSON.stringify(payload))
    expect(credential).toEqual({
      '@context': [context],
      id: uri,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer,
      validFrom: '2026-03-01T12:00:00Z',
      validUntil: '2026-03-02T12:00:00Z',
      iat: seconds,
      exp: seconds + 86_400,
    })
    const { encodedList: text, ...subject } = credentialSubject
    expect(subject).toEqual({
      id: `${uri}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      ttl: 300_000,
    })
    expect(text).toMatch(/^uH4sI/)
    await verify(token)
  })

  it('shows of one packed list what is invalid in the one, and what is suspended in the other', async () => {
    for (const [purpose, statuses] of [
      ['revocation', [1, 0, 0, 0, 1]],
      ['suspension', [0, 2, 0, 2, 0]],
    ] as const) {
      const list = await verify(createBitstringStatusList(content({ purpose })))
      const at = [0, 1, 2, 9, fewest - 1].map(index => statusOf(bitstringForms[purpose], list, index))
      expect(at).toEqual(statuses)
    }
  })

  it.each([1, 2, 4, 8] as const)('says every entry of a list of %i bits as it is', async bits => {
    const values = fc.array(fc.integer({ min: 0, max: bits === 1 ? 1 : 2 }), { minLength: 8, maxLength: 80 })
    await fc.assert(
      fc.asyncProperty(values, async given => {
        const statuses = given.slice(0, given.length & ~7)
        const packed = createBits(bits, statuses.length)
        for (const [index, value] of statuses.entries()) setBits(packed, bits, index, value)
        for (const [purpose, wanted] of [
          ['revocation', 1],
          ['suspension', 2],
        ] as const) {
          const shown = await gunzip(await compressBitstring({ packed, bits }, purpose), fewest)
          expect(shown.length).toBe(fewest / 8)
          const isSet = (index: number) => (shown[index >> 3]! >> (7 - (index & 7))) & 1
          expect(statuses.map((_, index) => isSet(index))).toEqual(statuses.map(value => Number(value === wanted)))
          expect(shown.subarray(10).every(octet => octet === 0)).toBe(true)
        }
      }),
      { seed: 20261122, numRuns: 30 },
    )
  })

  it('keeps every entry of a list longer than the shortest', async () => {
    const packed = createBits(1, fewest * 2)
    setBits(packed, 1, fewest * 2 - 1, 1)
    const list = await verify(createBitstringStatusList(content({ bits: 1, packed })))
    expect(list.size).toBe(fewest * 2)
    expect(statusOf(bitstringForms.revocation, list, fewest * 2 - 1)).toBe(1)
  })

  it('signs again what was compressed before, as it is', async () => {
    const { packed, ...rest } = content()
    const compressed = await compressBitstring({ packed: packed!, bits: 2 }, 'revocation')
    const [one, other] = [
      await verify(createBitstringStatusList(content())),
      await verify(createBitstringStatusList({ ...rest, packed: undefined, compressed } as BitstringListContent)),
    ]
    expect(equalBytes(one.packed, other.packed)).toBe(true)
  })

  it.each([3, 12, 15])('does not leave out a status that a bitstring cannot say: %i', async value => {
    const bits = value === 3 ? 2 : 4
    const packed = createBits(bits, fewest)
    setBits(packed, bits, 77, value)
    await expect(createBitstringStatusList(content({ bits, packed }))).rejects.toThrow(RangeError)
  })

  it.each<[string, object]>([
    ['no address', { uri: '' }],
    ['no issuer', { issuer: undefined }],
    ['an issuer that is no address', { issuer: 'office' }],
    ['another purpose', { purpose: 'message' }],
    ['no purpose', { purpose: undefined }],
    ['3 bits', { bits: 3 }],
    ['no entries', { packed: new Uint8Array() }],
    ['entries neither packed nor compressed', { packed: undefined }],
    ['entries both packed and compressed', { compressed: new Uint8Array(20) }],
    ['an end before its beginning', { expires: instant }],
    ['a ttl of no whole milliseconds', { ttl: 0.0001 }],
  ])('is told that %s will not do', async (_, changes) => {
    const refusal = await createBitstringStatusList(content(changes)).catch(error => error)
    expect(refusal instanceof TypeError || refusal instanceof RangeError).toBe(true)
  })

  it('is read by nobody as a Token Status List', async () => {
    const token = await createBitstringStatusList(content())
    await expect(verifyStatusListToken(token, expecting(key))).rejects.toMatchObject({ code: 'jws_type_mismatch' })
    const other = createStatusListToken({ uri, bits: 1, packed: bitstring, issuedAt: instant, signer })
    await expect(verify(other)).rejects.toMatchObject({ code: 'jws_type_mismatch' })
  })
})
