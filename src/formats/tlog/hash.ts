/** The hashes of a Merkle tree over SHA-256 (RFC 9162 §2.1.1), which keep leaves and nodes apart by their first byte. */
import { sha256 } from '#crypto'

/** Bytes of a hash. */
export const hashBytes = 32

export const leafPrefix = 0x00
export const nodePrefix = 0x01

/** The root of the tree without leaves. */
export const emptyRoot = (): Uint8Array => sha256(new Uint8Array(0))

/** What is hashed, with its prefix; one buffer serves every call, for hashing is synchronous and keeps nothing. */
const node = /* @__PURE__ */ new Uint8Array(1 + 2 * hashBytes)

/** The hash of a leaf's data. */
export function leafHash(data: Uint8Array): Uint8Array {
  const leaf = new Uint8Array(1 + data.length)
  leaf[0] = leafPrefix
  leaf.set(data, 1)
  return sha256(leaf)
}

/** The hash of a leaf whose data are the UTF-8 bytes of a text without half characters; nothing is copied on the way. */
export function textLeafHash(text: string): Uint8Array {
  const most = 1 + 3 * text.length
  if (leafText.length < most) leafText = new Uint8Array(2 * most)
  const { written } = encoder.encodeInto(text, leafText.subarray(1))
  return sha256(leafText.subarray(0, 1 + written))
}

const encoder = /* @__PURE__ */ new TextEncoder()

/** For texts, as `node` is for nodes; its first byte stays the prefix of a leaf. */
let leafText = /* @__PURE__ */ new Uint8Array(1024)

/** The hash of a node over the hashes of its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node[0] = nodePrefix
  node.set(left, 1)
  node.set(right, 1 + hashBytes)
  return sha256(node)
}

/** The same where the two hashes already lie end to end. */
export function pairHash(pair: Uint8Array): Uint8Array {
  node[0] = nodePrefix
  node.set(pair, 1)
  return sha256(node)
}
