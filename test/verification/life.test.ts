import { describe, expect, it } from 'vitest'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { expectations, guildCard, makeWorld } from '../world.js'

describe('the life of a card', async () => {
  const world = await makeWorld()

  it('what the holder disclosed is what the verifier reads', async () => {
    const verdict = await verifySdJwtPresentation(world.presentation, {
      ...expectations(world),
      require: ['familyName'],
    })
    expect(verdict).toMatchObject({
      ok: true,
      passport: guildCard.name,
      claims: { familyName: 'Specimen', languages: ['ia'], rank: 7 },
      otherClaims: {},
      holderKey: world.holder.publicJwk,
      status: { checked: false, reason: 'not a matter of this test' },
    })
    if (verdict.ok) expect(Object.keys(verdict.claims).sort()).toEqual(['familyName', 'languages', 'rank'])
  })

  it('a wallet verifies the credential that it received', async () => {
    const { expectedAudience: _audience, expectedNonce: _nonce, ...wallet } = expectations(world)
    const verdict = await verifyCredential(world.credential, { ...wallet, expectedHolderKey: world.holder.publicJwk })
    expect(verdict).toMatchObject({ ok: true, claims: { givenName: 'Ana', ageOver18: true, birthTown: 'Utopia' } })
  })
})
