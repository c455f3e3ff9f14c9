/**
 * One person, one key, several credentials: the passport, SNILS and INN, shown together or apart, in either format.
 */
import { describe, expect, expectTypeOf, it } from 'vitest'
import example from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { innCard } from '../../src/passport/inn-card.js'
import { disclosureSets } from '../../src/passport/policies.js'
import { snilsCard } from '../../src/passport/snils-card.js'
import { presentMdoc, previewMdoc } from '../../src/presentation/mdoc.js'
import { previewPresentation } from '../../src/presentation/preview.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyPresentation } from '../../src/verification/verify.js'
import { audience, nonce, now } from '../world.js'

const { issuer, signer, anchor } = await developmentIssuer({ country: 'RU', now })
const holder = await generateSigner('ES256')
const stranger = await generateSigner('ES256')
const sessionTranscript = await openid4vpTranscript({ clientId: audience, nonce, responseUri: `${audience}/response` })

const person = { familyName: 'Образцова', givenName: 'Мария', patronymic: 'Петровна', birthDate: '1990-05-14' }
const documents = {
  passport: [citizenPassport, citizenPassport.parse(example)],
  snils: [snilsCard, { ...person, snils: '11223344595' }],
  inn: [innCard, { ...person, inn: '671798520932' }],
} as const
const to = (index: number, key: Signer = holder) => ({
  signer,
  holderKey: key.publicJwk,
  status: { uri: 'https://status.example/lists/1', index },
  now,
})

const wallet = {
  passport: await issueSdJwtCredential(...documents.passport, { ...to(1), issuer }),
  snils: await issueSdJwtCredential(...documents.snils, { ...to(2), issuer }),
  inn: await issueSdJwtCredential(...documents.inn, { ...to(3), issuer }),
}
const mobile = {
  passport: await issueMdocCredential(...documents.passport, to(4)),
  snils: await issueMdocCredential(...documents.snils, to(5)),
  inn: await issueMdocCredential(...documents.inn, to(6)),
}

const shared = { trust: trustAnchors([anchor]), status: statusNotChecked('not a matter of this test'), now }
const online = { ...shared, expectedAudience: audience, expectedNonce: nonce }
const inSession = { ...shared, expectedSessionTranscript: sessionTranscript }
const expected = {
  passport: { expectedPassport: citizenPassport, require: ['familyName', 'birthDate'] },
  snils: { expectedPassport: snilsCard, require: ['snils', 'birthDate'] },
  inn: { expectedPassport: innCard, require: ['inn'] },
} as const

const reply = { audience, nonce, signer: holder, now }
const shown = {
  passport: await presentSdJwt(wallet.passport, {
    ...reply,
    passport: citizenPassport,
    disclose: ['familyName', 'birthDate'],
  }),
  snils: await presentSdJwt(wallet.snils, { ...reply, passport: snilsCard, disclose: ['snils', 'birthDate'] }),
  inn: await presentSdJwt(wallet.inn, { ...reply, passport: innCard, disclose: ['inn'] }),
}

describe('shown together', () => {
  const claims = {
    passport: { familyName: 'Образцова', birthDate: '1990-05-14' },
    snils: { snils: '11223344595', birthDate: '1990-05-14' },
    inn: { inn: '671798520932' },
  }

  it('are accepted as one, as SD-JWT', async () => {
    const verdict = await verifyPresentationSet(shown, { ...online, expect: expected })
    if (!verdict.ok) throw new Error(verdict.code)
    expect(verdict.holderKey).toEqual(holder.publicJwk)
    for (const name of ['passport', 'snils', 'inn'] as const)
      expect(verdict.verdicts[name].claims).toEqual(claims[name])
    expectTypeOf(verdict.verdicts.snils.claims.snils).toEqualTypeOf<string>()
  })

  it('are accepted as one device response of several mdocs', async () => {
    const response = await presentMdoc(
      [
        previewMdoc(mobile.passport, { passport: citizenPassport, disclose: ['familyName', 'birthDate'] }),
        previewMdoc(mobile.snils, { passport: snilsCard, disclose: ['snils', 'birthDate'] }),
        previewMdoc(mobile.inn, { passport: innCard, disclose: ['inn'] }),
      ],
      { sessionTranscript, signer: holder },
    )
    const verdict = await verifyPresentationSet(response, { ...inSession, expect: expected })
    if (!verdict.ok) throw new Error(verdict.code)
    for (const name of ['passport', 'snils', 'inn'] as const)
      expect(verdict.verdicts[name].claims).toEqual(claims[name])
  })

  it("are refused when one of them is another person's", async () => {
    const foreign = await issueSdJwtCredential(...documents.snils, { ...to(7, stranger), issuer })
    const snils = await presentSdJwt(foreign, {
      ...reply,
      signer: stranger,
      passport: snilsCard,
      disclose: ['snils', 'birthDate'],
    })
    const verdict = await verifyPresentationSet({ ...shown, snils }, { ...online, expect: expected })
    expect(verdict).toMatchObject({ ok: false, code: 'presentation_set_holder_mismatch' })
    expect(JSON.stringify(verdict)).not.toContain('11223344595')
  })

  it('are refused when one of them is missing', async () => {
    const { inn: _, ...two } = shown
    const verdict = await verifyPresentationSet(two, { ...online, expect: expected })
    expect(verdict).toMatchObject({ ok: false, code: 'presentation_set_incomplete' })
  })
})

describe('shown apart', () => {
  it('SNILS says nothing but itself, as SD-JWT', async () => {
    const snils = await presentSdJwt(wallet.snils, { ...reply, passport: snilsCard, disclose: ['snils'] })
    const verdict = await verifyPresentation(snils, { ...online, expectedPassport: snilsCard, require: ['snils'] })
    expect(verdict).toMatchObject({ ok: true, passport: 'snils-card', holderKey: holder.publicJwk })
    if (verdict.ok) expect(verdict.claims).toEqual({ snils: '11223344595' })
  })

  it('INN says nothing but itself, as mdoc', async () => {
    const inn = await presentMdoc(mobile.inn, {
      passport: innCard,
      disclose: ['inn'],
      sessionTranscript,
      signer: holder,
    })
    const verdict = await verifyPresentation(inn, { ...inSession, expectedPassport: innCard, require: ['inn'] })
    expect(verdict).toMatchObject({ ok: true, passport: 'inn-card' })
    if (verdict.ok) expect(verdict.claims).toEqual({ inn: '671798520932' })
  })

  it('one is not taken for another', async () => {
    const verdict = await verifyPresentation(shown.inn, { ...online, expectedPassport: snilsCard })
    expect(verdict).toMatchObject({ ok: false, code: 'type_not_expected' })
  })
})

describe('shown for a purpose', () => {
  it.each(Object.entries(disclosureSets))('%s: what is disclosed is enough', async (_, { disclose, require }) => {
    const preview = previewPresentation(wallet.passport, { passport: citizenPassport, disclose })
    const presentation = await presentSdJwt(preview, reply)
    const verdict = await verifyPresentation(presentation, { ...online, expectedPassport: citizenPassport, require })
    expect(verdict.ok).toBe(true)
    if (verdict.ok) for (const field of Object.keys(verdict.claims)) expect(disclose).toContain(field)
  })
})
