/**
 * Lists of the past (Token Status List §8.4): the latest publication with every later change undone, so that nothing but
 * changes has to be kept.
 */

import { defaultLimits } from '../core/limits.js'
import type { Transaction } from '../core/transaction.js'
import { compressBits, inflateBits, setBits } from '../formats/status-list/bits.js'
import { decoysTurned, turnDecoys } from './decoys.js'
import type { PublicationRow, PublishedBits, StatusChange, StatusListRow, StatusStore } from './store.js'

/** A past publication, and the way back to it. */
export interface Past {
  readonly list: StatusListRow
  readonly publication: PublicationRow
  readonly latest: PublishedBits
  /** The latest first. */
  readonly changes: readonly StatusChange[]
}

/** What of a list was to be believed at a time; `undefined` when nothing was. */
export async function findPast(
  store: StatusStore,
  open: Transaction,
  list: StatusListRow,
  time: Date,
): Promise<Past | undefined> {
  const publication = await store.findPublicationAt(open, list.uri, time)
  const latest = publication && (await store.findPublished(open, list.uri))
  if (publication === undefined || latest === undefined || publication.expires < time) return undefined
  const changes: StatusChange[] = []
  for await (const page of store.findChangesBetween(open, list.uri, publication.version, latest.version))
    for (const change of page) changes.push(change)
  // One that was forgotten meanwhile may have lost changes that lead back to it.
  if ((await store.findPublicationAt(open, list.uri, time))?.version !== publication.version) return undefined
  return { list, publication, latest, changes }
}

/** The entries as they were published then, compressed. */
export async function entriesOf({ list, publication, latest, changes }: Past): Promise<Uint8Array> {
  const packed = await inflateBits(latest.compressed, defaultLimits)
  for (const { index, before } of changes) setBits(packed, list.bits, index, before)
  turnDecoys(packed, list, decoysTurned(list, latest.issued), decoysTurned(list, publication.issued))
  return compressBits(packed)
}
