/**
 * The right edge of a growing Merkle tree: the roots of its complete subtrees, largest first. It is all that is needed
 * to append and to know the root, and its length is the number of ones in the size.
 */
import { emptyRoot, nodeHash } from './hash.js'

export class Frontier {
  private readonly roots: Uint8Array[]
  private leaves: number

  /** The edge of a tree of `size` leaves; `roots` are its complete subtrees, largest first. */
  constructor(size = 0, roots: readonly Uint8Array[] = []) {
    this.leaves = size
    this.roots = [...roots]
  }

  get size(): number {
    return this.leaves
  }

  append(leafHash: Uint8Array): void {
    let hash = leafHash
    // One merge for every one that the addition carries over.
    for (let rest = this.leaves; rest % 2 === 1; rest = Math.floor(rest / 2))
      hash = nodeHash(this.roots.pop() as Uint8Array, hash)
    this.roots.push(hash)
    this.leaves++
  }

  /** The root of the tree (RFC 9162 §2.1.1). */
  root(): Uint8Array {
    if (this.leaves === 0) return emptyRoot()
    return this.roots.reduceRight((right, left) => nodeHash(left, right))
  }
}
