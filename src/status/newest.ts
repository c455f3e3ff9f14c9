/**
 * The newest list that has answered for each address and signer. It is remembered longer than the list itself, so that no
 * older one answers after it (Token Status List §13.7).
 */
import { oncePer } from '../core/once.js'
import { VidimusError } from '../errors.js'
import type { Signed } from './kept-list.js'

/** Pairs of address and signer that are remembered at once; the least recently used give way. */
const pairs = 20_000

export class NewestAnswers {
  readonly #issuedAt = new Map<string, Date>()

  isOlder(list: Signed): boolean {
    const newest = this.#issuedAt.get(pairOf(list))
    return newest !== undefined && list.issuedAt < newest
  }

  /** Notes that a list answers. Throws `status_rolled_back` when a newer one has. */
  note(list: Signed): void {
    if (this.isOlder(list)) throw new VidimusError('status_rolled_back', { at: 'iat' })
    const [issuedAt, pair] = [this.#issuedAt, pairOf(list)]
    issuedAt.delete(pair)
    issuedAt.set(pair, list.issuedAt)
    if (issuedAt.size > pairs) issuedAt.delete(issuedAt.keys().next().value as string)
  }
}

/** A key is known by what it is: verdicts import it anew, each for itself. */
const pairOf = /* @__PURE__ */ oncePer(({ uri, key: { jwk } }: Signed) => [jwk.crv, jwk.x, jwk.y, uri].join(' '))
