/** RFC 9901 §4.2: what a disclosure is, to the letter. */
import { describe, expect, it } from 'vitest'
import { base64url } from '../../../src/core/bytes.js'
import { readLimits } from '../../../src/core/limits.js'
import { decodeDisclosure, encodeDisclosure } from '../../../src/formats/sd-jwt/disclosure.js'
import { disclosureOf, rawDisclosure, refusal, refusalCode } from './craft.js'

describe('decoding', () => {
  it('reads a member', () => {
    const text = disclosureOf(['salt', 'name', { a: [1] }])
    expect(decodeDisclosure(text)).toEqual({ text, salt: 'salt', name: 'name', value: { a: [1] } })
  })

  it('reads an array element, which has no name', () => {
    const text = disclosureOf(['salt', 'value'])
    const decoded = decodeDisclosure(text)
    expect(decoded).toEqual({ text, salt: 'salt', value: 'value' })
    expect(decoded.name).toBeUndefined()
  })

  it.each([null, false, 0, '', [], {}])('reads the value %j', value => {
    expect(decodeDisclosure(disclosureOf(['s', 'n', value])).value).toEqual(value)
    expect(decodeDisclosure(disclosureOf(['s', value])).value).toEqual(value)
  })

  it('reads whatever white space and escapes the issuer wrote (§4.2.1)', () => {
    const spellings = ['["6qMQvRL5haj","family_name","Möbius"]', '["6qMQvRL5haj", "family_name", "M\\u00f6bius"]']
    for (const spelling of spellings)
      expect(decodeDisclosure(rawDisclosure(` ${spelling}\n`))).toMatchObject({ name: 'family_name', value: 'Möbius' })
  })

  it.each(['', 'constructor', 'toString', 'hasOwnProperty', '_SD', '..', '....', '_sd_alg2'])(
    'takes the name %j, which is not reserved',
    name => {
      expect(decodeDisclosure(disclosureOf(['s', name, 1])).name).toBe(name)
    },
  )

  it.each([
    ['an object', '{"0":"s","1":"n","2":1,"length":3}', 'array'],
    ['text', '"s"', 'array'],
    ['null', 'null', 'array'],
    ['an empty array', '[]', 'length'],
    ['one element', '["s"]', 'length'],
    ['four elements', '["s","n",1,2]', 'length'],
    ['a salt that is a number', '[1,"n",1]', 'salt'],
    ['a salt that is null, in an array element', '[null,1]', 'salt'],
    ['a name that is a number', '["s",1,1]', 'name'],
    ['a name that is null', '["s",null,1]', 'name'],
    ['a name that is a list', '["s",["n"],1]', 'name'],
  ])('refuses %s', async (_, json, message) => {
    const error = await refusal(() => decodeDisclosure(rawDisclosure(json)))
    expect(error.code).toBe('sd_jwt_disclosure_malformed')
    expect(error.message).toContain(message)
  })

  it.each(['_sd', '...', '_sd_alg', '__proto__'])('refuses the reserved name %s', async name => {
    expect(await refusal(() => decodeDisclosure(rawDisclosure(`["s","${name}",1]`)))).toMatchObject({
      code: 'sd_jwt_reserved_name',
      at: name,
    })
  })

  it.each([
    ['nothing', '', 'json_invalid'],
    ['text after the array', '["s",1]x', 'json_invalid'],
    ['two arrays', '["s",1]["s",1]', 'json_invalid'],
    ['a comma too many', '["s",1,]', 'json_invalid'],
    ['single quotes', "['s',1]", 'json_invalid'],
    ['half a character', '["s","\\ud800"]', 'json_invalid'],
    ['an integer that no reader holds exactly', '["s",9007199254740993]', 'json_invalid'],
    ['a byte order mark', '\ufeff["s",1]', 'json_invalid'],
    ['a member that stands twice', '["s",{"a":1,"a":2}]', 'json_duplicate_member'],
    ['a member that stands twice by escape', '["s",{"a":1,"\\u0061":2}]', 'json_duplicate_member'],
  ])('refuses %s', async (_, json, code) => {
    expect(await refusalCode(() => decodeDisclosure(rawDisclosure(json)))).toBe(code)
  })

  it.each([
    ['padding', `${rawDisclosure('["s",1]')}==`],
    ['the other base64 alphabet', rawDisclosure('["s","???>>>"]').replaceAll('-', '+').replaceAll('_', '/')],
    ['left-over bits', `${rawDisclosure('["s",1]').slice(0, -1)}R`],
    ['a space', `${rawDisclosure('["s",1]')} `],
    ['a character outside ASCII', `${rawDisclosure('["s",1]')}é`],
    ['bytes that are not UTF-8', base64url(new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x2c, 0x31, 0x5d]))],
    ['an overlong form', base64url(new Uint8Array([0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x2c, 0x31, 0x5d]))],
  ])('refuses %s', async (_, text) => {
    expect(await refusalCode(() => decodeDisclosure(text))).toBe('encoding_invalid')
  })

  it('says nothing of what it read', async () => {
    const error = await refusal(() => decodeDisclosure(disclosureOf(['top-secret', 4711, 'Mustermann'])))
    expect(JSON.stringify([error.message, error.at, error.actual])).not.toMatch(/top-secret|4711|Mustermann/)
  })

  it('refuses a text that is longer than its limit', async () => {
    const text = disclosureOf(['s', 1])
    expect(decodeDisclosure(text, readLimits({ presentationBytes: text.length })).value).toBe(1)
    expect(
      await refusal(() => decodeDisclosure(text, readLimits({ presentationBytes: text.length - 1 }))),
    ).toMatchObject({ code: 'limit_exceeded', at: 'presentationBytes' })
  })

  it('refuses a value that is deeper than its limit', async () => {
    const nested = (depth: number) => rawDisclosure(`["s",${'['.repeat(depth)}${']'.repeat(depth)}]`)
    expect(decodeDisclosure(nested(15)).salt).toBe('s')
    expect(await refusal(() => decodeDisclosure(nested(16)))).toMatchObject({ code: 'limit_exceeded', at: 'depth' })
  })
})

describe('encoding', () => {
  it('writes what decoding reads', () => {
    expect(decodeDisclosure(encodeDisclosure('salt', 'имя', 'Мария'))).toMatchObject({ name: 'имя', value: 'Мария' })
    expect(decodeDisclosure(encodeDisclosure('salt', undefined, ['x']))).toMatchObject({ salt: 'salt', value: ['x'] })
  })

  it('takes an empty name for a name', () => {
    expect(decodeDisclosure(encodeDisclosure('salt', '', 1)).name).toBe('')
  })

  it.each(['_sd', '...', '_sd_alg', '__proto__'])('refuses the reserved name %s', async name => {
    expect(await refusalCode(() => encodeDisclosure('salt', name, 1))).toBe('sd_jwt_reserved_name')
  })

  it('refuses to go without a salt', () => {
    expect(() => encodeDisclosure('', 'name', 1)).toThrow(TypeError)
    expect(() => encodeDisclosure(undefined as unknown as string, 'name', 1)).toThrow(TypeError)
  })
})
