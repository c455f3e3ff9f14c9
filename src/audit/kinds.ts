/**
 * The kinds of acts: what each of them must say and what it may say.
 *
 * The table is held against what is written, not against what is read: a log that an older or a newer table wrote stays
 * provable. A kind that is in no table is refused, so that a slip of the pen does not become an entry for ever; kinds of
 * one's own are declared when the log is opened.
 */
import { misuse } from '../core/arguments.js'
import { type ActMember, type AuditAct, isActMember, isWord, malformedEntry, type ReadAct } from './act.js'

/** What an act of a kind says besides `kind`, `actor` and `reason`. */
export interface ActKind {
  readonly required?: readonly ActMember[] | undefined
  /** What it may say besides: `purpose`, `outcome`, `passport`, `format`, `actorId`, `device`, `address` any act may. */
  readonly allowed?: readonly ActMember[] | undefined
  /** The one status it sets, a word. */
  readonly statusValue?: string | undefined
}

export type ActKinds = Readonly<Record<string, ActKind>>

/** What any act may say. */
const common: readonly ActMember[] = [
  'kind',
  'actor',
  'reason',
  'purpose',
  'outcome',
  'passport',
  'format',
  'actorId',
  'device',
  'address',
]

/**
 * The kinds that every log knows, each with the members that it has to and may have beside the common ones.
 * @example actKinds.revoke.required // ['subject', 'statusValue']
 */
export const actKinds = Object.freeze({
  /** An application came in. */
  apply: { required: ['subject'], allowed: ['recordDigest'] },
  /** The holder, or an officer, stands by the data as entered. */
  confirm: { required: ['subject'], allowed: ['recordDigest', 'consentDigest'] },
  /** A credential was issued; `credentialDigest` binds it where no subject is named. */
  issue: { allowed: ['subject', 'credentialDigest', 'recordDigest', 'evidenceDigest'] },
  activate: { required: ['subject'], allowed: ['credentialDigest'], statusValue: 'valid' },
  suspend: { required: ['subject', 'statusValue'], allowed: ['credentialDigest'], statusValue: 'suspended' },
  reinstate: { required: ['subject', 'statusValue'], allowed: ['credentialDigest'], statusValue: 'valid' },
  revoke: { required: ['subject', 'statusValue'], allowed: ['credentialDigest'], statusValue: 'invalid' },
  /** A credential took the place of an earlier one. */
  reissue: { required: ['subject'], allowed: ['credentialDigest', 'recordDigest', 'evidenceDigest'] },
  consent_given: { required: ['subject', 'consentDigest', 'purpose'] },
  consent_withdrawn: { required: ['subject', 'consentDigest', 'purpose'] },
  /** A verifier was shown something, and keeps the record of it. */
  disclose: { required: ['evidenceDigest', 'purpose'], allowed: ['subject', 'consentDigest'] },
  /** Another key signs from now on: the digest is the new one's. */
  rotate_key: { required: ['keyDigest'] },
  /** Entries were handed out as files: which, and the digest of their manifest. */
  export: { required: ['rangeFrom', 'rangeTo', 'manifestDigest'] },
  /** The key of an identifier was erased: whose, nobody says. */
  forget: {},
} as const satisfies ActKinds)

/** A kind of act that every log knows. */
export type ActKindName = keyof typeof actKinds

/** A kind, ready to hold acts against. */
interface ReadKind {
  readonly required: readonly ActMember[]
  readonly known: ReadonlySet<string>
  readonly statusValue: string | undefined
}

/** The kinds that a log knows, by name. */
export type ReadKinds = ReadonlyMap<string, ReadKind>

/** The shipped kinds with the caller's own. Throws `TypeError`. */
export function readKinds(own: ActKinds = {}): ReadKinds {
  const kinds = new Map(Object.entries<ActKind>(actKinds).map(([name, kind]) => [name, readKind(kind, name)]))
  for (const [name, kind] of Object.entries(own)) {
    const argument = `kinds.${name}`
    if (!isWord(name)) throw misuse(argument, 'named with a snake_case word')
    if (kinds.has(name)) throw misuse(argument, 'a kind of your own: the name is taken')
    kinds.set(name, readKind(kind, argument))
  }
  return kinds
}

function readKind(kind: ActKind, argument: string): ReadKind {
  if (typeof kind !== 'object' || kind === null) throw misuse(argument, 'an object')
  const { required = [], allowed = [], statusValue } = kind
  for (const list of [required, allowed])
    if (!Array.isArray(list) || !list.every(isActMember)) throw misuse(argument, 'made of members that acts have')
  if (statusValue !== undefined && !isWord(statusValue)) throw misuse(`${argument}.statusValue`, 'a snake_case word')
  const status = statusValue === undefined ? [] : ['statusValue']
  return { required: [...required], known: new Set([...common, ...required, ...allowed, ...status]), statusValue }
}

/** Throws `audit_entry_malformed` unless an act says what its kind must say, and nothing that it may not. */
export function requireKind({ members, identifiers }: ReadAct, kinds: ReadKinds): void {
  const kind = kinds.get(members.kind)
  if (kind === undefined) throw malformedEntry('kind')
  const said: readonly Partial<AuditAct>[] = [members, identifiers]
  for (const name of kind.required) if (said.every(part => part[name] === undefined)) throw malformedEntry(name)
  for (const part of said) for (const name in part) if (!kind.known.has(name)) throw malformedEntry(name)
  const { statusValue } = kind
  if (statusValue !== undefined && (members.statusValue ?? statusValue) !== statusValue)
    throw malformedEntry('statusValue')
}
