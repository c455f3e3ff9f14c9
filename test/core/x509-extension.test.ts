/** The contents of extensions, each in its one form and in those that are none. */
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/core/bytes.js'
import { derObjectIdentifier, derSequence, readDer, readObjectIdentifier } from '../../src/core/x509/der.js'
import {
  basicConstraintsOf,
  extendedKeyUsagesOf,
  keyUsageOf,
  readExtensions,
  subjectAltNamesOf,
} from '../../src/core/x509/extension.js'
import { bitString, der, objectIdentifier, octetString, sequence, yes } from '../../src/testing/der.js'
import { fromHex, outcome } from './support.js'
import { extension } from './x509-craft.js'

const malformed = 'certificate_malformed'
const read = (...members: readonly Uint8Array[]) => ({
  extensions: readExtensions(readDer(sequence(...members), derSequence)),
})

describe('extensions', () => {
  const id = objectIdentifier('1.2.3')
  const value = octetString(sequence())
  const no = der(1, Uint8Array.of(0))

  it('are critical when they say so', () => {
    const { extensions } = read(extension('1.2.3', sequence(), true), extension('1.2.4', sequence()))
    expect([...extensions].map(([id, { critical }]) => [id, critical])).toEqual([
      ['1.2.3', true],
      ['1.2.4', false],
    ])
    expect(extensions.get('1.2.3')?.value).toEqual(sequence())
  })

  const rows: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ['an empty list', []],
    ['the same one twice', [extension('1.2.3', sequence()), extension('1.2.3', sequence(), true)]],
    ['a flag that is written and false', [sequence(id, no, value)]],
    ['a flag that is true in another way', [sequence(id, der(1, Uint8Array.of(1)), value)]],
    ['a flag of two bytes', [sequence(id, der(1, Uint8Array.of(0xff, 0xff)), value)]],
    ['a flag of no bytes', [sequence(id, der(1), value)]],
    ['two flags', [sequence(id, yes(), yes(), value)]],
    ['no identifier', [sequence(yes(), value)]],
    ['no value', [sequence(id)]],
    ['a value that is no octet string', [sequence(id, sequence())]],
    ['something behind a value', [sequence(id, value, value)]],
    ['an entry that is no sequence', [id]],
  ]
  for (const [title, members] of rows)
    it(`are refused with ${title}`, () => {
      expect(outcome(() => read(...members))).toBe(malformed)
    })
})

describe('an object identifier', () => {
  const of = (hex: string) =>
    readObjectIdentifier({
      content: readDer(concatBytes(Uint8Array.of(6, hex.length / 2), fromHex(hex)), derObjectIdentifier),
    })

  it('is read in its dotted form', () => {
    expect(of('2a8648ce3d0201')).toBe('1.2.840.10045.2.1')
    expect(of('551d13')).toBe('2.5.29.19')
    expect(of('00')).toBe('0.0')
    expect(of('4f')).toBe('1.39')
    expect(of('50')).toBe('2.0')
    expect(of('883703')).toBe('2.999.3')
    expect(of('2a818000')).toBe('1.2.16384')
    expect(of('6982c2c2d6b59bf7e3b6ed87f4f0b5b9d3e0f201')).toMatch(/^2\.25\.\d{30,}$/)
  })

  it('is refused when it is empty, cut short, padded or endless', () => {
    for (const hex of ['', '2a86', '2a80', '2a8180', '2a8001', '8055', '55'.repeat(65)])
      expect(outcome(() => of(hex))).toBe(malformed)
    expect(outcome(() => of('55'.repeat(64)))).toBe('accepted')
  })
})

const usage = (value: Uint8Array) => keyUsageOf(read(extension('2.5.29.15', value)))
const constraints = (value: Uint8Array) => basicConstraintsOf(read(extension('2.5.29.19', value)))
const usages = (value: Uint8Array) => extendedKeyUsagesOf(read(extension('2.5.29.37', value)))
const names = (value: Uint8Array) => subjectAltNamesOf(read(extension('2.5.29.17', value)))

describe('keyUsage', () => {
  it('is bits, the first one the highest of 16', () => {
    expect(usage(fromHex('03020780'))).toBe(0x8000)
    expect(usage(fromHex('0303070080'))).toBe(0x0080)
    expect(keyUsageOf(read(extension('1.2.3', sequence())))).toBeUndefined()
  })

  for (const [title, hex] of [
    ['no bit', '030100'],
    ['no bit in a byte', '03020000'],
    ['no byte at all', '0300'],
    ['bits unused without bits', '030107'],
    ['unused bits that are set', '03020781'],
    ['8 unused bits', '03020880'],
    ['8 unused bits behind others', '0303088000'],
    ['three bytes', '030400800001'],
    ['another type', '04020780'],
    ['something behind', '030207800500'],
  ] as const)
    it(`is refused with ${title}`, () => {
      expect(outcome(() => usage(fromHex(hex)))).toBe(malformed)
    })
})

describe('basicConstraints', () => {
  it('say who is an authority, and for how many', () => {
    expect(constraints(fromHex('3000'))).toEqual({ isAuthority: false })
    expect(constraints(fromHex('30030101ff'))).toEqual({ isAuthority: true })
    expect(constraints(fromHex('30060101ff020100'))).toEqual({ isAuthority: true, pathLength: 0 })
    expect(constraints(fromHex('30090101ff02047fffffff'))).toEqual({ isAuthority: true, pathLength: 0x7fffffff })
    expect(basicConstraintsOf(read(extension('1.2.3', sequence())))).toEqual({ isAuthority: false })
  })

  for (const [title, hex] of [
    ['a flag that is written and false', '3003010100'],
    ['a flag that is true in another way', '3003010101'],
    ['a length for what is no authority', '3003020100'],
    ['a negative length', '30060101ff0201ff'],
    ['a padded length', '30070101ff02020001'],
    ['an endless length', '300a0101ff02050100000000'],
    ['two lengths', '30090101ff020100020100'],
    ['the wrong order', '30060201000101ff'],
    ['another type', '0101ff'],
    ['something behind', '30000500'],
  ] as const)
    it(`are refused with ${title}`, () => {
      expect(outcome(() => constraints(fromHex(hex)))).toBe(malformed)
    })
})

describe('extendedKeyUsage', () => {
  it('is a list of identifiers', () => {
    expect(usages(sequence(objectIdentifier('1.2.3'), objectIdentifier('1.2.4')))).toEqual(['1.2.3', '1.2.4'])
    expect(extendedKeyUsagesOf(read(extension('1.2.3', sequence())))).toBeUndefined()
  })

  it('is refused when it is empty or holds something else', () => {
    for (const value of [sequence(), sequence(bitString(Uint8Array.of(1))), objectIdentifier('1.2.3')])
      expect(outcome(() => usages(value))).toBe(malformed)
  })
})

describe('subjectAltName', () => {
  it('is refused when it is the name itself', () => {
    expect(outcome(() => names(new TextEncoder().encode('passport.example')))).toBe(malformed)
    expect(outcome(() => names(sequence()))).toBe(malformed)
  })

  it('is of ASCII', () => {
    const email = (text: string) => names(sequence(der(0x81, new TextEncoder().encode(text))))
    expect(email('beetle@passport.example')).toHaveLength(1)
    expect(outcome(() => email('жук@passport.example'))).toBe(malformed)
  })
})
