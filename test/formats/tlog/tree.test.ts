/** The tree and its proofs against the recursive definition of RFC 9162, and every small harm to a proof. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '../../../src/core/bytes.js'
import { Frontier } from '../../../src/formats/tlog/frontier.js'
import { emptyRoot, leafHash } from '../../../src/formats/tlog/hash.js'
import { MerkleTree } from '../../../src/formats/tlog/merkle.js'
import { provesConsistency, provesInclusion } from '../../../src/formats/tlog/proof.js'
import { provesSubtreeConsistency, provesSubtreeInclusion } from '../../../src/formats/tlog/subtree.js'
import { type Leaves, path, proof, subtreeProof, treeHash } from './reference.js'

const many = { seed: 20261122, numRuns: 200 }

const leavesOf = (size: number, label = 'leaf'): Uint8Array[] =>
  Array.from({ length: size }, (_, index) => utf8(`${label} ${index}`))

function grown(leaves: Leaves): MerkleTree {
  const tree = new MerkleTree()
  for (const leaf of leaves) tree.append(leafHash(leaf))
  return tree
}

const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, index) => (index === Math.floor(bit / 8) ? byte ^ (1 << (bit % 8)) : byte))

const largest = 26
const leaves = leavesOf(largest)
const tree = grown(leaves)
const other = grown(leavesOf(largest, 'other'))
const sizes = Array.from({ length: largest + 1 }, (_, size) => size)

describe('the tree', () => {
  it('has the root of the definition at every size it ever had', () => {
    for (const size of sizes) expect(tree.root(size)).toEqual(treeHash(leaves.slice(0, size)))
  })

  it('gives the inclusion proof of the definition for every leaf at every size', () => {
    for (const size of sizes)
      for (let index = 0; index < size; index++)
        expect(tree.inclusionProof(index, size)).toEqual(path(index, leaves.slice(0, size)))
  })

  it('gives the consistency proof of the definition between any two sizes', () => {
    for (const to of sizes.slice(1))
      for (let from = 1; from <= to; from++)
        expect(tree.consistencyProof(from, to)).toEqual(proof(from, leaves.slice(0, to)))
  })

  it('is what it was, at the sizes it had, after more leaves came', () => {
    const growing = grown(leavesOf(500).slice(0, 77))
    const before = [
      growing.root(50),
      growing.root(77),
      ...growing.inclusionProof(11, 77),
      ...growing.consistencyProof(13, 77),
    ]
    for (const leaf of leavesOf(500).slice(77)) growing.append(leafHash(leaf))
    expect([
      growing.root(50),
      growing.root(77),
      ...growing.inclusionProof(11, 77),
      ...growing.consistencyProof(13, 77),
    ]).toEqual(before)
  })

  it('hands out copies, so that nobody can change it', () => {
    const root = tree.root()
    tree.leaf(0).fill(0)
    tree.root(8).fill(0)
    for (const hash of tree.inclusionProof(3)) hash.fill(0)
    for (const hash of tree.inclusionProof(24, 25)) hash.fill(0)
    tree.root(25).fill(0)
    expect(tree.root()).toEqual(root)
    expect(tree.root(25)).toEqual(treeHash(leaves.slice(0, 25)))
    expect(tree.leaf(0)).toEqual(leafHash(leaves[0]!))
  })

  it('is what it was at a size after the leaves from there on were taken back, and grows another way', () => {
    const step = fc.record({ to: fc.nat(40), more: fc.nat(40), asks: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), steps => {
        const changing = new MerkleTree()
        let kept: Uint8Array[] = []
        for (const [round, { to, more, asks }] of steps.entries()) {
          changing.truncate(Math.min(to, kept.length))
          kept = kept.slice(0, to)
          expect(changing.size).toBe(kept.length)
          for (const leaf of leavesOf(more, `round ${round}`)) {
            kept.push(leaf)
            changing.append(leafHash(leaf))
            // What was asked for is remembered, and must not outlive its leaves.
            if (asks) changing.root()
          }
        }
        expect(changing.root()).toEqual(treeHash(kept))
        for (let size = 1; size <= kept.length; size += 5) {
          expect(changing.root(size)).toEqual(treeHash(kept.slice(0, size)))
          expect(changing.inclusionProof(size - 1)).toEqual(path(size - 1, kept))
          expect(changing.consistencyProof(size)).toEqual(proof(size, kept))
        }
        expect(() => changing.leaf(kept.length)).toThrow(RangeError)
        expect(() => changing.root(kept.length + 1)).toThrow(RangeError)
      }),
      many,
    )
  })

  it.each([-1, 0.5, Number.NaN, 6])('takes no leaves back to a size of %d', size => {
    const five = grown(leavesOf(5))
    expect(() => five.truncate(size)).toThrow(RangeError)
    expect(five.root()).toEqual(treeHash(leavesOf(5)))
  })

  it('goes on from its right edge at any size without being touched', () => {
    for (const size of sizes) {
      const frontier = tree.frontier(size)
      expect(frontier.size).toBe(size)
      expect(frontier.root()).toEqual(tree.root(size))
      for (const leaf of leaves.slice(size)) frontier.append(leafHash(leaf))
      expect(frontier.root()).toEqual(tree.root())
    }
    expect(tree.size).toBe(largest)
  })

  it.each([
    ['leaf at its size', () => tree.leaf(largest)],
    ['leaf before the first', () => tree.leaf(-1)],
    ['root beyond its size', () => tree.root(largest + 1)],
    ['root at half a leaf', () => tree.root(1.5)],
    ['edge beyond its size', () => tree.frontier(largest + 1)],
    ['proof at a size beyond its own', () => tree.inclusionProof(0, largest + 1)],
    ['proof of a leaf at the size', () => tree.inclusionProof(8, 8)],
    ['proof of a leaf before the first', () => tree.inclusionProof(-1, 8)],
    ['consistency proof from nothing', () => tree.consistencyProof(0, 8)],
    ['consistency proof back in time', () => tree.consistencyProof(9, 8)],
    ['consistency proof beyond its size', () => tree.consistencyProof(9, largest + 1)],
  ])('has no %s', (_, ask) => {
    expect(ask).toThrow(RangeError)
  })

  it('agrees with the definition for leaves of any kind and number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 80 }), { minLength: 1, maxLength: 70 }),
        fc.nat(),
        fc.nat(),
        (data, a, b) => {
          const any = grown(data)
          const frontier = new Frontier()
          for (const leaf of data) frontier.append(leafHash(leaf))
          const size = 1 + (a % data.length)
          const index = b % size
          expect(any.root(size)).toEqual(treeHash(data.slice(0, size)))
          expect(frontier.root()).toEqual(any.root())
          expect(any.inclusionProof(index, size)).toEqual(path(index, data.slice(0, size)))
          expect(any.consistencyProof(index + 1, size)).toEqual(proof(index + 1, data.slice(0, size)))
        },
      ),
      many,
    )
  })
})

describe('an inclusion proof', () => {
  const holds = (
    size: number,
    index: number,
    hashes: Leaves,
    root = tree.root(size),
    leaf = leafHash(leaves[index]!),
  ) => provesInclusion(leaf, index, { size, root }, hashes)

  it('holds for every leaf at every size, and for no other index or size that takes other hashes', () => {
    for (const size of sizes)
      for (let index = 0; index < size; index++) {
        const hashes = tree.inclusionProof(index, size)
        const leaf = leafHash(leaves[index]!)
        expect(holds(size, index, hashes)).toBe(true)
        for (const wrong of sizes) {
          if (wrong !== index) expect(holds(size, wrong, hashes, tree.root(size), leaf)).toBe(false)
          if (wrong !== size) expect(holds(wrong, index, hashes)).toBe(false)
        }
      }
  })

  it('is empty only for the single leaf of a tree', () => {
    expect(holds(1, 0, [])).toBe(true)
    expect(provesInclusion(tree.root(2), 0, { size: 2, root: tree.root(2) }, [])).toBe(false)
    expect(provesInclusion(emptyRoot(), 0, { size: 0, root: emptyRoot() }, [])).toBe(false)
  })

  it.each([1, 2, 3, 7, 8, 13, 21])('at size %i holds with no hash added, left out, swapped, copied or cut', size => {
    for (let index = 0; index < size; index++) {
      const hashes = tree.inclusionProof(index, size)
      const root = tree.root(size)
      const bad: Leaves[] = [
        [...hashes, root],
        [root, ...hashes],
        [...hashes, leafHash(leaves[index]!)],
        [...hashes, new Uint8Array(0)],
        [new Uint8Array(0), ...hashes],
        ...hashes.map((_, at) => hashes.filter((_, place) => place !== at)),
        ...hashes.map((hash, at) => hashes.with(at, hash.subarray(1))),
        ...hashes.map((hash, at) => hashes.with(at, concatBytes(hash, Uint8Array.of(0)))),
        ...hashes.flatMap((_, at) =>
          hashes.slice(at + 1).map((later, by) => hashes.with(at, later).with(at + 1 + by, hashes[at]!)),
        ),
      ]
      for (const harmed of bad) expect(holds(size, index, harmed)).toBe(false)
      expect(holds(size, index, hashes, other.root(size))).toBe(false)
      expect(holds(size, index, hashes, new Uint8Array(0))).toBe(false)
    }
  })

  it('breaks with any bit of its hashes, the leaf or the root', () => {
    const [size, index] = [21, 17]
    const hashes = tree.inclusionProof(index, size)
    const leaf = leafHash(leaves[index]!)
    for (let bit = 0; bit < 256; bit++) {
      for (const at of hashes.keys()) expect(holds(size, index, hashes.with(at, flipped(hashes[at]!, bit)))).toBe(false)
      expect(holds(size, index, hashes, tree.root(size), flipped(leaf, bit))).toBe(false)
      expect(holds(size, index, hashes, flipped(tree.root(size), bit))).toBe(false)
    }
  })

  it('does not take a node for a leaf', () => {
    const node = tree.root(2)
    expect(holds(4, 0, tree.inclusionProof(0, 4).slice(1), tree.root(4), node)).toBe(false)
    expect(provesInclusion(leafHash(concatBytes(tree.leaf(0), tree.leaf(1))), 0, { size: 1, root: node }, [])).toBe(
      false,
    )
  })

  it.each([Number.NaN, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY])('takes no index and no size of %s', wrong => {
    expect(provesInclusion(tree.leaf(0), wrong, { size: 1, root: tree.root(1) }, [])).toBe(false)
    expect(provesInclusion(tree.leaf(0), 0, { size: wrong, root: tree.root(1) }, [])).toBe(false)
  })

  it('is followed at sizes beyond 2³²', () => {
    // The leaf is the last one of a tree whose 2⁴⁰ earlier leaves are one complete subtree.
    const [left, leaf] = [tree.root(8), tree.leaf(0)]
    const pair = new Frontier()
    pair.append(left)
    pair.append(leaf)
    const head = { size: 2 ** 40 + 1, root: pair.root() }
    expect(provesInclusion(leaf, 2 ** 40, head, [left])).toBe(true)
    expect(provesInclusion(leaf, 2 ** 40 - 1, head, [left])).toBe(false)
    expect(provesInclusion(leaf, 2 ** 40, { ...head, size: 2 ** 40 + 2 }, [left])).toBe(false)
  })
})

describe('a consistency proof', () => {
  const head = (size: number, of = tree) => ({ size, root: of.root(size) })
  const holds = (from: number, to: number, hashes: Leaves) => provesConsistency(head(from), head(to), hashes)

  it('holds between any two sizes, and for no other two', () => {
    for (const to of sizes.slice(1))
      for (let from = 1; from <= to; from++) {
        const hashes = tree.consistencyProof(from, to)
        expect(holds(from, to, hashes)).toBe(true)
        for (const wrong of sizes) {
          const none = hashes.length === 0
          if (wrong !== from && !(none && wrong === to)) expect(holds(wrong, to, hashes)).toBe(false)
          if (wrong !== to && !(none && wrong === from)) expect(holds(from, wrong, hashes)).toBe(false)
        }
      }
  })

  it('takes no hashes exactly between equal sizes, and then equal roots', () => {
    expect(holds(5, 5, [])).toBe(true)
    expect(provesConsistency(head(5), head(5, other), [])).toBe(false)
    expect(holds(5, 5, [tree.root(5)])).toBe(false)
    expect(holds(4, 8, [])).toBe(false)
    expect(holds(3, 8, [])).toBe(false)
  })

  it('proves nothing from an empty tree, except that it is still empty', () => {
    expect(holds(0, 0, [])).toBe(true)
    expect(holds(0, 3, [])).toBe(false)
    expect(holds(0, 3, [tree.root(3)])).toBe(false)
    expect(holds(0, 0, [emptyRoot()])).toBe(false)
    const wrong = { size: 0, root: tree.root(1) }
    expect(provesConsistency(wrong, wrong, [])).toBe(false)
    expect(provesConsistency(head(0), wrong, [])).toBe(false)
    expect(provesConsistency(wrong, head(0), [])).toBe(false)
  })

  it('does not hold for a tree that rewrote what it had', () => {
    for (const to of sizes.slice(2))
      for (let from = 1; from < to; from++) {
        expect(provesConsistency(head(from, other), head(to), tree.consistencyProof(from, to))).toBe(false)
        expect(provesConsistency(head(from), head(to, other), tree.consistencyProof(from, to))).toBe(false)
        expect(provesConsistency(head(from), head(to, other), other.consistencyProof(from, to))).toBe(false)
      }
  })

  it.each([
    [1, 2],
    [3, 7],
    [4, 8],
    [6, 8],
    [7, 13],
    [8, 21],
    [13, 21],
  ])('from %i to %i holds with no hash added, left out, swapped or cut', (from, to) => {
    const hashes = tree.consistencyProof(from, to)
    const bad: Leaves[] = [
      [...hashes, tree.root(to)],
      [tree.root(from), ...hashes],
      [...hashes, new Uint8Array(0)],
      [new Uint8Array(0), ...hashes],
      ...hashes.map((_, at) => hashes.filter((_, place) => place !== at)),
      ...hashes.map((hash, at) => hashes.with(at, hash.subarray(1))),
      ...hashes.map((hash, at) => hashes.with(at, concatBytes(hash, Uint8Array.of(0)))),
      ...hashes.flatMap((_, at) =>
        hashes.slice(at + 1).map((later, by) => hashes.with(at, later).with(at + 1 + by, hashes[at]!)),
      ),
    ]
    for (const harmed of bad) expect(holds(from, to, harmed)).toBe(false)
    for (let bit = 0; bit < 256; bit++) {
      for (const at of hashes.keys()) expect(holds(from, to, hashes.with(at, flipped(hashes[at]!, bit)))).toBe(false)
      expect(provesConsistency({ size: from, root: flipped(tree.root(from), bit) }, head(to), hashes)).toBe(false)
      expect(provesConsistency(head(from), { size: to, root: flipped(tree.root(to), bit) }, hashes)).toBe(false)
    }
  })

  it('does not take a root and a hash whose lengths are off by as much', () => {
    const [from, to] = [head(4), head(8)]
    const [hash] = tree.consistencyProof(4, 8)
    const root = concatBytes(from.root, hash!.subarray(0, 1))
    expect(provesConsistency({ size: 4, root }, to, [hash!.subarray(1)])).toBe(false)
  })

  it.each([Number.NaN, -1, 1.5, 2 ** 53, Number.POSITIVE_INFINITY])('takes no size of %s', wrong => {
    const root = tree.root(1)
    expect(provesConsistency({ size: wrong, root }, { size: wrong, root }, [])).toBe(false)
    expect(provesConsistency({ size: 1, root }, { size: wrong, root }, [])).toBe(false)
  })
})

describe('a proof about a subtree', () => {
  const subtrees = sizes.flatMap(end =>
    sizes.filter(start => start < end && start % smallestPower(end - start) === 0).map(start => ({ start, end })),
  )
  const rooted = ({ start, end }: { start: number; end: number }) => ({
    start,
    end,
    root: treeHash(leaves.slice(start, end)),
  })

  it('shows each subtree in each tree that has it, and with no bit, place or size other than that', () => {
    for (const bounds of subtrees.filter(({ start }, index) => start > 0 && index % 7 === 0)) {
      for (const size of [bounds.end, bounds.end + 1, largest].filter(size => size <= largest)) {
        const subtree = rooted(bounds)
        const head = { size, root: tree.root(size) }
        const hashes = subtreeProof(bounds.start, bounds.end, leaves.slice(0, size))
        expect(provesSubtreeConsistency(subtree, head, hashes)).toBe(true)
        expect(provesSubtreeConsistency(subtree, head, [...hashes, head.root])).toBe(false)
        expect(provesSubtreeConsistency(subtree, head, hashes.slice(1))).toBe(false)
        expect(provesSubtreeConsistency(subtree, head, hashes.slice(0, -1))).toBe(false)
        expect(provesSubtreeConsistency(subtree, { size, root: other.root(size) }, hashes)).toBe(false)
        expect(provesSubtreeConsistency({ ...subtree, root: flipped(subtree.root, 7) }, head, hashes)).toBe(false)
        for (const at of hashes.keys())
          expect(provesSubtreeConsistency(subtree, head, hashes.with(at, flipped(hashes[at]!, 9)))).toBe(false)
      }
    }
  })

  it('from the start is the consistency proof of RFC 9162', () => {
    for (const end of sizes.slice(1)) {
      const hashes = tree.consistencyProof(end)
      const head = { size: largest, root: tree.root() }
      expect(subtreeProof(0, end, leaves)).toEqual(hashes)
      expect(provesSubtreeConsistency(rooted({ start: 0, end }), head, hashes)).toBe(true)
    }
  })

  it('shows a leaf by its index in the whole tree', () => {
    const subtree = rooted({ start: 8, end: 13 })
    for (let index = 8; index < 13; index++) {
      const hashes = path(index - 8, leaves.slice(8, 13))
      expect(provesSubtreeInclusion(tree.leaf(index), index, subtree, hashes)).toBe(true)
      expect(provesSubtreeInclusion(tree.leaf(index), index - 8, subtree, hashes)).toBe(false)
      expect(provesSubtreeInclusion(tree.leaf(index), index + 8, subtree, hashes)).toBe(false)
    }
  })

  it.each([
    [1, 3],
    [2, 5],
    [4, 9],
    [3, 2],
    [-2, 0],
    [0.5, 1],
    [0, Number.NaN],
  ])('is about no subtree from %s to %s', (start, end) => {
    const root = emptyRoot()
    expect(provesSubtreeConsistency({ start, end, root }, { size: largest, root: tree.root() }, [])).toBe(false)
    expect(provesSubtreeInclusion(root, start, { start, end, root }, [])).toBe(false)
  })
})

function smallestPower(atLeast: number): number {
  let power = 1
  while (power < atLeast) power *= 2
  return power
}
