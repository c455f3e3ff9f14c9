/** What we issue and present, verified by `@sd-jwt/sd-jwt-vc`. */
import { describe, expect, it } from 'vitest'
import { logIssuance } from '../../../src/audit/issuance.js'
import { openAuditLog } from '../../../src/audit/log.js'
import { generateSigner } from '../../../src/core/keys.js'
import { issueSdJwtCredential } from '../../../src/credential/sd-jwt.js'
import { logProofHeader } from '../../../src/formats/tlog/logged.js'
import { previewPresentation } from '../../../src/presentation/preview.js'
import { prepareSdJwt, presentSdJwt } from '../../../src/presentation/sd-jwt.js'
import { memoryStore } from '../../../src/store/memory.js'
import { audience, guildCard, issuer, makeWorld, nonce, now, record, seconds } from '../../world.js'
import { atThatTime, claimsOfRecord, issueByPeer, makePeer, withKeyBinding } from './peer.js'

const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const

const openLog = async () =>
  openAuditLog({ store: memoryStore(), origin: 'passport.example/log', signer: await generateSigner('EdDSA'), now })

describe.each(algorithms)('signed with %s', async alg => {
  const world = await makeWorld(alg)
  const { signer, holder, credential, presentation } = world
  const peer = makePeer(world)
  const present = (of: string, disclose: readonly (readonly (string | number | null)[])[]) =>
    presentSdJwt(of, { disclose, audience, nonce, signer: holder, now })

  it('a credential holds every claim for them: members, nested ones and array elements', async () => {
    const { payload, header } = await peer.verify(credential, atThatTime)
    expect(header).toMatchObject({ typ: 'dc+sd-jwt', alg, kid: signer.kid })
    expect(payload).toMatchObject({ iss: issuer, iat: seconds, vct: guildCard.vct[0], ...claimsOfRecord })
  })

  it('decoys are nothing to them', async () => {
    const holderKey = holder.publicJwk
    const decoyed = await issueSdJwtCredential(guildCard, record, { issuer, signer, holderKey, decoys: 5, now })
    const { payload } = await peer.verify(decoyed, atThatTime)
    expect(payload).toMatchObject(claimsOfRecord)
    expect(JSON.stringify(payload)).not.toContain('_sd')
  })

  it('that it was logged is one more header to them, which they pass over', async () => {
    const holderKey = holder.publicJwk
    const log = logIssuance(await openLog(), { actor: 'operator', reason: 'first_issue' })
    const logged = await issueSdJwtCredential(guildCard, record, { issuer, signer, holderKey, log, now })
    const { payload, header } = await peer.verify(logged, atThatTime)
    expect(header).toHaveProperty([logProofHeader, 'checkpoint'])
    expect(payload).toMatchObject(claimsOfRecord)
    const { payload: seen } = await peer.verify(await present(logged, [['family_name']]), withKeyBinding)
    expect(seen).toMatchObject({ family_name: 'Specimen', rank: 7 })
  })

  it('a presentation shows them what was disclosed and nothing else', async () => {
    const { payload, kb } = await peer.verify(presentation, withKeyBinding)
    expect(payload).toMatchObject({ family_name: 'Specimen', languages: ['ia'], rank: 7 })
    expect(payload).not.toHaveProperty('given_name')
    expect(payload).not.toHaveProperty('birthdate')
    expect(kb?.header).toEqual({ typ: 'kb+jwt', alg })
    expect(kb?.payload).toMatchObject({ aud: audience, nonce, iat: seconds })
  })

  it('a nested member and every element of an array can be presented to them', async () => {
    const shown = await present(credential, [
      ['address', 'locality'],
      ['languages', null],
      ['age_equal_or_over', '18'],
    ])
    const { payload } = await peer.verify(shown, withKeyBinding)
    expect(payload).toMatchObject({
      address: { locality: 'Utopia' },
      languages: record.languages,
      age_equal_or_over: { 18: true },
    })
    expect(payload['address']).not.toHaveProperty('street_address')
    expect(payload).not.toHaveProperty('family_name')
  })

  it('what a preview shows is what they see', async () => {
    const preview = previewPresentation(prepareSdJwt(credential), { passport: guildCard, disclose: ['givenName'] })
    const shown = await presentSdJwt(preview, { audience, nonce, signer: holder, now })
    const { payload } = await peer.verify(shown, withKeyBinding)
    const top = preview.fields.map(({ path }) => path[0])
    expect(new Set(Object.keys(payload))).toEqual(new Set(top))
  })

  it('what they issued is presented by our holder and verified by them', async () => {
    const shown = await present(await issueByPeer(peer, world), [['family_name'], ['languages', 2]])
    const { payload } = await peer.verify(shown, withKeyBinding)
    // They left the second language in the clear, and it appears with the array that holds it.
    expect(payload).toMatchObject({ family_name: 'Specimen', languages: ['ia', 'vo'], rank: 7 })
    expect(payload).not.toHaveProperty('given_name')
  })

  it.each([
    ['the issuer’s key', (text: string) => text],
    [
      'one character of a disclosure',
      (text: string) => text.replace(/~(.)/, (_, first) => `~${first === 'A' ? 'B' : 'A'}`),
    ],
  ])('they refuse ours once %s is another, so the checks above are checks', async (what, change) => {
    const judge = what === 'the issuer’s key' ? makePeer(await makeWorld(alg)) : peer
    await expect(judge.verify(change(presentation), withKeyBinding)).rejects.toThrow()
  })

  it('they refuse ours for another nonce', async () => {
    await expect(peer.verify(presentation, { ...withKeyBinding, keyBindingNonce: 'another' })).rejects.toThrow(/nonce/i)
  })
})
