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
}
