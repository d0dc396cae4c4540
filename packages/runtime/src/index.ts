export type {
  CallContext,
  ConnectionGateway,
  Gateway,
  GatewayAnswer,
  ReplayGateway,
  StoppedWrite,
} from './gateway/connection-gateway.js'
export type {
  PreparedRequest,
  RecordedAnswer,
  RecordedRequest,
  Recording,
  Transport,
  TransportAnswer,
} from './gateway/transport.js'
export type { Clock } from './gateway/clock.js'
export { systemClock, virtualClock } from './gateway/clock.js'
export type {
  Mount,
  Sandbox,
  SandboxAvailability,
  SandboxBackend,
  SandboxedProcess,
  SandboxExit,
  SandboxLauncher,
  SandboxLimits,
  SandboxPolicy,
  SandboxStdio,
  SpawnOptions,
} from './sandbox/sandbox.js'
export { detectSandboxes, openSandbox } from './sandbox/open-sandbox.js'
export { openGateway } from './gateway/open-gateway.js'
export type { GatewayOptions } from './gateway/open-gateway.js'
export { openRemoteGateway } from './gateway/open-remote-gateway.js'
export type { RemotePlumb } from './gateway/open-remote-gateway.js'
export { openReplayGateway } from './gateway/open-replay-gateway.js'
export type { ReplayOptions } from './gateway/open-replay-gateway.js'
export { recordingsFromFixture, recordingsFromReceipts } from './gateway/recordings.js'
export type { ConnectionCheck } from './gateway/connection-gateway.js'
export { openKeys } from './keys/open-keys.js'
export type { Keys } from './keys/open-keys.js'
export { addIntegration, readIntegration, readIntegrations } from './connections/integrations.js'
export type { ConnectionStore } from './connections/integrations.js'
export { addConnection, readConnection, readConnections } from './connections/connections.js'
export type { NewConnection } from './connections/connections.js'
export { checkConnection } from './connections/check-connection.js'
export { openRunnerPool } from './runner/runner-pool.js'
export type {
  DescribeOrder,
  RunnerPool,
  RunnerPoolOptions,
  TenantOrder,
} from './runner/runner-pool.js'
export type { RunResult } from './runner/runner-process.js'
export { hostMethod } from './runner/function-host.js'
export type { FunctionHost, HostMethod } from './runner/function-host.js'
export { executeFunction } from './execution/execute-function.js'
export type { ExecutionOrder } from './execution/execute-function.js'
export type { FunctionServices } from './execution/function-services.js'
export { memoryCheckpoints } from './execution/checkpoints.js'
export type { CheckpointStore } from './execution/checkpoints.js'
export type { RecordKeeper } from './execution/record-keeper.js'
export { RecordSet } from './execution/record-set.js'
export type { StoredRecord } from './records/stored-record.js'
export { changedKey, RecentValues } from './gateway/recent-values.js'
export { baseAddressOf } from './gateway/base-address.js'
export { createFunctionRequire, evaluateFunction } from './runner/function-modules.js'
export { createRandomness } from '@plumb/sdk/replay'
export { findDenial } from './gateway/access-rule.js'
export { createdResource } from './gateway/created-resource.js'
export { noConnectionHooks } from './connections/connection-hooks.js'
export type { ConnectionHooks, ConnectionVerdict } from './connections/connection-hooks.js'
export type { LogWriter, NewOperation, OperationLog } from './logs/log-writer.js'
export { openLogWriter } from './logs/open-log-writer.js'
export { openEngine } from './engine/open-engine.js'
export type { EngineOptions } from './engine/open-engine.js'
export type {
  Engine,
  EngineFailure,
  EnqueueOptions,
  WorkflowDefinition,
  WorkflowRun,
  WorkflowStatus,
} from './engine/engine.js'
export { deployFunctions, previewDeployment } from './deployments/deploy.js'
export type {
  DeployOrder,
  DeployOutcome,
  DeployParts,
  DeploymentEffect,
  DeploymentPreview,
} from './deployments/deploy.js'
export type { DeploymentOrder } from './deployments/deployment-order.js'
export type { FunctionChange } from './deployments/compare-functions.js'
export { rollBack } from './deployments/roll-back.js'
export { storeBundles } from './deployments/store-bundles.js'
export type { SentBundle } from './deployments/store-bundles.js'
export type { ActionOrder, ActionOutcome, Actions, QueuedAction } from './actions/actions.js'
export { openActions } from './actions/open-actions.js'
export type { OpenActionsOptions } from './actions/open-actions.js'
export { actionFailure } from './actions/action-outcome.js'
export { wireModeOf } from './connect/credential-from-wire.js'
export { credentialFromWire } from './connect/credential-from-wire.js'
export { openConnectTools } from './connect/connect-parts.js'
export type { ConnectParts, ConnectTools } from './connect/connect-parts.js'
export {
  openConnectSession,
  readConnectSession,
  sessionInputSchema,
} from './connect/connect-session.js'
export type { ConnectSession, OpenedSession, SessionInput } from './connect/connect-session.js'
export { textsOf } from './connect/connection-config.js'
export { establishConnection } from './connect/establish-connection.js'
export type { Established } from './connect/establish-connection.js'
export { finishAuthorization } from './connect/finish-authorization.js'
export { startAuthorization } from './connect/start-authorization.js'
export { submitCredential } from './connect/submit-credential.js'
export { ownerOf } from './connections/connections.js'
export { providerOf } from './connections/integrations.js'
export { refreshDue } from './connections/refresh-due.js'
export type { RefreshRound } from './connections/refresh-due.js'
export { removeConnection } from './connections/remove-connection.js'
export { shownCredential } from './connections/shown-credential.js'
export { openSyncs } from './syncs/open-syncs.js'
export type { OpenSyncsOptions } from './syncs/open-syncs.js'
export type { SyncLimits, Syncs, SyncStatus } from './syncs/syncs.js'
export { openStoredRecords } from './records/open-stored-records.js'
export type {
  RecordCounts,
  StoredRecords,
  StoredRecordsOrder,
} from './records/open-stored-records.js'
export { listRecords, pruneListedRecords } from './records/list-records.js'
export type { ListedRecord } from './records/list-records.js'
export { retainRecords } from './records/retain-records.js'
export { measureRecords } from './records/measure-records.js'
export type { StreamContext, StreamGateway } from './gateway/connection-gateway.js'
export type { StreamAnswer, StreamRequest } from './gateway/stream-request.js'
export { connectionHooks } from './events/connection-hooks.js'
export { readVariables, setVariable } from './deployments/function-variables.js'
export { addMasterKey, removeRetiredKeys } from './keys/key-ring.js'
export { requireOpened, requireRewrapped, rewrapLate, rewrapSecrets } from './keys/rotate-keys.js'
