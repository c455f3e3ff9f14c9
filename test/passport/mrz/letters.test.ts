/** Two tables of letters and one check digit: the vectors, and harms beside them. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mrzCheckDigit } from '../../../src/passport/mrz/check-digit.js'
import { transliterateIcao } from '../../../src/passport/mrz/icao-letters.js'
import { restoreInternal, transliterateInternal } from '../../../src/passport/mrz/internal-letters.js'
import icao from '../../vectors/domain-ru/translit-icao.json' with { type: 'json' }
import internal from '../../vectors/domain-ru/translit-internal.json' with { type: 'json' }
import cases from '../../vectors/mrz/cases.json' with { type: 'json' }
import { atOnce } from '../support.js'

const alphabet = 'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ'
const russian = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 40 })
const settings = { seed: 20261122, numRuns: 200 }

describe('transliterateInternal', () => {
  it.each(internal.valid)('writes $input as $output, and back', ({ input, output }) => {
    expect(transliterateInternal(input)).toEqual({
      ok: true,
      normalized: output,
      mrz: output,
      checked: false,
      warnings: [],
    })
    expect(transliterateInternal(input.toLowerCase())).toMatchObject({ normalized: output })
    expect(restoreInternal(output)).toBe(input)
  })

  it.each(internal.invalid)('refuses $input for its $reason', ({ input, reason }) => {
    expect(transliterateInternal(input)).toEqual({ ok: false, code: reason })
  })

  it('gives each letter a character of its own, and turns all of them back', () => {
    const letters = transliterateInternal(alphabet)
    expect(letters).toMatchObject({ normalized: 'ABVGDE2JZIQKLMNOPRSTUFHC34WXY9678' })
    fc.assert(
      fc.property(russian, name => {
        const written = transliterateInternal(name)
        expect(written.ok && restoreInternal(written.normalized)).toBe(name)
      }),
      settings,
    )
  })

  it('restores nothing from a character that stands for no letter', () => {
    for (const stray of ['0', '1', '5', 'a', '-', 'А']) expect(restoreInternal(`IVAN${stray}`)).toBeUndefined()
  })
})

describe('transliterateIcao', () => {
  it.each(icao.valid)('spells $input as $visual', ({ input, visual, mrz }) => {
    expect(transliterateIcao(input)).toEqual({ ok: true, normalized: visual, mrz, checked: false, warnings: [] })
    expect(transliterateIcao(visual)).toMatchObject({ normalized: visual, mrz })
  })

  it.each(icao.invalid)('refuses $input for its $reason', ({ input, reason }) => {
    expect(transliterateIcao(input)).toEqual({ ok: false, code: reason })
  })

  it('spells every letter, the soft sign as nothing', () => {
    const spelled = [...'ЖЙХЦЧШЩЪЫЭЮЯ']
      .map(letter => transliterateIcao(letter))
      .map(result => result.ok && result.normalized)
    expect(spelled).toEqual(['ZH', 'I', 'KH', 'TS', 'CH', 'SH', 'SHCH', 'IE', 'Y', 'E', 'IU', 'IA'])
    expect(transliterateIcao('АБВГДЕЁЗИКЛМНОПРСТУФЬ')).toMatchObject({ normalized: 'ABVGDEEZIKLMNOPRSTUF' })
  })
})

describe.each([
  ['transliterateInternal', transliterateInternal],
  ['transliterateIcao', transliterateIcao],
] as const)('%s', (_, transliterate) => {
  it('names mixed scripts', () => {
    expect(transliterate('ИBAH')).toEqual({ ok: false, code: 'mixed_script' })
  })

  it('leaves nothing to write of a name without letters', () => {
    for (const empty of ['', ' ', '-', "'", ' - ']) expect(transliterate(empty)).toEqual({ ok: false, code: 'length' })
  })

  it('divides by one filler and leaves out other punctuation', () => {
    const zone = transliterate('Д’Ар - Анна  М.')
    expect(zone.ok && zone.mrz).toBe('DAR<ANNA<M')
  })

  it('takes text alone, of no hidden characters', () => {
    expect(transliterate(7)).toEqual({ ok: false, code: 'type' })
    expect(transliterate(undefined)).toEqual({ ok: false, code: 'required' })
    for (const hidden of ['\u202e', '\0', '\ud800', '\u200d', '<', '\u1c80'])
      expect(transliterate(`ИВ${hidden}АН`)).toEqual({ ok: false, code: 'charset' })
  })

  it('refuses ten million letters at once', () => {
    const started = performance.now()
    expect(transliterate('Щ'.repeat(10_000_000))).toEqual({ ok: false, code: 'length' })
    expect(performance.now() - started).toBeLessThan(atOnce)
  })
})

describe('mrzCheckDigit', () => {
  it.each(cases.check_digits)('of %s is %s', (text, digit) => {
    expect(mrzCheckDigit(text!)).toBe(digit)
  })

  it('weighs 7, 3, 1, and values letters from 10 to 35', () => {
    const slow = (text: string) => {
      let sum = 0
      for (let place = 0; place < text.length; place++) {
        const character = text[place]!
        const value = character === '<' ? 0 : Number.parseInt(character, 36)
        sum += value * (place % 3 === 0 ? 7 : place % 3 === 1 ? 3 : 1)
      }
      return String(sum % 10)
    }
    const text = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<'), maxLength: 44 })
    fc.assert(
      fc.property(text, line => mrzCheckDigit(line) === slow(line)),
      settings,
    )
  })

  it('closes the cards of the vectors too, whose forms are not read here', () => {
    for (const { format, lines } of cases.cases) {
      if (format === 'TD1') expect(mrzCheckDigit(cardComposite(lines))).toBe(lines[1]![29])
      if (format === 'TD2')
        expect(mrzCheckDigit(lines[1]!.slice(0, 10) + lines[1]!.slice(13, 20) + lines[1]!.slice(21, 35))).toBe(
          lines[1]![35],
        )
    }
  })

  /** ICAO Doc 9303 part 5 §4.2.2: places 6 to 30 of the first line, 1 to 7, 9 to 15 and 19 to 29 of the second. */
  const cardComposite = ([first = '', second = '']: readonly string[]) =>
    first.slice(5) + second.slice(0, 7) + second.slice(8, 15) + second.slice(18, 29)
})

it('is misuse to restore what is no text', () => {
  for (const letters of [[], null, 7])
    expect(() => restoreInternal(letters as never)).toThrow(new TypeError('`letters` must be a string'))
})
