import { beforeAll, describe, expect, it } from 'vitest'
import { deflate } from '#crypto'
import { base64, base64url, concatBytes, utf8 } from '../../../src/core/bytes.js'
import type { PublicKey } from '../../../src/core/crypto/backend.js'
import { decodeJws } from '../../../src/core/jws.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { defaultLimits } from '../../../src/core/limits.js'
import { VidimusError } from '../../../src/errors.js'
import { createBits, setBits, statusAt } from '../../../src/formats/status-list/bits.js'
import type { StatusListClaims, StatusListContent } from '../../../src/formats/status-list/content.js'
import { createStatusListToken } from '../../../src/formats/status-list/jwt.js'
import { verifyStatusListToken } from '../../../src/formats/status-list/token.js'
import { craftToken, expecting, instant, keyOf, lstOf, packed, seconds, uri } from './craft.js'

let signer: Signer
let key: PublicKey
let stranger: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256', { kid: 'status-key-1' })
  key = await keyOf(signer)
  stranger = await keyOf(await generateSigner('ES256'))
})

const verify = async (token: string | Promise<string>, changes: Parameters<typeof expecting>[1] = {}) =>
  verifyStatusListToken(await token, expecting(key, changes))

const content = (changes: Partial<StatusListClaims & { packed: Uint8Array }> = {}): StatusListContent => ({
  uri,
  bits: 1,
  packed,
  issuedAt: instant,
  signer,
  ...changes,
})

describe('a status list token', () => {
  it('is verified with what it says, still packed', async () => {
    const list = await verify(craftToken(signer))
    expect(list).toMatchObject({
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

  it('needs no exp, ttl, kid or iss', async () => {
    const list = await verify(craftToken(signer, { exp: undefined, ttl: undefined }, { kid: undefined }))
    expect(list.expires).toBeUndefined()
    expect(list.ttl).toBeUndefined()
    expect(list.keyId).toBeUndefined()
  })

  it('may say more than is asked', async () => {
    await verify(
      craftToken(
        signer,
        { iss: 'https://passport.example', jti: 'x' },
        {},
        { aggregation_uri: 'https://a.example', x: 1 },
      ),
    )
  })

  it('is tried under each key in order', async () => {
    const list = await verify(craftToken(signer), { signers: async () => [stranger, key] })
    expect(list.key).toBe(key)
  })

  it.each(['ES256', 'ES384', 'EdDSA', 'Ed25519'] as const)('is signed with %s as well as another', async alg => {
    const other = await generateSigner(alg)
    const otherKey = await keyOf(other)
    await verify(createStatusListToken(content({ signer: other })), { signers: () => [otherKey] })
  })
})

type Members = Readonly<Record<string, unknown>>

describe('a status list token is refused', () => {
  const withList = (list: unknown) => craftToken(signer, {}, {}, list)
  const withClaims = (claims: Members) => craftToken(signer, claims)
  const withHeader = (header: Members) => craftToken(signer, {}, header)

  const rows: readonly [harm: string, token: () => Promise<string>, code: string, at?: string][] = [
    ['without a type', () => withHeader({ typ: undefined }), 'jws_type_mismatch'],
    ['of the type JWT', () => withHeader({ typ: 'JWT' }), 'jws_type_mismatch'],
    ['of a credential’s type', () => withHeader({ typ: 'dc+sd-jwt' }), 'jws_type_mismatch'],
    ['with its type in capitals', () => withHeader({ typ: 'StatusList+JWT' }), 'jws_type_mismatch'],
    ['with its media type for a type', () => withHeader({ typ: 'application/statuslist+jwt' }), 'jws_type_mismatch'],
    ['with a type that is no text', () => withHeader({ typ: ['statuslist+jwt'] }), 'jws_type_mismatch'],
    ['with an extension it demands', () => withHeader({ crit: ['exp'] }), 'crit_unsupported'],
    ['with a payload that is not encoded', () => withHeader({ b64: false }), 'crit_unsupported'],
    ['without a subject', () => withClaims({ sub: undefined }), 'status_token_malformed', 'sub'],
    ['with a subject that is no text', () => withClaims({ sub: 1 }), 'status_token_malformed', 'sub'],
    ['with an issuer that is no text', () => withClaims({ iss: {} }), 'status_token_malformed', 'iss'],
    [
      'for another address',
      () => withClaims({ sub: 'https://status.example/lists/2' }),
      'status_subject_mismatch',
      'sub',
    ],
    [
      'for an address that only normalises to ours',
      () => withClaims({ sub: 'https://status.example:443/lists/1' }),
      'status_subject_mismatch',
      'sub',
    ],
    ['for our address with a slash more', () => withClaims({ sub: `${uri}/` }), 'status_subject_mismatch', 'sub'],
    ['without iat', () => withClaims({ iat: undefined }), 'status_token_malformed', 'iat'],
    ['with iat as text', () => withClaims({ iat: `${seconds}` }), 'status_token_malformed', 'iat'],
    ['with iat null', () => withClaims({ iat: null }), 'status_token_malformed', 'iat'],
    ['with iat before the epoch', () => withClaims({ iat: -1 }), 'status_token_malformed', 'iat'],
    ['with iat in milliseconds', () => withClaims({ iat: seconds * 1000 }), 'status_token_malformed', 'iat'],
    ['issued in the future', () => withClaims({ iat: seconds + 61 }), 'status_issued_in_future', 'iat'],
    ['not yet to be used', () => withClaims({ nbf: seconds + 61 }), 'status_issued_in_future', 'nbf'],
    ['with nbf as text', () => withClaims({ nbf: '0' }), 'status_token_malformed', 'nbf'],
    ['with exp as text', () => withClaims({ exp: `${seconds + 3600}` }), 'status_token_malformed', 'exp'],
    ['with exp beyond all dates', () => withClaims({ exp: 1e15 }), 'status_token_malformed', 'exp'],
    ['with exp as a list', () => withClaims({ exp: [seconds + 3600] }), 'status_token_malformed', 'exp'],
    ['that has run out', () => withClaims({ exp: seconds - 60 }), 'status_expired', 'exp'],
    ['that ran out long ago', () => withClaims({ exp: 0 }), 'status_expired', 'exp'],
    ['with a ttl of 0', () => withClaims({ ttl: 0 }), 'status_token_malformed', 'ttl'],
    ['with a ttl below 0', () => withClaims({ ttl: -300 }), 'status_token_malformed', 'ttl'],
    ['with ttl as text', () => withClaims({ ttl: '300' }), 'status_token_malformed', 'ttl'],
    ['with ttl null', () => withClaims({ ttl: null }), 'status_token_malformed', 'ttl'],
    ['without a list', () => withClaims({ status_list: undefined }), 'status_list_malformed', 'status_list'],
    ['with a list of numbers', () => withList([1, 0]), 'status_list_malformed', 'status_list'],
    ['with a list that is text', () => withList('eNrbuRgAAhcBXQ'), 'status_list_malformed', 'status_list'],
    ['with a list that is null', () => withList(null), 'status_list_malformed', 'status_list'],
    ['of 3 bits', () => withList({ bits: 3 }), 'status_list_malformed', 'bits'],
    ['of 0 bits', () => withList({ bits: 0 }), 'status_list_malformed', 'bits'],
    ['of 16 bits', () => withList({ bits: 16 }), 'status_list_malformed', 'bits'],
    ['of bits in text', () => withList({ bits: '1' }), 'status_list_malformed', 'bits'],
    ['without bits', () => withList({ bits: undefined }), 'status_list_malformed', 'bits'],
    ['without entries', () => withList({ lst: undefined }), 'status_list_malformed', 'lst'],
    ['with entries in numbers', () => withList({ lst: [120, 218] }), 'status_list_malformed', 'lst'],
    [
      'with entries in padded base64url',
      async () => withList({ lst: `${await lstOf(packed)}==` }),
      'encoding_invalid',
      'lst',
    ],
    ['with entries in base64', () => withList({ lst: '+/+/' }), 'encoding_invalid', 'lst'],
    [
      'with left-over bits in its entries',
      async () => withList({ lst: (await lstOf(packed)).replace(/.$/, 'R') }),
      'encoding_invalid',
      'lst',
    ],
    [
      'with no entries at all',
      async () => withList({ lst: await lstOf(new Uint8Array()) }),
      'status_list_malformed',
      'lst',
    ],
    ['with entries that were not compressed', () => withList({ lst: base64url(packed) }), 'inflate_invalid'],
    [
      'with entries that end early',
      async () => withList({ lst: base64url((await deflate(packed)).slice(0, -1)) }),
      'inflate_invalid',
    ],
    [
      'with bytes after its entries',
      async () => withList({ lst: base64url(concatBytes(await deflate(packed), Uint8Array.of(0))) }),
      'inflate_invalid',
    ],
    [
      'with an aggregation that is no text',
      () => withList({ aggregation_uri: 1 }),
      'status_list_malformed',
      'aggregation_uri',
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

  it('when another key signed it', async () => {
    await expect(verify(craftToken(signer), { signers: () => [stranger] })).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
  })

  it('when no key is believed', async () => {
    await expect(verify(craftToken(signer), { signers: () => [] })).rejects.toMatchObject({
      code: 'status_signer_untrusted',
    })
    const untrusted = () => {
      throw new VidimusError('status_signer_untrusted')
    }
    await expect(verify(craftToken(signer), { signers: untrusted })).rejects.toMatchObject({
      code: 'status_signer_untrusted',
    })
  })

  it('when its algorithm is not allowed, is none, or is no signature', async () => {
    await expect(verify(craftToken(signer), { algorithms: ['ES384'] })).rejects.toMatchObject({
      code: 'alg_not_allowed',
    })
    for (const alg of ['none', 'HS256', 'RS256', 'es256', '', 1, null]) {
      const [, payload, signature] = (await craftToken(signer)).split('.')
      const header = base64url(utf8(JSON.stringify({ typ: 'statuslist+jwt', alg })))
      await expect(verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({ code: 'alg_not_allowed' })
    }
  })

  it('when its algorithm is not that of the key', async () => {
    const other = await keyOf(await generateSigner('ES384'))
    await expect(verify(craftToken(signer), { signers: () => [other] })).rejects.toMatchObject({
      code: 'alg_not_allowed',
    })
  })

  it('when it is no compact JWS', async () => {
    const token = await craftToken(signer)
    const [header, payload, signature] = token.split('.')
    const rows: readonly [string, string][] = [
      ['', 'jws_malformed'],
      ['not a token', 'jws_malformed'],
      [`${header}.${payload}`, 'jws_malformed'],
      [`${token}.`, 'jws_malformed'],
      [`${token}~`, 'encoding_invalid'],
      [`${token}=`, 'encoding_invalid'],
      [`${token}\n`, 'encoding_invalid'],
      [` ${token}`, 'encoding_invalid'],
      [`${header}.${payload}.`, 'status_signature_invalid'],
      [`${header}.${base64url(utf8('[]'))}.${signature}`, 'json_invalid'],
      [`${header}.${base64url(utf8(`{"sub":"${uri}","sub":"${uri}"}`))}.${signature}`, 'json_duplicate_member'],
    ]
    for (const [text, code] of rows) await expect(verify(text)).rejects.toMatchObject({ code })
  })

  it.each([undefined, null, 1, {}, new Uint8Array(8)])('when it is no text but %j', async token => {
    await expect(verify(token as string)).rejects.toMatchObject({ code: 'input_not_text' })
  })

  it('wherever one bit of it is flipped', async () => {
    const token = await craftToken(signer)
    const accepted: string[] = []
    for (let position = 0; position < token.length; position++)
      for (let bit = 0; bit < 8; bit++) {
        const unit = String.fromCharCode(token.charCodeAt(position) ^ (1 << bit))
        const flipped = token.slice(0, position) + unit + token.slice(position + 1)
        const refusal = await verify(flipped).then(
          () => undefined,
          error => error,
        )
        if (!(refusal instanceof VidimusError)) accepted.push(`bit ${bit} of character ${position}`)
      }
    expect(accepted).toEqual([])
  })
})

describe('the times of a status list token', () => {
  const at = (offset: number) => ({ now: new Date((seconds + offset) * 1000) })

  it('give the clock its tolerance and not a moment more', async () => {
    const token = await craftToken(signer, { iat: seconds, nbf: seconds, exp: seconds + 100 })
    await verify(token, at(-60))
    await expect(verify(token, at(-60.001))).rejects.toMatchObject({ code: 'status_issued_in_future' })
    await verify(token, at(159.999))
    await expect(verify(token, at(160))).rejects.toMatchObject({ code: 'status_expired' })
  })

  it('without tolerance end exactly at exp', async () => {
    const token = await craftToken(signer, { exp: seconds + 100 })
    await verify(token, { ...at(99.999), clockTolerance: 0 })
    await expect(verify(token, { ...at(100), clockTolerance: 0 })).rejects.toMatchObject({ code: 'status_expired' })
  })

  it('may have fractions', async () => {
    const list = await verify(craftToken(signer, { iat: seconds - 0.5, ttl: 0.5 }))
    expect(list.issuedAt).toEqual(new Date(seconds * 1000 - 500))
    expect(list.ttl).toBe(0.5)
  })
})

describe('the limits of a status list token', () => {
  it('stop a long token before it is read', async () => {
    const token = await craftToken(signer)
    const limits = (statusTokenBytes: number) => ({ limits: { ...defaultLimits, statusTokenBytes } })
    await verify(token, limits(token.length))
    await expect(verify(token, limits(token.length - 1))).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusTokenBytes',
    })
    await expect(verify('x'.repeat(9 * 1024 * 1024))).rejects.toMatchObject({ code: 'limit_exceeded' })
  })

  it('stop a list that grows too large', async () => {
    const token = await craftToken(signer, {}, {}, { lst: await lstOf(new Uint8Array(1001)) })
    const limits = (statusListBytes: number) => ({ limits: { ...defaultLimits, statusListBytes } })
    await verify(token, limits(1001))
    await expect(verify(token, limits(1000))).rejects.toMatchObject({ code: 'limit_exceeded', at: 'statusListBytes' })
  })

  it('are asked only after the signature: what nobody signed is not inflated', async () => {
    const bomb = await craftToken(signer, {}, {}, { lst: await lstOf(new Uint8Array(1001)) })
    const limits = { ...defaultLimits, statusListBytes: 1000 }
    await expect(verify(bomb, { limits, signers: () => [stranger] })).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
  })
})

describe('an issuer', () => {
  it('writes every claim a verifier reads, in whole seconds', async () => {
    const token = await createStatusListToken(
      content({
        issuedAt: new Date(instant.getTime() + 999),
        expires: new Date(instant.getTime() + 86_400_999),
        ttl: 300,
        aggregationUri: 'https://status.example/all',
        issuer: 'https://passport.example',
      }),
    )
    const { header, payload } = decodeJws(token)
    expect({ ...header }).toEqual({ typ: 'statuslist+jwt', kid: 'status-key-1', alg: 'ES256' })
    expect(JSON.parse(JSON.stringify(payload))).toEqual({
      iss: 'https://passport.example',
      sub: uri,
      iat: seconds,
      exp: seconds + 86_400,
      ttl: 300,
      status_list: { bits: 1, lst: await lstOf(packed), aggregation_uri: 'https://status.example/all' },
    })
    await verify(token)
  })

  it('leaves out what there is nothing to say of', async () => {
    const { payload } = decodeJws(await createStatusListToken(content()))
    expect(Object.keys(payload)).toEqual(['sub', 'iat', 'status_list'])
  })

  it('sends its certificates as base64 of DER, whether it has them as PEM or DER', async () => {
    const der = Uint8Array.of(0x30, 3, 2, 1, 255)
    const pem = `-----BEGIN CERTIFICATE-----\n${base64(der)}\n-----END CERTIFICATE-----\n`
    const token = await createStatusListToken(content({ signer: { ...signer, x5c: [pem, der] } }))
    expect(decodeJws(token).header['x5c']).toEqual([base64(der), base64(der)])
    const wrong = createStatusListToken(content({ signer: { ...signer, x5c: ['not a certificate'] } }))
    await expect(wrong).rejects.toThrow(TypeError)
  })

  it('publishes what verifies, every value at every width', async () => {
    for (const bits of [1, 2, 4, 8] as const) {
      const list = createBits(bits, 256)
      for (let index = 0; index < 256; index++) setBits(list, bits, index, index % 2 ** bits)
      const verified = await verify(createStatusListToken(content({ bits, packed: list })))
      for (let index = 0; index < 256; index++) expect(statusAt(verified, index)).toBe(index % 2 ** bits)
    }
  })

  it('signs again what was compressed before, as it is', async () => {
    const compressed = await deflate(packed, { level: 1 })
    const token = await createStatusListToken({ ...content(), packed: undefined, compressed })
    expect(decodeJws(token).payload['status_list']).toMatchObject({ bits: 1, lst: base64url(compressed) })
    expect((await verify(token)).packed).toEqual(packed)
  })

  it.each<[string, Partial<Record<keyof StatusListContent, unknown>>]>([
    ['entries neither packed nor compressed', { packed: undefined }],
    ['entries both packed and compressed', { compressed: packed }],
    ['no address', { uri: '' }],
    ['an address that is no text', { uri: 1 }],
    ['3 bits', { bits: 3 }],
    ['no entries', { packed: new Uint8Array() }],
    ['an end before its beginning', { expires: instant }],
    ['a ttl of 0', { ttl: 0 }],
    ['a ttl without end', { ttl: Number.POSITIVE_INFINITY }],
  ])('is told that %s will not do', async (_, changes) => {
    const refusal = await createStatusListToken(content(changes as object)).catch(error => error)
    expect(refusal instanceof TypeError || refusal instanceof RangeError).toBe(true)
  })
})
