/** The bank developer: ask, verify, archive, verify again in five years. */
import {
  citizenPassport,
  explain,
  generateSigner,
  newNonce,
  presentSdJwt,
  reverifyEvidence,
  russian,
  statusChecker,
  trustAnchors,
  verifySdJwtPresentation,
} from 'vidimus'
import { cdn, issueTo, publish, registry } from './set-up.js'

const clientId = 'https://bank.example'
const fields = ['familyName', 'givenName', 'birthDate'] as const
const trust = trustAnchors([
  // made once: keys are imported once and kept inside
  {
    issuer: 'https://passport.example',
    jwk: JSON.parse(process.env['ISSUER_JWK']!),
    purposes: ['credential', 'status'],
    passports: [citizenPassport],
  },
])
const status = statusChecker({ fetch: cdn, maxStaleness: 900 }) // made once: it holds the cache

export const ask = () => ({ clientId, nonce: newNonce(), claims: citizenPassport.claimPaths('dc+sd-jwt', fields) })

export async function open(
  presentation: string,
  nonce: string,
  archive: (digest: string, json: string) => Promise<void>,
  signal: AbortSignal,
) {
  const verdict = await verifySdJwtPresentation(presentation, {
    trust,
    status,
    signal,
    expectedPassport: citizenPassport,
    expectedAudience: clientId,
    expectedNonce: nonce, // as stored with the request, deleted before this call: used once
    require: fields,
  })
  await archive(verdict.evidence.digest, JSON.stringify(verdict.evidence))
  if (!verdict.ok)
    return {
      refused: verdict.code,
      text: explain(verdict, russian),
      next: verdict.checks.filter(c => c.outcome === 'failed').map(c => explain(c, russian)),
    }
  const { familyName, givenName, birthDate, patronymic } = verdict.claims
  return { account: `${familyName.toUpperCase()} ${givenName}`, birthDate, patronymic: patronymic?.trim() } // patronymic was not required: may be absent
}

export async function inFiveYears(json: string) {
  const again = await reverifyEvidence(JSON.parse(json), { trust, expectedPassport: citizenPassport, require: fields }) // no network, at the time it was verified
  return again.ok ? again.claims.birthDate : explain(again, russian)
}

const archive = new Map<string, string>()
const keep = async (digest: string, json: string) => void archive.set(digest, json)
const { signal } = new AbortController()
const holder = await generateSigner('ES256')
const { id, credential } = await issueTo(holder.publicJwk)

const request = ask()
const answer = await presentSdJwt(credential, {
  disclose: request.claims,
  audience: request.clientId,
  nonce: request.nonce,
  signer: holder,
})
const opened = await open(answer, request.nonce, keep, signal)
if (opened.account === undefined) throw new Error(opened.text)
console.log(`account opened, born ${opened.birthDate}, patronymic ${opened.patronymic ?? 'not asked for'}`)

const replayed = await open(answer, newNonce(), keep, signal)
if (replayed.refused !== 'key_binding_nonce_mismatch') throw new Error('a replay should have been refused')
console.log(`replay refused: ${replayed.text}`)

await registry.set(id, 'invalid', { reason: 'lost', actor: 'operator' })
await publish()
const again = await inFiveYears(archive.values().next().value!)
if (again !== opened.birthDate) throw new Error(again)
console.log(`archived evidence still says ${again}, though the passport was revoked since`)
