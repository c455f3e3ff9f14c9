/** A witness as logs ask it over HTTP (C2SP tlog-witness): `add-checkpoint`, and nothing else. */
import type { Witness } from '../audit/witness.js'
import { expectNoMore, expectObject, misuse } from '../core/arguments.js'
import { base64url, fromUtf8, utf8 } from '../core/bytes.js'
import { readBody } from '../core/fetch.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { type AddCheckpoint, parseAddCheckpoint, printSize, sizeMediaType } from '../formats/tlog/add-checkpoint.js'
import { decodeSignedCheckpoint } from '../formats/tlog/checkpoint.js'
import {
  type Base,
  expectFunctions,
  failure,
  heeded,
  methodUnknown,
  pathBelow,
  type RequestHandler,
  readBase,
  refuse,
  send,
  unknown,
} from './answer.js'

/** Where a witness is asked, and what it makes of a log that it sees for the first time. */
export interface WitnessHandlerOptions {
  /** The submission prefix of the witness. The host of a request is not looked at. */
  readonly baseUri: string
  /**
   * What becomes of the first checkpoint of a log whose key the witness has. `trusted`: it is believed, as tlog-witness has it;
   * then a witness that lost its memory can be shown another history. `refused`: until `trustFirst` was called by hand.
   */
  readonly firstCheckpoint: 'trusted' | 'refused'
  /**
   * Told of checkpoints that a log has signed and that do not continue what is kept of it, with `log_forked` or
   * `audit_consistency_invalid`. The former proves that the log shows two histories; the latter may be a proof that somebody
   * has spoiled.
   */
  readonly onSuspect?: ((checkpoint: string, error: VidimusError) => void) | undefined
  /** Told what the witness threw of its own: its memory, its signer. The answer says nothing of it. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/**
 * Answers `POST …/add-checkpoint` below the path of `baseUri`: 200 with the line of the cosignature, once the checkpoint is
 * kept. 409 with the size to prove from as `text/x.tlog.size`, for a log that the witness knows at another size or, at this
 * size, with another root. Else `{ "error": … }` with the code: 400 for what is malformed, 403 where no key of the log
 * has signed, 404 for a log that is none of the witness's, 413 beyond 270 kB, 422 for a proof that does not hold; 405, 500, and 503
 * with `retry-after`. Never throws for a request. Throws `TypeError` for options that do not fit.
 * @example const handler = witnessHandler(await witness({ … }), { baseUri, firstCheckpoint: 'refused' })
 */
export function witnessHandler(
  witness: Pick<Witness, 'cosign' | 'trustFirst'>,
  options: WitnessHandlerOptions,
): RequestHandler {
  const settings = readSettings(witness, options)
  return async request => {
    if (pathBelow(settings, new URL(request.url).pathname) !== 'add-checkpoint') return refuse(request, unknown)
    if (request.method !== 'POST') return refuse(request, methodUnknown('POST'))
    let statuses = ofRequests
    try {
      const asked = await readAsked(request)
      statuses = ofVerdicts
      return answer(request, 200, 'text/plain; charset=utf-8', await cosign(asked, settings))
    } catch (error) {
      return refusalOf(request, error, statuses, settings)
    }
  }
}

interface Settings extends Base, Omit<WitnessHandlerOptions, 'baseUri' | 'onSuspect' | 'onError'> {
  readonly witness: Pick<Witness, 'cosign' | 'trustFirst'>
  readonly onSuspect: (checkpoint: string, error: VidimusError) => void
  readonly onError: (error: unknown) => void
}

function readSettings(witness: Pick<Witness, 'cosign' | 'trustFirst'>, options: WitnessHandlerOptions): Settings {
  if (typeof witness?.cosign !== 'function' || typeof witness.trustFirst !== 'function')
    throw misuse('witness', 'a witness')
  expectObject(options, 'options')
  const { baseUri, firstCheckpoint, onSuspect = () => {}, onError = () => {}, ...rest } = options
  expectNoMore(rest, 'options')
  if (firstCheckpoint !== 'trusted' && firstCheckpoint !== 'refused')
    throw misuse('firstCheckpoint', "'trusted' or 'refused'")
  expectFunctions({ onSuspect, onError })
  return { witness, ...readBase(baseUri), firstCheckpoint, onSuspect: heeded(onSuspect), onError: heeded(onError) }
}

/** A proof of 63 hashes, and the longest note that is read, in bytes. */
const maxBody = 270 * 1024

interface Asked extends AddCheckpoint {
  /** Of the checkpoint, whose signatures are not verified. */
  readonly size: number
}

async function readAsked(request: Request): Promise<Asked> {
  const asked = parseAddCheckpoint(await readText(request))
  const { size } = decodeSignedCheckpoint(asked.checkpoint)
  if (asked.oldSize > size) throw new VidimusError('witness_request_malformed', { at: 'old size' })
  return { ...asked, size }
}

async function readText(request: Request): Promise<string> {
  withinLimit(Number(request.headers.get('content-length') ?? 0))
  const malformed = () => new VidimusError('witness_request_malformed', { at: 'body' })
  return fromUtf8(await readBody(request, withinLimit, malformed, request.signal))
}

function withinLimit(length: number): void {
  if (length > maxBody)
    throw new VidimusError('limit_exceeded', { at: 'requestBytes', expected: maxBody, actual: length })
}

/** The line of the cosignature, once the checkpoint is kept. */
async function cosign(asked: Asked, settings: Settings): Promise<string> {
  try {
    const { cosignature } = await cosignOrTrust(asked, settings)
    return cosignature
  } catch (error) {
    if (isSuspect(error)) settings.onSuspect(asked.checkpoint, error)
    throw error instanceof VidimusError && error.code === 'log_forked' ? conflict(asked.size) : error
  }
}

async function cosignOrTrust({ oldSize, hashes, checkpoint, size }: Asked, { witness, firstCheckpoint }: Settings) {
  try {
    const proof = { fromSize: oldSize, toSize: size, hashes: hashes.map(base64url) }
    return await witness.cosign(checkpoint, proof)
  } catch (error) {
    const isFirst = error instanceof VidimusError && error.code === 'witness_log_unknown'
    if (!isFirst || firstCheckpoint === 'refused') throw error
    if (oldSize > 0) throw conflict(0)
    if (hashes.length > 0) throw new VidimusError('audit_consistency_invalid', { at: 'hashes' })
    return witness.trustFirst(checkpoint)
  }
}

/** The witness knows the log at another size, or another log. */
const conflict = (size: number) => new VidimusError('witness_size_mismatch', { at: 'fromSize', expected: size })

const isSuspect = (error: unknown): error is VidimusError =>
  error instanceof VidimusError && (error.code === 'log_forked' || error.code === 'audit_consistency_invalid')

type Statuses = Partial<Record<ErrorCode, number>>

/** What may be wrong with a request, before anything is believed … */
const ofRequests: Statuses = {
  witness_request_malformed: 400,
  checkpoint_malformed: 400,
  encoding_invalid: 400,
  checkpoint_signature_missing: 403,
  limit_exceeded: 413,
}

/** … and what the witness says of it. The same code as above would be about its own memory. */
const ofVerdicts: Statuses = {
  checkpoint_signature_missing: 403,
  checkpoint_signature_invalid: 403,
  checkpoint_origin_mismatch: 404,
  witness_log_unknown: 404,
  audit_consistency_invalid: 422,
}

function refusalOf(request: Request, error: unknown, statuses: Statuses, { onError }: Settings): Response {
  const { code, expected } = error instanceof VidimusError ? error : {}
  if (code === 'witness_size_mismatch' || code === 'log_rolled_back')
    return answer(request, 409, sizeMediaType, printSize(expected as number))
  const status = code && statuses[code]
  if (code !== undefined && status !== undefined) return refuse(request, { status, error: code })
  onError(error)
  return refuse(request, failure(error))
}

/** For the one who asked, now. */
const answer = (request: Request, status: number, mediaType: string, body: string): Response =>
  send(
    request,
    utf8(body),
    mediaType,
    status,
    new Headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }),
  )
