/** Tiles: their paths, which of them a size has, and a tree that is read from them and from nothing else. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes, utf8 } from '../../../src/core/bytes.js'
import { leafHash } from '../../../src/formats/tlog/hash.js'
import { MerkleTree } from '../../../src/formats/tlog/merkle.js'
import {
  parseEntryBundle,
  parseHashTile,
  parseTilePath,
  printEntryBundle,
  type Tile,
  tilePath,
  tilesBetween,
} from '../../../src/formats/tlog/tile.js'
import { TileTree } from '../../../src/formats/tlog/tile-tree.js'
import { path, proof, treeHash } from './reference.js'

const seed = 20261122

const failing = (code: string, at?: string) =>
  expect.objectContaining({ name: 'VidimusError', code, ...(at === undefined ? {} : { at }) })

describe('the path of a tile', () => {
  it.each<[string, Tile]>([
    ['tile/0/x001/x234/067', { level: 0, index: 1234067, width: 256 }],
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/1/999.p/1', { level: 1, index: 999, width: 1 }],
    ['tile/63/x001/000.p/255', { level: 63, index: 1000, width: 255 }],
    ['tile/entries/x273/112', { level: 'entries', index: 273112, width: 256 }],
    ['tile/entries/273.p/112', { level: 'entries', index: 273, width: 112 }],
    ['tile/0/x009/x007/x199/x254/x740/991', { level: 0, index: Number.MAX_SAFE_INTEGER, width: 256 }],
  ])('%s is read and written alike', (text, tile) => {
    expect(tilePath(tile)).toBe(text)
    expect(parseTilePath(text)).toEqual(tile)
  })

  it.each([
    '',
    'checkpoint',
    '/tile/0/000',
    'tile/0/000/',
    'tile/00/000',
    'tile/01/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/1000',
    'tile/0/x000',
    'tile/0/x000/001',
    'tile/0/001/000',
    'tile/0/x001/x000',
    'tile/0/X001/000',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x001/x000/x000/x000/x000/x000/000',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000.p',
    'tile/0/000.p/1/',
    'tile/0/000.p/1\n',
    'tile/0/٠٠٠',
    'tile/entry/000',
    'tile/data/000',
    'tile/entries/000?x',
    'tile/0/%30%30%30',
    'a/tile/0/000',
  ])('is not %j', text => {
    expect(parseTilePath(text)).toBeUndefined()
  })

  it('comes back for every tile', () => {
    const tiles = fc.record({
      level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
      index: fc.maxSafeNat(),
      width: fc.integer({ min: 1, max: 256 }),
    })
    fc.assert(
      fc.property(tiles, tile => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile)
      }),
      { seed, numRuns: 500 },
    )
  })
})

const count = (from: number, to: number) => {
  const counts: Record<string, number> = {}
  for (const { level, width } of tilesBetween(from, to)) {
    const kind = `${level}${width === 256 ? '' : `.p/${width}`}`
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

describe('the tiles of a size', () => {
  it('are for 70,000 those of the example in the standard', () => {
    expect(count(0, 70_000)).toEqual({
      entries: 273,
      'entries.p/112': 1,
      0: 273,
      '0.p/112': 1,
      1: 1,
      '1.p/17': 1,
      '2.p/1': 1,
    })
  })

  it('are for 256 a full one and one of width 1 above it', () => {
    expect(count(0, 256)).toEqual({ entries: 1, 0: 1, '1.p/1': 1 })
  })

  it('are none for an empty tree, and none more for the same size', () => {
    expect(count(0, 0)).toEqual({})
    expect(count(70_000, 70_000)).toEqual({})
  })

  it('are after growth those that are new or wider', () => {
    expect([...tilesBetween(255, 257)].map(tilePath)).toEqual([
      'tile/entries/000',
      'tile/entries/001.p/1',
      'tile/0/000',
      'tile/0/001.p/1',
      'tile/1/000.p/1',
    ])
    expect([...tilesBetween(256, 511)].map(tilePath)).toEqual(['tile/entries/001.p/255', 'tile/0/001.p/255'])
  })

  it('are enough between any two sizes: each tile of the later is in one step or the other', () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.nat(200_000), (one, other) => {
        const [from, to] = one < other ? [one, other] : [other, one]
        const steps = new Set([...tilesBetween(0, from), ...tilesBetween(from, to)].map(tilePath))
        expect([...tilesBetween(0, to)].map(tilePath).filter(tile => !steps.has(tile))).toEqual([])
      }),
      { seed, numRuns: 20 },
    )
  })
})

describe('a bundle of entries', () => {
  const tile: Tile = { level: 'entries', index: 0, width: 3 }
  const entries = [utf8('one'), new Uint8Array(), new Uint8Array(0xffff).fill(7)]

  it('has each after its length, high byte first', () => {
    expect([...printEntryBundle([utf8('ab'), new Uint8Array(258)])].slice(0, 6)).toEqual([0, 2, 97, 98, 1, 2])
    expect(parseEntryBundle(tile, printEntryBundle(entries))).toEqual(entries)
  })

  it('is read where it lies within a larger buffer', () => {
    const larger = concatBytes(Uint8Array.of(1), printEntryBundle(entries))
    expect(parseEntryBundle(tile, larger.subarray(1))).toEqual(entries)
  })

  it.each([
    ['too few entries', printEntryBundle(entries.slice(1))],
    ['too many', printEntryBundle([...entries, utf8('more')])],
    ['half a length', printEntryBundle(entries).slice(0, 4 + 2)],
    ['an entry cut short', printEntryBundle(entries).slice(0, -1)],
    ['a byte too many', concatBytes(printEntryBundle(entries), Uint8Array.of(0))],
    ['nothing', new Uint8Array()],
  ])('is refused with %s', (_, bytes) => {
    expect(() => parseEntryBundle(tile, bytes)).toThrow(failing('audit_tile_invalid', 'tile/entries/000.p/3'))
  })

  it('takes no entry that its length cannot say', () => {
    expect(() => printEntryBundle([new Uint8Array(0x10000)])).toThrow(RangeError)
  })
})

it('a tile of hashes is refused at any other length than that of its width', () => {
  const tile: Tile = { level: 1, index: 2, width: 3 }
  expect(parseHashTile(tile, new Uint8Array(96))).toHaveLength(3)
  for (const length of [0, 32, 64, 95, 97, 128, 8192])
    expect(() => parseHashTile(tile, new Uint8Array(length))).toThrow(failing('audit_tile_invalid', 'tile/1/002.p/3'))
})

/** A log of leaves and all files that it ever had at some sizes. */
const largest = 70_000
const leafAt = (index: number): Uint8Array => utf8(`leaf ${index}`)
const tree = new MerkleTree()
for (let index = 0; index < largest; index++) tree.append(leafHash(leafAt(index)))

function fileOf({ level, index, width }: Tile): Uint8Array {
  const places = Array.from({ length: width }, (_, at) => index * 256 + at)
  return level === 'entries'
    ? printEntryBundle(places.map(leafAt))
    : concatBytes(...places.map(place => subtreeRoot(place * 256 ** level, 256 ** level)))
}

function subtreeRoot(start: number, width: number): Uint8Array {
  const part = new MerkleTree()
  for (let index = start; index < start + width; index++) part.append(tree.leaf(index))
  return part.root()
}

type Files = Map<string, Uint8Array>

const filesAt = (size: number): Files => new Map([...tilesBetween(0, size)].map(tile => [tilePath(tile), fileOf(tile)]))

const headAt = (size: number) => ({ size, root: tree.root(size) })

const readFrom = (files: Files, size: number) => new TileTree(headAt(size), path => files.get(path))

const large = filesAt(largest)

describe('a tree that is read from tiles', () => {
  it('gives the proofs of the definition at every size up to 2,000', async () => {
    const leaves = Array.from({ length: 2000 }, (_, index) => leafAt(index))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), fc.nat(), fc.nat(), async (size, one, other) => {
        const read = readFrom(filesAt(size), size)
        const [at, index, from] = [1 + (one % size), other % (1 + (one % size)), 1 + (other % (1 + (one % size)))]
        expect(await read.root(at)).toEqual(treeHash(leaves.slice(0, at)))
        expect(await read.leaf(index)).toEqual(leafHash(leafAt(index)))
        expect(await read.inclusionProof(index, at)).toEqual(path(index, leaves.slice(0, at)))
        expect(await read.consistencyProof(from, at)).toEqual(proof(from, leaves.slice(0, at)))
        expect(await read.inclusionProof(index)).toEqual(path(index, leaves.slice(0, size)))
        expect(await read.consistencyProof(from)).toEqual(proof(from, leaves.slice(0, size)))
      }),
      {
        seed,
        numRuns: 15,
        examples: [
          [256, 255, 255],
          [257, 255, 256],
          [1, 0, 0],
          [512, 300, 256],
          [2000, 1999, 1999],
        ],
      },
    )
  })

  it('gives those of the tree where it has three levels of tiles', async () => {
    const read = readFrom(large, largest)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: largest }), fc.nat(), async (size, other) => {
        expect(await read.root(size)).toEqual(tree.root(size))
        expect(await read.inclusionProof(other % size, size)).toEqual(tree.inclusionProof(other % size, size))
        expect(await read.consistencyProof(1 + (other % size), size)).toEqual(
          tree.consistencyProof(1 + (other % size), size),
        )
      }),
      {
        seed,
        numRuns: 60,
        examples: [
          [65_536, 65_535],
          [65_537, 65_536],
          [largest, largest - 1],
          [256, 256],
        ],
      },
    )
  })

  it('has the entries of every bundle, the last of them partial', async () => {
    const read = readFrom(large, largest)
    expect(await read.entries(0)).toEqual(Array.from({ length: 256 }, (_, index) => leafAt(index)))
    expect(await read.entries(273)).toEqual(Array.from({ length: 112 }, (_, index) => leafAt(273 * 256 + index)))
    await expect(read.entries(274)).rejects.toThrow(RangeError)
  })

  it('finds in a full tile what a partial one had that is gone', async () => {
    const grown = filesAt(600)
    const read = readFrom(new Map([...grown].filter(([path]) => !path.includes('.p/44'))), 300)
    const missing = 'tile/1/000.p/1'
    expect(grown.has(missing)).toBe(false)
    await expect(read.root(300)).rejects.toThrow(failing('audit_tile_missing', missing))
    const full = new Map([...large].filter(([path]) => !path.includes('.p/')))
    const old = readFrom(full, 65_536 - 256 + 44)
    expect(await old.inclusionProof(65_300)).toEqual(tree.inclusionProof(65_300, 65_324))
    expect(await old.entries(255)).toEqual(Array.from({ length: 44 }, (_, index) => leafAt(65_280 + index)))
  })

  it('fetches no tile twice, and none that a proof does not need', async () => {
    const asked: string[] = []
    const read = new TileTree(headAt(largest), path => {
      asked.push(path)
      return large.get(path)
    })
    await read.inclusionProof(1000)
    await read.inclusionProof(1001)
    expect(asked.sort()).toEqual(
      ['tile/0/003', 'tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1'].sort(),
    )
  })

  it('is not changed by a reader that uses its buffers again', async () => {
    const buffer = new Uint8Array(256 * 32)
    const read = new TileTree(headAt(300), path => {
      const file = large.get(path) ?? filesAt(300).get(path)!
      buffer.set(file)
      return buffer.subarray(0, file.length)
    })
    const first = await read.leaf(0)
    expect(await read.inclusionProof(299)).toEqual(tree.inclusionProof(299, 300))
    expect(first).toEqual(leafHash(leafAt(0)))
  })

  it('asks again for what was missing when it is asked again', async () => {
    const files = new Map<string, Uint8Array>()
    const read = readFrom(files, 3)
    await expect(read.leaf(0)).rejects.toThrow(failing('audit_tile_missing', 'tile/0/000.p/3'))
    for (const [path, file] of filesAt(3)) files.set(path, file)
    expect(await read.leaf(0)).toEqual(leafHash(leafAt(0)))
  })

  it('keeps no more tiles than it needs, and forgets none that it needs', async () => {
    const read = readFrom(large, largest)
    for (let index = 0; index < largest; index += 200) expect(await read.leaf(index)).toEqual(tree.leaf(index))
    expect(await read.leaf(0)).toEqual(tree.leaf(0))
  })

  it('is empty without reading anything', async () => {
    const read = readFrom(new Map(), 0)
    expect(await read.root(0)).toEqual(treeHash([]))
    await expect(new TileTree({ size: 0, root: new Uint8Array(32) }, () => undefined).root(0)).rejects.toThrow(
      failing('audit_tile_invalid', 'root'),
    )
  })

  it.each([
    ['a leaf beyond its end', (read: TileTree) => read.leaf(300)],
    ['a leaf before its start', (read: TileTree) => read.leaf(-1)],
    ['half a leaf', (read: TileTree) => read.leaf(0.5)],
    ['a root beyond its end', (read: TileTree) => read.root(301)],
    ['a proof beyond its end', (read: TileTree) => read.inclusionProof(0, 301)],
    ['a proof of a leaf beyond the size', (read: TileTree) => read.inclusionProof(20, 20)],
    ['a proof from nothing', (read: TileTree) => read.consistencyProof(0)],
    ['a proof backwards', (read: TileTree) => read.consistencyProof(20, 19)],
    ['a proof to beyond its end', (read: TileTree) => read.consistencyProof(20, 301)],
  ])('is not asked for %s', async (_, ask) => {
    await expect(ask(readFrom(large, 300))).rejects.toThrow(RangeError)
  })
})

describe('a host of tiles that lies', () => {
  /** Everything that a tree has to say. */
  async function readAll(files: Files, size: number): Promise<void> {
    const read = readFrom(files, size)
    await read.root(size)
    for (let index = 0; index * 256 < size; index++) await read.entries(index)
    for (let index = 0; index < size; index += 256) await read.leaf(index)
  }

  const files = filesAt(600)

  it('is believed while it does not', async () => {
    await readAll(files, 600)
  })

  it('is caught at any byte of any file', async () => {
    const places = fc.record({ file: fc.nat(files.size - 1), byte: fc.nat(), change: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(places, async ({ file, byte, change }) => {
        const [path, bytes] = [...files][file]!
        const tampered = bytes.slice()
        tampered[byte % bytes.length]! ^= change
        await expect(readAll(new Map(files).set(path, tampered), 600)).rejects.toThrow(failing('audit_tile_invalid'))
      }),
      { seed, numRuns: 300 },
    )
  })

  it('is caught when a file is cut, lengthened, swapped or gone', async () => {
    const other = filesAt(500)
    for (const [path, bytes] of files) {
      const cut = new Map(files).set(path, bytes.slice(0, -1))
      const longer = new Map(files).set(path, concatBytes(bytes, Uint8Array.of(0)))
      const swapped = new Map(files).set(path, other.get('tile/0/001.p/244')!)
      for (const tampered of [cut, longer, swapped])
        await expect(readAll(tampered, 600)).rejects.toThrow(failing('audit_tile_invalid'))
      const gone = new Map(files)
      gone.delete(path)
      await expect(readAll(gone, 600)).rejects.toThrow(failing('audit_tile_missing', path))
    }
  })

  it('is caught at a full tile that agrees with its entries and not with the tree', async () => {
    const forged = Array.from({ length: 256 }, (_, index) => utf8(`forged ${index}`))
    const tampered = new Map(files)
      .set('tile/entries/000', printEntryBundle(forged))
      .set('tile/0/000', concatBytes(...forged.map(leafHash)))
    await expect(readAll(tampered, 600)).rejects.toThrow(failing('audit_tile_invalid', 'tile/0/000'))
  })

  it('is caught with the tiles of another tree, whole', async () => {
    await expect(new TileTree({ size: 600, root: tree.root(599) }, path => files.get(path)).leaf(0)).rejects.toThrow(
      failing('audit_tile_invalid', 'root'),
    )
  })
})
