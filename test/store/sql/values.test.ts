/** What comes out of a driver, and what stands in a column. */
import { describe, expect, it } from 'vitest'
import type { SqlRow } from '../../../src/store/sql/database.js'
import { bytesOf, dateOf, integerOf, optional, textOf } from '../../../src/store/sql/row.js'
import { guardedValues, plainRow } from '../../../src/store/sql/values.js'

class DriverBytes extends Uint8Array {}

const failed = (at: string) => expect.objectContaining({ name: 'VidimusError', code: 'store_failed', at })

describe('a row of a driver', () => {
  it.each([
    ['that are part of others', Uint8Array.of(9, 1, 2, 9).subarray(1, 3)],
    ['of a class of the driver', DriverBytes.of(1, 2)],
    ['without a view', Uint8Array.of(1, 2).buffer],
  ])('has bytes %s as plain ones in memory of their own', (_, value) => {
    const { value: bytes } = plainRow({ value }) as { readonly value: Uint8Array }
    expect([...bytes]).toEqual([1, 2])
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
    expect(bytes.buffer.byteLength).toBe(2)
  })

  it.each([undefined, true, {}, new Date(0), 0.5, 2 ** 53, 2n ** 53n])('refuses %s', value => {
    expect(() => plainRow({ fine: 1, value })).toThrow(failed('value'))
  })
})

describe('bytes that are bound', () => {
  it('share no memory with those of the caller', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4)
    const [copy] = guardedValues([bytes.subarray(1, 3)]) as [Uint8Array]
    bytes.fill(9)
    expect([...copy]).toEqual([2, 3])
    expect(copy.buffer.byteLength).toBe(2)
  })
})

describe('a column', () => {
  const row: SqlRow = { text: 'a', integer: 1, bytes: Uint8Array.of(1), nothing: null }

  it('is read as what we wrote there', () => {
    expect([textOf(row, 'text'), integerOf(row, 'integer'), dateOf(row, 'integer')]).toEqual(['a', 1, new Date(1)])
    expect(bytesOf(row, 'bytes')).toEqual(Uint8Array.of(1))
    expect([optional(row, 'text', textOf), optional(row, 'nothing', textOf)]).toEqual(['a', undefined])
  })

  it.each([
    ['text', textOf, ['integer', 'bytes', 'nothing', 'absent']],
    ['an integer', integerOf, ['text', 'bytes', 'nothing', 'absent']],
    ['a date', dateOf, ['text', 'bytes', 'nothing', 'absent']],
    ['bytes', bytesOf, ['text', 'integer', 'nothing', 'absent']],
  ] as const)('that holds no %s is not ours', (_, read, columns) => {
    for (const column of columns) expect(() => read(row, column)).toThrow(failed(column))
    expect(() => optional(row, 'absent', read as typeof textOf)).toThrow(failed('absent'))
  })
})
