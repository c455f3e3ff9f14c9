/**
 * The status checker of a verifier: fetches status lists, keeps them as long as they allow, and answers from them
 * (Token Status List §8). No answer is a refusal.
 */

import { abortable } from '../core/abort.js'
import { publicAddress } from '../core/address.js'
import { misuse } from '../core/arguments.js'
import { type Clock, readClock, systemClock } from '../core/clock.js'
import { defaultLimits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { statusAt } from '../formats/status-list/bits.js'
import { statusListJwt } from '../formats/status-list/jwt.js'
import {
  cwtMediaType,
  type ExpectedStatusList,
  jwtMediaType,
  requireCurrent,
  requireSubject,
  type VerifiedStatusList,
} from '../formats/status-list/token.js'
import type { StatusAnswer, StatusChecker, StatusQuestion } from '../verification/status.js'
import { expectTrust, type Trust } from '../verification/trust.js'
import { Exchanges } from './exchanges.js'
import { type KeptList, KeptLists, type KeptToken, type StatusCache } from './kept.js'
import { type StatusFetch, statusCodes } from './response.js'
import { signersOf } from './signers.js'
import { decodeSnapshot, encodeSnapshot } from './snapshot.js'

export interface StatusCheckerOptions {
  /** Asks the network: the platform's `fetch` or one of its shape. Absent: offline, from imported snapshots alone. */
  readonly fetch?: StatusFetch | undefined
  /**
   * How many seconds ago the issuer may have issued a list for it to count: a day by default. 0 never answers from a list
   * that was fetched for an earlier question; how old the one just fetched may be is then bounded by the default.
   */
  readonly maxStaleness?: number | undefined
  /** For how many addresses fetched lists are kept in memory (64), or where their tokens are kept besides. */
  readonly cache?: number | StatusCache | undefined
  /**
   * Signers of status lists beside those that a verdict believes for the issuer: every anchor with the purpose `status`,
   * whoever it speaks for. For issuers whose lists others sign.
   */
  readonly trust?: Trust | undefined
  /** Seconds for one fetch, at most 300: 10 by default. */
  readonly timeout?: number | undefined
  /** For `exportSnapshot` alone: a question brings its verdict's own time. */
  readonly now?: Clock | undefined
}

/** A checker whose lists can be carried to another device. */
export interface PortableStatusChecker extends StatusChecker {
  /**
   * The lists at hand, for a checker without a network: JSON text in UTF-8. With `uris`, exactly these lists; they are
   * fetched now if the checker fetches, in whichever form they are served. Nothing is verified but that each JWT is a
   * list for its address: whoever imports them does the rest when asked. CWTs are not looked into, for that would bring
   * CBOR to pages that need none. Throws as a fetch does, and `status_unreachable` for a list that is not at hand.
   */
  exportSnapshot(uris?: readonly string[], options?: { readonly signal?: AbortSignal | undefined }): Promise<Uint8Array>
  /** Adds the lists of a snapshot to those at hand. Throws `status_snapshot_malformed`, `limit_exceeded`. */
  importSnapshot(bytes: Uint8Array): Promise<void>
}

/**
 * A checker over status lists, for credentials of every format: the question says in which form its list is. Make it once:
 * it holds the lists.
 *
 * A list is fetched over https from a host with a public name, without redirects, within limits of size and time, and
 * once for all questions that come meanwhile. It is used again while `ttl` and `exp` allow (§13.7) and one of the
 * question's own signers signed it. When a new one cannot be had, the old one still answers if it is not expired and not
 * older than `maxStaleness`; an older list never takes the place of a newer one. Names are resolved by the `fetch` given:
 * whether they lead to public addresses is its concern.
 *
 * `check` throws `status_uri_refused`, `status_unreachable`, `status_response_invalid`, `status_stale`,
 * `status_rolled_back`, `status_index_out_of_range` and what `verifyStatusListToken` throws.
 * @example statusChecker({ fetch, maxStaleness: 900 })
 */
export function statusChecker(options: StatusCheckerOptions = {}): PortableStatusChecker {
  return new ListChecker(readSettings(options))
}

interface Settings extends Pick<StatusCheckerOptions, 'fetch' | 'trust'> {
  readonly maxStaleness: number
  readonly timeout: number
  readonly lists: KeptLists
  readonly now: Clock
}

/** Seconds. */
const day = 86_400
/** Seconds that a list without `ttl` is kept. */
const modestTtl = 300
const largestTimeout = 300
const bothForms = [jwtMediaType, cwtMediaType] as const
const optionNames = ['fetch', 'maxStaleness', 'cache', 'trust', 'timeout', 'now']

function readSettings(options: StatusCheckerOptions): Settings {
  const { fetch, maxStaleness = day, cache = 64, trust, timeout = 10, now = systemClock } = options
  const unknown = Object.keys(options).find(name => !optionNames.includes(name))
  if (unknown !== undefined) throw new TypeError(`\`${unknown}\` is not an option of a status checker`)
  if (fetch !== undefined && typeof fetch !== 'function') throw misuse('fetch', 'a function')
  if (!Number.isFinite(maxStaleness) || maxStaleness < 0)
    throw new RangeError('`maxStaleness` must be a number of seconds, at least 0')
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > largestTimeout)
    throw new RangeError(`\`timeout\` must be a positive number of seconds, at most ${largestTimeout}`)
  if (typeof now !== 'function') throw misuse('now', 'a function that returns a Date')
  return {
    fetch,
    maxStaleness,
    timeout,
    now,
    trust: trust === undefined ? undefined : expectTrust(trust),
    lists: keptLists(cache),
  }
}

function keptLists(cache: unknown): KeptLists {
  if (typeof cache === 'number') {
    if (!Number.isSafeInteger(cache) || cache < 1) throw new RangeError('`cache` must be a number of lists, at least 1')
    return new KeptLists(cache)
  }
  if (typeof (cache as StatusCache)?.get !== 'function' || typeof (cache as StatusCache).set !== 'function')
    throw misuse('cache', 'a number, or have `get` and `set`')
  return new KeptLists(64, cache as StatusCache)
}

/** A list that this question believes, and the token it was opened from. */
interface Known {
  readonly kept: KeptList
  readonly list: VerifiedStatusList
}

class ListChecker implements PortableStatusChecker {
  private readonly settings: Settings
  private readonly exchanges = new Exchanges()

  constructor(settings: Settings) {
    this.settings = settings
  }

  async check(question: StatusQuestion): Promise<StatusAnswer> {
    const { reference, signal } = question
    signal?.throwIfAborted()
    publicAddress(reference.uri, statusCodes.refused)
    return abortable(this.answer(question), signal)
  }

  async exportSnapshot(
    uris?: readonly string[],
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Uint8Array> {
    if (uris === undefined) return encodeSnapshot(this.settings.lists.all())
    const lists: KeptToken[] = []
    for (const uri of new Set(uris)) lists.push(...(await this.atHand(uri, signal)))
    return encodeSnapshot(lists)
  }

  async importSnapshot(bytes: Uint8Array): Promise<void> {
    if (!(bytes instanceof Uint8Array)) throw misuse('bytes', 'a Uint8Array')
    for (const kept of decodeSnapshot(bytes)) this.settings.lists.import(kept)
  }

  private async answer(question: StatusQuestion): Promise<StatusAnswer> {
    const { trust, lists, fetch } = this.settings
    const { uri } = question.reference
    const expected = { ...question, form: question.form ?? statusListJwt, uri, signers: signersOf(question, trust) }
    const { known, refusal } = await newestKnown(await lists.of(uri), expected)
    if (fetch === undefined) {
      if (known === undefined) throw refusal ?? notAtHand()
      return this.answerFrom(known, question)
    }
    if (known !== undefined && this.isFresh(known, question)) return this.answerFrom(known, question)
    let renewed: Known
    try {
      renewed = await this.renew(fetch, known, expected, question.signal)
    } catch (failure) {
      if (known === undefined || !(failure instanceof VidimusError)) throw failure
      // As the new list could not be had; if the one known may not answer either, it is the failure that is told.
      return this.answerFrom(known, question).catch(() => {
        throw failure
      })
    }
    return reply(renewed, question, 'fetched')
  }

  /** Fetches the list and puts it in the place of the one known, unless it is older. */
  private async renew(
    fetch: StatusFetch,
    known: Known | undefined,
    expected: ExpectedStatusList,
    signal: AbortSignal | undefined,
  ): Promise<Known> {
    const { timeout, maxStaleness, lists } = this.settings
    const { uri, limits, now, form } = expected
    const request = { fetch, accept: [form.mediaType], limits, timeout, now, signal, shared: maxStaleness > 0 }
    const fetched = await this.exchanges.fetch(uri, request)
    const kept = known?.kept.token === fetched.token ? known.kept.fetchedAgain(fetched.fetchedAt) : fetched
    const list = await kept.open(expected)
    requireCurrent(list, expected)
    if (known !== undefined && list.issuedAt < known.list.issuedAt)
      throw new VidimusError('status_rolled_back', { at: 'iat' })
    await lists.keep(kept, list)
    requireRecent(list, now, maxStaleness > 0 ? maxStaleness : day)
    return { kept, list }
  }

  /** Whether a list may answer without its address being asked again. */
  private isFresh({ kept, list }: Known, { now, clockTolerance }: StatusQuestion): boolean {
    const { maxStaleness } = this.settings
    const sinceFetched = secondsBetween(kept.fetchedAt, now)
    const expired = list.expires !== undefined && list.expires <= now
    return (
      maxStaleness > 0 &&
      !expired &&
      secondsBetween(list.issuedAt, now) <= maxStaleness &&
      sinceFetched < (list.ttl ?? modestTtl) &&
      sinceFetched >= -clockTolerance // a clock that was set back makes no list fresher
    )
  }

  private async answerFrom(known: Known, question: StatusQuestion): Promise<StatusAnswer> {
    const { maxStaleness } = this.settings
    if (maxStaleness === 0) throw stale(0)
    requireCurrent(known.list, question)
    requireRecent(known.list, question.now, maxStaleness)
    return reply(known, question)
  }

  /** What can be had of one list for a snapshot. */
  private async atHand(uri: string, signal: AbortSignal | undefined): Promise<readonly KeptToken[]> {
    const { fetch, timeout, lists, now } = this.settings
    if (fetch === undefined) {
      const kept = await lists.of(uri)
      if (kept.length === 0) throw notAtHand()
      return kept
    }
    const request = {
      fetch,
      accept: bothForms,
      limits: defaultLimits,
      timeout,
      now: readClock(now),
      signal,
      shared: true,
    }
    const fetched = await this.exchanges.fetch(uri, request)
    if (fetched.mediaType === jwtMediaType) requireSubject(statusListJwt.parse(fetched.token, defaultLimits), uri)
    return [fetched]
  }
}

/** The newest list that a question believes; where there is none, why the first was not believed. */
async function newestKnown(
  candidates: readonly KeptList[],
  expected: ExpectedStatusList,
): Promise<{ readonly known?: Known; readonly refusal?: VidimusError }> {
  let known: Known | undefined
  let refusal: VidimusError | undefined
  for (const kept of candidates) {
    try {
      const list = await kept.open(expected)
      if (known === undefined || list.issuedAt > known.list.issuedAt) known = { kept, list }
    } catch (error) {
      if (!(error instanceof VidimusError)) throw error
      refusal ??= error
    }
  }
  return known === undefined ? (refusal === undefined ? {} : { refusal }) : { known }
}

async function reply(
  { kept, list }: Known,
  { reference }: StatusQuestion,
  source: StatusAnswer['source'] = kept.source,
): Promise<StatusAnswer> {
  const value = statusAt(list, reference.index)
  return { value, token: kept.token, tokenDigest: await kept.tokenDigest(), asOf: list.issuedAt, source }
}

function requireRecent({ issuedAt }: VerifiedStatusList, now: Date, maxStaleness: number): void {
  const age = secondsBetween(issuedAt, now)
  if (age > maxStaleness) throw stale(maxStaleness, Math.floor(age))
}

const secondsBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / 1000

const stale = (maxStaleness: number, age?: number) =>
  new VidimusError('status_stale', {
    at: 'iat',
    expected: maxStaleness,
    actual: age,
  })

const notAtHand = () => new VidimusError('status_unreachable', { at: 'uri' })
