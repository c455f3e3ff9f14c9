/** Dates and instants of others' test suites, against everything here that reads one. */
import { describe, expect, it } from 'vitest'
import { isCalendarDate } from '../../src/core/clock.js'
import { derGeneralizedTime, derUtcTime, readTime } from '../../src/core/x509/der.js'
import { fromClaim } from '../../src/passport/field-value.js'
import { dateAsTyped } from '../../src/passport/schemas.js'
import asn1 from '../vectors/time/asn1-time.json' with { type: 'json' }
import dates from '../vectors/time/date.json' with { type: 'json' }
import instants from '../vectors/time/date-time.json' with { type: 'json' }

describe('a full-date of RFC 3339, for isCalendarDate and the kind of field', () => {
  it.each(dates[0]!.tests)('$description: $data', ({ data, valid }) => {
    // A schema of JSON has no opinion on what is no text; here only text is a date.
    const expected = valid && typeof data === 'string'
    expect(isCalendarDate(data)).toBe(expected)
    expect(fromClaim('date', data)).toBe(expected ? data : undefined)
  })

  it('a date as typed may have spaces around it, which the suite forbids', () => {
    const typed = (date: string) => dateAsTyped().safeParse(date).success
    expect(typed(' 15.01.2024 ')).toBe(true)
    expect(typed('2024-01-15 ')).toBe(false)
  })
})

describe('a date-time of RFC 3339, for the kind of field: in UTC, in capitals, in seconds that a minute has', () => {
  /** What the suite takes and a passport does not: offsets, lower case, leap seconds, more than nine decimals. */
  const beyond = /[+-]\d\d:\d\d$|[tz]|:60|\.\d{10}/

  it.each(instants[0]!.tests)('$description: $data', ({ data, valid }) => {
    const expected = valid && typeof data === 'string' && !beyond.test(data)
    expect(fromClaim('time', data)).toBe(expected ? data : undefined)
  })

  it.each(['1990-12-31T15:59:50Z', '1985-04-12T23:20:50.52Z', '2020-02-29T00:00:00.123456789Z'])(
    'takes %s',
    instant => {
      expect(fromClaim('time', instant)).toBe(instant)
    },
  )
})

describe('the times of certificates, RFC 5280 §4.1.2.5', () => {
  const read = (tag: number, text: string) => readTime({ tag, content: new TextEncoder().encode(text) } as never)
  const written = (date: Date) => date.toISOString().replace(/[-:T]|\.000/g, '')

  it.each(asn1.utcTime.valid)('takes the UTCTime %s, of which 50 is 1950', text => {
    expect(written(read(derUtcTime, text))).toBe(`19${text}`)
  })

  it.each(asn1.utcTime.invalid)('refuses the UTCTime %s', text => {
    expect(() => read(derUtcTime, text)).toThrow('certificate_malformed (time)')
  })

  it.each(asn1.generalizedTime.valid)('takes the GeneralizedTime %s', text => {
    expect(written(read(derGeneralizedTime, text))).toBe(text)
  })

  it.each(asn1.generalizedTime.invalid.filter(text => !text.startsWith('1949')))(
    'refuses the GeneralizedTime %s',
    text => {
      expect(() => read(derGeneralizedTime, text)).toThrow('certificate_malformed (time)')
    },
  )

  it('takes a GeneralizedTime before 1950, which Botan refuses for its own range', () => {
    expect(written(read(derGeneralizedTime, '19490131053030Z'))).toBe('19490131053030Z')
  })
})
