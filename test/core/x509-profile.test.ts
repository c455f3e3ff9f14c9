/** What a caller says of a profile, and what it comes to. */
import { describe, expect, it } from 'vitest'
import { readCertificateProfile } from '../../src/core/x509/profile.js'

const read = (choice: unknown) => readCertificateProfile(choice, 'certificateProfile')

describe('readCertificateProfile', () => {
  it('takes a name, and the same name with nothing relaxed', () => {
    for (const name of ['plain', 'iaca', 'reader', 'status'])
      expect(read({ profile: name, relax: [] })).toEqual(read(name))
  })

  it('relaxes what is named and nothing else', () => {
    expect(read({ profile: 'iaca', relax: ['furtherKeyUsages', 'longValidity'] })).toEqual({
      ...read('iaca'),
      relaxed: ['furtherKeyUsages', 'longValidity'],
    })
    expect(read('iaca').relaxed).toEqual([])
  })

  it('adds extended key usages to those of the profile', () => {
    const { extendedKeyUsages } = read({ profile: 'reader', extendedKeyUsages: ['1.2.3', '2.999.1'] })
    expect(extendedKeyUsages).toEqual(['1.0.18013.5.1.6', '1.2.3', '2.999.1'])
    expect(read('reader').extendedKeyUsages).toEqual(['1.0.18013.5.1.6'])
  })

  const wrong: readonly (readonly [unknown, string])[] = [
    [undefined, '`certificateProfile` must'],
    [null, '`certificateProfile` must'],
    ['', '`certificateProfile` must'],
    ['IACA', '`certificateProfile` must'],
    ['toString', '`certificateProfile` must'],
    ['__proto__', '`certificateProfile` must'],
    [{}, '`certificateProfile` must'],
    [{ profile: ['iaca'] }, '`certificateProfile` must'],
    [{ profile: 'iaca', relaxed: [] }, '`certificateProfile.relaxed` must'],
    [{ profile: 'iaca', relax: 'longValidity' }, '`certificateProfile.relax` must'],
    [{ profile: 'iaca', relax: ['everything'] }, '`certificateProfile.relax` must'],
    [{ profile: 'iaca', relax: ['toString'] }, '`certificateProfile.relax` must'],
    [{ profile: 'iaca', relax: [1] }, '`certificateProfile.relax` must'],
    [{ profile: 'plain', extendedKeyUsages: '1.2.3' }, '`certificateProfile.extendedKeyUsages` must'],
    ...['', '1', '1.02', '3.1', '1.2.', '1.2.x', '1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '2.5.29.37.0'].map(
      (usage): [unknown, string] => [
        { profile: 'plain', extendedKeyUsages: [usage] },
        '`certificateProfile.extendedKeyUsages` must',
      ],
    ),
  ]
  for (const [choice, message] of wrong)
    it(`refuses ${JSON.stringify(choice)}`, () => {
      expect(() => read(choice)).toThrow(TypeError)
      expect(() => read(choice)).toThrow(message)
    })
})
