/** `vidimus/audit`: what happened, provably, without personal data. */
export type { AlgorithmName } from '../core/algorithms.js'
export { generateSigner, importSigner, type Signer, type SignerOptions, type SignerSource } from '../core/keys.js'
export type { Limits } from '../core/limits.js'
export type { Transaction, Transactional } from '../core/transaction.js'
export { type ErrorCode, VidimusError } from '../errors.js'
export type { ActFormat, ActIdentifiers, ActMember, ActMembers, ActRecorder, AuditAct, IdentifierName } from './act.js'
export {
  type AskWitnessesOptions,
  askWitnesses,
  type RemoteWitness,
  type WitnessAnswers,
  type WitnessRefusal,
} from './ask-witnesses.js'
export { type VerifiedChain, type VerifyChainOptions, verifyChain } from './chain.js'
export {
  type CheckedLog,
  type CheckLogOptions,
  checkLog,
  type LogRefusal,
  type ShownLog,
  type Tampering,
} from './check-log.js'
export { type DecodedCheckpoint, decodeCheckpoint, type LogKey } from './checkpoint.js'
export { membersNaming, type Opening } from './commitment.js'
export type { AuditEntry } from './entry.js'
export {
  type ExportedFile,
  type ExportOptions,
  exportEntries,
  type LogExport,
  type VerifiedExport,
  type VerifyExportOptions,
  verifyExport,
} from './export.js'
export {
  type AuditHistory,
  type HistoryEntry,
  type VerifiedHistory,
  type VerifyHistoryOptions,
  verifyHistory,
} from './history.js'
export { type IssuanceAct, type IssuanceToLog, logIssuance } from './issuance.js'
export { type ActKind, type ActKindName, type ActKinds, actKinds } from './kinds.js'
export { renderHistory } from './letter.js'
export {
  type AbortOptions,
  type AuditLog,
  type AuditLogOptions,
  type EntriesOptions,
  type ForgetOptions,
  type InclusionOptions,
  openAuditLog,
} from './log.js'
export { type LogReader, type LogReaderOptions, logReader } from './log-reader.js'
export type { LongWork, Progress } from './mirror.js'
export {
  type MonitorFinding,
  type MonitorOptions,
  type MonitorReport,
  type MonitorState,
  monitorLog,
} from './monitor.js'
export type { Appended } from './placing.js'
export { type CheckpointOptions, type VerifiedCheckpoint, verifyCheckpoint, type WitnessPolicy } from './policy.js'
export {
  type ConsistencyProof,
  type InclusionProof,
  type VerifiedConsistency,
  type VerifiedInclusion,
  type VerifyConsistencyOptions,
  type VerifyInclusionOptions,
  verifyConsistency,
  verifyInclusion,
} from './proof.js'
export type { AuditStore, Batch, EntryRow, FreshEntry, LogHead, PendingAct, SubjectKey } from './store.js'
export { proveConsistencyFromTiles, proveInclusionFromTiles, type TileProofOptions } from './tile-proofs.js'
export type { PublishedLog, PublishedLogFile, PublishLogOptions } from './tiles.js'
export type { AuditRefusal } from './verdict.js'
export {
  type Cosigned,
  type Witness,
  type WitnessMemory,
  type WitnessOptions,
  withCosignatures,
  witness,
  witnessMemory,
} from './witness.js'
export { type WitnessStore, witnessMemoryIn } from './witness-store.js'
