import type { findDeployedFunction, listDeployedFunctions, SyncName } from '@plumb/store'
import type { ConnectionStore } from '../connections/integrations.js'
import type { Engine } from '../engine/engine.js'
import type { FunctionServices } from '../execution/function-services.js'
import type { Gateway } from '../gateway/connection-gateway.js'
import type { LogWriter } from '../logs/log-writer.js'
import type { RunnerPool } from '../runner/runner-pool.js'
import type { SyncLimits } from './syncs.js'

export type SyncParts = {
  readonly store: Pick<ConnectionStore, 'db' | 'keys'>
  /** Not started yet. */
  readonly engine: Engine
  readonly gateway: Gateway
  readonly pool: RunnerPool
  readonly logs: LogWriter
  readonly findFunction: typeof findDeployedFunction
  readonly listFunctions: typeof listDeployedFunctions
  /** What the product supplies to functions. */
  readonly services: (sync: SyncName) => FunctionServices
  /** Told each run that has ended; it may be told twice. */
  readonly ended: (runId: string) => Promise<void>
  readonly limits: SyncLimits
  readonly newId: () => string
  /** From 0 to below 1. */
  readonly random: () => number
  readonly onProgress: (message: string) => void
}
