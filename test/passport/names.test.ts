/** Names held against each other, and parts of names in each other's places: soft findings, never applied. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchNames, type NameMatch } from '../../src/passport/validators/name-match.js'
import { looksLikePatronymic, nameOrder } from '../../src/passport/validators/name-order.js'
import icao from '../vectors/domain-ru/translit-icao.json' with { type: 'json' }
import { atOnce } from './support.js'

const same: NameMatch = { match: 'same' }
const different: NameMatch = { match: 'different' }
const soft = (...differences: readonly string[]) => ({ match: 'soft', differences })

describe('matchNames', () => {
  it.each([
    ['Иванов', 'ИВАНОВ', same],
    [' Петров\u2013Водкин', 'Петров-Водкин ', same],
    ['И\u0306ова', 'Йова', same],
    ['Фёдоров', 'ФЕДОРОВ', soft('yo')],
    ['Семёнова-Ёлкина', 'Семенова-Ёлкина', soft('yo')],
    ['Салтыков-Щедрин', 'Салтыков Щедрин', soft('separator')],
    ['д’Артаньян', 'Дартаньян', soft('separator')],
    ['Фёдоров-Ким', 'Федоров Ким', soft('yo', 'separator')],
    ['ANNA-MARIA', 'Anna Maria', soft('separator')],
    ['Щербаков', 'SHCHERBAKOV', soft('transliteration')],
    ['SALTYKOV SHCHEDRIN', 'Салтыков-Щедрин', soft('transliteration')],
    ['Цыганков', 'TSYGANKOV', soft('transliteration')],
    ['Цыганков', 'TCYGANKOV', soft('transliteration')],
    ['Игорь', 'IGOR', soft('transliteration')],
    ['Иванов', 'Иванова', different],
    ['Иванов', 'Ивановъ', different],
    ['Иванов', 'PETROV', different],
    ['Цыганков', 'CYGANKOV', different],
    ['Йван', 'Иван', different],
    ['Елкин', 'ELKIN', soft('transliteration')],
    ['Ёлкин', 'ELKIN', soft('transliteration')],
    ['Қасым', 'QASYM', different],
    ['Ь', '', different],
    ['', '', same],
  ])('%s and %s', (one, other, match) => {
    expect(matchNames(one, other)).toEqual(match)
    expect(matchNames(other, one)).toEqual(match)
  })

  it('takes no look-alike for the letter it looks like', () => {
    expect(matchNames('Анна', 'Aннa')).toEqual(different)
    expect(matchNames('Aннa', 'ANNA')).toEqual(different)
    expect(matchNames('Aннa', 'Aннa')).toEqual(same)
    expect(matchNames('АННА', 'AHHA')).toEqual(different)
  })

  it.each(icao.valid)('$input may be $visual, printed or in the zone', ({ input, visual, mrz }) => {
    expect(matchNames(input, visual)).toEqual(soft('transliteration'))
    expect(matchNames(mrz.replace('<', ' '), input)).toEqual(soft('transliteration'))
  })

  it('a name is itself, and of a name and the same with one letter more neither is the other', () => {
    const name = fc.string({
      unit: fc.constantFrom(...'АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ- '),
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(name, text => {
        expect(matchNames(text, text.toLowerCase())).toEqual(same)
        expect(matchNames(text, `${text}Б`)).toEqual(different)
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })

  it('looks at no ten million letters', () => {
    const started = performance.now()
    expect(matchNames('Ё'.repeat(10_000_000), 'Е'.repeat(10_000_000))).toEqual(different)
    expect(performance.now() - started).toBeLessThan(atOnce)
    expect(matchNames('Ё'.repeat(256), 'Е'.repeat(256))).toEqual(soft('yo'))
    expect(matchNames('Ё'.repeat(257), 'Ё'.repeat(257))).toEqual(different)
  })

  it('is told by TypeError what is no name', () => {
    expect(() => matchNames('Иванов', undefined as never)).toThrow(TypeError)
  })
})

describe('nameOrder', () => {
  it.each([
    [{ familyName: 'Образцова', givenName: 'Юлия', patronymic: 'Сергеевна' }, undefined],
    [{ familyName: 'Юлия', givenName: 'Сергеевна', patronymic: 'Образцова' }, 'givenName'],
    [{ familyName: 'Сергеевна', givenName: 'Юлия', patronymic: 'Образцова' }, 'familyName'],
    [{ familyName: 'Образцова', givenName: 'СЕРГЕЕВНА' }, 'givenName'],
    [{ familyName: 'Абрамович', givenName: 'Роман', patronymic: 'Аркадьевич' }, undefined],
    [{ familyName: 'Абрамович', givenName: 'Роман', patronymic: null }, undefined],
    [{ familyName: 'Абрамович', givenName: 'Роман', patronymic: '' }, undefined],
    [{ familyName: 'Тестова', givenName: 'Айгуль' }, undefined],
    [{}, undefined],
  ])('of %j: %s', (parts, hint) => {
    expect(nameOrder(parts)).toBe(hint)
  })

  it('knows how patronymics end', () => {
    const patronymics = ['Иванович', 'Ильич', 'Лукич', 'Юрьевна', 'Ильинична', 'Фоминична', 'Мамед оглы', 'Мамед-кызы']
    expect(patronymics.filter(name => !looksLikePatronymic(name))).toEqual([])
    expect(['Иван', 'Анна', 'Мария', '', undefined, null].filter(looksLikePatronymic)).toEqual([])
  })
})

it('nameOrder is misuse for no parts', () => {
  for (const parts of [null, undefined, 'Юлия'])
    expect(() => nameOrder(parts as never)).toThrow(new TypeError('`parts` must be an object'))
})
