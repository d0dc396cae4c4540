export type { Database, LockOutcome, Queryable } from './database/database.js'
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
export { getIntegration, listIntegrations, saveIntegration } from './connections/integrations.js'
export {
  getConnection,
  listConnections,
  replaceCredential,
  saveConnection,
  setConnectionMetadata,
  setConnectionState,
} from './connections/connections.js'
export type {
  ConnectionName,
  CredentialReplacement,
  StoredConnection,
} from './connections/connections.js'
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
export type {
  FunctionBundle,
  NewDeployment,
  SavedDeployment,
} from './deployments/save-deployment.js'
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
