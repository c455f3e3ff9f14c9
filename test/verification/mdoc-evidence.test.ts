/** Evidence of an mdoc: the session and the status list as they were, verified again years later. */
import { describe, expect, it } from 'vitest'
import { base64url } from '../../src/core/bytes.js'
import { canonicalJson } from '../../src/core/canonical-json.js'
import type { CborValue } from '../../src/core/cbor/value.js'
import { writeCbor } from '../../src/core/cbor/write.js'
import { certificateDer } from '../../src/core/x509/certificate.js'
import { dcApiTranscript } from '../../src/formats/mdoc/session-transcript.js'
import type { Evidence } from '../../src/verification/evidence.js'
import { verifyMdocPresentation } from '../../src/verification/mdoc.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import type { StatusChecker } from '../../src/verification/status.js'
import { verifyCredential, verifyPresentation } from '../../src/verification/verify.js'
import { digest } from '../forge.js'
import { type CwtChanges, craftCwt, craftToken, uri } from '../formats/status-list/craft.js'
import { harbourPass } from '../harbour.js'
import {
  forgeIssuerSigned,
  forgeMdoc,
  type MdocChanges,
  type Members,
  makeMdocWorld,
  makeReaderKey,
  mdocExpectations,
} from '../mdoc-forge.js'
import { summary } from '../refusal.js'
import { instant } from '../world.js'
import { walletOf } from './mdoc-table.js'

const world = await makeMdocWorld()
const demands = mdocExpectations(world)
const today = { trust: demands.trust, expectedPassport: harbourPass }
const { signer } = world.issuer
const x5chain = certificateDer(signer.x5c![0]!)

const withStatus: MdocChanges = {
  mso: (map: Members) =>
    map.set(
      'status',
      new Map([
        [
          'status_list',
          new Map<string, CborValue>([
            ['idx', 1],
            ['uri', uri],
          ]),
        ],
      ]),
    ),
}
const cwt = (changes: CwtChanges = {}) => craftCwt(signer, { unprotected: [[33, x5chain]], ...changes })

const checkerOf = (token: string): StatusChecker => ({
  check: async () => ({ value: 0, token, tokenDigest: await digest(token), asOf: instant, source: 'fetched' }),
})

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

async function archived(changes: MdocChanges = {}, token?: string): Promise<Evidence> {
  const input = await forgeMdoc(world, token === undefined ? changes : { ...withStatus, ...changes })
  const status = token === undefined ? demands.status : checkerOf(token)
  const verdict = await verifyMdocPresentation(input, { ...demands, status })
  expect(summary(verdict)).toBe('accepted')
  return verdict.evidence
}

/** The record with another member of its policy, and a digest that fits again. */
async function rewritten(evidence: Evidence, policy: object): Promise<unknown> {
  const { digest: _digest, attachments, ...record } = json({ ...evidence, policy: { ...evidence.policy, ...policy } })
  return { ...record, digest: await digest(canonicalJson(record as never)), attachments }
}

describe('evidence of an mdoc', async () => {
  const evidence = await archived()

  it('holds the session, the response as text and nothing secret', async () => {
    expect(evidence).toMatchObject({
      version: 1,
      kind: 'presentation',
      format: 'mso_mdoc',
      time: instant.toISOString(),
      outcome: 'accepted',
      policy: { passports: ['harbour-pass'], sessionTranscript: base64url(world.session.bytes) },
      status: { checked: false },
    })
    expect(evidence.policy).not.toHaveProperty('audience')
    expect(Object.keys(evidence.attachments)).toEqual([evidence.presentation])
    expect(await archived({ mac: true }).then(JSON.stringify)).not.toContain(world.readerKey.d)
  })

  it('is verified again after it was written and read, with the same claims', async () => {
    const again = await reverifyEvidence(json(evidence), { ...today, require: ['familyName'] })
    expect(again).toMatchObject({ ok: true, format: 'mso_mdoc', claims: { familyName: 'Specimen', rank: 7 } })
    expect(again.checks[0]).toMatchObject({ id: 'evidence', outcome: 'passed' })
    expect((await reverifyEvidence(json(evidence), today)).evidence).toEqual(evidence)
  })

  it('is verified again from the archive’s own attachments', async () => {
    const apart = { ...json(evidence), attachments: {} }
    const again = await reverifyEvidence(apart, { ...today, attachment: name => evidence.attachments[name] })
    expect(summary(again)).toBe('accepted')
    expect(summary(await reverifyEvidence(apart, today))).toBe('evidence_attachment_missing at evidence')
  })

  it('of a MAC is verified again with the reader’s key, and with no other', async () => {
    const mac = json(await archived({ mac: true }))
    const judged = async (readerKey?: typeof world.readerKey) =>
      summary(await reverifyEvidence(mac, { ...today, readerKey }))
    expect(await judged(world.readerKey)).toBe('accepted')
    expect(await judged()).toBe('device_mac_key_missing at device_authentication')
    expect(await judged(await makeReaderKey('P-256'))).toBe('device_mac_invalid at device_authentication')
  })

  it('is not even read with a reader’s key that is none', async () => {
    const { d: _d, ...readerPublic } = world.readerKey
    for (const readerKey of [null, 7, {}, readerPublic])
      for (const record of [evidence, null])
        await expect(reverifyEvidence(record, { ...today, readerKey: readerKey as never })).rejects.toThrow(
          /`readerKey`/,
        )
  })

  it('of another session is refused', async () => {
    const other = await dcApiTranscript({ origin: 'https://bank.example', nonce: 'x' })
    const changed = await rewritten(evidence, { sessionTranscript: base64url(other.bytes) })
    expect(summary(await reverifyEvidence(changed, today))).toBe('device_signature_invalid at device_authentication')
  })

  it('without a session, or with one that is none, is malformed', async () => {
    for (const sessionTranscript of [
      undefined,
      '',
      'x',
      7,
      null,
      [],
      base64url(writeCbor([null, null])),
      `${base64url(world.session.bytes)}=`,
    ])
      expect([
        sessionTranscript,
        summary(await reverifyEvidence(await rewritten(evidence, { sessionTranscript }), today)),
      ]).toEqual([sessionTranscript, 'evidence_malformed at evidence'])
  })

  it('is not verified under other anchors, as another passport, or as a token', async () => {
    const elsewhere = mdocExpectations(await makeMdocWorld()).trust
    expect(summary(await reverifyEvidence(evidence, { ...today, trust: elsewhere }))).toBe(
      'certificate_signature_invalid at issuer_trusted',
    )
    const tokenOnly = await rewritten(evidence, { sessionTranscript: undefined, audience: 'a', nonce: 'n' })
    expect(summary(await reverifyEvidence(tokenOnly, today))).toBe('format_not_expected at format')
  })

  it('of a verifier who would have taken a token too holds both expectations', async () => {
    const either = { ...demands, expectedAudience: 'https://bank.example', expectedNonce: 'n' }
    const verdict = await verifyPresentation(await forgeMdoc(world), either)
    expect(verdict.evidence.policy).toMatchObject({ audience: 'https://bank.example', nonce: 'n' })
    expect(summary(await reverifyEvidence(json(verdict.evidence), today))).toBe('accepted')
    const half = await rewritten(verdict.evidence, { nonce: undefined })
    expect(summary(await reverifyEvidence(half, today))).toBe('evidence_malformed at evidence')
  })

  it('of a credential needs no session', async () => {
    const credential = writeCbor(await forgeIssuerSigned(world))
    const verdict = await verifyCredential(credential, walletOf(demands))
    expect(verdict.evidence.policy).not.toHaveProperty('sessionTranscript')
    expect(summary(await reverifyEvidence(json(verdict.evidence), today))).toBe('accepted')
  })
})

describe('evidence of a status in CWT form', async () => {
  const token = await cwt()
  const evidence = await archived({}, token)

  it('holds the token as text, and is verified again with it', async () => {
    expect(Object.values(evidence.attachments)).toContain(token)
    const again = await reverifyEvidence(json(evidence), today)
    expect(summary(again)).toBe('accepted')
    expect(again.ok && again.status).toMatchObject({ checked: true, value: 'valid', source: 'snapshot' })
  })

  const refused = async (claimed: string) => summary(await reverifyEvidence(json(await archived({}, claimed)), today))

  it.each([
    [
      'has no list',
      () =>
        cwt({
          list: [
            ['lst', undefined],
            ['bits', 1],
          ],
        }),
      'status_list_malformed at status',
    ],
    [
      'is of another list',
      () => cwt({ claims: [[2, 'https://status.example/lists/2']] }),
      'status_subject_mismatch at status',
    ],
    ['had run out', () => cwt({ claims: [[4, instant.getTime() / 1000 - 3600]] }), 'status_expired at status'],
    ['names no signer', () => craftCwt(signer), 'status_signer_untrusted at status'],
    ['is a JWT', () => craftToken(signer), 'encoding_invalid at status'],
  ] as const)('is refused when the token %s', async (_, making, code) => {
    expect(await refused(await making())).toBe(code)
  })

  it('is refused when the index says revoked', async () => {
    const at0: MdocChanges = {
      mso: (map: Members) =>
        map.set(
          'status',
          new Map([
            [
              'status_list',
              new Map<string, CborValue>([
                ['idx', 0],
                ['uri', uri],
              ]),
            ],
          ]),
        ),
    }
    expect(summary(await reverifyEvidence(json(await archived(at0, token)), today))).toBe('status_revoked at status')
  })

  it('holds what arrived, whatever becomes of the buffer', async () => {
    const [input, checker] = [await forgeMdoc(world, withStatus), checkerOf(await cwt())]
    const before = base64url(input)
    const status: StatusChecker = {
      check: question => {
        input.fill(0)
        return checker.check(question)
      },
    }
    const { evidence } = await verifyMdocPresentation(input, { ...demands, status })
    expect(Object.values(evidence.attachments)).toContain(before)
  })
})
