/**
 * Tiles (C2SP tlog-tiles): a Merkle tree as files of up to 256 hashes, and the entries under it in bundles of as many.
 *
 * A tile that is full never changes. One at the right end of its level is partial and has its width in its path, so that it
 * never changes either.
 */
import { VidimusError } from '../../errors.js'
import { hashBytes } from './hash.js'

/** Hashes in a full tile, entries in a full bundle. */
export const tileWidth = 256

/** A hash tile by its level, from 0 for the hashes of leaves, or a bundle of entries. */
export interface Tile {
  readonly level: number | 'entries'
  readonly index: number
  /** How many hashes or entries it has: 1 to 256. */
  readonly width: number
}

/** Levels have numbers of at most two digits; a tree of any safe size has no more than seven. */
const maxLevel = 63

/** The path of a tile below the address of its log. */
export function tilePath({ level, index, width }: Tile): string {
  const whole = `tile/${level}/${printIndex(index)}`
  return width === tileWidth ? whole : `${whole}.p/${width}`
}

/** Groups of three digits, all but the last marked, so that a file never has the name of a folder. */
function printIndex(index: number): string {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  return padded.replace(/\d{3}(?=\d)/g, 'x$&/')
}

/** The tile that a path names; `undefined` when it is not the path of any. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level, index, width] =
    /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path) ?? []
  if (level === undefined || index === undefined) return undefined
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replace(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  const known = tile.level === 'entries' || tile.level <= maxLevel
  // One path for one tile: no group of zeros in front, no width of a full tile.
  return known && Number.isSafeInteger(tile.index) && tilePath(tile) === path ? tile : undefined
}

/** How wide a tile is in a tree of a size; 0 when the tree does not reach it. */
export function widthAt(level: Tile['level'], index: number, size: number): number {
  const hashes = level === 'entries' ? size : Math.floor(size / tileWidth ** level)
  return Math.min(Math.max(hashes - index * tileWidth, 0), tileWidth)
}

/**
 * The tiles that a tree of size `to` has and one of size `from` has not, bundles of entries among them: from the leaves
 * upwards, each level from left to right.
 */
export function* tilesBetween(from: number, to: number): Generator<Tile> {
  yield* levelBetween('entries', from, to)
  for (let level = 0; tileWidth ** level <= to; level++) yield* levelBetween(level, from, to)
}

function* levelBetween(level: Tile['level'], from: number, to: number): Generator<Tile> {
  const unit = level === 'entries' ? 1 : tileWidth ** level
  const first = Math.floor(Math.floor(from / unit) / tileWidth)
  for (let index = first; widthAt(level, index, to) > 0; index++) {
    const width = widthAt(level, index, to)
    if (width > widthAt(level, index, from)) yield { level, index, width }
  }
}

/** The hashes of a tile. Throws `audit_tile_invalid` when they are not as many as the tile is wide. */
export function parseHashTile(tile: Tile, bytes: Uint8Array): readonly Uint8Array[] {
  if (bytes.length !== tile.width * hashBytes) throw invalidTile(tile)
  return Array.from({ length: tile.width }, (_, at) => bytes.subarray(at * hashBytes, (at + 1) * hashBytes))
}

const lengthBytes = 2
const maxEntryBytes = 0xffff

/** Entries as a bundle: each after its length in two bytes, big-endian. Throws `RangeError` for one of 64 KiB or more. */
export function printEntryBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bundle = new Uint8Array(entries.reduce((length, entry) => length + lengthBytes + entry.length, 0))
  const view = new DataView(bundle.buffer)
  let offset = 0
  for (const entry of entries) {
    if (entry.length > maxEntryBytes) throw new RangeError(`an entry has at most ${maxEntryBytes} bytes`)
    view.setUint16(offset, entry.length)
    bundle.set(entry, offset + lengthBytes)
    offset += lengthBytes + entry.length
  }
  return bundle
}

/** The entries of a bundle. Throws `audit_tile_invalid` when it does not end with as many as it is wide. */
export function parseEntryBundle(tile: Tile, bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: Uint8Array[] = []
  let offset = 0
  while (entries.length < tile.width) {
    if (offset + lengthBytes > bytes.length) throw invalidTile(tile)
    const start = offset + lengthBytes
    offset = start + view.getUint16(offset)
    if (offset > bytes.length) throw invalidTile(tile)
    entries.push(bytes.subarray(start, offset))
  }
  if (offset !== bytes.length) throw invalidTile(tile)
  return entries
}

export const invalidTile = (tile: Tile) => new VidimusError('audit_tile_invalid', { at: tilePath(tile) })
