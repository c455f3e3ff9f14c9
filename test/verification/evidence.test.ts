/** Evidence: a verdict's record that holds years later, and holds nothing that it did not hold then. */

import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { deflate } from '#crypto'
import { base64url } from '../../src/core/bytes.js'
import { canonicalJson } from '../../src/core/canonical-json.js'
import type { JsonObject, JsonValue } from '../../src/core/json.js'
import { generateSigner } from '../../src/core/keys.js'
import type { Evidence } from '../../src/verification/evidence.js'
import { reverifyEvidence } from '../../src/verification/reverify.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { type StatusChecker, statusNotChecked } from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { day, digest, forge, sign } from '../forge.js'
import { summary } from '../refusal.js'
import { expectations, guildCard, instant, issuer, makeWorld, nonce, seconds } from '../world.js'
import { notText } from './arguments.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const demands = expectations(world)
const today = { trust: demands.trust, expectedPassport: guildCard }
const require = ['familyName'] as const

const uri = 'https://lists.example/1'
const reference = { status_list: { idx: 1, uri } }

/** A status list token of eight entries, the second of which has the value. */
async function listToken(value: number, changes: JsonObject = {}): Promise<string> {
  const lst = base64url(await deflate(Uint8Array.of(value << 1, 0)))
  const payload = { sub: uri, iat: seconds - 60, exp: seconds + 60, ttl: 60, status_list: { bits: 1, lst }, ...changes }
  return sign(JSON.stringify({ alg: 'ES256', typ: 'statuslist+jwt' }), JSON.stringify(payload), world.signer)
}

const checkerOf = (token: string): StatusChecker => ({
  check: async () => ({ value: 0, token, tokenDigest: await digest(token), asOf: instant, source: 'fetched' }),
})

/** Evidence of an accepted presentation whose status was asked. */
async function archived(token?: string): Promise<Evidence> {
  const text = await forge(world, { payload: { status: reference } })
  const status = token === undefined ? statusNotChecked('counter demo') : checkerOf(token)
  const verdict = await verifySdJwtPresentation(text, { ...demands, require, status })
  expect(summary(verdict)).toBe('accepted')
  return verdict.evidence
}

const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
const without = (evidence: Evidence): Evidence => ({ ...evidence, attachments: {} })
const mutable = (evidence: Evidence) => json(evidence) as unknown as Record<string, JsonValue>

/** The record with another member, and a digest that fits again: what somebody who holds the archive could write. */
async function rewritten(evidence: Evidence, change: JsonObject): Promise<unknown> {
  const { digest: _digest, attachments, ...record } = { ...json(evidence), ...change }
  return { ...record, digest: await digest(canonicalJson(record as unknown as JsonObject)), attachments }
}

describe('evidence of a presentation', async () => {
  const token = await listToken(0)
  const evidence = await archived(token)
  const text = Object.values(evidence.attachments).find(part => part.includes('~'))!

  it('is verified again after it was written and read, with the same claims', async () => {
    const again = await reverifyEvidence(json(evidence), { ...today, require })
    expect(summary(again)).toBe('accepted')
    expect(again).toMatchObject({ ok: true, claims: { familyName: 'Specimen' }, issuer: { id: issuer } })
    expect(again.ok && again.status).toEqual({
      checked: true,
      value: 'valid',
      asOf: new Date((seconds - 60) * 1000),
      age: 60,
      source: 'snapshot',
    })
    expect(again.checks[0]).toMatchObject({ id: 'evidence', outcome: 'passed' })
    expect(again.checks.slice(1).map(({ id }) => id)).not.toContain('evidence')
    if (again.ok) expectTypeOf(again.claims.familyName).toEqualTypeOf<string>()
  })

  it('gives evidence again, of the same facts', async () => {
    const again = await reverifyEvidence(evidence, { ...today, require })
    expect(again.evidence).toEqual(evidence)
  })

  it('is the same record in whatever order its members stand', async () => {
    const reversed = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, inner]) => [name, reversed(inner)]),
          )
    expect(summary(await reverifyEvidence(reversed(json(evidence)), today))).toBe('accepted')
  })

  it('holds what was demanded and believed, for its reader', () => {
    expect(evidence).toMatchObject({
      version: 1,
      kind: 'presentation',
      format: 'dc+sd-jwt',
      time: instant.toISOString(),
      outcome: 'accepted',
      anchor: { issuer, jwk: world.signer.publicJwk },
      policy: { passports: ['guild-card'], require: ['familyName'], audience: 'https://bank.example', nonce },
    })
    expect(Object.keys(evidence.attachments)).toHaveLength(2)
    expect(evidence.presentation).toBe(
      Object.keys(evidence.attachments).find(key => evidence.attachments[key] === text),
    )
  })

  it('is refused after any one change of the record', async () => {
    for (const path of leaves(without(evidence))) {
      const changed = mutable(evidence)
      change(changed, path)
      expect([path, (await reverifyEvidence(changed, today)).checks[0]]).toEqual([
        path,
        expect.objectContaining({ code: 'evidence_digest_mismatch' }),
      ])
    }
    const { anchor: _anchor, ...less } = evidence
    expect(summary(await reverifyEvidence(less, today))).toBe('evidence_digest_mismatch at evidence')
    expect(summary(await reverifyEvidence({ ...evidence, note: 'x' }, today))).toBe(
      'evidence_digest_mismatch at evidence',
    )
    expect(summary(await reverifyEvidence({ ...evidence, digest: undefined }, today))).toBe(
      'evidence_digest_mismatch at evidence',
    )
  })

  it('is whole again when its parts are handed back by digest', async () => {
    const asked: string[] = []
    const attachment = (wanted: string) => (asked.push(wanted), evidence.attachments[wanted])
    expect(summary(await reverifyEvidence(without(evidence), { ...today, attachment }))).toBe('accepted')
    expect(asked.sort()).toEqual(Object.keys(evidence.attachments).sort())
    const later = async (wanted: string) => evidence.attachments[wanted]
    expect(
      summary(await reverifyEvidence({ ...evidence, attachments: undefined }, { ...today, attachment: later })),
    ).toBe('accepted')
    expect(summary(await reverifyEvidence(evidence, { ...today, attachment: () => 'never asked' }))).toBe('accepted')
  })

  it('is refused without its parts, with others in their place, and with parts that are no text', async () => {
    const missing = 'evidence_attachment_missing at evidence'
    const mismatch = 'evidence_digest_mismatch at evidence'
    expect(summary(await reverifyEvidence(without(evidence), today))).toBe(missing)
    for (const part of [undefined, null, 7, {}, new Uint8Array(4)])
      expect(summary(await reverifyEvidence(without(evidence), { ...today, attachment: () => part as string }))).toBe(
        missing,
      )
    for (const part of ['', 'x', `${text}\n`])
      expect(summary(await reverifyEvidence(without(evidence), { ...today, attachment: () => part }))).toBe(mismatch)
    for (const key of Object.keys(evidence.attachments)) {
      const { [key]: _gone, ...rest } = evidence.attachments
      expect(summary(await reverifyEvidence({ ...evidence, attachments: rest }, today))).toBe(missing)
      expect(summary(await reverifyEvidence({ ...evidence, attachments: { ...rest, [key]: 'x' } }, today))).toBe(
        mismatch,
      )
    }
    const huge = 'x'.repeat(8 * 1024 * 1024 + 1)
    expect(summary(await reverifyEvidence(without(evidence), { ...today, attachment: () => huge }))).toBe(
      'limit_exceeded at evidence',
    )
    const failing = () => Promise.reject(new Error('the archive is away'))
    expect(summary(await reverifyEvidence(without(evidence), { ...today, attachment: failing }))).toBe(
      'check_failed at evidence',
    )
  })

  it('names the issuers that were expected', async () => {
    const expecting = await verifySdJwtPresentation(text, { ...demands, expectedIssuer: [issuer, 'https://b.example'] })
    expect(expecting.evidence.policy.issuers).toEqual([issuer, 'https://b.example'])
    expect(evidence.policy).not.toHaveProperty('issuers')
  })

  it('is judged by who is trusted today', async () => {
    const stranger = await generateSigner('ES256')
    const judgedBy = async (...anchors: Parameters<typeof trustAnchors>[0]) =>
      summary(await reverifyEvidence(evidence, { ...today, trust: trustAnchors(anchors) }))
    expect(await judgedBy()).toBe('issuer_untrusted at issuer_trusted')
    expect(await judgedBy({ issuer, jwk: stranger.publicJwk, purposes: ['credential'] })).toBe(
      'signature_invalid at issuer_signature',
    )
    expect(await judgedBy({ ...world.anchor, purposes: ['credential'] })).toBe('status_signer_untrusted at status')
    expect(await judgedBy({ ...world.anchor, until: new Date(instant.getTime() - 1) })).toBe(
      'issuer_untrusted at issuer_trusted',
    )
    expect(await judgedBy({ ...world.anchor, until: instant })).toBe('accepted')
  })

  it('is judged by what is demanded today', async () => {
    expect(summary(await reverifyEvidence(evidence, { ...today, require: ['birthDate'] }))).toBe(
      'required_claim_missing at required_claims',
    )
    expect(summary(await reverifyEvidence(evidence, { ...today, expectedIssuer: 'https://other.example' }))).toBe(
      'issuer_not_expected at issuer_trusted',
    )
    expect(summary(await reverifyEvidence(evidence, { ...today, algorithms: ['ES384'] }))).toBe(
      'alg_not_allowed at structure',
    )
  })

  it('is judged at the time it was made, and at no other', async () => {
    const changed = async (time: string) => summary(await reverifyEvidence(await rewritten(evidence, { time }), today))
    expect(await changed(instant.toISOString())).toBe('accepted')
    expect(await changed(new Date((seconds + 2 * day) * 1000).toISOString())).toBe('credential_expired at validity')
    expect(await changed(new Date((seconds + 1000) * 1000).toISOString())).toBe(
      'key_binding_too_old at key_binding_time',
    )
    for (const time of ['', 'now', '2026-03-01', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000+00:00'])
      expect(await changed(time)).toBe('evidence_malformed at evidence')
  })

  it('is of its own session: the audience and nonce are facts', async () => {
    const policy = { ...evidence.policy, nonce: 'other' } as unknown as JsonObject
    expect(summary(await reverifyEvidence(await rewritten(evidence, { policy }), today))).toBe(
      'key_binding_nonce_mismatch at key_binding_nonce',
    )
    const { nonce: _nonce, ...silent } = evidence.policy
    const { audience: _audience, ...deaf } = evidence.policy
    const without = [silent, deaf, { ...silent, nonce: '' }, { ...silent, nonce: 7 }, { ...deaf, audience: '' }]
    for (const less of [...without, null, 'x', []])
      expect(summary(await reverifyEvidence(await rewritten(evidence, { policy: less as JsonObject }), today))).toBe(
        'evidence_malformed at evidence',
      )
  })

  it('is never believed about its anchors, its policy and its outcome', async () => {
    const stranger = await generateSigner('ES256')
    const forged = await verifySdJwtPresentation(await forge(world, { signer: stranger }), {
      ...demands,
      trust: trustAnchors([{ issuer, jwk: stranger.publicJwk, purposes: ['credential'] }]),
    })
    expect(forged.ok).toBe(true)
    expect(summary(await reverifyEvidence(forged.evidence, today))).toBe('signature_invalid at issuer_signature')
    const bold = await rewritten(forged.evidence, {
      anchor: json(evidence.anchor) as unknown as JsonObject,
      outcome: 'accepted',
    })
    expect(summary(await reverifyEvidence(bold, today))).toBe('signature_invalid at issuer_signature')
  })
})

describe('the status in evidence', () => {
  it('is read again out of the archived list, by its signature, subject, time and value', async () => {
    const judged = async (token: string) => summary(await reverifyEvidence(await archived(token), today))
    expect(await judged(await listToken(1))).toBe('status_revoked at status')
    expect(await judged(await listToken(0, { sub: 'https://lists.example/2' }))).toBe(
      'status_subject_mismatch at status',
    )
    expect(await judged(await listToken(0, { exp: seconds - 3600 }))).toBe('status_expired at status')
    expect(await judged((await listToken(0)).replace(/.{8}$/, 'AAAAAAAA'))).toBe('status_signature_invalid at status')
    expect(await judged('no token')).toMatch(/^status_\w+|jws_\w+ at status$/)
  })

  it('that was waived stays waived, and says so', async () => {
    const { presentation, attachments } = await archived()
    expect(Object.keys(attachments)).toEqual([presentation])
    const again = await reverifyEvidence(json(await archived()), today)
    expect(again.ok && again.status).toEqual({ checked: false, reason: 'counter demo' })
    expect(again.checks.at(-1)).toMatchObject({ id: 'status', outcome: 'skipped', code: 'status_not_checked' })
  })

  it('that was not there is not taken for one that was waived', async () => {
    const evidence = await archived()
    const missing = 'evidence_attachment_missing at status'
    for (const status of [
      { checked: false, reason: 'not_present' },
      { checked: false },
      { checked: true },
      { checked: true, token: 7 },
      { checked: true, reason: 'x' },
      { reason: 'x' },
      { checked: 'false', reason: 'x' },
      null,
      'x',
      [],
    ])
      expect(summary(await reverifyEvidence(await rewritten(evidence, { status: status as JsonObject }), today))).toBe(
        missing,
      )
  })

  it('that was not checked is not read, though a list is named', async () => {
    const evidence = await archived(await listToken(0))
    const { token } = evidence.status as { token: string }
    const record = await rewritten(evidence, { status: { checked: false, token } })
    expect(summary(await reverifyEvidence(record, today))).toBe('evidence_attachment_missing at status')
  })

  it('that was waived for no reason is refused', async () => {
    const record = await rewritten(await archived(), { status: { checked: false, reason: ' ' } })
    expect((await reverifyEvidence(record, today)).ok).toBe(false)
  })

  it('is not needed where the credential has no reference', async () => {
    const verdict = await verifySdJwtPresentation(await forge(world), { ...demands, status: checkerOf('never asked') })
    expect(verdict.evidence.status).toEqual({ checked: false, reason: 'not_present' })
    const again = await reverifyEvidence(verdict.evidence, today)
    expect(again.ok && again.status).toEqual({ checked: false, reason: 'not_present' })
  })
})

describe('evidence of a credential', () => {
  it('asks for no key binding when it is verified again', async () => {
    const verdict = await verifyCredential(world.credential, walletDemands(demands))
    expect(verdict.evidence).toMatchObject({ kind: 'credential', outcome: 'accepted' })
    const again = await reverifyEvidence(json(verdict.evidence), { ...today, require: ['birthDate'] })
    expect(again).toMatchObject({ ok: true, claims: { birthDate: '2001-02-28', familyName: 'Specimen' } })
  })

  it('cannot be made into evidence of a presentation', async () => {
    const { evidence } = await verifyCredential(world.credential, walletDemands(demands))
    expect(summary(await reverifyEvidence(await rewritten(evidence, { kind: 'presentation' }), today))).toBe(
      'evidence_malformed at evidence',
    )
    const policy = { ...evidence.policy, audience: 'x', nonce: 'y' } as unknown as JsonObject
    const bold = await rewritten(evidence, { kind: 'presentation', policy })
    expect(summary(await reverifyEvidence(bold, today))).toBe('key_binding_missing at key_binding')
  })
})

describe('evidence of digests', () => {
  it('names what was verified and holds none of it', async () => {
    const { evidence } = await verifySdJwtPresentation(world.presentation, { ...demands, evidence: 'digests' })
    expect(evidence.attachments).toEqual({})
    expect(evidence.presentation).toBe(await digest(world.presentation))
    expect(summary(await reverifyEvidence(evidence, today))).toBe('evidence_attachment_missing at evidence')
    const attachment = () => world.presentation
    expect(summary(await reverifyEvidence(evidence, { ...today, attachment }))).toBe('accepted')
  })
})

describe('evidence of a refusal', () => {
  it('says why, by digests, and is refused again without the presentation', async () => {
    const text = await forge(world, { payload: { exp: 0 } })
    const { evidence } = await verifySdJwtPresentation(text, demands)
    expect(evidence).toMatchObject({
      outcome: 'credential_expired',
      presentation: await digest(text),
      anchor: { issuer },
      attachments: {},
    })
    expect(summary(await reverifyEvidence(evidence, today))).toBe('evidence_attachment_missing at evidence')
    expect(summary(await reverifyEvidence(evidence, { ...today, attachment: () => text }))).toBe(
      'credential_expired at validity',
    )
  })

  it('names no anchor that did not verify', async () => {
    const stranger = await generateSigner('ES256')
    const { evidence } = await verifySdJwtPresentation(await forge(world, { signer: stranger }), demands)
    expect(evidence).not.toHaveProperty('anchor')
  })

  it('of what was no text names no presentation', async () => {
    const { evidence } = await verifySdJwtPresentation(undefined, demands)
    expect(evidence).not.toHaveProperty('presentation')
    expect(summary(await reverifyEvidence(evidence, today))).toBe('evidence_attachment_missing at evidence')
  })
})

describe('evidence from anywhere', () => {
  const malformed = 'evidence_malformed at evidence'

  it('that is no record is a verdict, whatever it is', async () => {
    for (const [, input] of notText) {
      const verdict = await reverifyEvidence(input, today)
      expect(verdict).toMatchObject({ ok: false, checks: [{ id: 'evidence', outcome: 'failed' }] })
      expect(Object.isFrozen(verdict)).toBe(true)
      expect(verdict.evidence).toMatchObject({ outcome: verdict.ok ? '' : verdict.code, attachments: {} })
    }
    for (const input of [
      '{}',
      new Uint8Array(1 << 20),
      'x'.repeat(1 << 20),
      new String('x'.repeat(1 << 20)),
      [],
      new Map(),
    ])
      expect(summary(await reverifyEvidence(input, today))).toBe(malformed)
  })

  it('that cannot be written is a verdict', async () => {
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    const fail = () => {
      throw new Error('a trap')
    }
    for (const inner of [
      cycle,
      { n: 7n },
      {
        get x() {
          return fail()
        },
      },
      { x: { toJSON: fail } },
      { x: new Uint8Array(1 << 20) },
      { x: new String('x') },
    ])
      expect(summary(await reverifyEvidence(inner, today))).toBe(malformed)
    const evidence = await archived()
    for (const attachments of [
      {
        get [evidence.presentation!]() {
          return fail()
        },
      },
      new Proxy({}, { getOwnPropertyDescriptor: fail }),
    ])
      expect(summary(await reverifyEvidence({ ...evidence, attachments }, today))).toBe('check_failed at evidence')
    for (const attachments of [null, 7, 'x', [], { __proto__: evidence.attachments }])
      expect(summary(await reverifyEvidence({ ...evidence, attachments }, today))).toBe(
        'evidence_attachment_missing at evidence',
      )
  })

  it('that is too large or too deep is refused before it is read', async () => {
    const evidence = await archived()
    const tooMuch = 'limit_exceeded at evidence'
    expect(summary(await reverifyEvidence({ ...evidence, note: 'x'.repeat(1 << 20) }, today))).toBe(tooMuch)
    expect(summary(await reverifyEvidence({ ...evidence, note: new Array(1 << 20) }, today))).toBe(tooMuch)
    expect(summary(await reverifyEvidence({ ...evidence, ['x'.repeat(1 << 20)]: 1 }, today))).toBe(tooMuch)
    expect(
      summary(await reverifyEvidence({ ...evidence, note: JSON.parse('['.repeat(100) + ']'.repeat(100)) }, today)),
    ).toBe(tooMuch)
  })

  it('of another version or kind is refused', async () => {
    const evidence = await archived()
    for (const change of [{ version: 2 }, { version: '1' }, { kind: 'other' }, { kind: 7 }])
      expect(summary(await reverifyEvidence(await rewritten(evidence, change), today))).toBe(malformed)
    for (const presentation of [7, '', {}])
      expect(summary(await reverifyEvidence(await rewritten(evidence, { presentation }), today))).toBe(
        'evidence_attachment_missing at evidence',
      )
  })

  it('never throws and never accepts, whatever JSON it is', async () => {
    const evidence = await archived()
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.constantFrom(...Object.keys(evidence)), async (value, member) => {
        expect((await reverifyEvidence(value, today)).ok).toBe(false)
        if (member === 'attachments' || JSON.stringify(value) === JSON.stringify(evidence[member as keyof Evidence]))
          return
        expect((await reverifyEvidence({ ...evidence, [member]: value }, today)).ok).toBe(false)
      }),
      { seed: 20261122, numRuns: 100 },
    )
  })
})

/** The paths of everything in a record that is no object. */
function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (path[0] === 'digest' || path[0] === 'attachments') return []
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]))
  return inner.length > 0 ? inner : [path]
}

/** Something else at a path. */
function change(record: Record<string, JsonValue>, path: readonly string[]): void {
  const [name, ...rest] = path as [string, ...string[]]
  const value = record[name]
  if (rest.length > 0) change(value as Record<string, JsonValue>, rest)
  else record[name] = typeof value === 'number' ? value + 1 : `${String(value)}x`
}
