/** The log as files: what is written and when, and proofs out of nothing but the files. */
import { describe, expect, it } from 'vitest'
import { entryText } from '../../src/audit/entry.js'
import { verifyConsistency, verifyInclusion } from '../../src/audit/proof.js'
import { proveConsistencyFromTiles, proveInclusionFromTiles } from '../../src/audit/tile-proofs.js'
import type { PublishedLogFile } from '../../src/audit/tiles.js'
import { withCosignatures, witness, witnessMemory } from '../../src/audit/witness.js'
import { fromBase64url, utf8 } from '../../src/core/bytes.js'
import { generateSigner } from '../../src/core/keys.js'
import { printCheckpoint } from '../../src/formats/tlog/checkpoint.js'
import { leafHash } from '../../src/formats/tlog/hash.js'
import { ed25519KeyId, printNote } from '../../src/formats/tlog/note.js'
import { printEntryBundle, tilePath, tilesBetween } from '../../src/formats/tlog/tile.js'
import { act, failing, memoryStore, origin, type World, world } from './world.js'

/** A static host. */
function host() {
  const files = new Map<string, PublishedLogFile>()
  const written: string[] = []
  return {
    files,
    written,
    write: (file: PublishedLogFile) => {
      files.set(file.path, file)
      written.push(file.path)
    },
    checkpoint: () => files.get('checkpoint')?.body as string | undefined,
    readTile: (path: string) => files.get(path)?.body as Uint8Array | undefined,
  }
}

const grow = async ({ log }: World, entries: number): Promise<void> => {
  await Promise.all(Array.from({ length: entries }, (_, index) => log.append(act(undefined, `reason_${index}`))))
}

const large = await world()
await grow(large, 600)
const published = host()
await large.log.publish({ write: published.write })
const logKey = large.log.verifierKey

describe('a published log', () => {
  it('is the files of its size and its checkpoint, which comes last', async () => {
    expect(published.written).toEqual([...[...tilesBetween(0, 600)].map(tilePath), 'checkpoint'])
    expect(published.checkpoint()).toBe(await large.log.checkpoint())
  })

  it('says how long each file may be kept', () => {
    const told = (path: string) => {
      const { mediaType, cacheControl } = published.files.get(path)!
      return [mediaType, cacheControl]
    }
    expect(told('checkpoint')).toEqual(['text/plain; charset=utf-8', 'no-cache'])
    for (const tile of ['tile/0/000', 'tile/entries/001', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/002.p/88'])
      expect(told(tile)).toEqual(['application/octet-stream', 'public, max-age=31536000, immutable'])
  })

  it('is written on from what stands there', async () => {
    const made = await world()
    const place = host()
    const publish = () => made.log.publish({ write: place.write, published: place.checkpoint() })
    await grow(made, 3)
    expect(await publish()).toMatchObject({ size: 3, files: 3 })
    await grow(made, 254)
    expect(await publish()).toMatchObject({ size: 257, files: 6 })
    expect(place.written.slice(3)).toEqual([...[...tilesBetween(3, 257)].map(tilePath), 'checkpoint'])
    expect(await publish()).toMatchObject({ size: 257, files: 1, checkpoint: await made.log.checkpoint() })
  })

  it('is a checkpoint alone while it is empty', async () => {
    const made = await world()
    const place = host()
    expect(await made.log.publish({ write: place.write })).toMatchObject({ size: 0, files: 1 })
    expect(place.written).toEqual(['checkpoint'])
  })

  it('is whole after a crash at any file, once it was published again', async () => {
    const made = await world()
    await grow(made, 300)
    const whole = host()
    const { files } = await made.log.publish({ write: whole.write })
    for (let crash = 0; crash < files; crash++) {
      const place = host()
      const crashing = (file: PublishedLogFile) => {
        if (place.written.length === crash) throw new Error('power')
        place.write(file)
      }
      await expect(made.log.publish({ write: crashing })).rejects.toThrow('power')
      expect(place.checkpoint()).toBeUndefined()
      await made.log.publish({ write: place.write, published: place.checkpoint() })
      expect(place.files).toEqual(whole.files)
    }
  })

  it('never has a checkpoint without its tiles, nor an older one on top, when publications run side by side', async () => {
    const made = await world()
    const place = host()
    const sizes: number[] = []
    const write = async (file: PublishedLogFile) => {
      await new Promise(resolve => setTimeout(resolve, file.path === 'checkpoint' ? 0 : 3))
      place.write(file)
      if (file.path !== 'checkpoint') return
      const size = Number((file.body as string).split('\n')[1])
      sizes.push(size)
      expect([...tilesBetween(0, size)].map(tilePath).filter(path => !place.files.has(path))).toEqual([])
    }
    const runs = []
    for (let run = 0; run < 4; run++) {
      await grow(made, 70)
      runs.push(made.log.publish({ write, published: undefined }))
    }
    await Promise.all(runs)
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
    expect(sizes.at(-1)).toBe(280)
  })

  it('tells how far it is, and stops between two files when asked to', async () => {
    const seen: string[] = []
    await large.log.publish({ write: () => {}, onProgress: ({ done, total }) => seen.push(`${done}/${total}`) })
    expect([seen.length, seen[0], seen.at(-1)]).toEqual([8, '1/8', '8/8'])
    const stop = new AbortController()
    const place = host()
    const write = (file: PublishedLogFile) => {
      place.write(file)
      stop.abort(new Error('enough'))
    }
    await expect(large.log.publish({ write, signal: stop.signal })).rejects.toThrow('enough')
    await large.log.publish({ write: () => {} })
    expect(place.written).toHaveLength(1)
  })

  it('is not written on where another history stands', async () => {
    const backup = await world()
    await grow(backup, 3)
    const signed = async (size: number, root: Uint8Array) => {
      const text = printCheckpoint({ origin, size, root, extensions: [] })
      const keyId = ed25519KeyId(origin, fromBase64url(large.signer.publicJwk.x))
      return printNote({ text, signatures: [{ name: origin, keyId, signature: await large.signer.sign(utf8(text)) }] })
    }
    for (const stands of [await signed(601, new Uint8Array(32)), await signed(5, new Uint8Array(32))]) {
      const place = host()
      await expect(large.log.publish({ write: place.write, published: stands })).rejects.toMatchObject(
        failing('audit_consistency_invalid'),
      )
      expect(place.written).toEqual([])
    }
    const other = await world({ origin: 'other.example/log', store: memoryStore() })
    await expect(large.log.publish({ write: () => {}, published: await other.log.checkpoint() })).rejects.toMatchObject(
      failing('checkpoint_origin_mismatch'),
    )
  })

  it('bears the signatures of witnesses, who find its tiles in place', async () => {
    const made = await world()
    const place = host()
    const signer = await generateSigner('EdDSA')
    const now = () => made.clock.now
    const options = { name: 'witness.example/w1', signer, logKey: made.log.verifierKey, memory: witnessMemory(), now }
    const w = await witness(options)
    await w.trustFirst(await made.log.checkpoint())
    await grow(made, 5)
    const cosign = async (checkpoint: string) => {
      expect(place.written).toEqual([...tilesBetween(0, 5)].map(tilePath))
      return withCosignatures(checkpoint, [(await w.cosign(checkpoint)).cosignature])
    }
    const { checkpoint } = await made.log.publish({ write: place.write, cosign })
    expect(checkpoint).toBe(place.checkpoint())
    const witnesses = { keys: w.verifierKey, threshold: 1 }
    const proof = await proveInclusionFromTiles(4, {
      ...place,
      checkpoint,
      logKey: made.log.verifierKey,
      witnesses,
      now,
    })
    expect(await verifyInclusion(proof, { logKey: made.log.verifierKey, witnesses, now })).toMatchObject({ ok: true })
    expect(await made.log.publish({ write: place.write, published: place.checkpoint() })).toMatchObject({ files: 1 })
  })

  it('is not published with a checkpoint that is another', async () => {
    const made = await world()
    const before = await made.log.checkpoint()
    await grow(made, 1)
    const place = host()
    await expect(made.log.publish({ write: place.write, cosign: () => before })).rejects.toThrow('`cosign`')
    await expect(made.log.publish({ write: place.write, cosign: () => 'x' })).rejects.toMatchObject(
      failing('checkpoint_malformed'),
    )
    const unsigned = async (checkpoint: string) => checkpoint.replace(/— \S+/, '— other.example/log')
    await expect(made.log.publish({ write: place.write, cosign: unsigned })).rejects.toMatchObject(
      failing('checkpoint_signature_missing'),
    )
    expect(place.checkpoint()).toBeUndefined()
  })

  it.each([
    ['options', undefined],
    ['write', {}],
    ['published', { write: () => {}, published: 7 }],
    ['cosign', { write: () => {}, cosign: 'w' }],
  ])('is not published with a wrong `%s`', async (argument, options) => {
    await expect(large.log.publish(options as never)).rejects.toThrow(`\`${argument}\``)
  })
})

describe('a file of the log', () => {
  it('is at each path what is published there', async () => {
    for (const [path, file] of published.files) expect(await large.log.file(path)).toEqual(file)
  })

  it('is also a partial tile of a size that it had', async () => {
    const part = await large.log.file('tile/0/000.p/7')
    expect(part?.body).toEqual(published.readTile('tile/0/000')?.slice(0, 7 * 32))
    const bundle = published.readTile('tile/entries/002.p/88')!
    const length = 2 + bundle[0]! * 256 + bundle[1]!
    expect((await large.log.file('tile/entries/002.p/1'))?.body).toEqual(bundle.slice(0, length))
  })

  it.each(['', 'tile/0/002', 'tile/0/002.p/89', 'tile/1/000', 'tile/2/000.p/1', 'tile/63/000.p/1', 'tile/0/2', '../x'])(
    'is none at %j',
    async path => {
      expect(await large.log.file(path)).toBeUndefined()
    },
  )

  it('is not asked for with anything but a path', async () => {
    await expect(large.log.file(7 as never)).rejects.toThrow('`path`')
  })
})

describe('proofs from tiles', async () => {
  const checkpoint = published.checkpoint()!
  const options = { checkpoint, logKey, readTile: published.readTile }

  it('are those of the log', async () => {
    for (const index of [0, 1, 255, 256, 511, 512, 599]) {
      const proof = await proveInclusionFromTiles(index, options)
      expect(proof).toEqual(await large.log.proveInclusion(index))
      expect(await verifyInclusion(proof, { logKey })).toMatchObject({ ok: true, index })
    }
    for (const from of [1, 2, 255, 256, 257, 599, 600])
      expect(await proveConsistencyFromTiles(from, options)).toEqual(await large.log.proveConsistency(from))
  })

  it('verify from a checkpoint of one’s own keeping to the one that was fetched', async () => {
    const made = await world()
    await grow(made, 200)
    const kept = await made.log.checkpoint()
    await grow(made, 200)
    const place = host()
    const { checkpoint } = await made.log.publish({ write: place.write })
    const logKey = made.log.verifierKey
    const proof = await proveConsistencyFromTiles(200, { ...place, checkpoint, logKey })
    expect(await verifyConsistency(proof, { from: kept, to: checkpoint, logKey })).toMatchObject({ ok: true })
  })

  it('are not made of tiles that were changed or are missing', async () => {
    const change = (path: string) => (asked: string) => {
      const bytes = published.readTile(asked)
      return asked === path ? bytes?.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : bytes
    }
    const without = (path: string) => (asked: string) => (asked === path ? undefined : published.readTile(asked))
    for (const path of ['tile/entries/001', 'tile/0/001', 'tile/1/000.p/2', 'tile/0/002.p/88']) {
      await expect(proveInclusionFromTiles(300, { ...options, readTile: change(path) })).rejects.toMatchObject(
        failing('audit_tile_invalid'),
      )
      await expect(proveInclusionFromTiles(300, { ...options, readTile: without(path) })).rejects.toMatchObject(
        failing('audit_tile_missing', { at: path }),
      )
    }
  })

  it('are not made under a checkpoint that does not hold', async () => {
    const stranger = (await world()).log.verifierKey
    await expect(proveInclusionFromTiles(3, { ...options, logKey: stranger })).rejects.toMatchObject(
      failing('checkpoint_signature_missing'),
    )
    await expect(proveConsistencyFromTiles(3, { ...options, checkpoint: 'x' })).rejects.toMatchObject(
      failing('checkpoint_malformed'),
    )
  })

  it.each([600, -1, 0.5, Number.NaN])('are not asked for the entry %d', async index => {
    await expect(proveInclusionFromTiles(index, options)).rejects.toThrow(RangeError)
  })

  it.each([601, 0, 0.5, -1])('are not asked for growth from %d', async from => {
    await expect(proveConsistencyFromTiles(from, options)).rejects.toThrow(RangeError)
  })

  it('are not asked for without a checkpoint or a reader', async () => {
    await expect(proveInclusionFromTiles(0, { ...options, checkpoint: undefined as never })).rejects.toThrow(
      '`checkpoint`',
    )
    await expect(proveInclusionFromTiles(0, { ...options, readTile: undefined as never })).rejects.toThrow('`readTile`')
  })

  it('find no entry where the log committed to something else', async () => {
    const { entry } = await large.log.proveInclusion(0)
    const spaced = JSON.stringify(entry, null, 1)
    for (const leaf of [
      utf8('{}'),
      utf8(spaced),
      Uint8Array.of(0xff),
      utf8(entryText((await large.log.proveInclusion(1)).entry)),
    ]) {
      const text = printCheckpoint({ origin, size: 1, root: leafHash(leaf), extensions: [] })
      const keyId = ed25519KeyId(origin, fromBase64url(large.signer.publicJwk.x))
      const signature = await large.signer.sign(utf8(text))
      const checkpoint = printNote({ text, signatures: [{ name: origin, keyId, signature }] })
      const readTile = (path: string) => (path === 'tile/0/000.p/1' ? leafHash(leaf) : printEntryBundle([leaf]))
      await expect(proveInclusionFromTiles(0, { checkpoint, logKey, readTile })).rejects.toMatchObject(
        failing('audit_entry_malformed', { at: 'entry 0' }),
      )
    }
  })
})
