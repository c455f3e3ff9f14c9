/** Statuses asked in a page. */
import type { StatusTokenForm } from '../formats/status-list/token.js'
import { type PortableStatusChecker, readSettings, type StatusCheckerOptions } from '../status/checker.js'
import { ListChecker } from '../status/list-checker.js'
import { askStatus } from '../verification/ask-status.js'
import type { VerificationParts } from '../verification/policy.js'

/** As those of `vidimus`, with the form of lists that a page may do without. */
export interface BrowserStatusCheckerOptions extends StatusCheckerOptions {
  /** Reads the lists that mdocs and QR codes name. Absent: a status that stands in one is refused with `status_unsupported`. */
  readonly statusListCwt?: StatusTokenForm | undefined
}

/** A checker that brings a verification what it asks with. */
export type BrowserStatusChecker = Omit<PortableStatusChecker, 'exportSnapshot'> &
  Pick<VerificationParts, 'askStatus' | 'statusListCwt'>

/**
 * A checker over status lists, as `statusChecker` of `vidimus`, for this entry's verifications. It takes snapshots and makes
 * none.
 * @example statusChecker({ fetch, maxStaleness: 900, statusListCwt })
 */
export function statusChecker({ statusListCwt, ...options }: BrowserStatusCheckerOptions = {}): BrowserStatusChecker {
  return Object.assign(new ListChecker(readSettings(options)), { askStatus, statusListCwt })
}
