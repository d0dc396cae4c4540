export type { Database, LockOutcome, Queryable } from './database/database.js'
export { isAwayCode, isDatabaseAway, isDatabaseUnavailable } from './database/database-away.js'
export { openDatabase, type OpenDatabaseOptions } from './database/open-database.js'
export {
  createRun,
  findUnfinishedRun,
  finishRun,
  getRun,
  listRuns,
  reopenRun,
} from './runs/runs.js'
export type { FinishedRun } from './runs/runs.js'
export { decideInteraction, listInteractions, saveInteractions } from './runs/interactions.js'
export type { InteractionDecision } from './runs/interactions.js'
export {
  addUsage,
  finishAttempt,
  getAttempt,
  listAttempts,
  startAttempt,
} from './attempts/attempts.js'
export type { FinishedAttempt, NewAttempt } from './attempts/attempts.js'
export { listFindings, type AttemptFinding } from './attempts/findings.js'
export { getGivens, listSkillUses, saveGivens } from './givens/attempt-givens.js'
export type { SkillUse } from './givens/attempt-givens.js'
export { appendTraceEvent, listTraceEvents } from './trace/trace-events.js'
export { appendReceipt, listReceipts } from './receipts/receipts.js'
export type { ReceiptFilter, ReceiptSigner } from './receipts/receipts.js'
export { receiptHash } from './receipts/receipt-hash.js'
export { verifyReceipts, type ReceiptProblem } from './receipts/verify-receipts.js'
export { getExecution, listExecutions, saveExecution } from './executions/executions.js'
export { getSubmission, saveSubmission } from './submissions/submissions.js'
export {
  deleteIntegration,
  getIntegration,
  listDatedIntegrations,
  listIntegrations,
  saveIntegration,
} from './connections/integrations.js'
export type { DatedIntegration } from './connections/integrations.js'
export {
  getConnection,
  listConnections,
  noteRenewal,
  replaceCredential,
  restoreConnection,
  saveConnection,
  setConnectionMetadata,
  setConnectionState,
} from './connections/connections.js'
export type {
  ConnectionName,
  CredentialReplacement,
  SavedConnection,
  StoredConnection,
} from './connections/connections.js'
export {
  deleteConnection,
  findConnections,
  findInstallation,
  getConnectionDetails,
  labelConnection,
  listDueConnections,
  noteFetched,
  writeMetadata,
} from './connections/connection-details.js'
export type { ConnectionFilter } from './connections/connection-details.js'
export {
  deleteConnectSession,
  deleteEndedSessions,
  getConnectSession,
  noteConnected,
  saveConnectSession,
} from './connect-sessions/connect-sessions.js'
export type { ConnectionOfSession, StoredSession } from './connect-sessions/connect-sessions.js'
export {
  getAuthorization,
  saveAuthorization,
  takeAuthorization,
} from './connect-sessions/authorizations.js'
export type { StoredAuthorization } from './connect-sessions/authorizations.js'
export { getOAuthClient, saveOAuthClient } from './connect-sessions/oauth-clients.js'
export type { OAuthClientName } from './connect-sessions/oauth-clients.js'
export { listResources, markResourceDeleted, recordResource } from './ledger/account-ledger.js'
export type { LedgerResource } from './ledger/account-ledger.js'
export { listWaivers, saveWaiver } from './waivers/waivers.js'
export {
  findDeployedFunction,
  listDeployedEntries,
  listDeployedFunctions,
} from './deployments/deployed-functions.js'
export type {
  DeployedAllowance,
  DeployedEntry,
  DeployedFunction,
  DeployedFunctionFilter,
  DeployedFunctionName,
} from './deployments/deployed-functions.js'
export { getDeployment, getLiveDeployment, listDeployments } from './deployments/deployments.js'
export type { Deployment } from './deployments/deployments.js'
export { saveDeployment } from './deployments/save-deployment.js'
export type { NewDeployment, SavedDeployment } from './deployments/save-deployment.js'
export { createIntegration } from './deployments/create-integration.js'
export { holdEnvironment, requireEnvironment } from './deployments/hold-environment.js'
export {
  findDefinitions,
  removeUnusedBundles,
  saveBundles,
} from './deployments/function-bundles.js'
export type { FunctionBundle } from './deployments/function-bundles.js'
export { createEnvironment, listEnvironments } from './environments/environments.js'
export {
  findSecretKey,
  listSecretKeys,
  revokeSecretKey,
  saveSecretKey,
  touchSecretKey,
} from './environments/secret-keys.js'
export type { SecretKey } from './environments/secret-keys.js'
export { getOperation, listOperations, saveOperations } from './logs/operations.js'
export type { StoredOperation } from './logs/operations.js'
export { listMessages, saveMessages } from './logs/messages.js'
export type { NewMessage } from './logs/messages.js'
export { deleteOldLogs } from './logs/delete-old-logs.js'
export { endLostOperations } from './logs/end-lost-operations.js'
export {
  beatSlot,
  countStart,
  expelSilentSlots,
  forgetSlot,
  forgetStarts,
  leaveSlot,
  listFreshSlots,
  listOtherSlots,
  returnToSlot,
  slotLock,
} from './engine/engine-slots.js'
export {
  askForRuns,
  listSyncs,
  pauseSyncs,
  removeSyncs,
  setSyncFrequency,
  startSyncs,
} from './syncs/syncs.js'
export type { StoredSync, SyncFilter, SyncMode, SyncName } from './syncs/syncs.js'
export { addSyncVariant, ensureSyncs, retryFailedSyncs } from './syncs/ensure-syncs.js'
export type { EnsureScope, ScheduledFunction } from './syncs/ensure-syncs.js'
export { claimDueSyncs, mendDueTimes } from './syncs/claim-syncs.js'
export {
  beginSlice,
  endSlice,
  finishSyncRun,
  listLostSlices,
  prepareRun,
  readCheckpoint,
  writeCheckpoint,
} from './syncs/sync-slices.js'
export type { RunEnding, SliceFence, SliceStart } from './syncs/sync-slices.js'
export { lastRunsOf, listSyncRuns, listUnfinishedRuns, removeOldRuns } from './syncs/sync-runs.js'
export type { RunCounts, RunError, RunFilter, SyncRun } from './syncs/sync-runs.js'
export {
  claimActionCall,
  deleteOldActionCalls,
  findActionCall,
  finishActionCall,
  forgetActionCall,
  getActionCall,
  noteActionWrite,
  releaseActionCall,
  saveActionCall,
} from './actions/action-calls.js'
export type { ActionCall } from './actions/action-calls.js'
export {
  abandonRecords,
  findRecordStream,
  lastRecordChange,
  listRecordModels,
  lockRecordStream,
  openRecordStream,
  setRecordPayloads,
} from './records/record-streams.js'
export type {
  LockedStream,
  RecordModel,
  RecordOwner,
  RecordStream,
  RecordStreamName,
} from './records/record-streams.js'
export {
  findChangedRecords,
  nothingChanged,
  recordHashBytes,
  upsertRecords,
} from './records/save-records.js'
export type { ChangedRecords, RecordHashes, RecordRows } from './records/save-records.js'
export {
  closeDeleteWindow,
  countUnseenRecords,
  deleteRecords,
  deleteUnseenRecords,
  openDeleteWindow,
  seeRecords,
} from './records/delete-records.js'
export {
  countExecutionSeen,
  deleteExecutionSeen,
  deleteOldExecutionSeen,
  noteExecutionSeen,
} from './records/execution-seen.js'
export {
  getLiveRecords,
  getRecordChanges,
  listLiveRecords,
  listRecordChanges,
} from './records/read-records.js'
export type { PagedRecord, RecordChangesQuery, RecordRow } from './records/read-records.js'
export {
  listStreamsForRetention,
  pruneDeletedRecords,
  pruneRecords,
  removeAbandonedRecords,
} from './records/record-retention.js'
export { listVariables, removeVariable, saveVariable } from './deployments/function-variables.js'
export type { FunctionVariable } from './deployments/function-variables.js'
export {
  beginTransactionNumber,
  isOlderOpen,
  listSealed,
  replaceSealed,
  sealedColumns,
} from './connections/sealed-secrets.js'
export type { SealedColumn, SealedRow } from './connections/sealed-secrets.js'
export { acquireLock, deleteExpiredLocks, releaseLocks } from './locks/locks.js'
export type { LockName } from './locks/locks.js'
export { countStoredRecords } from './deployments/count-stored-records.js'
