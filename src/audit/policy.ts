/** What a caller demands of a checkpoint: the log's own signature, and those of witnesses that it showed the same log to. */
import { misuse } from '../core/arguments.js'
import { base64 } from '../core/bytes.js'
import { type Clock, readClock, toSeconds } from '../core/clock.js'
import { type Limits, readLimits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { type Checkpoint, verifyCheckpoint as verifySignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { cosignersOf, readCosignerKey } from '../formats/tlog/cosignature.js'
import { type NoteVerifier, parseNote } from '../formats/tlog/note.js'
import { type LogKey, readLogKeys } from './checkpoint.js'
import { type AuditRefusal, verdictOf } from './verdict.js'

/** How many of which witnesses have to have cosigned. */
export interface WitnessPolicy {
  /** Cosigner keys (C2SP vkey text of type 0x04). Several of one name are one witness, whose keys rotate. */
  readonly keys: LogKey
  /** From 1 to the number of witnesses. */
  readonly threshold: number
}

export interface CheckpointOptions {
  /** The key of the log, as it publishes it (`verifierKey`). */
  readonly logKey: LogKey
  /** Without it no witness is asked for. */
  readonly witnesses?: WitnessPolicy | undefined
  /** For the times of cosignatures: one from more than a minute in the future does not count. */
  readonly now?: Clock | undefined
  readonly limits?: Partial<Limits> | undefined
}

/** A checkpoint that the log has signed, and as many witnesses as were asked for. */
export interface VerifiedCheckpoint {
  readonly ok: true
  readonly origin: string
  readonly size: number
  /** Standard base64 as in the text. */
  readonly root: string
  /** The names of those witnesses of the policy that have cosigned. */
  readonly witnesses: readonly string[]
}

/** The caller's demands, read. */
export interface CheckpointPolicy {
  readonly verifiers: readonly NoteVerifier[]
  readonly cosigners: readonly NoteVerifier[]
  readonly threshold: number
  /** The latest time that a cosignature may state, in seconds since the epoch. */
  readonly latest: number
}

/** Seconds that the clock of a witness may be ahead. */
export const tolerance = 60

/**
 * Whether a checkpoint is the log's, and cosigned by enough witnesses. Whether it continues one seen before is for
 * `verifyConsistency` to say. The text may be anything; a refusal has one of the codes `checkpoint_…`, `limit_exceeded`.
 * C2SP tlog-checkpoint, tlog-cosignature.
 * @example await verifyCheckpoint(fetched, { logKey, witnesses: { keys: [w1, w2, w3], threshold: 2 } })
 */
export async function verifyCheckpoint(
  text: unknown,
  options: CheckpointOptions,
): Promise<VerifiedCheckpoint | AuditRefusal> {
  const { policy } = await readCheckpointOptions(options)
  return verdictOf(async () => {
    if (typeof text !== 'string') throw new VidimusError('input_not_text', { at: 'checkpoint' })
    const { origin, size, root } = await verifySignedCheckpoint(text, policy.verifiers)
    const witnesses = await requireWitnesses(text, policy)
    return { ok: true, origin, size, root: base64(root), witnesses: Object.freeze([...witnesses]) }
  })
}

/** What every verify function is told by its caller. Throws `TypeError`, `RangeError`. */
export async function readCheckpointOptions(
  options: CheckpointOptions,
): Promise<{ readonly policy: CheckpointPolicy; readonly limits: Limits }> {
  if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
  const { logKey, witnesses, now, limits } = options
  const verifiers = await readLogKeys(logKey)
  const latest = toSeconds(readClock(now)) + tolerance
  return { policy: { verifiers, ...(await readWitnesses(witnesses)), latest }, limits: readLimits(limits) }
}

/** What a checkpoint says that meets the policy. Throws `checkpoint_…`, `limit_exceeded`. */
export async function requireCheckpoint(text: string, policy: CheckpointPolicy): Promise<Checkpoint> {
  const checkpoint = await verifySignedCheckpoint(text, policy.verifiers)
  await requireWitnesses(text, policy)
  return checkpoint
}

async function readWitnesses(
  witnesses: WitnessPolicy | undefined,
): Promise<Pick<CheckpointPolicy, 'cosigners' | 'threshold'>> {
  if (witnesses === undefined) return { cosigners: [], threshold: 0 }
  if (typeof witnesses !== 'object' || witnesses === null) throw misuse('witnesses', 'an object')
  const { keys, threshold } = witnesses
  const cosigners = await readCosigners(keys)
  const names = new Set(cosigners.map(({ name }) => name))
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > names.size)
    throw new RangeError(`\`witnesses.threshold\` must be an integer from 1 to ${names.size}`)
  return { cosigners, threshold }
}

async function readCosigners(keys: LogKey): Promise<readonly NoteVerifier[]> {
  const cosigners = await readLogKeys(keys, 'witnesses.keys', readCosignerKey)
  // A cosignature does not say by which name it was made, so that one key under two names would be two witnesses.
  const owners = new Map<string, string>()
  for (const text of [keys].flat()) {
    const [, name, key] = /^(.*?)\+.*?\+(.*)$/.exec(text) as unknown as [string, string, string]
    if ((owners.get(key) ?? name) !== name) throw misuse('witnesses.keys', 'of one witness each')
    owners.set(key, name)
  }
  return cosigners
}

/** The witnesses that have cosigned. Throws `checkpoint_cosignature_invalid`, `checkpoint_witnesses_missing`. */
async function requireWitnesses(
  text: string,
  { cosigners, threshold, latest }: CheckpointPolicy,
): Promise<ReadonlySet<string>> {
  const names = await cosignersOf(parseNote(text), cosigners, latest)
  if (names.size < threshold)
    throw new VidimusError('checkpoint_witnesses_missing', { at: 'signature', expected: threshold, actual: names.size })
  return names
}
