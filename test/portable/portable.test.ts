import { describe, expect, it } from 'vitest'
import { runCases } from './case.js'
import { portableCases } from './suite.js'

describe('on this runtime', () => {
  it.each(portableCases)('$name', ({ run }) => run())
})

describe('the portable suite', () => {
  it('names each case once', () => {
    expect(portableCases.length).toBeGreaterThan(60)
    expect(new Set(portableCases.map(({ name }) => name)).size).toBe(portableCases.length)
  })

  it('goes on behind a case that fails, and says why it did', async () => {
    const failing = { name: 'a failing case', run: async () => Promise.reject(new TypeError('in words')) }
    const passing = { name: 'a passing case', run: async () => {} }
    const { results } = await runCases([failing, passing])
    expect(results).toEqual([{ name: 'a failing case', failure: 'TypeError: in words' }, { name: 'a passing case' }])
  })
})
