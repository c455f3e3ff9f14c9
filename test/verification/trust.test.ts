/** Who is believed, for what, when, and with which key. */
import { describe, expect, it } from 'vitest'
import type { AlgorithmName } from '../../src/core/algorithms.js'
import { base64 } from '../../src/core/bytes.js'
import { jwsHints } from '../../src/core/jws.js'
import { generateSigner, importSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { statusSigners } from '../../src/verification/signers.js'
import { type Anchor, trustAnchors } from '../../src/verification/trust.js'
import { type Changes, forge } from '../forge.js'
import { expectRefusal, summary } from '../refusal.js'
import own from '../vectors/x509-own/certificates.json' with { type: 'json' }
import { expectations, guildCard, instant, issuer, makeWorld } from '../world.js'

const world = await makeWorld()
const stranger = await generateSigner('ES256')
const jwk = world.signer.publicJwk
const honest: Anchor = { issuer, jwk, purposes: ['credential'] }
const otherCard = { vct: ['https://guild.example/card/2'], docType: [] }

/** The verdict's summary over a forged presentation, for a verifier who believes these anchors. */
async function judged(anchors: readonly Anchor[], changes: Changes = {}, demands: object = {}): Promise<string> {
  const text = await forge(world, changes)
  const verdict = await verifySdJwtPresentation(text, {
    ...expectations(world),
    trust: trustAnchors(anchors),
    ...demands,
  })
  if (!verdict.ok) expectRefusal(verdict, text)
  return summary(verdict)
}

describe('an anchor', () => {
  const untrusted = 'issuer_untrusted at issuer_trusted'

  it('is needed: an empty list trusts nobody', async () => {
    expect(await judged([])).toBe(untrusted)
  })

  it('speaks for its own issuer, to the letter', async () => {
    for (const other of ['https://other.example', `${issuer}/`, issuer.toUpperCase()])
      expect(await judged([{ ...honest, issuer: other }])).toBe(untrusted)
  })

  it('speaks for its own purposes', async () => {
    for (const purposes of [['status'], ['log', 'reader']] as const)
      expect(await judged([{ ...honest, purposes }])).toBe(untrusted)
    expect(await judged([{ ...honest, purposes: ['status', 'credential'] }])).toBe('accepted')
  })

  it('speaks for its own passports', async () => {
    expect(await judged([{ ...honest, passports: [otherCard] }])).toBe(untrusted)
    expect(await judged([{ ...honest, passports: [] }])).toBe(untrusted)
    expect(await judged([{ ...honest, passports: [otherCard, guildCard] }])).toBe('accepted')
  })

  it('of one passport does not vouch for another by calling its own a kind of that', async () => {
    const [vct] = otherCard.vct
    const payload = { vct, aka_vcts: [...guildCard.vct] }
    expect(await judged([{ ...honest, passports: [otherCard] }], { payload })).toBe(untrusted)
    expect(await judged([{ ...honest, passports: [guildCard] }], { payload })).toBe('accepted')
  })

  it('speaks in its own time, both ends included', async () => {
    const at = (milliseconds: number) => new Date(instant.getTime() + milliseconds)
    expect(await judged([{ ...honest, from: at(1) }])).toBe(untrusted)
    expect(await judged([{ ...honest, until: at(-1) }])).toBe(untrusted)
    expect(await judged([{ ...honest, from: instant, until: instant }])).toBe('accepted')
    expect(await judged([{ ...honest, from: '2026-03-01T12:00:00Z', until: '2026-03-01T15:00:00+03:00' }])).toBe(
      'accepted',
    )
    expect(await judged([{ ...honest, from: '2026-03-01T12:00:00.001Z' }])).toBe(untrusted)
  })

  it('survives JSON', async () => {
    const anchor = { ...honest, name: 'The guild', from: new Date(0), passports: [guildCard] }
    expect(await judged(JSON.parse(JSON.stringify([anchor])) as Anchor[])).toBe('accepted')
  })

  it('with another key does not verify', async () => {
    expect(await judged([{ ...honest, jwk: stranger.publicJwk }])).toBe('signature_invalid at issuer_signature')
  })

  it('on another curve does not go with the algorithm', async () => {
    const { publicJwk } = await generateSigner('ES384')
    expect(await judged([{ ...honest, jwk: publicJwk }])).toBe('alg_not_allowed at issuer_trusted')
  })

  it('whose key is no point of its curve verifies nothing', async () => {
    const off = { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.x }
    expect(await judged([{ ...honest, jwk: off }])).toBe('key_invalid at issuer_trusted')
  })

  it('cannot be changed by who made it', async () => {
    const anchors: { jwk: object; issuer: string; purposes: 'credential'[] }[] = [
      { jwk: { ...stranger.publicJwk }, issuer, purposes: ['credential'] },
    ]
    const trust = trustAnchors(anchors as Anchor[])
    Object.assign(anchors[0]!.jwk, jwk)
    expect(await judged([], {}, { trust })).toBe('signature_invalid at issuer_signature')
    const [anchor] = trustAnchors([{ ...honest, passports: [guildCard] }]).anchors
    for (const part of [trust, trust.anchors, anchor!, anchor!.jwk, anchor!.purposes, anchor!.types])
      expect(Object.isFrozen(part)).toBe(true)
  })
})

describe('several anchors of one issuer', () => {
  it('are all tried, whatever their order', async () => {
    const old: Anchor = { ...honest, jwk: stranger.publicJwk }
    expect(await judged([old, honest])).toBe('accepted')
    expect(await judged([honest, old])).toBe('accepted')
    expect(await judged([old, old])).toBe('signature_invalid at issuer_signature')
  })

  it('may be on different curves', async () => {
    const { publicJwk } = await generateSigner('ES384')
    expect(await judged([{ ...honest, jwk: publicJwk }, honest])).toBe('accepted')
    expect(await judged([honest, { ...honest, jwk: publicJwk }])).toBe('accepted')
  })

  it('are told apart by the key identifier where both sides name one', async () => {
    const named = (kid: string): Anchor => ({ ...honest, jwk: { ...jwk, kid } })
    expect(await judged([named('one')], { header: { kid: 'one' } })).toBe('accepted')
    expect(await judged([named('one')])).toBe('accepted')
    expect(await judged([honest], { header: { kid: 'two' } })).toBe('accepted')
    for (const kid of ['two', '', '../one', 'ONE'])
      expect(await judged([named('one')], { header: { kid } })).toBe('issuer_key_unknown at issuer_trusted')
    for (const kid of [7, null, ['one'], { toString: 'one' }])
      expect(await judged([honest], { header: { kid } })).toBe('jws_malformed at issuer_trusted')
  })
})

describe('the issuer of a verdict', () => {
  const verdictOf = async (anchor: Anchor, payload = {}) =>
    verifySdJwtPresentation(await forge(world, { payload }), { ...expectations(world), trust: trustAnchors([anchor]) })

  it('is who the anchor says, never what the token says', async () => {
    const named = await verdictOf({ ...honest, name: 'The guild' })
    expect(named.ok && named.issuer).toStrictEqual({ id: issuer, name: 'The guild' })
    expect(named.checks.find(({ id }) => id === 'certificate_revocation')).toMatchObject({ code: 'not_present' })
    const nameless = await verdictOf({ jwk, purposes: ['credential'] }, { iss: 'https://somebody.example' })
    expect(nameless.ok && nameless.issuer).toStrictEqual({})
  })

  it('is the anchor’s where the token names none', async () => {
    const verdict = await verdictOf(honest, { iss: undefined })
    expect(verdict.ok && verdict.issuer).toStrictEqual({ id: issuer })
  })
})

describe('the issuer a verifier expects', () => {
  const refused = 'issuer_not_expected at issuer_trusted'

  it('is one of those it trusts', async () => {
    expect(await judged([honest], {}, { expectedIssuer: issuer })).toBe('accepted')
    expect(await judged([honest], {}, { expectedIssuer: ['https://a.example', issuer] })).toBe('accepted')
    expect(await judged([honest], {}, { expectedIssuer: 'https://other.example' })).toBe(refused)
    expect(await judged([], {}, { expectedIssuer: issuer })).toBe('issuer_untrusted at issuer_trusted')
  })

  it('is not vouched for by an anchor that names no issuer', async () => {
    expect(await judged([{ jwk, purposes: ['credential'] }], {}, { expectedIssuer: issuer })).toBe(refused)
  })

  it('is the one whose key verified', async () => {
    const both = [honest, { ...honest, issuer: 'https://other.example', jwk: stranger.publicJwk }]
    const changes = { payload: { iss: undefined } }
    expect(await judged(both, changes, { expectedIssuer: issuer })).toBe('accepted')
    expect(await judged(both, changes, { expectedIssuer: 'https://other.example' })).toBe(
      'signature_invalid at issuer_signature',
    )
  })
})

describe('iss', () => {
  for (const iss of [7, '', null, [issuer], { id: issuer }])
    it(`is refused when it is ${JSON.stringify(iss)}`, async () => {
      expect(await judged([honest], { payload: { iss } })).toBe('claim_malformed at issuer_trusted')
    })

  it('may be absent', async () => {
    expect(await judged([honest], { payload: { iss: undefined } })).toBe('accepted')
  })
})

type OwnName = 'root' | 'p256' | 'p384' | 'p521' | 'ed' | 'other' | 'past' | 'future' | 'edge'

const x5cEntry = (name: keyof typeof own): string => base64(certificateDer(own[name].certificate))
const signerOf = (name: OwnName): Promise<Signer> => importSigner(own[name].jwk)
const pinned = (name: OwnName): Anchor => ({ issuer, certificate: own[name].certificate, purposes: ['credential'] })

/** A presentation signed with one of our certificates' keys, with this chain in its header. */
const chained = async (name: OwnName, x5c: unknown = [x5cEntry(name)]): Promise<Changes> => ({
  signer: await signerOf(name),
  header: { x5c },
})

describe('a pinned certificate', () => {
  for (const name of ['p256', 'p384', 'p521', 'ed', 'root'] as const)
    it(`verifies what its key signed: ${name}`, async () => {
      expect(await judged([pinned(name)], await chained(name))).toBe('accepted')
    })

  it('may be pinned as DER too, and is named in the verdict', async () => {
    const certificate = certificateDer(own.p256.certificate)
    const text = await forge(world, await chained('p256'))
    const trust = trustAnchors([{ ...pinned('p256'), certificate }])
    certificate.fill(0)
    const verdict = await verifySdJwtPresentation(text, { ...expectations(world), trust })
    expect(verdict.ok && verdict.issuer).toMatchObject({ id: issuer, certificate: x5cEntry('p256') })
    expect(verdict.evidence.anchor).toMatchObject({ issuer, certificate: x5cEntry('p256') })
    expect(verdict.checks.find(({ id }) => id === 'certificate_revocation')).toMatchObject({
      outcome: 'skipped',
      code: 'certificate_revocation_not_checked',
    })
  })

  it('is the leaf itself: no other, not one it stands behind, not one it issued', async () => {
    const untrusted = 'certificate_untrusted at issuer_trusted'
    expect(await judged([pinned('p256')], await chained('other'))).toBe(untrusted)
    expect(await judged([pinned('p256')], await chained('other', [x5cEntry('other'), x5cEntry('p256')]))).toBe(
      untrusted,
    )
    expect(await judged([pinned('root')], await chained('p256', [x5cEntry('p256'), x5cEntry('root')]))).toBe(
      'certificate_not_a_ca at issuer_trusted',
    )
    const flipped = certificateDer(own.p256.certificate)
    flipped[flipped.length - 1]! ^= 1
    expect(await judged([pinned('p256')], await chained('p256', [base64(flipped)]))).toBe(untrusted)
  })

  it('that is unknown is the fault named, whatever other keys the issuer has', async () => {
    const named: Anchor = { ...honest, jwk: { ...jwk, kid: 'one' } }
    const changes = { ...(await chained('other')), header: { x5c: [x5cEntry('other')], kid: 'two' } }
    expect(await judged([named], changes)).toBe('issuer_key_unknown at issuer_trusted')
    expect(await judged([pinned('p256'), named], changes)).toBe('certificate_untrusted at issuer_trusted')
    expect(await judged([pinned('p256'), pinned('p384')], changes)).toBe('certificate_untrusted at issuer_trusted')
  })

  it('may be followed by others, which add nothing', async () => {
    expect(await judged([pinned('p256')], await chained('p256', [x5cEntry('p256'), x5cEntry('root')]))).toBe('accepted')
  })

  it('does not help a token that another key signed', async () => {
    const changes = { signer: stranger, header: { x5c: [x5cEntry('p256')] } }
    expect(await judged([pinned('p256')], changes)).toBe('signature_invalid at issuer_signature')
  })

  it('is not found where the token brings none', async () => {
    expect(await judged([pinned('p256')], { signer: await signerOf('p256') })).toBe(
      'issuer_key_unknown at issuer_trusted',
    )
  })

  it('holds for its own time, both ends included', async () => {
    expect(await judged([pinned('past')], await chained('past'))).toBe('certificate_expired at issuer_trusted')
    expect(await judged([pinned('future')], await chained('future'))).toBe(
      'certificate_not_yet_valid at issuer_trusted',
    )
    expect(await judged([pinned('edge')], await chained('edge'))).toBe('accepted')
  })

  it('speaks for its issuer alone, like any anchor', async () => {
    const changes = await chained('p256')
    expect(await judged([{ ...pinned('p256'), issuer: 'https://other.example' }], changes)).toBe(
      'issuer_untrusted at issuer_trusted',
    )
  })
})

describe('the chain in a header', () => {
  const entry = x5cEntry('p256')
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['is no list', entry, 'certificate_malformed'],
    ['is empty', [], 'certificate_malformed'],
    ['is null', null, 'certificate_malformed'],
    ['holds a number', [7], 'certificate_malformed'],
    ['holds a number behind', [entry, 7], 'certificate_malformed'],
    ['is PEM', [own.p256.certificate], 'encoding_invalid'],
    ['is base64url', [entry.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')], 'encoding_invalid'],
    ['has a line break', [`${entry.slice(0, 64)}\n${entry.slice(64)}`], 'encoding_invalid'],
    ['is not base64 behind', [entry, 'x'], 'encoding_invalid'],
    ['has six certificates', Array.from({ length: 6 }, () => entry), 'limit_exceeded'],
    ['has one of 17 KiB', [base64(new Uint8Array(17 * 1024))], 'limit_exceeded'],
    ['has one of 17 KiB behind', [entry, base64(new Uint8Array(17 * 1024))], 'limit_exceeded'],
    ['has one byte too many', [base64(new Uint8Array(16 * 1024 + 1))], 'limit_exceeded'],
    ['has one of 16 KiB that is none', [base64(new Uint8Array(16 * 1024))], 'certificate_malformed'],
  ]
  for (const [title, x5c, code] of rows)
    it(`is refused when it ${title}`, async () => {
      expect(await judged([pinned('p256')], await chained('p256', x5c))).toBe(`${code} at issuer_trusted`)
    })

  it('may have five certificates', async () => {
    const x5c = [entry, ...Array.from({ length: 4 }, () => x5cEntry('root'))]
    expect(await judged([pinned('p256')], await chained('p256', x5c))).toBe('accepted')
  })
})

describe('the signers of a status list', () => {
  const anchors: readonly Anchor[] = [
    { ...honest, purposes: ['status'], passports: [guildCard] },
    { issuer, certificate: own.past.certificate, purposes: ['status'] },
  ]
  const token = (header: object) => ({ header, payload: {}, signingInput: '', signature: new Uint8Array() }) as never
  const asked = async (
    question: { issuer?: string | undefined; type?: string; now?: Date; algorithms?: readonly AlgorithmName[] },
    header: object = { alg: 'ES256' },
    list = anchors,
  ) => {
    const {
      issuer: of,
      type,
      now,
      algorithms,
    } = { issuer, type: 'any', now: instant, algorithms: ['ES256'] as const, ...question }
    const [anchor] = trustAnchors([
      { jwk, purposes: ['credential'], ...(of === undefined ? {} : { issuer: of }) },
    ]).anchors
    try {
      const signers = statusSigners(trustAnchors(list), { signer: { anchor: anchor!, issuer: of }, type, now })
      return (await signers(jwsHints(token(header), algorithms, defaultLimits))).length
    } catch (error) {
      return (error as { code?: string }).code
    }
  }

  it('are anchors of the credential’s issuer, for this purpose and this passport', async () => {
    const refused = 'status_signer_untrusted'
    expect(await asked({ type: guildCard.vct[0]! })).toBe(1)
    expect(await asked({ type: guildCard.vct[0]! })).toBe(1)
    expect(await asked({ type: otherCard.vct[0]! })).toBe(refused)
    expect(await asked({ issuer: 'https://other.example' })).toBe(refused)
    expect(await asked({ issuer: undefined })).toBe(refused)
    expect(await asked({}, { alg: 'ES256' }, [honest])).toBe(refused)
    expect(await asked({}, { alg: 'ES256', kid: 'x' }, [{ ...anchors[0]!, jwk: { ...jwk, kid: 'y' } }])).toBe(refused)
    expect(await asked({}, { alg: 'ES256', x5c: [x5cEntry('past')] }, anchors.slice(1))).toBe(refused)
    expect(
      await asked({ now: new Date('2025-06-01') }, { alg: 'ES256', x5c: [x5cEntry('past')] }, anchors.slice(1)),
    ).toBe(1)
  })

  it('sign with an algorithm that is allowed', async () => {
    expect(await asked({}, { alg: 'ES384' })).toBe('alg_not_allowed')
    expect(await asked({}, {})).toBe('alg_not_allowed')
    expect(await asked({ algorithms: ['ES256', 'ES384'] }, { alg: 'ES384' })).toBe('status_signer_untrusted')
  })
})

describe('anchors that are malformed', () => {
  const { d: _d, ...publicPart } = own.p256.jwk
  const refused = (name: string, anchors: unknown, argument: string) =>
    it(`are a TypeError that names the argument: ${name}`, () => {
      let thrown: unknown
      try {
        trustAnchors(anchors as Anchor[])
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(TypeError)
      expect((thrown as Error).message).toContain(`\`${argument}\``)
      expect((thrown as Error).message).not.toContain(own.p256.jwk.x)
    })
  const anchor = (change: object) => [{ ...honest, ...change }]
  refused('no list', undefined, 'anchors')
  refused('an object', honest, 'anchors')
  refused('nothing in it', [null], 'anchors[0]')
  refused('text', [honest, 'x'], 'anchors[1]')
  refused('no key', [{ issuer, purposes: ['credential'] }], 'anchors[0]')
  refused('two keys', anchor({ certificate: own.p256.certificate }), 'anchors[0]')
  refused('a private key', anchor({ jwk: own.p256.jwk }), 'anchors[0].jwk')
  refused('a symmetric key', anchor({ jwk: { kty: 'oct', k: 'AAAA' } }), 'anchors[0].jwk')
  refused('half a key', anchor({ jwk: { ...publicPart, y: undefined } }), 'anchors[0].jwk')
  refused('an unknown member', anchor({ kid: 'x' }), 'anchors[0].kid')
  refused('no purpose', anchor({ purposes: undefined }), 'anchors[0].purposes')
  refused('an empty purpose', anchor({ purposes: [] }), 'anchors[0].purposes')
  refused('a purpose as text', anchor({ purposes: 'credential' }), 'anchors[0].purposes')
  refused('an unknown purpose', anchor({ purposes: ['credential', 'all'] }), 'anchors[0].purposes')
  for (const text of ['', 7, '\ud800', null]) {
    refused(`issuer ${JSON.stringify(text)}`, anchor({ issuer: text }), 'anchors[0].issuer')
    refused(`name ${JSON.stringify(text)}`, anchor({ name: text }), 'anchors[0].name')
  }
  for (const time of [
    '',
    'tomorrow',
    '2026',
    '2026-03-01',
    '2026-03-01T12:00Z',
    '2026-02-30T12:00:00Z',
    '2026-03-01T25:00:00Z',
    7,
    new Date(Number.NaN),
    null,
  ]) {
    refused(`from ${String(time)}`, anchor({ from: time }), 'anchors[0].from')
    refused(`until ${String(time)}`, anchor({ until: time }), 'anchors[0].until')
  }
  for (const passports of ['x', {}, [null], ['guild-card'], [{ vct: 'x', docType: [] }], [{ vct: [] }]])
    refused(`passports ${JSON.stringify(passports)}`, anchor({ passports }), 'anchors[0].passports')
  refused(
    'a certificate over another curve',
    [{ issuer, certificate: own.koblitz.certificate, purposes: ['credential'] }],
    'anchors[0].certificate',
  )
  refused('a profile of no certificate', anchor({ certificateProfile: 'iaca' }), 'anchors[0]')
  refused('revocation lists of no certificate', anchor({ crls: [] }), 'anchors[0]')
  const certified = (change: object) => [
    { issuer, certificate: own.root.certificate, purposes: ['credential'], ...change },
  ]
  refused('an unknown profile', certified({ certificateProfile: 'web' }), 'anchors[0].certificateProfile')
  refused('revocation lists that are no list', certified({ crls: 'x' }), 'anchors[0].crls')
  refused('a revocation list that is none', certified({ crls: [new Uint8Array(9)] }), 'anchors[0].crls[0]')
  for (const certificate of ['', 'x', 7, new Uint8Array(), `${own.p256.certificate}${own.other.certificate}`])
    refused(
      `a certificate that is none (${String(certificate).length})`,
      [{ issuer, certificate, purposes: ['credential'] }],
      'anchors[0].certificate',
    )
})
