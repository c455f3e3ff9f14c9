/**
 * An append-only Merkle tree (RFC 9162 §2.1) that answers for itself and for every size it ever had.
 *
 * Each level is one flat buffer with the hashes of its complete nodes, so a million leaves are 64 MB and no objects. The
 * nodes that a size leaves incomplete lie on its right edge; the edge of the last size asked for is remembered.
 */
import { Frontier } from './frontier.js'
import { emptyRoot, hashBytes, nodeHash, pairHash } from './hash.js'

export class MerkleTree {
  private readonly levels: Level[] = []
  private edge: Edge = { size: 0, hashes: [] }

  get size(): number {
    return this.levels[0]?.count ?? 0
  }

  /** Adds a leaf by its hash. */
  append(leafHash: Uint8Array): void {
    let hash = leafHash
    for (let depth = 0; ; depth++) {
      const level = (this.levels[depth] ??= new Level())
      level.push(hash)
      if (level.count % 2 === 1) return
      hash = pairHash(level.lastPair())
    }
  }

  /** Takes back the leaves from a size on. Throws `RangeError` beyond the tree's own. */
  truncate(size: number): void {
    expectSize(size, this.size, 'size')
    for (const [depth, level] of this.levels.entries()) level.count = Math.floor(size / 2 ** depth)
    if (this.edge.size > size) this.edge = { size: 0, hashes: [] }
  }

  /** The hash of the leaf at an index below the size. */
  leaf(index: number): Uint8Array {
    expectIndex(index, this.size)
    return this.node(0, index, this.size)
  }

  /** The hashes of the complete nodes of a level with `from` ≤ index < `to`, end to end. Throws `RangeError` beyond them. */
  nodes(depth: number, from: number, to: number): Uint8Array<ArrayBuffer> {
    const level = this.levels[depth]
    expectSize(to, level?.count ?? 0, 'to')
    expectSize(from, to, 'from')
    return level === undefined ? new Uint8Array() : level.slice(from, to)
  }

  /** The root of the tree at a size, by default at its own. Throws `RangeError` beyond it. */
  root(size = this.size): Uint8Array {
    expectSize(size, this.size, 'size')
    return size === 0 ? emptyRoot() : this.node(levelOfRoot(size), 0, size)
  }

  /** The right edge at a size, by default at its own, to go on from without touching the tree. */
  frontier(size = this.size): Frontier {
    expectSize(size, this.size, 'size')
    const roots: Uint8Array[] = []
    let start = 0
    for (let depth = levelOfRoot(size); depth >= 0; depth--) {
      const width = 2 ** depth
      if (start + width > size) continue
      roots.push(this.node(depth, start / width, size))
      start += width
    }
    return new Frontier(size, roots)
  }

  /** The inclusion proof of a leaf at a size (RFC 9162 §2.1.3.1), lowest hash first. `index` is below `size`. */
  inclusionProof(index: number, size = this.size): Uint8Array[] {
    expectSize(size, this.size, 'size')
    expectIndex(index, size)
    return this.path(0, index, size)
  }

  /** The consistency proof between two sizes (RFC 9162 §2.1.4.1), lowest hash first. `from` is at least 1, at most `to`. */
  consistencyProof(from: number, to = this.size): Uint8Array[] {
    expectSize(to, this.size, 'to')
    if (!Number.isSafeInteger(from) || from < 1 || from > to)
      throw new RangeError('`from` must be an integer from 1 to the later size')
    if (from === to) return []
    // The last complete subtree that the earlier size ends with; whoever holds the earlier root knows it when it is all.
    let depth = 0
    while (from % 2 ** (depth + 1) === 0) depth++
    const index = from / 2 ** depth - 1
    const path = this.path(depth, index, to)
    return index === 0 ? path : [this.node(depth, index, to), ...path]
  }

  /** The siblings of a node and of its ancestors, upwards. A node without sibling stands for its parent. */
  private path(depth: number, index: number, size: number): Uint8Array[] {
    const proof: Uint8Array[] = []
    const top = levelOfRoot(size)
    for (let position = index; depth < top; depth++, position = Math.floor(position / 2)) {
      const sibling = position % 2 === 0 ? position + 1 : position - 1
      if (sibling * 2 ** depth < size) proof.push(this.node(depth, sibling, size))
    }
    return proof
  }

  /** The hash over the leaves of a node, as far as the size goes. */
  private node(depth: number, index: number, size: number): Uint8Array {
    if ((index + 1) * 2 ** depth <= size) return (this.levels[depth] as Level).at(index)
    return this.edgeOf(size)[depth] as Uint8Array
  }

  /** By level, the incomplete node at the right end of the tree of a size, where there is one. */
  private edgeOf(size: number): readonly (Uint8Array | undefined)[] {
    if (this.edge.size === size) return this.edge.hashes
    const hashes: (Uint8Array | undefined)[] = [undefined]
    for (let depth = 1; depth <= levelOfRoot(size); depth++) {
      const below = hashes[depth - 1]
      const complete = Math.floor(size / 2 ** (depth - 1))
      const left = complete % 2 === 1 ? (this.levels[depth - 1] as Level).at(complete - 1) : undefined
      hashes.push(left === undefined || below === undefined ? (left ?? below) : nodeHash(left, below))
    }
    this.edge = { size, hashes }
    return hashes
  }
}

interface Edge {
  readonly size: number
  readonly hashes: readonly (Uint8Array | undefined)[]
}

/** The hashes of one level, end to end in a buffer that doubles when it is full. */
class Level {
  count = 0
  private bytes = new Uint8Array(hashBytes * 16)

  push(hash: Uint8Array): void {
    const offset = this.count * hashBytes
    if (offset === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2)
      larger.set(this.bytes)
      this.bytes = larger
    }
    this.bytes.set(hash, offset)
    this.count++
  }

  /** The last two hashes, end to end; a view that the next `push` may outdate. */
  lastPair(): Uint8Array {
    return this.bytes.subarray((this.count - 2) * hashBytes, this.count * hashBytes)
  }

  /** A copy, for what leaves the tree must not change it. */
  at(index: number): Uint8Array {
    return this.slice(index, index + 1)
  }

  /** A copy of the hashes with `from` ≤ index < `to`. */
  slice(from: number, to: number): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(from * hashBytes, to * hashBytes)
  }
}

/** The level of the root of a tree of a size: the exponent of the smallest power of two that is not below it. */
function levelOfRoot(size: number): number {
  let level = 0
  for (let width = 1; width < size; width *= 2) level++
  return level
}

function expectSize(value: number, limit: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > limit)
    throw new RangeError(`\`${name}\` must be an integer from 0 to ${limit}`)
}

function expectIndex(index: number, size: number): void {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size)
    throw new RangeError('`index` must be an integer from 0 to below the size')
}
