/**
 * Messages for others, written in the transaction of what they tell and sent once it is committed: nothing is told that did
 * not happen, and nothing that happened stays untold.
 */
import { randomBytes } from '#crypto'
import { misuse } from '../core/arguments.js'
import { base64url } from '../core/bytes.js'
import { type Clock, readClock } from '../core/clock.js'
import type { Transaction } from '../core/transaction.js'
import { expectOfficeStore } from './idempotency.js'
import type { OfficeStore, OutboxMessage } from './store.js'

/** How many messages are taken at once, and for how long. */
export interface DeliverOptions {
  /** Messages taken at once, 1 to 1000. Default: 100. */
  readonly limit?: number | undefined
  /** Seconds that others leave them to us, and that one which failed waits for its next attempt. Default: 60. */
  readonly lease?: number | undefined
  readonly now?: Clock | undefined
  /** Rejects with its reason, between two messages. Those not delivered yet wait for the end of their lease. */
  readonly signal?: AbortSignal | undefined
}

/** What became of the messages that were taken. */
export interface Delivery {
  /** How many messages were delivered, and are gone from the outbox. */
  readonly delivered: number
  /** Those that were not, oldest first, with what `deliver` threw. They stay, and come again after their lease. */
  readonly failed: readonly { readonly message: OutboxMessage; readonly error: unknown }[]
}

/** Characters. */
const largestTopic = 64
const largestBody = 65_536
const mostMessages = 1000

const idBytes = 16

/**
 * Writes a message for others into a transaction of the office's store, and gives its id. `topic` is a snake_case word of
 * at most 64 characters, `body` any text of at most 65,536: an identifier to ask about rather than personal data, for it
 * is kept in the clear until it is delivered. Throws `TypeError` for anything else.
 */
export async function enqueue(
  store: OfficeStore,
  transaction: Transaction,
  { topic, body }: { readonly topic: string; readonly body: string },
): Promise<string> {
  expectOfficeStore(store)
  if (typeof topic !== 'string' || topic.length > largestTopic || !/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/.test(topic))
    throw misuse('topic', `a snake_case word of at most ${largestTopic} characters`)
  if (typeof body !== 'string' || body.length > largestBody)
    throw misuse('body', `a text of at most ${largestBody} characters`)
  const id = base64url(randomBytes(idBytes))
  await store.insertMessage(transaction, { id, topic, body })
  return id
}

/**
 * Delivers the oldest messages, one after the other, outside of any transaction, and erases each once `deliver` resolves.
 * Call it again until nothing was delivered and nothing failed, and then from time to time; several processes may.
 *
 * At least once: a crash between delivery and erasure, or a delivery that outlasts its lease, repeats a message, so that the
 * receiver tells repetitions by `id`. No message is delivered by two at once within a lease, and none is lost. One that
 * fails holds nobody up: it waits for the end of its lease, and comes after those that had no turn yet.
 *
 * Throws `TypeError` and `RangeError` on misuse, and what the store throws.
 * @example
 * const { delivered, failed } = await deliverOutbox(store, ({ id, topic, body }) => queue.send(topic, body, { id }))
 */
export async function deliverOutbox(
  store: OfficeStore,
  deliver: (message: OutboxMessage) => Promise<unknown>,
  options: DeliverOptions = {},
): Promise<Delivery> {
  const { limit = 100, lease = 60, now, signal } = options
  expectOfficeStore(store)
  if (typeof deliver !== 'function') throw misuse('deliver', 'a function')
  if (!Number.isInteger(limit) || limit < 1 || limit > mostMessages)
    throw new RangeError(`\`limit\` must be a whole number from 1 to ${mostMessages}`)
  if (!Number.isSafeInteger(lease) || lease < 1) throw new RangeError('`lease` must be a whole number of seconds')
  signal?.throwIfAborted()
  const { messages, until } = await take(store, limit, lease, now)
  const failed: { message: OutboxMessage; error: unknown }[] = []
  let delivered = 0
  for (const message of messages) {
    signal?.throwIfAborted()
    // From here on somebody else may have it.
    if (readClock(now) >= until) break
    try {
      await deliver(message)
    } catch (error) {
      failed.push({ message, error })
      continue
    }
    await store.transaction(transaction => store.deleteMessages(transaction, [message.id]))
    delivered++
  }
  return Object.freeze({ delivered, failed })
}

/** The lease counts from inside the transaction, which may have waited for its turn. */
const take = (
  store: OfficeStore,
  limit: number,
  lease: number,
  clock: Clock | undefined,
): Promise<{ readonly messages: readonly OutboxMessage[]; readonly until: Date }> =>
  store.transaction(async transaction => {
    const now = readClock(clock)
    const until = new Date(now.getTime() + lease * 1000)
    return { messages: await store.leaseMessages(transaction, { now, until, limit }), until }
  })
