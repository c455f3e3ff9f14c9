/** The status of a credential as a verdict asks for it: last, of a checker, and fail closed. */
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { algorithmNamed } from '../../src/core/algorithms.js'
import { VidimusError } from '../../src/errors.js'
import { definePassport } from '../../src/passport/definition.js'
import { verifySdJwtPresentation } from '../../src/verification/sd-jwt.js'
import { verifyPresentationSet } from '../../src/verification/set.js'
import {
  type StatusAnswer,
  type StatusChecker,
  type StatusQuestion,
  statusNotChecked,
} from '../../src/verification/status.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { verifyCredential } from '../../src/verification/verify.js'
import { type Changes, digest, forge } from '../forge.js'
import { expectRefusal, summary } from '../refusal.js'
import { expectations, guildCard, instant, issuer, makeWorld } from '../world.js'
import { walletDemands } from './table.js'

const world = await makeWorld()
const uri = 'https://lists.example/1'
const reference = { status_list: { idx: 5, uri } }
const referring: Changes = { payload: { status: reference } }

/** The same card, whose credentials must say where their status is. */
const strictCard = definePassport({
  name: 'strict-card',
  vct: guildCard.vct,
  docType: guildCard.docType,
  status: 'required',
  fields: { familyName: { schema: z.string(), claim: 'family_name' } },
})

const token = 'the list as it was signed'

async function answer(value: unknown): Promise<StatusAnswer> {
  const asOf = new Date(instant.getTime() - 90_500)
  return { value: value as number, token, tokenDigest: await digest(token), asOf, source: 'cached' }
}

const checkerOf = (check: (question: StatusQuestion) => unknown): StatusChecker => ({
  check: check as StatusChecker['check'],
})

async function judged(changes: Changes, status: StatusChecker, demands: object = {}) {
  const text = await forge(world, changes)
  const verdict = await verifySdJwtPresentation(text, { ...expectations(world), status, ...demands })
  if (!verdict.ok) expectRefusal(verdict, text)
  return verdict
}

describe('a status', () => {
  it('that is valid is in the verdict with its age, and in the evidence', async () => {
    const verdict = await judged(
      referring,
      checkerOf(() => answer(0)),
    )
    expect(verdict.ok && verdict.status).toEqual({
      checked: true,
      value: 'valid',
      asOf: new Date(instant.getTime() - 90_500),
      age: 90,
      source: 'cached',
    })
    expect(verdict.evidence.status).toEqual({ checked: true, token: await digest(token) })
    expect(verdict.evidence.attachments[await digest(token)]).toBe(token)
  })

  it('from a list that should have been renewed says so, and no other does', async () => {
    for (const [stale, said] of [
      [true, { stale: true }],
      [false, {}],
      [undefined, {}],
    ] as const) {
      const verdict = await judged(
        referring,
        checkerOf(async () => ({ ...(await answer(0)), stale })),
      )
      const asOf = new Date(instant.getTime() - 90_500)
      expect(verdict.ok && verdict.status).toStrictEqual({
        checked: true,
        value: 'valid',
        asOf,
        age: 90,
        source: 'cached',
        ...said,
      })
    }
  })

  it('stays one that was asked, whatever else the checker says', async () => {
    const verdict = await judged(
      referring,
      checkerOf(async () => ({ ...(await answer(0)), reason: 'why not' })),
    )
    expect(verdict.ok && verdict.status).toMatchObject({ checked: true, value: 'valid' })
    expect(verdict.evidence.status).toMatchObject({ checked: true })
  })

  for (const [value, code] of [
    [1, 'status_revoked'],
    [2, 'status_suspended'],
    [3, 'status_unknown'],
    [15, 'status_unknown'],
    [255, 'status_unknown'],
    [-1, 'status_unknown'],
    [Number.NaN, 'status_unknown'],
    ['0', 'status_unknown'],
    [false, 'status_unknown'],
    [undefined, 'status_unknown'],
  ] as const)
    it(`of the value ${JSON.stringify(value)} is refused`, async () => {
      expect(
        summary(
          await judged(
            referring,
            checkerOf(() => answer(value)),
          ),
        ),
      ).toBe(`${code} at status`)
    })

  it('is asked of the checker with the verifier’s own clock, trust and tolerance', async () => {
    const check = vi.fn((_: StatusQuestion) => answer(0))
    const { signal } = new AbortController()
    const limits = { statusTokenBytes: 1000 }
    await judged(referring, checkerOf(check), { clockTolerance: 7, algorithms: ['ES256'], signal, limits })
    expect(check).toHaveBeenCalledOnce()
    const question = check.mock.calls[0]![0]
    expect(question).toMatchObject({
      reference: { uri, index: 5 },
      now: instant,
      clockTolerance: 7,
      algorithms: ['ES256'],
      signal,
    })
    expect(question.limits.statusTokenBytes).toBe(1000)
    const signers = await question.signers({ algorithms: [algorithmNamed('ES256')!] })
    expect(signers).toHaveLength(1)
  })

  it('cannot be changed afterwards by what the checker keeps', async () => {
    const kept = await answer(0)
    const verdict = await judged(
      referring,
      checkerOf(async () => kept),
    )
    kept.asOf.setTime(0)
    expect(verdict.ok && verdict.status.checked && verdict.status.asOf.getTime()).toBe(instant.getTime() - 90_500)
    expect(Object.isFrozen(kept.asOf)).toBe(false)
  })

  it('of the future has no negative age', async () => {
    const verdict = await judged(
      referring,
      checkerOf(async () => ({ ...(await answer(0)), asOf: new Date(instant.getTime() + 5000) })),
    )
    expect(verdict.ok && verdict.status.checked && verdict.status.age).toBe(0)
  })
})

describe('a checker', () => {
  it('that refuses is heard', async () => {
    const check = () => {
      throw new VidimusError('status_stale', { expected: 60, actual: 61 })
    }
    const verdict = await judged(referring, checkerOf(check))
    expect(summary(verdict)).toBe('status_stale at status')
    expect(verdict.checks.at(-1)).toMatchObject({ expected: 60, actual: 61 })
  })

  const broken: readonly (readonly [string, (question: StatusQuestion) => unknown])[] = [
    [
      'throws at once',
      () => {
        throw new Error('Specimen leaked')
      },
    ],
    ['rejects', () => Promise.reject(new Error('Specimen leaked'))],
    ['throws nothing', () => Promise.reject(undefined)],
    ['throws text', () => Promise.reject('Specimen leaked')],
    ['answers nothing', () => undefined],
    ['answers a number', () => 0],
    ['answers a promise of nothing', async () => null],
    ['answers without a token', async () => ({ ...(await answer(0)), token: undefined })],
    ['answers with an empty token', async () => ({ ...(await answer(0)), token: '' })],
    ['answers without a digest', async () => ({ ...(await answer(0)), tokenDigest: undefined })],
    ['answers without a time', async () => ({ ...(await answer(0)), asOf: undefined })],
  ]
  for (const [title, check] of broken)
    it(`that ${title} is a refusal`, async () => {
      expect(summary(await judged(referring, checkerOf(check)))).toBe('check_failed at status')
    })

  it('that hangs gives way to the signal, whose reason the caller hears', async () => {
    for (const reason of [new Error('enough'), 'a word']) {
      const controller = new AbortController()
      const work = judged(
        referring,
        checkerOf(() => new Promise(() => {})),
        { signal: controller.signal },
      )
      setTimeout(() => controller.abort(reason), 5)
      await expect(work).rejects.toBe(reason)
    }
  })

  it('that hangs after the signal fired gives way as well', async () => {
    const controller = new AbortController()
    const check = () => {
      controller.abort(new Error('enough'))
      return new Promise(() => {})
    }
    await expect(judged(referring, checkerOf(check), { signal: controller.signal })).rejects.toThrow('enough')
  })

  it('that gives up with the signal is not taken for a refusal', async () => {
    const controller = new AbortController()
    const check = ({ signal }: StatusQuestion) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error('something else'))))
    const work = judged(referring, checkerOf(check), { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('enough')), 5)
    await expect(work).rejects.toThrow('enough')
  })

  it('is not asked after the signal fired', async () => {
    const check = vi.fn(() => answer(0))
    const signal = AbortSignal.abort(new Error('enough'))
    const demands = { ...expectations(world), status: checkerOf(check), signal }
    const text = await forge(world, referring)
    await expect(verifySdJwtPresentation(text, demands)).rejects.toThrow('enough')
    await expect(verifyCredential(text, walletDemands(demands))).rejects.toThrow('enough')
    const { expectedPassport, ...shared } = demands
    await expect(
      verifyPresentationSet({ a: text }, { ...shared, expect: { a: { expectedPassport } } }),
    ).rejects.toThrow('enough')
    expect(check).not.toHaveBeenCalled()
  })

  it('may be waited for with a signal that does not fire', async () => {
    const { signal } = new AbortController()
    expect(
      (
        await judged(
          referring,
          checkerOf(() => answer(0)),
          { signal },
        )
      ).ok,
    ).toBe(true)
  })

  it('is never asked when something else failed', async () => {
    const check = vi.fn(() => answer(0))
    const failing: readonly Changes[] = [
      { ...referring, header: { alg: 'none' } },
      { ...referring, payload: { ...referring.payload, exp: 0 } },
      { ...referring, binding: { nonce: 'other' } },
      { ...referring, hidden: { family_name: 7 } },
      { ...referring, holder: world.signer },
    ]
    for (const changes of failing) {
      const verdict = await judged(changes, checkerOf(check))
      expect(verdict.ok).toBe(false)
      expect(verdict.checks.at(-1)).toMatchObject({ id: 'status', outcome: 'skipped', code: 'not_reached' })
    }
    expect((await judged(referring, checkerOf(check), { require: ['birthDate'] })).ok).toBe(false)
    expect(check).not.toHaveBeenCalled()
  })

  it('is not asked where there is no reference, and the verdict says so', async () => {
    const check = vi.fn(() => answer(0))
    const verdict = await judged({}, checkerOf(check))
    expect(verdict.ok && verdict.status).toEqual({ checked: false, reason: 'not_present' })
    expect(verdict.checks.at(-1)).toMatchObject({ id: 'status', outcome: 'skipped', code: 'not_present' })
    expect(check).not.toHaveBeenCalled()
  })
})

describe('a reference', () => {
  const expectedPassport = strictCard as unknown as typeof guildCard

  it('that the passport requires must be there, and is not waived with the status', async () => {
    for (const status of [checkerOf(() => answer(0)), statusNotChecked('counter demo')]) {
      const verdict = await judged({}, status as StatusChecker, { expectedPassport })
      expect(summary(verdict)).toBe('status_missing at status_reference')
    }
    expect(
      (
        await judged(
          referring,
          checkerOf(() => answer(0)),
          { expectedPassport },
        )
      ).ok,
    ).toBe(true)
  })

  const rows: readonly (readonly [unknown, string])[] = [
    [null, 'status_malformed'],
    ['valid', 'status_malformed'],
    [[], 'status_malformed'],
    [{}, 'status_unsupported'],
    [{ other_mechanism: { uri } }, 'status_unsupported'],
    [{ status_list: null }, 'status_malformed'],
    [{ status_list: [5, uri] }, 'status_malformed'],
    [{ status_list: {} }, 'status_malformed'],
    [{ status_list: { idx: 5 } }, 'status_malformed'],
    [{ status_list: { uri } }, 'status_malformed'],
    [{ status_list: { idx: '5', uri } }, 'status_malformed'],
    [{ status_list: { idx: -1, uri } }, 'status_malformed'],
    [{ status_list: { idx: 1.5, uri } }, 'status_malformed'],
    [{ status_list: { idx: 5, uri: 7 } }, 'status_malformed'],
    [{ status_list: { idx: 5, uri: 'http://lists.example/1' } }, 'status_malformed'],
    [{ status_list: { idx: 5, uri: 'file:///etc/passwd' } }, 'status_malformed'],
    [{ status_list: { idx: 5, uri: 'https://user:pass@lists.example/1' } }, 'status_malformed'],
    [{ status_list: { idx: 5, uri: 'https://lists.example/1#x' } }, 'status_malformed'],
  ]
  for (const [status, code] of rows)
    it(`that is not understood is refused, though the status is waived: ${JSON.stringify(status)}`, async () => {
      const check = vi.fn(() => answer(0))
      for (const asked of [checkerOf(check), statusNotChecked('counter demo')])
        expect(summary(await judged({ payload: { status } }, asked as StatusChecker))).toBe(
          `${code} at status_reference`,
        )
      expect(check).not.toHaveBeenCalled()
    })

  it('may stand beside other mechanisms', async () => {
    const status = { ...reference, other_mechanism: {} }
    expect(
      (
        await judged(
          { payload: { status } },
          checkerOf(() => answer(0)),
        )
      ).ok,
    ).toBe(true)
  })
})

describe('a checker with a `reason` among its members', () => {
  const waiving = (value: number) => ({ check: () => answer(value), reason: 'why it was made' })

  it('is asked all the same', async () => {
    expect(summary(await judged(referring, waiving(1)))).toBe('status_revoked at status')
    expect(await judged(referring, waiving(0))).toMatchObject({ ok: true, status: { checked: true } })
  })
})

describe('statusNotChecked', () => {
  it('waives the value for a stated reason, which stays visible', async () => {
    const verdict = await judged(referring, statusNotChecked('counter demo') as unknown as StatusChecker)
    expect(verdict.ok && verdict.status).toEqual({ checked: false, reason: 'counter demo' })
    expect(verdict.checks.at(-1)).toMatchObject({ id: 'status', outcome: 'skipped', code: 'status_not_checked' })
    expect(verdict.evidence.status).toEqual({ checked: false, reason: 'counter demo' })
  })

  it('needs a reason', () => {
    for (const reason of ['', '  ', undefined, null, 7, '\ud800'])
      expect(() => statusNotChecked(reason as string)).toThrow(/^`reason`/)
  })

  it('is frozen', () => {
    expect(Object.isFrozen(statusNotChecked('x'))).toBe(true)
  })
})

describe('an issuer without an identifier', () => {
  it('has status lists signed by anchors without one', async () => {
    const check = vi.fn(async ({ signers }: StatusQuestion) => {
      await signers({ algorithms: [algorithmNamed('ES256')!] })
      return answer(0)
    })
    const jwk = world.signer.publicJwk
    const nameless = trustAnchors([{ jwk, purposes: ['credential', 'status'] }])
    expect((await judged(referring, checkerOf(check), { trust: nameless })).ok).toBe(true)
    const mixed = trustAnchors([
      { jwk, purposes: ['credential'] },
      { issuer, jwk, purposes: ['status'] },
    ])
    expect(summary(await judged(referring, checkerOf(check), { trust: mixed }))).toBe(
      'status_signer_untrusted at status',
    )
  })
})
