/** Sets with mdocs: several in one response, beside an SD-JWT, all to one holder. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { base64url } from '../../src/core/bytes.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { definePassport } from '../../src/passport/definition.js'
import { presentMdoc, previewMdoc } from '../../src/presentation/mdoc.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { harbourPass, landing } from '../harbour.js'
import { forgeDocument, forgeResponse, makeMdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { audience, guildCard, makeWorld, nonce, now, record, issuer as tokenIssuer } from '../world.js'

const world = await makeMdocWorld()
const tokens = await makeWorld()
const { signer } = world.issuer

const berth = definePassport({
  name: 'berth-permit',
  vct: 'https://harbour.example/berth/1',
  docType: 'example.harbour.berth.1',
  fields: { pier: { schema: z.string(), element: ['example.harbour.berth.1', 'pier'], claim: 'pier' } },
})

const { expectedPassport: _one, trust: _trust, ...session } = mdocExpectations(world)
const shared = {
  ...session,
  expectedAudience: audience,
  expectedNonce: nonce,
  trust: trustAnchors([world.issuer.anchor, tokens.anchor]),
}
const expected = {
  pass: { expectedPassport: harbourPass, require: ['familyName'] },
  permit: { expectedPassport: berth, require: ['pier'] },
} as const

const passOf = (holder: Signer) =>
  issueMdocCredential(harbourPass, landing, { signer, holderKey: holder.publicJwk, now })
const permitOf = (holder: Signer) =>
  issueMdocCredential(berth, { pier: 'North' }, { signer, holderKey: holder.publicJwk, now })
const previewOf = async (holder: Signer) => [
  previewMdoc(await passOf(holder), { passport: harbourPass, disclose: ['familyName'] }),
  previewMdoc(await permitOf(holder), { passport: berth, disclose: ['pier'] }),
]
const present = async (previews: Awaited<ReturnType<typeof previewOf>>, holder: Signer) =>
  presentMdoc(previews, { sessionTranscript: world.session, signer: holder })

const [pass, permit] = await previewOf(world.holder)
const both = await present([pass!, permit!], world.holder)
const onlyPass = await present([pass!], world.holder)
const onlyPermit = await present([permit!], world.holder)

const judge = (presentations: unknown, options: object = {}) =>
  verifyPresentationSet(presentations, { ...shared, expect: expected, ...options })

/** `accepted`, or the code and those of the checks of the set. */
async function summaryOf(presentations: unknown, options: object = {}): Promise<string> {
  const verdict = await judge(presentations, options)
  if (!verdict.ok)
    for (const member of Object.values(verdict.verdicts)) {
      expect(member).not.toHaveProperty('claims')
      expect(member.evidence.attachments).toEqual({})
    }
  const failed = verdict.checks.flatMap(({ outcome, code }) => (outcome === 'failed' ? [code] : []))
  return verdict.ok ? 'accepted' : [verdict.code, ...failed].join(' / ')
}

const unexpected = 'presentation_set_unexpected / presentation_set_unexpected'
const incomplete = 'presentation_set_incomplete / presentation_set_incomplete'
const otherHolder = 'presentation_set_holder_mismatch / presentation_set_holder_mismatch'

describe('two mdocs in one response', () => {
  it('are accepted as the response itself, in a list, as text, and by name', async () => {
    for (const given of [both, base64url(both), [both], { pass: both, permit: both }]) {
      const verdict = await judge(given)
      if (!verdict.ok) throw new Error(verdict.code)
      expect(verdict.verdicts.pass.claims).toEqual({ familyName: 'Specimen' })
      expect(verdict.verdicts.permit.claims).toEqual({ pier: 'North' })
      expect(verdict.holderKey).toEqual(world.holder.publicJwk)
    }
  })

  it('may come in a response each', async () => {
    expect(await summaryOf([onlyPermit, onlyPass])).toBe('accepted')
    expect(await summaryOf({ pass: onlyPass, permit: base64url(onlyPermit) })).toBe('accepted')
  })

  it('are archived each in its own record', async () => {
    const verdict = await judge(both)
    if (!verdict.ok) throw new Error(verdict.code)
    const { pass: one, permit: other } = verdict.verdicts
    const again = async (evidence: unknown, expectedPassport: typeof harbourPass | typeof berth) =>
      reverifyEvidence(JSON.parse(JSON.stringify(evidence)), { trust: shared.trust, expectedPassport })
    expect(await again(one.evidence, harbourPass)).toMatchObject({ ok: true, claims: { familyName: 'Specimen' } })
    expect(await again(other.evidence, berth)).toMatchObject({ ok: true, claims: { pier: 'North' } })
  })

  it('are refused where one was asked for', async () => {
    const one = { expect: { pass: expected.pass } }
    for (const given of [both, [both], { pass: both }]) expect(await summaryOf(given, one)).toBe(unexpected)
    expect(await summaryOf({ pass: both, permit: onlyPermit })).toBe(unexpected)
    expect(await summaryOf([onlyPass, onlyPermit, forgeResponse([])])).toBe(unexpected)
  })

  it('are refused where one is missing, or nothing is there', async () => {
    expect(await summaryOf(onlyPass)).toBe(incomplete)
    expect(await summaryOf([onlyPass])).toBe(incomplete)
    expect(await summaryOf({ pass: onlyPass, permit: onlyPass })).toBe('mdoc_document_missing')
    expect(await summaryOf(forgeResponse([]))).toBe(incomplete)
    expect(await summaryOf(both.slice(0, -1))).toBe(incomplete)
  })

  it('are refused when they are two of one type', async () => {
    const document = await forgeDocument(world)
    const twice = forgeResponse([document, document])
    expect(await summaryOf(twice, { expect: { pass: expected.pass } })).toBe(
      'mdoc_document_unexpected / presentation_set_unexpected',
    )
    const two = { one: { expectedPassport: harbourPass }, two: { expectedPassport: harbourPass } }
    expect(await summaryOf(twice, { expect: two })).toBe('mdoc_document_unexpected')
  })

  it('are refused when another holds the second', async () => {
    const other = await generateSigner('ES256')
    const [, foreign] = await previewOf(other)
    expect(await summaryOf([onlyPass, await present([foreign!], other)])).toBe(otherHolder)
  })

  it('are refused both when one does not hold', async () => {
    const document = await forgeDocument(world, { mso: map => map.set('version', '2.0') })
    expect(await summaryOf({ pass: forgeResponse([document]), permit: onlyPermit })).toBe('mdoc_version_unsupported')
    const late = await presentMdoc([pass!, permit!], {
      sessionTranscript: world.session.variants[0]!.bytes,
      signer: world.holder,
    })
    expect(await summaryOf(late)).toBe('device_signature_invalid')
  })
})

describe('an SD-JWT beside an mdoc', () => {
  const expect2 = { card: { expectedPassport: guildCard, require: ['familyName'] }, pass: expected.pass }
  const cardOf = async (holder: Signer) =>
    presentSdJwt(
      await issueSdJwtCredential(guildCard, record, {
        issuer: tokenIssuer,
        signer: tokens.signer,
        holderKey: holder.publicJwk,
        now,
      }),
      { disclose: [['family_name']], audience, nonce, signer: holder, now },
    )

  it('is accepted when one holder has both', async () => {
    const card = await cardOf(world.holder)
    for (const given of [[card, onlyPass], [onlyPass, card], { card, pass: onlyPass }])
      expect(await summaryOf(given, { expect: expect2 })).toBe('accepted')
  })

  it('is refused when they have one each', async () => {
    expect(await summaryOf([await cardOf(tokens.holder), onlyPass], { expect: expect2 })).toBe(otherHolder)
  })

  it('is refused without the session, or without the nonce', async () => {
    const given = { card: await cardOf(world.holder), pass: onlyPass }
    const { expectedSessionTranscript: _s, readerKey: _r, ...onlyTokens } = shared
    const { expectedAudience: _a, expectedNonce: _n, ...onlyMdocs } = shared
    for (const options of [onlyTokens, onlyMdocs]) {
      const verdict = await verifyPresentationSet(given, { ...options, expect: expect2 } as never)
      expect(verdict).toMatchObject({ ok: false, code: 'format_not_expected' })
    }
  })
})
