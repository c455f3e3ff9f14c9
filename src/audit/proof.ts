/** Proofs of the log and what they are worth to someone who trusts its key and nothing else. */
import { base64url, fromBase64url } from '../core/bytes.js'
import type { Limits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type Checkpoint, verifyCheckpoint } from '../formats/tlog/checkpoint.js'
import { hashBytes } from '../formats/tlog/hash.js'
import { provesConsistency, provesInclusion } from '../formats/tlog/proof.js'
import { isBase64urlOf, isIndex } from './act.js'
import { type AuditEntry, entryHash, readEntry } from './entry.js'
import { readList, readMembers } from './outside.js'
import { type CheckpointOptions, readCheckpointOptions, requireCheckpoint } from './policy.js'
import { type AuditRefusal, verdictOf } from './verdict.js'

/** That an entry is in the log: complete in itself, and the same after `JSON.stringify` and back. */
export interface InclusionProof {
  readonly entry: AuditEntry
  readonly index: number
  /** The sibling hashes on the way to the root, lowest first, base64url (RFC 9162 §2.1.3). */
  readonly hashes: readonly string[]
  /** The signed checkpoint whose tree the hashes lead to. */
  readonly checkpoint: string
}

/** That the log at one size is the start of the log at another. */
export interface ConsistencyProof {
  readonly fromSize: number
  readonly toSize: number
  /** base64url (RFC 9162 §2.1.4). */
  readonly hashes: readonly string[]
}

export interface VerifyInclusionOptions extends CheckpointOptions {
  /** The checkpoint you hold, in place of the one in the proof. It has to be of the size that the proof is for. */
  readonly checkpoint?: string | undefined
}

export interface VerifyConsistencyOptions extends CheckpointOptions {
  /** The earlier checkpoint, out of your own keeping: no witness is asked for under it. */
  readonly from: string
  /** The later checkpoint, as it was handed over. */
  readonly to: string
}

/** The entry is in the log of `origin`, which had `size` entries when it signed. */
export interface VerifiedInclusion {
  readonly ok: true
  readonly entry: AuditEntry
  readonly index: number
  readonly origin: string
  readonly size: number
}

/** The log of `origin` only grew between the two sizes. */
export interface VerifiedConsistency {
  readonly ok: true
  readonly origin: string
  readonly fromSize: number
  readonly toSize: number
}

/**
 * Whether an entry is in the log that the key is of. The proof may be anything; a refusal has one of the codes
 * `audit_proof_malformed`, `audit_entry_malformed`, `audit_inclusion_invalid`, `checkpoint_…`, `limit_exceeded`. It is not
 * asked whom the entry is about: `verifyHistory` does that.
 * RFC 9162 §2.1.3.2, C2SP tlog-checkpoint.
 * @example const verdict = await verifyInclusion(proof, { logKey })
 */
export async function verifyInclusion(
  proof: unknown,
  options: VerifyInclusionOptions,
): Promise<VerifiedInclusion | AuditRefusal> {
  const { policy, limits } = await readCheckpointOptions(options)
  const held = options.checkpoint
  if (held !== undefined) expectText(held, 'checkpoint')
  return verdictOf(async () => {
    const { entry, index, hashes, checkpoint } = readInclusionProof(proof, limits)
    const { origin, size, root } = await requireCheckpoint(held ?? checkpoint, policy)
    requireInclusion(entry, hashes, { origin, size, root })
    return { ok: true, entry, index, origin, size }
  })
}

/**
 * Whether a later checkpoint continues an earlier one: nothing that the earlier one covers was changed, removed or
 * reordered. An empty log promised nothing, so that nothing can be verified from it except that it is still empty.
 * The proof and `to` may be anything; a refusal has one of the codes `audit_proof_malformed`,
 * `audit_consistency_invalid`, `checkpoint_…`, `limit_exceeded`.
 * RFC 9162 §2.1.4.2, C2SP tlog-checkpoint.
 * @example const verdict = await verifyConsistency(proof, { from: kept, to: fresh, logKey })
 */
export async function verifyConsistency(
  proof: unknown,
  options: VerifyConsistencyOptions,
): Promise<VerifiedConsistency | AuditRefusal> {
  const { policy, limits } = await readCheckpointOptions(options)
  expectText(options.from, 'from')
  expectText(options.to, 'to')
  return verdictOf(async () => {
    const { fromSize, toSize, hashes } = readConsistencyProof(proof, limits)
    const from = await verifyCheckpoint(options.from, policy.verifiers)
    const to = await requireCheckpoint(options.to, policy)
    requireSameOrigin(from, to)
    if (fromSize !== from.size) throw inconsistent('fromSize', from.size, fromSize)
    if (toSize !== to.size) throw inconsistent('toSize', to.size, toSize)
    if (!provesConsistency(from, to, hashes.map(decodeHash))) throw inconsistent('hashes')
    return { ok: true, origin: to.origin, fromSize, toSize }
  })
}

/** Throws `audit_inclusion_invalid` unless the hashes lead from the entry to the root. */
export function requireInclusion(
  entry: AuditEntry,
  hashes: readonly string[],
  checkpoint: Omit<Checkpoint, 'extensions'>,
): void {
  if (!provesInclusion(entryHash(entry), entry.index, checkpoint, hashes.map(decodeHash)))
    throw new VidimusError('audit_inclusion_invalid', { at: `entry ${entry.index}` })
}

function readInclusionProof(value: unknown, limits: Limits): InclusionProof {
  const members = readMembers(value, ['entry', 'index', 'hashes', 'checkpoint'])
  if (members === undefined) throw malformedProof('proof')
  const { index, checkpoint } = members
  if (typeof checkpoint !== 'string') throw malformedProof('checkpoint')
  const entry = readEntry(members.entry)
  if (index !== entry.index) throw malformedProof('index')
  return { entry, index, hashes: readHashes(members.hashes, limits), checkpoint }
}

/** A consistency proof from outside. Throws `audit_proof_malformed`. */
export function readConsistencyProof(value: unknown, limits: Limits): ConsistencyProof {
  const members = readMembers(value, ['fromSize', 'toSize', 'hashes'])
  if (members === undefined) throw malformedProof('proof')
  const { fromSize, toSize } = members
  if (!isIndex(fromSize)) throw malformedProof('fromSize')
  if (!isIndex(toSize)) throw malformedProof('toSize')
  return { fromSize, toSize, hashes: readHashes(members.hashes, limits) }
}

/** The hashes of a proof from outside. Throws `audit_proof_malformed`. */
export function readHashes(value: unknown, limits: Limits): readonly string[] {
  const hashes = readList(value, limits)
  if (!hashes?.every(isHashText)) throw malformedProof('hashes')
  return hashes
}

const isHashText = (hash: unknown): hash is string => isBase64urlOf(hash, hashBytes)

export const encodeHashes = (hashes: readonly Uint8Array[]): readonly string[] => Object.freeze(hashes.map(base64url))

export const decodeHash = (hash: string): Uint8Array => fromBase64url(hash)

function requireSameOrigin(from: Checkpoint, to: Checkpoint): void {
  if (from.origin !== to.origin)
    throw new VidimusError('checkpoint_origin_mismatch', { at: 'to', expected: from.origin })
}

function expectText(value: unknown, argument: string): void {
  if (typeof value !== 'string') throw new TypeError(`\`${argument}\` must be the text of a checkpoint`)
}

const malformedProof = (at: string) => new VidimusError('audit_proof_malformed', { at })

const inconsistent = (at: string, expected?: number, actual?: number) =>
  new VidimusError('audit_consistency_invalid', { at, expected, actual })
