/** Status lists that were fetched: in memory, bounded in number as in size, and in a store of the caller's beyond it. */
import { abortable } from '../core/abort.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { defaultLimits, within } from '../core/limits.js'
import { keptPerAddress, Shelf } from './kept.js'
import { KeptList, type KeptToken, type Signed, sameSigner } from './kept-list.js'

/**
 * Where tokens outlive the process or are shared between several: any store of text will do. It need not be trusted
 * with anything, for every token is verified when it is taken out, and what fails or takes longer than a fetch may is done
 * without. Of one address it holds the token that was set last.
 */
export interface StatusCache {
  /** Whatever is no token for this address is none. */
  get(uri: string): Awaitable<KeptToken | null | undefined>
  set(kept: KeptToken): Awaitable<void>
}

/** What is kept at most. */
export interface Room {
  readonly addresses: number
  readonly bytes?: number | undefined
}

export class FetchedLists extends Shelf {
  readonly #addresses: number
  readonly #beyond: StatusCache | undefined
  readonly #timeout: number
  readonly #recalls = new Map<string, Promise<KeptList | undefined>>()

  /** `timeout`: seconds that the cache beyond memory may take for one answer. */
  constructor({ addresses, bytes }: Room, beyond?: StatusCache, timeout = 10) {
    super(bytes)
    this.#addresses = addresses
    this.#beyond = beyond
    this.#timeout = timeout
  }

  /** What the cache beyond memory holds for an address; one answer for all who ask at once. */
  async recall(uri: string): Promise<KeptList | undefined> {
    const [beyond, recalls] = [this.#beyond, this.#recalls]
    if (beyond === undefined) return undefined
    const recalled =
      recalls.get(uri) ??
      // A cache that fails costs a fetch, not a verdict.
      this.#attempt(async () => this.#recognise(uri, readKept(await beyond.get(uri), uri))).finally(() =>
        recalls.delete(uri),
      )
    recalls.set(uri, recalled)
    return recalled
  }

  /** Keeps a list that was opened, in place of older ones that the same key signed. */
  remember(kept: KeptList, list: Signed): void {
    const others = this.get(kept.uri).filter(other => other !== kept && !isSuperseded(other, list))
    this.put(kept.uri, [kept, ...others].slice(0, keptPerAddress))
    if (this.lists.size > this.#addresses) this.lists.delete(this.lists.keys().next().value as string)
    this.settle()
  }

  /** The same, for a list just fetched: beyond memory as well. */
  async keep(kept: KeptList, list: Signed): Promise<void> {
    this.remember(kept, list)
    const { uri, token, fetchedAt } = kept
    await this.#attempt(async () => this.#beyond?.set({ uri, token, fetchedAt }))
  }

  #recognise(uri: string, kept: KeptToken | undefined): KeptList | undefined {
    if (kept === undefined) return undefined
    const same = this.get(uri).find(({ token }) => token === kept.token)
    if (same === undefined) return new KeptList(kept, 'cached')
    // What memory holds knows more of itself than its copy, unless the copy was fetched since.
    if (kept.fetchedAt <= same.fetchedAt) return undefined
    same.hadAgain(kept.fetchedAt, 'cached')
    return same
  }

  /** What work with the cache beyond memory comes to; `undefined` when it fails, or when time is up. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), this.#timeout * 1000)
    return abortable(work(), controller.signal)
      .catch(() => undefined)
      .finally(() => clearTimeout(timer))
  }
}

/** Whether a list by the same key is not older. */
const isSuperseded = ({ signed }: KeptList, list: Signed): boolean =>
  signed !== undefined && sameSigner(signed, list) && signed.issuedAt <= list.issuedAt

/** A copy of what a cache holds, if it has the shape of a token for this address. Throws `limit_exceeded`. */
function readKept(value: unknown, expected: string): KeptToken | undefined {
  const { uri, token, fetchedAt } = (value ?? {}) as Partial<KeptToken>
  if (uri !== expected || typeof token !== 'string') return undefined
  if (!(fetchedAt instanceof Date) || Number.isNaN(fetchedAt.getTime())) return undefined
  within(defaultLimits, 'statusTokenBytes', token.length)
  return { uri, token, fetchedAt: new Date(fetchedAt) }
}
