/**
 * The brainpool curves of RFC 5639 for platforms without them, which are all but Node (Bun and Deno too): signatures are verified over noble.
 *
 * Handed in where it is wanted, and nothing else loads it: documents on these curves are few, the code is not small.
 */
import { ecdsa, weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js'
import { sha384 } from '@noble/hashes/sha2.js'
import { digest } from '#crypto'
import { fromBase64url } from '../core/bytes.js'
import type { CurveSupport, KeyMembers, PublicKey } from '../core/crypto/backend.js'
import { VidimusError } from '../errors.js'

/** §3.5. What is verified is a digest, whatever its hash; noble asks for one to sign with. */
const brainpoolP320r1 = /* @__PURE__ */ (() =>
  ecdsa(
    weierstrass({
      p: 0xd35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27n,
      a: 0x3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4n,
      b: 0x520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6n,
      n: 0xd35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311n,
      Gx: 0x43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611n,
      Gy: 0x14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1n,
      h: 1n,
    }),
    sha384,
  ))()

const curves = /* @__PURE__ */ new Map([
  ['brainpoolP256r1', brainpoolP256r1],
  ['brainpoolP320r1', brainpoolP320r1],
  ['brainpoolP384r1', brainpoolP384r1],
  ['brainpoolP512r1', brainpoolP512r1],
])

type Curve = typeof brainpoolP256r1

/**
 * brainpoolP256r1, P320r1, P384r1 and P512r1, for trust anchors and certificate chains in browsers, workers, Bun and
 * Deno. Node has these curves of its own and takes nothing from here. Public keys and signatures alone: it neither signs nor agrees on keys.
 * @example
 * const trust = trustAnchors(anchors, { curves: brainpool })
 */
export const brainpool: CurveSupport = {
  importPublicKey(jwk, algorithm) {
    const curve = curves.get(jwk.crv)
    const { hash } = algorithm
    if (curve === undefined || hash === undefined) return undefined
    const point = readPoint(curve, jwk)
    const verify: PublicKey['verify'] = async (data, signature) =>
      // FIPS 186-5 §6.4.2: any s from 1 to n−1, the high ones too.
      curve.verify(signature, await digest(hash, data), point, { prehash: false, lowS: false })
    return { algorithm, jwk, verify }
  },
}

/** Uncompressed (SEC 1 §2.3.3), once noble has found it on the curve and not at infinity. Throws `key_invalid`. */
function readPoint({ Point }: Curve, { crv, x, y = '' }: KeyMembers): Uint8Array {
  try {
    return Point.fromBytes(Uint8Array.of(4, ...fromBase64url(x), ...fromBase64url(y))).toBytes(false)
  } catch {
    throw new VidimusError('key_invalid', { at: crv })
  }
}
