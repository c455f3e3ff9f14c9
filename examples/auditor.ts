/**
 * A third party checks a log. It holds the key of the log and the checkpoint it kept last time, and trusts neither the
 * operator nor what the operator hands over: proofs, entries, an export, a citizen's letter. A witness of somebody else has
 * signed what the log published, and a monitor reads all of it.
 */
import {
  askWitnesses,
  decodeCheckpoint,
  exportEntries,
  generateSigner,
  logReader,
  membersNaming,
  monitorLog,
  renderHistory,
  russian,
  verifyChain,
  verifyConsistency,
  verifyExport,
  verifyHistory,
  verifyInclusion,
  witness,
  witnessMemory,
} from 'vidimus'
import { auditLogHandler, witnessHandler } from 'vidimus/http'
import { issueTo, log, registry } from './set-up.js'

// The operator's side: a passport is issued, the auditor comes by, and then more happens

const { id } = await issueTo((await generateSigner('ES256')).publicJwk)
const logKey = log.verifierKey // published where the log cannot change it
const kept = await log.checkpoint()

// A witness, somebody else's: it would keep what it saw in a store of its own (witnessMemoryIn), and here forgets it

const w1 = await witness({
  name: 'witness.example/w1',
  signer: await generateSigner('EdDSA'),
  logKey,
  memory: witnessMemory(),
})
await w1.trustFirst(kept)
const witnessing = witnessHandler(w1, { baseUri: 'https://witness.example/w1', firstCheckpoint: 'refused' })

// The operator goes on

await registry.set(id, 'suspended', { reason: 'lost', actor: 'holder' })
await registry.set(id, 'invalid', { reason: 'stolen', actor: 'operator' })
await issueTo((await generateSigner('ES256')).publicJwk)

// What the operator hands over: text, which anybody may have changed on the way

const witnesses = [{ url: 'https://witness.example/w1', key: w1.verifierKey }]
const toWitness = (url: string, init: RequestInit) => witnessing(new Request(url, init)) // the network between the two
const published = new Map<string, { readonly body: string | Uint8Array }>()
const { checkpoint: fresh } = await log.publish({
  write: file => void published.set(file.path, file),
  cosign: async plain => {
    const asked = await askWitnesses(plain, { witnesses, proveConsistency: log.proveConsistency, fetch: toWitness })
    return asked.checkpoint
  },
})
const site = auditLogHandler({ file: path => published.get(path) }, { baseUri: 'https://log.example' })
const consistency = JSON.stringify(await log.proveConsistency(decodeCheckpoint(kept).size))
const proof = JSON.stringify(await log.proveInclusion(2, { checkpoint: fresh }))
const letter = JSON.stringify(await log.history(id))
const opening = await log.opening(id) // for an auditor who may know about this passport
const entries: unknown[] = []
for await (const entry of log.entries({ to: decodeCheckpoint(fresh).size })) entries.push(entry)
const { files } = await exportEntries(log, { from: 1, to: 4, actor: 'auditor' })

// The auditor's side: nothing below asks the log

const grown = await verifyConsistency(JSON.parse(consistency), { from: kept, to: fresh, logKey })
if (!grown.ok) throw new Error(grown.code) // audit_consistency_invalid: history was rewritten
console.log(`the log grew from ${grown.fromSize} to ${grown.toSize} entries, and nothing that was there has changed`)

const read = logReader('https://log.example', { fetch: (url, init) => site(new Request(url, init)) })
const policy = { keys: [w1.verifierKey], threshold: 1 }
const look = await monitorLog({ read, logKey, witnesses: policy, from: kept })
if (!look.ok || look.remaining > 0) throw new Error(look.findings.map(({ code }) => code).join())
console.log(
  `the monitor sees, cosigned by ${policy.keys.length} witness: ${look.entries.map(({ kind }) => kind).join(', ')}`,
)

const included = await verifyInclusion(JSON.parse(proof), { logKey, checkpoint: fresh })
if (!included.ok || included.entry.kind !== 'revoke') throw new Error('the revocation should be in the log')
const naming = await membersNaming(included.entry, opening)
if (naming.join() !== 'subject') throw new Error('the revocation should be about this passport')
console.log(`entry ${included.index} is a revocation, and about the passport in question`)

const folder = new Map(files.map(({ path, body }) => [path, body]))
const range = await verifyExport(path => folder.get(path), { logKey })
if (!range.ok) throw new Error(range.code)
console.log(
  `the export holds entries ${range.from} to ${range.to - 1}, as the log recorded in entry ${range.entry.index}`,
)

const whole = await verifyChain(entries, { head: fresh, logKey })
if (!whole.ok) throw new Error(whole.code)

const history = await verifyHistory(JSON.parse(letter), { logKey })
if (!history.ok || history.entries.length !== 3) throw new Error('the citizen should read of three acts')
console.log(renderHistory(history, russian))

// And what does not hold

const rewritten = await verifyInclusion(JSON.parse(proof.replace('"stolen"', '"lost"')), { logKey })
const shortened = await verifyConsistency(JSON.parse(consistency), { from: fresh, to: kept, logKey })
folder.set('entries-0.jsonl', folder.get('entries-0.jsonl')!.slice(0, -1))
const damaged = await verifyExport(path => folder.get(path), { logKey })
const refused = [rewritten, shortened, damaged].map(verdict => (verdict.ok ? 'accepted' : verdict.code))
if (refused.join() !== 'audit_inclusion_invalid,audit_consistency_invalid,audit_export_mismatch')
  throw new Error(`forgeries should be refused: ${refused}`)
console.log(`refused: ${refused.join(', ')}`)
