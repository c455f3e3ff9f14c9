import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { VidimusError } from '../../src/errors.js'
import type { PublishedFile, StatusListHandlerOptions, StatusListSource } from '../../src/http/status-lists.js'
import { statusListHandler } from '../../src/http/status-lists.js'
import { instant, seconds } from '../formats/status-list/craft.js'
import { later } from '../status/host.js'
import { baseUri, cwt, handlerOf, jwt, MapSource, published, requestTo } from './lists.js'

const bytes = Uint8Array.of(0xd2, 0x84, 0x40, 0, 255)
const makeSource = () => new MapSource().add(published('a'), published('b', { mediaType: cwt, body: bytes }))

const ask = (
  path: string,
  headers?: Record<string, string>,
  method?: string,
  source: StatusListSource = makeSource(),
) => handlerOf(source)(requestTo(path, headers, method))

const headersOf = ({ headers }: Response) => Object.fromEntries(headers)
const gunzip = async (response: Response) =>
  new Response(response.body!.pipeThrough(new DecompressionStream('gzip'))).text()

/** What every refusal has in common. */
async function expectRefusal(response: Response, status: number, error: string) {
  expect(response.status).toBe(status)
  expect(await response.json()).toEqual({ error })
  expect(headersOf(response)).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'access-control-allow-origin': '*',
    'x-content-type-options': 'nosniff',
  })
  expect(response.headers.get('etag')).toBeNull()
}

describe('a status list', () => {
  it('is served as it was published', async () => {
    const response = await ask('/lists/a')
    expect(response.status).toBe(200)
    expect(headersOf(response)).toEqual({
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=300',
      'content-length': '2009',
      'content-type': jwt,
      etag: expect.stringMatching(/^"7-[\w-]{22}"$/),
      'last-modified': later(-60).toUTCString(),
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    })
    expect(await response.text()).toBe(published('a').body)
  })

  it('is served as bytes, and never compressed twice', async () => {
    const response = await ask('/lists/b', { 'accept-encoding': 'gzip' })
    expect(response.headers.get('content-type')).toBe(cwt)
    expect(response.headers.get('content-encoding')).toBeNull()
    expect(response.headers.get('vary')).toBeNull()
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
  })

  it('is served to HEAD without its body', async () => {
    for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
      const [head, get] = [await ask('/lists/a', headers, 'HEAD'), await ask('/lists/a', headers)]
      expect([head.status, head.body]).toEqual([200, null])
      expect(headersOf(head)).toEqual(headersOf(get))
    }
  })

  it('is found by the address that stands in credentials, whatever host was asked', async () => {
    const source = makeSource()
    await ask('/lists/a', { host: 'evil.example', 'x-forwarded-host': 'evil.example' }, 'GET', source)
    expect(source.asked).toEqual(['https://status.example/lists/a'])
  })

  it.each([
    ['https://status.example', '/a', 'https://status.example/a'],
    ['https://status.example/', '/a', 'https://status.example/a'],
    ['https://STATUS.example:443/x/y/', '/x/y/a/b', 'https://STATUS.example:443/x/y/a/b'],
  ])('stands below %s', async (base, path, uri) => {
    const source = new MapSource().add(published('a', { uri }))
    expect((await handlerOf(source, { baseUri: base })(requestTo(path))).status).toBe(200)
    expect(source.asked).toEqual([uri])
  })

  it.each([
    ['of another name', '/lists/c', [`${baseUri}/c`]],
    ['with a percent sign in it', '/lists/%61', [`${baseUri}/%61`]],
    ['with a slash behind it', '/lists/a/', [`${baseUri}/a/`]],
    ['with two slashes', '/lists//a', [`${baseUri}//a`]],
    ['with another case', '/lists/A', [`${baseUri}/A`]],
    ['with a slash in disguise', '/lists/%2e%2e%2fa', [`${baseUri}/%2e%2e%2fa`]],
    ['with a NUL', '/lists/a%00', [`${baseUri}/a%00`]],
    ['of the folder', '/lists/', [`${baseUri}/`]],
    ['of the folder without its slash', '/lists', []],
    ['of a longer folder', '/lists2/a', []],
    ['at the root', '/a', []],
    ['outside, by dots', '/lists/../a', []],
    ['of another folder that ends alike', '/x/lists/a', []],
    ['too long for a list', `/lists/${'a'.repeat(1024)}`, []],
  ])('is not found %s', async (_, path, asked) => {
    const source = makeSource()
    await expectRefusal(await ask(path, {}, 'GET', source), 404, 'not_found')
    expect(source.asked).toEqual(asked)
  })

  it('has no past and no future in the query but one time', async () => {
    const source = makeSource()
    for (const query of [
      'time=',
      'time=x',
      'time=-1',
      'time=+1',
      'time=1.0',
      'time=1e3',
      'time=0x1',
      'time=01',
      'time=1%20',
      'time=%31',
      'time=1&',
      'time=1&time=1',
      'time=1&time=2',
      'time=1&x=1',
      'x=1',
      'Time=1',
      'time',
      '&time=1',
      'time=1;',
      'time[]=1',
      'time=253402300800',
      'time=9999999999999999999',
      '?',
      'time=１',
    ])
      await expectRefusal(await ask(`/lists/a?${query}`, {}, 'GET', source), 400, 'invalid_request')
    expect(source.asked).toEqual([])
    expect((await ask('/lists/a?')).status).toBe(200)
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH'])('is not there for %s', async method => {
    const source = makeSource()
    const response = await ask('/lists/a', {}, method, source)
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    await expectRefusal(response, 405, 'method_not_allowed')
    expect(source.asked).toEqual([])
  })

  it('may be asked by any page, also for what changed alone', async () => {
    const source = makeSource()
    const response = await ask('/lists/a', { 'access-control-request-method': 'GET' }, 'OPTIONS', source)
    expect([response.status, response.body]).toEqual([204, null])
    expect(headersOf(response)).toEqual({
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'if-none-match, if-modified-since',
      'access-control-max-age': '86400',
      'x-content-type-options': 'nosniff',
    })
    expect(source.asked).toEqual([])
  })
})

describe('the one media type of an address', () => {
  it.each([
    undefined,
    '',
    '*/*',
    'application/*',
    jwt,
    jwt.toUpperCase(),
    `text/html, ${jwt};q=0.1`,
    `${jwt}; charset=utf-8`,
    `*/*;q=0, ${jwt}`,
    `application/*;q=0,${jwt};q=1.000`,
    `${cwt}, */*;q=0.001`,
  ])('is within %j', async accept => {
    expect((await ask('/lists/a', accept === undefined ? {} : { accept })).status).toBe(200)
  })

  it.each([
    cwt,
    'text/html',
    'application/json',
    'text/*',
    `${jwt}x`,
    `${jwt};q=0`,
    '*/*;q=0',
    `*/*, ${jwt};q=0.000`,
    'application/*;q=0, */*',
    `${jwt};q=2`,
    `${jwt};q=`,
    `${jwt};q=-1`,
    '*',
    ',',
    'application',
  ])('is not within %j', async accept => {
    await expectRefusal(await ask('/lists/a', { accept }), 406, 'not_acceptable')
  })
})

describe('a list that is known', () => {
  const tagOf = async (headers: Record<string, string> = {}) => (await ask('/lists/a', headers)).headers.get('etag')!

  it('is not sent again', async () => {
    const tag = await tagOf()
    for (const tags of [tag, `W/${tag}`, `"x", ${tag}`, `"x","a,b",W/${tag} , "y"`, '*', ' * ']) {
      const response = await ask('/lists/a', { 'if-none-match': tags })
      expect([response.status, response.body], tags).toEqual([304, null])
      expect(headersOf(response)).toEqual({
        'access-control-allow-origin': '*',
        'cache-control': 'public, max-age=300',
        etag: tag,
        'last-modified': later(-60).toUTCString(),
        vary: 'accept-encoding',
        'x-content-type-options': 'nosniff',
      })
    }
    expect((await ask('/lists/a', { 'if-none-match': tag }, 'HEAD')).status).toBe(304)
  })

  it.each(['"7"', '"x"', '', 'W/"x"', 'x', '**', '"*"'])('is another than %s', async tags => {
    expect((await ask('/lists/a', { 'if-none-match': tags })).status).toBe(200)
  })

  it('is named with its quotes, or not at all', async () => {
    expect((await ask('/lists/a', { 'if-none-match': (await tagOf()).slice(1, -1) })).status).toBe(200)
  })

  it('changes its tag with its version, its content and its encoding', async () => {
    const of = async (changes: Partial<PublishedFile>) =>
      (await ask('/lists/a', {}, 'GET', new MapSource().add(published('a', changes)))).headers.get('etag')
    const tags = [
      await of({}),
      await of({ version: 8 }),
      await of({ body: 'x' }),
      await tagOf({ 'accept-encoding': 'gzip' }),
    ]
    expect(new Set(tags).size).toBe(4)
    expect(await of({ issued: later(-5) })).toBe(tags[0])
  })

  it('is told by its date where there is no tag', async () => {
    const since = (date: string, more = {}) => ask('/lists/a', { 'if-modified-since': date, ...more })
    expect((await since(later(-60).toUTCString())).status).toBe(304)
    expect((await since(later(-1).toUTCString())).status).toBe(304)
    expect((await since(later(-61).toUTCString())).status).toBe(200)
    expect((await since(later(-1).toUTCString(), { 'if-none-match': '"x"' })).status).toBe(200)
    for (const odd of [later(-1).toISOString(), 'Invalid Date', '', 'now', '2030', 'Sunday, 06-Nov-94 08:49:37 GMT'])
      expect((await since(odd)).status, odd).toBe(200)
  })

  it('is told by its date only once the second is over in which there may be another', async () => {
    for (const [age, date] of [
      [0, null],
      [0.999, null],
      [1, instant.toUTCString()],
    ] as const) {
      const handler = handlerOf(new MapSource().add(published('a', { issued: instant })), { now: () => later(age) })
      expect((await handler(requestTo('/lists/a'))).headers.get('last-modified')).toBe(date)
      const asked = await handler(requestTo('/lists/a', { 'if-modified-since': instant.toUTCString() }))
      expect(asked.status).toBe(date === null ? 200 : 304)
    }
  })
})

describe('a JWT', () => {
  it.each(['gzip', 'x-gzip', 'br, GZIP;q=0.5', '*', 'identity;q=0, gzip', 'deflate,*;q=0.1'])(
    'is compressed for who accepts %s',
    async encodings => {
      const response = await ask('/lists/a', { 'accept-encoding': encodings })
      expect(response.headers.get('content-encoding')).toBe('gzip')
      expect(response.headers.get('etag')).toMatch(/^"7-[\w-]{22}-gzip"$/)
      expect(response.headers.get('vary')).toBe('accept-encoding')
      const length = Number(response.headers.get('content-length'))
      const body = await response.arrayBuffer()
      expect(body.byteLength).toBe(length)
      expect(length).toBeLessThan(200)
      expect(await gunzip(new Response(body))).toBe(published('a').body)
    },
  )

  it.each(['', 'br', 'gzip;q=0', '*, gzip;q=0', 'gzipx', 'identity'])(
    'is left as it is for who accepts %j',
    async encodings => {
      const response = await ask('/lists/a', { 'accept-encoding': encodings })
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(await response.text()).toBe(published('a').body)
    },
  )

  it('is known in the encoding it was sent in', async () => {
    const packed = { 'accept-encoding': 'gzip' }
    const tag = (await ask('/lists/a', packed)).headers.get('etag')!
    const again = await ask('/lists/a', { ...packed, 'if-none-match': tag })
    expect([again.status, again.headers.get('etag'), again.headers.get('content-encoding')]).toEqual([304, tag, null])
    expect((await ask('/lists/a', { 'if-none-match': tag })).status).toBe(200)
  })

  it('is left as it is when it is short, and where nothing can compress', async () => {
    const short = new MapSource().add(published('a', { body: 'x'.repeat(1023) }))
    const response = await ask('/lists/a', { 'accept-encoding': 'gzip' }, 'GET', short)
    expect(headersOf(response)).not.toHaveProperty('content-encoding')
    expect(headersOf(response)).not.toHaveProperty('vary')
    vi.stubGlobal('CompressionStream', undefined)
    const plain = await ask('/lists/a', { 'accept-encoding': 'gzip' })
    vi.unstubAllGlobals()
    expect(await plain.text()).toBe(published('a').body)
  })

  it('is compressed once for all who ask, by its content', async () => {
    const Stream = CompressionStream
    const made = vi.fn()
    vi.stubGlobal(
      'CompressionStream',
      class extends Stream {
        constructor(format: CompressionFormat) {
          super(format)
          made()
        }
      },
    )
    const source = makeSource()
    const handler = handlerOf(source)
    const request = () => requestTo('/lists/a', { 'accept-encoding': 'gzip' })
    await Promise.all([handler(request()), handler(request())])
    expect((await handler(request())).headers.get('content-encoding')).toBe('gzip')
    expect(made).toHaveBeenCalledTimes(1)
    source.add(published('a', { version: 8, body: 'y'.repeat(2000) }))
    expect(await gunzip(await handler(request()))).toBe('y'.repeat(2000))
    source.add(published('a', { version: 8, body: 'z'.repeat(2000) }))
    expect(await gunzip(await handler(request()))).toBe('z'.repeat(2000))
    vi.unstubAllGlobals()
  })

  it('goes as it is while too many wait for theirs', async () => {
    let release = () => {}
    const gate = new Promise<void>(resolve => (release = resolve))
    const Stream = CompressionStream
    vi.stubGlobal(
      'CompressionStream',
      class {
        readonly readable: ReadableStream
        readonly writable: WritableStream
        constructor(format: CompressionFormat) {
          const held = new TransformStream({ start: () => gate })
          this.writable = held.writable
          this.readable = held.readable.pipeThrough(new Stream(format))
        }
      },
    )
    const source = new MapSource()
    for (let list = 0; list < 10; list++) source.add(published(`${list}`, { version: list }))
    const handler = handlerOf(source, { atOnce: 1 })
    const request = (list: number) => handler(requestTo(`/lists/${list}`, { 'accept-encoding': 'gzip' }))
    const waiting = Array.from({ length: 9 }, (_, list) => request(list))
    await vi.waitFor(() => expect(source.asked.length).toBe(9))
    await new Promise(resolve => setTimeout(resolve, 20))
    const tenth = await request(9)
    expect(tenth.headers.get('content-encoding')).toBeNull()
    expect(tenth.headers.get('etag')).toMatch(/^"9-[\w-]{22}"$/)
    expect(await tenth.text()).toBe(published('9').body)
    release()
    for (const response of await Promise.all(waiting)) expect(response.headers.get('content-encoding')).toBe('gzip')
    vi.unstubAllGlobals()
  })
})

describe('the past of a list', () => {
  const then = seconds - 3600
  const past = published('a', { version: 3, body: 'past', issued: later(-3700), cacheControl: 'public, max-age=86400' })
  const keeping = () => {
    const source = makeSource()
    source.past = new Map([[`${baseUri}/a at ${then}`, past]])
    return source
  }

  it('is served as it was', async () => {
    const source = keeping()
    const response = await ask(`/lists/a?time=${then}`, {}, 'GET', source)
    expect([response.status, await response.text()]).toEqual([200, 'past'])
    expect(headersOf(response)).toMatchObject({
      'content-type': jwt,
      'cache-control': 'public, max-age=86400',
      etag: expect.stringMatching(/^"3-/),
      'last-modified': later(-3700).toUTCString(),
    })
    expect(source.asked).toEqual([`${baseUri}/a at ${then}`])
    const tag = response.headers.get('etag')!
    expect((await ask(`/lists/a?time=${then}`, { 'if-none-match': tag }, 'GET', keeping())).status).toBe(304)
    await expectRefusal(await ask(`/lists/a?time=${then}`, { accept: cwt }, 'GET', keeping()), 406, 'not_acceptable')
  })

  it.each([
    ['of a time without one', `/lists/a?time=${then - 1}`],
    ['of the beginning of time', '/lists/a?time=0'],
    ['of a list that never was', `/lists/c?time=${then}`],
  ])('is unknown %s', async (_, path) => {
    await expectRefusal(await ask(path, {}, 'GET', keeping()), 404, 'status_history_unknown')
  })

  it('is unknown of the future, without asking', async () => {
    const source = keeping()
    for (const time of [seconds + 1, 253_402_300_799])
      await expectRefusal(await ask(`/lists/a?time=${time}`, {}, 'GET', source), 404, 'status_history_unknown')
    expect(source.asked).toEqual([])
  })

  it('is not told where none is kept', async () => {
    await expectRefusal(await ask(`/lists/a?time=${then}`), 501, 'status_history_unsupported')
  })

  it('is unknown too where the source says so by its code', async () => {
    const source = keeping()
    source.fileAt = () => Promise.reject(new VidimusError('status_history_unknown'))
    await expectRefusal(await ask(`/lists/a?time=${then}`, {}, 'GET', source), 404, 'status_history_unknown')
  })

  it('is made once and kept, the last ones of them', async () => {
    const source = keeping()
    for (const time of [then + 1, then + 2]) source.past!.set(`${baseUri}/a at ${time}`, past)
    const handler = handlerOf(source, { kept: 2 })
    const askAt = async (time: number) => (await handler(requestTo(`/lists/a?time=${time}`))).status
    const asked = () => source.asked.map(it => Number(it.split(' at ')[1]) - then)
    expect(await Promise.all([askAt(then), askAt(then)])).toEqual([200, 200])
    await askAt(then)
    expect(asked()).toEqual([0])
    await askAt(then + 1)
    await askAt(then) // used again, so that the other one goes
    await askAt(then + 2)
    await askAt(then)
    expect(asked()).toEqual([0, 1, 2])
    await askAt(then + 1)
    expect(asked()).toEqual([0, 1, 2, 1])
  })

  it('is not kept when there is none, nor within the second that it is of', async () => {
    const source = keeping()
    source.past!.set(`${baseUri}/a at ${seconds}`, past)
    let time = later(0)
    const handler = handlerOf(source, { now: () => time })
    const askAt = async (second: number) => (await handler(requestTo(`/lists/a?time=${second}`))).status
    for (const second of [then - 1, then - 1, seconds, seconds]) await askAt(second)
    expect(source.asked.length).toBe(4)
    time = later(1)
    for (let times = 0; times < 2; times++) expect(await askAt(seconds)).toBe(200)
    expect(source.asked.length).toBe(5)
  })

  it('is kept by nobody within the second that it is of: another may be published in it', async () => {
    const source = keeping()
    let body = 'first'
    source.fileAt = async () => ({ ...past, body })
    let time = later(0.1)
    const handler = handlerOf(source, { now: () => time })
    const answerTo = async () => {
      const response = await handler(requestTo(`/lists/a?time=${seconds}`))
      return [response.headers.get('cache-control'), await response.text()]
    }
    expect(await answerTo()).toEqual(['no-store', 'first'])
    body = 'second'
    time = later(0.9)
    expect(await answerTo()).toEqual(['no-store', 'second'])
    time = later(1)
    expect(await answerTo()).toEqual(['public, max-age=86400', 'second'])
  })

  it('is not shared by those who ask within its second and those who ask after it', async () => {
    const source = keeping()
    const waiting: ((body: string) => void)[] = []
    source.fileAt = () => new Promise(resolve => waiting.push(body => resolve({ ...past, body })))
    let time = later(0)
    const handler = handlerOf(source, { now: () => time })
    const asking = [handler(requestTo(`/lists/a?time=${seconds}`))]
    time = later(1)
    asking.push(handler(requestTo(`/lists/a?time=${seconds}`)))
    await vi.waitFor(() => expect(waiting.length).toBe(2))
    for (const [index, respond] of waiting.entries()) respond(['first', 'second'][index]!)
    const texts = (await Promise.all(asking)).map(response => response.text())
    expect(await Promise.all(texts)).toEqual(['first', 'second'])
  })

  it('is asked for again after it could not be made', async () => {
    const source = keeping()
    const handler = handlerOf(source)
    source.past = undefined
    expect((await handler(requestTo(`/lists/a?time=${then}`))).status).toBe(501)
    source.past = new Map([[`${baseUri}/a at ${then}`, past]])
    expect((await handler(requestTo(`/lists/a?time=${then}`))).status).toBe(200)
  })

  it('is made for few at once; some wait, the rest is sent away', async () => {
    const source = keeping()
    const release: (() => void)[] = []
    let running = 0
    let most = 0
    source.fileAt = async () => {
      most = Math.max(most, ++running)
      await new Promise<void>(resolve => release.push(resolve))
      running--
      return past
    }
    const handler = handlerOf(source, { atOnce: 2 })
    const asking = Array.from({ length: 18 }, (_, age) => handler(requestTo(`/lists/a?time=${then - age}`)))
    await vi.waitFor(() => expect(running).toBe(2))
    const refused = await handler(requestTo(`/lists/a?time=${then - 18}`))
    expect(refused.headers.get('retry-after')).toBe('5')
    await expectRefusal(refused, 503, 'temporarily_unavailable')
    const shared = handler(requestTo(`/lists/a?time=${then}`))
    // The lists themselves are not held up.
    expect((await handler(requestTo('/lists/a'))).status).toBe(200)
    let done = false
    const all = Promise.all([...asking, shared]).then(responses => {
      done = true
      return responses
    })
    while (!done) {
      release.shift()?.()
      await new Promise(resolve => setTimeout(resolve))
    }
    expect((await all).map(({ status }) => status)).toEqual(Array(19).fill(200))
    expect(most).toBe(2)
    // Turns are given back.
    source.fileAt = async () => past
    expect((await handler(requestTo(`/lists/a?time=${then - 99}`))).status).toBe(200)
  })
})

describe('the index of lists', () => {
  it('is not there unless it has an address', async () => {
    const source = makeSource()
    const response = await handlerOf(source, { aggregationUri: undefined })(requestTo('/lists/aggregation'))
    await expectRefusal(response, 404, 'not_found')
    expect(source.asked).toEqual([`${baseUri}/aggregation`])
  })

  it('stands where the registry says', async () => {
    const response = await ask('/lists/aggregation')
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({ status_lists: [`${baseUri}/a`, `${baseUri}/b`] })
  })

  it('stands beside the lists too, and there alone', async () => {
    const source = makeSource()
    const handler = handlerOf(source, { aggregationUri: 'https://status.example/all' })
    expect((await handler(requestTo('/all'))).status).toBe(200)
    expect((await handler(requestTo('/lists/aggregation'))).status).toBe(404)
    expect(source.asked).toEqual(['aggregation', `${baseUri}/aggregation`])
  })

  it('has no past', async () => {
    await expectRefusal(await ask('/lists/aggregation?time=1'), 400, 'invalid_request')
  })

  it('is known by its tag, and asked for as what it is', async () => {
    const tag = (await ask('/lists/aggregation')).headers.get('etag')!
    expect((await ask('/lists/aggregation', { 'if-none-match': tag })).status).toBe(304)
    await expectRefusal(await ask('/lists/aggregation', { accept: jwt }), 406, 'not_acceptable')
  })
})

describe('a source that fails', () => {
  const failing = (error: unknown): StatusListSource => ({
    file: () => Promise.reject(error),
    fileAt: () => Promise.reject(error),
    aggregation: () => {
      throw error
    },
  })

  it.each<[string, unknown, number, string, string | null]>([
    ['is busy', new VidimusError('store_busy', { at: 'lists' }), 503, 'temporarily_unavailable', '5'],
    [
      'cannot be reached',
      new VidimusError('store_unreachable', { at: 'db.intern' }),
      503,
      'temporarily_unavailable',
      '5',
    ],
    ['has no room', new VidimusError('store_full'), 500, 'internal_error', null],
    ['has a secret', new Error('password=1234'), 500, 'internal_error', null],
    ['throws what is no error', 'password=1234', 500, 'internal_error', null],
    ['throws nothing', undefined, 500, 'internal_error', null],
  ])('is not quoted when it %s', async (_, error, status, word, retryAfter) => {
    for (const path of ['/lists/a', '/lists/a?time=1', '/lists/aggregation']) {
      const onError = vi.fn()
      const response = await handlerOf(failing(error), { onError })(requestTo(path))
      expect(response.headers.get('retry-after')).toBe(retryAfter)
      expect(JSON.stringify(headersOf(response))).not.toMatch(/1234|intern/)
      await expectRefusal(response, status, word)
      expect(onError.mock.calls).toEqual([[error]])
    }
    const head = await handlerOf(failing(error))(requestTo('/lists/a', {}, 'HEAD'))
    expect([head.status, head.body]).toEqual([status, null])
  })

  it('is told when nobody waits any more', async () => {
    const signals: (AbortSignal | undefined)[] = []
    const source = makeSource()
    source.file = async (_, options?: { signal?: AbortSignal | undefined }) => (
      signals.push(options?.signal), undefined
    )
    const request = requestTo('/lists/a')
    await handlerOf(source)(request)
    expect(signals).toEqual([request.signal])
  })
})

describe('whatever is asked', () => {
  it('there is an answer, and only lists that are there are 200', async () => {
    const source = makeSource()
    const handler = handlerOf(source)
    const path = fc.oneof(fc.webPath(), fc.constantFrom('/lists/a', '/lists/b', '/lists/aggregation'))
    const query = fc.oneof(
      fc.constant(''),
      fc.webQueryParameters().map(it => `?${it}`),
      fc.nat().map(it => `?time=${it}`),
    )
    const header = fc.string({ unit: 'grapheme-ascii' })
    await fc.assert(
      fc.asyncProperty(path, query, header, header, header, async (path, query, accept, tags, encodings) => {
        const headers = { accept, 'if-none-match': tags, 'accept-encoding': encodings }
        const response = await handler(requestTo(path + query, headers))
        expect([200, 304, 400, 404, 406, 501]).toContain(response.status)
        if (response.status === 200) expect(['/lists/a', '/lists/b', '/lists/aggregation']).toContain(path)
      }),
      { seed: 5 },
    )
  })
})

describe('a handler', () => {
  const make = (options: object, source: unknown = makeSource()) =>
    statusListHandler(source as StatusListSource, { baseUri, ...options } as StatusListHandlerOptions)

  it.each<[string, object, unknown?]>([
    ['source', {}, undefined],
    ['source', {}, { file: () => undefined }],
    ['baseUri', { baseUri: undefined }, makeSource()],
    ['baseUri', { baseUri: 'http://status.example' }, makeSource()],
    ['baseUri', { baseUri: 'https://status.example/?x' }, makeSource()],
    ['baseUri', { baseUri: 'https://a@status.example/' }, makeSource()],
    ['aggregationUri', { aggregationUri: '/all' }, makeSource()],
    ['aggregationUri', { aggregationUri: 'https://status.example/all?x' }, makeSource()],
    ['onError', { onError: 'log' }, makeSource()],
    ['now', { now: instant }, makeSource()],
    ['options.cache', { cache: 1 }, makeSource()],
  ])('wants %s: %j', (name, options, source) => {
    const call = () =>
      statusListHandler(source as StatusListSource, { baseUri, ...options } as StatusListHandlerOptions)
    expect(call).toThrow(TypeError)
    expect(call).toThrow(`\`${name}\``)
  })

  it.each([{ atOnce: 0 }, { atOnce: 1.5 }, { kept: 0 }, { kept: '2' }])('counts in integers: %j', options => {
    expect(() => make(options)).toThrow(RangeError)
  })
})
