/** The portal developer: a record from a form becomes one passport in two formats, with one id that suspends both. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  citizenPassport,
  explain,
  generateSigner,
  issueMdocCredential,
  issueSdJwtCredential,
  memoryStore,
  openAuditLog,
  openStatusRegistry,
  russian,
  statusChecker,
  trustAnchors,
  verifyCredential,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'

// For development; in production importSigner(jwk, { x5c: [pem] }) or your HSM as a Signer, with your certificate
const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://passport.example', country: 'RU' })
const logSigner = await generateSigner('EdDSA')

const store = memoryStore()
const audit = await openAuditLog({ store, origin: 'passport.example/log', signer: logSigner })
const registry = await openStatusRegistry({ store, signer, baseUri: 'https://status.example', audit })

export async function issuePassport(record: unknown, holderKey: JsonWebKey) {
  const checked = citizenPassport.safeParse(record)
  if (!checked.ok) return { issues: checked.issues } // [{ path: ['birthDate'], code: 'calendar' }, …]
  const id = crypto.randomUUID() // one passport, one id; every copy has its own index
  const validUntil = new Date(Date.now() + 365 * 864e5)
  const common = { signer, holderKey, validUntil }
  const sdJwt = await issueSdJwtCredential(citizenPassport, checked.passport, {
    ...common,
    issuer,
    status: await registry.allocate({ id, expires: validUntil }),
  })
  const mdoc = await issueMdocCredential(citizenPassport, checked.passport, {
    ...common,
    status: await registry.allocate({ id, format: 'mso_mdoc', expires: validUntil }),
  })
  return { id, sdJwt, mdoc } // registry.set(id, 'suspended') stops both at once
}

const mediaTypes = new Map<string, string>() // a static host sends them with its files

export async function publishTo(folder: string) {
  for (const file of await registry.publish({ onProgress: p => process.stderr.write(`${p.done}/${p.total}\n`) })) {
    await mkdir(dirname(join(folder, file.path)), { recursive: true })
    await writeFile(join(folder, file.path), file.body) // file.uri, file.cacheControl for the CDN
    mediaTypes.set(file.path, file.mediaType)
  }
}

const record = JSON.parse(await readFile('examples/data/citizen-passport.json', 'utf8'))
const holder = await generateSigner('ES256')

const issued = await issuePassport(record, holder.publicJwk)
if (issued.id === undefined) throw new Error(issued.issues.map(issue => explain(issue, russian)).join('\n'))
const { id, sdJwt, mdoc } = issued
console.log(`issued an SD-JWT VC of ${sdJwt.length} characters and an mdoc of ${mdoc.length} bytes`)

const refused = await issuePassport({ ...record, birthDate: '30.02.2001', snils: '112-233-445 96' }, holder.publicJwk)
if (refused.issues?.length !== 2) throw new Error('both mistakes should have been found at once')
console.log(`refused: ${refused.issues.map(issue => explain(issue, russian)).join(' ')}`)

// Whoever reads the published folder sees both copies stopped at once

const folder = await mkdtemp(join(tmpdir(), 'vidimus-lists-'))
const status = statusChecker({
  maxStaleness: 0,
  fetch: async uri => {
    const path = new URL(String(uri)).pathname.slice(1)
    const body = new Uint8Array(await readFile(join(folder, path)))
    return new Response(body, { headers: { 'content-type': mediaTypes.get(path) ?? '' } })
  },
})
const trust = trustAnchors([anchor])

async function expectBoth(expected: 'valid' | 'status_suspended') {
  await publishTo(folder)
  for (const credential of [sdJwt, mdoc]) {
    const verdict = await verifyCredential(credential, { trust, status, expectedPassport: citizenPassport })
    const found = verdict.ok ? 'valid' : verdict.code
    if (found !== expected) throw new Error(`${found} instead of ${expected}`)
    console.log(`${verdict.format}: ${verdict.ok ? verdict.claims.familyName : explain(verdict, russian)}`)
  }
}

await expectBoth('valid')
await registry.set(id, 'suspended', { reason: 'reported_lost', actor: 'operator' })
await expectBoth('status_suspended')
await rm(folder, { recursive: true })
