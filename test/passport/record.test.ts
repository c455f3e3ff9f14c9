/** Records from outside: own members only, within limits, whatever the caller hands in. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { VidimusError } from '../../src/errors.js'
import { definePassport } from '../../src/passport/definition.js'
import { readRecord, recordLimits } from '../../src/passport/record.js'
import { atOnce, brief, failure, jpeg } from './support.js'

const card = definePassport({
  name: 'card',
  vct: 'card',
  docType: 'card',
  fields: {
    reader: { schema: z.string(), claim: 'reader', label: { en: 'Reader' } },
    more: { schema: z.any(), claim: 'more', optional: true },
    list: { schema: z.array(z.number()), claim: 'list', optional: true },
    strict: { schema: z.strictObject({ a: z.string() }), claim: 'strict', optional: true },
    loose: { schema: z.record(z.string(), z.unknown()), claim: 'loose', optional: true },
    photo: { as: 'image', claim: 'photo', optional: true },
  },
})

const issuesOf = (record: unknown) => brief(failure(() => card.parse(record)).issues)
const nested = (depth: number): unknown => (depth === 0 ? 7 : { a: nested(depth - 1) })

describe('a record', () => {
  it.each([[undefined], [null], ['text'], [7], [true], [[]], [() => 1], [Symbol('x')]])(
    'that is %s has one issue, of type',
    record => {
      expect(issuesOf(record)).toEqual([' type'])
    },
  )

  it('has an unknown field for each member that is not one', () => {
    expect(issuesOf({ reader: 'Ana', Reader: 'Bo', constructor: 1, toString: 2 })).toEqual([
      'Reader unknown_field',
      'constructor unknown_field',
      'toString unknown_field',
    ])
  })

  it('is read by its own members alone', () => {
    expect(issuesOf(Object.create({ reader: 'Ana' }))).toEqual(['reader required'])
    expect(card.parse(Object.assign(Object.create({ list: [1] }), { reader: 'Ana' }))).toEqual({ reader: 'Ana' })
    expect(issuesOf({ reader: 'Ana', strict: Object.create({ a: 'x' }) })).toEqual(['strict.a required'])
  })

  it('may have no prototype, or that of a class', () => {
    class Row {
      reader = 'Ana'
      loose = Object.assign(Object.create(null), { a: 1 })
    }
    expect(card.parse(new Row())).toEqual({ reader: 'Ana', loose: { a: 1 } })
  })

  it.each(['reader', 'strict', 'loose', 'more'])('does not smuggle __proto__ in, at the top or in `%s`', name => {
    const text = `{ "reader": "Ana", ${name === 'reader' ? '' : `"${name}": `}${name === 'reader' ? '"__proto__": { "x": 1 }' : '{ "a": "b", "__proto__": { "x": 1 } }'} }`
    const place = name === 'reader' ? '' : `${name}.`
    expect(issuesOf(JSON.parse(text))).toEqual([`${place}__proto__ unknown_field`])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it('is read once: what a getter says later is not believed', () => {
    let asked = 0
    const record = {
      get reader() {
        asked++
        return asked === 1 ? 'Ana' : 7
      },
    }
    expect(card.parse(record)).toEqual({ reader: 'Ana' })
    expect(asked).toBe(1)
  })

  it('may throw when it is looked at: that is an issue', () => {
    const throwing = () => {
      throw new RangeError('Ana')
    }
    const keys = new Proxy({}, { ownKeys: throwing })
    const member = new Proxy({ reader: 1 }, { get: throwing })
    expect(issuesOf(keys)).toEqual([' type'])
    expect(issuesOf(member)).toEqual(['reader type'])
    expect(issuesOf({ reader: 'Ana', loose: keys })).toEqual(['loose type'])
    expect(issuesOf({ reader: 'Ana', more: { a: member } })).toEqual(['more.a type'])
  })

  it('keeps no hold on what was parsed', () => {
    const list = [1, 2]
    const passport = card.parse({ reader: 'Ana', list })
    list[0] = 9
    expect(passport.list).toEqual([1, 2])
    expect(Object.isFrozen(passport.list)).toBe(true)
  })

  it('that holds itself ends at the limit of depth', () => {
    const loop: Record<string, unknown> = {}
    loop['a'] = loop
    expect(issuesOf({ reader: 'Ana', more: loop })).toEqual([`more${'.a'.repeat(recordLimits.depth)} length`])
  })

  it('may be as deep as the limit, and no deeper', () => {
    expect(card.parse({ reader: 'Ana', more: nested(recordLimits.depth) })).toMatchObject({ reader: 'Ana' })
    expect(issuesOf({ reader: 'Ana', more: nested(recordLimits.depth + 1) })).toHaveLength(1)
  })
})

describe('the limits of a record', () => {
  it('end a text at its length', () => {
    expect(card.parse({ reader: 'x'.repeat(recordLimits.text) }).reader).toHaveLength(recordLimits.text)
    expect(issuesOf({ reader: 'x'.repeat(recordLimits.text + 1) })).toEqual(['reader length'])
    expect(failure(() => card.parse({ reader: 'x'.repeat(recordLimits.text + 1) })).issues?.[0]?.label).toEqual({
      en: 'Reader',
    })
  })

  it('end an image at its size', () => {
    const largest = new Uint8Array(recordLimits.image)
    largest.set(jpeg())
    expect(card.parse({ reader: 'Ana', photo: largest }).photo).toHaveLength(recordLimits.image)
    const larger = new Uint8Array(recordLimits.image + 1)
    larger.set(jpeg())
    expect(issuesOf({ reader: 'Ana', photo: larger })).toEqual(['photo length'])
  })

  it('end a record at its number of values', () => {
    const list = Array.from({ length: recordLimits.values - 2 }, () => 1)
    expect(card.parse({ reader: 'Ana', list }).list).toHaveLength(recordLimits.values - 2)
    expect(issuesOf({ reader: 'Ana', list: [...list, 1] })).toEqual([`list.${recordLimits.values - 2} length`])
  })

  it('end a list before its members are counted', () => {
    const endless: number[] = []
    endless.length = 2 ** 32 - 1
    expect(issuesOf({ reader: 'Ana', list: endless })).toEqual(['list length'])
  })

  it('end the report', () => {
    const strangers = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`x${index}`, index]))
    const few = { a: 'x', ...Object.fromEntries(Object.entries(strangers).slice(0, 10_000)) }
    const bad = Array.from({ length: 10_000 }, () => 'x')
    for (const record of [
      { reader: 'Ana', ...strangers },
      { reader: 'Ana', list: bad },
      { reader: 'Ana', strict: few },
    ]) {
      const started = performance.now()
      expect(issuesOf(record)).toHaveLength(recordLimits.issues)
      expect(performance.now() - started).toBeLessThan(atOnce)
    }
  })

  it('end a name that comes from outside', () => {
    expect(issuesOf({ reader: 'Ana', ['x'.repeat(64)]: 1 })).toEqual([`${'x'.repeat(64)} unknown_field`])
    expect(issuesOf({ reader: 'Ana', ['x'.repeat(65)]: 1 })).toEqual([`${'x'.repeat(64)}… unknown_field`])
    const [issue] =
      failure(() => card.parse({ reader: 'Ana', [`a\nb\ud800${'x'.repeat(10_000_000)}`]: 1 })).issues ?? []
    expect(issue?.path[0]).toBe(`a\ufffdb\ufffd${'x'.repeat(60)}…`)
    expect(issue?.message).toHaveLength(65 + ': there is no such field.'.length)
  })

  it('answer ten megabytes of anything at once', () => {
    for (const unit of ['x', ' ', '\ud800', 'é', '-'])
      for (const record of [{ reader: unit.repeat(10_000_000) }, { reader: 'Ana', more: [unit.repeat(10_000_000)] }]) {
        const started = performance.now()
        expect(card.safeParse(record)).toMatchObject({ ok: false })
        expect(performance.now() - started).toBeLessThan(atOnce)
      }
  })
})

it('no issue and no message quotes a value', () => {
  const secret = 'Иванова-7707083893'
  const record = {
    reader: [secret],
    more: new Map([[secret, 1]]),
    list: [secret],
    strict: { a: 1, b: secret },
    photo: secret,
  }
  const error = failure(() => card.parse(record))
  expect(error).toBeInstanceOf(VidimusError)
  expect(error.issues).toHaveLength(6)
  expect(JSON.stringify([error.message, error.issues, error.cause, error.at])).not.toContain(secret)
})

it('a record that was revoked is one that cannot be read', () => {
  for (const target of [{}, []]) {
    const { proxy, revoke } = Proxy.revocable(target, {})
    revoke()
    expect(readRecord(proxy, new Map())).toMatchObject({ issues: [{ path: [], code: 'type' }] })
  }
})
