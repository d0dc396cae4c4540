import type {
  Actions,
  ConnectionStore,
  ConnectTools,
  Gateway,
  LogWriter,
  RunnerPool,
  Syncs,
} from '@plumb/runtime'
import type { KnownKeys } from './known-keys.js'
import type { StartedEngine } from './started-engine.js'

/** The running parts of a server that handlers work with. */
export type Plumb = ConnectionStore & {
  readonly gateway: Gateway
  /** The secret keys that requests carry. */
  readonly knownKeys: KnownKeys
  /** Runs functions. */
  readonly pool: RunnerPool
  readonly logs: LogWriter
  /** Does what must survive a process. */
  readonly engine: StartedEngine
  readonly actions: Actions
  readonly syncs: Syncs
  /** For authorising accounts. */
  readonly connect: ConnectTools
  /** Such as `https://plumb.example.com`: where callbacks and webhooks come back to. */
  readonly publicUrl: string
  close(): Promise<void>
}
