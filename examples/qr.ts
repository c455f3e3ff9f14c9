/**
 * A QR code at a counter: issued at the office, shown on a phone, verified without a network. Nothing is drawn here: the text
 * is what a code holds.
 */
import assert from 'node:assert/strict'
import {
  citizenPassport,
  explain,
  generateSigner,
  issueQrCredential,
  presentQr,
  previewPresentation,
  statusChecker,
  verifyPresentation,
} from 'vidimus'
import { cdn, issuer, publish, record, registry, signer, trust } from './set-up.js'

// the office
const phone = await generateSigner('ES256') // over the phone's secure element
const status = await registry.allocate({ format: 'qr' })
const credential = await issueQrCredential(citizenPassport, await record(), {
  issuer,
  signer,
  holderKey: phone.publicJwk,
  status,
  fields: ['familyName', 'givenName', 'patronymic', 'birthDate', 'sex', 'ageOver18'],
})
await publish()

// the phone: what is shown is what is sent
const preview = previewPresentation(credential, { passport: citizenPassport, disclose: ['familyName', 'ageOver18'] })
for (const { label, value, always } of preview.fields) if (!always) console.log(`${label.ru}: ${value}`)
const text = await presentQr(preview, { signer: phone })
console.log(`${text.length} characters: ${text.slice(0, 40)}…`)

// the counter, in the morning: lists are fetched once and carried along
const online = statusChecker({ fetch: cdn, trust })
const lists = await online.exportSnapshot([status.uri])

// the counter, all day long: no network
const offline = statusChecker({ maxStaleness: 6 * 3600, trust })
await offline.importSnapshot(lists)
const verdict = await verifyPresentation(text, {
  trust,
  status: offline,
  expectedPassport: citizenPassport,
  expectedQr: { maxAge: 60 },
  require: ['familyName', 'ageOver18'],
})
assert(verdict.ok, explain(verdict))
assert(verdict.claims.ageOver18 && verdict.claims.birthDate === undefined)
console.log(explain(verdict))

// a minute and more later the same code is only a picture
const late = { trust, status: offline, expectedPassport: citizenPassport, expectedQr: { maxAge: 60 } }
const again = await verifyPresentation(text, { ...late, now: () => new Date(Date.now() + 150_000) })
assert(!again.ok && again.code === 'key_binding_too_old')
console.log(explain(again))
