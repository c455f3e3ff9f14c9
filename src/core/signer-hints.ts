/**
 * What a signed object says of its own signer, in JOSE and COSE alike. Hints among the keys that are believed already,
 * never a source of keys.
 */
import type { Algorithm } from './algorithms.js'

export interface SignerHints {
  /** What the protected `alg` may mean: one algorithm in JOSE, in COSE one for each curve it leaves open. Never empty. */
  readonly algorithms: readonly Algorithm[]
  /** The name of the key, as text. */
  readonly keyId?: string | undefined
  /** The certificate chain, DER, leaf first: within the limits of number and size, and not yet read. */
  readonly x5c?: readonly Uint8Array[] | undefined
}
