/** Status lists kept between questions, by their exact address, within bounds of size; and those that were imported. */
import { byFetching, KeptList, type KeptToken, type Signed, sameSigner } from './kept-list.js'

/** Lists of one address that are kept at once, of several signers or imports. */
export const keptPerAddress = 4

/** Lists by address; the least recently used give way. */
export class Shelf {
  protected readonly lists = new Map<string, readonly KeptList[]>()
  readonly #bytes: number

  /** `bytes`: what its lists take at most. */
  constructor(bytes = 128 * 1024 * 1024) {
    this.#bytes = bytes
  }

  /** The lists of an address, the latest first. */
  get(uri: string): readonly KeptList[] {
    const lists = this.lists.get(uri)
    return lists === undefined ? [] : this.put(uri, lists)
  }

  all(): readonly KeptList[] {
    return [...this.lists.values()].flat()
  }

  /** Closes lists and then forgets addresses until there is room; the address used last stays as it is. */
  settle(): void {
    let used = bytesOf(this.all())
    const others = [...this.lists].slice(0, -1)
    for (const forget of [false, true])
      for (const [uri, lists] of others) {
        if (used <= this.#bytes) return
        used -= bytesOf(lists)
        for (const kept of lists) kept.close()
        if (forget) this.lists.delete(uri)
        else used += bytesOf(lists)
      }
  }

  protected put(uri: string, lists: readonly KeptList[]): readonly KeptList[] {
    // A map lists its entries in the order in which they were set.
    this.lists.delete(uri)
    this.lists.set(uri, lists)
    return lists
  }
}

/** The lists of snapshots. They cannot be fetched again, so that their number is bounded by their size alone. */
export class ImportedLists extends Shelf {
  /**
   * Adds lists that nobody has verified. Of too many at one address those go that were fetched first, as their snapshots
   * say; those that have been opened count apart, and give way to newer ones of their signer, so that nothing unverified
   * displaces the newest.
   */
  add(tokens: readonly KeptToken[]): void {
    for (const added of tokens) {
      const lists = this.get(added.uri)
      const same = lists.find(({ token }) => token === added.token)
      // When a list was fetched here is known better than a snapshot says it.
      if (same?.source === 'snapshot') same.hadAgain(byFetching(same, added) > 0 ? added.fetchedAt : same.fetchedAt)
      const all = same === undefined ? [new KeptList(added, 'snapshot'), ...lists] : [...lists]
      let [opened, unopened] = [0, 0]
      const kept = all
        .sort(byFetching)
        .filter(({ signed }) =>
          signed === undefined ? ++unopened <= keptPerAddress : !isOutdated(signed, all) && ++opened <= keptPerAddress,
        )
      this.put(added.uri, kept)
    }
    this.settle()
  }
}

/** Whether a newer one by the same signer is among lists, as far as they have been opened. */
const isOutdated = (list: Signed, lists: readonly KeptList[]): boolean =>
  lists.some(({ signed }) => signed !== undefined && sameSigner(signed, list) && signed.issuedAt > list.issuedAt)

const bytesOf = (lists: readonly KeptList[]): number => lists.reduce((sum, { bytes }) => sum + bytes, 0)
