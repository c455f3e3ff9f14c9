/** What a log asks of its witnesses over HTTP (C2SP tlog-witness): their signatures under a checkpoint, with the proof each needs. */
import { expectList, expectObject, misuse } from '../core/arguments.js'
import { fromUtf8 } from '../core/bytes.js'
import { type Clock, readClock, toSeconds } from '../core/clock.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { exchange, type Fetch } from '../core/fetch.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { parseSizeLine, printAddCheckpoint, sizeMediaType } from '../formats/tlog/add-checkpoint.js'
import { decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import { cosignedAt, cosignersOf, readCosignerKey } from '../formats/tlog/cosignature.js'
import { type NoteVerifier, parseNote, printNote } from '../formats/tlog/note.js'
import { type LogKey, readLogKeys } from './checkpoint.js'
import { tolerance } from './policy.js'
import { type ConsistencyProof, decodeHash } from './proof.js'
import { signaturesUnder, withCosignatures } from './witness.js'

/** A witness of others, as its operator names it. */
export interface RemoteWitness {
  /** Its submission prefix; `/add-checkpoint` is asked below it. */
  readonly url: string
  /** Its verifier key (C2SP vkey text of type 0x04), or several of its name: keys rotate. */
  readonly key: LogKey
}

/** Which witnesses are asked, and with what. */
export interface AskWitnessesOptions {
  readonly witnesses: readonly RemoteWitness[]
  /** The proof between two sizes of the log: `log.proveConsistency`. */
  readonly proveConsistency: (fromSize: number, toSize: number) => Awaitable<ConsistencyProof>
  readonly fetch: Fetch
  /** Seconds for one request. Default: 20. A witness is asked twice as a rule, at most four times. */
  readonly timeout?: number | undefined
  /** A cosignature from more than a minute in the future does not count. */
  readonly now?: Clock | undefined
  readonly signal?: AbortSignal | undefined
}

/** Why a witness has not cosigned. */
export interface WitnessRefusal {
  readonly url: string
  /**
   * `witness_uri_refused`, `witness_unreachable`, `witness_response_invalid`, `witness_refused` with the status it answered;
   * `witness_size_mismatch` when it knows a larger log, `log_forked` when it knows another of this size;
   * `checkpoint_cosignature_invalid`, `checkpoint_witnesses_missing` for what it signed.
   */
  readonly code: ErrorCode
  readonly at?: string | undefined
  readonly expected?: string | number | undefined
  readonly actual?: string | number | undefined
}

/** What came of asking: those who refused are told, and spoil nothing. */
export interface WitnessAnswers {
  /** The checkpoint with the cosignatures that hold. */
  readonly checkpoint: string
  /** The names of the witnesses that have cosigned. */
  readonly cosigned: readonly string[]
  readonly refusals: readonly WitnessRefusal[]
}

/**
 * Shows a checkpoint to all witnesses at once and puts under it what they sign, each signature verified with the key of its
 * witness. One that knows the log at a smaller size is given the proof from there. Whether enough have signed is for the
 * caller to say, or for `verifyCheckpoint`. A witness that does not answer, or not rightly, is a refusal in the answer and
 * never throws.
 *
 * Throws `checkpoint_…` for a checkpoint that is none, what `proveConsistency` throws, the signal's reason; `TypeError` or
 * `RangeError` for options that do not fit.
 * @example
 * const cosign = async (checkpoint: string) =>
 *   (await askWitnesses(checkpoint, { witnesses, proveConsistency: log.proveConsistency, fetch })).checkpoint
 * await log.publish({ write, cosign })
 */
export async function askWitnesses(checkpoint: string, options: AskWitnessesOptions): Promise<WitnessAnswers> {
  if (typeof checkpoint !== 'string') throw misuse('checkpoint', 'the text of a checkpoint')
  const settings = await readSettings(options)
  const { size } = decodeSignedCheckpoint(checkpoint)
  settings.signal?.throwIfAborted()
  const answers = await Promise.all(settings.witnesses.map(one => ask(one, checkpoint, size, settings)))
  const signed = answers.filter(answer => 'cosignatures' in answer)
  return Object.freeze({
    checkpoint: withCosignatures(
      checkpoint,
      signed.map(({ cosignatures }) => cosignatures),
    ),
    cosigned: Object.freeze([...new Set(signed.flatMap(({ names }) => names))]),
    refusals: Object.freeze(answers.filter(answer => 'code' in answer)),
  })
}

interface Asked {
  readonly url: string
  readonly verifiers: readonly NoteVerifier[]
}

interface Settings extends Pick<AskWitnessesOptions, 'proveConsistency' | 'fetch' | 'signal'> {
  readonly witnesses: readonly Asked[]
  readonly timeout: number
  /** The latest time that a cosignature may state, in seconds since the epoch. */
  readonly latest: number
}

async function readSettings(options: AskWitnessesOptions): Promise<Settings> {
  expectObject(options, 'options')
  const { witnesses, proveConsistency, fetch, timeout = 20, now, signal } = options
  for (const [name, given] of Object.entries({ proveConsistency, fetch }))
    if (typeof given !== 'function') throw misuse(name, 'a function')
  if (!Number.isFinite(timeout) || timeout <= 0 || timeout > 300)
    throw new RangeError('`timeout` must be a positive number of seconds, at most 300')
  const asked = await Promise.all(expectList(witnesses, 'witnesses').map(readWitness))
  return { witnesses: asked, proveConsistency, fetch, timeout, latest: toSeconds(readClock(now)) + tolerance, signal }
}

async function readWitness(given: RemoteWitness): Promise<Asked> {
  const { url, key } = Object(given) as Partial<RemoteWitness>
  if (typeof url !== 'string') throw misuse('witnesses.url', 'the address of a witness')
  return { url, verifiers: await readLogKeys(key, 'witnesses.key', readCosignerKey) }
}

interface Signed {
  readonly names: readonly string[]
  /** The lines of the cosignatures that hold. */
  readonly cosignatures: string
}

/** Other processes may show the witness more of the log in between. */
const maxRounds = 4

/** What a witness says in the end. It is asked with size 0 first, to learn which size it knows. */
async function ask(one: Asked, checkpoint: string, size: number, settings: Settings): Promise<Signed | WitnessRefusal> {
  let oldSize = 0
  for (let round = 1; ; round++) {
    const { hashes } = oldSize === 0 ? { hashes: [] } : await settings.proveConsistency(oldSize, size)
    const body = printAddCheckpoint({ oldSize, hashes: hashes.map(decodeHash), checkpoint })
    const answer = await attempt(one, settings, async () => {
      const known = await post(one, body, settings)
      if (typeof known === 'string') return readCosignatures(known, checkpoint, one, settings)
      if (known > size) throw new VidimusError('witness_size_mismatch', { at: 'size', expected: known, actual: size })
      if (known === oldSize) throw known === size ? forked() : invalid('size')
      if (round === maxRounds) throw invalid('size')
      return known
    })
    if (typeof answer !== 'number') return answer
    oldSize = answer
  }
}

const forked = () => new VidimusError('log_forked', { at: 'root' })

const invalid = (at: string) => new VidimusError('witness_response_invalid', { at })

/** What `work` comes to, or the refusal that its failure is. */
async function attempt<T>({ url }: Asked, { signal }: Settings, work: () => Promise<T>): Promise<T | WitnessRefusal> {
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof VidimusError)) throw error
    const { code, at, expected, actual } = error
    const named = Object.entries({ at, expected, actual }).filter(([, value]) => value !== undefined)
    return Object.freeze({ url, code, ...Object.fromEntries(named) })
  }
}

const codes = {
  refused: 'witness_uri_refused',
  unreachable: 'witness_unreachable',
  invalid: 'witness_response_invalid',
} as const

/** The lines that a witness answers with, or the size that it knows. */
async function post({ url }: Asked, body: string, { fetch, timeout, signal }: Settings): Promise<string | number> {
  const init = { method: 'POST', body, headers: { 'content-type': 'text/plain; charset=utf-8' } }
  const address = `${url.replace(/\/+$/, '')}/add-checkpoint`
  const request = { fetch, withinLimit, timeout, signal, codes }
  const answer = await exchange(address, init, request, ({ status, headers }) => {
    if (status === 409 && headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() !== sizeMediaType)
      throw invalid('content-type')
    if (status !== 200 && status !== 409) throw new VidimusError('witness_refused', { at: 'status', actual: status })
    return { status }
  })
  const text = readText(answer.body)
  if (answer.status === 200) return text
  const known = parseSizeLine(text)
  if (known === undefined) throw invalid('size')
  return known
}

/** As many cosignatures as a note may have, with room to spare. */
const maxAnswerBytes = 64 * 1024

function withinLimit(length: number): void {
  if (length > maxAnswerBytes) throw invalid('length')
}

function readText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw invalid('encoding')
  }
}

/** The cosignatures of a witness among the lines that it sent. Others are ignored, as tlog-witness asks. */
async function readCosignatures(
  lines: string,
  checkpoint: string,
  { verifiers }: Asked,
  { latest }: Settings,
): Promise<Signed> {
  const { text } = parseNote(checkpoint)
  const signatures = signaturesOf(text, lines).filter(
    // A cosignature without its time is none of a checkpoint.
    ({ name, keyId, signature }) =>
      cosignedAt(signature) !== 0 && verifiers.some(key => key.name === name && key.keyId === keyId),
  )
  const names = await cosignersOf({ text, signatures }, verifiers, latest)
  if (names.size === 0)
    throw new VidimusError('checkpoint_witnesses_missing', { at: 'signature', expected: 1, actual: 0 })
  return { names: [...names], cosignatures: printNote({ text, signatures }).slice(text.length + 1) }
}

function signaturesOf(text: string, lines: string) {
  try {
    return signaturesUnder(text, lines)
  } catch {
    throw invalid('signature line')
  }
}
