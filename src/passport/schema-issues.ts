/**
 * What a schema says is wrong, in the codes of this library.
 *
 * The schema's own sentences are never passed on: they may quote the value. zod's issues are read by their codes; of
 * another library only the place is known, and the code is `format`, or `required` where nothing stands there.
 */
import type { Issue, IssueCode } from '../errors.js'
import { fieldIssue, type IssuePath, isIssueCode } from './issues.js'
import type { Labels } from './profile.js'
import { recordLimits } from './record.js'
import type { StandardIssue } from './standard-schema.js'

/** A zod issue as far as it is read here. */
interface CodedIssue extends StandardIssue {
  readonly code?: unknown
  readonly origin?: unknown
  readonly keys?: unknown
  readonly params?: unknown
}

/** The issues of a field whose schema refused `input`. */
export function schemaIssues(found: readonly StandardIssue[], field: string, input: unknown, label?: Labels): Issue[] {
  if (found.length === 0) return [fieldIssue([field], 'format', label)]
  return found.slice(0, recordLimits.issues).flatMap((issue: CodedIssue) => {
    const inside = pathOf(issue)
    return unknownKeys(issue).length > 0
      ? unknownKeys(issue).map(key => fieldIssue([field, ...inside, key], 'unknown_field', label))
      : [fieldIssue([field, ...inside], codeOf(issue, valueAt(input, inside)), label)]
  })
}

function codeOf(issue: CodedIssue, value: unknown): IssueCode {
  const own = isObject(issue.params) ? Reflect.get(issue.params, 'code') : undefined
  if (isIssueCode(own)) return own
  if (value === undefined) return 'required'
  switch (issue.code) {
    case 'invalid_type':
      return 'type'
    case 'too_small':
    case 'too_big':
      return typeof value === 'string' || Array.isArray(value) || issue.origin === 'string' ? 'length' : 'range'
    case 'invalid_value':
    case 'not_multiple_of':
      return 'range'
    default:
      return 'format'
  }
}

const unknownKeys = (issue: CodedIssue): string[] =>
  issue.code === 'unrecognized_keys' && Array.isArray(issue.keys)
    ? issue.keys.slice(0, recordLimits.issues).map(String)
    : []

function pathOf(issue: StandardIssue): IssuePath {
  return (issue.path ?? []).map(step => {
    const key = typeof step === 'object' ? step.key : step
    return typeof key === 'symbol' ? String(key) : key
  })
}

function valueAt(input: unknown, path: IssuePath): unknown {
  let value = input
  for (const step of path) value = isObject(value) && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined
  return value
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
