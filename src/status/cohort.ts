/** Lists by the time their credentials run out, so that a list need not be published for one that outlives the others. */

export type CohortLength = 'month' | 'quarter' | 'year'

export const cohortLengths: readonly CohortLength[] = ['month', 'quarter', 'year']

export interface Cohort {
  /** `2031`, `2031-q2`, `2031-04`; empty for credentials that never run out. */
  readonly name: string
  /** The first instant after it. */
  readonly end?: Date | undefined
}

const months: Readonly<Record<CohortLength, number>> = { month: 1, quarter: 3, year: 12 }

/** The cohort of a credential, by the calendar in UTC. */
export function cohortOf(expires: Date | undefined, length: CohortLength): Cohort {
  if (expires === undefined) return { name: '' }
  const year = expires.getUTCFullYear()
  const part = Math.floor(expires.getUTCMonth() / months[length])
  const end = new Date(Date.UTC(year, (part + 1) * months[length]))
  return { name: nameOf(year, part, length), end }
}

function nameOf(year: number, part: number, length: CohortLength): string {
  if (length === 'year') return `${year}`
  return length === 'quarter' ? `${year}-q${part + 1}` : `${year}-${String(part + 1).padStart(2, '0')}`
}
