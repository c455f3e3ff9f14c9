/**
 * A status list as it comes over the network: one request without redirects, and a body that is cut off at its limit
 * (Token Status List §8.1, §8.2). Hostile until the signature of what arrived holds.
 */

import { abortable } from '../core/abort.js'
import { base64url, fromUtf8 } from '../core/bytes.js'
import { type Limits, within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { cwtMediaType, type StatusMediaType } from '../formats/status-list/token.js'
import { publicAddress } from './address.js'

/**
 * Any function of the Fetch API's shape; it is asked not to follow redirects (`redirect: 'error'`). A `Response` made by
 * hand, with an empty `url`, is as good as another.
 */
export type StatusFetch = (url: string, init: RequestInit) => Promise<Response>

export interface StatusRequest {
  readonly fetch: StatusFetch
  /** The media types of the forms that will do, one or both. */
  readonly accept: readonly StatusMediaType[]
  readonly limits: Limits
  /** Seconds for the whole exchange. */
  readonly timeout: number
  /** Ends the exchange early. */
  readonly signal: AbortSignal
}

/** A status list token as text, and what it was served as. */
export interface StatusBody {
  readonly token: string
  readonly mediaType: StatusMediaType
}

/**
 * What stands at the address of a list. Throws `status_uri_refused` before anything is asked,
 * `status_unreachable` when there is no answer in time, `status_response_invalid` when the answer is not a list,
 * `limit_exceeded`, `encoding_invalid`.
 */
export async function fetchStatusToken(
  uri: string,
  { fetch, accept, limits, timeout, signal }: StatusRequest,
): Promise<StatusBody> {
  const url = publicAddress(uri)
  const deadline = startDeadline(timeout, signal)
  try {
    const asked = fetch(uri, {
      headers: { accept: accept.join(', ') },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store', // `ttl` says how long a list is kept (§13.7), not the HTTP cache
      signal: deadline.signal,
    })
    // A fetch that does not mind its signal cannot hold anyone either.
    const response = await abortable(asked, deadline.signal)
    requireDirect(response, url, uri)
    const mediaType = requireListResponse(response, accept)
    within(limits, 'statusTokenBytes', Number(response.headers.get('content-length') ?? 0))
    const body = await readBody(response, limits, deadline.signal)
    return { token: mediaType === cwtMediaType ? base64url(body) : fromUtf8(body), mediaType }
  } catch (error) {
    throw error instanceof VidimusError ? error : new VidimusError('status_unreachable', { at: 'uri' })
  } finally {
    deadline.end()
  }
}

/** No redirects: whoever answers must be whom the credential names. */
function requireDirect(response: Response, url: URL, uri: string): void {
  const elsewhere = response.url !== '' && response.url !== uri && response.url !== url.href
  if (response.redirected || response.type === 'opaqueredirect' || elsewhere) throw invalid('url')
}

/** The form that is served, one of those that will do. */
function requireListResponse(response: Response, accept: readonly StatusMediaType[]): StatusMediaType {
  if (!response.ok) throw invalid('status', response.status) // §8.2
  const served = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  const mediaType = accept.find(accepted => accepted === served)
  if (mediaType === undefined) throw invalid('content-type')
  return mediaType
}

async function readBody({ body }: Response, limits: Limits, signal: AbortSignal): Promise<Uint8Array> {
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
      within(limits, 'statusTokenBytes', Math.max(length + value.byteLength, ++chunks))
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

/** A signal that fires when time is up, or with the one given. */
function startDeadline(timeout: number, signal: AbortSignal): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const late = new VidimusError('status_unreachable', {
    at: 'timeout',
    expected: timeout,
  })
  const timer = setTimeout(() => controller.abort(late), timeout * 1000)
  const follow = () => controller.abort(signal.reason)
  if (signal.aborted) follow()
  signal.addEventListener('abort', follow)
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', follow)
    },
  }
}

const invalid = (at: string, actual?: number) => new VidimusError('status_response_invalid', { at, actual })
