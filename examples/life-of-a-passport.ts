/**
 * The life of a passport, from the record to the last entry in the log, as an SD-JWT VC and as an ISO mdoc side by side.
 * Every step asserts what it tells.
 *
 * Run it with `npm run demo`; with `npm run demo -- --store ./vidimus.db` what the office knows stands in SQLite, and the
 * next run goes on where this one ends. Nothing is sent anywhere.
 */
import { readFile } from 'node:fs/promises'
import {
  citizenPassport,
  dcApiTranscript,
  decodeCheckpoint,
  decodeMdoc,
  definePassport,
  english,
  explain,
  generateSigner,
  issueMdocCredential,
  issueSdJwtCredential,
  newNonce,
  openAuditLog,
  openid4vpTranscript,
  openStatusRegistry,
  type PublishedStatusList,
  presentMdoc,
  presentSdJwt,
  previewPresentation,
  statusChecker,
  statusNotChecked,
  trustAnchors,
  verifyChain,
  verifyConsistency,
  verifyCredential,
  verifyHistory,
  verifyInclusion,
  verifyPresentation,
  verifySdJwtPresentation,
} from 'vidimus'
import { developmentIssuer } from 'vidimus/testing'
import { z } from 'zod'
import { openDemoStore, stop } from './demo-store.js'

const started = performance.now()

// The cast: an issuer with a certificate, its registry and its log; a holder; a bank. And a CDN, which is a map.

const { issuer, signer, anchor } = await developmentIssuer({ issuer: 'https://passport.example', country: 'RU' })
const bank = 'https://bank.example'
const holder = await generateSigner('ES256')
const { store, logSigner, keptCheckpoint, close } = await openDemoStore(process.argv.slice(2))
const log = await openAuditLog({ store, origin: 'passport.example/log', signer: logSigner }).catch(error =>
  stop(`the log is not opened: ${explain(error, english)}`),
)
if (keptCheckpoint !== undefined) await expectContinued(keptCheckpoint)
const registry = await openStatusRegistry({ store, signer, baseUri: 'https://status.example', audit: log })
const trust = trustAnchors([{ ...anchor, name: 'Passport office' }]) // the root: its signers are known by their certificates

const cdn = new Map<string, Pick<PublishedStatusList, 'body' | 'mediaType'>>()
const fetchFromCdn = async (uri: string | URL | Request) => {
  const file = cdn.get(String(uri))
  return file === undefined
    ? new Response(null, { status: 404 })
    : new Response(file.body, { headers: { 'content-type': file.mediaType } })
}
const publish = () =>
  timed('published', () =>
    registry.publish({
      write: async ({ uri, body, mediaType }) => void cdn.set(uri, { body, mediaType }),
      onProgress: ({ done, total }) => process.stdout.write(`list ${done} of ${total}\r`),
    }),
  )
const status = statusChecker({ fetch: fetchFromCdn, maxStaleness: 0 }) // asks anew every time

// 1. Issue

const portrait = new Uint8Array(await readFile('examples/data/portrait.jpg'))
const record = { ...JSON.parse(await readFile('examples/data/citizen-passport.json', 'utf8')), portrait }
const passportId = crypto.randomUUID()
const passport = citizenPassport.parse(record)
const holderKey = holder.publicJwk
const sdJwtStatus = await registry.allocate({ id: passportId }) // one passport, one id; every copy has a place of its own
const mdocStatus = await registry.allocate({ id: passportId, format: 'mso_mdoc' })
const credential = await timed('issued', () =>
  issueSdJwtCredential(citizenPassport, passport, { issuer, signer, holderKey, status: sdJwtStatus }),
)
tell(
  `        SD-JWT VC: ${kilobytes(credential)} with a portrait of ${kilobytes(portrait)}; ${credential.split('~').length - 2} claims can be hidden`,
)
const mdoc = await timed('issued', () =>
  issueMdocCredential(citizenPassport, passport, { signer, holderKey, status: mdocStatus }),
)
const [document] = decodeMdoc(mdoc).documents
const elementCount = Object.values(document?.elements ?? {}).flatMap(elements => Object.keys(elements ?? {})).length
tell(`        mdoc: ${kilobytes(mdoc)}; ${elementCount} elements, each shown or not`)
const { index: firstEntry } = await log.append({
  kind: 'issue',
  actor: 'system',
  reason: 'first_issue',
  subject: passportId,
})
await publish()
const firstCheckpoint = await log.checkpoint()

// 2. Hold

for (const received of [credential, mdoc]) {
  const held = await timed('held', () =>
    verifyCredential(received, { trust, status, expectedPassport: citizenPassport, expectedHolderKey: holderKey }),
  )
  assert(held.ok, 'the wallet verifies what it received')
}

// 3. Present three claims to a bank

const nonce = newNonce()
const session = { clientId: bank, nonce, responseUri: 'https://bank.example/response' }
const sessionTranscript = await openid4vpTranscript(session)
const fields = ['familyName', 'givenName', 'birthDate'] as const
const wanted = { passport: citizenPassport, disclose: fields }
const preview = previewPresentation(credential, wanted)
const presentation = await timed('presented', () => presentSdJwt(preview, { audience: bank, nonce, signer: holder }))
const response = await timed('presented', () =>
  presentMdoc(previewPresentation(mdoc, wanted), { sessionTranscript, signer: holder }),
)
const chosen = preview.fields.filter(field => !field.always)
assert(chosen.length === 3, 'the holder shows three claims and no more')
tell(
  `        ${kilobytes(presentation)} of ${kilobytes(credential)}, ${kilobytes(response)} of ${kilobytes(mdoc)}, showing ${chosen.map(({ label }) => label.en.toLowerCase()).join(', ')}`,
)

// 4. The bank's verdict, through the life of the passport: whichever format the holder sends

const verify = (when: string, shown: string | Uint8Array) =>
  timed(when, () =>
    verifyPresentation(shown, {
      trust,
      status,
      expectedPassport: citizenPassport,
      require: fields,
      expectedAudience: bank,
      expectedNonce: nonce,
      expectedSessionTranscript: sessionTranscript,
    }),
  )

async function expectValid(when: string) {
  const [first, second] = [await verify(when, presentation), await verify(when, response)]
  assert(first.ok && second.ok, `both presentations are valid when ${when}`)
  const { familyName, givenName, birthDate } = first.claims
  assert(familyName === passport.familyName && birthDate === passport.birthDate, 'the claims are those of the record')
  assert(first.claims.portrait === undefined, 'what was not disclosed is not known')
  assert(
    fields.every(field => first.claims[field] === second.claims[field]),
    'both formats give the same claims',
  )
  tell(`        VALID: ${givenName} ${familyName}, born ${birthDate}`)
  for (const { format, checks } of [first, second])
    tell(`        ${format}: ${checks.filter(({ outcome }) => outcome === 'passed').length} checks passed`)
}

async function expectRefused(when: string, code: string) {
  for (const shown of [presentation, response]) {
    const verdict = await verify(when, shown)
    assert(!verdict.ok && verdict.code === code && !('claims' in verdict), `${verdict.format} is refused when ${when}`)
    tell(`        REFUSED ${verdict.format}: ${explain(verdict, english)}`)
  }
}

await expectValid('verified')

// A device that answered in another session: the verdict says which it was made for

const elsewhere = await dcApiTranscript({ origin: bank, nonce })
const strayed = await verify(
  'strayed',
  await presentMdoc(mdoc, { ...wanted, sessionTranscript: elsewhere, signer: holder }),
)
const device = strayed.checks.find(({ id }) => id === 'device_authentication')
assert(!strayed.ok && strayed.code === 'device_signature_invalid', 'an answer in another session is refused')
assert(device?.actual === 'flow_dc_api', 'the session that it was made for is named')
tell(`        REFUSED: ${explain(strayed, english)}`)

await registry.set(passportId, 'suspended', { reason: 'reported_lost', actor: 'operator' })
await publish()
await expectRefused('suspended', 'status_suspended')
await registry.set(passportId, 'valid', { reason: 'found_again', actor: 'operator' })
await publish()
await expectValid('reinstated')
await registry.set(passportId, 'invalid', { reason: 'stolen', actor: 'operator' })
await publish()
await expectRefused('revoked', 'status_revoked')

// 5. What happened to this passport, provably

const history = await timed('history', () => log.history(passportId))
const read = await verifyHistory(JSON.parse(JSON.stringify(history)), { logKey: log.verifierKey })
assert(
  read.ok && read.entries.map(({ kind }) => kind).join() === 'issue,suspend,reinstate,revoke',
  'the history is whole',
)
for (const { index, kind, reason } of read.entries) tell(`        entry ${index}: ${kind} (${reason})`)

const inclusion = await log.proveInclusion(firstEntry)
assert((await verifyInclusion(inclusion, { logKey: log.verifierKey })).ok, 'the issue is in the log')
const latest = await log.checkpoint()
const growth = await log.proveConsistency(decodeCheckpoint(firstCheckpoint).size, decodeCheckpoint(latest).size)
assert(
  (await verifyConsistency(growth, { from: firstCheckpoint, to: latest, logKey: log.verifierKey })).ok,
  'the log only grew',
)
tell(
  `        included by ${inclusion.hashes.length} hashes, grown consistently from ${decodeCheckpoint(firstCheckpoint).size} to ${decodeCheckpoint(latest).size} entries by ${growth.hashes.length}`,
)

// 6. Somebody edits the log

const entries = []
for await (const entry of log.entries()) entries.push(entry)
assert((await verifyChain(entries, { head: latest })).ok, 'the log as it is holds')
const edited = entries.map(entry => (entry.index === firstEntry + 3 ? { ...entry, reason: 'at_own_wish' } : entry))
const caught = await verifyChain(edited, { head: latest })
assert(!caught.ok, 'an edited log is caught')
tell(`edited  ${explain(caught, english)}`)

// 7. A credential that others made: the PID of RFC 9901, Appendix A.3

const rfc = JSON.parse(await readFile('examples/data/rfc9901-pid.json', 'utf8'))
const germanPid = definePassport({
  name: 'german-pid',
  vct: 'urn:eudi:pid:de:1',
  docType: 'eu.europa.ec.eudi.pid.1',
  fields: {
    nationalities: { schema: z.array(z.string()), claim: 'nationalities', hide: 'each' },
    ageOver18: { schema: z.boolean(), claim: ['age_equal_or_over', '18'] },
  },
})
const foreign = await timed('foreign', () =>
  verifySdJwtPresentation(rfc.presentation, {
    trust: trustAnchors([
      { issuer: 'https://pid-issuer.bund.de.example', jwk: rfc.issuerJwk, purposes: ['credential'] },
    ]),
    expectedPassport: germanPid,
    require: ['nationalities', 'ageOver18'],
    expectedAudience: rfc.audience,
    expectedNonce: rfc.nonce,
    status: statusNotChecked('the example carries none'),
    now: () => new Date(rfc.presentedAt * 1000),
  }),
)
assert(
  foreign.ok && foreign.claims.ageOver18 && foreign.claims.nationalities.join() === 'DE',
  'the example of RFC 9901 verifies',
)
tell(`        VALID: a German PID of RFC 9901, over 18, disclosing ${Object.keys(foreign.claims).length} claims`)

await close(latest)
tell(`\nThe whole life took ${Math.round(performance.now() - started)} ms.`)

/** Whoever keeps a checkpoint sees whether the log was rewritten since: it may only have grown. */
async function expectContinued(kept: string) {
  const { size } = decodeCheckpoint(kept)
  const now = await log.checkpoint()
  const grown = decodeCheckpoint(now).size
  if (grown < size) stop(`the log has ${grown} entries, the checkpoint kept beside the store ${size}: it was set back`)
  const proof = await log.proveConsistency(size, grown)
  const verdict = await verifyConsistency(proof, { from: kept, to: now, logKey: log.verifierKey })
  if (!verdict.ok) stop(explain(verdict, english))
  tell(`        its log of ${grown} entries is the one that was left`)
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begun = performance.now()
  const result = await work()
  tell(`${what.padEnd(10)} ${(performance.now() - begun).toFixed(1).padStart(6)} ms`)
  return result
}

function tell(line: string): void {
  console.log(line)
}

function kilobytes(data: string | Uint8Array): string {
  return `${(data.length / 1000).toFixed(1)} kB`
}

function assert(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`not so: ${what}`)
}
