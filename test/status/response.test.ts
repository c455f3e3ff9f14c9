import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { PublicKey } from '../../src/core/crypto/backend.js'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { defaultLimits } from '../../src/core/limits.js'
import { VidimusError } from '../../src/errors.js'
import { jwtMediaType } from '../../src/formats/status-list/token.js'
import { type StatusCheckerOptions, statusChecker } from '../../src/status/checker.js'
import { fetchStatusToken } from '../../src/status/response.js'
import { craftToken, keyOf, uri } from '../formats/status-list/craft.js'
import { asking, bodyOf, listResponse, makeHost, mediaType, refusalOf } from './host.js'

let signer: Signer
let key: PublicKey
let token: string

beforeAll(async () => {
  signer = await generateSigner('ES256')
  key = await keyOf(signer)
  token = await craftToken(signer)
})

type Answer = Exclude<Parameters<ReturnType<typeof makeHost>['serve']>[0], string>

const check = (answer: Answer, options: StatusCheckerOptions = {}, question: Parameters<typeof asking>[1] = {}) =>
  statusChecker({ fetch: makeHost(answer).fetch, ...options }).check(asking(key, question))

/** A response that says it came from somewhere, as only a real fetch can make one. */
const from = (url: string, more: object = {}): Response =>
  Object.defineProperties(listResponse(token), {
    url: { value: url },
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, { value }])),
  })

describe('the request for a status list', () => {
  it('asks the address in the credential for a list, and lets nothing else out', async () => {
    const host = makeHost(token)
    await statusChecker({ fetch: host.fetch }).check(asking(key))
    expect(host.asked).toEqual([uri])
    expect(host.lastInit()).toMatchObject({
      headers: { accept: mediaType },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
    })
    expect(host.lastInit()?.signal).toBeInstanceOf(AbortSignal)
  })

  it('calls fetch as a function, not as a method', async () => {
    let self: unknown = 'never called'
    const fetch = async function (this: unknown) {
      self = this
      return listResponse(token)
    }
    await statusChecker({ fetch }).check(asking(key))
    expect(self).toBeUndefined()
  })

  it.each([
    'http://status.example/lists/1',
    'https://localhost/lists/1',
    'https://169.254.169.254/lists/1',
    'https://[::1]/lists/1',
    'https://user:secret@status.example/lists/1',
    'https://status.example/lists/1#x',
  ])('is not made to %s', async address => {
    const host = makeHost(token)
    const question = asking(key, { reference: { uri: address, index: 3 } })
    await expect(statusChecker({ fetch: host.fetch }).check(question)).rejects.toMatchObject({
      code: 'status_uri_refused',
    })
    await expect(statusChecker().check(question)).rejects.toMatchObject({ code: 'status_uri_refused' })
    expect(host.asked).toEqual([])
  })
})

describe('an answer that is a status list', () => {
  it.each([
    ['made by hand', () => listResponse(token)],
    ['from the address itself', () => from(uri)],
    ['with a charset', () => listResponse(token, { 'content-type': 'application/statuslist+jwt; charset=utf-8' })],
    ['of a media type in capitals', () => listResponse(token, { 'content-type': 'Application/StatusList+JWT' })],
    ['with another 2xx status', () => listResponse(token, {}, 203)],
    ['in many chunks', () => listResponse(bodyOf(Array.from(token, unit => Uint8Array.of(unit.charCodeAt(0)))))],
    ['with its length', () => listResponse(token, { 'content-length': `${token.length}` })],
  ])('is taken: %s', async (_, answer) => {
    expect(await check(answer)).toMatchObject({ value: 1, token, source: 'fetched' })
  })

  it('is taken from the address as a URL parser writes it', async () => {
    const odd = 'https://STATUS.example:443/lists/../1'
    const there = await craftToken(signer, { sub: odd })
    const answer = () => Object.defineProperty(listResponse(there), 'url', { value: new URL(odd).href })
    expect(await check(answer, {}, { reference: { uri: odd, index: 3 } })).toMatchObject({ value: 1 })
  })
})

describe('an answer is refused', () => {
  const small = { limits: { ...defaultLimits, statusTokenBytes: 1000 } }

  type Row = [harm: string, answer: Answer, code: string, at?: string]

  const rows: readonly Row[] = [
    [
      'when there is none',
      () => Promise.reject(new TypeError('fetch failed: secret.example')),
      'status_unreachable',
      'uri',
    ],
    [
      'when fetch throws at once',
      () => {
        throw new Error('no network')
      },
      'status_unreachable',
      'uri',
    ],
    ['when fetch gives no response', () => undefined as unknown as Response, 'status_unreachable', 'uri'],
    ...[undefined, null, 'text', 7, new Proxy({}, { get: () => Reflect.get(null as never, 'x') })].map(
      (thrown, index): Row => [
        `when fetch throws something odd (${index})`,
        () => {
          throw thrown
        },
        'status_unreachable',
        'uri',
      ],
    ),
    ...[undefined, null, 'text', { ok: true, type: 'basic' }].map(
      (given, index): Row => [
        `when fetch gives something odd (${index})`,
        () => given as unknown as Response,
        given === null || given === undefined ? 'status_unreachable' : 'status_response_invalid',
      ],
    ),
    [
      'when its headers are odd',
      () => ({ ok: true, url: '', headers: new Map([['content-type', 7]]) }) as unknown as Response,
      'status_unreachable',
    ],
    [
      'when its body is odd',
      () => ({ ok: true, url: '', headers: listResponse('').headers, body: 'text' }) as unknown as Response,
      'status_unreachable',
    ],
    ['of status 404', () => listResponse(token, {}, 404), 'status_response_invalid', 'status'],
    ['of status 500', () => listResponse(token, {}, 500), 'status_response_invalid', 'status'],
    ['of status 304', () => listResponse(null, {}, 304), 'status_response_invalid', 'status'],
    [
      'of status 302, which was not followed',
      () => listResponse(null, { location: uri }, 302),
      'status_response_invalid',
      'status',
    ],
    ['after a redirect', () => from(uri, { redirected: true }), 'status_response_invalid', 'url'],
    ['from another address', () => from('https://evil.example/lists/1'), 'status_response_invalid', 'url'],
    ['from another path', () => from('https://status.example/lists/2'), 'status_response_invalid', 'url'],
    ['that hides a redirect', () => from('', { type: 'opaqueredirect' }), 'status_response_invalid', 'url'],
    [
      'without a media type',
      () => new Response(new TextEncoder().encode(token)),
      'status_response_invalid',
      'content-type',
    ],
    ['as text', () => listResponse(token, { 'content-type': 'text/plain' }), 'status_response_invalid', 'content-type'],
    [
      'as JWT',
      () => listResponse(token, { 'content-type': 'application/jwt' }),
      'status_response_invalid',
      'content-type',
    ],
    [
      'as CWT',
      () => listResponse(token, { 'content-type': 'application/statuslist+cwt' }),
      'status_response_invalid',
      'content-type',
    ],
    [
      'as two media types',
      () => listResponse(token, { 'content-type': `${mediaType}, text/html` }),
      'status_response_invalid',
      'content-type',
    ],
    [
      'as a media type with a longer name',
      () => listResponse(token, { 'content-type': `${mediaType}x` }),
      'status_response_invalid',
      'content-type',
    ],
    ['without a body', () => listResponse(null), 'jws_malformed'],
    ['of status 204', () => listResponse(null, {}, 204), 'jws_malformed'],
    ['that is no token', () => listResponse('<html></html>'), 'jws_malformed'],
    ['with a line break after its token', () => listResponse(`${token}\n`), 'encoding_invalid'],
    ['with a byte order mark', () => listResponse(`\ufeff${token}`), 'encoding_invalid'],
    ['that is no text', () => listResponse(Uint8Array.of(0xff, 0xfe)), 'encoding_invalid'],
    [
      'that says it is too large',
      () => listResponse(token, { 'content-length': '1001' }),
      'limit_exceeded',
      'statusTokenBytes',
    ],
    ['that is too large', () => listResponse('x'.repeat(1001)), 'limit_exceeded', 'statusTokenBytes'],
    [
      'that does not end',
      () => listResponse(bodyOf(endless(new Uint8Array(100)))),
      'limit_exceeded',
      'statusTokenBytes',
    ],
    [
      'that does not end and says nothing',
      () => listResponse(bodyOf(endless(new Uint8Array()))),
      'limit_exceeded',
      'statusTokenBytes',
    ],
    ['whose body breaks', () => listResponse(bodyOf(broken())), 'status_unreachable', 'uri'],
    ['whose body is not made of bytes', () => listResponse(bodyOf(['text'])), 'status_response_invalid', 'body'],
  ]

  it.each(rows)('%s', async (_, answer, code, at) => {
    const refusal = await refusalOf(check(answer, {}, small))
    expect(refusal).toBeInstanceOf(VidimusError)
    expect(refusal).toMatchObject(at === undefined ? { code } : { code, at })
    expect((refusal as Error).message).not.toMatch(/example/)
  })

  it('without reading on', async () => {
    let chunks = 0
    const counted = function* () {
      for (;;) {
        chunks++
        yield new Uint8Array(100)
      }
    }
    await refusalOf(check(() => listResponse(bodyOf(counted())), {}, small))
    expect(chunks).toBeLessThan(20)
  })

  it('and the rest of its body is given up', async () => {
    const cancel = vi.fn()
    const body = new ReadableStream({ pull: controller => controller.enqueue(new Uint8Array(1001)), cancel })
    await refusalOf(check(() => listResponse(body), {}, small))
    expect(cancel).toHaveBeenCalled()
  })

  it('without a single read when its length says enough', async () => {
    const pull = vi.fn()
    const body = new ReadableStream({ pull }, { highWaterMark: 0 })
    await refusalOf(check(() => listResponse(body, { 'content-length': '9999999999' })))
    expect(pull).not.toHaveBeenCalled()
  })

  it('at the default limit in little time and memory', async () => {
    const started = performance.now()
    const body = () => listResponse(bodyOf(endless(new Uint8Array(64 * 1024))))
    await expect(check(body)).rejects.toMatchObject({ code: 'limit_exceeded' })
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('an answer that does not come', () => {
  const late = { code: 'status_unreachable', at: 'timeout', expected: 0.05 }

  it('is waited for as long as the time limit says', async () => {
    const minding: Answer = (_, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    await expect(check(minding, { timeout: 0.05 })).rejects.toMatchObject(late)
  })

  it('is waited for also where that is no whole number of milliseconds', async () => {
    await expect(check(() => new Promise(() => {}), { timeout: 0.0505 })).rejects.toMatchObject({
      ...late,
      expected: 0.0505,
    })
  })

  it('holds a timer for as long as it is waited for, so that the program does not end before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let answer: (response: Response) => void = () => {}
      const waiting = check(() => new Promise(resolve => (answer = resolve)))
      await vi.waitUntil(() => vi.getTimerCount() === 1)
      answer(await listResponse(token))
      await waiting
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it('is given up even by a fetch that does not mind its signal', async () => {
    await expect(check(() => new Promise(() => {}), { timeout: 0.05 })).rejects.toMatchObject(late)
  })

  it('is given up in the middle of its body', async () => {
    const cancel = vi.fn()
    const stuck = () => listResponse(new ReadableStream({ start: c => c.enqueue(new Uint8Array(10)), cancel }))
    await expect(check(stuck, { timeout: 0.05 })).rejects.toMatchObject(late)
    expect(cancel).toHaveBeenCalled()
  })

  it('is given up when its body drips', async () => {
    const drip = () =>
      listResponse(
        new ReadableStream({
          async pull(controller) {
            await new Promise(resolve => setTimeout(resolve, 10))
            controller.enqueue(Uint8Array.of(120))
          },
        }),
      )
    await expect(check(drip, { timeout: 0.05 })).rejects.toMatchObject(late)
  })

  it('is not waited for once the caller gives up, who hears his own reason', async () => {
    const controller = new AbortController()
    let seen: AbortSignal | null | undefined
    const waiting = check(
      (_, { signal }) => {
        seen = signal
        return new Promise(() => {})
      },
      {},
      { signal: controller.signal },
    )
    const reason = new Error('the visitor has left')
    setTimeout(() => controller.abort(reason), 10)
    expect(await refusalOf(waiting)).toBe(reason)
    await new Promise(resolve => setTimeout(resolve, 0))
    expect(seen?.aborted).toBe(true)
  })

  it('is not waited for with a signal that has fired already', async () => {
    const signal = AbortSignal.abort()
    const fetch = () => new Promise<Response>(() => {})
    const request = { fetch, accept: [jwtMediaType] as const, limits: defaultLimits, timeout: 10, signal }
    await expect(fetchStatusToken(uri, request)).rejects.toMatchObject({ code: 'status_unreachable' })
  })

  it('is not asked for when the caller gave up before', async () => {
    const host = makeHost(token)
    const reason = new Error('too late')
    const question = asking(key, { signal: AbortSignal.abort(reason) })
    expect(await refusalOf(statusChecker({ fetch: host.fetch }).check(question))).toBe(reason)
    expect(host.asked).toEqual([])
  })
})

function* endless(chunk: Uint8Array): Iterable<Uint8Array> {
  for (;;) yield chunk
}

function* broken(): Iterable<Uint8Array> {
  yield new Uint8Array(10)
  throw new Error('connection reset')
}
