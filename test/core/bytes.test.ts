import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  base64,
  base64url,
  concatBytes,
  equalBytes,
  fromBase64,
  fromBase64url,
  fromUtf8,
  hasLoneSurrogate,
  textFromBase64url,
  textToBase64url,
  utf8,
} from '../../src/core/bytes.js'
import { anyCharacter, outcome, thrownBy } from './support.js'

const runs = { seed: 20261122, numRuns: 300 }
const urlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const alphabet = `${urlAlphabet.slice(0, 62)}+/`

/** Base64 by the letter of RFC 4648 §4: bits in a row, six at a time. Slow, and obviously right. */
function encodeSlowly(bytes: Uint8Array, letters: string): string {
  const bits = Array.from(bytes, octet => octet.toString(2).padStart(8, '0')).join('')
  const sextets = bits.match(/.{1,6}/g) ?? []
  return sextets.map(sextet => letters[Number.parseInt(sextet.padEnd(6, '0'), 2)]).join('')
}

const padded = (text: string) => text.padEnd(Math.ceil(text.length / 4) * 4, '=')

describe('base64url and base64', () => {
  it.each<[string, string, string]>([
    // RFC 4648 §10
    ['', '', ''],
    ['f', 'Zg', 'Zg=='],
    ['fo', 'Zm8', 'Zm8='],
    ['foo', 'Zm9v', 'Zm9v'],
    ['foob', 'Zm9vYg', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy', 'Zm9vYmFy'],
    ['\u0083þ~~ÿ', 'woPDvn5-w78', 'woPDvn5+w78='],
  ])('write %j as %j and %j', (text, url, standard) => {
    expect(base64url(utf8(text))).toBe(url)
    expect(base64(utf8(text))).toBe(standard)
    expect(fromUtf8(fromBase64url(url))).toBe(text)
    expect(fromUtf8(fromBase64(standard))).toBe(text)
  })

  it('agree with the slow reference and come back, for bytes anywhere in a buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 9 }), (octets, before) => {
        const bytes = new Uint8Array([...new Uint8Array(before).fill(7), ...octets, 9, 9]).subarray(before, -2)
        expect(base64url(bytes)).toBe(encodeSlowly(bytes, urlAlphabet))
        expect(base64(bytes)).toBe(padded(encodeSlowly(bytes, alphabet)))
        expect(equalBytes(fromBase64url(base64url(bytes)), bytes)).toBe(true)
        expect(equalBytes(fromBase64(base64(bytes)), bytes)).toBe(true)
      }),
      runs,
    )
  })

  it('take a text only if the slow reference writes it', () => {
    const unit = fc.constantFrom(...alphabet, '-', '_', '=', ' ', '\n', 'Ā', 'ａ', '\0')
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), text => {
        for (const [decode, encode] of [
          [fromBase64url, (bytes: Uint8Array) => encodeSlowly(bytes, urlAlphabet)],
          [fromBase64, (bytes: Uint8Array) => padded(encodeSlowly(bytes, alphabet))],
        ] as const) {
          const code = outcome(() => expect(encode(decode(text))).toBe(text))
          if (code !== 'accepted') expect(code).toBe('encoding_invalid')
        }
      }),
      runs,
    )
  })

  it('take all texts of up to two letters that some bytes have, and no others', () => {
    const written = new Set(Array.from({ length: 256 }, (_, octet) => encodeSlowly(Uint8Array.of(octet), urlAlphabet)))
    let taken = 0
    for (const first of urlAlphabet)
      for (const second of urlAlphabet) {
        const text = first + second
        expect(outcome(() => fromBase64url(text)) === 'accepted', text).toBe(written.has(text))
        taken += written.has(text) ? 1 : 0
      }
    expect(taken).toBe(256)
    for (const letter of urlAlphabet) expect(outcome(() => fromBase64url(letter))).toBe('encoding_invalid')
  })

  it.each([
    ['padding', 'Zg=='],
    ['half the padding', 'Zg='],
    ['padding alone', '='],
    ['the letters of base64', 'a+b/'],
    ['left-over bits', 'Zh'],
    ['left-over bits of two', 'Zm9'],
    ['one letter too many', 'Zm9vA'],
    ['a space in the middle', 'Zm 9v'],
    ['a space before', ' Zm9v'],
    ['a space after', 'Zm9v '],
    ['a newline after', 'Zm9v\n'],
    ['a line break inside', 'Zm9v\r\nZm9v'],
    ['a tab', 'Zm\t9v'],
    ['a NUL', 'Zm9v\0'],
    ['a point', 'Zm9v.'],
    ['a tilde', 'Zm9v~'],
    ['a look-alike letter of Cyrillic', 'Zm9\u0443'],
    ['a full-width letter', '\uff3am9v'],
    ['a letter whose low byte is in the alphabet', '\u015am9v'],
    ['a lone surrogate', 'Zm9\ud800'],
    ['a soft hyphen', 'Zm9v\u00ad'],
    ['a zero-width space', 'Zm\u200b9v'],
  ])('of URLs is not %s', (_, text) => {
    expect(outcome(() => fromBase64url(text))).toBe('encoding_invalid')
  })

  it.each([
    ['missing padding', 'Zg'],
    ['half the padding', 'Zg='],
    ['padding too much', 'Zm9v='],
    ['a quantum of padding', 'Zm9v===='],
    ['padding in the middle', 'Zg==Zg=='],
    ['padding alone', '=='],
    ['the letters of base64url', 'a-b_'],
    ['left-over bits', 'Zh=='],
    ['left-over bits of two', 'Zm9='],
    ['a line break', 'Zm9v\nZm9v'],
    ['a full-width letter', '\uff3am9v'],
    ['a letter whose low byte is in the alphabet', '\u015am9v'],
  ])('of RFC 4648 §4 is not %s', (_, text) => {
    expect(outcome(() => fromBase64(text))).toBe('encoding_invalid')
  })

  it('name what was being read, and not its text', () => {
    const error = thrownBy(() => fromBase64url('Zh', 'signature'))
    expect(error).toMatchObject({ code: 'encoding_invalid', at: 'signature' })
    expect(error.message).not.toContain('Zh')
    expect(thrownBy(() => fromBase64('Zh==', 'x5c')).at).toBe('x5c')
  })
})

describe('base64url of text', () => {
  it('is that of its UTF-8, and comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(anyCharacter, fc.constantFrom('\ufffd', '\ufeff')) }), text => {
        expect(textToBase64url(text)).toBe(base64url(utf8(text)))
        expect(textFromBase64url(base64url(utf8(text)))).toBe(text)
      }),
      runs,
    )
  })

  it.each<[string, number[]]>([
    ['a continuation alone', [0x80]],
    ['a character cut short', [0x41, 0xd0]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong form', [0xc0, 0xaf]],
  ])('is not that of %s', (_, octets) => {
    const error = thrownBy(() => textFromBase64url(base64url(Uint8Array.from(octets)), 'header'))
    expect(error).toMatchObject({ code: 'encoding_invalid', at: 'header' })
  })

  it.each(['Zh', 'Zg==', 'Zg\n', 'Z', '+w', '*'])('is canonical, not %j', text => {
    expect(thrownBy(() => textFromBase64url(text, 'payload'))).toMatchObject({
      code: 'encoding_invalid',
      at: 'payload',
    })
  })

  it('is none for half a character', () => {
    expect(outcome(() => textToBase64url('\ud800'))).toBe('encoding_invalid')
  })
})

describe('UTF-8', () => {
  it('comes back, whatever the characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), text => {
        expect(fromUtf8(utf8(text))).toBe(text)
      }),
      runs,
    )
  })

  it('keeps a byte order mark, which is a character like any other', () => {
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA')
    expect(Array.from(utf8('\ufeff'))).toEqual([0xef, 0xbb, 0xbf])
  })

  it.each(['\ud800', '\udc00', 'a\udc00b', '\udc00\ud800', '\ud800\ud800\udc00'])('has no bytes for %j', text => {
    expect(hasLoneSurrogate(text)).toBe(true)
    expect(outcome(() => utf8(text))).toBe('encoding_invalid')
  })

  it.each(['', 'a', 'Ё', '😀', '\ud83d\ude00\ud83d\ude00', '\ue000\uffff'])('has bytes for %j', text => {
    expect(hasLoneSurrogate(text)).toBe(false)
    expect(outcome(() => utf8(text))).toBe('accepted')
  })

  it.each<[string, number[]]>([
    ['a continuation alone', [0x80]],
    ['a character cut short', [0xd0]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xe0, 0x80, 0x80]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['what is beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a byte of no use', [0xff]],
  ])('is not %s', (_, octets) => {
    expect(outcome(() => fromUtf8(Uint8Array.from(octets)))).toBe('encoding_invalid')
  })
})

it('UTF-8 that failed leaves nothing behind for the next', () => {
  expect(outcome(() => fromUtf8(Uint8Array.of(0xd0)))).toBe('encoding_invalid')
  expect(outcome(() => fromUtf8(Uint8Array.of(0x9f)))).toBe('encoding_invalid')
  expect(fromUtf8(Uint8Array.of(0xd0, 0x9f))).toBe('П')
})

describe('byte strings', () => {
  it('are joined in order', () => {
    expect(Array.from(concatBytes())).toEqual([])
    expect(Array.from(concatBytes(Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)))).toEqual([1, 2, 3])
  })

  it('are joined into bytes of their own', () => {
    const part = Uint8Array.of(1)
    const whole = concatBytes(part)
    part[0] = 9
    expect(whole[0]).toBe(1)
  })

  it('are equal only when every byte is', () => {
    const bytes = Uint8Array.from({ length: 40 }, (_, index) => index)
    expect(equalBytes(bytes, bytes.slice())).toBe(true)
    expect(equalBytes(Uint8Array.of(), Uint8Array.of())).toBe(true)
    expect(equalBytes(bytes, bytes.subarray(1))).toBe(false)
    expect(equalBytes(bytes.subarray(0, 39), bytes)).toBe(false)
    for (let bit = 0; bit < 320; bit++) {
      const other = bytes.slice()
      other[bit >> 3]! ^= 1 << (bit & 7)
      expect(equalBytes(bytes, other)).toBe(false)
    }
  })
})
