/**
 * An act of the office, as it is handed to the log: words and digests, never personal data.
 *
 * The set of members is closed. A word is lower-case ASCII, so that a name, a date or a sentence cannot slip into a log
 * that nobody can erase from. What identifies somebody (`subject`, `actorId`, `device`, `address`) the log never writes
 * down: its entries hold commitments in their place.
 */
import { fromBase64url, hasLoneSurrogate } from '../core/bytes.js'
import type { Transaction } from '../core/transaction.js'
import { VidimusError } from '../errors.js'
import { readMembers } from './outside.js'

/** What an act says besides whom it names. Words are snake_case, at most 64 characters. */
export interface ActMembers {
  /** What was done, a word: one of `actKinds`, or a kind that the log was opened with. */
  readonly kind: string
  /** Who did it, a word for the role: `system`, `operator`, `holder`. Which of them goes into `actorId`. */
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
  /** Of a public key, such as its RFC 7638 thumbprint. */
  readonly keyDigest?: string | undefined
  /** Of the manifest of an export. */
  readonly manifestDigest?: string | undefined
  /** The entries that were exported: `rangeFrom` ≤ index < `rangeTo`. */
  readonly rangeFrom?: number | undefined
  readonly rangeTo?: number | undefined
}

/**
 * Who and what an act names: identifiers of 1 to 1024 characters, as the office has them. The log keeps a key for each and
 * writes down commitments under those keys; `forget` erases a key, and nobody can tell any more whom the entries name.
 */
export interface ActIdentifiers {
  /** Whom or what the act is about, such as a passport's id: its `history` is made of such entries. */
  readonly subject?: string | undefined
  /** Who acted, as the office tells its people and holders apart. */
  readonly actorId?: string | undefined
  /** On which device. */
  readonly device?: string | undefined
  /** From which network address. */
  readonly address?: string | undefined
}

/** The formats of credentials that an act may name. */
export type ActFormat = 'dc+sd-jwt' | 'vc+sd-jwt' | 'vc+jwt' | 'mso_mdoc' | 'qr'

/** An act as it is handed to the log: what happened, and whom it names, who are only committed to. */
export interface AuditAct extends ActMembers, ActIdentifiers {}

/** The members that an entry holds as commitments. */
export type IdentifierName = keyof ActIdentifiers

/** What an act has: the names of its members. */
export type ActMember = keyof AuditAct

/** The port through which other writers have their acts recorded with what they do; `AuditLog` implements it. */
export interface ActRecorder {
  /** Writes the act down, without a number yet, in a transaction of the log's own store. Throws `audit_entry_malformed`. */
  record(act: AuditAct, transaction: Transaction): Promise<void>
  /** Gives every committed act its place in the log. Called after the transaction, never inside it. */
  sequence(): Promise<void>
}

export const identifierNames = ['subject', 'actorId', 'device', 'address'] as const satisfies IdentifierName[]

const maxIdentifierLength = 1024

const maxWordLength = 64
const digestBytes = 32
const formats: readonly unknown[] = ['dc+sd-jwt', 'vc+sd-jwt', 'vc+jwt', 'mso_mdoc', 'qr'] satisfies ActFormat[]

type Rule = (value: unknown) => boolean

export const isWord: Rule = value => matches(value, /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/)
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
  keyDigest: isDigest,
  manifestDigest: isDigest,
  rangeFrom: isIndex,
  rangeTo: isIndex,
}

export const actMembers = Object.keys(rules) as readonly (keyof ActMembers)[]

const everyName = [...actMembers, ...identifierNames] as const

export const isActMember = (name: unknown): name is ActMember => (everyName as readonly unknown[]).includes(name)

/** An act by its parts, which never mix again: what may be written down, and what may not. */
export interface ReadAct {
  readonly members: ActMembers
  readonly identifiers: ActIdentifiers
}

/** An act by its parts, each checked. Whether its kind allows them is not asked. Throws `audit_entry_malformed`. */
export function readAct(act: unknown): ReadAct {
  const read = readMembers(act, everyName) ?? unreadable()
  const identifiers: { -readonly [name in IdentifierName]?: string } = {}
  for (const name of identifierNames) {
    const value = read[name]
    if (value === undefined) continue
    if (!isIdentifier(value)) throw malformedEntry(name)
    identifiers[name] = value
  }
  return { members: readActMembers(read), identifiers }
}

/** The members of an act among those of an object, each by its rule. Throws `audit_entry_malformed`, naming the member. */
export function readActMembers(read: Partial<Record<keyof ActMembers, unknown>>): ActMembers {
  const members: Partial<Record<keyof ActMembers, unknown>> = {}
  for (const name of actMembers) {
    const value = read[name]
    if (value === undefined ? required.includes(name) : !rules[name](value)) throw malformedEntry(name)
    if (value !== undefined) members[name] = value
  }
  const { rangeFrom, rangeTo } = read
  if ((rangeFrom === undefined) !== (rangeTo === undefined)) throw malformedEntry('rangeTo')
  if (rangeTo !== undefined && (rangeFrom as number) >= (rangeTo as number)) throw malformedEntry('rangeTo')
  return members as ActMembers
}

export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= maxIdentifierLength && !hasLoneSurrogate(value)
}

/** Whether a value may be the place of an entry. */
export function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
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
