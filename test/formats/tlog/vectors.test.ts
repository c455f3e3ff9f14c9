/** The proofs of transparency-dev/merkle: those that must hold and those that must not. */
import { describe, expect, it } from 'vitest'
import { fromBase64 } from '../../../src/core/bytes.js'
import { leafHash } from '../../../src/formats/tlog/hash.js'
import { MerkleTree } from '../../../src/formats/tlog/merkle.js'
import { provesConsistency, provesInclusion } from '../../../src/formats/tlog/proof.js'
import { provesSubtreeConsistency, provesSubtreeInclusion } from '../../../src/formats/tlog/subtree.js'
import consistency from '../../vectors/merkle/consistency.json' with { type: 'json' }
import inclusion from '../../vectors/merkle/inclusion.json' with { type: 'json' }
import tree from '../../vectors/merkle/rfc6962-reference-tree.json' with { type: 'json' }
import subtreeConsistency from '../../vectors/merkle/subtreeconsistency.json' with { type: 'json' }
import subtreeInclusion from '../../vectors/merkle/subtreeinclusion.json' with { type: 'json' }

interface Vector {
  readonly file: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

const hashes = (vector: Vector): Uint8Array[] => (vector.proof ?? []).map(hash => fromBase64(hash))

const titled = <V extends Vector>(vectors: readonly V[]): [string, V][] =>
  vectors.map(vector => [
    `${vector.wantErr ? 'refuses' : 'accepts'} ${vector.file.replace('testdata/', '').replace('.json', '')}`,
    vector,
  ])

const hex = (bytes: Uint8Array): string => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], pair => Number.parseInt(pair, 16))

describe('the reference tree of RFC 6962', () => {
  const leaves = tree.leaf_inputs_hex.map(fromHex)

  it('has the leaf hashes that are printed', () => {
    expect(leaves.map(leaf => hex(leafHash(leaf)))).toEqual(tree.leaf_hashes_hex)
  })

  it('has the root that is printed at every size', () => {
    const grown = new MerkleTree()
    expect(hex(grown.root())).toBe(tree.empty_root_hex)
    for (const leaf of leaves) grown.append(leafHash(leaf))
    expect(tree.root_hash_by_size_1_to_8_hex.map((_, index) => hex(grown.root(index + 1)))).toEqual(
      tree.root_hash_by_size_1_to_8_hex,
    )
  })

  it('has the inner nodes that are printed, as roots of pairs and of fours', () => {
    const levels = tree as unknown as Record<string, string[] | undefined>
    for (const [name, width] of [
      ['level1_hex', 2],
      ['level2_hex', 4],
    ] as const) {
      const nodes = levels[name] ?? []
      expect(nodes.length).toBeGreaterThan(0)
      for (const [index, expected] of nodes.entries()) {
        const part = new MerkleTree()
        for (const leaf of leaves.slice(index * width, (index + 1) * width)) part.append(leafHash(leaf))
        expect(hex(part.root())).toBe(expected)
      }
    }
  })
})

describe('inclusion', () => {
  it.each(titled(inclusion))('%s', (_, vector) => {
    const head = { size: vector.treeSize, root: fromBase64(vector.root) }
    expect(provesInclusion(fromBase64(vector.leafHash), vector.leafIdx, head, hashes(vector))).toBe(!vector.wantErr)
  })
})

describe('consistency', () => {
  it.each(titled(consistency))('%s', (_, vector) => {
    const from = { size: vector.size1, root: fromBase64(vector.root1) }
    const to = { size: vector.size2, root: fromBase64(vector.root2) }
    expect(provesConsistency(from, to, hashes(vector))).toBe(!vector.wantErr)
  })
})

describe('inclusion in a subtree', () => {
  it.each(titled(subtreeInclusion))('%s', (_, vector) => {
    const subtree = { start: vector.start, end: vector.end, root: fromBase64(vector.root) }
    const leaf = fromBase64(vector.leafHash)
    expect(provesSubtreeInclusion(leaf, vector.leafIdx, subtree, hashes(vector))).toBe(!vector.wantErr)
  })
})

describe('consistency of a subtree', () => {
  it.each(titled(subtreeConsistency))('%s', (_, vector) => {
    const subtree = { start: vector.start, end: vector.end, root: fromBase64(vector.root1) }
    const head = { size: vector.size, root: fromBase64(vector.root2) }
    expect(provesSubtreeConsistency(subtree, head, hashes(vector))).toBe(!vector.wantErr)
  })
})
