/**
 * A status asked of the lists at hand, and of the network where they are due: which list answers, and which no longer may
 * (Token Status List §8).
 */
import { abortable } from '../core/abort.js'
import { publicAddress } from '../core/address.js'
import { misuse } from '../core/arguments.js'
import type { Clock } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { statusListJwt } from '../formats/status-list/jwt.js'
import {
  type ExpectedStatusList,
  requireCurrent,
  statusOf,
  type VerifiedStatusList,
} from '../formats/status-list/token.js'
import type { StatusAnswer, StatusChecker, StatusQuestion } from '../verification/status.js'
import type { Trust } from '../verification/trust.js'
import { Exchanges } from './exchanges.js'
import type { KeptLists } from './kept.js'
import type { KeptList } from './kept-list.js'
import { NewestAnswers } from './newest.js'
import { type StatusFetch, statusCodes } from './response.js'
import { signersOf } from './signers.js'
import { decodeSnapshot, type SnapshotSummary, summarise } from './snapshot.js'

/** What a checker was made with, read; durations in seconds. */
export interface CheckerSettings {
  readonly fetch: StatusFetch | undefined
  readonly trust: Trust | undefined
  readonly maxStaleness: number
  /** Whether a list that is due to be renewed may answer when it cannot be. */
  readonly staleAnswers: boolean
  readonly timeout: number
  readonly lists: KeptLists
  readonly now: Clock
}

/** Seconds. */
const day = 86_400
/** Seconds that a list without `ttl` is kept, and that any is kept at most: a careless issuer must not freeze a list. */
const modestTtl = 300
const largestTtl = day

/** A list that this question believes, and the token it was opened from. */
interface Known {
  readonly kept: KeptList
  readonly list: VerifiedStatusList
}

/** What was found at hand; where nothing is believed, why the first was not. */
interface Found {
  readonly known: Known | undefined
  readonly refusal: VidimusError | undefined
}

/** The checker behind `statusChecker`. */
export class ListChecker implements StatusChecker {
  readonly #settings: CheckerSettings
  readonly #exchanges: Exchanges
  readonly #newest = new NewestAnswers()

  constructor(settings: CheckerSettings, exchanges = new Exchanges()) {
    this.#settings = settings
    this.#exchanges = exchanges
  }

  async check(question: StatusQuestion): Promise<StatusAnswer> {
    const { reference, signal } = question
    signal?.throwIfAborted()
    publicAddress(reference.uri, statusCodes.refused)
    return abortable(this.#answer(question), signal)
  }

  async importSnapshot(bytes: Uint8Array): Promise<SnapshotSummary> {
    if (!(bytes instanceof Uint8Array)) throw misuse('bytes', 'a Uint8Array')
    const lists = decodeSnapshot(bytes)
    this.#settings.lists.import(lists)
    return summarise(lists)
  }

  async #answer(question: StatusQuestion): Promise<StatusAnswer> {
    const { trust, fetch, staleAnswers } = this.#settings
    const { uri } = question.reference
    const expected = { ...question, form: question.form ?? statusListJwt, uri, signers: signersOf(question, trust) }
    const { known, refusal } = await this.#atBest(expected)
    if (known !== undefined && this.#isFresh(known, question)) return this.#reply(known, question)
    if (fetch === undefined) {
      if (known === undefined) throw refusal ?? notAtHand()
      return this.#answerStale(known, question)
    }
    let renewed: Known
    try {
      renewed = await this.#renew(fetch, known, expected, question.signal)
    } catch (failure) {
      if (known === undefined || !staleAnswers || !(failure instanceof VidimusError)) throw failure
      // As the new list could not be had; if the one known may not answer either, it is the failure that is told.
      return this.#answerStale(known, question).catch(() => {
        throw failure
      })
    }
    return { ...(await this.#reply(renewed, question)), source: 'fetched' }
  }

  /** The newest list at hand that a question believes; the cache beyond memory is asked where memory has none that is fresh. */
  async #atBest(expected: ExpectedStatusList): Promise<Found> {
    const { lists } = this.#settings
    const atHand = lists.of(expected.uri)
    const found = await this.#newestKnown(atHand, expected)
    if (found.known !== undefined && this.#isFresh(found.known, expected)) return found
    const recalled = await lists.recall(expected.uri)
    if (recalled === undefined) return found
    const all = await this.#newestKnown([recalled, ...atHand], expected)
    if (all.known?.kept === recalled) lists.remember(recalled, all.known.list)
    return all
  }

  async #newestKnown(candidates: readonly KeptList[], expected: ExpectedStatusList): Promise<Found> {
    let known: Known | undefined
    let refusal: VidimusError | undefined
    for (const kept of candidates) {
      const wasOpen = kept.isOpen
      try {
        const list = await kept.open(expected)
        if (!wasOpen) this.#settings.lists.settle()
        if (known === undefined || list.issuedAt > known.list.issuedAt) known = { kept, list }
      } catch (error) {
        if (!(error instanceof VidimusError)) throw error
        refusal ??= error
      }
    }
    return { known, refusal }
  }

  /** Fetches the list and puts it in the place of the one known, unless it is older. */
  async #renew(
    fetch: StatusFetch,
    known: Known | undefined,
    expected: ExpectedStatusList,
    signal: AbortSignal | undefined,
  ): Promise<Known> {
    const { timeout, maxStaleness, lists } = this.#settings
    const { uri, limits, now, form } = expected
    const request = { fetch, accept: [form.mediaType], limits, timeout, now, signal, shared: maxStaleness > 0 }
    const fetched = await this.#exchanges.fetch(uri, request)
    const kept = known?.kept.token === fetched.token ? known.kept.hadAgain(fetched.fetchedAt, 'cached') : fetched
    const list = await kept.open(expected)
    requireCurrent(list, expected)
    if ((known !== undefined && list.issuedAt < known.list.issuedAt) || this.#newest.isOlder(list))
      throw new VidimusError('status_rolled_back', { at: 'iat' })
    await lists.keep(kept, list)
    requireRecent(list, now, maxStaleness > 0 ? maxStaleness : day)
    return { kept, list }
  }

  /** Whether a list may answer without its address being asked again. */
  #isFresh({ kept, list }: Known, { now, clockTolerance }: Pick<StatusQuestion, 'now' | 'clockTolerance'>): boolean {
    const { maxStaleness } = this.#settings
    const { ttl = modestTtl, issuedAt, expires } = list
    // Nobody has signed when a snapshot was taken.
    const since = kept.source === 'snapshot' ? issuedAt : kept.fetchedAt
    // A clock that was set back makes no list fresher.
    const latest = kept.latest(now)
    const isFuture = Math.min(secondsBetween(since, now), secondsBetween(issuedAt, now)) < -clockTolerance
    return (
      maxStaleness > 0 &&
      !isFuture &&
      (expires === undefined || latest < expires) &&
      secondsBetween(issuedAt, latest) <= maxStaleness &&
      secondsBetween(since, latest) < Math.min(ttl, largestTtl) &&
      !this.#newest.isOlder(list)
    )
  }

  async #answerStale(known: Known, question: StatusQuestion): Promise<StatusAnswer> {
    const { maxStaleness } = this.#settings
    const { now, clockTolerance } = question
    if (maxStaleness === 0) throw stale(0)
    const latest = known.kept.latest(now)
    requireCurrent(known.list, question)
    requireCurrent(known.list, { now: latest, clockTolerance })
    requireRecent(known.list, latest, maxStaleness)
    return { ...(await this.#reply(known, question)), stale: true }
  }

  async #reply({ kept, list }: Known, { reference, form = statusListJwt }: StatusQuestion): Promise<StatusAnswer> {
    const value = statusOf(form, list, reference.index)
    const tokenDigest = await kept.tokenDigest()
    this.#newest.note(list)
    return { value, token: kept.token, tokenDigest, asOf: list.issuedAt, source: kept.source }
  }
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

/** The refusal of a list that a checker without a network does not have. */
export const notAtHand = () => new VidimusError('status_unreachable', { at: 'uri' })
