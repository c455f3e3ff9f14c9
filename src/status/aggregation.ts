/**
 * The index of an issuer's status lists (Token Status List §9), for whoever takes them all along: unsigned, so that it says
 * no more than where to look.
 */
import { publicAddress } from '../core/address.js'
import { misuse } from '../core/arguments.js'
import { fetchDocument } from '../core/fetch.js'
import { type JsonObject, type JsonValue, parseJsonObject } from '../core/json.js'
import { type Limits, readLimits, within } from '../core/limits.js'
import { expectTimeout } from '../core/timeout.js'
import { VidimusError } from '../errors.js'
import { type StatusFetch, statusCodes } from './response.js'

/** How an index is fetched. */
export interface StatusAggregationOptions {
  readonly fetch: StatusFetch
  readonly signal?: AbortSignal | undefined
  /** Seconds for the fetch, at most 300: 10 by default. */
  readonly timeout?: number | undefined
  /** Lower limits: `statusTokenBytes` for the text, `jsonValues` for the number of addresses and a few more. */
  readonly limits?: Partial<Limits> | undefined
}

/**
 * The addresses of the status lists that an issuer names, each once, in the order in which it names them: what
 * `exportSnapshot` takes. `aggregation_uri` in a list and `status_list_aggregation_endpoint` in an issuer's metadata say
 * where they stand. Each address is https on a host with a public name; nothing is asked of it yet.
 *
 * Throws `status_uri_refused`, `status_unreachable`, `status_response_invalid`, `status_aggregation_malformed`,
 * `limit_exceeded`.
 * @example await statusChecker({ fetch }).exportSnapshot(await fetchStatusAggregation(uri, { fetch }))
 */
export async function fetchStatusAggregation(
  uri: string,
  options: StatusAggregationOptions,
): Promise<readonly string[]> {
  const { fetch, signal, timeout = 10 } = options
  if (typeof uri !== 'string') throw misuse('uri', 'a string')
  if (typeof fetch !== 'function') throw misuse('fetch', 'a function')
  expectTimeout(timeout)
  const limits = readLimits(options.limits)
  const withinLimit = (length: number) => within(limits, 'statusTokenBytes', length)
  const accept = ['application/json'] as const
  signal?.throwIfAborted()
  const request = { fetch, accept, withinLimit, timeout, signal, codes: statusCodes }
  const { body } = await fetchDocument(uri, request).catch(error => {
    signal?.throwIfAborted()
    throw error
  })
  return Object.freeze(readAggregation(body, limits))
}

/** §9.3. Members that are not ours to know are left alone; a list named twice is one list. */
function readAggregation(body: Uint8Array, limits: Limits): string[] {
  const { status_lists: lists } = parse(body, limits)
  if (!Array.isArray(lists)) throw malformed('status_lists')
  const uris = new Set<string>()
  for (const [index, uri] of lists.entries()) uris.add(readAddress(uri, `status_lists[${index}]`))
  return [...uris]
}

function parse(body: Uint8Array, limits: Limits): JsonObject {
  try {
    return parseJsonObject(body, limits)
  } catch (error) {
    throw error instanceof VidimusError && error.code !== 'limit_exceeded' ? malformed(error.at) : error
  }
}

function readAddress(uri: JsonValue, at: string): string {
  if (typeof uri !== 'string') throw malformed(at)
  publicAddress(uri, 'status_aggregation_malformed')
  return uri
}

const malformed = (at?: string) => new VidimusError('status_aggregation_malformed', { at })
