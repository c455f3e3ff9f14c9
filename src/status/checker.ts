/**
 * The status checker of a verifier: fetches status lists, keeps them as long as they allow, and answers from them
 * (Token Status List §8). No answer is a refusal.
 */

import { misuse } from '../core/arguments.js'
import { type Clock, readClock, systemClock } from '../core/clock.js'
import { defaultLimits } from '../core/limits.js'
import { expectTimeout } from '../core/timeout.js'
import { VidimusError } from '../errors.js'
import { statusListJwt } from '../formats/status-list/jwt.js'
import { cwtMediaType, jwtMediaType, requireSubject, vcMediaType } from '../formats/status-list/token.js'
import type { StatusChecker } from '../verification/status.js'
import { expectTrust, type Trust } from '../verification/trust.js'
import { FetchingChecker, type FetchingOptions } from './fetching.js'
import { HistoryChecker } from './history.js'
import type { KeptToken } from './kept-list.js'
import { notAtHand } from './list-checker.js'
import type { StatusFetch } from './response.js'
import { several } from './several.js'
import { encodeSnapshot, type SnapshotSummary } from './snapshot.js'

/** How a checker comes by its lists, and how old they may be. */
export interface StatusCheckerOptions extends FetchingOptions {
  /** For `exportSnapshot` alone: a question brings its verdict's own time. */
  readonly now?: Clock | undefined
  readonly history?: false | undefined
}

/** A checker that asks what a status was at the time of its verdict, which may be long ago. */
export interface StatusHistoryOptions {
  readonly fetch: StatusFetch
  readonly trust?: Trust | undefined
  /** Seconds for one fetch, at most 300: 10 by default. */
  readonly timeout?: number | undefined
  readonly history: true
}

/** Who hears of a snapshot while it is made. */
export interface ExportSnapshotOptions {
  readonly signal?: AbortSignal | undefined
  /** Takes what is wrong with one list, and the others go into the snapshot without it. Absent: the first failure is thrown. */
  readonly onFailure?: ((uri: string, error: VidimusError) => void) | undefined
  /** Called after each list, whether it could be had or not. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/** A checker whose lists can be carried to another device. */
export interface PortableStatusChecker extends StatusChecker {
  /**
   * The lists at hand, for a checker without a network: JSON text in UTF-8. With `uris`, exactly these lists; they are
   * fetched now if the checker fetches, in whichever form they are served. Nothing is verified but that each JWT is a
   * list for its address: whoever imports them does the rest when asked. Lists in other forms are not looked into, for that
   * would bring their readers to pages that need none. Throws as a fetch does, and `status_unreachable` for a list that is not at hand.
   */
  exportSnapshot(uris?: readonly string[], options?: ExportSnapshotOptions): Promise<Uint8Array>
  /**
   * Adds the lists of a snapshot to those at hand, and tells how old the snapshot says they are. No verdict believes that:
   * it counts a list's age from when its issuer signed it. Throws `status_snapshot_malformed`, `limit_exceeded`.
   */
  importSnapshot(bytes: Uint8Array): Promise<SnapshotSummary>
}

/**
 * A checker over status lists, for credentials of every format: the question says in which form its list is. Make it once:
 * it holds the lists.
 *
 * A list is fetched over https from a host with a public name, without redirects, within limits of size and time, and
 * once for all questions that come meanwhile. It is used again while `ttl` and `exp` allow (§13.7), a day at most, and one of
 * the question's own signers signed it; one without `ttl` for five minutes. When a new one cannot be had, that is the answer,
 * unless `maxStaleness` says how old a list may be that answers all the same. No list answers after a newer one of its signer
 * has; of two of the same second the one fetched later counts. Names are resolved by the `fetch` given: whether they lead to
 * public addresses is its concern.
 *
 * With `history: true` every question asks for the list that was in force at its verdict's own time (§8.4).
 *
 * `check` throws `status_uri_refused`, `status_unreachable`, `status_response_invalid`, `status_stale`,
 * `status_rolled_back`, `status_index_out_of_range`, `status_history_unsupported`, `status_history_unknown` and what
 * `verifyStatusListToken` throws.
 * @example statusChecker({ fetch, maxStaleness: 900 })
 */
export function statusChecker(options: StatusHistoryOptions): StatusChecker
export function statusChecker(options?: StatusCheckerOptions): PortableStatusChecker
export function statusChecker(options: StatusCheckerOptions | StatusHistoryOptions = {}): StatusChecker {
  if (options.history === true) return historyChecker(options)
  if (options.history) throw misuse('history', 'true or left out')
  return new PortableChecker(options)
}

function historyChecker(options: StatusHistoryOptions): StatusChecker {
  const { fetch, timeout = 10, trust, history: _, ...others } = options
  for (const name of Object.keys(others)) throw misuse(name, 'left out')
  if (typeof fetch !== 'function') throw misuse('fetch', 'a function')
  return new HistoryChecker({
    fetch,
    timeout: expectTimeout(timeout),
    trust: trust === undefined ? undefined : expectTrust(trust),
  })
}

const everyForm = [jwtMediaType, cwtMediaType, vcMediaType] as const
/** Lists fetched at once for a snapshot. */
const atOnce = 6

class PortableChecker extends FetchingChecker implements PortableStatusChecker {
  readonly #now: Clock

  constructor({ now = systemClock, history: _, ...options }: StatusCheckerOptions) {
    super(options)
    if (typeof now !== 'function') throw misuse('now', 'a function that returns a Date')
    this.#now = now
  }

  async exportSnapshot(uris?: readonly string[], options: ExportSnapshotOptions = {}): Promise<Uint8Array> {
    const { signal, onFailure, onProgress } = options
    signal?.throwIfAborted()
    if (uris === undefined) return encodeSnapshot(this.allAtHand())
    const asked = [...new Set(uris)]
    let done = 0
    const lists = await several(asked, atOnce, async uri => {
      const atHand = await this.#had(uri, signal).catch(error => {
        signal?.throwIfAborted()
        if (onFailure === undefined || !(error instanceof VidimusError)) throw error
        onFailure(uri, error)
        return []
      })
      onProgress?.({ done: ++done, total: asked.length })
      return atHand
    })
    return encodeSnapshot(lists.flat())
  }

  /** What can be had of one list for a snapshot. */
  async #had(uri: string, signal: AbortSignal | undefined): Promise<readonly KeptToken[]> {
    const { fetch, timeout } = this
    if (fetch === undefined) {
      const kept = this.atHand(uri)
      if (kept.length === 0) throw notAtHand()
      return kept
    }
    const request = {
      fetch,
      accept: everyForm,
      limits: defaultLimits,
      timeout,
      now: readClock(this.#now),
      signal,
      shared: true,
    }
    const { kept, mediaType } = await this.exchanges.fetch(uri, request)
    if (mediaType === jwtMediaType) requireSubject(statusListJwt.parse(kept.token, defaultLimits), uri)
    return [kept]
  }
}
