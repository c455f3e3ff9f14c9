/** The holder's choice: the least that shows what is asked for. */
import { beforeAll, describe, expect, it } from 'vitest'
import { packSdJwt } from '../../../src/formats/sd-jwt/pack.js'
import type { ClaimPath } from '../../../src/formats/sd-jwt/path.js'
import { placesOf } from '../../../src/formats/sd-jwt/places.js'
import { selectDisclosures } from '../../../src/formats/sd-jwt/select.js'
import { type UnpackedSdJwt, unpackSdJwt } from '../../../src/formats/sd-jwt/unpack.js'
import { hiddenElement, received } from './craft.js'

const claims = {
  iss: 'i',
  name: 'Möbius',
  address: { country: 'DE', city: { name: 'Leipzig', part: 'Mitte' } },
  list: ['a', { x: 1, y: 2 }, { x: 3 }, ['deep']],
  none: null,
  odd: { 0: 'zero', null: 'nothing', inner: { hidden: 1 } },
}

let held: UnpackedSdJwt

beforeAll(async () => {
  const { payload, disclosures } = await packSdJwt(claims, {
    hide: [
      ['name'],
      ['address'],
      ['address', 'city'],
      ['address', 'city', 'name'],
      ['address', 'country'],
      ['list', null],
      ['list', null, 'x'],
      ['list', 3, 0],
      ['odd', 'inner', 'hidden'],
    ],
  })
  held = await unpackSdJwt(payload, disclosures)
})

/** The places of what is chosen, as text. */
const chosen = (...paths: ClaimPath[]) =>
  selectDisclosures(held, paths)
    .indexes.map(index => placesOf(held).disclosed[index]!.path.join('.'))
    .sort()

describe('selecting', () => {
  it('nothing for no paths, and for claims in the clear', () => {
    expect(selectDisclosures(held, [])).toEqual({ indexes: [], missing: [] })
    expect(selectDisclosures(held, [['iss'], ['list']]).missing).toEqual([])
    expect(chosen(['iss'])).toEqual([])
  })

  it('the one disclosure of a claim', () => {
    expect(chosen(['name'])).toEqual(['name'])
  })

  it('what it stands within, and nothing beside it', () => {
    expect(chosen(['address', 'city', 'name'])).toEqual(['address', 'address.city', 'address.city.name'])
  })

  it('what it stands within even for a claim that is not hidden itself', () => {
    expect(chosen(['address', 'city', 'part'])).toEqual(['address', 'address.city'])
    expect(chosen(['list', 1, 'y'])).toEqual(['list.1'])
  })

  it('everything beneath it', () => {
    expect(chosen(['address'])).toEqual(['address', 'address.city', 'address.city.name', 'address.country'])
    expect(chosen(['list', 3])).toEqual(['list.3', 'list.3.0'])
  })

  it('everything beneath a claim in the clear', () => {
    expect(chosen(['list'])).toEqual(['list.0', 'list.1', 'list.1.x', 'list.2', 'list.2.x', 'list.3', 'list.3.0'])
  })

  it('everything beneath it, through what is in the clear', () => {
    expect(selectDisclosures(held, [['odd']]).indexes).toHaveLength(1)
    expect(chosen(['odd'])).toEqual(['odd.inner.hidden'])
  })

  it('one element by position', () => {
    expect(chosen(['list', 0])).toEqual(['list.0'])
  })

  it('every element for `null`', () => {
    expect(chosen(['list', null])).toEqual(chosen(['list']))
  })

  it('only elements that have what the path goes on to', () => {
    expect(chosen(['list', null, 'y'])).toEqual(['list.1'])
    expect(chosen(['list', null, 'x'])).toEqual(['list.1', 'list.1.x', 'list.2', 'list.2.x'])
    expect(chosen(['list', null, null])).toEqual(['list.3', 'list.3.0'])
  })

  it('each disclosure once, ascending', () => {
    const { indexes } = selectDisclosures(held, [['list', 1], ['name'], ['list', null, 'x'], ['name']])
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b))
    expect(indexes).toHaveLength(5)
  })
})

describe('paths that select nothing', () => {
  it.each<[string, ClaimPath]>([
    ['a name that is not there', ['surname']],
    ['a name on text', ['name', 'x']],
    ['a name on an array', ['list', 'x']],
    ['the text of a position', ['list', '0']],
    ['a position on an object', ['address', 0]],
    ['`null` on an object', ['address', null]],
    ['`null` on text', ['name', null]],
    ['a name on null', ['none', 'x']],
    ['a position on an object that has a name like it', ['odd', 0]],
    ['`null` on an object that has a name like it', ['odd', null]],
    ['a position beyond the end', ['list', 4]],
    ['a name that every object inherits', ['constructor']],
    ['a name that every array inherits', ['list', 'length']],
    ['`null` at the top', [null]],
    ['a position at the top', [0]],
    ['a path that goes on too far', ['address', 'city', 'name', 'x']],
    ['a member that no element has', ['list', null, 'z']],
  ])('are reported: %s', (_, path) => {
    expect(selectDisclosures(held, [path])).toEqual({ indexes: [], missing: [path] })
  })

  it('choose nothing on the way, and stop no others', () => {
    const { indexes, missing } = selectDisclosures(held, [['address', 'street'], ['name'], ['list', 9]])
    expect(indexes).toHaveLength(1)
    expect(missing).toEqual([
      ['address', 'street'],
      ['list', 9],
    ])
  })

  it.each([
    ['no list', 'name', '`paths`'],
    ['a list of names', ['name'], '`paths[0]`'],
    ['an empty path', [['name'], []], '`paths[1]`'],
    ['a negative position', [['list', -1]], '`paths[0]`'],
  ])('are not a matter of shape: %s', (_, paths, message) => {
    expect(() => selectDisclosures(held, paths as unknown as ClaimPath[])).toThrow(TypeError)
    expect(() => selectDisclosures(held, paths as unknown as ClaimPath[])).toThrow(message)
  })
})

describe('positions', () => {
  it('count the elements that were not disclosed', async () => {
    const kept = await hiddenElement('c')
    const lost = await hiddenElement('a', 'other salt')
    const payload = received({ list: [{ '...': lost.digest }, 'b', { '...': kept.digest }] })
    const partial = await unpackSdJwt(payload, [kept.disclosure])
    expect(selectDisclosures(partial, [['list', 2]])).toEqual({ indexes: [0], missing: [] })
    expect(selectDisclosures(partial, [['list', 1]])).toEqual({ indexes: [], missing: [] })
    expect(selectDisclosures(partial, [['list', 0]])).toEqual({ indexes: [], missing: [['list', 0]] })
    expect(selectDisclosures(partial, [['list', null]])).toEqual({ indexes: [0], missing: [] })
  })
})
