/** Revocation, both ends: a registry that publishes status lists, and a checker that asks them. */
export type { Transaction, Transactional } from '../core/transaction.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export { type StatusBits, statusAt } from '../formats/status-list/bits.js'
export { type BitstringPurpose, bitstringForms } from '../formats/status-list/bitstring.js'
export {
  type BitstringListContent,
  compressBitstring,
  createBitstringStatusList,
} from '../formats/status-list/bitstring-writer.js'
export type { StatusListClaims, StatusListContent, StatusListEntries } from '../formats/status-list/content.js'
export { createStatusListCwt, statusListCwt } from '../formats/status-list/cwt.js'
export { createStatusListToken, statusListJwt } from '../formats/status-list/jwt.js'
export {
  type BitstringAddresses,
  readMdocStatusReference,
  readStatusReference,
  type StatusReference,
} from '../formats/status-list/reference.js'
export {
  type ExpectedStatusList,
  type ParsedStatusList,
  type StatusTokenForm,
  statusOf,
  type VerifiedStatusList,
  verifyStatusListToken,
} from '../formats/status-list/token.js'
export {
  type StatusAnswer,
  type StatusChecker,
  type StatusNotChecked,
  type StatusQuestion,
  statusNotChecked,
} from '../verification/status.js'
export { fetchStatusAggregation, type StatusAggregationOptions } from './aggregation.js'
export {
  type ExportSnapshotOptions,
  type PortableStatusChecker,
  type StatusCheckerOptions,
  type StatusHistoryOptions,
  statusChecker,
} from './checker.js'
export type { CohortLength } from './cohort.js'
export type { StatusCache } from './fetched.js'
export type { KeptToken } from './kept-list.js'
export type { StatusListFormat } from './list-format.js'
export type { PublishedStatusList, PublishOptions } from './publisher.js'
export type { ActRecorder, StatusAct, StatusActor, StatusValue } from './recorder.js'
export {
  type AllocatedStatus,
  type AllocateOptions,
  type GetStatusOptions,
  openStatusRegistry,
  type ReadOptions,
  type SetStatusOptions,
  type StatusRegistry,
  type StatusRegistryOptions,
} from './registry.js'
export type { StatusFetch } from './response.js'
export type { SnapshotSummary } from './snapshot.js'
export type {
  PlaceLease,
  PublicationRow,
  PublishedBits,
  StatusChange,
  StatusEntryRow,
  StatusFileRow,
  StatusListKind,
  StatusListRow,
  StatusStore,
} from './store.js'
