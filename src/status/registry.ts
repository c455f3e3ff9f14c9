/**
 * The status registry of an issuer: hands out places in status lists, changes statuses, and publishes the lists as files
 * (Token Status List §4, §13).
 */

import { httpsUrl } from '../core/address.js'
import { expectText, misuse } from '../core/arguments.js'
import { type Clock, fromSeconds, readClock, systemClock, toSeconds } from '../core/clock.js'
import { readSigner, type Signer, type SignerSource } from '../core/keys.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { createBits, type StatusBits, setBits } from '../formats/status-list/bits.js'
import type { StatusListContent } from '../formats/status-list/content.js'
import { createStatusListCwt } from '../formats/status-list/cwt.js'
import { createStatusListToken } from '../formats/status-list/jwt.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import { cwtMediaType, jwtMediaType } from '../formats/status-list/token.js'
import { randomBelow, randomName } from './random.js'
import type { ActRecorder, StatusAct, StatusValue } from './recorder.js'
import type { StatusEntryRow, StatusListKind, StatusListRow, StatusStore } from './store.js'

export type { StatusValue } from './recorder.js'

/** The credential formats that there are lists for. Each list serves one media type, hence one kind of format. */
export type StatusListFormat = 'dc+sd-jwt' | 'mso_mdoc'

export interface StatusRegistryOptions {
  readonly store: StatusStore
  /** Signs the lists. */
  readonly signer: SignerSource
  /** Where the lists are published, an https URL: each list stands right below it. */
  readonly baseUri: string
  /** Bits per entry: 2 by default. With 1 nothing can be suspended. */
  readonly bits?: StatusBits | undefined
  /** Entries per list: 2^20 by default. Holders hide among them, so a list is not made small. */
  readonly size?: number | undefined
  /** Has every change recorded in its own transaction. It must keep its records in the same store. */
  readonly audit?: ActRecorder | undefined
  /** The `iss` claim of the lists, for verifiers that look for one. */
  readonly issuer?: string | undefined
  /** Seconds a verifier may keep a list before it asks again: 300 by default. */
  readonly ttl?: number | undefined
  /** Seconds until a published list runs out: a day by default. Publish more often than that. */
  readonly lifetime?: number | undefined
  readonly now?: Clock | undefined
}

export interface AllocateOptions {
  /** The passport that the credential is a copy of; `set(id, …)` changes all its copies. Random by default. */
  readonly id?: string | undefined
  /** The format of the credential: SD-JWT by default. */
  readonly format?: StatusListFormat | undefined
  /** When the credential runs out. A list is no longer published a day after all its credentials have. */
  readonly expires?: Date | undefined
  /** An open transaction of the same store, so that place and credential are kept together or not at all. */
  readonly transaction?: Transaction | undefined
}

/** A place in a list, for the `status` of one credential. Never used twice. */
export interface AllocatedStatus extends StatusReference {
  readonly id: string
}

export interface SetStatusOptions {
  /** Why, for the record: a snake_case word. `unspecified` by default. */
  readonly reason?: string | undefined
  /** Who, for the record: a snake_case word for the role. `operator` by default. */
  readonly actor?: string | undefined
  /** An open transaction of the same store. Whoever opened it calls the recorder's `sequence` after its commit. */
  readonly transaction?: Transaction | undefined
}

export interface PublishOptions {
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
  /** Rejects with its reason, between two lists. */
  readonly signal?: AbortSignal | undefined
}

/** Bytes in a buffer of their own. Compilers before 5.7 know no `Uint8Array<ArrayBuffer>`, later ones ask for it. */
type OwnBytes = ReturnType<Uint8Array['slice']>

/** A status list as a file for a static host. */
export interface PublishedStatusList {
  readonly uri: string
  /** The file's place below `baseUri`. */
  readonly path: string
  /** For the `Content-Type` header. */
  readonly mediaType: string
  /** Text of a JWT, bytes of a CWT: what a `Response` takes. */
  readonly body: string | OwnBytes
  /** For the `Cache-Control` header. */
  readonly cacheControl: string
}

export interface StatusRegistry {
  /**
   * A random place that no credential has had, with the status `valid`: whatever the other copies of a passport are, and
   * whether there may be another, is the office's to know. Throws `registry_full` when no place can be found.
   */
  allocate(options?: AllocateOptions): Promise<AllocatedStatus>
  /**
   * Sets the status of one copy, or of all copies of a passport together. Copies that are `invalid` stay so; setting a
   * status again changes and records nothing. Throws `registry_reference_unknown`, `registry_status_final` when every
   * copy is invalid and something else is asked, and `RangeError` when a list of 1 bit cannot say `suspended`.
   */
  set(which: StatusReference | string, value: StatusValue, options?: SetStatusOptions): Promise<void>
  /**
   * The status of a copy, or of a passport: `valid` when any copy is, `invalid` when all are. Throws
   * `registry_reference_unknown`.
   */
  get(
    which: StatusReference | string,
    options?: { readonly transaction?: Transaction | undefined },
  ): Promise<StatusValue>
  /** Every list, signed now. A list is never dated before its last publication, so that verifiers take it for newer. */
  publish(options?: PublishOptions): Promise<readonly PublishedStatusList[]>
}

/** §7.1 */
const numbers: Readonly<Record<StatusValue, number>> = { valid: 0, invalid: 1, suspended: 2 }

const acts: Readonly<Record<StatusValue, StatusAct['kind']>> = {
  valid: 'reinstate',
  invalid: 'revoke',
  suspended: 'suspend',
}

type PublishedForm = Pick<PublishedStatusList, 'mediaType' | 'body'>

/** What a list is published as, by the format of its credentials. */
const publishers: Readonly<Record<StatusListFormat, (content: StatusListContent) => Promise<PublishedForm>>> = {
  'dc+sd-jwt': async content => ({ mediaType: jwtMediaType, body: await createStatusListToken(content) }),
  mso_mdoc: async content => ({ mediaType: cwtMediaType, body: new Uint8Array(await createStatusListCwt(content)) }),
}

const isFormat = (format: string): format is StatusListFormat => Object.hasOwn(publishers, format)

/** Characters: what every store and log can keep. */
const largestId = 1024

/** Random places tried in a list before it is left: that all are taken is to be expected once it is about half full. */
const placesTried = 16

/** How often a change gives way to others of the same entry. */
const changesTried = 16

/** Seconds. */
const day = 86_400

/**
 * Opens the registry of one issuer over a store. Throws `TypeError` or `RangeError` for options that do not fit.
 * @example
 * const registry = await openStatusRegistry({ store, signer, baseUri: 'https://status.example' })
 * const status = await registry.allocate({ id: passportId })
 */
export async function openStatusRegistry(options: StatusRegistryOptions): Promise<StatusRegistry> {
  return new ListRegistry(await readSettings(options))
}

interface Settings extends Omit<StatusListKind, 'format'> {
  readonly store: StatusStore
  readonly signer: SignerSource
  readonly audit: ActRecorder | undefined
  readonly issuer: string | undefined
  readonly ttl: number
  readonly lifetime: number
  readonly now: Clock
}

async function readSettings(options: StatusRegistryOptions): Promise<Settings> {
  const {
    store,
    signer,
    audit,
    bits = 2,
    size = 2 ** 20,
    issuer,
    ttl = 300,
    lifetime = day,
    now = systemClock,
  } = options
  if (typeof store?.transaction !== 'function' || typeof store.insertStatusEntry !== 'function')
    throw misuse('store', 'a store of statuses')
  createBits(bits, size)
  if (!Number.isSafeInteger(ttl) || !Number.isSafeInteger(lifetime) || ttl <= 0 || ttl > lifetime)
    throw new RangeError('`ttl` and `lifetime` must be whole numbers of seconds, `ttl` positive and not the longer one')
  if (issuer !== undefined) expectText(issuer, 'issuer')
  if (typeof now !== 'function') throw misuse('now', 'a function that returns a Date')
  if (typeof signer !== 'function') await readSigner(signer)
  requireRecorder(audit, store)
  return {
    store,
    signer,
    audit,
    registry: readBaseUri(options.baseUri),
    bits,
    size,
    issuer,
    ttl,
    lifetime,
    now,
  }
}

/** The base without a slash at its end; lists are named below it. */
function readBaseUri(baseUri: unknown): string {
  const url = typeof baseUri === 'string' ? httpsUrl(baseUri) : undefined
  if (url === undefined || (baseUri as string).includes('?'))
    throw misuse('baseUri', 'an https URL without credentials, query and fragment')
  return (baseUri as string).replace(/\/+$/, '')
}

/** One store, or a change and its record could not be one transaction. */
function requireRecorder(audit: ActRecorder | undefined, store: StatusStore): void {
  if (audit === undefined) return
  if (typeof audit?.record !== 'function' || typeof audit.sequence !== 'function')
    throw new TypeError('`audit` must have `record` and `sequence`')
  if (audit.store !== undefined && audit.store !== store)
    throw new TypeError('`audit` must keep its records in the same `store` as the registry')
}

class ListRegistry implements StatusRegistry {
  private readonly settings: Settings

  constructor(settings: Settings) {
    this.settings = settings
  }

  async allocate(options: AllocateOptions = {}): Promise<AllocatedStatus> {
    const { id = randomName(), format = 'dc+sd-jwt', expires, transaction } = options
    if (expectText(id, 'id').length > largestId) throw misuse('id', `text of at most ${largestId} characters`)
    if (!isFormat(format)) throw misuse('format', `one of ${Object.keys(publishers).join(', ')}`)
    if (expires !== undefined && !(expires instanceof Date && !Number.isNaN(expires.getTime())))
      throw misuse('expires', 'a valid Date')
    return this.inTransaction(transaction, async open => {
      const { uri, index } = await this.takePlace(open, format, { id, expires })
      return Object.freeze({ id, uri, index })
    })
  }

  async set(which: StatusReference | string, value: StatusValue, options: SetStatusOptions = {}): Promise<void> {
    const { reason = 'unspecified', actor = 'operator', transaction } = options
    const { audit } = this.settings
    if (!Object.hasOwn(numbers, value)) throw misuse('value', `one of ${Object.keys(numbers).join(', ')}`)
    expectText(reason, 'reason')
    expectText(actor, 'actor')
    const recorded = await this.inTransaction(transaction, async open => {
      const subject = await this.change(open, which, value)
      if (subject === undefined || audit === undefined) return false
      await audit.record({ kind: acts[value], actor, reason, statusValue: value, subject }, open)
      return true
    })
    if (recorded && transaction === undefined) await audit?.sequence()
  }

  async get(
    which: StatusReference | string,
    { transaction }: { readonly transaction?: Transaction | undefined } = {},
  ): Promise<StatusValue> {
    const entries = await this.inTransaction(transaction, open => this.find(open, which))
    const has = (value: StatusValue) => entries.some(entry => entry.value === numbers[value])
    return has('valid') ? 'valid' : has('suspended') ? 'suspended' : 'invalid'
  }

  async publish({ onProgress, signal }: PublishOptions = {}): Promise<readonly PublishedStatusList[]> {
    const { store, registry, signer: source, now } = this.settings
    signal?.throwIfAborted()
    const yesterday = new Date(readClock(now).getTime() - day * 1000)
    const rows = await store.transaction(open => store.findLivingStatusLists(open, registry, yesterday))
    const signer = await readSigner(source)
    const files: PublishedStatusList[] = []
    for (const row of rows) {
      signal?.throwIfAborted()
      files.push(await this.publishList(row, signer))
      onProgress?.({ done: files.length, total: rows.length })
    }
    return files
  }

  private inTransaction<T>(given: Transaction | undefined, work: (open: Transaction) => Promise<T>): Promise<T> {
    return given === undefined ? this.settings.store.transaction(work) : work(given)
  }

  /** A place in the list that is open, or in a new one once random places there are mostly taken. */
  private async takePlace(
    open: Transaction,
    format: StatusListFormat,
    entry: Pick<StatusEntryRow, 'id' | 'expires'>,
  ): Promise<StatusReference> {
    const { store, registry, bits, size } = this.settings
    const kind = { registry, format, bits, size }
    const current = await store.findOpenStatusList(open, kind)
    if (current !== undefined) {
      const place = await this.tryPlaces(open, current, entry)
      if (place !== undefined) return place
      await store.closeStatusList(open, current.uri)
    }
    const next = { ...kind, uri: `${registry}/${randomName()}` }
    await store.insertStatusList(open, next)
    const place = await this.tryPlaces(open, next, entry)
    if (place === undefined) throw new VidimusError('registry_full')
    return place
  }

  /** §13.2: places are random, so that neighbours in a list tell nothing. The store's constraint says which are free. */
  private async tryPlaces(
    open: Transaction,
    { uri, size }: StatusListRow,
    entry: Pick<StatusEntryRow, 'id' | 'expires'>,
  ): Promise<StatusReference | undefined> {
    for (let tries = 0; tries < placesTried; tries++) {
      const index = randomBelow(size)
      if (await this.settings.store.insertStatusEntry(open, { ...entry, uri, index, value: 0 })) return { uri, index }
    }
    return undefined
  }

  /** Sets what can still be set; returns the passport's id if anything changed. */
  private async change(
    open: Transaction,
    which: StatusReference | string,
    value: StatusValue,
  ): Promise<string | undefined> {
    const { store } = this.settings
    let changed: string | undefined
    for (let tries = 0; tries < changesTried; tries++) {
      const entries = await this.find(open, which)
      const pending = entries.filter(entry => entry.value !== numbers.invalid && entry.value !== numbers[value])
      if (value !== 'invalid' && entries.every(entry => entry.value === numbers.invalid))
        throw new VidimusError('registry_status_final', { at: 'value', actual: value })
      if (value === 'suspended') await this.requireSuspendable(open, pending)
      let unchanged = 0
      for (const entry of pending) {
        if (await store.updateStatusEntry(open, entry, numbers[value])) changed = entry.id
        else unchanged++
      }
      if (unchanged === 0) return changed
    }
    throw new Error('the store kept changing the status under this transaction')
  }

  private async find(open: Transaction, which: StatusReference | string): Promise<readonly StatusEntryRow[]> {
    const { store, registry } = this.settings
    if (typeof which !== 'string' && (typeof which?.uri !== 'string' || typeof which.index !== 'number'))
      throw misuse('which', 'an id, or a reference with `uri` and `index`')
    const entries =
      typeof which === 'string'
        ? await store.findStatusEntries(open, registry, which)
        : [await this.findOne(open, which)].filter(entry => entry !== undefined)
    if (entries.length === 0)
      throw new VidimusError('registry_reference_unknown', {
        at: typeof which === 'string' ? 'id' : 'reference',
      })
    return entries
  }

  private async findOne(open: Transaction, { uri, index }: StatusReference): Promise<StatusEntryRow | undefined> {
    const { store, registry } = this.settings
    const list = await store.findStatusList(open, uri)
    return list?.registry === registry ? store.findStatusEntry(open, uri, index) : undefined
  }

  private async requireSuspendable(open: Transaction, entries: readonly StatusEntryRow[]): Promise<void> {
    for (const uri of new Set(entries.map(entry => entry.uri))) {
      const list = await this.settings.store.findStatusList(open, uri)
      if (list?.bits === 1) throw new RangeError('`value` cannot be suspended in a list of 1 bit')
    }
  }

  private async publishList(row: StatusListRow, signer: Signer): Promise<PublishedStatusList> {
    const { registry, issuer, ttl, lifetime } = this.settings
    if (!isFormat(row.format)) throw new Error('the store holds a list for a format that is not known here')
    const { packed, issuedAt } = await this.readList(row)
    const published = await publishers[row.format]({
      uri: row.uri,
      bits: row.bits,
      packed,
      issuedAt,
      expires: new Date(issuedAt.getTime() + lifetime * 1000),
      ttl,
      issuer,
      signer,
    })
    return Object.freeze({
      uri: row.uri,
      path: row.uri.slice(registry.length + 1),
      ...published,
      cacheControl: `public, max-age=${ttl}`,
    })
  }

  /** The date is taken before the entries are read, and both in one transaction: a later date never has older entries. */
  private async readList({ uri, bits, size }: StatusListRow): Promise<{ packed: Uint8Array; issuedAt: Date }> {
    const { store, now } = this.settings
    return store.transaction(async open => {
      const issuedAt = await store.publishStatusList(open, uri, fromSeconds(toSeconds(readClock(now))))
      const packed = createBits(bits, size)
      for await (const page of store.changedStatusEntries(open, uri))
        for (const { index, value } of page) setBits(packed, bits, index, value)
      return { packed, issuedAt }
    })
  }
}
