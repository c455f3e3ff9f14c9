/** RFC 9901 §4: the compact form, its separators and nothing else. */
import { describe, expect, it } from 'vitest'
import { defaultLimits, readLimits } from '../../../src/core/limits.js'
import { decodeSdJwt, joinSdJwt, splitSdJwt } from '../../../src/formats/sd-jwt/compact.js'
import { rawDisclosure, refusal, refusalCode } from './craft.js'

describe('splitting', () => {
  it('cuts an SD-JWT without disclosures', () => {
    expect(splitSdJwt('a.b.c~')).toEqual({ jwt: 'a.b.c', disclosures: [], keyBinding: undefined, presented: 'a.b.c~' })
  })

  it('cuts an SD-JWT with disclosures, in their order', () => {
    expect(splitSdJwt('a.b.c~D2~D1~')).toEqual({
      jwt: 'a.b.c',
      disclosures: ['D2', 'D1'],
      keyBinding: undefined,
      presented: 'a.b.c~D2~D1~',
    })
  })

  it('cuts off the key binding, which the presented part ends before', () => {
    expect(splitSdJwt('a.b.c~D1~k.e.y')).toEqual({
      jwt: 'a.b.c',
      disclosures: ['D1'],
      keyBinding: 'k.e.y',
      presented: 'a.b.c~D1~',
    })
    expect(splitSdJwt('a.b.c~k.e.y')).toMatchObject({ disclosures: [], keyBinding: 'k.e.y', presented: 'a.b.c~' })
  })

  it.each([
    ['separator', 'a.b.c', 'separator'],
    ['nothing at all', '', 'separator'],
    ['nothing before the first separator', '~D1~', 'token'],
    ['a separator alone', '~', 'token'],
    ['an empty disclosure', 'a.b.c~~', 'empty part'],
    ['an empty disclosure between others', 'a.b.c~D1~~D2~', 'empty part'],
    ['an empty disclosure before a key binding', 'a.b.c~~k.e.y', 'empty part'],
  ])('refuses %s', async (_, text, message) => {
    const error = await refusal(() => splitSdJwt(text))
    expect(error.code).toBe('sd_jwt_malformed')
    expect(error.message).toContain(message)
  })

  it.each([undefined, null, 7, {}, ['a.b.c~']])('refuses what is not text: %j', async input => {
    expect(await refusalCode(() => splitSdJwt(input as unknown as string))).toBe('input_not_text')
  })

  it('takes as many disclosures as the limit allows, and no more', async () => {
    const text = (count: number) => `a.b.c~${'D~'.repeat(count)}`
    expect(splitSdJwt(text(512)).disclosures).toHaveLength(512)
    expect(await refusal(() => splitSdJwt(text(513)))).toMatchObject({ code: 'limit_exceeded', at: 'disclosures' })
    expect(await refusalCode(() => splitSdJwt(`a.b.c${'~'.repeat(514)}`))).toBe('limit_exceeded')
    const one = readLimits({ disclosures: 1 })
    expect(splitSdJwt('a.b.c~D1~k.e.y', one).disclosures).toHaveLength(1)
    expect(await refusalCode(() => splitSdJwt('a.b.c~D1~D2~', one))).toBe('limit_exceeded')
  })

  it('refuses a text that is longer than its limit before it looks inside', async () => {
    const ten = readLimits({ presentationBytes: 10 })
    expect(splitSdJwt('a.b.c~D1~D', ten).keyBinding).toBe('D')
    expect(await refusal(() => splitSdJwt('a.b.c~D1~~D', ten))).toMatchObject({
      code: 'limit_exceeded',
      at: 'presentationBytes',
    })
  })
})

describe('joining', () => {
  it.each(['a.b.c~', 'a.b.c~D1~', 'a.b.c~D1~D2~', 'a.b.c~k.e.y', 'a.b.c~D1~D2~k.e.y'])('gives back %s', text => {
    const { jwt, disclosures, keyBinding } = splitSdJwt(text)
    expect(joinSdJwt(jwt, disclosures, keyBinding)).toBe(text)
  })
})

describe('decoding', () => {
  const jwt = `${rawDisclosure('{"alg":"ES256"}')}.${rawDisclosure('{"iss":"i"}')}.c2ln`

  it('gives the pieces and the signed part', () => {
    const { parts, jws } = decodeSdJwt(`${jwt}~D1~`)
    expect(parts.disclosures).toEqual(['D1'])
    expect(jws.payload).toEqual({ iss: 'i' })
    expect(jws.signingInput).toBe(jwt.slice(0, jwt.lastIndexOf('.')))
  })

  it.each([
    ['space before the token', ` ${jwt}~`],
    ['a line break before the token', `\n${jwt}~`],
    ['a space between the token and its separator', `${jwt} ~`],
    ['padding', `${jwt}==~`],
    ['a byte order mark', `\ufeff${jwt}~`],
  ])('refuses %s', async (_, text) => {
    expect(await refusalCode(() => decodeSdJwt(text))).toBe('encoding_invalid')
  })

  it('refuses a first part that is no token', async () => {
    expect(await refusalCode(() => decodeSdJwt('abc~'))).toBe('jws_malformed')
    expect(await refusalCode(() => decodeSdJwt(`${jwt}.c2ln~`))).toBe('jws_malformed')
  })

  it('applies the limits to the signed part too', async () => {
    const flat = { ...defaultLimits, depth: 0 }
    expect(await refusal(() => decodeSdJwt(`${jwt}~`, flat))).toMatchObject({ code: 'limit_exceeded', at: 'depth' })
    const short = readLimits({ presentationBytes: 10 })
    expect(await refusal(() => decodeSdJwt(`${jwt}~`, short))).toMatchObject({ at: 'presentationBytes' })
  })
})
