/** Statuses of the past: the list that was in force at a verdict's time, asked of its publisher (Token Status List §8.4). */
import { abortable } from '../core/abort.js'
import { fromSeconds, toSeconds } from '../core/clock.js'
import { VidimusError } from '../errors.js'
import { statusAt } from '../formats/status-list/bits.js'
import { statusListJwt } from '../formats/status-list/jwt.js'
import { cwtMediaType, jwtMediaType, type VerifiedStatusList } from '../formats/status-list/token.js'
import type { StatusAnswer, StatusChecker, StatusQuestion } from '../verification/status.js'
import type { Trust } from '../verification/trust.js'
import { Exchanges } from './exchanges.js'
import type { StatusFetch } from './response.js'
import { signersOf } from './signers.js'

export interface HistorySettings {
  readonly fetch: StatusFetch
  readonly timeout: number
  readonly trust: Trust | undefined
}

/** Asks anew for every question: nothing is kept, for a list of the past must never answer for the present. */
export class HistoryChecker implements StatusChecker {
  readonly #settings: HistorySettings
  readonly #exchanges = new Exchanges()

  constructor(settings: HistorySettings) {
    this.#settings = settings
  }

  async check(question: StatusQuestion): Promise<StatusAnswer> {
    question.signal?.throwIfAborted()
    return abortable(this.#answer(question), question.signal)
  }

  async #answer(question: StatusQuestion): Promise<StatusAnswer> {
    const { reference, form = statusListJwt, now, limits, signal } = question
    const { uri, index } = reference
    const { trust, ...settings } = this.#settings
    // Other lists have other words for the time.
    if (form.mediaType !== jwtMediaType && form.mediaType !== cwtMediaType)
      throw new VidimusError('status_history_unsupported')
    const time = toSeconds(now)
    const request = { ...settings, accept: [form.mediaType], limits, now, signal, shared: true }
    const { kept } = await this.#exchanges.fetch(addressAt(uri, time), request).catch(inTermsOfHistory)
    // Both ends count here, unlike those of RFC 7519; `requireInForce` draws the line.
    const clockTolerance = Math.max(1, question.clockTolerance)
    const list = await kept.open({ ...question, form, uri, clockTolerance, signers: signersOf(question, trust) })
    requireInForce(list, fromSeconds(time))
    const value = statusAt(list, index)
    return { value, token: kept.token, tokenDigest: await kept.tokenDigest(), asOf: list.issuedAt, source: 'fetched' }
  }
}

const addressAt = (uri: string, time: number): string => `${uri}${uri.includes('?') ? '&' : '?'}time=${time}`

/** §8.4: what the publisher says by its HTTP status. */
function inTermsOfHistory(error: unknown): never {
  if (error instanceof VidimusError && error.code === 'status_response_invalid') {
    if (error.actual === 501) throw new VidimusError('status_history_unsupported')
    if (error.actual === 404) throw new VidimusError('status_history_unknown')
  }
  throw error
}

/**
 * §8.4: a host that does not mind the question serves its present list, so the time must lie within the list's own times,
 * without tolerance. A list that does not say when it ends says nothing of a later time.
 */
function requireInForce({ issuedAt, expires }: VerifiedStatusList, time: Date): void {
  if (issuedAt > time) throw new VidimusError('status_issued_in_future', { at: 'iat' })
  if (expires === undefined) throw new VidimusError('status_history_unknown', { at: 'exp' })
  if (expires < time) throw new VidimusError('status_expired', { at: 'exp' })
}
