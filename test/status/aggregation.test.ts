/** The index of an issuer's status lists: fetched like a list, read strictly, believed in nothing (Token Status List §9). */
import { describe, expect, it } from 'vitest'
import { defaultLimits } from '../../src/core/limits.js'
import { fetchStatusAggregation, type StatusAggregationOptions } from '../../src/status/aggregation.js'
import { bodyOf, listResponse, makeHost, refusalOf } from './host.js'

const at = 'https://issuer.example/status-lists'
const lists = ['https://status.example/1', 'https://status.example/2?of=3']

const json = (value: unknown, headers: Record<string, string> = {}, status = 200): Response =>
  listResponse(
    typeof value === 'string' ? value : JSON.stringify(value),
    {
      'content-type': 'application/json',
      ...headers,
    },
    status,
  )

const fetched = (answer: () => Response | Promise<Response>, options: Partial<StatusAggregationOptions> = {}) =>
  fetchStatusAggregation(at, { fetch: makeHost(answer).fetch, ...options })

describe('the index of status lists', () => {
  it('§9.3: names their addresses', async () => {
    const host = makeHost(() => json({ status_lists: lists }))
    const uris = await fetchStatusAggregation(at, { fetch: host.fetch })
    expect(uris).toEqual(lists)
    expect(Object.isFrozen(uris)).toBe(true)
    expect(host.asked).toEqual([at])
    expect(host.lastInit()).toMatchObject({
      headers: { accept: 'application/json' },
      redirect: 'error',
      credentials: 'omit',
    })
  })

  it('may name none, name one twice, and say more than we know', async () => {
    expect(await fetched(() => json({ status_lists: [] }))).toEqual([])
    expect(await fetched(() => json({ status_lists: [...lists, lists[0]], next: null }))).toEqual(lists)
    expect(
      await fetched(() => json({ status_lists: lists }, { 'content-type': 'application/json;charset=utf-8' })),
    ).toEqual(lists)
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no JSON', '<html></html>'],
    ['a list', lists],
    ['an object without lists', {}],
    ['a name twice', '{"status_lists":[],"status_lists":[]}'],
    ['lists that are text', { status_lists: lists[0] }],
    ['lists that are an object', { status_lists: { 0: lists[0] } }],
    ['lists that are null', { status_lists: null }],
    ['a list that is a number', { status_lists: [lists[0], 7] }],
    ['a list that is null', { status_lists: [null] }],
    ['an address of http', { status_lists: ['http://status.example/1'] }],
    ['an address of a file', { status_lists: ['file:///etc/passwd'] }],
    ['a relative address', { status_lists: ['/1'] }],
    ['a literal address', { status_lists: ['https://192.0.2.1/1'] }],
    ['a local name', { status_lists: ['https://localhost/1'] }],
    ['an address with a password', { status_lists: ['https://user:pass@status.example/1'] }],
    ['an address with a fragment', { status_lists: ['https://status.example/1#x'] }],
  ])('is malformed as a whole when it holds %s', async (_, body) => {
    await expect(fetched(() => json(body))).rejects.toMatchObject({ code: 'status_aggregation_malformed' })
  })

  it('says which of its members is no address', async () => {
    await expect(fetched(() => json({ status_lists: [lists[0], 7] }))).rejects.toMatchObject({ at: 'status_lists[1]' })
  })

  it.each<[string, () => Response | Promise<Response>, string]>([
    ['does not come', () => Promise.reject(new Error('refused')), 'status_unreachable'],
    [
      'is of another media type',
      () => json({ status_lists: [] }, { 'content-type': 'text/html' }),
      'status_response_invalid',
    ],
    ['is an error', () => json({ status_lists: [] }, {}, 503), 'status_response_invalid'],
    ['is redirected', () => Object.defineProperty(json({}), 'redirected', { value: true }), 'status_response_invalid'],
    [
      'has no end',
      () => new Response(bodyOf(endless()), { headers: { 'content-type': 'application/json' } }),
      'limit_exceeded',
    ],
    ['has too many lists', () => json(`{"status_lists":[${'"x",'.repeat(70_000)}"x"]}`), 'limit_exceeded'],
  ])('is refused when it %s', async (_, answer, code) => {
    await expect(fetched(answer)).rejects.toMatchObject({ code })
  })

  it('has lower limits on request', async () => {
    const limits = { ...defaultLimits, statusTokenBytes: 50 }
    await expect(fetched(() => json({ status_lists: lists }), { limits })).rejects.toMatchObject({
      code: 'limit_exceeded',
      at: 'statusTokenBytes',
    })
  })

  it('is asked for at public addresses alone', async () => {
    const host = makeHost(() => json({ status_lists: [] }))
    for (const uri of ['http://issuer.example/', 'https://127.0.0.1/', 'https://issuer.local/'])
      await expect(fetchStatusAggregation(uri, { fetch: host.fetch })).rejects.toMatchObject({
        code: 'status_uri_refused',
      })
    expect(host.asked).toEqual([])
  })

  it('is waited for until the time limit or the caller says', async () => {
    const silent = () => new Promise<Response>(() => {})
    await expect(fetched(silent, { timeout: 0.02 })).rejects.toMatchObject({
      code: 'status_unreachable',
      at: 'timeout',
    })
    const controller = new AbortController()
    const waiting = refusalOf(fetched(silent, { signal: controller.signal }))
    setTimeout(() => controller.abort('enough'), 5)
    expect(await waiting).toBe('enough')
    expect(await refusalOf(fetched(silent, { signal: AbortSignal.abort('before') }))).toBe('before')
  })

  it.each<[string, string, object]>([
    ['uri', 7 as unknown as string, { fetch: () => json({}) }],
    ['fetch', at, {}],
    ['timeout', at, { fetch: () => json({}), timeout: -1 }],
    ['limits.statusTokenBytes', at, { fetch: () => json({}), limits: { statusTokenBytes: 2 ** 40 } }],
  ])('is the caller’s mistake without a good %s', async (name, uri, options) => {
    await expect(fetchStatusAggregation(uri, options as StatusAggregationOptions)).rejects.toThrow(
      expect.objectContaining({
        name: expect.stringMatching(/^(Type|Range)Error$/),
        message: expect.stringContaining(`\`${name}\``),
      }),
    )
  })
})

function* endless(): Iterable<Uint8Array> {
  for (;;) yield new Uint8Array(64 * 1024)
}
