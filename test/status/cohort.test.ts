import { describe, expect, it } from 'vitest'
import { cohortOf } from '../../src/status/cohort.js'

const day = (text: string) => new Date(`${text}T12:00:00Z`)

describe('the cohort of a credential', () => {
  it.each([
    ['2031-01-01', 'year', '2031', '2032-01-01'],
    ['2031-12-31', 'year', '2031', '2032-01-01'],
    ['2031-03-31', 'quarter', '2031-q1', '2031-04-01'],
    ['2031-10-01', 'quarter', '2031-q4', '2032-01-01'],
    ['2031-09-30', 'month', '2031-09', '2031-10-01'],
    ['2031-12-31', 'month', '2031-12', '2032-01-01'],
  ] as const)('that runs out on %s, by the %s, is %s', (expires, length, name, end) => {
    expect(cohortOf(day(expires), length)).toEqual({ name, end: new Date(`${end}T00:00:00Z`) })
  })

  it('goes by the calendar in UTC, to the millisecond', () => {
    expect(cohortOf(new Date(Date.UTC(2032, 0, 1) - 1), 'year').name).toBe('2031')
    expect(cohortOf(new Date(Date.UTC(2032, 0, 1)), 'year').name).toBe('2032')
  })

  it('that never runs out has no name and no end', () => {
    expect(cohortOf(undefined, 'month')).toEqual({ name: '' })
  })
})
