/**
 * The log as files for any static host (C2SP tlog-tiles): a checkpoint, tiles of hashes and bundles of entries.
 *
 * The checkpoint goes last: whoever sees it finds the tiles that it stands for. What a place has is told by the checkpoint
 * that stands there, so that a publication that broke off is done again and nothing has to be remembered about it.
 */
import { abortable } from '../core/abort.js'
import { expectObject, misuse } from '../core/arguments.js'
import { type OwnBytes, utf8 } from '../core/bytes.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { verifyCheckpoint } from '../formats/tlog/checkpoint.js'
import { parseNote } from '../formats/tlog/note.js'
import {
  parseTilePath,
  printEntryBundle,
  type Tile,
  tilePath,
  tilesBetween,
  tileWidth,
  widthAt,
} from '../formats/tlog/tile.js'
import type { LogSigner } from './log-signer.js'
import type { LongWork, Mirror } from './mirror.js'
import type { Prover } from './prover.js'

/** A part of the log as a file for a static host. */
export interface PublishedLogFile {
  /** Its place below the address of the log: `checkpoint`, `tile/0/000`, `tile/entries/000.p/7`. */
  readonly path: string
  /** For the `Content-Type` header. */
  readonly mediaType: string
  /** Text of a checkpoint, bytes of a tile: what a `Response` takes. */
  readonly body: string | OwnBytes
  /** For the `Cache-Control` header. */
  readonly cacheControl: string
}

export interface PublishLogOptions extends LongWork {
  /**
   * Puts a file where it is served from; it is there for everybody once the promise resolves. Called for one file after the
   * other, the checkpoint last. When it throws, the publication ends there and the checkpoint stays what it was.
   */
  readonly write: (file: PublishedLogFile) => Awaitable<void>
  /** The checkpoint that stands at the place now: only what came after it is written. Without it everything is. */
  readonly published?: string | undefined
  /**
   * Shows the checkpoint to witnesses, once all of its tiles are written, and gives it back with their signatures
   * (`withCosignatures`). What it throws ends the publication.
   */
  readonly cosign?: ((checkpoint: string) => Awaitable<string>) | undefined
}

export interface PublishedLog {
  /** The checkpoint as it was written. */
  readonly checkpoint: string
  readonly size: number
  /** How many files were written. */
  readonly files: number
}

export const checkpointPath = 'checkpoint'

/**
 * How a file of a log is served (C2SP tlog-tiles): a checkpoint is asked for anew each time; a tile never changes, nor does a
 * partial one, which has its width in its path.
 */
export const servedAs = (path: string): Pick<PublishedLogFile, 'mediaType' | 'cacheControl'> =>
  path === checkpointPath
    ? { mediaType: 'text/plain; charset=utf-8', cacheControl: 'no-cache' }
    : { mediaType: 'application/octet-stream', cacheControl: forEver }

/** For what an address says for good. */
export const forEver = 'public, max-age=31536000, immutable'

export class LogPublisher {
  private readonly signer: LogSigner
  private readonly mirror: Mirror
  private readonly prover: Prover
  /** The publication under way: one that began later must not put its checkpoint in place before. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(signer: LogSigner, mirror: Mirror, prover: Prover) {
    this.signer = signer
    this.mirror = mirror
    this.prover = prover
  }

  async publish(options: PublishLogOptions): Promise<PublishedLog> {
    expectOptions(options)
    const before = this.last
    const work = before.catch(() => undefined).then(() => this.write(options))
    this.last = work.catch(() => undefined)
    return abortable(work, options.signal)
  }

  /** The file at a path, as it is now; `undefined` where the log has none. */
  async file(path: string, signal?: AbortSignal): Promise<PublishedLogFile | undefined> {
    if (typeof path !== 'string') throw misuse('path', 'a string')
    if (path === checkpointPath) return checkpointFile(await this.prover.checkpoint(signal))
    const tile = parseTilePath(path)
    if (tile === undefined) return undefined
    await this.prover.upToDate(signal)
    return widthAt(tile.level, tile.index, this.mirror.size) < tile.width ? undefined : this.tileFile(tile)
  }

  private async write({ write, published, cosign, onProgress, signal }: PublishLogOptions): Promise<PublishedLog> {
    const plain = await this.prover.checkpoint(signal)
    const size = this.prover.sizeAt(plain)
    const from = published === undefined ? 0 : this.prover.sizeAt(published)
    const total = count(tilesBetween(from, size)) + 1
    let done = 0
    for (const tile of tilesBetween(from, size)) {
      signal?.throwIfAborted()
      await write(await this.tileFile(tile))
      onProgress?.({ done: ++done, total })
    }
    const checkpoint = cosign === undefined ? plain : await this.cosigned(plain, cosign)
    signal?.throwIfAborted()
    await write(checkpointFile(checkpoint))
    onProgress?.({ done: total, total })
    return Object.freeze({ checkpoint, size, files: total })
  }

  private async cosigned(plain: string, cosign: NonNullable<PublishLogOptions['cosign']>): Promise<string> {
    const checkpoint = await cosign(plain)
    await verifyCheckpoint(checkpoint, this.signer.verifiers)
    if (parseNote(checkpoint).text !== parseNote(plain).text)
      throw misuse('cosign', 'a function that only adds signatures')
    return checkpoint
  }

  private async tileFile(tile: Tile): Promise<PublishedLogFile> {
    const path = tilePath(tile)
    const body = tile.level === 'entries' ? await this.bundle(tile) : this.hashes(tile, tile.level)
    return Object.freeze({ path, body, ...servedAs(path) })
  }

  private hashes({ index, width }: Tile, level: number): Uint8Array<ArrayBuffer> {
    const first = index * tileWidth
    return this.mirror.tree.nodes(level * Math.log2(tileWidth), first, first + width)
  }

  private async bundle({ index, width }: Tile): Promise<Uint8Array<ArrayBuffer>> {
    const first = index * tileWidth
    const texts = await this.prover.texts(first, first + width)
    return printEntryBundle(texts.map(utf8))
  }
}

const checkpointFile = (checkpoint: string): PublishedLogFile =>
  Object.freeze({ path: checkpointPath, body: checkpoint, ...servedAs(checkpointPath) })

function count(tiles: Iterable<Tile>): number {
  let number = 0
  for (const _ of tiles) number++
  return number
}

function expectOptions(options: PublishLogOptions): void {
  expectObject(options, 'options')
  const { write, published, cosign } = options
  if (typeof write !== 'function') throw misuse('write', 'a function')
  if (published !== undefined && typeof published !== 'string') throw misuse('published', 'the text of a checkpoint')
  if (cosign !== undefined && typeof cosign !== 'function') throw misuse('cosign', 'a function')
}
