/** Work that is done once for each argument. */
import { describe, expect, it } from 'vitest'
import { oncePer } from '../../src/core/once.js'

describe('oncePer', () => {
  it('works once for each argument, whatever it comes to', () => {
    const seen: object[] = []
    const work = oncePer((argument: { readonly result: number | undefined }) => {
      seen.push(argument)
      return argument.result
    })
    const [one, nothing] = [{ result: 1 }, { result: undefined }]
    expect([work(one), work(nothing), work(one), work(nothing)]).toEqual([1, undefined, 1, undefined])
    expect(seen).toEqual([one, nothing])
  })

  it('tells arguments apart by what they are, not by what they hold', () => {
    const work = oncePer((argument: object) => ({ argument }))
    expect(work({})).not.toBe(work({}))
  })

  it('works again after it threw', () => {
    let times = 0
    const work = oncePer((_: object) => {
      if (++times === 1) throw new RangeError('first')
      return times
    })
    const argument = {}
    expect(() => work(argument)).toThrow(RangeError)
    expect([work(argument), work(argument)]).toEqual([2, 2])
  })
})
