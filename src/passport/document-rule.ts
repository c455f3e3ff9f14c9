/** The rule over several fields that identity documents of all standards share. */
import { isAfter, latestDate } from './calendar.js'
import type { RuleIssue } from './record-parser.js'

interface DocumentFields {
  readonly birthDate?: string | undefined
  readonly issueDate?: string | undefined
  readonly expiryDate?: string | undefined
  readonly issuingCountry?: string | undefined
  readonly issuingJurisdiction?: string | undefined
}

/**
 * Birth, issue and expiry in this order, the first two not still to come where a clock was given; a jurisdiction, ISO
 * 3166-2, that lies in the issuing country (ISO/IEC 18013-5 §7.2.1; PID Rulebook §2.5).
 */
export function* checkDocument(document: DocumentFields, now: Date | undefined): Generator<RuleIssue> {
  const { birthDate, issueDate, expiryDate, issuingCountry, issuingJurisdiction } = document
  const today = now === undefined ? undefined : latestDate(now)
  if (isAfter(birthDate, today)) yield { path: ['birthDate'], code: 'range' }
  if (isAfter(issueDate, today)) yield { path: ['issueDate'], code: 'range' }
  if (isAfter(birthDate, issueDate)) yield { path: ['issueDate'], code: 'order' }
  if (isAfter(issueDate, expiryDate)) yield { path: ['expiryDate'], code: 'order' }
  if (issuingCountry !== undefined && issuingJurisdiction?.startsWith(`${issuingCountry}-`) === false)
    yield { path: ['issuingJurisdiction'], code: 'range' }
}
