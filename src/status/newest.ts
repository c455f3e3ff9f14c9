/**
 * The newest list that has answered for each address and signer. It is remembered longer than the list itself, so that no
 * older one answers after it (Token Status List §13.7).
 */

import { sameKey } from '../core/jwk.js'
import { VidimusError } from '../errors.js'
import type { VerifiedStatusList } from '../formats/status-list/token.js'

/** Addresses that are remembered at once, and signers of each; the least recently used give way. */
const addresses = 10_000
const signersPerAddress = 16

type Answered = Pick<VerifiedStatusList, 'key' | 'issuedAt'>

export class NewestAnswers {
  readonly #answered = new Map<string, readonly Answered[]>()

  isOlder({ uri, key, issuedAt }: VerifiedStatusList): boolean {
    return this.#of(uri).some(other => sameKey(other.key.jwk, key.jwk) && issuedAt < other.issuedAt)
  }

  /** Notes that a list answers. Throws `status_rolled_back` when a newer one has. */
  note(list: VerifiedStatusList): void {
    if (this.isOlder(list)) throw new VidimusError('status_rolled_back', { at: 'iat' })
    const { uri, key, issuedAt } = list
    // A key is known by what it is: verdicts import it anew, each for itself.
    const others = this.#of(uri).filter(other => !sameKey(other.key.jwk, key.jwk))
    this.#answered.delete(uri)
    this.#answered.set(uri, [{ key, issuedAt }, ...others].slice(0, signersPerAddress))
    if (this.#answered.size > addresses) this.#answered.delete(this.#answered.keys().next().value as string)
  }

  #of(uri: string): readonly Answered[] {
    return this.#answered.get(uri) ?? []
  }
}
