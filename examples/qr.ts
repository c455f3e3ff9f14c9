/**
 * QR codes from the office to the desk: issued with the portrait, shown on a phone as pictures, one or several, in answer to
 * the desk's request. The counter that asks nobody and has no network is counter.ts.
 */
import assert from 'node:assert/strict'
import {
  citizenPassport,
  explain,
  frameCollector,
  generateSigner,
  issueQrCredential,
  newNonce,
  presentQr,
  previewPresentation,
  splitFrames,
  statusChecker,
  verifyPresentation,
} from 'vidimus'
import { drawQr } from 'vidimus/qr'
import { cdn, issuer, publish, record, registry, signer, trust } from './set-up.js'

// the office
const phone = await generateSigner('ES256') // over the phone's secure element
const credential = await issueQrCredential(citizenPassport, await record(), {
  issuer,
  signer,
  holderKey: phone.publicJwk,
  status: await registry.allocate({ format: 'qr' }),
  fields: ['familyName', 'givenName', 'patronymic', 'birthDate', 'sex', 'ageOver18', 'portrait'],
  imageBudget: 16_384, // for one code a kilobyte is already much
})
await publish()

// the desk asks: a code that answers this request answers no other
const request = { audience: 'https://desk.example', nonce: newNonce() }

// the phone: what is shown is what is sent, and a picture of it
const small = previewPresentation(credential, { passport: citizenPassport, disclose: ['familyName', 'ageOver18'] })
for (const { label, value, always } of small.fields) if (!always) console.log(`${label.ru}: ${value}`)
const text = await presentQr(small, { signer: phone, ...request })
const picture = drawQr(text, { millimetres: 40 })
console.log(`${text.length} characters, 4 cm wide: ${picture.slice(0, 60)}…`)

// a portrait takes several codes, one after another; the camera begins anywhere and sees some of them twice
const large = previewPresentation(credential, { passport: citizenPassport, disclose: ['familyName', 'portrait'] })
const codes = await splitFrames(await presentQr(large, { signer: phone, ...request }))
const seen = [...codes.slice(7), ...codes.slice(5), ...codes]
console.log(`with the portrait ${codes.length} codes, each at most ${codes[0]!.length} characters`)

// the desk
const status = statusChecker({ fetch: cdn })
const verify = (scanned: string, expected = request) =>
  verifyPresentation(scanned, {
    trust,
    status,
    expectedPassport: citizenPassport,
    expectedQr: { maxAge: 120 },
    expectedAudience: expected.audience,
    expectedNonce: expected.nonce,
    require: ['familyName'],
  })

const adult = await verify(text)
assert(adult.ok, explain(adult))
assert(adult.claims.ageOver18 && adult.claims.birthDate === undefined)

const collector = frameCollector()
let scanned = ''
for (const code of seen) {
  const progress = await collector.add(code)
  if (!progress.done) continue // progress.missing says which
  scanned = progress.text
  break
}
const face = await verify(scanned)
assert(face.ok, explain(face))
console.log(`${face.claims.familyName}, a portrait of ${face.claims.portrait?.length} bytes`)

// the same code for the next visitor
const again = await verify(text, { ...request, nonce: newNonce() })
assert(!again.ok && again.code === 'key_binding_nonce_mismatch')
console.log(explain(again))
