/**
 * What a status registry needs of a store. Uniqueness and the order of changes are the database's constraints, never
 * read-then-write in code; each method is one statement or a few in the transaction given.
 */
import type { Transaction, Transactional } from '../core/transaction.js'
import type { StatusBits } from '../formats/status-list/bits.js'

/** Which lists a registry allocates in: one of a kind is open at a time. */
export interface StatusListKind {
  /** The `baseUri` of the registry. */
  readonly registry: string
  /** The credential format its token is for. */
  readonly format: string
  readonly bits: StatusBits
  /** The number of its entries. */
  readonly size: number
  /** When its credentials run out: `2031`, `2031-q2`, `2031-04`; empty for those that never do. */
  readonly cohort: string
  /** Tells lists of one cohort apart that are open side by side, from 0. */
  readonly shard: number
}

/** One status list. Primary key: `uri`. Unique besides, while it is open: the members of its kind. */
export interface StatusListRow extends StatusListKind {
  readonly uri: string
  /** Secret: the order in which its places are given out is drawn from it; 32 bytes. */
  readonly key: Uint8Array
  /** How many of its places credentials may have; nobody ever has the others. It is open while fewer are leased. */
  readonly capacity: number
  readonly created: Date
  /** When the last of its cohort runs out, if they do. */
  readonly expires: Date | undefined
}

/** Steps on the way through a list, `from` ≤ step < `to`, that nobody else will take. */
export interface PlaceLease {
  readonly from: number
  readonly to: number
}

/** One allocated entry of a list. Primary key: `uri` with `index`. Indexed besides: `id`. */
export interface StatusEntryRow {
  readonly uri: string
  readonly index: number
  /** The passport it belongs to; several entries may share it. */
  readonly id: string
  readonly value: number
}

/** A change of one entry. Those of one entry are in the order they were made. */
export interface StatusChange {
  readonly index: number
  readonly before: number
  readonly after: number
}

/** One publication of a list. Primary key: list with `version`. */
export interface PublicationRow {
  /** 1 for the first, and one more for each that follows, but for the gap that `abandonStatusLists` leaves. */
  readonly version: number
  readonly issued: Date
  /** The first instant at which it is no longer to be used. */
  readonly expires: Date
}

/** The latest publication of a list, as it was when another begins. */
export interface PublishedBits extends PublicationRow {
  /** The packed entries, compressed (ZLIB). */
  readonly compressed: Uint8Array
}

/** A file as it was published. Primary key: `uri`. */
export interface StatusFileRow {
  readonly uri: string
  readonly version: number
  readonly mediaType: string
  readonly body: Uint8Array
  readonly issued: Date
}

/** Lists, entries and publications, each method within a transaction. `testStore` says whether a store does all of this. */
export interface StatusStore extends Transactional {
  /**
   * Adds a list, open, not published. Says `false`, leaving the transaction usable, when one of its kind is open already
   * (`INSERT … ON CONFLICT DO NOTHING` over a partial index). Rejects a `uri` that is there already.
   */
  insertStatusList(transaction: Transaction, list: StatusListRow): Promise<boolean>
  findOpenStatusList(transaction: Transaction, kind: StatusListKind): Promise<StatusListRow | undefined>
  findStatusList(transaction: Transaction, uri: string): Promise<StatusListRow | undefined>
  /** The lists of a registry whose cohort does not run out before `until`; oldest first. */
  findLivingStatusLists(transaction: Transaction, registry: string, until: Date): Promise<readonly StatusListRow[]>
  /** Those of `findLivingStatusLists` that were published at least once. */
  findPublishedStatusLists(
    transaction: Transaction,
    registry: string,
    until: Date,
  ): Promise<readonly Pick<StatusListRow, 'uri' | 'format'>[]>
  /**
   * Ends allocation in every list of a registry, and counts the publications of each on from `gap` versions later.
   */
  abandonStatusLists(transaction: Transaction, registry: string, gap: number): Promise<void>
  /**
   * Takes the next steps through a list, at most `count`; `undefined` when none is left
   * (`UPDATE … SET leased = leased + ? WHERE leased < capacity RETURNING leased, capacity`; what lies beyond is cut off).
   */
  leasePlaces(transaction: Transaction, uri: string, count: number): Promise<PlaceLease | undefined>
  /**
   * Adds an entry unless its index is taken; says whether it was added. A conflict leaves the transaction usable
   * (`ON CONFLICT DO NOTHING`).
   */
  insertStatusEntry(transaction: Transaction, entry: StatusEntryRow): Promise<boolean>
  findStatusEntry(transaction: Transaction, uri: string, index: number): Promise<StatusEntryRow | undefined>
  /** The entries of a passport in the lists of a registry, by list and index: whoever changes them goes in that order. */
  findStatusEntries(transaction: Transaction, registry: string, id: string): Promise<readonly StatusEntryRow[]>
  /**
   * Changes an entry that still has the value of `entry` and notes the change; says whether it had
   * (`UPDATE … SET value = ? WHERE value = ?`).
   */
  updateStatusEntry(transaction: Transaction, entry: StatusEntryRow, value: number): Promise<boolean>
  /**
   * The latest publication of a list, `undefined` before the first. Until the transaction ends, whoever asks this of the
   * same list waits (`SELECT … FOR UPDATE`); nobody else does. Rejects an unknown list.
   */
  lockPublication(transaction: Transaction, uri: string): Promise<PublishedBits | undefined>
  /** The same without waiting for anybody: who reads the past holds no publisher up. Rejects an unknown list too. */
  findPublished(transaction: Transaction, uri: string): Promise<PublishedBits | undefined>
  /**
   * Makes the changes that are committed and in no publication yet part of `version`, and gives them, in pages of the
   * store's choosing. Changes of one entry keep their order.
   */
  takeChanges(transaction: Transaction, uri: string, version: number): AsyncIterable<readonly StatusChange[]>
  /**
   * Keeps a publication in place of the one before, and its files in place of those of the same `uri`. Rejects a version
   * that is not later than the one kept, of the list or of a file, and writes nothing; so it does for an unknown list.
   */
  insertPublication(
    transaction: Transaction,
    uri: string,
    publication: PublishedBits,
    files: readonly StatusFileRow[],
  ): Promise<void>
  findStatusFile(transaction: Transaction, uri: string): Promise<StatusFileRow | undefined>
  /** The latest publication issued at `at` or before. */
  findPublicationAt(transaction: Transaction, uri: string, at: Date): Promise<PublicationRow | undefined>
  /** The changes that came with later versions than `after`, up to `upTo`, the latest first. */
  findChangesBetween(
    transaction: Transaction,
    uri: string,
    after: number,
    upTo: number,
  ): AsyncIterable<readonly StatusChange[]>
  /**
   * Erases the oldest publications of a list, up to the first that had not run out before `before`, and the changes that
   * lead back to them: what is kept has no gap. The latest stays.
   */
  forgetPublications(transaction: Transaction, uri: string, before: Date): Promise<void>
}
