/**
 * What the programs beside this one need around them: an issuer with a registry and a log in memory, and a CDN that serves
 * what the issuer publishes. Everything runs in this process; no network is touched.
 */
import { readFile } from 'node:fs/promises'
import {
  citizenPassport,
  generateSigner,
  issueSdJwtCredential,
  type Jwk,
  memoryStore,
  openAuditLog,
  openStatusRegistry,
  trustAnchors,
} from 'vidimus'

export const issuer = 'https://passport.example'
export const signer = await generateSigner('ES256')
process.env['ISSUER_JWK'] = JSON.stringify(signer.publicJwk)

const store = memoryStore()
export const log = await openAuditLog({ store, origin: 'passport.example/log', signer: await generateSigner('EdDSA') })
export const registry = await openStatusRegistry({ store, signer, baseUri: 'https://status.example', audit: log })

/** What a wallet and a bank believe. */
export const trust = trustAnchors([
  { issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'], passports: [citizenPassport] },
])

const published = new Map<string, Response>()

/** Puts the status lists where verifiers fetch them. */
export async function publish(): Promise<void> {
  for (const { uri, body, mediaType, cacheControl } of await registry.publish())
    published.set(uri, new Response(body, { headers: { 'content-type': mediaType, 'cache-control': cacheControl } }))
}

/** The CDN, with the shape of `fetch`. */
export const cdn = async (uri: string | URL | Request): Promise<Response> =>
  published.get(String(uri))?.clone() ?? new Response(null, { status: 404 })

/** The sample passport. */
export const record = async () =>
  citizenPassport.parse({
    ...JSON.parse(await readFile('examples/data/citizen-passport.json', 'utf8')),
    portrait: new Uint8Array(await readFile('examples/data/portrait.jpg')),
  })

/** Issues the sample passport to a holder's key, under an id of its own. */
export async function issueTo(holderKey: Jwk): Promise<{ id: string; credential: string }> {
  const id = crypto.randomUUID()
  const status = await registry.allocate({ id })
  const credential = await issueSdJwtCredential(citizenPassport, await record(), { issuer, signer, holderKey, status })
  await log.append({ kind: 'issue', actor: 'system', reason: 'first_issue', subject: id })
  await publish()
  return { id, credential }
}
