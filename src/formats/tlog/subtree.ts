/**
 * Proofs about a subtree, the leaves from `start` up to `end` (draft-ietf-plants-merkle-tree-certs §4): that a leaf is in
 * it, and that a tree contains it. With `start` 0 they are the proofs of RFC 9162.
 */
import { equalBytes } from '../../core/bytes.js'
import { nodeHash } from './hash.js'
import { half, isEmptyRoot, isHash, isSize, odd, provesInclusion, type TreeHead } from './proof.js'

export interface Subtree {
  readonly start: number
  /** Exclusive. */
  readonly end: number
  readonly root: Uint8Array
}

/** Whether the hashes prove that a leaf, given by its hash, stands at an index of the whole tree within the subtree. */
export function provesSubtreeInclusion(
  leafHash: Uint8Array,
  index: number,
  subtree: Subtree,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSubtree(subtree)) return false
  const { start, end, root } = subtree
  return provesInclusion(leafHash, index - start, { size: end - start, root }, proof)
}

/** Whether the hashes prove that the subtree stands in the tree. An empty one stands anywhere, if its root is empty. */
export function provesSubtreeConsistency(subtree: Subtree, tree: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!isSubtree(subtree) || !isSize(tree.size) || subtree.end > tree.size) return false
  if (subtree.start === subtree.end) return proof.length === 0 && isEmptyRoot(subtree.root)
  let fn = subtree.start
  let sn = subtree.end - 1
  let tn = tree.size - 1
  const up = () => {
    ;[fn, sn, tn] = [half(fn), half(sn), half(tn)]
  }
  // The largest complete subtree that ends where this one does, or all of it where it is a node of the tree.
  while (fn !== sn && (sn === tn || odd(sn))) up()
  const [seed, ...rest] = fn === sn ? [subtree.root, ...proof] : proof
  // Roots are compared as they are; what gets hashed must be a hash.
  if (seed === undefined || (rest.length > 0 && ![seed, ...rest].every(isHash))) return false
  let inner = seed
  let outer = seed
  for (const hash of rest) {
    if (tn === 0) return false // a hash too many
    if (odd(sn) || sn === tn) {
      if (fn < sn) inner = nodeHash(hash, inner)
      outer = nodeHash(hash, outer)
      while (!odd(sn)) up()
    } else {
      outer = nodeHash(outer, hash)
    }
    up()
  }
  return tn === 0 && equalBytes(inner, subtree.root) && equalBytes(outer, tree.root)
}

/** §4.1: `start` is a multiple of the smallest power of two that is not below the number of leaves. */
function isSubtree({ start, end }: Subtree): boolean {
  if (!isSize(start) || !isSize(end) || start > end) return false
  let width = 1
  while (width < end - start) width *= 2
  return start % width === 0
}
