/**
 * Status lists as they are asked for over HTTP: the lists, their past and their index (Token Status List §8.1, §8.4, §9).
 */
import { digestText } from '#crypto'
import { httpsUrl } from '../core/address.js'
import { expectNoMore, expectObject, misuse } from '../core/arguments.js'
import { utf8 } from '../core/bytes.js'
import { type Clock, fromSeconds, readClock, systemClock, toSeconds } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { endOfTime } from '../formats/status-list/token.js'
import type { PublishedStatusList } from '../status/publisher.js'
import { Costly } from './costly.js'
import { acceptsGzip, acceptsMediaType, httpDate, isKnown } from './negotiation.js'

/** A file as a static host would serve it: what a registry publishes, or the like. */
export interface PublishedFile extends Omit<PublishedStatusList, 'body'> {
  readonly body: string | Uint8Array
}

interface SourceOptions {
  readonly signal?: AbortSignal | undefined
}

/** Whoever has the lists: a status registry, or a folder of files. */
export interface StatusListSource {
  /** The list as it was last published; `undefined` when there is none at this address. */
  file(uri: string, options?: SourceOptions): Promise<PublishedFile | undefined>
  /**
   * The list as it was at `time`; `undefined` when there was none. Throws `status_history_unsupported` where the past is
   * not kept.
   */
  fileAt(uri: string, time: Date, options?: SourceOptions): Promise<PublishedFile | undefined>
  /** The index of all lists (§9.3), asked for only where it has an address. */
  aggregation(options?: SourceOptions): Promise<PublishedFile>
}

/** Where lists are asked for, and how much work an answer may be. */
export interface StatusListHandlerOptions {
  /** Where the lists stand for the world, the `baseUri` of the registry. The host of a request is not looked at. */
  readonly baseUri: string
  /** Where the index stands, as the registry was told; without it there is none. */
  readonly aggregationUri?: string | undefined
  /**
   * How many answers that cost work, which are past lists and compressed ones, are made at once (2 by default); eight times as
   * many may wait, the rest is told to come back or gets its list uncompressed.
   */
  readonly atOnce?: number | undefined
  /** How many of each are kept in memory: 32 by default. */
  readonly kept?: number | undefined
  /** Told what the source threw. The answer says nothing of it. */
  readonly onError?: ((error: unknown) => void) | undefined
  readonly now?: Clock | undefined
}

/** A handler of the Fetch API's shape, for any server or worker. */
export type RequestHandler = (request: Request) => Promise<Response>

/**
 * Answers GET and HEAD for status lists, for `?time=` (whole seconds since the epoch, §8.4) and for the index of lists.
 *
 * A list is found by the path of the request, compared as it stands, in the place of that of `baseUri`. Each has the one media
 * type of its address, a strong entity tag and a date; JWTs and the index are compressed with gzip for those who ask. Any page may
 * read the answers. Never throws for a request: 304, 400 (any query but one `time`), 404, 405, 406, 500, 501 (no past is kept), 503
 * with `retry-after`. A refusal is `{ "error": … }`, one word that tells nothing of the inside.
 *
 * Throws `TypeError` or `RangeError` for options that do not fit.
 * @example const handler = statusListHandler(registry, { baseUri: 'https://status.example' })
 */
export function statusListHandler(source: StatusListSource, options: StatusListHandlerOptions): RequestHandler {
  const lists = new ListHandler(readSettings(source, options))
  return request => lists.answer(request)
}

interface Settings {
  readonly source: StatusListSource
  /** Without a slash at its end. */
  readonly baseUri: string
  readonly basePath: string
  readonly aggregationPath: string | undefined
  readonly atOnce: number
  readonly kept: number
  readonly onError: (error: unknown) => void
  readonly now: Clock
}

function readSettings(source: StatusListSource, options: StatusListHandlerOptions): Settings {
  if (['file', 'fileAt', 'aggregation'].some(name => typeof source?.[name as keyof StatusListSource] !== 'function'))
    throw misuse('source', 'a source of status lists')
  expectObject(options, 'options')
  const {
    baseUri: given,
    aggregationUri,
    atOnce = 2,
    kept = 32,
    onError = () => {},
    now = systemClock,
    ...rest
  } = options
  expectNoMore(rest, 'options')
  const baseUri = plainUrl(given, 'baseUri').replace(/\/+$/, '')
  for (const [name, count] of Object.entries({ atOnce, kept }))
    if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`\`${name}\` must be a positive integer`)
  for (const [name, callback] of Object.entries({ onError, now }))
    if (typeof callback !== 'function') throw misuse(name, 'a function')
  return {
    source,
    baseUri,
    basePath: new URL(`${baseUri}/`).pathname.slice(0, -1),
    aggregationPath:
      aggregationUri === undefined ? undefined : new URL(plainUrl(aggregationUri, 'aggregationUri')).pathname,
    atOnce,
    kept,
    onError,
    now,
  }
}

function plainUrl(uri: unknown, argument: string): string {
  if (typeof uri !== 'string' || uri.includes('?') || httpsUrl(uri) === undefined)
    throw misuse(argument, 'an https URL without credentials, query and fragment')
  return uri
}

/** Why there is no file, as the words of an answer. */
interface Refusal {
  readonly status: number
  readonly error: string
  readonly headers?: Readonly<Record<string, string>>
}

const malformed: Refusal = { status: 400, error: 'invalid_request' }
const unknown: Refusal = { status: 404, error: 'not_found' }
const methodUnknown: Refusal = { status: 405, error: 'method_not_allowed', headers: { allow: 'GET, HEAD, OPTIONS' } }
const notAcceptable: Refusal = { status: 406, error: 'not_acceptable' }
const failed: Refusal = { status: 500, error: 'internal_error' }
const noHistory: Refusal = { status: 501, error: 'status_history_unsupported' }
const noSuchTime: Refusal = { status: 404, error: 'status_history_unknown' }
const busy: Refusal = { status: 503, error: 'temporarily_unavailable', headers: { 'retry-after': '5' } }

/** Characters of a path that could be a list's. */
const longestPath = 1024

/** For every answer: public, and what it says it is. */
const always = { 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' }

class ListHandler {
  private readonly settings: Settings
  private readonly past: Costly<PublishedFile | undefined>
  private readonly compressed: Costly<Uint8Array>

  constructor(settings: Settings) {
    this.settings = settings
    const { atOnce, kept } = settings
    this.past = new Costly({ atOnce, waiting: 8 * atOnce, kept })
    this.compressed = new Costly({ atOnce, waiting: 8 * atOnce, kept })
  }

  async answer(request: Request): Promise<Response> {
    if (request.method === 'OPTIONS') return preflight()
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(request, methodUnknown)
    try {
      const found = await this.find(request)
      return 'error' in found ? refuse(request, found) : await this.serve(request, found)
    } catch (error) {
      this.settings.onError(error)
      return refuse(request, refusalFor(error))
    }
  }

  private async find({ url, signal }: Request): Promise<PublishedFile | Refusal> {
    const { source, baseUri, basePath, aggregationPath } = this.settings
    const { pathname, search } = new URL(url)
    const time = readTime(search)
    if (pathname === aggregationPath) return search === '' ? await source.aggregation({ signal }) : malformed
    if (!pathname.startsWith(`${basePath}/`) || pathname.length > longestPath) return unknown
    if (time === 'malformed') return malformed
    // Nothing is decoded: an address is the text that stands in the credentials.
    const uri = baseUri + pathname.slice(basePath.length)
    return time === undefined ? ((await source.file(uri, { signal })) ?? unknown) : this.findPast(uri, time)
  }

  /** Those who ask at once share an answer, so no request's own signal ends it. */
  private async findPast(uri: string, time: number): Promise<PublishedFile | Refusal> {
    const { source, now } = this.settings
    const present = toSeconds(readClock(now))
    if (time > present) return noSuchTime
    // Within this second there may be another: nobody keeps such an answer, nor shares it once the second is over.
    const isOver = time < present
    const made = this.past.get(
      `${time} ${isOver} ${uri}`,
      () => source.fileAt(uri, fromSeconds(time)),
      file => file !== undefined && isOver,
    )
    if (made === undefined) return busy
    const file = (await made) ?? noSuchTime
    return isOver || 'error' in file ? file : { ...file, cacheControl: 'no-store' }
  }

  private async serve(request: Request, file: PublishedFile): Promise<Response> {
    const { mediaType, body, issued } = file
    if (!acceptsMediaType(request.headers.get('accept'), mediaType)) return refuse(request, notAcceptable)
    const bytes = typeof body === 'string' ? utf8(body) : body
    const tag = `${file.version}-${(await digestText('sha-256', bytes)).slice(0, 22)}`
    const wantsGzip = isCompressible(file) && acceptsGzip(request.headers.get('accept-encoding'))
    // A date tells two publications of one second apart only once that second is over (RFC 9110 §8.8.2.2).
    const lastModified = toSeconds(issued) < toSeconds(readClock(this.settings.now)) ? issued : undefined
    const headers = new Headers({ ...always, 'cache-control': file.cacheControl })
    headers.set('etag', wantsGzip ? `"${tag}-gzip"` : `"${tag}"`)
    if (lastModified !== undefined) headers.set('last-modified', httpDate(lastModified))
    if (isCompressible(file)) headers.set('vary', 'accept-encoding')
    if (isKnown(request.headers, { etag: headers.get('etag')!, lastModified }))
      return new Response(null, { status: 304, headers })
    const packed = wantsGzip ? await this.compressed.get(tag, () => gzip(bytes)) : undefined
    // While too many wait for theirs, it goes as it is.
    if (packed === undefined) headers.set('etag', `"${tag}"`)
    else headers.set('content-encoding', 'gzip')
    return send(request, packed ?? bytes, mediaType, 200, headers)
  }
}

/** One `time`, written as an integer is; nothing else is asked of a list. */
function readTime(search: string): number | 'malformed' | undefined {
  if (search === '') return undefined
  const [, digits] = /^\?time=(0|[1-9]\d{0,11})$/.exec(search) ?? []
  const time = Number(digits)
  return digits !== undefined && time <= endOfTime ? time : 'malformed'
}

function refusalFor(error: unknown): Refusal {
  const code = error instanceof VidimusError ? error.code : undefined
  if (code === 'status_history_unsupported') return noHistory
  if (code === 'status_history_unknown') return noSuchTime
  return code === 'store_busy' || code === 'store_unreachable' ? busy : failed
}

const refuse = (request: Request, { status, error, headers }: Refusal): Response =>
  send(
    request,
    utf8(JSON.stringify({ error })),
    'application/json',
    status,
    new Headers({ ...always, 'cache-control': 'no-store', ...headers }),
  )

function send(request: Request, body: Uint8Array, mediaType: string, status: number, headers: Headers): Response {
  headers.set('content-type', mediaType)
  headers.set('content-length', `${body.length}`)
  return new Response(request.method === 'HEAD' ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
}

/** A page that asks for a list only if it changed has to ask this first (Fetch §3.2). */
const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...always,
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'if-none-match, if-modified-since',
      'access-control-max-age': '86400',
    },
  })

/** Text of some length, where the platform can: base64url wastes a quarter. The list in a CWT is compressed already. */
const isCompressible = ({ body }: PublishedFile): boolean =>
  typeof body === 'string' && body.length >= 1024 && typeof CompressionStream === 'function'

async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}
