/** The portal developer: a record from a form becomes one passport in two formats, with one id that suspends both. */
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'libsql'
import {
  citizenPassport,
  explain,
  generateSigner,
  issueMdocCredential,
  issueSdJwtCredential,
  openAuditLog,
  openStatusRegistry,
  type PublishedStatusList,
  russian,
  statusChecker,
  trustAnchors,
  verifyCredential,
} from 'vidimus'
import { sqliteStore } from 'vidimus/store/sqlite'
import { developmentIssuer } from 'vidimus/testing'

// For development; in production importSigner(jwk, { x5c: [pem] }) or your HSM as a Signer, with your certificate
const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://passport.example', country: 'RU' })
const logSigner = await generateSigner('EdDSA')

const place = await mkdtemp(join(tmpdir(), 'vidimus-portal-')) // yours stays
const database = new Database(join(place, 'vidimus.db'))
const store = sqliteStore(database)
await store.migrate({ print: console.log })
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

const mediaTypes = new Map<string, string>() // a static host sends them with its files, and file.cacheControl

export async function publishTo(folder: string) {
  const write = async ({ path, body, mediaType }: PublishedStatusList) => {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(`${file}.new`, body)
    await rename(`${file}.new`, file) // whoever reads has the old list or the new one, never half of it
    mediaTypes.set(path, mediaType)
  }
  // While a list is written nobody else publishes it: however many processes do, no file takes the place of a newer one
  await registry.publish({ write, onProgress: p => process.stderr.write(`${p.done}/${p.total}\n`) })
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

const folder = join(place, 'lists')
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
database.close()

// What is acknowledged is on the disk: whoever opens the file finds it

const reopened = new Database(join(place, 'vidimus.db'))
const later = await openStatusRegistry({ store: sqliteStore(reopened), signer, baseUri: 'https://status.example' })
if ((await later.get(id)) !== 'suspended') throw new Error('the suspension should have been kept')
await later.set(id, 'valid', { reason: 'found_again', actor: 'operator' })
const versions = (await later.publish()).map(({ version }) => version)
if (versions.join() !== '3,3') throw new Error('the third publication should follow the second')
console.log('opened again: still suspended; reinstated and published as the third version of both lists')
reopened.close()
await rm(place, { recursive: true })
