/**
 * The status registry of an issuer: hands out places in status lists, changes statuses, and publishes the lists as files
 * (Token Status List §4, §12, §13).
 */

import { abortable } from '../core/abort.js'
import { httpsUrl, isHttpsUri, isUrl } from '../core/address.js'
import { expectNoMore, expectObject, expectText, misuse } from '../core/arguments.js'
import { type Clock, readClock, systemClock } from '../core/clock.js'
import { readSigner, type SignerSource } from '../core/signer.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { createBits, type StatusBits } from '../formats/status-list/bits.js'
import type { StatusReference } from '../formats/status-list/reference.js'
import { endOfTime } from '../formats/status-list/token.js'
import { type CohortLength, cohortLengths, cohortOf } from './cohort.js'
import { bitstringAddresses, isListFormat, listFormats, type StatusListFormat } from './list-format.js'
import { type NewList, Places } from './places.js'
import { type PublishedStatusList, Publisher, type PublishOptions } from './publisher.js'
import { randomBelow, randomName } from './random.js'
import type { ActRecorder, StatusAct, StatusActor, StatusValue } from './recorder.js'
import type { StatusEntryRow, StatusStore } from './store.js'

export type { StatusValue } from './recorder.js'

/** What a registry stands on, and what its lists are like. */
export interface StatusRegistryOptions {
  readonly store: StatusStore
  /** Signs the lists. */
  readonly signer: SignerSource
  /** Where the lists are published, an https URL: their files stand below it. */
  readonly baseUri: string
  /** Bits per entry: 2 by default. With 1 nothing can be suspended. */
  readonly bits?: StatusBits | undefined
  /** Entries per list: 2^20 by default. Holders hide among them, so a list is not made small. */
  readonly size?: number | undefined
  /**
   * The share of a list's entries, at most a half, that no credential gets; a sixteenth by default. Half of them turn
   * invalid one by one, so that counting revocations in a list counts too many (§12.4).
   */
  readonly decoys?: number | undefined
  /** Credentials that run out in the same year (or quarter, or month) share lists; `year` by default. */
  readonly cohort?: CohortLength | undefined
  /** How many lists of a cohort are filled side by side: 1 by default. */
  readonly shards?: number | undefined
  /** Has every change recorded in its own transaction. It must keep its records in the same store. */
  readonly audit?: ActRecorder | undefined
  /** The `iss` claim of the lists, for verifiers that look for one; the `issuer` of W3C lists, a URL there. */
  readonly issuer?: string | undefined
  /** Seconds a verifier may keep a list before it asks again: 300 by default. */
  readonly ttl?: number | undefined
  /** Seconds until a published list runs out: a day by default. Publish more often than that. */
  readonly lifetime?: number | undefined
  /**
   * For how many seconds after a list ran out it can still be asked for (§8.4): 0 by default, for past statuses tell
   * more about holders than the present one does.
   */
  readonly history?: number | undefined
  /**
   * Where the addresses of all lists are published (§9.3), an https URL below `baseUri`: every list names it then. Without
   * it no list does, and the index is for `aggregation` below `baseUri`.
   */
  readonly aggregationUri?: string | undefined
  readonly now?: Clock | undefined
}

/** Which credential a place is for. */
export interface AllocateOptions {
  /** The passport that the credential is a copy of; `set(id, …)` changes all its copies. Random by default. */
  readonly id?: string | undefined
  /** The format of the credential: SD-JWT by default. */
  readonly format?: StatusListFormat | undefined
  /**
   * When the credential runs out. A list is no longer published a day after its cohort (see `cohort`) is over. Without it
   * the list is published for ever.
   */
  readonly expires?: Date | undefined
  /** An open transaction of the same store, so that place and credential are kept together or not at all. */
  readonly transaction?: Transaction | undefined
  /** Rejects with its reason before anything is kept, and stops waiting afterwards. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A place in a list, for the `status` of one credential. Never used twice (§13.3). That of a `vc+jwt` has two files:
 * `uri` is the list's name, at which nothing stands, and `bitstring` has the addresses.
 */
export interface AllocatedStatus extends StatusReference {
  readonly id: string
}

/** What a change is recorded as, and the transaction it is part of. */
export interface SetStatusOptions extends StatusActor {
  /** Why, for the record: a snake_case word. `unspecified` by default. */
  readonly reason?: string | undefined
  /** Who, for the record: a snake_case word for the role. `operator` by default. */
  readonly actor?: string | undefined
  /** An open transaction of the same store. Whoever opened it calls the recorder's `sequence` after its commit. */
  readonly transaction?: Transaction | undefined
  /** Rejects with its reason before anything is changed, and stops waiting afterwards. */
  readonly signal?: AbortSignal | undefined
}

/** How a reading ends early. */
export interface ReadOptions {
  /** Rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** The transaction that a status is read in. */
export interface GetStatusOptions extends ReadOptions {
  /** An open transaction of the same store, whose own changes are seen then. */
  readonly transaction?: Transaction | undefined
}

/** The registry of one issuer. Several processes may have one each over the same store. */
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
  get(which: StatusReference | string, options?: GetStatusOptions): Promise<StatusValue>
  /**
   * Every list whose credentials may still be valid, signed now. The publications of a list are numbered, and a later one
   * has every change that an earlier one has and is never dated before it, however many processes publish. One file per
   * list, two for `vc+jwt`.
   */
  publish(options?: PublishOptions): Promise<readonly PublishedStatusList[]>
  /** A file as it was last published, by its address; `undefined` for any other address. */
  file(uri: string, options?: ReadOptions): Promise<PublishedStatusList | undefined>
  /**
   * The file that was to be believed at a time (§8.4), signed again with its dates; `undefined` when there was none.
   * Throws `status_history_unsupported` unless `history` was asked for.
   */
  fileAt(uri: string, time: Date, options?: ReadOptions): Promise<PublishedStatusList | undefined>
  /**
   * After the store was restored from an older copy, and before anything else: no list that is open is allocated in again,
   * for places that the copy knows nothing of stand in credentials, and versions go on beyond those that were published since.
   * Statuses set since the copy was made have to be set again, out of the log or the lists as they were published.
   */
  abandonLists(options?: ReadOptions): Promise<void>
  /** The addresses of all published lists that are status list tokens (§9.3), as a file. */
  aggregation(options?: ReadOptions): Promise<PublishedStatusList>
}

/** §7.1 */
const numbers: Readonly<Record<StatusValue, number>> = { valid: 0, invalid: 1, suspended: 2 }

const acts: Readonly<Record<StatusValue, StatusAct['kind']>> = {
  valid: 'reinstate',
  invalid: 'revoke',
  suspended: 'suspend',
}

const lastDate = new Date(endOfTime * 1000)

/** Characters: what every store and log can keep. */
const largestId = 1024

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

interface Settings {
  readonly store: StatusStore
  readonly audit: ActRecorder | undefined
  readonly registry: string
  readonly issuer: string | undefined
  readonly bits: StatusBits
  readonly size: number
  readonly capacity: number
  readonly cohort: CohortLength
  readonly shards: number
  readonly places: Places
  readonly publisher: Publisher
  readonly now: Clock
}

const largestShare = 0.5
const largestShards = 1024

async function readSettings(options: StatusRegistryOptions): Promise<Settings> {
  expectObject(options, 'options')
  const {
    store,
    signer,
    audit,
    bits = 2,
    size = 2 ** 20,
    decoys = 1 / 16,
    cohort = 'year',
    shards = 1,
    ...more
  } = options
  const { issuer, ttl = 300, lifetime = day, history = 0, now = systemClock, baseUri, aggregationUri, ...rest } = more
  expectNoMore(rest, 'options')
  if (typeof store?.transaction !== 'function' || typeof store.insertStatusEntry !== 'function')
    throw misuse('store', 'a store of statuses')
  createBits(bits, size)
  if (typeof decoys !== 'number' || !(decoys >= 0 && decoys <= largestShare))
    throw new RangeError(`\`decoys\` must be a share from 0 to ${largestShare}`)
  if (!cohortLengths.includes(cohort)) throw misuse('cohort', `one of ${cohortLengths.join(', ')}`)
  if (!Number.isSafeInteger(shards) || shards < 1 || shards > largestShards)
    throw new RangeError(`\`shards\` must be a number of lists from 1 to ${largestShards}`)
  if (!Number.isSafeInteger(ttl) || !Number.isSafeInteger(lifetime) || ttl <= 0 || ttl > lifetime)
    throw new RangeError('`ttl` and `lifetime` must be whole numbers of seconds, `ttl` positive and not the longer one')
  if (!Number.isSafeInteger(history) || history < 0)
    throw new RangeError('`history` must be a whole number of seconds, at least 0')
  if (issuer !== undefined) expectText(issuer, 'issuer')
  if (typeof now !== 'function') throw misuse('now', 'a function that returns a Date')
  if (typeof signer !== 'function') await readSigner(signer)
  requireRecorder(audit, store)
  const registry = readBaseUri(baseUri)
  const index = readAggregationUri(aggregationUri, registry)
  return {
    store,
    audit,
    registry,
    issuer,
    bits,
    size,
    capacity: size - Math.floor(size * decoys),
    cohort,
    shards,
    places: new Places(store, now),
    publisher: new Publisher({ store, signer, registry, issuer, ttl, lifetime, history, aggregationUri: index, now }),
    now,
  }
}

/** A credential that is over would stand in a list that nobody publishes. */
function requireFuture(expires: unknown, now: Date): void {
  if (!(expires instanceof Date) || Number.isNaN(expires.getTime())) throw misuse('expires', 'a valid Date')
  if (expires < now || expires > lastDate) throw new RangeError('`expires` must lie in the future, up to the year 9999')
}

/** The base without a slash at its end; lists are named below it. */
function readBaseUri(baseUri: unknown): string {
  const url = typeof baseUri === 'string' ? httpsUrl(baseUri) : undefined
  if (url === undefined || (baseUri as string).includes('?'))
    throw misuse('baseUri', 'an https URL without credentials, query and fragment')
  return (baseUri as string).replace(/\/+$/, '')
}

function readAggregationUri(uri: unknown, registry: string): string | undefined {
  if (uri === undefined) return undefined
  if (typeof uri !== 'string' || !isHttpsUri(uri) || !uri.startsWith(`${registry}/`) || uri.includes('?'))
    throw misuse('aggregationUri', 'an https URL below `baseUri`')
  return uri
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
    const { id = randomName(), format = 'dc+sd-jwt', expires, transaction, signal } = options
    const { places } = this.settings
    if (expectText(id, 'id').length > largestId || id.includes('\0'))
      throw misuse('id', `text of at most ${largestId} characters, none of them U+0000`)
    if (!isListFormat(format)) throw misuse('format', `one of ${listFormats.join(', ')}`)
    if (expires !== undefined) requireFuture(expires, readClock(this.settings.now))
    if (format === 'vc+jwt' && !isUrl(this.settings.issuer))
      throw new TypeError('`issuer` must be a URL when the registry is opened, for lists that are W3C credentials')
    const kind = this.kindOf(format, expires)
    if (transaction === undefined) await abortable(places.prepare(kind), signal)
    return this.inTransaction({ transaction, signal }, async open => {
      const { uri, index } = await places.take(open, kind, id)
      const { bits } = kind
      return Object.freeze({
        id,
        uri,
        index,
        ...(format === 'vc+jwt' ? { bitstring: Object.freeze(bitstringAddresses({ uri, bits })) } : {}),
      })
    })
  }

  async set(which: StatusReference | string, value: StatusValue, options: SetStatusOptions = {}): Promise<void> {
    const { reason = 'unspecified', actor = 'operator', actorId, device, address, transaction, signal } = options
    const { audit } = this.settings
    if (!Object.hasOwn(numbers, value)) throw misuse('value', `one of ${Object.keys(numbers).join(', ')}`)
    expectText(reason, 'reason')
    expectText(actor, 'actor')
    const named = Object.entries({ actorId, device, address }).filter(([, identifier]) => identifier !== undefined)
    for (const [name, identifier] of named) expectText(identifier, name)
    const by: StatusActor = Object.fromEntries(named)
    const recorded = await this.inTransaction({ transaction, signal }, async open => {
      const subject = await this.change(open, which, value)
      if (subject === undefined || audit === undefined) return false
      await audit.record({ kind: acts[value], actor, reason, statusValue: value, subject, ...by }, open)
      return true
    })
    // The change is committed, and so is its act; if it gets no place in the log now, it gets one later.
    if (recorded && transaction === undefined)
      await abortable(
        audit!.sequence().catch(() => undefined),
        signal,
      )
  }

  async get(which: StatusReference | string, options: GetStatusOptions = {}): Promise<StatusValue> {
    const entries = await this.inTransaction(options, open => this.find(open, which))
    const has = (value: StatusValue) => entries.some(entry => entry.value === numbers[value])
    return has('valid') ? 'valid' : has('suspended') ? 'suspended' : 'invalid'
  }

  publish(options: PublishOptions = {}): Promise<readonly PublishedStatusList[]> {
    return this.settings.publisher.publish(options)
  }

  async file(uri: string, { signal }: ReadOptions = {}): Promise<PublishedStatusList | undefined> {
    signal?.throwIfAborted()
    return abortable(this.settings.publisher.file(uri), signal)
  }

  async fileAt(uri: string, time: Date, { signal }: ReadOptions = {}): Promise<PublishedStatusList | undefined> {
    signal?.throwIfAborted()
    if (!(time instanceof Date) || Number.isNaN(time.getTime())) throw misuse('time', 'a valid Date')
    return abortable(this.settings.publisher.fileAt(uri, time), signal)
  }

  async abandonLists({ signal }: ReadOptions = {}): Promise<void> {
    const { publisher, places } = this.settings
    signal?.throwIfAborted()
    await abortable(publisher.abandon(), signal)
    places.forget()
  }

  async aggregation({ signal }: ReadOptions = {}): Promise<PublishedStatusList> {
    signal?.throwIfAborted()
    return abortable(this.settings.publisher.aggregation(), signal)
  }

  /** In the transaction given, or in one of its own, which the signal still undoes when the work is done. */
  private async inTransaction<T>(
    { transaction, signal }: GetStatusOptions,
    work: (open: Transaction) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted()
    if (transaction !== undefined) return abortable(work(transaction), signal)
    const done = this.settings.store.transaction(async open => {
      const result = await work(open)
      signal?.throwIfAborted()
      return result
    })
    return abortable(done, signal)
  }

  /** Which list a credential goes into. */
  private kindOf(format: StatusListFormat, expires: Date | undefined): NewList {
    const { registry, bits, size, capacity, cohort, shards } = this.settings
    const { name, end } = cohortOf(expires, cohort)
    return { registry, format, bits, size, capacity, cohort: name, shard: randomBelow(shards), expires: end }
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
    const isPlace = list?.registry === registry && Number.isSafeInteger(index) && index >= 0 && index < list.size
    return isPlace ? store.findStatusEntry(open, uri, index) : undefined
  }

  private async requireSuspendable(open: Transaction, entries: readonly StatusEntryRow[]): Promise<void> {
    for (const uri of new Set(entries.map(entry => entry.uri))) {
      const list = await this.settings.store.findStatusList(open, uri)
      if (list?.bits === 1) throw new RangeError('`value` cannot be suspended in a list of 1 bit')
    }
  }
}
