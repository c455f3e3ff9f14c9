/** Turns a verdict, a check, an issue or an error into plain text for people, by a catalogue. */
import type { Catalogue, Wording } from './catalogue.js'
import { english } from './english.js'
import { fill, own } from './fill.js'

/** Facts that name no person; only text and numbers are printed. */
interface Facts {
  readonly at?: unknown
  readonly expected?: unknown
  readonly actual?: unknown
}

/** One check of a verdict. */
export interface ExplainableCheck extends Facts {
  readonly id: string
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly code?: string | undefined
}

/** One thing wrong with one field of a record. */
export interface ExplainableIssue {
  readonly path: readonly (string | number)[]
  readonly code: string
  readonly label?: Readonly<Record<string, string>> | undefined
}

/** A verdict, or the result of a function that answers `ok`. */
export interface ExplainableVerdict extends Facts {
  readonly ok: boolean
  readonly code?: string | undefined
  readonly checks?: readonly ExplainableCheck[] | undefined
  readonly issues?: readonly ExplainableIssue[] | undefined
}

/** An error, or anything else that carries a code. */
export interface ExplainableFailure extends Facts {
  readonly code: string
  readonly issues?: readonly ExplainableIssue[] | undefined
}

export type Explainable = ExplainableVerdict | ExplainableCheck | ExplainableIssue | ExplainableFailure

/**
 * What is wrong and what to do about it, in the language of the catalogue; of several issues, one line each.
 *
 * The text is plain: escape it before it becomes HTML. A code that the catalogue does not know is returned as it is.
 * Throws `TypeError` when the subject is nothing that can be explained.
 * @example if (!verdict.ok) console.log(explain(verdict, russian))
 */
export function explain(subject: Explainable, catalogue: Catalogue = english): string {
  if (typeof subject !== 'object' || subject === null) throw notExplainable()
  if ('outcome' in subject) return explainCheck(subject, catalogue)
  if ('path' in subject) return explainIssue(subject, catalogue)
  if ('ok' in subject) return subject.ok ? explainAcceptance(subject, catalogue) : explainRefusal(subject, catalogue)
  if (typeof subject.code !== 'string') throw notExplainable()
  return explainFailure(subject, catalogue)
}

const notExplainable = () => new TypeError('`subject` must be a verdict, a check, an issue or an error with a `code`')

function explainCheck(check: ExplainableCheck, catalogue: Catalogue): string {
  return fill(catalogue.phrases[check.outcome], {
    check: own(catalogue.checks, check.id) ?? check.id,
    problem: check.code === undefined ? undefined : wordCode(check.code, check, catalogue),
  })
}

function explainIssue({ path, code, label }: ExplainableIssue, { locale, issues, fields, phrases }: Catalogue): string {
  const name = path.join('.')
  const problem = own(issues, code)
  if (problem === undefined) return code
  const field = own(label, locale) ?? own(label, language(locale)) ?? own(fields, name) ?? own(label, 'en') ?? name
  return fill(phrases.issue, field === '' ? { field, problem: sentence(problem) } : { field, problem })
}

function explainAcceptance({ checks = [] }: ExplainableVerdict, catalogue: Catalogue): string {
  const waived = checks.filter(({ outcome, code }) => outcome === 'skipped' && isWaiver(code))
  const skipped = waived.map(({ id }) => own(catalogue.checks, id) ?? id).join(', ')
  return fill(catalogue.phrases.accepted, { skipped })
}

/** The decision not to look, which whoever reads the verdict must see; what was not there to be checked is no news. */
const isWaiver = (code: string | undefined) =>
  code === 'status_not_checked' || code === 'certificate_revocation_not_checked' || code === 'replay_not_checked'

/** A verdict's code is that of its first failed check, which knows the particulars. */
function explainRefusal(verdict: ExplainableVerdict, catalogue: Catalogue): string {
  const { code, checks = [], issues = [] } = verdict
  if (code === undefined && issues.length > 0) return explainIssues(issues, catalogue).join('\n')
  if (code === undefined) return catalogue.phrases.refused
  const culprit = checks.find(check => check.outcome === 'failed' && check.code === code)
  const { at, expected, actual } = culprit ?? verdict
  return explainFailure({ code, issues, at, expected, actual }, catalogue)
}

const explainFailure = (failure: ExplainableFailure, catalogue: Catalogue): string =>
  [wordCode(failure.code, failure, catalogue), ...explainIssues(failure.issues ?? [], catalogue)].join('\n')

const explainIssues = (issues: readonly ExplainableIssue[], catalogue: Catalogue): string[] =>
  issues.map(issue => explainIssue(issue, catalogue))

function wordCode(code: string, { at, expected, actual }: Facts, { codes, issues, fields }: Catalogue): string {
  const wording: Wording | undefined = own(codes, code)
  const field = typeof at === 'string' ? (own(fields, at) ?? at) : at
  const facts = { at, field, expected, actual }
  if (wording !== undefined)
    return [wording.title, wording.remedy ?? '']
      .map(text => fill(text, facts))
      .join(' ')
      .trimEnd()
  const problem = own(issues, code)
  return problem === undefined ? code : sentence(`${problem}.`)
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const language = (locale: string): string => locale.split('-')[0]!
