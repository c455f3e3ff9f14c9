/** The guarded fetch against a real https server. Nothing leaves this machine. */
import { X509Certificate } from 'node:crypto'
import dns from 'node:dns/promises'
import https from 'node:https'
import tls from 'node:tls'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { generateSigner } from '../../src/core/keys.js'
import { createStatusListToken } from '../../src/formats/status-list/jwt.js'
import { jwtMediaType } from '../../src/formats/status-list/token.js'
import { type GuardedFetchOptions, guardedFetch } from '../../src/http/guarded-fetch.js'
import { statusChecker } from '../../src/status/checker.js'
import { instant, keyOf } from '../formats/status-list/craft.js'
import { hasOpenssl, requireOpenssl } from '../openssl.js'
import { asking, later, refusalOf } from '../status/host.js'
import { type Answer, type Certified, certify, leadHome, startServer, type TlsServer } from './tls-server.js'

requireOpenssl()

const host = 'status.example'
const publicAddress = '93.184.216.34'

describe.runIf(hasOpenssl)('a guarded fetch', () => {
  let certified: Certified
  let server: TlsServer
  let url: string

  beforeAll(async () => {
    certified = certify(host)
    server = await startServer(certified)
    url = `https://${host}:${server.port}/lists/1`
  })
  afterAll(() => server.close())
  afterEach(() => {
    vi.restoreAllMocks()
    server.asked.length = 0
  })

  /** One that believes the server's certificate and knows where it stands. */
  const atHome = (options: GuardedFetchOptions = {}) =>
    guardedFetch({ ca: certified.cert, allow: { [`${host}:${server.port}`]: ['127.0.0.1'] }, ...options })

  /** One to whom the name resolves as told, and to whom whatever is public leads to the server. */
  const resolving = (...answers: (readonly string[])[]) => {
    const resolve = vi.fn(async () => answers.shift() ?? [])
    return { resolve, fetch: guardedFetch({ ca: certified.cert, resolve }) }
  }

  const read = async (response: Response) => new Uint8Array(await response.arrayBuffer())
  const failure = async (work: Promise<Response>) => refusalOf(work.then(read))
  const networkError = (code: string) =>
    expect.objectContaining({ name: 'TypeError', message: `fetch failed (${code})` })
  const allClosed = () => vi.waitFor(() => expect(server.open.size).toBe(0))

  describe('asks', () => {
    it('and gives status, headers and body', async () => {
      server.serve((_, response) => {
        response.writeHead(203, { 'content-type': 'text/plain', 'x-two': ['a', 'b'] }).end('a list')
      })
      const response = await atHome()(url)
      expect(response.status).toBe(203)
      expect(response.headers.get('content-type')).toBe('text/plain')
      expect(response.headers.get('x-two')).toBe('a, b')
      expect(response.redirected).toBe(false)
      expect(await response.text()).toBe('a list')
      expect(server.asked).toEqual(['/lists/1'])
      await allClosed()
    })

    it('with the headers of a public document, and keeps no connection', async () => {
      server.serve((_, response) => void response.end())
      await read(await atHome()(`${url}?time=1`, { headers: { Accept: 'text/plain', 'if-none-match': '"1"' } }))
      expect(server.asked).toEqual(['/lists/1?time=1'])
      expect(server.lastHeaders()).toEqual({
        host: `${host}:${server.port}`,
        accept: 'text/plain',
        'if-none-match': '"1"',
        'accept-encoding': 'gzip',
        connection: 'close',
      })
    })

    it('again on a connection of its own, and brings no cookie back', async () => {
      server.serve((_, response) => void response.setHeader('set-cookie', 'a=1').end('x'))
      const fetch = atHome()
      for (let times = 0; times < 2; times++) {
        const response = await fetch(url)
        expect(response.headers.getSetCookie()).toEqual([])
        expect(server.lastHeaders().cookie).toBeUndefined()
        await read(response)
        await allClosed()
      }
    })

    it('around every proxy of the environment', async () => {
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'])
        vi.stubEnv(name, name.startsWith('NODE') ? '1' : 'http://127.0.0.1:9')
      server.serve((_, response) => void response.end('direct'))
      expect(await (await atHome()(url)).text()).toBe('direct')
      vi.unstubAllEnvs()
    })

    it('for a body in gzip, and gives what was in it', async () => {
      const text = 'list '.repeat(10_000)
      const packed = gzipSync(text)
      server.serve((_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed),
      )
      const response = await atHome()(url)
      expect(response.headers.get('content-encoding')).toBeNull()
      expect(response.headers.get('content-length')).toBeNull()
      expect(await response.text()).toBe(text)
      await allClosed()
    })

    it.each([204, 304])('and gives an answer of %d without a body', async status => {
      server.serve((_, response) => response.writeHead(status, { etag: '"1"' }).end())
      const response = await atHome()(url)
      expect(response.status).toBe(status)
      expect(response.body).toBeNull()
      await allClosed()
    })

    it('and hangs up behind an answer without a body, though the server would not', async () => {
      server.serve(({ socket }) => void socket.write('HTTP/1.1 304 Not Modified\r\n\r\n'))
      expect((await atHome()(url)).status).toBe(304)
      await allClosed()
    })

    it('and leaves no timer behind', async () => {
      const [started, stopped] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')]
      server.serve((_, response) => void response.end('x'))
      await read(await atHome({ timeout: 12.345 })(url))
      const timer = started.mock.calls.findIndex(([, milliseconds]) => milliseconds === 12_345)
      expect(stopped).toHaveBeenCalledWith(started.mock.results[timer]?.value)
    })
  })

  describe('refuses, before anything is sent,', () => {
    it.each([
      ['plain http', 'http://status.example/1', 'uri'],
      ['a file', 'file:///etc/passwd', 'uri'],
      ['credentials', 'https://user:secret@status.example/1', 'uri'],
      ['a fragment', 'https://status.example/1#x', 'uri'],
      ['no address at all', 'lists/1', 'uri'],
      ['a literal address', 'https://127.0.0.1/1', 'literal address'],
      ['a public literal address', 'https://93.184.216.34/1', 'literal address'],
      ['a literal address in one number', 'https://2130706433/1', 'literal address'],
      ['the IPv6 loopback', 'https://[::1]/1', 'literal address'],
      ['localhost', 'https://localhost/1', 'local name'],
      ['an internal name', 'https://metadata.google.internal/1', 'local name'],
      ['a single label', 'https://intranet/1', 'local name'],
    ])('%s', async (_, address, at) => {
      const { resolve, fetch } = resolving()
      expect(await failure(fetch(address))).toMatchObject({ code: 'fetch_address_refused', at })
      expect(resolve).not.toHaveBeenCalled()
    })

    it.each([
      ['loopback', '127.0.0.1'],
      ['private', '10.1.2.3'],
      ['the metadata address', '169.254.169.254'],
      ['the IPv6 loopback', '::1'],
      ['mapped loopback', '::ffff:127.0.0.1'],
      ['no address', 'status.example'],
      ['a notation that resolvers do not use', '127.1'],
      ['nothing', ''],
    ])('a name that leads to %s', async (_, address) => {
      const { fetch } = resolving([address])
      expect(await failure(fetch(url))).toMatchObject({ code: 'fetch_address_refused', at: 'resolved address' })
      expect(server.asked).toEqual([])
    })

    it.each([[['93.184.216.34', '10.0.0.1']], [['fd00::1', '2606:2800:220:1::1']]])(
      'a name that leads to public addresses and others: %j',
      async addresses => {
        const internet = leadHome()
        expect(await failure(resolving(addresses).fetch(url))).toMatchObject({ code: 'fetch_address_refused' })
        expect(internet.given).toEqual([])
      },
    )

    it('a name that the system resolves to a private address', async () => {
      const lookup = vi.spyOn(dns, 'lookup').mockResolvedValue([{ address: '192.168.1.1', family: 4 }] as never)
      expect(await failure(guardedFetch()(url))).toMatchObject({ code: 'fetch_address_refused' })
      expect(lookup.mock.calls).toEqual([[host, { all: true }]])
    })
  })

  describe('connects', () => {
    it('to the addresses it looked at, though the name leads elsewhere the next time', async () => {
      const internet = leadHome()
      server.serve((_, response) => void response.end('here'))
      const { resolve, fetch } = resolving(['93.184.216.34', '2606:2800:220:1::1'], ['127.0.0.1'])
      expect(await (await fetch(url)).text()).toBe('here')
      expect(resolve.mock.calls).toEqual([[host, { signal: expect.any(AbortSignal) }]])
      expect(internet.given.flat().map(({ address, family }) => [address, family])).toEqual([
        ['93.184.216.34', 4],
        ['2606:2800:220:1::1', 6],
      ])
      // The same name, now rebound.
      expect(await failure(fetch(url))).toMatchObject({ code: 'fetch_address_refused' })
      expect(server.asked).toEqual(['/lists/1'])
    })

    it('to the one address where only one is taken', async () => {
      const answers: unknown[] = []
      vi.spyOn(https, 'request').mockImplementation(((options: https.RequestOptions) => {
        options.lookup!(host, {}, (...answer) => answers.push(answer))
        throw Object.assign(new Error('enough'), { code: 'ENOUGH' })
      }) as typeof https.request)
      expect(await failure(resolving([publicAddress]).fetch(url))).toEqual(networkError('ENOUGH'))
      expect(answers).toEqual([[null, publicAddress, 4]])
    })

    it('to a host of one’s own that was allowed by name, without asking where it is', async () => {
      server.serve((_, response) => void response.end('ours'))
      const resolve = vi.fn(async () => ['10.0.0.1'])
      const fetch = atHome({ resolve })
      expect(await (await fetch(url)).text()).toBe('ours')
      expect(await (await fetch(url.replace(host, `${host}.`))).text()).toBe('ours')
      expect(await (await fetch(url.replace(host, host.toUpperCase()))).text()).toBe('ours')
      expect(resolve).not.toHaveBeenCalled()
      for (const other of [`x.${host}`, `${host}.example`])
        expect(await failure(fetch(url.replace(host, other)))).toMatchObject({ at: 'resolved address' })
      expect(await failure(fetch(url.replace('https:', 'http:')))).toMatchObject({ code: 'fetch_address_refused' })
      expect(await failure(fetch(url.replace(host, '127.0.0.1')))).toMatchObject({ at: 'literal address' })
    })

    it('to no other port of it: what else listens there is sent nothing', async () => {
      const another = await startServer(certify(host))
      const connect = vi.spyOn(tls, 'connect')
      try {
        const there = `https://${host}:${another.port}/`
        const resolve = vi.fn(async () => [publicAddress])
        for (const allow of [{ [host]: ['127.0.0.1'] }, { [`${host}:${server.port}`]: ['127.0.0.1'] }])
          for (const uri of [there, there.replace(host, `${host}.`)])
            expect(await failure(atHome({ allow, resolve })(uri))).toMatchObject({
              code: 'fetch_address_refused',
              at: 'port',
            })
        expect(await failure(atHome({ resolve })(`https://${host}/`))).toMatchObject({ at: 'port' })
        expect(resolve).not.toHaveBeenCalled()
        expect(connect).not.toHaveBeenCalled()
      } finally {
        await another.close()
      }
    })

    it('to the addresses of the port that is asked, 443 where none is named', async () => {
      const asked: unknown[] = []
      vi.spyOn(https, 'request').mockImplementation(((options: https.RequestOptions) => {
        options.lookup!(host, {}, (_, address) => asked.push([options.port, address]))
        throw Object.assign(new Error('enough'), { code: 'ENOUGH' })
      }) as typeof https.request)
      const fetch = atHome({ allow: { [host]: ['10.0.0.1'], [`${host}:8443`]: ['10.0.0.2'] } })
      for (const port of ['', ':443', ':8443']) await failure(fetch(`https://${host}${port}/lists/1`))
      expect(asked).toEqual([
        [443, '10.0.0.1'],
        [443, '10.0.0.1'],
        [8443, '10.0.0.2'],
      ])
    })

    it('to nobody whose certificate is for another name, nor to one that nobody vouches for', async () => {
      const another = await startServer(certify('other.example'))
      const there = `https://${host}:${another.port}/`
      const allow = { [`${host}:${another.port}`]: ['127.0.0.1'] }
      try {
        const trusting = atHome({ ca: [certified.cert, certify('x.example').cert], allow })
        expect(await failure(trusting(there))).toEqual(networkError('DEPTH_ZERO_SELF_SIGNED_CERT'))
        expect(await failure(atHome({ ca: undefined })(url))).toEqual(networkError('DEPTH_ZERO_SELF_SIGNED_CERT'))
        vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
        expect(await failure(atHome({ ca: undefined })(url))).toEqual(networkError('DEPTH_ZERO_SELF_SIGNED_CERT'))
        expect(another.asked.length + server.asked.length).toBe(0)
      } finally {
        vi.unstubAllEnvs()
        await another.close()
      }
    })

    it('to nobody who shows a trusted certificate of another name', async () => {
      const allow = { [`other.example:${server.port}`]: ['127.0.0.1'] }
      const answer = failure(atHome({ allow })(url.replace(host, 'other.example')))
      expect(await answer).toEqual(networkError('ERR_TLS_CERT_ALTNAME_INVALID'))
      expect(server.asked).toEqual([])
    })

    it('with roots beside those of the platform', () => {
      const made = vi.spyOn(tls, 'createSecureContext')
      atHome()
      const [{ ca } = {}] = made.mock.calls[0] ?? []
      expect(ca?.length).toBeGreaterThan(tls.rootCertificates.length)
    })

    it('with roots in DER and in one text too', async () => {
      server.serve((_, response) => void response.end('x'))
      const der = new Uint8Array(new X509Certificate(certified.cert).raw)
      for (const ca of [der, [der], `${certify('x.example').cert}\n${certified.cert}`])
        expect((await atHome({ ca })(url)).status).toBe(200)
    })
  })

  describe('does not take', () => {
    it.each([300, 301, 302, 303, 305, 307, 308])('a redirect: %d', async status => {
      server.serve((_, response) => response.writeHead(status, { location: `${url}/2` }).end())
      expect(await failure(atHome()(url))).toMatchObject({
        code: 'fetch_answer_refused',
        at: 'redirect',
        actual: status,
      })
      expect(server.asked).toEqual(['/lists/1'])
      await allClosed()
    })

    it.each(['br', 'deflate', 'gzip, gzip', 'compress', 'gzip;x'])('the encoding %s', async encoding => {
      server.serve((_, response) => response.writeHead(200, { 'content-encoding': encoding }).end('x'))
      expect(await failure(atHome()(url))).toMatchObject({ code: 'fetch_answer_refused', at: 'content-encoding' })
      await allClosed()
    })

    it.each([600, 999])('the status %d', async status => {
      server.serve((_, response) => response.writeHead(status).end('x'))
      expect(await failure(atHome()(url))).toMatchObject({ code: 'fetch_answer_refused', at: 'status', actual: status })
      await allClosed()
    })

    it('another protocol on the same connection', async () => {
      server.serve(({ socket }) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      )
      expect(await failure(atHome()(url))).toBeInstanceOf(TypeError)
      await allClosed()
    })

    it('headers beyond 8 KiB', async () => {
      server.serve((_, response) => response.writeHead(200, { x: 'x'.repeat(8200) }).end())
      expect(await failure(atHome()(url))).toEqual(networkError('HPE_HEADER_OVERFLOW'))
      await allClosed()
    })

    it('what is no answer', async () => {
      server.serve(({ socket }) => socket.end('SSH-2.0-x\r\n'))
      expect(await failure(atHome()(url))).toEqual(networkError('HPE_INVALID_CONSTANT'))
    })

    const tooLong = expect.objectContaining({ code: 'limit_exceeded', at: 'maxBytes', expected: 1000 })

    it('a body that says it is too long', async () => {
      server.serve((_, response) => response.writeHead(200, { 'content-length': 1001 }).write('x'))
      expect(await refusalOf(atHome({ maxBytes: 1000 })(url))).toEqual(tooLong)
      await allClosed()
    })

    it('a body that does not end', async () => {
      server.serve((_, response) => void setInterval(() => response.write('x'.repeat(300)), 1).unref())
      expect(await failure(atHome({ maxBytes: 1000 })(url))).toEqual(tooLong)
      await allClosed()
    })

    it('a body one byte too long, but one that just fits', async () => {
      server.serve(({ url }, response) => void response.end('x'.repeat(url === '/lists/1' ? 1000 : 1001)))
      const fetch = atHome({ maxBytes: 1000 })
      expect((await read(await fetch(url))).length).toBe(1000)
      expect(await failure(fetch(`${url}1`))).toEqual(tooLong)
    })

    it('much that came as little: it stops at the limit', async () => {
      const bomb = gzipSync(new Uint8Array(64 * 1024 * 1024))
      server.serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
      const response = await atHome({ maxBytes: 1024 * 1024 })(url)
      let length = 0
      const reader = response.body!.getReader()
      const reading = async () => {
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) length += piece.value.length
      }
      expect(await refusalOf(reading())).toMatchObject({ code: 'limit_exceeded', at: 'maxBytes' })
      expect(length).toBeLessThanOrEqual(1024 * 1024)
      await allClosed()
    })

    it('nothing that comes as much: empty blocks count on the wire', async () => {
      const head = gzipSync('').subarray(0, 10)
      const emptyBlocks = Buffer.from('000000ffff'.repeat(100), 'hex')
      server.serve((_, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' }).write(head)
        setInterval(() => response.write(emptyBlocks), 1).unref()
      })
      expect(await failure(atHome({ maxBytes: 1000 })(url))).toEqual(tooLong)
      await allClosed()
    })

    it.each([
      ['that is cut', gzipSync('x'.repeat(1000)).subarray(0, -9), 'Z_BUF_ERROR'],
      ['that is none', Buffer.from('plain text'), 'Z_DATA_ERROR'],
    ])('gzip %s', async (_, body, code) => {
      server.serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body))
      expect(await failure(atHome()(url))).toEqual(networkError(code))
      await allClosed()
    })

    it('an answer that is cut, whether it is being read or waits', async () => {
      server.serve(({ socket }, response) => {
        response.writeHead(200, { 'content-length': 1000 }).write('x'.repeat(10))
        setTimeout(() => socket.destroy(), 20)
      })
      expect(await failure(atHome()(url))).toEqual(networkError('ECONNRESET'))
      const response = await atHome()(url)
      await allClosed()
      expect(await refusalOf(response.text())).toBeInstanceOf(TypeError)
    })
  })

  describe('waits no longer than it was told', () => {
    const head = 'HTTP/1.1 200 OK\r\n'
    const drop = (socket: { write(text: string): void; destroyed: boolean }, text: string) =>
      void setInterval(() => socket.destroyed || socket.write(text), 20).unref()

    it.each<[string, Answer, GuardedFetchOptions, string]>([
      ['for a host that says nothing', () => {}, { idleTimeout: 0.1 }, 'idle'],
      ['for a host that says nothing, all in all', () => {}, { timeout: 0.1 }, 'timeout'],
      [
        'for headers that come in drops',
        ({ socket }) => (socket.write(head), drop(socket, 'x: 1\r\n')),
        { timeout: 0.2, idleTimeout: 0.1 },
        'timeout',
      ],
      [
        'for a body that comes in drops',
        ({ socket }) => (socket.write(`${head}\r\n`), drop(socket, 'x')),
        { timeout: 0.2, idleTimeout: 0.1 },
        'timeout',
      ],
      ['for a body that stops coming', (_, response) => void response.write('x'), { idleTimeout: 0.1 }, 'idle'],
      [
        'for gzip that stops coming',
        (_, response) =>
          void response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync('x').subarray(0, 12)),
        { idleTimeout: 0.1 },
        'idle',
      ],
    ])('%s', async (_, answer, options, why) => {
      server.serve(answer)
      expect(await failure(atHome(options)(url))).toEqual(networkError(why))
      await allClosed()
    })

    it('for a resolver', async () => {
      const fetch = guardedFetch({ timeout: 0.05, resolve: () => new Promise(() => {}) })
      expect(await failure(fetch(url))).toEqual(networkError('timeout'))
    })

    it('for its reader', async () => {
      server.serve((_, response) => void response.write('x'))
      const response = await atHome({ timeout: 0.1 })(url)
      await allClosed()
      expect(await refusalOf(response.text())).toEqual(networkError('timeout'))
    })
  })

  describe('ends with the caller’s signal', () => {
    const reason = new Error('the caller went home')

    it('before it began', async () => {
      const { resolve, fetch } = resolving()
      expect(await refusalOf(fetch(url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
      expect(await refusalOf(atHome()(url, { signal: AbortSignal.abort(reason) }))).toBe(reason)
      expect(resolve).not.toHaveBeenCalled()
      expect(server.asked).toEqual([])
    })

    it.each<[string, Answer]>([
      ['while it waits for an answer', () => {}],
      ['while it reads', (_, response) => void response.write('x')],
    ])('%s', async (_, answer) => {
      const controller = new AbortController()
      server.serve((request, response) => {
        answer(request, response)
        setTimeout(() => controller.abort(reason), 20)
      })
      expect(await failure(atHome()(url, { signal: controller.signal }))).toBe(reason)
      await allClosed()
    })

    it('while the name is resolved, and tells the resolver', async () => {
      const controller = new AbortController()
      let told: AbortSignal | undefined
      const resolve = (_: string, { signal }: { signal: AbortSignal }) => {
        told = signal
        return new Promise<never>(() => {})
      }
      const asked = refusalOf(guardedFetch({ resolve })(url, { signal: controller.signal }))
      controller.abort(reason)
      expect(await asked).toBe(reason)
      expect(told?.aborted).toBe(true)
    })

    it('and with a body that nobody wants', async () => {
      server.serve((_, response) => void response.write('x'))
      const response = await atHome()(url)
      await response.body!.cancel()
      await allClosed()
    })

    it('but leaves a signal alone that fires later', async () => {
      server.serve((_, response) => void response.end('x'))
      const { signal } = new AbortController()
      const removed = vi.spyOn(signal, 'removeEventListener')
      await read(await atHome()(url, { signal }))
      expect(removed).toHaveBeenCalled()
    })
  })

  describe('says that there was no answer', () => {
    it('when nobody listens', async () => {
      const fetch = atHome({ allow: { [`${host}:9`]: ['127.0.0.1'] } })
      expect(await failure(fetch(`https://${host}:9/`))).toEqual(networkError('ECONNREFUSED'))
    })

    it.each<[string, GuardedFetchOptions['resolve'], string]>([
      ['when the name has no address', async () => [], 'no address'],
      [
        'when the resolver fails',
        () => Promise.reject(Object.assign(new Error(host), { code: 'ENOTFOUND' })),
        'ENOTFOUND',
      ],
      ['when the resolver fails without a code', () => Promise.reject(new Error(host)), 'no answer'],
      ['when the resolver gives no list', async () => host as never, 'no address'],
    ])('%s', async (_, resolve, code) => {
      expect(await failure(guardedFetch({ resolve })(url))).toEqual(networkError(code))
    })
  })

  describe('is misused', () => {
    it.each<[string, unknown]>([
      ['maxBytes', 0],
      ['maxBytes', 1.5],
      ['timeout', 0],
      ['timeout', 301],
      ['timeout', Number.NaN],
      ['idleTimeout', -1],
      ['idleTimeout', '5'],
    ])('with %s: %j', (name, value) => {
      expect(() => guardedFetch({ [name]: value })).toThrow(RangeError)
      expect(() => guardedFetch({ [name]: value })).toThrow(`\`${name}\``)
    })

    it.each<[string, unknown]>([
      ['resolve', 'dns'],
      ['ca', ''],
      ['ca', []],
      ['ca', 'no certificate'],
      ['ca', new Uint8Array(3)],
      ['allow', 'status.example'],
      ['allow', { 'Status.example': ['10.0.0.1'] }],
      ['allow', { 'status.example:443': ['10.0.0.1'] }],
      ['allow', { 'status.example:08443': ['10.0.0.1'] }],
      ['allow', { 'status.example:65536': ['10.0.0.1'] }],
      ['allow', { 'status.example:': ['10.0.0.1'] }],
      ['allow', { 'status.example.': ['10.0.0.1'] }],
      ['allow', { 'status.example/1': ['10.0.0.1'] }],
      ['allow', { '10.0.0.1': ['10.0.0.1'] }],
      ['allow', { '[::1]': ['::1'] }],
      ['allow', { 'status.example': [] }],
      ['allow', { 'status.example': '10.0.0.1' }],
      ['allow', { 'status.example': ['10.0.0.1', 'localhost'] }],
      ['options.agent', undefined],
    ])('with %s: %j', (name, value) => {
      const call = () => guardedFetch({ [name.replace('options.', '')]: value })
      expect(call).toThrow(TypeError)
      expect(call).toThrow(`\`${name}`)
    })

    it.each<[string, RequestInit]>([
      ['method', { method: 'POST' }],
      ['method', { method: 'HEAD' }],
      ['body', { body: 'x' }],
      ['redirect', { redirect: 'follow' }],
      ['redirect', { redirect: 'manual' }],
      ['headers.cookie', { headers: { Cookie: 'a=1' } }],
      ['headers.host', { headers: { host: 'other.example' } }],
      ['headers.authorization', { headers: { authorization: 'x' } }],
      ['headers.accept-encoding', { headers: { 'accept-encoding': 'br' } }],
    ])('asked with another %s', async (name, init) => {
      const error = await refusalOf(atHome()(url, init))
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toMatchObject({ message: expect.stringContaining(`\`${name}\``) })
      expect(server.asked).toEqual([])
    })

    it.each(['Cloudflare-Workers', 'Bun/1.3', 'Deno/2.4', 'Mozilla/5.0'])('in %s', userAgent => {
      vi.stubGlobal('navigator', { userAgent })
      expect(() => guardedFetch()).toThrow(new TypeError('a guarded fetch needs Node'))
      vi.stubGlobal('navigator', { userAgent: 'Node.js/24' })
      expect(() => guardedFetch()).not.toThrow()
      vi.unstubAllGlobals()
    })

    it('where there is no process', () => {
      vi.stubGlobal('process', undefined)
      expect(() => guardedFetch()).toThrow(new TypeError('a guarded fetch needs Node'))
      vi.unstubAllGlobals()
    })
  })

  describe('serves a status checker', () => {
    const check = async (fetch: ReturnType<typeof guardedFetch>, reference: string) => {
      const signer = await generateSigner('ES256')
      const token = await createStatusListToken({
        uri: reference,
        bits: 2,
        packed: Uint8Array.of(0b1000_0000),
        issuedAt: instant,
        expires: later(3600),
        signer,
      })
      server.serve((request, response) => {
        expect(request.headers.accept).toBe(jwtMediaType)
        response.writeHead(200, { 'content-type': jwtMediaType, 'content-encoding': 'gzip' }).end(gzipSync(token))
      })
      const question = asking(await keyOf(signer), { reference: { uri: reference, index: 3 } })
      return statusChecker({ fetch }).check(question)
    }

    it('from the server to the value', async () => {
      expect(await check(atHome(), url)).toMatchObject({ value: 2, source: 'fetched' })
    })

    it('over names that resolve to public addresses', async () => {
      leadHome()
      expect(await check(resolving([publicAddress]).fetch, url)).toMatchObject({ value: 2 })
    })

    it.each([
      ['a name that leads inside', ['10.0.0.1'], 'fetch_address_refused'],
      ['a name that leads nowhere', [], 'status_unreachable'],
    ])('and refuses %s', async (_, addresses, code) => {
      expect(await refusalOf(check(resolving(addresses).fetch, url))).toMatchObject({ code })
    })

    it('and refuses a redirect', async () => {
      server.serve((_, response) => response.writeHead(302, { location: url }).end())
      const question = asking([], { reference: { uri: url, index: 3 } })
      expect(await refusalOf(statusChecker({ fetch: atHome() }).check(question))).toMatchObject({
        code: 'fetch_answer_refused',
        at: 'redirect',
      })
    })
  })
})
