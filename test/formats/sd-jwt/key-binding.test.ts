/** RFC 9901 §4.3: the holder's signature over one presentation for one verifier. */
import { beforeAll, describe, expect, it } from 'vitest'
import { requireAlgorithm } from '../../../src/core/algorithms.js'
import { base64url, utf8 } from '../../../src/core/bytes.js'
import type { JsonObject } from '../../../src/core/json.js'
import { keyCache } from '../../../src/core/jwk.js'
import { signJws, verifyJws } from '../../../src/core/jws.js'
import { generateSigner, type Signer } from '../../../src/core/keys.js'
import { readLimits } from '../../../src/core/limits.js'
import {
  createKeyBinding,
  decodeKeyBinding,
  type KeyBindingInput,
  sdHash,
} from '../../../src/formats/sd-jwt/key-binding.js'
import { digestOf, refusal, refusalCode } from './craft.js'

let signer: Signer
let input: KeyBindingInput

beforeAll(async () => {
  signer = await generateSigner('ES256')
  input = {
    presented: 'a.b.c~D1~',
    hash: 'sha-256',
    audience: 'https://bank.example',
    nonce: 'n-1',
    issuedAt: 1700000000,
    signer,
  }
})

describe('creating', () => {
  it('signs the four claims, typed, and nothing else', async () => {
    const jws = decodeKeyBinding(await createKeyBinding(input))
    expect(jws.header).toEqual({ typ: 'kb+jwt', alg: 'ES256' })
    const hash = await digestOf('a.b.c~D1~')
    expect(jws.payload).toEqual({ iat: 1700000000, aud: 'https://bank.example', nonce: 'n-1', sd_hash: hash })
  })

  it.each(['ES256', 'ES384', 'EdDSA'] as const)('takes the algorithm from the signer: %s', async alg => {
    const other = await generateSigner(alg)
    const jws = decodeKeyBinding(await createKeyBinding({ ...input, signer: other }))
    expect(jws.header['alg']).toBe(alg)
    await verifyJws(jws, await keyCache().import(other.publicJwk, requireAlgorithm(alg, [alg])))
  })

  it('hashes with the hash of the SD-JWT', async () => {
    for (const hash of ['sha-384', 'sha-512'] as const) {
      const { payload } = decodeKeyBinding(await createKeyBinding({ ...input, hash }))
      expect(payload.sd_hash).toBe(await digestOf(input.presented, hash))
    }
  })

  it.each<[string, Partial<Record<keyof KeyBindingInput, unknown>>, string]>([
    ['what is not presented to its last separator', { presented: 'a.b.c~D1' }, '`presented`'],
    ['nothing presented', { presented: undefined }, '`presented`'],
    ['an empty audience', { audience: '' }, '`audience`'],
    ['several audiences', { audience: ['https://bank.example'] }, '`audience`'],
    ['an empty nonce', { nonce: '' }, '`nonce`'],
    ['no nonce', { nonce: undefined }, '`nonce`'],
    ['a time with a fraction', { issuedAt: 1700000000.5 }, '`issuedAt`'],
    ['a date', { issuedAt: new Date(0) }, '`issuedAt`'],
  ])('refuses %s', async (_, wrong, message) => {
    const work = createKeyBinding({ ...input, ...wrong } as KeyBindingInput)
    await expect(work).rejects.toThrow(TypeError)
    await expect(work).rejects.toThrow(message)
  })
})

describe('the hash', () => {
  it('is over the characters presented, each of them (§4.3.1)', async () => {
    expect(await sdHash('a.b.c~D1~D2~', 'sha-256')).toBe(await digestOf('a.b.c~D1~D2~'))
    expect(await sdHash('a.b.c~D2~D1~', 'sha-256')).not.toBe(await digestOf('a.b.c~D1~D2~'))
    expect(await sdHash('a.b.c~D1~D2', 'sha-256')).not.toBe(await digestOf('a.b.c~D1~D2~'))
  })
})

describe('decoding', () => {
  const whole = { iat: 1700000000, aud: 'a', nonce: 'n', sd_hash: 'h' }
  const bindingOf = (payload: JsonObject, header: JsonObject = { typ: 'kb+jwt' }) => signJws(header, payload, signer)

  it('takes a time with a fraction, and claims it does not know', async () => {
    expect(
      decodeKeyBinding(await bindingOf({ ...whole, iat: 1.5, exp: 2, transaction_data_hashes: [] })).payload.iat,
    ).toBe(1.5)
  })

  it.each<[string, string, unknown]>([
    ['a missing time', 'iat', undefined],
    ['a time as text', 'iat', '1700000000'],
    ['a time that is null', 'iat', null],
    ['a missing audience', 'aud', undefined],
    ['a list of audiences', 'aud', ['a']],
    ['an audience that is a number', 'aud', 1],
    ['a missing nonce', 'nonce', undefined],
    ['a nonce that is a number', 'nonce', 1],
    ['a missing hash', 'sd_hash', undefined],
    ['a hash that is null', 'sd_hash', null],
  ])('refuses %s', async (_, name, value) => {
    const text = await bindingOf({ ...whole, [name]: value } as JsonObject)
    expect(await refusal(() => decodeKeyBinding(text))).toMatchObject({ code: 'key_binding_malformed', at: name })
  })

  it.each(['KB+JWT', 'kb+jwt ', 'application/kb+jwt', 'JWT', 'dc+sd-jwt', '', 1, null, undefined])(
    'refuses the type %j',
    async typ => {
      const text = await bindingOf(whole, { typ } as JsonObject)
      expect(await refusalCode(() => decodeKeyBinding(text))).toBe('jws_type_mismatch')
    },
  )

  it('refuses what is no token, has extensions or says a thing twice', async () => {
    expect(await refusalCode(() => decodeKeyBinding('D1'))).toBe('jws_malformed')
    const critical = await bindingOf(whole, { typ: 'kb+jwt', crit: ['x'] })
    expect(await refusalCode(() => decodeKeyBinding(critical))).toBe('crit_unsupported')
    const twice = base64url(utf8('{"nonce":"a","nonce":"b"}'))
    const [header, , signature] = (await bindingOf(whole)).split('.')
    expect(await refusalCode(() => decodeKeyBinding(`${header}.${twice}.${signature}`))).toBe('json_duplicate_member')
    expect(await refusalCode(async () => decodeKeyBinding(`${await bindingOf(whole)}~`))).toBe('encoding_invalid')
  })

  it('applies the limits', async () => {
    const text = await bindingOf(whole)
    expect(
      await refusal(() => decodeKeyBinding(text, readLimits({ presentationBytes: text.length - 1 }))),
    ).toMatchObject({
      code: 'limit_exceeded',
      at: 'presentationBytes',
    })
    expect(decodeKeyBinding(text, readLimits({ presentationBytes: text.length })).payload.nonce).toBe('n')
    expect(await refusalCode(() => decodeKeyBinding(text, readLimits({ headerBytes: 4 })))).toBe('limit_exceeded')
  })
})
