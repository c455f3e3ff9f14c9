/** Signers below an authority, for both formats and their status lists: whose word counts, for whom, and until when. */
import { describe, expect, it } from 'vitest'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64 } from '../../src/core/bytes.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import type { SignerHints } from '../../src/core/signer-hints.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { credentialSigners, statusSigners } from '../../src/verification/signers.js'
import { type Anchor, trustAnchors } from '../../src/verification/trust.js'
import { verifyPresentation } from '../../src/verification/verify.js'
import { type Authority, chained, makeAuthority, named, signerExtensions, signerName } from '../certificates.js'
import { commonName, country, extension, keyUsage, nameOf, type Parts } from '../core/x509-craft.js'
import { type Changes, forge } from '../forge.js'
import { harbourPass } from '../harbour.js'
import { forgeMdoc, makeMdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { expectRefusal, summary } from '../refusal.js'
import { expectations, guildCard, instant, issuer, makeWorld } from '../world.js'

const tokens = await makeWorld()
const mdocs = await makeMdocWorld()
const root = await makeAuthority()
const other = await makeAuthority()

const x5cOf = ({ x5c = [] }: Signer) => x5c.map(pem => base64(certificateDer(pem)))

/** The verdict on a token that this signer signed, its chain in the header. */
async function token(signer: Signer, anchors: readonly Anchor[], changes: Changes = {}, demands: object = {}) {
  const text = await forge(tokens, { signer, header: { x5c: x5cOf(signer) }, ...changes })
  const verdict = await verifySdJwtPresentation(text, {
    ...expectations(tokens),
    trust: trustAnchors(anchors),
    ...demands,
  })
  if (!verdict.ok) expectRefusal(verdict, text)
  return verdict
}

async function mdoc(signer: Signer, anchors: readonly Anchor[], demands: object = {}) {
  const input = await forgeMdoc(mdocs, { signer })
  const verdict = await verifyMdocPresentation(input, {
    ...mdocExpectations(mdocs),
    trust: trustAnchors(anchors),
    ...demands,
  })
  if (!verdict.ok) expectRefusal(verdict, input)
  return verdict
}

const naming = (...names: readonly Uint8Array[]): Parts => ({ extensions: signerExtensions(...names) })
const iss = (value: string | undefined): Changes => ({ payload: { iss: value } })

describe('a chain in a header', () => {
  it.each([[7], [null], ['MIIB'], [{}], [{ length: 1 }], [[]], [[7]], [[null]], [[['MIIB']]]])(
    'is not %j',
    async x5c => {
      const text = await forge(tokens, { header: { x5c } })
      const verdict = await verifySdJwtPresentation(text, expectations(tokens))
      expect(summary(verdict)).toBe('certificate_malformed at issuer_trusted')
      expect(verdict.checks.find(({ id }) => id === 'issuer_trusted')?.at).toBe('x5c')
    },
  )
})

describe('a signer under an authority', async () => {
  const signer = await root.signer(naming(named.uri(issuer)))

  it('signs credentials of either format', async () => {
    for (const verdict of [await token(signer, [root.anchor()]), await mdoc(signer, [root.anchor()])])
      expect(summary(verdict)).toBe('accepted')
  })

  it('is found among several anchors, in whatever order', async () => {
    const anchors = [other.anchor(), { jwk: tokens.signer.publicJwk, purposes: ['credential'] as const }, root.anchor()]
    for (const list of [anchors, anchors.toReversed()]) {
      expect(summary(await token(signer, list))).toBe('accepted')
      expect(summary(await mdoc(signer, list))).toBe('accepted')
    }
  })

  it('is refused where its authority is believed for something else', async () => {
    const refused = 'issuer_untrusted at issuer_trusted'
    const unlike: readonly Partial<Anchor>[] = [
      { purposes: ['status', 'log', 'reader'] },
      { passports: [{ vct: ['x'], docType: ['x'] }] },
      { until: '2026-03-01T11:59:59Z' },
      { from: '2026-03-01T12:00:01Z' },
    ]
    for (const changes of unlike)
      for (const verdict of [await token(signer, [root.anchor(changes)]), await mdoc(signer, [root.anchor(changes)])])
        expect(summary(verdict)).toBe(refused)
    const both = [guildCard, harbourPass]
    expect(summary(await mdoc(signer, [root.anchor({ passports: both })]))).toBe('accepted')
  })

  it('is refused with the most telling reason, whichever anchor comes first', async () => {
    const late = await root.signer({ ...naming(named.uri(issuer)), notAfter: new Date('2026-02-01T00:00:00Z') })
    const elsewhere = await makeAuthority({ issuer: signerName, subject: signerName })
    for (const anchors of [
      [root.anchor(), elsewhere.anchor()],
      [elsewhere.anchor(), root.anchor()],
    ])
      expect(summary(await mdoc(late, anchors))).toBe('certificate_expired at issuer_trusted')
    const key: Anchor = { jwk: (await generateSigner('ES384')).publicJwk, purposes: ['credential'] }
    for (const anchors of [
      [root.anchor(), key],
      [key, root.anchor()],
    ])
      expect(summary(await mdoc(late, anchors))).toBe('certificate_expired at issuer_trusted')
  })
})

describe('the issuer of a token', () => {
  const mismatch = 'issuer_certificate_mismatch at issuer_trusted'
  const judged = async (parts: Parts, anchor: Partial<Anchor> = {}, changes: Changes = {}) => {
    const verdict = await token(await root.signer(parts), [root.anchor(anchor)], changes)
    return verdict.ok ? verdict.issuer.id : summary(verdict)
  }

  it('is the one that the certificate names by URI, to the letter', async () => {
    expect(await judged(naming(named.uri(issuer)))).toBe(issuer)
    for (const uri of [`${issuer}/`, issuer.toUpperCase(), 'https://other.example', 'http://passport.example'])
      expect(await judged(naming(named.uri(uri)))).toBe(mismatch)
  })

  it('is one on the host that the certificate names', async () => {
    expect(await judged(naming(named.dns('passport.example')))).toBe(issuer)
    expect(await judged(naming(named.dns('PASSPORT.example')))).toBe(issuer)
    expect(await judged(naming(named.dns('passport.example')), {}, iss('https://passport.example/tenant'))).toBe(
      'https://passport.example/tenant',
    )
    for (const host of ['*.example', 'example', 'other.example', 'passport.example.org'])
      expect(await judged(naming(named.dns(host)))).toBe(mismatch)
    expect(await judged(naming(named.dns('passport.example')), {}, iss('http://passport.example'))).toBe(mismatch)
    expect(await judged(naming(named.dns('passport.example')), {}, iss('https://passport.example.org'))).toBe(mismatch)
  })

  it('is the anchor’s where the certificate names none, and nobody’s where neither does', async () => {
    expect(await judged(naming(), { issuer })).toBe(issuer)
    expect(await judged(naming())).toBe(mismatch)
    expect(await judged(naming(), {}, iss(undefined))).toBe(undefined)
    expect(await judged(naming(), { issuer }, iss(undefined))).toBe(issuer)
  })

  it('is not the anchor’s where the certificate names another', async () => {
    expect(await judged(naming(named.uri('https://other.example')), { issuer })).toBe(mismatch)
    expect(await judged(naming(named.uri('https://other.example')), { issuer }, iss('https://other.example'))).toBe(
      'issuer_untrusted at issuer_trusted',
    )
  })

  it('is what a verifier expects, or the token is refused', async () => {
    const signer = await root.signer(naming(named.uri(issuer)))
    const expecting = async (expectedIssuer: string, by: Signer = signer, changes: Changes = {}) =>
      summary(await token(by, [root.anchor()], changes, { expectedIssuer }))
    expect(await expecting(issuer)).toBe('accepted')
    expect(await expecting('https://other.example')).toBe('issuer_not_expected at issuer_trusted')
    expect(await expecting(issuer, await root.signer(), iss(undefined))).toBe('issuer_not_expected at issuer_trusted')
  })

  it('is the one that the certificate names, where nobody claims one', async () => {
    const signer = await root.signer(naming(named.uri(issuer)))
    for (const verdict of [
      await mdoc(signer, [root.anchor()], { expectedIssuer: issuer }),
      await token(signer, [root.anchor()], iss(undefined), { expectedIssuer: issuer }),
    ])
      expect(verdict.ok && verdict.issuer.id).toBe(issuer)
    const ofTwo = await root.signer(naming(named.uris(issuer, 'https://other.example')))
    expect(await mdoc(ofTwo, [root.anchor()])).toMatchObject({
      ok: true,
      issuer: expect.not.objectContaining({ id: issuer }),
    })
  })

  it('is the anchor’s for an mdoc, which names none itself', async () => {
    const signer = await root.signer()
    const verdict = await mdoc(signer, [root.anchor({ issuer })], { expectedIssuer: issuer })
    expect(verdict.ok && verdict.issuer.id).toBe(issuer)
    expect(summary(await mdoc(signer, [root.anchor()], { expectedIssuer: issuer }))).toBe(
      'issuer_not_expected at issuer_trusted',
    )
    const unlike = await root.signer(naming(named.uri('https://other.example')))
    expect(summary(await mdoc(unlike, [root.anchor({ issuer })]))).toBe('issuer_certificate_mismatch at issuer_trusted')
  })

  it('is the anchor’s when the certificate is pinned, whatever it names', async () => {
    const signer = await root.signer(naming(named.uri('https://other.example')))
    const certificate = signer.x5c![0]!
    const pinned: Anchor = { certificate, issuer, purposes: ['credential'] }
    const known = await token(signer, [pinned])
    expect(known.ok && known.issuer.id).toBe(issuer)
    const unnamed: Anchor = { certificate, purposes: ['credential'] }
    const verdict = await token(signer, [unnamed])
    expect([summary(verdict), verdict.ok && verdict.issuer.id]).toEqual(['accepted', undefined])
  })

  it('is asked anew for each issuer, though the path is known', async () => {
    const [signer, trust] = [await root.signer(naming(named.uri(issuer))), trustAnchors([root.anchor()])]
    const judged = async (by: string) => summary(await token(signer, [], iss(by), { trust }))
    expect([await judged(issuer), await judged('https://other.example')]).toEqual(['accepted', mismatch])
  })
})

describe('revocation', async () => {
  const signer = await root.signer(naming(named.uri(issuer)))
  const check = (verdict: Awaited<ReturnType<typeof mdoc>> | Awaited<ReturnType<typeof token>>) => {
    const { outcome, code, at } = verdict.checks.find(({ id }) => id === 'certificate_revocation')!
    return [verdict.ok, outcome, code, at].join(' ')
  }
  const judged = async (crls: readonly Uint8Array[] | undefined, now = instant) => {
    const anchors = [root.anchor({ crls })]
    const verdicts = [
      await token(signer, anchors, {}, { now: () => now }),
      await mdoc(signer, anchors, { now: () => now }),
    ]
    const told = verdicts.map(check)
    expect(told[0]).toBe(told[1])
    return told[0]
  }
  const unknown = (at: string) => `false failed certificate_revocation_unknown leaf.${at}`

  it('is not asked without lists, and the verdict says so', async () => {
    expect(await judged(undefined)).toBe('true skipped certificate_revocation_not_checked ')
  })

  it('is asked of the authority’s own list', async () => {
    expect(await judged([await root.crl([])])).toBe('true passed  ')
    expect(await judged([await root.crl([8])])).toBe('true passed  ')
    expect(await judged([await root.crl([7])])).toBe('false failed certificate_revoked leaf')
    expect(await judged([await root.crl([]), await root.crl([7])])).toBe('false failed certificate_revoked leaf')
  })

  it('is unknown where no list says', async () => {
    expect(await judged([])).toBe(unknown('crl'))
    expect(await judged([await other.crl([])])).toBe(unknown('signature'))
    expect(await judged([await root.crl([], { until: new Date('2026-02-28T00:00:00Z') })])).toBe(unknown('nextUpdate'))
    expect(await judged([await root.crl([], { from: new Date('2026-03-02T00:00:00Z') })])).toBe(unknown('thisUpdate'))
  })

  it('is not asked of a key or a pinned certificate', async () => {
    const jwk: Anchor = { jwk: signer.publicJwk, purposes: ['credential'] }
    expect(check(await mdoc(signer, [jwk]))).toBe('true skipped not_present ')
    const pinned: Anchor = { certificate: signer.x5c![0]!, purposes: ['credential'], crls: [await root.crl([7])] }
    expect(check(await mdoc(signer, [pinned]))).toBe('true skipped certificate_revocation_not_checked ')
  })
})

describe('a path that was found before', () => {
  it('does not outlive its dates', async () => {
    const until = new Date('2026-06-01T00:00:00Z')
    const signer = await root.signer({ ...naming(named.uri(issuer)), notAfter: until })
    const trust = trustAnchors([root.anchor()])
    const input = await forgeMdoc(mdocs, { signer })
    const at = async (time: string) =>
      summary(await verifyMdocPresentation(input, { ...mdocExpectations(mdocs), trust, now: () => new Date(time) }))
    const [expired, early] = ['certificate_expired at issuer_trusted', 'certificate_not_yet_valid at issuer_trusted']
    expect(await at('2026-05-01T00:00:00Z')).toBe('accepted')
    expect(await at('2026-06-01T00:00:01Z')).toBe(expired)
    expect(await at('2025-12-31T23:59:59Z')).toBe(early)
    expect(await at('2026-05-01T00:00:00Z')).toBe('accepted')
  })

  it('is not taken for another use', async () => {
    const signer = await root.signer({ extensions: [keyUsage(0x80, 7)] })
    const demands = { ...mdocExpectations(mdocs), trust: trustAnchors([root.anchor()]) }
    const strict = { ...demands, expectedPassport: { ...harbourPass, certificateProfile: 'iaca' as const } }
    const input = await forgeMdoc(mdocs, { signer })
    const refused = 'certificate_extended_key_usage at issuer_trusted'
    for (const [asked, outcome] of [
      [demands, 'accepted'],
      [strict, refused],
      [demands, 'accepted'],
    ] as const)
      expect(summary(await verifyMdocPresentation(input, asked))).toBe(outcome)
  })

  it('is not taken for another chain', async () => {
    const signer = await root.signer()
    const sibling = await other.signer()
    const trust = trustAnchors([root.anchor()])
    const judged = async (by: Signer) =>
      summary(
        await verifyMdocPresentation(await forgeMdoc(mdocs, { signer: by }), { ...mdocExpectations(mdocs), trust }),
      )
    expect(await judged(signer)).toBe('accepted')
    expect(await judged(sibling)).toBe('certificate_signature_invalid at issuer_trusted')
    expect(await judged({ ...sibling, x5c: signer.x5c! })).toBe('signature_invalid at issuer_signature')
    const leaf = certificateDer(signer.x5c![0]!)
    expect(await judged(chained(signer, leaf, new Uint8Array(100)))).toBe('certificate_malformed at issuer_trusted')
    expect(await judged(signer)).toBe('accepted')
    expect(await judged(chained(signer, leaf, root.certificate))).toBe('accepted')
    expect(await judged(chained(signer, leaf, new Uint8Array(100)))).toBe('certificate_malformed at issuer_trusted')
  })

  it('is one of many, and the oldest are forgotten, not confused', async () => {
    const trust = trustAnchors([root.anchor()])
    const signers = await Promise.all(Array.from({ length: 40 }, () => root.signer()))
    for (const signer of [...signers, ...signers.slice(0, 3)])
      expect(
        summary(
          await verifyMdocPresentation(await forgeMdoc(mdocs, { signer }), { ...mdocExpectations(mdocs), trust }),
        ),
      ).toBe('accepted')
  })

  it('does not come before its leaf does', async () => {
    const signer = await root.signer({ notBefore: new Date('2026-02-15T00:00:00Z') })
    const demands = { ...mdocExpectations(mdocs), trust: trustAnchors([root.anchor()]) }
    const input = await forgeMdoc(mdocs, { signer })
    const at = async (time: string) =>
      summary(await verifyMdocPresentation(input, { ...demands, now: () => new Date(time) }))
    expect(await at('2026-03-01T12:00:00Z')).toBe('accepted')
    expect(await at('2026-02-14T23:59:59Z')).toBe('certificate_not_yet_valid at issuer_trusted')
  })
})

describe('a chain that leads nowhere', () => {
  it('is read once, however many anchors it is held against', async () => {
    const names = Array.from({ length: 200 }, (_, index) => nameOf(commonName(`Root ${index}`)))
    const roots = await Promise.all(names.map(name => makeAuthority({ signer: root.key, issuer: name, subject: name })))
    const many = Array.from({ length: 900 }, (_, index) => extension(`1.2.3.${index}`, new Uint8Array(2)))
    const large = await root.signer({ extensions: signerExtensions(...many) })
    const [certificate] = large.x5c!
    const [head, malformed] = [certificateDer(certificate!), certificateDer(certificate!)]
    malformed[malformed.length - 100]! ^= 0xff
    const trust = trustAnchors(roots.map(authority => authority.anchor()))
    for (const last of [head, malformed]) {
      const signer = chained(large, head, head, head, head, last)
      const input = await forgeMdoc(mdocs, { signer })
      let taken = Number.POSITIVE_INFINITY
      for (let again = 0; again < 5 && taken > 250; again++) {
        const start = performance.now()
        const verdict = await verifyMdocPresentation(input, { ...mdocExpectations(mdocs), trust })
        taken = Math.min(taken, performance.now() - start)
        expect(summary(verdict)).toMatch(/^certificate_(untrusted|malformed) at issuer_trusted$/)
      }
      expect(taken).toBeLessThan(250)
    }
  })
})

describe('who may sign the status list of a credential', async () => {
  const signer = await root.signer(naming(named.uri(issuer)))
  const statusOf = async (authority: Authority, parts: Parts = {}) => authority.signer(parts)
  const hintsOf = ({ publicJwk, x5c = [] }: Signer): SignerHints => ({
    algorithms: [algorithmOfCurve(publicJwk.crv)],
    keyId: undefined,
    x5c: x5c.length === 0 ? undefined : x5c.map(certificateDer),
  })

  /** How many keys are believed for the list of a credential that `signer` signed, or the refusal. */
  async function believed(
    anchors: readonly Anchor[],
    list: Signer,
    claimed?: string,
  ): Promise<number | string | undefined> {
    const trust = trustAnchors(anchors)
    const type = 'example.harbour.pass.1'
    const question = { issuer: claimed, type, profile: harbourPass }
    const policy = { trust, expectedIssuers: undefined, now: instant, limits: defaultLimits }
    const [of] = await credentialSigners(hintsOf(signer), question, policy)
    try {
      return (await statusSigners(trust, { signer: of!, type, now: instant })(hintsOf(list))).length
    } catch (error) {
      return (error as { code?: string }).code
    }
  }
  const refused = 'status_signer_untrusted'
  const forBoth: Partial<Anchor> = { purposes: ['credential', 'status'] }
  const forStatus: Partial<Anchor> = { purposes: ['status'] }

  it('is a signer of its own authority', async () => {
    expect(await believed([root.anchor(forBoth)], await statusOf(root))).toBe(1)
    expect(await believed([root.anchor(forBoth)], signer)).toBe(1)
    expect(await believed([root.anchor()], await statusOf(root))).toBe(refused)
    const iaca = root.anchor({ ...forBoth, certificateProfile: 'iaca' })
    expect(await believed([iaca], await statusOf(root, { extensions: [keyUsage(0x80, 7)] }))).toBe(1)
  })

  it('is not another unnamed authority that signs credentials of its own', async () => {
    expect(await believed([root.anchor(forBoth), other.anchor(forBoth)], await statusOf(other))).toBe(refused)
    expect(await believed([root.anchor(), other.anchor(forBoth)], await statusOf(other))).toBe(refused)
  })

  it('is an unnamed authority for statuses alone', async () => {
    expect(await believed([root.anchor(), other.anchor(forStatus)], await statusOf(other))).toBe(1)
  })

  it('is an anchor of the same issuer, and of no other', async () => {
    const own = { issuer }
    expect(await believed([root.anchor(own), other.anchor({ ...forStatus, ...own })], await statusOf(other))).toBe(1)
    expect(
      await believed(
        [root.anchor(own), other.anchor({ ...forStatus, issuer: 'https://other.example' })],
        await statusOf(other),
      ),
    ).toBe(refused)
    expect(await believed([root.anchor(own), other.anchor(forStatus)], await statusOf(other))).toBe(refused)
    expect(await believed([root.anchor(), other.anchor({ ...forStatus, ...own })], await statusOf(other))).toBe(refused)
  })

  it('names the issuer that the credential claims, where its authority has no name', async () => {
    const under = [root.anchor(forBoth)]
    expect(await believed(under, await statusOf(root, naming(named.uri(issuer))), issuer)).toBe(1)
    expect(await believed(under, await statusOf(root, naming(named.uri('https://other.example'))), issuer)).toBe(
      refused,
    )
    expect(await believed(under, await statusOf(root), issuer)).toBe(refused)
  })

  it('is current, and on a path that holds', async () => {
    const under = [root.anchor(forBoth)]
    expect(await believed(under, await statusOf(root, { notAfter: new Date('2026-02-01T00:00:00Z') }))).toBe(refused)
    expect(await believed(under, { ...(await statusOf(root)), x5c: [] })).toBe(refused)
    expect(await believed([root.anchor(forBoth)], await statusOf(other))).toBe(refused)
  })
})

describe('the signer of a status list', async () => {
  const crls = async (serials: readonly number[]) => [await root.crl(serials)]
  const hints = ({ publicJwk, x5c = [] }: Signer): SignerHints => ({
    algorithms: [algorithmOfCurve(publicJwk.crv)],
    x5c: x5c.map(certificateDer),
  })
  const list = await root.signer()
  const believed = async (anchor: Anchor, status: Anchor = anchor) => {
    const trust = trustAnchors(anchor === status ? [anchor] : [anchor, status])
    const signer = { anchor: trust.anchors[0]!, issuer: undefined }
    const asked = statusSigners(trust, { signer, type: 'any', now: instant })
    return asked(hints(list)).then(
      keys => keys.length,
      (error: { code?: string }) => error.code,
    )
  }
  const both = { purposes: ['credential', 'status'] } as const

  it('is not believed once its certificate is revoked, or when nobody knows', async () => {
    expect(await believed(root.anchor({ ...both, crls: await crls([]) }))).toBe(1)
    const serials = Array.from({ length: 128 }, (_, serial) => serial)
    expect(await believed(root.anchor({ ...both, crls: await crls(serials) }))).toBe('status_signer_untrusted')
    expect(await believed(root.anchor({ ...both, crls: [await other.crl([])] }))).toBe('status_signer_untrusted')
  })

  it('has no say over the credentials of another country', async () => {
    const abroad = await makeAuthority({ subject: nameOf(country('XX'), commonName('Root')) })
    const neighbour = await makeAuthority({ subject: nameOf(commonName('Root')) })
    for (const [credentials, answer] of [
      [abroad, 'status_signer_untrusted'],
      [neighbour, 1],
      [other, 1],
    ] as const)
      expect(await believed(credentials.anchor(), root.anchor({ purposes: ['status'] }))).toBe(answer)
  })
})

describe('verifyPresentation', () => {
  it('takes either format under one root', async () => {
    const signer = await root.signer(naming(named.uri(issuer)))
    const demands = {
      ...expectations(tokens),
      ...mdocExpectations(mdocs),
      trust: trustAnchors([root.anchor()]),
      expectedPassport: [guildCard, harbourPass],
    }
    const text = await forge(tokens, { signer, header: { x5c: x5cOf(signer) } })
    expect(summary(await verifyPresentation(text, demands))).toBe('accepted')
    expect(summary(await verifyPresentation(await forgeMdoc(mdocs, { signer }), demands))).toBe('accepted')
  })
})
