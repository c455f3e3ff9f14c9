import { describe, expect, it } from 'vitest'
import { defaultLimits, type Limits, readLimits, within } from '../../src/core/limits.js'
import { outcome, thrownBy } from './support.js'

const names = Object.keys(defaultLimits) as (keyof Limits)[]

describe('limits', () => {
  it('are the defaults when nothing is said', () => {
    expect(readLimits(undefined)).toEqual(defaultLimits)
    expect(readLimits({})).toEqual(defaultLimits)
  })

  it('cannot be changed for everyone', () => {
    expect(Object.isFrozen(defaultLimits)).toBe(true)
  })

  it.each(names)('of %s are lowered, never raised', name => {
    for (const value of [0, 1, defaultLimits[name]])
      expect(readLimits({ [name]: value })).toEqual({ ...defaultLimits, [name]: value })
    for (const value of [defaultLimits[name] + 1, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => readLimits({ [name]: value })).toThrow(RangeError)
    expect(() => readLimits({ [name]: '1' } as unknown as Partial<Limits>)).toThrow(new RegExp(`limits\\.${name}`))
  })

  it('stay where a value is left undefined', () => {
    for (const name of names) expect(readLimits({ [name]: undefined })).toEqual(defaultLimits)
  })

  it.each(['dept', 'constructor', 'toString'])('named %s are misuse', name => {
    expect(() => readLimits({ [name]: 1 } as Partial<Limits>)).toThrow(TypeError)
    expect(() => readLimits({ [name]: 1 } as Partial<Limits>)).toThrow(`\`limits.${name}\` `)
  })

  it('named __proto__ are misuse', () => {
    expect(() => readLimits(JSON.parse('{"__proto__":{"depth":1}}') as Partial<Limits>)).toThrow(TypeError)
  })

  it.each([null, 5, 'all'])('that are no object are misuse: %j', lower => {
    expect(() => readLimits(lower as unknown as Partial<Limits>)).toThrow(TypeError)
  })

  it('are inclusive, and name themselves', () => {
    expect(outcome(() => within(defaultLimits, 'disclosures', 512))).toBe('accepted')
    expect(thrownBy(() => within(defaultLimits, 'disclosures', 513))).toMatchObject({
      code: 'limit_exceeded',
      at: 'disclosures',
      expected: 512,
      actual: 513,
    })
  })
})
