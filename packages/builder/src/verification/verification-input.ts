import type { KeyObject } from 'node:crypto'
import type {
  ApiDescription,
  BehaviourId,
  BlockedCause,
  CompiledFunction,
  Connection,
  Evidence,
  Execution,
  Finding,
  Interaction,
  Provider,
} from '@plumb/protocol'
import type { RunnerPool, Sandbox } from '@plumb/runtime'
import type { LiveAccount } from './oracles/live-account.js'

/** Something in the test account that another attempt made. */
export type ForeignResource = {
  readonly attemptId: string | null
  readonly url: string
  readonly resourceId: string | null
}

/** What an attempt said when it gave up: `plumb blocked`. */
export type BlockedClaim = {
  readonly reason: 'access' | 'not-possible'
  readonly detail: string
  readonly receiptIds: readonly string[]
}

export type ExportRefusal = {
  readonly path: string
  readonly reason: string
  readonly behaviour: BehaviourId
}

/** The test account itself, for the checks that call it. */
export type LiveAccess = Omit<LiveAccount, 'history' | 'recorded' | 'runs'>

export type VerificationInput = {
  readonly evidence: Evidence
  readonly interaction: Interaction
  readonly description: ApiDescription
  readonly provider: Provider
  /** The test account of the dry runs. */
  readonly connection: Connection
  /** Where that connection's calls go: the integration's base URL, or else the provider's. */
  readonly baseUrl: string
  /** Keys of the gateway by id. */
  readonly publicKeys: ReadonlyMap<string, KeyObject>
  readonly sandbox: Sandbox
  readonly pool: RunnerPool
  /** Folder of the workspace as the agent saw it; null when unknown. */
  readonly workspaceRoot: string | null
  /** Time a replay may take, in milliseconds. */
  readonly deadlineMs: number
  readonly ids: () => string
  readonly signal: AbortSignal
  /** Why the workspace could not be exported; then there is no submission. */
  readonly exportRefusal?: ExportRefusal
  /** Text of the function in the workspace at the end; looked at when nothing was handed in. */
  readonly leftBehind?: string
  /** Given when the attempt ended with `plumb blocked`. */
  readonly claim?: BlockedClaim
  /** The credential that lay about in the box and opens nothing. */
  readonly canary?: string
  /** What other attempts made in the same account. */
  readonly foreignResources?: readonly ForeignResource[]
  /** Names in the workspace at the end that are neither given nor handed in. */
  readonly leftFiles?: readonly string[]
  readonly live?: LiveAccess
  /** Asks the provider again; `open` when the access that is said to be missing is there. */
  readonly probeAccess?: (cause: BlockedCause) => Promise<'still-missing' | 'open'>
}

/** The input with what several checks need of the submission. */
export type CheckInput = VerificationInput & {
  /** Text of the submitted function, or of the one that was left behind. */
  readonly source: string
  /** Null when it does not compile; the check `compile` says why. */
  readonly compiled: CompiledFunction | null
  /** Dry runs of exactly the submitted source that returned, in order. */
  readonly dryRuns: readonly Execution[]
}

/** One question put to an attempt. A check that cannot be asked (nothing compiled) returns no findings. */
export type Check = {
  readonly name: string
  run(input: CheckInput): Promise<readonly Finding[]> | readonly Finding[]
}
