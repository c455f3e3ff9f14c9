/**
 * A Merkle tree read from tiles that anyone may hold, against a root that is believed (C2SP tlog-tiles).
 *
 * Nothing of a tile is used before it is known to lead to the root. The partial tiles of a size are together the right edge
 * of its tree and are checked at once; a full tile has its hash in a tile one level up, and so on upwards.
 */
import { equalBytes } from '../../core/bytes.js'
import type { Awaitable } from '../../core/crypto/backend.js'
import { VidimusError } from '../../errors.js'
import { Frontier } from './frontier.js'
import { emptyRoot, leafHash, nodeHash } from './hash.js'
import type { TreeHead } from './proof.js'
import { invalidTile, parseEntryBundle, parseHashTile, type Tile, tilePath, tileWidth, widthAt } from './tile.js'

/** What stands at a path below the address of a log; `undefined` when there is nothing. */
export type TileReader = (path: string) => Awaitable<Uint8Array | undefined>

/** Binary levels from a tile to the one above it. */
const tileHeight = 8

/** Verified tiles that are kept: 2 MB. A walk along the leaves needs one of each level. */
const keptTiles = 256

export class TileTree {
  readonly head: TreeHead
  private readonly read: TileReader
  private readonly kept = new Map<string, readonly Uint8Array[]>()
  private edge: Promise<Edge> | undefined

  /** `head` is believed, such as a checkpoint's whose signature holds. */
  constructor(head: TreeHead, read: TileReader) {
    this.head = head
    this.read = read
  }

  /** The hash of the leaf at an index below the size. Throws as every method: `audit_tile_missing`, `audit_tile_invalid`. */
  async leaf(index: number): Promise<Uint8Array> {
    expectBelow(index, this.head.size, 'index')
    return this.subtree(index, 1)
  }

  /** The root that the tree had at a size up to its own. */
  async root(size: number): Promise<Uint8Array> {
    expectUpTo(size, this.head.size, 'size')
    if (size < this.head.size) return size === 0 ? emptyRoot() : this.range(0, size)
    await this.rightEdge()
    return this.head.root
  }

  /** PATH(m, D[n]) of RFC 9162 §2.1.3.1, lowest hash first, at a size up to the tree's own. */
  async inclusionProof(index: number, size = this.head.size): Promise<Uint8Array[]> {
    expectUpTo(size, this.head.size, 'size')
    expectBelow(index, size, 'index')
    return this.path(index, 0, size)
  }

  /** PROOF(m, D[n]) of RFC 9162 §2.1.4.1, lowest hash first: `from` is at least 1 and at most `to`. */
  async consistencyProof(from: number, to = this.head.size): Promise<Uint8Array[]> {
    expectUpTo(to, this.head.size, 'to')
    if (!Number.isSafeInteger(from) || from < 1 || from > to)
      throw new RangeError('`from` must be an integer from 1 to the later size')
    return this.subproof(from, 0, to)
  }

  /** The entries of the bundle at an index, each with the hash that the tree has for it. */
  async entries(index: number): Promise<readonly Uint8Array[]> {
    const width = widthAt('entries', index, this.head.size)
    if (width === 0) throw new RangeError('`index` must be that of a bundle of the tree')
    const hashes = await this.tile(0, index)
    const { tile, bytes } = await this.fetch({ level: 'entries', index, width })
    const entries = parseEntryBundle(tile, bytes)
    for (const [at, hash] of hashes.entries())
      if (!equalBytes(leafHash(entries[at] as Uint8Array), hash)) throw invalidTile(tile)
    return entries.slice(0, width)
  }

  private async path(index: number, start: number, end: number): Promise<Uint8Array[]> {
    if (end - start === 1) return []
    const middle = start + split(end - start)
    return index < middle
      ? [...(await this.path(index, start, middle)), await this.range(middle, end)]
      : [...(await this.path(index, middle, end)), await this.range(start, middle)]
  }

  private async subproof(from: number, start: number, end: number): Promise<Uint8Array[]> {
    // Whoever holds the earlier root knows this node when it is all of the earlier tree.
    if (from === end) return start === 0 ? [] : [await this.range(start, end)]
    const middle = start + split(end - start)
    return from <= middle
      ? [...(await this.subproof(from, start, middle)), await this.range(middle, end)]
      : [...(await this.subproof(from, middle, end)), await this.range(start, middle)]
  }

  /** MTH of the leaves from `start`, a multiple of the power of two that covers them, up to `end`. */
  private async range(start: number, end: number): Promise<Uint8Array> {
    const width = end - start
    const left = split(width)
    if (left * 2 === width || width === 1) return this.subtree(start, width)
    return nodeHash(await this.subtree(start, left), await this.range(start + left, end))
  }

  /** The root of a complete subtree: `width` is a power of two, and `start` a multiple of it. */
  private async subtree(start: number, width: number): Promise<Uint8Array> {
    let level = 0
    let unit = 1
    while (unit * tileWidth <= width) {
      unit *= tileWidth
      level++
    }
    const first = start / unit
    const index = Math.floor(first / tileWidth)
    const hashes = await this.tile(level, index)
    const from = first - index * tileWidth
    return fold(hashes.slice(from, from + width / unit))
  }

  /** The hashes of a tile that leads to the root. */
  private async tile(level: number, index: number): Promise<readonly Uint8Array[]> {
    const width = widthAt(level, index, this.head.size)
    if (width < tileWidth) return (await this.rightEdge())[level] as readonly Uint8Array[]
    const tile = { level, index, width }
    const path = tilePath(tile)
    const known = this.kept.get(path)
    if (known !== undefined) return known
    const above = await this.tile(level + 1, Math.floor(index / tileWidth))
    const hashes = await this.hashes(tile)
    if (!equalBytes(fold(hashes), above[index % tileWidth] as Uint8Array)) throw invalidTile(tile)
    this.keep(path, hashes)
    return hashes
  }

  private keep(path: string, hashes: readonly Uint8Array[]): void {
    this.kept.set(path, hashes)
    for (const oldest of this.kept.keys()) if (this.kept.size > keptTiles) this.kept.delete(oldest)
  }

  private rightEdge(): Promise<Edge> {
    this.edge ??= this.readEdge().catch(error => {
      this.edge = undefined // another reading may find what was missing
      throw error
    })
    return this.edge
  }

  private async readEdge(): Promise<Edge> {
    const { size, root } = this.head
    const edge: (readonly Uint8Array[])[] = []
    const roots: Uint8Array[] = []
    for (let level = 0; tileWidth ** level <= size; level++) {
      const index = Math.floor(size / tileWidth ** (level + 1))
      const width = widthAt(level, index, size)
      const hashes = width === 0 ? [] : await this.hashes({ level, index, width })
      edge.push(hashes)
      roots.unshift(...peaks(hashes))
    }
    if (!equalBytes(new Frontier(size, roots).root(), root))
      throw new VidimusError('audit_tile_invalid', { at: 'root' })
    return edge
  }

  private async hashes(asked: Tile): Promise<readonly Uint8Array[]> {
    const { tile, bytes } = await this.fetch(asked)
    return parseHashTile(tile, bytes).slice(0, asked.width)
  }

  /** The tile, or the full one that took its place. */
  private async fetch(asked: Tile): Promise<{ readonly tile: Tile; readonly bytes: Uint8Array }> {
    for (const width of new Set([asked.width, tileWidth])) {
      const tile = { ...asked, width }
      const bytes = await this.read(tilePath(tile))
      if (bytes !== undefined) return { tile, bytes: new Uint8Array(bytes) }
    }
    throw new VidimusError('audit_tile_missing', { at: tilePath(asked) })
  }
}

/** By level, the hashes of its partial tile; none where the level ends with a full one. */
type Edge = readonly (readonly Uint8Array[])[]

/** The roots of the complete subtrees over hashes, largest first. */
function peaks(hashes: readonly Uint8Array[]): Uint8Array[] {
  const roots: Uint8Array[] = []
  let start = 0
  for (let width = 2 ** (tileHeight - 1); width >= 1; width /= 2) {
    if (start + width > hashes.length) continue
    roots.push(fold(hashes.slice(start, start + width)))
    start += width
  }
  return roots
}

/** The root over hashes as many as a power of two. */
function fold(hashes: readonly Uint8Array[]): Uint8Array {
  let row = hashes
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, at) => nodeHash(row[2 * at]!, row[2 * at + 1]!))
  return row[0] as Uint8Array
}

/** The largest power of two below a number; of 1 it is 1. */
function split(count: number): number {
  let left = 1
  while (left * 2 < count) left *= 2
  return left
}

function expectUpTo(value: number, limit: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > limit)
    throw new RangeError(`\`${name}\` must be an integer from 0 to ${limit}`)
}

function expectBelow(value: number, limit: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0 || value >= limit)
    throw new RangeError(`\`${name}\` must be an integer from 0 to below ${limit}`)
}
