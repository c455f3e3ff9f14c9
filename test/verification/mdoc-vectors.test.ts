/** Presentations and credentials that others made: ISO/IEC 18013-5 Annex D, three vendors' wallets, the files of isomdl. */
import { describe, expect, it } from 'vitest'
import { digest } from '#crypto'
import { readAgreementKey } from '../../src/core/agreement.js'
import { algorithmOfCurve } from '../../src/core/algorithms.js'
import { base64, base64url } from '../../src/core/bytes.js'
import { deterministic } from '../../src/core/cbor/deterministic.js'
import { embeddedBytes, readCbor } from '../../src/core/cbor/read.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { readMac0, verifyMac0 } from '../../src/core/cose/mac0.js'
import { readSign1, verifySign1 } from '../../src/core/cose/sign1.js'
import { keyCache } from '../../src/core/jwk.js'
import { generateSigner, importSigner } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { certificateDer, readCertificate } from '../../src/core/x509/certificate.js'
import { validatePath } from '../../src/core/x509/path.js'
import { readCertificateProfile } from '../../src/core/x509/profile.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import { readDeviceResponse } from '../../src/formats/mdoc/device-response.js'
import { openid4vpDraft18Transcript } from '../../src/formats/mdoc/session-transcript.js'
import { euPid } from '../../src/passport/eu-pid.js'
import { mdl } from '../../src/passport/mdl.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { statusNotChecked } from '../../src/verification/status.js'
import { type Anchor, trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { fromHex, outcome, outcomeOf, refusalOf, thrownBy } from '../core/support.js'
import { harbourPass, landing } from '../harbour.js'
import { summary } from '../refusal.js'
import annexD from '../vectors/mdoc/annex-d.json' with { type: 'json' }
import animo from '../vectors/mdoc/interop-animo-openid4vp10.json' with { type: 'json' }
import france from '../vectors/mdoc/interop-france-draft18.json' with { type: 'json' }
import ubique from '../vectors/mdoc/interop-ubique-draft18.json' with { type: 'json' }
import isomdl from '../vectors/mdoc/isomdl.json' with { type: 'json' }

/** What every verifier of this file demands. */
const demands = (certificate: Anchor['certificate'], time: string, anchor: object = {}) => ({
  trust: trustAnchors([{ certificate, purposes: ['credential'], ...anchor }]),
  expectedPassport: [mdl, euPid],
  status: statusNotChecked('these lists are not published'),
  now: () => new Date(time),
})

/** The bytes with one bit changed at the end of the one place where this text stands. */
function harmed(bytes: Uint8Array, text: string): Uint8Array {
  const copy = new Uint8Array(bytes)
  const latin = String.fromCharCode(...bytes)
  const at = latin.indexOf(text)
  expect([at > 0, latin.indexOf(text, at + 1)]).toEqual([true, -1])
  copy[at + text.length - 1]! ^= 1
  return copy
}

/** A private key of Annex D. */
const coordinatesOf = (key: 'EPHEMERAL_READER' | 'EPHEMERAL_DEVICE') => {
  const member = (name: 'X' | 'Y' | 'D') => base64url(fromHex(annexD[`ISO_18013_5_ANNEX_D_${key}_KEY_${name}`]))
  return { kty: 'EC', crv: 'P-256', x: member('X'), y: member('Y'), d: member('D') } as const
}

/** The checks that a verdict left out. */
const skipped = ({ checks }: Awaited<ReturnType<typeof verifyMdocPresentation>>) =>
  checks.filter(({ outcome }) => outcome === 'skipped').map(({ id, code }) => `${code} at ${id}`)

const notAsked = [
  'certificate_revocation_not_checked at certificate_revocation',
  'not_requested at logged',
  'not_present at issuer_country',
  'status_not_checked at status',
]

describe('the response of ISO/IEC 18013-5 Annex D', () => {
  const response = fromHex(annexD.ISO_18013_5_ANNEX_D_DEVICE_RESPONSE)
  const certificate = fromHex(annexD.ISO_18013_5_ANNEX_D_DS_CERT)
  const wrapped = fromHex(annexD.ISO_18013_5_ANNEX_D_SESSION_TRANSCRIPT_BYTES)
  const transcript = embeddedBytes(readCbor(wrapped), 'transcript').content
  const session = { expectedSessionTranscript: transcript, readerKey: coordinatesOf('EPHEMERAL_READER') }
  const judged = (input: unknown, time = '2021-06-01T00:00:00Z', change: object = {}) =>
    verifyMdocPresentation(input, { ...demands(certificate, time), ...session, ...change })

  it('holds in its own time, by its MAC', async () => {
    const verdict = await judged(response)
    if (!verdict.ok) throw new Error(summary(verdict))
    const { portrait, ...claims } = verdict.claims
    expect(portrait).toBeInstanceOf(Uint8Array)
    expect(claims).toEqual({
      familyName: 'Doe',
      issueDate: '2019-10-20',
      expiryDate: '2024-10-20',
      documentNumber: '123456789',
      drivingPrivileges: [
        { vehicle_category_code: 'A', issue_date: '2018-08-09', expiry_date: '2024-10-20' },
        { vehicle_category_code: 'B', issue_date: '2017-02-23', expiry_date: '2024-10-20' },
      ],
    })
    expect([verdict.otherClaims, verdict.deviceClaims]).toEqual([{}, {}])
    expect(verdict.issuer).toEqual({ country: 'US', certificate: base64(certificate) })
    expect(verdict.validUntil).toEqual(new Date('2021-10-01T13:30:02Z'))
    expect(skipped(verdict)).toEqual(notAsked)
  })

  it('does not hold today: the certificate has run out, and with it pinned longer so has the credential', async () => {
    expect(summary(await judged(response, '2026-11-22T00:00:00Z'))).toBe('certificate_expired at issuer_trusted')
    const { publicJwk } = readCertificate(certificate)
    const trust = trustAnchors([{ jwk: publicJwk!, purposes: ['credential'] }])
    expect(summary(await judged(response, '2026-11-22T00:00:00Z', { trust }))).toBe('credential_expired at validity')
  })

  it('does not hold without the key of its reader, or with another', async () => {
    const failed = (code: string) => `${code} at device_authentication`
    expect(summary(await judged(response, undefined, { readerKey: undefined }))).toBe(failed('device_mac_key_missing'))
    expect(summary(await judged(response, undefined, { readerKey: coordinatesOf('EPHEMERAL_DEVICE') }))).toBe(
      failed('device_mac_invalid'),
    )
  })

  it('does not hold for another session', async () => {
    const other = transcript.with(-1, transcript.at(-1)! ^ 1)
    expect(summary(await judged(response, undefined, { expectedSessionTranscript: other }))).toBe(
      'device_mac_invalid at device_authentication',
    )
  })

  it('does not hold with another name, or another date', async () => {
    for (const text of ['cDoe', '2019-10-20'])
      expect(summary(await judged(harmed(response, text)))).toBe('mdoc_digest_mismatch at disclosures')
  })
})

describe('a presentation of another vendor', () => {
  describe.each([
    ['ubique', ubique, { familyName: 'Jones' }, 'CH', 'Jones'],
    ['France', france, { familyName: 'Doe', documentNumber: '123456789' }, 'US', 'cDoe'],
  ] as const)('%s, by the drafts of OpenID4VP', (_, vector, claims, country, text) => {
    const response = fromHex(vector.device_response_hex)
    const session = {
      clientId: vector.client_id,
      nonce: vector.verifier_nonce,
      responseUri: vector.response_uri,
      mdocGeneratedNonce: vector.mdoc_generated_nonce,
    }
    const judged = async (input: unknown, change: object = {}) =>
      verifyMdocPresentation(input, {
        ...demands(vector.certificates_pem[0], vector.verify_at),
        expectedSessionTranscript: await openid4vpDraft18Transcript({ ...session, ...change }),
      })

    it('holds at its instant, by its signature', async () => {
      const verdict = await judged(response)
      expect(verdict).toMatchObject({ ok: true, claims, issuer: { country }, passport: 'mdl', otherClaims: {} })
      expect(skipped(verdict)).toEqual(notAsked)
    })

    it('does not hold with one character changed, or in another session', async () => {
      expect(summary(await judged(harmed(response, text)))).toBe('mdoc_digest_mismatch at disclosures')
      for (const name of Object.keys(session))
        expect([name, summary(await judged(response, { [name]: 'https://other.example' }))]).toEqual([
          name,
          'device_signature_invalid at device_authentication',
        ])
    })
  })

  it('of ubique has items in an order and a form of its own, which are hashed as they came', () => {
    const [document] = readDeviceResponse(fromHex(ubique.device_response_hex), defaultLimits).documents
    const items = [...document!.issuerSigned.items.values()].flat()
    const contentOf = (encoded: Uint8Array) => embeddedBytes(readCbor(encoded), 'item').content
    expect(items.map(({ encoded }) => outcome(() => readCbor(contentOf(encoded), { form: deterministic })))).toContain(
      'cbor_not_deterministic',
    )
  })

  describe('Animo, by OpenID4VP 1.0', () => {
    const response = fromHex(animo.device_response_hex)
    const [leaf, root] = animo.certificates_pem
    const transcriptOf = async (change: object = {}) => {
      const { client_id, nonce, jwk_thumbprint_hex, response_uri } = { ...animo, ...change }
      const info = writeCbor([client_id, nonce, fromHex(jwk_thumbprint_hex), response_uri])
      return writeCbor([null, null, ['OpenID4VPHandover', await digest('sha-256', info)]])
    }
    const judged = async (input: unknown, session: object = {}, anchor: object = { certificateProfile: 'iaca' }) =>
      verifyMdocPresentation(input, {
        ...demands(root, animo.verify_at, anchor),
        expectedSessionTranscript: await transcriptOf(session),
      })

    it('holds at its instant under its authority, as an IACA', async () => {
      const verdict = await judged(response)
      expect(verdict).toMatchObject({
        ok: true,
        claims: { givenName: 'Erika', familyName: 'Mustermann' },
        issuer: { country: 'NL', certificateLacks: ['leaf.crlDistributionPoints'] },
      })
      expect(verdict.ok && verdict.issuer.certificate).toBe(base64(certificateDer(leaf!)))
      expect(skipped(verdict)).toEqual(notAsked)
    })

    it('does not hold with one character changed, in another session, or under another profile', async () => {
      expect(summary(await judged(harmed(response, 'Erika')))).toBe('mdoc_digest_mismatch at disclosures')
      for (const name of ['client_id', 'nonce', 'response_uri'])
        expect(summary(await judged(response, { [name]: 'other' }))).toBe(
          'device_signature_invalid at device_authentication',
        )
      expect(summary(await judged(response, {}, { certificateProfile: 'reader' }))).toBe(
        'certificate_extended_key_usage at issuer_trusted',
      )
    })
  })
})

describe('the files of isomdl', () => {
  const { definitions, issuance, presentation } = isomdl
  const certificate = fromHex(annexD.ISO_18013_5_ANNEX_D_DS_CERT)

  it('issuer_signed: the credential of Annex D whole, for a wallet', async () => {
    const credential = fromHex(definitions.issuer_signed)
    const judged = (input: unknown) => verifyCredential(input, demands(certificate, '2021-06-01T00:00:00Z'))
    const verdict = await judged(credential)
    expect(verdict).toMatchObject({ ok: true, claims: { familyName: 'Doe', documentNumber: '123456789' } })
    expect(verdict.ok && verdict.holderKey?.x).toBe(base64url(fromHex(annexD.ISO_18013_5_ANNEX_D_STATIC_DEVICE_KEY_X)))
    expect(summary(await judged(harmed(credential, 'cDoe')))).toBe('mdoc_digest_mismatch at disclosures')
  })

  it('device_response: an example of the form, whose signatures stand in the tags of COSE, which mdocs have none of', () => {
    const bytes = fromHex(definitions.device_response)
    expect(outcome(() => readCbor(bytes, { tags: [17, 18] }))).toBe('accepted')
    expect(thrownBy(() => readDeviceResponse(bytes, defaultLimits))).toMatchObject({
      code: 'cbor_tag_not_allowed',
      actual: '18',
    })
  })

  it('issuer_signed_dehydrated: items without their values, which are not what was signed', async () => {
    const credential = fromHex(definitions.issuer_signed_dehydrated)
    const verdict = await verifyCredential(credential, demands(certificate, '2021-06-01T00:00:00Z'))
    expect(summary(verdict)).toBe('mdoc_digest_mismatch at disclosures')
  })

  it('session: the transcript of Annex D, and the secret on which reader and device agree', async () => {
    const { session_transcript, e_device_key, shared_secret } = definitions.session
    expect(session_transcript).toBe(annexD.ISO_18013_5_ANNEX_D_SESSION_TRANSCRIPT_BYTES)
    const { kty, crv, x, y } = coordinatesOf('EPHEMERAL_READER')
    const device = coordinatesOf('EPHEMERAL_DEVICE')
    expect(device.d).toBe(base64url(fromHex(e_device_key)))
    const { agree } = await readAgreementKey(device, 'device')
    expect(await agree({ kty, crv, x, y })).toEqual(fromHex(shared_secret))
  })

  it('cose: the signature, with the key of the examples of RFC 8152', async () => {
    const sign1 = readSign1(readCbor(fromHex(definitions.cose.sign1.serialized)))
    const key = await keyCache().import(example11, algorithmOfCurve('P-256'))
    expect(await outcomeOf(() => verifySign1(sign1, sign1.payload!, key))).toBe('accepted')
    expect(await outcomeOf(() => verifySign1(sign1, new Uint8Array(sign1.payload!.length), key))).toBe(
      'signature_invalid',
    )
  })

  it('cose: the authentication code, whose key is the encoding of a key', async () => {
    const mac = readMac0(readCbor(fromHex(definitions.cose.mac0.serialized)))
    const key = fromHex(definitions.cose.mac0.secret_key)
    expect(await outcomeOf(() => verifyMac0(mac, mac.payload!, key))).toBe('accepted')
    expect(await outcomeOf(() => verifyMac0(mac, mac.payload!, key.slice(1)))).toBe('signature_invalid')
  })

  describe('presentation: a signer under an IACA', () => {
    const root = readCertificate(presentation.isomdl_iaca_root_cert)
    const path = (leaf: string, profile: unknown = 'iaca', at = '2024-06-01T00:00:00Z') =>
      validatePath([readCertificate(leaf)], root, {
        profile: readCertificateProfile(profile, 'profile'),
        at: new Date(at),
      })

    it('is valid in its time and not today', async () => {
      const { absent } = await path(presentation.isomdl_iaca_signer)
      expect(absent).toEqual([])
      expect(await outcomeOf(() => path(presentation.isomdl_iaca_signer, 'iaca', '2026-11-22T00:00:00Z'))).toBe(
        'certificate_expired',
      )
    })

    it('is none when it is an authority, or stands under another', async () => {
      expect(await outcomeOf(() => path(presentation.isomdl_incorrect_iaca_signer))).toBe('certificate_profile')
      expect(await outcomeOf(() => path(presentation.isomdl_iaca_leaf_signer))).toBe('certificate_untrusted')
    })
  })

  describe.each(['384', '521'] as const)('issuance: the key on P-%s, with its certificate', bits => {
    const signer = async () => importSigner(issuance[`${bits}-key`], { x5c: [issuance[`${bits}-cert`]] })
    const time = '2022-09-20T00:00:00Z'

    it('issues what verifies by the key, and by the certificate pinned', async () => {
      const holder = await generateSigner('ES256')
      const issuer = await signer()
      const options = { signer: issuer, holderKey: holder.publicJwk, now: () => new Date(time) }
      const credential = await issueMdocCredential(harbourPass, { ...landing, country: 'AU' }, options)
      const judged = (anchor: Partial<Anchor>) =>
        verifyCredential(credential, {
          ...demands(undefined, time, anchor),
          expectedPassport: harbourPass,
        })
      expect(await judged({ jwk: issuer.publicJwk })).toMatchObject({ ok: true, issuer: {} })
      expect(await judged({ certificate: issuance[`${bits}-cert`] })).toMatchObject({
        ok: true,
        issuer: { country: 'AU' },
      })
    })
  })

  it('issuance: the key on P-256 belongs to the certificate of version 1, which is pinned but issues nothing below', async () => {
    const certificate = readCertificate(issuance['issuer-cert'])
    expect(certificate.publicJwk?.x).toBe(issuance['256-key'].x)
    const refused = await refusalOf(() =>
      validatePath([readCertificate(presentation.isomdl_iaca_signer)], certificate, {
        profile: readCertificateProfile('plain', 'profile'),
        at: new Date('2023-06-15T00:00:00Z'),
      }),
    )
    expect(refused.code).toBe('certificate_untrusted')
  })
})

/** The key `11` of RFC 8152 appendix C.7.1, whose private part is the one of the file. */
const example11 = {
  kty: 'EC',
  crv: 'P-256',
  x: base64url(fromHex('bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff')),
  y: base64url(fromHex('20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e')),
} as const
