/** RFC 8785: the examples of its reference project, the number table of Appendix B, and what must not be written. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.js'
import { canonicalJson } from '../../src/core/canonical-json.js'
import { type JsonValue, parseJson } from '../../src/core/json.js'
import { defaultLimits } from '../../src/core/limits.js'

const texts = (files: Record<string, string>): Map<string, string> =>
  new Map(Object.entries(files).map(([path, text]) => [path.split('/').pop()!.replace(/\..*/, ''), text]))

const inputs = texts(
  import.meta.glob<string>('../vectors/jcs/input/*.json', { query: '?raw', import: 'default', eager: true }),
)
const outputs = texts(
  import.meta.glob<string>('../vectors/jcs/output/*.json', { query: '?raw', import: 'default', eager: true }),
)
const bytes = texts(
  import.meta.glob<string>('../vectors/jcs/outhex/*.txt', { query: '?raw', import: 'default', eager: true }),
)

describe('RFC 8785, the published examples', () => {
  it('are all there', () => {
    expect([...inputs.keys()].sort()).toEqual(['arrays', 'structures', 'values', 'weird'])
  })

  it.each([...inputs.keys()])('writes %s to the byte', name => {
    const text = canonicalJson(parseJson(inputs.get(name)!))
    expect(text).toBe(outputs.get(name)!.trimEnd())
    expect([...utf8(text)]).toEqual(
      bytes
        .get(name)!
        .trim()
        .split(/\s+/)
        .map(pair => Number.parseInt(pair, 16)),
    )
  })
})

describe('RFC 8785, Appendix B', () => {
  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the double %s as %s', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text)
  })

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])('refuses the double %s', bits => {
    expect(() => canonicalJson([double(bits)])).toThrow(expect.objectContaining({ code: 'json_invalid' }))
  })
})

describe('canonicalJson', () => {
  it('refuses half of a character in a value and in a name', () => {
    const refused = expect.objectContaining({ code: 'encoding_invalid' })
    expect(() => canonicalJson('\ud83d')).toThrow(refused)
    expect(() => canonicalJson({ '\ude02': 1 })).toThrow(refused)
  })

  it.each([[undefined], [() => 1], [1n], [Symbol('s')]])('refuses what JSON does not have: %s', value => {
    const refused = expect.objectContaining({ code: 'json_invalid' })
    expect(() => canonicalJson(value as unknown as JsonValue)).toThrow(refused)
    expect(() => canonicalJson({ a: value } as unknown as JsonValue)).toThrow(refused)
    expect(() => canonicalJson([value] as unknown as JsonValue)).toThrow(refused)
  })

  it('refuses a list with a hole', () => {
    expect(() => canonicalJson(new Array(2) as unknown as JsonValue)).toThrow(
      expect.objectContaining({ code: 'json_invalid' }),
    )
  })

  it('refuses a value that holds itself, and nesting beyond the limit', () => {
    const circle: Record<string, JsonValue> = {}
    circle['again'] = circle
    const refused = expect.objectContaining({ code: 'limit_exceeded', at: 'depth' })
    expect(() => canonicalJson(circle)).toThrow(refused)
    expect(() => canonicalJson([[1]], { ...defaultLimits, depth: 1 })).toThrow(refused)
    expect(() => canonicalJson({ a: { b: 1 } }, { ...defaultLimits, depth: 1 })).toThrow(refused)
    expect(canonicalJson([[1]], { ...defaultLimits, depth: 2 })).toBe('[[1]]')
    expect(canonicalJson({ a: { b: 1 } }, { ...defaultLimits, depth: 2 })).toBe('{"a":{"b":1}}')
  })

  it('sorts by UTF-16 code units, so that U+1F602 stands before U+FB33', () => {
    expect(canonicalJson({ '\ufb33': 1, '\ud83d\ude02': 2, b: 3, a: 4, aa: 5 })).toBe(
      '{"a":4,"aa":5,"b":3,"\ud83d\ude02":2,"\ufb33":1}',
    )
  })

  it('normalises nothing', () => {
    expect(canonicalJson('\u00e9')).not.toBe(canonicalJson('e\u0301'))
  })

  it('writes a member named __proto__ like any other', () => {
    expect(canonicalJson(parseJson('{"__proto__":{"a":1},"a":2}'))).toBe('{"__proto__":{"a":1},"a":2}')
  })

  it('writes one text for a value however it was built, and the value comes back from it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), value => {
        const text = canonicalJson(value as JsonValue)
        const again = JSON.parse(text)
        expect(again).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(reversed(again))).toBe(text)
      }),
      { seed: 20261122, numRuns: 200 },
    )
  })
})

const double = (bits: string): number => {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${bits}`))
  return view.getFloat64(0)
}

/** The same value with every member written in the opposite order. */
function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}
