/**
 * The form of a wording catalogue: what every code means to people, in one language.
 *
 * A catalogue is a plain object. Change a sentence by spreading, add a language by filling in the same form:
 * `{ ...english, codes: { ...english.codes, credential_expired: { title: 'Too old.' } } }`.
 *
 * Texts may hold the placeholders `{at}`, `{field}`, `{expected}` and `{actual}`, always inside square brackets: a
 * bracketed piece is left out when one of its placeholders has nothing to say.
 */
import type { ErrorCode, IssueCode } from '../errors.js'

/** What a code means: what is wrong in one sentence, and what to do about it. */
export interface Wording {
  readonly title: string
  readonly remedy?: string | undefined
}

/** The sentences around codes. Here `{check}`, `{field}`, `{problem}` and `{skipped}` stand for worded pieces. */
export interface Phrases {
  /** A verdict in favour; `{skipped}` lists the checks that were waived. */
  readonly accepted: string
  /** A verdict against, where no code says why. */
  readonly refused: string
  readonly passed: string
  readonly failed: string
  readonly skipped: string
  readonly issue: string
}

/** Words of acts by what stands in the log, and the sentences around them. A word that is not here is shown as it is. */
export interface LogWording {
  /** What was done, as a sentence without its full stop: `issue` is «The passport was issued». */
  readonly kinds: Readonly<Record<string, string>>
  /** Roles of those who act. */
  readonly actors: Readonly<Record<string, string>>
  readonly reasons: Readonly<Record<string, string>>
  readonly purposes: Readonly<Record<string, string>>
  readonly outcomes: Readonly<Record<string, string>>
  /** Values of a status. */
  readonly statuses: Readonly<Record<string, string>>
  /** Names of passports by the name of their definition. */
  readonly passports: Readonly<Record<string, string>>
  /** The months, as they stand in a date. */
  readonly months: readonly string[]
  /** Of `{day}`, `{month}`, `{year}` and `{clock}`, which are those of UTC. */
  readonly time: string
  /** Before the acts: `{subject}`, `{origin}`, `{size}`. */
  readonly head: string
  /** One act: `{place}`, `{time}`, `{kind}`, `{actor}`, `{reason}`, `{purpose}`, `{status}`, `{outcome}`, `{passport}`, `{index}`. */
  readonly act: string
  /** After the acts: what was verified, and what nobody can verify. */
  readonly foot: string
}

export interface Catalogue {
  /** BCP 47 language tag; field labels are looked up by it. */
  readonly locale: string
  readonly codes: Readonly<Record<ErrorCode, Wording>>
  /** What is wrong with a field, as a clause that follows its name: lower case, no full stop. */
  readonly issues: Readonly<Record<IssueCode, string>>
  /** Titles of checks by id. */
  readonly checks: Readonly<Record<string, string>>
  /** Names of fields by dotted path, for those whose definition gives no label in this language. */
  readonly fields?: Readonly<Record<string, string>> | undefined
  readonly phrases: Phrases
  /** How the acts of a log read; without it as in English. */
  readonly log?: LogWording | undefined
}
