import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../../src/core/bytes.js'
import { base45, fromBase45 } from '../../../src/formats/qr/base45.js'
import vectors from '../../vectors/base45/vectors.json' with { type: 'json' }
import { codeOf } from './support.js'

const invalid = 'encoding_invalid (base45)'

describe('RFC 9285', () => {
  it.each(vectors.encode)('§4.3 writes %s as %s', (text, encoded) => {
    expect(base45(utf8(text!))).toBe(encoded)
  })

  it.each(vectors.decode)('§4.4 reads %s as %s', (encoded, text) => {
    expect(fromBase45(encoded!)).toEqual(utf8(text!))
  })

  it('§4.4 refuses three characters that mean more than two bytes: GGW is 65536', () => {
    expect(codeOf(() => fromBase45('GGW'))).toBe(invalid)
    expect(fromBase45('FGW')).toEqual(Uint8Array.of(0xff, 0xff))
  })
})

describe('Base45', () => {
  it.each([
    ['a character too many', 'BB8A'],
    ['one character', 'B'],
    ['two characters that mean more than one byte: 256', 'V5'],
    ['the greatest three characters', ':::'],
    ['the greatest two characters', '::'],
    ['lower case', 'bb8'],
    ['a character outside the alphabet', 'BB='],
    ['a line break', 'BB8\n'],
    ['a line break inside', 'B\n8'],
    ['a letter that looks like one of the alphabet', 'ВВ8'],
    ['half a character', '\ud800BB'],
    ['padding', 'BB8==='],
  ])('refuses %s', (_, text) => {
    expect(codeOf(() => fromBase45(text))).toBe(invalid)
  })

  it('reads nothing as nothing', () => {
    expect(fromBase45('')).toEqual(new Uint8Array())
    expect(base45(new Uint8Array())).toBe('')
  })

  it('reads what it wrote, whatever the bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
      const text = base45(bytes)
      expect(text).toMatch(/^[0-9A-Z $%*+\-./:]*$/)
      expect(fromBase45(text)).toEqual(new Uint8Array(bytes))
    })
    fc.assert(property, { seed: 20261122 })
  })

  it('reads no text but the one that it would have written', () => {
    const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:']
    const texts = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 30 })
    const property = fc.property(texts, text => {
      const code = codeOf(() => expect(base45(fromBase45(text))).toBe(text))
      expect([undefined, invalid]).toContain(code)
    })
    fc.assert(property, { seed: 20261122 })
  })
})
