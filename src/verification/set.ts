/**
 * Several presentations that answer one request: all or nothing, and all bound to one holder key.
 */

import { readClock } from '../core/clock.js'
import { deepFreeze } from '../core/freeze.js'
import { type PublicJwk, sameKey } from '../core/jwk.js'
import { decodeJws } from '../core/jws.js'
import { type Limits, readLimits } from '../core/limits.js'
import { type ErrorCode, VidimusError } from '../errors.js'
import { isQrText } from '../formats/qr/container.js'
import { isVcToken } from '../formats/vc-jwt/token.js'
import type { FieldOf, PassportProfile } from '../passport/profile.js'
import { type Check, Examination } from './checks.js'
import { setChecks } from './clauses.js'
import { withdrawEvidence } from './evidence.js'
import { claimedDocTypes, isMdocInput } from './mdoc.js'
import { type Policy, readAnyPolicy, type VerificationOptions } from './policy.js'
import { claimedQrTypes } from './qr.js'
import { claimedVcTypes } from './vc-input.js'
import type { Refused, Verdict, Verified } from './verdict.js'
import { type Expectations, examine, readAnySession } from './verify.js'

/** What is expected of one presentation of a set. */
export interface SetExpectation {
  readonly expectedPassport: PassportProfile | readonly PassportProfile[]
  readonly require?: readonly string[]
}

/** What is expected of each, by the name you give it. */
export type SetExpectations = Readonly<Record<string, SetExpectation>>

/** The options of one presentation, with `expect` in place of what is expected of it. */
export type PresentationSetOptions<Expect extends SetExpectations> = Omit<
  VerificationOptions,
  'expectedPassport' | 'require'
> &
  Expectations & { readonly expect: Expect & FieldsChecked<Expect> }

type ProfileOf<Expected> = Expected extends { readonly expectedPassport: infer Profile }
  ? Profile extends readonly (infer Each)[]
    ? Each
    : Profile
  : never
type RequiredOf<Expected> = Expected extends { readonly require: readonly (infer Field)[] } ? Field : never
type FieldsChecked<Expect> = {
  readonly [Name in keyof Expect]: { readonly require?: readonly FieldOf<ProfileOf<Expect[Name]>>[] }
}

/** Every presentation of the set passed, and one holder holds them all. */
export interface VerifiedSet<Expect extends SetExpectations> {
  readonly ok: true
  readonly holderKey: PublicJwk
  readonly verdicts: { readonly [Name in keyof Expect]: Verified<ProfileOf<Expect[Name]>, RequiredOf<Expect[Name]>> }
  readonly checks: readonly Check[]
}

/** The set is refused. A presentation that passed on its own is refused with it: no claims are returned. */
export interface RefusedSet {
  readonly ok: false
  readonly code: ErrorCode
  readonly verdicts: Readonly<Record<string, Refused>>
  readonly checks: readonly Check[]
}

/**
 * Verifies presentations that belong together, given by name (`{ passport: '…', snils: '…' }`) or as a list whose members
 * are told apart by type, or as one device response with several mdocs. Every expectation must be met, nothing may be left over, and all must be bound to one holder
 * key; otherwise no claims are returned. Misuse of the options is a `TypeError`.
 *
 * @example
 * const verdict = await verifyPresentationSet({ passport, snils }, {
 *   trust, status, expectedAudience, expectedNonce,
 *   expect: { passport: { expectedPassport: citizenPassport, require: ['familyName'] }, snils: { expectedPassport: snilsCard } },
 * })
 * if (verdict.ok) open(verdict.verdicts.passport.claims.familyName)
 */
export async function verifyPresentationSet<const Expect extends SetExpectations>(
  presentations: unknown,
  options: PresentationSetOptions<Expect>,
): Promise<VerifiedSet<Expect> | RefusedSet> {
  const policies = await readPolicies(options)
  const examination = new Examination(setChecks, options.signal)
  const { given, surplus } = await assign(presentations, policies, readLimits(options.limits))

  const verdicts: Record<string, Verdict> = Object.create(null)
  for (const [name, policy] of policies) if (given.has(name)) verdicts[name] = await examine(given.get(name), policy)

  const holderKey = await examination.test('presentation_set', () => requireWholeSet(verdicts, policies, surplus))
  const refusal = Object.values(verdicts).find(verdict => !verdict.ok)
  const code = refusal?.ok === false ? refusal.code : examination.refusal
  if (code !== undefined || holderKey === undefined)
    return await refuseSet(verdicts, code ?? 'check_failed', examination)
  return deepFreeze({
    ok: true,
    holderKey,
    verdicts,
    checks: examination.checks,
  }) as VerifiedSet<SetExpectations> as VerifiedSet<Expect>
}

async function readPolicies<Expect extends SetExpectations>(
  options: PresentationSetOptions<Expect>,
): Promise<ReadonlyMap<string, Policy>> {
  if (typeof options !== 'object' || options === null) throw new TypeError('`options` must be an object')
  const { expect, ...shared } = options
  if (typeof expect !== 'object' || expect === null || Object.keys(expect).length === 0)
    throw new TypeError('`expect` must name at least one presentation')
  const policies = new Map<string, Policy>()
  const instant = readClock(shared.now)
  const session = await readAnySession(shared)
  for (const [name, expectation] of Object.entries<SetExpectation>(expect)) {
    if (typeof expectation !== 'object' || expectation === null)
      throw new TypeError(`\`expect.${name}\` must be an object`)
    const { expectedPassport, require = [] } = expectation
    const policy = readAnyPolicy({ ...shared, expectedPassport, require, now: () => instant }, session)
    policies.set(name, { ...policy, isOneOfSeveral: true })
  }
  return policies
}

interface Assignment {
  readonly given: ReadonlyMap<string, unknown>
  /** Whether something was presented that nobody asked for. */
  readonly surplus: boolean
}

/**
 * Which presentation answers which expectation: by name, or in a list by the type it claims to be. Whatever else is
 * given, or breaks off while it is read, presents nothing.
 */
async function assign(
  presentations: unknown,
  policies: ReadonlyMap<string, Policy>,
  limits: Limits,
): Promise<Assignment> {
  try {
    if (Array.isArray(presentations)) return await assignByType(presentations, policies, limits)
    if (isMdocInput(presentations)) return await assignByType([presentations], policies, limits)
    if (Object.prototype.toString.call(presentations) === '[object Object]')
      return await assignByName(presentations as Record<string, unknown>, policies, limits)
  } catch {
    // A getter or a proxy of the sender's making: not a set of texts.
  }
  return { given: new Map(), surplus: false }
}

async function assignByName(
  presentations: Record<string, unknown>,
  policies: ReadonlyMap<string, Policy>,
  limits: Limits,
): Promise<Assignment> {
  const given = new Map<string, unknown>()
  let surplus = false
  for (const name of Object.keys(presentations)) {
    if (policies.has(name)) given.set(name, presentations[name])
    else surplus = true
  }
  return { given, surplus: surplus || (await holdsMore(given, policies, limits)) }
}

/** Whether a response has a document that none of the names it was given for asks for. */
async function holdsMore(
  given: ReadonlyMap<string, unknown>,
  policies: ReadonlyMap<string, Policy>,
  limits: Limits,
): Promise<boolean> {
  for (const presentation of new Set(given.values())) {
    const asking = [...policies].filter(([name]) => given.get(name) === presentation)
    const claimed = isMdocInput(presentation) ? await claimedTypes(presentation, limits) : []
    if (claimed.some(types => types.length > 0 && !asking.some(([, policy]) => expectsAny(policy, types)))) return true
  }
  return false
}

async function assignByType(
  presentations: readonly unknown[],
  policies: ReadonlyMap<string, Policy>,
  limits: Limits,
): Promise<Assignment> {
  const given = new Map<string, unknown>()
  let surplus = presentations.length > policies.size
  for (let index = 0; index < Math.min(presentations.length, policies.size + 1); index++) {
    const presentation = presentations[index]
    for (const types of await claimedTypes(presentation, limits)) {
      const expectation = [...policies].find(([name, policy]) => !given.has(name) && expectsAny(policy, types))
      if (expectation === undefined) surplus = true
      else given.set(expectation[0], presentation)
    }
  }
  return { given, surplus }
}

const expectsAny = ({ expectedPassports }: Policy, types: readonly unknown[]): boolean =>
  expectedPassports.some(({ vct, docType }) => [...vct, ...docType].some(type => types.includes(type)))

/**
 * The types that each credential in a presentation claims to be of, unverified: they only decide which expectation it is
 * held against. One that claims none is one that nobody asked for.
 */
async function claimedTypes(presentation: unknown, limits: Limits): Promise<readonly (readonly unknown[])[]> {
  try {
    if (isMdocInput(presentation)) return claimedDocTypes(presentation, limits).map(docType => [docType])
    if (typeof presentation !== 'string' || presentation.length > limits.presentationBytes) return [[]]
    if (isQrText(presentation)) return [await claimedQrTypes(presentation as string, limits)]
    if (isVcToken(presentation, limits)) return [claimedVcTypes(presentation, limits)]
    const { vct, aka_vcts: others } = decodeJws(presentation.slice(0, presentation.indexOf('~')), limits).payload
    return [[vct, ...(Array.isArray(others) ? others : [])]]
  } catch {
    return [[]]
  }
}

/** Everything asked for, nothing else, and one holder of all that was proved. Returns the holder's key, if there is one. */
function requireWholeSet(
  verdicts: Readonly<Record<string, Verdict>>,
  policies: ReadonlyMap<string, Policy>,
  surplus: boolean,
): PublicJwk | undefined {
  const missing = [...policies.keys()].find(name => verdicts[name] === undefined)
  if (missing !== undefined)
    throw new VidimusError('presentation_set_incomplete', {
      at: missing,
    })
  if (surplus || isOneTwice(Object.values(verdicts))) throw new VidimusError('presentation_set_unexpected')
  const keys = Object.values(verdicts).flatMap(verdict => (verdict.ok ? (verdict.holderKey ?? []) : []))
  if (keys.some(key => !sameKey(key, keys[0]!))) throw new VidimusError('presentation_set_holder_mismatch')
  return keys[0]
}

/** Whether one document was given for two: a response may hold several, but none of them counts twice. */
function isOneTwice(verdicts: readonly Verdict[]): boolean {
  const seen = verdicts.flatMap(verdict => (verdict.ok ? `${verdict.evidence.presentation} ${verdict.passport}` : []))
  return new Set(seen).size < seen.length
}

async function refuseSet(
  verdicts: Readonly<Record<string, Verdict>>,
  code: ErrorCode,
  examination: Examination,
): Promise<RefusedSet> {
  const refused: Record<string, Refused> = Object.create(null)
  for (const [name, verdict] of Object.entries(verdicts)) refused[name] = await withdraw(verdict, code)
  return deepFreeze({ ok: false, code, verdicts: refused, checks: examination.checks })
}

/** What passed on its own is refused with its set: its checks stand, its claims and the texts that hold them do not. */
async function withdraw(verdict: Verdict, code: ErrorCode): Promise<Refused> {
  if (!verdict.ok) return verdict
  const { format, checks, evidence } = verdict
  return { ok: false, code, format, checks, evidence: await withdrawEvidence(evidence, code) }
}
