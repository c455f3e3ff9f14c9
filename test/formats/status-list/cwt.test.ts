import { beforeAll, describe, expect, it } from 'vitest'
import { deflate } from '#crypto'
import { base64, base64url, concatBytes, fromBase64url, utf8 } from '../../../src/core/bytes.js'
import { deterministic } from '../../../src/core/cbor/deterministic.js'
import { readCbor } from '../../../src/core/cbor/read.js'
import { CborFloat, type CborMap, CborTag, type CborValue } from '../../../src/core/cbor/value.js'
import { writeCbor } from '../../../src/core/cbor/write.js'
import { readSign1 } from '../../../src/core/cose/sign1.js'
import type { PublicKey } from '../../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { defaultLimits, type Limits } from '../../../src/core/limits.js'
import { VidimusError } from '../../../src/errors.js'
import { createBits, setBits, statusAt } from '../../../src/formats/status-list/bits.js'
import type { StatusListClaims, StatusListContent } from '../../../src/formats/status-list/content.js'
import { createStatusListCwt, statusListCwt } from '../../../src/formats/status-list/cwt.js'
import { statusListJwt } from '../../../src/formats/status-list/jwt.js'
import { verifyStatusListToken } from '../../../src/formats/status-list/token.js'
import {
  type CwtChanges,
  craftCwt,
  craftSign1,
  craftToken,
  cwtText,
  expecting,
  instant,
  keyOf,
  packed,
  seconds,
  uri,
} from './craft.js'

let signer: Signer
let key: PublicKey
let stranger: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256', { kid: 'status-key-1' })
  key = await keyOf(signer)
  stranger = await keyOf(await generateSigner('ES256'))
})

type Expected = Parameters<typeof expecting>[1]

const verify = async (token: string | Promise<string>, changes: Expected = {}) =>
  verifyStatusListToken(await token, expecting(key, { form: statusListCwt, ...changes }))

const limits = (lower: Partial<Limits>): Expected => ({ limits: { ...defaultLimits, ...lower } })

const der = Uint8Array.of(0x30, 3, 2, 1, 255)

/** The head of an item whose argument takes two bytes, wherever one would have been enough. */
const longHead = (major: number, argument: number) => Uint8Array.of((major << 5) | 25, argument >>> 8, argument & 0xff)

describe('a status list token in CBOR', () => {
  it('is verified with what it says, still packed', async () => {
    const list = await verify(craftCwt(signer))
    expect(list).toMatchObject({
      mediaType: 'application/statuslist+cwt',
      uri,
      bits: 1,
      size: 16,
      issuedAt: new Date((seconds - 60) * 1000),
      expires: new Date((seconds + 3600) * 1000),
      ttl: 300,
      key,
      keyId: 'status-key-1',
    })
    expect(list.packed).toEqual(packed)
    expect(statusAt(list, 3)).toBe(1)
  })

  it('needs no exp, ttl or kid', async () => {
    const claims = [
      [4, undefined],
      [65534, undefined],
    ] as const
    const list = await verify(craftCwt(signer, { claims, header: [[4, undefined]] }))
    expect(list.expires).toBeUndefined()
    expect(list.ttl).toBeUndefined()
    expect(list.keyId).toBeUndefined()
  })

  it('may say more than is asked', async () => {
    const claims = [
      [1, 'https://passport.example'],
      [7, utf8('id')],
      ['note', new Map([[1, 2]])],
    ] as const
    const list = [
      ['aggregation_uri', 'https://status.example/all'],
      ['x', 1],
    ] as const
    await verify(craftCwt(signer, { claims, list, header: [['x', 1]], unprotected: [[99, null]] }))
  })

  it('may name its type by the number that CoAP has for it', async () => {
    await verify(craftCwt(signer, { header: [[16, 279]] }))
  })

  it('may have dates that are floats, and between seconds', async () => {
    const list = await verify(
      craftCwt(signer, {
        claims: [
          [6, new CborFloat(seconds - 0.5)],
          [4, new CborFloat(seconds + 60)],
        ],
      }),
    )
    expect(list.issuedAt).toEqual(new Date(seconds * 1000 - 500))
    expect(list.expires).toEqual(new Date((seconds + 60) * 1000))
  })

  it('may be written in other ways than the shortest', async () => {
    const lst = await deflate(packed)
    const statusList = concatBytes(
      Uint8Array.of(0xbf), // a map without a length, its keys in any order and one in pieces
      writeCbor('lst'),
      Uint8Array.of(0x5f),
      writeCbor(lst.subarray(0, 4)),
      writeCbor(lst.subarray(4)),
      Uint8Array.of(0xff, 0x7f),
      writeCbor('bi'),
      writeCbor('ts'),
      Uint8Array.of(0xff),
      longHead(0, 1),
      Uint8Array.of(0xff),
    )
    const payload = concatBytes(
      longHead(5, 3),
      concatBytes(writeCbor(65533), statusList),
      concatBytes(writeCbor(6), writeCbor(seconds)),
      concatBytes(longHead(0, 2), longHead(3, uri.length), utf8(uri)),
    )
    const sign1 = (await craftSign1(signer, { payload })) as readonly CborValue[]
    const token = concatBytes(Uint8Array.of(0xd8, 18, 0x9f), ...sign1.map(writeCbor), Uint8Array.of(0xff))
    expect((await verify(base64url(token))).packed).toEqual(packed)
  })

  it('is tried under each key in order', async () => {
    const list = await verify(craftCwt(signer), { signers: async () => [stranger, key] })
    expect(list.key).toBe(key)
  })

  it.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)('is signed with %s as well', async alg => {
    const other = await generateSigner(alg)
    const otherKey = await keyOf(other)
    await verify(craftCwt(other), { signers: () => [otherKey], algorithms: [alg] })
  })

  it.each<[string, CwtChanges]>([
    [
      'protected',
      {
        header: [
          [4, utf8('k')],
          [33, [der, der]],
        ],
      },
    ],
    [
      'not protected',
      {
        header: [[4, undefined]],
        unprotected: [
          [4, utf8('k')],
          [33, [der, der]],
        ],
      },
    ],
  ])('says who signed it, %s', async (_, changes) => {
    const asked: unknown[] = []
    const signers: NonNullable<Expected>['signers'] = hints => {
      asked.push(hints)
      return [key]
    }
    await verify(craftCwt(signer, changes), { signers })
    expect(asked).toMatchObject([{ keyId: 'k', x5c: [der, der], algorithms: [{ name: 'ES256' }] }])
  })
})

describe('a status list token in CBOR is refused', () => {
  const date = (tag: number, value: CborValue) => new CborTag(tag, value)
  const withClaim = (label: number, value: CborValue | undefined) => () =>
    craftCwt(signer, { claims: [[label, value]] })
  const withList = (name: string, value: CborValue | undefined) => () => craftCwt(signer, { list: [[name, value]] })
  const withHeader = (label: number, value: CborValue | undefined) => () =>
    craftCwt(signer, { header: [[label, value]] })
  const withPayload = (payload: Uint8Array) => () => craftCwt(signer, { payload })
  const members = async () => (await craftSign1(signer)) as readonly CborValue[]
  const withMember = (at: number, value: CborValue) => async () => cwtText((await members()).with(at, value))
  const claim = (label: number, value: CborValue) => concatBytes(writeCbor(label), writeCbor(value))

  const rows: readonly [harm: string, token: () => Promise<string>, code: string, at?: string][] = [
    ['without a tag', async () => base64url(writeCbor(await members())), 'status_token_malformed', 'tag'],
    ['with the tag of a CWT', async () => cwtText(await members(), 61), 'cbor_tag_not_allowed'],
    [
      'with the tag of a CWT around its own',
      async () => cwtText(date(18, await members()), 61),
      'cbor_tag_not_allowed',
    ],
    ['with the tag of a MAC', async () => cwtText(await members(), 17), 'cbor_tag_not_allowed'],
    ['with the tag of several signatures', async () => cwtText(await members(), 98), 'cbor_tag_not_allowed'],
    ['with its tag twice', async () => cwtText(date(18, await members())), 'cose_malformed', 'structure'],
    ['in bytes of CBOR', async () => cwtText(writeCbor(await members()), 24), 'status_token_malformed', 'tag'],
    ['that is a map', async () => cwtText(new Map()), 'cose_malformed', 'structure'],
    ['without a signature', async () => cwtText((await members()).slice(0, 3)), 'cose_malformed', 'structure'],
    ['with a member more', async () => cwtText([...(await members()), 0]), 'cose_malformed', 'structure'],
    ['with a byte more', async () => `${await craftCwt(signer)}AA`, 'cbor_malformed', 'surplus'],
    ['with headers that are a map', withMember(0, new Map()), 'cose_malformed', 'protected'],
    ['with headers that are no map', withMember(0, writeCbor([])), 'cose_malformed', 'protected'],
    ['with unprotected headers in bytes', withMember(1, writeCbor(new Map())), 'cose_malformed', 'unprotected'],
    ['with its claims elsewhere', withMember(2, null), 'status_token_malformed', 'payload'],
    ['with its claims as a map', withMember(2, new Map()), 'cose_malformed', 'payload'],
    ['with a signature in text', withMember(3, 'signature'), 'cose_malformed', 'signature'],
    ['with an empty signature', withMember(3, new Uint8Array()), 'status_signature_invalid'],
    ['without a type', withHeader(16, undefined), 'status_token_malformed', 'typ'],
    [
      'with an unprotected type',
      () => craftCwt(signer, { header: [[16, undefined]], unprotected: [[16, 'application/statuslist+cwt']] }),
      'status_token_malformed',
      'typ',
    ],
    ['with a short type', withHeader(16, 'statuslist+cwt'), 'status_token_malformed', 'typ'],
    ['with its type in capitals', withHeader(16, 'application/StatusList+CWT'), 'status_token_malformed', 'typ'],
    ['of the other form’s type', withHeader(16, 'application/statuslist+jwt'), 'status_token_malformed', 'typ'],
    ['of an identifier list', withHeader(16, 'application/identifierlist+cwt'), 'status_token_malformed', 'typ'],
    ['of another number', withHeader(16, 278), 'status_token_malformed', 'typ'],
    ['with a type in bytes', withHeader(16, utf8('application/statuslist+cwt')), 'status_token_malformed', 'typ'],
    [
      'with an extension it demands',
      () =>
        craftCwt(signer, {
          header: [
            [2, [99]],
            [99, 1],
          ],
        }),
      'crit_unsupported',
    ],
    [
      'with a label in both headers',
      () => craftCwt(signer, { unprotected: [[4, utf8('x')]] }),
      'cose_header_duplicate',
    ],
    ['with a key named in text', withHeader(4, 'status-key-1'), 'cose_malformed', 'kid'],
    ['with no certificate in its chain', withHeader(33, []), 'certificate_malformed', 'x5chain'],
    ['with a certificate in text', withHeader(33, base64(der)), 'certificate_malformed', 'x5chain'],
    ['with claims that are no CBOR', withPayload(utf8('{"sub":"x"}')), 'cbor_malformed'],
    ['with claims that are a list', withPayload(writeCbor([])), 'status_token_malformed', 'claims'],
    ['with tagged claims', withPayload(writeCbor(date(61, new Map()))), 'cbor_tag_not_allowed'],
    ['with bytes after its claims', withPayload(concatBytes(writeCbor(new Map()), der)), 'cbor_malformed', 'surplus'],
    [
      'with a claim twice',
      withPayload(concatBytes(Uint8Array.of(0xa2), claim(2, uri), claim(2, uri))),
      'cbor_duplicate_key',
    ],
    [
      'with a claim twice, in another encoding',
      withPayload(concatBytes(Uint8Array.of(0xa2), claim(2, uri), longHead(0, 2), writeCbor(uri))),
      'cbor_duplicate_key',
    ],
    ['without a subject', withClaim(2, undefined), 'status_token_malformed', 'sub'],
    ['with a subject in bytes', withClaim(2, utf8(uri)), 'status_token_malformed', 'sub'],
    ['with a subject that is tagged as an address', withClaim(2, date(32, uri)), 'cbor_tag_not_allowed'],
    ['with an issuer that is no text', withClaim(1, 1), 'status_token_malformed', 'iss'],
    ['for another address', withClaim(2, 'https://status.example/lists/2'), 'status_subject_mismatch', 'sub'],
    ['for our address with a slash more', withClaim(2, `${uri}/`), 'status_subject_mismatch', 'sub'],
    ['without iat', withClaim(6, undefined), 'status_token_malformed', 'iat'],
    ['with iat null', withClaim(6, null), 'status_token_malformed', 'iat'],
    ['with iat as text', withClaim(6, instant.toISOString()), 'status_token_malformed', 'iat'],
    ['with iat tagged as text', withClaim(6, date(0, instant.toISOString())), 'status_token_malformed', 'iat'],
    ['with iat tagged as a number', withClaim(6, date(1, seconds)), 'cbor_tag_not_allowed'],
    ['with iat before the epoch', withClaim(6, -1), 'status_token_malformed', 'iat'],
    ['with iat in milliseconds', withClaim(6, seconds * 1000), 'status_token_malformed', 'iat'],
    ['with iat beyond 2^53', withClaim(6, 2n ** 60n), 'status_token_malformed', 'iat'],
    ['with iat that is no number', withClaim(6, new CborFloat(Number.NaN)), 'status_token_malformed', 'iat'],
    ['with iat without bound', withClaim(6, new CborFloat(-Infinity)), 'status_token_malformed', 'iat'],
    ['issued in the future', withClaim(6, seconds + 61), 'status_issued_in_future', 'iat'],
    ['not yet to be used', withClaim(5, seconds + 61), 'status_issued_in_future', 'nbf'],
    ['with nbf as text', withClaim(5, '0'), 'status_token_malformed', 'nbf'],
    ['with exp as text', withClaim(4, `${seconds}`), 'status_token_malformed', 'exp'],
    ['with exp that is no number', withClaim(4, new CborFloat(Number.NaN)), 'status_token_malformed', 'exp'],
    ['with exp without bound', withClaim(4, new CborFloat(Infinity)), 'status_token_malformed', 'exp'],
    ['that has run out', withClaim(4, seconds - 60), 'status_expired', 'exp'],
    ['with a ttl of 0', withClaim(65534, 0), 'status_token_malformed', 'ttl'],
    ['with a ttl below 0', withClaim(65534, -300), 'status_token_malformed', 'ttl'],
    ['with a ttl that is a float', withClaim(65534, new CborFloat(300)), 'status_token_malformed', 'ttl'],
    ['with a ttl beyond 2^53', withClaim(65534, 2n ** 60n), 'status_token_malformed', 'ttl'],
    ['with ttl as text', withClaim(65534, '300'), 'status_token_malformed', 'ttl'],
    ['without a list', withClaim(65533, undefined), 'status_list_malformed', 'status_list'],
    ['with a list of numbers', withClaim(65533, [1, 0]), 'status_list_malformed', 'status_list'],
    ['with a list in bytes', withClaim(65533, der), 'status_list_malformed', 'status_list'],
    ['with a list whose keys are numbers', withClaim(65533, new Map([[1, 1]])), 'status_list_malformed', 'bits'],
    [
      'with an identifier list',
      withClaim(65533, new Map([['identifiers', new Map()]])),
      'status_list_malformed',
      'bits',
    ],
    ['of 3 bits', withList('bits', 3), 'status_list_malformed', 'bits'],
    ['of 0 bits', withList('bits', 0), 'status_list_malformed', 'bits'],
    ['of 1.0 bits', withList('bits', new CborFloat(1)), 'status_list_malformed', 'bits'],
    ['of bits in text', withList('bits', '1'), 'status_list_malformed', 'bits'],
    ['without bits', withList('bits', undefined), 'status_list_malformed', 'bits'],
    ['without entries', withList('lst', undefined), 'status_list_malformed', 'lst'],
    ['with entries in text', withList('lst', 'eNrbuRgAAhcBXQ'), 'status_list_malformed', 'lst'],
    ['with entries in numbers', withList('lst', [120, 218]), 'status_list_malformed', 'lst'],
    ['with an aggregation that is no text', withList('aggregation_uri', 1), 'status_list_malformed', 'aggregation_uri'],
    [
      'with no entries at all',
      async () => craftCwt(signer, { list: [['lst', await deflate(new Uint8Array())]] }),
      'status_list_malformed',
      'lst',
    ],
    ['with entries that were not compressed', withList('lst', packed), 'inflate_invalid'],
    [
      'with entries that end early',
      async () => craftCwt(signer, { list: [['lst', (await deflate(packed)).slice(0, -1)]] }),
      'inflate_invalid',
    ],
    [
      'with bytes after its entries',
      async () => craftCwt(signer, { list: [['lst', concatBytes(await deflate(packed), der)]] }),
      'inflate_invalid',
    ],
    ['that is nothing', async () => '', 'cbor_malformed', 'end'],
    ['in padded base64url', async () => `${base64url(der)}=`, 'encoding_invalid', 'token'],
    ['with a line break', async () => `${await craftCwt(signer)}\n`, 'encoding_invalid', 'token'],
    ['that is a JWT', () => craftToken(signer), 'encoding_invalid', 'token'],
  ]

  it.each(rows)('%s', async (_, token, code, at) => {
    const refusal = await verify(token()).then(
      () => 'accepted',
      error => error,
    )
    expect(refusal).toBeInstanceOf(VidimusError)
    expect(refusal).toMatchObject(at === undefined ? { code } : { code, at })
  })

  it('when it is asked for a JWT', async () => {
    await expect(verify(craftCwt(signer), { form: statusListJwt })).rejects.toMatchObject({ code: 'jws_malformed' })
  })

  it.each([undefined, null, 1, {}, new Uint8Array(8)])('when it is no text but %j', async token => {
    await expect(verify(token as string)).rejects.toMatchObject({ code: 'input_not_text' })
  })

  it('when its algorithm is not allowed, not protected or no signature', async () => {
    await expect(verify(craftCwt(signer), { algorithms: ['ES384'] })).rejects.toMatchObject({ code: 'alg_not_allowed' })
    const sign1 = await members()
    for (const [inside, outside] of [
      [[[16, 'application/statuslist+cwt']], []],
      [[[16, 'application/statuslist+cwt']], [[1, -7]]],
      [
        [
          [16, 'application/statuslist+cwt'],
          [1, 5],
        ],
        [],
      ],
      [
        [
          [16, 'application/statuslist+cwt'],
          [1, 'ES256'],
        ],
        [],
      ],
      [
        [
          [16, 'application/statuslist+cwt'],
          [1, -257],
        ],
        [],
      ],
    ] as const) {
      const token = cwtText([writeCbor(new Map<number, CborValue>(inside)), new Map(outside), ...sign1.slice(2)])
      await expect(verify(token)).rejects.toMatchObject({ code: 'alg_not_allowed', at: 'alg' })
    }
  })

  it('when its algorithm is not that of the key', async () => {
    const other = await keyOf(await generateSigner('ES384'))
    await expect(verify(craftCwt(signer), { signers: () => [other] })).rejects.toMatchObject({
      code: 'alg_not_allowed',
    })
  })

  it('when another key signed it, or none is believed', async () => {
    await expect(verify(craftCwt(signer), { signers: () => [stranger] })).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
    await expect(verify(craftCwt(signer), { signers: () => [] })).rejects.toMatchObject({
      code: 'status_signer_untrusted',
    })
  })

  it('wherever one bit of it is flipped', async () => {
    const token = fromBase64url(await craftCwt(signer))
    const accepted: string[] = []
    for (let position = 0; position < token.length; position++)
      for (let bit = 0; bit < 8; bit++) {
        const flipped = token.slice()
        flipped[position]! ^= 1 << bit
        const refusal = await verify(base64url(flipped)).then(
          () => undefined,
          error => error,
        )
        if (!(refusal instanceof VidimusError)) accepted.push(`bit ${bit} of byte ${position}`)
      }
    expect(accepted).toEqual([])
  })
})

describe('the limits of a status list token in CBOR', () => {
  it('stop a long token before it is read', async () => {
    const token = await craftCwt(signer)
    await verify(token, limits({ statusTokenBytes: token.length }))
    await expect(verify(token, limits({ statusTokenBytes: token.length - 1 }))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusTokenBytes',
    })
  })

  it.each<[keyof Limits, number, CwtChanges]>([
    ['certificates', 1, { header: [[33, [der, der]]] }],
    ['certificateBytes', 4, { header: [[33, der]] }],
    ['headerBytes', 100, { header: [[99, new Uint8Array(100)]] }],
    ['depth', 3, { claims: [[99, [[[[[]]]]]]] }],
    ['cborItems', 20, { claims: [[99, Array.from({ length: 20 }, () => 0)]] }],
  ])('stop what is too much of a kind: %s', async (name, limit, changes) => {
    await verify(craftCwt(signer, changes))
    await expect(verify(craftCwt(signer, changes), limits({ [name]: limit }))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: name,
    })
  })

  it('stop a list that grows too large, after the signature: what nobody signed is not inflated', async () => {
    const token = await craftCwt(signer, { list: [['lst', await deflate(new Uint8Array(1001))]] })
    await verify(token, limits({ statusListBytes: 1001 }))
    const small = limits({ statusListBytes: 1000 })
    await expect(verify(token, small)).rejects.toMatchObject({ code: 'limit_exceeded', at: 'statusListBytes' })
    await expect(verify(token, { ...small, signers: () => [stranger] })).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
  })
})

describe('an issuer of status lists in CBOR', () => {
  const content = (changes: Partial<StatusListClaims & { packed: Uint8Array }> = {}): StatusListContent => ({
    uri,
    bits: 1,
    packed,
    issuedAt: instant,
    signer,
    ...changes,
  })

  const create = async (changes?: Parameters<typeof content>[0]) =>
    base64url(await createStatusListCwt(content(changes)))

  /** The three maps of a token: its headers and its claims. */
  async function read(changes?: Parameters<typeof content>[0]) {
    const item = readCbor(await createStatusListCwt(content(changes)), { form: deterministic, tags: [18] }) as CborTag
    expect(item.tag).toBe(18)
    const { headers, payload } = readSign1(item.value)
    return { ...headers, claims: readCbor(payload!, { form: deterministic }) as CborMap }
  }

  it('writes every claim a verifier reads, in whole seconds and the shortest form', async () => {
    const changes = {
      issuedAt: new Date(instant.getTime() + 999),
      expires: new Date(instant.getTime() + 86_400_999),
      ttl: 300,
      aggregationUri: 'https://status.example/all',
      issuer: 'https://passport.example',
    }
    const { claims, protected: inside, unprotected } = await read(changes)
    const list = new Map<string, CborValue>([
      ['bits', 1],
      ['lst', await deflate(packed, { level: 9 })],
      ['aggregation_uri', 'https://status.example/all'],
    ])
    expect(claims).toEqual(
      new Map<number, CborValue>([
        [1, 'https://passport.example'],
        [2, uri],
        [6, seconds],
        [4, seconds + 86_400],
        [65534, 300],
        [65533, list],
      ]),
    )
    expect(inside).toEqual(
      new Map<number, CborValue>([
        [1, -7],
        [4, utf8('status-key-1')],
        [16, 'application/statuslist+cwt'],
      ]),
    )
    expect(unprotected.size).toBe(0)
    await verify(create(changes))
  })

  it('leaves out what there is nothing to say of', async () => {
    const { claims } = await read()
    expect([...claims.keys()]).toEqual([2, 6, 65533])
    expect([...(claims.get(65533) as CborMap).keys()]).toEqual(['lst', 'bits'])
  })

  it('sends its certificates in the protected header, one as bytes and several as a list', async () => {
    const pem = `-----BEGIN CERTIFICATE-----\n${base64(der)}\n-----END CERTIFICATE-----\n`
    expect((await read({ signer: { ...signer, x5c: [pem] } })).protected.get(33)).toEqual(der)
    expect((await read({ signer: { ...signer, x5c: [pem, der] } })).protected.get(33)).toEqual([der, der])
    await verify(create({ signer: { ...signer, x5c: [pem, der] } }))
  })

  it('publishes what verifies, every value at every width', async () => {
    for (const bits of [1, 2, 4, 8] as const) {
      const list = createBits(bits, 256)
      for (let index = 0; index < 256; index++) setBits(list, bits, index, index % 2 ** bits)
      const verified = await verify(create({ bits, packed: list }))
      for (let index = 0; index < 256; index++) expect(statusAt(verified, index)).toBe(index % 2 ** bits)
    }
  })

  it('signs again what was compressed before, as it is', async () => {
    const compressed = await deflate(packed, { level: 1 })
    const token = await createStatusListCwt({ ...content(), packed: undefined, compressed })
    const { lst } = statusListCwt.parse(base64url(token), defaultLimits)
    expect(lst).toEqual(compressed)
  })

  it.each<[string, Partial<Record<keyof StatusListContent, unknown>>]>([
    ['entries neither packed nor compressed', { packed: undefined }],
    ['entries both packed and compressed', { compressed: packed }],
    ['no address', { uri: '' }],
    ['3 bits', { bits: 3 }],
    ['no entries', { packed: new Uint8Array() }],
    ['an end before its beginning', { expires: instant }],
    ['a ttl of 0', { ttl: 0 }],
    ['a ttl between seconds', { ttl: 0.5 }],
    ['a ttl without end', { ttl: Number.POSITIVE_INFINITY }],
  ])('is told that %s will not do', async (_, changes) => {
    const refusal = await create(changes as object).catch(error => error)
    expect(refusal instanceof TypeError || refusal instanceof RangeError).toBe(true)
    expect(refusal.message).toContain(`\`${Object.keys(changes)[0]}\``)
  })

  it.each<[string, readonly (string | Uint8Array)[]]>([
    ['no certificate', ['not a certificate']],
    ['none at all', []],
  ])('is told that a chain with %s will not do', async (_, x5c) => {
    await expect(create({ signer: { ...signer, x5c } })).rejects.toThrow(
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('`signer.x5c`') }),
    )
  })
})
