/** Fetches under way, so that questions which come at once about one address share an answer. */
import { abortable } from '../core/abort.js'
import type { StatusMediaType } from '../formats/status-list/token.js'
import { KeptList } from './kept-list.js'
import { fetchStatusToken, type StatusRequest } from './response.js'

export interface ExchangeRequest extends Omit<StatusRequest, 'signal'> {
  /** When it is asked; the token counts as fetched then. */
  readonly now: Date
  /** Ends this caller's waiting, and the exchange itself once nobody waits. */
  readonly signal?: AbortSignal | undefined
  /** `false`: an answer that was already under way will not do. */
  readonly shared: boolean
}

/** A list, and what it was served as. */
export interface Fetched {
  readonly kept: KeptList
  readonly mediaType: StatusMediaType
}

interface Exchange {
  /** One for all who wait, so that it is opened once. */
  readonly result: Promise<Fetched>
  readonly controller: AbortController
  waiting: number
}

export class Exchanges {
  readonly #underWay = new Map<string, Exchange>()

  /** The token at an address. Throws as `fetchStatusToken`, or rejects with the reason of this caller's signal. */
  async fetch(uri: string, request: ExchangeRequest): Promise<Fetched> {
    // A lower limit of one caller is no limit for another, and one form no answer for the other.
    const key = `${request.limits.statusTokenBytes} ${request.accept} ${uri}`
    const exchange = (request.shared ? this.#underWay.get(key) : undefined) ?? this.#start(key, uri, request)
    exchange.waiting++
    try {
      return await abortable(exchange.result, request.signal)
    } finally {
      if (--exchange.waiting === 0) this.#leave(key, exchange)
    }
  }

  #start(key: string, uri: string, { now, ...request }: ExchangeRequest): Exchange {
    const controller = new AbortController()
    const result = fetchStatusToken(uri, { ...request, signal: controller.signal }).then(({ token, mediaType }) => ({
      kept: new KeptList({ uri, token, fetchedAt: now }, 'cached'),
      mediaType,
    }))
    const exchange = { result, controller, waiting: 0 }
    this.#underWay.set(key, exchange)
    return exchange
  }

  /** The last one to leave ends what still goes on, and forgets the exchange. */
  #leave(key: string, exchange: Exchange): void {
    if (this.#underWay.get(key) === exchange) this.#underWay.delete(key)
    exchange.controller.abort()
  }
}
