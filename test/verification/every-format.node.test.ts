/**
 * One definition, every format: a record that is issued, presented and verified gives the same claims in each that it has, and no
 * honest presentation is refused. 10,000 records of the shipped passports and of one with a field of every kind; 300 of them
 * unless VIDIMUS_LEAVE_NOTHING_OUT is set.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueQrCredential } from '../../src/credential/qr.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { issueVcJwtCredential } from '../../src/credential/vc-jwt.js'
import { openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import type { PassportDefinition, PassportOf } from '../../src/passport/definition.js'
import { euPid } from '../../src/passport/eu-pid.js'
import { innCard } from '../../src/passport/inn-card.js'
import { mdl } from '../../src/passport/mdl.js'
import { photoId } from '../../src/passport/photo-id.js'
import { snilsCard } from '../../src/passport/snils-card.js'
import { travelPassport } from '../../src/passport/travel.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { vehicleExtractPassport } from '../../src/passport/vehicle-extract.js'
import { presentMdoc } from '../../src/presentation/mdoc.js'
import { presentQr } from '../../src/presentation/qr.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { presentVcJwt } from '../../src/presentation/vc-jwt.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyPresentation } from '../../src/verification/verify.js'
import {
  anything,
  citizens,
  drivingLicences,
  euPids,
  everyKind,
  innCards,
  photoIds,
  snilsCards,
  today,
  travellers,
  vehicleExtracts,
  vehicles,
} from '../passport/arbitraries.js'
import { audience, nonce, now } from '../world.js'

const share = process.env['VIDIMUS_LEAVE_NOTHING_OUT'] === '1' ? 1 : 0.03
const patience = 600_000

const [russian, kazakh] = [
  await developmentIssuer({ issuer: 'https://ru.example', country: 'RU', now }),
  await developmentIssuer({ issuer: 'https://kz.example', country: 'KZ', now }),
]
const holders: readonly Signer[] = [await generateSigner('ES256'), await generateSigner('EdDSA')]
const sessionTranscript = await openid4vpTranscript({ clientId: audience, nonce, responseUri: `${audience}/response` })
const demands = {
  trust: trustAnchors([russian.anchor, kazakh.anchor]),
  expectedAudience: audience,
  expectedNonce: nonce,
  expectedSessionTranscript: sessionTranscript,
  expectedQr: { maxAge: 60 },
  status: statusNotChecked('not a matter of this test'),
  now,
}

/** The claims of a record as a verifier reads them in each format: of all fields, and of the chosen ones. */
async function asVerified<Name extends string, Claims extends object, Passport extends object>(
  definition: PassportDefinition<Name, Claims, Passport>,
  record: Passport,
  fields: readonly (keyof Claims & string)[],
  holder: Signer,
) {
  const { issuer, signer } = 'issuingCountry' in record && record.issuingCountry === 'KZ' ? kazakh : russian
  const to = { signer, holderKey: holder.publicJwk, status: { uri: 'https://status.example/1', index: 1 }, now }
  const held = record as PassportOf<typeof definition>
  const mdoc = await issueMdocCredential(definition, held, to)
  const ofMdoc = await claimsOf(
    definition,
    await presentMdoc(mdoc, { disclose: definition.claimPaths('mso_mdoc', fields), sessionTranscript, signer: holder }),
  )
  const code = await issueQrCredential(definition, held, {
    ...to,
    issuer,
    imageBudget: 16_384,
    ...(fields.length > 0 && { fields: fields as readonly never[] }),
  })
  const ofQr = await claimsOf(
    definition,
    await presentQr(code, {
      disclose: definition.claimPaths('qr', fields),
      audience,
      nonce,
      signer: holder,
      now,
    }),
  )
  if (definition.vct.length === 0) return { mso_mdoc: ofMdoc, qr: ofQr }
  const sdJwt = await issueSdJwtCredential(definition, held, { ...to, issuer })
  const vcJwt = await issueVcJwtCredential(definition, held, { ...to, issuer, format: 'vc+jwt' })
  const vcSdJwt = await issueVcJwtCredential(definition, held, { ...to, issuer, format: 'vc+sd-jwt' })

  const reply = { audience, nonce, signer: holder, now }
  const paths = (format: 'dc+sd-jwt' | 'vc+sd-jwt') => ({
    disclose: definition.claimPaths(format, fields),
  })
  return {
    'dc+sd-jwt': await claimsOf(definition, await presentSdJwt(sdJwt, { ...paths('dc+sd-jwt'), ...reply })),
    mso_mdoc: ofMdoc,
    qr: ofQr,
    'vc+jwt': await claimsOf(definition, await presentVcJwt(vcJwt, reply)),
    'vc+sd-jwt': await claimsOf(definition, await presentVcJwt(vcSdJwt, { ...paths('vc+sd-jwt'), ...reply })),
  }
}

async function claimsOf(expectedPassport: PassportDefinition, presentation: string | Uint8Array): Promise<object> {
  const verdict = await verifyPresentation(presentation, { ...demands, expectedPassport })
  if (!verdict.ok) throw new Error(`${verdict.format} refused: ${verdict.code}`)
  expect(verdict.otherClaims).toEqual({})
  return { ...verdict.claims }
}

function holds<Name extends string, Claims extends object, Passport extends object>(
  definition: PassportDefinition<Name, Claims, Passport>,
  records: fc.Arbitrary<Passport>,
  count: number,
): void {
  const numRuns = Math.round(count * share)
  const names = Object.keys(definition.fields) as (keyof Claims & string)[]
  it(`gives equal claims for ${numRuns} of ${count} records of ${definition.name}`, { timeout: patience }, async () => {
    const choice = fc.subarray(names)
    const property = fc.asyncProperty(records, choice, fc.constantFrom(...holders), async (record, chosen, holder) => {
      const passport = definition.parse(record, { now })
      expect(passport).toEqual(record)
      const whole: Readonly<Record<string, unknown>> = { ...passport, ...definition.derive(passport, today) }
      const fields = chosen.filter(name => whole[name] !== undefined)
      const part = (of: readonly string[]) => Object.fromEntries(of.map(name => [name, whole[name]]))
      const shown = part(fields)
      // What a JOSE credential says in the open is seen whether chosen or not; each element of an mdoc is chosen.
      const open = part(names.filter(name => definition.fields[name].hide === false && whole[name] !== undefined))
      const inJose = { 'dc+sd-jwt': { ...open, ...shown }, 'vc+jwt': whole, 'vc+sd-jwt': { ...open, ...shown } }
      expect(await asVerified(definition, record, fields, holder)).toEqual({
        mso_mdoc: shown,
        qr: shown,
        ...(definition.vct.length > 0 && inJose),
      })
    })
    await fc.assert(property, { seed: 20261122, numRuns })
  })
}

describe('every format', () => {
  holds(citizenPassport, citizens, 1500)
  holds(travelPassport, travellers, 1000)
  holds(vehiclePassport, vehicles, 1000)
  holds(vehicleExtractPassport, vehicleExtracts, 500)
  holds(snilsCard, snilsCards, 1000)
  holds(innCard, innCards, 1000)
  holds(euPid, euPids, 1000)
  holds(mdl, drivingLicences, 1000)
  holds(photoId, photoIds, 1000)
  holds(everyKind, anything, 1000)
})
