/**
 * The mdoc half of the small world: a passport with a data element of every sort in two namespaces, an authority, a
 * document signer and a holder.
 */
import { z } from 'zod'
import { generateSigner, type Signer } from '../src/core/keys.js'
import { issueMdocCredential } from '../src/credential/mdoc.js'
import { ageOn } from '../src/passport/calendar.js'
import { definePassport } from '../src/passport/definition.js'
import { developmentIssuer } from '../src/testing/development-issuer.js'
import { statusNotChecked } from '../src/verification/status.js'
import { type Anchor, trustAnchors } from '../src/verification/trust.js'
import { now } from './world.js'

export const harbour = 'example.harbour.1'
export const crew = 'example.harbour.1.crew'

export const harbourPass = definePassport({
  name: 'harbour-pass',
  vct: 'https://harbour.example/pass/1',
  docType: 'example.harbour.pass.1',
  fields: {
    familyName: {
      schema: z.string().min(1),
      element: [harbour, 'family_name'],
      label: { en: 'Family name', ru: 'Фамилия' },
    },
    birthDate: { as: 'date', element: [harbour, 'birth_date'] },
    landedAt: { as: 'time', element: [harbour, 'landed_at'], optional: true },
    portrait: { as: 'image', element: [harbour, 'portrait'], optional: true },
    country: { schema: z.string(), element: [harbour, 'issuing_country'] },
    province: { schema: z.string().optional(), element: [harbour, 'issuing_jurisdiction'] },
    draught: { schema: z.number().optional(), as: 'number', element: [crew, 'draught'] },
    rank: { schema: z.number().int(), element: [crew, 'rank'] },
    berths: {
      schema: z.array(z.object({ pier: z.string(), taken: z.boolean() })).optional(),
      element: [crew, 'berths'],
    },
    remark: { schema: z.string().optional(), claim: 'remark' },
  },
  derived: {
    ageOver18: {
      derive: (pass, on) => ageOn(pass.birthDate, on) >= 18,
      element: [harbour, 'age_over_18'],
      label: { en: 'Over 18', ru: 'Старше 18' },
    },
  },
})

/** Begins as a JPEG, which is all that anyone looks at. */
export const portrait = /* @__PURE__ */ Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4)

export const landing = {
  familyName: 'Specimen',
  birthDate: '2001-02-28',
  landedAt: '2026-02-01T08:30:00Z',
  portrait,
  country: 'UT',
  draught: 2.5,
  rank: 7,
  berths: [
    { pier: 'North', taken: true },
    { pier: 'South', taken: false },
  ],
}

export interface Harbour {
  readonly signer: Signer
  readonly holder: Signer
  readonly anchor: Anchor
  readonly credential: Uint8Array
}

/** Keys are made once per test file; nothing else is shared. */
export async function makeHarbour(): Promise<Harbour> {
  const { signer, anchor } = await developmentIssuer({ now })
  const holder = await generateSigner('ES256')
  const credential = await issueMdocCredential(harbourPass, landing, { signer, holderKey: holder.publicJwk, now })
  return { signer, holder, anchor, credential }
}

/** What a reader in this harbour expects, but for the session. */
export const harbourExpectations = ({ anchor }: Pick<Harbour, 'anchor'>) => ({
  trust: trustAnchors([anchor]),
  expectedPassport: harbourPass,
  status: statusNotChecked('not a matter of this test'),
  now,
})
