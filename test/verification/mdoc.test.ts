/** An honest mdoc and what its verdict says: in every flow, by signature and MAC, on every curve, alone and as a credential. */
import { describe, expect, it } from 'vitest'
import { readAgreementKey } from '../../src/core/agreement.js'
import { base64, base64url, concatBytes } from '../../src/core/bytes.js'
import { CborFloat, type CborKey, CborTag, type CborValue } from '../../src/core/cbor/value.js'
import { embed, writeCbor } from '../../src/core/cbor/write.js'
import { writeCoseKey } from '../../src/core/cose/key.js'
import { generateSigner } from '../../src/core/keys.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { issueMdocCredential } from '../../src/credential/mdoc.js'
import {
  annexCTranscript,
  dcApiTranscript,
  openid4vpDraft18Transcript,
  openid4vpTranscript,
  proximityTranscript,
  type SessionTranscript,
} from '../../src/formats/mdoc/session-transcript.js'
import { presentMdoc } from '../../src/presentation/mdoc.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { trustAnchors } from '../../src/verification/trust.js'
import type { Verdict } from '../../src/verification/verdict.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { makeAuthority } from '../certificates.js'
import { crew, harbour, harbourPass, landing } from '../harbour.js'
import {
  forgedItem,
  forgeIssuerSigned,
  forgeMdoc,
  type Members,
  makeMdocWorld,
  mdocExpectations,
  sessionOptions,
} from '../mdoc-forge.js'
import { expectRefusal, isDeepFrozen, summary } from '../refusal.js'
import { audience, expectations, makeWorld, nonce, now } from '../world.js'
import { notText } from './arguments.js'
import { walletOf } from './mdoc-table.js'

const world = await makeMdocWorld()
const demands = mdocExpectations(world)
const { issuer, holder, session, readerKey } = world
const { d: _private, ...readerPublic } = readerKey
const credential = await issueMdocCredential(harbourPass, landing, {
  signer: issuer.signer,
  holderKey: holder.publicJwk,
  now,
})

const shown = { passport: harbourPass, disclose: ['familyName', 'landedAt', 'berths', 'ageOver18', 'country'] } as const
const present = (to: object = {}) =>
  presentMdoc(credential, { ...shown, sessionTranscript: session, signer: holder, ...to })

function accepted<V extends Verdict>(verdict: V): Extract<V, { ok: true }> {
  expect(summary(verdict)).toBe('accepted')
  return verdict as Extract<V, { ok: true }>
}

describe('an honest presentation', () => {
  it('is accepted with what was shown, and nothing else', async () => {
    const verdict = await verifyMdocPresentation(await present(), { ...demands, require: ['familyName', 'berths'] })
    const { claims, otherClaims, deviceClaims, validUntil, holderKey, passport, format, issuer: by } = accepted(verdict)
    expect(claims).toEqual({
      familyName: 'Specimen',
      landedAt: '2026-02-01T08:30:00Z',
      country: 'UT',
      ageOver18: true,
      berths: [
        { pier: 'North', taken: true },
        { pier: 'South', taken: false },
      ],
    })
    expect([otherClaims, deviceClaims, passport, format]).toEqual([{}, {}, 'harbour-pass', 'mso_mdoc'])
    expect(holderKey).toEqual(holder.publicJwk)
    expect(validUntil).toEqual(new Date('2027-03-01T12:00:00Z'))
    expect(by).toEqual({
      id: 'https://issuer.example',
      name: 'Development root of issuer.example',
      country: 'UT',
      certificate: base64(certificateDer(issuer.signer.x5c![0]!)),
    })
    expect(verdict.ok && verdict.status).toEqual({ checked: false, reason: 'not a matter of this test' })
    expect(isDeepFrozen(verdict)).toBe(true)
  })

  it('lists its checks in order, each with its clause', async () => {
    const { checks } = await verifyMdocPresentation(await present(), demands)
    expect(checks.map(({ id, outcome, code }) => [id, code ?? outcome])).toEqual([
      ['format', 'passed'],
      ['structure', 'passed'],
      ['type', 'passed'],
      ['issuer_trusted', 'passed'],
      ['issuer_signature', 'passed'],
      ['certificate_revocation', 'certificate_revocation_not_checked'],
      ['logged', 'not_requested'],
      ['disclosures', 'passed'],
      ['validity', 'passed'],
      ['holder_key', 'passed'],
      ['device_authentication', 'passed'],
      ['device_claims', 'passed'],
      ['claims', 'passed'],
      ['issuer_country', 'passed'],
      ['required_claims', 'passed'],
      ['status_reference', 'passed'],
      ['status', 'status_not_checked'],
    ])
    for (const { clause } of checks) expect(clause).toMatch(/18013-5|RFC|Token Status List|policy|profile/)
  })

  it('names what its certificates lack, which is no reason to refuse', async () => {
    const authority = await makeAuthority()
    const input = await forgeMdoc(world, { signer: await authority.signer() })
    const verdict = accepted(
      await verifyMdocPresentation(input, { ...demands, trust: trustAnchors([authority.anchor()]) }),
    )
    expect(verdict.issuer.certificateLacks).toEqual(
      expect.arrayContaining(['leaf.authorityKeyIdentifier', 'anchor.subjectKeyIdentifier']),
    )
    expect(verdict.issuer).not.toHaveProperty('id')
  })

  it('is bytes or base64url, and a view of a larger buffer', async () => {
    const bytes = await present()
    const larger = concatBytes(new Uint8Array(7), bytes, new Uint8Array(7))
    for (const input of [bytes, base64url(bytes), larger.subarray(7, -7)])
      for (const verify of [verifyMdocPresentation, verifyPresentation]) accepted(await verify(input, demands))
  })

  it('may show nothing at all', async () => {
    const verdict = accepted(await verifyMdocPresentation(await present({ disclose: [] }), demands))
    expect(verdict.claims).toEqual({})
    expect(verdict.checks.find(({ id }) => id === 'issuer_country')?.code).toBe('not_present')
  })

  it('keeps what it says, whatever becomes of the bytes afterwards', async () => {
    const bytes = await present({ disclose: ['portrait'] })
    const { claims } = accepted(await verifyMdocPresentation(bytes, demands))
    bytes.fill(0)
    expect(claims.portrait).toEqual(landing.portrait)
  })

  it('is held to the limit by its bytes, as text too', async () => {
    const bytes = await present()
    for (const input of [bytes, base64url(bytes)])
      for (const [presentationBytes, outcome] of [
        [bytes.length, 'accepted'],
        [bytes.length - 1, 'limit_exceeded at format'],
      ] as const)
        expect(summary(await verifyMdocPresentation(input, { ...demands, limits: { presentationBytes } }))).toBe(
          outcome,
        )
    expect(summary(await verifyMdocPresentation('oAAAAAA', demands))).toBe('format_not_expected at format')
  })
})

describe('other claims', () => {
  it('are what is signed and no field, by namespace', async () => {
    const input = await forgeMdoc(world, {
      items: honest => [
        ...honest,
        forgedItem('example.other', 0, 'count', 2n ** 60n),
        forgedItem(
          'example.other',
          1,
          '__proto__',
          new Map<CborKey, CborValue>([
            ['a', new CborTag(1004, '2026-01-01')],
            [7, new CborFloat(1.5)],
          ]),
        ),
      ],
    })
    const { otherClaims } = accepted(await verifyMdocPresentation(input, demands))
    expect(Object.keys(otherClaims).sort()).toEqual(['example.harbour.1', 'example.other'])
    expect(otherClaims[harbour]).toEqual({ given_name: 'Anastasia' })
    expect(Object.entries(otherClaims['example.other']!)).toEqual([
      ['count', 2n ** 60n],
      ['__proto__', { a: '2026-01-01', 7: 1.5 }],
    ])
    expect(isDeepFrozen(otherClaims)).toBe(true)
  })
})

describe('what the device says', () => {
  const elements = new Map([
    [
      crew,
      new Map<CborKey, CborValue>([
        ['watch', 'first'],
        ['rank', 9],
      ]),
    ],
  ])
  const authorized = (keyAuthorizations: CborValue) => ({
    deviceElements: elements,
    mso: (map: Members) => void (map.get('deviceKeyInfo') as Members).set('keyAuthorizations', keyAuthorizations),
  })

  it.each([
    ['by namespace', new Map([['nameSpaces', [crew]]])],
    ['by element', new Map([['dataElements', new Map([[crew, ['rank', 'watch']]])]])],
    [
      'partly by either',
      new Map<string, CborValue>([
        ['nameSpaces', [crew]],
        ['dataElements', new Map([[crew, ['rank']]])],
      ]),
    ],
  ] as const)('is reported apart when the issuer let it, %s', async (_, authorizations) => {
    for (const mac of [false, true]) {
      const input = await forgeMdoc(world, { ...authorized(authorizations), mac })
      const verdict = accepted(await verifyMdocPresentation(input, demands))
      expect(verdict.deviceClaims).toEqual({ [crew]: { watch: 'first', rank: 9 } })
      expect([verdict.claims.rank, verdict.otherClaims[crew]]).toEqual([7, undefined])
    }
  })

  it('answers no requirement', async () => {
    const input = await forgeMdoc(world, {
      ...authorized(new Map([['nameSpaces', [crew]]])),
      items: honest => honest.filter(({ namespace }) => namespace !== crew),
    })
    const verdict = await verifyMdocPresentation(input, { ...demands, require: ['rank'] })
    expect(summary(verdict)).toBe('required_claim_missing at required_claims')
  })
})

describe('every flow', async () => {
  const encryptionKey = readerPublic
  const readerBytes = writeCbor(writeCoseKey((await readAgreementKey(readerKey, 'readerKey')).publicJwk))
  const engagement = writeCbor(
    new Map<CborKey, CborValue>([
      [0, '1.0'],
      [1, [1, embed(writeCbor(new Map([[1, 2]])))]],
    ]),
  )
  const proximity = { deviceEngagement: engagement, readerKey: readerBytes }
  const flows: readonly (readonly [string, Promise<SessionTranscript>])[] = [
    ['OpenID4VP', openid4vpTranscript(sessionOptions)],
    ['OpenID4VP, encrypted', openid4vpTranscript({ ...sessionOptions, encryptionKey })],
    ['OpenID4VP of the drafts', openid4vpDraft18Transcript({ ...sessionOptions, mdocGeneratedNonce: 'wallet' })],
    ['the Digital Credentials API', dcApiTranscript({ origin: 'https://bank.example', nonce })],
    [
      'the Digital Credentials API, encrypted',
      dcApiTranscript({ origin: 'https://bank.example', nonce, encryptionKey }),
    ],
    ['Annex C', annexCTranscript({ encryptionInfo: 'gmVkY2FwaaA', origin: 'https://bank.example' })],
    ['proximity by QR code', proximityTranscript(proximity)],
    [
      'proximity by NFC',
      proximityTranscript({ ...proximity, nfc: { select: Uint8Array.of(1), request: Uint8Array.of(2) } }),
    ],
    ['proximity by NFC without a request', proximityTranscript({ ...proximity, nfc: { select: Uint8Array.of(1) } })],
  ]

  it.each(flows)('is accepted in its own session and in no other: %s', async (_, making) => {
    const sessionTranscript = await making
    for (const deviceAuth of ['signature', { mac: readerPublic }] as const) {
      const input = await present({ sessionTranscript, deviceAuth })
      accepted(await verifyMdocPresentation(input, { ...demands, expectedSessionTranscript: sessionTranscript }))
      accepted(await verifyMdocPresentation(input, { ...demands, expectedSessionTranscript: sessionTranscript.bytes }))
      for (const [, other] of flows) {
        if (other === making) continue
        const verdict = await verifyMdocPresentation(input, { ...demands, expectedSessionTranscript: await other })
        expect(summary(verdict)).toMatch(/^device_(signature|mac)_invalid at device_authentication$/)
      }
    }
  })
})

describe('every curve', () => {
  it.each(['ES256', 'ES384', 'ES512', 'Ed25519'] as const)('signs for issuer and device: %s', async alg => {
    const own = await makeMdocWorld(alg)
    const input = await forgeMdoc(own)
    accepted(await verifyMdocPresentation(input, mdocExpectations(own)))
    const { signer } = own.issuer
    const issued = await issueMdocCredential(harbourPass, landing, { signer, holderKey: own.holder.publicJwk, now })
    const presented = await presentMdoc(issued, { ...shown, sessionTranscript: own.session, signer: own.holder })
    accepted(await verifyMdocPresentation(presented, mdocExpectations(own)))
  })

  it.each(['ES256', 'ES384', 'ES512'] as const)('agrees on a MAC: %s', async alg => {
    const own = await makeMdocWorld('ES256', alg)
    accepted(await verifyMdocPresentation(await forgeMdoc(own, { mac: true }), mdocExpectations(own)))
  })

  it.each([
    [-9, 'ES256'],
    [-51, 'ES384'],
    [-52, 'ES512'],
    [-8, 'Ed25519'],
    [-19, 'Ed25519'],
  ] as const)('is named by COSE identifier %i too', async (id, alg) => {
    const own = await makeMdocWorld(alg)
    const named = (map: Members) => map.set(1, id)
    const input = await forgeMdoc(own, { issuerProtected: named, deviceProtected: named })
    accepted(await verifyMdocPresentation(input, mdocExpectations(own)))
  })

  it('may differ between issuer, device and hash', async () => {
    const own = await makeMdocWorld('ES384', 'Ed25519')
    const hashes = [
      ['sha-384', 'SHA-384'],
      ['sha-512', 'SHA-512'],
    ] as const
    for (const [hash, name] of hashes) {
      const input = await forgeMdoc(own, { hash, mso: map => map.set('digestAlgorithm', name) })
      accepted(await verifyMdocPresentation(input, mdocExpectations(own)))
    }
  })
})

describe('a credential', () => {
  const wallet = walletOf(demands)

  it('is accepted by the wallet whose key it is bound to', async () => {
    for (const input of [credential, base64url(credential)]) {
      const verdict = accepted(await verifyCredential(input, { ...wallet, expectedHolderKey: holder.publicJwk }))
      expect(verdict.claims).toMatchObject({ familyName: 'Specimen', birthDate: '2001-02-28', rank: 7, draught: 2.5 })
      expect(verdict).not.toHaveProperty('deviceClaims')
      const skipped = verdict.checks.filter(({ code }) => code === 'not_requested').map(({ id }) => id)
      expect(skipped).toEqual(['logged', 'device_authentication', 'device_claims'])
      expect(verdict.evidence.kind).toBe('credential')
    }
  })

  it('is refused when it is bound to another key', async () => {
    const other = await generateSigner('ES256')
    const verdict = await verifyCredential(credential, { ...wallet, expectedHolderKey: other.publicJwk })
    expect(summary(verdict)).toBe('holder_key_mismatch at holder_key')
  })

  it('is no presentation, nor the other way round', async () => {
    expect(summary(await verifyMdocPresentation(credential, demands))).toBe('mdoc_malformed at structure')
    expect(summary(await verifyCredential(await present(), wallet))).toBe('mdoc_malformed at structure')
  })

  it('may hold no items', async () => {
    const empty = writeCbor(await forgeIssuerSigned(world, { issuerSigned: map => map.delete('nameSpaces') }))
    expect(accepted(await verifyCredential(empty, wallet)).claims).toEqual({})
  })
})

describe('both formats at one door', async () => {
  const sdJwt = await makeWorld()
  const tokens = expectations(sdJwt)
  const trust = trustAnchors([sdJwt.anchor, issuer.anchor])
  const either = { ...tokens, ...demands, trust, expectedPassport: [tokens.expectedPassport, harbourPass] }
  const { expectedSessionTranscript: _s, readerKey: _r, ...onlyToken } = either
  const { expectedAudience: _a, expectedNonce: _n, ...onlyMdoc } = either

  it('are taken when the options expect both', async () => {
    expect(accepted(await verifyPresentation(sdJwt.presentation, either)).format).toBe('dc+sd-jwt')
    expect(accepted(await verifyPresentation(await present(), either)).format).toBe('mso_mdoc')
  })

  it('are refused where only the other is expected', async () => {
    const refused = 'format_not_expected at format'
    expect(summary(await verifyPresentation(await present(), onlyToken))).toBe(refused)
    expect(summary(await verifyPresentation(base64url(await present()), onlyToken))).toBe(refused)
    expect(summary(await verifyPresentation(sdJwt.presentation, onlyMdoc))).toBe(refused)
    expect(summary(await verifyMdocPresentation(sdJwt.presentation, demands))).toBe(refused)
  })

  it('are refused under the other’s anchors', async () => {
    expect(summary(await verifyPresentation(await present(), { ...either, trust: tokens.trust }))).toBe(
      'signature_invalid at issuer_signature',
    )
  })
})

describe('a first argument that is no mdoc', () => {
  it('is a verdict, whatever it is', async () => {
    for (const [name, input] of notText) {
      const verdict = await verifyMdocPresentation(input, demands)
      expect([name, summary(verdict)]).toEqual([name, 'format_unknown at format'])
      expectRefusal(verdict, input)
    }
  })

  it.each([
    ['no text', '', 'format_not_expected'],
    ['text of another format', 'x', 'format_not_expected'],
    ['base64url of no map', base64url(writeCbor([1, 2, 3, 4, 5, 6, 7])), 'format_not_expected'],
    ['base64 with padding', `${base64url(new Uint8Array(10).fill(0xa1))}==`, 'format_not_expected'],
    ['base64url with bits left over', `${base64url(new Uint8Array(10).fill(0xa1)).slice(0, -1)}R`, 'encoding_invalid'],
    ['a view that is not of bytes', new Uint16Array(8), 'format_unknown'],
    ['a view of nothing', new DataView(new ArrayBuffer(8)), 'format_unknown'],
  ])('is refused: %s', async (_, input, code) => {
    expect(summary(await verifyMdocPresentation(input, demands))).toBe(`${code} at format`)
  })

  it('is refused when it is empty, or text of too many bytes', async () => {
    expect(summary(await verifyMdocPresentation(new Uint8Array(), demands))).toBe('cbor_malformed at structure')
    const handedOver = Uint8Array.of(0xa0)
    structuredClone(handedOver.buffer, { transfer: [handedOver.buffer] })
    expect(summary(await verifyMdocPresentation(handedOver, demands))).toBe('cbor_malformed at structure')
    expect(summary(await verifyMdocPresentation(`o${'A'.repeat(6 * 1024 * 1024)}`, demands))).toBe(
      'limit_exceeded at format',
    )
  })
})

describe('options that are wrong', () => {
  const mistaken = async (options: object, argument: RegExp) => {
    for (const verify of [verifyMdocPresentation, verifyPresentation]) {
      const call = verify(new Uint8Array(1), { ...demands, ...options })
      await expect(call).rejects.toThrow(
        expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(argument) }),
      )
    }
  }

  it('are a TypeError that names the transcript', async () => {
    const tagged = writeCbor(embed(session.bytes))
    for (const expectedSessionTranscript of [
      null,
      7,
      'x',
      {},
      new Uint8Array(),
      tagged,
      writeCbor([null, null]),
      writeCbor(null),
      { bytes: 'x' },
      { ...session, bytes: session.bytes.slice(1) },
    ])
      await mistaken({ expectedSessionTranscript }, /`expectedSessionTranscript`/)
    for (const variants of [7, [null], [{ name: 7, bytes: new Uint8Array() }], [{ name: 'x', bytes: 'x' }]])
      await mistaken({ expectedSessionTranscript: { ...session, variants } }, /`expectedSessionTranscript`/)
    await mistaken({ expectedSessionTranscript: { ...session, flow: 7 } }, /`expectedSessionTranscript`/)
  })

  it('are a TypeError that names the reader’s key', async () => {
    for (const key of [
      null,
      7,
      {},
      readerPublic,
      { ...readerKey, d: 'AAAA' },
      { ...readerKey, use: 'sig' },
      { ...readerKey, crv: 'Ed25519' },
    ])
      await mistaken({ readerKey: key }, /`readerKey`/)
  })

  it('are a TypeError where nothing is expected, or half of something', async () => {
    const { expectedSessionTranscript: _s, readerKey: _r, ...rest } = demands
    const call = (options: object) => verifyPresentation('x', { ...rest, ...options } as never)
    await expect(call({})).rejects.toThrow(/`expectedAudience`/)
    await expect(call({ readerKey })).rejects.toThrow(/`expectedSessionTranscript`/)
    await expect(call({ expectedAudience: audience })).rejects.toThrow(/`expectedNonce`/)
    await expect(call({ expectedNonce: nonce })).rejects.toThrow(/`expectedAudience`/)
    await expect(call({ expectedNonce: nonce, expectedSessionTranscript: session })).rejects.toThrow(
      /`expectedAudience`/,
    )
    await expect(call({ expectedAudience: audience, expectedSessionTranscript: session })).rejects.toThrow(
      /`expectedNonce`/,
    )
    await expect(verifyMdocPresentation('x', rest as never)).rejects.toThrow(/`expectedSessionTranscript`/)
    for (const options of [undefined, null, 7])
      for (const verify of [verifyMdocPresentation, verifyPresentation])
        await expect(verify('x', options as never)).rejects.toThrow(/`options`/)
  })

  it('reject with the reason of a signal that was aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(verifyMdocPresentation(await present(), { ...demands, signal })).rejects.toThrow('enough')
  })
})
