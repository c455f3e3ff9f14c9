/**
 * A witness: it cosigns checkpoints of logs that only ever grew under its eyes (C2SP tlog-witness, tlog-cosignature).
 *
 * A log that shows different histories to different people has to find witnesses that sign both, and none that remembers
 * does. What a witness has to keep is one checkpoint for each log, and never to lose it.
 */
import { expectObject, misuse } from '../core/arguments.js'
import { equalBytes, fromBase64url, utf8 } from '../core/bytes.js'
import { type Clock, readClock, systemClock, toSeconds } from '../core/clock.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { expectPublicJwk } from '../core/jwk.js'
import { defaultLimits } from '../core/limits.js'
import { readSigner, type Signer, type SignerSource } from '../core/signer.js'
import { VidimusError } from '../errors.js'
import { type Checkpoint, decodeSignedCheckpoint, verifyCheckpoint } from '../formats/tlog/checkpoint.js'
import { cosign, printCosignerKey, readCosignerKey } from '../formats/tlog/cosignature.js'
import { isKeyName, type NoteSignature, type NoteVerifier, parseNote, printNote } from '../formats/tlog/note.js'
import { isEmptyRoot, provesConsistency } from '../formats/tlog/proof.js'
import { type LogKey, readLogKeys } from './checkpoint.js'
import { type ConsistencyProof, decodeHash, readConsistencyProof } from './proof.js'

/** Where a witness keeps the last checkpoint of each log. What it loses, it can be deceived about. */
export interface WitnessMemory {
  /** The checkpoint that is kept for a log; `undefined` when there is none. */
  find(origin: string): Awaitable<string | undefined>
  /**
   * Keeps `next` if what is kept is still `known`, in one step that no other call can come between, and durably before it
   * resolves. Says whether it did.
   */
  replace(origin: string, known: string | undefined, next: string): Awaitable<boolean>
}

export interface WitnessOptions {
  /** The name of the witness, a URL without scheme such as `witness.example/w1`. */
  readonly name: string
  /** An Ed25519 signer, or a function that returns one. Its key is for this witness and nothing else. */
  readonly signer: SignerSource
  /** The verifier keys of the logs that it watches. */
  readonly logKey: LogKey
  readonly memory: WitnessMemory
  readonly now?: Clock | undefined
}

export interface Cosigned {
  readonly origin: string
  readonly size: number
  /** The line of the cosignature, with its newline: what is handed back to the log. */
  readonly cosignature: string
  /** The checkpoint as it came, with the cosignature under it. */
  readonly checkpoint: string
}

/** Cosigns checkpoints that continue what it keeps, and nothing else. */
export interface Witness {
  /** The key by which its cosignatures are verified (C2SP vkey text of type 0x04). */
  readonly verifierKey: string
  /**
   * Cosigns a checkpoint after what is kept of its log is shown to be its start. The proof runs from the size that is kept;
   * it is left out for the same size again, and from an empty log. Resolves once the checkpoint is kept.
   * Throws `witness_log_unknown` where nothing is kept, `witness_size_mismatch` with the size to prove from as `expected`,
   * `log_rolled_back`, `log_forked`, `audit_consistency_invalid`, `audit_proof_malformed`, `checkpoint_…`, `limit_exceeded`.
   */
  cosign(checkpoint: string, proof?: ConsistencyProof): Promise<Cosigned>
  /**
   * Believes the first checkpoint of a log: the word of whoever calls stands for what the witness did not see. Where one is
   * kept already it is held against that, as `cosign` does.
   */
  trustFirst(checkpoint: string): Promise<Cosigned>
}

/**
 * A witness for the logs of some keys. Throws `TypeError` for options that do not fit.
 * @example const { verifierKey, cosign } = await witness({ name, signer, logKey, memory })
 */
export async function witness(options: WitnessOptions): Promise<Witness> {
  expectObject(options, 'options')
  const { name, signer, logKey, memory, now = systemClock } = options
  if (!isKeyName(name)) throw misuse('name', 'the name of the witness, without spaces and plus signs')
  if (typeof memory?.find !== 'function' || typeof memory.replace !== 'function')
    throw misuse('memory', 'a memory for checkpoints')
  const keys = await CosignerKeys.open(name, signer)
  const watcher = new Watcher(keys, await readLogKeys(logKey), memory, now)
  return Object.freeze({
    get verifierKey() {
      return keys.verifierKey
    },
    cosign: async (checkpoint, proof) => watcher.cosign(checkpoint, proof),
    trustFirst: async checkpoint => watcher.trustFirst(checkpoint),
  } satisfies Witness)
}

/**
 * A memory that lasts as long as its process: for tests, and for witnesses that begin anew on purpose.
 * @example await witness({ name, signer, logKey, memory: witnessMemory() })
 */
export function witnessMemory(): WitnessMemory {
  const kept = new Map<string, string>()
  return {
    find: origin => kept.get(origin),
    replace(origin, known, next) {
      const unchanged = kept.get(origin) === known
      if (unchanged) kept.set(origin, next)
      return unchanged
    },
  }
}

/**
 * A checkpoint with cosignatures under it, each a line as a witness hands it back. A later one of a key takes the place of an
 * earlier one. Nothing is verified. Throws `checkpoint_malformed`, `checkpoint_signature_missing`, `limit_exceeded`.
 * @example const cosigned = withCosignatures(checkpoint, [await answer.text()])
 */
export function withCosignatures(checkpoint: string, cosignatures: readonly string[]): string {
  const { text, signatures } = parseNote(checkpoint)
  const added = cosignatures.flatMap(lines => signaturesUnder(text, lines))
  const byKey = new Map([...signatures, ...added].map(signature => [`${signature.name} ${signature.keyId}`, signature]))
  return parsable(printNote({ text, signatures: [...byKey.values()] }))
}

/** The signatures that lines hold. Lines that would be part of the text are none. Throws as `parseNote`. */
export function signaturesUnder(text: string, lines: string): readonly NoteSignature[] {
  const note = parseNote(`${text}\n${lines}`)
  if (note.text !== text) throw new VidimusError('checkpoint_malformed', { at: 'signature line' })
  return note.signatures
}

/** The note, if it may still be read with all its signatures. */
function parsable(note: string): string {
  parseNote(note)
  return note
}

class Watcher {
  private readonly keys: CosignerKeys
  private readonly logs: readonly NoteVerifier[]
  private readonly memory: WitnessMemory
  private readonly now: Clock

  constructor(keys: CosignerKeys, logs: readonly NoteVerifier[], memory: WitnessMemory, now: Clock) {
    this.keys = keys
    this.logs = logs
    this.memory = memory
    this.now = now
  }

  async cosign(text: string, proof: unknown): Promise<Cosigned> {
    const checkpoint = await this.read(text)
    for (;;) {
      const known = await this.memory.find(checkpoint.origin)
      if (known === undefined) throw new VidimusError('witness_log_unknown', { at: 'checkpoint' })
      requireGrowth(decodeSignedCheckpoint(known), checkpoint, proof)
      // When another call was faster, what it kept is what has to be grown from.
      if (await this.memory.replace(checkpoint.origin, known, text)) return this.sign(checkpoint, text)
    }
  }

  async trustFirst(text: string): Promise<Cosigned> {
    const checkpoint = await this.read(text)
    const first = await this.memory.replace(checkpoint.origin, undefined, text)
    return first ? this.sign(checkpoint, text) : this.cosign(text, undefined)
  }

  /** What a checkpoint says that one of the logs has signed. */
  private async read(text: unknown): Promise<Checkpoint> {
    if (typeof text !== 'string') throw new VidimusError('input_not_text', { at: 'checkpoint' })
    const checkpoint = await verifyCheckpoint(text, this.logs)
    if (checkpoint.size === 0 && !isEmptyRoot(checkpoint.root)) throw inconsistent('root')
    return checkpoint
  }

  private async sign({ origin, size }: Checkpoint, note: string): Promise<Cosigned> {
    const { text } = parseNote(note)
    const signature = await this.keys.cosign(text, toSeconds(readClock(this.now)))
    const cosignature = printNote({ text, signatures: [signature] }).slice(text.length + 1)
    return Object.freeze({ origin, size, cosignature, checkpoint: withCosignatures(note, [cosignature]) })
  }
}

/** Throws unless the later checkpoint is shown to continue the one that is kept. */
function requireGrowth(kept: Checkpoint, next: Checkpoint, given: unknown): void {
  if (next.size < kept.size)
    throw new VidimusError('log_rolled_back', { at: 'size', expected: kept.size, actual: next.size })
  const proof = given === undefined ? undefined : readConsistencyProof(given, defaultLimits)
  const provesNothing = kept.size === 0 || kept.size === next.size
  if (proof === undefined ? !provesNothing : proof.fromSize !== kept.size)
    throw new VidimusError('witness_size_mismatch', { at: 'fromSize', expected: kept.size, actual: proof?.fromSize })
  if (kept.size === next.size && !equalBytes(kept.root, next.root)) throw new VidimusError('log_forked', { at: 'root' })
  if (proof !== undefined && proof.toSize !== next.size) throw inconsistent('toSize')
  const hashes = proof?.hashes.map(decodeHash) ?? []
  // Everything continues an empty log, and no hash is needed to show it.
  if (kept.size === 0 ? hashes.length > 0 : !provesConsistency(kept, next, hashes)) throw inconsistent('hashes')
}

/** The key of a witness, which may change while it watches. */
class CosignerKeys {
  private readonly name: string
  private readonly source: SignerSource
  private key: CosignerKey

  private constructor(name: string, source: SignerSource, key: CosignerKey) {
    this.name = name
    this.source = source
    this.key = key
  }

  static async open(name: string, source: SignerSource): Promise<CosignerKeys> {
    return new CosignerKeys(name, source, await cosignerKey(name, await readSigner(source)))
  }

  get verifierKey(): string {
    return this.key.text
  }

  async cosign(text: string, time: number): Promise<NoteSignature> {
    const signer = await readSigner(this.source)
    if (signer.publicJwk?.x !== this.key.x) this.key = await cosignerKey(this.name, signer)
    return sign(text, time, this.name, signer, this.key.x)
  }
}

interface CosignerKey {
  /** C2SP vkey text. */
  readonly text: string
  /** The public key, base64url. */
  readonly x: string
}

async function cosignerKey(name: string, signer: Signer): Promise<CosignerKey> {
  const { crv, x } = expectPublicJwk(signer.publicJwk, 'signer.publicJwk')
  if (crv !== 'Ed25519') throw misuse('signer', 'one that signs with Ed25519')
  const text = printCosignerKey(name, fromBase64url(x))
  await expectToSign(signer, name, x, text)
  return { text, x }
}

/** A device that signs with another key than it names would make every cosignature worthless. */
async function expectToSign(signer: Signer, name: string, x: string, text: string): Promise<void> {
  const probe = 'a signature of this text proves nothing\n'
  const { signature } = await sign(probe, 0, name, signer, x)
  const verifier = await readCosignerKey(text)
  if (!(await verifier.verify(utf8(probe), signature)))
    throw misuse('signer', 'one that signs with the key of its `publicJwk`')
}

const sign = (text: string, time: number, name: string, signer: Signer, x: string): Promise<NoteSignature> =>
  cosign(text, time, { name, publicKey: fromBase64url(x), sign: async message => signer.sign(message) })

const inconsistent = (at: string) => new VidimusError('audit_consistency_invalid', { at })
