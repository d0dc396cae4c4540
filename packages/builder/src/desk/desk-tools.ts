import type { ApiDescription, Brief, Interaction, Provider } from '@plumb/protocol'
import type { Gateway, Keys, RunnerPool, Sandbox } from '@plumb/runtime'
import type { Database } from '@plumb/store'
import type { Workspace } from '../workspace/workspace.js'

/** What stands behind the desk of one attempt. */
export type DeskTools = {
  readonly db: Database
  readonly environment: string
  readonly keys: Keys
  readonly gateway: Gateway
  readonly pool: RunnerPool
  readonly sandbox: Sandbox
  readonly attemptId: string
  readonly brief: Brief
  readonly interaction: Interaction
  readonly provider: Provider
  readonly description: ApiDescription
  readonly workspace: Workspace
  readonly now: () => string
  readonly signal: AbortSignal
  readonly newId: (prefix: string) => string
}
