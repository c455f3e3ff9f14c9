/** The third party: a car rental takes a foreign PID or a driving licence, whichever the visitor has. */
import { readFile } from 'node:fs/promises'
import {
  euPid,
  explain,
  generateSigner,
  issueMdocCredential,
  issueSdJwtCredential,
  mdl,
  memoryStore,
  newNonce,
  openid4vpTranscript,
  openStatusRegistry,
  presentMdoc,
  presentSdJwt,
  statusChecker,
  trustAnchors,
  verifyPresentation,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'

// For development both countries are made here; in production their certificates come from files or a trust list.
const pidProvider = await developmentIssuer({ issuer: 'https://pid.example', country: 'FC' })
const utopia = await developmentIssuer({ issuer: 'https://licences.example', country: 'UT' })
const lists = new Map<string, Response>()
const cdn = async (uri: string | URL | Request) =>
  lists.get(String(uri))?.clone() ?? new Response(null, { status: 404 })

const trust = trustAnchors([
  { ...pidProvider.anchor, passports: [euPid] },
  {
    name: 'Utopia IACA',
    certificate: utopia.anchor.certificate,
    certificateProfile: 'iaca',
    purposes: ['credential', 'status'],
    passports: [mdl],
  },
])
const status = statusChecker({ fetch: cdn, maxStaleness: 3600 })
const clientId = 'x509_san_dns:rental.example'
const responseUri = 'https://rental.example/response'

export const begin = () => ({ clientId, responseUri, nonce: newNonce() })

export async function finish(presentation: string | Uint8Array, nonce: string) {
  const verdict = await verifyPresentation(presentation, {
    // the sender chooses the format, we choose which formats we take
    trust,
    status,
    expectedPassport: [euPid, mdl],
    require: ['familyName', 'givenName', 'birthDate'], // a field that both have
    expectedAudience: clientId,
    expectedNonce: nonce, // takes SD-JWT VC
    expectedSessionTranscript: await openid4vpTranscript({ clientId, nonce, responseUri }), // takes mdoc
  })
  if (!verdict.ok) return { refused: verdict.code, checks: verdict.checks }
  console.log(
    verdict.format,
    verdict.issuer.country,
    verdict.checks.find(c => c.id === 'certificate_revocation')?.outcome,
  )
  if (verdict.passport === 'mdl')
    return { driver: verdict.claims.familyName, categories: verdict.claims.drivingPrivileges }
  return { driver: verdict.claims.familyName, nationalities: verdict.claims.nationalities }
}

// Two visitors, each with what their country gave them

const person = { familyName: 'Specimen', givenName: 'Ana', birthDate: '2001-02-28', documentNumber: 'UT0000001' }
const visitor = await generateSigner('ES256')
const pid = await issueSdJwtCredential(
  euPid,
  {
    ...person,
    placeOfBirth: { country: 'FC' },
    nationalities: ['FC'],
    issuingAuthority: 'Registry of Farcountry',
    issuingCountry: 'FC',
  },
  { issuer: pidProvider.issuer, signer: pidProvider.signer, holderKey: visitor.publicJwk },
)

const registry = await openStatusRegistry({
  store: memoryStore(),
  signer: utopia.signer,
  baseUri: 'https://status.example',
})
const licence = await issueMdocCredential(
  mdl,
  {
    ...person,
    issueDate: '2024-05-01',
    expiryDate: '2034-04-30',
    issuingCountry: 'UT',
    issuingAuthority: 'Road office of Utopia',
    portrait: new Uint8Array(await readFile('examples/data/portrait.jpg')),
    drivingPrivileges: [{ vehicle_category_code: 'B', issue_date: '2024-05-01' }],
    unDistinguishingSign: 'UT',
  },
  {
    signer: utopia.signer,
    holderKey: visitor.publicJwk,
    status: await registry.allocate({ id: 'licence-1', format: 'mso_mdoc' }),
  },
)
for (const { uri, body, mediaType } of await registry.publish())
  lists.set(uri, new Response(body, { headers: { 'content-type': mediaType } }))

const names = ['familyName', 'givenName', 'birthDate'] as const
const first = begin()
const shownPid = await presentSdJwt(pid, {
  passport: euPid,
  disclose: [...names, 'nationalities'],
  audience: first.clientId,
  nonce: first.nonce,
  signer: visitor,
})
const foreigner = await finish(shownPid, first.nonce)
if (foreigner.nationalities?.join() !== 'FC') throw new Error('the PID should have been taken')
console.log(`${foreigner.driver}, citizen of ${foreigner.nationalities.join(', ')}`)

const second = begin()
const shownLicence = await presentMdoc(licence, {
  passport: mdl,
  disclose: [...names, 'drivingPrivileges'],
  sessionTranscript: await openid4vpTranscript(second),
  signer: visitor,
})
const driver = await finish(shownLicence, second.nonce)
if (driver.categories === undefined) throw new Error('the licence should have been taken')
console.log(`${driver.driver} may drive ${driver.categories.map(c => c.vehicle_category_code).join(', ')}`)

const replayed = await finish(shownLicence, begin().nonce)
if (replayed.refused !== 'device_signature_invalid') throw new Error('a replay should have been refused')
for (const check of replayed.checks) if (check.outcome === 'failed') console.log(`refused: ${explain(check)}`)
