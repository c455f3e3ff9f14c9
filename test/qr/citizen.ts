/**
 * A citizen at a counter: a credential of twelve claims bound to a phone, a status list of three hours ago, and codes that
 * show four of the claims, without anybody's request and without a network.
 */
import record from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { generateSigner } from '../../src/core/keys.js'
import { issueQrCredential } from '../../src/credential/qr.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { presentQr, previewQr } from '../../src/presentation/qr.js'
import { statusChecker } from '../../src/status/checker.js'
import { openStatusRegistry } from '../../src/status/registry.js'
import { memoryStore } from '../../src/store/memory.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyPresentation } from '../../src/verification/verify.js'
import { instant, issuer, now } from '../world.js'

/** Twelve. */
const fields = [
  'familyName',
  'givenName',
  'patronymic',
  'birthDate',
  'birthPlace',
  'sex',
  'nationalities',
  'series',
  'number',
  'issuingAuthority',
  'issueDate',
  'ageOver18',
] as const

/** What a counter asks for. */
const ofAge = ['familyName', 'givenName', 'sex', 'ageOver18'] as const

/** What these say. */
export const shownClaims = { familyName: record.familyName, givenName: record.givenName, sex: 2, ageOver18: true }

/** The longest four that are asked for together. */
export const whole = ['familyName', 'givenName', 'patronymic', 'birthDate'] as const

/** Seconds since the list was made. */
export const age = 3 * 3600
const earlier = () => new Date(instant.getTime() - age * 1000)

/** Codes, how many claims their credential has, and the counter that verifies them. */
export async function citizenAtCounter() {
  const [signer, phone] = [await generateSigner('ES256'), await generateSigner('ES256')]
  const baseUri = 'https://status.example'
  const registry = await openStatusRegistry({ store: memoryStore(), signer, baseUri, now: earlier })
  const credential = await issueQrCredential(citizenPassport, citizenPassport.parse(record), {
    issuer,
    signer,
    holderKey: phone.publicJwk,
    status: await registry.allocate({ id: 'citizen', format: 'qr' }),
    fields,
    now: earlier,
  })
  const held = previewQr(credential, { passport: citizenPassport, disclose: fields })
  const claims = held.fields.filter(({ always }) => !always).length
  const show = (disclose: readonly (typeof fields)[number][]) =>
    presentQr(credential, { passport: citizenPassport, disclose, signer: phone, now })

  const snapshot = async () => {
    const [list] = await registry.publish()
    const headers = { 'content-type': list!.mediaType }
    const fetch = async () => new Response(list!.body, { headers })
    return statusChecker({ fetch, now: earlier }).exportSnapshot([list!.uri])
  }
  const trust = trustAnchors([{ issuer, jwk: signer.publicJwk, purposes: ['credential', 'status'] }])
  const verify = async (scanned: string | undefined, kept: Uint8Array, maxStaleness = 6 * 3600) => {
    const status = statusChecker({ maxStaleness })
    await status.importSnapshot(kept)
    return verifyPresentation(scanned, {
      trust,
      status,
      expectedPassport: citizenPassport,
      expectedQr: { maxAge: 60 },
      require: ofAge,
      now,
    })
  }
  return { text: await show(ofAge), claims, show, kept: await snapshot(), snapshot, registry, verify }
}
