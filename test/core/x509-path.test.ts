/** Paths of our own making: an honest one, and one harm at a time. */
import { beforeAll, describe, expect, it } from 'vitest'
import { concatBytes } from '../../src/core/bytes.js'
import { keyCache } from '../../src/core/jwk.js'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits, readLimits } from '../../src/core/limits.js'
import { type Certificate, readCertificate } from '../../src/core/x509/certificate.js'
import { readChain, requireCurrent, type ValidPath, validatePath } from '../../src/core/x509/path.js'
import {
  type CertificateProfile,
  type CertificateProfileChoice,
  readCertificateProfile,
} from '../../src/core/x509/profile.js'
import { der, integer, objectIdentifier, octetString, sequence, tagged } from '../../src/testing/der.js'
import { instant } from '../world.js'
import { fromHex, outcome, outcomeOf, thrownBy, told } from './support.js'
import {
  basicConstraints,
  type Changes,
  commonName,
  country,
  craft,
  directory,
  extendedKeyUsage,
  extension,
  form,
  from,
  type Keys,
  keyUsage,
  makeKeys,
  nameConstraints,
  nameOf,
  ofAuthority,
  ofSigner,
  type Path,
  pathOf,
  publicKey,
  subjectAltName,
  until,
} from './x509-craft.js'

const plain = readCertificateProfile('plain', 'profile')
const documents = '1.0.18013.5.1.2'
const tls = '1.3.6.1.5.5.7.3.1'
const anything = '2.5.29.37.0'
const unknown = '1.3.6.1.4.1.55738.666.1'
const something = sequence()

let keys: Keys
beforeAll(async () => {
  keys = await makeKeys()
})

const validate = ({ chain, anchor }: Path, profile: CertificateProfile = plain, at = instant) =>
  validatePath(chain, anchor, { profile, at })

/** `accepted`, or the code and the place. */
async function verdict(path: Path, profile?: CertificateProfile, at?: Date): Promise<string> {
  try {
    await validate(path, profile, at)
    return 'accepted'
  } catch (error) {
    return told(error)
  }
}

const certificatesOf = ({ links }: ValidPath) => links.map(({ certificate }) => certificate)

describe('validatePath', () => {
  it('takes a signer below the anchor', async () => {
    const path = await pathOf(keys)
    const valid = await validate(path)
    expect(valid.leaf).toBe(path.chain[0])
    expect(certificatesOf(valid)).toEqual([...path.chain, path.anchor])
  })

  it('takes a signer below an authority below the anchor, and remembers keys', async () => {
    const path = await pathOf(keys, { middle: {} })
    const cache = keyCache()
    for (let times = 0; times < 2; times++) {
      const valid = await validatePath(path.chain, path.anchor, { profile: plain, at: instant, keys: cache })
      expect(certificatesOf(valid)).toEqual([...path.chain, path.anchor])
    }
  })

  it('drops the anchor from what was sent, and all that stands above it', async () => {
    const { chain, anchor } = await pathOf(keys, { middle: {} })
    const sent = [...chain, readCertificate(anchor.der)]
    expect(certificatesOf(await validate({ chain: sent, anchor }))).toEqual([...chain, anchor])
    const [leaf, middle] = chain as [Certificate, Certificate]
    expect(certificatesOf(await validate({ chain: sent, anchor: middle }))).toEqual([leaf, middle])
  })

  it('names the identifiers that are absent, and refuses nobody for them', async () => {
    const absent = await validate(await pathOf(keys, { middle: {} }))
    expect(absent.absent).toEqual([
      'leaf.subjectKeyIdentifier',
      'leaf.authorityKeyIdentifier',
      'leaf.issuerAltName',
      'leaf.crlDistributionPoints',
      'intermediate.subjectKeyIdentifier',
      'intermediate.authorityKeyIdentifier',
      'intermediate.issuerAltName',
      'intermediate.crlDistributionPoints',
      'anchor.subjectKeyIdentifier',
      'anchor.issuerAltName',
      'anchor.crlDistributionPoints',
    ])
    const others = ['2.5.29.18', '2.5.29.31'].map(id => extension(id, sequence()))
    const identifiers = [
      extension('2.5.29.14', octetString(new Uint8Array(20))),
      extension('2.5.29.35', sequence(der(0x80, new Uint8Array(20)))),
    ]
    const present = await pathOf(keys, {
      root: { extensions: [...ofAuthority(), identifiers[0]!, ...others] },
      leaf: { extensions: [...ofSigner, ...identifiers, ...others] },
    })
    expect((await validate(present)).absent).toEqual([])
  })

  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)
    it(`verifies ${alg}`, async () => {
      const root = await generateSigner(alg)
      const path = await pathOf({ ...keys, root })
      expect(await verdict(path)).toBe('accepted')
      const forged = await pathOf({ ...keys, root }, { leaf: { signer: await generateSigner(alg) } })
      expect(await verdict(forged)).toBe('certificate_signature_invalid at leaf')
    })

  it('includes both ends of each life, to the second', async () => {
    const path = await pathOf(keys)
    const shifted = (date: Date, ms: number) => new Date(date.getTime() + ms)
    expect(await verdict(path, plain, from)).toBe('accepted')
    expect(await verdict(path, plain, until)).toBe('accepted')
    expect(await verdict(path, plain, shifted(from, -1))).toBe('certificate_not_yet_valid at leaf')
    expect(await verdict(path, plain, shifted(until, 1))).toBe('certificate_expired at leaf')
    expect(await verdict(path, plain, new Date(Number.NaN))).toBe('certificate_not_yet_valid at leaf')
  })

  it('takes critical distribution points, and a self-issued authority outside the names permitted', async () => {
    const points = extension('2.5.29.31', sequence(), true)
    expect(await verdict(await pathOf(keys, { leaf: { extensions: [...ofSigner, points] } }))).toBe('accepted')
    const root = { extensions: [...ofAuthority(), nameConstraints([directory(nameOf(commonName('Signer')))])] }
    expect(await verdict(await pathOf(keys, { root, middle: { subject: nameOf(commonName('Root')) } }))).toBe(
      'accepted',
    )
  })
})

describe('a path is refused', () => {
  const past = new Date('2026-02-01T00:00:00Z')
  const future = new Date('2026-04-01T00:00:00Z')
  const ca = (...more: readonly Uint8Array[]) => ({ extensions: [...ofAuthority(), ...more] })
  const signer = (...more: readonly Uint8Array[]) => ({ extensions: [...ofSigner, ...more] })
  const other = nameOf(commonName('Another'))
  const critical = extension(unknown, something, true)
  const policies = extension('2.5.29.36', sequence(der(0x80, Uint8Array.of(0))))

  const rows: readonly (readonly [string, Changes, string])[] = [
    ['whose leaf names another issuer', { leaf: { issuer: other } }, 'certificate_untrusted at leaf'],
    ['whose authority names another issuer', { middle: { issuer: other } }, 'certificate_untrusted at intermediate'],
    [
      'whose leaf does not name its authority',
      { middle: {}, leaf: { issuer: other } },
      'certificate_name_mismatch at leaf',
    ],
    ['whose issuer has no name', { root: { subject: nameOf() } }, 'certificate_untrusted at leaf'],
    ['whose anchor names no issuer', { root: { issuer: nameOf() } }, 'certificate_malformed at anchor.name'],
    [
      'whose leaf names itself its issuer',
      { leaf: { subject: nameOf(commonName('Root')) } },
      'certificate_untrusted at leaf.issuer',
    ],
    ['whose leaf names no subject', { leaf: { subject: nameOf() } }, 'certificate_malformed at leaf.name'],
    [
      'whose leaf names no subject, and a host that does not matter',
      { leaf: { subject: nameOf(), extensions: [...ofSigner, subjectAltName(form.dns('a.example'))] } },
      'certificate_malformed at leaf.name',
    ],
    ['whose leaf has expired', { leaf: { notAfter: past } }, 'certificate_expired at leaf'],
    ['whose leaf is not valid yet', { leaf: { notBefore: future } }, 'certificate_not_yet_valid at leaf'],
    ['whose authority has expired', { middle: { notAfter: past } }, 'certificate_expired at intermediate'],
    [
      'whose authority is not valid yet',
      { middle: { notBefore: future } },
      'certificate_not_yet_valid at intermediate',
    ],
    ['whose anchor has expired', { root: { notAfter: past } }, 'certificate_expired at anchor'],
    ['whose anchor is not valid yet', { root: { notBefore: future } }, 'certificate_not_yet_valid at anchor'],
    ['whose leaf demands the unknown', { leaf: signer(critical) }, refusedExtension('leaf', unknown)],
    ['whose authority demands the unknown', { middle: ca(critical) }, refusedExtension('intermediate', unknown)],
    ['whose anchor demands the unknown', { root: ca(critical) }, refusedExtension('anchor', unknown)],
    ['whose authority demands policies', { middle: ca(policies) }, refusedExtension('intermediate', '2.5.29.36')],
    [
      'whose leaf has a critical key identifier',
      { leaf: signer(extension('2.5.29.14', octetString(new Uint8Array(20)), true)) },
      refusedExtension('leaf', '2.5.29.14'),
    ],
    [
      'whose leaf has the number 0',
      { leaf: { serial: integer(Uint8Array.of(0)) } },
      'certificate_malformed at leaf.serial',
    ],
    [
      'whose leaf has a number of 21 bytes',
      { leaf: { serial: integer(new Uint8Array(21).fill(1)) } },
      'certificate_malformed at leaf.serial',
    ],
    [
      'whose authority has a number of 21 bytes',
      { middle: { serial: integer(new Uint8Array(21).fill(1)) } },
      'certificate_malformed at intermediate.serial',
    ],
    ['whose anchor has no extensions', { root: { extensions: undefined } }, 'certificate_not_a_ca at anchor'],
    [
      'whose anchor is of version 1',
      { root: { extensions: undefined, version: new Uint8Array() } },
      'certificate_not_a_ca at anchor',
    ],
    ['whose anchor is a signer', { root: { extensions: ofSigner } }, 'certificate_not_a_ca at anchor'],
    ['whose authority is a signer', { middle: { extensions: ofSigner } }, 'certificate_not_a_ca at intermediate'],
    [
      'whose authority says that it is none',
      { middle: { extensions: [extension('2.5.29.19', sequence(), true), keyUsage(0x06, 1)] } },
      'certificate_not_a_ca at intermediate',
    ],
    [
      'whose anchor may not sign certificates',
      { root: { extensions: [basicConstraints(), keyUsage(0x02, 1)] } },
      'certificate_key_usage at anchor',
    ],
    [
      'whose authority may not sign certificates',
      { middle: { extensions: [basicConstraints(), keyUsage(0x82, 1)] } },
      'certificate_key_usage at intermediate',
    ],
    [
      'that is longer than its anchor allows',
      { root: { extensions: ofAuthority(0) }, middle: {} },
      'certificate_path_too_long at intermediate',
    ],
    [
      'whose leaf is an authority',
      { leaf: { extensions: [basicConstraints(), keyUsage(0x86, 1)] } },
      'certificate_profile at leaf.basicConstraints',
    ],
    [
      'whose leaf has no key usage',
      { leaf: { extensions: [subjectAltName(form.dns('a.example'))] } },
      'certificate_key_usage at leaf.absent',
    ],
    ['whose leaf may not sign', { leaf: { extensions: [keyUsage(0x40, 6)] } }, 'certificate_key_usage at leaf'],
    [
      'whose leaf may sign certificates',
      { leaf: { extensions: [keyUsage(0x84, 2)] } },
      'certificate_key_usage at leaf',
    ],
    [
      'whose leaf may sign revocation lists',
      { leaf: { extensions: [keyUsage(0x82, 1)] } },
      'certificate_key_usage at leaf',
    ],
    ['whose leaf is for TLS', { leaf: signer(extendedKeyUsage(tls)) }, 'certificate_extended_key_usage at leaf'],
    [
      'whose leaf is for anything',
      { leaf: signer(extendedKeyUsage(anything)) },
      'certificate_extended_key_usage at leaf',
    ],
    [
      'whose leaf is for documents and for TLS',
      { leaf: signer(extendedKeyUsage(documents, tls)) },
      'certificate_extended_key_usage at leaf',
    ],
    [
      'whose authority is for TLS',
      { middle: ca(extendedKeyUsage(tls)) },
      'certificate_extended_key_usage at intermediate',
    ],
    [
      'whose leaf constrains names',
      { leaf: signer(nameConstraints([form.dns('example')])) },
      'certificate_name_constraint at leaf.nameConstraints',
    ],
    ['whose leaf has an empty list of names', { leaf: signer(subjectAltName()) }, 'certificate_malformed at list'],
    ['whose anchor has an empty list of names', { root: ca(subjectAltName()) }, 'certificate_malformed at list'],
    [
      'whose authority constrains names to nothing',
      { middle: ca(extension('2.5.29.30', sequence(), true)) },
      'certificate_malformed at nameConstraints',
    ],
  ]
  for (const [title, changes, expected] of rows)
    it(title, async () => {
      expect(await verdict(await pathOf(keys, changes))).toBe(expected)
    })

  function refusedExtension(at: string, id: string): string {
    return `certificate_extension_unsupported at ${at}: ${id}`
  }

  it('that is empty, or the anchor alone', async () => {
    const { anchor } = await pathOf(keys)
    expect(await verdict({ chain: [], anchor })).toBe('certificate_untrusted at leaf.issuer')
    expect(await verdict({ chain: [anchor], anchor })).toBe('certificate_untrusted at leaf.issuer')
    expect(await verdict({ chain: [anchor, anchor], anchor })).toBe('certificate_untrusted at leaf.issuer')
  })

  it('whose leaf is self-signed, although it bears the name of the anchor', async () => {
    const name = nameOf(commonName('Root'))
    const self = { signer: keys.stranger, key: publicKey(keys.stranger), issuer: name }
    const { anchor } = await pathOf(keys)
    const chain = async (subject: Uint8Array) => [
      readCertificate(await craft({ ...self, subject, extensions: ofSigner })),
    ]
    expect(await verdict({ chain: await chain(name), anchor })).toBe('certificate_untrusted at leaf.issuer')
    expect(await verdict({ chain: await chain(nameOf(commonName('Signer'))), anchor })).toBe(
      'certificate_signature_invalid at leaf',
    )
  })

  it('whose leaf has the key of its issuer', async () => {
    const changes = { leaf: { key: publicKey(keys.root) } }
    expect(await verdict(await pathOf(keys, changes))).toBe('certificate_untrusted at leaf.issuer')
  })

  it('that is in another order', async () => {
    const { chain, anchor } = await pathOf(keys, { middle: {} })
    expect(await verdict({ chain: chain.toReversed(), anchor })).toBe('certificate_untrusted at intermediate')
    expect(await verdict({ chain: [chain[0]!, chain[0]!, chain[1]!], anchor })).toBe(
      'certificate_untrusted at leaf.issuer',
    )
    expect(await verdict({ chain: [chain[0]!], anchor })).toBe('certificate_untrusted at leaf')
  })

  it('that leads to another anchor of the same name', async () => {
    const { anchor } = await pathOf({ ...keys, root: keys.stranger })
    const { chain } = await pathOf(keys)
    expect(await verdict({ chain, anchor })).toBe('certificate_signature_invalid at leaf')
  })

  it('that holds more certificates than its profile allows', async () => {
    const path = await pathOf(keys, { middle: {} })
    expect(await verdict(path, plain)).toBe('accepted')
    const relaxed = plain.relaxed.filter(name => name !== 'intermediateCertificates')
    expect(await verdict(path, { ...plain, relaxed })).toBe('certificate_path_too_long at chain')
  })

  it('whose signature is in another algorithm than the key of its issuer', async () => {
    const ed25519 = sequence(objectIdentifier('1.3.101.112'))
    const sha1 = sequence(objectIdentifier('1.2.840.10045.4.1'))
    const rsa = sequence(objectIdentifier('1.2.840.113549.1.1.11'), der(5))
    for (const algorithm of [ed25519, sha1, rsa])
      expect(await verdict(await pathOf(keys, { leaf: { algorithm } }))).toBe(
        'certificate_algorithm_unsupported at leaf',
      )
  })

  it('whose signature is over another hash', async () => {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.3'))
    expect(await verdict(await pathOf(keys, { leaf: { algorithm } }))).toBe('certificate_signature_invalid at leaf')
  })

  it('whose algorithm has parameters that it must not have', async () => {
    const algorithm = sequence(objectIdentifier('1.2.840.10045.4.3.2'), der(5))
    expect(await verdict(await pathOf(keys, { leaf: { algorithm } }))).toBe('certificate_malformed at surplus')
  })

  const ecdsa: readonly (readonly [string, Uint8Array, string])[] = [
    ['not a sequence', fromHex('0400'), 'certificate_malformed at tag'],
    ['empty', new Uint8Array(), 'certificate_malformed at tag'],
    ['r alone', sequence(integer(Uint8Array.of(1))), 'certificate_malformed at tag'],
    ['three numbers', sequence(...[1, 2, 3].map(n => integer(Uint8Array.of(n)))), 'certificate_malformed at surplus'],
    ['a negative number', fromHex('3006020180020101'), 'certificate_malformed at value'],
    ['a number that is padded', fromHex('300702020001020101'), 'certificate_malformed at value'],
    ['a number of no bytes', fromHex('30050200020101'), 'certificate_malformed at value'],
    [
      'a number too long',
      sequence(integer(new Uint8Array(33).fill(1)), integer(Uint8Array.of(1))),
      'certificate_signature_invalid at leaf',
    ],
    [
      'a second number too long',
      sequence(integer(Uint8Array.of(1)), integer(new Uint8Array(33).fill(1))),
      'certificate_signature_invalid at leaf',
    ],
    ['zeros', fromHex('3006020100020100'), 'certificate_signature_invalid at leaf'],
    ['something behind', concatBytes(fromHex('3006020101020101'), fromHex('0500')), 'certificate_malformed at surplus'],
  ]
  for (const [title, value, expected] of ecdsa)
    it(`whose ECDSA signature is ${title}`, async () => {
      expect(await verdict(await pathOf(keys, { leaf: { signature: () => value } }))).toBe(expected)
    })

  it('whose Ed25519 signature has another length', async () => {
    const root = await generateSigner('EdDSA')
    for (const change of [
      (bytes: Uint8Array) => bytes.subarray(1),
      (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0)),
    ])
      expect(await verdict(await pathOf({ ...keys, root }, { leaf: { signature: change } }))).toBe(
        'certificate_signature_invalid at leaf',
      )
  })
})

describe('a path is taken', () => {
  const rows: readonly (readonly [string, Changes])[] = [
    ['whose leaf is for signing documents', { leaf: { extensions: [...ofSigner, extendedKeyUsage(documents)] } }],
    ['whose leaf is for signing and other things', { leaf: { extensions: [keyUsage(0xc0, 6)] } }],
    ['whose leaf has a number of 20 bytes', { leaf: { serial: integer(new Uint8Array(20).fill(0xff)) } }],
    ['whose leaf has a negative number', { leaf: { serial: fromHex('0201ff') } }],
    ['whose anchor has the number 0', { root: { serial: integer(Uint8Array.of(0)) } }],
    ['whose anchor states no key usage', { root: { extensions: [basicConstraints()] } }],
    [
      'whose anchor demands a usage of its own',
      { root: { extensions: [...ofAuthority(), extendedKeyUsage('1.0.18013.5.1.7')] } },
    ],
    [
      'whose authority is for documents among others',
      { middle: { extensions: [...ofAuthority(), extendedKeyUsage(tls, documents)] } },
    ],
    ['whose authority is for anything', { middle: { extensions: [...ofAuthority(), extendedKeyUsage(anything)] } }],
    ['that is as long as its anchor allows', { root: { extensions: ofAuthority(1) }, middle: {} }],
    ['whose authority allows none below', { middle: { extensions: ofAuthority(0) } }],
    [
      'whose certificates have unique identifiers',
      { leaf: { unique: concatBytes(der(0x81, fromHex('0001')), der(0x82, fromHex('0780'))) } },
    ],
    [
      'whose leaf has an extension that is unknown',
      { leaf: { extensions: [...ofSigner, extension(unknown, something)] } },
    ],
    [
      'whose leaf states a policy',
      {
        leaf: {
          extensions: [...ofSigner, extension('2.5.29.32', sequence(sequence(objectIdentifier('1.2.3'))), true)],
        },
      },
    ],
    [
      'whose leaf names no subject, but critically a host',
      {
        leaf: {
          subject: nameOf(),
          extensions: [...ofSigner, extension('2.5.29.17', sequence(form.dns('a.example')), true)],
        },
      },
    ],
  ]
  for (const [title, changes] of rows)
    it(title, async () => {
      expect(await verdict(await pathOf(keys, changes))).toBe('accepted')
    })
})

describe('the number of authorities', () => {
  /** A root and authorities below it, each with a length and perhaps the name of the one above. */
  async function tower(lengths: readonly (number | undefined)[], names: readonly string[]): Promise<Path> {
    const name = (index: number) => nameOf(commonName(names[index]!))
    const authorities: Certificate[] = []
    for (const [index, length] of lengths.entries())
      authorities.push(
        readCertificate(
          await craft({
            signer: keys.root,
            key: publicKey(keys.root),
            issuer: name(Math.max(0, index - 1)),
            subject: name(index),
            extensions: ofAuthority(length),
          }),
        ),
      )
    const [anchor, ...between] = authorities as [Certificate, ...Certificate[]]
    const leaf = await craft({
      signer: keys.root,
      key: publicKey(keys.leaf),
      issuer: name(lengths.length - 1),
      extensions: ofSigner,
    })
    return { chain: [readCertificate(leaf), ...between.toReversed()], anchor }
  }

  const rows: readonly (readonly [string, readonly (number | undefined)[], readonly string[], string])[] = [
    ['2 allows two', [2, undefined, undefined], ['a', 'b', 'c'], 'accepted'],
    ['1 refuses two', [1, undefined, undefined], ['a', 'b', 'c'], 'certificate_path_too_long at intermediate'],
    ['is not raised below', [1, 5, undefined], ['a', 'b', 'c'], 'certificate_path_too_long at intermediate'],
    ['is lowered below', [5, 0, undefined], ['a', 'b', 'c'], 'certificate_path_too_long at intermediate'],
    ['does not count what is self-issued', [1, undefined, undefined], ['a', 'a', 'b'], 'accepted'],
    [
      'is lowered by what is self-issued',
      [5, 0, undefined],
      ['a', 'a', 'b'],
      'certificate_path_too_long at intermediate',
    ],
    ['0 allows what is self-issued', [0, 0], ['a', 'a'], 'accepted'],
  ]
  for (const [title, lengths, names, expected] of rows)
    it(title, async () => {
      expect(await verdict(await tower(lengths, names))).toBe(expected)
    })
})

describe('the profile iaca', () => {
  const iaca = readCertificateProfile('iaca', 'profile')
  const root = { subject: nameOf(country('UT'), commonName('Root')), issuer: nameOf(country('UT'), commonName('Root')) }
  const usage = extendedKeyUsage(documents)
  const leaf = { subject: nameOf(country('UT'), commonName('Signer')), extensions: [...ofSigner, usage] }
  const honest = { root: { ...root, extensions: ofAuthority(0) }, leaf }
  const notCritical = extension('2.5.29.37', sequence(objectIdentifier(documents)))
  const state = (name: string) => sequence(objectIdentifier('2.5.4.8'), der(0x0c, new TextEncoder().encode(name)))
  const inState = (name: string, cn: string) => nameOf(country('UT'), der(0x31, state(name)), commonName(cn))
  const rootIn = (name: string) => ({ ...honest.root, subject: inState(name, 'Root'), issuer: inState(name, 'Root') })

  /** The choices: as it stands, and with what makes it acceptable. */
  const rows: readonly (readonly [string, Changes, string, CertificateProfileChoice | undefined])[] = [
    [
      'an extended key usage that is not critical',
      { ...honest, leaf: { ...leaf, extensions: [...ofSigner, notCritical] } },
      'certificate_extended_key_usage at leaf.critical',
      { profile: 'iaca', relax: ['extendedKeyUsageNotCritical'] },
    ],
    [
      'no extended key usage',
      { ...honest, leaf: { ...leaf, extensions: ofSigner } },
      'certificate_extended_key_usage at leaf.absent',
      { profile: 'iaca', relax: ['extendedKeyUsageAbsent'] },
    ],
    [
      'the extended key usage of a reader',
      { ...honest, leaf: { ...leaf, extensions: [...ofSigner, extendedKeyUsage('1.0.18013.5.1.6')] } },
      'certificate_extended_key_usage at leaf',
      { profile: 'iaca', extendedKeyUsages: ['1.0.18013.5.1.6'] },
    ],
    [
      'the extended key usage of TLS beside',
      { ...honest, leaf: { ...leaf, extensions: [...ofSigner, extendedKeyUsage(documents, tls)] } },
      'certificate_extended_key_usage at leaf',
      undefined,
    ],
    [
      'no key usage',
      { ...honest, leaf: { ...leaf, extensions: [usage] } },
      'certificate_key_usage at leaf.absent',
      { profile: 'iaca', relax: ['keyUsageAbsent'] },
    ],
    [
      'a further key usage',
      { ...honest, leaf: { ...leaf, extensions: [keyUsage(0xc0, 6), usage] } },
      'certificate_key_usage at leaf.further',
      { profile: 'iaca', relax: ['furtherKeyUsages'] },
    ],
    [
      'a signer that is an authority',
      { ...honest, leaf: { ...leaf, extensions: [...ofSigner, usage, basicConstraints(0)] } },
      'certificate_profile at leaf.basicConstraints',
      undefined,
    ],
    [
      'a signer valid for 458 days',
      { ...honest, root: { ...honest.root, notAfter: days(3000) }, leaf: { ...leaf, notAfter: days(458) } },
      'certificate_profile at leaf.validity',
      { profile: 'iaca', relax: ['longValidity'] },
    ],
    [
      'a root valid for more than 20 years',
      { ...honest, root: { ...honest.root, notAfter: days(7306) } },
      'certificate_profile at anchor.validity',
      { profile: 'iaca', relax: ['longValidity'] },
    ],
    [
      'an authority between',
      { ...honest, middle: { subject: nameOf(country('UT'), commonName('Middle')) } },
      'certificate_path_too_long at intermediate',
      undefined,
    ],
    [
      'an authority between that the root allows',
      {
        ...honest,
        root: { ...root, extensions: ofAuthority(1) },
        middle: { subject: nameOf(country('UT'), commonName('Middle')) },
      },
      'certificate_path_too_long at chain',
      { profile: 'iaca', relax: ['intermediateCertificates', 'rootPathLength'] },
    ],
    [
      'a root that allows an authority below',
      { ...honest, root: { ...root, extensions: ofAuthority(1) } },
      'certificate_profile at anchor.pathLength',
      { profile: 'iaca', relax: ['rootPathLength'] },
    ],
    [
      'a root that allows any number below',
      { ...honest, root: { ...root, extensions: ofAuthority() } },
      'certificate_profile at anchor.pathLength',
      { profile: 'iaca', relax: ['rootPathLength'] },
    ],
    [
      'an anchor that is no root',
      { ...honest, root: { ...honest.root, issuer: nameOf(country('UT'), commonName('Another')) } },
      'certificate_profile at anchor.issuer',
      { profile: 'iaca', relax: ['anchorNotRoot'] },
    ],
    [
      'a root without key usage',
      { ...honest, root: { ...root, extensions: [basicConstraints(0)] } },
      'certificate_profile at anchor.keyUsage',
      { profile: 'iaca', relax: ['anchorNotRoot'] },
    ],
    [
      'a root of no country',
      { ...honest, root: { extensions: ofAuthority(0) } },
      'certificate_profile at anchor.country',
      { profile: 'iaca', relax: ['countryNotCompared'] },
    ],
    [
      'a signer of no country',
      { ...honest, leaf: { ...leaf, subject: nameOf(commonName('Signer')) } },
      'certificate_profile at leaf.country',
      { profile: 'iaca', relax: ['countryNotCompared'] },
    ],
    [
      'a signer of another country',
      { ...honest, leaf: { ...leaf, subject: nameOf(country('RU'), commonName('Signer')) } },
      'certificate_country_mismatch at leaf.country',
      { profile: 'iaca', relax: ['countryNotCompared'] },
    ],
    [
      'a signer of another state',
      { root: rootIn('North'), leaf: { ...leaf, subject: inState('South', 'Signer') } },
      'certificate_country_mismatch at leaf.stateOrProvince',
      { profile: 'iaca', relax: ['countryNotCompared'] },
    ],
  ]
  for (const [title, changes, expected, choice] of rows)
    it(`refuses ${title}${choice === undefined ? '' : ', unless it is relaxed'}`, async () => {
      const path = await pathOf(keys, withNames(changes))
      expect(await verdict(path, iaca)).toBe(expected)
      if (choice !== undefined) expect(await verdict(path, readCertificateProfile(choice, 'profile'))).toBe('accepted')
    })

  const accepted: readonly (readonly [string, Changes])[] = [
    ['a root and its signer', honest],
    ['a signer of the same state', { root: rootIn('North'), leaf: { ...leaf, subject: inState('North', 'Signer') } }],
    ['a signer of a state below a root of none', { ...honest, leaf: { ...leaf, subject: inState('North', 'Signer') } }],
    ['a root of a state and a signer of none', { root: rootIn('North'), leaf }],
    [
      'a signer valid for 457 days',
      { ...honest, root: { ...honest.root, notAfter: days(3000) }, leaf: { ...leaf, notAfter: days(457) } },
    ],
    ['a root valid for 20 years', { ...honest, root: { ...honest.root, notAfter: days(7305) } }],
  ]
  for (const [title, changes] of accepted)
    it(`takes ${title}`, async () => {
      expect(await verdict(await pathOf(keys, withNames(changes)), iaca)).toBe('accepted')
    })

  /** The anchor's own issuer is not that of the rest. */
  function withNames({ root = {}, ...changes }: Changes): Changes {
    const { issuer = nameOf(commonName('Root')), ...rest } = root
    return { ...changes, root: { ...rest, issuer } }
  }

  function days(count: number): Date {
    return new Date(from.getTime() + count * 24 * 3600 * 1000)
  }
})

describe('the other profiles', () => {
  const reader = extendedKeyUsage('1.0.18013.5.1.6')
  const status = extendedKeyUsage('1.3.6.1.5.5.7.3.30')
  const rows: readonly (readonly [CertificateProfileChoice, string, readonly Uint8Array[], string])[] = [
    ['reader', 'a reader', [reader], 'accepted'],
    ['reader', 'a document signer', [extendedKeyUsage(documents)], 'certificate_extended_key_usage at leaf'],
    ['reader', 'any signer', [], 'certificate_extended_key_usage at leaf.absent'],
    ['status', 'any signer', [], 'accepted'],
    ['status', 'a document signer', [extendedKeyUsage(documents)], 'accepted'],
    ['status', 'a status signer not configured', [status], 'certificate_extended_key_usage at leaf'],
    [{ profile: 'status', extendedKeyUsages: ['1.3.6.1.5.5.7.3.30'] }, 'a status signer', [status], 'accepted'],
    ['status', 'a reader', [reader], 'certificate_extended_key_usage at leaf'],
    ['plain', 'a reader', [reader], 'certificate_extended_key_usage at leaf'],
  ]
  for (const [choice, title, extensions, expected] of rows)
    it(`${typeof choice === 'string' ? choice : 'status with a usage'}: ${title}`, async () => {
      const path = await pathOf(keys, { leaf: { extensions: [...ofSigner, ...extensions] } })
      expect(await verdict(path, readCertificateProfile(choice, 'profile'))).toBe(expected)
    })
})

describe('requireCurrent', () => {
  it('looks at the dates of every certificate again', async () => {
    const path = await validate(await pathOf(keys, { root: { notAfter: new Date('2026-06-01T00:00:00Z') } }))
    expect(outcome(() => requireCurrent(path, instant))).toBe('accepted')
    expect(told(thrownBy(() => requireCurrent(path, new Date('2026-06-01T00:00:01Z'))))).toBe(
      'certificate_expired at anchor',
    )
    expect(told(thrownBy(() => requireCurrent(path, new Date('2025-06-01T00:00:00Z'))))).toBe(
      'certificate_not_yet_valid at leaf',
    )
  })
})

describe('readChain', () => {
  it('reads the certificates in their order', async () => {
    const { chain } = await pathOf(keys, { middle: {} })
    expect(
      readChain(
        chain.map(({ der }) => der),
        defaultLimits,
      ),
    ).toEqual(chain)
  })

  it('refuses too many and too long ones before it reads any', () => {
    const told = (chain: readonly Uint8Array[], limits = defaultLimits) => {
      const { code, at, expected, actual } = thrownBy(() => readChain(chain, limits))
      return [code, at, expected, actual]
    }
    const garbage = Uint8Array.of(0)
    expect(told(new Array(500).fill(garbage))).toEqual(['limit_exceeded', 'certificates', 5, 500])
    expect(told([garbage, new Uint8Array(1024 * 1024)])).toEqual([
      'limit_exceeded',
      'certificateBytes',
      16 * 1024,
      1024 * 1024,
    ])
    expect(told([garbage, garbage], readLimits({ certificates: 1 }))).toEqual(['limit_exceeded', 'certificates', 1, 2])
  })

  it('refuses what is nested without reading into the depth', () => {
    let nested: Uint8Array = new Uint8Array()
    while (nested.length < 16_000) nested = sequence(nested)
    expect(outcome(() => readChain([nested], defaultLimits))).toBe('certificate_malformed')
    expect(outcome(() => readChain([sequence(sequence(tagged(0, nested)))], defaultLimits))).toBe(
      'certificate_malformed',
    )
  })
})

describe('one bit of a chain', () => {
  it('is never changed unnoticed', { timeout: 60_000 }, async () => {
    const { chain, anchor } = await pathOf(keys, { middle: {} })
    const cache = keyCache()
    const taken: string[] = []
    for (const [index, { der }] of chain.entries())
      for (let bit = 0; bit < der.length * 8; bit++) {
        const flipped = new Uint8Array(der)
        flipped[bit >> 3]! ^= 1 << (bit & 7)
        const code = await validateAll(chain.map((certificate, at) => (at === index ? flipped : certificate.der)))
        if (code === 'accepted') taken.push(`${index}: ${bit}`)
      }
    expect(taken).toEqual([])

    function validateAll(sent: readonly Uint8Array[]): Promise<string> {
      const options = { profile: plain, at: instant, keys: cache }
      return outcomeOf(() => validatePath(readChain(sent, defaultLimits), anchor, options))
    }
  })
})
