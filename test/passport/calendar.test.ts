/** Calendar dates, ages, and the age windows of the internal passport. */
import { describe, expect, it } from 'vitest'
import { ageWindow, currentPassportStatus, passportStatus } from '../../src/passport/age-window.js'
import { addDays, ageOn, birthday, endOfDay } from '../../src/passport/calendar.js'
import vectors from '../vectors/domain-ru/passport-validity.json' with { type: 'json' }

describe('ageOn', () => {
  it.each([
    ['2001-02-28', '2019-02-27', 17],
    ['2001-02-28', '2019-02-28', 18],
    ['2001-12-31', '2019-01-01', 17],
    ['2001-05-17', '2001-05-17', 0],
    ['2001-05-17', '2001-05-16', -1],
    ['2001-05-17', '1990-05-17', -11],
    ['0001-01-01', '9999-12-31', 9998],
  ])('of someone born on %s is on %s %i', (birthDate, on, age) => {
    expect(ageOn(birthDate, on)).toBe(age)
  })

  it('comes on 28 February in common years for someone born on the 29th', () => {
    expect(ageOn('2004-02-29', '2022-02-27')).toBe(17)
    expect(ageOn('2004-02-29', '2022-02-28')).toBe(18)
    expect(ageOn('2004-02-29', '2024-02-28')).toBe(19)
    expect(ageOn('2004-02-29', '2024-02-29')).toBe(20)
    expect(ageOn('1896-02-29', '1900-02-28')).toBe(4)
  })

  it('is asked of dates that exist', () => {
    expect(() => ageOn('2001-02-29', '2019-01-01')).toThrow(
      new TypeError('`birthDate` must be a date that exists, written YYYY-MM-DD'),
    )
    expect(() => ageOn('2001-02-28', '01.01.2019')).toThrow(
      new TypeError('`on` must be a date that exists, written YYYY-MM-DD'),
    )
  })
})

describe('dates', () => {
  it('are added over the ends of months and years', () => {
    expect(addDays('2023-12-31', 1)).toBe('2024-01-01')
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29')
    expect(addDays('0099-12-31', 1)).toBe('0100-01-01')
    expect(addDays('2024-03-01', -1)).toBe('2024-02-29')
  })

  it('stay within the years 0001 to 9999', () => {
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError)
    expect(() => addDays('2024-01-01', Number.POSITIVE_INFINITY)).toThrow(RangeError)
    expect(() => birthday('9990-01-01', 20)).toThrow(RangeError)
  })

  it('end with their last second in UTC', () => {
    expect(endOfDay('2025-06-08')).toEqual(new Date('2025-06-08T23:59:59Z'))
  })
})

const inTime = vectors.valid.filter(({ expected }) => expected.status !== 'invalid-issue-date')
const tooEarly = vectors.valid.filter(({ expected }) => expected.status === 'invalid-issue-date')

describe('an age window (decree 2267)', () => {
  it.each(inTime)('of a holder born $birthDate, issued $issueDate, is on $onDate $expected.status', vector => {
    const { status, nominalExpiry = null, graceEnd = null } = vector.expected
    const window = ageWindow(vector.birthDate, vector.issueDate)
    expect(window).toEqual({ nominalExpiry, graceEnd })
    expect(Object.isFrozen(window)).toBe(true)
    expect(passportStatus(window, vector.onDate)).toBe(status)
  })

  it('knows a vector of either sort', () => {
    expect([inTime.length, tooEarly.length]).toEqual([13, 1])
  })

  it.each(tooEarly)('does not exist for a passport issued before the holder is 14', ({ birthDate, issueDate }) => {
    const issues = [expect.objectContaining({ path: ['issueDate'], code: 'order' })]
    expect(() => ageWindow(birthDate, issueDate)).toThrow(expect.objectContaining({ code: 'passport_invalid', issues }))
  })

  it('has the days of grace that it is given', () => {
    expect(ageWindow('2005-03-10', '2019-04-01', { graceDays: 0 }).graceEnd).toBe('2025-03-10')
    expect(passportStatus(ageWindow('2005-03-10', '2019-04-01', { graceDays: 0 }), '2025-03-11')).toBe('expired')
    expect(ageWindow('2005-03-10', '2019-04-01', { graceDays: 3650 }).graceEnd).toBe('2035-03-08')
    for (const graceDays of [-1, 0.5, 3651, Number.NaN])
      expect(() => ageWindow('2005-03-10', '2019-04-01', { graceDays })).toThrow(RangeError)
  })

  it('is told by the clock in Moscow, or elsewhere', () => {
    const window = ageWindow('2005-03-10', '2019-04-01')
    const now = () => new Date('2025-06-08T20:59:59Z')
    const later = () => new Date('2025-06-08T21:00:00Z')
    expect(currentPassportStatus(window, { now })).toBe('grace')
    expect(currentPassportStatus(window, { now: later })).toBe('expired')
    expect(currentPassportStatus(window, { now: later, utcOffset: 2 })).toBe('grace')
    expect(currentPassportStatus(window, { now: later, utcOffset: 14 })).toBe('expired')
    expect(currentPassportStatus(window, { now: later, utcOffset: -12 })).toBe('grace')
    for (const utcOffset of [14.5, -12.5, Number.NaN])
      expect(() => currentPassportStatus(window, { now, utcOffset })).toThrow(RangeError)
  })

  it('is told on a day of the calendar', () => {
    expect(() => passportStatus({ nominalExpiry: null, graceEnd: null }, 'today')).toThrow(TypeError)
  })
})
