/** What is wrong with a record, field by field. An issue names the field and a code, never the value (152-FZ, art. 7). */
import type { Issue, IssueCode } from '../errors.js'
import type { Labels } from './profile.js'

export type IssuePath = readonly (string | number)[]

/** Names from outside are cut at this length before they stand in an issue. */
const longestName = 64

/** An issue with its English sentence. */
export function fieldIssue(path: IssuePath, code: IssueCode, label?: Labels): Issue {
  const named = path.map(name => (typeof name === 'string' && name.length > longestName ? cut(name) : name))
  const issue = { path: Object.freeze(named), code, message: issueMessage(code, named.join('.')) }
  return Object.freeze(label === undefined ? issue : { ...issue, label })
}

/** The English sentence of an issue code; `name` is the field's path, empty for the record as a whole. */
export function issueMessage(code: IssueCode, name: string): string {
  return `${name === '' ? 'the record' : name} ${wording[code]}`
}

export function isIssueCode(code: unknown): code is IssueCode {
  return typeof code === 'string' && Object.hasOwn(wording, code)
}

const wording: Readonly<Record<IssueCode, string>> = {
  required: 'is missing',
  unknown_field: 'is not a field of this passport',
  type: 'has the wrong type',
  length: 'has the wrong length',
  charset: 'holds a character that is not allowed',
  mixed_script: 'mixes letters of different scripts',
  checksum: 'does not agree with its control digits',
  grouping: 'is grouped in the wrong places',
  range: 'is outside the range that is allowed',
  calendar: 'is not a day of the calendar',
  format: 'does not have the form that is expected',
  order: 'contradicts another field',
}

/** Cut between characters, so that no half of one is left over. */
const cut = (name: string): string => `${name.slice(0, longestName).replace(/[\ud800-\udbff]$/, '')}…`
