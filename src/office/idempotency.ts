/**
 * A request that is answered once, however often it is sent: the Idempotency-Key of HTTP APIs.
 *
 * Key, answer and everything the request did commit together, and the key is claimed by the database's own uniqueness. So a
 * client that heard nothing, or heard `store_commit_unknown`, sends the same again and learns what was done.
 */
import { sha256 } from '#crypto'
import { misuse } from '../core/arguments.js'
import { base64url, utf8 } from '../core/bytes.js'
import { type Clock, readClock } from '../core/clock.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import type { OfficeStore } from './store.js'

/** The request that is answered, by the client's name for it and by all it asked. */
export interface AnswerOnceOptions {
  /** The client's name for the request, the same in every attempt: 1 to 255 printable ASCII characters. */
  readonly key: string
  /** All that was asked, as one text that is the same in every attempt: canonical JSON. Only its SHA-256 is kept. */
  readonly request: string
  /** When the answer may be forgotten. Default: a day from now. */
  readonly expires?: Date | undefined
  readonly now?: Clock | undefined
  /** Rejects with its reason, and nothing is kept, until the commit begins. */
  readonly signal?: AbortSignal | undefined
}

/** An answer, fresh or as it was given before. */
export interface Answered {
  readonly answer: string
  /** Whether it was given before: then nothing was done this time. */
  readonly replayed: boolean
}

/** When answers count as expired: now, unless a clock says otherwise. */
export interface ForgetAnswersOptions {
  readonly now?: Clock | undefined
  readonly signal?: AbortSignal | undefined
}

/** Seconds. */
const day = 86_400

/** How often a key may be forgotten by others between being found taken and being looked up. */
const claimsTried = 16

/**
 * Answers a request once. The first call with a key runs `work` and keeps its answer, in one transaction; every later or
 * parallel one gets that answer, and `work` does not run. When `work` throws, nothing is kept and the key is free again.
 * What is no write in the transaction given has to bear being done twice; a message to others goes through `enqueue`.
 *
 * An answer and the digest of a request that can be guessed are personal data if the request is about a person: they are
 * kept in the clear until `forgetAnswers` finds them expired, and until then they answer.
 *
 * Throws `idempotency_key_reused` when the key was used for another request, `encoding_invalid` for a request with half
 * of a character, `TypeError` on misuse, and what `work` and the store throw.
 * @example
 * const { answer } = await answerOnce(store, { key, request: canonicalRequest }, async transaction => {
 *   await registry.set(id, 'suspended', { transaction })
 *   return 'suspended'
 * })
 * await audit.sequence() // the registry leaves it to whoever opened the transaction: only what is committed gets its place in the log
 */
export async function answerOnce(
  store: OfficeStore,
  options: AnswerOnceOptions,
  work: (transaction: Transaction) => Promise<string>,
): Promise<Answered> {
  const { key, signal } = options
  expectOfficeStore(store)
  if (typeof key !== 'string' || !/^[ -~]{1,255}$/.test(key)) throw misuse('key', '1 to 255 printable ASCII characters')
  if (typeof work !== 'function') throw misuse('work', 'a function')
  const expires = readExpiry(options)
  const request = await digestOf(options.request)
  signal?.throwIfAborted()
  const answered = await store.transaction(async transaction => {
    const before = await claim(store, transaction, { key, request, expires })
    const answer = before ?? (await work(transaction))
    if (before === undefined) await store.keepAnswer(transaction, key, expectAnswer(answer))
    signal?.throwIfAborted()
    return { answer, replayed: before !== undefined }
  })
  return Object.freeze(answered)
}

/**
 * Erases the answers whose time ran out, and says how many. Their keys are free: a request that is sent again after that
 * is done again.
 */
export async function forgetAnswers(store: OfficeStore, options: ForgetAnswersOptions = {}): Promise<number> {
  expectOfficeStore(store)
  const now = readClock(options.now)
  options.signal?.throwIfAborted()
  return store.transaction(transaction => store.forgetAnswers(transaction, now))
}

/** Throws `TypeError` for what is no store of an office. */
export function expectOfficeStore(store: OfficeStore): void {
  if (typeof store?.transaction !== 'function' || typeof store.claimKey !== 'function')
    throw misuse('store', 'a store of an office')
}

function readExpiry({ expires, now }: AnswerOnceOptions): Date {
  const time = readClock(now).getTime()
  if (expires === undefined) return new Date(time + day * 1000)
  if (!(expires instanceof Date) || !(expires.getTime() > time)) throw misuse('expires', 'a Date after now')
  return expires
}

async function digestOf(request: unknown): Promise<string> {
  if (typeof request !== 'string' || request === '') throw misuse('request', 'a non-empty string')
  return base64url(await sha256(utf8(request)))
}

/** The answer given before; `undefined` once the key is ours. Throws `idempotency_key_reused`. */
async function claim(
  store: OfficeStore,
  transaction: Transaction,
  row: { readonly key: string; readonly request: string; readonly expires: Date },
): Promise<string | undefined> {
  for (let tries = 0; tries < claimsTried; tries++) {
    if (await store.claimKey(transaction, row)) return undefined
    const found = await store.findAnswer(transaction, row.key)
    if (found === undefined) continue
    if (found.request !== row.request) throw new VidimusError('idempotency_key_reused')
    if (found.answer === undefined) throw new Error('the key was claimed by a transaction that kept no answer')
    return found.answer
  }
  throw new Error('the store says that the key is taken, and does not find it')
}

function expectAnswer(answer: unknown): string {
  if (typeof answer !== 'string') throw misuse('work', 'a function that returns a promise of a string')
  return answer
}
