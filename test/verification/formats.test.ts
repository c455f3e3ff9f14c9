/** One definition, every JSON format: the same record gives the same claims, and the same choice shows the same. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { generateSigner } from '../../src/core/keys.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { definePassport } from '../../src/passport/definition.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { presentVcJwt } from '../../src/presentation/vc-jwt.js'
import { verifyPresentation } from '../../src/verification/verify.js'
import { audience, expectations, issuer, nonce, now } from '../world.js'

const runs = { seed: 20261122, numRuns: 200 }

/** A field of every kind that has no rule of its own about what it holds. */
const card = definePassport({
  name: 'formats',
  vct: 'https://formats.example/card',
  docType: [],
  fields: {
    text: { schema: z.string(), claim: 'text', optional: true },
    integer: { schema: z.int(), claim: ['deep', 'integer'], optional: true },
    yes: { schema: z.boolean(), claim: ['deep', 'yes'], hide: false, optional: true },
    date: { as: 'date', claim: 'type', optional: true },
    list: { schema: z.array(z.string()), claim: 'evidence', hide: 'each', optional: true },
    object: {
      schema: z.record(z.string(), z.number()),
      claim: ['deep', 'down', 'object'],
      hide: 'each',
      optional: true,
    },
    open: { schema: z.string(), claim: 'issuer', hide: false },
  },
  derived: { isLong: { derive: ({ text }) => (text ?? '').length > 5, claim: 'is_long' } },
})

const member = fc.stringMatching(/^[a-z]{1,6}$/)
const records = fc.record(
  {
    text: fc.string({ unit: 'grapheme' }),
    integer: fc.maxSafeInteger(),
    yes: fc.boolean(),
    date: fc.constantFrom('2001-02-28', '1950-12-31', '2020-02-29'),
    list: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 4 }),
    object: fc.dictionary(member, fc.integer(), { maxKeys: 4 }).map(object => ({ ...object })),
    open: fc.string(),
  },
  { requiredKeys: ['open'] },
)

const [signer, holder] = [await generateSigner('ES256'), await generateSigner('ES256')]
const shared = { issuer, signer, holderKey: holder.publicJwk, now }
const to = { audience, nonce, signer: holder, now }
const demands = {
  ...expectations({ anchor: { issuer, jwk: signer.publicJwk, purposes: ['credential'] } }),
  expectedPassport: card,
}

async function claimsOf(presentation: string): Promise<object> {
  const verdict = await verifyPresentation(presentation, demands)
  if (!verdict.ok) throw new Error(verdict.code)
  expect(verdict.otherClaims).toEqual({})
  return verdict.claims
}

it('the same record, shown whole, gives equal claims in dc+sd-jwt, vc+sd-jwt and vc+jwt', async () => {
  await fc.assert(
    fc.asyncProperty(records, async record => {
      const disclose = [...Object.keys(record), 'isLong'] as (keyof typeof record)[]
      const [dc, vcSd, vc] = [
        await issueSdJwtCredential(card, record, shared),
        await issueVcJwtCredential(card, record, shared),
        await issueVcJwtCredential(card, record, { ...shared, format: 'vc+jwt' }),
      ]
      const claims = await claimsOf(await presentSdJwt(dc, { passport: card, disclose, ...to }))
      expect(claims).toEqual({ ...record, isLong: expect.any(Boolean) })
      expect(await claimsOf(await presentVcJwt(vcSd, { passport: card, disclose, ...to }))).toEqual(claims)
      expect(await claimsOf(await presentVcJwt(vc, to))).toEqual(claims)
    }),
    runs,
  )
})

it('the same choice shows the same in dc+sd-jwt and vc+sd-jwt', async () => {
  const names = ['text', 'integer', 'date', 'list', 'object'] as const
  await fc.assert(
    fc.asyncProperty(records, fc.subarray([...names]), async (record, chosen) => {
      const disclose = chosen.filter(name => record[name] !== undefined)
      const dc = await issueSdJwtCredential(card, record, shared)
      const vc = await issueVcJwtCredential(card, record, shared)
      const one = await claimsOf(await presentSdJwt(dc, { passport: card, disclose, ...to }))
      expect(await claimsOf(await presentVcJwt(vc, { passport: card, disclose, ...to }))).toEqual(one)
    }),
    runs,
  )
})
