/** A status asked of the network where a list is due (Token Status List §8): what a checker adds to `list-checker.ts`. */
import { misuse } from '../core/arguments.js'
import { secondsBetween } from '../core/clock.js'
import { expectTimeout } from '../core/timeout.js'
import { VidimusError } from '../errors.js'
import { requireCurrent } from '../formats/status-list/token.js'
import type { StatusAnswer } from '../verification/status.js'
import { Exchanges } from './exchanges.js'
import { FetchedLists, type StatusCache } from './fetched.js'
import type { KeptList } from './kept-list.js'
import { type Asked, day, type Known, ListChecker, type ListCheckerOptions, requireRecent } from './list-checker.js'
import type { StatusFetch } from './response.js'

/** How a checker comes by its lists, and how old they may be. */
export interface FetchingOptions extends ListCheckerOptions {
  /** Asks the network: the platform's `fetch` or one of its shape. Absent: offline, from imported snapshots alone. */
  readonly fetch?: StatusFetch | undefined
  /**
   * For how many addresses fetched lists are kept in memory (64), or where their tokens are kept besides. All together take
   * at most 128 MiB, and those imported as much.
   */
  readonly cache?: number | StatusCache | undefined
  /** Seconds for one fetch, and for one answer of a `cache` of one's own, at most 300: 10 by default. */
  readonly timeout?: number | undefined
}

/** Makes a checker that fetches. Throws `TypeError` or `RangeError` naming the option. */
export type StatusListFetching = (options: FetchingOptions) => ListChecker

/**
 * Fetches status lists where they are due, and keeps them. Handed to `statusChecker` of `vidimus/browser`, which without it
 * answers from imported snapshots alone.
 * @example statusChecker({ fetch, statusListFetching })
 */
export const statusListFetching: StatusListFetching = options => new FetchingChecker(options)

/** The checker behind `statusChecker`. */
export class FetchingChecker extends ListChecker {
  protected readonly fetch: StatusFetch | undefined
  protected readonly timeout: number
  protected readonly exchanges = new Exchanges()
  readonly #fetched: FetchedLists
  /** Whether a list that is due to be renewed may answer when it cannot be. */
  readonly #staleAnswers: boolean

  constructor({ fetch, cache = 64, timeout = 10, ...options }: FetchingOptions) {
    super(options)
    if (fetch !== undefined && typeof fetch !== 'function') throw misuse('fetch', 'a function')
    this.fetch = fetch
    this.timeout = expectTimeout(timeout)
    this.#fetched = fetchedLists(cache, timeout)
    this.#staleAnswers = options.maxStaleness !== undefined
  }

  /** What is in memory for an address: those fetched before those imported, the latest first. */
  protected atHand(uri: string): readonly KeptList[] {
    return [...this.#fetched.get(uri), ...this.imported.get(uri)]
  }

  protected allAtHand(): readonly KeptList[] {
    return [...this.#fetched.all(), ...this.imported.all()]
  }

  protected override settle(): void {
    super.settle()
    this.#fetched.settle()
  }

  protected override async answer(asked: Asked): Promise<StatusAnswer> {
    const found = await this.#atBest(asked)
    const known = found instanceof VidimusError ? undefined : found
    if (known !== undefined && this.#isFresh(known, asked)) return this.reply(known, asked)
    const { fetch } = this
    if (fetch === undefined) return this.#answerStale(found, asked)
    let renewed: Known
    try {
      renewed = await this.#renew(fetch, known, asked)
    } catch (failure) {
      if (!this.#staleAnswers || !(failure instanceof VidimusError)) throw failure
      // As the new list could not be had; if the one known may not answer either, it is the failure that is told.
      return this.#answerStale(known ?? failure, asked).catch(() => {
        throw failure
      })
    }
    return { ...(await this.reply(renewed, asked)), source: 'fetched' }
  }

  /**
   * The newest list at hand that a question believes, or why there is none; the cache beyond memory is asked where memory has
   * none that is fresh.
   */
  async #atBest(asked: Asked): Promise<Known | VidimusError> {
    const atHand = this.atHand(asked.uri)
    const found = await this.newestOf(atHand, asked).catch(refusalOrThrow)
    if (!(found instanceof VidimusError) && this.#isFresh(found, asked)) return found
    const recalled = await this.#fetched.recall(asked.uri)
    if (recalled === undefined) return found
    const known = await this.newestOf([recalled, ...atHand], asked).catch(refusalOrThrow)
    if (!(known instanceof VidimusError) && known.kept === recalled) this.#fetched.remember(recalled, known.list)
    return known
  }

  /** Fetches the list and puts it in the place of the one known, unless it is older. */
  async #renew(fetch: StatusFetch, known: Known | undefined, asked: Asked): Promise<Known> {
    const { timeout, maxStaleness } = this
    const { uri, form, limits, now, signal } = asked
    const request = { fetch, accept: [form.mediaType], limits, timeout, now, signal, shared: maxStaleness > 0 }
    const { kept: fetched } = await this.exchanges.fetch(uri, request)
    const kept = known?.kept.token === fetched.token ? known.kept : fetched
    const list = await kept.open(asked)
    requireCurrent(list, asked)
    if ((known !== undefined && list.issuedAt < known.list.issuedAt) || this.newest.isOlder(list))
      throw new VidimusError('status_rolled_back', { at: 'iat' })
    kept.hadAgain(fetched.fetchedAt, 'cached')
    await this.#fetched.keep(kept, list)
    requireRecent(list, now, maxStaleness > 0 ? maxStaleness : day)
    return { kept, list }
  }

  /** Whether a list may answer without its address being asked again. */
  #isFresh(known: Known, asked: Asked): boolean {
    const { kept, list } = known
    // Nobody has signed when a snapshot was taken.
    const since = kept.source === 'snapshot' ? list.issuedAt : kept.fetchedAt
    try {
      return (
        !this.isDue(known, asked, since) &&
        secondsBetween(since, asked.now) >= -asked.clockTolerance &&
        !this.newest.isOlder(list)
      )
    } catch (error) {
      refusalOrThrow(error)
      return false
    }
  }

  async #answerStale(found: Known | VidimusError, asked: Asked): Promise<StatusAnswer> {
    if (found instanceof VidimusError) throw found
    return { ...(await this.answerAtHand(found, asked)), stale: true }
  }
}

function fetchedLists(cache: number | StatusCache, timeout: number): FetchedLists {
  if (typeof cache === 'number') {
    if (!Number.isSafeInteger(cache) || cache < 1) throw new RangeError('`cache` must be a number of lists, at least 1')
    return new FetchedLists({ addresses: cache })
  }
  if (typeof cache?.get !== 'function' || typeof cache.set !== 'function')
    throw misuse('cache', 'a number, or have `get` and `set`')
  return new FetchedLists({ addresses: 64 }, cache, timeout)
}

/** A refusal as a value; what is none is somebody's mistake. */
function refusalOrThrow(error: unknown): VidimusError {
  if (error instanceof VidimusError) return error
  throw error
}
