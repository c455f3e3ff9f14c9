/**
 * One small world for every test: a fixed clock, an issuer, a holder, a verifier. No network, no wall clock.
 */
import { z } from 'zod'
import { generateSigner, type Signer } from '../src/core/keys.js'
import { issueSdJwtCredential } from '../src/credential/sd-jwt.js'
import { ageOn } from '../src/passport/calendar.js'
import { definePassport } from '../src/passport/definition.js'
import { presentSdJwt } from '../src/presentation/sd-jwt.js'
import { statusNotChecked } from '../src/verification/status.js'
import { type Anchor, trustAnchors } from '../src/verification/trust.js'

export const instant = new Date('2026-03-01T12:00:00Z')
export const now = () => instant
export const seconds = instant.getTime() / 1000

export const issuer = 'https://passport.example'
export const audience = 'https://bank.example'
export const nonce = 'nonce-of-this-request'

/** A passport with one field of every sort. */
export const guildCard = definePassport({
  name: 'guild-card',
  vct: 'https://guild.example/card/1',
  docType: 'example.guild.card.1',
  fields: {
    familyName: {
      schema: z.string().min(1).max(150),
      claim: 'family_name',
      label: { en: 'Family name', ru: 'Фамилия' },
    },
    givenName: { schema: z.string().min(1).max(150), claim: 'given_name', label: { en: 'Given name', ru: 'Имя' } },
    birthDate: { as: 'date', claim: 'birthdate' },
    birthTown: { schema: z.string(), claim: ['place_of_birth', 'locality'], optional: true },
    languages: { schema: z.array(z.string()), claim: 'languages', hide: 'each', optional: true },
    address: {
      schema: z.object({ locality: z.string(), street_address: z.string() }),
      claim: 'address',
      hide: 'each',
      optional: true,
    },
    rank: { schema: z.number().int(), claim: 'rank', hide: false },
  },
  derived: {
    ageOver18: {
      derive: (card, on) => ageOn(card.birthDate, on) >= 18,
      claim: ['age_equal_or_over', '18'],
      label: { en: 'Over 18', ru: 'Старше 18' },
    },
  },
})

export const record = {
  familyName: 'Specimen',
  givenName: 'Ana',
  birthDate: '2001-02-28',
  birthTown: 'Utopia',
  languages: ['eo', 'ia', 'vo'],
  address: { locality: 'Utopia', street_address: 'First Street 1' },
  rank: 7,
}

export interface World {
  readonly signer: Signer
  readonly holder: Signer
  readonly anchor: Anchor
  readonly credential: string
  /** A presentation of the family name and of one language, to `audience` with `nonce`. */
  readonly presentation: string
}

/** Keys are made once per test file; nothing else is shared. */
export async function makeWorld(alg: 'ES256' | 'ES384' | 'ES512' | 'EdDSA' | 'Ed25519' = 'ES256'): Promise<World> {
  const signer = await generateSigner(alg, { kid: 'issuer-key-1' })
  const holder = await generateSigner(alg)
  const credential = await issueSdJwtCredential(guildCard, record, { issuer, signer, holderKey: holder.publicJwk, now })
  const presentation = await presentSdJwt(credential, {
    disclose: [['family_name'], ['languages', 1]],
    audience,
    nonce,
    signer: holder,
    now,
  })
  return {
    signer,
    holder,
    anchor: { issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'] },
    credential,
    presentation,
  }
}

/** What the bank of this world expects. */
export const expectations = ({ anchor }: Pick<World, 'anchor'>) => ({
  trust: trustAnchors([anchor]),
  expectedPassport: guildCard,
  expectedAudience: audience,
  expectedNonce: nonce,
  status: statusNotChecked('not a matter of this test'),
  now,
})
