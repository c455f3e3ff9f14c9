/** What the types of a verification promise, and what they refuse to compile. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { definePassport, profileOf } from '../../src/passport/definition.js'
import { previewPresentation } from '../../src/presentation/preview.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import type { Refused, Verdict } from '../../src/verification/verdict.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { expectations, guildCard, makeWorld } from '../world.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const demands = expectations(world)

const libraryCard = definePassport({
  name: 'library-card',
  vct: 'https://library.example/card/1',
  docType: [],
  fields: {
    familyName: { schema: z.string(), claim: 'family_name' },
    shelves: { schema: z.array(z.number()), claim: 'shelves' },
  },
})

describe('require', () => {
  it('makes a claim certain, and leaves the others possible', async () => {
    const verdict = await verifyPresentation(world.presentation, { ...demands, require: ['familyName', 'rank'] })
    if (!verdict.ok) throw new Error(verdict.code)
    expectTypeOf(verdict.claims.familyName).toEqualTypeOf<string>()
    expectTypeOf(verdict.claims.rank).toEqualTypeOf<number>()
    expectTypeOf(verdict.claims.givenName).toEqualTypeOf<string | undefined>()
    expectTypeOf(verdict.claims.ageOver18).toEqualTypeOf<boolean | undefined>()
    expectTypeOf(verdict.claims.address).toEqualTypeOf<{ locality: string; street_address: string } | undefined>()
    expect(verdict.claims.familyName.length).toBeGreaterThan(0)
  })

  it('knows the fields', async () => {
    // @ts-expect-error: there is no such field
    await expect(verifyPresentation('x', { ...demands, require: ['shoeSize'] })).rejects.toThrow(TypeError)
    // @ts-expect-error: there is no such field
    await expect(verifyCredential('x', { ...walletDemands(demands), require: ['shoeSize'] })).rejects.toThrow(TypeError)
    const today = { trust: demands.trust, expectedPassport: guildCard }
    // @ts-expect-error: there is no such field
    await expect(reverifyEvidence({}, { ...today, require: ['shoeSize'] })).rejects.toThrow(TypeError)
  })

  it('takes a profile as it takes a definition', async () => {
    const expectedPassport = profileOf(guildCard)
    const verdict = await verifyPresentation(world.presentation, {
      ...demands,
      expectedPassport,
      require: ['familyName'],
    })
    if (!verdict.ok) throw new Error(verdict.code)
    expectTypeOf(verdict.claims.familyName).toEqualTypeOf<string>()
    expect(verdict.claims.familyName).toBe('Specimen')
  })
})

describe('a verdict', () => {
  it('has no claims before it was looked at', async () => {
    const verdict = await verifyPresentation('x', demands)
    // @ts-expect-error: a verdict may be a refusal
    expect(verdict.claims).toBeUndefined()
    // @ts-expect-error: a verdict may be an acceptance
    expect(verdict.code).toBe('format_unknown')
    if (!verdict.ok) expectTypeOf(verdict).toEqualTypeOf<Refused>()
    expectTypeOf<Extract<Verdict, { ok: false }>>().not.toHaveProperty('claims')
  })

  it('cannot be written to', async () => {
    const verdict = await verifyPresentation(world.presentation, demands)
    expect(() => {
      // @ts-expect-error: verdicts are read-only
      verdict.ok = false
    }).toThrow(TypeError)
  })

  it('says which of several passports it is, and narrows the claims', async () => {
    const both = [guildCard, libraryCard] as const
    const verdict = await verifyPresentation(world.presentation, {
      ...demands,
      expectedPassport: both,
      require: ['familyName'],
    })
    if (!verdict.ok) throw new Error(verdict.code)
    expectTypeOf(verdict.passport).toEqualTypeOf<'guild-card' | 'library-card'>()
    expectTypeOf(verdict.claims.familyName).toEqualTypeOf<string>()
    if (verdict.passport === 'guild-card') expectTypeOf(verdict.claims.rank).toEqualTypeOf<number | undefined>()
    else expectTypeOf(verdict.claims.shelves).toEqualTypeOf<number[] | undefined>()
    // @ts-expect-error: only one of the two has shelves
    expect(verdict.claims.shelves).toBeUndefined()
    expect(verdict.passport).toBe('guild-card')
  })

  it('requires of several passports only what all of them have', async () => {
    const both = [guildCard, libraryCard]
    // @ts-expect-error: a library card has no rank
    await expect(verifyPresentation('x', { ...demands, expectedPassport: both, require: ['rank'] })).rejects.toThrow(
      TypeError,
    )
  })
})

describe('what a verifier must not forget', () => {
  const { expectedNonce: _nonce, ...nonceless } = demands
  const { expectedAudience: _audience, ...audienceless } = demands
  const { status: _status, ...statusless } = demands
  const { trust: _trust, ...trustless } = demands
  const { expectedPassport: _passport, ...passportless } = demands
  const session: { readonly nonce?: string } = {}

  it('does not compile without it', async () => {
    // @ts-expect-error: a nonce that may be absent
    await expect(verifySdJwtPresentation('x', { ...demands, expectedNonce: session.nonce })).rejects.toThrow(TypeError)
    // @ts-expect-error: an audience that may be absent
    await expect(verifySdJwtPresentation('x', { ...demands, expectedAudience: session.nonce })).rejects.toThrow(
      TypeError,
    )
    // @ts-expect-error: no nonce
    await expect(verifySdJwtPresentation('x', nonceless)).rejects.toThrow(TypeError)
    // @ts-expect-error: no audience
    await expect(verifySdJwtPresentation('x', audienceless)).rejects.toThrow(TypeError)
    // @ts-expect-error: no status
    await expect(verifyPresentation('x', statusless)).rejects.toThrow(TypeError)
    // @ts-expect-error: no trust
    await expect(verifyPresentation('x', trustless)).rejects.toThrow(TypeError)
    // @ts-expect-error: no passport
    await expect(verifyPresentation('x', passportless)).rejects.toThrow(TypeError)
    // @ts-expect-error: no switch turns the status off
    await expect(verifyPresentation('x', { ...demands, status: false })).rejects.toThrow(TypeError)
    // @ts-expect-error: anchors are read once
    await expect(verifyPresentation('x', { ...demands, trust: [world.anchor] })).rejects.toThrow(TypeError)
    // @ts-expect-error: a symmetric algorithm
    await expect(verifyPresentation('x', { ...demands, algorithms: ['HS256'] })).rejects.toThrow(TypeError)
  })
})

describe('what a holder discloses', () => {
  const to = { audience: 'x', nonce: 'y', signer: world.holder }

  it('is named by field only with the passport whose fields they are', async () => {
    const { credential } = world
    // @ts-expect-error: field names need a passport
    expect(() => previewPresentation(credential, { disclose: ['familyName'] })).toThrow(TypeError)
    // @ts-expect-error: field names need a passport
    await expect(presentSdJwt(credential, { disclose: ['familyName'], ...to })).rejects.toThrow(TypeError)
    // @ts-expect-error: the passport has no such field
    expect(() => previewPresentation(credential, { passport: guildCard, disclose: ['shoeSize'] })).toThrow(TypeError)
    // @ts-expect-error: the passport has no such field
    await expect(presentSdJwt(credential, { passport: guildCard, disclose: ['shoeSize'], ...to })).rejects.toThrow(
      TypeError,
    )
    // @ts-expect-error: nothing is disclosed by default
    expect(() => previewPresentation(credential, { passport: guildCard })).toThrow(TypeError)
    const preview = previewPresentation(credential, {
      passport: guildCard,
      disclose: ['familyName', ['address', 'locality']],
    })
    expect(preview.missing).toEqual([])
    // @ts-expect-error: a preview is what is shown
    expect(() => preview.fields.push({})).toThrow(TypeError)
  })

  it('needs an audience, a nonce and a signer', async () => {
    const disclose = [['family_name']]
    // @ts-expect-error: no nonce
    await expect(presentSdJwt(world.credential, { disclose, audience: 'x', signer: world.holder })).rejects.toThrow(
      TypeError,
    )
    // @ts-expect-error: no signer
    await expect(presentSdJwt(world.credential, { disclose, audience: 'x', nonce: 'y' })).rejects.toThrow(TypeError)
    const preview = previewPresentation(world.credential, { disclose })
    // @ts-expect-error: no audience
    await expect(presentSdJwt(preview, { nonce: 'y', signer: world.holder })).rejects.toThrow(TypeError)
  })
})
