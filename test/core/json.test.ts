import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.js'
import {
  bareObject,
  isJsonObject,
  type JsonValue,
  parseJson,
  parseJsonObject,
  stringifyList,
} from '../../src/core/json.js'
import { defaultLimits } from '../../src/core/limits.js'
import { anyCharacter, outcome, thrownBy } from './support.js'

const runs = { seed: 20261122, numRuns: 200 }

/** What the platform reads, without prototypes; -0 is 0 in both, for JSON has one zero. */
function bare(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return (value === 0 ? 0 : value) as JsonValue
  const object = bareObject()
  for (const [name, member] of Object.entries(value)) object[name] = bare(member)
  return object
}

describe('values', () => {
  it.each<[string, JsonValue]>([
    ['null', null],
    ['true', true],
    ['false', false],
    ['0', 0],
    ['-0', 0],
    ['-0.0', 0],
    ['0e5', 0],
    ['0.000e-999', 0],
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['1E2', 100],
    ['1e+2', 100],
    ['125e-2', 1.25],
    ['5e-324', 5e-324],
    ['1.7976931348623157e308', 1.7976931348623157e308],
    ['""', ''],
    ['"\\u0000"', '\0'],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\/\b\f\n\r\t'],
    ['"\\ud83d\\ude00"', '😀'],
    ['"😀"', '😀'],
    ['"\u2028\u2029\u007f"', '\u2028\u2029\u007f'],
    ['"Ёж"', 'Ёж'],
    [' \t\r\n[ 1 , 2 ] ', [1, 2]],
    ['[]', []],
    ['[[[]]]', [[[]]]],
  ])('%s is read', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  it('of objects have no prototype, so that every name is a name like any other', () => {
    const object = parseJsonObject('{"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3,"":4}')
    expect(Object.getPrototypeOf(object)).toBe(null)
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'hasOwnProperty', ''])
    expect(Object.getPrototypeOf(object['__proto__'])).toBe(null)
    expect(object['__proto__']).toEqual(bare({ a: 1 }))
    expect(({} as { a?: number }).a).toBe(undefined)
    expect(object['toString']).toBe(undefined)
    expect(Object.getPrototypeOf(bareObject())).toBe(null)
  })

  it('are objects, or they are not', () => {
    expect([{}, [], null, 'a', 1, undefined].map(isJsonObject)).toEqual([true, false, false, false, false, false])
  })
})

describe('refusals of the grammar', () => {
  it.each([
    ['nothing', ''],
    ['white space alone', ' '],
    ['a byte order mark', '\ufeff{}'],
    ['other white space', '\u00a0{}'],
    ['text after the end', '{} x'],
    ['a second value', '{}{}'],
    ['NUL after the end', '{}\0'],
    ['an object without end', '{"a":1'],
    ['an array without end', '[1'],
    ['a string without end', '"abc'],
    ['a string whose last quote is escaped', '"abc\\"'],
    ['a member without value', '{"a":}'],
    ['a member without colon', '{"a" 1}'],
    ['a member without name', '{:1}'],
    ['a name that is no string', '{1:1}'],
    ['a name in single quotes', "{'a':1}"],
    ['a trailing comma in an object', '{"a":1,}'],
    ['a trailing comma in an array', '[1,]'],
    ['a doubled comma', '[1,,2]'],
    ['mismatched brackets', '[}'],
    ['a comment', '[1/**/]'],
    ['True', 'True'],
    ['a word cut short', 'tru'],
    ['NaN', 'NaN'],
    ['Infinity', '-Infinity'],
    ['undefined', 'undefined'],
    ['a sign alone', '-'],
    ['a plus sign', '+1'],
    ['a leading zero', '01'],
    ['a leading zero behind a sign', '-01'],
    ['a point without digits', '1.'],
    ['a point without whole part', '.5'],
    ['an exponent without digits', '1e'],
    ['an exponent with a sign alone', '1e+'],
    ['hexadecimal', '0x10'],
    ['separated digits', '1_000'],
    ['digits of another script', '١'],
    ['an integer beyond the safe range', '9007199254740992'],
    ['a negative integer beyond the safe range', '-9007199254740992'],
    ['an integer that rounds to a safe one', '90071992547409911'],
    ['a number too large', '1e400'],
    ['a negative number too large', '-1e400'],
    ['a number too small', '1e-400'],
    ['a negative number too small', '-0.001e-400'],
    ['a control character in a string', '"a\nb"'],
    ['a NUL in a string', '"\0"'],
    ['a tab in a name', '{"a\tb":1}'],
    ['an unknown escape', '"\\x41"'],
    ['an escape of a line end', '"\\\n"'],
    ['a Unicode escape cut short', '"\\u12"'],
    ['a Unicode escape with other digits', '"\\u00g0"'],
    ['an ECMAScript code point escape', '"\\u{41}"'],
    ['a lone high surrogate, escaped', '"\\ud800"'],
    ['a lone low surrogate, escaped', '"\\udc00"'],
    ['surrogates in the wrong order', '"\\udc00\\ud800"'],
    ['half an escaped, half a raw pair, broken', '"\\ud83d\ud83d\ude00"'],
    ['a lone surrogate in the text itself', '"\ud800"'],
    ['a lone surrogate in a name', '{"\\ud800":1}'],
    ['a lone surrogate in a long string', `"${'x'.repeat(500)}\ud800"`],
    ['a control character in a long string', `"${'x'.repeat(500)}\u0001"`],
  ])('%s', (_, text) => {
    expect(outcome(() => parseJson(text))).toBe('json_invalid')
  })

  it('never say what was there', () => {
    const secret = 'Ivanov'
    for (const text of [`{"${secret}":tru}`, `["${secret}\\x"]`, `{"${secret}":1,"${secret}":2}`, `"${secret}`]) {
      const error = thrownBy(() => parseJson(text))
      expect(error.message + JSON.stringify(error)).not.toContain(secret)
    }
  })

  it.each([
    ['', 0],
    ['{} x', 3],
    ['{1}', 1],
    ['{"a"}', 4],
    ['{"a":1', 6],
    ['[1', 2],
    ['["a",x]', 5],
  ])('%j name the offset %i', (text, offset) => {
    expect(thrownBy(() => parseJson(text)).at).toBe(`offset ${offset}`)
  })
})

describe('names that stand twice', () => {
  it.each([
    ['at the top', '{"a":1,"a":1}'],
    ['with another between', '{"a":1,"b":2,"a":3}'],
    ['deeper', '{"x":{"a":1,"a":2}}'],
    ['in an array', '[[{"a":1,"a":2}]]'],
    ['one of them escaped', '{"a":1,"\\u0061":2}'],
    ['empty', '{"":1,"":2}'],
    ['__proto__', '{"__proto__":1,"__proto__":2}'],
    ['whose first value is null', '{"a":null,"a":1}'],
    ['numeric', '{"1":1,"1":2}'],
  ])('are refused: %s', (_, text) => {
    expect(outcome(() => parseJson(text))).toBe('json_duplicate_member')
  })

  it.each(['{"a":1,"A":2}', '{"a":{"a":1}}', '[{"a":1},{"a":1}]', '{"é":1,"e\u0301":2}'])('%s has none', text => {
    expect(outcome(() => parseJson(text))).toBe('accepted')
  })
})

describe('limits', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

  it('of depth are inclusive, for arrays and objects', () => {
    expect(outcome(() => parseJson(nested(16)))).toBe('accepted')
    expect(outcome(() => parseJson(nested(17)))).toBe('limit_exceeded')
    expect(outcome(() => parseJson(`${'{"a":'.repeat(16)}1${'}'.repeat(16)}`))).toBe('accepted')
    expect(thrownBy(() => parseJson(`${'{"a":'.repeat(17)}1${'}'.repeat(17)}`))).toMatchObject({
      code: 'limit_exceeded',
      at: 'depth',
      expected: 16,
      actual: 17,
    })
    expect(outcome(() => parseJson(nested(3), { ...defaultLimits, depth: 2 }))).toBe('limit_exceeded')
    expect(outcome(() => parseJson('1', { ...defaultLimits, depth: 0 }))).toBe('accepted')
    expect(outcome(() => parseJson('{}', { ...defaultLimits, depth: 0 }))).toBe('limit_exceeded')
  })

  it('of values count every value once, inclusive', () => {
    const limits = { ...defaultLimits, jsonValues: 5 }
    expect(outcome(() => parseJson('[1,"a",null,{}]', limits))).toBe('accepted')
    expect(outcome(() => parseJson('{"a":1,"b":[2,3]}', limits))).toBe('accepted')
    expect(thrownBy(() => parseJson('[1,"a",null,{"b":1}]', limits))).toMatchObject({
      code: 'limit_exceeded',
      at: 'jsonValues',
      expected: 5,
    })
    expect(outcome(() => parseJsonObject(utf8('{"a":[1,2,3,4]}'), limits))).toBe('limit_exceeded')
  })
})

describe('an object from bytes or text', () => {
  it('is read from either', () => {
    expect(parseJsonObject('{"a":1}')).toEqual(bare({ a: 1 }))
    expect(parseJsonObject(utf8('{"a":"Ё"}'))).toEqual(bare({ a: 'Ё' }))
  })

  it.each(['[]', 'null', '1', '"{}"', 'true'])('is not %s', text => {
    expect(outcome(() => parseJsonObject(text))).toBe('json_invalid')
  })

  it.each<[string, number[]]>([
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a byte beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['a character cut short', [0xd0]],
    ['a continuation alone', [0x80]],
    ['UTF-16', [0xff, 0xfe]],
  ])('is not text with %s', (_, octets) => {
    const bytes = Uint8Array.from([...utf8('{"a":"'), ...octets, ...utf8('"}')])
    expect(outcome(() => parseJsonObject(bytes))).toBe('encoding_invalid')
  })

  it('is not what follows a byte order mark', () => {
    expect(outcome(() => parseJsonObject(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d)))).toBe('json_invalid')
  })
})

describe('the text of a list', () => {
  it('is what the platform writes, however long its last text is and whatever stands in it', () => {
    const last = fc
      .tuple(fc.constantFrom(0, 200, 300), fc.constantFrom('', '"', '\\', '\n', '\u007f', 'é', '😀', ' ', '~'))
      .map(([length, special]) => 'x'.repeat(length) + special + 'y'.repeat(length))
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }), last, (values, text) => {
        const list = values as JsonValue[]
        expect(stringifyList([...list, text])).toBe(JSON.stringify([...list, text]))
        expect(stringifyList([text, ...list])).toBe(JSON.stringify([text, ...list]))
      }),
      runs,
    )
    expect(stringifyList([])).toBe('[]')
  })
})

describe('against the platform', () => {
  const unsafe = (value: unknown): boolean =>
    typeof value === 'number'
      ? Number.isInteger(value) && !Number.isSafeInteger(value)
      : typeof value === 'object' && value !== null && Object.values(value).some(unsafe)

  it('reads back what the platform writes', () => {
    const json = fc.jsonValue({ maxDepth: 6, stringUnit: anyCharacter }).filter(value => !unsafe(value))
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        expect(parseJson(JSON.stringify(value, null, indent))).toEqual(bare(value))
      }),
      runs,
    )
  })

  it('accepts no mutation of a text that the platform refuses, and reads none differently', () => {
    const mutation = fc.record({
      text: fc.jsonValue({ maxDepth: 4 }).map(value => JSON.stringify(value)),
      at: fc.nat(),
      drop: fc.nat({ max: 3 }),
      insert: fc.string({
        unit: fc.constantFrom(...'{}[]",:\\/ \n\t01-+.eEu"tfn\u0000\ud800é\ufeff'.split('')),
        maxLength: 3,
      }),
    })
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 5, maxLength: 5 }), mutations => {
        for (const { text, at, drop, insert } of mutations) {
          const place = at % (text.length + 1)
          const mutant = text.slice(0, place) + insert + text.slice(place + drop)
          if (outcome(() => parseJson(mutant)) === 'accepted')
            expect(parseJson(mutant)).toEqual(bare(JSON.parse(mutant)))
        }
      }),
      { ...runs, numRuns: 1000 },
    )
  })

  it('refuses of valid texts only those it says it refuses', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), text => {
        const code = outcome(() => parseJson(text))
        if (code !== 'accepted') expect([code, unsafe(JSON.parse(text))]).toEqual(['json_invalid', true])
      }),
      runs,
    )
  })
})
