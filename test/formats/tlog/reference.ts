/** The Merkle tree as RFC 9162 §2.1 defines it, word by word: slow, recursive, and too plain to be wrong. */
import { sha256 } from '#crypto'

export type Leaves = readonly Uint8Array[]

const join = (...parts: readonly (number | Uint8Array)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(part => (typeof part === 'number' ? [part] : [...part])))

/** MTH(D[n]) over the leaves' data (§2.1.1). */
export function treeHash(leaves: Leaves): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array(0))
  if (leaves.length === 1) return sha256(join(0, leaves[0]!))
  const k = split(leaves.length)
  return sha256(join(1, treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k))))
}

/** PATH(m, D[n]) (§2.1.3.1). */
export function path(m: number, leaves: Leaves): Uint8Array[] {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))]
}

/** PROOF(m, D[n]) (§2.1.4.1). */
export const proof = (m: number, leaves: Leaves): Uint8Array[] => subproof(m, leaves, true)

function subproof(m: number, leaves: Leaves, known: boolean): Uint8Array[] {
  if (m === leaves.length) return known ? [] : [treeHash(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), known), treeHash(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))]
}

/** SUBTREE_PROOF(start, end, D[n]) (draft-ietf-plants-merkle-tree-certs §4). */
export const subtreeProof = (start: number, end: number, leaves: Leaves): Uint8Array[] =>
  subtreeSubproof(start, end, leaves, true)

function subtreeSubproof(start: number, end: number, leaves: Leaves, known: boolean): Uint8Array[] {
  if (start === 0 && end === leaves.length) return known ? [] : [treeHash(leaves)]
  const k = split(leaves.length)
  if (end <= k) return [...subtreeSubproof(start, end, leaves.slice(0, k), known), treeHash(leaves.slice(k))]
  if (k <= start) return [...subtreeSubproof(start - k, end - k, leaves.slice(k), known), treeHash(leaves.slice(0, k))]
  return [...subtreeSubproof(0, end - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))]
}

/** The largest power of two smaller than n. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
