/**
 * A status list as it comes over the network (Token Status List §8.1, §8.2). Hostile until the signature of what arrived
 * holds.
 */
import { base64url, fromUtf8 } from '../core/bytes.js'
import { type Fetch, fetchDocument } from '../core/fetch.js'
import { type Limits, within } from '../core/limits.js'
import { cwtMediaType, type StatusMediaType } from '../formats/status-list/token.js'

/**
 * Any function of the Fetch API's shape; it is asked not to follow redirects (`redirect: 'error'`). A `Response` made by
 * hand, with an empty `url`, is as good as another.
 */
export type StatusFetch = Fetch

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

/** Why the address of a list, or what stands there, is refused. */
export const statusCodes = {
  refused: 'status_uri_refused',
  unreachable: 'status_unreachable',
  invalid: 'status_response_invalid',
} as const

/**
 * What stands at the address of a list. Throws `status_uri_refused` before anything is asked,
 * `status_unreachable` when there is no answer in time, `status_response_invalid` when the answer is not a list,
 * `limit_exceeded`, `encoding_invalid`.
 */
export async function fetchStatusToken(uri: string, { limits, ...request }: StatusRequest): Promise<StatusBody> {
  const withinLimit = (length: number) => within(limits, 'statusTokenBytes', length)
  // `ttl` says how long a list is kept (§13.7).
  const { body, mediaType } = await fetchDocument(uri, { ...request, withinLimit, codes: statusCodes })
  return { token: mediaType === cwtMediaType ? base64url(body) : fromUtf8(body), mediaType }
}
