/**
 * Status lists kept between questions, by their exact address and by who signed them.
 *
 * What is kept is text. A list counts for a question only if one of that question's own signers signed it, so that what
 * one verdict believed is no argument for another.
 */
import { digestText } from '#crypto'
import type { Awaitable, PublicKey } from '../core/crypto/backend.js'
import { within } from '../core/limits.js'
import {
  type ExpectedStatusList,
  malformedToken,
  type StatusMediaType,
  type VerifiedStatusList,
  verifyingKey,
  verifyStatusListToken,
} from '../formats/status-list/token.js'

/** A status list token as it came: the text of a JWT, or a CWT in base64url. Nothing in it is believed. */
export interface KeptToken {
  readonly uri: string
  readonly token: string
  readonly fetchedAt: Date
}

/**
 * Where tokens outlive the process or are shared between several: any store of text will do. It need not be trusted
 * with more than its own time, for every token is verified when it is taken out.
 */
export interface StatusCache {
  get(uri: string): Awaitable<KeptToken | undefined>
  set(kept: KeptToken): Awaitable<void>
}

/** One token, opened at most once however many questions ask. */
export class KeptList implements KeptToken {
  readonly uri: string
  readonly token: string
  readonly fetchedAt: Date
  readonly source: 'cached' | 'snapshot'
  /** What it was served as; of a token that was kept elsewhere nobody knows before it is opened. */
  readonly mediaType: StatusMediaType | undefined
  private list: VerifiedStatusList | undefined
  private opening: Promise<VerifiedStatusList> | undefined
  private digest: Awaitable<string> | undefined
  private believed = new WeakSet<PublicKey>()

  constructor({ uri, token, fetchedAt }: KeptToken, source: 'cached' | 'snapshot', mediaType?: StatusMediaType) {
    this.uri = uri
    this.token = token
    this.fetchedAt = fetchedAt
    this.source = source
    this.mediaType = mediaType
  }

  /** The same token, fetched again: what is open stays open. */
  fetchedAgain(fetchedAt: Date): KeptList {
    const again = new KeptList({ uri: this.uri, token: this.token, fetchedAt }, 'cached', this.mediaType)
    again.list = this.list
    again.digest = this.digest
    again.believed = this.believed
    return again
  }

  /**
   * The list, if a signer of this question signed it. Throws as `verifyStatusListToken`; once a list is open, its times
   * are the caller's to check again.
   */
  async open(question: ExpectedStatusList): Promise<VerifiedStatusList> {
    // Questions that come while one is opening the list wait for it, and open it themselves only if that one could not.
    while (this.list === undefined && this.opening !== undefined) await this.opening.catch(() => undefined)
    if (this.list !== undefined) {
      await this.requireBelieved(this.list, question)
      return this.list
    }
    try {
      this.opening = verifyStatusListToken(this.token, question)
      this.list = await this.opening
      this.believed.add(this.list.key)
      return this.list
    } finally {
      this.opening = undefined
    }
  }

  /** SHA-256 of the token, base64url; made once. */
  async tokenDigest(): Promise<string> {
    this.digest ??= digestText('sha-256', this.token)
    return this.digest
  }

  /** Whether the same key signed a list that is not older. */
  isSuperseded({ key, issuedAt }: VerifiedStatusList): boolean {
    return this.list !== undefined && this.list.key === key && this.list.issuedAt <= issuedAt
  }

  /** What another question demands of a list that is already open; the signature again only for a key not seen before. */
  private async requireBelieved(list: VerifiedStatusList, question: ExpectedStatusList): Promise<void> {
    if (list.mediaType !== question.form.mediaType) throw malformedToken('form')
    within(question.limits, 'statusTokenBytes', this.token.length)
    within(question.limits, 'statusListBytes', list.packed.length)
    const signers = await question.signers(list.hints(question.algorithms))
    if (!signers.some(key => this.believed.has(key))) this.believed.add(await verifyingKey(list, signers))
  }
}

/** Lists of one address that are kept at once, of several signers or imports: the latest. */
const keptPerAddress = 4

/** The lists of one checker: those fetched, the least recently used of which give way, and those imported, which stay. */
export class KeptLists {
  private readonly fetched = new Map<string, readonly KeptList[]>()
  private readonly imported = new Map<string, readonly KeptList[]>()
  private readonly size: number
  private readonly beyond: StatusCache | undefined

  /** `size` is the number of addresses whose fetched lists are kept. */
  constructor(size: number, beyond?: StatusCache) {
    this.size = size
    this.beyond = beyond
  }

  /** Everything kept for an address. */
  async of(uri: string): Promise<readonly KeptList[]> {
    const fetched = this.fetched.get(uri) ?? (await this.recall(uri))
    if (fetched.length > 0) this.remember(uri, fetched)
    return [...fetched, ...(this.imported.get(uri) ?? [])]
  }

  /** Keeps a list just fetched and opened, in place of older ones that the same key signed. */
  async keep(kept: KeptList, list: VerifiedStatusList): Promise<void> {
    const others = (this.fetched.get(kept.uri) ?? []).filter(other => other !== kept && !other.isSuperseded(list))
    this.remember(kept.uri, [kept, ...others].slice(0, keptPerAddress))
    const { uri, token, fetchedAt } = kept
    // A cache that fails costs a fetch, not a verdict.
    await attempt(async () => this.beyond?.set({ uri, token, fetchedAt }))
  }

  import(kept: KeptToken): void {
    const others = this.imported.get(kept.uri) ?? []
    this.imported.set(kept.uri, [new KeptList(kept, 'snapshot'), ...others].slice(0, keptPerAddress))
  }

  all(): readonly KeptList[] {
    return [...this.fetched.values(), ...this.imported.values()].flat()
  }

  private remember(uri: string, lists: readonly KeptList[]): void {
    this.fetched.delete(uri)
    this.fetched.set(uri, lists)
    if (this.fetched.size > this.size) this.fetched.delete(this.fetched.keys().next().value as string)
  }

  private async recall(uri: string): Promise<readonly KeptList[]> {
    const kept = await attempt(async () => this.beyond?.get(uri))
    return kept !== undefined && isKeptToken(kept, uri) ? [new KeptList(kept, 'cached')] : []
  }
}

const isKeptToken = ({ uri, fetchedAt }: KeptToken, expected: string): boolean =>
  uri === expected && fetchedAt instanceof Date && !Number.isNaN(fetchedAt.getTime())

const attempt = <T>(work: () => Promise<T>): Promise<T | undefined> => work().catch(() => undefined)
