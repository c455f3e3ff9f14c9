/**
 * A status asked of the lists at hand: which of them answers, and which no longer may (Token Status List §8). Without a
 * network, from imported snapshots; `fetching.ts` has the one that fetches.
 */
import { abortable } from '../core/abort.js'
import { publicAddress } from '../core/address.js'
import { misuse } from '../core/arguments.js'
import { secondsBetween } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { statusListJwt } from '../formats/status-list/jwt.js'
import {
  type ExpectedStatusList,
  requireCurrent,
  statusOf,
  type VerifiedStatusList,
} from '../formats/status-list/token.js'
import type { StatusAnswer, StatusChecker, StatusQuestion } from '../verification/status.js'
import { expectTrust, type Trust } from '../verification/trust.js'
import { ImportedLists } from './kept.js'
import type { KeptList } from './kept-list.js'
import { NewestAnswers } from './newest.js'
import { signersOf } from './signers.js'
import { decodeSnapshot, type SnapshotSummary, summarise } from './snapshot.js'

/** How old the lists of a checker may be, and who signs them. */
export interface ListCheckerOptions {
  /**
   * How many seconds ago the issuer may have issued a list for it to count: a day by default. Where it is stated, a list
   * that is due to be renewed may still answer within it when no newer one can be had, and its answer is `stale`; where it is
   * not, such a list answers nothing but to a checker without `fetch`. 0 never answers from a list that was fetched for an
   * earlier question; how old the one just fetched may be is then bounded by the default.
   */
  readonly maxStaleness?: number | undefined
  /**
   * Signers of status lists beside those that a verdict believes for the issuer: every anchor with the purpose `status`,
   * whoever it speaks for. For issuers whose lists others sign.
   */
  readonly trust?: Trust | undefined
}

/** Seconds. */
export const day = 86_400
/** Seconds that a list without `ttl` is kept, and that any is kept at most: a careless issuer must not freeze a list. */
const modestTtl = 300
const largestTtl = day

/** A question, with what it demands of a list. */
export type Asked = StatusQuestion & ExpectedStatusList

/** A list that this question believes, and the token it was opened from. */
export interface Known {
  readonly kept: KeptList
  readonly list: VerifiedStatusList
}

/** A checker without a network. Throws `TypeError` or `RangeError` naming the option. */
export class ListChecker implements StatusChecker {
  protected readonly maxStaleness: number
  protected readonly imported = new ImportedLists()
  protected readonly newest = new NewestAnswers()
  readonly #trust: Trust | undefined

  constructor({ maxStaleness = day, trust, ...others }: ListCheckerOptions) {
    for (const [name, value] of Object.entries(others)) if (value !== undefined) throw misuse(name, 'left out')
    if (!Number.isFinite(maxStaleness) || maxStaleness < 0)
      throw new RangeError('`maxStaleness` must be a number of seconds, at least 0')
    this.maxStaleness = maxStaleness
    this.#trust = trust === undefined ? undefined : expectTrust(trust)
  }

  async check(question: StatusQuestion): Promise<StatusAnswer> {
    const { reference, form = statusListJwt, signal } = question
    signal?.throwIfAborted()
    const { uri } = reference
    publicAddress(uri, 'status_uri_refused')
    return abortable(this.answer({ ...question, form, uri, signers: signersOf(question, this.#trust) }), signal)
  }

  async importSnapshot(bytes: Uint8Array): Promise<SnapshotSummary> {
    if (!(bytes instanceof Uint8Array)) throw misuse('bytes', 'a Uint8Array')
    const lists = decodeSnapshot(bytes)
    this.imported.add(lists)
    return summarise(lists)
  }

  protected async answer(asked: Asked): Promise<StatusAnswer> {
    return this.answerAtHand(await this.newestOf(this.imported.get(asked.uri), asked), asked)
  }

  /** The newest list that a question believes. Throws why the first is not believed, and `status_unreachable` without any. */
  protected async newestOf(lists: readonly KeptList[], asked: Asked): Promise<Known> {
    let known: Known | undefined
    let refusal: VidimusError | undefined
    for (const kept of lists) {
      const { isOpen } = kept
      try {
        const list = await kept.open(asked)
        if (!isOpen) this.settle()
        if (known === undefined || list.issuedAt > known.list.issuedAt) known = { kept, list }
      } catch (error) {
        if (!(error instanceof VidimusError)) throw error
        refusal ??= error
      }
    }
    if (known === undefined) throw refusal ?? notAtHand()
    return known
  }

  /** To be called when lists have been opened: they take more room. */
  protected settle(): void {
    this.imported.settle()
  }

  /** What a list says that was not fetched for this question. Throws where it may not answer any more. */
  protected async answerAtHand(known: Known, asked: Asked): Promise<StatusAnswer> {
    const isDue = this.isDue(known, asked, known.list.issuedAt)
    return { ...(await this.reply(known, asked)), ...(isDue && { stale: true }) }
  }

  /** Whether a newer list is due, by one that was had at a time. Throws where it may not even answer for want of that. */
  protected isDue({ kept, list }: Known, asked: Asked, since: Date): boolean {
    const { ttl = modestTtl, expires } = list
    // A clock that was set back makes no list fresher.
    const latest = kept.latest(asked.now)
    requireCurrent(list, asked, latest)
    requireRecent(list, latest, this.maxStaleness)
    return (expires !== undefined && latest >= expires) || secondsBetween(since, latest) >= Math.min(ttl, largestTtl)
  }

  protected async reply({ kept, list }: Known, { form, reference }: Asked): Promise<StatusAnswer> {
    const value = statusOf(form, list, reference.index)
    const tokenDigest = await kept.tokenDigest()
    this.newest.note(list)
    return { value, token: kept.token, tokenDigest, asOf: list.issuedAt, source: kept.source }
  }
}

/** Throws `status_stale`. With a limit of 0 no list is recent. */
export function requireRecent({ issuedAt }: VerifiedStatusList, now: Date, maxStaleness: number): void {
  const age = secondsBetween(issuedAt, now)
  if (age > maxStaleness || maxStaleness === 0)
    throw new VidimusError('status_stale', { at: 'iat', expected: maxStaleness, actual: Math.floor(age) })
}

/** The refusal of a list that a checker without a network does not have. */
export const notAtHand = () => new VidimusError('status_unreachable', { at: 'uri' })
