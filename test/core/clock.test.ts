import { describe, expect, it } from 'vitest'
import {
  calendarDate,
  daysInMonth,
  fromSeconds,
  isCalendarDate,
  isUtcTime,
  readClock,
  systemClock,
  toSeconds,
} from '../../src/core/clock.js'

describe('a clock', () => {
  it('is read once', () => {
    let reads = 0
    const instant = new Date(0)
    const clock = () => {
      reads++
      return instant
    }
    expect(readClock(clock)).toBe(instant)
    expect(reads).toBe(1)
  })

  it('is the system clock unless another is given', () => {
    const before = Date.now()
    const now = readClock().getTime()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    expect(systemClock()).toBeInstanceOf(Date)
  })

  it.each([new Date(Number.NaN), 0, '2026-01-01', undefined, null, {}])('that answers %j is misuse', answer => {
    expect(() => readClock(() => answer as Date)).toThrow(TypeError)
    expect(() => readClock(() => answer as Date)).toThrow(/^`now` /)
  })
})

describe('seconds', () => {
  it('are whole, and count from the epoch', () => {
    expect(toSeconds(new Date(1_999))).toBe(1)
    expect(toSeconds(new Date(2_000))).toBe(2)
    expect(toSeconds(new Date(-1))).toBe(-1)
    expect(fromSeconds(1_700_000_000).toISOString()).toBe('2023-11-14T22:13:20.000Z')
    expect(toSeconds(fromSeconds(1_700_000_000))).toBe(1_700_000_000)
  })
})

describe('a calendar date', () => {
  it('is that of UTC', () => {
    expect(calendarDate(new Date('2026-03-01T00:00:00Z'))).toBe('2026-03-01')
    expect(calendarDate(new Date('2026-02-28T23:59:59.999Z'))).toBe('2026-02-28')
  })

  it.each(['2026-01-31', '2024-02-29', '2000-02-29', '0001-01-01', '9999-12-31', '2026-11-30'])('is %s', text => {
    expect(isCalendarDate(text)).toBe(true)
  })

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2100-02-29',
    '2026-04-31',
    '2026-06-31',
    '2026-09-31',
    '2026-11-31',
    '2026-01-32',
    '2026-00-10',
    '2026-13-10',
    '0001-13-13',
    '0001-13-12', // and what the platform would read as the 13th of January east of UTC
    '0012-31-30',
    '0012-31-31',
    '2026-01-00',
    '0000-01-01',
    '2026-1-1',
    '26-01-01',
    '02026-01-01',
    '+002026-01-01',
    '2026-01-01T00:00:00Z',
    '2026-01-01\n',
    ' 2026-01-01',
    '2026/01/01',
    '01.01.2026',
    '２０２６-01-01',
    '',
    20260101,
    new Date(),
    ['2026-01-01'],
    Object('2026-01-01'),
    null,
    undefined,
  ])('is not %j', text => {
    expect(isCalendarDate(text)).toBe(false)
  })

  it('agrees with the platform about every day of four centuries', () => {
    for (let year = 1800; year < 2200; year++)
      for (let month = 1; month <= 12; month++)
        expect(daysInMonth(year, month)).toBe(new Date(Date.UTC(year, month, 0)).getUTCDate())
  })
})

describe('an instant', () => {
  it.each(['2026-11-22T00:00:00Z', '2024-02-29T23:59:59Z', '0001-01-01T12:30:00Z'])('is %s', text => {
    expect(isUtcTime(text)).toBe(true)
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:60:00Z',
    '2026-11-22T23:59:60Z',
    '2026-11-22T00:00:00',
    '2026-11-22T00:00:00z',
    '2026-11-22 00:00:00Z',
    '2026-11-22T00:00:00.0Z',
    '2026-11-22T00:00:00+00:00',
    '2026-11-22T00:00:00Z\n',
    '2026-11-22',
    'T00:00:00Z',
    '',
    0,
    null,
    undefined,
    ['2026-11-22T00:00:00Z'],
    Object('2026-11-22T00:00:00Z'),
  ])('is not %j', value => {
    expect(isUtcTime(value)).toBe(false)
  })
})
