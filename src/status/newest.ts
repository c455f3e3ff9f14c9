/**
 * The newest list that has answered for each address and signer. It is remembered longer than the list itself, so that no
 * older one answers after it (Token Status List §13.7).
 */

import type { PublicKey } from '../core/crypto/backend.js'
import { VidimusError } from '../errors.js'
import type { VerifiedStatusList } from '../formats/status-list/token.js'

/** Addresses that are remembered at once; the least recently used give way. */
const addresses = 10_000

export class NewestAnswers {
  private readonly issued = new Map<string, WeakMap<PublicKey, Date>>()

  isOlder({ uri, key, issuedAt }: VerifiedStatusList): boolean {
    const newest = this.issued.get(uri)?.get(key)
    return newest !== undefined && issuedAt < newest
  }

  /** Notes that a list answers. Throws `status_rolled_back` when a newer one has. */
  note(list: VerifiedStatusList): void {
    if (this.isOlder(list)) throw new VidimusError('status_rolled_back', { at: 'iat' })
    const { uri, key, issuedAt } = list
    const byKey = this.issued.get(uri) ?? new WeakMap()
    byKey.set(key, issuedAt)
    this.issued.delete(uri)
    this.issued.set(uri, byKey)
    if (this.issued.size > addresses) this.issued.delete(this.issued.keys().next().value as string)
  }
}
