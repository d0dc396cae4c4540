import type { JsonObject } from './json.js'

export type FunctionKind = 'action' | 'sync' | 'on-event'

/** How one call of a function ended inside the runner. */
export type FunctionOutcome =
  | { readonly kind: 'returned'; readonly output: unknown }
  | { readonly kind: 'threw'; readonly error: FunctionError }
  | { readonly kind: 'killed'; readonly reason: KillReason; readonly detail: string }

export type KillReason = 'deadline' | 'memory' | 'protocol' | 'crash' | 'aborted'

export type FunctionError = {
  /** `action-error`: `ctx.ActionError`; `http-error`: a provider answer outside 2xx; `validation`: schema mismatch. */
  readonly type: 'action-error' | 'http-error' | 'validation' | 'plumb-error' | 'error'
  readonly message: string
  /** The ActionError's payload, the validation issues with their paths, or the Plumb error's code and remedy. */
  readonly payload: unknown
  readonly status: number | null
  /** Frames of the function's own source only. */
  readonly stack: string | null
}

export type RecordChanges = {
  readonly saved: readonly JsonObject[]
  readonly updated: readonly JsonObject[]
  readonly deleted: readonly JsonObject[]
}

export type ProviderCall = {
  readonly receiptId: string | null
  readonly method: string
  readonly url: string
  /** Null when no answer arrived. */
  readonly status: number | null
  readonly durationMs: number
  readonly write: boolean
}

export type LogLine = { readonly at: string; readonly level: string; readonly message: string }

/** One call of a function with everything it did: a dry run, a verification run or a production run. */
export type Execution = {
  readonly id: string
  readonly attemptId: string | null
  readonly purpose: 'dryrun' | 'verification' | 'execution'
  readonly functionName: string
  readonly functionKind: FunctionKind
  /** SHA-256 of the function's source, so that evidence belongs to exactly one version of it. */
  readonly sourceHash: string
  readonly integrationKey: string
  readonly connectionId: string
  readonly input: unknown
  readonly startCheckpoint: JsonObject | null
  readonly metadata: JsonObject
  readonly outcome: FunctionOutcome
  readonly records: Readonly<Record<string, RecordChanges>>
  readonly endCheckpoint: JsonObject | null
  readonly calls: readonly ProviderCall[]
  readonly logs: readonly LogLine[]
  /** ISO 8601; also the frozen clock of a replay. */
  readonly startedAt: string
  readonly durationMs: number
  readonly cpuMs: number | null
}
