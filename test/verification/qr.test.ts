/** QR codes from the issuer to the verdict and the archive, and what a counter can know without a request. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { logIssuance } from '../../src/audit/issuance.js'
import { openAuditLog } from '../../src/audit/log.js'
import { canonicalJson } from '../../src/core/canonical-json.js'
import { generateSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import type { LogIssuance } from '../../src/credential/logging.js'
import { issueQrCredential } from '../../src/credential/qr.js'
import { readHeld } from '../../src/formats/qr/held.js'
import { logProofLabel } from '../../src/formats/tlog/logged.js'
import { profileOf } from '../../src/passport/definition.js'
import { presentQr } from '../../src/presentation/qr.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { statusChecker } from '../../src/status/checker.js'
import { openStatusRegistry } from '../../src/status/registry.js'
import { memoryStore } from '../../src/store/memory.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import type { Check } from '../../src/verification/checks.js'
import { verifyQrPresentation } from '../../src/verification/qr.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { trustAnchors } from '../../src/verification/trust.js'
import type { Verdict } from '../../src/verification/verdict.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { explain } from '../../src/wording/explain.js'
import { russian } from '../../src/wording/russian.js'
import { digest } from '../forge.js'
import { forgeQr, makeQrWorld, qrExpectations } from '../qr-forge.js'
import { summary } from '../refusal.js'
import { audience, guildCard, instant, issuer, makeWorld, nonce, now, record, seconds } from '../world.js'

const world = await makeQrWorld()
const demands = qrExpectations(world)
const issuing = { issuer, signer: world.signer, holderKey: world.holder.publicJwk, now }
const credential = await issueQrCredential(guildCard, record, issuing)
const shown = { passport: guildCard, disclose: ['familyName', 'ageOver18'] } as const
const present = (to: object = {}, of = credential) => presentQr(of, { ...shown, signer: world.holder, now, ...to })
const request = { audience, nonce }
const asked = { expectedAudience: audience, expectedNonce: nonce }
const later = (age: number) => () => new Date(instant.getTime() + age * 1000)

const checkOf = (verdict: Verdict, id: Check['id']) => verdict.checks.find(check => check.id === id)

describe('a QR code', () => {
  it('is verified for what it shows, with who issued it and who holds it', async () => {
    const verdict = await verifyQrPresentation(await present(), { ...demands, require: ['familyName'] })
    expect(verdict).toMatchObject({
      ok: true,
      passport: 'guild-card',
      format: 'qr',
      issuer: { id: issuer },
      holderKey: world.holder.publicJwk,
      claims: { familyName: 'Specimen', ageOver18: true },
      otherClaims: {},
      validUntil: new Date((seconds + 365 * 24 * 3600) * 1000),
      status: { checked: false },
    })
    if (!verdict.ok) return
    expect(Object.keys(verdict.claims).sort()).toEqual(['ageOver18', 'familyName'])
    expectTypeOf(verdict.claims.familyName).toEqualTypeOf<string>()
    expectTypeOf(verdict.claims.ageOver18).toEqualTypeOf<boolean | undefined>()
  })

  it('says that copies cannot be told where nobody asked for it', async () => {
    const verdict = await verifyQrPresentation(await present(), demands)
    expect(checkOf(verdict, 'key_binding_nonce')).toMatchObject({ outcome: 'skipped', code: 'replay_not_checked' })
    expect(checkOf(verdict, 'key_binding_audience')).toMatchObject({ outcome: 'skipped', code: 'not_requested' })
    expect(explain(verdict, russian)).toContain('Ответ на')
    expect(explain(checkOf(verdict, 'key_binding_nonce')!, russian)).toContain('копия')
  })

  it('that is shown twice within its age passes twice: only a nonce tells copies', async () => {
    const text = await present()
    for (const age of [0, 30, 60])
      expect(await verifyQrPresentation(text, { ...demands, clockTolerance: 0, now: later(age) })).toMatchObject({
        ok: true,
      })
    const verdict = await verifyQrPresentation(text, { ...demands, clockTolerance: 0, now: later(61) })
    expect(summary(verdict)).toBe('key_binding_too_old at key_binding_time')
    expect(checkOf(verdict, 'key_binding_time')).toMatchObject({ expected: 60, actual: 61 })
  })

  it('answers a request, and no other', async () => {
    const text = await present(request)
    expect(await verifyQrPresentation(text, { ...demands, ...asked })).toMatchObject({ ok: true })
    expect(checkOf(await verifyQrPresentation(text, { ...demands, ...asked }), 'key_binding_nonce')?.outcome).toBe(
      'passed',
    )
    const other = { ...demands, ...asked, expectedNonce: 'nonce-of-the-next' }
    expect(summary(await verifyQrPresentation(text, other))).toBe('key_binding_nonce_mismatch at key_binding_nonce')
    expect(summary(await verifyQrPresentation(text, demands))).toBe(
      'key_binding_audience_mismatch at key_binding_audience',
    )
    expect(summary(await verifyQrPresentation(await present(), { ...demands, ...asked }))).toBe(
      'key_binding_audience_mismatch at key_binding_audience',
    )
  })

  it('is one of the formats that a verifier takes by its expectations', async () => {
    const text = await present()
    expect(await verifyPresentation(text, demands)).toMatchObject({ ok: true, format: 'qr' })
    expect(await verifyPresentation(await present(request), { ...demands, ...asked })).toMatchObject({ ok: true })
    const { expectedQr: _qr, ...others } = demands
    expect(summary(await verifyPresentation(text, { ...others, ...asked }))).toBe('format_not_expected at format')
  })

  it('is not the only one: with a request the sender may send an SD-JWT', async () => {
    const { presentation, anchor } = await makeWorld()
    const either = { ...demands, ...asked, trust: trustAnchors([anchor]) }
    expect(await verifyPresentation(presentation, either)).toMatchObject({ ok: true, format: 'dc+sd-jwt' })
    expect(summary(await verifyPresentation(presentation, { ...demands, trust: either.trust }))).toBe(
      'format_not_expected at format',
    )
  })

  it('is held to its own age, whatever other formats are held to', async () => {
    const text = await present(request)
    const patient = { ...demands, ...asked, maxPresentationAge: 3600, clockTolerance: 0 }
    expect(summary(await verifyPresentation(text, { ...patient, now: later(61) }))).toBe(
      'key_binding_too_old at key_binding_time',
    )
  })

  it.each(['ES384', 'Ed25519'] as const)('is signed with %s as well', async alg => {
    const others = await makeQrWorld(alg)
    const of = await issueQrCredential(guildCard, record, {
      ...issuing,
      signer: others.signer,
      holderKey: others.holder.publicJwk,
    })
    const text = await presentQr(of, { ...shown, signer: others.holder, now })
    expect(await verifyQrPresentation(text, qrExpectations(others))).toMatchObject({ ok: true })
    const algorithms = ['ES256'] as const
    expect(summary(await verifyQrPresentation(text, { ...qrExpectations(others), algorithms }))).toBe(
      'alg_not_allowed at issuer_trusted',
    )
  })

  it('carries the certificate of a signer that has one', async () => {
    const { signer, anchor } = await developmentIssuer({ issuer, now })
    const of = await issueQrCredential(guildCard, record, { ...issuing, signer })
    const verdict = await verifyQrPresentation(await present({}, of), { ...demands, trust: trustAnchors([anchor]) })
    expect(verdict).toMatchObject({ ok: true, issuer: { id: issuer, country: 'UT' } })
    expect(checkOf(verdict, 'certificate_revocation')).toMatchObject({ code: 'certificate_revocation_not_checked' })
  })

  it('is refused when its own holder shows what the holder keeps', async () => {
    const verdict = await verifyQrPresentation(credential, demands)
    expect(summary(verdict)).toBe('key_binding_missing at key_binding')
    expect(JSON.stringify(verdict)).not.toContain('Specimen')
  })
})

describe('a QR credential', () => {
  const { expectedQr: _qr, ...wallet } = demands

  it('is verified by the wallet that receives it, in whole', async () => {
    const verdict = await verifyCredential(credential, { ...wallet, expectedHolderKey: world.holder.publicJwk })
    expect(verdict).toMatchObject({ ok: true, format: 'qr', claims: { ...record, ageOver18: true } })
    expect(checkOf(verdict, 'key_binding')).toMatchObject({ outcome: 'skipped', code: 'not_requested' })
  })

  it('that is bound to another key is refused', async () => {
    const { publicJwk } = await generateSigner('ES256')
    expect(summary(await verifyCredential(credential, { ...wallet, expectedHolderKey: publicJwk }))).toBe(
      'holder_key_mismatch at holder_key',
    )
  })

  it('that was presented must have been presented rightly all the same', async () => {
    const text = await present(request)
    const verdict = await verifyCredential(text, wallet)
    expect(verdict).toMatchObject({ ok: true })
    expect(checkOf(verdict, 'key_binding_signature')?.outcome).toBe('passed')
    expect(checkOf(verdict, 'key_binding_nonce')).toMatchObject({ outcome: 'skipped', code: 'not_requested' })
    expect(summary(await verifyCredential(text, { ...wallet, now: later(361) }))).toBe(
      'key_binding_too_old at key_binding_time',
    )
  })
})

describe('options', () => {
  const misused = (options: object) => verifyQrPresentation('', options as never)

  it.each([
    ['no freshness at all', { expectedQr: undefined }, TypeError, 'expectedQr'],
    ['a freshness that is a number', { expectedQr: 60 }, TypeError, 'expectedQr'],
    ['no age', { expectedQr: {} }, TypeError, 'expectedQr.maxAge'],
    ['more than five minutes', { expectedQr: { maxAge: 301 } }, RangeError, 'expectedQr.maxAge'],
    ['less than nothing', { expectedQr: { maxAge: -1 } }, RangeError, 'expectedQr.maxAge'],
    ['an age that is text', { expectedQr: { maxAge: '60' } }, RangeError, 'expectedQr.maxAge'],
    ['an age that is no number', { expectedQr: { maxAge: Number.NaN } }, RangeError, 'expectedQr.maxAge'],
    ['an audience without a nonce', { expectedAudience: audience }, TypeError, 'expectedNonce'],
    ['a nonce without an audience', { expectedNonce: nonce }, TypeError, 'expectedAudience'],
    ['an empty nonce', { expectedAudience: audience, expectedNonce: '' }, TypeError, 'expectedNonce'],
    ['no trust', { trust: undefined }, TypeError, 'trust'],
    ['no word on the status', { status: undefined }, TypeError, 'status'],
  ])('refuse %s', async (_, change, error, argument) => {
    const attempt = misused({ ...demands, ...change })
    await expect(attempt).rejects.toThrow(error)
    await expect(attempt).rejects.toThrow(`\`${argument}\``)
  })

  it('are asked of every verify function alike', async () => {
    const attempt = verifyPresentation('', { ...demands, expectedQr: { maxAge: 301 } })
    await expect(attempt).rejects.toThrow(RangeError)
    expect(await verifyQrPresentation('', { ...demands, expectedQr: { maxAge: 300 } })).toMatchObject({ ok: false })
  })

  it('do not compile without a freshness, nor with half a request', async () => {
    const { expectedQr: _qr, ...others } = demands
    // @ts-expect-error a QR code is taken for its age
    await expect(verifyQrPresentation('', others)).rejects.toThrow(TypeError)
    // @ts-expect-error an audience comes with its nonce
    await expect(verifyQrPresentation('', { ...demands, expectedAudience: audience })).rejects.toThrow(TypeError)
    // @ts-expect-error at least one expectation
    await expect(verifyPresentation('', others)).rejects.toThrow(TypeError)
    // @ts-expect-error a field that the passport does not have
    await expect(verifyQrPresentation('', { ...demands, require: ['nothing'] })).rejects.toThrow(TypeError)
  })

  it('abort with the reason of their signal', async () => {
    const signal = AbortSignal.abort(new Error('the customer left'))
    await expect(verifyQrPresentation(await present(), { ...demands, signal })).rejects.toThrow('the customer left')
  })
})

describe('the status of a QR code', async () => {
  const registry = await openStatusRegistry({
    store: memoryStore(),
    signer: world.signer,
    baseUri: 'https://status.example',
    now,
  })
  const allocated = await registry.allocate({ format: 'qr' })
  const referring = await issueQrCredential(guildCard, record, { ...issuing, status: allocated })

  const judged = async (status: ReturnType<typeof statusChecker>) =>
    verifyQrPresentation(await present({}, referring), { ...demands, status })

  /** A checker that was given this morning's lists, and has no network. */
  async function offline(): Promise<ReturnType<typeof statusChecker>> {
    const files = new Map((await registry.publish()).map(file => [file.uri, file]))
    const online = statusChecker({
      trust: demands.trust,
      fetch: async uri => {
        const file = files.get(String(uri))!
        return new Response(file.body as BodyInit, { headers: { 'content-type': file.mediaType } })
      },
    })
    await judged(online)
    const checker = statusChecker({ maxStaleness: 6 * 3600, trust: demands.trust })
    await checker.importSnapshot(await online.exportSnapshot())
    return checker
  }

  it('is asked of a list of CWTs, offline, and its age is told', async () => {
    expect(await judged(await offline())).toMatchObject({
      ok: true,
      status: { checked: true, value: 'valid', age: 0, source: 'snapshot' },
    })
  })

  it('must be there where the passport requires one, and be one of ours where it is', async () => {
    const strict = { ...profileOf(guildCard), status: 'required' as const }
    expect(summary(await verifyQrPresentation(await present(), { ...demands, expectedPassport: strict }))).toBe(
      'status_missing at status_reference',
    )
    const other = await forgeQr(world, { claims: honest => void honest.set(65_535, new Map([['x', 1]])) })
    expect(summary(await verifyQrPresentation(other, demands))).toBe('status_unsupported at status_reference')
    const local = new Map([
      ['status_list', new Map<string, string | number>(Object.entries({ idx: 1, uri: 'http://status.example' }))],
    ])
    const named = await forgeQr(world, { claims: honest => void honest.set(65_535, local) })
    expect(summary(await verifyQrPresentation(named, demands))).toBe('status_malformed at status_reference')
  })

  it('refuses what was revoked, and what no list is known of', async () => {
    await registry.set(allocated, 'invalid')
    expect(summary(await judged(await offline()))).toBe('status_revoked at status')
    expect(summary(await judged(statusChecker({ maxStaleness: 3600 })))).toBe('status_unreachable at status')
  })
})

describe('evidence of a QR code', () => {
  const now = { trust: demands.trust, expectedPassport: guildCard, require: ['familyName'] } as const

  it.each([
    ['without a request', {}, {}],
    ['with a request', request, asked],
  ])('is verified again, years later (%s)', async (_, to, expectation) => {
    const { evidence } = await verifyQrPresentation(await present(to), { ...demands, ...expectation })
    expect(evidence).toMatchObject({ format: 'qr', policy: { maxPresentationAge: 60 } })
    const again = await reverifyEvidence(JSON.parse(JSON.stringify(evidence)), now)
    expect(again).toMatchObject({ ok: true, claims: { familyName: 'Specimen' } })
  })

  it('is judged by the age that is asked for now, five minutes at most', async () => {
    const { evidence } = await verifyQrPresentation(await present(), { ...demands, now: later(100) })
    expect(await reverifyEvidence(evidence, { ...now, maxPresentationAge: 3600 })).toMatchObject({ ok: true })
    expect(summary(await reverifyEvidence(evidence, { ...now, maxPresentationAge: 30 }))).toBe(
      'key_binding_too_old at key_binding_time',
    )
  })

  it('is refused without its request, or with another code in it', async () => {
    const { evidence } = await verifyQrPresentation(await present(request), { ...demands, ...asked })
    const { audience: _a, nonce: _n, ...policy } = evidence.policy
    const changed = async (change: object) => {
      const { digest: _digest, attachments, ...covered } = { ...evidence, ...change }
      const text = canonicalJson(JSON.parse(JSON.stringify(covered)))
      return { ...covered, attachments, digest: await digest(text) }
    }
    expect(summary(await reverifyEvidence({ ...evidence, policy }, now))).toBe('evidence_digest_mismatch at evidence')
    expect(summary(await reverifyEvidence(await changed({ policy }), now))).toBe(
      'key_binding_audience_mismatch at key_binding_audience',
    )
    const other = await present({ ...request, now: later(-400) })
    const attachments = { [evidence.presentation!]: other }
    expect(summary(await reverifyEvidence({ ...evidence, attachments }, now))).toBe(
      'evidence_digest_mismatch at evidence',
    )
    const late = await changed({ presentation: await digest(other), attachments: { [await digest(other)]: other } })
    expect(summary(await reverifyEvidence(late, now))).toBe('key_binding_too_old at key_binding_time')
  })

  it('of another format is not excused from its request by being called a code', async () => {
    const { presentation, anchor } = await makeWorld()
    const trust = trustAnchors([anchor])
    const { evidence } = await verifyPresentation(presentation, { ...demands, ...asked, trust })
    const { audience: _a, nonce: _n, ...policy } = evidence.policy
    const { digest: _digest, attachments, ...covered } = { ...evidence, policy, format: 'qr' }
    const forged = { ...covered, attachments, digest: await digest(canonicalJson(JSON.parse(JSON.stringify(covered)))) }
    expect(summary(await reverifyEvidence(forged, { ...now, trust }))).toBe('format_not_expected at format')
  })
})

describe('a set', async () => {
  const { presentation, anchor, holder } = await makeWorld()
  const of = await issueQrCredential(guildCard, record, { ...issuing, holderKey: holder.publicJwk })
  const { expectedPassport: _passport, ...shared } = demands
  const options = {
    ...shared,
    ...asked,
    trust: trustAnchors([world.anchor, anchor]),
    expect: { code: { expectedPassport: guildCard, require: ['familyName'] } },
  } as const

  it('takes a code by its name, or by its type', async () => {
    const code = await presentQr(of, { ...shown, ...request, signer: holder, now })
    expect(await verifyPresentationSet({ code }, options)).toMatchObject({ ok: true })
    expect(await verifyPresentationSet([code], options)).toMatchObject({ ok: true })
  })

  it('refuses a code that nobody asked for', async () => {
    const code = await presentQr(of, { ...shown, ...request, signer: holder, now })
    const refused = { ok: false, code: 'presentation_set_unexpected' }
    expect(await verifyPresentationSet([presentation, code], options)).toMatchObject(refused)
    expect(await verifyPresentationSet([code, 'VQP1:BB8'], options)).toMatchObject(refused)
  })
})

describe('a QR credential that was logged', async () => {
  const origin = 'passport.example/log'
  const log = await openAuditLog({ store: memoryStore(), origin, signer: await generateSigner('EdDSA'), now })
  const act = { actor: 'operator', reason: 'first_issue', subject: 'citizen 7' } as const
  const logged = logIssuance(log, act)
  const trust = trustAnchors([world.anchor, { logKey: log.verifierKey, purposes: ['log'] }])
  const strict = { ...demands, trust, requireLogged: true }
  const verdictOf = async (log: LogIssuance | undefined) =>
    verifyQrPresentation(await present({}, await issueQrCredential(guildCard, record, { ...issuing, log })), strict)

  it('proves it without a network, and is refused where it was not', async () => {
    expect(checkOf(await verdictOf(logged), 'logged')?.outcome).toBe('passed')
    expect(await verdictOf(logged)).toMatchObject({ ok: true })
    expect(summary(await verdictOf(undefined))).toBe('log_proof_missing at logged')
  })

  it('is refused with the proof of another credential', async () => {
    const text = await issueQrCredential(guildCard, record, { ...issuing, log: logged })
    const proof = readHeld(text, defaultLimits).credential.sign1.headers.protected.get(logProofLabel)
    const stolen = await forgeQr(world, { issuerProtected: honest => void honest.set(logProofLabel, proof!) })
    expect(summary(await verifyQrPresentation(stolen, strict))).toBe('log_entry_mismatch at logged')
  })
})

it('is not taken for an SD-JWT, nor an SD-JWT for it', async () => {
  const { credential: sdJwt, holder } = await makeWorld()
  const text = await presentSdJwt(sdJwt, { disclose: [], ...request, signer: holder, now })
  expect(summary(await verifyQrPresentation(text, demands))).toBe('format_not_expected at format')
})
