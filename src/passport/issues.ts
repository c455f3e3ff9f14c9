/** What is wrong with a record, field by field. An issue names the field and a code, never the value, which is personal data. */
import type { Issue, IssueCode } from '../errors.js'
import { english } from '../wording/english.js'
import { explain } from '../wording/explain.js'
import type { Labels } from './profile.js'

export type IssuePath = readonly (string | number)[]

/** Characters of a name that comes from outside; what is beyond them is cut. */
const longestName = 64

/** An issue with its English sentence. */
export function fieldIssue(path: IssuePath, code: IssueCode, label?: Labels): Issue {
  const named = Object.freeze(path.map(name => (typeof name === 'string' ? printable(name) : name)))
  const issue = { path: named, code, ...(label === undefined ? {} : { label }) }
  return Object.freeze({ ...issue, message: explain(issue, english) })
}

export function isIssueCode(code: unknown): code is IssueCode {
  return typeof code === 'string' && Object.hasOwn(english.issues, code)
}

/** Names of unknown members are the sender's own: no control characters, no half characters, no novels. */
const printable = (name: string): string =>
  (name.length > longestName ? `${name.slice(0, longestName)}…` : name).replace(/\p{C}/gu, '\ufffd')
