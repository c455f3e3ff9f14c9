/** Statuses asked in a page. */
import {
  statusChecker as listChecker,
  type PortableStatusChecker,
  type StatusCheckerOptions,
} from '../status/checker.js'
import { askStatus } from '../verification/ask-status.js'
import type { VerificationParts } from '../verification/policy.js'

/** A checker that brings a verification what it asks with. */
export type BrowserStatusChecker = PortableStatusChecker & Pick<VerificationParts, 'askStatus'>

/**
 * A checker over status lists, as `statusChecker` of `vidimus`, for this entry's verifications.
 * @example statusChecker({ fetch, maxStaleness: 900 })
 */
export function statusChecker(options?: StatusCheckerOptions): BrowserStatusChecker {
  return Object.assign(listChecker(options), { askStatus })
}
