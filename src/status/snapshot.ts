/**
 * A snapshot: status list tokens carried to where there is no network, as JSON text.
 *
 * It is not signed and need not be: the tokens in it are, and they are verified when they are asked.
 */

import { isHttpsUri } from '../core/address.js'
import { utf8 } from '../core/bytes.js'
import { fromSeconds, toSeconds } from '../core/clock.js'
import { isJsonObject, type JsonObject, type JsonValue, parseJsonObject } from '../core/json.js'
import { defaultLimits, within } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { endOfTime } from '../formats/status-list/token.js'
import { byFetching, type KeptToken } from './kept-list.js'

const version = 1

/** What one snapshot may weigh, and how many it may hold: the lists of some hundred million credentials. */
const snapshotLimits = { snapshotBytes: 32 * 1024 * 1024, snapshotLists: 10_000 }

/** How old a snapshot is, as it says itself: nobody has signed it. For operators, not for verdicts. */
export interface SnapshotSummary {
  /** When the latest of its lists was fetched; absent when it holds none. */
  readonly takenAt?: Date | undefined
  /** The list that was fetched first. */
  readonly oldest?: Omit<KeptToken, 'token'> | undefined
  readonly lists: readonly Omit<KeptToken, 'token'>[]
}

/** Throws `limit_exceeded` when no checker would import so much. */
export function encodeSnapshot(lists: readonly KeptToken[]): Uint8Array {
  within(snapshotLimits, 'snapshotLists', lists.length)
  const entries = lists.map(({ uri, token, fetchedAt }) => ({ uri, token, fetchedAt: toSeconds(fetchedAt) }))
  const bytes = utf8(JSON.stringify({ version, lists: entries }))
  within(snapshotLimits, 'snapshotBytes', bytes.length)
  return bytes
}

/** The tokens of a snapshot, none of them believed. Throws `status_snapshot_malformed`, `limit_exceeded`. */
export function decodeSnapshot(bytes: Uint8Array): readonly KeptToken[] {
  within(snapshotLimits, 'snapshotBytes', bytes.length)
  const { version: given, lists, ...others } = parse(bytes)
  if (given !== version) throw malformed('version')
  if (!Array.isArray(lists) || !isEmpty(others)) throw malformed('lists')
  within(snapshotLimits, 'snapshotLists', lists.length)
  return lists.map((entry: JsonValue, index) => readEntry(entry, `lists[${index}]`))
}

export function summarise(tokens: readonly KeptToken[]): SnapshotSummary {
  const lists = tokens.map(({ uri, fetchedAt }) => ({ uri, fetchedAt }))
  const byAge = [...lists].sort(byFetching)
  return { takenAt: byAge[0]?.fetchedAt, oldest: byAge.at(-1), lists }
}

function parse(bytes: Uint8Array): JsonObject {
  try {
    return parseJsonObject(bytes)
  } catch (error) {
    throw error instanceof VidimusError && error.code !== 'limit_exceeded' ? malformed(error.at) : error
  }
}

function readEntry(entry: JsonValue, at: string): KeptToken {
  if (!isJsonObject(entry)) throw malformed(at)
  const { uri, token, fetchedAt, ...others } = entry
  if (typeof uri !== 'string' || !isHttpsUri(uri)) throw malformed(`${at}.uri`)
  if (typeof token !== 'string' || !isEmpty(others)) throw malformed(`${at}.token`)
  within(defaultLimits, 'statusTokenBytes', token.length)
  if (!isWholeSeconds(fetchedAt)) throw malformed(`${at}.fetchedAt`)
  return { uri, token, fetchedAt: fromSeconds(fetchedAt) }
}

const isWholeSeconds = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= endOfTime

const isEmpty = (object: object): boolean => Object.keys(object).length === 0

const malformed = (at?: string) => new VidimusError('status_snapshot_malformed', { at })
