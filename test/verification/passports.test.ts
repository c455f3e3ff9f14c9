/**
 * The shipped passports from a record to a verdict: in every format the same claims, and no credential outlives its document.
 */
import { describe, expect, expectTypeOf, it } from 'vitest'
import citizenRecord from '../../examples/data/citizen-passport.json' with { type: 'json' }
import { textFromBase64url } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { issueSdJwtCredential } from '../../src/credential/sd-jwt.js'
import { openid4vpTranscript } from '../../src/formats/mdoc/session-transcript.js'
import { citizenPassport } from '../../src/passport/citizen.js'
import { definePassport, type PassportDefinition } from '../../src/passport/definition.js'
import { formatTd3Mrz } from '../../src/passport/mrz/td3.js'
import { photoId } from '../../src/passport/photo-id.js'
import { photoIdProfile } from '../../src/passport/photo-id-profile.js'
import { travelPassport } from '../../src/passport/travel.js'
import { travelProfile } from '../../src/passport/travel-profile.js'
import { typeMetadata } from '../../src/passport/type-metadata.js'
import { vehiclePassport } from '../../src/passport/vehicle.js'
import { vehicleExtract, vehicleExtractPassport } from '../../src/passport/vehicle-extract.js'
import { vehicleExtractProfile } from '../../src/passport/vehicle-extract-profile.js'
import { vehicleProfile } from '../../src/passport/vehicle-profile.js'
import { presentMdoc } from '../../src/presentation/mdoc.js'
import { presentSdJwt } from '../../src/presentation/sd-jwt.js'
import { developmentIssuer } from '../../src/testing/development-issuer.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { typeMetadataResolver } from '../../src/verification/type-metadata.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { jpeg } from '../passport/support.js'
import { vehicle } from '../passport/vehicles.js'
import { audience, nonce, now } from '../world.js'

const { issuer, signer, anchor } = await developmentIssuer({ country: 'RU', now })
const holder = await generateSigner('ES256')
const sessionTranscript = await openid4vpTranscript({ clientId: audience, nonce, responseUri: `${audience}/response` })
const status = { uri: 'https://status.example/lists/1', index: 7 }
const to = { signer, holderKey: holder.publicJwk, status, now }

const zone = formatTd3Mrz({
  familyName: 'OBRAZTSOVA',
  givenName: 'IULIIA',
  sex: 2,
  birthDate: '1985-05-11',
  documentNumber: '004689190',
  expiryDate: '2026-12-13',
})
const travel = travelPassport.parse({
  documentNumber: '004689190',
  issuingCountry: 'RUS',
  familyName: 'Образцова',
  givenName: 'Юлия',
  familyNameLatin: 'OBRAZTSOVA',
  givenNameLatin: 'IULIIA',
  nationality: 'RUS',
  birthDate: '1985-05-11',
  sex: 'Ж',
  issueDate: '2022-12-13',
  expiryDate: '2026-12-13',
  issuingAuthority: 'МВД 00001',
  portrait: jpeg(),
  mrz: zone.ok ? [zone.line1, zone.line2] : [],
})

const expectations = {
  trust: trustAnchors([anchor]),
  status: statusNotChecked('not a matter of this test'),
  expectedAudience: audience,
  expectedNonce: nonce,
  expectedSessionTranscript: sessionTranscript,
  now,
}

type AnyPassport = PassportDefinition<string, object, object>
const shown = {
  'dc+sd-jwt': async (definition: AnyPassport, passport: object, disclose: readonly string[]) => {
    const credential = await issueSdJwtCredential(definition, passport, { ...to, issuer })
    return presentSdJwt(credential, {
      disclose: definition.claimPaths('dc+sd-jwt', disclose as never[]),
      audience,
      nonce,
      signer: holder,
      now,
    })
  },
  mso_mdoc: async (definition: AnyPassport, passport: object, disclose: readonly string[]) => {
    const credential = await issueMdocCredential(definition, passport, to)
    const paths = definition.claimPaths('mso_mdoc', disclose as never[])
    return presentMdoc(credential, { disclose: paths, sessionTranscript, signer: holder })
  },
}

describe.each(['dc+sd-jwt', 'mso_mdoc'] as const)('as %s', format => {
  it('a whole travel passport is shown and verified by its profile', async () => {
    const fields = Object.keys(travel)
    const presentation = await shown[format](travelPassport as AnyPassport, travel, [...fields, 'ageOver18'])
    const verdict = await verifyPresentation(presentation, {
      ...expectations,
      expectedPassport: travelProfile,
      require: ['familyName', 'familyNameLatin', 'ageOver18'],
    })
    if (!verdict.ok) throw new Error(verdict.code)
    expect(verdict).toMatchObject({ format, passport: 'travel-passport' })
    expect(verdict.claims).toEqual({ ...travel, ageOver18: true })
    expect(verdict.otherClaims).toEqual({})
    expectTypeOf(verdict.claims.familyNameLatin).toEqualTypeOf<string>()
  })

  it('a vehicle passport, and an extract of it, are not taken for each other', async () => {
    const passport = vehiclePassport.parse(vehicle)
    const extract = vehicleExtract(passport, { kind: 'short' })
    const [first, second] = [
      await shown[format](vehiclePassport as AnyPassport, passport, Object.keys(passport)),
      await shown[format](vehicleExtractPassport as AnyPassport, extract, Object.keys(extract)),
    ]
    const whole = await verifyPresentation(first, { ...expectations, expectedPassport: vehicleProfile })
    const part = await verifyPresentation(second, {
      ...expectations,
      expectedPassport: vehicleExtractProfile,
      require: ['extractDate', 'status'],
    })
    expect(whole.ok && whole.claims).toEqual(passport)
    expect(part.ok && part.claims).toEqual(extract)
    const mistaken = await verifyPresentation(second, { ...expectations, expectedPassport: vehicleProfile })
    expect(mistaken).toMatchObject({ ok: false, code: 'type_not_expected' })
  })

  it('either of two passports serves, with the fields that both have', async () => {
    const require = ['familyName', 'birthDate', 'documentNumber', 'ageOver18'] as const
    const either = { ...expectations, expectedPassport: [citizenPassport, travelPassport], require } as const
    const verdicts = [
      await verifyPresentation(await shown[format](travelPassport as AnyPassport, travel, require), either),
      await verifyPresentation(
        await shown[format](citizenPassport as AnyPassport, citizenPassport.parse(citizenRecord), require),
        either,
      ),
    ]
    expect(verdicts.map(verdict => verdict.ok && [verdict.passport, verdict.claims.documentNumber])).toEqual([
      ['travel-passport', '004689190'],
      ['citizen-passport', '0010473979'],
    ])
  })
})

describe('a credential keeps the rules that its own definition writes', () => {
  const vct = 'https://types.example/passport'
  it.each([
    [definePassport({ name: 'a', vct, docType: [], extends: citizenPassport, fields: {} }), citizenRecord],
    [definePassport({ name: 'b', vct, docType: [], extends: travelPassport, fields: {} }), travel],
    [definePassport({ name: 'c', vct, docType: [], extends: vehiclePassport, fields: {} }), vehicle],
  ] as readonly (readonly [AnyPassport, object])[])('%#', async (definition, record) => {
    const document = JSON.stringify(typeMetadata(definition))
    const { expectedAudience: _, expectedNonce: __, expectedSessionTranscript: ___, ...wallet } = expectations
    const verdict = await verifyCredential(await issueSdJwtCredential(definition, record, { ...to, issuer }), {
      ...wallet,
      expectedPassport: definition,
      typeMetadata: typeMetadataResolver({
        fetch: async () => new Response(document, { headers: { 'content-type': 'application/json' } }),
      }),
    })
    expect(verdict.ok ? [] : verdict.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(verdict.checks.find(({ id }) => id === 'type_metadata')).toMatchObject({ outcome: 'passed' })
  })
})

describe('no credential outlives its document', () => {
  const end = new Date('2026-12-13T23:59:59Z')
  const after = new Date(end.getTime() + 1000)

  it('when nothing is said', async () => {
    const credential = await issueSdJwtCredential(travelPassport, travel, { ...to, issuer })
    const payload = JSON.parse(textFromBase64url(credential.split('.')[1]!))
    expect(payload.exp).toBe(end.getTime() / 1000)
  })

  it.each<[string, (validUntil: Date) => Promise<unknown>]>([
    [
      'a travel passport as SD-JWT',
      validUntil => issueSdJwtCredential(travelPassport, travel, { ...to, issuer, validUntil }),
    ],
    ['a travel passport as mdoc', validUntil => issueMdocCredential(travelPassport, travel, { ...to, validUntil })],
    ['a photo ID', validUntil => issueMdocCredential(photoId, photo, { ...to, validUntil })],
  ])('%s, whatever the issuer says', async (_, issue) => {
    await expect(issue(end)).resolves.toBeDefined()
    await expect(issue(after)).rejects.toMatchObject({ code: 'credential_validity_invalid', at: 'validUntil' })
  })

  const photo = photoId.parse({
    familyName: 'Образцова',
    givenName: 'Юлия',
    birthDate: '1985-05-11',
    portrait: jpeg(),
    issueDate: '2022-12-13',
    expiryDate: '2026-12-13',
    issuingAuthority: 'Utopia',
    issuingCountry: 'RU',
  })

  it('nor the moment that a definition names, where nothing else is said', async () => {
    const latest = new Date('2026-05-01T00:00:00Z')
    const pass = definePassport({
      name: 'pass',
      vct: 'urn:example:pass',
      docType: [],
      fields: { born: { as: 'date', claim: 'born' } },
      validity: () => ({ latest }),
    })
    const issue = (validUntil?: Date) =>
      issueSdJwtCredential(
        pass,
        { born: '1985-05-11' },
        { signer, holderKey: holder.publicJwk, issuer, now, validUntil },
      )
    const payload = JSON.parse(textFromBase64url((await issue()).split('.')[1]!))
    expect(payload.exp).toBe(latest.getTime() / 1000)
    await expect(issue(new Date('2026-04-01T00:00:00Z'))).resolves.toBeDefined()
    await expect(issue(new Date('2026-05-01T00:00:01Z'))).rejects.toMatchObject({ code: 'credential_validity_invalid' })
  })

  it('a passport that has expired is issued no more', async () => {
    const late = { ...to, issuer, now: () => after }
    await expect(issueSdJwtCredential(travelPassport, travel, late)).rejects.toMatchObject({
      code: 'credential_validity_invalid',
    })
  })

  it('and a photo ID is no travel passport', async () => {
    const disclose = ['familyName', 'birthDate']
    const presentation = await shown.mso_mdoc(photoId as AnyPassport, photo, disclose)
    const refused = await verifyPresentation(presentation, { ...expectations, expectedPassport: travelProfile })
    expect(refused).toMatchObject({ ok: false, code: 'type_not_expected' })
    const either = {
      ...expectations,
      expectedPassport: [travelProfile, photoIdProfile],
      require: ['familyName'],
    } as const
    const verdict = await verifyPresentation(presentation, either)
    expect(verdict.ok && [verdict.passport, verdict.claims.familyName]).toEqual(['photo-id', 'Образцова'])
  })
})
