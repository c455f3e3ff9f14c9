/** Statuses asked in a page. */
import type { StatusTokenForm } from '../formats/status-list/token.js'
import type { PortableStatusChecker } from '../status/checker.js'
import type { FetchingOptions, StatusListFetching } from '../status/fetching.js'
import { ListChecker, type ListCheckerOptions } from '../status/list-checker.js'
import { askStatus } from '../verification/ask-status.js'
import type { VerificationParts } from '../verification/policy.js'

/** Of a checker that answers from imported snapshots, and the form of lists that a page may do without. */
export interface BrowserStatusCheckerOptions extends ListCheckerOptions {
  /** Reads the lists that mdocs and QR codes name. Absent: a status that stands in one is refused with `status_unsupported`. */
  readonly statusListCwt?: StatusTokenForm | undefined
}

/** As those of `vidimus`, with the parts. */
export interface FetchingStatusCheckerOptions extends BrowserStatusCheckerOptions, FetchingOptions {
  readonly statusListFetching: StatusListFetching
}

/** A checker that brings a verification what it asks with. */
export type BrowserStatusChecker = Omit<PortableStatusChecker, 'exportSnapshot'> &
  Pick<VerificationParts, 'askStatus' | 'statusListCwt'>

/**
 * A checker over status lists, as `statusChecker` of `vidimus`, for this entry's verifications. It takes snapshots and makes
 * none. Without `statusListFetching` it answers from them alone, and `fetch`, `cache` and `timeout` are a `TypeError`.
 * @example statusChecker({ maxStaleness: 6 * 3600, statusListCwt })
 * @example statusChecker({ fetch, maxStaleness: 900, statusListCwt, statusListFetching })
 */
export function statusChecker(
  options: BrowserStatusCheckerOptions | FetchingStatusCheckerOptions = {},
): BrowserStatusChecker {
  const { statusListCwt, statusListFetching = withoutNetwork, ...others } = options as FetchingStatusCheckerOptions
  return Object.assign(statusListFetching(others), { askStatus, statusListCwt })
}

const withoutNetwork: StatusListFetching = options => new ListChecker(options)
