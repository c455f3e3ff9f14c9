/**
 * What a Merkle proof proves (RFC 9162 §2.1.3.2, §2.1.4.2): the hashes imply a root, and only the right root will do.
 *
 * Sizes and indexes are any safe integers, so halving is division: bit operators stop at 2³².
 */
import { equalBytes } from '../../core/bytes.js'
import { emptyRoot, hashBytes, nodeHash } from './hash.js'
import { sidesOfWay } from './inclusion.js'

/** A size and the root hash at that size. */
export interface TreeHead {
  readonly size: number
  readonly root: Uint8Array
}

/** Whether the hashes prove that a leaf, given by its hash, stands at an index of a tree (RFC 9162 §2.1.3.2). */
export function provesInclusion(
  leafHash: Uint8Array,
  index: number,
  tree: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(index) || !isSize(tree.size) || index >= tree.size) return false
  if (![leafHash, ...proof].every(isHash)) return false
  const sides = sidesOfWay(index, tree.size)
  if (sides.length !== proof.length) return false
  let root = leafHash
  for (const [step, hash] of proof.entries())
    root = sides[step] === 'left' ? nodeHash(hash, root) : nodeHash(root, hash)
  return equalBytes(root, tree.root)
}

/**
 * Whether the hashes prove that the later tree only adds to the earlier one (RFC 9162 §2.1.4.2). Equal sizes take no
 * hashes and equal roots; an empty tree says nothing about a larger one, so nothing is proven from it.
 */
export function provesConsistency(from: TreeHead, to: TreeHead, proof: readonly Uint8Array[]): boolean {
  if (!isSize(from.size) || !isSize(to.size) || from.size > to.size) return false
  if (from.size === 0) return to.size === 0 && proof.length === 0 && isEmptyRoot(from.root) && isEmptyRoot(to.root)
  if (from.size === to.size) return proof.length === 0 && equalBytes(from.root, to.root)
  let fn = from.size - 1
  let sn = to.size - 1
  while (odd(fn)) [fn, sn] = [half(fn), half(sn)]
  // A size that is a power of two is one complete subtree: its root is known and left out of the proof.
  const [seed, ...rest] = fn === 0 ? [from.root, ...proof] : proof
  if (seed === undefined || ![seed, ...rest].every(isHash)) return false
  let earlier = seed
  let later = seed
  for (const hash of rest) {
    if (sn === 0) return false // a hash too many
    if (odd(fn) || fn === sn) {
      earlier = nodeHash(hash, earlier)
      later = nodeHash(hash, later)
      while (!odd(fn)) [fn, sn] = [half(fn), half(sn)]
    } else {
      later = nodeHash(later, hash)
    }
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && equalBytes(earlier, from.root) && equalBytes(later, to.root)
}

export const isHash = (hash: Uint8Array): boolean => hash.length === hashBytes

export const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

export const isEmptyRoot = (root: Uint8Array): boolean => equalBytes(root, emptyRoot())

export const odd = (value: number): boolean => value % 2 === 1

export const half = (value: number): number => Math.floor(value / 2)
