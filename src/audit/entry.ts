/**
 * An entry of the log: an act with its number, its time and the hash of the entry before it.
 *
 * Its canonical JSON (RFC 8785) is at once what the next entry's `previous` hashes and the leaf of the Merkle tree, so that
 * an entry may travel as any JSON text and still be the same entry.
 */
import { base64url, hasLoneSurrogate } from '../core/bytes.js'
import { canonicalJson } from '../core/canonical-json.js'
import { isCalendarDate } from '../core/clock.js'
import { type JsonObject, parseJsonObject } from '../core/json.js'
import { VidimusError } from '../errors.js'
import { emptyRoot, hashBytes, textLeafHash } from '../formats/tlog/hash.js'
import {
  type ActIdentifiers,
  type ActMembers,
  actMembers,
  identifierNames,
  isBase64urlOf,
  isIndex,
  malformedEntry,
  readActMembers,
} from './act.js'
import { readMembers } from './outside.js'

export interface AuditEntry extends ActMembers {
  readonly version: 1
  /** Its place in the log, from 0. */
  readonly index: number
  /** When the act was recorded, RFC 3339 in UTC to the second. It never runs backwards along the log. */
  readonly time: string
  /** A commitment to whom or what the entry is about, which only a key opens: base64url of 32 bytes, as the next three. */
  readonly subject?: string | undefined
  /** A commitment to who acted. */
  readonly actorId?: string | undefined
  /** A commitment to the device. */
  readonly device?: string | undefined
  /** A commitment to the network address. */
  readonly address?: string | undefined
  /** What keeps two commitments to one identifier apart: base64url of 16 bytes. Present with a commitment and only then. */
  readonly salt?: string | undefined
  /** The leaf hash of the entry before, base64url; for the first entry the root of the empty tree. */
  readonly previous: string
}

/** An entry before it has its place. */
export type UnnumberedEntry = Omit<AuditEntry, 'index' | 'previous'>

export const saltBytes = 16

const entryMembers = [...actMembers, ...identifierNames, 'version', 'index', 'time', 'salt', 'previous'] as const

/** The entry that a value from outside is, copied and frozen. Throws `audit_entry_malformed`, naming the member. */
export function readEntry(value: unknown): AuditEntry {
  const members = readMembers(value, entryMembers)
  if (members === undefined) throw new VidimusError('audit_entry_malformed')
  const { version, index, time, subject, actorId, device, address, salt, previous } = members
  if (version !== 1) throw malformedEntry('version')
  if (!isIndex(index)) throw malformedEntry('index')
  if (!isTime(time)) throw malformedEntry('time')
  if (!isBase64urlOf(previous, hashBytes)) throw malformedEntry('previous')
  const commitments = readCommitments({ subject, actorId, device, address }, salt)
  return Object.freeze({ version, index, time, ...readActMembers(members), ...commitments, previous })
}

/** The commitments of an entry, and the salt of them all. */
export interface Commitments extends ActIdentifiers {
  readonly salt?: string
}

function readCommitments(given: Record<keyof ActIdentifiers, unknown>, salt: unknown): Commitments {
  const present = identifierNames.filter(name => given[name] !== undefined)
  for (const name of present) if (!isBase64urlOf(given[name], hashBytes)) throw malformedEntry(name)
  if (present.length === 0 && salt === undefined) return {}
  if (present.length === 0 || !isBase64urlOf(salt, saltBytes)) throw malformedEntry('salt')
  return { ...Object.fromEntries(present.map(name => [name, given[name]])), salt }
}

/** RFC 3339 §5.6 with `Z` and without fractions; a leap second has no entry. */
function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^.{10}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(value) &&
    isCalendarDate(value.slice(0, 10))
  )
}

export const entryTime = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

/** The one text of an entry, numbered or not. */
export const entryText = (entry: AuditEntry | UnnumberedEntry): string => canonicalJson(entry as unknown as JsonObject)

/** The hash of an entry: its leaf in the tree, and its link in the chain. */
export const entryHash = (entry: AuditEntry): Uint8Array => textLeafHash(entryText(entry))

/** The same over a text out of the store. Throws `encoding_invalid` when it can be no entry's. */
export function storedHash(text: string): Uint8Array {
  if (hasLoneSurrogate(text)) throw new VidimusError('encoding_invalid')
  return textLeafHash(text)
}

/** `previous` of an entry after the one with this hash. */
export const linkTo = (hash: Uint8Array): string => base64url(hash)

/** `previous` of the first entry. */
export const firstLink = (): string => linkTo(emptyRoot())

/** The entry of a text out of the store. Throws as `readEntry` and `parseJsonObject`. */
export const parseEntry = (text: string): AuditEntry => readEntry(parseJsonObject(text))

/** Where the log ends, as far as the next entry has to know. */
export interface LogEnd {
  /** The index of the next entry. */
  readonly next: number
  /** The time of the last entry, which the next may not be before. */
  readonly time: string
  /** `previous` of the next entry. */
  readonly link: string
}

/** An entry that has its place, as it is stored and hashed. */
export interface PlacedEntry {
  readonly index: number
  readonly entry: AuditEntry
  readonly text: string
  readonly hash: Uint8Array
  /** Where the log ends with it. */
  readonly end: LogEnd
}

/** The end of a log without entries. */
export const beginning = (): LogEnd => ({ next: 0, time: '', link: firstLink() })

/** The end of the log after an entry. */
export const endAfter = ({ index, time }: AuditEntry, hash: Uint8Array): LogEnd => ({
  next: index + 1,
  time,
  link: linkTo(hash),
})

/** An act's text out of the store, given its place at the end of the log. Throws as `parseEntry`. */
export function placeEntry(unnumbered: string, end: LogEnd): PlacedEntry {
  const act = parseJsonObject(unnumbered)
  const time = typeof act['time'] === 'string' ? laterOf(act['time'], end.time) : act['time']
  const entry = readEntry({ ...act, time, index: end.next, previous: end.link })
  return placedAs(entry, entryText(entry))
}

/** An act that was checked, at its time, and what stands for whom it names, given their place. */
export function placeAct(members: ActMembers, time: string, commitments: Commitments, end: LogEnd): PlacedEntry {
  const place = { version: 1 as const, time: laterOf(time, end.time), index: end.next, previous: end.link }
  const entry: Record<string, unknown> = {}
  for (const name of sortedMembers) {
    const value = said(name, place) ?? said(name, commitments) ?? said(name, members)
    if (value !== undefined) entry[name] = value
  }
  const placed = Object.freeze(entry as unknown as AuditEntry)
  // Words, digests and numbers in the order of their names: what is written of them is canonical.
  return placedAs(placed, JSON.stringify(placed))
}

const said = (name: keyof AuditEntry, part: Partial<AuditEntry>): unknown => part[name]

/** In this order the members of an entry need no sorting when it is written. */
const sortedMembers: readonly (keyof AuditEntry)[] = [...entryMembers].sort()

/** A clock that jumps back does not take the log with it. */
const laterOf = (time: string, last: string): string => (time < last ? last : time)

function placedAs(entry: AuditEntry, text: string): PlacedEntry {
  const hash = textLeafHash(text)
  return { index: entry.index, entry, text, hash, end: endAfter(entry, hash) }
}
