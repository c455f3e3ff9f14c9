/** What a status was at a time that is past: asked of the publisher, and held against the list's own times (Token Status List §8.4). */
import { beforeAll, describe, expect, it } from 'vitest'
import { fromBase64url } from '../../src/core/bytes.js'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { statusListCwt } from '../../src/formats/status-list/cwt.js'
import { statusListJwt } from '../../src/formats/status-list/jwt.js'
import type { StatusTokenForm } from '../../src/formats/status-list/token.js'
import { type StatusHistoryOptions, statusChecker } from '../../src/status/checker.js'
import { trustAnchors } from '../../src/verification/trust.js'
import { craftCwt, craftToken, instant, keyOf, lstOf, seconds, uri } from '../formats/status-list/craft.js'
import { asking, cwtMediaType, later, listResponse, makeHost, refusalOf } from './host.js'

let signer: Signer
let key: PublicKey

beforeAll(async () => {
  signer = await generateSigner('ES256')
  key = await keyOf(signer)
})

const day = 86_400

/** A publisher that keeps a list for each day: suspended on the first, valid on the second, invalid ever since. */
const archive = () =>
  makeHost(async url => {
    const time = Number(new URL(url).searchParams.get('time') ?? seconds)
    const at = Math.floor((time - seconds) / day)
    if (at < 0) return new Response(null, { status: 404 })
    const value = [2, 0, 1][Math.min(at, 2)]!
    const claims = { iat: seconds + at * day, exp: seconds + (at + 1) * day - 1 }
    return listResponse(await craftToken(signer, claims, {}, { bits: 2, lst: await lstOf(Uint8Array.of(value << 6)) }))
  })

const historyOf = (fetch: StatusHistoryOptions['fetch']) => statusChecker({ fetch, history: true })

describe('a checker of past statuses', () => {
  it('asks for the list of the verdict’s own time', async () => {
    const host = archive()
    const checker = historyOf(host.fetch)
    for (const [offset, value] of [
      [0, 2],
      [day - 1, 2],
      [day, 0],
      [2 * day + 0.9, 1],
    ] as const)
      expect(await checker.check(asking(key, { now: later(offset) }))).toEqual({
        value,
        token: expect.any(String),
        tokenDigest: expect.stringMatching(/^[\w-]{43}$/),
        asOf: later(Math.floor(offset / day) * day),
        source: 'fetched',
      })
    expect(host.asked).toEqual([0, day - 1, day, 2 * day].map(offset => `${uri}?time=${seconds + offset}`))
  })

  it('adds its question to one that is in the address, which the list is for without it', async () => {
    const there = `${uri}?list=7`
    const host = makeHost(await craftToken(signer, { sub: there }))
    const question = asking(key, { reference: { uri: there, index: 3 } })
    expect(await historyOf(host.fetch).check(question)).toMatchObject({ value: 1 })
    expect(host.asked).toEqual([`${there}&time=${seconds}`])
    host.serve(await craftToken(signer, { sub: `${there}&time=${seconds}` }))
    await expect(historyOf(host.fetch).check(question)).rejects.toMatchObject({ code: 'status_subject_mismatch' })
  })

  it('keeps nothing, and shares one fetch among those who ask at once about one time', async () => {
    const host = archive()
    const checker = historyOf(host.fetch)
    await Promise.all(Array.from({ length: 50 }, () => checker.check(asking(key))))
    expect(host.asked.length).toBe(1)
    await checker.check(asking(key))
    expect(host.asked.length).toBe(2)
    await Promise.all([asking(key), asking(key, { now: later(day) })].map(question => checker.check(question)))
    expect(host.asked.length).toBe(4)
  })

  it('reads a CWT as well', async () => {
    const cwt = await craftCwt(signer)
    const host = makeHost(() => listResponse(new Uint8Array(fromBase64url(cwt)), { 'content-type': cwtMediaType }))
    expect(await historyOf(host.fetch).check(asking(key, { form: statusListCwt }))).toMatchObject({ value: 1 })
    expect(host.lastInit()?.headers).toEqual({ accept: cwtMediaType })
  })

  it('reads a JWT where the question names no form', async () => {
    const { form: _form, ...question } = asking(key)
    expect(await historyOf(makeHost(await craftToken(signer)).fetch).check(question)).toMatchObject({ value: 1 })
  })

  it('asks no other form of list, which has another word for the time', async () => {
    const form = { ...statusListJwt, mediaType: 'application/vc+jwt' } as unknown as StatusTokenForm
    const host = archive()
    await expect(historyOf(host.fetch).check(asking(key, { form }))).rejects.toMatchObject({
      code: 'status_history_unsupported',
    })
    expect(host.asked).toEqual([])
  })

  it('believes signers of its own beside the verdict’s', async () => {
    const trust = trustAnchors([{ jwk: signer.publicJwk, purposes: ['status'] }])
    const checker = statusChecker({ fetch: archive().fetch, history: true, trust })
    expect(await checker.check(asking([]))).toMatchObject({ value: 2 })
  })

  it('gives way to a caller who gives up, before and while it asks', async () => {
    const host = makeHost(() => new Promise<Response>(() => {}))
    const checker = historyOf(host.fetch)
    expect(await refusalOf(checker.check(asking(key, { signal: AbortSignal.abort('gone') })))).toBe('gone')
    expect(host.asked).toEqual([])
    const controller = new AbortController()
    const waiting = refusalOf(checker.check(asking(key, { signal: controller.signal })))
    setTimeout(() => controller.abort('enough'), 5)
    expect(await waiting).toBe('enough')
  })
})

describe('a list of the past is refused', () => {
  const list = (claims: Readonly<Record<string, unknown>>) => async () => listResponse(await craftToken(signer, claims))
  const status = (code: number) => () => new Response('no', { status: code })

  it.each([
    ['when the publisher tells none', status(501), 'status_history_unsupported'],
    ['when the publisher has none of that time', status(404), 'status_history_unknown'],
    ['when the publisher fails otherwise', status(500), 'status_response_invalid'],
    ['issued within the tolerance after it', list({ iat: seconds + 1 }), 'status_issued_in_future'],
    ['issued within the same second after it', list({ iat: seconds + 0.5 }), 'status_issued_in_future'],
    ['issued long after it', list({ iat: seconds + day, exp: seconds + 2 * day }), 'status_issued_in_future'],
    ['that had run out within the tolerance', list({ exp: seconds - 1 }), 'status_expired'],
    ['that had long run out', list({ exp: seconds - 1000 }), 'status_expired'],
    ['that does not say when it ends', list({ exp: undefined }), 'status_history_unknown'],
    ['of another address', list({ sub: `${uri}?time=${seconds}` }), 'status_subject_mismatch'],
  ])('%s', async (_, answer, code) => {
    await expect(historyOf(makeHost(answer).fetch).check(asking(key))).rejects.toMatchObject({ code })
  })

  it('that nobody believed signed', async () => {
    const other = await keyOf(await generateSigner('ES256'))
    await expect(historyOf(archive().fetch).check(asking(other))).rejects.toMatchObject({
      code: 'status_signature_invalid',
    })
  })

  it('that is too short for the index', async () => {
    const question = asking(key, { reference: { uri, index: 4 } })
    await expect(historyOf(archive().fetch).check(question)).rejects.toMatchObject({
      code: 'status_index_out_of_range',
    })
  })

  it('before anything is asked where the address may not be', async () => {
    const host = archive()
    for (const address of ['http://status.example/1', 'https://localhost/1', 'https://10.0.0.1/1']) {
      const question = asking(key, { reference: { uri: address, index: 0 } })
      await expect(historyOf(host.fetch).check(question)).rejects.toMatchObject({ code: 'status_uri_refused' })
    }
    expect(host.asked).toEqual([])
  })
})

describe('a list whose own times meet the time', () => {
  it.each([
    ['issued then', { iat: seconds }],
    ['ending then', { exp: seconds }],
  ])('is taken: %s', async (_, claims) => {
    const host = makeHost(await craftToken(signer, claims))
    expect(await historyOf(host.fetch).check(asking(key))).toMatchObject({ value: 1 })
    expect(await historyOf(host.fetch).check(asking(key, { clockTolerance: 0, now: instant }))).toMatchObject({
      value: 1,
    })
  })
})

describe('the options of a checker of past statuses', () => {
  const fetch = archive().fetch

  it.each<[string, object]>([
    ['fetch', { history: true }],
    ['fetch', { history: true, fetch: 7 }],
    ['timeout', { history: true, fetch, timeout: 0 }],
    ['trust', { history: true, fetch, trust: [] }],
    ['cache', { history: true, fetch, cache: 5 }],
    ['maxStaleness', { history: true, fetch, maxStaleness: 5 }],
    ['history', { history: 'yes', fetch }],
  ])('name what is wrong: %s', (name, options) => {
    expect(() => statusChecker(options as StatusHistoryOptions)).toThrow(
      expect.objectContaining({
        name: expect.stringMatching(/^(Type|Range)Error$/),
        message: expect.stringContaining(`\`${name}\``),
      }),
    )
  })
})
