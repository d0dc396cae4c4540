import type { ApiDescription, Brief, Interaction, Provider } from '@plumb/protocol'
import type { Gateway, Keys, RunnerPool, Sandbox } from '@plumb/runtime'
import type { Database } from '@plumb/store'
import type { Harness } from './agent/harness.js'
import type { AgentBudget } from './agent/run-agent.js'

/** What a build works with; the app wires it. */
export type BuildTools = {
  readonly db: Database
  /** Whose connections the test accounts are. */
  readonly environment: string
  readonly keys: Keys
  readonly gateway: Gateway
  readonly pool: RunnerPool
  readonly sandbox: Sandbox
  readonly harness: Harness
  /** `provider/model`. */
  readonly model: string
  readonly budget: AgentBudget
  /** Attempts from scratch per interaction. */
  readonly maxAttempts: number
  /** Leaves what attempts and their verification have made in the test account. */
  readonly keepResources?: boolean
  /** Interactions that are built at once. */
  readonly concurrency: number
  /** Short-lived workspaces live here. */
  readonly workspaceRoot: string
  readonly now: () => string
  readonly newId: (prefix: string) => string
  readonly signal: AbortSignal
  readonly onProgress: (progress: BuildProgress) => void
}

/** A brief with everything it refers to. */
export type PreparedBrief = {
  readonly path: string
  readonly brief: Brief
  readonly provider: Provider
  readonly description: ApiDescription
}

/** One interaction on its way through the build. `key` is `<integrationKey>/<interaction id>`. */
export type BuildItem = Omit<PreparedBrief, 'path'> & {
  readonly runId: string
  readonly key: string
  readonly interaction: Interaction
}

export type BuildProgress =
  | {
      readonly kind: 'run-started'
      readonly runId: string
      readonly total: number
      readonly decided: number
    }
  | {
      readonly kind: 'attempt-started'
      readonly key: string
      readonly number: number
      readonly attemptId: string
    }
  | { readonly kind: 'attempt-rejected'; readonly key: string; readonly reason: string }
  | {
      readonly kind: 'interaction-decided'
      readonly key: string
      readonly outcome: string
      readonly detail: string
      readonly decided: number
      readonly total: number
    }
  | { readonly kind: 'integration-assembled'; readonly integration: string; readonly path: string }
