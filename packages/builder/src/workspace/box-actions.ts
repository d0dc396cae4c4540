import type { Finding, FunctionKind, FunctionOutcome, Json, JsonObject } from '@plumb/protocol'
import type { ProviderCall } from '@plumb/protocol'

/** The account's access is gone or too narrow: the tool says so with exit code 77 and the attempt ends. */
export type AccessLost = {
  readonly kind: 'access-lost'
  readonly message: string
  readonly remedy: string
}

export type BoxOperation = {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
}

export type BoxHttpRequest = {
  readonly method: string
  readonly endpoint: string
  /** In order; names may repeat. */
  readonly query: readonly (readonly [string, string])[]
  readonly headers: Readonly<Record<string, string>>
  /** Undefined when the command had no `--body`. */
  readonly body: Json | undefined
}

export type BoxHttpAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Json
      readonly receiptId: string | null
    }
  | { readonly kind: 'unreachable'; readonly message: string; readonly receiptId: string | null }
  | AccessLost

export type BoxDraft = {
  readonly kind: FunctionKind
  readonly operation: string | null
  readonly alternatives: readonly string[]
  readonly confidence: number
  readonly openQuestions: readonly string[]
  readonly source: string
}

export type BoxDryRun = {
  readonly executionId: string | null
  readonly ok: boolean
  readonly outcome: FunctionOutcome
  readonly calls: readonly ProviderCall[]
  readonly records: Readonly<Record<string, Json>>
  readonly endCheckpoint: JsonObject | null
  readonly logs: readonly Json[]
  /** Problems of input, output or records against the function's schemas; null when there are none. */
  readonly validation: Json
}

export type BoxDryRunInput = {
  /** Undefined when the command had no `--input`. */
  readonly input: Json | undefined
  readonly metadata: JsonObject | null
  readonly checkpoint: JsonObject | null
}

export type BoxSubmission =
  | { readonly kind: 'submitted'; readonly hash: string }
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy: string }

/** A finding with the id that a report gives it: `fnd_` and 16 hexadecimal digits. */
export type NamedFinding = Finding & { readonly id: string }

export type BoxBlocked = {
  readonly reason: 'access' | 'not-possible'
  readonly detail: string
  readonly receiptIds: readonly string[]
}

/** What stands behind the verbs of the `plumb` tool; a PlumbError thrown here reaches the agent as JSON. */
export type BoxActions = {
  searchDocs(
    search: { words: readonly string[]; limit: number },
    signal: AbortSignal,
  ): Promise<{ operations: readonly BoxOperation[]; total: number }>
  showDoc(operationId: string, signal: AbortSignal): Promise<JsonObject>
  request(request: BoxHttpRequest, signal: AbortSignal): Promise<BoxHttpAnswer>
  draft(
    wish: { operationId: string | null; kind: 'action' | 'sync' | null },
    signal: AbortSignal,
  ): Promise<BoxDraft>
  dryrun(input: BoxDryRunInput, signal: AbortSignal): Promise<BoxDryRun | AccessLost>
  check(signal: AbortSignal): Promise<{ ok: boolean; findings: readonly NamedFinding[] }>
  submit(operations: readonly string[], signal: AbortSignal): Promise<BoxSubmission>
  blocked(statement: BoxBlocked, signal: AbortSignal): Promise<void>
}
