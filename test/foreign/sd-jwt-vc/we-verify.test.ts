/** What `@sd-jwt/sd-jwt-vc` issues and presents, verified by us. */
import { describe, expect, it } from 'vitest'
import { presentSdJwt } from '../../../src/presentation/sd-jwt.js'
import { verifySdJwtPresentation } from '../../../src/verification/sd-jwt.js'
import { verifyCredential } from '../../../src/verification/verify.js'
import { expectRefusal } from '../../refusal.js'
import { audience, expectations, makeWorld, nonce, now, record } from '../../world.js'
import { bindingForThisVerifier, issueByPeer, makePeer } from './peer.js'

const { rank } = record

describe.each(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const)('signed with %s', async alg => {
  const world = await makeWorld(alg)
  const peer = makePeer(world)
  const issued = await issueByPeer(peer, world)
  const { expectedAudience, expectedNonce, ...received } = expectations(world)
  const expected = { ...received, expectedAudience, expectedNonce }

  it('their credential is a guild card with every field, whatever their frames hide', async () => {
    const verdict = await verifyCredential(issued, { ...received, expectedHolderKey: world.holder.publicJwk })
    expect(verdict).toMatchObject({ ok: true, passport: 'guild-card', claims: { ...record, ageOver18: true } })
  })

  it.each<[string, object, object]>([
    ['a member', { family_name: true }, { familyName: 'Specimen', rank }],
    ['a member of an object', { address: { locality: true } }, { address: { locality: 'Utopia' }, rank }],
    ['a member of an object in the clear', { place_of_birth: { locality: true } }, { birthTown: 'Utopia', rank }],
    ['an element of an array', { languages: { 2: true } }, { languages: ['ia', 'vo'], rank }],
    ['a derived claim', { age_equal_or_over: { 18: true } }, { ageOver18: true, rank }],
    ['nothing', {}, { rank }],
  ])('their presentation of %s shows us that and nothing else', async (_, frame, claims) => {
    const shown = await peer.present(issued, frame, bindingForThisVerifier)
    const verdict = await verifySdJwtPresentation(shown, expected)
    expect(verdict.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(verdict.ok && { ...verdict.claims }).toEqual(claims)
  })

  it('our credential is presented by their holder', async () => {
    const shown = await peer.present(world.credential, { given_name: true, address: true }, bindingForThisVerifier)
    const verdict = await verifySdJwtPresentation(shown, { ...expected, require: ['givenName'] })
    expect(verdict).toMatchObject({ ok: true, claims: { givenName: 'Ana' } })
    expect(verdict.ok && verdict.claims).not.toHaveProperty('familyName')
  })

  it('their credential is presented by our holder', async () => {
    const shown = await presentSdJwt(issued, { disclose: [['birthdate']], audience, nonce, signer: world.holder, now })
    const verdict = await verifySdJwtPresentation(shown, { ...expected, require: ['birthDate'] })
    expect(verdict).toMatchObject({ ok: true, claims: { birthDate: '2001-02-28' } })
  })

  it('their presentation without a key binding is refused', async () => {
    const shown = await peer.present(issued, { family_name: true })
    const verdict = await verifySdJwtPresentation(shown, expected)
    expectRefusal(verdict, shown)
    expect(verdict.code).toBe('key_binding_missing')
  })

  it('what another issuer signed with their library is refused', async () => {
    const shown = await peer.present(issued, { family_name: true }, bindingForThisVerifier)
    const { trust } = expectations(await makeWorld(alg))
    const verdict = await verifySdJwtPresentation(shown, { ...expected, trust })
    expectRefusal(verdict, shown)
    expect(verdict.code).toBe('signature_invalid')
  })
})
