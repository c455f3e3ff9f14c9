/** Country codes in two and in three letters. */
import { describe, expect, it } from 'vitest'
import { alpha2, alpha3 } from '../../src/passport/country.js'

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const everyPair = [...letters].flatMap(first => [...letters].map(second => first + second))

describe('a country', () => {
  it.each([
    ['RUS', 'RU'],
    ['KAZ', 'KZ'],
    ['ARM', 'AM'],
    ['BLR', 'BY'],
    ['KGZ', 'KG'],
    ['DEU', 'DE'],
    ['GBR', 'GB'],
    ['CHE', 'CH'],
    ['ZWE', 'ZW'],
    ['ABW', 'AW'],
  ])('%s is %s, and back', (three, two) => {
    expect(alpha2(three)).toBe(two)
    expect(alpha3(two)).toBe(three)
  })

  it('is one of 249, each with one code of either length', () => {
    const known = everyPair.filter(two => alpha3(two) !== undefined && two !== 'QS' && two !== 'QU')
    expect(known).toHaveLength(249)
    expect(new Set(known.map(alpha3)).size).toBe(249)
    for (const two of known) expect(alpha2(alpha3(two)!)).toBe(two)
  })

  it.each([
    ['D', 'DE'],
    ['D<<', 'DE'],
    ['XXA', 'QS'],
    ['XXX', 'QU'],
  ])('of a machine readable zone, %s, is %s', (zone, two) => {
    expect(alpha2(zone)).toBe(two)
  })

  it('of a machine readable zone is found by its two letters too', () => {
    expect([alpha3('QS'), alpha3('QU'), alpha3('DE')]).toEqual(['XXA', 'XXX', 'DEU'])
  })

  it.each(['', 'R', 'RU', 'rus', 'XXB', 'UNO', 'UTO', 'RUSS', 'R R', 'W A', '<<<', ' ', 'SRU', '643', 'D<<<'])(
    'has no two letters for %j',
    code => {
      expect(alpha2(code)).toBeUndefined()
    },
  )

  it.each(['', 'R', 'ru', 'RUS', 'XX', 'UT', 'UN', ' A', 'W ', 'S<'])('has no three letters for %j', code => {
    expect(alpha3(code)).toBeUndefined()
  })
})

it('is misuse for what is no text', () => {
  for (const code of [1, null, undefined, ['RUS']]) {
    expect(() => alpha2(code as never)).toThrow(new TypeError('`code` must be a string'))
    expect(() => alpha3(code as never)).toThrow(new TypeError('`code` must be a string'))
  }
})
