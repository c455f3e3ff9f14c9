/**
 * A fetch for addresses that come out of credentials: it looks where a name leads before it goes there, follows nobody and
 * takes no more than it was told to. Node alone, over `node:https`.
 */
import { abortable } from '../core/abort.js'
import { httpsUrl, publicAddress } from '../core/address.js'
import { expectNoMore, expectObject, misuse } from '../core/arguments.js'
import { expectTimeout } from '../core/timeout.js'
import { VidimusError } from '../errors.js'
import { type IncomingMessage, type NodeModules, nodeModules } from './node.js'
import { type IpAddress, isPublicIp, readIp } from './public-network.js'

/** What a fetch is allowed: sizes, times, and hosts of one's own. */
export interface GuardedFetchOptions {
  /** Bytes of a body, as it comes and decompressed: 8 MiB by default. */
  readonly maxBytes?: number | undefined
  /** Seconds for the whole exchange, from the name to the last byte, at most 300: 10 by default. */
  readonly timeout?: number | undefined
  /** Seconds without a byte: 5 by default. */
  readonly idleTimeout?: number | undefined
  /** The addresses of a host, instead of the system's resolver. Every one is checked all the same. */
  readonly resolve?:
    | ((host: string, options: { readonly signal: AbortSignal }) => Promise<readonly string[]>)
    | undefined
  /** Root certificates beside those of the platform, PEM or DER. */
  readonly ca?: string | Uint8Array | readonly (string | Uint8Array)[] | undefined
  /**
   * Hosts within a network of one's own, by exact name, and the addresses that each has: these are neither resolved nor
   * checked. The port is 443 unless the key names another, and no other one is opened.
   * `{ 'status.registry.example': ['10.1.2.3'], 'status.registry.example:8443': ['10.1.2.4'] }`
   */
  readonly allow?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Of the Fetch API's shape, for GET alone. */
export type GuardedFetch = (url: string, init?: RequestInit) => Promise<Response>

/**
 * A fetch that opens https addresses in the public internet and nothing else: for `statusChecker` and
 * `typeMetadataResolver`, whose addresses others chose.
 *
 * A name is resolved once; if any of its addresses is private, local or otherwise not public, it is refused, and the
 * connection goes to one of those that were looked at. No redirects, no cookies, no proxy of the environment, no connection
 * kept. The answer has an empty `url`; its body is decompressed (gzip, the only encoding asked for) and cut off at its limit.
 *
 * Throws `TypeError` outside Node and for options that are wrong, `RangeError` for numbers. The fetch rejects with
 * `fetch_address_refused` before anything is sent, `fetch_answer_refused` for a redirect, an encoding or a status that
 * nobody asked for, `limit_exceeded` naming `maxBytes` (a body's reading too), with the reason of its signal, and as any
 * fetch with `TypeError` when there is no answer in time, or none from whom the certificate names.
 * @example const status = statusChecker({ fetch: guardedFetch() })
 */
export function guardedFetch(options: GuardedFetchOptions = {}): GuardedFetch {
  const settings = readSettings(options, nodeModules())
  return async (url, init = {}) => ask(String(url), init, settings)
}

interface Settings {
  readonly node: NodeModules
  readonly maxBytes: number
  readonly timeout: number
  readonly idleTimeout: number
  readonly resolve: NonNullable<GuardedFetchOptions['resolve']>
  readonly secureContext: object | undefined
  readonly allowed: Allowed
}

/** Addresses by port, 443 being the empty text as in a URL, by name. */
type Allowed = ReadonlyMap<string, ReadonlyMap<string, readonly IpAddress[]>>

const headerBytes = 8 * 1024

function readSettings(options: GuardedFetchOptions, node: NodeModules): Settings {
  expectObject(options, 'options')
  const { maxBytes = 8 * 1024 * 1024, timeout = 10, idleTimeout = 5, resolve, ca, allow = {}, ...rest } = options
  expectNoMore(rest, 'options')
  if (!Number.isSafeInteger(maxBytes) || maxBytes < 1) throw new RangeError('`maxBytes` must be a positive integer')
  expectTimeout(timeout)
  expectTimeout(idleTimeout, 'idleTimeout')
  if (resolve !== undefined && typeof resolve !== 'function') throw misuse('resolve', 'a function')
  return {
    node,
    maxBytes,
    timeout,
    idleTimeout,
    resolve: resolve ?? (async host => (await node.dns.lookup(host, { all: true })).map(({ address }) => address)),
    secureContext: ca === undefined ? undefined : trusting(ca, node),
    allowed: readAllowed(allow),
  }
}

/** Made once: the roots are many. */
function trusting(ca: NonNullable<GuardedFetchOptions['ca']>, { tls, crypto }: NodeModules): object {
  const given: readonly (string | Uint8Array)[] = typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca
  const roots = tls.getCACertificates?.('default') ?? tls.rootCertificates
  try {
    const extra = given.flatMap(certificatesIn).map(it => new crypto.X509Certificate(it).toString())
    if (extra.length > 0) return tls.createSecureContext({ ca: [...roots, ...extra] })
  } catch {
    // Said below, without the platform's words.
  }
  throw misuse('ca', 'certificates, PEM text or DER bytes')
}

/** A PEM text may hold several. */
const certificatesIn = (ca: string | Uint8Array): readonly (string | Uint8Array)[] =>
  typeof ca === 'string' ? ca.split(/(?<=-----END CERTIFICATE-----)\s*/).filter(it => it !== '') : [ca]

function readAllowed(allow: Readonly<Record<string, readonly string[]>>): Allowed {
  expectObject(allow, 'allow')
  const allowed = new Map<string, Map<string, readonly IpAddress[]>>()
  for (const [key, addresses] of Object.entries(allow)) {
    const { host, hostname, port } = httpsUrl(`https://${key}/`) ?? {}
    if (hostname === undefined || port === undefined || host !== key || /^\[|^[\d.]+$|\.$/.test(hostname))
      throw misuse('allow', 'keyed by host names, in lower case and with a port only where it is not 443')
    const read = Array.isArray(addresses) ? addresses.map(readIp).filter(ip => ip !== undefined) : []
    if (read.length === 0 || read.length !== addresses.length)
      throw misuse(`allow['${key}']`, 'a non-empty list of IP addresses')
    allowed.set(hostname, (allowed.get(hostname) ?? new Map()).set(port, read))
  }
  return allowed
}

async function ask(uri: string, init: RequestInit, settings: Settings): Promise<Response> {
  const headers = readRequest(init)
  const exchange = new Exchange(settings, init.signal ?? undefined)
  try {
    const destination = await findDestination(uri, settings, exchange.signal)
    const message = await send(destination, headers, settings, exchange)
    return readAnswer(message, settings, exchange)
  } catch (error) {
    throw exchange.fail(error)
  }
}

/** What may go out: it asks for a public document, and says nothing of who asks. */
const headersSent = ['accept', 'accept-language', 'if-modified-since', 'if-none-match', 'user-agent']

function readRequest({ method, body, redirect, headers }: RequestInit): Record<string, string> {
  if (method !== undefined && method !== 'GET') throw misuse('method', 'GET')
  if (body !== undefined && body !== null) throw misuse('body', 'left out')
  if (redirect !== undefined && redirect !== 'error') throw misuse('redirect', '`error`: none is followed')
  const sent = Object.fromEntries(new Headers(headers))
  for (const name of Object.keys(sent))
    if (!headersSent.includes(name)) throw misuse(`headers.${name}`, 'left out: no such header is sent')
  return { ...sent, 'accept-encoding': 'gzip' }
}

/**
 * One request with its answer: until the last byte was read, it ends when time is up, with the caller's signal or with the first thing
 * that goes wrong.
 */
class Exchange {
  private readonly controller = new AbortController()
  private readonly timer: ReturnType<typeof setTimeout>
  private readonly given: AbortSignal | undefined
  readonly signal = this.controller.signal

  constructor({ timeout }: Settings, given: AbortSignal | undefined) {
    this.given = given
    this.timer = setTimeout(() => this.abort(failed('timeout')), timeout * 1000)
    if (given?.aborted === true) this.follow()
    given?.addEventListener('abort', this.follow)
  }

  abort(reason: unknown): void {
    this.controller.abort(reason)
    this.end()
  }

  /** Ends it; returns why, which is the first reason that there was. */
  fail(error: unknown): unknown {
    const mine = error instanceof VidimusError || error instanceof FetchFailure
    this.abort(mine ? error : failed((error as { code?: unknown } | undefined)?.code))
    return this.signal.reason
  }

  end(): void {
    clearTimeout(this.timer)
    this.given?.removeEventListener('abort', this.follow)
  }

  private readonly follow = (): void => this.abort(this.given?.reason)
}

/** What the Fetch API calls a network error. It says no more than the platform's code. */
class FetchFailure extends TypeError {}

const failed = (code: unknown): FetchFailure =>
  new FetchFailure(`fetch failed (${typeof code === 'string' ? code : 'no answer'})`)

const addressRefused = (at: string) => new VidimusError('fetch_address_refused', { at })

const answerRefused = (at: string, actual?: number) => new VidimusError('fetch_answer_refused', { at, actual })

interface Destination {
  readonly url: URL
  /** Its name without the dot that may stand at the end. */
  readonly host: string
  readonly addresses: readonly IpAddress[]
}

async function findDestination(uri: string, settings: Settings, signal: AbortSignal): Promise<Destination> {
  const { allowed, resolve } = settings
  const url = httpsUrl(uri)
  const host = url?.hostname.replace(/\.$/, '') ?? ''
  const own = allowed.get(host)
  if (url !== undefined && own !== undefined) {
    // What else listens on a host of one's own is nobody's to knock at.
    const addresses = own.get(url.port)
    if (addresses === undefined) throw addressRefused('port')
    return { url, host, addresses }
  }
  publicAddress(uri, 'fetch_address_refused')
  signal.throwIfAborted()
  const found: unknown = await abortable(Promise.resolve(resolve(host, { signal })), signal)
  if (!Array.isArray(found) || found.length === 0) throw failed('no address')
  const addresses = found.map(readIp).filter(ip => ip !== undefined)
  // One that is not public condemns the others: whoever answers for the name may not be trusted with any.
  if (addresses.length !== found.length || !addresses.every(isPublicIp)) throw addressRefused('resolved address')
  return { url: new URL(uri), host, addresses }
}

function send(
  { url, host, addresses }: Destination,
  headers: Readonly<Record<string, string>>,
  { node, idleTimeout, secureContext }: Settings,
  exchange: Exchange,
): Promise<IncomingMessage> {
  exchange.signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const request = node.https.request({
      host,
      port: Number(url.port || 443),
      path: url.pathname + url.search,
      method: 'GET',
      headers,
      agent: false,
      // The name is not asked again: what was looked at is what is connected to.
      lookup: (_, { all }, answer) => {
        const [{ address, family }] = addresses as readonly [IpAddress]
        if (all === true) answer(null, addresses)
        else answer(null, address, family)
      },
      rejectUnauthorized: true, // whatever the environment says
      secureContext,
      maxHeaderSize: headerBytes,
      insecureHTTPParser: false,
      timeout: idleTimeout * 1000,
    })
    exchange.signal.addEventListener('abort', () => request.destroy())
    request.on('response', resolve)
    request.on('error', reject)
    request.on('timeout', () => exchange.abort(failed('idle')))
    // An upgrade that nobody asked for ends without an error.
    request.on('close', () => reject(failed('closed')))
    request.end()
  })
}

const withoutBody = [204, 205, 304]

function readAnswer(message: IncomingMessage, settings: Settings, exchange: Exchange): Response {
  const { statusCode: status = 0 } = message
  if (status < 200 || status > 599) throw answerRefused('status', status)
  if (status >= 300 && status < 400 && status !== 304) throw answerRefused('redirect', status)
  const headers = readHeaders(message)
  const length = Number(headers.get('content-length') ?? 0)
  if (length > settings.maxBytes) throw tooLong(settings.maxBytes, length)
  if (withoutBody.includes(status)) {
    exchange.abort(undefined)
    return new Response(null, { status, headers })
  }
  const encoding = headers.get('content-encoding') ?? 'identity'
  if (encoding === 'identity') return new Response(bodyOf(message, settings, exchange), { status, headers })
  if (!/^(x-)?gzip$/i.test(encoding)) throw answerRefused('content-encoding')
  // They tell of the bytes on the wire.
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(bodyOf(message, settings, exchange, unzip), { status, headers })
}

function readHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!.toLowerCase()
    if (!/^set-cookie2?$/.test(name)) headers.append(name, rawHeaders[index + 1]!)
  }
  return headers
}

/** The body as it is asked for. What goes wrong with it, goes wrong with its reading. */
function bodyOf(
  message: IncomingMessage,
  settings: Settings,
  exchange: Exchange,
  decode: (body: AsyncIterable<Uint8Array>, settings: Settings) => AsyncIterable<Uint8Array> = body => body,
): ReadableStream<Uint8Array> {
  const chunks = decode(within(settings.maxBytes, message), settings)[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next()
        if (done !== true) return controller.enqueue(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
        controller.close()
        exchange.end()
      } catch (error) {
        throw exchange.fail(error)
      }
    },
    cancel(reason) {
      exchange.abort(reason)
    },
  })
}

/** Bounded on both sides: little may become much, and much may come to nothing. */
const unzip = (body: AsyncIterable<Uint8Array>, { node, maxBytes }: Settings): AsyncIterable<Uint8Array> =>
  within(
    maxBytes,
    node.stream.pipeline(body, node.zlib.createGunzip(), () => {}),
  )

async function* within(maxBytes: number, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.byteLength
    if (length > maxBytes) throw tooLong(maxBytes, length)
    yield chunk
  }
}

const tooLong = (maxBytes: number, actual: number) =>
  new VidimusError('limit_exceeded', { at: 'maxBytes', expected: maxBytes, actual })
