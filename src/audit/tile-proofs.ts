/** Proofs of the log out of its published files alone: nobody who runs the log has to be asked, or to know who asks. */
import { fromUtf8 } from '../core/bytes.js'
import { VidimusError } from '../errors.js'
import { tileWidth } from '../formats/tlog/tile.js'
import { type TileReader, TileTree } from '../formats/tlog/tile-tree.js'
import { isIndex } from './act.js'
import { type AuditEntry, entryText, parseEntry } from './entry.js'
import { type CheckpointOptions, readCheckpointOptions, requireCheckpoint } from './policy.js'
import { type ConsistencyProof, encodeHashes, type InclusionProof } from './proof.js'

export interface TileProofOptions extends Omit<CheckpointOptions, 'limits'> {
  /** The checkpoint to prove under; it is verified first. */
  readonly checkpoint: string
  /** What stands at a path below the address of the log, such as `tile/0/000`; `undefined` when there is nothing. */
  readonly readTile: TileReader
}

/**
 * That the entry at an index below the checkpoint's size is in the log, from its tiles. Every tile is held against the
 * checkpoint. Throws `audit_tile_missing`, `audit_tile_invalid`, `audit_entry_malformed`, `checkpoint_…`; `RangeError` for an
 * index beyond the checkpoint; and what `readTile` throws.
 * @example await proveInclusionFromTiles(7, { checkpoint, logKey, readTile: path => files.get(path) })
 */
export async function proveInclusionFromTiles(index: number, options: TileProofOptions): Promise<InclusionProof> {
  const { tree, checkpoint } = await openTiles(options)
  if (!isIndex(index) || index >= tree.head.size)
    throw new RangeError('`index` must be below the size of the checkpoint')
  return inclusionIn(tree, index, checkpoint)
}

/**
 * That the log only grew from a size to the checkpoint's, 1 ≤ `fromSize` ≤ that, from its tiles. Throws as
 * `proveInclusionFromTiles`.
 * @example const proof = await proveConsistencyFromTiles(100, { checkpoint, logKey, readTile })
 */
export async function proveConsistencyFromTiles(
  fromSize: number,
  options: TileProofOptions,
): Promise<ConsistencyProof> {
  const { tree } = await openTiles(options)
  const toSize = tree.head.size
  if (!isIndex(fromSize) || fromSize < 1 || fromSize > toSize)
    throw new RangeError('`fromSize` must be from 1 to the size of the checkpoint')
  return consistencyIn(tree, fromSize, toSize)
}

/** The proof for an index below the size of a tree, whose head the checkpoint states. */
export async function inclusionIn(tree: TileTree, index: number, checkpoint: string): Promise<InclusionProof> {
  const bundle = await tree.entries(Math.floor(index / tileWidth))
  const entry = entryOfLeaf(bundle[index % tileWidth] as Uint8Array, index)
  return Object.freeze({ entry, index, hashes: encodeHashes(await tree.inclusionProof(index)), checkpoint })
}

/** The proof between two sizes of a tree, 1 ≤ `fromSize` ≤ `toSize`. */
export async function consistencyIn(tree: TileTree, fromSize: number, toSize: number): Promise<ConsistencyProof> {
  return Object.freeze({ fromSize, toSize, hashes: encodeHashes(await tree.consistencyProof(fromSize, toSize)) })
}

async function openTiles({ checkpoint, readTile, ...options }: TileProofOptions) {
  if (typeof checkpoint !== 'string') throw new TypeError('`checkpoint` must be the text of a checkpoint')
  if (typeof readTile !== 'function') throw new TypeError('`readTile` must be a function')
  const { policy } = await readCheckpointOptions(options)
  return { checkpoint, tree: new TileTree(await requireCheckpoint(checkpoint, policy), readTile) }
}

/** The entry that a leaf of the tree is, if it is the one text of an entry with that number. Throws `audit_entry_malformed`. */
export function entryOfLeaf(leaf: Uint8Array, index: number): AuditEntry {
  const entry = readLeaf(leaf, index)
  if (entry.index !== index) throw malformedLeaf(index)
  return entry
}

function readLeaf(leaf: Uint8Array, index: number): AuditEntry {
  try {
    const text = fromUtf8(leaf)
    const entry = parseEntry(text)
    if (entryText(entry) === text) return entry
  } catch {}
  throw malformedLeaf(index)
}

const malformedLeaf = (index: number) => new VidimusError('audit_entry_malformed', { at: `entry ${index}` })
