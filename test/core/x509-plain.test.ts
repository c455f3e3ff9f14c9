/** Paths without the parts that few need: a plain one is taken, whatever asks for a part is refused, and nothing else is taken. */
import { beforeAll, describe, expect, it } from 'vitest'
import { fromBase64 } from '../../src/core/bytes.js'
import { type Certificate, readCertificate } from '../../src/core/x509/certificate.js'
import { everyPathPart, type PathParts, validatePathWith } from '../../src/core/x509/path.js'
import { plainPath } from '../../src/core/x509/plain-path.js'
import { type CertificateProfile, readCertificateProfile } from '../../src/core/x509/profile.js'
import { sequence } from '../../src/testing/der.js'
import limbo from '../vectors/x509/limbo-2023-12-subset.json' with { type: 'json' }
import pkits from '../vectors/x509/pkits.json' with { type: 'json' }
import { instant } from '../world.js'
import { told } from './support.js'
import {
  basicConstraints,
  extendedKeyUsage,
  extension,
  form,
  type Keys,
  keyUsage,
  makeKeys,
  nameConstraints,
  ofAuthority,
  ofSigner,
  type Path,
  pathOf,
} from './x509-craft.js'
import { chainsFrom } from './x509-search.js'

const plain = plainPath.certificateProfiles.read(undefined, '')('plain')

let keys: Keys
beforeAll(async () => {
  keys = await makeKeys()
})

/** `accepted`, or the code and the place. */
const outcomeOf = ({ chain, anchor }: Path, parts: PathParts = plainPath, profile = plain, at = instant) =>
  validatePathWith(parts, chain, anchor, { profile, at }).then(() => 'accepted', told)

describe('a path without parts', () => {
  it('is taken where it is plain, with and without an authority between', async () => {
    expect(await outcomeOf(await pathOf(keys))).toBe('accepted')
    expect(await outcomeOf(await pathOf(keys, { middle: {} }))).toBe('accepted')
  })

  const constraints = nameConstraints([form.dns('passport.example')])
  const uncritical = extension('2.5.29.30', sequence())

  it.each([
    ['an anchor that constrains names', { root: { extensions: [...ofAuthority(), constraints] } }, 'anchor'],
    ['one between that does', { middle: { extensions: [...ofAuthority(), constraints] } }, 'intermediate'],
    ['a leaf that claims to', { leaf: { extensions: [...ofSigner, constraints] } }, 'leaf'],
    ['constraints that are not marked critical', { root: { extensions: [...ofAuthority(), uncritical] } }, 'anchor'],
  ])('is refused for %s', async (_, changes, at) => {
    expect(await outcomeOf(await pathOf(keys, changes))).toBe(`certificate_extension_unsupported at ${at}: 2.5.29.30`)
  })

  it('is refused for a leaf that says nothing of its key', async () => {
    expect(await outcomeOf(await pathOf(keys, { leaf: { extensions: [extendedKeyUsage('1.0.18013.5.1.2')] } }))).toBe(
      'certificate_key_usage at leaf.absent',
    )
  })

  it('is refused for a leaf that is an authority', async () => {
    const extensions = [basicConstraints(), keyUsage(0x80, 7)]
    expect(await outcomeOf(await pathOf(keys, { leaf: { extensions } }))).toBe(
      'certificate_profile at leaf.basicConstraints',
    )
  })

  it('is refused for RSA signatures, which their own part takes', async () => {
    const { end_entity: leaf, intermediates } = pkits.cases.find(({ name }) => name === '40101_valid_signatures_test1')!
    const certificate = (name: string): Certificate =>
      readCertificate(fromBase64((pkits.certificates as Record<string, string>)[name]!))
    const path = { chain: [leaf, ...intermediates].map(certificate), anchor: certificate(pkits.trust_anchor) }
    expect(await outcomeOf(path)).toBe('certificate_algorithm_unsupported at intermediate')
    const { rsaSignatures } = everyPathPart
    expect(await outcomeOf(path, { ...plainPath, rsaSignatures })).toBe('accepted')
  })

  it('knows no profile but the plain one', () => {
    const read = (choice: unknown) =>
      plainPath.certificateProfiles.read(choice as 'plain' | undefined, 'anchors[0].certificateProfile')
    for (const name of ['iaca', 'reader', 'unknown'])
      expect(told(thrown(() => read(undefined)(name as 'iaca')))).toBe(`certificate_profile at ${name}`)
    for (const name of ['reader', 'unknown'])
      expect(told(thrown(() => read('plain')(name as 'reader')))).toBe(`certificate_profile at ${name}`)
    for (const use of ['plain', 'status', 'iaca'] as const) expect(read('plain')(use)).toBe(plain)
    for (const choice of ['iaca', 'reader', 'relaxed', null, { profile: 'plain' }])
      expect(() => read(choice)).toThrow(
        new TypeError('`anchors[0].certificateProfile` must be left out, without `certificateProfiles`'),
      )
  })
})

describe('no path is taken', () => {
  const servers: CertificateProfile = {
    ...readCertificateProfile('plain', 'profile'),
    extendedKeyUsages: ['1.3.6.1.5.5.7.3.1'],
  }

  it('that every part together would refuse: x509-limbo', async () => {
    let taken = 0
    for (const { peer_certificate, untrusted_intermediates, trusted_certs, validation_time } of limbo.testcases) {
      const at = validation_time === null ? instant : new Date(validation_time)
      for (const path of pathsOf(peer_certificate, untrusted_intermediates, trusted_certs)) {
        if ((await outcomeOf(path, plainPath, servers, at)) !== 'accepted') continue
        taken++
        expect(await outcomeOf(path, everyPathPart, servers, at)).toBe('accepted')
      }
    }
    expect(taken).toBeGreaterThan(10)
  })

  function pathsOf(leaf: string, others: readonly string[], anchors: readonly string[]): readonly Path[] {
    try {
      const chains = chainsFrom(readCertificate(leaf), others.map(readCertificate))
      return anchors.map(readCertificate).flatMap(anchor => chains.map(chain => ({ chain, anchor })))
    } catch {
      return []
    }
  }
})

function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
