/** What reading and writing a machine-readable zone answers: every finding, field by field, or the fields. */
import type { Clock } from '../../core/clock.js'
import type { IssueCode } from '../../errors.js'

/** One finding about one field; `line1` and `line2` stand for a line that cannot be read at all. It never carries the value. */
export interface MrzIssue {
  readonly path: readonly [string]
  readonly code: IssueCode
}

export interface ReadMrz<Fields> {
  readonly ok: true
  readonly fields: Fields
  /** What deserves a look: `length` of a name that fills its line and may be cut, `name_order` of what may be no patronymic. */
  readonly warnings: readonly MrzIssue[]
}

export interface WrittenMrz {
  readonly ok: true
  /** 44 characters each. */
  readonly line1: string
  readonly line2: string
}

export interface RefusedMrz {
  readonly ok: false
  readonly issues: readonly MrzIssue[]
}

export interface MrzOptions {
  /** Tells today, by which two digits of a year get their century. */
  readonly now?: Clock | undefined
}

/** Takes down a finding. */
export type Report = (field: string, code: IssueCode) => void

/** A list of findings and the function that adds to it. */
export function findings(): { readonly issues: MrzIssue[]; readonly report: Report } {
  const issues: MrzIssue[] = []
  return { issues, report: (field, code) => issues.push({ path: [field], code }) }
}
