/** Status lists kept between questions, by their exact address and by who signed them, within bounds of number and size. */
import { abortable } from '../core/abort.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { defaultLimits, within } from '../core/limits.js'
import type { VerifiedStatusList } from '../formats/status-list/token.js'
import { KeptList, type KeptToken } from './kept-list.js'

export type { KeptToken } from './kept-list.js'

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

/** What a checker keeps at most. */
export interface Room {
  /** Addresses whose fetched lists are kept. */
  readonly addresses: number
  /** Bytes of the lists fetched, and as many of those imported. */
  readonly bytes: number
}

/** Lists of one address that are kept at once, of several signers or imports. */
const keptPerAddress = 4

/** The lists of one checker: those fetched and those imported. */
export class KeptLists {
  readonly #fetched: Shelf
  readonly #imported: Shelf
  readonly #beyond: StatusCache | undefined
  readonly #timeout: number
  readonly #recalls = new Map<string, Promise<KeptList | undefined>>()

  /** `timeout`: seconds that the cache beyond memory may take for one answer. */
  constructor({ addresses, bytes }: Room, beyond?: StatusCache, timeout = 10) {
    this.#fetched = new Shelf({ addresses, bytes })
    // What was imported cannot be fetched again: its number is bounded by its size alone.
    this.#imported = new Shelf({ addresses: Number.POSITIVE_INFINITY, bytes })
    this.#beyond = beyond
    this.#timeout = timeout
  }

  /** What is in memory for an address: those fetched before those imported, the latest first. */
  of(uri: string): readonly KeptList[] {
    return [...this.#fetched.get(uri), ...this.#imported.get(uri)]
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
  remember(kept: KeptList, list: VerifiedStatusList): void {
    const others = this.#fetched.get(kept.uri).filter(other => !other.isSuperseded(list))
    this.#fetched.put(kept.uri, [kept, ...others].slice(0, keptPerAddress))
    this.settle()
  }

  /** The same, for a list just fetched: beyond memory as well. */
  async keep(kept: KeptList, list: VerifiedStatusList): Promise<void> {
    this.remember(kept, list)
    const { uri, token, fetchedAt } = kept
    await this.#attempt(async () => this.#beyond?.set({ uri, token, fetchedAt }))
  }

  /**
   * Adds lists that nobody has verified. Of too many at one address those go that were fetched first, as their snapshots
   * say; those that have been opened count apart, so that nothing unverified displaces them.
   */
  import(tokens: readonly KeptToken[]): void {
    for (const kept of tokens) this.#add(kept)
    this.#imported.settle()
  }

  all(): readonly KeptList[] {
    return [...this.#fetched.all(), ...this.#imported.all()]
  }

  /** To be called when lists have been opened: they take more room. */
  settle(): void {
    this.#fetched.settle()
    this.#imported.settle()
  }

  #add(kept: KeptToken): void {
    const lists = this.#imported.get(kept.uri)
    const same = lists.find(({ token }) => token === kept.token)
    const added = same === undefined ? new KeptList(kept, 'snapshot') : same.hadAgain(latestOf(same, kept))
    const all = [added, ...lists.filter(list => list !== same)].sort(byFetching)
    const newest = all.filter(list => !all.some(other => list.isOlderThan(other)))
    this.#imported.put(kept.uri, [...few(newest, true), ...few(newest, false)].sort(byFetching))
  }

  #recognise(uri: string, kept: KeptToken | undefined): KeptList | undefined {
    if (kept === undefined) return undefined
    const same = this.#fetched.get(uri).find(({ token }) => token === kept.token)
    if (same === undefined) return new KeptList(kept, 'cached')
    // What memory holds knows more of itself than its copy, unless the copy was fetched since.
    return kept.fetchedAt > same.fetchedAt ? same.hadAgain(kept.fetchedAt) : undefined
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

/** Lists by address; the least recently used give way. */
class Shelf {
  readonly #lists = new Map<string, readonly KeptList[]>()
  readonly #room: Room

  constructor(room: Room) {
    this.#room = room
  }

  get(uri: string): readonly KeptList[] {
    const lists = this.#lists.get(uri)
    if (lists === undefined) return []
    // A map lists its entries in the order in which they were set.
    this.#lists.delete(uri)
    this.#lists.set(uri, lists)
    return lists
  }

  put(uri: string, lists: readonly KeptList[]): void {
    this.#lists.delete(uri)
    this.#lists.set(uri, lists)
  }

  all(): readonly KeptList[] {
    return [...this.#lists.values()].flat()
  }

  /** Closes lists and then forgets addresses until there is room; the address used last stays as it is. */
  settle(): void {
    const { addresses, bytes } = this.#room
    let used = this.all().reduce((sum, kept) => sum + kept.bytes, 0)
    const others = [...this.#lists].slice(0, -1)
    for (const kept of others.flatMap(([, lists]) => lists)) {
      if (used <= bytes) break
      used -= kept.bytes
      kept.close()
      used += kept.bytes
    }
    for (const [uri, lists] of others) {
      if (used <= bytes && this.#lists.size <= addresses) break
      this.#lists.delete(uri)
      for (const kept of lists) used -= kept.bytes
    }
  }
}

const byFetching = (one: KeptToken, other: KeptToken): number => other.fetchedAt.getTime() - one.fetchedAt.getTime()

const latestOf = (one: KeptToken, other: KeptToken): Date =>
  byFetching(one, other) > 0 ? other.fetchedAt : one.fetchedAt

const few = (lists: readonly KeptList[], opened: boolean): readonly KeptList[] =>
  lists.filter(({ wasOpened }) => wasOpened === opened).slice(0, keptPerAddress)

/** A copy of what a cache holds, if it has the shape of a token for this address. Throws `limit_exceeded`. */
function readKept(value: unknown, expected: string): KeptToken | undefined {
  const { uri, token, fetchedAt } = (value ?? {}) as Partial<KeptToken>
  if (uri !== expected || typeof token !== 'string') return undefined
  if (!(fetchedAt instanceof Date) || Number.isNaN(fetchedAt.getTime())) return undefined
  within(defaultLimits, 'statusTokenBytes', token.length)
  return { uri, token, fetchedAt: new Date(fetchedAt) }
}
