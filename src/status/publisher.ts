/**
 * Publishes the lists of a registry, each publication on top of the last: the changes since are applied to what was
 * published then, so that the work is that of the changes and not of the lists.
 *
 * One publication of a list waits for another within the store. So versions follow one another, a later one holds every
 * change of an earlier one and is never dated before it, and `write` puts files in place in that order too.
 */
import { fromUtf8, type OwnBytes, utf8 } from '../core/bytes.js'
import { type Clock, fromSeconds, readClock, toSeconds } from '../core/clock.js'
import { defaultLimits } from '../core/limits.js'
import { readSigner, type Signer, type SignerSource } from '../core/signer.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { compressBits, createBits, inflateBits, setBits } from '../formats/status-list/bits.js'
import { cwtMediaType } from '../formats/status-list/token.js'
import { decoysTurned, turnDecoys } from './decoys.js'
import { type ListFile, listOfFile, writeList } from './list-format.js'
import { entriesOf, findPast, type Past } from './past.js'
import type { PublicationRow, PublishedBits, StatusFileRow, StatusListRow, StatusStore } from './store.js'

/** Where files go while lists are published, and who hears of it. */
export interface PublishOptions {
  /**
   * Puts a file where it is served from. Called for one list after the other, while nobody else who uses the same store
   * can publish that list: whichever process comes later, its files are the newer ones. When it throws, that list's
   * publication did not take place. A store whose transactions take turns waits for it, so that it should be quick there.
   *
   * Files already written stay until the next publication, which has the same version. It may be called again for one
   * version: when another file of the list or the commit fails, or when the store runs its transaction again; so it replaces.
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

/** Milliseconds that dates may run ahead of the clock: half of what verifiers tolerate. */
const farthestAhead = 30_000

/** Versions that are passed over after a restored backup: more than anybody published since it was made. */
const versionGap = 1_000_000

/** Past lists that are kept signed. */
const pastAtHand = 16

/** Milliseconds that a list is published for after its credentials ran out: clocks of verifiers may lag behind. */
const grace = 86_400_000

export class Publisher {
  private readonly settings: PublisherSettings
  /** By version and address; the oldest give way. */
  private readonly past = new Map<string, Promise<readonly PublishedStatusList[]>>()

  constructor(settings: PublisherSettings) {
    this.settings = settings
  }

  async publish({ write, onProgress, signal }: PublishOptions): Promise<readonly PublishedStatusList[]> {
    const { store } = this.settings
    signal?.throwIfAborted()
    const lists = await this.living()
    const signer = await readSigner(this.settings.signer)
    const files: PublishedStatusList[] = []
    let done = 0
    for (const list of lists) {
      signal?.throwIfAborted()
      files.push(...(await store.transaction(open => this.publishList(open, list, signer, write))))
      onProgress?.({ done: ++done, total: lists.length })
    }
    return files
  }

  async file(uri: string): Promise<PublishedStatusList | undefined> {
    const { store } = this.settings
    const row = await store.transaction(async open =>
      (await this.listOf(open, uri)) === undefined ? undefined : store.findStatusFile(open, uri),
    )
    return row && this.describe({ ...row, body: bodyOf(row) }, row)
  }

  async fileAt(uri: string, time: Date): Promise<PublishedStatusList | undefined> {
    const { store, history } = this.settings
    if (history === 0) throw new VidimusError('status_history_unsupported')
    const past = await store.transaction(async open => {
      const list = await this.listOf(open, uri)
      return list && findPast(store, open, list, time)
    })
    const files = past && (await this.filesOf(past))
    return files?.find(file => file.uri === uri)
  }

  async aggregation(): Promise<PublishedStatusList> {
    const { store, registry, aggregationUri: uri = `${registry}/aggregation`, now } = this.settings
    const lists = await store.transaction(open => store.findPublishedStatusLists(open, registry, this.until()))
    const tokens = lists.filter(({ format }) => format !== 'vc+jwt')
    const body = JSON.stringify({ status_lists: tokens.map(list => list.uri) })
    const version = toSeconds(readClock(now))
    return this.describe({ uri, mediaType: 'application/json', body }, { version, issued: fromSeconds(version) })
  }

  async abandon(): Promise<void> {
    const { store, registry } = this.settings
    await store.transaction(open => store.abandonStatusLists(open, registry, versionGap))
  }

  private living(): Promise<readonly StatusListRow[]> {
    const { store, registry } = this.settings
    return store.transaction(open => store.findLivingStatusLists(open, registry, this.until()))
  }

  /** Lists whose credentials ran out before it are over. */
  private until(): Date {
    return new Date(readClock(this.settings.now).getTime() - grace)
  }

  /** The list of this registry that a file is made of. */
  private async listOf(open: Transaction, uri: unknown): Promise<StatusListRow | undefined> {
    const { store, registry } = this.settings
    if (typeof uri !== 'string' || !uri.startsWith(`${registry}/`)) return undefined
    const list = await store.findStatusList(open, listOfFile(uri))
    return list?.registry === registry ? list : undefined
  }

  /** Signed once for all who ask for any time at which it was the one to believe. */
  private filesOf(past: Past): Promise<readonly PublishedStatusList[]> {
    const name = `${past.publication.version} ${past.list.uri}`
    const known = this.past.get(name)
    if (known !== undefined) return known
    const files = this.signPast(past)
    this.past.set(name, files)
    files.catch(() => this.past.delete(name))
    if (this.past.size > pastAtHand) this.past.delete(this.past.keys().next().value as string)
    return files
  }

  private async signPast(past: Past): Promise<readonly PublishedStatusList[]> {
    const compressed = await entriesOf(past)
    return this.sign(past.list, { ...past.publication, compressed }, await readSigner(this.settings.signer))
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
    const version = (last?.version ?? 0) + 1
    const packed =
      last === undefined ? createBits(list.bits, list.size) : await inflateBits(last.compressed, defaultLimits)
    const changed = await this.applyChanges(open, list, packed, version)
    const issued = last === undefined ? clock : dateAfter(last.issued, clock, changed)
    const turned = turnDecoys(
      packed,
      list,
      last === undefined ? 0 : decoysTurned(list, last.issued),
      decoysTurned(list, issued),
    )
    const compressed = last === undefined || changed || turned ? await compressBits(packed) : last.compressed
    const next = { version, issued, expires: new Date(issued.getTime() + lifetime * 1000), compressed }
    const files = await this.sign(list, next, signer)
    await store.insertPublication(open, list.uri, next, files.map(rowOf))
    // A clock that is ahead for once forgets nothing: it would be gone for good.
    const sure = last !== undefined && last.issued < clock ? last.issued : clock
    await store.forgetPublications(open, list.uri, new Date(sure.getTime() - history * 1000))
    for (const file of files) await write?.(file)
    return files
  }

  /** Applies what changed since the last publication; says whether anything did. */
  private async applyChanges(open: Transaction, { uri, bits }: StatusListRow, packed: Uint8Array, version: number) {
    let changed = false
    for await (const page of this.settings.store.takeChanges(open, uri, version))
      for (const { index, after } of page) {
        setBits(packed, bits, index, after)
        changed = true
      }
    return changed
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
}

/**
 * The date of a publication after another: never before it, and later by a second when it says something else, for of two
 * lists with one date nobody could tell which is the newer. Many changes within a second do not run ahead of the clock for ever.
 */
function dateAfter(last: Date, clock: Date, changed: boolean): Date {
  if (last < clock) return clock
  const later = new Date(last.getTime() + 1000)
  return changed && later.getTime() - clock.getTime() <= farthestAhead ? later : last
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
