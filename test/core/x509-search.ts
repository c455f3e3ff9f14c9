/** A path builder, which the library deliberately is not: vectors give certificates in no order. */
import { equalBytes } from '../../src/core/bytes.js'
import type { Certificate } from '../../src/core/x509/certificate.js'
import { sameName } from '../../src/core/x509/name.js'

/** Every chain from a leaf up through the certificates given, the shortest first, each at most once in a chain. */
export function chainsFrom(leaf: Certificate, others: readonly Certificate[]): readonly (readonly Certificate[])[] {
  const chains: (readonly Certificate[])[] = [[leaf]]
  for (const chain of chains)
    for (const next of others)
      if (sameName(chain.at(-1)!.issuer, next.subject) && !chain.some(({ der }) => equalBytes(der, next.der)))
        chains.push([...chain, next])
  return chains
}
