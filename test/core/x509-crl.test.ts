/** Revocation lists: what they say of the certificates of a path, and when they say nothing. */
import { beforeAll, describe, expect, it } from 'vitest'
import { base64, concatBytes } from '../../src/core/bytes.js'
import type { Signer } from '../../src/core/keys.js'
import { readCrl, requireNotRevoked } from '../../src/core/x509/crl.js'
import { type ValidPath, validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import { bitString, der, integer, objectIdentifier, sequence, tagged, taggedText, time } from '../../src/testing/der.js'
import { instant } from '../world.js'
import { fromHex, outcome, told } from './support.js'
import {
  algorithmIdentifier,
  basicConstraints,
  type Changes,
  commonName,
  extension,
  type Keys,
  keyUsage,
  makeKeys,
  nameOf,
  ofAuthority,
  ofSigner,
  type Parts,
  pathOf,
  signed,
} from './x509-craft.js'

/** Parts of a list as DER. */
interface ListParts extends Pick<Parts, 'algorithm' | 'innerAlgorithm' | 'signature'> {
  readonly version?: Uint8Array
  readonly issuer?: Uint8Array
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | undefined
  readonly entries?: readonly Uint8Array[] | undefined
  readonly extensions?: readonly Uint8Array[]
}

const before = new Date('2026-02-28T00:00:00Z')
const after = new Date('2026-03-31T00:00:00Z')
const root = nameOf(commonName('Root'))
const serial = integer(Uint8Array.of(7))
const other = integer(Uint8Array.of(8))
const entry = (number: Uint8Array, ...extensions: readonly Uint8Array[]) =>
  sequence(number, time(before), ...(extensions.length === 0 ? [] : [sequence(...extensions)]))
const reason = (code: number) => extension('2.5.29.21', der(0x0a, Uint8Array.of(code)))
const delta = extension('2.5.29.27', integer(Uint8Array.of(1)), true)
const scope = (...members: readonly Uint8Array[]) => extension('2.5.29.28', sequence(...members), true)
const flag = (number: number) => der(0x80 + number, Uint8Array.of(0xff))
const place = (uri: string) => tagged(0, tagged(0, taggedText(6, uri)))
const points = (...members: readonly Uint8Array[]) =>
  extension('2.5.29.31', sequence(...members.map(it => sequence(it))))
const unknown = (critical: boolean) => extension('1.3.6.1.4.1.55738.666.1', sequence(), critical)

async function list(signer: Signer, parts: ListParts = {}): Promise<Uint8Array> {
  const { nextUpdate } = { nextUpdate: after, ...parts }
  const tbs = sequence(
    parts.version ?? integer(Uint8Array.of(1)),
    parts.innerAlgorithm ?? parts.algorithm ?? algorithmIdentifier(signer),
    parts.issuer ?? root,
    time(parts.thisUpdate ?? before),
    nextUpdate === undefined ? new Uint8Array() : time(nextUpdate),
    parts.entries === undefined ? new Uint8Array() : sequence(...parts.entries),
    parts.extensions === undefined ? new Uint8Array() : tagged(0, sequence(...parts.extensions)),
  )
  return signed(tbs, signer, parts)
}

let keys: Keys
beforeAll(async () => {
  keys = await makeKeys()
})

async function path(changes: Changes = {}): Promise<ValidPath> {
  const { chain, anchor } = await pathOf(keys, changes)
  return validatePath(chain, anchor, { profile: readCertificateProfile('plain', 'profile'), at: instant })
}

const verdict = (path: ValidPath, lists: readonly Uint8Array[], at = instant) =>
  requireNotRevoked(path, lists.map(readCrl), at).then(() => 'clear', told)

const revoked = 'certificate_revoked at leaf'
const unclear = (problem: string) => `certificate_revocation_unknown at leaf.${problem}`

describe('requireNotRevoked', () => {
  const rows: readonly (readonly [string, ListParts, string])[] = [
    ['clears a certificate that is not listed', { entries: [entry(other)] }, 'clear'],
    ['clears a certificate where nothing is listed', {}, 'clear'],
    ['clears a certificate where the list is empty', { entries: [] }, 'clear'],
    ['refuses a certificate that is listed', { entries: [entry(other), entry(serial)] }, revoked],
    ['refuses a certificate that is listed with a reason', { entries: [entry(serial, reason(1))] }, revoked],
    [
      'refuses a certificate that is listed with a critical reason',
      { entries: [entry(serial, extension('2.5.29.21', der(0x0a, Uint8Array.of(1)), true))] },
      revoked,
    ],
    ['refuses a certificate that is on hold', { entries: [entry(serial, reason(6))] }, revoked],
    ['refuses what a complete list takes back', { entries: [entry(serial, reason(8))] }, revoked],
    ['refuses a certificate that an outdated list states', { entries: [entry(serial)], nextUpdate: before }, revoked],
    ['refuses a certificate that a delta list states', { entries: [entry(serial)], extensions: [delta] }, revoked],
    [
      'refuses a certificate that a list of authorities states',
      { entries: [entry(serial)], extensions: [scope(flag(2))] },
      revoked,
    ],
    ['clears nothing with an outdated list', { nextUpdate: new Date(instant.getTime() - 1000) }, unclear('nextUpdate')],
    ['clears nothing with a list that never ends', { nextUpdate: undefined }, unclear('nextUpdate')],
    ['clears nothing with a list to come', { thisUpdate: new Date(instant.getTime() + 1000) }, unclear('thisUpdate')],
    ['clears until the second that the next list comes', { nextUpdate: instant }, 'clear'],
    ['clears from the second that the list comes', { thisUpdate: instant }, 'clear'],
    ['clears nothing with a list of another issuer', { issuer: nameOf(commonName('Another')) }, unclear('crl')],
    ['clears nothing with a forged list', { signature: () => fromHex('3006020101020101') }, unclear('signature')],
    ['clears nothing with a malformed signature', { signature: () => fromHex('00') }, unclear('signature')],
    [
      'clears nothing with an unknown algorithm',
      { algorithm: sequence(objectIdentifier('1.2.840.10045.4.1')) },
      unclear('signature'),
    ],
    [
      'does not believe a forged list',
      { entries: [entry(serial)], signature: () => fromHex('3006020101020101') },
      unclear('signature'),
    ],
    ['clears with an extension that is unknown', { extensions: [unknown(false)] }, 'clear'],
    ['clears nothing with a critical extension that is unknown', { extensions: [unknown(true)] }, unclear('extension')],
    [
      'clears nothing with a critical extension of an entry that is unknown',
      { entries: [entry(other, unknown(true))] },
      unclear('extension'),
    ],
    ['clears with an extension of an entry that is unknown', { entries: [entry(other, unknown(false))] }, 'clear'],
    ['clears nothing with a delta list', { extensions: [delta] }, unclear('scope')],
    [
      'does not take for revoked what a delta list takes back',
      { entries: [entry(serial, reason(8))], extensions: [delta] },
      unclear('scope'),
    ],
    ['clears nothing with an indirect list', { extensions: [scope(flag(4))] }, unclear('scope')],
    ['does not believe an indirect list', { entries: [entry(serial)], extensions: [scope(flag(4))] }, unclear('scope')],
    ['clears with a list of users', { extensions: [scope(flag(1))] }, 'clear'],
    ['clears nothing with a list of authorities', { extensions: [scope(flag(2))] }, unclear('scope')],
    [
      'clears nothing with a list of some reasons',
      { extensions: [scope(der(0x83, fromHex('0640')))] },
      unclear('scope'),
    ],
    ['clears nothing with a list of attribute certificates', { extensions: [scope(flag(5))] }, unclear('scope')],
    ['clears with the list of its place', { extensions: [scope(place('https://a.example/1.crl'))] }, 'clear'],
    [
      'clears nothing with the list of another place',
      { extensions: [scope(place('https://a.example/2.crl'))] },
      unclear('scope'),
    ],
    [
      'clears nothing with the list of a place it has for some reasons',
      { extensions: [scope(place('https://a.example/3.crl'))] },
      unclear('scope'),
    ],
    [
      'clears nothing with the list of a place that another keeps',
      { extensions: [scope(place('https://a.example/4.crl'))] },
      unclear('scope'),
    ],
    [
      'clears nothing with the list of a place relative to the issuer',
      { extensions: [scope(tagged(0, tagged(1)))] },
      unclear('scope'),
    ],
    ['takes a list of version 1', { version: new Uint8Array(), entries: [entry(serial)] }, revoked],
  ]
  for (const [title, parts, expected] of rows)
    it(title, async () => {
      const at = points(
        place('https://a.example/1.crl'),
        concatBytes(place('https://a.example/3.crl'), der(0x81, fromHex('0640'))),
        concatBytes(place('https://a.example/4.crl'), tagged(2, tagged(4, root))),
        der(0x81, fromHex('0640')),
      )
      const signer = await path({ leaf: { extensions: [...ofSigner, at] } })
      expect(await verdict(signer, [await list(keys.root, parts)])).toBe(expected)
    })

  it('clears nothing without a list', async () => {
    expect(await verdict(await path(), [])).toBe(unclear('crl'))
  })

  it('clears nothing of a certificate that has no place with the list of a place', async () => {
    const crl = await list(keys.root, { extensions: [scope(place('https://a.example/1.crl'))] })
    expect(await verdict(await path(), [crl])).toBe(unclear('scope'))
  })

  it('clears nothing with a list that the issuer may not sign', async () => {
    const crl = await list(keys.root)
    const may = async (bits: number, unused: number) =>
      verdict(await path({ root: { extensions: [basicConstraints(), keyUsage(bits, unused)] } }), [crl])
    expect(await may(0x04, 2)).toBe(unclear('keyUsage'))
    expect(await may(0x06, 1)).toBe('clear')
    expect(await verdict(await path({ root: { extensions: [basicConstraints()] } }), [crl])).toBe('clear')
  })

  it('clears nothing with a list that a namesake signed', async () => {
    expect(await verdict(await path(), [await list(keys.stranger)])).toBe(unclear('signature'))
  })

  it('refuses what any of several lists states, and clears what one clears', async () => {
    const [clear, stated, old] = [
      await list(keys.root),
      await list(keys.root, { entries: [entry(serial)] }),
      await list(keys.root, { nextUpdate: before }),
    ]
    const signer = await path()
    expect(await verdict(signer, [clear, stated])).toBe(revoked)
    expect(await verdict(signer, [stated, clear])).toBe(revoked)
    expect(await verdict(signer, [old, clear])).toBe('clear')
    expect(await verdict(signer, [clear, old])).toBe('clear')
  })

  it('asks of every certificate but the anchor', async () => {
    const long = await path({ middle: { serial: other } })
    const ofRoot = await list(keys.root)
    const ofMiddle = await list(keys.middle, { issuer: nameOf(commonName('Middle')) })
    expect(await verdict(long, [ofRoot, ofMiddle])).toBe('clear')
    expect(await verdict(long, [ofRoot])).toBe('certificate_revocation_unknown at leaf.crl')
    expect(await verdict(long, [ofMiddle])).toBe('certificate_revocation_unknown at intermediate.crl')
    expect(await verdict(long, [await list(keys.root, { entries: [entry(other)] }), ofMiddle])).toBe(
      'certificate_revoked at intermediate',
    )
    // The number of another issuer's certificate is another number.
    expect(await verdict(long, [await list(keys.root, { entries: [entry(serial)] }), ofMiddle])).toBe('clear')
    const ofUsers = await list(keys.root, { extensions: [scope(flag(1))] })
    expect(await verdict(long, [ofUsers, ofMiddle])).toBe('certificate_revocation_unknown at intermediate.scope')
    const ofAuthorities = await list(keys.root, { extensions: [scope(flag(2))] })
    expect(await verdict(long, [ofAuthorities, ofMiddle])).toBe('clear')
  })

  it('verifies a list once for an authority, and again for another', async () => {
    const crl = readCrl(await list(keys.root))
    const [one, other] = [await path(), await path({ root: { extensions: ofAuthority(3) } })]
    for (const signer of [one, one, other]) await requireNotRevoked(signer, [crl], instant)
    const { anchor, chain } = await pathOf({ ...keys, root: keys.stranger })
    const profile = readCertificateProfile('plain', 'profile')
    const namesake = await validatePath(chain, anchor, { profile, at: instant })
    expect(await requireNotRevoked(namesake, [crl], instant).then(() => 'clear', told)).toBe(unclear('signature'))
  })

  it('clears nothing at an instant that is none', async () => {
    expect(await verdict(await path(), [await list(keys.root)], new Date(Number.NaN))).toBe(unclear('thisUpdate'))
  })
})

describe('readCrl', () => {
  it('reads PEM and DER alike', async () => {
    const bytes = await list(keys.root, { entries: [entry(serial)] })
    const pem = `-----BEGIN X509 CRL-----\n${base64(bytes)}\n-----END X509 CRL-----\n`
    const [read, same] = [readCrl(bytes), readCrl(pem)]
    expect({ ...same, scope: 0 }).toEqual({ ...read, scope: 0 })
    expect(read).toMatchObject({ thisUpdate: before, nextUpdate: after, isDelta: false, isObscure: false })
    expect(outcome(() => readCrl(pem.replaceAll('X509 CRL', 'CERTIFICATE')))).toBe('certificate_malformed')
  })

  it('reads times from 2050 on', async () => {
    const far = new Date('2051-01-01T00:00:00Z')
    expect(readCrl(await list(keys.root, { nextUpdate: far })).nextUpdate).toEqual(far)
  })

  it('keeps its own copy of the bytes', async () => {
    const bytes = await list(keys.root)
    const crl = readCrl(bytes)
    bytes.fill(0)
    expect(await requireNotRevoked(await path(), [crl], instant).then(() => 'clear', told)).toBe('clear')
  })

  it('reads 50,000 entries', async () => {
    const number = (index: number) => integer(Uint8Array.of(1, index >> 16, index >> 8, index))
    const thousand = (_: unknown, at: number) =>
      concatBytes(...Array.from({ length: 1000 }, (_, index) => entry(number(at * 1000 + index))))
    const entries = Array.from({ length: 50 }, thousand)
    expect(readCrl(await list(keys.root, { entries })).revoked.size).toBe(50_000)
  })

  const malformed: readonly (readonly [string, ListParts])[] = [
    ['version 1 written out', { version: integer(Uint8Array.of(0)) }],
    ['version 3', { version: integer(Uint8Array.of(2)) }],
    ['another algorithm inside', { innerAlgorithm: sequence(objectIdentifier('1.2.840.10045.4.3.3')) }],
    ['an issuer that is no name', { issuer: integer(Uint8Array.of(1)) }],
    ['an entry that is none', { entries: [integer(Uint8Array.of(1))] }],
    ['an entry without a date', { entries: [sequence(serial)] }],
    ['an entry without a number', { entries: [sequence(time(before))] }],
    ['an entry with a padded number', { entries: [entry(fromHex('02020001'))] }],
    ['an entry with an empty list of extensions', { entries: [sequence(serial, time(before), sequence())] }],
    ['an entry of four members', { entries: [sequence(serial, time(before), sequence(reason(1)), serial)] }],
    ['no extension in its list', { extensions: [] }],
    ['the same extension twice', { extensions: [delta, delta] }],
    ['extensions in version 1', { version: new Uint8Array(), extensions: [unknown(false)] }],
    ['a scope that is none', { extensions: [extension('2.5.29.28', bitString(Uint8Array.of(1)), true)] }],
    ['a scope with something behind', { extensions: [scope(flag(6))] }],
    ['a scope with an empty place', { extensions: [scope(tagged(0))] }],
    ['a scope with an empty list of places', { extensions: [scope(tagged(0, tagged(0)))] }],
  ]
  for (const [title, parts] of malformed)
    it(`refuses ${title}`, async () => {
      const bytes = await list(keys.root, parts)
      expect(outcome(() => readCrl(bytes))).toBe('certificate_malformed')
    })

  it('refuses a list cut short anywhere, and one with a byte behind it', async () => {
    const bytes = await list(keys.root, { entries: [entry(serial, reason(1))], extensions: [scope(flag(1))] })
    for (let length = 0; length < bytes.length; length++)
      expect(outcome(() => readCrl(bytes.slice(0, length)))).toBe('certificate_malformed')
    expect(outcome(() => readCrl(concatBytes(bytes, Uint8Array.of(0))))).toBe('certificate_malformed')
  })

  it('is never changed by one bit unnoticed', async () => {
    const signer = await path()
    const bytes = await list(keys.root, { entries: [entry(other, reason(1))] })
    const taken: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = new Uint8Array(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const said = await Promise.resolve()
        .then(() => verdict(signer, [flipped]))
        .catch(told)
      if (said === 'clear') taken.push(bit)
    }
    expect(taken).toEqual([])
  })
})
