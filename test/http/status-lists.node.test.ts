/** The handler behind a real server of Node, asked by clients that are not ours, and by a checker with a guarded fetch. */
import { execFile, spawnSync } from 'node:child_process'
import type { IncomingMessage, RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateSigner, type Signer } from '../../src/core/keys.js'
import { createStatusListCwt, statusListCwt } from '../../src/formats/status-list/cwt.js'
import { createStatusListToken, statusListJwt } from '../../src/formats/status-list/jwt.js'
import type { RequestHandler } from '../../src/http/answer.js'
import { guardedFetch } from '../../src/http/guarded-fetch.js'
import { statusListHandler } from '../../src/http/status-lists.js'
import { statusChecker } from '../../src/status/checker.js'
import { instant, keyOf } from '../formats/status-list/craft.js'
import { hasOpenssl } from '../openssl.js'
import { asking, later } from '../status/host.js'
import { cwt, jwt, MapSource, published } from './lists.js'
import { type Certified, certify, startServer, type TlsServer } from './tls-server.js'

const host = 'status.example'

/** What any framework does: a request of Node in, a response out. */
const listener =
  (handler: RequestHandler): RequestListener =>
  async (incoming, outgoing) => {
    const response = await handler(requestOf(incoming))
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    if (response.body === null) outgoing.end()
    else Readable.fromWeb(response.body as ReadableStream).pipe(outgoing)
  }

function requestOf({ url, method, headers }: IncomingMessage): Request {
  const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string])
  return new Request(`http://127.0.0.1${url}`, { method: method!, headers: given })
}

describe.runIf(hasOpenssl)('lists behind a server', () => {
  let certified: Certified
  let server: TlsServer
  let baseUri: string
  let signer: Signer
  let source: MapSource
  let fetch: ReturnType<typeof guardedFetch>

  beforeAll(async () => {
    certified = certify(host)
    server = await startServer(certified)
    baseUri = `https://${host}:${server.port}/lists`
    signer = await generateSigner('ES256')
    source = new MapSource()
    // Long enough to be worth its compression.
    const packed = crypto.getRandomValues(new Uint8Array(4096))
    packed[0] = 0b1000_0000
    const content = (name: string, age: number) => {
      const uri = `${baseUri}/${name}`
      return { uri, bits: 2 as const, packed, issuedAt: later(-age), expires: later(3600 - age), ttl: 300, signer }
    }
    const list = async (age: number, version: number) => {
      const body = await createStatusListToken(content('jwt', age))
      return published('jwt', { uri: `${baseUri}/jwt`, body, version, issued: later(-age) })
    }
    const body = await createStatusListCwt(content('cwt', 60))
    source.add(await list(60, 2), published('cwt', { uri: `${baseUri}/cwt`, body, mediaType: cwt }))
    const then = later(-1800)
    source.past = new Map([[`${baseUri}/jwt at ${then.getTime() / 1000}`, await list(2000, 1)]])
    server.serve(listener(statusListHandler(source, { baseUri, now: () => instant })))
    fetch = guardedFetch({ ca: certified.cert, allow: { [`${host}:${server.port}`]: ['127.0.0.1'] } })
  })
  afterAll(() => server.close())

  it.each([
    ['JWT', 'jwt', statusListJwt],
    ['CWT', 'cwt', statusListCwt],
  ] as const)('are read by a checker: %s', async (_, name, form) => {
    const reference = { uri: `${baseUri}/${name}`, index: 3 }
    const answer = await statusChecker({ fetch }).check(asking(await keyOf(signer), { reference, form }))
    expect(answer).toMatchObject({ value: 2, source: 'fetched', asOf: later(-60) })
  })

  it('are refused to a checker of the other form, as it is to every other address', async () => {
    const check = async (uri: string) =>
      statusChecker({ fetch }).check(asking(await keyOf(signer), { reference: { uri, index: 3 } }))
    await expect(check(`${baseUri}/cwt`)).rejects.toMatchObject({ code: 'status_response_invalid', actual: 406 })
    await expect(check(`${baseUri}/none`)).rejects.toMatchObject({ code: 'status_response_invalid', actual: 404 })
  })

  it('are not sent again to who has them', async () => {
    const first = await fetch(`${baseUri}/jwt`)
    const again = await fetch(`${baseUri}/jwt`, { headers: { 'if-none-match': first.headers.get('etag')! } })
    expect([again.status, again.body]).toEqual([304, null])
    expect(await first.text()).toBe(source.files.get(`${baseUri}/jwt`)!.body)
  })

  it('are told as they were', async () => {
    const then = later(-1800).getTime() / 1000
    const token = await (await fetch(`${baseUri}/jwt?time=${then}`)).text()
    expect(statusListJwt.parse(token, asking([]).limits)).toMatchObject({
      issuedAt: later(-2000),
      expires: later(1600),
    })
    expect((await fetch(`${baseUri}/jwt?time=${then - 1}`)).status).toBe(404)
  })

  const curl = async (path: string, ...options: readonly string[]) => {
    const there = ['--resolve', `${host}:${server.port}:127.0.0.1`, '--insecure', '--silent', '--noproxy', '*']
    const all = [...there, '--dump-header', '-', ...options, `https://${host}:${server.port}${path}`]
    const { stdout } = await promisify(execFile)('curl', all, { encoding: 'buffer' })
    const end = stdout.indexOf('\r\n\r\n')
    const [status = '', ...lines] = stdout.subarray(0, end).toString('latin1').split('\r\n')
    const headers = new Headers(lines.map(line => line.split(/: (.*)/s, 2) as [string, string]))
    return { status: Number(status.split(' ')[1]), headers, body: stdout.subarray(end + 4) }
  }

  describe.runIf(spawnSync('curl', ['--version']).status === 0)('are understood by curl', () => {
    it('whole, and compressed', async () => {
      const whole = await curl('/lists/jwt')
      expect([whole.status, whole.headers.get('content-type')]).toEqual([200, jwt])
      expect(whole.headers.get('content-length')).toBe(`${whole.body.length}`)
      const packed = await curl('/lists/jwt', '-H', 'accept-encoding: gzip')
      expect(packed.headers.get('content-encoding')).toBe('gzip')
      expect(packed.headers.get('content-length')).toBe(`${packed.body.length}`)
      expect(packed.body.length).toBeLessThan(whole.body.length * 0.8)
      expect(gunzipSync(packed.body)).toEqual(whole.body)
    })

    it('by their head', async () => {
      const [head, whole] = [await curl('/lists/cwt', '--head', '--output', '/dev/null'), await curl('/lists/cwt')]
      expect(head.status).toBe(200)
      expect(head.headers.get('content-length')).toBe(`${whole.body.length}`)
    })

    it('by their date, as curl writes it', async () => {
      const date = later(-60).toUTCString()
      expect((await curl('/lists/jwt', '--time-cond', date)).status).toBe(304)
      expect((await curl('/lists/jwt', '--time-cond', later(-61).toUTCString())).status).toBe(200)
    })

    it.each([
      ['dots that are sent as they are', '/lists/../lists/none', 404],
      ['a path in percent signs', '/lists/%6a%77%74', 404],
      ['a query that means nothing', '/lists/jwt?x=1', 400],
    ])('unless they ask for %s', async (_, path, status) => {
      expect((await curl(path, '--path-as-is')).status).toBe(status)
    })
  })
})
