/** A consumer's own passport from issue to verdict, in both formats; compiled against the packed package, then run. */
import {
  decodeMdoc,
  definePassport,
  english,
  explain,
  generateSigner,
  issueMdocCredential,
  issueSdJwtCredential,
  memoryStore,
  newNonce,
  openid4vpTranscript,
  openStatusRegistry,
  prepareSdJwt,
  presentMdoc,
  presentSdJwt,
  previewPresentation,
  statusChecker,
  trustAnchors,
  verifyCredential,
  verifyPresentation,
  verifySdJwtPresentation,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'
import { z } from 'zod'

const guildCard = definePassport({
  name: 'guild-card',
  vct: 'https://guild.example/card/1',
  docType: 'example.guild.card.1',
  fields: {
    familyName: { schema: z.string().min(1), claim: 'family_name', element: ['example.guild.card.1', 'family_name'] },
    birthDate: { as: 'date', claim: 'birthdate', element: ['example.guild.card.1', 'birth_date'] },
    town: { schema: z.string(), claim: ['address', 'locality'], optional: true },
  },
})

// issue
const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://guild.example' })
const holder = await generateSigner('ES256')
const registry = await openStatusRegistry({ store: memoryStore(), signer, baseUri: 'https://status.example' })
const record = guildCard.parse({ familyName: 'Specimen', birthDate: '2001-02-28', town: 'Utopia' })
const mdoc = await issueMdocCredential(guildCard, record, {
  signer,
  holderKey: holder.publicJwk,
  status: await registry.allocate({ id: 'card-1', format: 'mso_mdoc' }),
})
const credential = await issueSdJwtCredential(guildCard, record, {
  issuer,
  signer,
  holderKey: holder.publicJwk,
  status: await registry.allocate({ id: 'card-1' }),
})

// hold
const lists = await registry.publish()
const status = statusChecker({
  fetch: async url => {
    const list = lists.find(({ uri }) => uri === String(url))
    if (list === undefined) throw new Error('no such list')
    return new Response(list.body, { headers: { 'content-type': list.mediaType } })
  },
})
const trust = trustAnchors([{ ...anchor, passports: [guildCard] }])
const received = await verifyCredential(credential, {
  trust,
  status,
  expectedPassport: guildCard,
  expectedHolderKey: holder.publicJwk,
})
if (!received.ok) throw new Error(explain(received, english))

const preview = previewPresentation(prepareSdJwt(credential), { passport: guildCard, disclose: ['familyName'] })
const shown: readonly string[] = preview.fields.map(field => field.path.join('.'))
if (!shown.includes('family_name')) throw new Error('the preview lacks the name')

// verify
const nonce = newNonce()
const audience = 'https://bank.example'
const presentation = await presentSdJwt(preview, { audience, nonce, signer: holder })
const verdict = await verifySdJwtPresentation(presentation, {
  trust,
  status,
  expectedPassport: guildCard,
  require: ['familyName'],
  expectedAudience: audience,
  expectedNonce: nonce,
})
if (!verdict.ok) throw new Error(explain(verdict, english))
const name: string = verdict.claims.familyName
const town: string | undefined = verdict.claims.town
if (name !== 'Specimen' || town !== undefined) throw new Error('not what was presented')
console.log(`${verdict.passport}: ${name}`)

// the same from the other format
const expectedSessionTranscript = await openid4vpTranscript({
  clientId: audience,
  nonce,
  responseUri: `${audience}/cb`,
})
const response = await presentMdoc(mdoc, {
  passport: guildCard,
  disclose: ['familyName'],
  sessionTranscript: expectedSessionTranscript,
  signer: holder,
})
const again = await verifyPresentation(response, {
  trust,
  status,
  expectedPassport: guildCard,
  require: ['familyName'],
  expectedSessionTranscript,
})
if (!again.ok) throw new Error(explain(again, english))
const sameName: string = again.claims.familyName
const types: readonly string[] = decodeMdoc(response).documents.map(({ docType }) => docType)
if (sameName !== name || again.format !== 'mso_mdoc' || types.join() !== 'example.guild.card.1')
  throw new Error('not what was presented as an mdoc')
console.log(`${again.format}: ${sameName}`)
