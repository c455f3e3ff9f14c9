/** A document of one's own: defined once; issued, presented and verified in three formats, with equal claims. */
import { deepStrictEqual } from 'node:assert'
import { english, explain, generateSigner } from 'vidimus'
import { issueMdocCredential, issueSdJwtCredential, issueVcJwtCredential } from 'vidimus/credential'
import { ageOn, definePassport } from 'vidimus/passport'
import { presentMdoc, presentSdJwt, presentVcJwt } from 'vidimus/presentation'
import { developmentIssuer } from 'vidimus/testing'
import { newNonce, openid4vpTranscript, statusNotChecked, trustAnchors, verifyPresentation } from 'vidimus/verification'
import { z } from 'zod'

const ns = 'example.ut.id.1'
const name = z.string().min(1).max(150)
const number = z.string().regex(/^UT\d{7}$/)
const countries = z.array(z.string().length(2))

export const utopiaId = definePassport({
  name: 'utopia-id',
  vct: 'https://ut.example/id/1',
  docType: ns,
  fields: {
    familyName: {
      schema: name,
      claim: 'family_name',
      element: [ns, 'family_name'],
      label: { en: 'Surname', ut: 'Nomo' },
    },
    givenName: { schema: name, claim: 'given_name', element: [ns, 'given_name'] },
    birthDate: { as: 'date', claim: 'birthdate', element: [ns, 'birth_date'] },
    birthTown: { schema: name, claim: ['place_of_birth', 'locality'], element: [ns, 'birth_town'], optional: true },
    citizenOf: { schema: countries, claim: 'nationalities', element: [ns, 'nationality'], hide: 'each' },
    number: { schema: number, claim: 'document_number', element: [ns, 'document_number'] },
    portrait: { as: 'image', claim: 'picture', element: [ns, 'portrait'], optional: true },
  },
  derived: {
    ageOver16: {
      derive: ({ birthDate }, on) => ageOn(birthDate, on) >= 16,
      claim: ['age_equal_or_over', '16'],
      element: [ns, 'age_over_16'],
    },
  },
})

const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://ut.example', country: 'UT' })
const holder = await generateSigner('ES256')
const person = { familyName: 'Specimen', givenName: 'Ana', birthDate: '2001-02-28' }
const record = utopiaId.parse({ ...person, citizenOf: ['UT'], number: 'UT0000001' })
const to = { signer, holderKey: holder.publicJwk }
const sdJwt = await issueSdJwtCredential(utopiaId, record, { ...to, issuer })
const mdoc = await issueMdocCredential(utopiaId, record, to)
const w3c = await issueVcJwtCredential(utopiaId, record, { ...to, issuer })

const audience = 'https://shop.example'
const nonce = newNonce()
const responseUri = 'https://shop.example/cb'
const sessionTranscript = await openid4vpTranscript({ clientId: audience, nonce, responseUri })
const ask = { passport: utopiaId, disclose: ['givenName', 'ageOver16'], signer: holder } as const
const presentations = [
  await presentSdJwt(sdJwt, { ...ask, audience, nonce }),
  await presentMdoc(mdoc, { ...ask, sessionTranscript }),
  await presentVcJwt(w3c, { ...ask, audience, nonce }),
]

for (const presentation of presentations) {
  const verdict = await verifyPresentation(presentation, {
    trust: trustAnchors([anchor]),
    expectedPassport: utopiaId,
    require: ['givenName', 'ageOver16'],
    expectedAudience: audience,
    expectedNonce: nonce,
    expectedSessionTranscript: sessionTranscript,
    status: statusNotChecked('development'),
  })
  if (!verdict.ok) throw new Error(explain(verdict, english))
  deepStrictEqual({ ...verdict.claims }, { givenName: 'Ana', ageOver16: true })
  console.log(verdict.format, verdict.claims.givenName, verdict.claims.ageOver16 ? '16+' : 'under 16')
}
