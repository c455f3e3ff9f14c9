/**
 * Checkpoints (C2SP tlog-checkpoint): a signed note that says which log, how large it is and what its root is.
 */
import { base64, fromBase64 } from '../../core/bytes.js'
import { VidimusError } from '../../errors.js'
import { hashBytes } from './hash.js'
import { type NoteVerifier, parseNote, verifyNote } from './note.js'
import type { TreeHead } from './proof.js'

export interface Checkpoint extends TreeHead {
  /** Names the log. */
  readonly origin: string
  /** Further lines, signed with the rest and without meaning here. */
  readonly extensions: readonly string[]
}

/** What the text of a checkpoint's note says. Throws `checkpoint_malformed`. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n')
  if (lines.pop() !== '') throw malformed('newline')
  if (lines.some(line => line === '')) throw malformed('empty line')
  const [origin, size, root, ...extensions] = lines
  if (origin === undefined || size === undefined || root === undefined) throw malformed('lines')
  return { origin, size: parseSize(size), root: parseRoot(root), extensions }
}

function parseSize(text: string): number {
  const size = Number(text)
  if (!/^(?:0|[1-9][0-9]*)$/.test(text) || !Number.isSafeInteger(size)) throw malformed('size')
  return size
}

function parseRoot(text: string): Uint8Array {
  try {
    const root = fromBase64(text)
    if (root.length === hashBytes) return root
  } catch {}
  throw malformed('root')
}

/** The text of a checkpoint's note, to be signed. */
export function printCheckpoint({ origin, size, root, extensions }: Checkpoint): string {
  return [origin, String(size), base64(root), ...extensions, ''].join('\n')
}

/** What a checkpoint says, its signatures unverified. Throws as `parseNote` and `parseCheckpoint`. */
export const decodeSignedCheckpoint = (note: string): Checkpoint => parseCheckpoint(parseNote(note).text)

/**
 * The checkpoint, signed by the log that it names: the key of that name and no other has to have signed, whoever else
 * did. Throws `checkpoint_origin_mismatch` when no verifier has the name, and as `parseNote`, `parseCheckpoint`,
 * `verifyNote`.
 */
export async function verifyCheckpoint(signed: string, verifiers: readonly NoteVerifier[]): Promise<Checkpoint> {
  const note = parseNote(signed)
  const checkpoint = parseCheckpoint(note.text)
  if (!verifiers.some(isOfLog(checkpoint)))
    throw new VidimusError('checkpoint_origin_mismatch', {
      at: 'origin',
      expected: verifiers.map(verifier => verifier.name).join(' '),
    })
  const signers = await verifyNote(note, verifiers)
  if (!signers.some(isOfLog(checkpoint))) throw new VidimusError('checkpoint_signature_missing', { at: 'signature' })
  return checkpoint
}

const isOfLog =
  ({ origin }: Checkpoint) =>
  ({ name }: NoteVerifier) =>
    name === origin

const malformed = (at: string) => new VidimusError('checkpoint_malformed', { at })
