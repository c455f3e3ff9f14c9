/** The published files of a log, fetched from where they stand. */
import { misuse } from '../core/arguments.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { type Fetch, fetchDocument } from '../core/fetch.js'
import { VidimusError } from '../errors.js'

/** What stands at a path below the address of a log; `undefined` when there is nothing. */
export type LogReader = (
  path: string,
  options?: { readonly signal?: AbortSignal | undefined },
) => Awaitable<Uint8Array | undefined>

export interface LogReaderOptions {
  readonly fetch: Fetch
  /** Seconds for one file. Default: 20. */
  readonly timeout?: number | undefined
}

const codes = { refused: 'log_uri_refused', unreachable: 'log_unreachable', invalid: 'log_response_invalid' } as const

/** Hosts that know no media type by the name of a file say one of these. */
const accept = ['application/octet-stream', 'text/plain'] as const

/** A bundle of 256 entries of the greatest length; a checkpoint and a tile of hashes are far below it. */
const maxFileBytes = 256 * (2 + 0xffff)

/** The answers that say that nothing stands there. */
const absent: readonly unknown[] = [404, 410]

/**
 * Reads the files of a log that are served below an https address with a public name. No redirects, no credentials; what
 * comes is hostile until it leads to a checkpoint. Rejects with `log_uri_refused` before anything is asked, `log_unreachable`,
 * `log_response_invalid`, `limit_exceeded`. Throws `TypeError` or `RangeError` for options that do not fit.
 * @example const readLog = logReader('https://log.example/passports', { fetch })
 */
export function logReader(url: string, { fetch, timeout = 20 }: LogReaderOptions): LogReader {
  if (typeof url !== 'string') throw misuse('url', 'the address of a log')
  if (typeof fetch !== 'function') throw misuse('fetch', 'a function')
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > 300)
    throw new RangeError('`timeout` must be a positive number of seconds, at most 300')
  const base = url.replace(/\/+$/, '')
  return async (path, { signal } = {}) => {
    try {
      const request = { fetch, accept, withinLimit, timeout, signal, codes }
      return (await fetchDocument(`${base}/${path}`, request)).body
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof VidimusError && error.at === 'status' && absent.includes(error.actual)) return undefined
      throw error
    }
  }
}

function withinLimit(length: number): void {
  if (length > maxFileBytes)
    throw new VidimusError('limit_exceeded', { at: 'logFileBytes', expected: maxFileBytes, actual: length })
}
