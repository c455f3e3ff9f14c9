/** Verifying in a page: the checks of the front door in every format, no evidence, and a status asked only by its own checker. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  statusChecker,
  statusListCwt,
  statusListFetching,
  statusNotChecked,
  trustAnchors,
  verifyPresentation,
  verifyQrPresentation,
  verifySdJwtPresentation,
} from '../../src/browser/index.js'
import type { CborValue } from '../../src/core/cbor/value.js'
import { issueQrCredential } from '../../src/credential/qr.js'
import { createStatusListCwt } from '../../src/formats/status-list/cwt.js'
import { createStatusListToken } from '../../src/formats/status-list/jwt.js'
import { presentQr } from '../../src/presentation/qr.js'
import { statusChecker as frontDoorChecker } from '../../src/status/checker.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { verifyQrPresentation as verifyQrAtTheFrontDoor } from '../../src/verification/qr.js'
import { verifySdJwtPresentation as verifyAtTheFrontDoor } from '../../src/verification/sd-jwt.js'
import type { Verdict } from '../../src/verification/verdict.js'
import { forge } from '../forge.js'
import { forgeVc } from '../forge-vc.js'
import { harbourPass } from '../harbour.js'
import { forgeMdoc, type Members, makeMdocWorld, mdocExpectations } from '../mdoc-forge.js'
import { forgeQr, makeQrWorld, qrExpectations } from '../qr-forge.js'
import { isDeepFrozen, summary, withoutClauses } from '../refusal.js'
import { audience, expectations, guildCard, instant, issuer, makeWorld, nonce, now, record } from '../world.js'

const world = await makeWorld()
const mdocs = await makeMdocWorld()
const codes = await makeQrWorld()

/** A verdict of the page, which has no evidence, as the type that the helpers of these tests take. */
function seen(verdict: object): Verdict {
  expect('evidence' in verdict).toBe(false)
  expect(isDeepFrozen(verdict)).toBe(true)
  return verdict as Verdict
}

/** Where the status of both credentials of these tests stands: valid, invalid, suspended, valid. */
const uri = 'https://lists.example/1'
const entries = Uint8Array.of(0b00_10_01_00)

describe('an SD-JWT VC in a page', () => {
  const demands = { ...expectations(world), trust: trustAnchors([world.anchor]) }

  it('is verified with every check of the front door', async () => {
    const verdict = await verifySdJwtPresentation(world.presentation, { ...demands, require: ['familyName'] })
    const { evidence: _, ...whole } = await verifyAtTheFrontDoor(world.presentation, {
      ...expectations(world),
      require: ['familyName'],
    })
    expect(seen(verdict)).toEqual(withoutClauses(whole))
    for (const check of verdict.checks) expect(Object.keys(check)).not.toContain('clause')
    if (!verdict.ok) return
    expectTypeOf(verdict.claims.familyName).toEqualTypeOf<string>()
    expectTypeOf(verdict).not.toHaveProperty('evidence')
  })

  it('whatever it is, the answer is a verdict', async () => {
    for (const input of [undefined, 1, '', '~', 'a.b.c', new Uint8Array(3), {}, world.credential])
      expect(seen(await verifySdJwtPresentation(input, demands)).ok).toBe(false)
  })

  it('with options that are wrong is a mistake of the caller', async () => {
    const rows: readonly (readonly [object | undefined, RegExp])[] = [
      [undefined, /`options`/],
      [{ ...demands, expectedNonce: undefined }, /`expectedNonce`/],
      [{ ...demands, evidence: 'whole' }, /`evidence` must be none/],
      [{ ...demands, trust: {} }, /`trust`/],
      [{ ...demands, status: undefined }, /`status`/],
      [{ ...demands, status: frontDoorChecker() }, /`status`/],
      [{ ...demands, status: { check: () => undefined, reason: 'a checker that waives' } }, /`status`/],
    ]
    for (const [options, message] of rows) {
      const work = verifySdJwtPresentation(world.presentation, options as typeof demands)
      await expect(work).rejects.toThrow(TypeError)
      await expect(work).rejects.toThrow(message)
    }
  })
})

describe('a status in a page', async () => {
  const trust = trustAnchors([world.anchor])
  const list = { uri, issuedAt: instant, bits: 2, packed: entries, signer: world.signer } as const
  const fetch = async () =>
    new Response(await createStatusListToken(list), { headers: { 'content-type': 'application/statuslist+jwt' } })
  const verified = async (idx: number, status: object) => {
    const text = await forge(world, { payload: { status: { status_list: { idx, uri } } } })
    return seen(await verifySdJwtPresentation(text, { ...expectations(world), trust, status: status as never }))
  }

  it('is asked by the checker of this entry', async () => {
    const status = statusChecker({ fetch, statusListFetching })
    expect((await verified(0, status)) satisfies Verdict).toMatchObject({
      ok: true,
      status: { checked: true, value: 'valid' },
    })
    expect(summary(await verified(1, status))).toBe('status_revoked at status')
    expect(summary(await verified(2, status))).toBe('status_suspended at status')
    expect(summary(await verified(4, status))).toBe('status_index_out_of_range at status')
  })

  it('offline is known from a snapshot, and says so', async () => {
    const server = frontDoorChecker({ fetch, now })
    const status = statusChecker()
    expect(summary(await verified(0, status))).toBe('status_unreachable at status')
    await status.importSnapshot(await server.exportSnapshot([uri]))
    expect(await verified(0, status)).toMatchObject({ ok: true, status: { checked: true, source: 'snapshot' } })
  })

  it('of which a list was signed by somebody else is refused', async () => {
    const signer = codes.signer
    const foreign = async () =>
      new Response(await createStatusListToken({ ...list, signer }), {
        headers: { 'content-type': 'application/statuslist+jwt' },
      })
    expect(summary(await verified(0, statusChecker({ fetch: foreign, statusListFetching })))).toMatch(
      /^status_s.* at status$/,
    )
  })

  it('waived with a reason says the reason', async () => {
    expect(await verified(1, statusNotChecked('counter demo'))).toMatchObject({
      ok: true,
      status: { checked: false, reason: 'counter demo' },
    })
  })

  it('is not asked of the network without the part for that, and asking for it is a mistake of the caller', () => {
    for (const [name, value] of Object.entries({ fetch, cache: 1, timeout: 1 })) {
      expect(() => statusChecker({ [name]: value })).toThrow(TypeError)
      expect(() => statusChecker({ [name]: value })).toThrow(`\`${name}\``)
      expect(() => statusChecker({ [name]: value, statusListFetching } as never)).not.toThrow()
    }
  })

  it('with an option that a checker does not have is a mistake of the caller', () => {
    expect(() => statusChecker({ other: true, statusListFetching } as never)).toThrow(/`other`/)
    expect(() => statusChecker({ history: true } as never)).toThrow(TypeError)
    expect(() => statusChecker({ other: true } as never)).toThrow(/`other`/)
  })
})

describe('any presentation in a page', () => {
  const { readerKey: _, ...inSession } = mdocExpectations(mdocs)
  const trust = trustAnchors([mdocs.issuer.anchor, world.anchor])
  const demands = { ...inSession, trust }

  it('may be an mdoc, and has the verdict of the front door', async () => {
    const input = await forgeMdoc(mdocs)
    const { evidence: __, ...whole } = await verifyMdocPresentation(input, mdocExpectations(mdocs))
    const verdict = seen(await verifyPresentation(input, demands))
    expect(verdict).toMatchObject({ ...withoutClauses(whole), issuer: { country: 'UT' } })
  })

  it('may be an SD-JWT VC, where an audience and a nonce are expected', async () => {
    const both = {
      ...demands,
      expectedPassport: [harbourPass, guildCard],
      expectedAudience: audience,
      expectedNonce: nonce,
    }
    expect(summary(seen(await verifyPresentation(world.presentation, both)))).toBe('accepted')
    expect(summary(seen(await verifyPresentation(world.presentation, demands)))).toBe('format_not_expected at format')
    const { expectedSessionTranscript: __, ...bound } = both
    expect(summary(seen(await verifyPresentation(await forgeMdoc(mdocs), bound)))).toBe('format_not_expected at format')
  })

  it('of a W3C credential is another format', async () => {
    const bound = { ...expectations(world), trust }
    for (const text of [await forgeVc(world), 'eyJhbGciOiJFUzI1NiJ9.e30.AA'])
      expect(seen(await verifyPresentation(text, bound)).ok).toBe(false)
  })

  it('by a device that answers with a MAC is refused, and a key for one is a mistake of the caller', async () => {
    const input = await forgeMdoc(mdocs, { mac: true })
    expect(summary(seen(await verifyPresentation(input, demands)))).toBe(
      'device_mac_key_missing at device_authentication',
    )
    const work = verifyPresentation(input, { ...demands, readerKey: mdocs.readerKey })
    await expect(work).rejects.toThrow(/`readerKey`/)
    const scanned = verifyPresentation(input, { ...demands, expectedQr: { maxAge: 60 } })
    await expect(scanned).rejects.toThrow(/`expectedQr`/)
  })

  it('for another session is refused', async () => {
    const input = await forgeMdoc(mdocs, { transcript: Uint8Array.of(0x83, 0xf6, 0xf6, 0xf6) })
    expect(summary(seen(await verifyPresentation(input, demands)))).toBe(
      'device_signature_invalid at device_authentication',
    )
  })

  it('expects something of its holder', async () => {
    const { expectedSessionTranscript: __, ...nothing } = demands
    await expect(verifyPresentation('x', nothing as never)).rejects.toThrow(/`expectedAudience`/)
    await expect(verifyPresentation('x', undefined as never)).rejects.toThrow(/`options`/)
    for (const transcript of [new Uint8Array(1), null, '', 0, false])
      await expect(
        verifyPresentation('x', { ...demands, expectedSessionTranscript: transcript as Uint8Array }),
      ).rejects.toThrow(/`expectedSessionTranscript`/)
  })

  it('of an mdoc has its status read by the part for it', async () => {
    const { signer } = mdocs.issuer
    const list = { uri, issuedAt: instant, bits: 2, packed: entries, signer } as const
    const fetch = async () =>
      new Response((await createStatusListCwt(list)) as BodyInit, {
        headers: { 'content-type': 'application/statuslist+cwt' },
      })
    const inList = (idx: number) => ({
      mso: (map: Members) =>
        map.set(
          'status',
          new Map([
            [
              'status_list',
              new Map<string, CborValue>([
                ['idx', idx],
                ['uri', uri],
              ]),
            ],
          ]),
        ),
    })
    const verified = async (idx: number, status: ReturnType<typeof statusChecker>) =>
      summary(seen(await verifyPresentation(await forgeMdoc(mdocs, inList(idx)), { ...demands, status })))
    expect(await verified(0, statusChecker({ fetch, statusListCwt, statusListFetching }))).toBe('accepted')
    expect(await verified(1, statusChecker({ fetch, statusListCwt, statusListFetching }))).toBe(
      'status_revoked at status',
    )
    expect(await verified(0, statusChecker({ fetch, statusListFetching }))).toBe('status_unsupported at status')
  })
})

describe('a QR code in a page', async () => {
  const demands = { ...qrExpectations(codes), trust: trustAnchors([codes.anchor]) }
  const issuing = { issuer, signer: codes.signer, holderKey: codes.holder.publicJwk, now }
  const credential = await issueQrCredential(guildCard, record, issuing)
  const code = await presentQr(credential, { passport: guildCard, disclose: ['familyName'], signer: codes.holder, now })

  it('is verified with every check of the front door', async () => {
    const verdict = await verifyQrPresentation(code, { ...demands, require: ['familyName'] })
    const { evidence: __, ...whole } = await verifyQrAtTheFrontDoor(code, {
      ...qrExpectations(codes),
      require: ['familyName'],
    })
    expect(seen(verdict)).toEqual(withoutClauses(whole))
    expect(verdict.ok).toBe(true)
  })

  it('has its status read by the part for it', async () => {
    const list = { uri, issuedAt: instant, bits: 2, packed: entries, signer: codes.signer } as const
    const token = await createStatusListCwt(list)
    const fetch = async () =>
      new Response(token as Uint8Array<ArrayBuffer>, { headers: { 'content-type': 'application/statuslist+cwt' } })
    const place = new Map<string, CborValue>([
      ['idx', 0],
      ['uri', uri],
    ])
    const text = await forgeQr(codes, {
      claims: honest => void honest.set(65_535, new Map([['status_list', place]])),
    })
    const judged = async (status: object) =>
      seen(await verifyQrPresentation(text, { ...qrExpectations(codes), status: status as never }))
    expect(summary(await judged(statusChecker({ fetch, statusListFetching })))).toBe('status_unsupported at status')
    expect(await judged(statusChecker({ fetch, statusListCwt, statusListFetching }))).toMatchObject({
      ok: true,
      status: { checked: true },
    })
  })

  it('that its holder keeps proves nobody', async () => {
    expect(summary(seen(await verifyQrPresentation(credential, demands)))).toBe('key_binding_missing at structure')
  })

  it('with options that are wrong is a mistake of the caller', async () => {
    for (const [options, message] of [
      [undefined, /`options`/],
      [{ ...demands, expectedQr: undefined }, /`expectedQr`/],
      [{ ...demands, expectedQr: { maxAge: 301 } }, /`expectedQr.maxAge`/],
      [{ ...demands, expectedNonce: nonce }, /`expectedAudience`/],
    ] as const)
      await expect(verifyQrPresentation(code, options as typeof demands)).rejects.toThrow(message)
  })
})
