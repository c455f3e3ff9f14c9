/**
 * One status list as a checker keeps it: the token as text, and the list once it is open.
 *
 * A list counts for a question only if one of that question's own signers signed it, so that what one verdict believed is
 * no argument for another.
 */
import { digestText } from '#crypto'
import type { Awaitable } from '../core/crypto/backend.js'
import { sameKey } from '../core/jwk.js'
import { within } from '../core/limits.js'
import {
  type ExpectedStatusList,
  malformedToken,
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

/** Those fetched last come first. */
export const byFetching = (one: Pick<KeptToken, 'fetchedAt'>, other: Pick<KeptToken, 'fetchedAt'>): number =>
  other.fetchedAt.getTime() - one.fetchedAt.getTime()

/** Who signed a list for which address, and when. */
export type Signed = Pick<VerifiedStatusList, 'uri' | 'key' | 'issuedAt'>

/** Whether one key signed both. */
export const sameSigner = (one: Signed, other: Signed): boolean => sameKey(one.key.jwk, other.key.jwk)

/** One token, opened at most once however many questions ask. */
export class KeptList implements KeptToken {
  readonly uri: string
  readonly token: string
  fetchedAt: Date
  source: 'cached' | 'snapshot'
  /** Known since the list was first opened. */
  signed: Signed | undefined
  #list: VerifiedStatusList | undefined
  #opening: Promise<VerifiedStatusList> | undefined
  #digest: Awaitable<string> | undefined
  #asked = 0

  constructor({ uri, token, fetchedAt }: KeptToken, source: 'cached' | 'snapshot') {
    this.uri = uri
    this.token = token
    this.fetchedAt = fetchedAt
    this.source = source
  }

  /** The same token was had at another time: what is open stays open, and what the clock said is forgotten. */
  hadAgain(fetchedAt: Date, source = this.source): void {
    this.fetchedAt = fetchedAt
    this.source = source
    this.#asked = 0
  }

  /**
   * The list, if a signer of this question signed it. Throws as `verifyStatusListToken`; once a list is open, its times
   * are the caller's to check again.
   */
  async open(question: ExpectedStatusList): Promise<VerifiedStatusList> {
    // Questions that come while one is opening the list wait for it, and open it themselves only if that one could not.
    while (this.#list === undefined && this.#opening !== undefined) await this.#opening.catch(() => undefined)
    const list = this.#list
    if (list !== undefined) {
      await this.#requireBelieved(list, question)
      return list
    }
    try {
      this.#opening = verifyStatusListToken(this.token, question)
      const { uri, key, issuedAt } = (this.#list = await this.#opening)
      this.signed = { uri, key, issuedAt }
      return this.#list
    } finally {
      this.#opening = undefined
    }
  }

  get isOpen(): boolean {
    return this.#list !== undefined
  }

  /** Gives the room of the list back; the token stays, and is opened again when it is asked. */
  close(): void {
    this.#list = undefined
  }

  /** About what it takes in memory: an open list holds its token in parts as well. */
  get bytes(): number {
    return this.#list === undefined ? this.token.length : 3 * this.token.length + this.#list.packed.length
  }

  /** SHA-256 of the token, base64url; made once. */
  async tokenDigest(): Promise<string> {
    this.#digest ??= digestText('sha-256', this.token)
    return this.#digest
  }

  /** The latest time at which this list was asked: a clock that is set back makes it no younger. */
  latest(now: Date): Date {
    this.#asked = Math.max(this.#asked, now.getTime())
    return new Date(this.#asked)
  }

  /** What another question demands of a list that is already open; the signature again only for a key of other members. */
  async #requireBelieved(list: VerifiedStatusList, question: ExpectedStatusList): Promise<void> {
    if (list.mediaType !== question.form.mediaType) throw malformedToken('form')
    within(question.limits, 'statusTokenBytes', this.token.length)
    within(question.limits, 'statusListBytes', list.packed.length)
    const signers = await question.signers(list.hints(question.algorithms))
    if (!signers.some(({ jwk }) => sameKey(jwk, list.key.jwk))) await verifyingKey(list, signers)
  }
}
