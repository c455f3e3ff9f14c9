/**
 * What this verifier demands, read from the caller's options before the input is looked at. Anything missing or wrong is
 * the caller's mistake: a `TypeError` or `RangeError` naming the argument.
 */
import { type AlgorithmName, readAlgorithms } from '../core/algorithms.js'
import {
  expectList,
  expectObject,
  expectText,
  isText,
  misuse,
  optional,
  type Readers,
  readMembers,
} from '../core/arguments.js'
import { type Clock, readClock } from '../core/clock.js'
import { expectPublicJwk, type Jwk, type PublicJwk } from '../core/jwk.js'
import { type Limits, readLimits } from '../core/limits.js'
import { statusListCwt } from '../formats/status-list/cwt.js'
import type { StatusTokenForm } from '../formats/status-list/token.js'
import type { PassportProfile } from '../passport/profile.js'
import { askStatus } from './ask-status.js'
import { type RecordEvidence, recordEvidence } from './evidence.js'
import { examineHeldBinding } from './held-binding.js'
import type { ExamineKeyBinding } from './key-binding.js'
import { openHeldQr } from './qr-held.js'
import type { Session } from './session.js'
import { type StatusChecker, type StatusNotChecked, statusNotChecked } from './status.js'
import type { AskStatus } from './status-check.js'
import { expectTrust, type Trust } from './trust.js'
import type { TypeMetadataResolver } from './type-metadata.js'

/** What every verification needs to be told. */
export interface VerificationOptions<
  Profile extends PassportProfile = PassportProfile,
  Require extends readonly string[] = readonly string[],
> {
  /** What we believe: made once by `trustAnchors`. */
  readonly trust: Trust
  /** What we want; a list when any one of several will do. */
  readonly expectedPassport: Profile | readonly Profile[]
  /** How the status is learnt: `statusChecker(…)`, or the word `statusNotChecked(reason)`. */
  readonly status: StatusChecker | StatusNotChecked
  /** Holds an SD-JWT VC against the rules of its type: `typeMetadataResolver(…)`. Absent: nothing is fetched, none are known. */
  readonly typeMetadata?: TypeMetadataResolver | undefined
  /** Fields that must be disclosed; of several passports, fields that all of them have. */
  readonly require?: Require | undefined
  /**
   * Whether the credential must have been logged before it was signed, in a log of `trust`, and carry the proof. Default
   * `false`: then a proof is not looked at.
   */
  readonly requireLogged?: boolean | undefined
  /** The issuer identifiers we take, of those we trust. Default: all. */
  readonly expectedIssuer?: string | readonly string[] | undefined
  /** Signature algorithms we take. Default: all of the table. */
  readonly algorithms?: readonly AlgorithmName[] | undefined
  /** Seconds that clocks may differ by, 0 to 600. Default 60. */
  readonly clockTolerance?: number | undefined
  /** What the evidence of an accepted presentation holds. Default `whole`; a refusal's holds digests only. */
  readonly evidence?: 'whole' | 'digests' | undefined
  /** Lower limits than the defaults. */
  readonly limits?: Partial<Limits> | undefined
  readonly now?: Clock | undefined
  /** Aborts what is being fetched; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** The audience and nonce that a key binding must repeat. */
export interface KeyBindingOptions {
  /** This verifier, as the holder was told: its client identifier. */
  readonly expectedAudience: string
  /** The nonce of this request. Keeping it and using it up is the caller's part. */
  readonly expectedNonce: string
  /** Seconds since the holder signed, at most. Default 300. */
  readonly maxPresentationAge?: number | undefined
}

/** How fresh a QR code must be. */
export interface QrOptions {
  /** Seconds since the holder signed it, from 0 to 300. */
  readonly expectedQr: { readonly maxAge: number }
}

/** The request that a QR code must answer: both, or neither where nobody asked. */
export type RequestChoice =
  | Pick<KeyBindingOptions, 'expectedAudience' | 'expectedNonce'>
  | { readonly expectedAudience?: undefined; readonly expectedNonce?: undefined }

export interface CredentialOptions {
  /** The holder key the credential must be bound to: the wallet's own. */
  readonly expectedHolderKey?: Jwk | undefined
  readonly maxPresentationAge?: number | undefined
}

/** What is expected of the holder, by the kind of verification. */
interface HolderExpectations {
  readonly expectedAudience?: string | undefined
  readonly expectedNonce?: string | undefined
  readonly session?: Session | undefined
  readonly qr?: QrOptions['expectedQr'] | undefined
  readonly expectedHolderKey?: PublicJwk | undefined
}

/** What a verification may do beyond its checks. */
export interface VerificationParts {
  /** Absent: a status checker is a `TypeError` unless it brings this itself. */
  readonly askStatus?: AskStatus | undefined
  /** The form of the status lists that an mdoc names. */
  readonly statusListCwt?: StatusTokenForm | undefined
  /** Opens a QR credential that is not presented. Absent: presentations alone are taken. */
  readonly openHeldQr?: typeof openHeldQr | undefined
  /** Absent: an SD-JWT is presented, with the proof of its holder. */
  readonly examineHeldBinding?: ExamineKeyBinding | undefined
  /** Absent: the verdict has no evidence. */
  readonly recordEvidence?: RecordEvidence | undefined
}

const everyPart: VerificationParts = {
  askStatus,
  recordEvidence,
}

/** Where an mdoc may come, … */
const everyMdocPart = (): VerificationParts => ({ ...everyPart, statusListCwt })

/** … and where a QR code may. */
const everyCborPart = (): VerificationParts => ({ ...everyMdocPart(), openHeldQr })

/** The options, read and completed. `now` is read once: one clock per verdict. */
export interface Policy extends HolderExpectations, VerificationParts {
  readonly kind: 'presentation' | 'credential'
  readonly trust: Trust
  readonly expectedPassports: readonly PassportProfile[]
  readonly status: StatusChecker | StatusNotChecked
  readonly typeMetadata: TypeMetadataResolver | undefined
  readonly require: readonly string[]
  readonly requireLogged: boolean
  readonly expectedIssuers: readonly string[] | undefined
  readonly algorithms: readonly AlgorithmName[]
  readonly clockTolerance: number
  readonly maxPresentationAge: number
  /** Whether other documents may stand in the same response: members of a set are each verified on their own. */
  readonly isOneOfSeveral: boolean
  readonly evidence: 'whole' | 'digests' | 'none'
  readonly limits: Limits
  readonly now: Date
  readonly signal: AbortSignal | undefined
}

/** Reads the options of an SD-JWT presentation: audience and nonce are demanded. */
export function readPresentationPolicy(options: VerificationOptions & KeyBindingOptions): Policy {
  expectObject(options, 'options')
  return readPolicy('presentation', options, readKeyBinding(options), everyPart)
}

/** Reads the options of an mdoc presentation, whose session was read before. */
export function readMdocPolicy(options: VerificationOptions, session: Session): Policy {
  expectObject(options, 'options')
  return readPolicy('presentation', options, { session }, everyMdocPart())
}

/** Reads the options of a QR code, with or without a request that it must answer. */
export function readQrPolicy(options: VerificationOptions & QrOptions & KeyBindingChoice): Policy {
  expectObject(options, 'options')
  expectObject(options.expectedQr, 'expectedQr')
  return readAnyPolicy(options, undefined)
}

/** Reads the options of a presentation in any format: each expectation that is given takes its format. */
export function readAnyPolicy(
  options: VerificationOptions & KeyBindingChoice & Partial<QrOptions>,
  session: Session | undefined,
): Policy {
  expectObject(options, 'options')
  const { expectedQr } = options
  const qr = expectedQr === undefined ? undefined : readExpectedQr(expectedQr)
  return readPolicy('presentation', options, readHolder(options, { session, qr }), everyCborPart())
}

/** What is expected of the holder: audience and nonce only together, and where nothing else binds in any case. */
export function readHolder(
  options: KeyBindingChoice,
  { session, qr }: Pick<HolderExpectations, 'session' | 'qr'>,
): HolderExpectations {
  const asked = options.expectedAudience !== undefined || options.expectedNonce !== undefined
  const binding = asked || (session === undefined && qr === undefined) ? readKeyBinding(options) : {}
  return { ...binding, session, qr }
}

/** Seconds. */
export const longestQrAge = 300

export function readExpectedQr(expected: QrOptions['expectedQr']): QrOptions['expectedQr'] {
  expectObject(expected, 'expectedQr')
  if (expected.maxAge === undefined) throw misuse('expectedQr.maxAge', 'a number of seconds')
  return readMembers(expected, { maxAge: secondsUpTo(longestQrAge, longestQrAge) }, 'expectedQr.')
}

/** The options of a key binding, where another expectation may stand in their place. */
export type KeyBindingChoice = { readonly [Name in keyof KeyBindingOptions]?: KeyBindingOptions[Name] | undefined }

export const readKeyBinding = (options: KeyBindingChoice): HolderExpectations =>
  readMembers(options, { expectedAudience: expectText, expectedNonce: expectText })

/** Reads the options of a credential that a wallet receives: nobody has to prove that they hold its key. */
export function readCredentialPolicy(options: VerificationOptions & CredentialOptions): Policy {
  expectObject(options, 'options')
  const { expectedHolderKey } = options
  const holder = {
    expectedHolderKey:
      expectedHolderKey === undefined ? undefined : expectPublicJwk(expectedHolderKey, 'expectedHolderKey'),
  }
  return readPolicy('credential', options, holder, { ...everyCborPart(), examineHeldBinding })
}

/** Reads what every verification is told, with what is expected of the holder and the parts given. */
export function readPolicy(
  kind: Policy['kind'],
  options: VerificationOptions & { readonly maxPresentationAge?: number | undefined },
  holder: HolderExpectations,
  parts: VerificationParts,
): Policy {
  const {
    expectedPassport: expectedPassports,
    expectedIssuer: expectedIssuers,
    ...plain
  } = readMembers(options, {
    expectedPassport: readProfiles,
    trust: expectTrust,
    typeMetadata: havingMethod<TypeMetadataResolver>('examine'),
    requireLogged: oneOf(false, true),
    expectedIssuer: optional(readTexts),
    algorithms: readAlgorithms,
    clockTolerance: secondsUpTo(600, 60),
    maxPresentationAge: secondsUpTo(86_400, 300),
    evidence: parts.recordEvidence ? oneOf<Policy['evidence']>('whole', 'digests') : oneOf<Policy['evidence']>('none'),
    limits: readLimits,
    now: readClock,
    signal: havingMethod<AbortSignal>('throwIfAborted'),
  } satisfies Readers<typeof options, object>)
  // What is spread comes last: a member written behind a spread costs the engine many times one written before it.
  return {
    kind,
    expectedPassports,
    expectedIssuers,
    require: readRequire(options.require, expectedPassports),
    isOneOfSeveral: false,
    ...plain,
    ...holder,
    ...parts,
    ...readStatus(options.status, parts),
  }
}

function readProfiles(
  expected: PassportProfile | readonly PassportProfile[],
  argument: string,
): readonly PassportProfile[] {
  return expectList([expected].flat(), argument, 'a passport profile, or a list of them', isProfile)
}

function isProfile(profile: Partial<PassportProfile> | null | undefined): boolean {
  const { name, vct, docType, status, fields } = profile ?? {}
  const known = typeof name === 'string' && typeof fields === 'object' && fields !== null
  return known && Array.isArray(vct) && Array.isArray(docType) && (status === 'required' || status === 'optional')
}

/** What a checker brings of the parts goes before what there is. */
function readStatus(
  status: StatusChecker | StatusNotChecked,
  parts: VerificationParts,
): Pick<Policy, 'status' | 'askStatus' | 'statusListCwt'> {
  const {
    check,
    reason,
    askStatus = parts.askStatus,
    statusListCwt = parts.statusListCwt,
  } = (status ?? {}) as Partial<StatusChecker & StatusNotChecked> & VerificationParts
  if (check === undefined && reason !== undefined) return { status: statusNotChecked(reason) }
  if (typeof check === 'function' && askStatus !== undefined) return { status, askStatus, statusListCwt }
  throw misuse('status', 'a status checker, or statusNotChecked(reason)')
}

function readRequire(require: readonly string[] = [], profiles: readonly PassportProfile[]): readonly string[] {
  if (!Array.isArray(require)) throw misuse('require', 'a list of field names')
  for (const { name, fields } of profiles)
    if (!require.every(field => typeof field === 'string' && Object.hasOwn(fields, field)))
      throw misuse('require', `fields that ${name} has`)
  return [...require]
}

const readTexts = (texts: string | readonly string[], argument: string): readonly string[] =>
  expectList([texts].flat(), argument, 'a non-empty string, or a list of them', isText)

/** Seconds from 0 to a maximum, and how many where nothing is said. */
const secondsUpTo =
  (maximum: number, fallback: number) =>
  (seconds: number | undefined = fallback, argument: string): number => {
    if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= maximum))
      throw new RangeError(`\`${argument}\` must be from 0 to ${maximum} seconds`)
    return seconds
  }

/** One of a few values, the first by default. */
const oneOf =
  <T>(...choices: readonly [T, ...T[]]) =>
  (value: unknown = choices[0], argument: string): T => {
    if (!choices.includes(value as T)) throw misuse(argument, choices.join(' or '))
    return value as T
  }

/** What may be left out, and otherwise is told by a method that it has. */
const havingMethod =
  <T>(method: keyof T & string) =>
  (value: T | undefined, argument: string): T | undefined => {
    if (value !== undefined && typeof value?.[method] !== 'function')
      throw misuse(argument, `an object with \`${method}\``)
    return value
  }
