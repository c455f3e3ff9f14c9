/**
 * Cosignatures of checkpoints (C2SP tlog-cosignature): a witness states that it saw the log at that checkpoint, at a time,
 * and that all it saw before is still in it.
 *
 * The Ed25519 form (type 0x04). Signatures of other types are ignored, as those of unknown keys are.
 */
import { concatBytes, utf8 } from '../../core/bytes.js'
import { VidimusError } from '../../errors.js'
import {
  ed25519KeyId,
  type NoteSignature,
  type NoteVerifier,
  printVerifierKey,
  readVerifierKey,
  type SignedNote,
} from './note.js'

/** The signature type of a key that cosigns. */
const cosignatureType = 0x04

/** Seconds since the epoch, big-endian. */
const timeBytes = 8

/** The text of an Ed25519 cosigner key, as operators of witnesses publish it. */
export const printCosignerKey = (name: string, publicKey: Uint8Array): string =>
  printVerifierKey(name, publicKey, cosignatureType)

/** The verifier of cosignatures that a cosigner key text stands for. Throws `log_key_malformed`. */
export async function readCosignerKey(text: string): Promise<NoteVerifier> {
  const key = await readVerifierKey(text, cosignatureType)
  return {
    ...key,
    verify(note, signature) {
      const time = cosignedAt(signature)
      return time !== undefined && key.verify(cosignedMessage(note, time), signature.subarray(timeBytes))
    },
  }
}

/** What is signed of a note's text for a time. */
const cosignedMessage = (text: Uint8Array, time: number): Uint8Array =>
  concatBytes(utf8(`cosignature/v1\ntime ${time}\n`), text)

/** The time that a cosignature states, in seconds since the epoch; `undefined` when it has none that is a time. */
export function cosignedAt(signature: Uint8Array): number | undefined {
  if (signature.length <= timeBytes) return undefined
  const view = new DataView(signature.buffer, signature.byteOffset, timeBytes)
  const time = Number(view.getBigUint64(0))
  return Number.isSafeInteger(time) ? time : undefined
}

export interface Cosigner {
  readonly name: string
  readonly publicKey: Uint8Array
  readonly sign: (message: Uint8Array) => Promise<Uint8Array>
}

/** The cosignature of a note's text at a time, in seconds since the epoch. */
export async function cosign(text: string, time: number, { name, publicKey, sign }: Cosigner): Promise<NoteSignature> {
  const stated = new Uint8Array(timeBytes)
  new DataView(stated.buffer).setBigUint64(0, BigInt(time))
  const signature = concatBytes(stated, await sign(cosignedMessage(utf8(text), time)))
  return { name, keyId: ed25519KeyId(name, publicKey, cosignatureType), signature }
}

/**
 * The names under which witnesses have cosigned a note, each once, however many keys and signatures it has. One that states
 * a time after `latest` (seconds since the epoch) does not count; one by a known key that does not hold refuses the note.
 * Throws `checkpoint_cosignature_invalid`.
 */
export async function cosignersOf(
  { text, signatures }: SignedNote,
  witnesses: readonly NoteVerifier[],
  latest: number,
): Promise<ReadonlySet<string>> {
  const bytes = utf8(text)
  const names = new Set<string>()
  for (const { name, keyId, signature } of signatures) {
    const known = witnesses.filter(witness => witness.name === name && witness.keyId === keyId)
    if (known.length === 0) continue
    const holds = await Promise.all(known.map(witness => witness.verify(bytes, signature)))
    if (!holds.includes(true)) throw new VidimusError('checkpoint_cosignature_invalid', { at: 'signature' })
    if ((cosignedAt(signature) as number) <= latest) names.add(name)
  }
  return names
}
