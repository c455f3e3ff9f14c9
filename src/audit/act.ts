/**
 * An act of the office, as it is handed to the log: words and digests, never personal data.
 *
 * The set of members is closed. A word is lower-case ASCII, so that a name, a date or a sentence cannot slip into a log
 * that nobody can erase from; whom the act is about is said in `subject`, which the log never writes down.
 */
import { fromBase64url, hasLoneSurrogate } from '../core/bytes.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { readMembers } from './outside.js'

/** What an act says besides its subject. Words are snake_case, at most 64 characters. */
export interface ActMembers {
  /** What was done, a word: `issue`, `suspend`, `consent_given`. */
  readonly kind: string
  /** Who did it, a word for the role: `system`, `operator`. A person goes into `actorDigest`. */
  readonly actor: string
  /** Why, a word: `first_issue`, `lost`. */
  readonly reason: string
  /** What for, a word: `account_opening`. */
  readonly purpose?: string | undefined
  /** How it ended, a word: `approved`. */
  readonly outcome?: string | undefined
  /** The status it was set to, a word: `suspended`. */
  readonly statusValue?: string | undefined
  /** The name of the passport's definition: `citizen-passport`. */
  readonly passport?: string | undefined
  readonly format?: ActFormat | undefined
  /** SHA-256 or HMAC-SHA-256, unpadded base64url. What can be guessed needs a key or a salt, or the digest tells it. */
  readonly credentialDigest?: string | undefined
  /** Of the data as entered. */
  readonly recordDigest?: string | undefined
  /** Of an evidence record. */
  readonly evidenceDigest?: string | undefined
  /** Of the text that was consented to. */
  readonly consentDigest?: string | undefined
  /** Keyed, of who acted. */
  readonly actorDigest?: string | undefined
  /** Keyed, of where from: device, address. */
  readonly contextDigest?: string | undefined
}

export type ActFormat = 'dc+sd-jwt' | 'vc+sd-jwt' | 'vc+jwt' | 'mso_mdoc'

export interface AuditAct extends ActMembers {
  /** Whom or what the act is about: any identifier of at most 1024 characters. Only a commitment to it is logged. */
  readonly subject?: string | undefined
}

/** The port through which other writers have their acts recorded with what they do; `AuditLog` implements it. */
export interface ActRecorder {
  /** Writes the act down, without a number yet, in a transaction of the log's own store. Throws `audit_entry_malformed`. */
  record(act: AuditAct, transaction: Transaction): Promise<void>
  /** Gives every committed act its place in the log. Called after the transaction, never inside it. */
  sequence(): Promise<void>
}

const maxSubjectLength = 1024

const maxWordLength = 64
const digestBytes = 32
const formats: readonly unknown[] = ['dc+sd-jwt', 'vc+sd-jwt', 'vc+jwt', 'mso_mdoc'] satisfies ActFormat[]

type Rule = (value: unknown) => boolean

const isWord: Rule = value => matches(value, /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/)
const isName: Rule = value => matches(value, /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/)
const isFormat: Rule = value => formats.includes(value)
const isDigest: Rule = value => isBase64urlOf(value, digestBytes)

const matches = (value: unknown, pattern: RegExp): boolean =>
  typeof value === 'string' && value.length <= maxWordLength && pattern.test(value)

const required: readonly string[] = ['kind', 'actor', 'reason'] satisfies (keyof ActMembers)[]

const rules: Readonly<Record<keyof ActMembers, Rule>> = {
  kind: isWord,
  actor: isWord,
  reason: isWord,
  purpose: isWord,
  outcome: isWord,
  statusValue: isWord,
  passport: isName,
  format: isFormat,
  credentialDigest: isDigest,
  recordDigest: isDigest,
  evidenceDigest: isDigest,
  consentDigest: isDigest,
  actorDigest: isDigest,
  contextDigest: isDigest,
}

export const actMembers = Object.keys(rules) as readonly (keyof ActMembers)[]

/** The act without its subject, checked, and the subject. Throws `audit_entry_malformed`. */
export function readAct(act: unknown): { readonly members: ActMembers; readonly subject: string | undefined } {
  const { subject, ...members } = readMembers(act, [...actMembers, 'subject']) ?? unreadable()
  if (subject !== undefined && !isSubject(subject)) throw malformedEntry('subject')
  return { members: readActMembers(members), subject }
}

/** The members of an act, each by its rule. Throws `audit_entry_malformed`, naming the member. */
export function readActMembers(members: Partial<Record<keyof ActMembers, unknown>>): ActMembers {
  for (const name of actMembers) {
    const value = members[name]
    if (value === undefined ? required.includes(name) : !rules[name](value)) throw malformedEntry(name)
  }
  return members as ActMembers
}

export function isSubject(subject: unknown): subject is string {
  return (
    typeof subject === 'string' && subject !== '' && subject.length <= maxSubjectLength && !hasLoneSurrogate(subject)
  )
}

/** Whether a value is canonical base64url of so many bytes. */
export function isBase64urlOf(value: unknown, bytes: number): value is string {
  if (typeof value !== 'string' || value.length !== Math.ceil((bytes * 4) / 3)) return false
  try {
    return fromBase64url(value).length === bytes
  } catch {
    return false
  }
}

export const malformedEntry = (at: string) => new VidimusError('audit_entry_malformed', { at })

function unreadable(): never {
  throw new VidimusError('audit_entry_malformed')
}
