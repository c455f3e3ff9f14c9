/** Names: how they are compared, whom a certificate names, and what an authority may certify. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { Certificate } from '../../src/core/x509/certificate.js'
import { derSequence, readDer } from '../../src/core/x509/der.js'
import { commonNameOf, readName, sameName, textsOf } from '../../src/core/x509/name.js'
import { namesIssuer } from '../../src/core/x509/names.js'
import { validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import { der, objectIdentifier, printableString, sequence, set, utf8String } from '../../src/testing/der.js'
import { instant } from '../world.js'
import { outcome, told } from './support.js'
import {
  attribute,
  type Changes,
  commonName,
  country,
  directory,
  extension,
  form,
  ip,
  type Keys,
  makeKeys,
  nameConstraints,
  nameOf,
  ofAuthority,
  ofSigner,
  otherName,
  pathOf,
  subjectAltName,
} from './x509-craft.js'

let keys: Keys
beforeAll(async () => {
  keys = await makeKeys()
})

const { dns, email, uri } = form
const cn = '2.5.4.3'
const organization = (text: string) => attribute('2.5.4.10', utf8String(text))
const read = (bytes: Uint8Array) => readName(readDer(bytes, derSequence))

describe('a distinguished name', () => {
  it('gives what it says of the subject', () => {
    const state = attribute('2.5.4.8', utf8String('North'))
    const mail = attribute('1.2.840.113549.1.9.1', der(0x16, new TextEncoder().encode('a@b.example')))
    const name = read(nameOf(country('UT'), state, organization('Mint'), commonName('Signer'), mail))
    expect(name).toMatchObject({ country: 'UT', stateOrProvince: 'North' })
    expect(commonNameOf(name)).toBe('Signer')
    expect(textsOf(name, '1.2.840.113549.1.9.1')).toEqual(['a@b.example'])
    expect(read(nameOf())).toMatchObject({ compared: '', attributes: [], country: undefined })
    expect(commonNameOf(read(nameOf()))).toBeUndefined()
  })

  it('may be of any script in UTF-8, and is compared in it', () => {
    const mint = nameOf(country('RU'), organization('Гознак'), commonName('Удостоверяющий центр'))
    const name = read(mint)
    expect(commonNameOf(name)).toBe('Удостоверяющий центр')
    expect(
      sameName(name, read(nameOf(country('RU'), organization('ГОЗНАК'), commonName('удостоверяющий  центр')))),
    ).toBe(true)
    expect(sameName(name, read(nameOf(country('RU'), organization('Гознак'), commonName('Центр'))))).toBe(false)
    for (const tag of [0x12, 0x13, 0x16])
      expect(outcome(() => read(nameOf(attribute(cn, der(tag, new TextEncoder().encode('Гознак'))))))).toBe(
        'certificate_malformed',
      )
  })

  const same: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    ['in another case', commonName('Root Authority'), commonName('ROOT authority')],
    ['with more white space', commonName(' Root  Authority '), commonName('Root Authority')],
    ['of another type of text', attribute(cn, utf8String('Root')), attribute(cn, printableString('Root'))],
    [
      'of an old type of text, to the byte',
      attribute(cn, der(0x14, Uint8Array.of(1))),
      attribute(cn, der(0x14, Uint8Array.of(1))),
    ],
  ]
  for (const [title, one, other] of same)
    it(`is the same ${title}`, () => {
      expect(sameName(read(nameOf(one)), read(nameOf(other)))).toBe(true)
    })

  const different: readonly (readonly [string, readonly Uint8Array[], readonly Uint8Array[]])[] = [
    ['other words', [commonName('Root')], [commonName('Rood')]],
    ['another attribute', [commonName('Root')], [organization('Root')]],
    ['another order', [commonName('a'), organization('b')], [organization('b'), commonName('a')]],
    ['a part more', [commonName('a')], [commonName('a'), organization('b')]],
    ['a part less', [commonName('a'), organization('b')], [commonName('a')]],
    ['two parts in one', [attribute(cn, utf8String('a'), utf8String('b'))], [commonName('a'), commonName('b')]],
    ['an old type of text', [attribute(cn, der(0x14, Uint8Array.of(0x61)))], [commonName('a')]],
    ['words where bytes are', [attribute(cn, der(0x14, Uint8Array.of(1)))], [commonName('#20,1,1')]],
    ['nothing, like nothing else', [], []],
  ]
  for (const [title, one, other] of different)
    it(`differs with ${title}`, () => {
      expect(sameName(read(nameOf(...one)), read(nameOf(...other)))).toBe(false)
    })

  const value = (text: string) => sequence(objectIdentifier(cn), utf8String(text))
  const malformed: readonly (readonly [string, Uint8Array, string])[] = [
    ['no set', nameOf(sequence()), 'certificate_malformed at list'],
    ['an empty set', nameOf(set()), 'certificate_malformed at list'],
    ['a tag of more than one byte', attribute(cn, Uint8Array.of(0x1f, 1, 0)), 'certificate_malformed at tag'],
    ['a set out of order', nameOf(set(value('b'), value('a'))), 'certificate_malformed at name'],
    ['the same value twice in a set', nameOf(set(value('a'), value('a'))), 'certificate_malformed at name'],
    ['an attribute without a value', nameOf(set(sequence(objectIdentifier(cn)))), 'certificate_malformed at tag'],
    ['an attribute without a type', nameOf(set(sequence(utf8String('a')))), 'certificate_malformed at tag'],
    [
      'an attribute of two values',
      nameOf(set(sequence(objectIdentifier(cn), der(5), der(5)))),
      'certificate_malformed at surplus',
    ],
    ['bytes that are no UTF-8', nameOf(attribute(cn, der(0x0c, Uint8Array.of(0xff)))), 'encoding_invalid at name'],
    [
      'letters beyond ASCII in a printable text',
      nameOf(attribute(cn, printableString('Ü'))),
      'certificate_malformed at name',
    ],
    ['two countries', nameOf(country('UT'), country('RU')), 'certificate_malformed at name'],
    [
      'two states',
      nameOf(...['a', 'b'].map(text => attribute('2.5.4.8', utf8String(text)))),
      'certificate_malformed at name',
    ],
  ]
  for (const [title, bytes, expected] of malformed)
    it(`is refused with ${title}`, () => {
      expect(refusal(() => read(bytes))).toBe(expected)
    })

  it('may have a set of two values in their order', () => {
    expect(outcome(() => read(nameOf(set(value('a'), value('b')))))).toBe('accepted')
    expect(sameName(read(nameOf(set(value('B'), value('a')))), read(nameOf(set(value('A'), value('b')))))).toBe(true)
  })
})

describe('namesIssuer', () => {
  const issuer = 'https://passport.example/utopia'
  const rows: readonly (readonly [string, readonly Uint8Array[] | undefined, string, boolean | undefined])[] = [
    ['the URI to the letter', [uri(issuer)], issuer, true],
    ['the URI among others', [dns('a.example'), uri('https://b.example'), uri(issuer)], issuer, true],
    ['a URI in another case', [uri('https://passport.example/Utopia')], issuer, false],
    ['a URI with a slash more', [uri(`${issuer}/`)], issuer, false],
    ['the beginning of a URI', [uri('https://passport.example')], issuer, false],
    ['its host', [dns('passport.example')], issuer, true],
    ['its host in another case', [dns('Passport.Example')], issuer, true],
    ['its host of an issuer with a port', [dns('passport.example')], 'https://passport.example:8443', true],
    ['its host of an issuer in another case', [dns('passport.example')], 'https://PASSPORT.example/', false],
    ['its host of an issuer with credentials', [dns('passport.example')], 'https://user:pw@passport.example', false],
    ['its host of an issuer in wide letters', [dns('passport.example')], 'https://\uff50assport.example', false],
    ['its host of an issuer with a tab', [dns('passport.example')], 'ht\ttps://passport.example', false],
    ['a host above', [dns('example')], issuer, false],
    ['a host below', [dns('a.passport.example')], issuer, false],
    ['a wildcard', [dns('*.example')], issuer, false],
    ['its host of an issuer without https', [dns('passport.example')], 'http://passport.example', false],
    ['a host where the issuer is no URL', [dns('passport.example')], 'passport.example', false],
    ['a URI where the issuer is no URL', [uri('urn:utopia:mint')], 'urn:utopia:mint', true],
    ['an e-mail address alone', [email('mint@passport.example')], issuer, undefined],
    ['nothing', undefined, issuer, undefined],
  ]
  for (const [title, names, identifier, expected] of rows)
    it(`is ${expected} for ${title}`, async () => {
      const extensions = names === undefined ? ofSigner : [...ofSigner, subjectAltName(...names)]
      const { chain } = await pathOf(keys, { leaf: { extensions } })
      expect(namesIssuer(chain[0]!, identifier)).toBe(expected)
    })
})

describe('the names of a signer', () => {
  const rows: readonly (readonly [string, Uint8Array])[] = [
    ['a host name with a dot before it', dns('.example')],
    ['a host name with a dot behind it', dns('example.')],
    ['an empty host name', dns('')],
    ['a host name that is a space', dns(' ')],
    ['a wildcard within a label', dns('ba*.example')],
    ['a wildcard that is not first', dns('foo.*.example')],
    ['a wildcard alone', dns('*')],
    ['a host name with a NUL', dns('passport.example\0.b.example')],
    ['a host name beyond ASCII', dns('пример.example')],
    ['a label of 64 letters', dns(`${'a'.repeat(64)}.example`)],
    ['a host name of 254 letters', dns(`${'a.'.repeat(126)}aa`)],
    ['an e-mail address without a host', email('mint')],
    ['an e-mail address of two', email('a@b@c.example')],
    ['a URI without a scheme', uri('passport.example')],
    ['a URI with a space', uri('https://passport.example/a b')],
    ['a URI with a backslash', uri('https://b.example\\@passport.example')],
    ['an address of 5 bytes', ip(1, 2, 3, 4, 5)],
    ['an address with its mask', ip(1, 2, 3, 4, 255, 255, 255, 255)],
    ['a name of no form', utf8String('a')],
    ['a directory name that is none', directory(utf8String('a'))],
  ]
  for (const [title, name] of rows)
    it(`are refused with ${title}`, async () => {
      const { chain, anchor } = await pathOf(keys, { leaf: { extensions: [...ofSigner, subjectAltName(name)] } })
      expect(['certificate_malformed at name', 'certificate_malformed at tag']).toContain(await verdict(chain, anchor))
    })

  it('may be of every form', async () => {
    const names = [
      dns('passport.example'),
      dns('*.passport.example'),
      dns('xn--e1afmkfd_1.example'),
      dns(`${'a.'.repeat(126)}a`),
      email('mint@passport.example'),
      uri('https://passport.example/a?b=c#d'),
      uri('urn:utopia:mint'),
      ip(192, 0, 2, 1),
      ip(...new Array(16).fill(0)),
      directory(nameOf(commonName('Mint'))),
      otherName(),
    ]
    const { chain, anchor } = await pathOf(keys, { leaf: { extensions: [...ofSigner, subjectAltName(...names)] } })
    expect(await verdict(chain, anchor)).toBe('accepted')
  })
})

describe('name constraints', () => {
  const refused = 'certificate_name_constraint at leaf'
  const mask = (...bytes: number[]) => ip(...bytes)
  const ipv6 = (first: number) => ip(...[first], ...new Array(15).fill(0))
  const ipv6Range = (first: number, bits: number) => ip(first, ...new Array(15).fill(0), bits, ...new Array(15).fill(0))
  const mint = nameOf(country('UT'), organization('Mint'))
  const signer = nameOf(country('UT'), organization('mint'), commonName('Signer'))
  const mail = (address: string) =>
    nameOf(commonName('Signer'), attribute('1.2.840.113549.1.9.1', der(0x16, new TextEncoder().encode(address))))

  /** Names of the leaf, and whether each base permits and excludes it. */
  const rows: readonly (readonly [name: Uint8Array, base: Uint8Array, within: boolean])[] = [
    [dns('a.example'), dns('a.example'), true],
    [dns('A.EXAMPLE'), dns('a.example'), true],
    [dns('b.a.example'), dns('a.example'), true],
    [dns('*.a.example'), dns('a.example'), true],
    [dns('ba.example'), dns('a.example'), false],
    [dns('example'), dns('a.example'), false],
    [dns('a.example'), dns(''), true],
    [email('mint@a.example'), email('mint@a.example'), true],
    [email('mint@A.example'), email('mint@a.example'), true],
    [email('Mint@a.example'), email('mint@a.example'), false],
    [email('mint@a.example'), email('a.example'), true],
    [email('mint@b.a.example'), email('a.example'), false],
    [email('mint@b.a.example'), email('.a.example'), true],
    [email('mint@a.example'), email('.a.example'), false],
    [email('mint@b.example'), email('mint@a.example'), false],
    [uri('https://a.example/b'), uri('a.example'), true],
    [uri('https://c@a.example:8443?b'), uri('a.example'), true],
    [uri('https://A.example'), uri('a.example'), true],
    [uri('https://b.a.example'), uri('a.example'), false],
    [uri('https://b.a.example#c'), uri('.a.example'), true],
    [uri('https://a.example'), uri('.a.example'), false],
    [uri('https://b.example/a.example'), uri('a.example'), false],
    [uri('https://a.example@b.example'), uri('a.example'), false],
    [ip(192, 0, 2, 1), mask(192, 0, 2, 0, 255, 255, 255, 0), true],
    [ip(192, 0, 3, 1), mask(192, 0, 2, 0, 255, 255, 255, 0), false],
    [ip(192, 0, 2, 1), mask(0, 0, 0, 0, 0, 0, 0, 0), true],
    [ipv6(0x20), ipv6Range(0x20, 0xff), true],
    [ipv6(0x21), ipv6Range(0x20, 0xff), false],
    [ip(0, 0, 0, 0), ipv6Range(0, 0), false],
    [directory(signer), directory(mint), true],
    [directory(nameOf(country('UT'))), directory(mint), false],
    [directory(nameOf(country('UT'), organization('Other'))), directory(mint), false],
  ]
  for (const [name, base, within] of rows)
    it(`${shown(name)} is ${within ? '' : 'not '}within ${shown(base)}`, async () => {
      expect(await constrained(name, nameConstraints([base]))).toBe(within ? 'accepted' : refused)
      expect(await constrained(name, nameConstraints([], [base]))).toBe(within ? refused : 'accepted')
    })

  /** Where it cannot be told whether a name is within a base, it is neither permitted nor left alone. */
  const doubtful: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    ['a wildcard over the base', dns('*.example'), dns('a.example')],
    ['a URI without a host', uri('urn:utopia:mint'), uri('a.example')],
    ['a URI of an address', uri('https://192.0.2.1/a.example'), uri('a.example')],
    ['a URI of an IPv6 address', uri('https://[::1]/a.example'), uri('a.example')],
    ['a name of a form that is not compared', otherName(), otherName()],
  ]
  for (const [title, name, base] of doubtful)
    it(`refuse ${title}`, async () => {
      expect(await constrained(name, nameConstraints([base]))).toBe(refused)
      expect(await constrained(name, nameConstraints([], [base]))).toBe(refused)
    })

  it('leave names of other forms alone', async () => {
    expect(await constrained(dns('b.example'), nameConstraints([email('a.example')]))).toBe('accepted')
    expect(await constrained(dns('a.example'), nameConstraints([], [email('a.example')]))).toBe('accepted')
  })

  it('permit what is within one of several, and exclude what is within one', async () => {
    const several = [dns('a.example'), dns('b.example')]
    expect(await constrained(dns('b.example'), nameConstraints(several))).toBe('accepted')
    expect(await constrained(dns('b.example'), nameConstraints([dns('example')], several))).toBe(refused)
    expect(await constrained(dns('c.example'), nameConstraints([dns('example')], several))).toBe('accepted')
  })

  it('hold for the subject', async () => {
    const permits = nameConstraints([directory(mint)])
    expect(await subjectUnder(signer, permits)).toBe('accepted')
    expect(await subjectUnder(nameOf(country('RU'), commonName('Signer')), permits)).toBe(refused)
    expect(await subjectUnder(signer, nameConstraints([], [directory(mint)]))).toBe(refused)
  })

  it('leave a subject alone that has no name', async () => {
    expect(await constrained(dns('a.example'), nameConstraints([directory(mint)]))).toBe('accepted')
  })

  it('hold for an e-mail address in the subject where there are no other names', async () => {
    const permits = nameConstraints([email('a.example')])
    expect(await subjectUnder(mail('mint@a.example'), permits)).toBe('accepted')
    expect(await subjectUnder(mail('mint@b.example'), permits)).toBe(refused)
    expect(await subjectUnder(mail('mint'), permits)).toBe(refused)
    expect(await subjectUnder(mail('mint'), nameConstraints([], [email('a.example')]))).toBe(refused)
    const named = { subject: mail('mint@b.example'), extensions: [...ofSigner, subjectAltName(dns('c.example'))] }
    expect(await under(permits, { leaf: named })).toBe('accepted')
  })

  it('of every authority hold at once', async () => {
    const changes = (name: string): Changes => ({
      middle: { extensions: [...ofAuthority(), nameConstraints([dns('a.example')])] },
      leaf: { extensions: [...ofSigner, subjectAltName(dns(name))] },
    })
    const wide = nameConstraints([dns('example')])
    expect(await under(wide, changes('a.example'))).toBe('accepted')
    expect(await under(wide, changes('b.example'))).toBe(refused)
    expect(await under(nameConstraints([dns('b.example')]), changes('a.example'))).toBe(refused)
  })

  it('hold for authorities, but not for what an authority issued to itself', async () => {
    const named = (subject: Uint8Array): Changes => ({
      middle: { subject, extensions: [...ofAuthority(), subjectAltName(dns('b.example'))] },
      leaf: { issuer: subject, extensions: ofSigner },
    })
    const permits = nameConstraints([dns('a.example')])
    expect(await under(permits, named(nameOf(commonName('Middle'))))).toBe(
      'certificate_name_constraint at intermediate',
    )
    expect(await under(permits, named(nameOf(commonName('Root'))))).toBe('accepted')
  })

  const malformed: readonly (readonly [string, Uint8Array])[] = [
    ['empty lists', sequence(der(0xa0), der(0xa1))],
    ['an empty list', sequence(der(0xa0))],
    ['a minimum', sequence(der(0xa0, sequence(dns('a.example'), der(0x80, Uint8Array.of(1)))))],
    [
      'a minimum of 0, which is the default',
      sequence(der(0xa0, sequence(dns('a.example'), der(0x80, Uint8Array.of(0))))),
    ],
    ['a maximum', sequence(der(0xa0, sequence(dns('a.example'), der(0x81, Uint8Array.of(1)))))],
    ['a wildcard', base(dns('*.example'))],
    ['a host name with a dot before it', base(dns('.example'))],
    ['an e-mail address without a host', base(email('mint@'))],
    ['a URI', base(uri('https://a.example'))],
    ['an address without a mask', base(ip(192, 0, 2, 1))],
    ['a mask with a hole', base(ip(192, 0, 2, 0, 255, 0, 255, 0))],
    ['a mask with a hole in a byte', base(ip(192, 0, 2, 0, 255, 255, 0xfd, 0))],
    ['an address of 12 bytes', base(ip(...new Array(12).fill(0)))],
    ['a name of no form', base(utf8String('a'))],
    ['a third list', sequence(der(0xa0, sequence(dns('a.example'))), der(0xa2))],
  ]
  for (const [title, value] of malformed)
    it(`are refused with ${title}`, async () => {
      const extensions = [...ofAuthority(), extension('2.5.29.30', value, true)]
      const { chain, anchor } = await pathOf(keys, { root: { extensions } })
      expect(await verdict(chain, anchor)).toMatch(/^certificate_malformed at (nameConstraints|list|name|surplus)$/)
    })

  it('are not compared without end', async () => {
    const many = (count: number, of: (index: number) => Uint8Array) =>
      Array.from({ length: count }, (_, index) => of(index))
    const bases = many(500, index => dns(`a${index}.example`))
    const names = many(300, index => dns(`a${index}.example`))
    const { chain, anchor } = await pathOf(keys, {
      root: { extensions: [...ofAuthority(), nameConstraints(bases)] },
      leaf: { extensions: [...ofSigner, subjectAltName(...names)] },
    })
    expect(await verdict(chain, anchor)).toBe('limit_exceeded at nameConstraints')
    const few = await pathOf(keys, {
      root: { extensions: [...ofAuthority(), nameConstraints(bases)] },
      leaf: { extensions: [...ofSigner, subjectAltName(...names.slice(0, 100))] },
    })
    expect(await verdict(few.chain, few.anchor)).toBe('accepted')
  })

  const constrained = (name: Uint8Array, constraints: Uint8Array) =>
    under(constraints, { leaf: { subject: nameOf(), extensions: [...ofSigner, criticalName(name)] } })

  const criticalName = (name: Uint8Array) => extension('2.5.29.17', sequence(name), true)

  const subjectUnder = (subject: Uint8Array, constraints: Uint8Array) => under(constraints, { leaf: { subject } })

  async function under(constraints: Uint8Array, changes: Changes): Promise<string> {
    const { chain, anchor } = await pathOf(keys, { ...changes, root: { extensions: [...ofAuthority(), constraints] } })
    return verdict(chain, anchor)
  }

  function base(name: Uint8Array): Uint8Array {
    return sequence(der(0xa0, sequence(name)))
  }

  /** The text in a name, or its bytes. */
  function shown(name: Uint8Array): string {
    const content = name.subarray(2)
    const text = String.fromCharCode(...content)
    return /^[!-~]*$/.test(text) ? `"${text}"` : content.join('.')
  }
})

async function verdict(chain: readonly Certificate[], anchor: Certificate): Promise<string> {
  const profile = readCertificateProfile('plain', 'profile')
  return validatePath(chain, anchor, { profile, at: instant }).then(() => 'accepted', told)
}

function refusal(work: () => unknown): string {
  try {
    work()
    return 'accepted'
  } catch (error) {
    return told(error)
  }
}
