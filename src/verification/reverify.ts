/**
 * Verifying archived evidence again: without a network, at the recorded time, against the trust and the policy given now.
 *
 * What the record says of anchors and of the verifier's demands is never believed; what it says of the session (time,
 * audience, nonce) is covered by its digest, which the archive keeps beside it.
 */
import { digestText } from '#crypto'
import type { AlgorithmName } from '../core/algorithms.js'
import { fromBase64url } from '../core/bytes.js'
import { canonicalJson } from '../core/canonical-json.js'
import type { Awaitable } from '../core/crypto/backend.js'
import { deepFreeze } from '../core/freeze.js'
import { isJsonObject, type JsonObject, parseJsonObject } from '../core/json.js'
import type { Jwk } from '../core/jwk.js'
import type { Limits } from '../core/limits.js'
import { VidimusError } from '../errors.js'
import { expectTranscript } from '../formats/mdoc/session-transcript.js'
import { statusListJwt } from '../formats/status-list/jwt.js'
import { statusOf, verifyStatusListToken } from '../formats/status-list/token.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { Examination } from './checks.js'
import { evidenceChecks } from './clauses.js'
import { diagnoseDevice } from './device-diagnosis.js'
import { readReaderKey } from './device-mac.js'
import { recordEvidence } from './evidence.js'
import { longestQrAge, type Policy, readAnyPolicy, readCredentialPolicy } from './policy.js'
import type { Session } from './session.js'
import {
  type StatusAnswer,
  type StatusChecker,
  type StatusNotChecked,
  type StatusQuestion,
  statusNotChecked,
} from './status.js'
import type { Trust } from './trust.js'
import type { Verdict } from './verdict.js'
import { examine } from './verify.js'

/** What is believed and demanded now; nothing of it is taken from the record. */
export interface ReverifyOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> {
  readonly trust: Trust
  readonly expectedPassport: Profile | readonly Profile[]
  readonly require?: Require | undefined
  readonly requireLogged?: boolean | undefined
  readonly expectedIssuer?: string | readonly string[] | undefined
  readonly algorithms?: readonly AlgorithmName[] | undefined
  readonly clockTolerance?: number | undefined
  readonly maxPresentationAge?: number | undefined
  /** The reader's private key of the session, where the device proved its presence with a MAC: no record holds it. */
  readonly readerKey?: Jwk | undefined
  /** Hands back a large part that was archived apart from the record, by its digest. */
  readonly attachment?: ((digest: string) => Awaitable<string | undefined>) | undefined
  readonly limits?: Partial<Limits> | undefined
}

/** The record as far as it is needed, checked for shape. */
interface ReadEvidence {
  readonly kind: 'presentation' | 'credential'
  readonly time: Date
  readonly audience: string | undefined
  readonly nonce: string | undefined
  /** Whether it is a QR code, which may have answered no request. */
  readonly isQr: boolean
  readonly sessionTranscript: Uint8Array | undefined
  readonly presentation: string
  readonly status: StatusChecker | StatusNotChecked
}

/**
 * Verifies evidence again. Whatever the record is, the answer is a verdict; its first check is `evidence`, the others are
 * those of the original call. Options that are wrong are a `TypeError` or `RangeError`.
 *
 * @example
 * const again = await reverifyEvidence(JSON.parse(json), { trust, expectedPassport: citizenPassport, require: ['birthDate'] })
 */
export async function reverifyEvidence<
  const Profile extends PassportProfile,
  const Require extends readonly FieldOf<Profile>[] = readonly [],
>(evidence: unknown, options: ReverifyOptions<Profile, Require>): Promise<Verdict<Profile, Require[number]>> {
  if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
  const { attachment, readerKey, ...given } = options
  if (attachment !== undefined && typeof attachment !== 'function')
    throw new TypeError('`attachment` must be a function')
  const policy = readCredentialPolicy({ ...given, status: statusNotChecked('the record is read first') })
  const agreement = await readReaderKey(readerKey)
  const examination = new Examination(evidenceChecks)
  const record = await examination.test('evidence', () => readEvidence(evidence, attachment, policy.limits))
  const verdict =
    record === undefined
      ? await refuse(examination, policy)
      : await examine(record.presentation, policyOf(record, given, agreement))
  return deepFreeze({ ...verdict, checks: [...examination.checks, ...verdict.checks] }) as Verdict<
    Profile,
    Require[number]
  >
}

/** The policy of the original session under today's demands. */
function policyOf(
  record: ReadEvidence,
  options: Omit<ReverifyOptions, 'attachment' | 'readerKey'>,
  readerKey: Session['readerKey'],
): Policy {
  const { audience, nonce, isQr, sessionTranscript, status } = record
  // What a type demands is not fetched again: its documents are no part of the record.
  const shared = { ...options, status, typeMetadata: undefined, now: () => record.time }
  if (record.kind === 'credential') return readCredentialPolicy(shared)
  const session =
    sessionTranscript === undefined
      ? undefined
      : { transcript: expectTranscript(sessionTranscript, 'sessionTranscript'), readerKey, diagnose: diagnoseDevice }
  const expected = {
    expectedAudience: audience,
    expectedNonce: nonce,
    ...(isQr && { expectedQr: { maxAge: Math.min(options.maxPresentationAge ?? longestQrAge, longestQrAge) } }),
  }
  const policy = readAnyPolicy({ ...shared, ...expected }, session)
  // Of several documents in a response each has its own record.
  return { ...policy, isOneOfSeveral: true }
}

async function refuse(examination: Examination, policy: Policy): Promise<Verdict> {
  const code = examination.refusal ?? 'evidence_malformed'
  return { ok: false, code, checks: [], evidence: await recordEvidence(undefined, policy, { code }) }
}

async function readEvidence(
  evidence: unknown,
  attachment: ReverifyOptions['attachment'],
  limits: Limits,
): Promise<ReadEvidence> {
  const { record, attachments } = readRecord(evidence, limits)
  const { digest, ...covered } = record
  if (digest !== (await digestText('sha-256', canonicalJson(covered))))
    throw new VidimusError('evidence_digest_mismatch', {
      at: 'digest',
    })
  const { kind, time, policy, status, presentation, format } = record
  if (record['version'] !== 1 || (kind !== 'presentation' && kind !== 'credential')) throw malformed('version')
  const session = isJsonObject(policy) ? policy : undefined
  const { audience, nonce } = session ?? {}
  const sessionTranscript = readTranscript(session?.['sessionTranscript'])
  const isQr = format === 'qr'
  const isBound = isQr || sessionTranscript !== undefined || (isText(audience) && isText(nonce))
  if (kind === 'presentation' && (!isBound || isText(audience) !== isText(nonce))) throw malformed('policy')
  const fetchPart = async (digest: unknown) => requirePart(digest, attachments, attachment, limits)
  return {
    kind,
    time: readTime(time),
    audience: isText(audience) ? audience : undefined,
    nonce: isText(nonce) ? nonce : undefined,
    isQr,
    sessionTranscript,
    presentation: await fetchPart(presentation),
    status: await readStatus(status, fetchPart),
  }
}

/** A transcript that a session could have had, whatever its bytes: they are compared with what the device signed. */
function readTranscript(text: unknown): Uint8Array | undefined {
  if (text === undefined) return undefined
  try {
    return expectTranscript(fromBase64url(text as string), 'sessionTranscript').bytes
  } catch {
    throw malformed('policy')
  }
}

/** A plain copy of what may be any object: the record as JSON, its attachments left as they are. */
function readRecord(evidence: unknown, limits: Limits): { readonly record: JsonObject; readonly attachments: object } {
  try {
    return copyRecord(evidence, limits)
  } catch (error) {
    // A getter, a proxy or a cycle: whatever broke off, this is no record.
    throw error instanceof VidimusError ? error : malformed('record')
  }
}

function copyRecord(evidence: unknown, limits: Limits): { readonly record: JsonObject; readonly attachments: object } {
  if (Object.prototype.toString.call(evidence) !== '[object Object]') throw malformed('record')
  const { attachments, ...record } = evidence as { readonly attachments?: unknown }
  return {
    record: parseJsonObject(writeJson(record, limits), limits),
    attachments: typeof attachments === 'object' && attachments !== null ? attachments : {},
  }
}

/** JSON of a bounded length: it stops at the first value that is too much. */
function writeJson(record: object, limits: Limits): string {
  let left = limits.headerBytes
  return JSON.stringify(record, (name, value: unknown) => {
    if (!isPlain(value)) throw malformed('record')
    left -= name.length + (typeof value === 'string' ? value.length : 1)
    if (left < 0) throw new VidimusError('limit_exceeded', { at: 'evidence' })
    return value
  })
}

/** Bytes and boxed texts have a member for every unit, and no place in a record. */
const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' || Array.isArray(value) || /Object|Null/.test(Object.prototype.toString.call(value))

/** A part by its digest, from the record or from the archive; the digest holds it to what was recorded. */
async function requirePart(
  digest: unknown,
  attachments: object,
  attachment: ReverifyOptions['attachment'],
  limits: Limits,
): Promise<string> {
  if (!isText(digest)) throw missing()
  const part: unknown = Object.hasOwn(attachments, digest)
    ? (attachments as Record<string, unknown>)[digest]
    : await attachment?.(digest)
  if (typeof part !== 'string') throw missing()
  if (part.length > Math.max(limits.presentationBytes, limits.statusTokenBytes))
    throw new VidimusError('limit_exceeded', { at: 'attachments' })
  if ((await digestText('sha-256', part)) !== digest)
    throw new VidimusError('evidence_digest_mismatch', { at: 'attachments' })
  return part
}

/** The status as it was learnt then: the archived token is verified again, a waiver stays a waiver and is said to be one. */
async function readStatus(
  status: unknown,
  fetchPart: (digest: unknown) => Promise<string>,
): Promise<StatusChecker | StatusNotChecked> {
  const { checked, reason, token } = (typeof status === 'object' && status !== null ? status : {}) as Record<
    string,
    unknown
  >
  if (checked === true && isText(token)) return archivedStatus(await fetchTokens(token.split(' '), fetchPart))
  if (checked === false && reason === 'not_present') return noStatus
  if (checked === false && isText(reason)) return statusNotChecked(reason)
  return noStatus
}

/** More lists than one credential can stand in. */
const mostTokens = 16

interface ArchivedToken {
  readonly token: string
  readonly tokenDigest: string
}

async function fetchTokens(
  digests: readonly string[],
  fetchPart: (digest: unknown) => Promise<string>,
): Promise<readonly ArchivedToken[]> {
  if (digests.length > mostTokens) throw malformed('status')
  const tokens: ArchivedToken[] = []
  for (const tokenDigest of digests) tokens.push({ token: await fetchPart(tokenDigest), tokenDigest })
  return tokens
}

/** A checker that knows the archived tokens, one for each list that was asked. */
const archivedStatus = (tokens: readonly ArchivedToken[]): StatusChecker => ({
  async check(question) {
    let refusal: unknown
    for (const archived of tokens) {
      try {
        return await answerFrom(archived, question)
      } catch (error) {
        // That one is for another list is no reason while others are left; what is wrong with the right one is.
        if (refusal === undefined || isElsewhere(refusal)) refusal = error
      }
    }
    throw refusal
  },
})

async function answerFrom(
  { token, tokenDigest }: ArchivedToken,
  { reference, form = statusListJwt, ...question }: StatusQuestion,
): Promise<StatusAnswer> {
  const list = await verifyStatusListToken(token, { uri: reference.uri, form, ...question })
  const value = statusOf(form, list, reference.index)
  return { value, token, tokenDigest, asOf: list.issuedAt, source: 'snapshot' }
}

/** Whether a token was refused for being of another list, or of a list in another form. */
const isElsewhere = (refusal: unknown): boolean =>
  refusal instanceof VidimusError &&
  (refusal.code === 'status_subject_mismatch' || refusal.code === 'jws_type_mismatch')

/** A checker for a record without a status token: a credential that has a reference is refused. */
const noStatus: StatusChecker = {
  check: async () => {
    throw missing()
  },
}

function readTime(time: unknown): Date {
  const date = new Date(isText(time) ? time : Number.NaN)
  if (Number.isNaN(date.getTime()) || date.toISOString() !== time) throw malformed('time')
  return date
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const malformed = (at: string) => new VidimusError('evidence_malformed', { at })
const missing = () => new VidimusError('evidence_attachment_missing', { at: 'attachments' })
