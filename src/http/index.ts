/** The network, both ways: a fetch for addresses that others chose, and handlers that answer requests without a framework. */
export { type ErrorCode, VidimusError } from '../errors.js'
export type { RequestHandler } from './answer.js'
export { type AuditLogHandlerOptions, type AuditLogSource, auditLogHandler } from './audit-log.js'
export { type GuardedFetch, type GuardedFetchOptions, guardedFetch } from './guarded-fetch.js'
export {
  type PublishedFile,
  type StatusListHandlerOptions,
  type StatusListSource,
  statusListHandler,
} from './status-lists.js'
export { type WitnessHandlerOptions, witnessHandler } from './witness.js'
