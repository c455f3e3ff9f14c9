/** JSONTestSuite: what must parse, what must not, and what we decided where the grammar leaves a choice. */
import { describe, expect, it } from 'vitest'
import { fromUtf8 } from '../../src/core/bytes.js'
import { parseJson } from '../../src/core/json.js'
import suite from '../vectors/json/jsontestsuite.json' with { type: 'json' }
import { fromHex, outcome } from './support.js'

const read = (hex: string) => outcome(() => parseJson(fromUtf8(fromHex(hex))))

/** Valid JSON that we refuse on purpose; the reasons stand in vectors/SKIPS.md. */
const stricter: Readonly<Record<string, string>> = {
  'y_object_duplicated_key.json': 'json_duplicate_member',
  'y_object_duplicated_key_and_value.json': 'json_duplicate_member',
}

const deep = [
  'n_structure_100000_opening_arrays.json',
  'n_structure_open_array_object.json',
  'i_structure_500_nested_arrays.json',
]

const isUtf8 = (bytes: Uint8Array) => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes) !== undefined
  } catch {
    return false
  }
}

const refusal = (name: string, hex: string) =>
  deep.includes(name) ? 'limit_exceeded' : isUtf8(fromHex(hex)) ? 'json_invalid' : 'encoding_invalid'

const cases = (kind: string) => suite.filter(({ name }) => name.startsWith(kind))

describe('the JSON parsing corpus', () => {
  it.each(cases('y_'))('$name parses as the platform reads it', ({ name, hex }) => {
    if (stricter[name] !== undefined) return expect(read(hex)).toBe(stricter[name])
    const text = fromUtf8(fromHex(hex))
    expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))
  })

  it.each(cases('n_'))('$name is refused', ({ name, hex }) => {
    expect(read(hex)).toBe(refusal(name, hex))
  })

  it.each(cases('i_'))('$name, which the grammar leaves open, is refused', ({ name, hex }) => {
    expect(read(hex)).toBe(refusal(name, hex))
  })
})
