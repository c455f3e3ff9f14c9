/**
 * What a log asks of a witness (C2SP tlog-witness, add-checkpoint): the size that the witness knows, a consistency proof from
 * there, and a checkpoint; and the size by which a witness says that it knows another.
 */
import { base64, fromBase64 } from '../../core/bytes.js'
import { VidimusError } from '../../errors.js'
import { hashBytes } from './hash.js'

export interface AddCheckpoint {
  /** The size of the checkpoint that the witness cosigned last; 0 for none. */
  readonly oldSize: number
  /** The proof from there, lowest hash first (RFC 6962 §2.1.2). */
  readonly hashes: readonly Uint8Array[]
  /** The signed note. */
  readonly checkpoint: string
}

/** A tree of any size has no longer proof. */
const maxHashes = 63

/** The media type of the size that a witness answers with. */
export const sizeMediaType = 'text/x.tlog.size'

export const printAddCheckpoint = ({ oldSize, hashes, checkpoint }: AddCheckpoint): string =>
  [`old ${oldSize}`, ...hashes.map(base64), '', checkpoint].join('\n')

/** The parts of a request, its checkpoint not looked into. Throws `witness_request_malformed`. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const end = body.indexOf('\n\n')
  if (end === -1) throw malformed('blank line')
  const [first = '', ...lines] = body.slice(0, end).split('\n')
  if (!first.startsWith('old ')) throw malformed('old size')
  const oldSize = parseSize(first.slice('old '.length))
  if (oldSize === undefined) throw malformed('old size')
  if (lines.length > maxHashes) throw malformed('hashes')
  return { oldSize, hashes: lines.map(parseHash), checkpoint: body.slice(end + 2) }
}

function parseHash(line: string): Uint8Array {
  try {
    const hash = fromBase64(line)
    if (hash.length === hashBytes) return hash
  } catch {}
  throw malformed('hash')
}

export const printSize = (size: number): string => `${size}\n`

/** The size in a line; `undefined` when it is none. */
export const parseSizeLine = (line: string): number | undefined =>
  line.endsWith('\n') ? parseSize(line.slice(0, -1)) : undefined

function parseSize(text: string): number | undefined {
  const size = Number(text)
  return /^(?:0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(size) ? size : undefined
}

const malformed = (at: string) => new VidimusError('witness_request_malformed', { at })
