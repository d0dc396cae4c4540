import type { Execution, Receipt } from '@plumb/protocol'
import type { ConnectionGateway } from '@plumb/runtime'

/** The account itself, for what no recording can show. Its calls leave receipts of the purpose `verification`. */
export type LiveAccount = {
  /** Prefix of the names of what the verifier makes, such as `plumb-1a2b3c`. */
  readonly namespace: string
  /** Calls that may change the account, per run of the function. */
  readonly writes: number
  /** What was called before, in order: it tells where the values of an input come from. */
  readonly history: readonly Receipt[]
  /** The calls of the recorded run, where they are known. */
  readonly recorded: readonly Receipt[]
  /** ISO 8601. */
  readonly now: () => string
  /** A way out; `writes` is how often it may change the account. */
  open(order: {
    readonly executionId: string | null
    readonly writes: number
  }): Promise<ConnectionGateway>
  receipts(executionId: string): Promise<readonly Receipt[]>
  keep(execution: Execution): Promise<void>
  /** Runs of the function in the account, the last one last; the oracles add to it. */
  readonly runs: LiveRun[]
}

/** One run of the function in the account. */
export type LiveRun = {
  readonly execution: Execution
  readonly receipts: readonly Receipt[]
  /** What the input of the recorded run holds, with what stands for it here. */
  readonly fresh: ReadonlyMap<string, string>
}
