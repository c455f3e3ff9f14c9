/** The operator publishes, the citizen checks what was done, the auditor checks that history was not rewritten. */
import type { AuditLog, StatusRegistry } from 'vidimus'
import { decodeCheckpoint, explain, generateSigner, russian, verifyConsistency, verifyHistory } from 'vidimus'
import { issueTo, log, registry } from './set-up.js'

// operator: with `audit` given to the registry, the status and its log entry are one transaction
export async function revoke(registry: StatusRegistry, log: AuditLog, passportId: string) {
  await registry.set(passportId, 'invalid', { reason: 'lost', actor: 'operator' }) // every copy; final: cannot be set back
  const lists = await registry.publish()
  return { lists, checkpoint: await log.checkpoint() } // plain files for a CDN
}
export const letterToCitizen = async (log: AuditLog, passportId: string) =>
  JSON.stringify(await log.history(passportId))

// citizen: knows the log's key, trusts neither the operator nor the letter
export async function readLetter(letter: string, logKey: string) {
  const verdict = await verifyHistory(JSON.parse(letter), { logKey })
  return verdict.ok ? verdict.entries.map(entry => `${entry.time} ${entry.kind}`) : explain(verdict, russian)
}

// auditor: kept an older checkpoint, gets a newer one and asks for the proof between the two
export async function audit(kept: string, fresh: string, logKey: string, log: Pick<AuditLog, 'proveConsistency'>) {
  const proof = await log.proveConsistency(decodeCheckpoint(kept).size, decodeCheckpoint(fresh).size)
  const verdict = await verifyConsistency(proof, { from: kept, to: fresh, logKey })
  if (!verdict.ok) throw new Error(verdict.code) // audit_consistency_invalid: history was rewritten
  return fresh // keep this one next
}

const { id } = await issueTo((await generateSigner('ES256')).publicJwk)
const kept = await log.checkpoint()
const { lists, checkpoint } = await revoke(registry, log, id)
console.log(`${lists.length} status list to publish, and a checkpoint:\n${checkpoint}`)

const letter = await letterToCitizen(log, id)
const history = await readLetter(letter, log.verifierKey)
if (!Array.isArray(history) || history.length !== 2) throw new Error('the citizen should read of two acts')
console.log(`the citizen reads: ${history.join(', ')}`)

const forged = await readLetter(letter.replace('"revoke"', '"suspend"'), log.verifierKey)
if (typeof forged !== 'string') throw new Error('a forged letter should not read')
console.log(`a forged letter: ${forged}`)

await audit(kept, checkpoint, log.verifierKey, log)
console.log('the auditor: nothing was rewritten between the two checkpoints')
