/**
 * How every handler of documents answers: to GET, HEAD and OPTIONS, with entity tags and compression, to any page that asks,
 * and with one word where there is nothing (RFC 9110).
 */
import { digestText } from '#crypto'
import { isHttpsUri } from '../core/address.js'
import { misuse } from '../core/arguments.js'
import { utf8 } from '../core/bytes.js'
import { VidimusError } from '../errors.js'
import { Costly } from './costly.js'
import { acceptsGzip, acceptsMediaType, httpDate, isKnown } from './negotiation.js'

/** A handler of the Fetch API's shape, for any server or worker. */
export type RequestHandler = (request: Request) => Promise<Response>

/** What stands at an address. */
export interface Found {
  readonly mediaType: string
  readonly body: string | Uint8Array
  readonly cacheControl: string
  /** Stands before the digest in the entity tag. */
  readonly version?: number | undefined
  readonly lastModified?: Date | undefined
  /** Whether compressing it is worth the work. */
  readonly compressible: boolean
}

/** Why nothing does, as the words of an answer. */
export interface Refusal {
  readonly status: number
  readonly error: string
  readonly headers?: Readonly<Record<string, string>>
}

export const malformed: Refusal = { status: 400, error: 'invalid_request' }
export const unknown: Refusal = { status: 404, error: 'not_found' }
export const busy: Refusal = { status: 503, error: 'temporarily_unavailable', headers: { 'retry-after': '5' } }
const notAcceptable: Refusal = { status: 406, error: 'not_acceptable' }
const failed: Refusal = { status: 500, error: 'internal_error' }

export const methodUnknown = (allow: string): Refusal => ({
  status: 405,
  error: 'method_not_allowed',
  headers: { allow },
})

/** A caller's function that is told of something: whatever it throws, who asks is answered. */
export const heeded =
  <Told extends readonly unknown[]>(tell: (...told: Told) => void) =>
  (...told: Told): void => {
    try {
      tell(...told)
    } catch {}
  }

/** What a source threw, as far as who asks may know. */
export function failure(error: unknown): Refusal {
  const code = error instanceof VidimusError ? error.code : undefined
  return code === 'store_busy' || code === 'store_unreachable' ? busy : failed
}

/** How much work answers may be. */
export interface Effort {
  /** How many answers that cost work are made at once; eight times as many may wait. */
  readonly atOnce: number
  /** How many of each kind are kept. */
  readonly kept: number
}

export const costly = <Result>({ atOnce, kept }: Effort): Costly<Result> =>
  new Costly({ atOnce, waiting: 8 * atOnce, kept })

export interface DocumentOptions extends Effort {
  /** Told what `find` threw. */
  readonly onError: (error: unknown) => void
  readonly refusalFor: (error: unknown) => Refusal
}

const allowed = 'GET, HEAD, OPTIONS'

/** Answers for what `find` finds. Never throws for a request. */
export function documentHandler(
  find: (request: Request) => Promise<Found | Refusal>,
  { onError, refusalFor, ...effort }: DocumentOptions,
): RequestHandler {
  const compressed = costly<Uint8Array>(effort)
  return async request => {
    if (request.method === 'OPTIONS') return preflight()
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(request, methodUnknown(allowed))
    try {
      const found = await find(request)
      return 'error' in found ? refuse(request, found) : await serve(request, found, compressed)
    } catch (error) {
      onError(error)
      return refuse(request, refusalFor(error))
    }
  }
}

async function serve(request: Request, found: Found, compressed: Costly<Uint8Array>): Promise<Response> {
  const { mediaType, body, version, lastModified } = found
  const [type = mediaType] = mediaType.split(';', 1)
  if (!acceptsMediaType(request.headers.get('accept'), type)) return refuse(request, notAcceptable)
  const bytes = typeof body === 'string' ? utf8(body) : body
  const digest = (await digestText('sha-256', bytes)).slice(0, 22)
  const tag = version === undefined ? digest : `${version}-${digest}`
  const compressible = found.compressible && bytes.length >= 1024 && typeof CompressionStream === 'function'
  const wantsGzip = compressible && acceptsGzip(request.headers.get('accept-encoding'))
  const headers = new Headers({ ...always, 'cache-control': found.cacheControl })
  headers.set('etag', wantsGzip ? `"${tag}-gzip"` : `"${tag}"`)
  if (lastModified !== undefined) headers.set('last-modified', httpDate(lastModified))
  if (compressible) headers.set('vary', 'accept-encoding')
  if (isKnown(request.headers, { etag: headers.get('etag')!, lastModified }))
    return new Response(null, { status: 304, headers })
  const packed = wantsGzip ? await compressed.get(tag, () => gzip(bytes)) : undefined
  // While too many wait for theirs, it goes as it is.
  if (packed === undefined) headers.set('etag', `"${tag}"`)
  else headers.set('content-encoding', 'gzip')
  return send(request, packed ?? bytes, mediaType, 200, headers)
}

/** For every answer: public, and what it says it is. */
const always = { 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' }

/** One word that tells nothing of the inside. */
export const refuse = (request: Request, { status, error, headers }: Refusal): Response =>
  send(
    request,
    utf8(JSON.stringify({ error })),
    'application/json',
    status,
    new Headers({ ...always, 'cache-control': 'no-store', ...headers }),
  )

export function send(
  request: Request,
  body: Uint8Array,
  mediaType: string,
  status: number,
  headers: Headers,
): Response {
  headers.set('content-type', mediaType)
  headers.set('content-length', `${body.length}`)
  return new Response(request.method === 'HEAD' ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
}

/** A page that asks for a document only if it changed has to ask this first (Fetch §3.2). */
const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      ...always,
      allow: allowed,
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'if-none-match, if-modified-since',
      'access-control-max-age': '86400',
    },
  })

async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream('gzip'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** Where documents stand for the world. */
export interface Base {
  /** Without a slash at its end. */
  readonly baseUri: string
  readonly basePath: string
}

export function readBase(given: unknown): Base {
  const baseUri = plainUrl(given, 'baseUri').replace(/\/+$/, '')
  return { baseUri, basePath: new URL(`${baseUri}/`).pathname.slice(0, -1) }
}

export function plainUrl(uri: unknown, argument: string): string {
  if (typeof uri !== 'string' || uri.includes('?') || !isHttpsUri(uri))
    throw misuse(argument, 'an https URL without credentials, query and fragment')
  return uri
}

/** Characters of a path that could be a document's. */
const longestPath = 1024

/** What follows the base and its slash in the path of a request; `undefined` elsewhere. Nothing is decoded. */
export const pathBelow = ({ basePath }: Base, pathname: string): string | undefined =>
  pathname.startsWith(`${basePath}/`) && pathname.length <= longestPath
    ? pathname.slice(basePath.length + 1)
    : undefined

export function expectCounts(counts: Readonly<Record<string, unknown>>): void {
  for (const [name, count] of Object.entries(counts))
    if (!Number.isSafeInteger(count) || (count as number) < 1)
      throw new RangeError(`\`${name}\` must be a positive integer`)
}

export function expectFunctions(functions: Readonly<Record<string, unknown>>): void {
  for (const [name, callback] of Object.entries(functions))
    if (typeof callback !== 'function') throw misuse(name, 'a function')
}
