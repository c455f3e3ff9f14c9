/** The history of one subject: what a citizen is given, and how they check it without trusting the office. */
import { fromBase64url } from '../core/bytes.js'
import type { Limits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { isBase64urlOf, isIdentifier } from './act.js'
import { identifierKeyBytes, names } from './commitment.js'
import { type AuditEntry, readEntry } from './entry.js'
import { readList, readMembers } from './outside.js'
import { type CheckpointOptions, readCheckpointOptions, requireCheckpoint } from './policy.js'
import { readHashes, requireInclusion } from './proof.js'
import { type AuditRefusal, verdictOf } from './verdict.js'

/** The entries about one subject with their proofs, the same after `JSON.stringify` and back. */
export interface AuditHistory {
  /** Personal data, like the key: together they tell which entries of the log are about the subject. */
  readonly subject: string
  /** What opens the commitments to the subject, base64url of 32 bytes. */
  readonly key: string
  /** The signed checkpoint that every proof leads to. */
  readonly checkpoint: string
  /** In the order of the log. */
  readonly entries: readonly HistoryEntry[]
}

export interface HistoryEntry {
  readonly entry: AuditEntry
  /** The sibling hashes on the way to the root, lowest first, base64url (RFC 9162 §2.1.3). */
  readonly hashes: readonly string[]
}

/** Whose history is expected: the keys of the log and, where asked for, its witnesses. */
export interface VerifyHistoryOptions extends CheckpointOptions {}

/** Every entry is in the log of `origin`, and about the subject. */
export interface VerifiedHistory {
  readonly ok: true
  readonly subject: string
  readonly origin: string
  /** The number of entries in the log when it signed. */
  readonly size: number
  readonly entries: readonly AuditEntry[]
}

/**
 * Whether every entry of a history is in the log that the key is of and about the subject that the history names, in the
 * order of the log. It cannot tell whether the office left an entry out; an empty history says nothing and is refused.
 * The history may be anything; a refusal has one of the codes `audit_history_malformed`, `audit_entry_malformed`,
 * `audit_proof_malformed`, `audit_inclusion_invalid`, `audit_history_subject_mismatch`, `checkpoint_…`, `limit_exceeded`.
 * @example const verdict = await verifyHistory(JSON.parse(letter), { logKey })
 */
export async function verifyHistory(
  history: unknown,
  options: VerifyHistoryOptions,
): Promise<VerifiedHistory | AuditRefusal> {
  const { policy, limits } = await readCheckpointOptions(options)
  return verdictOf(async () => {
    const { subject, key, checkpoint, entries } = readHistory(history, limits)
    const log = await requireCheckpoint(checkpoint, policy)
    for (const { entry, hashes } of entries) requireInclusion(entry, hashes, log)
    for (const { entry } of entries) await requireSubject(entry, subject, fromBase64url(key))
    const verified = Object.freeze(entries.map(({ entry }) => entry))
    return { ok: true, subject, origin: log.origin, size: log.size, entries: verified }
  })
}

function readHistory(value: unknown, limits: Limits): AuditHistory {
  const members = readMembers(value, ['subject', 'key', 'checkpoint', 'entries'])
  if (members === undefined) throw malformedHistory('history')
  const { subject, key, checkpoint } = members
  if (!isIdentifier(subject)) throw malformedHistory('subject')
  if (!isBase64urlOf(key, identifierKeyBytes)) throw malformedHistory('key')
  if (typeof checkpoint !== 'string') throw malformedHistory('checkpoint')
  const list = readList(members.entries, limits)
  if (list === undefined || list.length === 0) throw malformedHistory('entries')
  const entries = list.map(entry => readHistoryEntry(entry, limits))
  if (entries.some(({ entry }, place) => place > 0 && !follows(entry, entries[place - 1]?.entry)))
    throw malformedHistory('order')
  return { subject, key, checkpoint, entries }
}

function readHistoryEntry(value: unknown, limits: Limits): HistoryEntry {
  const members = readMembers(value, ['entry', 'hashes'])
  if (members === undefined) throw malformedHistory('entries')
  return { entry: readEntry(members.entry), hashes: readHashes(members.hashes, limits) }
}

const follows = (later: AuditEntry, earlier: AuditEntry | undefined): boolean =>
  earlier !== undefined && later.index > earlier.index && later.time >= earlier.time

async function requireSubject(entry: AuditEntry, subject: string, key: Uint8Array): Promise<void> {
  if (!(await names(entry, 'subject', subject, key)))
    throw new VidimusError('audit_history_subject_mismatch', { at: `entry ${entry.index}` })
}

const malformedHistory = (at: string) => new VidimusError('audit_history_malformed', { at })
