/**
 * A document as it comes over the network: one request without redirects, a body that is cut off at its limit, and an end to
 * waiting. Hostile until a signature or a digest of what arrived holds.
 */
import type { ErrorCode } from '../errors.js'
import { VidimusError } from '../errors.js'
import { abortable } from './abort.js'
import { publicAddress } from './address.js'

/**
 * Any function of the Fetch API's shape; it is asked not to follow redirects (`redirect: 'error'`). A `Response` made by
 * hand, with an empty `url`, is as good as another.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The codes by which one kind of document is refused. */
export interface FetchCodes {
  /** The address is not one that may be asked. */
  readonly refused: ErrorCode
  /** There was no answer in time. */
  readonly unreachable: ErrorCode
  /** There was one, and it is not such a document. */
  readonly invalid: ErrorCode
}

export interface Exchange {
  readonly fetch: Fetch
  /** Throws when a body of this length, in bytes or in chunks, is too long. */
  readonly withinLimit: (length: number) => void
  /** Seconds for the whole exchange. */
  readonly timeout: number
  /** Ends the exchange early. */
  readonly signal: AbortSignal | undefined
  readonly codes: FetchCodes
}

export interface FetchRequest<MediaType extends string> extends Exchange {
  /** The media types that will do. */
  readonly accept: readonly MediaType[]
}

export interface Fetched<MediaType extends string> {
  readonly body: Uint8Array
  readonly mediaType: MediaType
  readonly headers: Headers
}

/** The error for an answer that is of another kind. */
type Invalid = (at: string, actual?: number) => VidimusError

/**
 * What stands at an address. Throws `codes.refused` before anything is asked, `codes.unreachable` when there is no answer in
 * time, `codes.invalid` when the answer is of another kind, and what `withinLimit` throws.
 */
export async function fetchDocument<MediaType extends string>(
  uri: string,
  { accept, ...request }: FetchRequest<MediaType>,
): Promise<Fetched<MediaType>> {
  return exchange(uri, { headers: { accept: accept.join(', ') } }, request, (response, invalid) => {
    if (!response.ok) throw invalid('status', response.status)
    const mediaType = accept.find(accepted => accepted === servedAs(response))
    if (mediaType === undefined) throw invalid('content-type')
    return { mediaType, headers: response.headers }
  })
}

/**
 * One request and what comes of it: what `judge` says of the answer before its body is read, or throws as `invalid`, and the
 * body. Throws as `fetchDocument`.
 */
export async function exchange<Judged extends object>(
  uri: string,
  init: RequestInit,
  { fetch, withinLimit, timeout, signal, codes }: Exchange,
  judge: (response: Response, invalid: Invalid) => Judged,
): Promise<Judged & { readonly body: Uint8Array }> {
  const url = publicAddress(uri, codes.refused)
  // AbortSignal.timeout takes whole milliseconds alone, and a program that waits for nothing else ends before it.
  const deadline = new AbortController()
  const late = () => deadline.abort(new VidimusError(codes.unreachable, { at: 'timeout', expected: timeout }))
  const timer = setTimeout(late, timeout * 1000)
  const follow = () => deadline.abort(signal?.reason)
  if (signal?.aborted) follow()
  signal?.addEventListener('abort', follow)
  const invalid: Invalid = (at, actual) => new VidimusError(codes.invalid, { at, actual })
  try {
    const asked = fetch(uri, {
      ...init,
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store', // what is kept, and for how long, is decided by who asks
      signal: deadline.signal,
    })
    // A fetch that does not mind its signal cannot hold anyone either.
    const response = await abortable(asked, deadline.signal)
    if (!isDirect(response, url, uri)) throw invalid('url')
    const judged = judge(response, invalid)
    withinLimit(Number(response.headers.get('content-length') ?? 0))
    return { ...judged, body: await readBody(response, withinLimit, invalid, deadline.signal) }
  } catch (error) {
    throw error instanceof VidimusError ? error : new VidimusError(codes.unreachable, { at: 'uri' })
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', follow)
  }
}

/** No redirects: whoever answers must be whom the address names. */
const isDirect = ({ url: from, redirected, type }: Response, url: URL, uri: string): boolean =>
  !redirected && type !== 'opaqueredirect' && (from === '' || from === uri || from === url.href)

const servedAs = ({ headers }: Response): string | undefined =>
  headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()

/** A body to its end. Throws what `withinLimit` throws, `invalid` for what is no bytes, and the reason of the signal. */
export async function readBody(
  { body }: Pick<Response, 'body'>,
  withinLimit: (length: number) => void,
  invalid: Invalid,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  // Cancelling ends a read that waits, also where the source of the stream does not mind.
  const stop = () => void reader.cancel().catch(() => undefined)
  signal.addEventListener('abort', stop)
  let bytes = new Uint8Array(64 * 1024)
  let length = 0
  let chunks = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      if (done) return bytes.subarray(0, length)
      if (!ArrayBuffer.isView(value)) throw invalid('body')
      // Chunks count as well, for those that hold nothing would never reach a limit.
      withinLimit(Math.max(length + value.byteLength, ++chunks))
      bytes = withRoom(bytes, length + value.byteLength)
      bytes.set(value, length)
      length += value.byteLength
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

/** The same bytes with room for more, at least doubled, so that many small chunks cost no more than few large ones. */
function withRoom(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (length <= bytes.length) return bytes
  const larger = new Uint8Array(Math.max(length, bytes.length * 2))
  larger.set(bytes)
  return larger
}
