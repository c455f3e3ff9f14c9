/** A document of one's own, in every format: defined once, issued, presented and verified as an SD-JWT VC and as an mdoc. */
import {
  ageOn,
  definePassport,
  english,
  explain,
  generateSigner,
  issueMdocCredential,
  issueSdJwtCredential,
  newNonce,
  openid4vpTranscript,
  presentMdoc,
  presentSdJwt,
  statusNotChecked,
  trustAnchors,
  verifyPresentation,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'
import { z } from 'zod'

const ns = 'example.ut.id.1'
export const utopiaId = definePassport({
  name: 'utopia-id',
  vct: 'https://ut.example/id/1',
  docType: ns,
  fields: {
    familyName: {
      schema: z.string().min(1).max(150),
      claim: 'family_name',
      element: [ns, 'family_name'],
      label: { en: 'Family name', ut: 'Nomo' },
    },
    givenName: { schema: z.string().min(1).max(150), claim: 'given_name', element: [ns, 'given_name'] },
    birthDate: { as: 'date', claim: 'birthdate', element: [ns, 'birth_date'] },
    birthTown: {
      schema: z.string(),
      claim: ['place_of_birth', 'locality'],
      element: [ns, 'birth_town'],
      optional: true,
    },
    citizenOf: {
      schema: z.array(z.string().length(2)),
      claim: 'nationalities',
      element: [ns, 'nationality'],
      hide: 'each',
    },
    number: { schema: z.string().regex(/^UT\d{7}$/), claim: 'document_number', element: [ns, 'document_number'] },
    portrait: { as: 'image', claim: 'picture', element: [ns, 'portrait'], optional: true },
  },
  derived: {
    ageOver16: {
      derive: (passport, on) => ageOn(passport.birthDate, on) >= 16,
      claim: ['age_equal_or_over', '16'],
      element: [ns, 'age_over_16'],
    },
  },
})

const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://ut.example', country: 'UT' })
const holder = await generateSigner('ES256')
const record = {
  familyName: 'Specimen',
  givenName: 'Ana',
  birthDate: '2001-02-28',
  citizenOf: ['UT'],
  number: 'UT0000001',
}
const to = { signer, holderKey: holder.publicJwk }
const sdJwt = await issueSdJwtCredential(utopiaId, record, { ...to, issuer })
const mdoc = await issueMdocCredential(utopiaId, record, to)

const audience = 'https://shop.example'
const nonce = newNonce()
const sessionTranscript = await openid4vpTranscript({
  clientId: audience,
  nonce,
  responseUri: 'https://shop.example/cb',
})
const ask = { passport: utopiaId, disclose: ['givenName', 'ageOver16'], signer: holder } as const
for (const presentation of [
  await presentSdJwt(sdJwt, { ...ask, audience, nonce }),
  await presentMdoc(mdoc, { ...ask, sessionTranscript }),
]) {
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
  console.log(verdict.format, verdict.claims.givenName, verdict.claims.ageOver16 ? '16+' : 'under 16') // the same claims from both formats
}
