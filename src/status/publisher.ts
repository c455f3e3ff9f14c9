/**
 * Publishes the lists of a registry, each publication on top of the last: the changes since are applied to what was
 * published then, so that the work is that of the changes and not of the lists.
 *
 * One publication of a list waits for another within the store. So versions follow one another, a later one holds every
 * change of an earlier one and is never dated before it, and `write` puts files in place in that order too.
 */
import { fromUtf8, utf8 } from '../core/bytes.js'
import { type Clock, fromSeconds, readClock, toSeconds } from '../core/clock.js'
import { readSigner, type Signer, type SignerSource } from '../core/keys.js'
import { defaultLimits } from '../core/limits.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { compressBits, createBits, inflateBits, setBits } from '../formats/status-list/bits.js'
import { cwtMediaType } from '../formats/status-list/token.js'
import { decoysTurned, turnDecoys } from './decoys.js'
import { type ListFile, listOfFile, type OwnBytes, writeList } from './list-format.js'
import type { PublicationRow, PublishedBits, StatusFileRow, StatusListRow, StatusStore } from './store.js'

export interface PublishOptions {
  /**
   * Puts a file where it is served from. Called for one list after the other, while nobody else who uses the same store
   * can publish that list: whichever process comes later, its files are the newer ones. When it throws, that list's
   * publication did not take place. A store whose transactions take turns waits for it, so that it should be quick there.
   */
  readonly write?: ((file: PublishedStatusList) => Promise<void>) | undefined
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
  /** Rejects with its reason, between two lists. */
  readonly signal?: AbortSignal | undefined
}

/** A status list as a file for a static host. */
export interface PublishedStatusList {
  readonly uri: string
  /** The file's place below `baseUri`. */
  readonly path: string
  /** For the `Content-Type` header: one per address. */
  readonly mediaType: string
  /** Text of a JWT, bytes of a CWT: what a `Response` takes. */
  readonly body: string | OwnBytes
  /** For the `Cache-Control` header. */
  readonly cacheControl: string
  /** Of the list, from 1 upwards. A file never takes the place of one with a higher version. */
  readonly version: number
  /** When the list was signed, in whole seconds. */
  readonly issued: Date
}

export interface PublisherSettings {
  readonly store: StatusStore
  readonly signer: SignerSource
  readonly registry: string
  readonly issuer: string | undefined
  readonly ttl: number
  readonly lifetime: number
  readonly history: number
  readonly aggregationUri: string | undefined
  readonly now: Clock
}

/** Milliseconds that a list is published for after its credentials ran out: clocks of verifiers may lag behind. */
const grace = 86_400_000

export class Publisher {
  private readonly settings: PublisherSettings

  constructor(settings: PublisherSettings) {
    this.settings = settings
  }

  async publish({ write, onProgress, signal }: PublishOptions): Promise<readonly PublishedStatusList[]> {
    const { store } = this.settings
    signal?.throwIfAborted()
    const lists = await this.living()
    const signer = await readSigner(this.settings.signer)
    const files: PublishedStatusList[] = []
    for (const [place, list] of lists.entries()) {
      signal?.throwIfAborted()
      files.push(...(await store.transaction(open => this.publishList(open, list, signer, write))))
      onProgress?.({ done: place + 1, total: lists.length })
    }
    return files
  }

  async file(uri: string): Promise<PublishedStatusList | undefined> {
    const { store } = this.settings
    if (!this.isOurs(uri)) return undefined
    const row = await store.transaction(open => store.findStatusFile(open, uri))
    return row && this.describe({ ...row, body: bodyOf(row) }, row)
  }

  async fileAt(uri: string, time: Date): Promise<PublishedStatusList | undefined> {
    const { store, history } = this.settings
    if (history === 0) throw new VidimusError('status_history_unsupported')
    if (!this.isOurs(uri)) return undefined
    const past = await store.transaction(open => this.publicationAt(open, listOfFile(uri), time))
    if (past === undefined) return undefined
    const files = await this.sign(past.list, past.publication, await readSigner(this.settings.signer))
    return files.find(file => file.uri === uri)
  }

  async aggregation(): Promise<PublishedStatusList> {
    const { registry, aggregationUri: uri = `${registry}/aggregation`, now } = this.settings
    const lists = await this.living()
    const tokens = lists.filter(({ format }) => format !== 'vc+jwt')
    const body = JSON.stringify({ status_lists: tokens.map(list => list.uri) })
    const issued = fromSeconds(toSeconds(readClock(now)))
    return this.describe({ uri, mediaType: 'application/json', body }, { version: lists.length, issued })
  }

  private living(): Promise<readonly StatusListRow[]> {
    const { store, registry, now } = this.settings
    const until = new Date(readClock(now).getTime() - grace)
    return store.transaction(open => store.findLivingStatusLists(open, registry, until))
  }

  private async publishList(
    open: Transaction,
    list: StatusListRow,
    signer: Signer,
    write: PublishOptions['write'],
  ): Promise<readonly PublishedStatusList[]> {
    const { store, history, lifetime, now } = this.settings
    const last = await store.lockPublication(open, list.uri)
    // Read once the lock is held: what another publisher dated is not dated back.
    const clock = fromSeconds(toSeconds(readClock(now)))
    const issued = last !== undefined && last.issued > clock ? last.issued : clock
    const expires = new Date(issued.getTime() + lifetime * 1000)
    const next = { version: (last?.version ?? 0) + 1, issued, expires }
    const compressed = await this.compressedFor(open, list, last, next)
    const files = await this.sign(list, { ...next, compressed }, signer)
    await store.insertPublication(open, list.uri, { ...next, compressed }, files.map(rowOf))
    await store.forgetPublications(open, list.uri, new Date(clock.getTime() - history * 1000))
    for (const file of files) await write?.(file)
    return files
  }

  /** The entries as the next publication has them: as they were, but for what changed since. */
  private async compressedFor(
    open: Transaction,
    list: StatusListRow,
    last: PublishedBits | undefined,
    next: PublicationRow,
  ): Promise<Uint8Array> {
    const { bits, size, uri } = list
    const packed = last === undefined ? createBits(bits, size) : await inflateBits(last.compressed, defaultLimits)
    let changed = last === undefined
    for await (const page of this.settings.store.takeChanges(open, uri, next.version))
      for (const { index, after } of page) {
        setBits(packed, bits, index, after)
        changed = true
      }
    const before = last === undefined ? 0 : decoysTurned(list, last.issued)
    if (turnDecoys(packed, list, before, decoysTurned(list, next.issued))) changed = true
    return changed ? compressBits(packed) : last!.compressed
  }

  /** What was to be believed at a time: the latest publication, with every later change undone. */
  private async publicationAt(open: Transaction, uri: string, time: Date) {
    const { store } = this.settings
    const list = await store.findStatusList(open, uri)
    const past = list && (await store.findPublicationAt(open, uri, time))
    const last = past && (await store.findPublished(open, uri))
    if (list === undefined || past === undefined || last === undefined || past.expires < time) return undefined
    const packed = await inflateBits(last.compressed, defaultLimits)
    for await (const page of store.findChangesBetween(open, uri, past.version, last.version))
      for (const { index, before } of page) setBits(packed, list.bits, index, before)
    turnDecoys(packed, list, decoysTurned(list, last.issued), decoysTurned(list, past.issued))
    // One that was forgotten meanwhile may have lost changes that lead back to it.
    if ((await store.findPublicationAt(open, uri, time))?.version !== past.version) return undefined
    return { list, publication: { ...past, compressed: await compressBits(packed) } }
  }

  private async sign(
    { uri, bits, format }: StatusListRow,
    { version, issued, expires, compressed }: PublishedBits,
    signer: Signer,
  ): Promise<readonly PublishedStatusList[]> {
    const { issuer, ttl, aggregationUri } = this.settings
    const content = { uri, bits, compressed, issuedAt: issued, expires, ttl, issuer, aggregationUri, signer }
    const files = await writeList(format, content)
    return files.map(file => this.describe(file, { version, issued }))
  }

  private describe(
    { uri, mediaType, body }: ListFile,
    { version, issued }: Pick<PublicationRow, 'version' | 'issued'>,
  ): PublishedStatusList {
    const { registry, ttl } = this.settings
    const path = uri.slice(registry.length + 1)
    return Object.freeze({ uri, path, mediaType, body, cacheControl: `public, max-age=${ttl}`, version, issued })
  }

  private isOurs(uri: unknown): uri is string {
    return typeof uri === 'string' && uri.startsWith(`${this.settings.registry}/`)
  }
}

const rowOf = ({ uri, mediaType, body, version, issued }: PublishedStatusList): StatusFileRow => ({
  uri,
  version,
  mediaType,
  body: typeof body === 'string' ? utf8(body) : body,
  issued,
})

const bodyOf = ({ mediaType, body }: StatusFileRow): ListFile['body'] =>
  mediaType === cwtMediaType ? new Uint8Array(body) : fromUtf8(body)
