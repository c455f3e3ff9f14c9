/** What others made, as data: credentials of standards and of other wallets, numbers, zones and curves. */
import {
  citizenPassport,
  definePassport,
  euPid,
  mdl,
  openid4vpTranscript,
  parseInternalMrz,
  parseTd3Mrz,
  snils,
  statusNotChecked,
  trustAnchors,
  typeMetadata,
  verifyMdocPresentation,
  verifySdJwtPresentation,
} from 'vidimus'
import { brainpool } from 'vidimus/brainpool'
import * as z from 'zod'
import citizen from '../../examples/data/citizen-passport.json' with { type: 'json' }
import rfc9901 from '../../examples/data/rfc9901-pid.json' with { type: 'json' }
import brainpoolVectors from '../vectors/brainpool-own/mdoc.json' with { type: 'json' }
import snilsVectors from '../vectors/domain-ru/snils.json' with { type: 'json' }
import annexD from '../vectors/mdoc/annex-d.json' with { type: 'json' }
import { accepted, casesOf, holds, refused, same } from './case.js'
import { base64url, fromHex } from './jws.js'

/** The member of a session that the standard writes in tag 24: the bytes behind its head. */
const withoutTag24 = (bytes: Uint8Array) => bytes.subarray(5)

const annexDKey = (name: 'X' | 'Y' | 'D') =>
  base64url(fromHex(annexD[`ISO_18013_5_ANNEX_D_EPHEMERAL_READER_KEY_${name}`]))

const germanPid = definePassport({
  name: 'german-pid',
  vct: 'urn:eudi:pid:de:1',
  docType: 'eu.europa.ec.eudi.pid.1',
  fields: {
    nationalities: { schema: z.array(z.string()), claim: 'nationalities', hide: 'each' },
    ageOver18: { schema: z.boolean(), claim: ['age_equal_or_over', '18'] },
  },
})

/** As much of it as the vectors are asked for. */
const harbourPass = definePassport({
  name: 'harbour-pass',
  vct: 'https://harbour.example/pass/1',
  docType: 'example.harbour.pass.1',
  fields: { familyName: { schema: z.string(), element: ['example.harbour.1', 'family_name'] } },
})

export const vectorCases = [
  ...casesOf('what others made:', {
    'the PID of RFC 9901, Appendix A.3': async () => {
      const options = {
        trust: trustAnchors([
          { issuer: 'https://pid-issuer.bund.de.example', jwk: rfc9901.issuerJwk, purposes: ['credential'] },
        ]),
        expectedPassport: germanPid,
        expectedAudience: rfc9901.audience,
        expectedNonce: rfc9901.nonce,
        status: statusNotChecked('the example carries none'),
        now: () => new Date(rfc9901.presentedAt * 1000),
      }
      const { claims } = accepted(await verifySdJwtPresentation(rfc9901.presentation, options))
      same(claims, { nationalities: ['DE'], ageOver18: true })
      const late = { ...options, now: () => new Date('2036-01-01') }
      holds('not in ten years', !(await verifySdJwtPresentation(rfc9901.presentation, late)).ok)
    },

    'the response of ISO/IEC 18013-5, Annex D': async () => {
      const response = fromHex(annexD.ISO_18013_5_ANNEX_D_DEVICE_RESPONSE)
      const options = {
        trust: trustAnchors([{ certificate: fromHex(annexD.ISO_18013_5_ANNEX_D_DS_CERT), purposes: ['credential'] }]),
        expectedPassport: [mdl, euPid] as const,
        expectedSessionTranscript: withoutTag24(fromHex(annexD.ISO_18013_5_ANNEX_D_SESSION_TRANSCRIPT_BYTES)),
        readerKey: { kty: 'EC', crv: 'P-256', x: annexDKey('X'), y: annexDKey('Y'), d: annexDKey('D') },
        status: statusNotChecked('it has none'),
        now: () => new Date('2021-06-01'),
      }
      const { claims } = accepted(await verifyMdocPresentation(response, options))
      same([claims.familyName, claims.documentNumber], ['Doe', '123456789'])
      const expectedSessionTranscript = await openid4vpTranscript({
        clientId: 'another',
        nonce: 'another',
        responseUri: 'https://another.example',
      })
      refused(await verifyMdocPresentation(response, { ...options, expectedSessionTranscript }), 'device_mac_invalid')
    },

    'numbers of the Russian pension fund': async () => {
      for (const { input, normalized } of snilsVectors.valid) {
        const result = snils(input)
        same(result.ok && result.normalized, normalized)
      }
      for (const { input } of snilsVectors.invalid) same(snils(input).ok, false)
    },

    'the machine readable zone of ICAO 9303': async () => {
      const lines = [
        'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
        'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
      ] as const
      const zone = parseTd3Mrz(...lines)
      holds('it reads', zone.ok)
      if (zone.ok) same([zone.fields.documentNumber, zone.fields.birthDate], ['L898902C3', '1974-08-12'])
      same(parseTd3Mrz(lines[0], lines[1].replace('898902C36', '898902C35')).ok, false)
      same(parseInternalMrz(...lines).ok, false)
    },
  }),

  ...casesOf('a citizen passport', {
    'is read from a record, and what is wrong with one is named field by field': async () => {
      const passport = citizenPassport.parse(citizen)
      same([passport.birthDate, passport.familyName], ['1990-05-14', 'Образцова'])
      const checked = citizenPassport.safeParse({ ...citizen, birthDate: '31.02.1990', snils: '112-233-445 96' })
      holds('it is refused', !checked.ok)
      if (!checked.ok)
        same(
          checked.issues.map(({ path, code }) => [path, code]),
          [
            [['birthDate'], 'calendar'],
            [['snils'], 'checksum'],
          ],
        )
    },

    'has type metadata': async () => {
      const { vct, claims } = typeMetadata(citizenPassport)
      holds('that names its type and claims', typeof vct === 'string' && (claims?.length ?? 0) > 10)
    },
  }),

  ...brainpoolVectors.responses.flatMap(({ crv, certificate, response }) =>
    casesOf(`an mdoc on ${crv}`, {
      'is accepted with the curves of `vidimus/brainpool`, whatever the platform has': async () => {
        const bytes = fromHex(response)
        const options = {
          trust: trustAnchors([{ certificate: fromHex(certificate), purposes: ['credential'] }], { curves: brainpool }),
          expectedPassport: harbourPass,
          expectedSessionTranscript: await openid4vpTranscript(brainpoolVectors.session),
          status: statusNotChecked('it has none'),
          now: () => new Date(brainpoolVectors.verifyAt),
        }
        same(accepted(await verifyMdocPresentation(bytes, options)).claims.familyName, 'Specimen')
        const session = { ...brainpoolVectors.session, nonce: 'another' }
        const expectedSessionTranscript = await openid4vpTranscript(session)
        refused(
          await verifyMdocPresentation(bytes, { ...options, expectedSessionTranscript }),
          'device_signature_invalid',
        )
      },
    }),
  ),
]
