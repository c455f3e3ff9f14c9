/** Checkpoints of the log for those who keep them, and the keys of logs as callers name them. */
import { base64 } from '../core/bytes.js'
import { VidimusError } from '../errors.js'
import { decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { type NoteVerifier, readVerifierKey } from '../formats/tlog/note.js'

export interface DecodedCheckpoint {
  /** Names the log. */
  readonly origin: string
  /** The number of entries. */
  readonly size: number
  /** The root of the Merkle tree, standard base64 as in the text. */
  readonly root: string
}

/** One or several verifier keys (C2SP vkey text), of one log or of several: keys rotate. */
export type LogKey = string | readonly string[]

/**
 * What a checkpoint says. Nothing is verified: whose it is and whether it holds is for `verifyConsistency` to say.
 * Throws `input_not_text`, `checkpoint_malformed`, `checkpoint_signature_missing` (nobody has signed), `limit_exceeded`.
 * @example decodeCheckpoint(kept).size
 */
export function decodeCheckpoint(text: string): DecodedCheckpoint {
  if (typeof text !== 'string') throw new VidimusError('input_not_text', { at: 'checkpoint' })
  const { origin, size, root } = decodeSignedCheckpoint(text)
  return Object.freeze({ origin, size, root: base64(root) })
}

/** The verifiers of the caller's own keys, each read by `read`. Throws `TypeError` naming the argument. */
export async function readLogKeys(
  keys: LogKey | undefined,
  argument = 'logKey',
  read: (text: string) => Promise<NoteVerifier> = readVerifierKey,
): Promise<readonly NoteVerifier[]> {
  const list = typeof keys === 'string' ? [keys] : keys
  if (!Array.isArray(list) || list.length === 0 || !list.every(key => typeof key === 'string'))
    throw new TypeError(`\`${argument}\` must be a verifier key, or a list of them`)
  try {
    return await Promise.all(list.map(key => read(key)))
  } catch (error) {
    throw new TypeError(`\`${argument}\` must be a verifier key: ${(error as Error).message}`)
  }
}
